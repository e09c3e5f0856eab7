/* line_text: small questions to the text of a line.
 *
 * Called by the counters of structure. A line is folded: lower case, half width.
 */
#include "line_text.h"

#include <string.h>

#include "kit/pattern.h"

#define LABEL_MAX 90 /* bytes before the colon of a turn */

int line_starts(const char *line, size_t len, const char *with)
{
    size_t size;

    if (len == 0 || line[0] != with[0]) {
        return 0; /* nearly always */
    }
    size = strlen(with);
    return size <= len && memcmp(line, with, size) == 0;
}

int line_ends(const char *line, size_t len, const char *with)
{
    size_t size = strlen(with);

    return size <= len && line[len - size] == with[0] && memcmp(line + len - size, with, size) == 0;
}

const char *line_find(const char *line, size_t len, const char *what)
{
    return pattern_find(line, len, what, strlen(what));
}

int line_holds(const char *line, size_t len, const char *what)
{
    return line_find(line, len, what) != NULL;
}

int line_starts_one(const char *line, size_t len, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (line_starts(line, len, *list)) {
            return 1;
        }
    }
    return 0;
}

int line_ends_one(const char *line, size_t len, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (line_ends(line, len, *list)) {
            return 1;
        }
    }
    return 0;
}

/* Bytes before the first ':', if it comes soon and nothing before it ends a clause; else 0. */
size_t line_label_len(const char *line, size_t len)
{
    size_t reach = len < LABEL_MAX + 1 ? len : LABEL_MAX + 1;
    const char *colon = memchr(line, ':', reach);
    size_t size = colon == NULL ? 0 : (size_t)(colon - line);

    for (size_t i = 0; i < size; i++) {
        char c = line[i];

        if (c == ',' || c == ';' || c == '!' || c == '?' ||
            (c == "。"[0] && size - i >= 3 && memcmp(line + i, "。", 3) == 0)) {
            return 0;
        }
    }
    return size > 0 && line_starts(line + size, len - size, "://") ? 0 : size;
}
