/* cli/cli: options and messages that taxon's subcommands share. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>

int cli_parse(const struct command *command, int argc, char **argv, bool takes_json,
              struct cli_options *out_options)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    out_options->config_file = TAXOND_SYSCONF "/taxond.yaml";
    out_options->json = false;
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:jh", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(command->help, stdout);
            return CLI_OK;
        }
        if (option == 'c') {
            out_options->config_file = optarg;
        } else if (option == 'j' && takes_json) {
            out_options->json = true;
        } else {
            if (option == 'j')
                fprintf(stderr, "taxon %s: --json means nothing here\n", command->name);
            fprintf(stderr, "Try 'taxon %s --help'.\n", command->name);
            return CLI_USAGE;
        }
    }
    return -1;
}

int cli_no_more(const struct command *command, int argc, char **argv)
{
    struct err err = {""};

    if (optind >= argc)
        return -1;
    (void)err_set(&err, 0, "unexpected argument '%s'", argv[optind]);
    (void)cli_fail(command, CLI_USAGE, &err);
    fprintf(stderr, "Try 'taxon %s --help'.\n", command->name);
    return CLI_USAGE;
}

int cli_fail(const struct command *command, int status, const struct err *err)
{
    fprintf(stderr, "taxon %s: %s\n", command->name, err->text);
    return status;
}
