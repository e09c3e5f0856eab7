/* cli/labelled_lines: labelled documents from a JSONL file. Only cli/labelled.c includes it. */
#ifndef CLI_LABELLED_LINES_H
#define CLI_LABELLED_LINES_H

#include "cli/labelled.h"

int labelled_lines_read(const char *path, labelled_take take, void *data,
                        struct err *err) MUST_CHECK;

#endif
