/* text/charset: bytes to UTF-8.
 *
 * Order: byte order mark; strict UTF-8; UTF-16 without mark by its zero bytes and line ends; then
 * each rival (GB18030, Big5 with HKSCS, …) decodes a sample of the body and the one whose result
 * looks most like text (share of common characters, illegal sequences against it) wins. Conversion
 * is glibc's iconv, with descriptors opened before lock-down and kept (charset_open). Illegal input
 * becomes U+FFFD, one for each maximal bad sequence; a NUL stays.
 */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

#define CHARSET_RIVALS_MAX 4

struct charset_rival {
    const char *name; /* static */
    double score;     /* 0..1 */
};

struct charset_result {
    const char *name; /* static: "UTF-8", "GB18030", "Big5", "UTF-16LE", … */
    double score;     /* 0..1: how much it looks like text in that charset */
    size_t bom_len;   /* bytes of the mark that were dropped */
    uint64_t illegal; /* sequences replaced by U+FFFD */
    size_t rival_count;
    struct charset_rival rivals[CHARSET_RIVALS_MAX]; /* best first, without the winner */
};

struct charset_decoder;

/* Opens every converter, so that nothing is opened later. */
int charset_open(struct charset_decoder **out_decoder, struct err *err) MUST_CHECK;
void charset_close(struct charset_decoder *decoder);

/* Decides and decodes. `declared` (may be NULL): a label from outside, a hint that may lie.
 * Appends at most `limit` bytes, cut on a character border; *out_cut says so. For valid UTF-8
 * input nothing is copied: *out_text points into `raw` and `scratch` stays empty; otherwise into
 * `scratch`. `raw` must have a NUL after its last byte. 0 or -ENOMEM. */
int charset_decode(struct charset_decoder *decoder, const char *raw, size_t raw_len,
                   const char *declared, size_t limit, struct strbuf *scratch,
                   struct charset_result *out_result, const char **out_text, size_t *out_len,
                   int *out_cut) MUST_CHECK;

#endif
