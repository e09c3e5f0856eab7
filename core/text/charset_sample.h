/* text/charset_sample: the bytes of a document by which rival charsets are judged. Inside core/text
 * only. */
#ifndef TEXT_CHARSET_SAMPLE_H
#define TEXT_CHARSET_SAMPLE_H

#include <stddef.h>

#include "base/strbuf.h"

#define CHARSET_SAMPLE_LEN_MAX ((size_t)16 << 10)

/* Appends words with bytes beyond ASCII from all over the document, at most CHARSET_SAMPLE_LEN_MAX
 * bytes. */
void charset_sample(const char *bytes, size_t len, struct strbuf *out_sample);

#endif
