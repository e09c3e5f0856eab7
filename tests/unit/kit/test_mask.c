/* Tests of kit/mask: what of a text is page furniture. */
#include "kit/mask.h"

#include <errno.h>

#include "fake_host.h"
#include "suite.h"

static struct taxon_span span(const char *scheme, size_t begin, size_t end, double score)
{
    return (struct taxon_span){.struct_size = sizeof(struct taxon_span),
                               .scheme = scheme,
                               .id = "nav",
                               .begin = begin,
                               .end = end,
                               .score = score};
}

START_TEST(spans_are_joined_and_others_ignored)
{
    struct fake *fake = fake_new();
    const struct taxon_span spans[] = {
        span("boilerplate", 10, 20, 0.9), span("boilerplate", 15, 18, 0.9),
        span("boilerplate", 20, 30, 0.5), span("boilerplate", 40, 50, 0.49),
        span("sections", 60, 70, 1),      span("boilerplate", 80, 80, 1),
        span("boilerplate", 90, 95, 1),
    };
    const struct taxon_document document = {.spans = spans,
                                            .span_count = 7,
                                            .span_stride = sizeof(spans[0]),
                                            .text_len = 100};
    struct mask mask;

    ck_assert_int_eq(mask_init(&mask, &fake->task, &document), 0);
    ck_assert_uint_eq(mask.count, 2);
    ck_assert_uint_eq(mask.bytes, 25);
    ck_assert(!mask_touches(&mask, 0, 10));
    ck_assert(mask_touches(&mask, 0, 11));
    ck_assert(mask_touches(&mask, 29, 30));
    ck_assert(!mask_touches(&mask, 30, 90));
    ck_assert(mask_touches(&mask, 94, 200));
    ck_assert(!mask_touches(&mask, 95, 200));
    fake->text_len = 100;
    ck_assert(mask_touches_folded(&mask, &fake->task, 12, 13));
    ck_assert(!mask_touches_folded(&mask, &fake->task, 12, 300)); /* the host refuses the range */
}
END_TEST

START_TEST(no_spans_no_mask_no_memory)
{
    struct fake *fake = fake_new();
    const struct taxon_span one = span("boilerplate", 1, 2, 1);
    struct taxon_document document = {.text_len = 100};
    struct mask mask;

    fake->allocations_left = 0;
    ck_assert_int_eq(mask_init(&mask, &fake->task, &document), 0);
    ck_assert(!mask_touches(&mask, 0, 100));
    ck_assert(!mask_touches_folded(&mask, &fake->task, 0, 100));
    document.spans = &one;
    document.span_count = 1;
    document.span_stride = sizeof(one);
    ck_assert_int_eq(mask_init(&mask, &fake->task, &document), -ENOMEM);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        spans_are_joined_and_others_ignored,
        no_spans_no_mask_no_memory,
    };

    return SUITE_RUN("kit/mask", tests);
}
