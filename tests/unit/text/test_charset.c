/* Tests of core/text/charset: the decision, and that decoded text is always valid and within its
 * limit. Texts are encoded here by iconv(3); what comes back must be what went in. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset_convert.h"

#include "../base/suite.h"

#define SIMPLIFIED                                                                                                             \
    "据介绍，今年以来，我市积极推动产业发展，加强生态环境保护，人民生活水平不断提高。" \
    "会议要求，各部门要认真落实工作任务，确保全年目标实现。\n"
#define TRADITIONAL                                                                                                            \
    "據介紹，今年以來，本市積極推動產業發展，加強生態環境保護，人民生活水準不斷提高。" \
    "會議要求，各部門要認真落實工作任務，確保全年目標實現。\n"
#define JAPANESE                                                                                   \
    "市は今年、産業の振興と環境の保護を進めており、市民の生活も良くなっていると発表した。\n"
#define KOREAN                                                                                     \
    "시는 올해 산업 발전과 환경 보호를 추진하고 있으며 시민들의 생활도 나아졌다고 했다.\n"
#define RUSSIAN "Администрация города сообщила, что в этом году было открыто пять новых школ.\n"
#define FRENCH  "La ville a annoncé qu'elle avait créé cinq écoles cette année, déjà très utiles.\n"
#define UKRAINIAN                                                                                  \
    "Міська рада повідомила, що цього року відкрито п'ять нових шкіл і їхні бібліотеки.\n"
#define KAZAKH                                                                                     \
    "Қала әкімдігі биыл бес жаңа мектеп ашылғанын және оларға кітаптар берілгенін айтты.\n"
#define POLISH                                                                                     \
    "Urząd miasta ogłosił, że w tym roku otwarto pięć szkół, żłobek i bibliotekę główną.\n"
#define GREEK "Ο δήμος ανακοίνωσε ότι φέτος άνοιξαν πέντε νέα σχολεία και μία δημόσια βιβλιοθήκη.\n"
#define TURKISH                                                                                    \
    "Belediye bu yıl beş yeni okulun açıldığını ve çocuklara kitap dağıtıldığını açıkladı.\n"
#define HEBREW                                                                                     \
    "העירייה הודיעה כי השנה נפתחו חמישה בתי ספר חדשים וספרייה ציבורית גדולה במרכז העיר.\n"
#define ARABIC "أعلنت البلدية أن خمس مدارس جديدة قد فتحت أبوابها هذا العام في وسط المدينة.\n"
#define LATVIAN                                                                                    \
    "Pašvaldība paziņoja, ka šogad atvērtas piecas jaunas skolas un bērnu bibliotēka pilsētā.\n"
#define THAI "เทศบาลเมืองประกาศว่าปีนี้ได้เปิดโรงเรียนใหม่ห้าแห่งและห้องสมุดสำหรับประชาชน\n"

static struct charset_decoder *decoder;

static void setup(void)
{
    struct err err;

    ck_assert_msg(charset_open(&decoder, &err) == 0, "%s", err.text);
}

static void teardown(void)
{
    charset_close(decoder);
}

struct decoded {
    struct charset_result charset;
    struct strbuf scratch;
    char *raw; /* exactly len and a NUL, so that a sanitizer sees a step too far */
    const char *text;
    size_t len;
    int cut;
};

static struct decoded decode_within(const char *bytes, size_t len, const char *declared,
                                    size_t limit)
{
    struct decoded decoded = {.scratch = STRBUF_INIT, .raw = malloc(len + 1)};

    ck_assert_ptr_nonnull(decoded.raw);
    memcpy(decoded.raw, bytes, len);
    decoded.raw[len] = '\0';
    ck_assert_int_eq(charset_decode(decoder, decoded.raw, len, declared, limit, &decoded.scratch,
                                    &decoded.charset, &decoded.text, &decoded.len, &decoded.cut),
                     0);
    ck_assert_uint_le(decoded.len, limit);
    ck_assert(utf8_is_valid(decoded.text, decoded.len));
    ck_assert(decoded.charset.score >= 0 && decoded.charset.score <= 1);
    ck_assert_uint_le(decoded.charset.rival_count, CHARSET_RIVALS_MAX);
    for (size_t i = 0; i < decoded.charset.rival_count; i++) {
        ck_assert_str_ne(decoded.charset.rivals[i].name, decoded.charset.name);
        ck_assert(decoded.charset.rivals[i].score <= decoded.charset.score);
    }
    return decoded;
}

static struct decoded decode(const char *bytes, size_t len)
{
    return decode_within(bytes, len, NULL, SIZE_MAX / 4);
}

static void done(struct decoded *decoded)
{
    strbuf_release(&decoded->scratch);
    free(decoded->raw);
}

/* `text` in the charset that iconv calls `name`; released by the caller. */
static struct strbuf encode(const char *name, const char *text)
{
    struct strbuf bytes = STRBUF_INIT;
    iconv_t descriptor = iconv_open(name, "UTF-8");
    char *in = (char *)text;
    size_t in_left = strlen(text);
    size_t out_left = in_left * 4 + 8;

    ck_assert_ptr_ne(descriptor, (iconv_t)-1);
    char *begin = strbuf_reserve(&bytes, out_left);
    char *out = begin;
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(iconv(descriptor, &in, &in_left, &out, &out_left), 0);
    strbuf_added(&bytes, (size_t)(out - begin));
    iconv_close(descriptor);
    return bytes;
}

static void check_decodes(const char *bytes, size_t len, const char *name, const char *text,
                          uint64_t illegal)
{
    struct decoded decoded = decode(bytes, len);

    ck_assert_msg(strcmp(decoded.charset.name, name) == 0, "%s, not %s: %.60s",
                  decoded.charset.name, name, text);
    ck_assert_uint_eq(decoded.len, strlen(text));
    ck_assert_mem_eq(decoded.text, text, decoded.len);
    ck_assert_uint_eq(decoded.charset.illegal, illegal);
    ck_assert_int_eq(decoded.cut, 0);
    done(&decoded);
}

static const struct {
    const char *iconv_name;
    const char *name;
    const char *text;
} encodings[] = {
    {"UTF-8", "UTF-8", SIMPLIFIED},
    {"GB18030", "GB18030", SIMPLIFIED},
    {"GB18030", "GB18030", TRADITIONAL},
    {"BIG5-HKSCS", "Big5", TRADITIONAL},
    {"CP932", "Shift_JIS", JAPANESE},
    {"EUC-JP", "EUC-JP", JAPANESE},
    {"UHC", "EUC-KR", KOREAN},
    {"JOHAB", "Johab", KOREAN},
    {"CP1251", "windows-1251", RUSSIAN},
    {"KOI8-R", "KOI8-R", RUSSIAN},
    {"ISO-8859-5", "ISO-8859-5", RUSSIAN},
    {"IBM866", "IBM866", RUSSIAN},
    {"IBM855", "IBM855", RUSSIAN},
    {"MAC-CYRILLIC", "x-mac-cyrillic", RUSSIAN},
    {"KOI8-U", "KOI8-U", UKRAINIAN},
    {"CP1251", "windows-1251", UKRAINIAN},
    {"RK1048", "KZ-1048", KAZAKH},
    {"PT154", "PTCP154", KAZAKH},
    {"CP1252", "windows-1252", FRENCH},
    {"CP1250", "windows-1250", POLISH},
    {"ISO-8859-2", "ISO-8859-2", POLISH},
    {"IBM852", "IBM852", POLISH},
    {"CP1253", "windows-1253", GREEK},
    {"ISO-8859-7", "ISO-8859-7", "Άνοιξαν φέτος, " GREEK},
    {"IBM869", "IBM869", GREEK},
    {"CP1254", "windows-1254", TURKISH},
    {"IBM857", "IBM857", TURKISH},
    {"CP1255", "windows-1255", HEBREW},
    {"CP1256", "windows-1256", ARABIC},
    {"ISO-8859-6", "ISO-8859-6", ARABIC},
    {"CP1257", "windows-1257", LATVIAN},
    {"CP775", "IBM775", LATVIAN},
    {"CP874", "windows-874", THAI},
    {"UTF-16LE", "UTF-16LE", SIMPLIFIED},
    {"UTF-16BE", "UTF-16BE", TRADITIONAL},
    {"UTF-16LE", "UTF-16LE", FRENCH},
    {"UTF-16BE", "UTF-16BE", "plain ASCII text\n"},
    {"UTF-16LE", "UTF-16LE", RUSSIAN},
    {"UTF-32LE", "UTF-32LE", SIMPLIFIED},
    {"UTF-32BE", "UTF-32BE", FRENCH},
};

#define ENCODINGS (sizeof encodings / sizeof *encodings)

START_TEST(each_charset)
{
    for (size_t i = 0; i < ENCODINGS; i++) {
        struct strbuf bytes = encode(encodings[i].iconv_name, encodings[i].text);
        check_decodes(bytes.data, bytes.len, encodings[i].name, encodings[i].text, 0);
        strbuf_release(&bytes);
    }
}
END_TEST

/* The head of a page is another language's, or ASCII: the body decides. */
START_TEST(body_behind_a_long_head)
{
    for (size_t i = 0; i < ENCODINGS; i++) {
        if (strncmp(encodings[i].name, "UTF-", 4) == 0)
            continue;
        struct strbuf bytes = STRBUF_INIT;
        struct strbuf body = encode(encodings[i].iconv_name, encodings[i].text);
        for (unsigned line = 0; line < 1000; line++)
            strbuf_puts(&bytes, "<meta name=\"keywords\" content=\"a,b,c,d\"/>\n");
        for (unsigned line = 0; line < 200; line++)
            strbuf_append(&bytes, body.data, body.len);
        struct decoded decoded = decode(bytes.data, bytes.len);
        ck_assert_str_eq(decoded.charset.name, encodings[i].name);
        ck_assert_uint_eq(decoded.charset.illegal, 0);
        done(&decoded);
        strbuf_release(&body);
        strbuf_release(&bytes);
    }
}
END_TEST

START_TEST(marks)
{
    check_decodes("\xEF\xBB\xBF"
                  "中",
                  6, "UTF-8", "中", 0);
    check_decodes("\xFF\xFE"
                  "-N",
                  4, "UTF-16LE", "中", 0);
    check_decodes("\xFE\xFF"
                  "N-",
                  4, "UTF-16BE", "中", 0);
    check_decodes("\xFF\xFE\0\0"
                  "-N\0\0",
                  8, "UTF-32LE", "中", 0);
    check_decodes("\0\0\xFE\xFF"
                  "\0\0N-",
                  8, "UTF-32BE", "中", 0);
    check_decodes("\x84\x31\x95\x33\xD6\xD0", 6, "GB18030", "中", 0);
    check_decodes("\xEF\xBB\xBF", 3, "UTF-8", "", 0);
    check_decodes("\xFF\xFE", 2, "UTF-16LE", "", 0);
    struct decoded decoded = decode("\xFE\xFF"
                                    "N-",
                                    4);
    ck_assert_uint_eq(decoded.charset.bom_len, 2);
    done(&decoded);
}
END_TEST

START_TEST(plain_and_empty)
{
    check_decodes("", 0, "UTF-8", "", 0);
    check_decodes("abc\n", 4, "UTF-8", "abc\n", 0);
    struct decoded decoded = decode("中文", 6);
    ck_assert_ptr_eq(decoded.text, decoded.raw); /* nothing copied */
    ck_assert_uint_eq(decoded.scratch.len, 0);
    done(&decoded);
}
END_TEST

START_TEST(embedded_nul)
{
    struct decoded decoded = decode("text with a \0 in it", 19);

    ck_assert_str_eq(decoded.charset.name, "UTF-8");
    ck_assert_uint_eq(decoded.len, 19);
    done(&decoded);
    struct strbuf bytes = encode("GB18030", SIMPLIFIED);
    bytes.data[bytes.len - 1] = '\0'; /* the line end */
    decoded = decode(bytes.data, bytes.len);
    ck_assert_str_eq(decoded.charset.name, "GB18030");
    ck_assert_uint_eq(decoded.len, strlen(SIMPLIFIED));
    ck_assert_int_eq(decoded.text[decoded.len - 1], '\0');
    done(&decoded);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(damaged_utf8)
{
    /* Cut in the middle of the last character. */
    check_decodes("中文字\xE4\xB8", 11, "UTF-8", "中文字\uFFFD", 1);
    check_decodes("a\xC3\xA9\xF0\x9F\x98", 6, "UTF-8", "aé\uFFFD", 1);
    /* One bad byte in much that is good, and what it was worth. */
    check_decodes(SIMPLIFIED "\xFF" SIMPLIFIED, 2 * strlen(SIMPLIFIED) + 1, "UTF-8",
                  SIMPLIFIED "\uFFFD" SIMPLIFIED, 1);
    check_decodes(SIMPLIFIED "\xE4\xB8<\xED\xA0\x80", strlen(SIMPLIFIED) + 6, "UTF-8",
                  SIMPLIFIED "\uFFFD<\uFFFD\uFFFD\uFFFD", 4);
}
END_TEST

/* All ASCII, and yet not. */
START_TEST(escapes)
{
    static const struct {
        const char *iconv_name;
        const char *name;
        const char *text;
    } texts[] = {
        {"ISO-2022-JP", "ISO-2022-JP", JAPANESE},
        {"ISO-2022-KR", "ISO-2022-KR", KOREAN},
        {"ISO-2022-CN", "ISO-2022-CN", "市政府发布了新的计划。\n"},
        {"UTF-7", "UTF-7", "中文 and 中文 again.\n"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct strbuf bytes = encode(texts[i].iconv_name, texts[i].text);
        check_decodes(bytes.data, bytes.len, texts[i].name, texts[i].text, 0);
        strbuf_release(&bytes);
    }
    const char hz[] = "a ~~ b ~{VPND~} c ~{VPND~}\nd~\ne";
    check_decodes(hz, sizeof hz - 1, "HZ-GB-2312", "a ~ b 中文 c 中文\nde", 0);
    /* What ordinary text has of these characters. */
    const char plain[] = "a+b, C++, 1+1=2, +86-10, ~{x}, \x1B[0m, a~b, +AGE-\n";
    check_decodes(plain, sizeof plain - 1, "UTF-8", plain, 0);
    struct decoded decoded = decode_within("+Ti0-", 5, "utf-7", 100);
    ck_assert_str_eq(decoded.charset.name, "UTF-7");
    done(&decoded);
}
END_TEST

/* A mark that the bytes behind it belie. */
START_TEST(marks_that_lie)
{
    struct strbuf bytes = STRBUF_INIT;
    struct strbuf body = encode("GB18030", SIMPLIFIED);

    strbuf_puts(&bytes, "\xEF\xBB\xBF");
    strbuf_append(&bytes, body.data, body.len);
    struct decoded decoded = decode(bytes.data, bytes.len);
    ck_assert_str_eq(decoded.charset.name, "GB18030");
    ck_assert_uint_eq(decoded.charset.bom_len, 3);
    ck_assert_uint_eq(decoded.charset.illegal, 0);
    done(&decoded);
    strbuf_release(&body);
    strbuf_clear(&bytes);
    body = encode("CP1251", "яю" RUSSIAN); /* FF FE */
    decoded = decode(body.data, body.len);
    ck_assert_str_eq(decoded.charset.name, "windows-1251");
    ck_assert_uint_eq(decoded.charset.bom_len, 0);
    done(&decoded);
    strbuf_release(&bytes);
    strbuf_release(&body);
}
END_TEST

/* EBCDIC, and text that merely has no byte below 40. */
START_TEST(ebcdic)
{
    struct strbuf bytes = encode("IBM037", "the council met yesterday to discuss the new plan "
                                           "for schools and roads in the town");

    struct decoded decoded = decode(bytes.data, bytes.len);
    ck_assert_str_eq(decoded.charset.name, "IBM037");
    done(&decoded);
    strbuf_release(&bytes);
}
END_TEST

/* Scripts and tags are not what a page is judged by, unless it has nothing else. */
START_TEST(scripts_and_tags)
{
    struct strbuf bytes = STRBUF_INIT;
    struct strbuf text = encode("GB18030", SIMPLIFIED);
    struct strbuf other = encode("CP1251", RUSSIAN);

    for (unsigned i = 0; i < 40; i++) {
        strbuf_puts(&bytes, "<p>");
        strbuf_append(&bytes, text.data, text.len);
        strbuf_puts(&bytes, "<Script type=a>'");
        for (unsigned k = 0; k < 5; k++)
            strbuf_append(&bytes, other.data, other.len);
        strbuf_puts(&bytes, "'</sCRIPT><!--");
        strbuf_append(&bytes, other.data, other.len);
        strbuf_puts(&bytes, "--></p>\n");
    }
    struct decoded decoded = decode(bytes.data, bytes.len);
    ck_assert_str_eq(decoded.charset.name, "GB18030");
    done(&decoded);
    strbuf_clear(&bytes);
    strbuf_puts(&bytes, "<script>");
    strbuf_append(&bytes, other.data, other.len);
    strbuf_puts(&bytes, "</script>");
    decoded = decode(bytes.data, bytes.len);
    ck_assert_str_eq(decoded.charset.name, "windows-1251");
    done(&decoded);
    strbuf_release(&bytes);
    strbuf_release(&text);
    strbuf_release(&other);
}
END_TEST

/* Bytes of no text: nothing speaks for any charset, and the record shall not claim so. */
START_TEST(no_text)
{
    char bytes[4096];
    uint32_t random = 1;

    for (size_t i = 0; i < sizeof bytes; i++) {
        random = random * 1664525 + 1013904223;
        bytes[i] = (char)(random >> 24);
    }
    struct decoded decoded = decode(bytes, sizeof bytes);
    ck_assert(decoded.charset.score <= 0);
    done(&decoded);
}
END_TEST

/* Every prefix of a text decodes to a prefix of it, but for the character that was cut. */
START_TEST(every_prefix)
{
    for (size_t i = 0; i < ENCODINGS; i++) {
        struct strbuf bytes = encode(encodings[i].iconv_name, encodings[i].text);
        for (size_t len = 0; len <= bytes.len; len++) {
            struct decoded decoded = decode(bytes.data, len);
            if (len > 60) {
                ck_assert_msg(strcmp(decoded.charset.name, encodings[i].name) == 0,
                              "%s at %zu of %s", decoded.charset.name, len, encodings[i].name);
                ck_assert_uint_le(decoded.charset.illegal, 1);
                size_t same = decoded.len - decoded.charset.illegal * strlen("\uFFFD");
                ck_assert_mem_eq(decoded.text, encodings[i].text, same);
            }
            done(&decoded);
        }
        strbuf_release(&bytes);
    }
}
END_TEST

/* Every pair of bytes in every charset, and a line end behind it that no sequence may eat. */
START_TEST(every_pair_of_bytes)
{
    struct charset_converters converters;
    struct charset_conversion conversion;
    struct strbuf text = STRBUF_INIT;

    ck_assert_int_eq(charset_converters_open(&converters, NULL), 0);
    for (enum charset_id id = 0; id < CHARSET_COUNT; id++) {
        /* Where a line end is another byte, or an escape may hide it. */
        bool is_other = id >= CHARSET_EBCDIC_FIRST && id <= CHARSET_HZ;
        for (unsigned pair = 0; pair < 0x10000; pair++) {
            char bytes[3] = {(char)(pair >> 8), (char)pair, '\n'};
            strbuf_clear(&text);
            ck_assert_int_eq(charset_convert(&converters, id, bytes, 3, 100, &text, &conversion),
                             0);
            if (!utf8_is_valid(text.data, text.len) || conversion.illegal > 3 || conversion.cut ||
                (!is_other && (text.len == 0 || text.data[text.len - 1] != '\n')))
                ck_abort_msg("%s: %04x", charset_name(id), pair);
        }
    }
    strbuf_release(&text);
    charset_converters_close(&converters);
}
END_TEST

/* A lead byte without its trail must not eat what follows. */
START_TEST(ascii_survives_stray_leads)
{
    static const char *const names[] = {"GB18030", "BIG5-HKSCS", "CP932", "EUC-JP", "UHC"};
    static const char *const texts[] = {SIMPLIFIED, TRADITIONAL, JAPANESE, JAPANESE, KOREAN};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct strbuf bytes = encode(names[i], texts[i]);
        strbuf_append(&bytes, "\xE0<b>\xE0 1\xE0\n", 9);
        struct decoded decoded = decode(bytes.data, bytes.len);
        const char *tail = "\uFFFD<b>\uFFFD 1\uFFFD\n";
        ck_assert_uint_eq(decoded.charset.illegal, 3);
        ck_assert_uint_eq(decoded.len, strlen(texts[i]) + strlen(tail));
        ck_assert_str_eq(decoded.text + strlen(texts[i]), tail);
        done(&decoded);
        strbuf_release(&bytes);
    }
}
END_TEST

START_TEST(gb18030_extras)
{
    struct strbuf bytes = encode("GB18030", SIMPLIFIED "㐀😀");

    check_decodes(bytes.data, bytes.len, "GB18030", SIMPLIFIED "㐀😀", 0);
    strbuf_append(&bytes,
                  "\x80"
                  "5\xFF"
                  "6",
                  4);
    check_decodes(bytes.data, bytes.len, "GB18030", SIMPLIFIED "㐀😀€5\uFFFD6", 1);
    strbuf_append(&bytes, "\xFE\x39\xFE\x39", 4); /* four bytes, rightly built, of no character */
    check_decodes(bytes.data, bytes.len, "GB18030", SIMPLIFIED "㐀😀€5\uFFFD6\uFFFD", 2);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(big5_extras)
{
    struct strbuf bytes = encode("BIG5-HKSCS", TRADITIONAL);

    /* HKSCS; the seven of ETEN; the euro of Windows; a pair of no character; a held-back letter. */
    strbuf_append(&bytes, "\xFA\x40\xF9\xDA\xA3\xE1\x81\xA1\x88\x66\x81\xA1\x88\x62.", 15);
    check_decodes(bytes.data, bytes.len, "Big5", TRADITIONAL "\U00020547恒€\uFFFDÊ\uFFFDÊ\u0304.",
                  2);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(declared_label_only_tips_the_balance)
{
    struct strbuf bytes = encode("GB18030", SIMPLIFIED);
    struct decoded decoded = decode_within(bytes.data, bytes.len, "big5", 1000);

    ck_assert_str_eq(decoded.charset.name, "GB18030"); /* it lies */
    done(&decoded);
    strbuf_release(&bytes);
    /* Two frequent syllables in the one are two frequent characters in the other. */
    bytes = encode("UHC", "대생");
    static const char *const labels[] = {"gb2312", "GBK", " euc-kr", "ks_c_5601-1987;x"};
    static const char *const names[] = {"GB18030", "GB18030", "EUC-KR", "EUC-KR"};
    for (size_t i = 0; i < 4; i++) {
        decoded = decode_within(bytes.data, bytes.len, labels[i], 1000);
        ck_assert_str_eq(decoded.charset.name, names[i]);
        done(&decoded);
    }
    strbuf_release(&bytes);
    decoded = decode_within("abc", 3, "no-such-charset", 1000);
    ck_assert_str_eq(decoded.charset.name, "UTF-8");
    done(&decoded);
}
END_TEST

START_TEST(limit_cuts_between_characters)
{
    for (size_t i = 0; i < ENCODINGS; i++) {
        struct strbuf bytes = encode(encodings[i].iconv_name, encodings[i].text);
        size_t whole = strlen(encodings[i].text);
        for (size_t limit = 0; limit <= whole + 1; limit++) {
            struct decoded decoded = decode_within(bytes.data, bytes.len, NULL, limit);
            ck_assert_int_eq(decoded.cut, limit < whole);
            ck_assert_uint_gt(decoded.len + 4, limit < whole ? limit : whole);
            ck_assert_mem_eq(decoded.text, encodings[i].text, decoded.len);
            done(&decoded);
        }
        strbuf_release(&bytes);
    }
}
END_TEST

START_TEST(appends_to_what_scratch_holds)
{
    struct strbuf bytes = encode("GB18030", SIMPLIFIED "\xE2\x82\xAC");
    struct strbuf scratch = STRBUF_INIT;
    struct charset_result charset;
    const char *text;
    size_t len;
    int cut;

    strbuf_puts(&scratch, "before");
    ck_assert_int_eq(charset_decode(decoder, bytes.data, bytes.len, NULL, 10, &scratch, &charset,
                                    &text, &len, &cut),
                     0);
    ck_assert_mem_eq(scratch.data, "before据介绍", 15);
    ck_assert_ptr_eq(text, scratch.data + 6);
    ck_assert_uint_eq(len, 9);
    strbuf_release(&scratch);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(random_bytes)
{
    uint64_t state = 20231221;
    char bytes[600];

    for (unsigned round = 0; round < 3000; round++) {
        size_t len = suite_random(&state) % sizeof bytes;
        uint64_t mask = round % 3 == 0 ? 0xFF : round % 3 == 1 ? 0xBF : 0xF7;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)((suite_random(&state) & mask) | (round % 5 == 4 ? 0x80 : 0));
        struct decoded decoded =
            decode_within(bytes, len, NULL, (size_t)(suite_random(&state) % 900));
        done(&decoded);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_charset,
        body_behind_a_long_head,
        marks,
        plain_and_empty,
        embedded_nul,
        damaged_utf8,
        escapes,
        marks_that_lie,
        ebcdic,
        scripts_and_tags,
        no_text,
        every_prefix,
        every_pair_of_bytes,
        ascii_survives_stray_leads,
        gb18030_extras,
        big5_extras,
        declared_label_only_tips_the_balance,
        limit_cuts_between_characters,
        appends_to_what_scratch_holds,
        random_bytes,
    };

    return suite_run_with("text/charset", tests, sizeof tests / sizeof *tests, setup, teardown);
}
