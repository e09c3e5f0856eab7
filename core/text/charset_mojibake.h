/* text/charset_mojibake: text that was read in the wrong charset and saved so, and back again.
 *
 * Three ways of it, the usual ones of pages in Chinese: UTF-8 that somebody read as GBK ("涓枃"),
 * or as Latin-1, windows-1252 or windows-1251 ("ä¸­æ–‡", "â€™"), and GBK, Big5 and their like read
 * as Latin-1 ("ÖÐÎÄ"). What was read wrongly is encoded again and decoded as what it was.
 */
#ifndef TEXT_CHARSET_MOJIBAKE_H
#define TEXT_CHARSET_MOJIBAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

#define CHARSET_MOJIBAKE_SINGLES 2

struct charset_decoder;

/* For charset.c. */
struct charset_mojibake_tables {
    void *to_gb18030; /* iconv_t */
    /* The byte of a code point in windows-1252 and windows-1251; 0 for none. */
    uint8_t bytes[CHARSET_MOJIBAKE_SINGLES][0x2200];
};

struct charset_mojibake {
    const char *charset; /* static: what the bytes were in; NULL: there is no mojibake */
    const char *read_as; /* static: what they were read as */
    uint64_t mended;     /* characters made right, had it been undone */
    uint64_t lost;       /* characters of which a byte is gone; they become U+FFFD */
    uint64_t others;     /* characters beyond ASCII that are no mojibake */
    double gain;         /* -1..1: how much more it looks like text afterwards */
    bool is_certain;     /* it is undone: *out_text is the mended text */
};

/* Looks at `text`, valid UTF-8 (any length; beyond 192 KiB at its head, middle and end), and undoes
 * it where nearly all of what is beyond ASCII is mojibake and the result looks more like text. At
 * most `limit` bytes are made; *out_text is `text` itself when nothing was undone, otherwise in
 * `scratch`, with a NUL behind it. 0 or -ENOMEM. */
int charset_undo(struct charset_decoder *decoder, const char *text, size_t len, size_t limit,
                 struct strbuf *scratch, struct charset_mojibake *out_mojibake,
                 const char **out_text, size_t *out_len) MUST_CHECK;

#endif
