/* Fuzz target: any template that is accepted, expanded with any name, label and fact, gives a path
 * beneath the root: no empty part, no "." or "..", no part that is too long or reserved, no control
 * character; and so does the name under any number. Input: fields that end with a zero byte. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "route/name.h"
#include "route/template.h"

#define FIELDS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEMPLATE, NAME, GENRE, TOPIC, LANGUAGE, SOURCE, PUBLISHED, URL };

/* Each with its end, in memory of its own; "" for those that are missing. */
static void split(const uint8_t *data, size_t size, char *out_fields[FIELDS])
{
    size_t at = 0;

    for (int i = 0; i < FIELDS; i++) {
        const uint8_t *end = at < size ? memchr(data + at, 0, size - at) : NULL;
        size_t len = at >= size ? 0 : end != NULL ? (size_t)(end - data) - at : size - at;
        out_fields[i] = malloc(len + 1);
        assert(out_fields[i] != NULL);
        if (len > 0)
            memcpy(out_fields[i], data + at, len);
        out_fields[i][len] = '\0';
        at += len + 1;
    }
}

static void check_name(const char *name, size_t len, size_t bytes_max)
{
    static const char suffix[] = TEMPLATE_SIDECAR_SUFFIX;

    assert(len > 0 && len <= bytes_max);
    assert(!(len <= 2 && strspn(name, ".") >= len));
    assert(len < 7 || strncasecmp(name, ".taxond", 7) != 0);
    assert(len < sizeof suffix - 1 ||
           strncasecmp(name + len - (sizeof suffix - 1), suffix, sizeof suffix - 1) != 0);
    for (size_t i = 0; i < len; i++)
        assert((unsigned char)name[i] >= 0x20 && name[i] != 0x7F);
}

static void check_path(const char *path, size_t path_max)
{
    static const char *const suffixes[] = {"2", "100", "0123456789ab",
                                           "01932f5c-7b1a-7000-8000-0123456789ab"};
    const size_t last_max = NAME_BYTES_MAX - strlen(TEMPLATE_SIDECAR_SUFFIX);
    char numbered[NAME_SIZE];

    assert(strlen(path) <= path_max && path[0] != '/');
    for (;;) {
        size_t len = strcspn(path, "/");
        bool is_last = path[len] == '\0';
        check_name(path, len, is_last ? last_max : NAME_BYTES_MAX);
        if (is_last)
            break;
        path += len + 1;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        name_with_suffix(path, suffixes[i], last_max, numbered);
        check_name(numbered, strlen(numbered), last_max);
    }
}

static void expand(const struct path_template *template, char *const fields[FIELDS],
                   struct arena *arena, size_t path_max)
{
    struct reply_label labels[] = {
        {.scheme = "genre", .id = fields[GENRE], .score = 0.9, .holds = true},
        {.scheme = "topic", .id = fields[TOPIC], .score = 0.9, .holds = true},
    };
    struct reply_fact facts[] = {{.name = "date-published", .value = fields[PUBLISHED], .score = 1},
                                 {.name = "url", .value = fields[URL], .score = 1}};
    const struct reply reply = {.language = fields[LANGUAGE],
                                .labels = labels,
                                .label_count = 2,
                                .facts = facts,
                                .fact_count = 2};
    const struct subject subject = {.id = {"01932f5c-7b1a-7000-8000-0123456789ab"},
                                    .source = fields[SOURCE],
                                    .name = fields[NAME],
                                    .url = "",
                                    .mtime_ms = 1000000000000,
                                    .reply = &reply};
    const char *path = NULL;
    int code = template_expand(template, &subject, path_max, arena, &path);

    assert(code == 0 || code == -ENAMETOOLONG);
    if (code == 0)
        check_path(path, path_max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct err err = {""};
    struct path_template *template = NULL;
    char *fields[FIELDS];

    arena_init(&arena, 0);
    split(data, size, fields);
    const struct taxon_node node = {.struct_size = sizeof node,
                                    .kind = TAXON_NODE_SCALAR,
                                    .line = 1,
                                    .column = 1,
                                    .file = "r.yaml",
                                    .text = fields[TEMPLATE],
                                    .text_len = strlen(fields[TEMPLATE])};
    if (template_parse(&arena, &node, &template, &err) == 0) {
        expand(template, fields, &arena, 64);
        expand(template, fields, &arena, 3072);
    }
    for (int i = 0; i < FIELDS; i++)
        free(fields[i]);
    arena_release(&arena);
    return 0;
}
