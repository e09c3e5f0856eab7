/* text/charset_convert: bytes of one known charset to UTF-8. Inside core/text only. */
#ifndef TEXT_CHARSET_CONVERT_H
#define TEXT_CHARSET_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Rivals of several bytes a character stand first, then those of one, told apart by what they make
 * of a sample. */
enum charset_id {
    CHARSET_GB18030,
    CHARSET_BIG5,
    CHARSET_SHIFT_JIS,
    CHARSET_EUC_JP,
    CHARSET_EUC_KR,
    CHARSET_JOHAB,
    CHARSET_PAIRS_COUNT,
    /* As likely as one another, the earlier one is taken. */
    CHARSET_SINGLE_FIRST = CHARSET_PAIRS_COUNT,
    CHARSET_WINDOWS_1252 = CHARSET_SINGLE_FIRST,
    CHARSET_WINDOWS_1251,
    CHARSET_WINDOWS_1250,
    CHARSET_WINDOWS_1253,
    CHARSET_WINDOWS_1254,
    CHARSET_WINDOWS_1255,
    CHARSET_WINDOWS_1256,
    CHARSET_WINDOWS_1257,
    CHARSET_WINDOWS_1258,
    CHARSET_WINDOWS_874,
    CHARSET_KOI8_R,
    CHARSET_KOI8_U,
    CHARSET_ISO_8859_2,
    CHARSET_ISO_8859_3,
    CHARSET_ISO_8859_4,
    CHARSET_ISO_8859_5,
    CHARSET_ISO_8859_6,
    CHARSET_ISO_8859_7,
    CHARSET_ISO_8859_8,
    CHARSET_ISO_8859_10,
    CHARSET_ISO_8859_13,
    CHARSET_ISO_8859_14,
    CHARSET_ISO_8859_15,
    CHARSET_ISO_8859_16,
    CHARSET_MAC_CYRILLIC,
    CHARSET_MACINTOSH,
    CHARSET_IBM866,
    CHARSET_IBM855,
    CHARSET_IBM437,
    CHARSET_IBM737,
    CHARSET_IBM775,
    CHARSET_IBM850,
    CHARSET_IBM852,
    CHARSET_IBM857,
    CHARSET_IBM862,
    CHARSET_IBM869,
    CHARSET_KZ1048,
    CHARSET_PTCP154,
    CHARSET_EBCDIC_FIRST,
    CHARSET_IBM037 = CHARSET_EBCDIC_FIRST,
    CHARSET_IBM424,
    CHARSET_RIVAL_COUNT,
    CHARSET_UTF_16LE = CHARSET_RIVAL_COUNT,
    CHARSET_UTF_16BE,
    CHARSET_UTF_32LE,
    CHARSET_UTF_32BE,
    CHARSET_ISO_2022_JP,
    CHARSET_ISO_2022_KR,
    CHARSET_ISO_2022_CN,
    CHARSET_UTF_7,
    CHARSET_ICONV_COUNT, /* those before are converted by iconv(3) or tables made by it */
    CHARSET_HZ = CHARSET_ICONV_COUNT,
    CHARSET_UTF_8,
    CHARSET_COUNT,
};

#define CHARSET_SINGLE_COUNT (CHARSET_RIVAL_COUNT - CHARSET_SINGLE_FIRST)

/* Whether a character is one byte. */
static inline bool charset_is_single(enum charset_id id)
{
    return id >= CHARSET_SINGLE_FIRST && id < CHARSET_RIVAL_COUNT;
}

struct charset_converters {
    void *descriptors[CHARSET_ICONV_COUNT]; /* iconv_t; NULL for those of one byte a character */
    void *big5_other;                       /* what Big5 of Taiwan has and HKSCS has not */
    /* Code points of the basic plane by byte, U+FFFD where there is none. */
    uint16_t singles[CHARSET_SINGLE_COUNT][256];
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
