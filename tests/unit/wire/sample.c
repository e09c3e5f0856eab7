#include "sample.h"

#include <assert.h>
#include <string.h>

#include <taxon/host.h>
#include <taxon/plugin.h>

#define COPY(arena, array) copy(arena, array, sizeof(array))
#define COUNT(array)       (sizeof(array) / sizeof(array)[0])

const struct settings_limits sample_limits = {
    .file_bytes = 1 << 20,
    .text_bytes = 1 << 20,
    .blocks = 1000,
    .labels = 8,
    .spans = 8,
    .facts = 8,
    .reply_bytes = 1 << 20,
};

static void *copy(struct arena *arena, const void *data, size_t size)
{
    void *memory = arena_memdup(arena, data, size);

    assert(memory != NULL);
    return memory;
}

static struct digest digest_of(uint8_t byte)
{
    struct digest digest;

    memset(digest.bytes, byte, sizeof digest.bytes);
    return digest;
}

static struct manifest_plugin reader(struct arena *arena)
{
    const char *media_types[] = {"text/plain", "text/*"};

    return (struct manifest_plugin){
        .name = "text",
        .own_name = "text",
        .version = "1.0.0",
        .kind = TAXON_KIND_READER,
        .index = 0,
        .digest = digest_of(1),
        .media_types = COPY(arena, media_types),
        .media_type_count = COUNT(media_types),
    };
}

static struct manifest_plugin genre(struct arena *arena)
{
    const char *schemes[] = {"genre", "register"};
    const struct manifest_code codes[] = {{"x-genre", "News"}, {"core", "NE"}, {"core", "NA"}};
    const struct manifest_label labels[] = {
        {"genre", "news", "新闻", "News", "", 0.5, "What happened. 新近的事。", COPY(arena, codes),
         COUNT(codes)},
        {"genre", "news/meeting", "会议新闻", "Meeting news", "news", 0.625, "", NULL, 0},
        {"genre", "notice", "通知", "", "", 0, "", NULL, 0},
        {"register", "official", "", "Official", "", 1, "", NULL, 0},
    };

    return (struct manifest_plugin){
        .name = "genre",
        .own_name = "genre",
        .version = "1.2.3",
        .kind = TAXON_KIND_CLASSIFIER,
        .index = 2,
        .digest = digest_of(2),
        .schemes = COPY(arena, schemes),
        .scheme_count = COUNT(schemes),
        .labels = COPY(arena, labels),
        .label_count = COUNT(labels),
    };
}

static struct manifest_plugin topics(struct arena *arena)
{
    const char *schemes[] = {"topic"};
    const struct manifest_label labels[] = {
        {"topic", "ecology", "生态", "Ecology", "", 0.25, "", NULL, 0},
        {"topic", "ecology/air", "空气", "Air", "ecology", 0.25, "", NULL, 0},
    };
    const struct manifest_resource resources[] = {
        {"lexicons", 0, "/etc/taxond/topics/ecology.yaml", 1234, digest_of(3)},
        {"lexicons", 1, "/etc/taxond/topics/not-utf8-\xff.yaml", UINT64_C(1) << 40, digest_of(4)},
    };
    const struct manifest_option options[] = {
        {"lexicons", TAXON_OPTION_LIST, "[/etc/taxond/topics]", 12, 7},
        {"wait", TAXON_OPTION_DURATION, "2s", 0, 0},
        {"model", 0, "", 0, 0},
    };

    return (struct manifest_plugin){
        .name = "topics-local",
        .own_name = "topics",
        .version = "0.9",
        .kind = TAXON_KIND_CLASSIFIER,
        .index = 5,
        .digest = digest_of(5),
        .schemes = COPY(arena, schemes),
        .scheme_count = COUNT(schemes),
        .labels = COPY(arena, labels),
        .label_count = COUNT(labels),
        .resources = COPY(arena, resources),
        .resource_count = COUNT(resources),
        .options = COPY(arena, options),
        .option_count = COUNT(options),
    };
}

struct manifest *sample_manifest(struct arena *arena)
{
    const struct manifest_plugin plugins[] = {
        [SAMPLE_READER] = reader(arena),
        [SAMPLE_GENRE] = genre(arena),
        [SAMPLE_TOPICS] = topics(arena),
    };
    const struct manifest manifest = {
        .sandbox = "landlock 7, seccomp",
        .plugins = COPY(arena, plugins),
        .plugin_count = COUNT(plugins),
    };

    return copy(arena, &manifest, sizeof manifest);
}

static void add_labels(struct arena *arena, struct reply *reply)
{
    const struct reply_evidence evidence[] = {
        {0, 9, 2.5, "the headline's first word", "记者会"},
        {100, 100, -1e300, "", ""},
    };
    const struct reply_label labels[] = {
        {"genre", "news/meeting", 0.75, 0.625, true, SAMPLE_GENRE, COPY(arena, evidence),
         COUNT(evidence)},
        {"topic", "ecology", 0.125, 0.25, false, SAMPLE_TOPICS, NULL, 0},
        {"register", "official", 1, 1, true, SAMPLE_GENRE, NULL, 0},
    };
    const struct reply_span spans[] = {
        {"topic", "ecology/air", 30, 4000, 0, "haze", SAMPLE_TOPICS},
        {"genre", "notice", 0, 4096, 1, "", SAMPLE_GENRE},
    };

    reply->labels = COPY(arena, labels);
    reply->label_count = COUNT(labels);
    reply->spans = COPY(arena, spans);
    reply->span_count = COUNT(spans);
}

static void add_facts(struct arena *arena, struct reply *reply)
{
    const struct reply_fact facts[] = {
        {"title", "外交部例行记者会", true, 0, 24, 0.875, "a heading", SAMPLE_READER},
        {"date-published", "2026-11-24", false, 0, 0, 1, "", REPLY_CORE},
    };
    const struct reply_signature signatures[] = {
        {"minhash-1", "\0\1\2\xff", 4, SAMPLE_TOPICS},
        {"empty", "", 0, SAMPLE_GENRE},
    };
    const struct reply_failure failures[] = {{SAMPLE_GENRE, "gave up: classify() said -5"}};

    reply->facts = COPY(arena, facts);
    reply->fact_count = COUNT(facts);
    reply->signatures = COPY(arena, signatures);
    reply->signature_count = COUNT(signatures);
    reply->failures = COPY(arena, failures);
    reply->failure_count = COUNT(failures);
}

static void add_course(struct arena *arena, struct reply *reply)
{
    const struct reply_rival rivals[] = {{"Big5", 0.25}, {"Shift_JIS", 0}};
    const char *limits[] = {"limits.text", "limits.spans"};
    const struct reply_timing timings[] = {{"decode", 12}, {"classify topics-local", UINT32_MAX}};
    const struct reply_log logs[] = {{SAMPLE_READER, TAXON_LOG_ERROR, "a line, 一行"}};

    reply->rivals = COPY(arena, rivals);
    reply->rival_count = COUNT(rivals);
    reply->limits = COPY(arena, limits);
    reply->limit_count = COUNT(limits);
    reply->timings = COPY(arena, timings);
    reply->timing_count = COUNT(timings);
    reply->logs = COPY(arena, logs);
    reply->log_count = COUNT(logs);
}

static void add_vectors(struct arena *arena, struct reply *reply)
{
    const uint32_t ids[] = {0, UINT32_MAX, 77};
    const float values[] = {1, -0.5f, 0x1p100f};
    const struct reply_vector vectors[] = {
        {"genre", "text-1", false, 0, 0, SAMPLE_GENRE, COPY(arena, ids), COPY(arena, values), 3},
        {"topic", "line-2", true, 10, 4096, SAMPLE_TOPICS, COPY(arena, ids), COPY(arena, values),
         1},
        {"genre", "text-1", true, 0, 0, SAMPLE_GENRE, NULL, NULL, 0},
    };

    reply->vectors = COPY(arena, vectors);
    reply->vector_count = COUNT(vectors);
}

static void add_members(struct arena *arena, struct reply *reply)
{
    const struct reply_member members[] = {
        {3, 0, 100, "a/\xB1\xED.html", "http://o.example/a", "2024-05-06T07:08:09Z", "gb2312",
         "text/html"},
        {7, 100, 0, "", "", "", "", ""},
    };

    reply->is_container = reply->has_more = true;
    reply->next_member = 9;
    reply->next_offset = 4096;
    reply->members = COPY(arena, members);
    reply->member_count = COUNT(members);
}

struct reply *sample_reply(struct arena *arena)
{
    struct reply reply = {
        .text_digest = digest_of(9),
        .text_len = 4096,
        .charset = "GB18030",
        .charset_score = 0.96875,
        .charset_declared = "gb2312",
        .illegal = 3,
        .media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        .language = "zh",
        .script = "Hans",
        .language_share = 0.9375,
        .glosses = 7,
        .damage = {.lost = 2,
                   .entities = 3,
                   .controls = 4,
                   .truncated = true,
                   .mojibake_mended = true,
                   .mojibake = 40,
                   .mojibake_lost = 1,
                   .mojibake_gain = 0.5,
                   .mojibake_charset = "UTF-8",
                   .mojibake_read_as = "GB18030"},
        .block_count = 1000,
        .reader = "text",
        .unusable = "garbled/partly",
        .unusable_reason = "3 sequences did not decode",
    };

    add_labels(arena, &reply);
    add_facts(arena, &reply);
    add_course(arena, &reply);
    add_vectors(arena, &reply);
    add_members(arena, &reply);
    return copy(arena, &reply, sizeof reply);
}
