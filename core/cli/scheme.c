/* taxon scheme list, show: the closed vocabularies in force: what labels there are and what they
 * mean.
 *
 * Asks a worker, as the daemon does, so that what is shown is what a document may be given. Labels
 * come sorted from the manifest: one before those below it.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/engine.h"
#include "cli/style.h"
#include "config/options.h"
#include "route/findings.h"
#include "route/record.h"

static const char help[] =
    "Usage: taxon scheme list [-c FILE] [--json]\n"
    "       taxon scheme show [-c FILE] [--json] SCHEME [LABEL]\n"
    "\n"
    "The vocabularies in force. `list` gives a line for each scheme; `show` every label of one, "
    "or\n"
    "LABEL and those below it, with names, definition, threshold and the codes that other\n"
    "vocabularies have for it.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         one JSON array (list), one object (show)\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 1 there is no such scheme or label; 2 wrong arguments or a configuration\n"
    "that does not work.\n";

/* One scheme: its plugin, and which of the plugin's labels are in it. */
struct scheme {
    const char *name;
    const struct manifest_plugin *plugin;
};

static bool is_in(const struct scheme *scheme, const struct manifest_label *label)
{
    return strcmp(label->scheme, scheme->name) == 0;
}

static void count_labels(const struct scheme *scheme, size_t *out_labels, size_t *out_roots)
{
    *out_labels = 0;
    *out_roots = 0;
    for (size_t i = 0; i < scheme->plugin->label_count; i++) {
        const struct manifest_label *label = &scheme->plugin->labels[i];
        *out_labels += is_in(scheme, label);
        *out_roots += is_in(scheme, label) && label->parent[0] == '\0';
    }
}

static void list_scheme(const struct scheme *scheme, struct json *json)
{
    const struct manifest_plugin *plugin = scheme->plugin;
    size_t labels;
    size_t roots;

    count_labels(scheme, &labels, &roots);
    if (json == NULL) {
        printf("%-14s %-14s %-8s %6zu %6zu\n", scheme->name, plugin->name, plugin->version, labels,
               roots);
        return;
    }
    json_object_begin(json, NULL);
    json_put_text(json, "scheme", scheme->name);
    json_put_text(json, "plugin", plugin->name);
    json_put_text(json, "version", plugin->version);
    json_put_int(json, "labels", (int64_t)labels);
    json_put_int(json, "roots", (int64_t)roots);
    json_object_end(json);
}

static void list_schemes(const struct manifest *manifest, struct json *json)
{
    if (json == NULL)
        printf("%-14s %-14s %-8s %6s %6s\n", "SCHEME", "PLUGIN", "VERSION", "LABELS", "ROOTS");
    else
        json_array_begin(json, NULL);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        for (size_t k = 0; k < plugin->scheme_count; k++)
            list_scheme(&(struct scheme){plugin->schemes[k], plugin}, json);
    }
    if (json != NULL)
        json_array_end(json);
}

static int depth_of(const struct manifest_label *label)
{
    int depth = 0;

    for (const char *at = label->id; *at != '\0'; at++)
        depth += *at == '/';
    return depth;
}

static void print_padded(const char *text, size_t columns)
{
    size_t width = style_columns(text);

    printf("%s%*s", text, (int)(width < columns ? columns - width : 1), "");
}

static void print_label(const struct manifest_label *label, bool styled)
{
    int indent = 2 * depth_of(label);
    char names[600];

    snprintf(names, sizeof names, "%s%s%s", label->name_zh,
             label->name_zh[0] != '\0' && label->name_en[0] != '\0' ? " " : "", label->name_en);
    printf("%*s", indent, "");
    style_begin(stdout, styled, STYLE_BOLD);
    print_padded(label->id, (size_t)(34 - indent));
    style_end(stdout, styled);
    print_padded(names, 38);
    printf("%.2f", label->threshold);
    for (size_t i = 0; i < label->code_count; i++)
        printf("%s%s %s", i == 0 ? "  " : ", ", label->codes[i].vocabulary, label->codes[i].code);
    putchar('\n');
    if (label->definition[0] != '\0') {
        printf("%*s", indent + 4, "");
        style_put(stdout, styled, STYLE_DIM, "%s", label->definition);
        putchar('\n');
    }
}

static void put_label(struct json *json, const struct manifest_label *label)
{
    json_object_begin(json, NULL);
    json_put_text(json, "id", label->id);
    if (label->parent[0] != '\0')
        json_put_text(json, "parent", label->parent);
    record_put_names(json, label);
    if (label->definition[0] != '\0')
        json_put_text(json, "definition", label->definition);
    json_put_real(json, "threshold", label->threshold);
    record_put_crosswalk(json, label);
    json_object_end(json);
}

/* Returns how many labels were shown. */
static size_t show_labels(const struct scheme *scheme, const char *wanted, struct json *json)
{
    bool styled = style_wanted(stdout);
    size_t count = 0;

    for (size_t i = 0; i < scheme->plugin->label_count; i++) {
        const struct manifest_label *label = &scheme->plugin->labels[i];
        if (!is_in(scheme, label) ||
            (wanted != NULL && !findings_label_is_below(label->id, wanted)))
            continue;
        count++;
        if (json == NULL)
            print_label(label, styled);
        else
            put_label(json, label);
    }
    return count;
}

static bool find_scheme(const struct manifest *manifest, const char *name, struct scheme *out)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        for (size_t k = 0; k < plugin->scheme_count; k++) {
            if (strcmp(plugin->schemes[k], name) == 0) {
                *out = (struct scheme){plugin->schemes[k], plugin};
                return true;
            }
        }
    }
    return false;
}

static int no_such_scheme(const struct manifest *manifest, const char *name)
{
    const char *nearest = NULL;

    for (size_t i = 0; i < manifest->plugin_count && nearest == NULL; i++)
        nearest =
            options_nearest(name, manifest->plugins[i].schemes, manifest->plugins[i].scheme_count);
    fprintf(stderr, "taxon scheme: no scheme '%s'", name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean '%s'?", nearest);
    fputs(" ('taxon scheme list' names all)\n", stderr);
    return CLI_FAILED;
}

static int show_scheme(const struct manifest *manifest, const char *name, const char *wanted,
                       struct json *json)
{
    struct scheme scheme;
    size_t count;

    if (!find_scheme(manifest, name, &scheme))
        return no_such_scheme(manifest, name);
    if (json != NULL) {
        json_object_begin(json, NULL);
        json_put_text(json, "scheme", scheme.name);
        json_put_text(json, "plugin", scheme.plugin->name);
        json_put_text(json, "version", scheme.plugin->version);
        json_array_begin(json, "labels");
    }
    count = show_labels(&scheme, wanted, json);
    if (json != NULL) {
        json_array_end(json);
        json_object_end(json);
    }
    if (count > 0 || wanted == NULL)
        return CLI_OK;
    fprintf(stderr, "taxon scheme: scheme '%s' has no label '%s'\n", name, wanted);
    return CLI_FAILED;
}

/* What stands behind the options: the words of the question. */
struct question {
    const char *verb;
    const char *scheme;
    const char *label;
};

static int parse_question(int argc, char **argv, struct question *out_question)
{
    int count = argc - optind;
    const char *verb = count > 0 ? argv[optind] : "";
    bool is_list = strcmp(verb, "list") == 0 && count == 1;
    bool is_show = strcmp(verb, "show") == 0 && (count == 2 || count == 3);

    if (!is_list && !is_show) {
        fputs("taxon scheme: say 'list', or 'show' and a scheme\nTry 'taxon scheme --help'.\n",
              stderr);
        return CLI_USAGE;
    }
    *out_question = (struct question){.verb = verb,
                                      .scheme = is_show ? argv[optind + 1] : NULL,
                                      .label = count == 3 ? argv[optind + 2] : NULL};
    return -1;
}

static int answer(const struct engine *engine, const struct question *question, bool as_json)
{
    const struct manifest *manifest = engine->generation->manifest;
    struct strbuf text = STRBUF_INIT;
    struct json json;
    int status = CLI_OK;

    json_init(&json, &text, 2);
    if (question->scheme == NULL)
        list_schemes(manifest, as_json ? &json : NULL);
    else
        status = show_scheme(manifest, question->scheme, question->label, as_json ? &json : NULL);
    if (as_json && status == CLI_OK)
        printf("%s\n", strbuf_text(&text));
    strbuf_release(&text);
    return status;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct question question;
    struct engine engine;
    struct err err = {""};
    int status = cli_parse(&command_scheme, argc, argv, true, &options);

    if (status < 0)
        status = parse_question(argc, argv, &question);
    if (status >= 0)
        return status;
    if (engine_open(&engine, options.config_file, &err) < 0)
        return cli_fail(&command_scheme, CLI_USAGE, &err);
    status = answer(&engine, &question, options.json);
    engine_close(&engine);
    return status;
}

const struct command command_scheme = {"scheme", "the labels there are and what they mean", help,
                                       run};
