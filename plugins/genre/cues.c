/* cues: reads the cues of every label.
 *
 *     cues:
 *       - terms: {会议强调: 0.6, 会议指出: 0.4}   # or `lines:` with patterns, or `structure: NAME`
 *         at: line-begin                          # title, head, tail, line-begin, line-end
 *         min: 2
 *         cap: 1.5
 *         absent: -1
 *       - structure: speaker-lines
 *         weight: 0.2
 *
 * Called from open(). One array of cues, one of their items; the terms also go into one lexicon.
 */
#include "genre.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kit/pattern.h"
#include "lines.h"
#include "structure.h"

#define ITEM_MAX   120 /* bytes of a term or pattern as written */
#define WEIGHT_MAX 10
#define CAP        2.0
#define COUNT_MAX  10000
#define REASON_MAX 190

struct place_name {
    const char *name;
    uint32_t at;
};

static const struct place_name places[] = {
    {"anywhere", 0},   {"title", AT_TITLE},           {"head", AT_HEAD},
    {"tail", AT_TAIL}, {"line-begin", AT_LINE_BEGIN}, {"line-end", AT_LINE_END},
};

struct reading {
    struct genre *genre;
    struct definitions_check *check;
    struct lexicon_builder builder;
};

static const char *place_name(uint32_t at)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (places[i].at == at) {
            return places[i].name;
        }
    }
    return "";
}

static void read_place(struct definitions_check *check, const struct taxon_node *node, uint32_t *at)
{
    const char *name;

    if (node == NULL) {
        return;
    }
    name = definitions_text(check, node, "at", 40);
    for (size_t i = 0; name != NULL && i < sizeof(places) / sizeof(places[0]); i++) {
        if (strcmp(places[i].name, name) == 0) {
            *at = places[i].at;
            return;
        }
    }
    if (name != NULL) {
        definitions_mistake(check, node,
                            "\"%.40s\" is no place (known: anywhere, title, head, tail, "
                            "line-begin, line-end)",
                            name);
    }
}

static const char *make_reason(const struct reading *reading, const char *what, uint32_t at)
{
    struct taxon_opening *opening = reading->check->opening;
    char *reason = opening->host->keep(opening, REASON_MAX);

    if (reason != NULL) {
        snprintf(reason, REASON_MAX, at == 0 ? "%s" : "%s, at %s", what, place_name(at));
    }
    return reason;
}

/* Folds a pattern. Its '*' must stay, so unlike a term it goes to the host as it is. */
static int fold_pattern(struct reading *reading, const struct taxon_node *key,
                        struct cue_item *item)
{
    struct taxon_opening *opening = reading->check->opening;
    int r =
        opening->host->fold(opening, key->text, key->text_len, &item->folded, &item->folded_len);

    if (r < 0 || item->folded_len == 0) {
        return r < 0 ? r : -EINVAL;
    }
    return 0;
}

static int read_item(struct reading *reading, uint32_t cue_index, const struct taxon_node *key,
                     const struct taxon_node *value)
{
    struct genre *genre = reading->genre;
    struct definitions_check *check = reading->check;
    const struct cue *cue = &genre->cues[cue_index];
    struct cue_item item = {.cue = cue_index};
    const char *text = definitions_text(check, key, "a term or pattern", ITEM_MAX);
    int r;

    if (text == NULL ||
        !definitions_number(check, value, "a weight", -WEIGHT_MAX, WEIGHT_MAX, &item.weight)) {
        return 0;
    }
    if (cue->kind == CUE_LINES) {
        r = fold_pattern(reading, key, &item);
    } else {
        r = lexicon_builder_add(&reading->builder, check->opening, text, key->text_len,
                                genre->item_count, NULL);
    }
    if (r < 0 && r != -ENOMEM) {
        definitions_mistake(check, key, "\"%s\" has nothing to match", text);
        return 0;
    }
    item.reason = make_reason(reading, text, cue->at);
    if (r < 0 || item.reason == NULL) {
        return -ENOMEM;
    }
    genre->items[genre->item_count++] = item;
    return 0;
}

static int read_items(struct reading *reading, uint32_t cue, const struct taxon_node *list)
{
    int r = 0;

    if (list->kind != TAXON_NODE_MAPPING || list->count == 0) {
        definitions_mistake(reading->check, list, "should be a mapping of %s to weights",
                            reading->genre->cues[cue].kind == CUE_LINES ? "patterns" : "terms");
        return 0;
    }
    for (size_t i = 0; i < list->count && r == 0; i++) {
        r = read_item(reading, cue, definitions_key(list, i), definitions_item(list, i));
    }
    return r;
}

static int read_structure(struct reading *reading, uint32_t cue, const struct taxon_node *node)
{
    struct genre *genre = reading->genre;
    struct definitions_check *check = reading->check;
    const char *name = definitions_text(check, definitions_get(node, "structure"), "structure", 60);
    struct cue_item item = {.cue = cue};

    if (name == NULL) {
        return 0;
    }
    item.structure = (uint32_t)structure_find(name);
    if (item.structure == STRUCTURE_COUNT) {
        definitions_mistake(check, definitions_get(node, "structure"),
                            "no structure is called \"%.40s\"", name);
        return 0;
    }
    if (!definitions_number(check, definitions_get(node, "weight"), "the weight of a structure",
                            -WEIGHT_MAX, WEIGHT_MAX, &item.weight)) {
        return 0;
    }
    item.reason = make_reason(reading, structure_at(item.structure)->help, genre->cues[cue].at);
    if (item.reason == NULL) {
        return -ENOMEM;
    }
    genre->items[genre->item_count++] = item;
    return 0;
}

/* What tells one cue from another: exactly one of these keys. */
static const struct taxon_node *read_kind(struct definitions_check *check,
                                          const struct taxon_node *node, enum cue_kind *out_kind)
{
    static const char *const names[] = {"terms", "lines", "structure"};
    const struct taxon_node *found = NULL;
    size_t count = 0;

    for (size_t i = 0; i < 3; i++) {
        const struct taxon_node *value = definitions_get(node, names[i]);

        if (value != NULL) {
            found = value;
            *out_kind = (enum cue_kind)i;
            count++;
        }
    }
    if (count != 1) {
        definitions_mistake(check, node, "a cue has one of terms, lines and structure");
        return NULL;
    }
    if (*out_kind != CUE_STRUCTURE && definitions_get(node, "weight") != NULL) {
        definitions_mistake(check, definitions_get(node, "weight"),
                            "weight goes with structure; terms and lines have their own");
    }
    return found;
}

static void read_number(struct definitions_check *check, const struct taxon_node *cue,
                        const char *key, double min, double max, double *out)
{
    const struct taxon_node *node = definitions_get(cue, key);

    if (node != NULL) {
        definitions_number(check, node, key, min, max, out);
    }
}

static int read_cue(struct reading *reading, uint32_t label, const struct taxon_node *node)
{
    static const char *const keys[] = {"terms", "lines", "structure", "weight", "at",
                                       "min",   "cap",   "absent",    NULL};
    struct genre *genre = reading->genre;
    struct definitions_check *check = reading->check;
    struct cue cue = {.label = label, .cap = CAP};
    const struct taxon_node *list;
    double min = 1;

    if (!definitions_is_mapping(check, node, "a cue", keys)) {
        return 0;
    }
    list = read_kind(check, node, &cue.kind);
    if (list == NULL) {
        return 0;
    }
    read_place(check, definitions_get(node, "at"), &cue.at);
    read_number(check, node, "min", 1, COUNT_MAX, &min);
    read_number(check, node, "cap", 0, WEIGHT_MAX, &cue.cap);
    read_number(check, node, "absent", -WEIGHT_MAX, WEIGHT_MAX, &cue.absent);
    if (cue.kind != CUE_TERMS && (cue.at == AT_LINE_BEGIN || cue.at == AT_LINE_END)) {
        definitions_mistake(check, definitions_get(node, "at"), "goes with terms only");
    }
    cue.min = (uint32_t)min;
    genre->cues[genre->cue_count] = cue;
    if (cue.kind == CUE_STRUCTURE) {
        return read_structure(reading, genre->cue_count++, node);
    }
    return read_items(reading, genre->cue_count++, list);
}

static void read_rest(struct genre *genre, struct definitions_check *check, uint32_t label)
{
    const struct taxon_node *node = definitions_get(genre->labels.items[label].node, "rest");
    const char *text = node == NULL ? NULL : definitions_text(check, node, "rest", 10);

    if (text == NULL) {
        return;
    }
    if (strcmp(text, "true") != 0) {
        definitions_mistake(check, node, "rest is true or left out");
    } else if (genre->labels.items[label].child_count > 0) {
        definitions_mistake(check, node, "a label with labels below it cannot be the rest");
    }
    genre->is_rest[label] = 1;
}

/* Room for every cue and item that the files could hold. */
static void count_cues(const struct genre *genre, size_t *out_cues, size_t *out_items)
{
    *out_cues = 1;
    *out_items = 1;
    for (size_t i = 0; i < genre->labels.count; i++) {
        const struct taxon_node *cues = definitions_get(genre->labels.items[i].node, "cues");

        for (size_t k = 0; cues != NULL && k < cues->count; k++) {
            const struct taxon_node *cue = definitions_item(cues, k);
            const struct taxon_node *terms = definitions_get(cue, "terms");
            const struct taxon_node *lines = definitions_get(cue, "lines");

            *out_cues += 1;
            *out_items +=
                1 + (terms == NULL ? 0 : terms->count) + (lines == NULL ? 0 : lines->count);
        }
    }
}

static int read_label(struct reading *reading, uint32_t label)
{
    const struct taxon_node *cues =
        definitions_get(reading->genre->labels.items[label].node, "cues");
    int r = 0;

    read_rest(reading->genre, reading->check, label);
    if (cues == NULL) {
        return 0;
    }
    if (cues->kind != TAXON_NODE_SEQUENCE) {
        definitions_mistake(reading->check, cues, "cues should be a sequence");
        return 0;
    }
    if (reading->genre->labels.items[label].child_count > 0) {
        definitions_mistake(reading->check, cues, "cues go to the labels at the bottom");
    }
    for (size_t i = 0; i < cues->count && r == 0; i++) {
        r = read_cue(reading, label, definitions_item(cues, i));
    }
    return r;
}

static void list_line_items(struct genre *genre)
{
    for (uint32_t i = 0; i < genre->item_count; i++) {
        const struct cue_item *item = &genre->items[i];
        const struct cue *cue = &genre->cues[item->cue];

        if (cue->kind != CUE_TERMS) {
            struct line_item *listed = &genre->line_items[genre->line_item_count++];

            listed->item = i;
            listed->at = cue->at;
            listed->structure = cue->kind == CUE_STRUCTURE ? item->structure : STRUCTURE_NONE;
            listed->keys = cue->kind == CUE_LINES
                               ? pattern_keys(item->folded, item->folded_len)
                               : (struct pattern_keys){PATTERN_NO_KEY, PATTERN_NO_KEY};
        }
    }
}

int genre_read_cues(struct genre *genre, struct definitions_check *check)
{
    struct taxon_opening *opening = check->opening;
    struct reading reading = {.genre = genre, .check = check};
    size_t cues;
    size_t items;
    int r = 0;

    count_cues(genre, &cues, &items);
    genre->cues = opening->host->keep(opening, cues * sizeof(*genre->cues));
    genre->items = opening->host->keep(opening, items * sizeof(*genre->items));
    genre->line_items = opening->host->keep(opening, items * sizeof(*genre->line_items));
    genre->is_rest = opening->host->keep(opening, genre->labels.count + 1);
    if (genre->cues == NULL || genre->items == NULL || genre->line_items == NULL ||
        genre->is_rest == NULL) {
        return -ENOMEM;
    }
    lexicon_builder_init(&reading.builder);
    for (uint32_t i = 0; i < genre->labels.count && r == 0; i++) {
        r = read_label(&reading, i);
    }
    list_line_items(genre);
    if (r == 0) {
        r = lexicon_build(&reading.builder, opening, &genre->lexicon);
    }
    lexicon_builder_release(&reading.builder);
    return r;
}
