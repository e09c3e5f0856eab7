/* Tests of genre/measure: lengths, shares of what is broken, and any bytes. */
#include "genre/measure.h"

#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "suite.h"

static const struct mask no_mask;

static struct measures take(const char *text, const struct mask *mask)
{
    struct fake *fake = fake_new();
    size_t len = strlen(text);
    char *copy = malloc(len + 1);
    struct taxon_document document = {.struct_size = sizeof(document)};
    struct measures measures;
    struct lines lines;

    memcpy(copy, text, len);
    copy = realloc(copy, len > 0 ? len : 1); /* exactly as long: a sanitizer sees a read beyond */
    document.text = document.folded = copy;
    document.text_len = document.folded_len = len;
    fake->text_len = len;
    ck_assert_int_eq(lines_init(&lines, &fake->task, &document, mask), 0);
    measures_take(&measures, &document, &lines, mask);
    free(copy);
    return measures;
}

static double value(const char *name, const char *text)
{
    size_t index = measure_find(name);

    ck_assert_msg(index < MEASURE_COUNT, "no measure %s", name);
    return take(text, &no_mask).values[index];
}

START_TEST(lengths)
{
    const struct mask_range range = {.begin = 0, .end = 7};
    const struct mask mask = {.ranges = &range, .count = 1, .bytes = 7};

    ck_assert(value("text-length", "") == 0);
    ck_assert(value("text-length", "…… -- !") == 0);
    ck_assert(value("text-length", "油价 up 12!") == 8);
    ck_assert(value("text-length", "Straße") == 6);
    ck_assert(take("abc\ndef\nghi", &mask).values[MEASURE_CONTENT] == 3);
    ck_assert(take("abc\ndef\nghi", &mask).values[MEASURE_TEXT] == 9);
    ck_assert(value("prose-length", "var a = 1;\nabc") == 3);
    ck_assert(measure_find("no-such") == MEASURE_COUNT);
}
END_TEST

START_TEST(broken_text)
{
    ck_assert(value("broken-share", "\xEF\xBF\xBD\xEF\xBF\xBD") == 100);
    ck_assert(value("broken-share", "锟斤拷锟斤拷") > 60);
    ck_assert(value("broken-share", "Ã¤Ã¶Ã¼") > 90);
    ck_assert(value("broken-share", "Grüße aus São Paulo — naïve café") == 0);
    ck_assert(value("broken-share", "我们在中国的城市里走了很久,拷贝了一张地图。") < 6);
}
END_TEST

START_TEST(encoded_text)
{
    ck_assert(value("encoded-share",
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk") == 100);
    ck_assert(value("encoded-share", "a word, and https://lantern.example/one/two/three?four=5") ==
              0);
}
END_TEST

START_TEST(no_text_does_harm)
{
    static const char *const pieces[] = {
        "a", "字",   " ", "\n", "\xEF\xBF\xBD",     "\xC2\x80", "Ã", "¤", "é",
        "{", "var ", "/", "=",  "\xF0\x9F\x98\x80", "0",        ";"};
    uint64_t random = 7;

    for (int i = 0; i < 5000; i++) {
        char text[200] = "";
        struct measures measures;

        for (size_t k = suite_random(&random) % 30; k > 0; k--)
            strcat(text, pieces[suite_random(&random) % (sizeof(pieces) / sizeof(pieces[0]))]);
        measures = take(text, &no_mask);
        ck_assert(measures.values[MEASURE_PROSE] <= measures.values[MEASURE_TEXT]);
        ck_assert(measures.values[MEASURE_CONTENT] <= measures.values[MEASURE_TEXT]);
        ck_assert(measures.values[MEASURE_BROKEN] >= 0 && measures.values[MEASURE_BROKEN] <= 200);
        ck_assert(measures.values[MEASURE_ENCODED] <= 100);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lengths, broken_text, encoded_text, no_text_does_harm};

    return SUITE_RUN("kit/measure", tests);
}
