/* audit/filed_record: a record (route/record) read back, as far as a row of the catalog needs it.
 * What audit's own files share; nobody else includes it.
 */
#ifndef AUDIT_FILED_RECORD_H
#define AUDIT_FILED_RECORD_H

#include <jansson.h>

#include "audit/places.h"
#include "catalog/catalog.h"

/* Texts live as long as the record. */
struct filed_record {
    json_t *json;
    char *path;   /* bytes, malloc'd */
    char *target; /* bytes, malloc'd */
    struct catalog_label *labels;
    struct minhash sketch;
    struct catalog_filed row; /* without what only the place tells: root, placed, effect, times */
};

/* -EINVAL with what is wrong. Nothing is to be released then. */
int filed_record_parse(const char *text, size_t len, struct filed_record *out_record,
                       struct err *err) MUST_CHECK;
void filed_record_release(struct filed_record *record);

/* Whether it speaks of these bytes. In the quarantine a document may have been too large to be
 * read: its record then has no digest, and its size decides. */
bool filed_record_is_of(const struct filed_record *record, const struct measure *measure,
                        bool in_quarantine);

/* Completes the row with where the document lies. `text` is the record's; all strings are borrowed.
 */
void filed_record_place(struct filed_record *record, const struct place *place, const char *path,
                        const struct measure *document, const struct measure *sidecar,
                        const struct strbuf *text);

#endif
