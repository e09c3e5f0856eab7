/* taxon config: every option with the value in force, and where it comes from.
 *
 * The values are what the daemon would take from the same file; one that runs may still have the
 * file as it was when it was last told to reload.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/config_listing.h"
#include "cli/engine.h"
#include "config/settings.h"

static const char help[] =
    "Usage: taxon config [-c FILE] [--json] [SECTION…]\n"
    "\n"
    "Prints every option with the value in force and where it comes from: 'default', or\n"
    "FILE:LINE:COLUMN. One option a line, in a fixed order; values as they are written in the\n"
    "configuration. SECTION is the beginning of a name, to a dot: 'limits', 'inboxes.crawler',\n"
    "'limits.time'. A worker is asked for the plugins' own options; when it cannot start, those\n"
    "that were written are shown as they were written.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         one JSON object: {NAME: {\"value\": …, \"from\": …}, …}\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 2 wrong arguments or a configuration that does not work.\n";

/* A section that has no option was mistyped. */
static int check_found(const struct listing *listing)
{
    struct err err = {""};

    for (size_t i = 0; i < listing->section_count; i++) {
        if (listing->found[i])
            continue;
        (void)err_set(&err, 0, "no option or section is called '%s'; 'taxon config' names them all",
                      listing->sections[i]);
        return cli_fail(&command_config, CLI_USAGE, &err);
    }
    return CLI_OK;
}

static int list(const struct settings *settings, struct listing *listing, bool as_json)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;
    struct err err = {""};
    int status;

    json_init(&json, &text, 2);
    listing->json = &json;
    json_object_begin(&json, NULL);
    const struct settings_visitor visitor = {listing_see, listing_own, listing};
    int code = settings_each(settings, &visitor, &err);
    json_object_end(&json);
    if (code == 0 && (listing->failed || text.failed))
        code = err_set(&err, -ENOMEM, "out of memory");
    status = code < 0 ? cli_fail(&command_config, CLI_FAILED, &err) : check_found(listing);
    if (status == CLI_OK && as_json)
        puts(strbuf_text(&text));
    else if (status == CLI_OK)
        listing_print(listing);
    strbuf_release(&text);
    return status;
}

/* Whether plugins are among what was asked for. */
static bool wants_plugins(const struct listing *listing)
{
    for (size_t i = 0; i < listing->section_count; i++)
        if (listing_is_in(listing->sections[i], "plugins"))
            return true;
    return listing->section_count == 0;
}

/* The manifest of a worker. Rules are left out: mistakes in them are not asked about here. */
static void ask_worker(const char *config_file, struct listing *listing,
                       struct generation **out_generation)
{
    struct worker_process process;
    char program[4096];
    struct err err = {""};

    *out_generation = NULL;
    int code = worker_process_program(program, sizeof program, &err);
    if (code == 0)
        code = generation_load(config_file, 1, out_generation, &err);
    if (code == 0)
        code = worker_process_start(program, *out_generation, &process, &err);
    if (code == 0)
        code = worker_process_wait_ready(&process, *out_generation, &err);
    if (code != 0) {
        (void)err_prefix(&err, code, "plugins' own options are shown as they were written");
        (void)cli_fail(&command_config, CLI_OK, &err);
        return;
    }
    worker_process_end(&process);
    listing->manifest = (*out_generation)->manifest;
}

static int run_with(const struct cli_options *options, const struct settings *settings,
                    struct listing *listing)
{
    struct generation *generation = NULL;

    if (wants_plugins(listing))
        ask_worker(options->config_file, listing, &generation);
    int status = list(settings, listing, options->json);
    generation_drop(generation);
    return status;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct listing listing = {.count = 0};
    struct settings *settings;
    struct err err = {""};
    int status = cli_parse(&command_config, argc, argv, true, &options);

    if (status >= 0)
        return status;
    if (settings_load(options.config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_config, CLI_USAGE, &err);
    listing.sections = argv + optind;
    listing.section_count = (size_t)(argc - optind);
    listing.found = calloc(listing.section_count + 1, sizeof *listing.found);
    arena_init(&listing.arena, 0);
    if (listing.found != NULL) {
        status = run_with(&options, settings, &listing);
    } else {
        (void)err_set(&err, -ENOMEM, "out of memory");
        status = cli_fail(&command_config, CLI_FAILED, &err);
    }
    arena_release(&listing.arena);
    free(listing.rows);
    free(listing.found);
    settings_free(settings);
    return status;
}

const struct command command_config = {
    "config", "print every option: the value in force, and where it comes from", help, run};
