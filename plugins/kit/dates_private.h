/* kit/dates_private: what the files of the date finder share. Only they include it. */
#ifndef KIT_DATES_PRIVATE_H
#define KIT_DATES_PRIVATE_H

#include "kit/dates.h"

#define DATES_CONTEXT_MAX      160 /* bytes of context on each side, as written */
#define DATES_HEAD_PLACES      120
#define DATES_TAIL_PLACES      80
#define DATES_NO_LINE          UINT32_MAX
#define DATES_HEAD_LINES       14 /* lines with text that a stamp without label may stand in */
#define DATES_SENTENCES_BEFORE 2  /* lines of running text that an event may stand in */

/* Text beside a date, made plain: one blank for several, pinyin glosses dropped, punctuation of
 * half width, Latin letters small, the characters of our words Simplified. NUL-terminated. */
struct dates_context {
    char text[DATES_CONTEXT_MAX + 1];
    size_t len;
    int cut; /* the line goes on beyond it */
};

/* Makes [begin, end) of `text` plain; of more than fits, what is next to the date is kept: the end
 * if `keep_end`, else the beginning. */
void dates_context_init(struct dates_context *context, const char *text, size_t begin, size_t end,
                        int keep_end);
int dates_context_ends(const struct dates_context *context, size_t len, const char *word);
int dates_context_begins(const struct dates_context *context, const char *word);
int dates_context_holds(const struct dates_context *context, const char *word);

enum dates_form {
    DATES_FORM_FIGURES, /* 2024-05-17: stamps are so written, sentences are not */
    DATES_FORM_CHINESE, /* with 月 or 年 */
    DATES_FORM_WORDS,   /* 17 May 2024 */
};

/* One date that stands in the head or the tail of a text. */
struct dates_place {
    struct dates_date date;
    size_t begin;
    size_t end;
    size_t line_begin; /* of the line without white space at both ends */
    size_t line_end;
    uint32_t line;      /* lines with text above it; DATES_NO_LINE: far from the top */
    uint32_t below;     /* lines with text below it; DATES_NO_LINE: far from the end */
    uint32_t sentences; /* lines of running text above it, of those that were read */
    int is_sentence;    /* its own line is running text */
    enum dates_form form;
    int ends_range;              /* 2018-2030年: the other end stands before it */
    struct dates_context before; /* on its line */
    struct dates_context after;
};

struct dates_scan {
    struct taxon_task *task;
    const char *text;
    size_t len;
    struct dates_place *places;
    size_t count;
};

/* Finds the dates of the head and of the tail, in order. 0 or -ENOMEM. */
int dates_scan_init(struct dates_scan *scan, struct taxon_task *task, const char *text, size_t len);

enum dates_role {
    DATES_ROLE_NONE,
    DATES_ROLE_PUBLISHED, /* a stamp, a dateline, a signature */
    DATES_ROLE_SOURCE,    /* a stamp that tells of the source's date */
    DATES_ROLE_COPIED,    /* a stamp that tells of a copy's date */
    DATES_ROLE_EVENT,     /* what is reported happened then */
};

struct dates_finding {
    enum dates_role role;
    double score;
    const char *reason;
    const struct dates_place *place;
    struct dates_date date; /* with the year, once it is known */
    const char *year_from;  /* NULL: it stands there */
};

#define DATES_NOTHING ((struct dates_finding){.role = DATES_ROLE_NONE})

struct dates_finding dates_found(const struct dates_place *place, enum dates_role role,
                                 double score, const char *reason);

/* What a label in front of the date at `place` says that it is of. */
struct dates_finding dates_label_role(const struct dates_place *place);

/* Says what the date at `place` is of. */
struct dates_finding dates_role_of(const struct dates_place *place);

/* Finds the year of a finding whose date has none. `stamp`, or NULL, is when the document was
 * published. 1, with date, score and year_from set, or 0: it cannot be known. */
int dates_year_find(const struct dates_scan *scan, const struct dates_date *stamp,
                    struct dates_finding *finding);

#endif
