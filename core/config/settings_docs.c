/* config/settings_docs: docs/configuration.md, from the tables that parse the configuration.
 *
 * Called by the generator of the documentation and by the test that compares its file with what is
 * printed here. Everything about single options stands in the tables.
 */
#include "config/settings.h"

#include "config/settings_tables.h"

static const char introduction[] =
    "# Configuration\n"
    "\n"
    "This page is generated from the option tables in `core/config`; do not edit it by hand.\n"
    "\n"
    "taxond reads one file in YAML. `config/taxond.yaml` in the source tree is a commented "
    "example\n"
    "that works as it is; a configuration needs no more than this:\n"
    "\n"
    "```yaml\n"
    "state: /var/lib/taxond\n"
    "quarantine: /var/lib/taxond-quarantine\n"
    "inboxes:\n"
    "  incoming: {path: /srv/incoming}\n"
    "archives:\n"
    "  main: /srv/archive\n"
    "```\n"
    "\n"
    "Everything else has a default, and the tables below name it.\n"
    "\n"
    "## How values are written\n"
    "\n"
    "* **Paths** that do not begin with `/` start at the folder of the configuration file, not at\n"
    "  the folder that taxond was started in.\n"
    "* **Durations** are a whole number and a unit: `250ms`, `2s`, `5m`, `1h`, `7d`.\n"
    "* **Sizes** are a whole number of bytes, or of kilobytes, megabytes or gigabytes in powers "
    "of\n"
    "  1024: `512`, `64K`, `16M`, `2G`.\n"
    "* **True or false** may be written `true`, `yes`, `on` and `false`, `no`, `off`.\n"
    "* **Patterns** are those of the shell: `*` stands for any text, `?` for one character,\n"
    "  `[a-z]` for one of a range. Put quotes around them: `\"*.part\"`.\n"
    "* **Names** of inboxes, archives and plugins are 1 to 64 of `a-z`, `0-9` and `-`.\n"
    "* A key with nothing after it is a mistake, except where a list, a mapping or a section is\n"
    "  expected: there it means an empty one. To have the default, leave the key out.\n"
    "\n"
    "The file is plain YAML in UTF-8: anchors, aliases, tags, directives, a key given twice and\n"
    "more than one document in the file are refused, and so is anything nested deeper than 32\n"
    "levels.\n"
    "\n"
    "## Checking a configuration\n"
    "\n"
    "`taxon check` reads the configuration as taxond would, with its plugins and rules, and says\n"
    "what is wrong, where, and what was probably meant:\n"
    "\n"
    "```text\n"
    "taxond.yaml:12:5: unknown key 'setle'; did you mean 'settle'?\n"
    "taxond.yaml:30:9: 'time' is 5ms, but must be between 10ms and 1h\n"
    "```\n"
    "\n"
    "With such a mistake taxond does not start. If it is running and is told to reload (SIGHUP, "
    "or\n"
    "`taxon reload`), it says the same and keeps the configuration it has.\n"
    "\n"
    "`taxon config` prints every option with the value in force and where it comes from, one a "
    "line:\n"
    "\n"
    "```text\n"
    "limits.time    5s   taxond.yaml:30:9\n"
    "limits.memory  2G   default\n"
    "```\n";

struct page_section {
    const char *title;
    const char *text;
    const struct option_table *table;
};

static const struct page_section page_sections[] = {
    {"The file itself",
     "These keys stand at the left margin, beside the sections that follow. No folder among "
     "state,\n"
     "quarantine, inboxes and archives may lie in another one or be the same as another one.\n"
     "\n"
     "```yaml\n"
     "archives:\n"
     "  main: /srv/archive\n"
     "  press: /srv/press\n"
     "rules: [rules.d]\n"
     "```\n",
     &settings_top_table},
    {"`inboxes`",
     "A mapping with a section for each inbox, under a name of your choice; at least one.\n"
     "\n"
     "```yaml\n"
     "inboxes:\n"
     "  crawler:\n"
     "    path: /srv/crawler\n"
     "    source: example-news\n"
     "    ignore: [\".*\", \"*.part\", \"logs\"]\n"
     "```\n",
     &settings_inbox_table},
    {"`plugins`",
     "A mapping with a section for each plugin. Beside the options below a section may hold\n"
     "`options`, the plugin's own (its README lists them), and `when`, which "
     "is\n"
     "described next.\n"
     "\n"
     "```yaml\n"
     "plugin_folders: [/usr/lib/taxond/plugins]\n"
     "plugins:\n"
     "  text: {}\n"
     "  topics:\n"
     "    options: {definitions: topics}\n"
     "    when: {media_type: [\"text/*\"]}\n"
     "```\n",
     &settings_plugin_table},
    {"`when` of a plugin",
     "Which documents a plugin sees. Each list that is not empty must have a pattern that "
     "matches;\n"
     "without `when` the plugin sees every document.\n",
     &settings_filter_table},
    {"`workers`",
     "The processes that open documents and run plugins, locked down, one document in each at a\n"
     "time.\n",
     &settings_workers_table},
    {"`limits`",
     "What a document may cost. Reaching a limit is recorded with the document; nothing is "
     "dropped\n"
     "silently.\n",
     &settings_limits_table},
    {"`placement`", "How documents are put into an archive.\n", &settings_placement_table},
    {"`batch`",
     "Making documents safe on disk costs about the same for one as for many, so they are "
     "committed\n"
     "together. Larger batches file more documents a second; shorter waits file each one sooner.\n",
     &settings_batch_table},
    {"`catalog`",
     "The catalog, `STATE/catalog.sqlite`: what is known of every document. How it is checked, "
     "saved and\n"
     "made anew: [operating.md](operating.md#backup-and-recovery).\n",
     &settings_catalog_table},
    {"`watchdog`",
     "taxond's loop must come back many times a second. What is done when it does not:\n"
     "[operating.md](operating.md#when-taxond-hangs).\n",
     &settings_watchdog_table},
};

void settings_print_markdown(struct strbuf *out_text)
{
    strbuf_puts(out_text, introduction);
    for (size_t i = 0; i < sizeof page_sections / sizeof page_sections[0]; i++) {
        const struct page_section *section = &page_sections[i];
        strbuf_printf(out_text, "\n## %s\n\n%s\n", section->title, section->text);
        options_print_markdown(section->table, out_text);
    }
    strbuf_puts(out_text, "\n## Rules\n\nRules: see [rules.md](rules.md).\n");
}
