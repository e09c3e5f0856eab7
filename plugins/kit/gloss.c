/* gloss: pinyin in brackets behind a Chinese character.
 *
 * Called by the text reader for the title and by dates_context.c for labels. It has no table of
 * syllables as the host's folding has: a title and a stamp hold little else that looks like one.
 */
#include "kit/gloss.h"

#include <string.h>

#define LETTERS_MAX 6 /* zhuang */

size_t gloss_size(const char *text, size_t len, int *out_toned)
{
    size_t at = 1;
    int letters = 0;

    *out_toned = 0;
    if (len < 3 || text[0] != '(') {
        return 0;
    }
    while (at < len && letters <= LETTERS_MAX) {
        unsigned char c = (unsigned char)text[at];

        if (c == ')') {
            return letters > 0 ? at + 1 : 0;
        }
        if (c >= 0xC3 && c <= 0xC7 && len - at >= 2) { /* U+00C0 to U+01FF: à, ā, ǎ, ü */
            *out_toned = 1;
            at++;
        } else if (c < 'a' || c > 'z') {
            return 0;
        }
        at++;
        letters++;
    }
    return 0;
}

/* Is the last character before `at` outside ASCII, as one with a gloss is? */
static int follows_han(const char *text, size_t at)
{
    return at > 0 && (text[at - 1] & 0x80) != 0;
}

static int has_toned(const char *text, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        int toned;

        if (follows_han(text, at) && gloss_size(text + at, len - at, &toned) > 0 && toned) {
            return 1;
        }
    }
    return 0;
}

size_t gloss_drop(const char *text, size_t len, char *out)
{
    int glossed = has_toned(text, len);
    size_t written = 0;
    size_t at = 0;

    while (at < len) {
        int toned;
        size_t size =
            glossed && follows_han(text, at) ? gloss_size(text + at, len - at, &toned) : 0;

        if (size == 0) {
            out[written++] = text[at++];
        } else {
            at += size;
        }
    }
    return written;
}
