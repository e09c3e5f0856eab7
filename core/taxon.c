/* taxon: the command line: offline work, and talk to the daemon. A table of contents; each
 * subcommand is a file of cli/.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const struct command *const commands[] = {
    &command_classify, &command_extract, &command_explain, &command_why,
    &command_check,    &command_config,  &command_doctor,  &command_scheme,
    &command_train,    &command_eval,    &command_plugin,  &command_catalog,
    &command_status,   &command_reload,  &command_drain,   &command_quarantine,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *stream)
{
    fputs("Usage: taxon COMMAND [OPTION…]\n\nThe command line of taxond.\n\n", stream);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(stream, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'taxon COMMAND --help' says more; 'taxon --version' prints the version.\n", stream);
}

/* What was printed into a closed pipe or onto a full disk was not said. */
static int finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE)
        fprintf(stderr, "taxon: standard output: %s\n", strerror(errno));
    return status == CLI_OK ? CLI_FAILED : status;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts("taxon " TAXOND_VERSION);
        return CLI_OK;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return finish(commands[i]->run(argc - 1, argv + 1));
    fprintf(stderr, "taxon: no command '%s'\nTry 'taxon --help'.\n", argv[1]);
    return CLI_USAGE;
}
