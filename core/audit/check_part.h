/* audit/check_part: parts of a check. What audit/check's own files share; nobody else includes it.
 *
 *     check_files.c   each file in the archives and the quarantine against its row
 *     check_rests.c   rests of an abrupt end, and records that lie alone
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

/* Rows first; what is not where its row says may yet be found among the files, and is told of in
 * the end. */
int check_rows(struct checking *checking) MUST_CHECK;
int check_files(struct checking *checking) MUST_CHECK;
int check_rows_in_the_end(struct checking *checking) MUST_CHECK;

/* Tells of it, or counts it as repaired. */
void check_report(struct checking *checking, const struct finding *finding);

/* The same of what lies at `path` of the place that is looked at. 0. */
int check_tell(struct checking *checking, enum finding_kind kind, const char *id, const char *path,
               const char *detail, bool repaired);

/* Whether a row says that something was filed at `path` of it that the record beside it, if there
 * is one, does not speak of: 1, 0, negative errno. */
int check_is_known(struct checking *checking, const char *path) MUST_CHECK;
/* Whether something lies there; what cannot be looked at may well. */
bool check_is_there(const struct checking *checking, const char *root, const char *path);

struct tree_file;
int check_leftover(struct checking *checking, const struct tree_file *file) MUST_CHECK;
int check_lone_sidecar(struct checking *checking, const struct tree_file *file) MUST_CHECK;

/* Marks that one part leaves for the other. */
#define MARK_KNOWN   "known "  /* with a root: a path; check_rows has told what is wrong there */
#define MARK_MOVED   "moved "  /* with a root: a path; that place is empty for a reason */
#define MARK_MISSING "missing" /* an id: it is not at its place */
#define MARK_AWAITED "awaited" /* an id: decided, neither in work/ nor seen yet */
#define MARK_TOLD    "told"    /* a root or an inbox: told once */
#define MARK_SIZE    (sizeof MARK_MOVED + SETTINGS_NAME_MAX + 16)

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
