/* text/charset_letters: how much bytes look like text in a charset of one byte a character. Inside
 * core/text only. */
#ifndef TEXT_CHARSET_LETTERS_H
#define TEXT_CHARSET_LETTERS_H

#include "text/charset_convert.h"

struct charset_letters;

/* Reads the tables of `converters`, which need not outlive it. 0 or -ENOMEM. */
int charset_letters_open(const struct charset_converters *converters,
                         struct charset_letters **out_letters) MUST_CHECK;
void charset_letters_close(struct charset_letters *letters);

/* Takes the sample that the scores asked for next are about. */
void charset_letters_count(struct charset_letters *letters, const char *sample, size_t len);

/* For a charset of one byte a character: 1 for pairs of letters as frequent as in text of its
 * languages, 0 for what is as good as random. Not clamped: finer differences still count. Negative
 * infinity for charsets that are only taken when declared. */
double charset_letters_score(const struct charset_letters *letters, enum charset_id id);

#endif
