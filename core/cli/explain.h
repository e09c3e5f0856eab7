/* cli/explain: the two ways in which taxon explain shows a document: as lines and as a page. Inside
 * core/cli only. `text` is the document's text, or NULL where it could not be had.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/marks.h"

/* explain_text.c: the text, a line for each of its lines: its number, the role of page furniture in
 * it, and the text with evidence marked: in colour, or between angle quotes. */
void explain_text(const struct marks *marks, const char *text, FILE *stream, bool styled);

/* explain_html.c: one page that needs nothing beside itself. */
void explain_html(const json_t *record, const struct marks *marks, const char *text, FILE *stream);

#endif
