/* kit/definitions: label files. A scheme is a folder of YAML files (or one file), each a label with
 * the labels below it:
 *
 *     id: ecology                     # [a-z0-9-]+; below another label: ecology/air
 *     names: {zh: 生态环境, en: Ecology}
 *     definition: One line.           # may be left out, as all that follows
 *     threshold: 0.5                  # what is below takes it over
 *     crosswalk: {iptc: "06000000", sdg: [13, 14, 15]}
 *     children: [{id: air, …}, …]
 *
 * and whatever keys of its own the plugin names. An unknown key, a wrong type or a value out of
 * range is a mistake, reported through the host with its place in the file; all are reported, not
 * just the first. Only files named *.yaml or *.yml are read.
 */
#ifndef KIT_DEFINITIONS_H
#define KIT_DEFINITIONS_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#define DEFINITIONS_ID_MAX     128  /* bytes of a whole id */
#define DEFINITIONS_LABELS_MAX 5000 /* labels of a scheme */
#define DEFINITIONS_DEPTH_MAX  4    /* levels of labels */
#define DEFINITIONS_FILES_MAX  1000
#define DEFINITIONS_CODES_MAX  32 /* codes of a label */
#define DEFINITIONS_NONE       UINT32_MAX

struct definition {
    const char *id;  /* whole: "ecology/air" */
    uint32_t parent; /* index, or DEFINITIONS_NONE */
    uint32_t root;   /* index of the label at the top; its own at a root */
    uint32_t child_count;
    uint32_t reserved;
    double threshold;
    const struct taxon_node *node; /* the label's mapping */
};

struct definitions {
    struct definition *items; /* a label before the ones below it, those before its neighbour */
    size_t count;
};

/* What a plugin expects of its label files. */
struct definitions_shape {
    const char *option; /* its PATH option that names the folder */
    const char *scheme;
    const char *const *own_keys; /* keys beyond those above that a label may have; ends with NULL */
    double threshold;            /* where no label of the file gives one */
};

/* Where mistakes are reported and counted. */
struct definitions_check {
    struct taxon_opening *opening;
    uint32_t mistakes;
};

/* Reads and checks every file and declares every label. Lives as long as the instance. Mistakes are
 * counted in `check`: with any, open() must return -EINVAL, after it has looked at its own keys if
 * it likes. 0, -EINVAL (nothing usable: *out is empty) or -ENOMEM. */
int definitions_load(struct definitions_check *check, const struct definitions_shape *shape,
                     struct definitions *out);

/* What a plugin reads its own keys with. All are fit for NULL and malformed nodes. */

/* Reports a mistake at `node`. */
void definitions_mistake(struct definitions_check *check, const struct taxon_node *node,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The value of a key, or NULL. */
const struct taxon_node *definitions_get(const struct taxon_node *node, const char *key);

/* The element number `index` of a sequence, or value of a mapping; NULL past the end. */
const struct taxon_node *definitions_item(const struct taxon_node *node, size_t index);
/* The key number `index` of a mapping; NULL past the end. */
const struct taxon_node *definitions_key(const struct taxon_node *node, size_t index);

/* Is `node` a mapping with known keys only? Else a mistake and 0. `known` ends with NULL. */
int definitions_is_mapping(struct definitions_check *check, const struct taxon_node *node,
                           const char *what, const char *const *known);

/* A non-empty scalar of at most `len_max` bytes as a C string; else a mistake and NULL. */
const char *definitions_text(struct definitions_check *check, const struct taxon_node *node,
                             const char *what, size_t len_max);

/* A plain decimal number in [min, max]: *out and 1; else a mistake, *out untouched, and 0. */
int definitions_number(struct definitions_check *check, const struct taxon_node *node,
                       const char *what, double min, double max, double *out);

#endif
