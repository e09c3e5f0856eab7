/* taxon catalog rebuild: the catalog made anew from the records beside the documents. */
#include <stdio.h>
#include <string.h>

#include "audit/rebuild.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/catalog.h"
#include "cli/cli.h"
#include "cli/record_json.h"
#include "line/state_lock.h"

struct telling {
    struct catalog_meter meter;
    bool json;
};

static void on_progress(void *context, uint64_t files)
{
    struct telling *telling = context;

    catalog_meter_show(&telling->meter, "documents", files, 0);
}

static void on_trouble(void *context, const char *root, const char *path, const char *why)
{
    struct telling *telling = context;
    struct strbuf line = STRBUF_INIT;
    struct json json;

    catalog_meter_clear(&telling->meter);
    if (telling->json) {
        json_init(&json, &line, 0);
        json_object_begin(&json, NULL);
        json_put_text(&json, "root", root);
        json_put_text(&json, "path", path);
        json_put_text(&json, "why", why);
        json_object_end(&json);
    } else {
        strbuf_printf(&line, "%s/%s gets no row: %s", root, path, why);
    }
    record_print(stdout, strbuf_text(&line));
    putchar('\n');
    strbuf_release(&line);
}

static void print_sums(const struct rebuild *rebuild, bool as_json)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    if (!as_json) {
        printf("%llu rows made of %llu documents; %llu documents have no record; %llu records "
               "were not believed; %llu have the id of another\n",
               (unsigned long long)rebuild->rows, (unsigned long long)rebuild->files,
               (unsigned long long)rebuild->without_record, (unsigned long long)rebuild->refused,
               (unsigned long long)rebuild->twice);
        if (rebuild->aside[0] != '\0')
            printf("the old catalog is %s\n", rebuild->aside);
        return;
    }
    json_init(&json, &text, 0);
    json_object_begin(&json, NULL);
    json_put_int(&json, "rows", (int64_t)rebuild->rows);
    json_put_int(&json, "documents", (int64_t)rebuild->files);
    json_put_int(&json, "without_record", (int64_t)rebuild->without_record);
    json_put_int(&json, "refused", (int64_t)rebuild->refused);
    json_put_int(&json, "twice", (int64_t)rebuild->twice);
    json_put_text(&json, "aside", rebuild->aside[0] == '\0' ? NULL : rebuild->aside);
    json_object_end(&json);
    puts(strbuf_text(&text));
    strbuf_release(&text);
}

int catalog_rebuild_command(const struct settings *settings, const struct catalog_options *options)
{
    struct telling telling = {.json = options->json};
    struct rebuild rebuild = {.trouble = on_trouble, .progress = on_progress, .context = &telling};
    struct err err = {""};
    int lock_fd = -1;
    int result = state_lock(settings->state, &lock_fd, &err);

    if (result == 0)
        result = rebuild_catalog(settings, &rebuild, &err);
    file_close(&lock_fd);
    catalog_meter_clear(&telling.meter);
    if (result < 0)
        return cli_fail(&command_catalog, CLI_FAILED, &err);
    print_sums(&rebuild, options->json);
    return rebuild.refused + rebuild.twice == 0 ? CLI_OK : CLI_FAILED;
}
