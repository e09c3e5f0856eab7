/* Tests of kit/lexicon: what matches, where, and that no term is lost among ten thousand. */
#include "kit/lexicon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

struct hits {
    char text[4096]; /* "id@begin-end " for each */
    size_t len;
    size_t count;
};

static void take(void *data, uint32_t id, size_t begin, size_t end)
{
    struct hits *hits = data;
    size_t room = sizeof(hits->text) - hits->len;
    int n = snprintf(hits->text + hits->len, room, "%u@%zu-%zu ", id, begin, end);

    if ((size_t)n < room)
        hits->len += (size_t)n;
    hits->count++;
}

static const struct lexicon *build(const char *const *terms, size_t count)
{
    struct fake *fake = fake_new();
    struct lexicon_builder builder;
    const struct lexicon *lexicon = NULL;

    lexicon_builder_init(&builder);
    for (uint32_t i = 0; i < count; i++)
        ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, terms[i], strlen(terms[i]),
                                             i, NULL),
                         0);
    ck_assert_int_eq(lexicon_build(&builder, &fake->opening, &lexicon), 0);
    lexicon_builder_release(&builder);
    return lexicon;
}

static const char *scan(const struct lexicon *lexicon, const char *text, int longest)
{
    static struct hits hits;

    memset(&hits, 0, sizeof(hits));
    if (longest)
        lexicon_scan_longest(lexicon, text, strlen(text), 0, strlen(text), take, &hits);
    else
        lexicon_scan(lexicon, text, strlen(text), 0, strlen(text), take, &hits);
    return hits.text;
}

#define ALL(lexicon, text, hits)     ck_assert_str_eq(scan(lexicon, text, 0), hits)
#define LONGEST(lexicon, text, hits) ck_assert_str_eq(scan(lexicon, text, 1), hits)

START_TEST(letters_match_whole_words_only)
{
    static const char *const terms[] = {"art", "5g", "caf\xC3\xA9"};
    const struct lexicon *lexicon = build(terms, 3);

    ALL(lexicon, "art", "0@0-3 ");
    ALL(lexicon, "party arts smart artart", "");
    ALL(lexicon, "art,art.(art)", "0@0-3 0@4-7 0@9-12 ");
    ALL(lexicon, "在art馆", "0@3-6 ");
    ALL(lexicon, "a5g 5g5 5g", "1@8-10 ");
    ALL(lexicon,
        "\xC3\xA9"
        "art art\xC3\xA9 art",
        "0@12-15 ");
    ALL(lexicon, "caf\xC3\xA9s caf\xC3\xA9", "2@7-12 ");
    ALL(lexicon, "art_ art-art", "0@0-3 0@5-8 0@9-12 ");
}
END_TEST

START_TEST(a_star_takes_the_rest_of_the_word)
{
    static const char *const terms[] = {"pollut*", "climate chang*", "污染*", "co2*"};
    const struct lexicon *lexicon = build(terms, 4);

    ALL(lexicon, "pollution", "0@0-9 ");
    ALL(lexicon, "polluted, pollut", "0@0-8 0@10-16 ");
    ALL(lexicon, "unpolluted", "");
    ALL(lexicon, "climate changes.", "1@0-15 ");
    ALL(lexicon, "污染pm", "2@0-6 ");
    ALL(lexicon, "co2e", "3@0-4 ");
}
END_TEST

START_TEST(chinese_needs_no_borders)
{
    static const char *const terms[] = {"生态", "生态环境", "环境保护", "态环"};
    const struct lexicon *lexicon = build(terms, 4);

    ALL(lexicon, "生态环境保护", "0@0-6 1@0-12 3@3-9 2@6-18 ");
    LONGEST(lexicon, "生态环境保护", "1@0-12 ");
    LONGEST(lexicon, "态环境保护生态", "3@0-6 0@15-21 ");
    ALL(lexicon, "生", "");
    ALL(lexicon, "\xE7\x94\x9F", "");
}
END_TEST

START_TEST(a_space_is_a_line_end_too)
{
    static const char *const terms[] = {"air  Quality", "新 闻"};
    const struct lexicon *lexicon = build(terms, 2);

    ALL(lexicon, "air quality air\nquality airquality", "0@0-11 0@12-23 ");
    ALL(lexicon, "新\n闻 新闻", "1@0-7 ");
}
END_TEST

START_TEST(a_text_may_have_several_ids)
{
    static const char *const terms[] = {"水", "水", "water", "WATER", "water*"};
    const struct lexicon *lexicon = build(terms, 5);

    ALL(lexicon, "水", "0@0-3 1@0-3 ");
    ALL(lexicon, "water", "2@0-5 3@0-5 4@0-5 ");
    ALL(lexicon, "waters", "4@0-6 ");
    LONGEST(lexicon, "waters water", "4@0-6 2@7-12 3@7-12 4@7-12 ");
}
END_TEST

START_TEST(longest_falls_back_where_the_longer_may_not_match)
{
    static const char *const terms[] = {"new york", "new", "环 境"};
    const struct lexicon *lexicon = build(terms, 3);

    LONGEST(lexicon, "new yorker", "1@0-3 ");
    LONGEST(lexicon, "new york", "0@0-8 ");
}
END_TEST

START_TEST(empty_lexicon_and_empty_text)
{
    static const char *const terms[] = {"x"};
    const struct lexicon *lexicon = build(NULL, 0);

    ALL(lexicon, "anything 什么都行", "");
    LONGEST(lexicon, "anything", "");
    lexicon = build(terms, 1);
    ALL(lexicon, "", "");
    LONGEST(lexicon, "", "");
    ALL(lexicon, "x", "0@0-1 ");
}
END_TEST

START_TEST(terms_with_nothing_in_them_are_refused)
{
    struct fake *fake = fake_new();
    struct lexicon_builder builder;
    char long_term[LEXICON_TERM_MAX + 2];

    memset(long_term, 'a', sizeof(long_term));
    lexicon_builder_init(&builder);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "", 0, 0, NULL), -EINVAL);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "*", 1, 0, NULL), -EINVAL);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "  ", 2, 0, NULL), -EINVAL);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "\xFF", 1, 0, NULL), -EINVAL);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, long_term, LEXICON_TERM_MAX + 1,
                                         0, NULL),
                     -EINVAL);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, long_term, LEXICON_TERM_MAX, 0,
                                         NULL),
                     0);
    fake->keeps_left = 0;
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "a", 1, 0, NULL), -ENOMEM);
    ck_assert_uint_eq(builder.count, 1);
    lexicon_builder_release(&builder);
}
END_TEST

START_TEST(no_memory_is_reported)
{
    struct fake *fake = fake_new();
    const struct lexicon *lexicon = NULL;
    struct lexicon_builder builder;

    lexicon_builder_init(&builder);
    ck_assert_int_eq(lexicon_builder_add(&builder, &fake->opening, "ab", 2, 0, NULL), 0);
    for (uint32_t keeps = 0; keeps < 5; keeps++) {
        fake->keeps_left = keeps;
        ck_assert_int_eq(lexicon_build(&builder, &fake->opening, &lexicon), -ENOMEM);
        ck_assert_ptr_null(lexicon);
    }
    fake->keeps_left = 5;
    ck_assert_int_eq(lexicon_build(&builder, &fake->opening, &lexicon), 0);
    lexicon_builder_release(&builder);
}
END_TEST

/* Words of a small alphabet, so that they share prefixes and overlap. */
static size_t random_word(uint64_t *random, char *buf, int chinese)
{
    static const char *const characters[] = {"水", "气", "土", "林", "山"};
    size_t count = 1 + suite_random(random) % 7;
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        if (chinese) {
            memcpy(buf + len, characters[suite_random(random) % 5], 3);
            len += 3;
        } else {
            buf[len++] = (char)('a' + suite_random(random) % 4);
        }
    }
    buf[len] = '\0';
    return len;
}

static int is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

START_TEST(ten_thousand_terms_against_a_plain_search)
{
    enum { TERMS = 10000, TEXT = 3000 };
    static char terms[TERMS][32];
    static const char *pointers[TERMS];
    static char text[TEXT + 64];
    static struct hits hits;
    uint64_t random = 42;
    size_t len = 0;
    size_t expected = 0;

    for (size_t i = 0; i < TERMS; i++) {
        random_word(&random, terms[i], i % 2 == 0);
        pointers[i] = terms[i];
    }
    while (len < TEXT) {
        len += random_word(&random, text + len, suite_random(&random) % 3 != 0);
        if (suite_random(&random) % 2 == 0)
            text[len++] = ' ';
    }
    const struct lexicon *lexicon = build(pointers, TERMS);
    for (size_t i = 0; i < TERMS; i++) {
        size_t term_len = strlen(terms[i]);

        for (const char *at = text; (at = strstr(at, terms[i])) != NULL; at++)
            expected += !is_letter(terms[i][0]) ||
                        ((at == text || !is_letter(at[-1])) && !is_letter(at[term_len]));
    }
    memset(&hits, 0, sizeof(hits));
    lexicon_scan(lexicon, text, len, 0, len, take, &hits);
    ck_assert_uint_gt(expected, 1000);
    ck_assert_uint_eq(hits.count, expected);
}
END_TEST

START_TEST(pieces_tell_the_same_as_the_whole)
{
    static const char *const terms[] = {"生态", "生态环境", "环境", "air", "air quality"};
    static const char text[] = "生态环境 air quality 环境生态 air";
    static struct hits hits;
    const struct lexicon *lexicon = build(terms, 5);
    char whole[4096];
    char whole_longest[4096];
    size_t len = strlen(text);

    snprintf(whole, sizeof(whole), "%s", scan(lexicon, text, 0));
    snprintf(whole_longest, sizeof(whole_longest), "%s", scan(lexicon, text, 1));
    for (size_t piece = 1; piece < len; piece++) {
        memset(&hits, 0, sizeof(hits));
        for (size_t at = 0; at < len; at += piece)
            lexicon_scan(lexicon, text, len, at, at + piece < len ? at + piece : len, take, &hits);
        ck_assert_str_eq(hits.text, whole);
        memset(&hits, 0, sizeof(hits));
        for (size_t at = 0, to = piece; at < len; to = at + piece)
            at = lexicon_scan(lexicon, text, len, at, to < len ? to : len, take, &hits);
        ck_assert_str_eq(hits.text, whole);
        memset(&hits, 0, sizeof(hits));
        for (size_t at = 0, to = piece; at < len; to = at + piece)
            at = lexicon_scan_longest(lexicon, text, len, at, to < len ? to : len, take, &hits);
        ck_assert_str_eq(hits.text, whole_longest);
    }
}
END_TEST

/* Else every piece of a word of many megabytes would walk to its end. */
START_TEST(a_piece_ends_behind_the_word_it_ends_in)
{
    static const char *const terms[] = {"air"};
    static const char text[] = "airairairairair air";
    static struct hits hits;
    const struct lexicon *lexicon = build(terms, 1);

    memset(&hits, 0, sizeof(hits));
    ck_assert_uint_eq(lexicon_scan(lexicon, text, 19, 0, 4, take, &hits), 15);
    ck_assert_uint_eq(lexicon_scan(lexicon, text, 19, 15, 16, take, &hits), 16);
    ck_assert_uint_eq(lexicon_scan(lexicon, text, 19, 16, 19, take, &hits), 19);
    ck_assert_str_eq(hits.text, "0@16-19 ");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        letters_match_whole_words_only,
        a_star_takes_the_rest_of_the_word,
        chinese_needs_no_borders,
        a_space_is_a_line_end_too,
        a_text_may_have_several_ids,
        longest_falls_back_where_the_longer_may_not_match,
        empty_lexicon_and_empty_text,
        terms_with_nothing_in_them_are_refused,
        no_memory_is_reported,
        ten_thousand_terms_against_a_plain_search,
        pieces_tell_the_same_as_the_whole,
        a_piece_ends_behind_the_word_it_ends_in,
    };

    return SUITE_RUN("kit/lexicon", tests);
}
