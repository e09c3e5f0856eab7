/* base/strbuf: bytes that grow at the end.
 *
 * Failure to get memory is remembered in `failed`: all later appends do nothing, and the one who
 * uses the result asks once. `data` is NUL-terminated whenever it is not NULL.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *data; /* NULL until something was appended */
    size_t len;
    size_t size;
    bool failed;
};

#define STRBUF_INIT                                                                                \
    {                                                                                              \
        NULL, 0, 0, false                                                                          \
    }

void strbuf_init(struct strbuf *buf);
void strbuf_release(struct strbuf *buf); /* frees; as after init */
void strbuf_clear(struct strbuf *buf);   /* empty, keeps the memory, forgets `failed` */
void strbuf_append(struct strbuf *buf, const void *data, size_t len);
void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static inline void strbuf_putc(struct strbuf *buf, char c)
{
    if (buf->failed || buf->size - buf->len < 2) { /* 0 - 0 where nothing is yet */
        strbuf_append(buf, &c, 1);
        return;
    }
    buf->data[buf->len++] = c;
    buf->data[buf->len] = '\0';
}

/* Room for `len` more bytes; returns where they go, or NULL. Follow with strbuf_added. */
char *strbuf_reserve(struct strbuf *buf, size_t len);
void strbuf_added(struct strbuf *buf, size_t len);
/* The text as a C string, "" when empty; owned by the buffer. */
const char *strbuf_text(const struct strbuf *buf);

#endif
