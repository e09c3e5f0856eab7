/* taxon plugin: what is loaded, as a locked-down worker reports it; and bringing back what the
 * daemon has switched off. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <taxon/plugin.h>

#include "base/digest.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/engine.h"
#include "control/control.h"

#define ENABLE_TIMEOUT_MS 120000

static const char help[] =
    "Usage: taxon plugin list [-c FILE] [--json]\n"
    "       taxon plugin enable [-c FILE] NAME\n"
    "\n"
    "  list    the plugins that the configuration loads: name, version, what they read or\n"
    "          publish, how many labels, and the digest of the shared object\n"
    "  enable  has the running taxond forget what a plugin failed on that it switched off for\n"
    "          that (workers.plugin_failures), and reload\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         one JSON array\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 1 no taxond runs, or it refused; 2 wrong arguments or a configuration that "
    "does not work.\n";

static void join(char *out_text, size_t size, const char **names, size_t count)
{
    size_t len = 0;

    out_text[0] = '\0';
    for (size_t i = 0; i < count && len < size; i++)
        len += (size_t)snprintf(out_text + len, size - len, "%s%s", i > 0 ? " " : "", names[i]);
}

static const char *kind_word(const struct manifest_plugin *plugin)
{
    return plugin->kind == TAXON_KIND_READER ? "reader" : "classifier";
}

static void print_table(const struct manifest *manifest)
{
    printf("%-14s %-8s %-10s %-28s %6s  %s\n", "NAME", "VERSION", "KIND", "READS/PUBLISHES",
           "LABELS", "SHA-256");
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        bool reader = plugin->kind == TAXON_KIND_READER;
        char hex[DIGEST_HEX_SIZE], names[512];

        digest_hex(&plugin->digest, hex);
        join(names, sizeof(names), reader ? plugin->media_types : plugin->schemes,
             reader ? plugin->media_type_count : plugin->scheme_count);
        printf("%-14s %-8s %-10s %-28s %6zu  %.16s\n", plugin->name, plugin->version,
               kind_word(plugin), names, plugin->label_count, hex);
    }
    printf("sandbox: %s\n", manifest->sandbox);
}

static void json_names(struct json *json, const char *key, const char **names, size_t count)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++)
        json_put_text(json, NULL, names[i]);
    json_array_end(json);
}

static void print_json(const struct manifest *manifest)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    json_init(&json, &text, 2);
    json_array_begin(&json, NULL);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        char hex[DIGEST_HEX_SIZE];

        digest_hex(&plugin->digest, hex);
        json_object_begin(&json, NULL);
        json_put_text(&json, "name", plugin->name);
        json_put_text(&json, "own_name", plugin->own_name);
        json_put_text(&json, "version", plugin->version);
        json_put_text(&json, "kind", kind_word(plugin));
        json_names(&json, "media_types", plugin->media_types, plugin->media_type_count);
        json_names(&json, "schemes", plugin->schemes, plugin->scheme_count);
        json_put_int(&json, "labels", (int64_t)plugin->label_count);
        json_put_text(&json, "sha256", hex);
        json_object_end(&json);
    }
    json_array_end(&json);
    puts(strbuf_text(&text));
    strbuf_release(&text);
}

static int enable(const struct cli_options *options, const char *name)
{
    struct settings *settings;
    struct strbuf answer = STRBUF_INIT;
    struct err err = {""};
    char command[200];
    int status = CLI_OK;

    if (settings_load(options->config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_plugin, CLI_USAGE, &err);
    snprintf(command, sizeof(command), "enable %.100s", name);
    if (control_ask(settings->state, command, ENABLE_TIMEOUT_MS, &answer, &err) < 0)
        status = cli_fail(&command_plugin, CLI_FAILED, &err);
    else
        fputs(strbuf_text(&answer), stdout);
    strbuf_release(&answer);
    settings_free(settings);
    return status;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct engine engine;
    struct err err = {""};
    int status = cli_parse(&command_plugin, argc, argv, true, &options);

    if (status >= 0)
        return status;
    if (optind + 1 < argc && strcmp(argv[optind], "enable") == 0) {
        const char *name = argv[optind + 1];

        optind += 2;
        status = cli_no_more(&command_plugin, argc, argv);
        return status >= 0 ? status : enable(&options, name);
    }
    if (optind >= argc || strcmp(argv[optind], "list") != 0) {
        fputs("taxon plugin: say 'taxon plugin list' or 'taxon plugin enable NAME'\nTry 'taxon "
              "plugin --help'.\n",
              stderr);
        return CLI_USAGE;
    }
    optind++;
    status = cli_no_more(&command_plugin, argc, argv);
    if (status >= 0)
        return status;
    if (engine_open(&engine, options.config_file, &err) < 0)
        return cli_fail(&command_plugin, CLI_USAGE, &err);
    if (options.json)
        print_json(engine.generation->manifest);
    else
        print_table(engine.generation->manifest);
    engine_close(&engine);
    return CLI_OK;
}

const struct command command_plugin = {"plugin", "list the plugins that a configuration loads",
                                       help, run};
