/* worker/vocabulary: the labels that one plugin declared.
 *
 * Filled from the descriptor's table and by host->declare_label during open(), sealed after it,
 * asked at each label and span of each document. It does not know other plugins' labels: two
 * plugins share no scheme.
 */
#include "worker/vocabulary.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wire/form.h"
#include "worker/border.h"

#define FIRST_SIZE 64u

void vocabulary_init(struct vocabulary *vocabulary, struct arena *arena, const char *const *schemes)
{
    *vocabulary = (struct vocabulary){.arena = arena, .schemes = schemes};
}

/* FNV-1a, 64 bits, over both strings and the NUL between them. */
static uint64_t hash_on(uint64_t hash, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    return hash * 0x100000001b3u;
}

/* By what they say alone: a compiler may make one string of a scheme and an id that are equal. */
static size_t hash_of(const char *scheme, const char *id)
{
    uint64_t hash = hash_on(hash_on(0xcbf29ce484222325u, scheme), id);

    return (size_t)(hash ^ hash >> 32);
}

/* The slot that holds the label, or the empty one where it would go. */
static uint32_t *slot_of(const struct vocabulary *vocabulary, const char *scheme, const char *id)
{
    size_t mask = vocabulary->slot_count - 1;

    for (size_t at = hash_of(scheme, id) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &vocabulary->slots[at];
        if (*slot == 0)
            return slot;
        const struct manifest_label *label = &vocabulary->labels[*slot - 1];
        if (strcmp(label->id, id) == 0 && strcmp(label->scheme, scheme) == 0)
            return slot;
    }
}

static void fill_slots(struct vocabulary *vocabulary)
{
    memset(vocabulary->slots, 0, vocabulary->slot_count * sizeof *vocabulary->slots);
    for (size_t i = 0; i < vocabulary->count; i++)
        *slot_of(vocabulary, vocabulary->labels[i].scheme, vocabulary->labels[i].id) =
            (uint32_t)(i + 1);
}

/* Twice as many slots as labels at least, so that probing stays short and always ends. */
static int grow(struct vocabulary *vocabulary)
{
    size_t size = vocabulary->size == 0 ? FIRST_SIZE : vocabulary->size * 2;
    struct manifest_label *labels = arena_alloc(vocabulary->arena, size * sizeof *labels);
    uint32_t *slots = arena_alloc(vocabulary->arena, size * 2 * sizeof *slots);

    if (labels == NULL || slots == NULL)
        return -ENOMEM;
    if (vocabulary->labels != NULL)
        memcpy(labels, vocabulary->labels, vocabulary->count * sizeof *labels);
    vocabulary->labels = labels;
    vocabulary->size = size;
    vocabulary->slots = slots;
    vocabulary->slot_count = size * 2;
    fill_slots(vocabulary);
    return 0;
}

static const char *own_scheme(const struct vocabulary *vocabulary, const char *scheme)
{
    for (size_t i = 0; vocabulary->schemes != NULL && vocabulary->schemes[i] != NULL; i++)
        if (strcmp(vocabulary->schemes[i], scheme) == 0)
            return vocabulary->schemes[i];
    return NULL;
}

static int check(const struct vocabulary *vocabulary, const struct taxon_label_decl *label,
                 struct err *err)
{
    if (!border_is_name(label->scheme) || own_scheme(vocabulary, label->scheme) == NULL)
        return err_set(err, -EINVAL, "a label is declared in a scheme that is not the plugin's");
    if (!border_is_id(label->id))
        return err_set(err, -EINVAL, "scheme '%s': a label's id is malformed ([a-z0-9-] and '/')",
                       label->scheme);
    if (!isfinite(label->threshold) || label->threshold < 0 || label->threshold > 1)
        return err_set(err, -EINVAL, "label '%s:%s': threshold is not in 0..1", label->scheme,
                       label->id);
    if ((label->name_zh != NULL && !border_is_line(label->name_zh, FORM_LINE_MAX)) ||
        (label->name_en != NULL && !border_is_line(label->name_en, FORM_LINE_MAX)))
        return err_set(err, -EINVAL,
                       "label '%s:%s': a name is no line of UTF-8 of at most %u bytes",
                       label->scheme, label->id, FORM_LINE_MAX);
    if (label->parent != NULL && !border_is_id(label->parent))
        return err_set(err, -EINVAL, "label '%s:%s': the parent's id is malformed", label->scheme,
                       label->id);
    if (label->definition != NULL && !border_is_line(label->definition, MANIFEST_DEFINITION_MAX))
        return err_set(err, -EINVAL,
                       "label '%s:%s': the definition is no line of UTF-8 of at most %d bytes",
                       label->scheme, label->id, MANIFEST_DEFINITION_MAX);
    return 0;
}

static int copy_code(struct vocabulary *vocabulary, const struct taxon_label_decl *label,
                     size_t index, struct manifest_code *out_code, struct err *err)
{
    const size_t least = BORDER_SIZE_1_0(struct taxon_code, code);
    struct taxon_code code;

    if (!border_read(&code, sizeof code, TAXON_AT(char, label->codes, label->code_stride, index),
                     least))
        return err_set(err, -EINVAL, "label '%s:%s': struct taxon_code without its struct_size",
                       label->scheme, label->id);
    if (!border_is_name(code.vocabulary) || !border_is_line(code.code, FORM_LINE_MAX))
        return err_set(err, -EINVAL,
                       "label '%s:%s': code %zu is no name of a vocabulary and line of text",
                       label->scheme, label->id, index);
    out_code->vocabulary = arena_strdup(vocabulary->arena, code.vocabulary);
    out_code->code = arena_strdup(vocabulary->arena, code.code);
    if (out_code->vocabulary == NULL || out_code->code == NULL)
        return err_set(err, -ENOMEM, "out of memory for labels");
    return 0;
}

static int copy_codes(struct vocabulary *vocabulary, const struct taxon_label_decl *label,
                      struct manifest_label *copy, struct err *err)
{
    const size_t least = BORDER_SIZE_1_0(struct taxon_code, code);

    if (label->code_count > MANIFEST_CODES_MAX ||
        !border_array(label->codes, label->code_count, label->code_stride, least))
        return err_set(err, -EINVAL, "label '%s:%s': %zu codes of %zu bytes each", label->scheme,
                       label->id, label->code_count, label->code_stride);
    copy->codes = arena_alloc(vocabulary->arena, label->code_count * sizeof *copy->codes);
    if (copy->codes == NULL)
        return err_set(err, -ENOMEM, "out of memory for labels");
    for (; copy->code_count < label->code_count; copy->code_count++) {
        int code =
            copy_code(vocabulary, label, copy->code_count, &copy->codes[copy->code_count], err);
        if (code < 0)
            return code;
    }
    return 0;
}

static const char *copy_of(struct vocabulary *vocabulary, const char *text)
{
    return text == NULL ? "" : arena_strdup(vocabulary->arena, text);
}

int vocabulary_add(struct vocabulary *vocabulary, const struct taxon_label_decl *label,
                   struct err *err)
{
    int code = check(vocabulary, label, err);

    if (code < 0)
        return code;
    if (vocabulary_find(vocabulary, label->scheme, label->id) != NULL)
        return err_set(err, -EEXIST, "label '%s:%s' is declared twice", label->scheme, label->id);
    if (vocabulary->count == MANIFEST_LABELS_MAX)
        return err_set(err, -E2BIG, "more than %d labels", MANIFEST_LABELS_MAX);
    if (vocabulary->count == vocabulary->size && grow(vocabulary) < 0)
        return err_set(err, -ENOMEM, "out of memory for labels");
    struct manifest_label copy = {
        .scheme = own_scheme(vocabulary, label->scheme),
        .id = copy_of(vocabulary, label->id),
        .name_zh = copy_of(vocabulary, label->name_zh),
        .name_en = copy_of(vocabulary, label->name_en),
        .parent = copy_of(vocabulary, label->parent),
        .threshold = label->threshold,
        .definition = copy_of(vocabulary, label->definition),
    };
    if (!copy.id || !copy.name_zh || !copy.name_en || !copy.parent || !copy.definition)
        return err_set(err, -ENOMEM, "out of memory for labels");
    code = copy_codes(vocabulary, label, &copy, err);
    if (code < 0)
        return code;
    assert(vocabulary->labels != NULL && vocabulary->count < vocabulary->size);
    vocabulary->labels[vocabulary->count++] = copy;
    *slot_of(vocabulary, copy.scheme, copy.id) = (uint32_t)vocabulary->count;
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct manifest_label *first = a;
    const struct manifest_label *second = b;
    int order = strcmp(first->scheme, second->scheme);

    return order != 0 ? order : strcmp(first->id, second->id);
}

static int check_parents(const struct vocabulary *vocabulary, const struct manifest_label *label,
                         struct err *err)
{
    const struct manifest_label *above = label;

    for (unsigned depth = 0; above->parent[0] != '\0'; depth++) {
        const char *parent = above->parent;
        if (depth == MANIFEST_DEPTH_MAX)
            return err_set(err, -EINVAL,
                           "label '%s:%s': its parents lead in a circle, or are more "
                           "than %d",
                           label->scheme, label->id, MANIFEST_DEPTH_MAX);
        above = vocabulary_find(vocabulary, label->scheme, parent);
        if (above == NULL)
            return err_set(err, -EINVAL, "label '%s:%s': parent '%s' is not declared",
                           label->scheme, label->id, parent);
    }
    return 0;
}

int vocabulary_seal(struct vocabulary *vocabulary, struct err *err)
{
    if (vocabulary->count == 0)
        return 0;
    qsort(vocabulary->labels, vocabulary->count, sizeof *vocabulary->labels, compare);
    fill_slots(vocabulary);
    for (size_t i = 0; i < vocabulary->count; i++) {
        int code = check_parents(vocabulary, &vocabulary->labels[i], err);
        if (code < 0)
            return code;
    }
    return 0;
}

const struct manifest_label *vocabulary_find(const struct vocabulary *vocabulary,
                                             const char *scheme, const char *id)
{
    if (vocabulary->count == 0 || border_strlen(scheme, FORM_NAME_MAX) < 0 ||
        border_strlen(id, FORM_ID_MAX) < 0)
        return NULL;
    uint32_t slot = *slot_of(vocabulary, scheme, id);
    return slot == 0 ? NULL : &vocabulary->labels[slot - 1];
}

bool vocabulary_has_scheme(const struct vocabulary *vocabulary, const char *scheme)
{
    if (border_strlen(scheme, FORM_NAME_MAX) < 0)
        return false;
    for (size_t i = 0; vocabulary->schemes != NULL && vocabulary->schemes[i] != NULL; i++)
        if (strcmp(vocabulary->schemes[i], scheme) == 0)
            return true;
    return false;
}
