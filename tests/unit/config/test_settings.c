/* Tests of config/settings: every default, every refusal with its place, and the configuration that
 * is shipped. */
#include "config/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/suite.h"
#include "config/yaml.h"

#define LEAST                                                                                      \
    "state: s\n"                                                                                   \
    "quarantine: q\n"                                                                              \
    "inboxes: {in: {path: i}}\n"                                                                   \
    "archives: {main: a}\n"

static struct settings *settings;
static struct err err;

static void teardown(void)
{
    settings_free(settings);
    settings = NULL;
}

static void parse(const char *text)
{
    settings_free(settings);
    settings = NULL;
    ck_assert_msg(settings_parse("/none/t.yaml", text, strlen(text), &settings, &err) == 0, "%s",
                  err.text);
}

static void refuses(const char *text, const char *message)
{
    struct settings *untouched = (struct settings *)&err;

    ck_assert_int_eq(settings_parse("/none/t.yaml", text, strlen(text), &untouched, &err), -EINVAL);
    ck_assert_str_eq(err.text, message);
    ck_assert_ptr_eq(untouched, (struct settings *)&err);
}

/* What follows the least that is needed; it begins on line 5. The result is overwritten next time.
 */
static const char *with_least(const char *more)
{
    static char text[8192];

    ck_assert_uint_lt(strlen(LEAST) + strlen(more), sizeof text);
    return strcat(strcpy(text, LEAST), more);
}

static void refuses_more(const char *more, const char *message)
{
    refuses(with_least(more), message);
}

static void parse_more(const char *more)
{
    parse(with_least(more));
}

static const struct settings_limits default_limits = {
    .file_bytes = 64 << 20,
    .text_bytes = 16 << 20,
    .blocks = 100000,
    .depth = 8,
    .members = 10000,
    .expansion_ratio = 200,
    .labels = 1000,
    .spans = 20000,
    .facts = 200,
    .time_ms = 10000,
    .memory_bytes = UINT64_C(2) << 30,
    .arena_bytes = 256 << 20,
    .queue = 256,
    .attempts = 2,
    .path_bytes = 1024,
    .reply_bytes = 16 << 20,
};

static void check_default_limits(const struct settings_limits *limits)
{
    ck_assert_uint_eq(limits->file_bytes, default_limits.file_bytes);
    ck_assert_uint_eq(limits->text_bytes, default_limits.text_bytes);
    ck_assert_uint_eq(limits->blocks, default_limits.blocks);
    ck_assert_uint_eq(limits->depth, default_limits.depth);
    ck_assert_uint_eq(limits->members, default_limits.members);
    ck_assert_uint_eq(limits->expansion_ratio, default_limits.expansion_ratio);
    ck_assert_uint_eq(limits->labels, default_limits.labels);
    ck_assert_uint_eq(limits->spans, default_limits.spans);
    ck_assert_uint_eq(limits->facts, default_limits.facts);
    ck_assert_uint_eq(limits->time_ms, default_limits.time_ms);
    ck_assert_uint_eq(limits->memory_bytes, default_limits.memory_bytes);
    ck_assert_uint_eq(limits->arena_bytes, default_limits.arena_bytes);
    ck_assert_uint_eq(limits->queue, default_limits.queue);
    ck_assert_uint_eq(limits->attempts, default_limits.attempts);
    ck_assert_uint_eq(limits->path_bytes, default_limits.path_bytes);
    ck_assert_uint_eq(limits->reply_bytes, default_limits.reply_bytes);
}

static void check_default_inbox(const struct settings_inbox *inbox)
{
    static const char *const ignored[] = {".*", "*.part", "*.tmp", "*.crdownload", "~$*"};

    ck_assert_uint_eq(inbox->settle_ms, 2000);
    ck_assert_uint_eq(inbox->scan_every_ms, 60000);
    ck_assert(inbox->recursive);
    ck_assert_uint_eq(inbox->ignore_count, 5);
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(inbox->ignore[i], ignored[i]);
}

/* The sections that config/taxond.yaml says hold the defaults, too. */
static void check_default_sections(void)
{
    check_default_limits(&settings->limits);
    ck_assert_uint_eq(settings->workers.count, 0);
    ck_assert_uint_eq(settings->workers.documents, 10000);
    ck_assert_uint_eq(settings->workers.grow_bytes, 1 << 30);
    ck_assert_uint_eq(settings->workers.grace_ms, 2000);
    ck_assert_uint_eq(settings->workers.start_ms, 20000);
    ck_assert_uint_eq(settings->workers.sandbox, SANDBOX_REQUIRE);
    ck_assert(settings->placement.sidecar);
    ck_assert_uint_eq(settings->placement.file_mode, 0644);
    ck_assert_uint_eq(settings->placement.folder_mode, 0755);
    ck_assert_uint_eq(settings->placement.on_conflict, CONFLICT_KEEP_BOTH);
    ck_assert_uint_eq(settings->placement.on_missing_archive, MISSING_ARCHIVE_MAKE);
    ck_assert_ptr_null(settings->placement.owner);
    ck_assert_ptr_null(settings->placement.group);
    ck_assert(!settings->placement.origin_xattr);
    ck_assert_ptr_null(settings->streams);
    ck_assert_uint_eq(settings->batch_documents, 64);
    ck_assert_uint_eq(settings->batch_wait_ms, 5);
    ck_assert_uint_eq(settings->catalog_on_damage, DAMAGE_REFUSE);
    ck_assert_uint_eq(settings->watchdog_stall_ms, 10000);
    for (size_t i = 0; i < settings->inbox_count; i++)
        check_default_inbox(&settings->inboxes[i]);
}

START_TEST(defaults)
{
    parse(LEAST);
    check_default_sections();
    ck_assert_str_eq(settings->file, "/none/t.yaml");
    ck_assert_str_eq(settings->base_dir, "/none");
    ck_assert_str_eq(settings->state, "/none/s");
    ck_assert_str_eq(settings->quarantine, "/none/q");
    ck_assert_uint_eq(settings->inbox_count, 1);
    ck_assert_str_eq(settings->inboxes[0].name, "in");
    ck_assert_str_eq(settings->inboxes[0].source, "in");
    ck_assert_str_eq(settings->inboxes[0].path, "/none/i");
    ck_assert_uint_eq(settings->archive_count, 1);
    ck_assert_str_eq(settings->archives[0].name, "main");
    ck_assert_str_eq(settings->archives[0].path, "/none/a");
    ck_assert_uint_eq(settings->plugin_folder_count, 0);
    ck_assert_uint_eq(settings->plugin_count, 0);
    ck_assert_uint_eq(settings->rule_count, 0);
    /* Sections that are there and empty are the same. */
    parse(LEAST "plugin_folders:\nplugins:\nrules: []\nworkers:\nlimits: {}\nplacement:\nbatch:\n"
                "catalog:\n");
    check_default_sections();
    ck_assert_uint_eq(settings->plugin_count, 0);
}
END_TEST

START_TEST(everything_written)
{
    parse("state: /var/s\n"
          "quarantine: ../q\n"
          "inboxes:\n"
          "  web: {path: /in/web, source: 新华, settle: 0, scan_every: 5m, recursive: no,\n"
          "        ignore: ['*.lock']}\n"
          "  mail: {path: mail, ignore: []}\n"
          "archives:\n"
          "  zebra: /z\n"
          "  apple: /a\n"
          "plugin_folders: [p, /q]\n"
          "plugins:\n"
          "  text:\n"
          "  topics:\n"
          "    file: /opt/t.so\n"
          "    enabled: false\n"
          "    options: {lexicons: topics}\n"
          "    when: {source: [w*, mail], media_type: [text/*], name: ['*.txt']}\n"
          "rules: [one.yaml, rules.d]\n"
          "workers: {count: 3, documents: 5, grow: 16M, grace: 1ms, start: 1s, sandbox: prefer}\n"
          "limits: {file: 1K, text: 2K, blocks: 3, depth: 4, members: 0, expansion_ratio: 5,\n"
          "  labels: 6, spans: 7, facts: 8, time: 9s, memory: 64M, arena: 1M, queue: 10,\n"
          "  attempts: 11, path: 100, reply: 64K}\n"
          "placement: {sidecar: no, file_mode: '600', folder_mode: 0750, on_conflict: fail,\n"
          "  owner: archivist, group: 100, origin_xattr: yes, on_missing_archive: wait}\n"
          "streams: /streams\n"
          "batch: {documents: 1, wait: 0}\n"
          "catalog: {on_damage: rebuild}\n"
          "watchdog: {stall: 3s}\n");
    ck_assert_str_eq(settings->state, "/var/s");
    ck_assert_str_eq(settings->quarantine, "/q");
    ck_assert_uint_eq(settings->inbox_count, 2);
    const struct settings_inbox *web = &settings->inboxes[0];
    ck_assert_str_eq(web->name, "web");
    ck_assert_str_eq(web->source, "新华");
    ck_assert_uint_eq(web->settle_ms, 0);
    ck_assert_uint_eq(web->scan_every_ms, 300000);
    ck_assert(!web->recursive);
    ck_assert_uint_eq(web->ignore_count, 1);
    ck_assert_str_eq(web->ignore[0], "*.lock");
    ck_assert_uint_eq(web->node->line, 4);
    ck_assert_str_eq(settings->inboxes[1].source, "mail");
    ck_assert_uint_eq(settings->inboxes[1].ignore_count, 0);
    ck_assert_uint_eq(settings->archive_count, 2);
    ck_assert_str_eq(settings->archives[0].name, "zebra"); /* as written, not as sorted */
    ck_assert_uint_eq(settings->archives[1].node->line, 9);
    ck_assert_uint_eq(settings->archives[1].node->column, 10);
    ck_assert_str_eq(settings->plugin_folders[0], "/none/p");
    ck_assert_str_eq(settings->plugin_folders[1], "/q");
    ck_assert_str_eq(settings->rules[0], "/none/one.yaml");
    ck_assert_str_eq(settings->rules[1], "/none/rules.d");
    ck_assert_uint_eq(settings->plugin_count, 2);
    const struct settings_plugin *text = &settings->plugins[0];
    ck_assert_str_eq(text->name, "text");
    ck_assert_str_eq(text->file, "text.so");
    ck_assert(text->enabled);
    ck_assert_ptr_null(text->options);
    ck_assert_uint_eq(text->when.source_count + text->when.media_type_count, 0);
    const struct settings_plugin *topics = &settings->plugins[1];
    ck_assert_str_eq(topics->file, "/opt/t.so");
    ck_assert(!topics->enabled);
    ck_assert_str_eq(yaml_get(topics->options, "lexicons")->text, "topics");
    ck_assert_uint_eq(topics->when.source_count, 2);
    ck_assert_str_eq(topics->when.sources[1], "mail");
    ck_assert_str_eq(topics->when.media_types[0], "text/*");
    ck_assert_str_eq(topics->when.names[0], "*.txt");
    ck_assert_uint_eq(settings->workers.count, 3);
    ck_assert_uint_eq(settings->workers.documents, 5);
    ck_assert_uint_eq(settings->workers.grow_bytes, 16 << 20);
    ck_assert_uint_eq(settings->workers.grace_ms, 1);
    ck_assert_uint_eq(settings->workers.start_ms, 1000);
    ck_assert_uint_eq(settings->workers.sandbox, SANDBOX_PREFER);
    const struct settings_limits *limits = &settings->limits;
    ck_assert_uint_eq(limits->file_bytes, 1024);
    ck_assert_uint_eq(limits->text_bytes, 2048);
    ck_assert_uint_eq(limits->blocks, 3);
    ck_assert_uint_eq(limits->depth, 4);
    ck_assert_uint_eq(limits->members, 0);
    ck_assert_uint_eq(limits->expansion_ratio, 5);
    ck_assert_uint_eq(limits->labels, 6);
    ck_assert_uint_eq(limits->spans, 7);
    ck_assert_uint_eq(limits->facts, 8);
    ck_assert_uint_eq(limits->time_ms, 9000);
    ck_assert_uint_eq(limits->memory_bytes, 64 << 20);
    ck_assert_uint_eq(limits->arena_bytes, 1 << 20);
    ck_assert_uint_eq(limits->queue, 10);
    ck_assert_uint_eq(limits->attempts, 11);
    ck_assert_uint_eq(limits->path_bytes, 100);
    ck_assert_uint_eq(limits->reply_bytes, 65536);
    ck_assert(!settings->placement.sidecar);
    ck_assert_uint_eq(settings->placement.file_mode, 0600);
    ck_assert_uint_eq(settings->placement.folder_mode, 0750);
    ck_assert_uint_eq(settings->placement.on_conflict, CONFLICT_FAIL);
    ck_assert_uint_eq(settings->placement.on_missing_archive, MISSING_ARCHIVE_WAIT);
    ck_assert_str_eq(settings->placement.owner, "archivist");
    ck_assert_str_eq(settings->placement.group, "100");
    ck_assert(settings->placement.origin_xattr);
    ck_assert_str_eq(settings->streams, "/streams");
    ck_assert_uint_eq(settings->batch_documents, 1);
    ck_assert_uint_eq(settings->batch_wait_ms, 0);
    ck_assert_uint_eq(settings->catalog_on_damage, DAMAGE_REBUILD);
    ck_assert_uint_eq(settings->watchdog_stall_ms, 3000);
}
END_TEST

START_TEST(each_sandbox_word_is_its_mode)
{
    parse_more("workers: {sandbox: off}\n");
    ck_assert_uint_eq(settings->workers.sandbox, SANDBOX_OFF);
    parse_more("workers: {sandbox: require}\n");
    ck_assert_uint_eq(settings->workers.sandbox, SANDBOX_REQUIRE);
    parse_more("placement: {on_conflict: same-is-same}\n");
    ck_assert_uint_eq(settings->placement.on_conflict, CONFLICT_SAME_IS_SAME);
    parse_more("placement: {on_conflict: replace-older}\n");
    ck_assert_uint_eq(settings->placement.on_conflict, CONFLICT_REPLACE_OLDER);
    parse_more("placement: {on_conflict: keep-both}\n");
    ck_assert_uint_eq(settings->placement.on_conflict, CONFLICT_KEEP_BOTH);
}
END_TEST

/* The largest value of each 32-bit field must be the value that the user wrote. */
START_TEST(largest_values_fit)
{
    parse_more(
        "workers: {count: 256, documents: 1000000000, grace: 1m, start: 10m}\n"
        "limits: {file: 4G, text: 1G, blocks: 10000000, depth: 100, members: 1000000,\n"
        "  expansion_ratio: 100000, labels: 100000, spans: 1000000, facts: 10000, time: 1h,\n"
        "  queue: 65536, attempts: 100, path: 3K, reply: 1G, memory: 1024G, arena: 64G}\n"
        "batch: {documents: 4096, wait: 1s}\n");
    ck_assert_uint_eq(settings->workers.documents, 1000000000);
    ck_assert_uint_eq(settings->workers.start_ms, 600000);
    ck_assert_uint_eq(settings->limits.file_bytes, UINT64_C(4) << 30);
    ck_assert_uint_eq(settings->limits.reply_bytes, 1 << 30);
    ck_assert_uint_eq(settings->limits.memory_bytes, UINT64_C(1) << 40);
    ck_assert_uint_eq(settings->limits.arena_bytes, UINT64_C(64) << 30);
    ck_assert_uint_eq(settings->limits.time_ms, 3600000);
    parse("state: s\nquarantine: q\narchives: {a: a}\n"
          "inboxes: {i: {path: i, settle: 1h, scan_every: 1d}}\n");
    ck_assert_uint_eq(settings->inboxes[0].settle_ms, 3600000);
    ck_assert_uint_eq(settings->inboxes[0].scan_every_ms, 86400000);
}
END_TEST

START_TEST(what_must_be_there)
{
    refuses("", "/none/t.yaml:1:1: key 'state' is missing; it must be given");
    refuses("# nothing\n", "/none/t.yaml:1:1: key 'state' is missing; it must be given");
    refuses("\nstate: s\n", "/none/t.yaml:2:1: key 'quarantine' is missing; it must be given");
    refuses("state: s\nquarantine: q\n",
            "/none/t.yaml:1:1: key 'archives' is missing; it must be given");
    refuses("state: s\nquarantine: q\narchives: {a: b}\n",
            "/none/t.yaml:1:1: 'inboxes' must name at least one inbox");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes: {}\n",
            "/none/t.yaml:4:10: 'inboxes' must name at least one inbox");
    refuses("state: s\nquarantine: q\narchives:\ninboxes: {i: {path: p}}\n",
            "/none/t.yaml:3:10: 'archives' must name at least one archive");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes:\n  web: {source: x}\n",
            "/none/t.yaml:5:8: key 'path' is missing; it must be given");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes:\n  web:\n",
            "/none/t.yaml:5:7: key 'path' is missing; it must be given");
    refuses("state:\n", "/none/t.yaml:1:7: 'state' has no value; it must be a path");
    refuses("[a]", "/none/t.yaml:1:1: keys and values are expected here, not a list");
    refuses("taxond", "/none/t.yaml:1:1: keys and values are expected here, not a text");
}
END_TEST

START_TEST(nearest_names_in_every_section)
{
    refuses_more("worker: {}\n", "/none/t.yaml:5:1: unknown key 'worker'; did you mean 'workers'?");
    refuses_more("rulse: []\n", "/none/t.yaml:5:1: unknown key 'rulse'; did you mean 'rules'?");
    refuses_more("plugin_folder: []\n",
                 "/none/t.yaml:5:1: unknown key 'plugin_folder'; did you mean 'plugin_folders'?");
    refuses_more("elephant: 1\n",
                 "/none/t.yaml:5:1: unknown key 'elephant'; known: state, quarantine, archives, "
                 "streams, plugin_folders, data_folders, rules, inboxes, plugins, workers, limits, "
                 "placement, "
                 "batch, catalog, watchdog");
    refuses_more("workers:\n  cuont: 2\n",
                 "/none/t.yaml:6:3: unknown key 'cuont'; did you mean 'count'?");
    refuses_more("workers: {sandbox: requier}\n",
                 "/none/t.yaml:5:20: 'sandbox' cannot be 'requier'; did you mean 'require'?");
    refuses_more("workers: {sandbox: on}\n",
                 "/none/t.yaml:5:20: 'sandbox' cannot be 'on'; known: off, prefer, require");
    refuses_more("limits: {expansion-ratio: 2}\n", "/none/t.yaml:5:10: unknown key "
                                                   "'expansion-ratio'; did you mean "
                                                   "'expansion_ratio'?");
    refuses_more("placement: {sidecars: no}\n",
                 "/none/t.yaml:5:13: unknown key 'sidecars'; did you mean 'sidecar'?");
    refuses_more("placement: {on_conflict: keep_both}\n",
                 "/none/t.yaml:5:26: 'on_conflict' cannot be 'keep_both'; did you mean "
                 "'keep-both'?");
    refuses_more("batch: {document: 2}\n",
                 "/none/t.yaml:5:9: unknown key 'document'; did you mean 'documents'?");
    refuses_more("plugins: {a: {option: {}}}\n",
                 "/none/t.yaml:5:15: unknown key 'option'; did you mean 'options'?");
    refuses_more("plugins: {a: {enable: no}}\n",
                 "/none/t.yaml:5:15: unknown key 'enable'; did you mean 'enabled'?");
    refuses_more("plugins: {a: {when: {media-type: [a]}}}\n",
                 "/none/t.yaml:5:22: unknown key 'media-type'; did you mean 'media_type'?");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes: {i: {path: p, setle: 1s}}\n",
            "/none/t.yaml:4:24: unknown key 'setle'; did you mean 'settle'?");
}
END_TEST

START_TEST(ranges_speak_in_their_units)
{
    refuses_more("workers: {count: 257}\n",
                 "/none/t.yaml:5:18: 'count' is 257, but must be between 0 and 256");
    refuses_more("workers: {count: -1}\n",
                 "/none/t.yaml:5:18: 'count' is -1, but must be between 0 and 256");
    refuses_more("workers: {grow: 15M}\n",
                 "/none/t.yaml:5:17: 'grow' is 15M, but must be between 16M and 1024G");
    refuses_more("limits: {time: 9ms}\n",
                 "/none/t.yaml:5:16: 'time' is 9ms, but must be between 10ms and 1h");
    refuses_more("limits: {time: 2h}\n",
                 "/none/t.yaml:5:16: 'time' is 2h, but must be between 10ms and 1h");
    refuses_more("limits: {file: 0}\n",
                 "/none/t.yaml:5:16: 'file' is 0, but must be between 1 and 4G");
    refuses_more("limits: {reply: 4G}\n",
                 "/none/t.yaml:5:17: 'reply' is 4G, but must be between 64K and 1G");
    refuses_more("limits: {blocks: 4294967297}\n",
                 "/none/t.yaml:5:18: 'blocks' is 4294967297, but must be between 1 and 10000000");
    refuses_more("limits: {attempts: 0}\n",
                 "/none/t.yaml:5:20: 'attempts' is 0, but must be between 1 and 100");
    refuses_more("batch: {wait: 2s}\n",
                 "/none/t.yaml:5:15: 'wait' is 2s, but must be between 0 and 1s");
    refuses_more("limits:\n  arena: 2G\n", "/none/t.yaml:6:10: 'arena' must be less than 'memory'");
    refuses_more("limits:\n  memory: 256M\n",
                 "/none/t.yaml:6:11: 'arena' must be less than 'memory'");
    refuses_more("limits: {time: 10}\n",
                 "/none/t.yaml:5:16: 'time' must be a duration such as 250ms, 2s, 5m, 1h or 7d, "
                 "not '10'");
}
END_TEST

START_TEST(names)
{
    char text[4096];
    char name[66];

    refuses_more("plugins: {My Plugin: {}}\n",
                 "/none/t.yaml:5:11: 'My Plugin' is no valid name: plugin names are 1 to 64 of "
                 "a-z, 0-9 and '-'");
    refuses_more("plugins: {'': {}}\n", "/none/t.yaml:5:11: '' is no valid name: plugin names are "
                                        "1 to 64 of a-z, 0-9 and '-'");
    refuses_more("plugins: {../x: {}}\n",
                 "/none/t.yaml:5:11: '../x' is no valid name: plugin names are 1 to 64 of a-z, 0-9 "
                 "and '-'");
    refuses("state: s\nquarantine: q\narchives: {a_b: b}\ninboxes: {i: {path: p}}\n",
            "/none/t.yaml:3:12: 'a_b' is no valid name: archive names are 1 to 64 of a-z, 0-9 and "
            "'-'");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes: {收件: {path: p}}\n",
            "/none/t.yaml:4:11: '收件' is no valid name: inbox names are 1 to 64 of a-z, 0-9 and "
            "'-'");
    refuses("state: s\nquarantine: q\narchives: {a: b}\ninboxes: {i: {path: p}, i: {path: q}}\n",
            "/none/t.yaml:4:25: key 'i' is given twice; first on line 4");
    memset(name, 'n', 65);
    name[64] = '\0';
    snprintf(text, sizeof text, "plugins: {%s: {}}\n", name);
    parse_more(text);
    name[64] = 'n';
    name[65] = '\0';
    snprintf(text, sizeof text, "plugins: {%s: {}}\n", name);
    snprintf(text + 2048, 1024,
             "/none/t.yaml:5:11: '%s' is no valid name: plugin names are 1 to "
             "64 of a-z, 0-9 and '-'",
             name);
    refuses_more(text, text + 2048);
    refuses_more("plugins: [text]\n",
                 "/none/t.yaml:5:10: 'plugins' must be a mapping of names to settings");
    refuses("state: s\nquarantine: q\narchives: a\ninboxes: {i: {path: p}}\n",
            "/none/t.yaml:3:11: 'archives' must be a mapping such as {name: value}, not 'a'");
}
END_TEST

START_TEST(too_many_of_a_kind)
{
    struct strbuf text = STRBUF_INIT;

    strbuf_puts(&text, LEAST "plugins:\n");
    for (int i = 0; i < SETTINGS_SECTIONS_MAX; i++)
        strbuf_printf(&text, "  p%d:\n", i);
    parse(text.data);
    ck_assert_uint_eq(settings->plugin_count, SETTINGS_SECTIONS_MAX);
    strbuf_puts(&text, "  more:\n");
    refuses(text.data, "/none/t.yaml:262:3: there can be no more than 256 of 'plugins'");
    strbuf_release(&text);
}
END_TEST

START_TEST(sources)
{
    static const char *const bad[] = {"''", "a/b", "..", ".", "\"a\\nb\"", "\"\\x7f\""};
    char text[512];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text,
                 "state: s\nquarantine: q\narchives: {a: b}\ninboxes: {i: {path: p, source: %s}}\n",
                 bad[i]);
        ck_assert_int_eq(settings_parse("t.yaml", text, strlen(text), &settings, &err), -EINVAL);
        ck_assert_ptr_nonnull(strstr(err.text, "t.yaml:4:32: '"));
        ck_assert_ptr_nonnull(strstr(err.text, "' cannot be a source: it must serve as a folder's "
                                               "name, of 1 to 64 bytes"));
    }
}
END_TEST

START_TEST(patterns)
{
    const char *text = "state: s\nquarantine: q\narchives: {a: b}\n"
                       "inboxes: {i: {path: p, ignore: ['*.a', 'b/*']}}\n";

    refuses(text, "/none/t.yaml:4:40: pattern 'b/*' can match no name: names hold no '/'");
    refuses_more("plugins: {a: {when: {name: ['']}}}\n",
                 "/none/t.yaml:5:29: an empty pattern matches nothing");
    refuses_more("plugins: {a: {when: {source: x}}}\n",
                 "/none/t.yaml:5:30: 'source' must be a list such as [one, two], not 'x'");
    refuses_more("plugins: {a: {when: [x]}}\n",
                 "/none/t.yaml:5:21: keys and values are expected here, not a list");
}
END_TEST

START_TEST(files_and_options_of_plugins)
{
    refuses_more("plugins: {a: {file: lib/a.so}}\n",
                 "/none/t.yaml:5:21: 'lib/a.so' must be a name to look for in plugin_folders, or "
                 "an absolute path");
    refuses_more("plugins: {a: {file: ''}}\n",
                 "/none/t.yaml:5:21: '' must be a name to look for in plugin_folders, or an "
                 "absolute path");
    refuses_more("plugins: {a: {file: /lib/}}\n",
                 "/none/t.yaml:5:21: '/lib/' must be a name to look for in plugin_folders, or an "
                 "absolute path");
    refuses_more("plugins: {a: {options: [x]}}\n",
                 "/none/t.yaml:5:24: 'options' must be a mapping of names to values");
    refuses_more("plugins: {a: {enabled: maybe}}\n",
                 "/none/t.yaml:5:24: 'enabled' must be true or false, not 'maybe'");
    parse_more("plugins: {a: {options: , file: b.so}}\n");
    ck_assert_ptr_null(settings->plugins[0].options);
    ck_assert_str_eq(settings->plugins[0].file, "b.so");
}
END_TEST

START_TEST(modes)
{
    static const char *const bad[] = {"0444",      "1644", "7777",  "64",
                                      "rw-r--r--", "0899", "00644", "''"};
    char text[512];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, LEAST "placement: {file_mode: %s}\n", bad[i]);
        ck_assert_int_eq(settings_parse("t.yaml", text, strlen(text), &settings, &err), -EINVAL);
        ck_assert_ptr_eq(strstr(err.text, "t.yaml:5:24: 'file_mode' must be a mode in octal "
                                          "between 0600 and 0777 that gives its owner 0600, not '"),
                         err.text);
    }
    refuses_more("placement: {folder_mode: '0600'}\n",
                 "/none/t.yaml:5:26: 'folder_mode' must be a mode in octal between 0700 and 0777 "
                 "that gives its owner 0700, not '0600'");
}
END_TEST

START_TEST(yaml_mistakes_pass_through)
{
    refuses("state: &a s\n", "/none/t.yaml:1:8: anchors (&a) are not allowed");
    refuses("state: \xFF\n", "/none/t.yaml:1:8: byte 0xFF is not UTF-8; save the file as UTF-8");
}
END_TEST

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(paths_start_at_the_files_real_folder)
{
    char dir[] = "/tmp/taxond-settings-XXXXXX";
    char real[PATH_MAX];
    char expected[PATH_MAX + 64];
    struct strbuf text = STRBUF_INIT;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert_ptr_nonnull(getcwd(real, sizeof real));
    ck_assert_int_eq(mkdir("one", 0755), 0);
    ck_assert_int_eq(mkdir("one/config", 0755), 0);
    ck_assert_int_eq(symlink("one/config", "link"), 0);
    write_file("one/config/t.yaml", "state: ../s\n"
                                    "quarantine: q\n"
                                    "inboxes: {in: {path: ./i}}\n"
                                    "archives: {main: a}\n");
    strbuf_puts(&text, "old");
    ck_assert_int_eq(settings_load("link/t.yaml", &settings, &text, &err), 0);
    snprintf(expected, sizeof expected, "%s/one/s", real); /* where the kernel's ../ leads */
    ck_assert_str_eq(settings->state, expected);
    ck_assert_str_eq(settings->file, "link/t.yaml");
    ck_assert_int_eq(strncmp(text.data, "state: ../s\n", 12), 0);
    teardown();
    strbuf_release(&text);

    ck_assert_int_eq(chdir("one/config"), 0);
    ck_assert_int_eq(settings_load("t.yaml", &settings, NULL, &err), 0);
    ck_assert_str_eq(settings->state, expected);
    teardown();

    /* The bytes alone, in a process for which the folder is not there. */
    ck_assert_int_eq(settings_parse("none/t.yaml", LEAST, strlen(LEAST), &settings, &err), 0);
    snprintf(expected, sizeof expected, "%s/one/config/none/s", real);
    ck_assert_str_eq(settings->state, expected);
    teardown();
    ck_assert_int_eq(settings_parse("/t.yaml", LEAST, strlen(LEAST), &settings, &err), 0);
    ck_assert_str_eq(settings->state, "/s");
    unlink("t.yaml");
    ck_assert_int_eq(chdir("../.."), 0);
    unlink("link");
    rmdir("one/config");
    rmdir("one");
    rmdir(dir);
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    struct settings *untouched = NULL;
    struct strbuf text = STRBUF_INIT;

    strbuf_puts(&text, "old");
    ck_assert_int_eq(settings_load("/none/t.yaml", &untouched, &text, &err), -ENOENT);
    ck_assert_str_eq(err.text, "/none/t.yaml: No such file or directory");
    ck_assert_int_eq(settings_load("/tmp", &untouched, &text, &err), -EISDIR);
    ck_assert_str_eq(err.text, "/tmp: Is a directory");
    ck_assert_int_eq(settings_load("/dev/zero", &untouched, &text, &err), -EFBIG);
    ck_assert_str_eq(err.text, "/dev/zero: File too large");
    ck_assert_ptr_null(untouched);
    ck_assert_str_eq(text.data, "old");
    strbuf_release(&text);
}
END_TEST

/* It says that what it spells out is the default; so it must be. */
START_TEST(the_shipped_configuration)
{
    ck_assert_msg(settings_load(SOURCE_ROOT "/config/taxond.yaml", &settings, NULL, &err) == 0,
                  "%s", err.text);
    check_default_sections();
    ck_assert_uint_eq(settings->inbox_count, 1);
    ck_assert_str_eq(settings->inboxes[0].source, settings->inboxes[0].name);
    ck_assert_uint_eq(settings->archive_count, 1);
    ck_assert_uint_eq(settings->plugin_count, settings->plugin_folder_count);
    for (size_t i = 0; i < settings->plugin_count; i++) {
        const char *name = settings->plugins[i].name;
        const char *folder = settings->plugin_folders[i];
        ck_assert_str_eq(folder + strlen(folder) - strlen(name), name);
        ck_assert(settings->plugins[i].enabled);
    }
}
END_TEST

/* Every option that a section takes is on the page; what no longer is one must go. */
START_TEST(the_page_names_every_option)
{
    static const char *const expected[] = {
        "# Configuration\n",
        "| `state` | path | must be given |",
        "| `settle` | duration | `2s` | between 0 and 1h |",
        "| `grow` | size | `1G` | between 16M and 1024G |",
        "| `sandbox` | choice | `require` | `off`, `prefer`, `require` |",
        "| `time` | duration | `10s` | between 10ms and 1h |",
        "| `file_mode` | text | `\"0644\"` |",
        "| `documents` | whole number | `64` | between 1 and 4096 |",
        "| `archives` | mapping of names to path | must be given |",
        "| `media_type` | list of text | `[]` |",
        "`taxon check`",
        "[rules.md](rules.md)",
    };
    struct strbuf page = STRBUF_INIT;

    settings_print_markdown(&page);
    ck_assert(!page.failed);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_msg(strstr(page.data, expected[i]) != NULL, "missing: %s", expected[i]);
    ck_assert_int_eq(page.data[page.len - 1], '\n');
    strbuf_release(&page);
}
END_TEST

/* The page's examples of configuration, run as its reader would. */
START_TEST(the_pages_first_example_works)
{
    struct strbuf page = STRBUF_INIT;

    settings_print_markdown(&page);
    const char *begin = strstr(page.data, "```yaml\n") + strlen("```yaml\n");
    const char *end = strstr(begin, "```");
    ck_assert_msg(settings_parse("/none/t.yaml", begin, (size_t)(end - begin), &settings, &err) ==
                      0,
                  "%s", err.text);
    check_default_sections();

    /* The others are parts: each must parse where the first has what they lack. */
    for (const char *at = strstr(end, "```yaml\n"); at != NULL; at = strstr(end, "```yaml\n")) {
        struct strbuf text = STRBUF_INIT;
        at += strlen("```yaml\n");
        end = strstr(at, "```");
        strbuf_append(&text, at, (size_t)(end - at));
        strbuf_puts(&text, "state: s\nquarantine: q\n");
        if (strstr(text.data, "inboxes:") == NULL)
            strbuf_puts(&text, "inboxes: {i: {path: p}}\n");
        if (strstr(text.data, "archives:") == NULL)
            strbuf_puts(&text, "archives: {a: b}\n");
        parse(text.data);
        strbuf_release(&text);
    }
    strbuf_release(&page);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        defaults,
        everything_written,
        each_sandbox_word_is_its_mode,
        largest_values_fit,
        what_must_be_there,
        nearest_names_in_every_section,
        ranges_speak_in_their_units,
        names,
        too_many_of_a_kind,
        sources,
        patterns,
        files_and_options_of_plugins,
        modes,
        yaml_mistakes_pass_through,
        paths_start_at_the_files_real_folder,
        files_that_cannot_be_read,
        the_shipped_configuration,
        the_page_names_every_option,
        the_pages_first_example_works,
    };

    return suite_run_with("config/settings", tests, sizeof tests / sizeof tests[0], NULL, teardown);
}
