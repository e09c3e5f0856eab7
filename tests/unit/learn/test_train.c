/* Tests of learn/train and learn/model_file: figures that are not too good, and the same bytes. */
#include "learn/train.h"

#include <errno.h>
#include <string.h>

#include <taxon/model.h>

#include "learn/model_file.h"
#include "made.h"
#include "suite.h"

static const struct train_options options = {
    .solver = {.cost = 1, .tolerance = 0.1, .rounds = 20, .seed = 1, .threads = 1},
    .weights = {1, 1, 1, 1, 1, 1, 1, 1},
    .least = 2,
    .folds = 4,
    .precision = 0.8};

static struct dataset dataset;
static struct trained trained;
static struct err err;

START_TEST(noise_is_seen_for_what_it_is)
{
    made_dataset(&dataset, 4, 600, 20);
    ck_assert_msg(train_run(&dataset, &options, &trained, &err) == 0, "%s", err.text);
    ck_assert(trained.exclusive);
    ck_assert_msg(trained.measures.accuracy > 0.70 && trained.measures.accuracy < 0.87, "%g",
                  trained.measures.accuracy);
    train_release(&trained);
    dataset_release(&dataset);
}
END_TEST

/* Every document of a group shares a feature that its label follows from: known from other
 * documents of the group only, which are never on the other side. */
START_TEST(sources_are_not_parted)
{
    dataset_init(&dataset);
    for (uint32_t i = 0; i < 400; i++) {
        uint64_t state = i / 10 + 1;
        uint32_t label = (uint32_t)(suite_random(&state) >> 20) % 2;
        uint32_t ids[] = {i / 10, 5000 + i % 7};
        const float values[] = {1, 1};
        (void)dataset_label(&dataset, label == 0 ? "a" : "b");
        label = dataset_label(&dataset, label == 0 ? "a" : "b");
        ck_assert_int_eq(dataset_add(&dataset, ids, values, 2, &label, 1, i / 10, 1), 0);
    }
    ck_assert_int_eq(dataset_sort_labels(&dataset), 0);
    ck_assert_msg(train_run(&dataset, &options, &trained, &err) == 0, "%s", err.text);
    ck_assert_msg(trained.measures.accuracy < 0.75, "%g", trained.measures.accuracy);
    train_release(&trained);
    dataset_release(&dataset);
}
END_TEST

static void write(const struct strbuf *card, struct strbuf *out)
{
    ck_assert_msg(model_file_write(&trained, "s", "text-1", card, out, &err) == 0, "%s", err.text);
}

START_TEST(the_same_training_gives_the_same_bytes)
{
    struct strbuf card = STRBUF_INIT;
    struct strbuf once = STRBUF_INIT;
    struct strbuf twice = STRBUF_INIT;
    struct strbuf back = STRBUF_INIT;
    struct train_options few = options;

    few.rows = 50;
    strbuf_puts(&card, "{\"card\":1}\n");
    made_dataset(&dataset, 3, 300, 10);
    ck_assert_int_eq(train_run(&dataset, &few, &trained, &err), 0);
    ck_assert_uint_eq(trained.columns.count, 50);
    write(&card, &once);
    train_release(&trained);
    few.solver.threads = 2;
    ck_assert_int_eq(train_run(&dataset, &few, &trained, &err), 0);
    write(&card, &twice);
    ck_assert_uint_eq(once.len, twice.len);
    ck_assert_mem_eq(once.data, twice.data, once.len);
    ck_assert_int_eq(model_file_card(once.data, once.len, &back, &err), 0);
    ck_assert_str_eq(strbuf_text(&back), "{\"card\":1}\n");
    once.data[once.len - 1] ^= 1;
    ck_assert_int_eq(model_file_card(once.data, once.len, &back, &err), -EINVAL);
    ck_assert_int_eq(model_file_card(once.data, once.len - 1, &back, &err), -EINVAL);
    ck_assert_int_eq(model_file_card(once.data, 3, &back, &err), -EINVAL);
    train_release(&trained);
    dataset_release(&dataset);
    strbuf_release(&card);
    strbuf_release(&once);
    strbuf_release(&twice);
    strbuf_release(&back);
}
END_TEST

START_TEST(what_cannot_be_trained_is_said)
{
    made_dataset(&dataset, 1, 30, 0);
    ck_assert_int_eq(train_run(&dataset, &options, &trained, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "two or more"));
    dataset_release(&dataset);
    made_dataset(&dataset, 2, 8, 0); /* one source */
    ck_assert_int_eq(train_run(&dataset, &options, &trained, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "one source"));
    dataset_release(&dataset);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        noise_is_seen_for_what_it_is,
        sources_are_not_parted,
        the_same_training_gives_the_same_bytes,
        what_cannot_be_trained_is_said,
    };

    return SUITE_RUN("learn/train", tests);
}
