/* json: the reader of documents in JSON: lines of objects (JSONL), objects one after the other, or
 * an array of them; plain, or compressed by gzip or Zstandard.
 *
 * Each object with a text or a page in it is a member. One value is in memory at a time. What is no
 * JSON is passed over up to the end of its line.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "kit/container.h"
#include "kit/source.h"

#define VALUE_MAX ((size_t)16 << 20) /* bytes of one object */
#define NAME_MAX_ 100u
#define PIECE     ((size_t)64 << 10)

struct lines {
    struct taxon_task *task;
    const struct fields *fields;
    struct source *source;
    char *line; /* of compressed data: the value in hand; malloc'd */
    size_t line_size;
    uint64_t index;
    uint64_t offset;
    uint64_t others; /* values without a text */
    uint64_t taken;  /* announced */
    int stopped;
    int noted;
};

/* The first thing that is wrong counts. */
static void note(struct lines *lines, const char *what, const char *reason)
{
    char text[120];

    if (!lines->noted) {
        snprintf(text, sizeof(text), "value %llu: %s", (unsigned long long)lines->index, reason);
        container_tell(lines->task, what, text);
    }
    lines->noted = 1;
}

static void write_pieces(struct lines *lines, const char *data, size_t len)
{
    struct taxon_task *task = lines->task;

    for (size_t at = 0; at < len; at += PIECE) {
        size_t n = len - at < PIECE ? len - at : PIECE;

        if (task->host->member_write(task, data + at, n) < 0) {
            return;
        }
    }
}

/* A file's name: no slash, and an ending that says what it is. */
static size_t name_of(const struct lines *lines, const json_t *object, int is_html,
                      char out[NAME_MAX_ + 16])
{
    const json_t *named = fields_find(lines->fields, FIELD_NAME, object);
    const char *ending = is_html ? ".html" : ".txt";
    int len;

    if (json_is_integer(named)) {
        len = snprintf(out, NAME_MAX_, "%lld", (long long)json_integer_value(named));
    } else if (named != NULL) {
        len = snprintf(out, NAME_MAX_, "%s", json_string_value(named));
    } else {
        len = snprintf(out, NAME_MAX_, "%06llu", (unsigned long long)lines->index);
    }
    if (len >= (int)NAME_MAX_) {
        len = (int)NAME_MAX_ - 1;
    }
    for (int i = 0; i < len; i++) {
        unsigned char c = (unsigned char)out[i];

        out[i] =
            c == '/' || c == ':' || c == '\\' || c == '<' || c == '>' || c < 0x20 ? '_' : out[i];
    }
    return (size_t)len + (size_t)snprintf(out + len, 16, "%s", ending);
}

static const char *string_of(const struct lines *lines, enum field_use use, const json_t *object)
{
    const json_t *value = fields_find(lines->fields, use, object);

    return value == NULL ? NULL : json_string_value(value);
}

static void take(struct lines *lines, const json_t *object)
{
    struct taxon_task *task = lines->task;
    const json_t *html = fields_find(lines->fields, FIELD_HTML, object);
    const json_t *text = html != NULL ? html : fields_find(lines->fields, FIELD_TEXT, object);
    char name[NAME_MAX_ + 16];
    struct taxon_member member = {
        .struct_size = sizeof(member),
        .name = name,
        .media_type = html != NULL ? "text/html" : "text/plain",
        .url = string_of(lines, FIELD_URL, object),
        .charset = "utf-8",
        .date = string_of(lines, FIELD_DATE, object),
        .index = lines->index,
        .offset = lines->offset,
    };
    int32_t wanted;

    if (text == NULL) {
        lines->others++;
        return;
    }
    member.name_len = name_of(lines, object, html != NULL, name);
    wanted = task->host->member_begin(task, &member);
    lines->stopped = wanted < 0;
    lines->taken++;
    if (wanted == 0) {
        write_pieces(lines, json_string_value(text), json_string_length(text));
        task->host->member_end(task);
    }
}

/* Up to the next value: white space, the commas and brackets of an array. */
static size_t pass_between(struct lines *lines)
{
    for (;;) {
        size_t len;
        size_t at = 0;
        const unsigned char *data = source_look(lines->source, 1, &len);

        while (at < len &&
               (isspace(data[at]) || data[at] == ',' || data[at] == '[' || data[at] == ']' ||
                data[at] == 0xEF || data[at] == 0xBB || data[at] == 0xBF)) {
            at++;
        }
        source_skip(lines->source, at);
        if (at < len || len == 0) {
            return len - at;
        }
    }
}

/* Past the end of this line. */
static void pass_line(struct lines *lines)
{
    for (;;) {
        size_t len;
        const unsigned char *data = source_look(lines->source, 1, &len);
        const unsigned char *end = len == 0 ? NULL : memchr(data, '\n', len);

        source_skip(lines->source, end == NULL ? len : (size_t)(end - data) + 1);
        if (end != NULL || len == 0 || lines->task->host->should_stop(lines->task)) {
            return;
        }
    }
}

static int grow(struct lines *lines, size_t size)
{
    char *line = size <= lines->line_size ? lines->line : realloc(lines->line, size);

    if (line == NULL) {
        return -1;
    }
    lines->line = line;
    lines->line_size = size > lines->line_size ? size : lines->line_size;
    return 0;
}

/* One line of compressed data, put together. *out_len 0: it is too long, and passed by. */
static int gather(struct lines *lines, size_t *out_len)
{
    size_t have = 0;

    for (;;) {
        size_t len;
        const unsigned char *data = source_look(lines->source, 1, &len);
        const unsigned char *end = len == 0 ? NULL : memchr(data, '\n', len);
        size_t n = end == NULL ? len : (size_t)(end - data) + 1;

        if (have + n > VALUE_MAX) {
            note(lines, "malformed", "it is longer than 16 MiB");
            pass_line(lines);
            *out_len = 0;
            return 0;
        }
        if (have + n > lines->line_size && grow(lines, 2 * (have + n)) < 0) {
            return -ENOMEM;
        }
        if (n > 0) {
            memcpy(lines->line + have, data, n);
        }
        source_skip(lines->source, n);
        have += n;
        if (end != NULL || n == 0) {
            *out_len = have;
            return 0;
        }
    }
}

static json_t *parse(const char *data, size_t len, size_t *out_used)
{
    json_error_t error;
    json_t *value = json_loadb(data, len, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);

    *out_used = value != NULL && error.position > 0 ? (size_t)error.position : 0;
    return value;
}

static void take_value(struct lines *lines, json_t *value)
{
    if (json_is_object(value)) {
        take(lines, value);
    } else {
        lines->others++;
    }
    json_decref(value);
}

/* A value in plain bytes: parsed where it lies. */
static void read_plain(struct lines *lines, const unsigned char *data, size_t len)
{
    size_t used;
    size_t most = len < VALUE_MAX ? len : VALUE_MAX;
    json_t *value = parse((const char *)data, most, &used);

    if (value != NULL && used > 0) {
        source_skip(lines->source, used);
        take_value(lines, value);
        return;
    }
    json_decref(value);
    if (most < len && memchr(data, '\n', most) == NULL) {
        note(lines, "malformed", "it is longer than 16 MiB");
    } else {
        note(lines, memchr(data, '\n', most) == NULL ? "truncated" : "malformed", "it is no JSON");
    }
    pass_line(lines);
}

static int read_gathered(struct lines *lines)
{
    size_t len;
    size_t used;
    json_t *value;
    int result = gather(lines, &len);

    if (result < 0 || len == 0) {
        return result;
    }
    value = parse(lines->line, len, &used);
    if (value != NULL) {
        take_value(lines, value);
    } else {
        note(lines, lines->line[len - 1] == '\n' ? "malformed" : "truncated", "it is no JSON");
    }
    return 0;
}

static int32_t read_values(struct lines *lines, const struct taxon_input *input)
{
    const unsigned char *raw = input->raw;
    int32_t result = 0;

    while (result == 0 && !lines->stopped && pass_between(lines) > 0 &&
           !lines->task->host->should_stop(lines->task)) {
        size_t len;
        const unsigned char *data = source_look(lines->source, 1, &len);

        lines->offset = source_offset(lines->source);
        if (data >= raw && data < raw + input->raw_len) {
            read_plain(lines, data, len);
        } else {
            result = read_gathered(lines);
        }
        lines->index += !lines->stopped;
    }
    if (result == 0 && source_end(lines->source) != SOURCE_WHOLE) {
        note(lines, source_end(lines->source) == SOURCE_CUT ? "truncated" : "malformed",
             "the compressed data ends or is spoilt there");
    }
    return result;
}

static int32_t json_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct lines lines = {.task = task, .fields = instance};
    int32_t result = -ENOMEM;
    char line[80];

    if (input->resume_offset > 0 && input->resume_offset < input->raw_len) {
        lines.index = input->resume_index;
    }
    lines.source = source_open(task, input->raw, input->raw_len,
                               lines.index > 0 ? (size_t)input->resume_offset : 0);
    if (lines.source != NULL) {
        result = read_values(&lines, input);
    }
    if (lines.others > 0 && lines.taken > 0) {
        snprintf(line, sizeof(line), "%llu values have neither a text nor a page",
                 (unsigned long long)lines.others);
        task->host->log(task, TAXON_LOG_INFO, line);
    }
    source_close(lines.source);
    free(lines.line);
    return result;
}

static int32_t json_open(struct taxon_opening *opening, void **out_instance)
{
    *out_instance = fields_open(opening);
    return *out_instance == NULL ? -ENOMEM : 0;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"application/x-ndjson", "application/json", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "json",
        .version = "1.0",
        .summary = "Takes the documents out of JSON and lines of JSON.",
        .media_types = media_types,
        .options = fields_options,
        .option_count = FIELD_USES,
        .option_stride = sizeof(fields_options[0]),
        .open = json_open,
        .read = json_read,
    };

    return &descriptor;
}
