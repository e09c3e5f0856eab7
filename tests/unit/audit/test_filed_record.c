/* A record read back: what a row gets of it, and what is refused. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/filed_record.h"
#include "base/strbuf.h"

#define ID     "019f0000-0000-7000-8000-000000000001"
#define DIGEST "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define REST                                                                                       \
    "\"size\":7,\"sha256\":\"" DIGEST "\",\"text_sha256\":\"" DIGEST "\","                         \
    "\"received\":\"2026-11-24T10:47:24.357Z\",\"modified\":\"1969-12-31T23:59:59.999Z\","         \
    "\"attempts\":3"
#define PLAN ",\"plan\":{\"rule\":\"r\",\"root\":\"archive:main\",\"target\":\"a/b.txt\"}"

static struct filed_record record;
static struct err err;

static int parse(const char *text)
{
    err.text[0] = '\0';
    return filed_record_parse(text, strlen(text), &record, &err);
}

static void refuses(const char *text, const char *why)
{
    ck_assert_int_eq(parse(text), -EINVAL);
    ck_assert_msg(strstr(err.text, why) != NULL, "%s\n%s", text, err.text);
    ck_assert_ptr_null(record.json);
}

START_TEST(a_row_gets_what_the_record_says)
{
    ck_assert_msg(parse("{\"record\":1,\"id\":\"" ID
                        "\",\"inbox\":\"main\",\"path\":\"x/y.txt\"," REST PLAN
                        ",\"labels\":[{\"scheme\":\"genre\",\"id\":\"news\",\"score\":0.5},"
                        "{\"scheme\":7},5]}") == 0,
                  "%s", err.text);
    ck_assert_str_eq(record.row.claim.id.text, ID);
    ck_assert_str_eq(record.row.claim.inbox, "main");
    ck_assert_str_eq(record.row.claim.path, "x/y.txt");
    ck_assert_uint_eq(record.row.claim.size, 7);
    ck_assert_int_eq(record.row.claim.claimed_ms, 1795517244357);
    ck_assert_int_eq(record.row.claim.mtime_ns, -1000000);
    ck_assert_uint_eq(record.row.attempts, 3);
    ck_assert_uint_eq(record.row.decision.digest.bytes[31], 0x1f);
    ck_assert_uint_eq(record.row.decision.text_digest.bytes[1], 1);
    ck_assert_str_eq(record.row.decision.target, "a/b.txt");
    ck_assert_str_eq(record.row.decision.rule, "r");
    ck_assert_uint_eq(record.row.decision.label_count, 1);
    ck_assert_str_eq(record.row.decision.labels[0].id, "news");
    filed_record_release(&record);
}
END_TEST

/* A signature of taxond's own, with every bin filled. */
static void put_signature(const char *by, const char *earlier, struct strbuf *text)
{
    strbuf_clear(text);
    strbuf_puts(text, "{\"record\":1,\"id\":\"" ID "\",\"path\":\"a\"," REST PLAN
                      ",\"signatures\":[{\"name\":\"minhash\",\"by\":\"");
    strbuf_printf(text, "%s\",\"data\":\"01ff000000", by);
    for (unsigned i = 0; i < MINHASH_BINS; i++)
        strbuf_puts(text, "0a000000");
    strbuf_printf(text, "\"}]%s}", earlier);
}

START_TEST(the_signature_comes_back_unless_an_earlier_document_has_it)
{
    struct strbuf text = STRBUF_INIT;

    put_signature("taxond", "", &text);
    ck_assert_msg(parse(strbuf_text(&text)) == 0, "%s", err.text);
    ck_assert_ptr_nonnull(record.row.decision.sketch);
    ck_assert_uint_eq(record.row.decision.sketch->members, 255);
    ck_assert_uint_eq(record.row.decision.sketch->bins[127], 10);
    ck_assert(!record.row.decision.sketch_is_known);
    filed_record_release(&record);
    put_signature("taxond", ",\"copy_of\":{\"id\":\"" ID "\",\"similarity\":1}", &text);
    ck_assert_int_eq(parse(strbuf_text(&text)), 0);
    ck_assert(record.row.decision.sketch_is_known);
    filed_record_release(&record);
    put_signature("taxond", ",\"copy_of\":{\"similarity\":0.992188}", &text);
    ck_assert_int_eq(parse(strbuf_text(&text)), 0);
    ck_assert(!record.row.decision.sketch_is_known);
    filed_record_release(&record);
    put_signature("taxond@1.0#0123456789ab", "", &text); /* a plugin that calls itself so */
    ck_assert_int_eq(parse(strbuf_text(&text)), 0);
    ck_assert_ptr_null(record.row.decision.sketch);
    filed_record_release(&record);
    strbuf_release(&text);
}
END_TEST

START_TEST(bytes_that_are_no_text_come_from_hexadecimal)
{
    ck_assert_int_eq(parse("{\"record\":1,\"id\":\"" ID
                           "\",\"path\":\"?\",\"path_bytes\":\"ff0a\"," REST
                           ",\"plan\":{\"target\":\"?\",\"target_bytes\":\"612ffe\"}}"),
                     0);
    ck_assert_str_eq(record.row.claim.path, "\xff\n");
    ck_assert_str_eq(record.row.decision.target, "a/\xfe");
    filed_record_release(&record);
}
END_TEST

START_TEST(what_is_no_record_is_refused)
{
    static char values[4 * 1024 * 1024];

    refuses("", "no JSON");
    refuses("[1]", "\"record\": 1");
    refuses("{\"record\":2}", "\"record\": 1");
    refuses("{\"record\":1}", "'id'");
    refuses("{\"record\":1,\"record\":1}", "no JSON");
    refuses("{\"record\":1,\"id\":\"../../../../etc\"}", "'id'");
    refuses("{\"record\":1,\"id\":\"" ID "\"}", "'size'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":-1}", "'size'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":1,\"path_bytes\":\"00\"}", "'path'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":1,\"path_bytes\":\"0g\"}", "'path'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":1}", "'sha256'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":1,\"sha256\":\"" DIGEST "00\"}", "'sha256'");
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":1,\"sha256\":\"" DIGEST "\"}", "'plan'");
    memset(values, '[', sizeof(values) - 1);
    refuses(values, "more values");
    memset(values, '[', 100000);
    values[100000] = '\0';
    refuses(values, "no JSON");
}
END_TEST

START_TEST(it_is_held_against_size_and_digest)
{
    struct measure measure = {.size = 7};

    ck_assert_int_eq(parse("{\"record\":1,\"id\":\"" ID "\"," REST PLAN "}"), 0);
    for (uint8_t i = 0; i < DIGEST_SIZE; i++)
        measure.digest.bytes[i] = i;
    ck_assert(filed_record_is_of(&record, &measure, false));
    measure.size = 8;
    ck_assert(!filed_record_is_of(&record, &measure, false));
    measure.size = 7;
    measure.digest.bytes[31]++;
    ck_assert(!filed_record_is_of(&record, &measure, false));
    filed_record_release(&record);
}
END_TEST

/* What was too large was never read, and lies in the quarantine for it. */
START_TEST(only_in_the_quarantine_a_size_is_enough)
{
    struct measure measure = {.size = 7};

    ck_assert_int_eq(parse("{\"record\":1,\"id\":\"" ID "\",\"size\":7,\"plan\":{"
                           "\"root\":\"quarantine\",\"target\":\"" ID "/a\"}}"),
                     0);
    ck_assert(filed_record_is_of(&record, &measure, true));
    ck_assert(!filed_record_is_of(&record, &measure, false));
    measure.size = 8;
    ck_assert(!filed_record_is_of(&record, &measure, true));
    filed_record_release(&record);
    refuses("{\"record\":1,\"id\":\"" ID "\",\"size\":7,\"plan\":{\"root\":\"archive:main\","
            "\"target\":\"a\"}}",
            "'sha256'");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filed_record");
    TCase *tests = tcase_create("records");
    SRunner *runner;
    int failed;

    tcase_add_test(tests, a_row_gets_what_the_record_says);
    tcase_add_test(tests, the_signature_comes_back_unless_an_earlier_document_has_it);
    tcase_add_test(tests, bytes_that_are_no_text_come_from_hexadecimal);
    tcase_add_test(tests, what_is_no_record_is_refused);
    tcase_add_test(tests, it_is_held_against_size_and_digest);
    tcase_add_test(tests, only_in_the_quarantine_a_size_is_enough);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
