/* text/damage: what is broken in a document, by name and number.
 *
 * Each kind is found where it can be seen: glosses by the folding, bytes by decoding, mojibake by
 * charset_undo, the cut by the limit; the rest here, in the text that plugins read. Finding is
 * counting: what may be mended for matching is mended by the folding, and the text keeps what it
 * had.
 */
#ifndef TEXT_DAMAGE_H
#define TEXT_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which records list them. */
enum damage_kind {
    DAMAGE_PINYIN_GLOSS,
    DAMAGE_ILLEGAL_BYTES,
    DAMAGE_CUT,
    DAMAGE_MOJIBAKE,
    DAMAGE_LOST_CHARACTERS,
    DAMAGE_DOUBLE_ENTITIES,
    DAMAGE_CONTROL_CHARACTERS,
    DAMAGE_TRUNCATED,
    DAMAGE_KINDS
};

struct damage_counts {
    uint64_t lost;     /* characters that were U+FFFD or '?' before we got them */
    uint64_t entities; /* character references that a text should not show */
    uint64_t controls; /* control characters other than white space */
};

/* Looks at the text of a document (valid UTF-8), of which decoding itself has replaced `illegal`
 * sequences. */
void damage_count(const char *text, size_t len, uint64_t illegal, struct damage_counts *out_counts);

/* Whether a page or text breaks off: HTML that begins with its tags and ends within one, or without
 * </body> and </html>; any text that ends in the middle of a character (`ends_illegal`: decoding
 * has replaced its last bytes). `text` is the decoded input, not a reader's. */
bool damage_is_truncated(const char *text, size_t len, bool is_html, bool ends_illegal);

#endif
