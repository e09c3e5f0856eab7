/* cue_items: reads what a cue looks for: terms, patterns of lines, a structure or a measure.
 *
 * Called by cues.c for each cue. Terms go into the lexicon that is being built, patterns and
 * structures are looked for line by line.
 */
#include "cues.h"

#include <errno.h>
#include <stdio.h>

#include "measure.h"
#include "structure.h"

#define ITEM_MAX   120 /* bytes of a term or pattern as written */
#define REASON_MAX 190

static const char *make_reason(const struct reading *reading, const char *what, uint32_t at)
{
    struct taxon_opening *opening = reading->check->opening;
    char *reason = opening->host->keep(opening, REASON_MAX);

    if (reason != NULL) {
        snprintf(reason, REASON_MAX, at == 0 ? "%s" : "%s, at %s", what, cues_place_name(at));
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
    struct cue_set *set = reading->set;
    struct definitions_check *check = reading->check;
    const struct cue *cue = &set->cues[cue_index];
    struct cue_item item = {.cue = cue_index};
    const char *text = definitions_text(check, key, "a term or pattern", ITEM_MAX);
    int r;

    if (text == NULL || !definitions_number(check, value, "a weight", -CUES_WEIGHT_MAX,
                                            CUES_WEIGHT_MAX, &item.weight)) {
        return 0;
    }
    if (cue->kind == CUE_LINES) {
        r = fold_pattern(reading, key, &item);
    } else {
        r = lexicon_builder_add(&reading->builder->terms, check->opening, text, key->text_len,
                                set->item_base + set->item_count, NULL);
    }
    if (r < 0 && r != -ENOMEM) {
        definitions_mistake(check, key, "\"%s\" has nothing to match", text);
        return 0;
    }
    item.reason = make_reason(reading, text, cue->at);
    if (r < 0 || item.reason == NULL) {
        return -ENOMEM;
    }
    set->items[set->item_count++] = item;
    return 0;
}

int cues_read_items(struct reading *reading, uint32_t cue, const struct taxon_node *list)
{
    int r = 0;

    if (list->kind != TAXON_NODE_MAPPING || list->count == 0) {
        definitions_mistake(reading->check, list, "should be a mapping of %s to weights",
                            reading->set->cues[cue].kind == CUE_LINES ? "patterns" : "terms");
        return 0;
    }
    for (size_t i = 0; i < list->count && r == 0; i++) {
        r = read_item(reading, cue, definitions_key(list, i), definitions_item(list, i));
    }
    return r;
}

int cues_read_structure(struct reading *reading, uint32_t cue, const struct taxon_node *node)
{
    struct cue_set *set = reading->set;
    struct definitions_check *check = reading->check;
    const char *name = definitions_text(check, definitions_get(node, "structure"), "structure", 60);
    struct cue_item item = {.cue = cue};
    const char *help;

    if (name == NULL) {
        return 0;
    }
    item.structure = (uint32_t)structure_find(name);
    if (item.structure == STRUCTURE_COUNT) {
        item.structure = STRUCTURE_NONE;
        item.measure = (uint32_t)measure_find(name);
        help = item.measure == MEASURE_COUNT ? NULL : measure_help(item.measure);
    } else {
        help = structure_at(item.structure)->help;
    }
    if (help == NULL) {
        definitions_mistake(check, definitions_get(node, "structure"),
                            "no structure is called \"%.40s\"", name);
        return 0;
    }
    if (item.structure == STRUCTURE_NONE && set->cues[cue].at != 0) {
        definitions_mistake(check, definitions_get(node, "at"),
                            "does not go with %s, which is of the whole document", name);
    }
    if (!definitions_number(check, definitions_get(node, "weight"), "the weight of a structure",
                            -CUES_WEIGHT_MAX, CUES_WEIGHT_MAX, &item.weight)) {
        return 0;
    }
    item.reason = make_reason(reading, help, set->cues[cue].at);
    if (item.reason == NULL) {
        return -ENOMEM;
    }
    set->items[set->item_count++] = item;
    return 0;
}
