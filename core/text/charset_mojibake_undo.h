/* text/charset_mojibake_undo: a text that was read in the wrong charset, made anew. For
 * charset_mojibake.c. */
#ifndef TEXT_CHARSET_MOJIBAKE_UNDO_H
#define TEXT_CHARSET_MOJIBAKE_UNDO_H

#include "text/charset_decoder.h"

struct charset_undoing {
    const char *read_as;
    unsigned table; /* in charset_mojibake_tables.bytes */
    const char *leads;
};

struct charset_undone {
    uint64_t mended;
    uint64_t long_ones; /* of them by charset_mojibake_single: of three bytes or four */
    uint64_t lost;
    uint64_t others;
};

int charset_mojibake_open(struct charset_mojibake_tables *tables,
                          const struct charset_converters *converters, struct err *err) MUST_CHECK;
void charset_mojibake_close(struct charset_mojibake_tables *tables);

/* UTF-8 read in a charset of one byte a character: each sequence that is whole becomes its
 * character, all else stays. Appends to `out_text` unless that is NULL; adds to *undone. */
void charset_mojibake_single(const struct charset_decoder *decoder,
                             const struct charset_undoing *undoing, const char *text, size_t len,
                             struct strbuf *out_text, struct charset_undone *undone);

/* UTF-8 read as GBK: each run beyond ASCII whose bytes are UTF-8, but for the cut at its end,
 * becomes that; all else stays. 0 or -ENOMEM. */
int charset_mojibake_gb18030(const struct charset_decoder *decoder, const char *text, size_t len,
                             struct strbuf *out_text, struct charset_undone *undone) MUST_CHECK;

/* The bytes that `text` was made of if it was read as Latin-1 or windows-1252; false when it has
 * characters of neither, or memory is short. */
bool charset_mojibake_bytes(const struct charset_decoder *decoder, const char *text, size_t len,
                            struct strbuf *out_bytes);

#endif
