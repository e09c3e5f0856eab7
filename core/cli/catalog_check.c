/* taxon catalog check: what is wrong between the catalog and the disk, one paragraph a finding, and
 * what can be done about it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/check.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/record_json.h"
#include "cli/style.h"
#include "control/control.h"
#include "line/state_lock.h"

#define STATUS_TIMEOUT_MS 2000

struct telling {
    struct catalog_meter meter;
    bool json;
    bool styled;
};

static void print_json(const struct finding *finding)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;
    size_t len = strlen(finding->path);

    json_init(&json, &text, 0);
    json_object_begin(&json, NULL);
    json_put_text(&json, "finding", finding_word(finding->kind));
    if (finding->id[0] != '\0')
        json_put_text(&json, "id", finding->id);
    json_put_text(&json, "root", finding->root);
    json_put_text(&json, "path", finding->path);
    if (!utf8_is_valid(finding->path, len)) {
        char hex[2 * PATH_MAX + 1];

        hex_encode(finding->path, len < PATH_MAX ? len : PATH_MAX, hex);
        json_put_text(&json, "path_bytes", hex);
    }
    if (finding->detail[0] != '\0')
        json_put_text(&json, "detail", finding->detail);
    json_put_bool(&json, "safe", finding_is_safe(finding->kind));
    json_put_bool(&json, "repaired", finding->repaired);
    json_object_end(&json);
    puts(strbuf_text(&text));
    strbuf_release(&text);
}

/* Names come from outside: record_print makes them harmless. */
static void print_text(const struct finding *finding, bool styled)
{
    style_put(stdout, styled, finding->repaired ? STYLE_GREEN : STYLE_RED, "%-15s",
              finding->repaired ? "repaired" : finding_word(finding->kind));
    putchar(' ');
    record_print(stdout, finding->root);
    putchar(finding->path[0] == '\0' ? ':' : '/');
    record_print(stdout, finding->path);
    printf("\n                %s", finding_meaning(finding->kind));
    if (finding->detail[0] != '\0') {
        fputs(": ", stdout);
        record_print(stdout, finding->detail);
    }
    if (finding->id[0] != '\0')
        printf(" (ID %s)", finding->id);
    putchar('\n');
    if (!finding->repaired)
        printf("                %s\n", finding_way_out(finding->kind));
}

static void on_found(void *context, const struct finding *finding)
{
    struct telling *telling = context;

    catalog_meter_clear(&telling->meter);
    if (telling->json)
        print_json(finding);
    else
        print_text(finding, telling->styled);
}

static void on_progress(void *context, const char *what, uint64_t done)
{
    struct telling *telling = context;

    catalog_meter_show(&telling->meter, what, done, 0);
}

static void print_sums(const struct check *check, bool as_json)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    if (!as_json) {
        printf("%llu rows and %llu filed documents checked; %llu in hand, %llu taken out of the "
               "quarantine; %llu findings, %llu repaired\n",
               (unsigned long long)check->rows, (unsigned long long)check->files,
               (unsigned long long)check->in_hand, (unsigned long long)check->left,
               (unsigned long long)check->findings, (unsigned long long)check->repaired);
        return;
    }
    json_init(&json, &text, 0);
    json_object_begin(&json, NULL);
    json_put_int(&json, "rows", (int64_t)check->rows);
    json_put_int(&json, "files", (int64_t)check->files);
    json_put_int(&json, "in_hand", (int64_t)check->in_hand);
    json_put_int(&json, "taken_out", (int64_t)check->left);
    json_put_int(&json, "findings", (int64_t)check->findings);
    json_put_int(&json, "repaired", (int64_t)check->repaired);
    json_put_bool(&json, "running", check->running);
    json_object_end(&json);
    puts(strbuf_text(&text));
    strbuf_release(&text);
}

static bool is_running(const struct settings *settings)
{
    struct strbuf answer = STRBUF_INIT;
    struct err err = {""};
    int result = control_ask(settings->state, "status", STATUS_TIMEOUT_MS, &answer, &err);

    strbuf_release(&answer);
    return result != -ECONNREFUSED && result != -ENOENT; /* busy, or of another user: it is there */
}

/* Beside a taxond it only reads; to repair, it keeps every taxond away. */
static int open_catalog(const struct settings *settings, struct check *check, int *out_lock_fd,
                        struct err *err)
{
    char path[PATH_MAX];
    int result = 0;

    snprintf(path, sizeof path, "%s/catalog.sqlite", settings->state);
    if (!check->repair) {
        check->running = is_running(settings);
        return catalog_open_readonly(path, &check->catalog, err);
    }
    result = state_lock(settings->state, out_lock_fd, err);
    if (result < 0)
        return result;
    if (access(path, F_OK) < 0) /* opening would make one */
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    return catalog_open(path, &check->catalog, err);
}

int catalog_check_command(const struct settings *settings, const struct catalog_options *options)
{
    struct telling telling = {.json = options->json, .styled = style_wanted(stdout)};
    struct check check = {.settings = settings,
                          .quick = options->quick,
                          .repair = options->repair,
                          .found = on_found,
                          .progress = on_progress,
                          .context = &telling};
    struct err err = {""};
    int lock_fd = -1;
    int result = open_catalog(settings, &check, &lock_fd, &err);

    if (result == 0)
        result = check_catalog(&check, &err);
    catalog_close(check.catalog);
    file_close(&lock_fd);
    catalog_meter_clear(&telling.meter);
    if (result < 0)
        return cli_fail(&command_catalog, CLI_FAILED, &err);
    print_sums(&check, options->json);
    return check.findings == 0 ? CLI_OK : CLI_FAILED;
}
