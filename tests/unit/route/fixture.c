#include "fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In byte order: '-' before '/'. */
static struct manifest_code news_codes[] = {{"core", "NE"}, {"x-genre", "News"}, {"core", "NA"}};

static struct manifest_label genre_labels[] = {
    {"genre", "forum", "论坛", "Forum thread", "", 0.5, "", NULL, 0},
    {"genre", "gov", "", "", "", 0.5, "", NULL, 0},
    {"genre", "gov/notice", "通知", "Notice", "gov", 0.5, "", NULL, 0},
    {"genre", "howto", "", "", "", 0.5, "", NULL, 0},
    {"genre", "news/meeting", "", "", "", 0.5, "", NULL, 0},
    {"genre", "news/report", "新闻报道", "News report", "", 0.5, "", news_codes, 3},
    {"genre", "transcript/press-conference", "", "Press conference", "", 0.6, "", NULL, 0},
};

static struct manifest_label topic_labels[] = {
    {"topic", "ecology", "生态环境", "Ecology", "", 0.5, "", NULL, 0},
    {"topic", "ecology-law", "", "", "", 0.5, "", NULL, 0},
    {"topic", "ecology/air", "大气", "Air", "ecology", 0.5, "", NULL, 0},
    {"topic", "ecology/water", "", "", "ecology", 0.5, "", NULL, 0},
    {"topic", "economy", "经济", "Economy", "", 0.5, "", NULL, 0},
};

static struct manifest_label page_labels[] = {
    {"boilerplate", "footer", "", "", "", 0.5, "", NULL, 0},
    {"boilerplate", "nav", "", "", "", 0.5, "", NULL, 0},
    {"greeting", "warm", "", "", "", 0.5, "", NULL, 0},
    {"unusable", "blocked", "", "", "", 0.5, "", NULL, 0},
    {"unusable", "garbled", "", "", "", 0.5, "", NULL, 0},
};

static const char *genre_schemes[] = {"genre"};
static const char *topic_schemes[] = {"topic"};
static const char *page_schemes[] = {"boilerplate", "greeting", "unusable"};

static struct manifest_plugin plugins[] = {
    {.name = "genre",
     .own_name = "genre",
     .version = "1.2",
     .digest = {{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd}},
     .schemes = genre_schemes,
     .scheme_count = 1,
     .labels = genre_labels,
     .label_count = sizeof genre_labels / sizeof genre_labels[0]},
    {.name = "topics",
     .own_name = "topics",
     .version = "1.0",
     .schemes = topic_schemes,
     .scheme_count = 1,
     .labels = topic_labels,
     .label_count = sizeof topic_labels / sizeof topic_labels[0]},
    {.name = "page",
     .own_name = "page",
     .version = "0.1",
     .schemes = page_schemes,
     .scheme_count = 3,
     .labels = page_labels,
     .label_count = sizeof page_labels / sizeof page_labels[0]},
};

static void init_settings(struct fixture *fixture)
{
    struct settings *settings = &fixture->settings;

    fixture->inboxes[0] = (struct settings_inbox){.name = "web", .source = "web"};
    fixture->inboxes[1] = (struct settings_inbox){.name = "gov", .source = "ministry"};
    fixture->archives[0] = (struct settings_archive){.name = "main", .path = "/archive"};
    fixture->archives[1] = (struct settings_archive){.name = "press", .path = "/press"};
    settings->inboxes = fixture->inboxes;
    settings->inbox_count = 2;
    settings->archives = fixture->archives;
    settings->archive_count = 2;
    settings->rules = fixture->rule_paths;
    settings->limits.path_bytes = 1024;
    settings->placement.sidecar = true;
    settings->placement.on_conflict = CONFLICT_KEEP_BOTH;
}

static void init_reply(struct fixture *fixture)
{
    fixture->reply = (struct reply){
        .text_len = 1000,
        .charset = "UTF-8",
        .charset_score = 1,
        .charset_declared = "",
        .media_type = "text/plain",
        .language = "en",
        .script = "Latn",
        .language_share = 0.99,
        .block_count = 3,
        .reader = "text",
        .unusable = "",
        .unusable_reason = "",
        .labels = fixture->labels,
        .spans = fixture->spans,
        .facts = fixture->facts,
    };
}

void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    arena_init(&fixture->arena, 0);
    fixture->manifest =
        (struct manifest){.plugins = plugins, .plugin_count = sizeof plugins / sizeof plugins[0]};
    init_settings(fixture);
    init_reply(fixture);
    fixture->subject = (struct subject){
        .id = {"01932f5c-7b1a-7000-8000-0123456789ab"},
        .digest = {{0xde, 0xad, 0xbe, 0xef}},
        .size = 2000,
        .source = "web",
        .inbox = "web",
        .path = "a.txt",
        .name = "a.txt",
        .url = "",
        .mtime_ms = 1795512756123, /* 2026-11-24T09:32:36.123Z */
        .received_ms = 1795516356000,
        .attempts = 1,
        .generation = 3,
        .manifest = &fixture->manifest,
        .reply = &fixture->reply,
    };
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/test-route-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(fixture->folder));
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void fixture_release(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    nftw(fixture->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

struct reply_label *fixture_label(struct fixture *fixture, const char *scheme, const char *id,
                                  double score)
{
    size_t plugin = 0;
    const struct manifest_label *declared = manifest_find(&fixture->manifest, scheme, id, &plugin);
    struct reply_label *label = &fixture->labels[fixture->reply.label_count++];

    ck_assert_ptr_nonnull(declared);
    ck_assert_uint_le(fixture->reply.label_count, FIXTURE_LABELS_MAX);
    *label = (struct reply_label){.scheme = scheme,
                                  .id = id,
                                  .score = score,
                                  .threshold = declared->threshold,
                                  .holds = score >= declared->threshold,
                                  .plugin = (uint32_t)plugin};
    return label;
}

void fixture_fact(struct fixture *fixture, const char *name, const char *value, double score)
{
    struct reply_fact *fact = &fixture->facts[fixture->reply.fact_count++];

    ck_assert_uint_le(fixture->reply.fact_count, FIXTURE_FACTS_MAX);
    *fact = (struct reply_fact){
        .name = name, .value = value, .score = score, .reason = "", .plugin = REPLY_CORE};
}

void fixture_boilerplate(struct fixture *fixture, uint64_t begin, uint64_t end)
{
    struct reply_span *span = &fixture->spans[fixture->reply.span_count++];

    ck_assert_uint_le(fixture->reply.span_count, FIXTURE_SPANS_MAX);
    *span = (struct reply_span){.scheme = "boilerplate",
                                .id = "nav",
                                .begin = begin,
                                .end = end,
                                .score = 0.9,
                                .reason = "",
                                .plugin = 2};
}

const char *fixture_write(struct fixture *fixture, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
    return arena_strdup(&fixture->arena, path);
}

int fixture_load(struct fixture *fixture, const char *text, struct rules **out_rules,
                 struct err *err)
{
    fixture->rule_paths[0] = fixture_write(fixture, "rules.yaml", text);
    fixture->settings.rule_count = 1;
    err->text[0] = '\0';
    return rules_load(&fixture->settings, &fixture->manifest, out_rules, err);
}

struct rules *fixture_rules(struct fixture *fixture, const char *text)
{
    struct rules *rules = NULL;
    struct err err;
    int code = fixture_load(fixture, text, &rules, &err);

    ck_assert_msg(code == 0, "%s", err.text);
    return rules;
}

int fixture_run(const char *name, const TTest *const tests[], size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);

    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);
    srunner_free(runner);
    return failed == 0 && run == (int)count ? 0 : 1;
}
