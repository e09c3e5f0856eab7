/* taxon explain: a document, what it was found to be, and where in its text that stands.
 *
 * Classifies as the daemon would, writes the record as the daemon would, and shows that record:
 * what is explained is what would be filed.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/document.h"
#include "cli/engine.h"
#include "cli/explain.h"
#include "cli/members.h"
#include "cli/record_json.h"
#include "cli/show.h"
#include "cli/style.h"
#include "route/record.h"

static const char help[] =
    "Usage: taxon explain [-c FILE] [--html] DOCUMENT\n"
    "\n"
    "Classifies one document as the daemon would and says why: for each scheme the labels with\n"
    "their scores against the thresholds, the evidence and the near misses; the page furniture;\n"
    "the rules that were asked, each with the clause that failed and what it saw; and the text\n"
    "itself, furniture dimmed and evidence in the colour of its scheme. Where the output is no\n"
    "terminal, the role stands before its line and evidence between angle quotes. '-' reads\n"
    "standard input. Of a container each member is explained, and then itself (--html: only it).\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --html         write one HTML page that needs nothing beside itself\n"
    "  -h, --help         this text\n"
    "\n"
    "NO_COLOR in the environment turns colours off.\n"
    "\n"
    "Exit status: 0 explained; 1 the document could not be read or its plugin failed; 2 wrong\n"
    "arguments or a configuration that does not work.\n";

struct request {
    const char *config_file;
    const char *path;
    bool as_html;
};

static int parse(int argc, char **argv, struct request *out_request)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"html", no_argument, NULL, 'H'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    *out_request = (struct request){.config_file = TAXOND_SYSCONF "/taxond.yaml"};
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return CLI_OK;
        }
        if (option == 'c') {
            out_request->config_file = optarg;
        } else if (option == 'H') {
            out_request->as_html = true;
        } else {
            fputs("Try 'taxon explain --help'.\n", stderr);
            return CLI_USAGE;
        }
    }
    if (argc - optind != 1) {
        fputs("taxon explain: name one document\nTry 'taxon explain --help'.\n", stderr);
        return CLI_USAGE;
    }
    out_request->path = argv[optind];
    return -1;
}

static void show(const struct request *request, const json_t *record, const struct marks *marks,
                 const char *text)
{
    bool styled = style_wanted(stdout);

    if (request->as_html) {
        explain_html(record, marks, text, stdout);
        return;
    }
    show_record(record, stdout, styled);
    if (text == NULL) {
        fputs("\n(the text is too long to be shown: limits.reply)\n", stdout);
        return;
    }
    putchar('\n');
    explain_text(marks, text, stdout, styled);
}

/* The record is written and read back: nothing is shown that is not in it. */
static int explain(const struct request *request, const struct subject *subject,
                   const struct plan *plan, struct err *err)
{
    const char *text = subject->reply == NULL ? "" : subject->reply->text;
    size_t text_len = subject->reply == NULL || text == NULL ? 0 : (size_t)subject->reply->text_len;
    struct strbuf written = STRBUF_INIT;
    struct marks marks;
    json_t *record;
    int result;

    record_write(subject, plan, 0, &written);
    result = written.failed ? err_set(err, -ENOMEM, "out of memory")
                            : record_parse(written.data, written.len, "record", &record, err);
    strbuf_release(&written);
    if (result < 0)
        return result;
    result = marks_init(&marks, record, text_len, err);
    if (result == 0) {
        show(request, record, &marks, text);
        marks_release(&marks);
    }
    json_decref(record);
    return result;
}

struct explaining {
    const struct request *request;
    bool classified;
};

static int on_document(void *context, const struct subject *subject, const struct plan *plan,
                       unsigned depth, struct err *err)
{
    struct explaining *explaining = context;

    if (depth > 0 && explaining->request->as_html)
        return 0; /* one page is of one document */
    if (subject->reply == NULL || subject->reply->failure_count > 0)
        explaining->classified = false;
    int result = explain(explaining->request, subject, plan, err);
    if (depth > 0)
        fputs("\n----\n\n", stdout);
    return result;
}

static int classify(struct engine *engine, const struct request *request, struct err *err)
{
    struct explaining explaining = {.request = request, .classified = true};
    const struct members_visitor visitor = {on_document, &explaining};
    int result;
    int fd = document_open(request->path, engine->generation->settings->limits.file_bytes, err);

    if (fd < 0)
        return cli_fail(&command_explain, CLI_FAILED, err);
    result =
        members_classify(engine, fd, document_name(request->path), "command-line", &visitor, err);
    file_close(&fd);
    if (result < 0)
        return cli_fail(&command_explain, CLI_FAILED, err);
    return explaining.classified ? CLI_OK : CLI_FAILED;
}

static int run(int argc, char **argv)
{
    struct request request;
    struct engine engine;
    struct err err = {""};
    int status = parse(argc, argv, &request);

    if (status >= 0)
        return status;
    if (engine_open(&engine, request.config_file, &err) < 0)
        return cli_fail(&command_explain, CLI_USAGE, &err);
    engine.wants_text = true;
    engine_open_catalog(&engine);
    status = classify(&engine, &request, &err);
    engine_close(&engine);
    return status;
}

const struct command command_explain = {"explain", "why a document is what it is, in its text",
                                        help, run};
