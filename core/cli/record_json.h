/* cli/record_json: a record (route/record) read back, for subcommands that show one. */
#ifndef CLI_RECORD_JSON_H
#define CLI_RECORD_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* Parses one record. A sidecar can be written by anybody who may write to the archive: what is no
 * object with `record: 1` is refused, and members of another type than expected read as absent. The
 * caller's, to json_decref. -EINVAL. */
int record_parse(const char *text, size_t len, const char *what, json_t **out_record,
                 struct err *err) MUST_CHECK;

/* The text at `key`, or "" when it is not there or no text. Lives as long as `object`. */
const char *record_text(const json_t *object, const char *key);
/* The number at `key`, or 0. */
double record_real(const json_t *object, const char *key);
/* The offset at `key`, or 0. */
size_t record_size(const json_t *object, const char *key);

/* Prints text from a record as one harmless line. */
void record_print(FILE *stream, const char *text);
/* The same, and spaces up to so many columns of a terminal. */
void record_print_padded(FILE *stream, const char *text, size_t columns);
void record_print_len(FILE *stream, const char *text, size_t len);

#endif
