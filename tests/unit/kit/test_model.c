/* Tests of kit/model and kit/text_features: files that lie, scores that can be counted by hand, and
 * evidence that is in the text. */
#include "kit/model.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "fake_host.h"
#include "kit/text_features.h"
#include "model_made.h"
#include "suite.h"

static struct fake *fake;
static const struct mask no_mask;

static struct taxon_document document_of(const char *text)
{
    fake->text_len = strlen(text);
    return (struct taxon_document){.struct_size = sizeof(struct taxon_document),
                                   .text = text,
                                   .text_len = strlen(text),
                                   .folded = text,
                                   .folded_len = strlen(text),
                                   .language = "en",
                                   .url = "http://quay.example/a"};
}

struct list {
    struct feature features[4000];
    size_t count;
};

static int take(void *data, const struct feature *features, size_t count)
{
    struct list *list = data;

    ck_assert_uint_le(list->count + count, 4000);
    memcpy(list->features + list->count, features, count * sizeof(*features));
    list->count += count;
    return 0;
}

static size_t scan(const char *text, const struct mask *mask, int with_url, struct list *list)
{
    struct taxon_document document = document_of(text);

    list->count = 0;
    ck_assert_int_eq(features_scan(&fake->task, &document, mask, with_url, take, list), 0);
    return list->count;
}

/* The id of the token that `text` is. */
static uint32_t id_of(const char *text)
{
    struct list list;

    scan(text, &no_mask, 0, &list);
    ck_assert_uint_eq(list.features[0].end, strlen(text));
    return list.features[0].id;
}

static size_t count_id(const struct list *list, uint32_t id)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->features[i].id == id;
    return count;
}

START_TEST(tokens_are_words_numbers_signs_and_characters)
{
    struct list list;

    fake = fake_new();
    uint32_t quay = id_of("quay");
    uint32_t han = id_of("港");
    ck_assert_uint_eq(id_of("1987"), id_of("2024"));
    ck_assert_uint_ne(id_of("1987"), id_of("87"));
    ck_assert_uint_eq(quay >> 29, FEATURES_ONE);
    scan("the quay, the quay\n港口港", &no_mask, 0, &list);
    ck_assert_uint_eq(count_id(&list, quay), 2);
    ck_assert_uint_eq(count_id(&list, han), 2);
    ck_assert_uint_eq(count_id(&list, id_of(",")), 1);
    for (size_t i = 0; i < list.count; i++)
        ck_assert_uint_le(list.features[i].end, strlen("the quay, the quay\n港口港"));
}
END_TEST

START_TEST(furniture_is_left_out_and_urls_are_asked_for)
{
    static const struct mask_range range = {0, 9};
    const struct mask mask = {&range, 1, 9};
    struct list with;
    struct list without;

    fake = fake_new();
    uint32_t quay = id_of("quay");
    scan("home quay\nthe apple", &mask, 0, &without);
    ck_assert_uint_eq(count_id(&without, quay), 0);
    ck_assert_uint_eq(count_id(&without, id_of("apple")), 1);
    scan("home\nthe apple", &no_mask, 1, &with);
    size_t urls = 0;
    for (size_t i = 0; i < with.count; i++)
        urls += with.features[i].id >> 29 == FEATURES_URL;
    ck_assert_uint_eq(urls, 4); /* http quay example a */
}
END_TEST

START_TEST(every_lie_is_found)
{
    struct model_made made;
    struct model model;
    const char *why = NULL;

    model_made(&made, 1, 2);
    size_t len = made.header->size;
    ck_assert_int_eq(model_open(&model, made.bytes, len, "desk", &why), 0);
    ck_assert_uint_eq(model_find_label(&model, "harbour"), 1);
    ck_assert_uint_eq(model_find_label(&model, "quarry"), UINT32_MAX);
    ck_assert_int_eq(model_open(&model, made.bytes, len, "other", &why), -EINVAL);
    ck_assert_int_eq(model_open(&model, made.bytes, len - 16, "desk", &why), -EINVAL);
    ck_assert_int_eq(model_open(&model, made.bytes, 8, "desk", &why), -EINVAL);
    ck_assert_int_eq(model_open(&model, made.bytes + 1, len, "desk", &why), -EINVAL);
#define LIE(statement)                                                                             \
    do {                                                                                           \
        model_made(&made, 1, 2);                                                                   \
        statement;                                                                                 \
        why = NULL;                                                                                \
        ck_assert_msg(model_open(&model, made.bytes, len, "desk", &why) == -EINVAL, "%s",          \
                      #statement);                                                                 \
        ck_assert_ptr_nonnull(why);                                                                \
    } while (0)
    LIE(made.header->magic[0] = 'x');
    LIE(made.header->version = 2);
    LIE(made.header->size = UINT64_MAX);
    LIE(memset(made.header->scheme, 'd', sizeof made.header->scheme));
    LIE(strcpy(made.header->space, "text-0"));
    LIE(made.header->label_count = 0);
    LIE(made.header->label_count = 17);
    LIE(made.header->lanes = 32);
    LIE(made.header->lanes = 15);
    LIE(made.header->row_count = UINT32_MAX);
    LIE(made.header->row_count = 4);
    LIE(made.header->slot_count = 3);
    LIE(made.header->slot_count = 0);
    LIE(made.header->labels.at = 8);
    LIE(made.header->labels.at = UINT64_MAX - 15);
    LIE(made.header->slots.at = len);
    LIE(made.header->rows.at += 1);
    LIE(made.header->rows.size = 48);
    LIE(made.header->gains.size = UINT64_MAX);
    LIE(made.header->card.size = len);
    LIE(made.header->texts.size = 14); /* the last name has no end */
    LIE(made.labels[2].id = 4000);
    LIE(made.labels[2].id = 0); /* not in order */
    LIE(made.labels[0].scale = INFINITY);
    LIE(made.labels[1].bias = NAN);
    LIE(made.labels[1].slope = NAN);
    LIE(made.labels[1].threshold = 1.5f);
#undef LIE
}
END_TEST

START_TEST(scores_are_counted_by_hand)
{
    struct model_made made;
    struct model model;
    struct model_scores scores;
    const char *why = NULL;

    fake = fake_new();
    model_made(&made, id_of("quay"), id_of("apple"));
    ck_assert_int_eq(model_open(&model, made.bytes, made.header->size, "desk", &why), 0);
    struct taxon_document document = document_of("the quay is a quay. an apple");
    ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), 0);
    ck_assert_uint_eq(scores.hit_count, 2);
    double g = 27.0 / 16; /* 1 + ln 2 in sixteenths */
    double length = sqrt(g * g + 1);
    double margin = -0.5 + 0.02 * (100 * g - 60) / length;
    ck_assert_msg(fabs(scores.margins[1] - margin) < 1e-6, "%g %g", scores.margins[1], margin);
    ck_assert(fabs(scores.scores[1] - 1 / (1 + exp(-3 * margin))) < 1e-6);
    made.header->flags |= TAXON_MODEL_EXCLUSIVE;
    ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), 0);
    ck_assert(fabs(scores.scores[0] + scores.scores[1] + scores.scores[2] - 1) < 1e-9);
    document = document_of("");
    ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), 0);
    ck_assert(fabs(scores.margins[2] + 0.5) < 1e-6);
}
END_TEST

START_TEST(a_slot_that_lies_is_passed_over)
{
    struct model_made made;
    struct model model;
    struct model_scores scores;
    const char *why = NULL;

    fake = fake_new();
    model_made(&made, id_of("quay"), id_of("apple"));
    for (int i = 0; i < 4; i++) { /* full of one id, with rows that are not there */
        made.slots[i].row = i % 2 == 0 ? 77 : UINT32_MAX;
        made.slots[i].id = i == 3 ? id_of("quay") : 1;
    }
    ck_assert_int_eq(model_open(&model, made.bytes, made.header->size, "desk", &why), 0);
    struct taxon_document document = document_of("the quay is a quay. an apple");
    ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), 0);
    ck_assert_uint_eq(scores.hit_count, 0);
}
END_TEST

START_TEST(evidence_is_in_the_text)
{
    struct model_made made;
    struct model model;
    struct model_scores scores;
    struct evidence evidence;
    const char *why = NULL;

    fake = fake_new();
    model_made(&made, id_of("quay"), id_of("apple"));
    ck_assert_int_eq(model_open(&model, made.bytes, made.header->size, "desk", &why), 0);
    struct taxon_document document = document_of("the old quay, far from an apple");
    ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), 0);
    evidence_init(&evidence);
    ck_assert_int_eq(model_explain(&model, &fake->task, &document, &no_mask, &scores, 1, &evidence),
                     0);
    ck_assert_uint_eq(evidence.count, 2);
    ck_assert_uint_eq(evidence.items[0].begin, 8);
    ck_assert_uint_eq(evidence.items[0].end, 12);
    ck_assert(evidence.items[0].weight > 0 && evidence.items[1].weight < 0);
    ck_assert_uint_eq(evidence.items[1].begin, 26);
}
END_TEST

START_TEST(memory_may_give_out)
{
    struct model_made made;
    struct model model;
    struct model_scores scores;
    const char *why = NULL;

    fake = fake_new();
    model_made(&made, 1, 2);
    ck_assert_int_eq(model_open(&model, made.bytes, made.header->size, "desk", &why), 0);
    struct taxon_document document = document_of("the quay");
    for (uint32_t i = 0; i < 7; i++) {
        fake->allocations_left = i;
        ck_assert_int_eq(model_score(&model, &fake->task, &document, &no_mask, &scores), -ENOMEM);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        tokens_are_words_numbers_signs_and_characters,
        furniture_is_left_out_and_urls_are_asked_for,
        every_lie_is_found,
        scores_are_counted_by_hand,
        a_slot_that_lies_is_passed_over,
        evidence_is_in_the_text,
        memory_may_give_out,
    };

    return SUITE_RUN("kit/model", tests);
}
