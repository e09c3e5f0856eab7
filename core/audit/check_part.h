/* audit/check_part: parts of a check. What audit/check's own files share; nobody else includes it.
 *
 *     check_files.c   each file in the archives and the quarantine against its row
 *     check_rows.c    each row against the disk
 *     check_mend.c    what --repair writes
 */
#ifndef AUDIT_CHECK_PART_H
#define AUDIT_CHECK_PART_H

#include "audit/check.h"
#include "audit/filed_record.h"
#include "audit/places.h"

struct checking {
    struct check *check;
    struct places places;
    const struct place *place; /* whose files are being looked at */
    struct err *err;
};

/* Files first: what was moved is known then, and its row's old place is not missed. */
int check_files(struct checking *checking) MUST_CHECK;
int check_rows(struct checking *checking) MUST_CHECK;

/* Tells of it, or counts it as repaired. */
void check_report(struct checking *checking, const struct finding *finding);

/* Marks that one part leaves for the other. */
#define MARK_MOVED  "moved from " /* with a root: that place is empty for a reason */
#define MARK_PLACED "placed"      /* with an id: a decided document is where it belongs */
#define MARK_TOLD   "told"        /* with a root or an inbox: told once */

/* 0 when it is mended; else what kept it, with no word in err: the finding stays. A catalog that
 * cannot be written is told in *checking->err and ends the check: returned as 1. */
int check_mend_sidecar(struct checking *checking, const struct catalog_document *document,
                       const struct place *place, const char *sidecar) MUST_CHECK;
/* `state`: of the row that its id has and that does not know of its filing; 0: it has none. */
int check_mend_row(struct checking *checking, const struct filed_record *record,
                   enum catalog_state state) MUST_CHECK;
int check_mend_place(struct checking *checking, const struct catalog_document *document,
                     const char *path) MUST_CHECK;

#endif
