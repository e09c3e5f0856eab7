/* taxon catalog: the catalog checked against the disk, made anew, saved.
 *
 * This file is the table of contents: options and progress. The work is audit's and the catalog's.
 */
#include "cli/catalog.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"

#define TERMINAL_US 200000u   /* between two pictures of progress */
#define LINE_US     10000000u /* between two lines of it, where there is no terminal */

static const char help[] =
    "Usage: taxon catalog check [-c FILE] [--quick] [--repair] [--json]\n"
    "       taxon catalog rebuild [-c FILE] [--json]\n"
    "       taxon catalog backup [-c FILE] [--force] TARGET\n"
    "\n"
    "check    holds every row of the catalog against the archives, the quarantine and what is in\n"
    "         hand, and every file there against its row. Works beside a running taxond.\n"
    "rebuild  makes the catalog anew from the records beside the documents, each held against its\n"
    "         document's bytes; the old one is moved aside. Only while no taxond runs.\n"
    "backup   copies the catalog as it is at this moment to TARGET, beside a running taxond;\n"
    "         the copy is checked and synced before it gets its name.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --quick        check: sizes and existence only, no contents\n"
    "      --repair       check: mend what is safe: missing records, missing rows, documents\n"
    "                     that were moved; only while no taxond runs\n"
    "      --force        backup: replace TARGET\n"
    "      --json         one JSON object a line: each finding, then the sums\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 nothing is wrong, or it was done; 1 findings are left, or it failed; 2 wrong\n"
    "arguments or a configuration that does not work.\n";

struct verb {
    const char *name;
    int (*run)(const struct settings *settings, const struct catalog_options *options);
    int arguments;
    bool json, quick, repair, force;
};

static const struct verb verbs[] = {
    {"check", catalog_check_command, 0, true, true, true, false},
    {"rebuild", catalog_rebuild_command, 0, true, false, false, false},
    {"backup", catalog_backup_command, 1, false, false, false, true},
};

void catalog_meter_show(struct catalog_meter *meter, const char *what, uint64_t done, uint64_t all)
{
    bool terminal;
    uint64_t now_us;

    if (done % 64 != 0) /* even asking for the time costs */
        return;
    terminal = isatty(STDERR_FILENO) == 1;
    now_us = clock_monotonic_us();
    if (meter->last_us == 0)
        meter->last_us = now_us;
    if (now_us - meter->last_us < (terminal ? TERMINAL_US : LINE_US))
        return;
    meter->last_us = now_us;
    meter->drawn = terminal;
    fputs(terminal ? "\r" : "taxon catalog: ", stderr);
    if (all > 0)
        fprintf(stderr, "%llu of %llu %s", (unsigned long long)done, (unsigned long long)all, what);
    else
        fprintf(stderr, "%llu %s", (unsigned long long)done, what);
    fputs(terminal ? "\x1b[K" : "\n", stderr);
    fflush(stderr);
}

void catalog_meter_clear(struct catalog_meter *meter)
{
    if (meter->drawn)
        fputs("\r\x1b[K", stderr);
    meter->drawn = false;
}

static int usage(const char *what)
{
    fprintf(stderr, "taxon catalog: %s\nTry 'taxon catalog --help'.\n", what);
    return CLI_USAGE;
}

static int run_verb(const struct verb *verb, const char *config_file,
                    const struct catalog_options *options)
{
    struct settings *settings;
    struct err err = {""};
    int status;

    if ((options->json && !verb->json) || (options->quick && !verb->quick) ||
        (options->repair && !verb->repair) || (options->force && !verb->force))
        return usage("that option means nothing here");
    if (options->repair && options->quick)
        return usage("--repair needs all that --quick leaves out");
    if (settings_load(config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_catalog, CLI_USAGE, &err);
    status = verb->run(settings, options);
    settings_free(settings);
    return status;
}

static int choose(int argc, char **argv, const char *config_file, struct catalog_options *options)
{
    if (optind >= argc)
        return usage("say check, rebuild or backup");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[optind], verbs[i].name) != 0)
            continue;
        if (argc - optind - 1 != verbs[i].arguments)
            return usage(verbs[i].arguments == 1 ? "name the file to be written"
                                                 : "an argument too many");
        options->file = verbs[i].arguments == 1 ? argv[optind + 1] : NULL;
        return run_verb(&verbs[i], config_file, options);
    }
    return usage("it knows check, rebuild and backup");
}

static int run(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {"repair", no_argument, NULL, 'r'},
        {"quick", no_argument, NULL, 'q'},
        {"force", no_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct catalog_options options = {.json = false};
    const char *config_file = TAXOND_SYSCONF "/taxond.yaml";
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1) {
        if (option == 'c')
            config_file = optarg;
        else if (option == 'j')
            options.json = true;
        else if (option == 'r')
            options.repair = true;
        else if (option == 'q')
            options.quick = true;
        else if (option == 'f')
            options.force = true;
        else if (option == 'h')
            return fputs(help, stdout) < 0 ? CLI_FAILED : CLI_OK;
        else
            return usage("that is no option of it");
    }
    return choose(argc, argv, config_file, &options);
}

const struct command command_catalog = {"catalog",
                                        "check the catalog against the disk, make it anew, save it",
                                        help, run};
