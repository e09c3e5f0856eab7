/* config/options_words: option tables in words: ranges in their units, and the nearest known name.
 *
 * Called for messages and by the Markdown printer. It reads no YAML.
 */
#include "config/options_value.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "config/options_number.h"
#include "config/yaml.h"

bool value_has_range(const struct taxon_option *row)
{
    uint32_t type = row->element != 0 ? row->element : row->type;
    bool is_number = type == TAXON_OPTION_INT || type == TAXON_OPTION_REAL ||
                     type == TAXON_OPTION_DURATION || type == TAXON_OPTION_BYTES;

    return is_number && (row->min < 0 || row->min > 0 || row->max < 0 || row->max > 0);
}

void value_describe_range(const struct taxon_option *row, struct strbuf *out_text)
{
    uint32_t type = row->element != 0 ? row->element : row->type;

    if (!value_has_range(row))
        return;
    if (isinf(row->max)) {
        strbuf_puts(out_text, "at least ");
        number_print(type, row->min, out_text);
    } else if (isinf(row->min)) {
        strbuf_puts(out_text, "at most ");
        number_print(type, row->max, out_text);
    } else {
        strbuf_puts(out_text, "between ");
        number_print(type, row->min, out_text);
        strbuf_puts(out_text, " and ");
        number_print(type, row->max, out_text);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct word {
    uint32_t characters[OPTIONS_NAME_MAX];
    size_t len;
};

/* A person mistypes characters, not bytes: one Chinese character is one slip. False: too long. */
static bool read_word(const char *text, struct word *out_word)
{
    size_t len = strnlen(text, OPTIONS_NAME_MAX * 4 + 1);

    out_word->len = 0;
    for (size_t i = 0; i < len;) {
        uint32_t character = (unsigned char)text[i]; /* when it is not UTF-8 */
        size_t n = utf8_decode(text + i, len - i, &character);
        if (out_word->len == OPTIONS_NAME_MAX)
            return false;
        out_word->characters[out_word->len++] = character;
        i += n == 0 ? 1 : n;
    }
    return true;
}

/* Edit distance where two neighbours that changed places count once (optimal string alignment). */
static size_t distance(const struct word *a, const struct word *b)
{
    size_t rows[3][OPTIONS_NAME_MAX + 1];
    size_t *before = rows[0]; /* two rows up */
    size_t *above = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b->len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a->len; i++) {
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
        row[0] = i;
        for (size_t j = 1; j <= b->len; j++) {
            bool differ = a->characters[i - 1] != b->characters[j - 1];
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + differ);
            if (i > 1 && j > 1 && a->characters[i - 1] == b->characters[j - 2] &&
                a->characters[i - 2] == b->characters[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return row[b->len];
}

const char *options_nearest(const char *name, const char *const *candidates, size_t count)
{
    struct word word;
    struct word candidate;
    const char *nearest = NULL;

    if (!read_word(name, &word))
        return NULL;
    size_t limit = word.len < 3 ? 1 : word.len / 3;
    for (size_t i = 0; i < count; i++) {
        if (!read_word(candidates[i], &candidate))
            continue;
        size_t edits = distance(&word, &candidate);
        if (edits <= limit && (nearest == NULL || edits < limit)) {
            nearest = candidates[i];
            limit = edits;
        }
    }
    return nearest;
}

/* "; did you mean 'color'?", or what there is. */
static void suggest(const char *name, const char *const *known, size_t count, struct strbuf *out)
{
    const char *nearest = options_nearest(name, known, count);

    if (nearest != NULL) {
        strbuf_printf(out, "; did you mean '%s'?", nearest);
        return;
    }
    strbuf_puts(out, count == 0 ? "; none is known" : "; known: ");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(out, i == 0 ? "" : ", ");
        strbuf_puts(out, known[i]);
    }
}

int options_unknown(struct err *err, const struct taxon_node *node, const char *what,
                    const char *const *known, size_t count)
{
    struct strbuf text = STRBUF_INIT;

    suggest(node->text, known, count, &text);
    int code = yaml_error(err, node, "unknown %s '%s'%s", what, node->text, strbuf_text(&text));
    strbuf_release(&text);
    return code;
}

int value_unknown_choice(struct err *err, const struct taxon_node *node, const char *what,
                         const char *const *choices, size_t count)
{
    struct strbuf text = STRBUF_INIT;

    suggest(node->text, choices, count, &text);
    int code = yaml_error(err, node, "%s cannot be '%s'%s", what, node->text, strbuf_text(&text));
    strbuf_release(&text);
    return code;
}
