/* taxon quarantine: documents that no verdict could be had on: list, show, release, drop.
 *
 * Listing and showing read the catalog. Releasing and dropping are the daemon's to do, since the
 * catalog and the quarantine are its own while it runs: each document is asked for by itself, and
 * the daemon answers when what was asked is durable. When none runs, it is done here, under the
 * lock that keeps one from starting (cli/quarantine_offline).
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "catalog/catalog.h"
#include "cli/cli.h"
#include "cli/quarantine_offline.h"
#include "cli/record_json.h"
#include "cli/show.h"
#include "cli/style.h"
#include "config/settings.h"
#include "control/control.h"

#define ASK_TIMEOUT_MS 120000

static const char help[] =
    "Usage: taxon quarantine list [-c FILE] [--plugin NAME] [--json]\n"
    "       taxon quarantine show [-c FILE] [--json] ID\n"
    "       taxon quarantine release [-c FILE] ID… | --plugin NAME | --all\n"
    "       taxon quarantine drop [-c FILE] --yes ID… | --plugin NAME | --all\n"
    "\n"
    "Documents that taxond could not get a verdict on, and why.\n"
    "\n"
    "  list     one a line, oldest first: id, since when, the plugin that failed, name, reason\n"
    "  show     one document's record (QUARANTINE/ID/reason.json)\n"
    "  release  has them tried again: under the same id, from the inbox that each came from; by\n"
    "           the running taxond, or by the next when none runs\n"
    "  drop     removes them for good; the catalog keeps their rows\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --plugin NAME  those that this plugin failed on\n"
    "      --all          every one\n"
    "      --yes          yes, remove them\n"
    "      --json         list: one JSON object a line; show: the record as it is\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 1 no such document, or it could not be done for one of them; 2 wrong\n"
    "arguments or a configuration that does not work.\n";

struct request {
    const char *config_file;
    const char *plugin; /* NULL: any */
    bool all;
    bool yes;
    bool json;
    const char *verb;
    char **ids;
    int id_count;
};

/* Of the record; "" when there is none. Owned by `record`. */
static const char *failed_plugin(const json_t *record)
{
    return record_text(json_object_get(record, "failure"), "by");
}

static bool is_by(const char *by, const char *plugin)
{
    size_t len = strlen(plugin);

    return strncmp(by, plugin, len) == 0 && by[len] == '@';
}

struct listing {
    const struct request *request;
    int (*each)(void *context, const struct catalog_document *document, const json_t *record);
    void *context;
};

static int pass(void *context, const struct catalog_document *document)
{
    const struct listing *listing = context;
    struct err err = {""};
    json_t *record = NULL;
    int result = 0;

    if (record_parse(document->record, strlen(document->record), document->id.text, &record, &err) <
        0)
        record = NULL; /* it is there all the same */
    if (listing->request->plugin == NULL || is_by(failed_plugin(record), listing->request->plugin))
        result = listing->each(listing->context, document, record);
    json_decref(record);
    return result;
}

static int open_catalog(const struct settings *settings, struct catalog **out_catalog,
                        struct err *err)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/catalog.sqlite", settings->state);
    return catalog_open_readonly(path, out_catalog, err);
}

/* Every document in quarantine that the request means. */
static int each(const struct settings *settings, const struct request *request,
                int (*found)(void *context, const struct catalog_document *document,
                             const json_t *record),
                void *context, struct err *err)
{
    struct listing listing = {request, found, context};
    struct catalog *catalog;
    int result = open_catalog(settings, &catalog, err);

    if (result < 0)
        return result;
    result = catalog_each_quarantined(catalog, pass, &listing, err);
    catalog_close(catalog);
    return result;
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static int print_line(void *context, const struct catalog_document *document, const json_t *record)
{
    const char *by = failed_plugin(record);
    char since[CLOCK_RFC3339_SIZE];

    (void)context;
    clock_rfc3339(document->filed_ms, since);
    printf("%s  %s  ", document->id.text, since);
    record_print_padded(stdout, by[0] == '\0' ? "-" : by, 14);
    fputs("  ", stdout);
    record_print(stdout, last_component(document->path));
    fputs("  ", stdout);
    record_print(stdout, record_text(json_object_get(record, "failure"), "reason"));
    putchar('\n');
    return 0;
}

static int print_json(void *context, const struct catalog_document *document, const json_t *record)
{
    char since[CLOCK_RFC3339_SIZE];
    json_t *failure = json_object_get(record, "failure");
    json_t *line;

    (void)context;
    clock_rfc3339(document->filed_ms, since);
    line = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i}", "id", document->id.text, "name",
                     record_text(record, "name"), "since", since, "plugin", failed_plugin(record),
                     "stage", record_text(failure, "stage"), "reason",
                     record_text(failure, "reason"), "attempts", (int)document->attempts);
    if (line == NULL)
        return -ENOMEM;
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
    return 0;
}

static int show(const struct settings *settings, const struct request *request, struct err *err)
{
    struct catalog_document document;
    struct catalog *catalog;
    json_t *record;
    struct id id;
    int result = open_catalog(settings, &catalog, err);

    if (result < 0)
        return result;
    memcpy(id.text, request->ids[0], sizeof id.text);
    result = catalog_look(catalog, &id, &document, err);
    catalog_close(catalog);
    if (result < 0)
        return result;
    if (document.state != CATALOG_FILED || document.effect != CATALOG_EFFECT_QUARANTINED)
        result = err_set(err, -ENOENT, "document %s is not in quarantine", id.text);
    if (result == 0)
        result = record_parse(document.record, strlen(document.record), id.text, &record, err);
    if (result == 0) {
        if (request->json) {
            json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
            putchar('\n');
        } else {
            show_record(record, stdout, style_wanted(stdout));
            printf("             in %s/%s\n", settings->quarantine, id.text);
        }
        json_decref(record);
    }
    catalog_document_release(&document);
    return result;
}

struct asking {
    const struct settings *settings;
    const char *verb;
    struct quarantine_offline offline; /* open once there was nobody to ask */
    unsigned done;
    unsigned refused;
};

static int do_it(struct asking *asking, const char *text, struct err *err)
{
    struct id id;

    memcpy(id.text, text, sizeof id.text);
    if (strcmp(asking->verb, "drop") == 0)
        return quarantine_offline_drop(&asking->offline, &id, err);
    return quarantine_offline_release(&asking->offline, &id, err);
}

/* 0, or why this one is refused; *out_over: it is of no use to go on. */
static int ask_one(struct asking *asking, const char *id, struct strbuf *answer, bool *out_over,
                   struct err *err)
{
    char command[64];
    int result = -ENOENT;

    *out_over = false;
    if (asking->offline.catalog == NULL) {
        snprintf(command, sizeof command, "%s %s", asking->verb, id);
        result = control_ask(asking->settings->state, command, ASK_TIMEOUT_MS, answer, err);
        if (result != -ECONNREFUSED && result != -ENOENT)
            return result;
        result = quarantine_offline_open(&asking->offline, asking->settings, err);
        *out_over = result < 0;
        if (result < 0)
            return result;
    }
    result = do_it(asking, id, err);
    if (result == 0)
        strbuf_puts(answer, strcmp(asking->verb, "drop") == 0
                                ? "dropped\n"
                                : "released: the next taxond that starts tries it again\n");
    return result;
}

static int ask_for(struct asking *asking, const char *id)
{
    struct strbuf answer = STRBUF_INIT;
    struct err err = {""};
    bool over;
    int result = ask_one(asking, id, &answer, &over, &err);

    if (result < 0) {
        fprintf(stderr, "taxon quarantine: %s: %s\n", id, err.text);
        asking->refused++;
    } else {
        printf("%s %s", id, strbuf_text(&answer));
        asking->done++;
    }
    strbuf_release(&answer);
    return over ? result : 0;
}

static int ask_found(void *context, const struct catalog_document *document, const json_t *record)
{
    (void)record;
    return ask_for(context, document->id.text);
}

static int ask(const struct settings *settings, const struct request *request, struct err *err)
{
    struct asking asking = {
        .settings = settings,
        .verb = request->verb,
        .offline = {.lock_fd = -1, .root_fd = -1},
    };
    int result = 0;

    if (request->id_count == 0)
        result = each(settings, request, ask_found, &asking, err);
    for (int i = 0; i < request->id_count && result == 0; i++)
        result = ask_for(&asking, request->ids[i]);
    quarantine_offline_close(&asking.offline);
    if (asking.refused > 0) {
        err_set(err, -EINVAL, "%u done, %u refused", asking.done, asking.refused);
        return -EINVAL;
    }
    return result;
}

static int usage(const char *why)
{
    fprintf(stderr, "taxon quarantine: %s\nTry 'taxon quarantine --help'.\n", why);
    return CLI_USAGE;
}

/* -1 to go on, else the exit status. */
static int judge(const struct request *request)
{
    bool asks = strcmp(request->verb, "release") == 0 || strcmp(request->verb, "drop") == 0;
    int ways = (request->id_count > 0) + (request->plugin != NULL) + request->all;

    for (int i = 0; i < request->id_count; i++)
        if (!id_is_valid(request->ids[i]))
            return usage("that is no document's id; 'taxon quarantine list' shows them");
    if (strcmp(request->verb, "list") == 0)
        return request->id_count > 0 || request->all ? usage("list takes no document") : -1;
    if (strcmp(request->verb, "show") == 0)
        return request->id_count != 1 || ways != 1 ? usage("show takes one id") : -1;
    if (!asks)
        return usage("say list, show, release or drop");
    if (ways != 1)
        return usage("name documents by their ids, or --plugin NAME, or --all");
    if (strcmp(request->verb, "drop") == 0 && !request->yes)
        return usage("drop removes documents for good; say --yes if that is meant");
    return -1;
}

static int answer(const struct request *request)
{
    struct settings *settings;
    struct err err = {""};
    int result;

    if (settings_load(request->config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_quarantine, CLI_USAGE, &err);
    if (strcmp(request->verb, "list") == 0)
        result = each(settings, request, request->json ? print_json : print_line, NULL, &err);
    else if (strcmp(request->verb, "show") == 0)
        result = show(settings, request, &err);
    else
        result = ask(settings, request, &err);
    settings_free(settings);
    if (result == 0)
        return CLI_OK;
    return err.text[0] == '\0' ? CLI_FAILED : cli_fail(&command_quarantine, CLI_FAILED, &err);
}

static int run(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'},
        {"plugin", required_argument, NULL, 'p'},
        {"all", no_argument, NULL, 'a'},
        {"yes", no_argument, NULL, 'y'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct request request = {.config_file = TAXOND_SYSCONF "/taxond.yaml"};
    int option;
    int status;

    optind = 1;
    while ((option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return CLI_OK;
        }
        if (option == '?')
            return usage("an argument is wrong");
        if (option == 'c')
            request.config_file = optarg;
        if (option == 'p')
            request.plugin = optarg;
        request.all |= option == 'a';
        request.yes |= option == 'y';
        request.json |= option == 'j';
    }
    if (optind >= argc)
        return usage("say list, show, release or drop");
    request.verb = argv[optind];
    request.ids = argv + optind + 1;
    request.id_count = argc - optind - 1;
    status = judge(&request);
    return status >= 0 ? status : answer(&request);
}

const struct command command_quarantine = {"quarantine",
                                           "list, show, release or drop documents in quarantine",
                                           help, run};
