/* wire/form: what names and lines may look like between supervisor and worker.
 *
 * Called by manifest and reply on both sides, and by the worker where it takes results from
 * plugins. It does not know who declared what: only the shape of single strings and numbers.
 */
#include "wire/form.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool is_token_char(char c)
{
    return is_name_char(c) || (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("._+/", c) != NULL);
}

bool form_is_name(const char *text)
{
    size_t len = 0;

    while (len <= FORM_NAME_MAX && is_name_char(text[len]))
        len++;
    return len > 0 && len <= FORM_NAME_MAX && text[len] == '\0';
}

bool form_is_id(const char *text)
{
    size_t len = 0;
    char before = '/';

    for (; text[len] != '\0'; before = text[len++]) {
        bool is_border = text[len] == '/';
        if (len == FORM_ID_MAX || (is_border ? before == '/' : !is_name_char(text[len])))
            return false;
    }
    return before != '/';
}

bool form_is_option(const char *text)
{
    size_t len = 0;

    while (len <= FORM_NAME_MAX && text[len] != '-' &&
           (is_name_char(text[len]) || text[len] == '_'))
        len++;
    return len > 0 && len <= FORM_NAME_MAX && text[len] == '\0';
}

size_t form_token_prefix(const char *text)
{
    size_t len = 0;

    while (text != NULL && len < FORM_TOKEN_MAX && is_token_char(text[len]))
        len++;
    return len;
}

bool form_is_token(const char *text)
{
    return text[form_token_prefix(text)] == '\0';
}

bool form_is_media_pattern(const char *text)
{
    size_t len = 0;

    while (len <= FORM_TOKEN_MAX && (is_token_char(text[len]) || text[len] == '*'))
        len++;
    return len > 0 && len <= FORM_TOKEN_MAX && text[len] == '\0';
}

static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

bool form_is_line(const char *text, size_t max)
{
    size_t len = strnlen(text, max + 1);

    if (len > max)
        return false;
    for (size_t at = 0; at < len;) {
        uint32_t code_point;
        size_t n = utf8_decode(text + at, len - at, &code_point);
        if (n == 0 || is_control(code_point))
            return false;
        at += n;
    }
    return true;
}

bool form_is_share(double value)
{
    return isfinite(value) && value >= 0 && value <= 1;
}

void form_put_line(struct strbuf *out, const char *text, size_t max)
{
    size_t len = text == NULL ? 0 : strlen(text);
    size_t end = out->len + max;

    for (size_t at = 0; at < len;) {
        char illegal[4];
        uint32_t code_point = 0;
        size_t n = utf8_decode(text + at, len - at, &code_point);
        const char *from = text + at;
        size_t from_len = n;
        if (n == 0) {
            n = utf8_illegal_len(text + at, len - at);
            from = illegal;
            from_len = utf8_encode(UTF8_REPLACEMENT, illegal);
        } else if (is_control(code_point)) {
            from = " ";
            from_len = 1;
        }
        if (out->failed || from_len > end - out->len)
            return;
        strbuf_append(out, from, from_len);
        at += n;
    }
}
