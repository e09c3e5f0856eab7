/* Tests of config/settings_each: which options there are, with which values, from where. */
#include <string.h>

#include "../base/suite.h"
#include "config/options.h"
#include "config/settings.h"

static const char yaml[] = "state: st\n"                                                     /* 1 */
                           "quarantine: /q\n"                                                /* 2 */
                           "archives: {main: ar, press: /p}\n"                               /* 3 */
                           "inboxes:\n"                                                      /* 4 */
                           "  b: {path: /in/b, settle: 3000ms}\n"                            /* 5 */
                           "  a: {path: /in/a, source: news}\n"                              /* 6 */
                           "plugins:\n"                                                      /* 7 */
                           "  text:\n"                                                       /* 8 */
                           "  topics: {options: {definitions: topics}, when: {name: [x]}}\n" /* 9 */
                           "limits: {time: 5s}\n"; /* 10 */

/* One line an option: "NAME VALUE FROM". */
static void see(void *context, const struct settings_entry *entry)
{
    struct strbuf *out = context;

    strbuf_printf(out, "%s ", entry->name);
    if (entry->value == NULL)
        options_print_node(entry->node, out);
    else
        options_print_value(entry->value, out);
    if (entry->node == NULL)
        strbuf_puts(out, " default\n");
    else
        strbuf_printf(out, " %s:%u:%u\n", entry->node->file, entry->node->line,
                      entry->node->column);
}

static bool knows_text(void *context, const struct settings_plugin *plugin)
{
    if (strcmp(plugin->name, "text") != 0)
        return false;
    strbuf_puts(context, "known: text\n");
    return true;
}

static void list(struct strbuf *out_text, bool (*own)(void *, const struct settings_plugin *))
{
    struct settings *settings = NULL;
    struct err err = {""};

    ck_assert_msg(settings_parse("/cfg/t.yaml", yaml, strlen(yaml), &settings, &err) == 0, "%s",
                  err.text);
    const struct settings_visitor visitor = {see, own, out_text};
    ck_assert_int_eq(settings_each(settings, &visitor, &err), 0);
    settings_free(settings);
}

static void assert_line(const struct strbuf *text, const char *line)
{
    ck_assert_msg(strstr(strbuf_text(text), line) != NULL, "no '%s' in\n%s", line,
                  strbuf_text(text));
}

START_TEST(values_in_force_and_their_places)
{
    struct strbuf text = STRBUF_INIT;

    list(&text, NULL);
    assert_line(&text, "state /cfg/st /cfg/t.yaml:1:8\n");
    assert_line(&text, "\narchives.main /cfg/ar /cfg/t.yaml:3:18\n");
    assert_line(&text, "\narchives.press /p /cfg/t.yaml:3:29\n");
    assert_line(&text, "\ninboxes.b.settle 3s /cfg/t.yaml:5:28\n");
    assert_line(&text, "\ninboxes.b.scan_every 1m default\n");
    assert_line(&text, "\nplugins.topics.options.definitions topics /cfg/t.yaml:9:35\n");
    assert_line(&text, "\nplugins.topics.when.name [x] /cfg/t.yaml:9:57\n");
    assert_line(&text, "\nlimits.time 5s /cfg/t.yaml:10:16\n");
    assert_line(&text, "\nlimits.file 64M default\n");
    assert_line(&text, "\nbatch.wait 5ms default\n");
    assert_line(&text, "\ncatalog.on_damage refuse default\n");
    assert_line(&text, "\nwatchdog.stall 10s default\n");
    strbuf_release(&text);
}
END_TEST

START_TEST(what_follows_from_a_name_is_a_default)
{
    struct strbuf text = STRBUF_INIT;

    list(&text, NULL);
    assert_line(&text, "\ninboxes.b.source b default\n");
    assert_line(&text, "\ninboxes.a.source news /cfg/t.yaml:6:");
    assert_line(&text, "\nplugins.text.file text.so default\n");
    strbuf_release(&text);
}
END_TEST

START_TEST(the_order_is_that_of_the_tables_and_of_the_file)
{
    struct strbuf text = STRBUF_INIT;

    list(&text, NULL);
    const char *b = strstr(strbuf_text(&text), "inboxes.b.path");
    const char *a = strstr(strbuf_text(&text), "inboxes.a.path");
    const char *plugins = strstr(strbuf_text(&text), "plugins.text.file");
    const char *workers = strstr(strbuf_text(&text), "workers.count");
    ck_assert(b != NULL && a > b && plugins > a && workers > plugins);
    strbuf_release(&text);
}
END_TEST

START_TEST(a_plugins_own_options_stand_in_its_section)
{
    struct strbuf text = STRBUF_INIT;

    list(&text, knows_text);
    assert_line(&text, "\nplugins.text.when.name [] default\nknown: text\nplugins.topics.file");
    assert_line(&text, "\nplugins.topics.options.definitions topics /cfg/t.yaml:9:35\n");
    strbuf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        values_in_force_and_their_places,
        what_follows_from_a_name_is_a_default,
        a_plugins_own_options_stand_in_its_section,
        the_order_is_that_of_the_tables_and_of_the_file,
    };

    return SUITE_RUN("config/settings_each", tests);
}
