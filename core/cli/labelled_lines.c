/* cli/labelled_lines: a JSON object a line: text, label or labels, and what else is known.
 *
 * Called by cli/labelled. A line that is not such an object ends the reading, with its number: a
 * data set that is half read trains a model of something else.
 */
#include "cli/labelled_lines.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/strbuf.h"

struct lines {
    const char *path;
    size_t number;
    labelled_take take;
    void *data;
    struct err *err;
};

static int wrong(const struct lines *lines, const char *what)
{
    return err_set(lines->err, -EINVAL, "%s:%zu: %s", lines->path, lines->number, what);
}

/* Up to a NUL, which only a document's text may hold. */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* `label`, a text, or `labels`, an array of them. */
static int labels_of(const struct lines *lines, const json_t *object, const char **labels,
                     uint32_t *out_count)
{
    const json_t *one = json_object_get(object, "label");
    const json_t *many = one == NULL ? json_object_get(object, "labels") : one;
    size_t count = json_is_array(many) ? json_array_size(many) : many != NULL;

    if (count == 0 || count > LABELLED_LABELS_MAX)
        return wrong(lines, "no label, or too many");
    for (size_t i = 0; i < count; i++) {
        labels[i] = json_string_value(json_is_array(many) ? json_array_get(many, i) : many);
        if (labels[i] == NULL || labels[i][0] == '\0')
            return wrong(lines, "a label that is no text");
    }
    *out_count = (uint32_t)count;
    return 0;
}

/* The host of a url: what stands between "//" and the next '/', ':', '?' or '#', without "www.". */
static const char *host_of(const char *url, size_t *out_len)
{
    const char *at = strstr(url, "//");

    at = at == NULL ? url : at + 2;
    at += strncmp(at, "www.", 4) == 0 ? 4 : 0;
    *out_len = strcspn(at, "/:?#");
    return at;
}

static uint64_t group_of(const json_t *object, const char *url, const json_t *text)
{
    const char *source = text_of(object, "source");
    struct digest digest = {{0}};
    uint64_t group;

    if (source[0] == '\0')
        source = text_of(object, "host");
    size_t len = strlen(source);
    if (len == 0 && url[0] != '\0')
        source = host_of(url, &len);
    if (len == 0) {
        source = json_string_value(text);
        len = json_string_length(text);
    }
    (void)digest_of_bytes(source, len, &digest);
    memcpy(&group, digest.bytes, sizeof group);
    return group;
}

/* A file of the title, if there is one, and the text. */
static int spool(const char *title, const json_t *text)
{
    int fd = memfd_create("taxon-labelled", MFD_CLOEXEC);
    int result = fd < 0 ? -errno : 0;

    if (result == 0 && title[0] != '\0')
        result = file_write_all(fd, title, strlen(title));
    if (result == 0 && title[0] != '\0')
        result = file_write_all(fd, "\n\n", 2);
    if (result == 0)
        result = file_write_all(fd, json_string_value(text), json_string_length(text));
    if (result == 0)
        return fd;
    file_close(&fd);
    return result;
}

static int take_object(struct lines *lines, const json_t *object)
{
    const char *labels[LABELLED_LABELS_MAX];
    char name[64];
    const json_t *weight = json_object_get(object, "weight");
    const json_t *text = json_object_get(object, "text");
    struct labelled document = {
        .name = name,
        .url = text_of(object, "url"),
        .labels = labels,
        .weight = json_is_number(weight) ? json_number_value(weight) : 1,
    };
    int result = labels_of(lines, object, labels, &document.label_count);

    if (result < 0)
        return result;
    if (json_string_length(text) == 0)
        return wrong(lines, "no text");
    if (!(document.weight > 0 && document.weight <= 1e6))
        return wrong(lines, "a weight that is not above 0");
    snprintf(name, sizeof name, "line-%zu.txt", lines->number);
    document.group = group_of(object, document.url, text);
    document.fd = spool(text_of(object, "title"), text);
    if (document.fd < 0)
        return err_set(lines->err, document.fd, "%s:%zu: %s", lines->path, lines->number,
                       strerror(-document.fd));
    result = lines->take(lines->data, &document, lines->err);
    file_close(&document.fd);
    return result;
}

static int take_line(struct lines *lines, const char *line, size_t len)
{
    json_error_t error;

    if (len == 0)
        return 0;
    json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (object == NULL)
        return wrong(lines, error.text);
    int result = json_is_object(object) ? take_object(lines, object) : wrong(lines, "no object");
    json_decref(object);
    return result;
}

int labelled_lines_read(const char *path, labelled_take take, void *data, struct err *err)
{
    struct lines lines = {path, 0, take, data, err};
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    int result = 0;

    if (file == NULL)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    while (result == 0 && (len = getline(&line, &size, file)) >= 0) {
        lines.number++;
        if (len > 0 && line[len - 1] == '\n')
            len--;
        result = (size_t)len > LABELLED_LINE_MAX ? wrong(&lines, "the line is too long")
                                                 : take_line(&lines, line, (size_t)len);
    }
    if (result == 0 && ferror(file))
        result = err_set(err, -EIO, "%s: cannot be read", path);
    free(line);
    fclose(file);
    return result;
}
