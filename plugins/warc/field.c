/* warc/field: lines of a header: "Name: value".
 *
 * Called for records' headers and for those of HTTP in them. Tolerant as clients are: lines end in
 * CR LF or LF, and one that is no field is passed over.
 */
#include "field.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

int field_next(const char *header, size_t len, size_t *at, struct field *out_field)
{
    while (*at < len) {
        const char *line = header + *at;
        const char *end = memchr(line, '\n', len - *at);
        size_t line_len = end == NULL ? len - *at : (size_t)(end - line);
        const char *colon = memchr(line, ':', line_len);
        const char *value;

        *at += line_len + (end != NULL);
        if (colon == NULL || colon == line || line[0] == ' ' || line[0] == '\t') {
            continue;
        }
        value = colon + 1;
        end = line + line_len;
        while (value < end && is_blank(*value)) {
            value++;
        }
        while (end > value && is_blank(end[-1])) {
            end--;
        }
        *out_field = (struct field){line, (size_t)(colon - line), value, (size_t)(end - value)};
        while (out_field->name_len > 0 && is_blank(out_field->name[out_field->name_len - 1])) {
            out_field->name_len--;
        }
        return 1;
    }
    return 0;
}

int field_is(const struct field *field, const char *name)
{
    return field->name_len == strlen(name) && strncasecmp(field->name, name, field->name_len) == 0;
}

void field_copy(const struct field *field, char *out, size_t out_size)
{
    size_t len = strnlen(field->value, field->value_len);

    if (len >= out_size) {
        len = out_size - 1;
    }
    memcpy(out, field->value, len);
    out[len] = '\0';
}

void field_parameter(const char *value, const char *name, char *out, size_t out_size)
{
    size_t name_len = strlen(name);
    size_t len = 0;

    out[0] = '\0';
    for (const char *at = strchr(value, ';'); at != NULL; at = strchr(at, ';')) {
        at++;
        while (is_blank(*at)) {
            at++;
        }
        if (strncasecmp(at, name, name_len) != 0 || at[name_len] != '=') {
            continue;
        }
        at += name_len + 1;
        at += *at == '"' || *at == '\'';
        while (len + 1 < out_size && (isalnum((unsigned char)at[len]) ||
                                      (at[len] != '\0' && strchr("._-+:", at[len]) != NULL))) {
            out[len] = at[len];
            len++;
        }
        out[len] = '\0';
        return;
    }
}

int field_number(const struct field *field, unsigned long long *out_number)
{
    unsigned long long number = 0;

    if (field->value_len == 0 || field->value_len > 18) {
        return 0;
    }
    for (size_t i = 0; i < field->value_len; i++) {
        if (field->value[i] < '0' || field->value[i] > '9') {
            return 0;
        }
        number = number * 10 + (unsigned long long)(field->value[i] - '0');
    }
    *out_number = number;
    return 1;
}
