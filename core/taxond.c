/* taxond: the daemon. Watches inboxes, has each document looked at by a locked-down worker, files
 * it by rule. This file is the table of contents: options, signals, start, stop; the work is in
 * line/ and what it calls.
 */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "base/log.h"
#include "control/control.h"
#include "line/line.h"

static const char help_text[] =
    "Usage: taxond -c FILE [--once] [--quiet | --verbose]\n"
    "\n"
    "Watches the inboxes that FILE names, says of each document what it is and what it is\n"
    "about, and files it in an archive. Runs in the foreground; logs to standard error.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --once         end by itself when every inbox is empty and everything is filed, or\n"
    "                     what is left cannot be filed now (then with status 1)\n"
    "  -q, --quiet        log warnings and errors only\n"
    "  -v, --verbose      log more\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "Signals: SIGTERM, SIGINT: file what is in hand, then stop (a second one stops at once;\n"
    "what was in hand is finished at the next start). SIGHUP: read the configuration again.\n"
    "Exit status: 0 stopped as asked; 1 an error while running; 2 could not start.\n";

enum { SIGNALS = 3 };

struct daemon {
    uv_loop_t loop;
    uv_signal_t signals[SIGNALS];
    struct line *line; /* NULL once it has stopped */
    struct control *control;
    unsigned stop_requests;
    int status;
};

static void on_control_stopped(void *context)
{
    (void)context;
}

/* The line has stopped: nothing else keeps us. */
static void on_line_stopped(void *context, int status)
{
    struct daemon *daemon = context;

    daemon->line = NULL;
    daemon->status = status;
    if (daemon->control != NULL)
        control_stop(daemon->control, on_control_stopped, NULL);
    daemon->control = NULL;
    for (int i = 0; i < SIGNALS; i++)
        uv_close((uv_handle_t *)&daemon->signals[i], NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;

    if (daemon->line == NULL)
        return;
    if (number == SIGHUP) {
        line_reload(daemon->line, NULL, NULL);
        return;
    }
    if (daemon->stop_requests++ > 0) {
        log_warning("stopping at once; what is in hand is finished at the next start");
        _exit(1); /* not exit(3), which waits for the batch thread */
    }
    log_info("%s: filing what is in hand, then stopping", strsignal(number));
    line_drain(daemon->line);
}

static void start_signals(struct daemon *daemon)
{
    static const int numbers[SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(&daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
}

/* Each document in hand holds a descriptor. The soft limit is low for select(2)'s sake alone. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* refused: the old one serves a usual queue */
}

static int run(const struct line_options *options)
{
    static struct daemon daemon; /* zeroed; its handles outlive this function's frame in no case */
    struct err err = {""};

    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    /* A few threads with small, similar demands: one heap keeps the process small. */
    mallopt(M_ARENA_MAX, 1);
    if (uv_loop_init(&daemon.loop) < 0) {
        log_error("cannot make an event loop");
        return 2;
    }
    start_signals(&daemon);
    if (line_start(&daemon.loop, options, on_line_stopped, &daemon, &daemon.line, &err) < 0) {
        log_error("%s", err.text);
        return 2;
    }
    if (control_start(&daemon.loop, daemon.line, &daemon.control, &err) < 0) {
        log_error("%s", err.text);
        daemon.control = NULL;
        line_drain(daemon.line);
        daemon.stop_requests++;
        uv_run(&daemon.loop, UV_RUN_DEFAULT);
        return 2;
    }
    line_announce(daemon.line);
    uv_run(&daemon.loop, UV_RUN_DEFAULT);
    uv_loop_close(&daemon.loop);
    log_info("stopped");
    return daemon.status;
}

int main(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"once", no_argument, NULL, 'o'},
        {"quiet", no_argument, NULL, 'q'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct line_options options = {.config_file = TAXOND_SYSCONF "/taxond.yaml"};
    int option;

    while ((option = getopt_long(argc, argv, "c:qvhV", long_options, NULL)) != -1) {
        switch (option) {
        case 'c':
            options.config_file = optarg;
            break;
        case 'o':
            options.once = true;
            break;
        case 'q':
            log_set_level(LOG_LEVEL_WARNING);
            break;
        case 'v':
            log_set_level(LOG_LEVEL_DEBUG);
            break;
        case 'h':
            fputs(help_text, stdout);
            return 0;
        case 'V':
            puts("taxond " TAXOND_VERSION);
            return 0;
        default:
            fputs("Try 'taxond --help'.\n", stderr);
            return 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "taxond: unexpected argument '%s'\nTry 'taxond --help'.\n", argv[optind]);
        return 2;
    }
    return run(&options);
}
