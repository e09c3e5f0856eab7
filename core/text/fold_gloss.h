/* text/fold_gloss: pinyin in parentheses, as some converters leave it after a Han character:
 * 發(fā)布會(huì). Inside core/text only. */
#ifndef TEXT_FOLD_GLOSS_H
#define TEXT_FOLD_GLOSS_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the gloss whose parenthesis opens at `at`, right after a Han character of
 * [text, end); 0 when that is none. *out_toned: it carries a tone mark. An untoned one, such as
 * (de), may be a word in its own right; whether it is a gloss the caller knows. */
size_t fold_gloss_len(const char *text, const char *at, const char *end, bool *out_toned);

/* Whether any gloss with a tone mark stands in [text, end). */
bool fold_gloss_any_toned(const char *text, const char *end);

#endif
