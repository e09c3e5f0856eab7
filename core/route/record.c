/* route/record: the record of a document as JSON.
 *
 * Called by the line once a document is decided (the text goes into the catalog and, the same
 * bytes, into the sidecar) and by the command line. Members come in the order in which a person
 * asks: what is it, where from, what did it turn out to be, why, where to. What is not known is
 * left out rather than written as null. It reads the subject and the plan and nothing else: no
 * clock, no files.
 */
#include "route/record.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "route/findings.h"
#include "route/record_part.h"

#define RECORD_VERSION 1

static void put_time(struct json *json, const char *key, int64_t wall_ms)
{
    char text[CLOCK_RFC3339_SIZE];

    clock_rfc3339(wall_ms, text);
    json_put_text(json, key, text);
}

static void put_digest(struct json *json, const char *key, const struct digest *digest)
{
    char hex[DIGEST_HEX_SIZE];

    digest_hex(digest, hex);
    json_put_text(json, key, hex);
}

static void put_origin(struct json *json, const struct subject *subject)
{
    json_put_text(json, "id", subject->id.text);
    record_put_name(json, "name", "name_bytes", subject->name);
    json_put_text(json, "source", subject->source);
    record_put_known(json, "inbox", subject->inbox);
    if (subject->path != NULL)
        record_put_name(json, "path", "path_bytes", subject->path);
    record_put_member_of(json, subject);
    record_put_known(json, "url", findings_url(subject));
    record_put_known(json, "date", subject->origin.date);
    json_put_int(json, "size", (int64_t)subject->size);
    if (digest_is_known(&subject->digest)) /* not that of what is too large, or unreadable */
        put_digest(json, "sha256", &subject->digest);
    if (subject->reply != NULL)
        put_digest(json, "text_sha256", &subject->reply->text_digest);
    put_time(json, "received", subject->received_ms);
    put_time(json, "modified", subject->mtime_ms);
}

static void put_charset(struct json *json, const struct reply *reply)
{
    json_object_begin(json, "charset");
    json_put_text(json, "name", reply->charset);
    json_put_real(json, "score", reply->charset_score);
    record_put_known(json, "declared", reply->charset_declared);
    if (reply->rival_count > 0) {
        json_array_begin(json, "rivals");
        for (size_t i = 0; i < reply->rival_count; i++) {
            json_object_begin(json, NULL);
            json_put_text(json, "name", reply->rivals[i].charset);
            json_put_real(json, "score", reply->rivals[i].score);
            json_object_end(json);
        }
        json_array_end(json);
    }
    json_object_end(json);
}

static void put_language(struct json *json, const struct subject *subject)
{
    json_object_begin(json, "language");
    json_put_text(json, "id", findings_language(subject));
    json_put_text(json, "script", findings_script(subject));
    json_put_real(json, "share", subject->reply->language_share);
    json_object_end(json);
}

/* Bytes of which charset were read as which, and whether the text is the mended one. */
static void put_mojibake(struct json *json, const struct reply_damage *damage)
{
    json_put_text(json, "charset", damage->mojibake_charset);
    json_put_text(json, "read_as", damage->mojibake_read_as);
    json_put_real(json, "gain", damage->mojibake_gain);
    json_put_int(json, "lost", (int64_t)damage->mojibake_lost);
    json_put_bool(json, "mended", damage->mojibake_mended);
}

static void put_damage(struct json *json, const struct subject *subject)
{
    bool begun = false;

    for (int i = 0; i < DAMAGE_KINDS; i++) {
        enum damage_kind kind = (enum damage_kind)i;
        uint64_t count = findings_damage(subject, kind);
        if (count == 0)
            continue;
        if (!begun)
            json_array_begin(json, "damage");
        begun = true;
        json_object_begin(json, NULL);
        json_put_text(json, "kind", findings_damage_name(kind));
        json_put_int(json, "count", (int64_t)count);
        if (kind == DAMAGE_MOJIBAKE)
            put_mojibake(json, &subject->reply->damage);
        json_object_end(json);
    }
    if (begun)
        json_array_end(json);
}

static void put_dates(struct json *json, const struct subject *subject)
{
    static const struct {
        const char *fact;
        const char *key;
    } dates[] = {{"date-published", "published"},
                 {"date-event", "event"},
                 {"date-copied", "copied"}};
    bool begun = false;

    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        const struct reply_fact *fact = findings_fact(subject, dates[i].fact);
        if (fact == NULL)
            continue;
        if (!begun)
            json_object_begin(json, "dates");
        begun = true;
        json_put_text(json, dates[i].key, fact->value);
    }
    if (begun)
        json_object_end(json);
}

static void put_usable(struct json *json, const struct reply *reply)
{
    bool usable = reply->unusable[0] == '\0';

    json_put_bool(json, "usable", usable);
    if (usable)
        return;
    json_object_begin(json, "unusable");
    json_put_text(json, "verdict", reply->unusable);
    record_put_known(json, "reason", reply->unusable_reason);
    json_object_end(json);
}

static void put_near(struct json *json, const struct near *near)
{
    if (near == NULL || near->kind == NEAR_NOT)
        return;
    json_object_begin(json, near->kind == NEAR_COPY ? "copy_of" : "version_of");
    json_put_text(json, "id", near->id.text);
    if (digest_is_known(&near->digest))
        put_digest(json, "sha256", &near->digest);
    json_put_real(json, "similarity", near->similarity);
    json_put_real(json, "containment", near->containment);
    json_object_end(json);
}

static void put_reading(struct json *json, const struct subject *subject)
{
    const struct reply *reply = subject->reply;
    const struct reply_fact *title = findings_fact(subject, "title");

    json_put_text(json, "media_type", reply->media_type);
    record_put_known(json, "reader", reply->reader);
    put_charset(json, reply);
    put_language(json, subject);
    put_damage(json, subject);
    if (title != NULL)
        json_put_text(json, "title", title->value);
    put_dates(json, subject);
    put_usable(json, reply);
    put_near(json, subject->near);
}

static void put_failure(struct json *json, const struct subject *subject)
{
    if (subject->failure == NULL)
        return;
    json_object_begin(json, "failure");
    record_put_known(json, "stage", subject->failure_stage);
    record_put_known(json, "by", subject->failure_by);
    json_put_text(json, "reason", subject->failure);
    json_object_end(json);
}

static void put_trace(struct json *json, const struct plan *plan)
{
    if (plan->trace_count == 0)
        return;
    json_array_begin(json, "rules");
    for (size_t i = 0; i < plan->trace_count; i++) {
        const struct rule_trace *trace = &plan->trace[i];
        json_object_begin(json, NULL);
        json_put_text(json, "rule", trace->rule);
        json_put_bool(json, "matched", trace->matched);
        record_put_known(json, "clause", trace->clause);
        if (!trace->matched)
            json_put_text(json, "saw", trace->saw);
        json_object_end(json);
    }
    json_array_end(json);
}

static const char *also_what(enum also_kind kind)
{
    switch (kind) {
    case ALSO_HARD_LINK:
        return "hard";
    case ALSO_EMIT_TEXT:
        return "text";
    case ALSO_EMIT_BOTH:
        return "both";
    default:
        return "";
    }
}

/* As planned; which name each came to have, where its own was taken, only the catalog knows. */
static void put_also(struct json *json, const struct plan *plan)
{
    bool begun = false;

    for (size_t i = 0; i < plan->also_count; i++) {
        const struct plan_also *also = &plan->also[i];
        if (also->kind == ALSO_ORIGIN)
            continue;
        if (!begun)
            json_array_begin(json, "also");
        begun = true;
        json_object_begin(json, NULL);
        json_put_text(json, also_word(also->kind), also->target);
        json_put_text(json, "root", also->root);
        record_put_known(json, "what", also_what(also->kind));
        json_object_end(json);
    }
    if (begun)
        json_array_end(json);
}

/* The target's bytes, too, where it is no UTF-8: the archive can be found again by its records. */
static void put_plan(struct json *json, const struct plan *plan)
{
    json_object_begin(json, "plan");
    record_put_known(json, "rule", plan->rule);
    json_put_text(json, "root", plan->root);
    json_put_text(json, "target", plan->target);
    if (!utf8_is_valid(plan->target, strlen(plan->target)))
        record_put_hex(json, "target_bytes", plan->target, strlen(plan->target));
    put_also(json, plan);
    json_object_end(json);
}

void record_write(const struct subject *subject, const struct plan *plan, unsigned indent,
                  struct strbuf *out_text)
{
    struct json json;

    json_init(&json, out_text, indent);
    json_object_begin(&json, NULL);
    json_put_int(&json, "record", RECORD_VERSION);
    put_origin(&json, subject);
    record_put_members(&json, subject);
    put_failure(&json, subject);
    if (subject->reply != NULL)
        put_reading(&json, subject);
    if (subject->reply != NULL)
        record_put_results(&json, subject);
    if (plan != NULL) {
        put_trace(&json, plan);
        put_plan(&json, plan);
    }
    json_put_int(&json, "generation", (int64_t)subject->generation);
    json_put_int(&json, "attempts", subject->attempts);
    if (subject->reply != NULL)
        record_put_timings(&json, subject->reply);
    json_object_end(&json);
    if (indent > 0)
        strbuf_putc(out_text, '\n');
}
