/* pool/generation: one configuration as it was when it was loaded: the settings, the sealed copy of
 * their bytes, the descriptors of its plugins and of every file that they opened, and the manifest
 * of its first worker. A worker started later opens the same bytes or is refused.
 *
 * Counted: whoever keeps a pointer across a turn of the loop holds a reference.
 */
#ifndef POOL_GENERATION_H
#define POOL_GENERATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "config/settings.h"
#include "wire/manifest.h"

struct generation_object {
    uint32_t plugin; /* index in settings.plugins */
    const char *path;
    int fd;
    struct digest digest;
};

struct generation_resource {
    uint32_t plugin;
    const char *option;
    uint32_t index;
    const char *path;
    int fd;
    struct digest digest;
};

struct generation {
    uint64_t number;
    struct settings *settings;
    int config_fd;                     /* sealed memfd */
    struct generation_object *objects; /* of the enabled plugins, in the order of the settings */
    size_t object_count;
    struct generation_resource *resources; /* empty until the manifest is adopted */
    size_t resource_count;
    struct manifest *manifest; /* NULL until then */
    struct arena arena;
    void *companion; /* what its user keeps with it (the line: its rules) */
    void (*companion_free)(void *companion);
    unsigned references;
};

/* Reads and checks the configuration and opens its plugins. A plugin that is missing, no regular
 * file, no shared object for this machine, world-writable or not owned by root or the daemon's user
 * (it or a folder above it; a sticky world-writable folder above is accepted) is refused with one
 * line that says which and why. One reference, the caller's. */
int generation_load(const char *config_file, uint64_t number, struct generation **out_generation,
                    struct err *err) MUST_CHECK;

/* Takes what a worker's READY brought. The first: unpacked, its files opened and held; a file whose
 * digest is not the one told is refused. Later ones must say the same. */
int generation_take_manifest(struct generation *generation, const void *data, size_t len,
                             struct err *err) MUST_CHECK;

struct generation *generation_hold(struct generation *generation);
void generation_drop(struct generation *generation); /* NULL allowed */

#endif
