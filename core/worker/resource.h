/* worker/resource: the files that options of type PATH name: models, lexicons, label lists.
 *
 * The first worker of a generation opens them by path. What it opened, the supervisor hands to
 * every later worker of the generation as descriptors, so that all work with the same bytes; such a
 * worker opens nothing by path, and a file whose digest differs is refused.
 */
#ifndef WORKER_RESOURCE_H
#define WORKER_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "wire/setup.h"

struct resource {
    struct resource *next;
    uint32_t plugin;    /* index in settings.plugins */
    const char *option; /* of the plugin's table */
    uint32_t index;     /* from 0, within the option */
    const char *path;
    const void *data; /* lives as long as the process: plugins keep pointers into it */
    size_t data_len;
    bool mapped;
    bool used; /* asked for by the plugin, so part of the manifest */
    struct digest digest;
    const struct taxon_node *tree; /* once asked for as YAML */
};

struct resource_folder; /* names of the files that an option's folder holds */

struct resources {
    struct arena arena;
    struct resource *first;
    struct resource **end; /* where the next one is hung */
    struct resource_folder *folders;
    bool handed; /* descriptors came from the supervisor: nothing is opened by path */
};

void resources_init(struct resources *resources);
void resources_release(struct resources *resources);

/* Takes a file that the supervisor handed over; `fd` is closed in any case. */
int resources_take(struct resources *resources, const struct setup_resource *setup, int fd,
                   struct err *err) MUST_CHECK;

/* File number `index` of PATH option `option`, whose value is `value` (absolute path of a file or
 * folder). -ENOENT past the last one, without a message; anything else has one. */
int resources_get(struct resources *resources, uint32_t plugin, const char *option, size_t index,
                  const struct taxon_value *value, struct resource **out_resource,
                  struct err *err) MUST_CHECK;

/* The same file's YAML tree; parsed once. */
int resources_tree(struct resources *resources, struct resource *resource,
                   struct err *err) MUST_CHECK;

/* How many of plugin `plugin` were used. */
size_t resources_count(const struct resources *resources, uint32_t plugin);

#endif
