/* base/strbuf: bytes that grow at the end.
 *
 * Called everywhere that text is put together. It does not know encodings, does not shrink, and
 * appended data may not be part of the buffer itself.
 */
#include "base/strbuf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

void strbuf_init(struct strbuf *buf)
{
    *buf = (struct strbuf)STRBUF_INIT;
}

void strbuf_release(struct strbuf *buf)
{
    free(buf->data);
    strbuf_init(buf);
}

void strbuf_clear(struct strbuf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

/* Doubling keeps appends linear; past PTRDIFF_MAX no object can be. */
static bool grow(struct strbuf *buf, size_t needed)
{
    size_t size = buf->size < FIRST_SIZE ? FIRST_SIZE : buf->size;

    if (needed > PTRDIFF_MAX)
        return false;
    while (size < needed)
        size = size > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : size * 2;
    char *data = realloc(buf->data, size);
    if (data == NULL)
        return false;
    buf->data = data;
    buf->size = size;
    buf->data[buf->len] = '\0';
    return true;
}

char *strbuf_reserve(struct strbuf *buf, size_t len)
{
    if (buf->failed)
        return NULL;
    if (buf->size - buf->len <= len) { /* one more for the NUL; nothing yet is 0 - 0 */
        if (len > SIZE_MAX - buf->len - 1 || !grow(buf, buf->len + len + 1)) {
            buf->failed = true;
            return NULL;
        }
    }
    return buf->data + buf->len;
}

void strbuf_added(struct strbuf *buf, size_t len)
{
    if (buf->failed)
        return;
    assert(len == 0 || len < buf->size - buf->len);
    buf->len += len;
    if (buf->data != NULL)
        buf->data[buf->len] = '\0';
}

void strbuf_append(struct strbuf *buf, const void *data, size_t len)
{
    if (len == 0)
        return;
    char *to = strbuf_reserve(buf, len);
    if (to == NULL)
        return;
    memcpy(to, data, len);
    strbuf_added(buf, len);
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
    strbuf_append(buf, text, strlen(text));
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    strbuf_vprintf(buf, format, args);
    va_end(args);
}

__attribute__((format(printf, 2, 0))) void strbuf_vprintf(struct strbuf *buf, const char *format,
                                                          va_list args)
{
    va_list again;

    if (buf->failed)
        return;
    size_t room = buf->size - buf->len;
    va_copy(again, args);
    int wanted = vsnprintf(room > 0 ? buf->data + buf->len : NULL, room, format, args);
    if (wanted >= 0 && (size_t)wanted >= room && strbuf_reserve(buf, (size_t)wanted) != NULL)
        vsnprintf(buf->data + buf->len, (size_t)wanted + 1, format, again);
    va_end(again);
    if (wanted < 0)
        buf->failed = true;
    if (buf->failed && buf->data != NULL)
        buf->data[buf->len] = '\0'; /* the first attempt may have written part of it */
    else if (wanted >= 0)
        strbuf_added(buf, (size_t)wanted);
}

const char *strbuf_text(const struct strbuf *buf)
{
    return buf->data == NULL ? "" : buf->data;
}
