/* route/clean_text: a document's text without its page furniture. */
#ifndef ROUTE_CLEAN_TEXT_H
#define ROUTE_CLEAN_TEXT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "route/subject.h"

#define CLEAN_TEXT_SCORE 0.5 /* from here on a span of page furniture is left out */

/* Appends it as a JSON string, with its quotes. False, and nothing appended, when the reply brought
 * no text. out_text->failed tells when memory ran out. */
bool clean_text_json(const struct subject *subject, struct strbuf *out_text);

#endif
