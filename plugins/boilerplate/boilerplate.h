/* boilerplate: what the files of this plugin share. */
#ifndef BOILERPLATE_H
#define BOILERPLATE_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/definitions.h"
#include "kit/lexicon.h"
#include "kit/pattern.h"
#include "kit/pattern_set.h"

#define BOILERPLATE_SCHEME "boilerplate"
#define ROLES_MAX          32
#define NO_ROLE            UINT32_MAX
#define NO_STRUCTURE       UINT32_MAX

/* A line has a role from this score on, where the role's file says no other. */
#define HOLDS_SCORE 0.5

/* Where a line stands, and where in a line a term does. */
#define AT_HEAD       1u
#define AT_TAIL       2u
#define AT_LINE_BEGIN 4u
#define AT_LINE_END   8u

/* CUE_UNITS: the terms of the role placeholder, which are what a blank may count. */
enum cue_kind { CUE_TERMS, CUE_LINES, CUE_STRUCTURE, CUE_CONTINUES, CUE_UNITS };

/* What a role's file says of its lines as a whole. */
struct role {
    uint32_t at;  /* AT_HEAD and AT_TAIL: it stands nowhere else; 0: anywhere */
    uint32_t max; /* columns of its longest line */
    double floor; /* the sum from which on a line has it: its threshold, as a sum */
};

/* A term, a pattern or a structure. */
struct cue_item {
    uint32_t role;
    enum cue_kind kind;
    uint32_t at;        /* AT_…; 0: anywhere */
    uint32_t structure; /* CUE_STRUCTURE: its index */
    const char *folded; /* patterns */
    size_t folded_len;
    double weight;
    const char *reason;
};

/* What an item is looked at for. Terms are found by the lexicon, and in no list. */
enum item_use {
    USE_PATTERN,   /* a line against it */
    USE_STRUCTURE, /* measured in the first round */
    USE_LATE,      /* measured in the second round */
    USE_CONTINUES, /* whether the text goes on elsewhere */
    USE_UNIT,      /* behind a blank */
    USE_BLANK,     /* the patterns and structures of the role placeholder */
    USE_COUNT
};

struct weights;

struct item_list {
    uint32_t *ids; /* indexes of items */
    uint32_t count;
};

/* Roles that files of this plugin know by name; NO_ROLE where the user's files have none such. */
struct known_roles {
    uint32_t placeholder;
    uint32_t related;
    uint32_t comment;
    uint32_t pagination;
    uint32_t residue;
    uint32_t navigation;
    uint32_t footer;
    uint32_t aside; /* what has no kind of its own */
};

/* An instance; nothing in it changes after open(). */
struct boilerplate {
    struct definitions labels;
    struct role roles[ROLES_MAX];
    struct known_roles known;
    uint32_t weighed;  /* a bit for each role that weights count (line_features.c) */
    uint32_t by_words; /* and for those of them that words alone make */
    uint32_t max;      /* the greatest `max` of all roles */
    struct cue_item *items;
    uint32_t item_count;
    struct item_list lists[USE_COUNT];
    const struct pattern_set *patterns;  /* ids are places in lists[USE_PATTERN] */
    const struct pattern_set *continues; /* ids are places in lists[USE_CONTINUES] */
    const struct lexicon *lexicon;       /* ids are indexes of items */
    const struct weights *weights;       /* NULL: cues alone decide */
};

/* cues.c: reads what every role's file has. Mistakes are counted in `check`. 0 or -ENOMEM. */
int boilerplate_read_cues(struct boilerplate *boilerplate, struct definitions_check *check);

/* mark.c: marks and publishes. */
int32_t boilerplate_classify(const struct boilerplate *boilerplate, struct taxon_task *task,
                             const struct taxon_document *document);

#endif
