/* cli/document: a document that the command line names. */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include <stdint.h>

#include "base/err.h"

/* A descriptor to read a regular file from; "-" is standard input, of which no more than one byte
 * beyond the limit is taken, which is enough to be refused for. Negative errno, with err. */
int document_open(const char *path, uint64_t limit_bytes, struct err *err) MUST_CHECK;

/* What the document is called: the last component of its path, or "stdin". */
const char *document_name(const char *path);

#endif
