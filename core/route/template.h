/* route/template: the path that a rule's `file:` gives.
 *
 *     {genre} {topic} {lang} {source} {name} {stem} {ext} {id} {sha256:8} {date:%Y/%m}
 *     {genre:1}, {topic:1}: the first level only ("news"); up to {genre:9}
 *     {{ and }} are the braces themselves
 *
 * Of several labels that hold, the one of the highest score is meant (a child before its parent at
 * the same score; then byte order of ids, level by level); of none, the word "none", or "unsure"
 * where one came near. {lang} of an unknown language is "und". {date} is the document's own date
 * (fact date-published, then date-event) or else the file's modification time in UTC; it knows %Y
 * %y %m %d %H %M %S %%, what the document's date leaves open is "00", and without a format it is
 * %Y-%m-%d. {ext} has no dot and may be empty; a whole component that comes out empty is "none".
 * {sha256:N} is N hexadecimal digits (1 to 64), all 64 without N.
 *
 * What a value brings in cannot climb or hide: '/' in a value (other than between the levels of a
 * label and in {date:}) becomes '_', so do control characters, a leading '.' of a component, and
 * "." or ".." whole; invalid UTF-8 stays as bytes. A component longer than 255 bytes, or too
 * long for its sidecar's name, is shortened in the middle of its stem with a hash and keeps its
 * extension. No component ends in the reserved suffix ".taxon.json" or is named ".taxond".
 */
#ifndef ROUTE_TEMPLATE_H
#define ROUTE_TEMPLATE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "route/subject.h"

#define TEMPLATE_SIDECAR_SUFFIX ".taxon.json"

struct path_template;

/* `node` gives the position for messages. */
int template_parse(struct arena *arena, const struct taxon_node *node,
                   struct path_template **out_template, struct err *err) MUST_CHECK;

/* The path below the archive's root: no empty component, never absolute, at most `path_max` bytes.
 * 0, -ENOMEM, -ENAMETOOLONG. */
int template_expand(const struct path_template *tmpl, const struct subject *subject,
                    size_t path_max, struct arena *arena, const char **out_path);

#endif
