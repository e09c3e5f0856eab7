/* text/charset_single: charsets of one byte a character. Inside core/text only. */
#ifndef TEXT_CHARSET_SINGLE_H
#define TEXT_CHARSET_SINGLE_H

#include "text/charset_convert.h"

/* The code point of each byte by glibc's converter of that name. 0, or -errno of iconv_open. */
int charset_single_fill(const char *iconv_name, uint16_t out_code_points[256],
                        struct err *err) MUST_CHECK;

/* As charset_convert. */
int charset_single_convert(const uint16_t code_points[256], const char *bytes, size_t len,
                           size_t limit, struct strbuf *out_text,
                           struct charset_conversion *out_conversion) MUST_CHECK;

#endif
