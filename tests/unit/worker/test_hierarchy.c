/* Tests of worker/hierarchy: what a label that holds makes of those above it. */
#include "worker/hierarchy.h"

#include "fixture.h"

static const char *const schemes[] = {"topic", NULL};
static const struct taxon_label_decl labels[] = {
    {.struct_size = sizeof labels[0], .scheme = "topic", .id = "a", .threshold = 0.75},
    {.struct_size = sizeof labels[0],
     .scheme = "topic",
     .id = "a/b",
     .parent = "a",
     .threshold = 0.5},
    {.struct_size = sizeof labels[0],
     .scheme = "topic",
     .id = "a/b/c",
     .parent = "a/b",
     .threshold = 0.25},
    {.struct_size = sizeof labels[0], .scheme = "topic", .id = "d", .threshold = 0.5},
};

static struct vocabulary vocabulary;
static struct settings_limits limits;
static struct arena arena;
static struct results results;
static struct turn turn;

static void start(void)
{
    arena_init(&arena, 0);
    vocabulary_init(&vocabulary, &arena, schemes);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        ck_assert_int_eq(vocabulary_add(&vocabulary, &labels[i], NULL), 0);
    ck_assert_int_eq(vocabulary_seal(&vocabulary, NULL), 0);
    limits = small_limits();
    results_init(&results, &arena, &limits);
    turn = (struct turn){.results = &results, .vocabulary = &vocabulary};
    turn_begin(&turn);
}

static void finish(void)
{
    results_release(&results);
    arena_release(&arena);
}

static void give(const char *id, double score, struct reply_evidence *evidence)
{
    const struct manifest_label *label = vocabulary_find(turn.vocabulary, "topic", id);
    const struct reply_label row = {.scheme = label->scheme,
                                    .id = label->id,
                                    .score = score,
                                    .threshold = label->threshold,
                                    .holds = score >= label->threshold,
                                    .evidence = evidence,
                                    .evidence_count = evidence != NULL};

    ck_assert_int_eq(results_add_row(&results.labels, &row, sizeof row), 0);
}

static const struct reply_label *find(const char *id)
{
    for (size_t i = 0; i < ROW_COUNT(&results.labels, struct reply_label); i++)
        if (strcmp(ROWS(&results.labels, struct reply_label)[i].id, id) == 0)
            return &ROWS(&results.labels, struct reply_label)[i];
    return NULL;
}

START_TEST(it_goes_up_to_the_root)
{
    struct reply_evidence evidence = {.weight = 1};

    start();
    give("a/b/c", 0.5, &evidence);
    hierarchy_complete(&turn);
    ck_assert_uint_eq(ROW_COUNT(&results.labels, struct reply_label), 3);
    ck_assert(find("a/b")->holds && find("a/b")->score == 0.5);
    ck_assert(find("a")->holds && find("a")->score == 0.75); /* its threshold */
    ck_assert(find("a")->threshold == 0.75);
    ck_assert_ptr_eq(find("a")->evidence, &evidence);
    finish();
}
END_TEST

START_TEST(what_the_plugin_gave_too_low_is_raised_and_keeps_its_evidence)
{
    struct reply_evidence mine = {.weight = 1};
    struct reply_evidence other = {.weight = 2};

    start();
    give("a", 0.3, &mine);
    give("a/b", 0.9, &other);
    hierarchy_complete(&turn);
    ck_assert_uint_eq(ROW_COUNT(&results.labels, struct reply_label), 2);
    ck_assert(find("a")->holds && find("a")->score == 0.9);
    ck_assert_ptr_eq(find("a")->evidence, &mine);
    finish();
}
END_TEST

START_TEST(what_holds_stays_as_it_is_and_a_miss_implies_nothing)
{
    start();
    give("a", 0.8, NULL);
    give("a/b", 0.9, NULL);
    give("d", 0.1, NULL);
    hierarchy_complete(&turn);
    ck_assert(find("a")->score == 0.8);
    finish();
    start();
    give("a/b/c", 0.2, NULL);
    hierarchy_complete(&turn);
    ck_assert_uint_eq(ROW_COUNT(&results.labels, struct reply_label), 1);
    finish();
}
END_TEST

START_TEST(the_limit_of_labels_holds)
{
    start();
    limits.labels = 2;
    give("a/b/c", 0.9, NULL);
    hierarchy_complete(&turn);
    ck_assert_uint_eq(ROW_COUNT(&results.labels, struct reply_label), 2);
    ck_assert_uint_eq(ROW_COUNT(&results.limit_names, const char *), 1);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        it_goes_up_to_the_root,
        what_the_plugin_gave_too_low_is_raised_and_keeps_its_evidence,
        what_holds_stays_as_it_is_and_a_miss_implies_nothing,
        the_limit_of_labels_holds,
    };

    return SUITE_RUN("worker/hierarchy", tests);
}
