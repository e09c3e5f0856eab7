/* Tests of the html reader with pages made to do harm: they end, within bounds, and say so. */
#include <errno.h>
#include <stdlib.h>

#include "html_page.h"

/* `head`, then `count` times `part`, then `tail`; freed by the caller. */
static char *repeat(const char *head, const char *part, size_t count, const char *tail)
{
    size_t head_len = strlen(head);
    size_t part_len = strlen(part);
    char *page = malloc(head_len + part_len * count + strlen(tail) + 1);

    ck_assert_ptr_nonnull(page);
    memcpy(page, head, head_len);
    for (size_t i = 0; i < count; i++)
        memcpy(page + head_len + i * part_len, part, part_len);
    strcpy(page + head_len + part_len * count, tail);
    return page;
}

static struct fake *read_repeated(const char *head, const char *part, size_t count,
                                  const char *tail)
{
    char *page = repeat(head, part, count, tail);
    struct fake *fake = html_read_page(page);

    free(page);
    return fake;
}

static void expect_limit(const struct fake *fake, const char *value)
{
    const struct taxon_fact *fact = html_fact(fake, "limit");

    ck_assert_msg(fact != NULL, "no limit %s", value);
    ck_assert_uint_eq(fact->value_len, strlen(value));
    ck_assert_mem_eq(fact->value, value, fact->value_len);
    ck_assert_uint_ge(fake->log_count, 1);
}

START_TEST(deep_nesting_loses_no_text)
{
    char *open = repeat("<p>before</p>", "<div>", 100000, "<p>inside</p>");
    char *page = repeat(open, "</div>", 100000, "<p>after</p>");
    struct fake *fake = html_read_page(page);

    free(open);
    free(page);
    expect_limit(fake, "html-depth");
    ck_assert_str_eq(fake->text, "before\ninside\nafter");
    ck_assert_uint_le(fake->blocks[1].depth, 300);
    ck_assert_uint_eq(fake->blocks[2].depth, fake->blocks[0].depth); /* the ends were matched */
}
END_TEST

START_TEST(nesting_of_many_kinds)
{
    static const char *const parts[] = {"<b>",      "<a><div>",   "<table><tr><td>",
                                        "<ul><li>", "<span>",     "<foo>",
                                        "<svg>",    "<template>", "<select>",
                                        "<math>",   "<form>",     "<button>",
                                        "<object>", "<nobr>",     "</p>"};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct fake *fake = read_repeated("", parts[i], 20000, "<p>end");
        ck_assert_uint_le(fake->block_count, 40001);
    }
}
END_TEST

START_TEST(formatting_is_not_multiplied)
{
    char *many = malloc(200000);
    size_t len = 0;

    for (unsigned i = 0; i < 5000; i++)
        len += (size_t)sprintf(many + len, "<font size=%u>", i);
    struct fake *fake = read_repeated(many, "<p>x</p>", 5000, "");
    free(many);
    expect_limit(fake, "html-depth");
    ck_assert_uint_eq(fake->text_len, 5000 * 2 - 1);
}
END_TEST

START_TEST(attributes_are_bounded)
{
    struct fake *fake = read_repeated("<p ", "a b=c ", 200000, ">text");

    ck_assert_str_eq(fake->text, "text");
    char *many = malloc(2000000);
    size_t len = 0;
    for (unsigned i = 0; i < 60000; i++) /* merged into one element */
        len += (size_t)sprintf(many + len, "<html a%u=x><body b%u=y>", i, i);
    strcpy(many + len, "<p>text");
    fake = html_read_page(many);
    free(many);
    ck_assert_str_eq(fake->text, "text");
}
END_TEST

START_TEST(text_between_rows_is_bounded)
{
    struct fake *fake = read_repeated("<table>", "abc<tr>", 50000, "</table>end");

    expect_limit(fake, "html-strayed");
    ck_assert_str_eq(fake->text + fake->text_len - 3, "end");
}
END_TEST

START_TEST(a_page_of_ten_megabytes_is_cut)
{
    struct fake *fake = read_repeated("<p>a</p><b title='", "0123456789", 1000000, "'><p>b");

    expect_limit(fake, "html-bytes");
    ck_assert_str_eq(fake->text, "a");
    fake = read_repeated("<p>", "文字", 1500000, "");
    expect_limit(fake, "html-bytes");
    ck_assert_uint_le(fake->text_len, (size_t)8 << 20);
    ck_assert_uint_gt(fake->text_len, ((size_t)8 << 20) - 16);
}
END_TEST

START_TEST(nodes_are_bounded)
{
    struct fake *fake = read_repeated("", "<b>x", 2000000, "");

    ck_assert_ptr_nonnull(html_fact(fake, "limit"));
}
END_TEST

START_TEST(the_host_may_stop_it)
{
    char *page = repeat("<p>a", "<p>b", 100000, "");
    struct fake *fake = fake_new();

    ck_assert_int_eq(fake_open(fake), 0);
    fake->stop = 1;
    ck_assert_int_eq(fake_read(fake, page), 0);
    taxon_plugin_v1()->close(fake->task.instance);
    free(page);
    expect_limit(fake, "html-time");
    ck_assert_uint_lt(fake->text_len, 2000);
    ck_assert_uint_ge(fake->block_count, 1); /* what there is is handed over */
}
END_TEST

START_TEST(blocks_beyond_the_limit_are_left_out)
{
    struct fake *fake = fake_new();

    ck_assert_int_eq(fake_open(fake), 0);
    fake->block_limit = 2;
    ck_assert_int_eq(fake_read(fake, "<title>t</title><p>a<p>b<p>c<p>d"), 0);
    taxon_plugin_v1()->close(fake->task.instance);
    ck_assert_uint_eq(fake->block_count, 2);
    ck_assert_str_eq(fake->text, "a\nb\nc\nd");
    ck_assert_ptr_nonnull(html_fact(fake, "title"));
}
END_TEST

START_TEST(without_memory_it_says_so)
{
    int32_t result = -ENOMEM;

    for (uint32_t allocations = 0; result != 0; allocations++) {
        struct fake *fake = fake_new();
        ck_assert_int_eq(fake_open(fake), 0);
        fake->allocations_left = allocations;
        result = fake_read(fake, "<title>t</title><h1>t</h1><p>a<nav>b</nav>");
        taxon_plugin_v1()->close(fake->task.instance);
        ck_assert(result == 0 || result == -ENOMEM);
        ck_assert_uint_lt(allocations, 40);
    }
}
END_TEST

START_TEST(two_instances_do_not_know_each_other)
{
    struct fake *fake = fake_new();
    void *second = NULL;

    ck_assert_int_eq(fake_open(fake), 0);
    ck_assert_int_eq(taxon_plugin_v1()->open(&fake->opening, &second), 0);
    ck_assert_int_eq(fake_read(fake, "<p>a"), 0);
    ck_assert_str_eq(fake->text, "a");
    taxon_plugin_v1()->close(fake->task.instance);
    fake->task.instance = second;
    for (unsigned i = 0; i < 50; i++) {
        ck_assert_int_eq(fake_read(fake, "<p>b<foo>c"), 0);
        ck_assert_str_eq(fake->text, "bc");
    }
    taxon_plugin_v1()->close(second);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        deep_nesting_loses_no_text,
        nesting_of_many_kinds,
        formatting_is_not_multiplied,
        attributes_are_bounded,
        text_between_rows_is_bounded,
        a_page_of_ten_megabytes_is_cut,
        nodes_are_bounded,
        the_host_may_stop_it,
        blocks_beyond_the_limit_are_left_out,
        without_memory_it_says_so,
        two_instances_do_not_know_each_other,
    };

    return SUITE_RUN("kit/html_hostile", tests);
}
