/* base/printable: text from anywhere as one harmless line.
 *
 * File names, plugin messages and document text reach the log and the terminal of a person. Here
 * they lose what could forge a second line, move the cursor or turn the reading direction round,
 * and keep every other character, Chinese included.
 *
 * Called by err and log. It does not escape for any language: JSON has its own writer.
 */
#include "base/printable.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define ELLIPSIS     "\xE2\x80\xA6"
#define ELLIPSIS_LEN (sizeof ELLIPSIS - 1)

static bool is_harmful(uint32_t code_point)
{
    if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F))
        return true; /* C0, DEL, C1 (some terminals take U+009B for ESC [) */
    if (code_point >= 0x2028 && code_point <= 0x202E)
        return true; /* line and paragraph separator, embeddings and overrides */
    return code_point >= 0x2066 && code_point <= 0x2069; /* isolates */
}

size_t printable_clean(char *text, size_t len)
{
    size_t from = 0;
    size_t to = 0;

    while (from < len) {
        uint32_t code_point = 0;
        size_t n = utf8_decode(text + from, len - from, &code_point);
        bool harmful = n == 0 || is_harmful(code_point);

        if (n == 0)
            n = utf8_illegal_len(text + from, len - from);
        if (harmful) {
            text[to++] = '?';
        } else {
            memmove(text + to, text + from, n);
            to += n;
        }
        from += n;
    }
    return to;
}

size_t printable_cut(char *text, size_t len, size_t room)
{
    assert(room >= ELLIPSIS_LEN);
    if (len <= room)
        return len;
    size_t end = utf8_floor(text, len, room - ELLIPSIS_LEN);
    memcpy(text + end, ELLIPSIS, ELLIPSIS_LEN);
    return end + ELLIPSIS_LEN;
}

size_t printable_format(char *out_text, size_t size, const char *format, va_list args)
{
    assert(size > ELLIPSIS_LEN);
    int wanted = vsnprintf(out_text, size, format, args);
    bool whole = wanted >= 0 && (size_t)wanted < size;
    size_t len = wanted < 0 ? 0 : whole ? (size_t)wanted : size - 1;

    if (!whole && len > 0) {
        /* Before cleaning: vsnprintf may have cut a character in two. */
        len = utf8_floor(out_text, len, len - ELLIPSIS_LEN);
        len = printable_clean(out_text, len);
        memcpy(out_text + len, ELLIPSIS, ELLIPSIS_LEN);
        len += ELLIPSIS_LEN;
    } else {
        len = printable_clean(out_text, len);
    }
    out_text[len] = '\0';
    return len;
}
