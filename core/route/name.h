/* route/name: the names of files and folders in an archive, one component of a path at a time. What
 * route's own files share; nobody else includes it.
 */
#ifndef ROUTE_NAME_H
#define ROUTE_NAME_H

#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"

#define NAME_BYTES_MAX     255u /* NAME_MAX of every file system that matters */
#define NAME_SIZE          (NAME_BYTES_MAX + 1u)
#define NAME_EXTENSION_MAX 33u /* with its dot; what is longer is no extension */

/* Where the extension begins: the offset of its dot, or `len` when there is none. The dot of a
 * hidden file begins no extension. */
size_t name_extension(const char *name, size_t len);

/* Appends a value from outside to the component that begins at `component` of `path`: what could
 * end the component, hide it or is a control character becomes '_'. */
void name_append_value(struct strbuf *path, size_t component, const char *value, size_t len);

/* Makes what stands from `component` to the end of `path` a component of 1 to `bytes_max` bytes
 * that is neither "." nor "..", nor one of the names that taxond keeps for itself. 0 or -ENOMEM. */
int name_finish(struct strbuf *path, size_t component, size_t bytes_max) MUST_CHECK;

/* STEM-SUFFIX.EXT of `name`, its stem cut where it would be longer than `bytes_max`. */
void name_with_suffix(const char *name, const char *suffix, size_t bytes_max,
                      char out_name[NAME_SIZE]);

#endif
