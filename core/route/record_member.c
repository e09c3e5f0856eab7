/* route/record_member: what a record says of containers: of a member, the one that it was in; of a
 * container, what was taken out of it.
 *
 * Called by route/record. Both are told apart from the rest by their keys, `member_of` and
 * `members`.
 */
#include <string.h>

#include "route/findings.h"
#include "route/record_part.h"

void record_put_name(struct json *json, const char *key, const char *bytes_key, const char *name)
{
    struct strbuf shown = STRBUF_INIT;

    findings_show(&shown, name);
    if (shown.failed)
        json->out->failed = true;
    json_put_text(json, key, strbuf_text(&shown));
    if (strcmp(strbuf_text(&shown), name) != 0)
        record_put_hex(json, bytes_key, name, strlen(name));
    strbuf_release(&shown);
}

void record_put_member_of(struct json *json, const struct subject *subject)
{
    const struct subject_origin *origin = &subject->origin;
    char hex[DIGEST_HEX_SIZE];

    if (origin->container == NULL)
        return;
    digest_hex(origin->container, hex);
    json_object_begin(json, "member_of");
    json_put_text(json, "sha256", hex);
    json_put_int(json, "index", (int64_t)origin->member);
    if (origin->name[0] != '\0')
        record_put_name(json, "name", "name_bytes", origin->name);
    json_object_end(json);
}

void record_put_members(struct json *json, const struct subject *subject)
{
    const struct subject_members *members = &subject->members;

    if (members->verdict == NULL)
        return;
    json_object_begin(json, "members");
    json_put_int(json, "count", (int64_t)members->count);
    json_put_int(json, "bytes", (int64_t)members->bytes);
    json_put_bool(json, "complete", members->verdict[0] == '\0');
    record_put_known(json, "verdict", members->verdict);
    json_object_end(json);
}
