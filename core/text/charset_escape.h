/* text/charset_escape: charsets that are all ASCII bytes and switch by escapes. Inside core/text
 * only. */
#ifndef TEXT_CHARSET_ESCAPE_H
#define TEXT_CHARSET_ESCAPE_H

#include "text/charset_convert.h"

/* Which of ISO-2022-JP, -KR, -CN, HZ or UTF-7 bytes that are all ASCII are in; CHARSET_COUNT when
 * nothing says that they are more than ASCII. `declared`: UTF-7 and HZ, whose escapes also stand in
 * ordinary text, need less proof where they were declared. */
enum charset_id charset_escape(const char *bytes, size_t len, enum charset_id declared);

/* HZ (RFC 1843) as the GB bytes that it stands for. The text has no room problem: it only
 * shrinks. Appends; out_gb->failed says -ENOMEM. */
void charset_escape_hz(const char *bytes, size_t len, struct strbuf *out_gb);

#endif
