/* text/charset_convert: bytes of one known charset to UTF-8. Inside core/text only. */
#ifndef TEXT_CHARSET_CONVERT_H
#define TEXT_CHARSET_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

/* The rivals, told apart by what they make of a sample, stand first. */
enum charset_id {
    CHARSET_GB18030,
    CHARSET_BIG5,
    CHARSET_SHIFT_JIS,
    CHARSET_EUC_JP,
    CHARSET_EUC_KR,
    CHARSET_WINDOWS_1252,
    CHARSET_WINDOWS_1251,
    CHARSET_KOI8_R,
    CHARSET_RIVAL_COUNT,
    CHARSET_UTF_16LE = CHARSET_RIVAL_COUNT,
    CHARSET_UTF_16BE,
    CHARSET_UTF_32LE,
    CHARSET_UTF_32BE,
    CHARSET_ICONV_COUNT, /* those before are converted by iconv(3) */
    CHARSET_UTF_8 = CHARSET_ICONV_COUNT,
    CHARSET_COUNT,
};

struct charset_converters {
    void *descriptors[CHARSET_ICONV_COUNT]; /* iconv_t */
    void *big5_other;                       /* what Big5 of Taiwan has and HKSCS has not */
};

struct charset_conversion {
    uint64_t illegal; /* sequences replaced by U+FFFD */
    bool cut;         /* not all of it had room */
};

/* What records call it: "GB18030", "Big5", "UTF-16LE", … */
const char *charset_name(enum charset_id id);

int charset_converters_open(struct charset_converters *converters, struct err *err) MUST_CHECK;
void charset_converters_close(struct charset_converters *converters);

/* Appends `bytes` as valid UTF-8 of at most `limit` bytes, cut at a character's border. 0 or
 * -ENOMEM. */
int charset_convert(struct charset_converters *converters, enum charset_id id, const char *bytes,
                    size_t len, size_t limit, struct strbuf *out_text,
                    struct charset_conversion *out_conversion) MUST_CHECK;

#endif
