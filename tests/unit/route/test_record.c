/* Tests of route/record. */
#include "route/record.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"

static struct fixture fixture;

static struct plan plan_of(void)
{
    static struct rule_trace trace[] = {
        {"notice", false, "genre: gov/notice", "news/report 0.93"},
        {"report", true, "", ""},
    };

    return (struct plan){.root = "archive:main",
                         .target = "news/a.txt",
                         .sidecar = "news/a.txt.taxon.json",
                         .rule = "report",
                         .trace = trace,
                         .trace_count = 2};
}

/* Everything that a record can hold. */
static void fill(void)
{
    static struct reply_evidence evidence[] = {
        {10, 22, 1.5, "headline", "本报记者 reports"},
        {40, 43, 0.25, "", ""},
    };
    static struct reply_rival rivals[] = {{"Big5", 0.25}};
    static const char *limits[] = {"limits.text"};
    static struct reply_signature signatures[] = {{"minhash-1", "\x00\xAB\xff", 3, 2}};
    static struct reply_failure failures[] = {{1, "gave up: -EINVAL"}};
    static struct reply_timing timings[] = {{"decode", 12}, {"classify genre", 34}, {"decode", 8}};
    struct reply *reply = &fixture.reply;
    struct reply_label *label = fixture_label(&fixture, "genre", "news/report", 0.93);

    label->evidence = evidence;
    label->evidence_count = 2;
    fixture_label(&fixture, "topic", "ecology/air", 0.25); /* just near */
    fixture_label(&fixture, "topic", "economy", 0.2499);   /* just not */
    fixture_label(&fixture, "greeting", "warm", 0.5);      /* just holds */
    fixture_fact(&fixture, "title", "Second", 0.5);
    fixture_fact(&fixture, "title", "First \"quoted\"", 0.9);
    fixture_fact(&fixture, "url", "http://example.org/a", 1);
    fixture_fact(&fixture, "date-published", "2026-11", 0.8);
    fixture.facts[0].has_place = true;
    fixture.facts[0].begin = 5;
    fixture.facts[0].end = 11;
    fixture.facts[0].plugin = 1;
    fixture_boilerplate(&fixture, 100, 200);
    reply->text_digest.bytes[0] = 0xC0;
    reply->charset = "GB18030";
    reply->charset_declared = "gbk";
    reply->rivals = rivals;
    reply->rival_count = 1;
    reply->glosses = 12;
    reply->limits = limits;
    reply->limit_count = 1;
    reply->signatures = signatures;
    reply->signature_count = 1;
    reply->failures = failures;
    reply->failure_count = 1;
    reply->timings = timings;
    reply->timing_count = 3;
}

/* Indented, it is what a person reads: the whole text is the contract. */
START_TEST(the_whole_record)
{
    static const char wanted[] =
        "{\n"
        "  \"record\": 1,\n"
        "  \"id\": \"01932f5c-7b1a-7000-8000-0123456789ab\",\n"
        "  \"name\": \"a.txt\",\n"
        "  \"source\": \"web\",\n"
        "  \"inbox\": \"web\",\n"
        "  \"path\": \"a.txt\",\n"
        "  \"url\": \"http://example.org/a\",\n"
        "  \"size\": 2000,\n"
        "  \"sha256\": \"deadbeef00000000000000000000000000000000000000000000000000000000\",\n"
        "  \"text_sha256\": "
        "\"c000000000000000000000000000000000000000000000000000000000000000\",\n"
        "  \"received\": \"2026-11-24T10:32:36.000Z\",\n"
        "  \"modified\": \"2026-11-24T09:32:36.123Z\",\n"
        "  \"media_type\": \"text/plain\",\n"
        "  \"reader\": \"text\",\n"
        "  \"charset\": {\n"
        "    \"name\": \"GB18030\",\n"
        "    \"score\": 1,\n"
        "    \"declared\": \"gbk\",\n"
        "    \"rivals\": [\n"
        "      {\n"
        "        \"name\": \"Big5\",\n"
        "        \"score\": 0.25\n"
        "      }\n"
        "    ]\n"
        "  },\n"
        "  \"language\": {\n"
        "    \"id\": \"en\",\n"
        "    \"script\": \"Latn\",\n"
        "    \"share\": 0.99\n"
        "  },\n"
        "  \"damage\": [\n"
        "    {\n"
        "      \"kind\": \"pinyin-gloss\",\n"
        "      \"count\": 12\n"
        "    },\n"
        "    {\n"
        "      \"kind\": \"cut\",\n"
        "      \"count\": 1\n"
        "    }\n"
        "  ],\n"
        "  \"title\": \"First \\\"quoted\\\"\",\n"
        "  \"dates\": {\n"
        "    \"published\": \"2026-11\"\n"
        "  },\n"
        "  \"usable\": true,\n"
        "  \"answers\": {\n"
        "    \"genre\": \"news/report\",\n"
        "    \"topic\": \"none\",\n"
        "    \"greeting\": \"warm\"\n"
        "  },\n"
        "  \"labels\": [\n"
        "    {\n"
        "      \"scheme\": \"genre\",\n"
        "      \"id\": \"news/report\",\n"
        "      \"names\": {\n"
        "        \"zh\": \"新闻报道\",\n"
        "        \"en\": \"News report\"\n"
        "      },\n"
        "      \"score\": 0.93,\n"
        "      \"threshold\": 0.5,\n"
        "      \"crosswalk\": {\n"
        "        \"core\": [\n"
        "          \"NE\",\n"
        "          \"NA\"\n"
        "        ],\n"
        "        \"x-genre\": [\n"
        "          \"News\"\n"
        "        ]\n"
        "      },\n"
        "      \"by\": \"genre@1.2#0123456789ab\",\n"
        "      \"evidence\": [\n"
        "        {\n"
        "          \"begin\": 10,\n"
        "          \"end\": 22,\n"
        "          \"weight\": 1.5,\n"
        "          \"reason\": \"headline\",\n"
        "          \"quote\": \"本报记者 reports\"\n"
        "        },\n"
        "        {\n"
        "          \"begin\": 40,\n"
        "          \"end\": 43,\n"
        "          \"weight\": 0.25\n"
        "        }\n"
        "      ]\n"
        "    },\n"
        "    {\n"
        "      \"scheme\": \"greeting\",\n"
        "      \"id\": \"warm\",\n"
        "      \"score\": 0.5,\n"
        "      \"threshold\": 0.5,\n"
        "      \"by\": \"page@0.1#000000000000\"\n"
        "    }\n"
        "  ],\n"
        "  \"near\": [\n"
        "    {\n"
        "      \"scheme\": \"topic\",\n"
        "      \"id\": \"ecology/air\",\n"
        "      \"names\": {\n"
        "        \"zh\": \"大气\",\n"
        "        \"en\": \"Air\"\n"
        "      },\n"
        "      \"score\": 0.25,\n"
        "      \"threshold\": 0.5,\n"
        "      \"by\": \"topics@1.0#000000000000\"\n"
        "    }\n"
        "  ],\n"
        "  \"spans\": [\n"
        "    {\n"
        "      \"scheme\": \"boilerplate\",\n"
        "      \"id\": \"nav\",\n"
        "      \"begin\": 100,\n"
        "      \"end\": 200,\n"
        "      \"score\": 0.9,\n"
        "      \"by\": \"page@0.1#000000000000\"\n"
        "    }\n"
        "  ],\n"
        "  \"facts\": [\n"
        "    {\n"
        "      \"name\": \"title\",\n"
        "      \"value\": \"Second\",\n"
        "      \"begin\": 5,\n"
        "      \"end\": 11,\n"
        "      \"score\": 0.5,\n"
        "      \"by\": \"topics@1.0#000000000000\"\n"
        "    },\n"
        "    {\n"
        "      \"name\": \"title\",\n"
        "      \"value\": \"First \\\"quoted\\\"\",\n"
        "      \"score\": 0.9,\n"
        "      \"by\": \"taxond\"\n"
        "    },\n"
        "    {\n"
        "      \"name\": \"url\",\n"
        "      \"value\": \"http://example.org/a\",\n"
        "      \"score\": 1,\n"
        "      \"by\": \"taxond\"\n"
        "    },\n"
        "    {\n"
        "      \"name\": \"date-published\",\n"
        "      \"value\": \"2026-11\",\n"
        "      \"score\": 0.8,\n"
        "      \"by\": \"taxond\"\n"
        "    }\n"
        "  ],\n"
        "  \"text_bytes\": 1000,\n"
        "  \"blocks\": 3,\n"
        "  \"limits\": [\n"
        "    \"limits.text\"\n"
        "  ],\n"
        "  \"failures\": [\n"
        "    {\n"
        "      \"by\": \"topics@1.0#000000000000\",\n"
        "      \"what\": \"gave up: -EINVAL\"\n"
        "    }\n"
        "  ],\n"
        "  \"signatures\": [\n"
        "    {\n"
        "      \"name\": \"minhash-1\",\n"
        "      \"by\": \"page@0.1#000000000000\",\n"
        "      \"data\": \"00abff\"\n"
        "    }\n"
        "  ],\n"
        "  \"rules\": [\n"
        "    {\n"
        "      \"rule\": \"notice\",\n"
        "      \"matched\": false,\n"
        "      \"clause\": \"genre: gov/notice\",\n"
        "      \"saw\": \"news/report 0.93\"\n"
        "    },\n"
        "    {\n"
        "      \"rule\": \"report\",\n"
        "      \"matched\": true\n"
        "    }\n"
        "  ],\n"
        "  \"plan\": {\n"
        "    \"rule\": \"report\",\n"
        "    \"root\": \"archive:main\",\n"
        "    \"target\": \"news/a.txt\"\n"
        "  },\n"
        "  \"generation\": 3,\n"
        "  \"attempts\": 1,\n"
        "  \"timings_us\": {\n"
        "    \"decode\": 20,\n"
        "    \"classify genre\": 34\n"
        "  }\n"
        "}\n";
    struct strbuf text = STRBUF_INIT;
    struct plan plan;

    fixture_init(&fixture);
    fill();
    plan = plan_of();
    record_write(&fixture.subject, &plan, 2, &text);
    ck_assert_str_eq(strbuf_text(&text), wanted);
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

static const char *write_line(struct strbuf *text, const struct plan *plan)
{
    strbuf_clear(text);
    record_write(&fixture.subject, plan, 0, text);
    ck_assert(!text->failed);
    ck_assert_ptr_null(strchr(text->data, '\n'));
    return text->data;
}

START_TEST(the_same_bytes_each_time_and_on_one_line)
{
    struct strbuf first = STRBUF_INIT;
    struct strbuf second = STRBUF_INIT;
    struct plan plan;

    fixture_init(&fixture);
    fill();
    plan = plan_of();
    write_line(&first, &plan);
    ck_assert_str_eq(write_line(&second, &plan), first.data);
    ck_assert_int_eq(first.data[first.len - 1], '}');
    strbuf_release(&first);
    strbuf_release(&second);
    fixture_release(&fixture);
}
END_TEST

static void check_has(const struct strbuf *text, const char *part)
{
    ck_assert_msg(strstr(text->data, part) != NULL, "'%s' is not in %s", part, text->data);
}

static void check_lacks(const struct strbuf *text, const char *part)
{
    ck_assert_msg(strstr(text->data, part) == NULL, "'%s' is in %s", part, text->data);
}

START_TEST(what_is_not_known_is_left_out)
{
    static const char *const parts[] = {"name_bytes", "path_bytes", "url",        "declared",
                                        "rivals",     "damage",     "title",      "dates",
                                        "unusable",   "near",       "spans",      "facts",
                                        "limits",     "failures",   "signatures", "rules",
                                        "\"plan",     "failure",    "evidence",   "timings_us",
                                        "null"};
    struct strbuf text = STRBUF_INIT;

    fixture_init(&fixture);
    write_line(&text, NULL);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        check_lacks(&text, parts[i]);
    check_has(&text, "\"labels\":[]"); /* an answer */
    check_has(&text, "\"usable\":true");
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

START_TEST(hostile_names_are_shown_and_kept)
{
    struct strbuf text = STRBUF_INIT;
    struct plan plan;

    fixture_init(&fixture);
    plan = plan_of();
    fixture.subject.name = "a\n\xB1\xA8.txt";
    fixture.subject.path = "x/a\n\xB1\xA8.txt";
    plan.target = "other/a_\xB1\xA8.txt";
    write_line(&text, &plan);
    check_has(&text, "\"name_bytes\":\"610ab1a82e747874\"");
    check_has(&text, "\"path_bytes\":\"782f610ab1a82e747874\"");
    check_has(&text, "\"target_bytes\":\"6f746865722f615fb1a82e747874\"");
    check_has(&text, "\"name\":\"a?");
    ck_assert_ptr_null(strchr(text.data, '\xB1'));
    fixture.subject.name = "报道.txt";
    fixture.subject.path = "报道.txt";
    plan.target = "报道.txt";
    write_line(&text, &plan);
    check_has(&text, "\"name\":\"报道.txt\"");
    check_lacks(&text, "_bytes\":\"");
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

START_TEST(unusable_and_quarantined)
{
    struct strbuf text = STRBUF_INIT;
    struct plan plan = {.root = "quarantine",
                        .target = "01932f5c-7b1a-7000-8000-0123456789ab/a.txt",
                        .sidecar = "01932f5c-7b1a-7000-8000-0123456789ab/reason.json",
                        .rule = ""};

    fixture_init(&fixture);
    fixture.reply.unusable = "garbled";
    fixture.reply.unusable_reason = "most of it decodes to rare characters";
    write_line(&text, NULL);
    check_has(&text, "\"usable\":false,\"unusable\":{\"verdict\":\"garbled\",\"reason\":\"most of");
    fixture.subject.reply = NULL;
    fixture.subject.failure = "the worker was killed by signal 11";
    fixture.subject.failure_stage = "classify topics";
    fixture.subject.url = "http://example.org/b";
    fixture.subject.attempts = 2;
    write_line(&text, &plan);
    check_has(&text, "\"failure\":{\"stage\":\"classify topics\","
                     "\"reason\":\"the worker was killed by signal 11\"}");
    check_has(&text, "\"plan\":{\"root\":\"quarantine\",");
    check_has(&text, "\"url\":\"http://example.org/b\"");
    check_has(&text, "\"attempts\":2");
    check_lacks(&text, "usable");
    check_lacks(&text, "text_sha256");
    check_lacks(&text, "labels");
    check_has(&text, "\"sha256\"");
    fixture.subject.failure_stage = NULL;
    memset(&fixture.subject.digest, 0, sizeof(fixture.subject.digest)); /* it could not be read */
    write_line(&text, &plan);
    check_has(&text, "\"failure\":{\"reason\":");
    check_lacks(&text, "sha256");
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

/* What lacks memory must not pass for a record. */
START_TEST(failure_is_told)
{
    struct strbuf text = STRBUF_INIT;

    fixture_init(&fixture);
    text.failed = true;
    record_write(&fixture.subject, NULL, 0, &text);
    ck_assert(text.failed);
    strbuf_release(&text);
    fixture_release(&fixture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_whole_record,
        the_same_bytes_each_time_and_on_one_line,
        what_is_not_known_is_left_out,
        hostile_names_are_shown_and_kept,
        unusable_and_quarantined,
        failure_is_told,
    };

    return FIXTURE_RUN("route/record", tests);
}
