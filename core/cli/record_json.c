/* cli/record_json: a record read back, by jansson, which refuses illegal UTF-8 and nests no deeper
 * than it can bear.
 *
 * Called by explain, why and what they show with. Nothing is believed of a record but its form.
 */
#include "cli/record_json.h"

#include <errno.h>
#include <string.h>

#include "base/printable.h"
#include "cli/style.h"

#define RECORD_VERSION 1

int record_parse(const char *text, size_t len, const char *what, json_t **out_record,
                 struct err *err)
{
    json_error_t error;
    json_t *record = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    if (record == NULL)
        return err_set(err, -EINVAL, "%s: no JSON: line %d, column %d: %s", what, error.line,
                       error.column, error.text);
    if (!json_is_object(record) ||
        json_integer_value(json_object_get(record, "record")) != RECORD_VERSION) {
        json_decref(record);
        return err_set(err, -EINVAL, "%s: no record of a document (no member \"record\": %d)", what,
                       RECORD_VERSION);
    }
    *out_record = record;
    return 0;
}

const char *record_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

double record_real(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

size_t record_size(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));

    return value > 0 ? (size_t)value : 0;
}

void record_print_len(FILE *stream, const char *text, size_t len)
{
    char piece[4096];

    while (len > 0) {
        size_t size = len < sizeof piece ? len : sizeof piece;

        while (size < len && size > 1 && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
        memcpy(piece, text, size);
        fwrite(piece, 1, printable_clean(piece, size), stream);
        text += size;
        len -= size;
    }
}

void record_print(FILE *stream, const char *text)
{
    record_print_len(stream, text, strlen(text));
}

void record_print_padded(FILE *stream, const char *text, size_t columns)
{
    size_t width = style_columns(text);

    record_print(stream, text);
    fprintf(stream, "%*s", width < columns ? (int)(columns - width) : 0, "");
}
