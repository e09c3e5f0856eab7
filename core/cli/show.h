/* cli/show: what a record says, for a person: what the document is, with the scores and the
 * evidence, near misses, page furniture, and which rule filed it, clause by clause.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Everything. `styled`: with colours. */
void show_record(const json_t *record, FILE *stream, bool styled);

/* show_labels.c: for each scheme the labels that hold and those that came near. */
void show_labels(const json_t *record, FILE *stream, bool styled);

/* The head of a line: a word in a column of its own. */
void show_head(FILE *stream, bool styled, const char *word);

#endif
