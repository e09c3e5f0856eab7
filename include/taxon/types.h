/* taxon/types.h: what travels across the border between taxond and a plugin.
 *
 * Rules of this border, which stand as long as the ABI major (TAXON_ABI_MAJOR):
 *   - every struct is passed by pointer and begins with `uint32_t struct_size`, which whoever made
 *     the struct sets to sizeof; a reader of the struct looks at no member beyond that size;
 *   - members are only ever appended, so an old plugin runs in a new host and the other way round;
 *   - arrays travel as pointer, count and stride (bytes from one element to the next), so that the
 *     element may grow; step through them with TAXON_AT;
 *   - text is UTF-8, given as pointer and length in bytes, and also terminated by a NUL where the
 *     member is called a C string;
 *   - offsets count bytes, [begin, end), of the document's decoded text unless said otherwise.
 *
 * Results of type int32_t are 0 or a negative errno value (errno(3)).
 */
#ifndef TAXON_TYPES_H
#define TAXON_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TAXON_ABI_MAJOR 1
#define TAXON_ABI_MINOR 2

/* The I-th element of an array that travels as (base, stride). */
#define TAXON_AT(type, base, stride, i)                                                            \
    ((const type *)(const void *)((const char *)(const void *)(base) + (size_t)(i) * (stride)))

/* "No offset": a span that points nowhere has both ends at this value. */
#define TAXON_NOWHERE ((size_t)-1)

/* Kinds of a node in a YAML tree. */
#define TAXON_NODE_SCALAR   1u
#define TAXON_NODE_SEQUENCE 2u
#define TAXON_NODE_MAPPING  3u

/* One node of a parsed, read-only YAML tree. Lives as long as the plugin's instance. */
struct taxon_node {
    uint32_t struct_size;
    uint32_t kind;   /* TAXON_NODE_… */
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1 */
    uint32_t quoted; /* scalar: 1 when written in quotes or as a block, else 0 */
    uint32_t reserved;
    const char *file; /* C string: the path as the configuration names it */
    const char *text; /* scalar: C string, `text_len` bytes (may hold no NUL); else NULL */
    size_t text_len;
    size_t count;                          /* elements of a sequence, pairs of a mapping */
    const struct taxon_node *const *keys;  /* mapping: `count` scalars, each key once; else NULL */
    const struct taxon_node *const *items; /* sequence or mapping: `count` nodes; else NULL */
};

/* Types of an option, and what its text in YAML may be. */
#define TAXON_OPTION_BOOL     1u /* true, false, yes, no, on, off */
#define TAXON_OPTION_INT      2u /* -12, 4096 */
#define TAXON_OPTION_REAL     3u /* 0.5 */
#define TAXON_OPTION_STRING   4u
#define TAXON_OPTION_DURATION 5u  /* 250ms, 2s, 5m, 1h, 7d; value in milliseconds */
#define TAXON_OPTION_BYTES    6u  /* 512, 64K, 16M, 2G (powers of 1024); value in bytes */
#define TAXON_OPTION_PATH     7u  /* relative to the folder of the configuration file */
#define TAXON_OPTION_CHOICE   8u  /* one of `choices` */
#define TAXON_OPTION_LIST     9u  /* a sequence of scalars of type `element` */
#define TAXON_OPTION_MAP      10u /* name: scalar of type `element` */

/* One row of an option table. The host parses, converts and checks; the plugin only reads. */
struct taxon_option {
    uint32_t struct_size;
    uint32_t type;        /* TAXON_OPTION_… */
    uint32_t element;     /* LIST and MAP: type of each element (not LIST or MAP), else 0 */
    uint32_t required;    /* 1: an error when absent; `fallback` is not used */
    const char *name;     /* C string, [a-z0-9_]+ */
    const char *fallback; /* C string, the default as it would be written in YAML; NULL: unset, and
                             the value that the plugin sees has kind 0 and is empty */
    const char *help;     /* C string: one sentence */
    const char *const *choices; /* CHOICE: C strings, ends with NULL; else NULL */
    double min; /* INT, REAL, DURATION (ms), BYTES, and elements: least value; ignored when */
    double max; /*   both are 0 */
};

/* A checked, converted value of an option. Lives as long as the plugin's instance. */
struct taxon_value {
    uint32_t struct_size;
    uint32_t type;    /* TAXON_OPTION_…; 0 when the option is unset */
    int64_t integer;  /* BOOL 0/1, INT, DURATION in ms, BYTES, CHOICE: index in `choices` */
    double real;      /* REAL (INT too) */
    const char *text; /* STRING, PATH (absolute), CHOICE: C string; else NULL */
    size_t text_len;
    size_t count;                           /* LIST, MAP: elements */
    const char *const *keys;                /* MAP: C strings; else NULL */
    const struct taxon_value *const *items; /* LIST, MAP; else NULL */
};

/* What another vocabulary calls the same thing: ("iptc", "06000000"). */
struct taxon_code {
    uint32_t struct_size;
    uint32_t reserved;
    const char *vocabulary; /* C string, [a-z0-9-]+ */
    const char *code;       /* C string: one line */
};

/* A label that a plugin may give: one entry of a closed vocabulary. `id` is a path of one or more
 * names joined with '/' ([a-z0-9-]); `ecology/air` lies below `ecology`. */
struct taxon_label_decl {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme;  /* C string; one of the descriptor's schemes */
    const char *id;      /* C string */
    const char *name_zh; /* C string or NULL */
    const char *name_en; /* C string or NULL */
    const char *parent;  /* C string: id of the label above, or NULL */
    double threshold;    /* 0..1: a score at or above it means the label holds */
    /* Since 1.1. */
    const char *definition;         /* C string, one line, or NULL: what the label means */
    const struct taxon_code *codes; /* may be NULL when the count is 0; at most 32 */
    size_t code_count;
    size_t code_stride;
};

/* A piece of evidence: where in the text, how much it weighed, and why, in a few words. */
struct taxon_evidence {
    uint32_t struct_size;
    uint32_t reserved;
    size_t begin; /* offsets of the text */
    size_t end;
    double weight;      /* contribution to the score; any finite number */
    const char *reason; /* C string or NULL */
};

/* A label given to the document as a whole. */
struct taxon_label {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme;                    /* C string */
    const char *id;                        /* C string: a label declared in that scheme */
    double score;                          /* 0..1, finite */
    const struct taxon_evidence *evidence; /* may be NULL when the count is 0 */
    size_t evidence_count;
    size_t evidence_stride;
};

/* A label given to a part of the text: a line of navigation, a byline. */
struct taxon_span {
    uint32_t struct_size;
    uint32_t reserved;
    const char *scheme; /* C string */
    const char *id;     /* C string: a label declared in that scheme */
    size_t begin;
    size_t end;
    double score;       /* 0..1, finite */
    const char *reason; /* C string or NULL */
};

/* Something the document states about itself. Well-known names: title, url, site, author,
 * date-published, date-event, date-copied, language, script, charset-declared, template,
 * incomplete, unusable. Dates are ISO 8601 (YYYY, YYYY-MM or YYYY-MM-DD). */
struct taxon_fact {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;  /* C string, [a-z0-9-]+ */
    const char *value; /* UTF-8, `value_len` bytes */
    size_t value_len;
    size_t begin; /* where it stands in the text, or TAXON_NOWHERE twice */
    size_t end;
    double score; /* 0..1: how sure */
    /* Since 1.1. */
    const char *reason; /* C string or NULL: how it was found, in a few words */
};

/* Kinds of block. */
#define TAXON_BLOCK_PARAGRAPH 1u
#define TAXON_BLOCK_HEADING   2u
#define TAXON_BLOCK_LIST_ITEM 3u
#define TAXON_BLOCK_TABLE_ROW 4u
#define TAXON_BLOCK_QUOTE     5u
#define TAXON_BLOCK_CODE      6u
#define TAXON_BLOCK_FORM      7u
#define TAXON_BLOCK_CAPTION   8u
#define TAXON_BLOCK_NAV       9u
#define TAXON_BLOCK_FOOTER    10u
#define TAXON_BLOCK_HEADER    11u
#define TAXON_BLOCK_ASIDE     12u
#define TAXON_BLOCK_OTHER     13u

/* Elements that a block lies in, as the source has them (taxon_block.elements). */
#define TAXON_IN_ARTICLE   0x1u
#define TAXON_IN_MAIN      0x2u
#define TAXON_IN_SECTION   0x4u
#define TAXON_IN_LIST      0x8u  /* ul, ol, menu, dir */
#define TAXON_IN_TERMS     0x10u /* dl */
#define TAXON_IN_TABLE     0x20u
#define TAXON_IN_ROW       0x40u /* a row of data */
#define TAXON_IN_PARAGRAPH 0x80u /* p */
#define TAXON_IN_HEADING   0x100u
#define TAXON_IN_QUOTE     0x200u
#define TAXON_IN_CODE      0x400u
#define TAXON_IN_FIGURE    0x800u
#define TAXON_IN_FORM      0x1000u
#define TAXON_IN_NAV       0x2000u
#define TAXON_IN_ASIDE     0x4000u
#define TAXON_IN_HEADER    0x8000u
#define TAXON_IN_FOOTER    0x10000u
#define TAXON_IN_DETAILS   0x20000u
#define TAXON_IN_BUTTON    0x40000u
#define TAXON_IN_EMPHASIS  0x80000u  /* b, strong; where the block begins */
#define TAXON_IN_BREAK     0x100000u /* the line before ended by a <br> in the same element */
#define TAXON_IN_CHOICES   0x200000u /* the choices of a <select> */

/* What the names that a page gives its elements speak of (taxon_block.names). */
#define TAXON_NAME_NAV     0x1u        /* a way to other pages */
#define TAXON_NAME_HEADER  0x2u        /* the head of the page */
#define TAXON_NAME_FOOTER  0x4u        /* its foot */
#define TAXON_NAME_SIDE    0x8u        /* beside the main part */
#define TAXON_NAME_MAIN    0x10u       /* the main part */
#define TAXON_NAME_CONTENT 0x20u       /* the text itself */
#define TAXON_NAME_ARTICLE 0x40u       /* an article, a post */
#define TAXON_NAME_COMMENT 0x80u       /* comments, replies */
#define TAXON_NAME_RELATED 0x100u      /* related, popular, recommended */
#define TAXON_NAME_SHARE   0x200u      /* share, follow */
#define TAXON_NAME_AD      0x400u      /* advertisement */
#define TAXON_NAME_META    0x800u      /* author, date, source, category */
#define TAXON_NAME_TAG     0x1000u     /* tags, keywords */
#define TAXON_NAME_TITLE   0x2000u     /* a title */
#define TAXON_NAME_SUMMARY 0x4000u     /* a summary */
#define TAXON_NAME_MEDIA   0x8000u     /* a picture and what stands under it */
#define TAXON_NAME_WIDGET  0x10000u    /* a box */
#define TAXON_NAME_SEARCH  0x20000u    /* search, filter */
#define TAXON_NAME_ACCOUNT 0x40000u    /* login, subscription */
#define TAXON_NAME_POPUP   0x80000u    /* a notice on top of the page */
#define TAXON_NAME_LIST    0x100000u   /* a list, a grid, a card */
#define TAXON_NAME_PRODUCT 0x200000u   /* goods, price, cart */
#define TAXON_NAME_REVIEW  0x400000u   /* reviews, ratings */
#define TAXON_NAME_FORUM   0x800000u   /* a thread, a message in it */
#define TAXON_NAME_PAGER   0x1000000u  /* numbers of pages */
#define TAXON_NAME_TOOL    0x2000000u  /* buttons and tools */
#define TAXON_NAME_CODE    0x4000000u  /* code, documentation */
#define TAXON_NAME_FEATURE 0x8000000u  /* features, questions and answers */
#define TAXON_NAME_LINK    0x10000000u /* links to friends */
#define TAXON_NAME_TOC     0x20000000u /* a table of contents */
#define TAXON_NAME_HIDDEN  0x40000000u /* for those who do not see the page */
#define TAXON_NAME_BRAND   0x80000000u /* logo, brand */

/* A block of the text. Blocks come in order of `begin` and do not overlap. */
struct taxon_block {
    uint32_t struct_size;
    uint32_t kind; /* TAXON_BLOCK_… */
    size_t begin;
    size_t end;
    uint32_t depth;      /* nesting in the source; 0 in plain text */
    uint32_t level;      /* HEADING: 1 (highest) to 6; LIST_ITEM: nesting from 1; else 0 */
    uint32_t link_bytes; /* bytes of [begin, end) that are link text */
    uint32_t reserved;
    uint64_t tag_path_hash; /* same path of elements in the source, same value; 0 in plain text */
    /* Since 1.2; 0 where the source has no elements. */
    uint32_t joint_depth; /* of the innermost element around both this block and the one before */
    uint32_t elements;    /* TAXON_IN_… */
    uint32_t names;       /* TAXON_NAME_…: what classes, ids and roles of elements around say */
    uint32_t near_names;  /* the same, of the nearest element whose names say anything */
};

/* A fingerprint of the document, for near-duplicate look-up. */
struct taxon_signature {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name; /* C string, [a-z0-9-]+: which algorithm and version made it */
    const void *data;
    size_t data_len; /* at most 4096 */
};

/* A member of a container, as its reader announces it. */
struct taxon_member {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name; /* UTF-8 or not, `name_len` bytes: as the container gives it; hostile */
    size_t name_len;
    const char *media_type; /* C string or NULL */
    const char *url;        /* C string or NULL */
    const char *charset;    /* C string or NULL: as the container declares it */
    const char *date;       /* C string or NULL: ISO 8601 */
    uint64_t index;         /* the member's place in the container, from 0 */
    uint64_t offset;        /* since 1.2: byte of the container that it begins at; see `resume` of
                             * struct taxon_input; 0 when reading cannot begin there */
};

#ifdef __cplusplus
}
#endif

#endif
