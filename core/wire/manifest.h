/* wire/manifest: what a worker says it loaded, in its READY frame. Rules and `taxon check` know the
 * labels from here; a label outside it is never accepted; a worker of the same generation whose
 * manifest differs is refused.
 */
#ifndef WIRE_MANIFEST_H
#define WIRE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/strbuf.h"

#define MANIFEST_PLUGINS_MAX    64
#define MANIFEST_LABELS_MAX     100000 /* a plugin */
#define MANIFEST_RESOURCES_MAX  4096   /* a plugin */
#define MANIFEST_NAMES_MAX      256    /* schemes or media types of a plugin */
#define MANIFEST_DEPTH_MAX      32     /* labels above a label */
#define MANIFEST_DEFINITION_MAX 400    /* bytes */
#define MANIFEST_CODES_MAX      32     /* a label */
#define MANIFEST_OPTIONS_MAX    1000   /* a plugin; as OPTIONS_ROWS_MAX */
#define MANIFEST_VALUE_MAX      4096   /* bytes of an option's value */

/* What another vocabulary calls a label. */
struct manifest_code {
    const char *vocabulary; /* "iptc" */
    const char *code;       /* "06000000" */
};

struct manifest_label {
    const char *scheme;
    const char *id;
    const char *name_zh; /* "" when it has none */
    const char *name_en;
    const char *parent;     /* "" at a root; else a label of the same scheme */
    double threshold;       /* 0..1 */
    const char *definition; /* "" when it has none */
    struct manifest_code *codes;
    size_t code_count;
};

struct manifest_resource {
    const char *option;
    uint32_t index;
    const char *path;
    uint64_t size;
    struct digest digest;
};

/* One of the plugin's own options, for people to look at. */
struct manifest_option {
    const char *name;
    uint32_t type;     /* TAXON_OPTION_…; 0: unset */
    const char *value; /* as it would be written: "2s"; cut beyond MANIFEST_VALUE_MAX */
    uint32_t line;     /* where it was written; 0: the default */
    uint32_t column;
};

struct manifest_plugin {
    const char *name;     /* its key in the configuration */
    const char *own_name; /* as its descriptor says */
    const char *version;
    uint32_t kind;  /* TAXON_KIND_… */
    uint32_t index; /* in settings.plugins */
    struct digest digest;
    const char **schemes;
    size_t scheme_count;
    const char **media_types;
    size_t media_type_count;
    struct manifest_label *labels; /* sorted by scheme, then id, in byte order */
    size_t label_count;
    struct manifest_resource *resources;
    size_t resource_count;
    struct manifest_option *options; /* in the order of the plugin's table */
    size_t option_count;
    bool off; /* switched off for failing; set by the generation, which told the worker */
};

struct manifest {
    const char *sandbox; /* what lock-down is in force, for the status: "landlock 7, seccomp, …" */
    struct manifest_plugin *plugins; /* in the order they run */
    size_t plugin_count;
};

/* Puts a plugin's labels in the order that manifest_pack expects. */
void manifest_sort_labels(struct manifest_plugin *plugin);
void manifest_pack(struct strbuf *out, const struct manifest *manifest);
/* Checks and copies everything into `arena`: counts within the limits, ids and names well formed
 * (wire/form), thresholds in 0..1, labels sorted and once each, in a scheme of their plugin, their
 * parents declared and not in a circle, no plugin, index or scheme twice, paths of resources
 * absolute. Whether the plugins and digests are the ones that the worker was given, and whether a
 * path may be opened, is for the caller. 0, -EPROTO, -ENOMEM. */
int manifest_unpack(struct arena *arena, const void *data, size_t len,
                    struct manifest **out_manifest);
/* The label, or NULL; *out_plugin (may be NULL) is its plugin's index in `plugins`. */
const struct manifest_label *manifest_find(const struct manifest *manifest, const char *scheme,
                                           const char *id, size_t *out_plugin);
bool manifest_has_scheme(const struct manifest *manifest, const char *scheme);
/* Plugins, digests, labels, versions and resources the same? (Not the sandbox.) Else *out_why
 * (static, or in one of the manifests) names the first plugin or path that differs. */
bool manifest_same(const struct manifest *a, const struct manifest *b, const char **out_why);

#endif
