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
 * Called from open(). One array of cues, one of their items; the terms and patterns of all sets
 * also go into one index.
 */
#include "cues.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "structure.h"

#define CAP       2.0
#define COUNT_MAX 10000

struct place_name {
    const char *name;
    uint32_t at;
};

static const struct place_name places[] = {
    {"anywhere", 0},   {"title", AT_TITLE},           {"head", AT_HEAD},
    {"tail", AT_TAIL}, {"line-begin", AT_LINE_BEGIN}, {"line-end", AT_LINE_END},
};

const char *cues_place_name(uint32_t at)
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

/* Is `key` there? Its value must be true. */
static int read_flag(struct definitions_check *check, const struct taxon_node *mapping,
                     const char *key)
{
    const struct taxon_node *node = definitions_get(mapping, key);
    const char *text = node == NULL ? NULL : definitions_text(check, node, key, 10);

    if (text != NULL && strcmp(text, "true") != 0) {
        definitions_mistake(check, node, "%s is true or left out", key);
    }
    return text != NULL;
}

static int read_cue(struct reading *reading, uint32_t label, const struct taxon_node *node)
{
    static const char *const keys[] = {"terms", "lines", "structure", "weight", "at",        "min",
                                       "max",   "per",   "cap",       "absent", "furniture", NULL};
    struct cue_set *set = reading->set;
    struct definitions_check *check = reading->check;
    struct cue cue = {.label = label, .cap = CAP};
    const struct taxon_node *list;
    double min = 1;
    double max = COUNT_MAX;
    double per = 0;
    int r;

    if (!definitions_is_mapping(check, node, "a cue", keys)) {
        return 0;
    }
    list = read_kind(check, node, &cue.kind);
    if (list == NULL) {
        return 0;
    }
    read_place(check, definitions_get(node, "at"), &cue.at);
    read_number(check, node, "min", 0, COUNT_MAX, &min);
    read_number(check, node, "max", 1, COUNT_MAX, &max);
    read_number(check, node, "per", 100, COUNT_MAX, &per);
    read_number(check, node, "cap", 0, CUES_WEIGHT_MAX, &cue.cap);
    read_number(check, node, "absent", -CUES_WEIGHT_MAX, CUES_WEIGHT_MAX, &cue.absent);
    if (cue.kind != CUE_TERMS && (cue.at == AT_LINE_BEGIN || cue.at == AT_LINE_END)) {
        definitions_mistake(check, definitions_get(node, "at"), "goes with terms only");
    }
    if (min > max) {
        definitions_mistake(check, definitions_get(node, "max"), "max is less than min");
    }
    cue.in_furniture = read_flag(check, node, "furniture");
    cue.min = (uint32_t)min;
    cue.per = (uint32_t)per;
    cue.max = max < COUNT_MAX ? (uint32_t)max : UINT32_MAX;
    cue.item_begin = set->item_count;
    set->cues[set->cue_count] = cue;
    r = cue.kind == CUE_STRUCTURE ? cues_read_structure(reading, set->cue_count, node)
                                  : cues_read_items(reading, set->cue_count, list);
    set->cues[set->cue_count++].item_end = set->item_count;
    return r;
}

static void read_rest(struct cue_set *set, struct definitions_check *check, uint32_t label)
{
    const struct taxon_node *node = definitions_get(set->labels.items[label].node, "rest");

    if (!read_flag(check, set->labels.items[label].node, "rest")) {
        return;
    }
    if (set->labels.items[label].child_count > 0) {
        definitions_mistake(check, node, "a label with labels below it cannot be the rest");
    }
    set->is_rest[label] = 1;
}

/* Room for every cue and item that the files could hold. */
static void count_cues(const struct cue_set *set, size_t *out_cues, size_t *out_items)
{
    *out_cues = 1;
    *out_items = 1;
    for (size_t i = 0; i < set->labels.count; i++) {
        const struct taxon_node *cues = definitions_get(set->labels.items[i].node, "cues");

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
    const struct taxon_node *cues = definitions_get(reading->set->labels.items[label].node, "cues");
    int r = 0;

    read_rest(reading->set, reading->check, label);
    if (cues == NULL) {
        return 0;
    }
    if (cues->kind != TAXON_NODE_SEQUENCE) {
        definitions_mistake(reading->check, cues, "cues should be a sequence");
        return 0;
    }
    if (reading->set->labels.items[label].child_count > 0) {
        definitions_mistake(reading->check, cues, "cues go to the labels at the bottom");
    }
    for (size_t i = 0; i < cues->count && r == 0; i++) {
        r = read_cue(reading, label, definitions_item(cues, i));
    }
    return r;
}

static void list_line_item(struct cue_set *set, uint32_t item)
{
    const struct cue *cue = &set->cues[set->items[item].cue];

    set->line_items[set->line_item_count++] =
        (struct line_item){.item = item, .at = cue->at, .in_furniture = cue->in_furniture};
}

static void list_structures(struct cue_set *set)
{
    for (uint32_t structure = 0; structure < STRUCTURE_COUNT; structure++) {
        for (uint32_t i = 0; i < set->item_count; i++) {
            if (set->cues[set->items[i].cue].kind == CUE_STRUCTURE &&
                set->items[i].structure == structure) {
                list_line_item(set, i);
            }
        }
        set->structure_starts[structure + 1] = set->line_item_count;
    }
}

static int list_patterns(struct cue_set *set, struct cue_index_builder *builder)
{
    size_t room = builder->pattern_count + set->item_count + 1;
    struct pattern_set_item *patterns = realloc(builder->patterns, room * sizeof(*patterns));

    if (patterns == NULL) {
        return -ENOMEM;
    }
    builder->patterns = patterns;
    for (uint32_t i = 0; i < set->item_count; i++) {
        if (set->cues[set->items[i].cue].kind == CUE_LINES) {
            patterns[builder->pattern_count++] =
                (struct pattern_set_item){.pattern = set->items[i].folded,
                                          .pattern_len = set->items[i].folded_len,
                                          .id = set->line_base + set->line_item_count};
            list_line_item(set, i);
        }
    }
    return 0;
}

int cues_read(struct cue_set *set, struct definitions_check *check,
              struct cue_index_builder *builder)
{
    struct taxon_opening *opening = check->opening;
    struct reading reading = {.set = set, .check = check, .builder = builder};
    size_t cues;
    size_t items;
    int r = 0;

    set->item_base = builder->item_count;
    set->line_base = builder->line_count;
    count_cues(set, &cues, &items);
    set->cues = opening->host->keep(opening, cues * sizeof(*set->cues));
    set->items = opening->host->keep(opening, items * sizeof(*set->items));
    set->line_items = opening->host->keep(opening, items * sizeof(*set->line_items));
    set->is_rest = opening->host->keep(opening, set->labels.count + 1);
    set->label_items =
        opening->host->keep(opening, (set->labels.count + 1) * sizeof(*set->label_items));
    if (set->cues == NULL || set->items == NULL || set->line_items == NULL ||
        set->is_rest == NULL || set->label_items == NULL) {
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < set->labels.count && r == 0; i++) {
        r = read_label(&reading, i);
        set->label_items[i + 1] = set->item_count;
    }
    if (r == 0) {
        list_structures(set);
        r = list_patterns(set, builder);
    }
    builder->item_count += set->item_count;
    builder->line_count += set->line_item_count;
    return r;
}

int cues_index(struct cue_index_builder *builder, int r, struct taxon_opening *opening,
               struct cue_index *out_index)
{
    if (r == 0) {
        r = pattern_set_build(builder->patterns, builder->pattern_count, opening,
                              &out_index->patterns);
    }
    if (r == 0) {
        r = lexicon_build(&builder->terms, opening, &out_index->lexicon);
    }
    lexicon_builder_release(&builder->terms);
    free(builder->patterns);
    return r;
}
