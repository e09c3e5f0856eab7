/* base/id: a document's id, a UUID version 7 (RFC 9562): sorts by the time it was made. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>

#define ID_TEXT_SIZE 37 /* 36 characters and a NUL */

struct id {
    char text[ID_TEXT_SIZE]; /* lower case, with hyphens */
};

/* A new id; within one process each is greater than the one before. Not for use on two threads at
 * once. 0 or negative errno when the kernel gives no randomness. */
int id_new(struct id *out_id);
bool id_is_valid(const char *text);

#endif
