/* line/document: one document on its way: a slot that is filled at the claim and emptied when the
 * row "filed" is committed. There are limits.queue of them; none free means claim no more.
 *
 * A document is always in exactly one hand: a list of the line, the batch thread, or the pool.
 */
#ifndef LINE_DOCUMENT_H
#define LINE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/minhash.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "inbox/claim.h"
#include "inbox/intake.h"
#include "pool/pool.h"
#include "route/near.h"
#include "route/place.h"
#include "route/rules.h"
#include "wire/stage.h"

struct line;
struct line_inbox;

#define DOCUMENT_BY_SIZE   256 /* "topics@1.0#0123456789ab" */
#define DOCUMENT_NAME_SIZE 512 /* the shown name: a file name of 255 bytes, bad ones widened */

struct document {
    struct document *next; /* in the list that holds it */
    struct line *line;
    struct id id;
    struct line_inbox *from;
    char source[DOCUMENT_NAME_SIZE]; /* as configured when it was taken: settings come and go */
    char *path;                      /* bytes, relative to the inbox; owned */
    char name[DOCUMENT_NAME_SIZE];   /* as shown */
    struct claimed file;             /* fd -1 until it is in work/ */
    struct digest digest;
    uint64_t seen_us;    /* monotonic: when it was known to be complete */
    int64_t received_ms; /* wall clock */
    uint32_t attempts;
    bool replayed; /* its row stood open when we started */
    bool suspect;  /* in hand at several abrupt ends: tried one at a time */
    bool released; /* comes from the quarantine: its claim is to take it from there */
    struct line_request *request; /* who asked for that and waits, or NULL */
    bool given_out; /* by the intake, which has not been told that the claim is over */
    struct attempt attempt;
    struct arena reply_arena;

    /* once it is answered, or given up */
    struct generation *generation; /* whose rules decide; the plan points into them */
    const struct reply *reply;     /* in reply_arena; NULL: none, or decided */
    bool undecided;                /* in a list of decided ones all the same: the batch decides */

    /* members.c */
    struct catalog_origin *origin; /* what is known besides its bytes; malloc'd; NULL: nothing */
    bool stored;                   /* this turn's members are counted */
    struct taking *taking;         /* it is a container: what is being taken out of it; malloc'd */

    /* once it is decided */
    struct minhash sketch; /* of its text, if there are keys */
    uint64_t keys[MINHASH_KEYS];
    size_t key_count;
    struct near near;   /* the earlier document that it is like */
    struct arena arena; /* plan and labels */
    struct plan plan;
    struct strbuf record;
    struct strbuf text; /* clean, as a JSON string; "" when no stream takes it, or it is too long */
    struct catalog_label *labels;
    size_t label_count;
    struct digest text_digest;
    struct strbuf summary;      /* what the log says of it: "news/report 0.93, ecology" */
    bool decided_row;           /* the row is committed: a new attempt only places */
    char failure[ERR_TEXT_MAX]; /* of the last attempt; "" when there was none */
    char failure_stage[STAGE_NAME_SIZE];
    char failure_by[DOCUMENT_BY_SIZE]; /* the plugin whose stage that was; "" for none */

    /* what the batch thread leaves */
    int step_result; /* of the claim or the placement */
    int read_result; /* of digesting it; negative: the digest is not known yet */
    struct err step_err;
    struct placement placement;
    char *also_placed[PLAN_ALSO_MAX]; /* where each of plan.also came to be; malloc'd */
    struct err also_err;              /* of one that cannot be done */
    char *aside;                      /* malloc'd: where an older document went for it */
    struct id older;
    enum catalog_effect effect;
    bool gone;
    bool kept;     /* released in vain: it is in the quarantine still, and its row is to say so */
    bool returned; /* put back into its inbox, until a plugin is on again */
    bool tried;    /* to be placed before, in vain: folders may have been made and not synced */
};

struct document_list {
    struct document *first;
    struct document **last;
    uint32_t count;
};

void document_list_init(struct document_list *list);
void document_list_push(struct document_list *list, struct document *document);
struct document *document_list_pop(struct document_list *list);
/* Moves up to `most` documents from the front of one list to the end of another. */
void document_list_move(struct document_list *from, struct document_list *to, uint32_t most);

/* The slots. */
struct documents {
    struct document *slots;
    uint32_t count;
    struct document_list free;
};

int documents_init(struct documents *documents, struct line *line, uint32_t count);
void documents_release(struct documents *documents);
/* An empty slot with a new id, or NULL when there is none. */
struct document *document_take(struct documents *documents);
/* Closes and frees what it holds; the slot is free again. */
void document_give_back(struct documents *documents, struct document *document);
/* What came of its plan beside filing. */
void document_forget_also(struct document *document);
/* Sets where it comes from. */
void document_set_inbox(struct document *document, struct line_inbox *from);
/* Sets path (taken over) and the shown name. */
void document_set_path(struct document *document, char *path);

#endif
