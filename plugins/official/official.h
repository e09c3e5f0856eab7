/* official: what the files of this plugin share: the kinds, and what is found in one document. */
#ifndef OFFICIAL_H
#define OFFICIAL_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/lexicon.h"
#include "view.h"

#define OFFICIAL_SCHEME "official"
#define PARTS_MAX       80 /* parts of a document that are told */
#define SIGNALS_MAX     32 /* what speaks for and against */
#define HEAD_LINES      60 /* lines in which a title is looked for */
#define ATTACHMENTS_MAX 30

/* An instance; nothing in it changes after open(). */
struct ending {
    const char *text; /* folded: a title of this kind ends so */
    uint32_t len;
    uint32_t kind; /* index of the label */
};

struct formula {
    const char *text; /* as the user wrote it */
    uint32_t kind;
    double weight;
};

struct kinds {
    struct definitions labels;
    const struct ending *endings;
    size_t ending_count;
    const struct formula *formulas; /* the ids of the lexicon's terms */
    size_t formula_count;
    const struct lexicon *lexicon;
};

/* Parts, each a fact; the order is that of their names in publish.c. */
enum part_id {
    PART_ORGAN,
    PART_NUMBER,
    PART_TITLE,
    PART_TITLE_ORGAN,
    PART_SUBJECT,
    PART_RECIPIENTS,
    PART_ATTACHMENT,
    PART_SIGNATURE,
    PART_DATE,
    PART_COPIES,
    PART_PRINTER,
    PART_PRINTED,
    PART_INDEX,
    PART_KEYWORDS,
    PART_RELEASED,
    PART_SIGNER,
    PART_BODY,
    PART_ANNEX,
    PART_COUNT,
};

struct part {
    enum part_id id;
    struct range range; /* folded */
    const char *value;  /* of the task; NULL: what stands in the text */
    const char *rule;   /* how it was found */
    double score;
};

struct signal {
    struct range range; /* folded */
    double weight;
    const char *reason;
};

/* What is known of a document; lines are indices of the view. */
struct findings {
    const struct kinds *kinds;
    struct view view;
    struct part parts[PARTS_MAX];
    size_t part_count;
    struct signal signals[SIGNALS_MAX];
    size_t signal_count;
    uint32_t kind;
    size_t title_first;
    size_t title_last;
    size_t body_first;  /* the line in which the body begins */
    size_t body_end;    /* the line behind its last */
    struct range body;  /* folded; empty: none */
    struct range annex; /* the text of the attachments; empty: none */
    struct piece piece; /* scratch, of whoever is at work */
    struct piece other; /* the same */
};

/* parts.c. Both leave out what there is no room for. */
void findings_part(struct findings *findings, enum part_id id, struct range range, const char *rule,
                   double score);
/* `value` is copied. */
void findings_value(struct findings *findings, enum part_id id, struct range range,
                    const char *value, const char *rule, double score);
void findings_signal(struct findings *findings, struct range range, double weight,
                     const char *reason);
/* The first part of that id, or NULL. */
const struct part *findings_get(const struct findings *findings, enum part_id id);
/* The bytes of the text that a folded range stands for; NULL when there are none. */
const char *findings_text(const struct findings *findings, struct range range, size_t *out_len);
/* Takes the number as a part, written as the standard has it. */
struct number;
void findings_number(struct findings *findings, const struct piece *piece,
                     const struct number *number, const char *rule, double score);

/* kinds.c: reads `endings` and `formulas` of every kind. 0 or -ENOMEM; mistakes are counted. */
int kinds_read(struct kinds *kinds, struct definitions_check *check);
/* The kind that a title with this text names by its end: its ending, or NULL. Brackets behind the
 * name are passed over. *out_begin: where the ending begins. */
const struct ending *kinds_of_title(const struct kinds *kinds, const char *text, size_t len,
                                    size_t *out_begin);

/* glance.c: may this be an official document? Looks at the first lines only. */
int glance(const struct kinds *kinds, const struct taxon_document *document);

/* header.c: the table that pages put in front of a document (索引号, 发文机关, …). */
void header_find(struct findings *findings);
/* Is the piece a line of such a table, or of what a page says of itself? */
int header_is_label(const struct piece *piece);

/* title.c: the title and its parts. 1, or 0 when there is none. */
int title_find(struct findings *findings);

/* head.c: what stands above the body: number, organ, note under the title, recipients. */
void head_find(struct findings *findings);

/* tail.c: signature and date; end.c: attachments, copies, printing. They set the body's end. */
void tail_find(struct findings *findings);
void end_find(struct findings *findings, size_t signed_line);
/* Where in the piece the date begins that it ends with; its length when there is none. */
struct dates_date;
size_t tail_date(const char *text, size_t len, struct dates_date *out_date);

/* weigh.c: gathers what the wording says, and returns the score, 0 to 1. */
double weigh(struct findings *findings);

/* publish.c: the label and the facts. */
int32_t publish(struct findings *findings, double score);

#endif
