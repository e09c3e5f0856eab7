/* wire/setup: what a worker is given before it starts: the configuration and shared objects.
 *
 * Order on the socket: CONFIG, STAGE, PLUGIN for each enabled plugin in the order of the
 * configuration, RESOURCE for each file that the generation's first worker opened (none for that
 * first worker itself, which opens them by path), START; or ZYGOTE, for a process that only forks
 * workers: each gets its STAGE on its own socket.
 */
#ifndef WIRE_SETUP_H
#define WIRE_SETUP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/strbuf.h"

struct setup_config {
    const char *file;    /* path of the configuration, for messages and relative paths */
    uint64_t generation; /* from 1 */
};

struct setup_plugin {
    uint32_t index;   /* in settings.plugins */
    const char *path; /* where the descriptor was opened */
    struct digest digest;
    uint32_t off; /* not 0: switched off; loaded and opened for its labels, and never asked */
};

struct setup_resource {
    uint32_t plugin; /* index in settings.plugins */
    const char *option;
    uint32_t index; /* from 0, within the option */
    const char *path;
    struct digest digest;
};

/* What became of a FORK. */
struct setup_forked {
    uint32_t pid;   /* 0: none */
    uint32_t error; /* then an errno */
};

void setup_pack_config(struct strbuf *out, const struct setup_config *config);
void setup_pack_plugin(struct strbuf *out, const struct setup_plugin *plugin);
void setup_pack_resource(struct strbuf *out, const struct setup_resource *resource);
void setup_pack_forked(struct strbuf *out, const struct setup_forked *forked);
/* 0 or -EPROTO. Strings go to the arena. */
int setup_unpack_config(struct arena *arena, const void *data, size_t len,
                        struct setup_config *out_config);
int setup_unpack_plugin(struct arena *arena, const void *data, size_t len,
                        struct setup_plugin *out_plugin);
int setup_unpack_resource(struct arena *arena, const void *data, size_t len,
                          struct setup_resource *out_resource);
int setup_unpack_forked(const void *data, size_t len, struct setup_forked *out_forked);

#endif
