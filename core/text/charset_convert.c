/* text/charset_convert: bytes of one known charset to UTF-8, whatever they are.
 *
 * Called by charset.c for a whole document and for the samples that rivals are judged by. glibc's
 * iconv(3) does the work; this file opens its modules early (after the lock-down they could not
 * be), and decides what stands for bytes that the charset does not have. It does not choose a
 * charset.
 */
#include "text/charset_convert.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset_escape.h"
#include "text/charset_single.h"

#define REPLACEMENT     "\xEF\xBF\xBD"
#define REPLACEMENT_LEN 3

/* How the charset's longer sequences are built, to know where an illegal one ends. */
enum structure {
    SINGLE,
    PAIRS,         /* a lead from 81 on and one more byte */
    PAIRS_OR_FOUR, /* GB18030 */
    EUC_JP,        /* pairs, and three bytes after 8F */
    UNITS_OF_TWO,
    UNITS_OF_FOUR,
};

#define SINGLE_BYTE(id, name, iconv_name) [CHARSET_##id] = {name, iconv_name, SINGLE, 0, NULL}

static const struct charset {
    const char *name;
    const char *iconv_name;
    enum structure structure;
    uint8_t trail_least; /* of the second bytes that are not ASCII */
    const char *warm_up; /* some of its bytes: the first conversion may load tables */
} charsets[CHARSET_COUNT] = {
    [CHARSET_GB18030] = {"GB18030", "GB18030", PAIRS_OR_FOUR, 0x80, "a\xD6\xD0\x81\x30\x84\x36"},
    [CHARSET_BIG5] = {"Big5", "BIG5-HKSCS", PAIRS, 0xA1, "a\xA4\xA4\x87\x40"},
    /* Microsoft's superset, which is what the web means by the name; likewise EUC-KR. */
    [CHARSET_SHIFT_JIS] = {"Shift_JIS", "CP932", PAIRS, 0x80, "a\x92\x86\xB1"},
    [CHARSET_EUC_JP] = {"EUC-JP", "EUC-JP-MS", EUC_JP, 0xA1, "a\xC3\xE6\x8F\xB0\xA1"},
    [CHARSET_EUC_KR] = {"EUC-KR", "UHC", PAIRS, 0x81, "a\xB0\xA1\x81\x41"},
    [CHARSET_JOHAB] = {"Johab", "JOHAB", PAIRS, 0x80, "a\x88\x61"},
    SINGLE_BYTE(WINDOWS_1252, "windows-1252", "CP1252"),
    SINGLE_BYTE(WINDOWS_1251, "windows-1251", "CP1251"),
    SINGLE_BYTE(WINDOWS_1250, "windows-1250", "CP1250"),
    SINGLE_BYTE(WINDOWS_1253, "windows-1253", "CP1253"),
    SINGLE_BYTE(WINDOWS_1254, "windows-1254", "CP1254"),
    SINGLE_BYTE(WINDOWS_1255, "windows-1255", "CP1255"),
    SINGLE_BYTE(WINDOWS_1256, "windows-1256", "CP1256"),
    SINGLE_BYTE(WINDOWS_1257, "windows-1257", "CP1257"),
    SINGLE_BYTE(WINDOWS_1258, "windows-1258", "CP1258"),
    SINGLE_BYTE(WINDOWS_874, "windows-874", "CP874"),
    SINGLE_BYTE(KOI8_R, "KOI8-R", "KOI8-R"),
    SINGLE_BYTE(KOI8_U, "KOI8-U", "KOI8-U"),
    SINGLE_BYTE(ISO_8859_2, "ISO-8859-2", "ISO-8859-2"),
    SINGLE_BYTE(ISO_8859_3, "ISO-8859-3", "ISO-8859-3"),
    SINGLE_BYTE(ISO_8859_4, "ISO-8859-4", "ISO-8859-4"),
    SINGLE_BYTE(ISO_8859_5, "ISO-8859-5", "ISO-8859-5"),
    SINGLE_BYTE(ISO_8859_6, "ISO-8859-6", "ISO-8859-6"),
    SINGLE_BYTE(ISO_8859_7, "ISO-8859-7", "ISO-8859-7"),
    SINGLE_BYTE(ISO_8859_8, "ISO-8859-8", "ISO-8859-8"),
    SINGLE_BYTE(ISO_8859_10, "ISO-8859-10", "ISO-8859-10"),
    SINGLE_BYTE(ISO_8859_13, "ISO-8859-13", "ISO-8859-13"),
    SINGLE_BYTE(ISO_8859_14, "ISO-8859-14", "ISO-8859-14"),
    SINGLE_BYTE(ISO_8859_15, "ISO-8859-15", "ISO-8859-15"),
    SINGLE_BYTE(ISO_8859_16, "ISO-8859-16", "ISO-8859-16"),
    SINGLE_BYTE(MAC_CYRILLIC, "x-mac-cyrillic", "MAC-CYRILLIC"),
    SINGLE_BYTE(MACINTOSH, "macintosh", "MACINTOSH"),
    SINGLE_BYTE(IBM866, "IBM866", "IBM866"),
    SINGLE_BYTE(IBM855, "IBM855", "IBM855"),
    SINGLE_BYTE(IBM437, "IBM437", "IBM437"),
    SINGLE_BYTE(IBM737, "IBM737", "CP737"),
    SINGLE_BYTE(IBM775, "IBM775", "CP775"),
    SINGLE_BYTE(IBM850, "IBM850", "IBM850"),
    SINGLE_BYTE(IBM852, "IBM852", "IBM852"),
    SINGLE_BYTE(IBM857, "IBM857", "IBM857"),
    SINGLE_BYTE(IBM862, "IBM862", "IBM862"),
    SINGLE_BYTE(IBM869, "IBM869", "IBM869"),
    SINGLE_BYTE(KZ1048, "KZ-1048", "RK1048"),
    SINGLE_BYTE(PTCP154, "PTCP154", "PT154"),
    SINGLE_BYTE(IBM037, "IBM037", "IBM037"),
    SINGLE_BYTE(IBM424, "IBM424", "IBM424"),
    [CHARSET_UTF_16LE] = {"UTF-16LE", "UTF-16LE", UNITS_OF_TWO, 0, "a-"},
    [CHARSET_UTF_16BE] = {"UTF-16BE", "UTF-16BE", UNITS_OF_TWO, 0, "a-"},
    [CHARSET_UTF_32LE] = {"UTF-32LE", "UTF-32LE", UNITS_OF_FOUR, 0, "----"},
    [CHARSET_UTF_32BE] = {"UTF-32BE", "UTF-32BE", UNITS_OF_FOUR, 0, "----"},
    [CHARSET_ISO_2022_JP] = {"ISO-2022-JP", "ISO-2022-JP-3", SINGLE, 0, "\x1B$B0!\x1B(B"},
    [CHARSET_ISO_2022_KR] = {"ISO-2022-KR", "ISO-2022-KR", SINGLE, 0, "\x1B$)C\x0E\x30\x21\x0F"},
    [CHARSET_ISO_2022_CN] = {"ISO-2022-CN", "ISO-2022-CN", SINGLE, 0, "\x1B$)A\x0EVP\x0F"},
    [CHARSET_UTF_7] = {"UTF-7", "UTF-7", SINGLE, 0, "+Ti0-"},
    [CHARSET_HZ] = {"HZ-GB-2312", NULL, SINGLE, 0, NULL},
    [CHARSET_UTF_8] = {"UTF-8", NULL, SINGLE, 0, NULL},
};

const char *charset_name(enum charset_id id)
{
    return charsets[id].name;
}

static int open_one(const char *name, const char *warm_up, void **out_descriptor, struct err *err)
{
    iconv_t descriptor = iconv_open("UTF-8", name);
    char bytes[16];
    char text[64];
    char *in = bytes;
    char *out = text;
    size_t in_left = strlen(warm_up);
    size_t out_left = sizeof text;

    if (descriptor == (iconv_t)-1)
        return err_set(err, -errno, "no converter for charset %s: glibc's gconv module is missing",
                       name);
    memcpy(bytes, warm_up, in_left);
    /* Its result does not matter; it is the look-ups that it makes. */
    (void)iconv(descriptor, &in, &in_left, &out, &out_left);
    *out_descriptor = descriptor;
    return 0;
}

int charset_converters_open(struct charset_converters *converters, struct err *err)
{
    int result = 0;

    memset(converters, 0, sizeof *converters);
    for (enum charset_id id = 0; id < CHARSET_ICONV_COUNT && result == 0; id++) {
        const struct charset *charset = &charsets[id];
        if (charset_is_single(id))
            result = charset_single_fill(charset->iconv_name,
                                         converters->singles[id - CHARSET_SINGLE_FIRST], err);
        else
            result =
                open_one(charset->iconv_name, charset->warm_up, &converters->descriptors[id], err);
    }
    if (result == 0)
        result = open_one("BIG5", "a\xA4\xA4", &converters->big5_other, err);
    if (result < 0)
        charset_converters_close(converters);
    return result;
}

void charset_converters_close(struct charset_converters *converters)
{
    for (int id = 0; id < CHARSET_ICONV_COUNT; id++)
        if (converters->descriptors[id] != NULL)
            iconv_close(converters->descriptors[id]);
    if (converters->big5_other != NULL)
        iconv_close(converters->big5_other);
    memset(converters, 0, sizeof *converters);
}

struct conversion {
    struct charset_converters *converters;
    enum charset_id id;
    const unsigned char *begin; /* of what the last call of iconv was given */
    const unsigned char *at;
    size_t left;
    struct strbuf *out;
    size_t room; /* of the limit */
    struct charset_conversion result;
};

/* Appends all of it or, without room, nothing more at all. */
static void put(struct conversion *conversion, const char *text, size_t len)
{
    if (conversion->result.cut || len > conversion->room) {
        conversion->result.cut = true;
        return;
    }
    strbuf_append(conversion->out, text, len);
    conversion->room -= len;
}

static void put_illegal(struct conversion *conversion, size_t len)
{
    put(conversion, REPLACEMENT, REPLACEMENT_LEN);
    conversion->result.illegal += !conversion->result.cut;
    conversion->at += len;
    conversion->left -= len;
}

static bool is_in(unsigned char byte, unsigned least, unsigned most)
{
    return byte >= least && byte <= most;
}

/* How many bytes the illegal sequence at `at` takes with it: whole ones that are built rightly but
 * stand for nothing; otherwise one byte, and never an ASCII byte besides: a stray lead byte before
 * '<' must not eat a tag. */
static size_t illegal_len(enum charset_id id, const unsigned char *at, size_t left)
{
    const struct charset *charset = &charsets[id];
    bool is_pair = left >= 2 && at[0] > 0x80 && is_in(at[1], charset->trail_least, 0xFE);

    switch (charset->structure) {
    case SINGLE:
        return 1;
    case PAIRS:
        return is_pair ? 2 : 1;
    case PAIRS_OR_FOUR:
        if (left >= 4 && is_in(at[0], 0x81, 0xFE) && is_in(at[1], '0', '9') &&
            is_in(at[2], 0x81, 0xFE) && is_in(at[3], '0', '9'))
            return 4;
        return is_pair && at[0] != 0xFF ? 2 : 1;
    case EUC_JP:
        if (at[0] == 0x8F)
            return is_pair && left >= 3 && at[2] >= 0xA1 ? 3 : 1;
        return is_pair ? 2 : 1;
    case UNITS_OF_TWO:
        return left < 2 ? left : 2;
    case UNITS_OF_FOUR:
        return left < 4 ? left : 4;
    }
    return 1;
}

/* A pair that HKSCS does not have but the Big5 of Taiwan and of Windows has. */
static bool put_big5_other(struct conversion *conversion)
{
    char *in = (char *)conversion->at;
    char text[8];
    char *out = text;
    size_t in_left = 2;
    size_t out_left = sizeof text;
    iconv_t descriptor = conversion->converters->big5_other;

    if (conversion->left < 2)
        return false;
    iconv(descriptor, NULL, NULL, NULL, NULL);
    /* Private use (U+E000 to U+F8FF) is how glibc says that there is no such character. */
    if (iconv(descriptor, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left > 0 ||
        (out - text == 3 && is_in((unsigned char)text[0], 0xEE, 0xEF) &&
         !((unsigned char)text[0] == 0xEF && (unsigned char)text[1] >= 0xA4)))
        return false;
    put(conversion, text, (size_t)(out - text));
    conversion->at += 2;
    conversion->left -= 2;
    return true;
}

/* glibc 2.36 calls A2 E8 of UHC illegal, but only after having read it: U+327E, which KS X 1001
 * got in 2002. */
static bool put_euc_kr_other(struct conversion *conversion)
{
    if (conversion->at - conversion->begin < 2 || conversion->at[-2] != 0xA2 ||
        conversion->at[-1] != 0xE8)
        return false;
    put(conversion, "㉾", strlen("㉾"));
    conversion->begin = conversion->at; /* once */
    return true;
}

static void put_bad_sequence(struct conversion *conversion)
{
    if (conversion->id == CHARSET_GB18030 && conversion->at[0] == 0x80) {
        put(conversion, "€", strlen("€")); /* as Windows' code page 936 has it */
        conversion->at++;
        conversion->left--;
        return;
    }
    if (conversion->id == CHARSET_BIG5 && put_big5_other(conversion))
        return;
    if (conversion->id == CHARSET_EUC_KR && put_euc_kr_other(conversion))
        return;
    put_illegal(conversion, illegal_len(conversion->id, conversion->at, conversion->left));
}

/* One call of iconv, with as much room as seems right. Returns 0 when all was read, errno of iconv
 * otherwise. */
static int step(struct conversion *conversion, iconv_t descriptor)
{
    size_t room = conversion->left + conversion->left / 2 + 64;
    if (room > conversion->room)
        room = conversion->room;
    char *out = strbuf_reserve(conversion->out, room);
    if (out == NULL)
        return ENOMEM;

    char *begin = out;
    char *in = (char *)conversion->at;
    size_t in_left = conversion->left;
    size_t out_left = room;
    int code = iconv(descriptor, &in, &in_left, &out, &out_left) == (size_t)-1 ? errno : 0;
    /* Big5 holds back a letter that a mark may follow. Where the set was switched by an escape,
     * this would switch it back: only at the end, then. */
    bool holds = conversion->id < CHARSET_ISO_2022_JP || in_left == 0;
    if (code != E2BIG && holds && iconv(descriptor, NULL, NULL, &out, &out_left) == (size_t)-1)
        code = E2BIG;
    strbuf_added(conversion->out, (size_t)(out - begin));
    conversion->begin = conversion->at;
    conversion->at = (const unsigned char *)in;
    conversion->left = in_left;
    if (code == E2BIG && room == conversion->room)
        conversion->result.cut = true;
    conversion->room -= (size_t)(out - begin);
    return code;
}

static int convert_by_iconv(struct conversion *conversion)
{
    iconv_t descriptor = conversion->converters->descriptors[conversion->id];
    int code = 0;

    iconv(descriptor, NULL, NULL, NULL, NULL);
    do {
        code = step(conversion, descriptor);
        if (code == ENOMEM)
            return -ENOMEM;
        if (code == EILSEQ || code == EINVAL)
            put_bad_sequence(conversion);
    } while (conversion->left > 0 && !conversion->result.cut);
    return conversion->out->failed ? -ENOMEM : 0;
}

static int convert_utf8(struct conversion *conversion)
{
    while (conversion->left > 0 && !conversion->result.cut) {
        const char *text = (const char *)conversion->at;
        size_t valid = utf8_valid_prefix(text, conversion->left);
        if (valid > conversion->room) {
            valid = utf8_floor(text, valid, conversion->room);
            conversion->result.cut = true;
        }
        strbuf_append(conversion->out, text, valid);
        conversion->room -= valid;
        conversion->at += valid;
        conversion->left -= valid;
        if (conversion->left > 0 && !conversion->result.cut)
            put_illegal(conversion,
                        utf8_illegal_len((const char *)conversion->at, conversion->left));
    }
    return conversion->out->failed ? -ENOMEM : 0;
}

static int convert_hz(struct charset_converters *converters, const char *bytes, size_t len,
                      size_t limit, struct strbuf *out_text,
                      struct charset_conversion *out_conversion)
{
    struct strbuf gb = STRBUF_INIT;

    charset_escape_hz(bytes, len, &gb);
    int result = gb.failed ? -ENOMEM
                           : charset_convert(converters, CHARSET_GB18030, strbuf_text(&gb), gb.len,
                                             limit, out_text, out_conversion);
    strbuf_release(&gb);
    return result;
}

int charset_convert(struct charset_converters *converters, enum charset_id id, const char *bytes,
                    size_t len, size_t limit, struct strbuf *out_text,
                    struct charset_conversion *out_conversion)
{
    struct conversion conversion = {
        .converters = converters,
        .id = id,
        .at = (const unsigned char *)bytes,
        .left = len,
        .out = out_text,
        .room = limit,
    };
    int result = 0;

    *out_conversion = conversion.result;
    /* Those of escapes have no bytes beyond ASCII, and glibc 2.36 reads past the end of the input
     * when ISO-2022-CN has: charset_escape() never names them then. */
    if (id >= CHARSET_ISO_2022_JP && !utf8_is_ascii(bytes, len))
        conversion.id = id = CHARSET_UTF_8;
    if (id == CHARSET_HZ)
        return convert_hz(converters, bytes, len, limit, out_text, out_conversion);
    if (charset_is_single(id))
        return charset_single_convert(converters->singles[id - CHARSET_SINGLE_FIRST], bytes, len,
                                      limit, out_text, out_conversion);
    if (len > 0)
        result = id == CHARSET_UTF_8 ? convert_utf8(&conversion) : convert_by_iconv(&conversion);
    *out_conversion = conversion.result;
    return result;
}
