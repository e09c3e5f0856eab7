/* official/words: the words that names of bodies, recipients and labels are made of. Text is folded
 * and a piece (view.h): no blanks between Chinese characters. */
#ifndef OFFICIAL_WORDS_H
#define OFFICIAL_WORDS_H

#include <stddef.h>

int words_begins(const char *text, size_t len, const char *word);
int words_ends(const char *text, size_t len, const char *word);

/* Where `word` first stands; `len` when nowhere. Linear for the short words it is asked for. */
size_t words_find(const char *text, size_t len, const char *word);

/* Does the text read as the name of one body: no sentence, with the ending of one? */
int words_is_organ(const char *text, size_t len);

/* Does the text, of what stands before a colon, read as a list of recipients? */
int words_is_recipients(const char *text, size_t len);

/* Does it read as an office and a person: 市长周某? */
int words_is_signatory(const char *text, size_t len);

/* Is there a mark that ends or parts a sentence? */
int words_has_sentence(const char *text, size_t len);

/* Bytes before the groups in round brackets that the text ends with. */
size_t words_without_brackets(const char *text, size_t len);

#endif
