/* kit/definitions: from label files to declared labels.
 *
 * Called from the open() of classifiers whose labels are the user's to change. First all files are
 * parsed and their labels counted, then one array is filled from the top down, so that a label's
 * parent is known, and declared, before it. How a node is read stands in definitions_node.c.
 */
#include "kit/definitions.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kit/definitions_private.h"

#define TEXT_MAX 400 /* bytes of a name or a definition */

/* One load: what stays the same while the tree of labels is walked. */
struct loading {
    struct definitions_check *check;
    const struct definitions_shape *shape;
    struct definitions *out;
    size_t room;
};

static size_t count_labels(const struct taxon_node *node, uint32_t depth)
{
    const struct taxon_node *children = definitions_get(node, "children");
    size_t count = 1;

    if (depth < DEFINITIONS_DEPTH_MAX && definitions_is_kind(children, TAXON_NODE_SEQUENCE)) {
        for (size_t i = 0; i < children->count && count <= DEFINITIONS_LABELS_MAX; i++) {
            count += count_labels(definitions_item(children, i), depth + 1);
        }
    }
    return count;
}

static bool is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (!(*at >= 'a' && *at <= 'z') && !(*at >= '0' && *at <= '9') && *at != '-') {
            return false;
        }
    }
    return true;
}

/* The whole id of a label below `parent` (NULL: at the top), kept; NULL after a mistake. */
static const char *read_id(const struct loading *loading, const struct taxon_node *node,
                           const char *parent)
{
    struct definitions_check *check = loading->check;
    const struct taxon_node *id_node = definitions_get(node, "id");
    const char *name;
    char *id;
    size_t size;

    if (id_node == NULL) {
        definitions_mistake(check, node, "a label needs an id");
        return NULL;
    }
    name = definitions_text(check, id_node, "id", DEFINITIONS_ID_MAX);
    if (name == NULL) {
        return NULL;
    }
    if (!is_name(name)) {
        definitions_mistake(check, id_node, "id \"%.60s\" may hold only a-z, 0-9 and -", name);
        return NULL;
    }
    size = (parent == NULL ? 0 : strlen(parent) + 1) + strlen(name) + 1;
    if (size > DEFINITIONS_ID_MAX) {
        definitions_mistake(check, id_node, "the whole id is longer than %d bytes",
                            DEFINITIONS_ID_MAX - 1);
        return NULL;
    }
    id = check->opening->host->keep(check->opening, size);
    if (id == NULL) {
        definitions_mistake(check, id_node, "out of memory");
        return NULL;
    }
    snprintf(id, size, "%s%s%s", parent == NULL ? "" : parent, parent == NULL ? "" : "/", name);
    return id;
}

static void add_code(struct definitions_check *check, struct taxon_code *codes, size_t *count,
                     const char *vocabulary, const struct taxon_node *node)
{
    const char *code = definitions_text(check, node, "a code", TEXT_MAX);

    if (code == NULL) {
        return;
    }
    if (*count == DEFINITIONS_CODES_MAX) {
        definitions_mistake(check, node, "more than %d codes", DEFINITIONS_CODES_MAX);
        return;
    }
    codes[(*count)++] =
        (struct taxon_code){.struct_size = sizeof(*codes), .vocabulary = vocabulary, .code = code};
}

/* Codes of other vocabularies: `iptc: "06000000"`, `sdg: [13, 14]`. Returns how many. */
static size_t read_crosswalk(struct definitions_check *check, const struct taxon_node *node,
                             struct taxon_code *codes)
{
    size_t count = 0;

    if (node != NULL && !definitions_is_kind(node, TAXON_NODE_MAPPING)) {
        definitions_mistake(check, node, "crosswalk should be a mapping");
        return 0;
    }
    for (size_t i = 0; node != NULL && i < node->count; i++) {
        const struct taxon_node *key = definitions_key(node, i);
        const struct taxon_node *value = definitions_item(node, i);
        const char *vocabulary = definitions_text(check, key, "a vocabulary", TEXT_MAX);

        if (vocabulary == NULL) {
            continue;
        }
        if (!is_name(vocabulary)) {
            definitions_mistake(check, key, "a vocabulary's name is of a-z, 0-9 and -");
        } else if (definitions_is_kind(value, TAXON_NODE_SEQUENCE)) {
            for (size_t k = 0; k < value->count; k++) {
                add_code(check, codes, &count, vocabulary, definitions_item(value, k));
            }
        } else {
            add_code(check, codes, &count, vocabulary, value);
        }
    }
    return count;
}

static const char *optional_text(struct definitions_check *check, const struct taxon_node *node,
                                 const char *what)
{
    return node == NULL ? NULL : definitions_text(check, node, what, TEXT_MAX);
}

static void declare(const struct loading *loading, const struct definition *label)
{
    static const char *const name_keys[] = {"zh", "en", NULL};
    struct definitions_check *check = loading->check;
    const struct taxon_node *names = definitions_get(label->node, "names");
    struct taxon_code codes[DEFINITIONS_CODES_MAX];
    struct taxon_label_decl decl = {.struct_size = sizeof(decl),
                                    .scheme = loading->shape->scheme,
                                    .id = label->id,
                                    .threshold = label->threshold,
                                    .codes = codes,
                                    .code_stride = sizeof(codes[0])};
    int r;

    decl.definition =
        optional_text(check, definitions_get(label->node, "definition"), "definition");
    decl.code_count = read_crosswalk(check, definitions_get(label->node, "crosswalk"), codes);

    if (names != NULL && definitions_is_mapping(check, names, "names", name_keys)) {
        decl.name_zh = optional_text(check, definitions_get(names, "zh"), "a name");
        decl.name_en = optional_text(check, definitions_get(names, "en"), "a name");
    }
    if (label->parent != DEFINITIONS_NONE) {
        decl.parent = loading->out->items[label->parent].id;
    }
    r = check->opening->host->declare_label(check->opening, &decl);
    if (r == -EEXIST) {
        definitions_mistake(check, label->node, "label %s is defined twice", label->id);
    } else if (r < 0) {
        definitions_mistake(check, label->node, "label %s cannot be declared: %s", label->id,
                            strerror(-r));
    }
}

static void load_label(const struct loading *loading, const struct taxon_node *node,
                       uint32_t parent, uint32_t depth);

static void load_children(const struct loading *loading, uint32_t index, uint32_t depth)
{
    struct definition *label = &loading->out->items[index];
    const struct taxon_node *children = definitions_get(label->node, "children");

    if (children == NULL) {
        return;
    }
    if (!definitions_is_kind(children, TAXON_NODE_SEQUENCE)) {
        definitions_mistake(loading->check, children, "children should be a sequence of labels");
        return;
    }
    if (depth == DEFINITIONS_DEPTH_MAX) {
        definitions_mistake(loading->check, children, "labels go no more than %d levels deep",
                            DEFINITIONS_DEPTH_MAX);
        return;
    }
    for (size_t i = 0; i < children->count; i++) {
        load_label(loading, definitions_item(children, i), index, depth + 1);
    }
}

/* Takes the label at `node` and all below it into the array. `depth` counts from 1. */
static void load_label(const struct loading *loading, const struct taxon_node *node,
                       uint32_t parent, uint32_t depth)
{
    static const char *const keys[] = {"id",        "names",    "definition", "threshold",
                                       "crosswalk", "children", NULL};
    struct definitions_check *check = loading->check;
    struct definitions *out = loading->out;
    struct definition *above = parent == DEFINITIONS_NONE ? NULL : &out->items[parent];
    const struct taxon_node *threshold = definitions_get(node, "threshold");
    struct definition label = {.parent = parent, .node = node};
    uint32_t index = (uint32_t)out->count;

    if (!definitions_check_keys(check, node, "a label", keys, loading->shape->own_keys) ||
        out->items == NULL || out->count == loading->room) {
        return;
    }
    label.id = read_id(loading, node, above == NULL ? NULL : above->id);
    if (label.id == NULL) {
        return;
    }
    label.root = above == NULL ? index : above->root;
    label.threshold = above == NULL ? loading->shape->threshold : above->threshold;
    if (threshold != NULL) {
        definitions_number(check, threshold, "threshold", 0, 1, &label.threshold);
    }
    if (above != NULL) {
        above->child_count++;
    }
    out->items[out->count++] = label;
    declare(loading, &out->items[index]);
    load_children(loading, index, depth);
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t text_len = strlen(text);
    size_t suffix_len = strlen(suffix);

    return text_len >= suffix_len && strcmp(text + text_len - suffix_len, suffix) == 0;
}

/* Parses the files into `roots`; *out_labels is how many labels they hold at most. */
static int parse_files(struct definitions_check *check, const char *option,
                       const struct taxon_node **roots, size_t *out_roots, size_t *out_labels)
{
    struct taxon_opening *opening = check->opening;
    size_t count = 0;

    *out_labels = 0;
    for (size_t i = 0; i < DEFINITIONS_FILES_MAX; i++) {
        struct taxon_resource resource = {.struct_size = sizeof(resource)};
        int r = opening->host->resource(opening, option, i, &resource);

        if (r == -ENOENT) {
            break;
        }
        if (r < 0) {
            return r;
        }
        if (!has_suffix(resource.path, ".yaml") && !has_suffix(resource.path, ".yml")) {
            continue;
        }
        r = opening->host->yaml(opening, option, i, &roots[count]);
        if (r == -ENOMEM) {
            return r;
        }
        if (r < 0) {
            check->mistakes++; /* reported by the host */
            continue;
        }
        *out_labels += count_labels(roots[count], 1);
        count++;
    }
    *out_roots = count;
    return 0;
}

int definitions_load(struct definitions_check *check, const struct definitions_shape *shape,
                     struct definitions *out)
{
    struct taxon_opening *opening = check->opening;
    struct loading loading = {.check = check, .shape = shape, .out = out};
    const struct taxon_node **roots =
        opening->host->keep(opening, DEFINITIONS_FILES_MAX * sizeof(const struct taxon_node *));
    size_t root_count = 0;
    int r;

    memset(out, 0, sizeof(*out));
    if (roots == NULL) {
        return -ENOMEM;
    }
    r = parse_files(check, shape->option, roots, &root_count, &loading.room);
    if (r < 0) {
        return r;
    }
    if (loading.room == 0 || loading.room > DEFINITIONS_LABELS_MAX) {
        definitions_mistake(check, NULL, "%s: %s", shape->option,
                            loading.room == 0 ? "no label file (*.yaml) there" : "too many labels");
        return -EINVAL;
    }
    out->items = opening->host->keep(opening, loading.room * sizeof(*out->items));
    if (out->items == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < root_count; i++) {
        load_label(&loading, roots[i], DEFINITIONS_NONE, 1);
    }
    return 0;
}
