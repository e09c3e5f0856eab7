/* Tests of learn/measure and learn/picture, on four documents that can be counted by hand. */
#include "learn/measure.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "learn/picture.h"
#include "suite.h"

static const char *const labels[] = {"a", "b<&\"", "c"};
static const float thresholds[] = {0.5f, 0.5f, 0.5f};
static const float scores[] = {
    0.9f, 0.1f, 0.0f, /* a: right */
    0.2f, 0.6f, 0.0f, /* a: b is given, a missed */
    0.6f, 0.8f, 0.0f, /* b: right; a is given, wrongly */
    0.1f, 0.2f, 0.3f, /* b and c: the best is right, none holds */
};
static const bool is_true[] = {true,  false, false, true,  false, false,
                               false, true,  false, false, true,  true};
static const struct judgement judgement = {4, 3, labels, scores, is_true, thresholds};

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

START_TEST(counted_by_hand)
{
    struct measures m;

    ck_assert_int_eq(measure_take(&judgement, 200, 1, &m), 0);
    ck_assert(near(m.accuracy, 0.75));
    ck_assert(near(m.best[0].precision, 1) && near(m.best[0].recall, 0.5));
    ck_assert(near(m.best[1].precision, 0.5) && near(m.best[1].recall, 1));
    ck_assert(near(m.best_macro_f1, (2.0 / 3 + 2.0 / 3 + 1) / 3));
    ck_assert_uint_eq(m.given[0].right, 1);
    ck_assert_uint_eq(m.given[0].wrong, 1);
    ck_assert_uint_eq(m.given[0].missed, 1);
    ck_assert_uint_eq(m.given[2].missed, 1);
    ck_assert_uint_eq(m.micro.right, 2);
    ck_assert_uint_eq(m.micro.wrong, 2);
    ck_assert_uint_eq(m.micro.missed, 3);
    ck_assert_uint_eq(m.confusion[0 * 3 + 1], 1);
    ck_assert_uint_eq(m.confusion[2 * 3 + 2], 1);
    ck_assert(near(m.calibration_error, (0.1 + 0.6 + 0.2 + 0.7) / 4));
    ck_assert(m.accuracy_interval.low <= 0.75 && m.accuracy_interval.high >= 0.75);
    ck_assert(m.accuracy_interval.low < m.accuracy_interval.high);
    measure_release(&m);
}
END_TEST

START_TEST(it_is_written_and_drawn)
{
    struct measures m;
    struct strbuf text = STRBUF_INIT;
    struct json json;

    ck_assert_int_eq(measure_take(&judgement, 0, 1, &m), 0);
    json_init(&json, &text, 0);
    json_object_begin(&json, NULL);
    measure_write(&m, &judgement, &json);
    json_object_end(&json);
    ck_assert_ptr_nonnull(strstr(strbuf_text(&text), "\"accuracy\":0.75"));
    ck_assert_ptr_nonnull(strstr(strbuf_text(&text), "\"confusion\":[[1,1,0],[0,1,0],[0,0,1]]"));
    strbuf_clear(&text);
    picture_write(&m, &judgement, "<script>", &text);
    ck_assert_ptr_nonnull(strstr(strbuf_text(&text), "b&lt;&amp;&quot;: 1 of 2"));
    ck_assert_ptr_null(strstr(strbuf_text(&text), "<script"));
    strbuf_release(&text);
    measure_release(&m);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {counted_by_hand, it_is_written_and_drawn};

    return SUITE_RUN("learn/measure", tests);
}
