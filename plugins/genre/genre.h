/* genre: what the files of this plugin share. */
#ifndef GENRE_H
#define GENRE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/learnt.h"
#include "kit/lexicon.h"
#include "kit/pattern_set.h"
#include "structure.h"

#define GENRE_SCHEME    "genre"
#define UNUSABLE_SCHEME "unusable"

enum cue_kind { CUE_TERMS, CUE_LINES, CUE_STRUCTURE };

/* One cue of a label, as its file has it. */
struct cue {
    uint32_t label;
    enum cue_kind kind;
    uint32_t at;         /* AT_… (lines.h); 0: anywhere */
    uint32_t min;        /* hits it takes before they count */
    uint32_t max;        /* hits beyond which they do not count any more */
    uint32_t per;        /* hits are taken for each so many letters of the text; 0: as they are */
    int in_furniture;    /* 1: counts in page furniture, too */
    uint32_t item_begin; /* its items: [item_begin, item_end) of the set's */
    uint32_t item_end;
    double cap;    /* most that it adds or takes off */
    double absent; /* added instead where there are fewer than `min` or more than `max` */
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

/* What the scan of a line needs of an item that is looked for line by line. */
struct line_item {
    uint32_t item;
    uint32_t at;      /* as its cue's */
    int in_furniture; /* as its cue's */
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
    uint32_t *label_items; /* those of label i: [label_items[i], label_items[i + 1]) */
    /* The items that are looked for line by line, not in the lexicon: those of structure s are
     * [structure_starts[s], structure_starts[s + 1]), and patterns follow the last structure's. */
    struct line_item *line_items;
    uint32_t line_item_count;
    uint32_t structure_starts[STRUCTURE_COUNT + 1];
    struct learnt learnt; /* models of the scheme; none, for most */
    /* What the ids of the index begin with for this set. */
    uint32_t item_base;
    uint32_t line_base;
};

/* What all sets look for in a text, so that it is gone through once for all of them. */
struct cue_index {
    const struct lexicon *lexicon;      /* ids: an item's index and its set's item_base */
    const struct pattern_set *patterns; /* ids: a line item's index and its set's line_base */
};

/* An index in the making. */
struct cue_index_builder {
    struct lexicon_builder terms;
    struct pattern_set_item *patterns;
    size_t pattern_count;
    uint32_t item_count; /* of the sets so far */
    uint32_t line_count;
};

/* cues.c: reads `cues` and `rest` of every label. Mistakes are counted in `check`. 0 or -ENOMEM. */
int cues_read(struct cue_set *set, struct definitions_check *check,
              struct cue_index_builder *builder);

/* cues.c: makes the index of all sets that were read, if `r` is 0, and releases the builder.
 * Returns `r` or -ENOMEM. */
int cues_index(struct cue_index_builder *builder, int r, struct taxon_opening *opening,
               struct cue_index *out_index);

#endif
