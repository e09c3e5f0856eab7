/* taxon status, reload, drain: one question to the running daemon each. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "config/settings.h"
#include "control/control.h"

#define STATUS_TIMEOUT_MS 10000
#define RELOAD_TIMEOUT_MS 120000

#define COMMON_HELP                                                                                \
    "  -c, --config FILE  the configuration, which names the state folder\n"                       \
    "                     (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
#define STATUS_HELP                                                                                \
    "\nExit status: 0 it answered; 1 no taxond runs there, or it refused; 2 wrong arguments.\n"

static int ask(const struct command *command, const struct cli_options *options,
               const char *question, int timeout_ms)
{
    struct settings *settings;
    struct strbuf answer = STRBUF_INIT;
    struct err err = {""};
    int status = CLI_OK;

    if (settings_load(options->config_file, &settings, NULL, &err) < 0)
        return cli_fail(command, CLI_USAGE, &err);
    if (control_ask(settings->state, question, timeout_ms, &answer, &err) < 0)
        status = cli_fail(command, CLI_FAILED, &err);
    else
        fputs(strbuf_text(&answer), stdout);
    strbuf_release(&answer);
    settings_free(settings);
    return status;
}

static int run_plain(const struct command *command, int argc, char **argv, const char *question,
                     int timeout_ms)
{
    struct cli_options options;
    int status = cli_parse(command, argc, argv, false, &options);

    if (status < 0)
        status = cli_no_more(command, argc, argv);
    return status >= 0 ? status : ask(command, &options, question, timeout_ms);
}

static int run_status(int argc, char **argv)
{
    struct cli_options options;
    int status = cli_parse(&command_status, argc, argv, true, &options);

    if (status < 0)
        status = cli_no_more(&command_status, argc, argv);
    if (status >= 0)
        return status;
    return ask(&command_status, &options, options.json ? "status json" : "status",
               STATUS_TIMEOUT_MS);
}

static int run_reload(int argc, char **argv)
{
    return run_plain(&command_reload, argc, argv, "reload", RELOAD_TIMEOUT_MS);
}

static int run_drain(int argc, char **argv)
{
    return run_plain(&command_drain, argc, argv, "drain", STATUS_TIMEOUT_MS);
}

const struct command command_status = {
    "status", "what the daemon is doing",
    "Usage: taxon status [-c FILE] [--json]\n"
    "\n"
    "Prints what the running taxond is doing: workers, documents in hand and filed, inboxes.\n"
    "\n" COMMON_HELP "      --json         one JSON object\n"
    "  -h, --help         this text\n" STATUS_HELP,
    run_status};

const struct command command_reload = {
    "reload", "have the daemon read its configuration again",
    "Usage: taxon reload [-c FILE]\n"
    "\n"
    "Has the running taxond read its configuration, plugins, lexicons and rules again, and\n"
    "waits for the outcome: a new generation is in force, or why it was refused (the old one\n"
    "then stays).\n"
    "\n" COMMON_HELP "  -h, --help         this text\n" STATUS_HELP,
    run_reload};

const struct command command_drain = {
    "drain", "have the daemon file what is in hand, then stop",
    "Usage: taxon drain [-c FILE]\n"
    "\n"
    "Has the running taxond claim no more, file what is in hand, and stop. Does not wait.\n"
    "\n" COMMON_HELP "  -h, --help         this text\n" STATUS_HELP,
    run_drain};
