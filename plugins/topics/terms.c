/* terms: reads the terms of every label and builds one lexicon of them all.
 *
 * Called from open(). A term may stand at several roots, but only once within one: of terms that
 * overlap, the longest of a root counts, and that has to be one term.
 */
#include "topics.h"

#include <errno.h>

#define TERM_MAX   120 /* bytes of a term as written */
#define WEIGHT_MAX 10

static size_t count_terms(const struct definitions *labels)
{
    size_t count = 0;

    for (size_t i = 0; i < labels->count; i++) {
        const struct taxon_node *terms = definitions_get(labels->items[i].node, "terms");
        const struct taxon_node *negative = definitions_get(labels->items[i].node, "negative");

        count += terms == NULL ? 0 : terms->count;
        count += negative == NULL ? 0 : negative->count;
    }
    return count;
}

static int read_term(struct topics *topics, struct definitions_check *check,
                     struct lexicon_builder *builder, uint32_t label, const struct taxon_node *key,
                     const struct taxon_node *value, double sign)
{
    const char *text = definitions_text(check, key, "a term", TERM_MAX);
    const struct lexicon_term *built;
    struct topic_term *term;
    double weight;
    int r;

    if (text == NULL ||
        !definitions_number(check, value, "a term's weight", 0, WEIGHT_MAX, &weight)) {
        return 0;
    }
    r = lexicon_builder_add(builder, check->opening, text, key->text_len, topics->term_count,
                            &built);
    if (r == -EINVAL || r == -E2BIG) {
        definitions_mistake(check, key, "term \"%s\" %s", text,
                            r == -E2BIG ? "is one too many" : "has nothing to match");
        return 0;
    }
    if (r < 0) {
        return r;
    }
    term = &topics->terms[topics->term_count++];
    *term = (struct topic_term){.text = text,
                                .folded = built->text,
                                .folded_len = built->len,
                                .label = label,
                                .weight = sign * weight};
    return 0;
}

static int read_list(struct topics *topics, struct definitions_check *check,
                     struct lexicon_builder *builder, uint32_t label, const char *key, double sign)
{
    const struct taxon_node *list = definitions_get(topics->labels.items[label].node, key);
    int r = 0;

    if (list == NULL) {
        return 0;
    }
    if (list->kind != TAXON_NODE_MAPPING) {
        definitions_mistake(check, list, "%s should be a mapping of terms to weights", key);
        return 0;
    }
    for (size_t i = 0; i < list->count && r == 0; i++) {
        r = read_term(topics, check, builder, label, definitions_key(list, i),
                      definitions_item(list, i), sign);
    }
    return r;
}

struct twin_search {
    const struct topics *topics;
    uint32_t term;
    uint32_t twin;
};

static void find_twin(void *data, uint32_t id, size_t begin, size_t end)
{
    struct twin_search *search = data;
    const struct topics *topics = search->topics;
    const struct topic_term *term = &topics->terms[search->term];
    const struct definition *labels = topics->labels.items;

    if (begin == 0 && end == term->folded_len && id < search->term &&
        topics->terms[id].folded_len == term->folded_len &&
        labels[topics->terms[id].label].root == labels[term->label].root) {
        search->twin = id;
    }
}

/* The lexicon finds every term in itself; a second one of the same root there is a mistake. */
static void check_twins(const struct topics *topics, struct definitions_check *check)
{
    for (uint32_t i = 0; i < topics->term_count; i++) {
        const struct topic_term *term = &topics->terms[i];
        struct twin_search search = {.topics = topics, .term = i, .twin = UINT32_MAX};

        lexicon_scan(topics->lexicon, term->folded, term->folded_len, 0, 1, find_twin, &search);
        if (search.twin != UINT32_MAX) {
            const struct definition *labels = topics->labels.items;

            definitions_mistake(check, labels[term->label].node, "term \"%s\" of %s is in %s, too",
                                term->text, labels[term->label].id,
                                labels[topics->terms[search.twin].label].id);
        }
    }
}

int topics_read_terms(struct topics *topics, struct definitions_check *check)
{
    struct taxon_opening *opening = check->opening;
    struct lexicon_builder builder;
    int r = 0;

    topics->terms =
        opening->host->keep(opening, (count_terms(&topics->labels) + 1) * sizeof(*topics->terms));
    if (topics->terms == NULL) {
        return -ENOMEM;
    }
    lexicon_builder_init(&builder);
    for (uint32_t i = 0; i < topics->labels.count && r == 0; i++) {
        r = read_list(topics, check, &builder, i, "terms", 1);
        if (r == 0) {
            r = read_list(topics, check, &builder, i, "negative", -1);
        }
    }
    if (r == 0) {
        r = lexicon_build(&builder, opening, &topics->lexicon);
    }
    if (r == 0) {
        check_twins(topics, check);
    }
    lexicon_builder_release(&builder);
    return r;
}
