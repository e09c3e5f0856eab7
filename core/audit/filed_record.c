/* audit/filed_record: a record read back, as far as a row of the catalog needs it.
 *
 * Called by check and rebuild. A record in an archive can have been written by anybody: it is
 * bounded before it is parsed, each member is checked, and the caller holds it against the
 * document's bytes before it believes it.
 */
#include "audit/filed_record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/id.h"

#define RECORD_VERSION 1
#define VALUES_MAX     2000000u /* jansson takes about a hundred bytes for each */
#define LABELS_MAX     100000u  /* limits.labels cannot be more */
#define NAME_MAX_LEN   255u     /* of an inbox, a rule, a scheme, a label */
#define NS_PER_MS      INT64_C(1000000)

static int wrong(struct err *err, const char *what)
{
    return err_set(err, -EINVAL, "its record is not one of taxond: %s", what);
}

/* What a parser would have to keep is counted by what separates values. */
static bool is_bounded(const char *text, size_t len)
{
    size_t values = 0;

    for (size_t i = 0; i < len; i++)
        values += text[i] == ',' || text[i] == '[' || text[i] == '{';
    return values <= VALUES_MAX;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly `size` bytes. */
static bool read_hex(const char *hex, size_t size, uint8_t *out_bytes)
{
    if (strlen(hex) != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = nibble(hex[2 * i]);
        int low = nibble(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out_bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* The bytes of a path: as text, or in hexadecimal where it is none. NULL: neither, or a NUL in it.
 */
static char *path_at(const json_t *object, const char *key, const char *bytes_key)
{
    const char *hex = json_string_value(json_object_get(object, bytes_key));
    size_t len;
    char *path;

    if (hex == NULL) {
        const char *text = text_at(object, key);
        return strlen(text) < PATH_MAX ? strdup(text) : NULL;
    }
    len = strlen(hex) / 2;
    path = len < PATH_MAX ? malloc(len + 1) : NULL;
    if (path == NULL)
        return NULL;
    path[len] = '\0';
    if (read_hex(hex, len, (uint8_t *)path) && strlen(path) == len)
        return path;
    free(path);
    return NULL;
}

/* RFC 3339 as base/clock writes it; what is none counts as 0. */
static int64_t time_at(const json_t *object, const char *key)
{
    struct tm when = {0};
    int ms = 0;
    int end = 0;
    const char *text = text_at(object, key);

    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &when.tm_year, &when.tm_mon, &when.tm_mday,
               &when.tm_hour, &when.tm_min, &when.tm_sec, &ms, &end) != 7 ||
        end == 0 || text[end] != '\0')
        return 0;
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    return (int64_t)timegm(&when) * 1000 + ms;
}

static bool is_short(const char *text)
{
    return strlen(text) <= NAME_MAX_LEN;
}

static int read_labels(struct filed_record *record, struct err *err)
{
    const json_t *labels = json_object_get(record->json, "labels");
    size_t count = json_array_size(labels); /* 0 when it is none: a failed document has no labels */
    size_t kept = 0;

    if (count > LABELS_MAX)
        return wrong(err, "too many labels");
    record->labels = calloc(count + 1, sizeof *record->labels);
    if (record->labels == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const json_t *label = json_array_get(labels, i);
        struct catalog_label *row = &record->labels[kept];

        row->scheme = text_at(label, "scheme");
        row->id = text_at(label, "id");
        row->score = json_number_value(json_object_get(label, "score"));
        row->holds = true;
        kept += row->scheme[0] != '\0' && row->id[0] != '\0' && is_short(row->scheme);
    }
    record->row.decision.labels = record->labels;
    record->row.decision.label_count = kept;
    return 0;
}

/* Without one the document is not found as like another: it may be of a version that made none. */
static void read_sketch(struct filed_record *record)
{
    const json_t *signatures = json_object_get(record->json, "signatures");
    const json_t *earlier = json_object_get(record->json, "copy_of");
    struct catalog_decision *decision = &record->row.decision;

    for (size_t i = 0; i < json_array_size(signatures); i++) {
        const json_t *signature = json_array_get(signatures, i);
        uint8_t data[MINHASH_SIZE];

        if (strcmp(text_at(signature, "by"), "taxond") == 0 &&
            read_hex(text_at(signature, "data"), sizeof data, data) &&
            minhash_unpack(data, sizeof data, &record->sketch))
            decision->sketch = &record->sketch;
    }
    decision->sketch_is_known = json_number_value(json_object_get(earlier, "similarity")) >= 1;
}

static int read_origin(struct filed_record *record, struct err *err)
{
    struct catalog_claim *claim = &record->row.claim;
    const json_t *size = json_object_get(record->json, "size");
    const char *id = text_at(record->json, "id");
    int64_t modified_ms = time_at(record->json, "modified");

    if (!id_is_valid(id))
        return wrong(err, "'id' is no id");
    memcpy(claim->id.text, id, sizeof claim->id.text);
    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return wrong(err, "'size' is no number");
    claim->size = (uint64_t)json_integer_value(size);
    claim->inbox = text_at(record->json, "inbox");
    record->path = path_at(record->json, "path", "path_bytes");
    if (!is_short(claim->inbox) || record->path == NULL)
        return wrong(err, "'inbox' or 'path' cannot be");
    claim->path = record->path;
    claim->claimed_ms = time_at(record->json, "received");
    if (__builtin_mul_overflow(modified_ms, NS_PER_MS, &claim->mtime_ns))
        claim->mtime_ns = modified_ms < 0 ? INT64_MIN : INT64_MAX;
    return 0;
}

static int read_decision(struct filed_record *record, struct err *err)
{
    struct catalog_decision *decision = &record->row.decision;
    const json_t *plan = json_object_get(record->json, "plan");
    json_int_t attempts = json_integer_value(json_object_get(record->json, "attempts"));

    decision->id = record->row.claim.id;
    /* A document that was too large was never read, and is in the quarantine for it. */
    if (json_object_get(record->json, "sha256") == NULL &&
        strcmp(text_at(plan, "root"), "quarantine") == 0)
        memset(&decision->digest, 0, sizeof decision->digest);
    else if (!read_hex(text_at(record->json, "sha256"), DIGEST_SIZE, decision->digest.bytes) ||
             !digest_is_known(&decision->digest))
        return wrong(err, "'sha256' is no digest");
    /* Zero, as in a row, where there is no text. */
    if (!read_hex(text_at(record->json, "text_sha256"), DIGEST_SIZE, decision->text_digest.bytes))
        memset(&decision->text_digest, 0, sizeof decision->text_digest);
    record->target = path_at(plan, "target", "target_bytes");
    decision->rule = text_at(plan, "rule");
    if (record->target == NULL || record->target[0] == '\0' || !is_short(decision->rule))
        return wrong(err, "'plan' cannot be");
    decision->target = record->target;
    decision->sidecar = true;
    read_sketch(record);
    record->row.attempts = attempts > 0 && attempts <= UINT32_MAX ? (uint32_t)attempts : 1;
    return read_labels(record, err);
}

int filed_record_parse(const char *text, size_t len, struct filed_record *out_record,
                       struct err *err)
{
    json_error_t error;
    int result = 0;

    memset(out_record, 0, sizeof *out_record);
    if (!is_bounded(text, len))
        return wrong(err, "it has more values than a record can have");
    out_record->json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (out_record->json == NULL)
        return err_set(err, -EINVAL, "its record is no JSON: line %d, column %d: %s", error.line,
                       error.column, error.text);
    if (json_integer_value(json_object_get(out_record->json, "record")) != RECORD_VERSION)
        result = wrong(err, "it does not have \"record\": 1");
    if (result == 0)
        result = read_origin(out_record, err);
    if (result == 0)
        result = read_decision(out_record, err);
    if (result < 0)
        filed_record_release(out_record);
    return result;
}

void filed_record_release(struct filed_record *record)
{
    json_decref(record->json);
    free(record->path);
    free(record->target);
    free(record->labels);
    memset(record, 0, sizeof *record);
}

bool filed_record_is_of(const struct filed_record *record, const struct measure *measure,
                        bool in_quarantine)
{
    const struct digest *digest = &record->row.decision.digest;

    if (record->row.claim.size != measure->size)
        return false;
    if (!digest_is_known(digest))
        return in_quarantine;
    return memcmp(digest->bytes, measure->digest.bytes, DIGEST_SIZE) == 0;
}

void filed_record_place(struct filed_record *record, const struct place *place, const char *path,
                        const struct measure *document, const struct measure *sidecar,
                        const struct strbuf *text)
{
    struct catalog_filed *row = &record->row;

    row->claim.device = document->device;
    row->claim.inode = document->inode;
    row->decision.root = place->root;
    row->decision.record = strbuf_text(text);
    row->decision.record_len = text->len;
    row->decision.decided_ms = sidecar->mtime_ms; /* it is written when its document is placed */
    row->filed_ms = sidecar->mtime_ms;
    row->effect = place->quarantine ? CATALOG_EFFECT_QUARANTINED : CATALOG_EFFECT_PLACED;
    row->placed = path;
}
