/* Tests of wire/reply: there and back; what the packer mends; and that a worker that lies in one
 * thing is not believed in any. */
#include "wire/reply.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"
#include "sample.h"
#include "wire/pack.h"

static struct arena arena;
static struct strbuf packed;
static struct manifest *manifest;
static struct reply *sample;
static struct settings_limits limits;

static void setup(void)
{
    arena_init(&arena, 0);
    strbuf_init(&packed);
    manifest = sample_manifest(&arena);
    sample = sample_reply(&arena);
    limits = sample_limits;
}

static void teardown(void)
{
    strbuf_release(&packed);
    arena_release(&arena);
}

/* In memory of exactly that size, so that a sanitizer sees a byte read too many. NULL: accepted. */
static const char *unpack_exact(const char *data, size_t len, struct reply **out_reply)
{
    const char *why = NULL;
    char *memory = malloc(len == 0 ? 1 : len);

    memcpy(memory, data, len);
    int result = reply_unpack(&arena, memory, len, manifest, &limits, out_reply, &why);
    memset(memory, 0xee, len); /* everything was copied */
    free(memory);
    ck_assert(result == 0 || result == -EPROTO);
    ck_assert((result == 0) == (why == NULL));
    return why;
}

static const char *there_and_back(struct reply **out_reply)
{
    strbuf_clear(&packed);
    reply_pack(&packed, sample);
    ck_assert(!packed.failed);
    return unpack_exact(packed.data, packed.len, out_reply);
}

static void expect_same_document(const struct reply *a, const struct reply *b)
{
    ck_assert_mem_eq(&a->text_digest, &b->text_digest, sizeof a->text_digest);
    ck_assert_uint_eq(a->text_len, b->text_len);
    ck_assert_str_eq(a->charset, b->charset);
    ck_assert(a->charset_score == b->charset_score);
    ck_assert_str_eq(a->charset_declared, b->charset_declared);
    ck_assert_uint_eq(a->illegal, b->illegal);
    ck_assert_str_eq(a->media_type, b->media_type);
    ck_assert_str_eq(a->language, b->language);
    ck_assert_str_eq(a->script, b->script);
    ck_assert(a->language_share == b->language_share);
    ck_assert_uint_eq(a->glosses, b->glosses);
    ck_assert_uint_eq(a->damage.lost, b->damage.lost);
    ck_assert_uint_eq(a->damage.entities, b->damage.entities);
    ck_assert_uint_eq(a->damage.controls, b->damage.controls);
    ck_assert_int_eq(a->damage.truncated, b->damage.truncated);
    ck_assert_uint_eq(a->damage.mojibake, b->damage.mojibake);
    ck_assert_uint_eq(a->damage.mojibake_lost, b->damage.mojibake_lost);
    ck_assert(a->damage.mojibake_gain == b->damage.mojibake_gain);
    ck_assert_str_eq(a->damage.mojibake_charset, b->damage.mojibake_charset);
    ck_assert_str_eq(a->damage.mojibake_read_as, b->damage.mojibake_read_as);
    ck_assert_int_eq(a->damage.mojibake_mended, b->damage.mojibake_mended);
    ck_assert_uint_eq(a->block_count, b->block_count);
    ck_assert_str_eq(a->reader, b->reader);
    ck_assert_str_eq(a->unusable, b->unusable);
    ck_assert_str_eq(a->unusable_reason, b->unusable_reason);
}

static void expect_same_labels(const struct reply *a, const struct reply *b)
{
    ck_assert_uint_eq(a->label_count, b->label_count);
    for (size_t i = 0; i < a->label_count; i++) {
        const struct reply_label *first = &a->labels[i];
        const struct reply_label *second = &b->labels[i];
        ck_assert_str_eq(first->scheme, second->scheme);
        ck_assert_str_eq(first->id, second->id);
        ck_assert(first->score == second->score);
        ck_assert(first->threshold == second->threshold);
        ck_assert_int_eq(first->holds, second->holds);
        ck_assert_uint_eq(first->plugin, second->plugin);
        ck_assert_uint_eq(first->evidence_count, second->evidence_count);
        for (size_t j = 0; j < first->evidence_count; j++) {
            ck_assert_uint_eq(first->evidence[j].begin, second->evidence[j].begin);
            ck_assert_uint_eq(first->evidence[j].end, second->evidence[j].end);
            ck_assert(first->evidence[j].weight == second->evidence[j].weight);
            ck_assert_str_eq(first->evidence[j].reason, second->evidence[j].reason);
            ck_assert_str_eq(first->evidence[j].quote, second->evidence[j].quote);
        }
    }
    ck_assert_uint_eq(a->span_count, b->span_count);
    for (size_t i = 0; i < a->span_count; i++) {
        ck_assert_str_eq(a->spans[i].scheme, b->spans[i].scheme);
        ck_assert_str_eq(a->spans[i].id, b->spans[i].id);
        ck_assert_uint_eq(a->spans[i].begin, b->spans[i].begin);
        ck_assert_uint_eq(a->spans[i].end, b->spans[i].end);
        ck_assert(a->spans[i].score == b->spans[i].score);
        ck_assert_str_eq(a->spans[i].reason, b->spans[i].reason);
        ck_assert_uint_eq(a->spans[i].plugin, b->spans[i].plugin);
    }
}

static void expect_same_facts(const struct reply *a, const struct reply *b)
{
    ck_assert_uint_eq(a->fact_count, b->fact_count);
    for (size_t i = 0; i < a->fact_count; i++) {
        ck_assert_str_eq(a->facts[i].name, b->facts[i].name);
        ck_assert_str_eq(a->facts[i].value, b->facts[i].value);
        ck_assert_int_eq(a->facts[i].has_place, b->facts[i].has_place);
        ck_assert_uint_eq(a->facts[i].begin, b->facts[i].begin);
        ck_assert_uint_eq(a->facts[i].end, b->facts[i].end);
        ck_assert(a->facts[i].score == b->facts[i].score);
        ck_assert_str_eq(a->facts[i].reason, b->facts[i].reason);
        ck_assert_uint_eq(a->facts[i].plugin, b->facts[i].plugin);
    }
    ck_assert_uint_eq(a->signature_count, b->signature_count);
    for (size_t i = 0; i < a->signature_count; i++) {
        ck_assert_str_eq(a->signatures[i].name, b->signatures[i].name);
        ck_assert_uint_eq(a->signatures[i].data_len, b->signatures[i].data_len);
        ck_assert_mem_eq(a->signatures[i].data, b->signatures[i].data, a->signatures[i].data_len);
        ck_assert_uint_eq(a->signatures[i].plugin, b->signatures[i].plugin);
    }
}

static void expect_same_course(const struct reply *a, const struct reply *b)
{
    ck_assert_uint_eq(a->rival_count, b->rival_count);
    for (size_t i = 0; i < a->rival_count; i++) {
        ck_assert_str_eq(a->rivals[i].charset, b->rivals[i].charset);
        ck_assert(a->rivals[i].score == b->rivals[i].score);
    }
    ck_assert_uint_eq(a->limit_count, b->limit_count);
    for (size_t i = 0; i < a->limit_count; i++)
        ck_assert_str_eq(a->limits[i], b->limits[i]);
    ck_assert_uint_eq(a->failure_count, b->failure_count);
    for (size_t i = 0; i < a->failure_count; i++) {
        ck_assert_uint_eq(a->failures[i].plugin, b->failures[i].plugin);
        ck_assert_str_eq(a->failures[i].what, b->failures[i].what);
    }
    ck_assert_uint_eq(a->timing_count, b->timing_count);
    for (size_t i = 0; i < a->timing_count; i++) {
        ck_assert_str_eq(a->timings[i].stage, b->timings[i].stage);
        ck_assert_uint_eq(a->timings[i].us, b->timings[i].us);
    }
    ck_assert(a->is_container == b->is_container && a->has_more == b->has_more);
    ck_assert_uint_eq(a->next_member, b->next_member);
    ck_assert_uint_eq(a->next_offset, b->next_offset);
    ck_assert_uint_eq(a->member_count, b->member_count);
    for (size_t i = 0; i < a->member_count; i++) {
        ck_assert_uint_eq(a->members[i].index, b->members[i].index);
        ck_assert_uint_eq(a->members[i].begin, b->members[i].begin);
        ck_assert_uint_eq(a->members[i].len, b->members[i].len);
        ck_assert_str_eq(a->members[i].name, b->members[i].name);
        ck_assert_str_eq(a->members[i].url, b->members[i].url);
        ck_assert_str_eq(a->members[i].date, b->members[i].date);
        ck_assert_str_eq(a->members[i].charset, b->members[i].charset);
        ck_assert_str_eq(a->members[i].media_type, b->members[i].media_type);
    }
    ck_assert_uint_eq(a->log_count, b->log_count);
    for (size_t i = 0; i < a->log_count; i++) {
        ck_assert_uint_eq(a->logs[i].plugin, b->logs[i].plugin);
        ck_assert_uint_eq(a->logs[i].level, b->logs[i].level);
        ck_assert_str_eq(a->logs[i].line, b->logs[i].line);
    }
}

static void expect_same_vectors(const struct reply *a, const struct reply *b)
{
    ck_assert_uint_eq(a->vector_count, b->vector_count);
    for (size_t i = 0; i < a->vector_count; i++) {
        const struct reply_vector *first = &a->vectors[i];
        const struct reply_vector *second = &b->vectors[i];
        ck_assert_str_eq(first->scheme, second->scheme);
        ck_assert_str_eq(first->space, second->space);
        ck_assert_int_eq(first->has_place, second->has_place);
        ck_assert_uint_eq(first->begin, second->begin);
        ck_assert_uint_eq(first->end, second->end);
        ck_assert_uint_eq(first->plugin, second->plugin);
        ck_assert_uint_eq(first->count, second->count);
        for (size_t k = 0; k < first->count; k++) {
            ck_assert_uint_eq(first->ids[k], second->ids[k]);
            ck_assert(first->values[k] == second->values[k]);
        }
    }
}

START_TEST(everything_comes_back)
{
    struct reply *back = NULL;

    ck_assert_ptr_null(there_and_back(&back));
    expect_same_document(sample, back);
    expect_same_labels(sample, back);
    expect_same_facts(sample, back);
    expect_same_course(sample, back);
    expect_same_vectors(sample, back);
}
END_TEST

START_TEST(a_reply_of_nothing_comes_back)
{
    struct reply nothing = {.text_len = 0};
    struct reply *back = NULL;

    sample = &nothing;
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_str_eq(back->charset, "");
    ck_assert_str_eq(back->reader, "");
    ck_assert_str_eq(back->unusable, "");
    ck_assert_uint_eq(back->label_count, 0);
}
END_TEST

START_TEST(the_text_is_believed_only_whole)
{
    static char text[4096];
    struct reply *back;

    memset(text, 'x', sizeof text);
    ck_assert_uint_eq(sample->text_len, sizeof text);
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_ptr_null(back->text);
    sample->text = text;
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_mem_eq(back->text, text, sizeof text);
    text[7] = '\0'; /* a NUL is a character like others */
    ck_assert_ptr_null(there_and_back(&back));
    text[7] = '\xff';
    ck_assert_ptr_nonnull(there_and_back(&back));
}
END_TEST

START_TEST(thresholds_are_the_manifests)
{
    struct reply *back = NULL;

    sample->labels[0].holds = false;
    sample->labels[0].threshold = 0.875;
    sample->labels[1].holds = true;
    sample->labels[1].threshold = 0;
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert(back->labels[0].holds && back->labels[0].threshold == 0.625);
    ck_assert(!back->labels[1].holds && back->labels[1].threshold == 0.25);
    sample->labels[0].score = 0.625;
    sample->labels[1].score = nextafter(0.25, 0);
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert(back->labels[0].holds);
    ck_assert(!back->labels[1].holds);
}
END_TEST

START_TEST(the_packer_makes_texts_acceptable)
{
    char quote[] =
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二";
    struct reply *back = NULL;

    sample->charset_declared = "utf-8\" onload=\"x";
    sample->media_type = "text/html; charset=big5";
    sample->unusable_reason = "line\nline";
    sample->labels[0].evidence[0].quote = quote;
    sample->labels[0].evidence[0].reason = "tab\there";
    sample->facts[0].value = "a\r\nb\x1b[0m";
    sample->failures[0].what = "not \xff UTF-8";
    sample->logs[0].line = NULL;
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_str_eq(back->charset_declared, "utf-8");
    ck_assert_str_eq(back->media_type, "text/html");
    ck_assert_str_eq(back->unusable_reason, "line line");
    ck_assert_uint_eq(strlen(back->labels[0].evidence[0].quote), REPLY_QUOTE_MAX);
    ck_assert_mem_eq(back->labels[0].evidence[0].quote, quote, REPLY_QUOTE_MAX);
    ck_assert_str_eq(back->labels[0].evidence[0].reason, "tab here");
    ck_assert_str_eq(back->facts[0].value, "a  b [0m");
    ck_assert_str_eq(back->failures[0].what, "not \xEF\xBF\xBD UTF-8");
    ck_assert_str_eq(back->logs[0].line, "");
}
END_TEST

#define TEN "0123456789"
static const char long_name[] =
    TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
        TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN;

/* Core's own signature, with every bin filled. */
static void lie_minhash(const char *name, size_t len, uint32_t members)
{
    static uint8_t data[MINHASH_SIZE];
    struct minhash sketch;

    memset(&sketch, 0, sizeof sketch);
    sketch.members = members;
    minhash_pack(&sketch, data);
    sample->signatures[0] = (struct reply_signature){name, data, len, REPLY_CORE};
}

START_TEST(core_s_own_signature_is_read)
{
    struct reply *back = NULL;

    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_ptr_null(back->minhash); /* a plugin's own by that name is not core's */
    lie_minhash(REPLY_MINHASH, MINHASH_SIZE, 128);
    ck_assert_ptr_null(there_and_back(&back));
    ck_assert_ptr_nonnull(back->minhash);
    ck_assert_uint_eq(back->minhash->members, 128);
    ck_assert_uint_eq(back->signatures[0].plugin, REPLY_CORE);
    ck_assert_uint_ge(sample->signature_count, 2);
    sample->signatures[1] = sample->signatures[0];
    ck_assert_str_eq(there_and_back(&back), "a malformed signature of core's");
}
END_TEST

/* One lie each, in a fresh sample. */
#define LIE(name, statement)                                                                       \
    static void name(void)                                                                         \
    {                                                                                              \
        statement;                                                                                 \
    }
LIE(text_too_long, sample->text_len = limits.text_bytes + 1)
LIE(text_shorter_than_spans, sample->text_len = 4095)
LIE(illegal_beyond, sample->illegal = limits.text_bytes + 1)
LIE(glosses_beyond, sample->glosses = UINT64_MAX)
LIE(damage_beyond, sample->damage.lost = limits.text_bytes + 1)
LIE(gain_beyond, sample->damage.mojibake_gain = -1.5)
LIE(gain_nan, sample->damage.mojibake_gain = NAN)
LIE(charset_score_nan, sample->charset_score = NAN)
LIE(share_negative, sample->language_share = -0.001)
LIE(blocks_beyond, sample->block_count = limits.blocks + 1)
LIE(reader_unknown, sample->reader = "html")
LIE(reader_is_a_classifier, sample->reader = "genre")
LIE(verdict_malformed, sample->unusable = "../x")
LIE(rival_score_infinite, sample->rivals[0].score = INFINITY)
LIE(limit_unnamed, sample->limits[0] = "")
LIE(limit_malformed, sample->limits[0] = "a b")
LIE(label_undeclared, sample->labels[0].id = "sport")
LIE(label_empty, sample->labels[0].id = "")
LIE(label_id_too_long, sample->labels[0].id = long_name)
LIE(label_scheme_too_long, sample->labels[0].scheme = long_name)
LIE(label_scheme_undeclared, sample->labels[0].scheme = "topic")
LIE(label_of_another_plugin, sample->labels[0].plugin = SAMPLE_TOPICS)
LIE(label_of_a_reader, sample->labels[0].plugin = SAMPLE_READER)
LIE(label_of_no_plugin, sample->labels[0].plugin = SAMPLE_PLUGINS)
LIE(label_of_core, sample->labels[0].plugin = REPLY_CORE)
LIE(label_score_nan, sample->labels[0].score = NAN)
LIE(label_score_beyond, sample->labels[0].score = nextafter(1, 2))
LIE(label_score_negative, sample->labels[1].score = -0x1p-1074)
LIE(evidence_backwards, sample->labels[0].evidence[0].begin = 10)
LIE(evidence_outside, sample->labels[0].evidence[0].end = 4097)
LIE(evidence_far_outside, sample->labels[0].evidence[0].end = UINT64_MAX)
LIE(weight_nan, sample->labels[0].evidence[1].weight = NAN)
LIE(weight_infinite, sample->labels[0].evidence[1].weight = -INFINITY)
LIE(span_undeclared, sample->spans[0].id = "news")
LIE(span_of_another_plugin, sample->spans[0].plugin = SAMPLE_GENRE)
LIE(span_of_no_plugin, sample->spans[0].plugin = REPLY_CORE)
LIE(span_backwards, sample->spans[0].begin = 4001)
LIE(span_outside, sample->spans[1].end = 4097)
LIE(span_score_nan, sample->spans[0].score = NAN)
LIE(fact_name_malformed, sample->facts[0].name = "Title")
LIE(fact_name_empty, sample->facts[0].name = "")
LIE(fact_outside, sample->facts[0].end = 4097)
LIE(fact_score_beyond, sample->facts[1].score = 1.5)
LIE(fact_of_no_plugin, sample->facts[0].plugin = SAMPLE_PLUGINS)
LIE(signature_name_malformed, sample->signatures[0].name = "min hash")
LIE(signature_of_no_plugin, sample->signatures[0].plugin = SAMPLE_PLUGINS)
LIE(minhash_too_short, lie_minhash(REPLY_MINHASH, MINHASH_SIZE - 1, 128))
LIE(minhash_by_another_name, lie_minhash("minhush", MINHASH_SIZE, 128))
LIE(minhash_of_fewer_members, lie_minhash(REPLY_MINHASH, MINHASH_SIZE, 127))
LIE(failure_of_core, sample->failures[0].plugin = REPLY_CORE)
LIE(log_of_no_plugin, sample->logs[0].plugin = SAMPLE_PLUGINS)
LIE(member_twice, sample->members[1].index = 3)
LIE(members_overlap, sample->members[1].begin = 99)
LIE(member_far_away, sample->members[1].begin = UINT64_MAX)
LIE(member_index_beyond, sample->members[1].index = UINT64_MAX)
LIE(member_too_large, sample->members[1].len = limits.file_bytes + 1)
LIE(member_was_taken, sample->next_member = 7)
LIE(next_beyond, sample->next_offset = UINT64_MAX)
LIE(log_level_unknown, sample->logs[0].level = 4)
LIE(vector_of_no_plugin, sample->vectors[0].plugin = REPLY_CORE)
LIE(vector_scheme_undeclared, sample->vectors[0].scheme = "topic")
LIE(vector_scheme_of_a_reader, sample->vectors[0].plugin = SAMPLE_READER)
LIE(vector_space_malformed, sample->vectors[0].space = "Text 1")
LIE(vector_space_too_long, sample->vectors[0].space = long_name)
LIE(vector_outside, sample->vectors[1].end = 4097)
LIE(vector_backwards, sample->vectors[1].begin = 4097)
LIE(feature_nan, ((float *)(uintptr_t)sample->vectors[0].values)[2] = NAN)
LIE(feature_infinite, ((float *)(uintptr_t)sample->vectors[1].values)[0] = -INFINITY)
LIE(labels_beyond, limits.labels = 2)
LIE(spans_beyond, limits.spans = 1)
LIE(facts_beyond, limits.facts = 1)
LIE(bytes_beyond, limits.reply_bytes = 500)

START_TEST(one_lie_and_nothing_is_believed)
{
    const struct {
        const char *name;
        void (*lie)(void);
        const char *why; /* a part of it */
    } lies[] = {
#define ROW(name, why) {#name, name, why}
        ROW(text_too_long, "limits.text"),
        ROW(text_shorter_than_spans, "outside"),
        ROW(illegal_beyond, "illegal sequences"),
        ROW(glosses_beyond, "glosses"),
        ROW(damage_beyond, "damage"),
        ROW(gain_beyond, "gain"),
        ROW(gain_nan, "gain"),
        ROW(charset_score_nan, "charset's score"),
        ROW(share_negative, "language's share"),
        ROW(blocks_beyond, "limits.blocks"),
        ROW(reader_unknown, "reader"),
        ROW(reader_is_a_classifier, "reader"),
        ROW(verdict_malformed, "verdict"),
        ROW(rival_score_infinite, "charset's score"),
        ROW(limit_unnamed, "limit"),
        ROW(limit_malformed, "limit"),
        ROW(label_undeclared, "did not declare"),
        ROW(label_empty, "did not declare"),
        ROW(label_id_too_long, "malformed label"),
        ROW(label_scheme_too_long, "malformed label"),
        ROW(label_scheme_undeclared, "did not declare"),
        ROW(label_of_another_plugin, "did not declare"),
        ROW(label_of_a_reader, "did not declare"),
        ROW(label_of_no_plugin, "not in the manifest"),
        ROW(label_of_core, "not in the manifest"),
        ROW(label_score_nan, "label's score"),
        ROW(label_score_beyond, "label's score"),
        ROW(label_score_negative, "label's score"),
        ROW(evidence_backwards, "evidence lies outside"),
        ROW(evidence_outside, "evidence lies outside"),
        ROW(evidence_far_outside, "evidence lies outside"),
        ROW(weight_nan, "weight"),
        ROW(weight_infinite, "weight"),
        ROW(span_undeclared, "did not declare"),
        ROW(span_of_another_plugin, "did not declare"),
        ROW(span_of_no_plugin, "not in the manifest"),
        ROW(span_backwards, "span lies outside"),
        ROW(span_outside, "span lies outside"),
        ROW(span_score_nan, "span's score"),
        ROW(fact_name_malformed, "name of a fact"),
        ROW(fact_name_empty, "name of a fact"),
        ROW(fact_outside, "fact lies outside"),
        ROW(fact_score_beyond, "fact's score"),
        ROW(fact_of_no_plugin, "not in the manifest"),
        ROW(signature_name_malformed, "name of a signature"),
        ROW(signature_of_no_plugin, "not in the manifest"),
        ROW(minhash_too_short, "signature of core's"),
        ROW(minhash_by_another_name, "signature of core's"),
        ROW(minhash_of_fewer_members, "signature of core's"),
        ROW(failure_of_core, "not in the manifest"),
        ROW(log_of_no_plugin, "not in the manifest"),
        ROW(log_level_unknown, "log level"),
        ROW(vector_of_no_plugin, "not in the manifest"),
        ROW(vector_scheme_undeclared, "not their plugin's"),
        ROW(vector_scheme_of_a_reader, "not their plugin's"),
        ROW(vector_space_malformed, "space of features"),
        ROW(vector_space_too_long, "space of features"),
        ROW(vector_outside, "vector lies outside"),
        ROW(vector_backwards, "vector lies outside"),
        ROW(feature_nan, "not finite"),
        ROW(feature_infinite, "not finite"),
        ROW(member_twice, "order"),
        ROW(members_overlap, "order"),
        ROW(member_far_away, "place"),
        ROW(member_index_beyond, "place"),
        ROW(member_too_large, "limits.file"),
        ROW(member_was_taken, "before"),
        ROW(next_beyond, "place"),
        ROW(labels_beyond, "limits.labels"),
        ROW(spans_beyond, "limits.spans"),
        ROW(facts_beyond, "limits.facts"),
        ROW(bytes_beyond, "limits.reply"),
#undef ROW
    };
    struct reply *back = NULL;

    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        sample = sample_reply(&arena);
        limits = sample_limits;
        ck_assert_ptr_null(there_and_back(&back));
        back = NULL;
        lies[i].lie();
        const char *why = there_and_back(&back);
        ck_assert_msg(why != NULL, "%s", lies[i].name);
        ck_assert_msg(strstr(why, lies[i].why) != NULL, "%s: %s", lies[i].name, why);
        ck_assert_ptr_null(back);
    }
}
END_TEST

START_TEST(counts_beyond_the_fixed_limits_are_refused)
{
    struct reply *back = NULL;
    struct reply_evidence evidence[REPLY_EVIDENCE_MAX + 1] = {{0}};
    static struct reply_log logs[REPLY_LOG_MAX + 1];
    static char signature[REPLY_SIGNATURE_MAX + 1];

    sample->labels[0].evidence = evidence;
    sample->labels[0].evidence_count = REPLY_EVIDENCE_MAX;
    sample->logs = logs;
    sample->log_count = REPLY_LOG_MAX;
    sample->signatures[0].data = signature;
    sample->signatures[0].data_len = REPLY_SIGNATURE_MAX;
    ck_assert_ptr_null(there_and_back(&back));
    sample->labels[0].evidence_count++;
    ck_assert_str_eq(there_and_back(&back), "too much evidence");
    sample->labels[0].evidence_count--;
    sample->log_count++;
    ck_assert_str_eq(there_and_back(&back), "too many log lines");
    sample->log_count--;
    sample->signatures[0].data_len++;
    ck_assert_str_eq(there_and_back(&back), "a signature is too long");
}
END_TEST

/* A section as a worker of another mind would write it. */
static void put_section(struct strbuf *out, uint16_t type, uint16_t zero, const void *data,
                        size_t len)
{
    pack_u16(out, type);
    pack_u16(out, zero);
    pack_bytes(out, data, len);
}

START_TEST(a_section_ends_where_it_says)
{
    struct reply nothing = {.text_len = 0};
    struct reply *back = NULL;
    struct strbuf document = STRBUF_INIT;
    struct strbuf bytes = STRBUF_INIT;

    reply_pack(&packed, &nothing);
    uint32_t len = 8 + (uint8_t)packed.data[4] + 256u * (uint8_t)packed.data[5];
    strbuf_append(&document, packed.data, len);
    for (uint16_t type = 2; type <= 11; type++) {
        strbuf_clear(&bytes);
        strbuf_append(&bytes, document.data, document.len);
        put_section(&bytes, type, 0, "\0\0\0\0", 4);
        ck_assert_ptr_null(unpack_exact(bytes.data, bytes.len, &back));
        strbuf_clear(&bytes);
        strbuf_append(&bytes, document.data, document.len);
        put_section(&bytes, type, 0, "\0\0\0\0x", 5);
        ck_assert_str_eq(unpack_exact(bytes.data, bytes.len, &back),
                         "a section does not end where it says");
    }
    strbuf_release(&document);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(sections_unknown_twice_or_misplaced)
{
    struct reply *back = NULL;
    struct reply nothing = {.text_len = 0};
    struct strbuf bytes = STRBUF_INIT;

    reply_pack(&packed, &nothing);
    put_section(&packed, 31, 0, "whatever a newer worker says", 28);
    put_section(&packed, 31, 0, "", 0);
    put_section(&packed, 65535, 0, "x", 1);
    ck_assert_ptr_null(unpack_exact(packed.data, packed.len, &back));

    strbuf_append(&bytes, packed.data, packed.len);
    put_section(&bytes, 2, 0, "\0\0\0\0", 4); /* rivals, again */
    ck_assert_str_eq(unpack_exact(bytes.data, bytes.len, &back), "a section is there twice");
    strbuf_clear(&bytes);
    strbuf_append(&bytes, packed.data, packed.len);
    strbuf_append(&bytes, packed.data, packed.len); /* the document, again */
    ck_assert_ptr_nonnull(unpack_exact(bytes.data, bytes.len, &back));
    strbuf_clear(&bytes);
    put_section(&bytes, 2, 0, "\0\0\0\0", 4); /* rivals before the document */
    strbuf_append(&bytes, packed.data, packed.len);
    ck_assert_ptr_nonnull(unpack_exact(bytes.data, bytes.len, &back));
    strbuf_clear(&bytes);
    put_section(&bytes, 31, 0, "", 0); /* something unknown, and no document */
    ck_assert_ptr_nonnull(unpack_exact(bytes.data, bytes.len, &back));
    strbuf_clear(&bytes);
    strbuf_append(&bytes, packed.data, packed.len);
    put_section(&bytes, 31, 1, "", 0); /* what should be zero is not */
    ck_assert_str_eq(unpack_exact(bytes.data, bytes.len, &back), "a malformed section");
    ck_assert_ptr_nonnull(unpack_exact("", 0, &back));
    strbuf_release(&bytes);
}
END_TEST

/* Turns the only `from` in the packed sample into `to`, which is as long: what the packer would
 * have mended. */
static const char *with(const char *from, const char *to)
{
    struct reply *back = NULL;
    size_t len = strlen(from);

    ck_assert_uint_eq(len, strlen(to));
    strbuf_clear(&packed);
    reply_pack(&packed, sample);
    char *at = memmem(packed.data, packed.len, from, len);
    ck_assert_msg(at != NULL, "%s", from);
    memcpy(at, to, len);
    return unpack_exact(packed.data, packed.len, &back);
}

START_TEST(texts_that_the_packer_would_have_mended_are_refused)
{
    ck_assert_ptr_null(with("haze", "fog!"));
    ck_assert_ptr_nonnull(with("news/meeting", "news/meeti\n\n"));
    ck_assert_ptr_nonnull(with("haze", "ha\ne"));
    ck_assert_ptr_nonnull(with("haze", "\xff\xff\xff\xff"));
    ck_assert_ptr_nonnull(with("记者会", "\t记者\x1b?"));
    ck_assert_ptr_nonnull(with("例行", "\x1b[31mx"));
    ck_assert_ptr_nonnull(with("gb2312", "gb\"312"));
    ck_assert_ptr_nonnull(with("GB18030", "GB1803\n"));
    ck_assert_ptr_nonnull(with("Hans", "H ns"));
    ck_assert_ptr_nonnull(with("did not", "did\rnot"));
    ck_assert_ptr_nonnull(with("decode", "deco\te"));
    ck_assert_ptr_nonnull(with("a line,", "a\x7fline,"));
    ck_assert_ptr_nonnull(with("gave up", "gave\nup"));
}
END_TEST

START_TEST(no_part_of_it_does_harm)
{
    struct reply *back = NULL;
    size_t accepted = 0;

    reply_pack(&packed, sample);
    for (size_t len = 0; len < packed.len; len++)
        accepted += unpack_exact(packed.data, len, &back) == NULL;
    /* Only where a section ends: the document's, the damage's, the ten lists' after it. */
    ck_assert_uint_eq(accepted, 12);
}
END_TEST

START_TEST(flipped_bytes_do_no_harm)
{
    uint64_t random = 5;
    int refused = 0;

    reply_pack(&packed, sample);
    for (int round = 0; round < 10000; round++) {
        struct reply *back = NULL;
        char *copy = malloc(packed.len);
        memcpy(copy, packed.data, packed.len);
        for (uint64_t i = suite_random(&random) % 3 + 1; i > 0; i--)
            copy[suite_random(&random) % packed.len] ^= (char)(1u << suite_random(&random) % 8);
        refused += unpack_exact(copy, packed.len, &back) != NULL;
        free(copy);
        arena_reset(&arena);
        manifest = sample_manifest(&arena);
    }
    ck_assert_int_gt(refused, 2000);
}
END_TEST

START_TEST(memory_that_ends_is_told)
{
    struct reply *back = NULL;
    const char *why = NULL;

    reply_pack(&packed, sample);
    for (size_t budget = 16;; budget += 16) {
        struct arena small;
        arena_init(&small, budget);
        int result = reply_unpack(&small, packed.data, packed.len, manifest, &limits, &back, &why);
        arena_release(&small);
        if (result == 0)
            break;
        ck_assert_int_eq(result, -ENOMEM);
        ck_assert_str_eq(why, "out of memory");
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        everything_comes_back,
        a_reply_of_nothing_comes_back,
        the_text_is_believed_only_whole,
        thresholds_are_the_manifests,
        the_packer_makes_texts_acceptable,
        one_lie_and_nothing_is_believed,
        core_s_own_signature_is_read,
        counts_beyond_the_fixed_limits_are_refused,
        a_section_ends_where_it_says,
        sections_unknown_twice_or_misplaced,
        texts_that_the_packer_would_have_mended_are_refused,
        no_part_of_it_does_harm,
        flipped_bytes_do_no_harm,
        memory_that_ends_is_told,
    };

    return suite_run_with("wire/reply", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
