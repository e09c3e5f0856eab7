/* taxon classify: says what documents are, without the daemon and without filing them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/printable.h"
#include "cli/cli.h"
#include "cli/document.h"
#include "cli/engine.h"
#include "cli/members.h"
#include "route/findings.h"
#include "route/record.h"

static const char help[] =
    "Usage: taxon classify [-c FILE] [--json] DOCUMENT…\n"
    "\n"
    "Classifies each document as the daemon would, with the same worker, plugins and rules,\n"
    "and prints what it is and where it would be filed. Nothing is moved. '-' reads standard\n"
    "input ('./-' is a file of that name). Of a container its members come first.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         print the records, one a line\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 all classified; 1 a document could not be read or its plugin failed;\n"
    "2 wrong arguments or a configuration that does not work.\n";

static void print_labels(const struct subject *subject, const char *scheme)
{
    const struct reply *reply = subject->reply;
    const char *separator = "";

    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];

        if (!label->holds || strcmp(label->scheme, scheme) != 0)
            continue;
        printf("%s%s %.2f", separator, label->id, label->score);
        separator = ", ";
    }
    if (separator[0] == '\0')
        fputs(findings_answer(subject, scheme), stdout);
}

/* Every scheme that says what a document is, in the order their plugins run. */
static void print_schemes(const struct subject *subject)
{
    const struct manifest *manifest = subject->manifest;

    for (size_t i = 0; i < manifest->plugin_count; i++) {
        for (size_t j = 0; j < manifest->plugins[i].scheme_count; j++) {
            if (!findings_is_answer(manifest->plugins[i].schemes[j]))
                continue;
            printf("  %-9s ", manifest->plugins[i].schemes[j]);
            print_labels(subject, manifest->plugins[i].schemes[j]);
            putchar('\n');
        }
    }
}

static void print_subject(const struct subject *subject, const struct plan *plan)
{
    char shown[4096];

    snprintf(shown, sizeof(shown), "%s", subject->name);
    shown[printable_clean(shown, strlen(shown))] = '\0';
    printf("%s\n", shown);
    if (subject->origin.container != NULL)
        printf("  member    %llu of a container\n", (unsigned long long)subject->origin.member);
    if (subject->members.verdict != NULL)
        printf("  members   %llu taken out of it%s%s\n", (unsigned long long)subject->members.count,
               subject->members.verdict[0] != '\0' ? "; " : "", subject->members.verdict);
    if (subject->reply == NULL) {
        printf("  failed    %s\n", subject->failure);
    } else {
        const struct reply *reply = subject->reply;

        printf("  text      %s %s, %s, %s, %llu bytes\n", reply->language, reply->script,
               reply->charset, reply->media_type, (unsigned long long)reply->text_len);
        if (reply->unusable[0] != '\0')
            printf("  unusable  %s: %s\n", reply->unusable, reply->unusable_reason);
        if (subject->near != NULL)
            printf("  %-9s %s %.2f\n", near_word(subject->near->kind), subject->near->id.text,
                   subject->near->similarity);
        print_schemes(subject);
        for (size_t i = 0; i < reply->failure_count; i++)
            printf("  failed    plugin '%s': %s\n",
                   subject->manifest->plugins[reply->failures[i].plugin].name,
                   reply->failures[i].what);
    }
    printf("  file      %s/%s (%s)\n", plan->root, plan->target,
           plan->rule[0] != '\0' ? plan->rule : "no rule");
}

static int print_record(const struct subject *subject, const struct plan *plan)
{
    struct strbuf text = STRBUF_INIT;
    int result = -ENOMEM;

    record_write(subject, plan, 0, &text);
    if (!text.failed) {
        fwrite(text.data, 1, text.len, stdout);
        putchar('\n');
        result = 0;
    }
    strbuf_release(&text);
    return result;
}

struct request {
    bool json;
    bool classified; /* all of it */
};

static int on_document(void *context, const struct subject *subject, const struct plan *plan,
                       unsigned depth, struct err *err)
{
    struct request *request = context;

    (void)depth;
    if (subject->reply == NULL || subject->reply->failure_count > 0)
        request->classified = false;
    if (!request->json)
        print_subject(subject, plan);
    else if (print_record(subject, plan) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    return 0;
}

/* Returns whether the document was classified. */
static int classify_one(struct engine *engine, const char *path, bool json, bool *out_classified,
                        struct err *err)
{
    struct request request = {.json = json, .classified = true};
    const struct members_visitor visitor = {on_document, &request};
    int result;
    int fd = document_open(path, engine->generation->settings->limits.file_bytes, err);

    *out_classified = false;
    if (fd < 0) {
        cli_fail(&command_classify, CLI_FAILED, err);
        return 0;
    }
    result = members_classify(engine, fd, document_name(path), "command-line", &visitor, err);
    file_close(&fd);
    *out_classified = request.classified;
    return result;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct engine engine;
    struct err err = {""};
    int status = cli_parse(&command_classify, argc, argv, true, &options);

    if (status >= 0)
        return status;
    if (optind >= argc) {
        fputs("taxon classify: no document given\nTry 'taxon classify --help'.\n", stderr);
        return CLI_USAGE;
    }
    if (engine_open(&engine, options.config_file, &err) < 0)
        return cli_fail(&command_classify, CLI_USAGE, &err);
    engine_open_catalog(&engine);
    status = CLI_OK;
    for (int i = optind; i < argc; i++) {
        bool classified;

        if (classify_one(&engine, argv[i], options.json, &classified, &err) < 0) {
            status = cli_fail(&command_classify, CLI_FAILED, &err);
            break;
        }
        if (!classified)
            status = CLI_FAILED;
    }
    engine_close(&engine);
    return status;
}

const struct command command_classify = {"classify",
                                         "say what documents are, and where they would be filed",
                                         help, run};
