/* kinds: reads what the label files say of each kind: how its titles end, and its set phrases.
 *
 *     endings: [函, 复函]
 *     formulas: {特此函告: 0.6, 现函复如下: 0.7}    # negative: speaks against
 *
 * Called from open() and, for titles, by title.c and glance.c.
 */
#include <errno.h>
#include <string.h>

#include "official.h"
#include "words.h"

#define TEXT_MAX     60 /* bytes of an ending or a formula as written */
#define WEIGHT_MAX   2.0
#define ENDINGS_MAX  200
#define FORMULAS_MAX 2000

struct reading {
    struct definitions_check *check;
    struct ending *endings;
    size_t ending_count;
    struct formula *formulas;
    size_t formula_count;
    struct lexicon_builder builder;
    uint32_t kind;
};

static void read_ending(struct reading *reading, const struct taxon_node *node)
{
    struct taxon_opening *opening = reading->check->opening;
    const char *text = definitions_text(reading->check, node, "an ending", TEXT_MAX);
    struct ending *ending = &reading->endings[reading->ending_count];
    size_t len;

    if (text == NULL) {
        return;
    }
    if (reading->ending_count == ENDINGS_MAX ||
        opening->host->fold(opening, text, strlen(text), &ending->text, &len) < 0 || len == 0) {
        definitions_mistake(reading->check, node, "this ending is empty, or there are too many");
        return;
    }
    ending->len = (uint32_t)len;
    ending->kind = reading->kind;
    reading->ending_count++;
}

static int read_formula(struct reading *reading, const struct taxon_node *key,
                        const struct taxon_node *value)
{
    const char *text = definitions_text(reading->check, key, "a formula", TEXT_MAX);
    double weight = 0;
    int r;

    if (text == NULL || !definitions_number(reading->check, value, "a formula's weight",
                                            -WEIGHT_MAX, WEIGHT_MAX, &weight)) {
        return 0;
    }
    if (reading->formula_count == FORMULAS_MAX) {
        definitions_mistake(reading->check, key, "there are too many formulas");
        return 0;
    }
    r = lexicon_builder_add(&reading->builder, reading->check->opening, text, strlen(text),
                            (uint32_t)reading->formula_count, NULL);
    if (r == -ENOMEM) {
        return r;
    }
    if (r < 0) {
        definitions_mistake(reading->check, key, "'%s' cannot be a formula", text);
        return 0;
    }
    reading->formulas[reading->formula_count++] = (struct formula){text, reading->kind, weight};
    return 0;
}

static int read_kind(struct reading *reading, const struct taxon_node *label)
{
    const struct taxon_node *endings = definitions_get(label, "endings");
    const struct taxon_node *formulas = definitions_get(label, "formulas");
    const struct taxon_node *item;

    if (endings == NULL || endings->kind != TAXON_NODE_SEQUENCE || endings->count == 0) {
        definitions_mistake(reading->check, endings == NULL ? label : endings,
                            "'endings' must be a list of how titles of this kind end");
        return 0;
    }
    for (size_t i = 0; (item = definitions_item(endings, i)) != NULL; i++) {
        read_ending(reading, item);
    }
    if (formulas != NULL && formulas->kind != TAXON_NODE_MAPPING) {
        definitions_mistake(reading->check, formulas, "'formulas' must be a mapping to weights");
        return 0;
    }
    for (size_t i = 0; formulas != NULL && i < formulas->count; i++) {
        int r = read_formula(reading, formulas->keys[i], formulas->items[i]);

        if (r < 0) {
            return r;
        }
    }
    return 0;
}

int kinds_read(struct kinds *kinds, struct definitions_check *check)
{
    struct taxon_opening *opening = check->opening;
    struct reading reading = {.check = check};
    int r = 0;

    reading.endings = opening->host->keep(opening, (ENDINGS_MAX + 1) * sizeof(*reading.endings));
    reading.formulas = opening->host->keep(opening, FORMULAS_MAX * sizeof(*reading.formulas));
    if (reading.endings == NULL || reading.formulas == NULL) {
        return -ENOMEM;
    }
    lexicon_builder_init(&reading.builder);
    for (uint32_t i = 0; r == 0 && i < kinds->labels.count; i++) {
        reading.kind = i;
        r = read_kind(&reading, kinds->labels.items[i].node);
    }
    if (r == 0) {
        r = lexicon_build(&reading.builder, opening, &kinds->lexicon);
    }
    lexicon_builder_release(&reading.builder);
    kinds->endings = reading.endings;
    kinds->ending_count = reading.ending_count;
    kinds->formulas = reading.formulas;
    kinds->formula_count = reading.formula_count;
    return r;
}

const struct ending *kinds_of_title(const struct kinds *kinds, const char *text, size_t len,
                                    size_t *out_begin)
{
    const struct ending *best = NULL;

    len = words_without_brackets(text, len);
    for (size_t i = 0; i < kinds->ending_count; i++) {
        const struct ending *ending = &kinds->endings[i];

        if (words_ends(text, len, ending->text) && (best == NULL || ending->len > best->len)) {
            best = ending;
        }
    }
    if (best != NULL) {
        *out_begin = len - best->len;
    }
    return best;
}
