/* taxon extract: the main text of documents, without their page furniture.
 *
 * Classifies as the daemon would and drops what the plugin boilerplate calls furniture. Nothing is
 * filed or moved.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/printable.h"
#include "cli/cli.h"
#include "cli/document.h"
#include "cli/engine.h"
#include "cli/extract.h"

#define LEAST_DEFAULT 0.5

static const char help[] =
    "Usage: taxon extract [-c FILE] [--format FORMAT] [--drop-from SCORE] DOCUMENT…\n"
    "\n"
    "Prints the main text of each document: what is left when the page furniture is dropped that\n"
    "the plugin boilerplate finds. Nothing is moved. '-' reads standard input. Of more than one\n"
    "document, each text and Markdown stands under a line with its name.\n"
    "\n"
    "  -c, --config FILE      the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "  -f, --format FORMAT    text: paragraphs between empty lines (the default);\n"
    "                         markdown: with headings, lists, tables, quotations and code;\n"
    "                         json: one object a line, with title, blocks, and what was dropped\n"
    "                         as which role, with its score and reason\n"
    "  -d, --drop-from SCORE  drop what is furniture with this score or more, 0.5 (the default)\n"
    "                         to 1; higher keeps more\n"
    "  -h, --help             this text\n"
    "\n"
    "Exit status: 0 all printed; 1 a document could not be read, its plugin failed or its text is\n"
    "longer than limits.reply; 2 wrong arguments or a configuration that does not work.\n";

enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };

struct request {
    const char *config_file;
    enum format format;
    double least; /* score from which on furniture is dropped */
    bool has_names;
};

static int refuse(const char *what, const char *value)
{
    struct err err = {""};

    (void)err_set(&err, 0, "%s '%s'", what, value);
    (void)cli_fail(&command_extract, CLI_USAGE, &err);
    fputs("Try 'taxon extract --help'.\n", stderr);
    return CLI_USAGE;
}

static int take_format(struct request *request, const char *value)
{
    static const char *const names[] = {"text", "markdown", "json"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], value) == 0) {
            request->format = (enum format)i;
            return -1;
        }
    }
    return refuse("--format is text, markdown or json, not", value);
}

static int take_least(struct request *request, const char *value)
{
    char *end;

    request->least = strtod(value, &end);
    if (end == value || *end != '\0' || !(request->least >= LEAST_DEFAULT && request->least <= 1))
        return refuse("--drop-from is a score from 0.5 to 1, not", value);
    return -1;
}

static int take_option(struct request *request, int option)
{
    switch (option) {
    case 'c':
        request->config_file = optarg;
        return -1;
    case 'f':
        return take_format(request, optarg);
    case 'd':
        return take_least(request, optarg);
    case 'h':
        fputs(help, stdout);
        return CLI_OK;
    default:
        fputs("Try 'taxon extract --help'.\n", stderr);
        return CLI_USAGE;
    }
}

/* -1 to go on, else the exit status. */
static int parse(int argc, char **argv, struct request *out_request)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'f'},
        {"drop-from", required_argument, NULL, 'd'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;

    *out_request =
        (struct request){.config_file = TAXOND_SYSCONF "/taxond.yaml", .least = LEAST_DEFAULT};
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:f:d:h", long_options, NULL)) != -1) {
        int status = take_option(out_request, option);

        if (status >= 0)
            return status;
    }
    if (optind >= argc) {
        fputs("taxon extract: no document given\nTry 'taxon extract --help'.\n", stderr);
        return CLI_USAGE;
    }
    out_request->has_names = argc - optind > 1 && out_request->format != FORMAT_JSON;
    return -1;
}

static void print_name(const char *name, bool is_first)
{
    char shown[4096];

    snprintf(shown, sizeof shown, "%s", name);
    shown[printable_clean(shown, strlen(shown))] = '\0';
    printf("%s==> %s <==\n", is_first ? "" : "\n", shown);
}

static int print_text(const struct request *request, const struct subject *subject, struct err *err)
{
    struct strbuf out = STRBUF_INIT;
    struct extract_parts parts;
    bool failed;

    if (extract_parts_find(subject->reply, request->least, &parts) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    if (request->format == FORMAT_JSON)
        extract_write_json(subject, &parts, request->least, &out);
    else if (request->format == FORMAT_MARKDOWN)
        extract_write_markdown(subject->reply, &parts, &out);
    else
        extract_write_text(subject->reply, &parts, &out);
    extract_parts_release(&parts);
    failed = out.failed;
    if (!failed)
        fwrite(strbuf_text(&out), 1, out.len, stdout);
    strbuf_release(&out);
    return failed ? err_set(err, -ENOMEM, "out of memory") : 0;
}

/* What was found, or why there is nothing to print; the status of this document. */
static int print_subject(const struct request *request, const struct subject *subject)
{
    struct err err = {""};

    if (subject->reply == NULL) {
        (void)err_set(&err, 0, "%s: %s", subject->name, subject->failure);
        return cli_fail(&command_extract, CLI_FAILED, &err);
    }
    if (subject->reply->text == NULL) {
        (void)err_set(&err, 0, "%s: the text is longer than limits.reply", subject->name);
        return cli_fail(&command_extract, CLI_FAILED, &err);
    }
    if (print_text(request, subject, &err) < 0)
        return cli_fail(&command_extract, CLI_FAILED, &err);
    return subject->reply->failure_count == 0 ? CLI_OK : CLI_FAILED;
}

/* Negative: nothing more can be done. Otherwise the document's status. */
static int extract_one(struct engine *engine, const struct request *request, const char *path,
                       bool is_first, struct err *err)
{
    struct subject subject;
    struct plan plan;
    int result;
    int fd = document_open(path, engine->generation->settings->limits.file_bytes, err);

    if (fd < 0)
        return cli_fail(&command_extract, CLI_FAILED, err);
    result = engine_classify(engine, fd, document_name(path), "command-line", &subject, &plan, err);
    file_close(&fd);
    if (result < 0)
        return result;
    if (request->has_names)
        print_name(subject.name, is_first);
    return print_subject(request, &subject);
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
        return cli_fail(&command_extract, CLI_USAGE, &err);
    engine.wants_text = true;
    status = CLI_OK;
    for (int i = optind, first = optind; i < argc; i++) {
        int result = extract_one(&engine, &request, argv[i], i == first, &err);

        if (result < 0) {
            status = cli_fail(&command_extract, CLI_FAILED, &err);
            break;
        }
        status = result > status ? result : status;
    }
    engine_close(&engine);
    return status;
}

const struct command command_extract = {"extract", "the main text of documents", help, run};
