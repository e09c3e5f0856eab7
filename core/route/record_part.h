/* route/record_part: parts of a record. What route/record's own files share; nobody else includes
 * it.
 */
#ifndef ROUTE_RECORD_PART_H
#define ROUTE_RECORD_PART_H

#include "base/json.h"
#include "route/subject.h"

/* Nothing when the text is NULL or empty. */
void record_put_known(struct json *json, const char *key, const char *text);
/* record_member.c: a name as it can be shown, and its bytes where that is not the same. */
void record_put_name(struct json *json, const char *key, const char *bytes_key, const char *name);
void record_put_hex(struct json *json, const char *key, const void *data, size_t len);

/* record_member.c: the container that it was in; and what was in it. */
void record_put_member_of(struct json *json, const struct subject *subject);
void record_put_members(struct json *json, const struct subject *subject);

/* What plugins said: labels, near misses, spans, facts, …; the subject has a reply. */
void record_put_results(struct json *json, const struct subject *subject);
void record_put_timings(struct json *json, const struct reply *reply);

#endif
