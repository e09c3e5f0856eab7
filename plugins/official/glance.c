/* glance: whether a closer look is worth it. Most documents are no official ones, and are told so
 * here, from the ends of their first lines.
 *
 * Called first for each document. A document passes when one of the first lines ends like a title
 * of some kind, or with a number of a document. Nothing is allocated.
 */
#include <string.h>

#include "number.h"
#include "official.h"
#include "words.h"

#define GLANCE_BYTES 16384
#define LINE_MAX_    400 /* bytes: a longer one is no title */

/* Can a line that ends with these three bytes be a title or a number? */
static int may_end(const struct kinds *kinds, const char *last)
{
    if (last[2] == ')' || memcmp(last, "号", 3) == 0) {
        return 1;
    }
    for (size_t i = 0; i < kinds->ending_count; i++) {
        const struct ending *ending = &kinds->endings[i];

        if (ending->len >= 3 && memcmp(ending->text + ending->len - 3, last, 3) == 0) {
            return 1;
        }
    }
    return 0;
}

static int speaks_for(const struct kinds *kinds, const char *text, size_t begin, size_t end)
{
    struct piece piece;
    struct number number;
    size_t at;

    piece_take_range(&piece, text, begin, end);
    return kinds_of_title(kinds, piece.text, piece.len, &at) != NULL ||
           (words_ends(piece.text, piece.len, "号") &&
            number_find(piece.text, piece.len, 0, 0, &number) && number.year > 0);
}

int glance(const struct kinds *kinds, const struct taxon_document *document)
{
    const char *text = document->folded;
    size_t len = document->folded_len;
    size_t stop = len < GLANCE_BYTES ? len : GLANCE_BYTES;
    size_t begin = 0;

    for (unsigned line = 0; line < HEAD_LINES && begin < stop; line++) {
        const char *mark = memchr(text + begin, '\n', stop - begin);
        size_t end = mark == NULL ? stop : (size_t)(mark - text);

        if (end - begin >= 3 && end - begin <= LINE_MAX_ && may_end(kinds, text + end - 3) &&
            speaks_for(kinds, text, begin, end)) {
            return 1;
        }
        begin = end + 1;
    }
    return 0;
}
