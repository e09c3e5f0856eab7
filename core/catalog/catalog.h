/* catalog/catalog: the journal and the memory: one SQLite database (WAL, synchronous=FULL).
 *
 * Used by one thread at a time (the line's batch thread). What keeps a second taxond away is the
 * line's lock on the state folder. Rows are
 * batched: everything between catalog_begin and catalog_commit becomes durable together.
 *
 * A document's row goes claimed → decided → filed, or claimed → gone (its file was not there any
 * more and nothing was taken). `attempts` is committed before the attempt is made.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/id.h"
#include "base/minhash.h"

struct catalog;

enum catalog_state {
    CATALOG_CLAIMED = 1, /* about to be moved into work/, or there */
    CATALOG_DECIDED = 2, /* record and plan are set; to be placed */
    CATALOG_FILED = 3,   /* done: see effect */
    CATALOG_GONE = 4     /* vanished before it was taken */
};

/* What came of a filed document. */
enum catalog_effect {
    CATALOG_EFFECT_NONE = 0,
    CATALOG_EFFECT_PLACED = 1,      /* at `placed` */
    CATALOG_EFFECT_SAME = 2,        /* the same bytes were at `placed` already; no second copy */
    CATALOG_EFFECT_QUARANTINED = 3, /* in the quarantine, at `placed` */
    CATALOG_EFFECT_DROPPED = 4,     /* was in the quarantine, and was removed on request */
};

struct catalog_claim {
    struct id id;
    const char *inbox; /* its name */
    const char *path;  /* bytes, relative to the inbox, NUL-terminated */
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    int64_t mtime_ns;
    int64_t claimed_ms; /* wall clock */
};

/* A label as a row, for queries. */
struct catalog_label {
    const char *scheme;
    const char *id;
    double score;
    bool holds;
};

/* What is done beside filing. */
struct catalog_also {
    uint32_t kind;
    const char *root;
    const char *target; /* path below the root, as the rule gives it */
    uint64_t amount;
    const char *text; /* the document's, as a JSON string; NULL: none */
    size_t text_len;
};

/* What is known once the judge has decided. */
struct catalog_decision {
    struct id id;
    struct digest digest;      /* of the bytes; zero when they could not be read */
    struct digest text_digest; /* of the text; zero when there is none */
    const char *root;          /* "archive:NAME" or "quarantine" */
    const char *target;        /* path below the root, as the rule gives it */
    const char *rule;          /* "" for quarantine */
    uint32_t policy;           /* enum conflict_policy */
    bool sidecar;
    const char *record; /* the record, one JSON object in one line */
    size_t record_len;
    const struct catalog_label *labels;
    size_t label_count;
    const struct catalog_also *also;
    size_t also_count;
    const struct minhash *sketch; /* of its text; NULL: none */
    bool sketch_is_known;         /* an earlier document has the same: that one is found by it */
    int64_t decided_ms;
};

/* A row that is not finished, at start. Strings live until the callback returns. */
struct catalog_open_row {
    enum catalog_state state; /* CLAIMED or DECIDED */
    struct catalog_claim claim;
    uint32_t attempts;
    struct catalog_decision decision; /* DECIDED only; neither labels nor sketch
                                           are read back */
};

struct catalog_counts {
    uint64_t claimed;
    uint64_t decided;
    uint64_t filed; /* with effect PLACED */
    uint64_t same;
    uint64_t quarantined;
    uint64_t dropped;
    uint64_t gone;
};

/* Opens or creates `path`, and brings an older one up to date. -EUCLEAN: no database, or a damaged
 * one; -ENOTSUP: of a newer schema; err says what to do. Damage that only shows later is -EUCLEAN
 * from whatever comes upon it. */
int catalog_open(const char *path, struct catalog **out_catalog, struct err *err) MUST_CHECK;
/* Read-only, for the command line, beside a running taxond. */
int catalog_open_readonly(const char *path, struct catalog **out_catalog,
                          struct err *err) MUST_CHECK;
void catalog_close(struct catalog *catalog);

int catalog_begin(struct catalog *catalog, struct err *err) MUST_CHECK;
int catalog_commit(struct catalog *catalog,
                   struct err *err) MUST_CHECK; /* durable when it returns */
void catalog_rollback(struct catalog *catalog);

/* Within a transaction. -ENOENT when the id has no row, or its state does not allow the step:
 * decided may follow claimed or decided (a plan that could not be carried out is replaced), filed
 * follows decided, gone follows claimed or decided. */
int catalog_add_claim(struct catalog *catalog, const struct catalog_claim *claim, uint32_t attempts,
                      struct err *err) MUST_CHECK;
int catalog_set_attempts(struct catalog *catalog, const struct id *id, uint32_t attempts,
                         struct err *err) MUST_CHECK;
int catalog_set_decided(struct catalog *catalog, const struct catalog_decision *decision,
                        struct err *err) MUST_CHECK;
/* `placed`: path below the root as it became. */
int catalog_set_filed(struct catalog *catalog, const struct id *id, enum catalog_effect effect,
                      const char *placed, int64_t filed_ms, struct err *err) MUST_CHECK;
/* What became of the document's `place`-th thing beside filing, with its row filed in the same
 * transaction; `placed` NULL: it could not be done. Its text is forgotten. */
int catalog_set_also(struct catalog *catalog, const struct id *id, size_t place, const char *placed,
                     struct err *err) MUST_CHECK;
/* Whether a copy or link of a document was put there beside its filing: 1, 0 or negative errno. */
int catalog_is_also(struct catalog *catalog, const char *root, const char *placed,
                    struct err *err) MUST_CHECK;
/* What is done with a document beside filing it, in the rule's order. `placed`: path below the root
 * as it became, NULL: not done (yet). Strings live until `found` returns; stops at its first result
 * that is not 0 and returns it. */
int catalog_each_also(struct catalog *catalog, int64_t number,
                      int (*found)(void *context, const struct catalog_also *also,
                                   const char *placed),
                      void *context, struct err *err) MUST_CHECK;
/* A filed document has been moved to make room for a later one. Nothing happens when its row does
 * not say that it was at `from`. */
int catalog_set_moved(struct catalog *catalog, const struct id *id, const char *root,
                      const char *from, const char *to, struct err *err) MUST_CHECK;
int catalog_set_gone(struct catalog *catalog, const struct id *id, struct err *err) MUST_CHECK;

/* Opens a row that is GONE again, since its file is there after all: it is CLAIMED. */
int catalog_reopen(struct catalog *catalog, const struct id *id, uint32_t attempts,
                   struct err *err) MUST_CHECK;

/* The state of one row and its path (malloc'd, the caller's). -ENOENT when there is none. */
int catalog_find(struct catalog *catalog, const struct id *id, enum catalog_state *out_state,
                 char **out_path, struct err *err) MUST_CHECK;

/* Every row that is CLAIMED or DECIDED, oldest first; `found` may call the setters above. Stops at
 * its first result that is not 0 and returns it. */
int catalog_each_open(struct catalog *catalog,
                      int (*found)(void *context, const struct catalog_open_row *row),
                      void *context, struct err *err) MUST_CHECK;

/* Where the same bytes (by their digest) were filed in that root by a rule with same-is-same, the
 * last first: how many paths (malloc'd, the caller's), at most CATALOG_SAME_MAX; or negative errno.
 */
#define CATALOG_SAME_MAX 4
int catalog_look_same(struct catalog *catalog, const struct digest *digest, const char *root,
                      char *out_placed[CATALOG_SAME_MAX], struct err *err) MUST_CHECK;

/* In catalog_near.c: documents whose text may be like that of a sketch, by number, so the earlier
 * one first; never `id` itself. How many, at most CATALOG_NEAR_MAX; or negative errno. */
#define CATALOG_NEAR_MAX 12
struct catalog_near {
    struct id id;
    struct digest digest; /* of its bytes; zero when not known */
    struct minhash sketch;
};
/* Many look-ups are cheaper between these two; nothing is written there. */
int catalog_begin_look(struct catalog *catalog, struct err *err) MUST_CHECK;
void catalog_end_look(struct catalog *catalog);
int catalog_look_near(struct catalog *catalog, const struct minhash *sketch, const struct id *id,
                      struct catalog_near out_near[CATALOG_NEAR_MAX], struct err *err) MUST_CHECK;

/* One document's row and record. Strings are malloc'd; catalog_document_release frees them. */
struct catalog_document {
    int64_t number; /* rows come in the order in which their documents were claimed */
    struct id id;
    enum catalog_state state;
    enum catalog_effect effect; /* FILED only */
    uint32_t attempts;
    char *inbox;
    char *path;           /* relative to the inbox */
    char *root;           /* "archive:NAME", "quarantine"; "" before it is decided */
    char *placed;         /* path below the root as it became; "" before it is filed */
    char *target;         /* path below the root that the rule gave; "" before it is decided */
    char *record;         /* one JSON object; "" before it is decided */
    int64_t filed_ms;     /* wall clock; 0 before it is filed */
    uint64_t size;        /* as claimed */
    struct digest digest; /* of the bytes; zero before it is decided */
    bool sidecar;         /* its record was written beside it */
};

/* -ENOENT when there is none. */
int catalog_look(struct catalog *catalog, const struct id *id,
                 struct catalog_document *out_document, struct err *err) MUST_CHECK;
/* The document that was filed there last without a record beside it: there are no sidecars, or the
 * same bytes were there already. */
int catalog_look_bare(struct catalog *catalog, const char *root, const char *placed,
                      struct catalog_document *out_document, struct err *err) MUST_CHECK;
/* The same whether there is a record beside it or was one once: then it looks at every row. */
int catalog_look_placed(struct catalog *catalog, const char *root, const char *placed,
                        struct catalog_document *out_document, struct err *err) MUST_CHECK;
/* The row after `*number` (0: the first); `*number` becomes its own. 1, 0 when there is none, or
 * negative errno. */
int catalog_next(struct catalog *catalog, int64_t *number, struct catalog_document *out_document,
                 struct err *err) MUST_CHECK;
void catalog_document_release(struct catalog_document *document);

/* In catalog_mend.c: for those who hold the catalog against the disk (audit). */

/* A document that was filed, all of it. */
struct catalog_filed {
    struct catalog_claim claim;
    uint32_t attempts;
    struct catalog_decision decision;
    enum catalog_effect effect;
    const char *placed;
    int64_t filed_ms;
};

/* Within a transaction. -EEXIST when the id has a row. */
int catalog_add_filed(struct catalog *catalog, const struct catalog_filed *filed,
                      struct err *err) MUST_CHECK;
/* Within a transaction: a filed document now lies elsewhere, and with it those that the same bytes
 * at its place stand for. */
int catalog_move(struct catalog *catalog, const struct catalog_document *document,
                 const char *to_root, const char *to_placed, struct err *err) MUST_CHECK;
/* Whether a document on its way to `root` has these bytes: 1 and its id, 0, or negative errno. */
int catalog_find_open(struct catalog *catalog, const char *root, const struct digest *digest,
                      struct id *out_id, struct err *err) MUST_CHECK;
/* How many rows without a record beside their document say that it lies there: *out_count. */
int catalog_count_bare(struct catalog *catalog, const char *root, const char *placed,
                       uint64_t *out_count, struct err *err) MUST_CHECK;
/* Notes of two texts that last as long as the catalog is open, are nobody else's and grow on disk,
 * not in memory. catalog_is_marked: 1, 0 or negative errno. */
int catalog_mark(struct catalog *catalog, const char *first, const char *second,
                 struct err *err) MUST_CHECK;
int catalog_unmark(struct catalog *catalog, const char *first, const char *second,
                   struct err *err) MUST_CHECK;
int catalog_is_marked(struct catalog *catalog, const char *first, const char *second,
                      struct err *err) MUST_CHECK;
/* The next id noted with `first` after *id ("": the first): 1, 0 or negative errno. */
int catalog_next_marked(struct catalog *catalog, const char *first, struct id *id,
                        struct err *err) MUST_CHECK;
/* SQLite's own check of the whole database; -EUCLEAN with the first thing that it found.
 * `quick`: without comparing indexes with their tables. */
int catalog_check_pages(struct catalog *catalog, bool quick, struct err *err) MUST_CHECK;

/* In catalog_backup.c. A copy of the catalog at `from` as it is at one moment, beside a running
 * taxond, which is not held up: made under a name of its own, checked, synced, renamed to `to`,
 * mode 0600. -EEXIST when `to` is there, unless `replace`. `step` (may be NULL) hears how far it
 * is. */
struct catalog_progress {
    void (*step)(void *context, uint64_t done, uint64_t all); /* pages */
    void *context;
};
int catalog_backup(const char *from, const char *to, bool replace,
                   const struct catalog_progress *progress, struct err *err) MUST_CHECK;

/* A document in quarantine: what is needed to take it in hand again. Strings are malloc'd. */
struct catalog_quarantined {
    char *inbox;
    char *path;
    uint64_t size;
    int64_t mtime_ns;
    int64_t claimed_ms;
    char *by; /* the plugin that sent it there, "topics@1.0#0123456789ab"; "" for none */
};

/* -ENOENT when it is not there, or not any more. */
int catalog_quarantined(struct catalog *catalog, const struct id *id,
                        struct catalog_quarantined *out_row, struct err *err) MUST_CHECK;
void catalog_quarantined_release(struct catalog_quarantined *row);

/* Within a transaction; -ENOENT when the row does not allow the step. Released: CLAIMED again, at
 * its first attempt, while its file is still in the quarantine. Kept: the way back, when that file
 * cannot be had. Dropped: FILED still, with that effect; dropping again is allowed. */
int catalog_set_released(struct catalog *catalog, const struct id *id, struct err *err) MUST_CHECK;
int catalog_set_kept(struct catalog *catalog, const struct id *id, struct err *err) MUST_CHECK;
int catalog_set_dropped(struct catalog *catalog, const struct id *id, struct err *err) MUST_CHECK;

/* Every document in quarantine, oldest first. Looks at every row: for a person who asks. Stops at
 * the first result of `found` that is not 0 and returns it. */
int catalog_each_quarantined(struct catalog *catalog,
                             int (*found)(void *context, const struct catalog_document *document),
                             void *context, struct err *err) MUST_CHECK;

/* In catalog_members.c. */

/* What is known of a document besides its bytes. */
struct catalog_origin {
    bool is_member;          /* else only the strings from `url` on mean something */
    struct digest container; /* of the bytes of the container that it was in */
    uint64_t member;         /* its index there */
    uint32_t depth;          /* containers that it was in */
    int64_t outermost;       /* the row of the outermost one */
    const char *name;        /* bytes: as its container gives it */
    const char *url;         /* "" when unknown, as those below */
    const char *date;
    const char *charset;
    const char *media_type;
};

/* One block (malloc'd) with its strings in it; NULL without memory. */
struct catalog_origin *catalog_origin_copy(const struct catalog_origin *origin);
/* Of one document: 1 and a copy, the caller's; 0 none; or negative errno. */
int catalog_origin_read(struct catalog *catalog, const struct id *id,
                        struct catalog_origin **out_origin, struct err *err) MUST_CHECK;

/* How far a container has come. */
struct catalog_container {
    int64_t number;
    uint64_t next; /* the member that is to be taken next, and where it begins (0: unknown) */
    uint64_t next_offset;
    bool ended;     /* no more are to be taken */
    uint64_t taken; /* members, and their bytes, not counting those inside of members */
    uint64_t bytes;
    char verdict[512]; /* what is wrong with it, and which limits were reached; "" nothing */
    /* of the outermost container that it came in, or its own */
    int64_t outermost;
    uint64_t outermost_size;
    uint64_t used_members; /* taken out of it, at any depth */
    uint64_t used_bytes;
};

/* All zero but the numbers and sizes when none was taken yet. -ENOENT: no such document. */
int catalog_container_read(struct catalog *catalog, const struct id *id,
                           struct catalog_container *out_container, struct err *err) MUST_CHECK;

/* A member that was taken; its file is complete and durable. */
struct catalog_member {
    struct catalog_claim claim;
    struct digest digest;
    struct catalog_origin origin;
};

/* Within a transaction, the three of them. Rows of members, asleep, and the checkpoint with
 * them: `members` and `bytes` more were used of the outermost. Then the container is put to sleep;
 * so is any CLAIMED document. */
int catalog_add_members(struct catalog *catalog, const struct catalog_container *container,
                        const struct catalog_member *members, size_t count,
                        struct err *err) MUST_CHECK;
int catalog_sleep(struct catalog *catalog, const struct id *id, const struct digest *digest,
                  struct err *err) MUST_CHECK;
/* The next that is asleep and need not be (a container whose members are all filed, a member whose
 * turn it is), below row `*number`: 1, `*number` its row, and it is awake, at its first attempt; 0
 * none. Strings of the row are malloc'd: catalog_woken_release. */
struct catalog_woken {
    struct catalog_claim claim;
    struct digest digest;
    bool is_member;
    struct catalog_origin *origin; /* NULL: none */
};
int catalog_wake(struct catalog *catalog, int64_t *number, struct catalog_woken *out_woken,
                 struct err *err) MUST_CHECK;
void catalog_woken_release(struct catalog_woken *woken);
int catalog_count_asleep(struct catalog *catalog, uint64_t *out_count, struct err *err) MUST_CHECK;

/* Looks at every row: for a person who asks. */
int catalog_count(struct catalog *catalog, struct catalog_counts *out_counts,
                  struct err *err) MUST_CHECK;

/* Rows that are not finished: as many looks as there are of those. */
int catalog_count_open(struct catalog *catalog, uint64_t *out_count, struct err *err) MUST_CHECK;

#endif
