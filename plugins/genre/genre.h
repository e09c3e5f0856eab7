/* genre: what the files of this plugin share. */
#ifndef GENRE_H
#define GENRE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/lexicon.h"
#include "kit/pattern.h"

#define GENRE_SCHEME    "genre"
#define UNUSABLE_SCHEME "unusable"

enum cue_kind { CUE_TERMS, CUE_LINES, CUE_STRUCTURE };

/* One cue of a label, as its file has it. */
struct cue {
    uint32_t label;
    enum cue_kind kind;
    uint32_t at;      /* AT_… (lines.h); 0: anywhere */
    uint32_t min;     /* hits it takes before they count */
    uint32_t max;     /* hits beyond which they do not count any more */
    uint32_t per;     /* hits are taken for each so many letters of the text; 0: as they are */
    int in_furniture; /* 1: counts in page furniture, too */
    double cap;       /* most that it adds or takes off */
    double absent;    /* added instead where there are fewer than `min` or more than `max` */
};

/* A term, a pattern, a structure or a measure of a cue. */
struct cue_item {
    uint32_t cue;
    uint32_t structure; /* CUE_STRUCTURE: its index, or STRUCTURE_NONE for a measure */
    uint32_t measure;   /* that measure's index */
    const char *folded; /* CUE_TERMS, CUE_LINES */
    size_t folded_len;
    double weight;
    const char *reason;
};

/* What the scan of a line needs of an item that is looked for line by line: small, since every line
 * passes all of them. */
struct line_item {
    uint32_t item;
    uint32_t at;              /* as its cue's */
    int in_furniture;         /* as its cue's */
    uint32_t structure;       /* CUE_STRUCTURE: its index; else STRUCTURE_NONE */
    struct pattern_keys keys; /* CUE_LINES */
};

#define STRUCTURE_NONE UINT32_MAX

/* The labels of a scheme and their cues; nothing in it changes after open(). */
struct cue_set {
    const char *scheme;
    int sees_furniture; /* 1: there is no page furniture: all of its cues count everywhere */
    struct definitions labels;
    uint8_t *is_rest; /* by label: holds when nothing else does */
    struct cue *cues;
    uint32_t cue_count;
    struct cue_item *items; /* in the order of their cues */
    uint32_t item_count;
    struct line_item
        *line_items; /* the items that are looked for line by line, not in the lexicon */
    uint32_t line_item_count;
    const struct lexicon *lexicon; /* ids are indexes of items */
};

/* cues.c: reads `cues` and `rest` of every label. Mistakes are counted in `check`. 0 or -ENOMEM. */
int cues_read(struct cue_set *set, struct definitions_check *check);

/* score.c: counts, scores and publishes. *out_holds: does any label hold? */
int32_t score_document(const struct cue_set *set, struct taxon_task *task,
                       const struct taxon_document *document, int *out_holds);

#endif
