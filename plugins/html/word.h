/* word: comparing names of HTML, which are ASCII and of either case. */
#ifndef HTML_WORD_H
#define HTML_WORD_H

#include <stddef.h>
#include <string.h>
#include <strings.h>

static inline int word_is(const char *text, size_t len, const char *want)
{
    return strlen(want) == len && strncasecmp(text, want, len) == 0;
}

#endif
