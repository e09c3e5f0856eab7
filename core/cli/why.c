/* taxon why: why a document that was filed was filed there, from its record.
 *
 * By id: from the catalog. By path: from the sidecar beside the document, or the sidecar itself;
 * where there is none, from the catalog, which knows what lies where. Needs no plugin and no
 * daemon.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "catalog/catalog.h"
#include "cli/cli.h"
#include "cli/record_json.h"
#include "cli/show.h"
#include "cli/style.h"
#include "config/settings.h"
#include "route/rules.h"
#include "route/template.h"

#define RECORD_MAX ((size_t)64 << 20)

static const char help[] =
    "Usage: taxon why [-c FILE] [--json] ID|PATH\n"
    "\n"
    "Says of a filed document why it was filed where it is: what it was found to be, with scores\n"
    "and evidence, and which rule decided. ID is a document's id; PATH a document in an archive\n"
    "or the quarantine, or its record (NAME" TEMPLATE_SIDECAR_SUFFIX ").\n"
    "\n"
    "  -c, --config FILE  the configuration, which names the catalog\n"
    "                     (default: " TAXOND_SYSCONF "/taxond.yaml; a record beside the document\n"
    "                     needs none)\n"
    "      --json         print the record as it is\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 1 there is no such document or it has no record yet; 2 wrong arguments or a\n"
    "configuration that does not work.\n";

static void show_state(const struct catalog_document *document, bool styled)
{
    static const char *const states[] = {"unknown", "claimed: it is being worked on",
                                         "decided: it is being filed", "filed",
                                         "gone: it vanished from the inbox before it was taken"};
    static const char *const effects[] = {"", "",
                                          ", the same bytes were there already: no second copy",
                                          ", in quarantine",
                                          ", was in quarantine, dropped on request"};
    char time[CLOCK_RFC3339_SIZE];

    show_head(stdout, styled, "state");
    fputs(document->state <= CATALOG_GONE ? states[document->state] : states[0], stdout);
    if (document->effect <= CATALOG_EFFECT_DROPPED)
        fputs(effects[document->effect], stdout);
    putchar('\n');
    if (document->placed == NULL || document->placed[0] == '\0')
        return;
    clock_rfc3339(document->filed_ms, time);
    show_head(stdout, styled, "at");
    record_print(stdout, document->root);
    putchar('/');
    record_print(stdout, document->placed);
    printf("  since %s, attempt %u\n", time, document->attempts);
}

static int show_text(const char *text, size_t len, const char *what, bool as_json, struct err *err)
{
    json_t *record;
    int result = record_parse(text, len, what, &record, err);

    if (result < 0)
        return result;
    if (as_json) {
        json_dumpf(record, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
        putchar('\n');
    } else {
        show_record(record, stdout, style_wanted(stdout));
    }
    json_decref(record);
    return 0;
}

/* One thing that was done, or could not be, beside filing. Where a name was taken, it has another
 * than the record says. */
static int show_also(void *context, const struct catalog_also *also, const char *placed)
{
    const struct catalog_document *document = context;

    if (also->kind == ALSO_ORIGIN)
        return 0;
    show_head(stdout, style_wanted(stdout), also_word(also->kind));
    if (placed == NULL)
        fputs(document->state == CATALOG_FILED ? "not done: " : "not yet: ", stdout);
    record_print(stdout, also->root);
    putchar('/');
    record_print(stdout, placed == NULL ? also->target : placed);
    putchar('\n');
    return 0;
}

static int show_document(struct catalog *catalog, struct catalog_document *document, bool as_json,
                         struct err *err)
{
    if (document->record == NULL || document->record[0] == '\0') {
        if (!as_json)
            show_state(document, style_wanted(stdout));
        return err_set(err, -ENODATA, "document %s has no record yet", document->id.text);
    }
    int result =
        show_text(document->record, strlen(document->record), document->id.text, as_json, err);
    if (result < 0 || as_json)
        return result;
    show_state(document, style_wanted(stdout));
    return catalog_each_also(catalog, document->number, show_also, document, err);
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t len = strlen(text);
    size_t suffix_len = strlen(suffix);

    return len > suffix_len && strcmp(text + len - suffix_len, suffix) == 0;
}

/* -ENOENT when no record lies there. */
static int show_sidecar(const char *path, bool as_json, struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    char sidecar[PATH_MAX];
    int len = snprintf(sidecar, sizeof sidecar, "%s%s", path,
                       has_suffix(path, TEMPLATE_SIDECAR_SUFFIX) ? "" : TEMPLATE_SIDECAR_SUFFIX);
    int result = len < (int)sizeof sidecar ? file_slurp_path(sidecar, RECORD_MAX, &text) : -ENOENT;

    if (result < 0)
        err_set(err, result, "%s: %s", sidecar, strerror(-result));
    else
        result = show_text(strbuf_text(&text), text.len, sidecar, as_json, err);
    strbuf_release(&text);
    return result;
}

/* The path below `folder`, or NULL. */
static const char *below(const char *path, const char *folder)
{
    char real[PATH_MAX];
    size_t len;

    if (realpath(folder, real) == NULL)
        return NULL;
    len = strlen(real);
    return strncmp(path, real, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* Which root the file lies in, and where below it. False: in none. */
static bool find_root(const struct settings *settings, const char *path, char *root,
                      size_t root_size, const char **out_placed)
{
    *out_placed = below(path, settings->quarantine);
    snprintf(root, root_size, "quarantine");
    for (size_t i = 0; *out_placed == NULL && i < settings->archive_count; i++) {
        *out_placed = below(path, settings->archives[i].path);
        snprintf(root, root_size, "archive:%s", settings->archives[i].name);
    }
    return *out_placed != NULL;
}

static int look_up(struct catalog *catalog, const struct settings *settings, const char *what,
                   struct catalog_document *out_document, struct err *err)
{
    char real[PATH_MAX];
    char root[300];
    const char *placed;

    if (id_is_valid(what)) {
        struct id id;
        memcpy(id.text, what, sizeof id.text);
        return catalog_look(catalog, &id, out_document, err);
    }
    if (realpath(what, real) == NULL)
        return err_set(err, -errno, "%s: neither a document's id nor a file: %s", what,
                       strerror(errno));
    if (!find_root(settings, real, root, sizeof root, &placed))
        return err_set(err, -ENOENT, "%s: in no archive and not in the quarantine", what);
    return catalog_look_placed(catalog, root, placed, out_document, err);
}

static int ask_catalog(const struct settings *settings, const char *what, bool as_json,
                       struct err *err)
{
    struct catalog_document document = {.record = NULL};
    struct catalog *catalog;
    char path[PATH_MAX];
    int result;

    snprintf(path, sizeof path, "%s/catalog.sqlite", settings->state);
    result = catalog_open_readonly(path, &catalog, err);
    if (result < 0)
        return result;
    result = look_up(catalog, settings, what, &document, err);
    if (result == 0) {
        result = show_document(catalog, &document, as_json, err);
        catalog_document_release(&document);
    }
    catalog_close(catalog);
    return result;
}

static int answer(const struct cli_options *options, const char *what)
{
    struct settings *settings;
    struct err err = {""};
    int result = -ENOENT;

    if (!id_is_valid(what)) {
        result = show_sidecar(what, options->json, &err);
        if (result != -ENOENT && result != -ENOTDIR)
            return result == 0 ? CLI_OK : cli_fail(&command_why, CLI_FAILED, &err);
    }
    if (settings_load(options->config_file, &settings, NULL, &err) < 0)
        return cli_fail(&command_why, CLI_USAGE, &err);
    result = ask_catalog(settings, what, options->json, &err);
    settings_free(settings);
    return result == 0 ? CLI_OK : cli_fail(&command_why, CLI_FAILED, &err);
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    int status = cli_parse(&command_why, argc, argv, true, &options);

    if (status >= 0)
        return status;
    if (argc - optind != 1) {
        fputs("taxon why: name one document, by its id or its path\nTry 'taxon why --help'.\n",
              stderr);
        return CLI_USAGE;
    }
    return answer(&options, argv[optind]);
}

const struct command command_why = {"why", "why a filed document was filed there", help, run};
