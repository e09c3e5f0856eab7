/* base/json: writes JSON (RFC 8259) to a string buffer, in order, with commas where they belong.
 *
 *     json_object_begin(&json, NULL);
 *     json_put_string(&json, "name", "a.txt", 5);
 *     json_array_begin(&json, "labels"); … json_array_end(&json);
 *     json_object_end(&json);
 *
 * `key` is NULL inside an array and at the top. Strings are made valid: illegal UTF-8 becomes
 * U+FFFD; control characters are escaped. A number that is not finite is written as null. Depth is
 * at most JSON_DEPTH_MAX (asserted: the writer's shape is the program's, not the input's).
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

#define JSON_DEPTH_MAX 32

struct json {
    struct strbuf *out;
    unsigned depth;
    unsigned indent;               /* spaces a level; 0: everything on one line */
    bool has_item[JSON_DEPTH_MAX]; /* whether the container of that depth has an item already */
};

void json_init(struct json *json, struct strbuf *out, unsigned indent);
void json_object_begin(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array_begin(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_put_string(struct json *json, const char *key, const char *text, size_t len);
void json_put_text(struct json *json, const char *key, const char *text); /* C string; NULL: null */
void json_put_int(struct json *json, const char *key, int64_t value);
void json_put_real(struct json *json, const char *key, double value); /* at most 6 digits */
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_null(struct json *json, const char *key);
/* `text` is one finished JSON value. */
void json_put_raw(struct json *json, const char *key, const char *text, size_t len);

#endif
