/* wire/form: what names and lines may look like between supervisor and worker. The worker asks
 * before it sends, the supervisor before it believes, both with the same functions.
 */
#ifndef WIRE_FORM_H
#define WIRE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

#define FORM_NAME_MAX  64u  /* bytes of a plugin's, scheme's, fact's or signature's name */
#define FORM_ID_MAX    255u /* bytes of a label's id */
#define FORM_LINE_MAX  255u /* bytes of a name to show and of a version */
#define FORM_TOKEN_MAX 127u /* bytes of a token: RFC 6838 allows a media type's halves as much */

bool form_is_name(const char *text);   /* [a-z0-9-]+ */
bool form_is_id(const char *text);     /* such names, joined with '/' */
bool form_is_option(const char *text); /* [a-z0-9_]+ */
/* [A-Za-z0-9._+/-]*: media type, charset, language, script, limit. */
bool form_is_token(const char *text);
/* A token that may hold '*': a media type as a reader claims it. */
bool form_is_media_pattern(const char *text);
/* Valid UTF-8 without control characters (C0, DEL, C1), at most `max` bytes. */
bool form_is_line(const char *text, size_t max);
/* A score: finite and in 0..1. */
bool form_is_share(double value);

/* Appends `text` (NULL: nothing) so that form_is_line(…, max) holds: a control character becomes a
 * space, illegal UTF-8 U+FFFD, and what goes beyond `max` is cut on a character border. */
void form_put_line(struct strbuf *out, const char *text, size_t max);
/* Length of the longest prefix of `text` (NULL: 0) that is a token. */
size_t form_token_prefix(const char *text);

#endif
