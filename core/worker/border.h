/* worker/border: how values cross from a plugin into the host.
 *
 * A plugin's struct is copied before it is looked at: at most as many bytes as it says it has, the
 * rest zero, so that an old plugin's shorter struct and a new one's longer one are both read right.
 * Strings are measured with a bound. A pointer that leads nowhere kills the worker, and that is
 * meant: the supervisor then names the plugin.
 */
#ifndef WORKER_BORDER_H
#define WORKER_BORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define BORDER_STRING_MAX 4096u /* bytes of a C string */

/* Size of `type` in ABI 1.0, whose last member was `last`: stays when members are appended. */
#define BORDER_SIZE_1_0(type, last) (offsetof(type, last) + sizeof(((type *)0)->last))

/* Copies the struct at `from` (NULL allowed) into `to`, whose size the host knows as `to_size`.
 * False when it says it is smaller than `least` or absurdly large. */
bool border_read(void *to, size_t to_size, const void *from, size_t least);

/* Whether `count` elements of `stride` bytes at `base` can be an array of structs of at least
 * `least` bytes. */
bool border_array(const void *base, size_t count, size_t stride, size_t least);

/* Length of C string `text`, or -1 when it is NULL or longer than `max`. */
ptrdiff_t border_strlen(const char *text, size_t max);

/* wire/form's checks, by which the supervisor will judge the same strings; false for NULL. */
bool border_is_name(const char *text);
bool border_is_id(const char *text);
bool border_is_line(const char *text, size_t max);

/* A copy in `arena` of at most `max` bytes of C string `text`, as one harmless line; "" for NULL;
 * NULL without memory. */
const char *border_line(struct arena *arena, const char *text, size_t max);

#endif
