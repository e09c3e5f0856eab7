/* base/id: a document's id: a UUID version 7 (RFC 9562), which sorts by the time it was made; that
 * of a container's member is a version 8, made of what it is. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stddef.h>

#define ID_TEXT_SIZE 37 /* 36 characters and a NUL */

struct id {
    char text[ID_TEXT_SIZE]; /* lower case, with hyphens */
};

/* A new id; within one process each is greater than the one before. Not for use on two threads at
 * once. 0 or negative errno when the kernel gives no randomness. */
int id_new(struct id *out_id);
/* The id that these bytes give, always the same (a UUID version 8): of what can be made again. 0 or
 * negative errno. On any thread. */
int id_derive(const void *data, size_t len, struct id *out_id);
bool id_is_valid(const char *text);

#endif
