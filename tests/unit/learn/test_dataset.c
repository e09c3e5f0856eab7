/* Tests of learn/dataset: features are kept once each, labels get the numbers of their names. */
#include "learn/dataset.h"

#include <errno.h>
#include <math.h>

#include "suite.h"

START_TEST(features_are_added_up_and_sorted)
{
    const uint32_t ids[] = {7, 3, 7, 9, 5, 5};
    const float values[] = {1, 2, 1, 0, 4, -4};
    struct dataset dataset;

    dataset_init(&dataset);
    uint32_t label = dataset_label(&dataset, "a");
    ck_assert_int_eq(dataset_add(&dataset, ids, values, 6, &label, 1, 1, 1), 0);
    const struct dataset_document *document = &dataset.documents[0];
    ck_assert_uint_eq(document->feature_count, 2); /* what comes to nothing is left out */
    ck_assert_uint_eq(document->features[0].id, 3);
    ck_assert_uint_eq(document->features[1].id, 7);
    ck_assert(document->features[1].count == 2);
    dataset_release(&dataset);
}
END_TEST

START_TEST(labels_are_numbered_by_name)
{
    struct dataset dataset;
    uint32_t labels[2];

    dataset_init(&dataset);
    labels[0] = dataset_label(&dataset, "b");
    labels[1] = dataset_label(&dataset, "a");
    ck_assert_uint_eq(dataset_label(&dataset, "b"), labels[0]);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, 1, 1, 1), 0);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, 2, 1, 1), 0);
    ck_assert_int_eq(dataset_sort_labels(&dataset), 0);
    ck_assert_str_eq(dataset.labels[0], "a");
    ck_assert_uint_eq(dataset.documents[0].labels[0], 1);
    ck_assert_uint_eq(dataset.documents[1].labels[0], 0);
    ck_assert_uint_eq(dataset.documents[1].labels[1], 1);
    dataset_release(&dataset);
}
END_TEST

START_TEST(what_cannot_be_learnt_from_is_refused)
{
    struct dataset dataset;
    uint32_t labels[DATASET_DOCUMENT_MAX + 1] = {0};

    dataset_init(&dataset);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, 0, 1, 1), -EINVAL);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, 1, 1, 0), -EINVAL);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, 1, 1, NAN), -EINVAL);
    ck_assert_int_eq(dataset_add(&dataset, NULL, NULL, 0, labels, DATASET_DOCUMENT_MAX + 1, 1, 1),
                     -E2BIG);
    ck_assert_uint_eq(dataset.count, 0);
    dataset_release(&dataset);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        features_are_added_up_and_sorted,
        labels_are_numbered_by_name,
        what_cannot_be_learnt_from_is_refused,
    };

    return SUITE_RUN("learn/dataset", tests);
}
