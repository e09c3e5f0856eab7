/* pool/generation: one configuration as it was when it was loaded: the settings, the sealed copy of
 * their bytes, the descriptors of its plugins and of every file that they opened, and the manifest
 * of its first worker. A worker started later opens the same bytes or is refused.
 *
 * Counted: whoever keeps a pointer across a turn of the loop holds a reference.
 */
#ifndef POOL_GENERATION_H
#define POOL_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "config/settings.h"
#include "pool/conduct.h"
#include "wire/manifest.h"

struct generation_object {
    uint32_t plugin; /* index in settings.plugins */
    const char *path;
    int fd;
    struct digest digest;
    bool off; /* switched off: workers load it for its labels, and never ask it */
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
    struct generation *origin; /* whose settings, descriptors and companion it shares, or NULL */
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

/* generation_off.c. Marks the plugins that are switched off by `conduct`, before the first worker
 * is started. */
void generation_switch_off(struct generation *generation, const struct conduct *conduct);
/* The same configuration and the same bytes as `origin`, whose manifest is known, with those
 * plugins switched off. One reference, the caller's; NULL without memory. */
struct generation *generation_with_off(struct generation *origin, uint64_t number,
                                       const struct conduct *conduct);
/* Whether plugin `index` of the manifest is off by `conduct` and the settings. */
bool generation_plugin_is_off(const struct generation *generation, size_t index,
                              const struct conduct *conduct);

struct generation *generation_hold(struct generation *generation);
void generation_drop(struct generation *generation); /* NULL allowed */

#endif
