/* kit/gloss: pinyin in brackets, as some converters leave it after a character: 發(fā)布會(huì).
 * The host drops it when it folds; readers, which run before that, use this for what they show. */
#ifndef KIT_GLOSS_H
#define KIT_GLOSS_H

#include <stddef.h>

/* Bytes of the gloss that `text` begins with, 0 for none: one to six Latin letters in brackets.
 * *out_toned: one of them bears a tone. A gloss stands right behind a Han character; that is the
 * caller's to check. One without a tone, (de), may be a word in its own right. */
size_t gloss_size(const char *text, size_t len, int *out_toned);

/* Copies `text` to `out` (`len` bytes) without its glosses, if any of them bears a tone; otherwise
 * as it is. Returns the bytes written. */
size_t gloss_drop(const char *text, size_t len, char *out);

#endif
