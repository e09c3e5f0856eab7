/* items: folds and stores the terms and patterns of the files.
 *
 * Called by cues.c, from open(). Knows nothing of the shape of a file.
 */
#include "items.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "structure.h"

#define ITEM_MAX   120 /* bytes of a term or pattern as written */
#define WEIGHT_MAX 10
#define REASON_MAX 160

static size_t count_list(const struct taxon_node *node)
{
    return node == NULL ? 0 : node->count;
}

int items_init(struct items *items, struct boilerplate *boilerplate,
               struct definitions_check *check)
{
    const struct taxon_host *host = check->opening->host;
    size_t count = 1;

    *items = (struct items){.boilerplate = boilerplate, .check = check};
    for (size_t i = 0; i < boilerplate->labels.count; i++) {
        const struct taxon_node *node = boilerplate->labels.items[i].node;
        const struct taxon_node *cues = definitions_get(node, "cues");

        count += count_list(definitions_get(node, "continues"));
        for (size_t k = 0; k < count_list(cues); k++) {
            const struct taxon_node *cue = definitions_item(cues, k);

            count += 1 + count_list(definitions_get(cue, "terms")) +
                     count_list(definitions_get(cue, "lines"));
        }
    }
    lexicon_builder_init(&items->builder);
    boilerplate->items = host->keep(check->opening, count * sizeof(*boilerplate->items));
    for (int i = 0; i < USE_COUNT; i++) {
        uint32_t *ids = host->keep(check->opening, count * sizeof(*ids));

        if (ids == NULL) {
            return -ENOMEM;
        }
        boilerplate->lists[i].ids = ids;
    }
    return boilerplate->items == NULL ? -ENOMEM : 0;
}

static enum item_use use_of(const struct boilerplate *boilerplate, const struct cue_item *item)
{
    int is_placeholder = item->role == boilerplate->known.placeholder;

    switch (item->kind) {
    case CUE_CONTINUES:
        return USE_CONTINUES;
    case CUE_UNITS:
        return USE_UNIT;
    case CUE_LINES:
        return is_placeholder ? USE_BLANK : USE_PATTERN;
    case CUE_STRUCTURE:
        return is_placeholder                                ? USE_BLANK
               : structure_at(item->structure)->is_late != 0 ? USE_LATE
                                                             : USE_STRUCTURE;
    default:
        return USE_COUNT;
    }
}

static int store(struct items *items, struct cue_item item, const char *what)
{
    struct taxon_opening *opening = items->check->opening;
    struct boilerplate *boilerplate = items->boilerplate;
    char *reason = opening->host->keep(opening, REASON_MAX);
    enum item_use use;

    if (reason == NULL) {
        return -ENOMEM;
    }
    snprintf(reason, REASON_MAX, item.kind == CUE_STRUCTURE ? "%s" : "\"%s\"", what);
    item.reason = reason;
    use = use_of(boilerplate, &item);
    if (use != USE_COUNT) {
        struct item_list *list = &boilerplate->lists[use];

        list->ids[list->count++] = boilerplate->item_count;
    }
    boilerplate->items[boilerplate->item_count++] = item;
    return 0;
}

/* Folds a pattern. Its '*' must stay, so unlike a term it goes to the host as it is. */
static int fold_pattern(struct items *items, const struct taxon_node *key, struct cue_item *item)
{
    struct taxon_opening *opening = items->check->opening;
    int r =
        opening->host->fold(opening, key->text, key->text_len, &item->folded, &item->folded_len);

    if (r < 0 || item->folded_len == 0) {
        return r < 0 ? r : -EINVAL;
    }
    return 0;
}

int items_add(struct items *items, struct cue_item cue, const struct taxon_node *key,
              const struct taxon_node *value)
{
    struct definitions_check *check = items->check;
    const char *text = definitions_text(check, key, "a term or pattern", ITEM_MAX);
    int r;

    if (text == NULL ||
        !definitions_number(check, value, "a weight", -WEIGHT_MAX, WEIGHT_MAX, &cue.weight)) {
        return 0;
    }
    cue.structure = NO_STRUCTURE;
    if (cue.kind == CUE_TERMS && cue.role == items->boilerplate->known.placeholder) {
        cue.kind = CUE_UNITS;
    }
    if (cue.kind == CUE_TERMS) {
        r = lexicon_builder_add(&items->builder, check->opening, text, key->text_len,
                                items->boilerplate->item_count, NULL);
    } else {
        r = fold_pattern(items, key, &cue);
    }
    if (r < 0 && r != -ENOMEM) {
        definitions_mistake(check, key, "\"%s\" has nothing to match", text);
        return 0;
    }
    return r < 0 ? r : store(items, cue, text);
}

int items_add_structure(struct items *items, struct cue_item cue, const struct taxon_node *value)
{
    if (!definitions_number(items->check, value, "the weight of a structure", -WEIGHT_MAX,
                            WEIGHT_MAX, &cue.weight)) {
        return 0;
    }
    return store(items, cue, structure_at(cue.structure)->help);
}

/* Of the patterns of one list. */
static int build_set(const struct items *items, enum item_use use,
                     const struct pattern_set **out_set)
{
    const struct boilerplate *boilerplate = items->boilerplate;
    const struct item_list *list = &boilerplate->lists[use];
    struct pattern_set_item *patterns = calloc(list->count + 1u, sizeof(*patterns));
    int r;

    if (patterns == NULL) {
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const struct cue_item *item = &boilerplate->items[list->ids[i]];

        patterns[i] = (struct pattern_set_item){item->folded, item->folded_len, i};
    }
    r = pattern_set_build(patterns, list->count, items->check->opening, out_set);
    free(patterns);
    return r;
}

int items_finish(struct items *items, int r)
{
    if (r == 0) {
        r = build_set(items, USE_PATTERN, &items->boilerplate->patterns);
    }
    if (r == 0) {
        r = build_set(items, USE_CONTINUES, &items->boilerplate->continues);
    }
    if (r == 0) {
        r = lexicon_build(&items->builder, items->check->opening, &items->boilerplate->lexicon);
    }
    lexicon_builder_release(&items->builder);
    return r;
}
