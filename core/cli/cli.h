/* cli/cli: taxon's subcommands, one file each, and what they share. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

#include "base/err.h"

/* Exit statuses, the same for every subcommand. */
#define CLI_OK     0
#define CLI_FAILED 1 /* it ran, and the answer is no, or part of it failed */
#define CLI_USAGE  2 /* wrong arguments, or the configuration does not work */

struct command {
    const char *name;
    const char *summary; /* one line */
    const char *help;    /* whole text of --help */
    int (*run)(int argc, char **argv);
};

extern const struct command command_catalog;
extern const struct command command_check;
extern const struct command command_classify;
extern const struct command command_config;
extern const struct command command_doctor;
extern const struct command command_drain;
extern const struct command command_eval;
extern const struct command command_explain;
extern const struct command command_extract;
extern const struct command command_plugin;
extern const struct command command_quarantine;
extern const struct command command_reload;
extern const struct command command_scheme;
extern const struct command command_status;
extern const struct command command_train;
extern const struct command command_why;

/* Options that every subcommand takes. */
struct cli_options {
    const char *config_file;
    bool json;
};

/* Parses -c/--config, --json (when `takes_json`), -h/--help; leaves optind at the first argument.
 * Returns -1 to go on, else the exit status. */
int cli_parse(const struct command *command, int argc, char **argv, bool takes_json,
              struct cli_options *out_options);

/* Refuses arguments that nothing would be done with. -1 to go on, else the exit status. */
int cli_no_more(const struct command *command, int argc, char **argv);

/* "taxon COMMAND: TEXT" to standard error; returns `status`. */
int cli_fail(const struct command *command, int status, const struct err *err);

#endif
