/* line/line_state: the line's own state, shared by its files and nobody else. */
#ifndef LINE_LINE_STATE_H
#define LINE_LINE_STATE_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "catalog/catalog.h"
#include "inbox/inbox.h"
#include "inbox/intake.h"
#include "line/document.h"
#include "line/line.h"
#include "line/roots.h"
#include "line/watchdog.h"
#include "pool/conduct.h"
#include "pool/pool.h"
#include "route/rules.h"

/* Pause before what could not be done now is tried again: doubled each time, up to the most. */
#define LINE_RETRY_FIRST_MS 1000u
#define LINE_RETRY_MOST_MS  60000u

/* How many more tries a document gets that was in hand at an abrupt end of taxond each time, or
 * that could not be read: there may have been another cause. */
#define LINE_MORE_ATTEMPTS 8u

/* An inbox that is being watched, or one that a reload took away and that still has documents on
 * their way. */
struct line_inbox {
    struct line_inbox *next;
    struct line *line;
    struct inbox *inbox;
    struct intake *intake; /* NULL once it has stopped */
    bool leaving;          /* no longer configured */
    bool stopping;         /* its intake is being closed */
    bool replaced;         /* and leaving: another folder is at its path now */
    uint32_t documents;    /* slots that come from it */

    /* upkeep.c */
    struct err lost;       /* the path does not lead to it: why, and what is done; "" it does */
    uint64_t retry_due_us; /* not before that time is the folder that is there opened */
    uint32_t retry_ms;
    struct err told_trouble; /* what the log was told last */
    uint64_t told_trouble_us;
    uint64_t told_scan_us; /* when it was told of the running scan; 0: it was not */
    const struct file_system *told_remote;
};

/* Something that was asked of the line about one document in quarantine. */
struct line_request {
    struct line_request *next;
    bool drop; /* else release */
    struct id id;
    void (*done)(void *context, const char *failure); /* NULL: nobody waits */
    void *context;
    int result; /* of a drop */
};

struct line_requests {
    struct line_request *first;
    struct line_request **last;
    uint32_t count;
};

/* What is being taken out of a container. */
struct taking {
    struct catalog_container row; /* how far it has come */
    int spool_fd;                 /* where this turn's members go; -1: none */
    bool only_describe;           /* no more are to be taken: its record is wanted */
    struct arena arena;           /* of what a worker said of this turn's members */
    struct reply_member *members;
    size_t count;
    struct catalog_member *rows; /* malloc'd; the batch thread's: those members as documents */
};

/* One turn of the batch thread. It owns the documents in its lists until it is done. */
struct batch {
    uv_work_t work;
    struct document_list claims;     /* to be claimed: row, then work/ */
    struct document_list attempts;   /* a new attempt to be counted */
    struct document_list decided;    /* answered or given up: to be decided, committed and placed */
    struct document_list filed;      /* placed (or gone): the last row */
    struct document_list containers; /* their checkpoint is to be read, and a spool opened */
    struct document_list windows;    /* their spool is to be emptied: members become documents */
    struct document_list wakes;      /* empty slots for documents that are asleep */
    struct catalog_woken *woken; /* malloc'd; of as many of them, in their order, as there are */
    size_t woken_count;
    struct line_requests drops; /* to be removed from the quarantine */
    bool has_conduct;           /* line->conduct_text is to be written */
    int result;                 /* of the commit; 0 or negative errno */
    struct err err;
    uint64_t syncs; /* made by this batch, SQLite's not counted */
};

enum line_phase { LINE_RUNNING, LINE_DRAINING, LINE_STOPPING };

struct line_totals {
    uint64_t filed;
    uint64_t same;
    uint64_t quarantined;
    uint64_t gone;
    uint64_t batches;
    uint64_t syncs;
    uint64_t retries;
    uint64_t released; /* from the quarantine */
    uint64_t held;     /* looks at files that wait in their inbox for a plugin that is off */
};

struct line {
    uv_loop_t *loop;
    struct line_options options;
    char *config_file;
    char *state_folder;
    int lock_fd; /* STATE/lock */
    char program[4096];
    enum line_phase phase;
    int exit_status;
    struct catalog *catalog; /* the batch thread's while a batch runs */
    struct pool *pool;
    struct generation *generation; /* in force; its companion is its struct rules */
    uint64_t generation_last;      /* the highest number given out */
    struct roots roots;
    struct line_inbox *inboxes;
    struct line_inbox *next_inbox; /* whose turn it is to be claimed from */
    struct documents documents;
    struct document_list attempts_due; /* counted with the next batch, then tried */
    struct document_list decided;
    struct document_list filed;
    struct document_list held;       /* decided, could not be placed; tried again later */
    struct document_list unread;     /* in work/, could not be read; tried again later */
    struct document_list suspects;   /* replayed more than once, fewest times first */
    bool suspect_out;                /* one of them is being tried */
    struct document_list containers; /* a spool is wanted, */
    struct document_list windows;    /* or is full */
    uint64_t asleep;                 /* documents whose rows say so */
    bool all_sleep;                  /* none of those can be woken before something is filed */
    struct batch batch;
    bool batch_running;
    uint32_t pooled;   /* documents in the pool's hands */
    uv_timer_t gather; /* a batch waits for company */
    bool gather_over;
    bool untaken;     /* something could not be claimed, or taken up: it is where it was */
    bool no_room;     /* the catalog could not be written: no batch before the retry */
    uv_timer_t retry; /* held documents, or no room */
    uint32_t retry_ms;
    struct err held_why; /* of the document that was held back last */
    uv_timer_t upkeep;
    struct watchdog watchdog;
    uv_idle_t turn;        /* pump on the loop's next turn */
    unsigned open_handles; /* and intakes that a reload is stopping */
    bool parts_stopping;
    unsigned stopping_parts; /* pool, intakes */
    void (*stopped)(void *context, int status);
    void *stopped_context;
    void (*reload_done)(void *context, const char *failure);
    void *reload_context;
    bool reload_running;
    bool reload_again; /* a SIGHUP came meanwhile: what it is about may not have been read */
    struct line_inbox *reload_inboxes; /* opened for it, not yet watched */
    struct generation *reload_ready;   /* in force in the pool, to be swapped in by reload_apply */
    struct conduct conduct;            /* how plugins have behaved */
    struct strbuf conduct_text;        /* its file's text: the batch thread's while a batch runs */
    bool switch_due;                   /* a plugin is off that the generation in force still asks */
    bool reload_switches;              /* the reload that runs is for that */
    struct line_requests requests;     /* about documents in quarantine */
    DIR *walk;                         /* through the quarantine, for what can be tried again */
    int64_t started_ms;
    struct line_totals totals;
};

/* line.c: looks what is to be done next and does it; cheap to call. On the loop's next turn. */
void line_pump_soon(struct line *line);
/* line.c: stops everything with exit status 1, on the loop's next turn or when the running batch is
 * done; what is in hand is finished at the next start. */
void line_fail(struct line *line, const char *why);
/* line.c: an end that was waited for has come; frees the line if it was the last. */
void line_finish_if_stopped(struct line *line);
/* line.c: frees everything; no handle may be open. */
void line_release(struct line *line);

/* decide.c: decides what is not decided yet of the batch. 0, or negative errno with batch->err. */
int decide_batch(struct catalog *catalog, struct batch *batch) MUST_CHECK;
/* rows.c: commits the rows of a batch, if it has any. */
int rows_commit(struct line *line, struct batch *batch) MUST_CHECK;
/* also.c: what the plan says beside filing, after the document is placed. 0, or what a later try
 * may mend; what none can mend is told in document->also_err. On the batch thread. */
int also_run(struct line *line, struct document *document, struct err *err);
/* aside.c: finds again who gave way to a document that is placed a second time. 0 or -errno. */
int aside_recover(struct line *line, struct document *document);
/* same.c: looks whether the archive has these bytes already. 1: placed there; 0; negative errno. */
int same_look(struct line *line, const struct batch *batch, struct document *document,
              struct err *err);
/* results.c: whether the passing of time, or an administrator, may mend such an error. */
bool results_is_passing(int result);

/* batch.c: the work itself, on the calling thread (replay, before the loop runs). */
void batch_run(struct line *line, struct batch *batch);
/* What the document's plan and the settings say of its placement; the root is not among it. */
void batch_fill_placement(const struct line *line, const struct document *document,
                          struct placement *placement);
void batch_init(struct batch *batch);

/* results.c: sends each document of a finished batch on. */
void results_take(struct line *line, struct batch *batch);
/* results.c: the commit failed for want of room and nothing of the batch has happened: tries again
 * later. */
void results_put_back(struct line *line, struct batch *batch);
/* results.c: empties a slot. */
void results_forget(struct line *line, struct document *document);

/* members.c: whether the answer is for it: of a container that is not done. */
bool members_take_answer(struct line *line, struct document *document,
                         struct attempt *attempt) MUST_CHECK;
/* members.c: what the job is to do with members. */
void members_fill_job(const struct document *document, struct job *job);
/* members.c: forgets what is known of origin and members; closes the spool. */
void members_forget(struct document *document);
/* members.c: of what is being taken out of it alone: it is asked anew. */
void members_forget_taking(struct document *document);
/* members.c: what a job and a subject are told of where it is from. */
void members_fill_subject(const struct document *document, struct subject *subject);
/* members_turn.c: into a batch; what came of it; and back, when nothing of it has happened. */
void members_gather(struct line *line, struct batch *batch, uint32_t most);
void members_results(struct line *line, struct batch *batch);
void members_put_back(struct line *line, struct batch *batch);
void members_forget_woken(struct batch *batch);
/* members_store.c, on the batch thread: before the transaction, within it, after it. */
int members_store(struct line *line, struct batch *batch) MUST_CHECK;
int members_commit(struct line *line, struct batch *batch) MUST_CHECK;
void members_open_spools(struct line *line, struct batch *batch);
/* members_store.c: whether it has members to be put away or documents to wake. */
bool members_has_rows(const struct batch *batch);
/* members_turn.c: opens a document whose row tells that it was a member, at a start. */
/* 1: it is; 0: it is not there; or negative errno. */
int members_open(struct document *document) MUST_CHECK;
/* members_turn.c: at a start: removes what was taken and has no row. */
int members_clean(struct line *line, struct line_inbox *inbox, struct err *err) MUST_CHECK;
/* results.c: it cannot be read or taken apart now. */
void results_unread(struct line *line, struct document *document);

/* judge.c: hands a claimed document to the pool. */
void judge_submit(struct line *line, struct document *document);
/* judge.c: decides a document that failed for good (document->failure says why). */
void judge_quarantine(struct line *line, struct document *document);

/* replay.c: finishes or takes up again what an abrupt end left. Before the loop runs. */
int replay_run(struct line *line, struct err *err) MUST_CHECK;

/* start.c: reads the rules of a generation whose manifest is known; kept as its companion. */
int generation_attach_rules(struct generation *generation, struct err *err) MUST_CHECK;

/* start_catalog.c: opens the catalog of the settings' state folder, which is locked. */
int start_catalog(const struct settings *settings, struct catalog **out_catalog,
                  struct err *err) MUST_CHECK;

/* reload.c: swaps in what a reload has prepared, when no batch runs. */
void reload_apply(struct line *line);
/* reload.c: the line stops: whoever waits for a reload hears of it. */
void reload_cancel(struct line *line);
void reload_release(struct line *line);
/* reload.c: brings `generation` into force, which differs from the one in force by plugins that are
 * switched off. */
void reload_switch(struct line *line, struct generation *generation);

/* failing.c: an attempt failed: notes the plugin to blame in the document. */
void failing_blame(struct document *document, const struct attempt *attempt);
/* failing.c: the last attempt at a document failed: it counts against that plugin, which may be
 * switched off for it. */
void failing_count(struct line *line, const struct document *document,
                   const struct attempt *attempt);
/* failing.c: a document was answered: whoever took part has not failed in a row. */
void failing_forgive(struct line *line, const struct attempt *attempt);
/* failing.c: whether a document is to wait for a plugin that is off. */
bool failing_holds(const struct line *line, const char *source, const char *path);
/* failing.c: puts a document in hand back into its inbox, to wait there. */
void failing_return(struct line *line, struct document *document);
/* failing.c: begins to switch off what is to be. When no batch and no reload runs. */
void failing_apply(struct line *line);

/* failing.c, on the batch thread, first of all: writes down how plugins have behaved. */
void failing_remember(struct line *line, struct batch *batch);

/* quarantine.c, on the batch thread: rows of what is dropped, in the batch's transaction; then its
 * folders; a released document's move into work/, and its opening. */
int quarantine_commit_drops(struct catalog *catalog, struct batch *batch) MUST_CHECK;
void quarantine_remove_dropped(struct line *line, struct batch *batch);
int quarantine_take_out(struct line *line, struct document *document) MUST_CHECK;
/* quarantine.c: fills the batch with what was asked for and there are slots for. When no batch
 * runs. */
void quarantine_gather(struct line *line, struct batch *batch, uint32_t most);
/* quarantine.c: begins to look for documents that a plugin sent to quarantine which has another
 * digest now; goes on looking; whether anything is left to do. */
void quarantine_walk_begin(struct line *line);
void quarantine_walk_step(struct line *line);
bool quarantine_is_idle(const struct line *line);
/* quarantine.c: tells who asked (failure NULL: done) and frees the request; NULL allowed. */
void quarantine_answer(struct line_request *request, const char *failure);
void quarantine_answer_drops(struct batch *batch, const char *failure);
/* quarantine.c: the line stops: whoever waits hears of it. */
void quarantine_cancel(struct line *line);
void requests_init(struct line_requests *requests);

/* inboxes.c. `prepare` opens those of `settings` that are not open yet; `apply` puts them into the
 * list, reconfigures the ones that stay and takes away the others. */
int inboxes_open(struct line *line, const struct settings *settings, struct err *err) MUST_CHECK;
int inboxes_prepare(struct line *line, const struct settings *settings,
                    struct line_inbox **out_added, struct err *err) MUST_CHECK;
void inboxes_cancel(struct line_inbox *added);
void inboxes_apply(struct line *line, const struct settings *settings, struct line_inbox *added);
/* Opens and watches the folder that is at the path of `old` now; `old` leaves. On failure all is as
 * it was. */
int inboxes_replace(struct line_inbox *old, struct err *err) MUST_CHECK;
struct line_inbox *inbox_find(const struct line *line, const char *name);
/* The one that has a file `id` in its work/. */
struct line_inbox *inbox_holding(const struct line *line, const char *id);
/* Forgets a document's inbox; closes the inbox when it is leaving and this was its last. */
void inbox_release(struct line *line, struct line_inbox *inbox);
/* upkeep.c: what is in the way of its files, for a person; "" nothing. */
const char *inbox_trouble(const struct line_inbox *inbox);
void upkeep_start(struct line *line);
/* Tells what was not told yet; before the intakes are stopped. */
void upkeep_finish(struct line *line);
int intake_begin(struct line_inbox *inbox, struct err *err) MUST_CHECK;

#endif
