/* official/view: the document as lines of its folded text, and pieces of them without the blanks
 * that typesetting puts between characters.
 */
#ifndef OFFICIAL_VIEW_H
#define OFFICIAL_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#define PIECE_MAX 1200 /* bytes of a piece */

struct line {
    uint32_t begin; /* offsets of the folded text */
    uint32_t end;
    uint32_t is_hidden; /* 1: page furniture in which no part of a document stands */
};

struct view {
    struct taxon_task *task;
    const struct taxon_document *document;
    const struct line *lines;
    size_t count;
};

/* Consecutive lines as one text: no line ends, and blanks only between ASCII characters. */
struct piece {
    size_t len;
    uint32_t at[PIECE_MAX + 1]; /* of each byte: its offset in the folded text */
    uint8_t gap[PIECE_MAX + 1]; /* 1: something was left out in front of the byte */
    char text[PIECE_MAX + 1];
};

/* A range of the folded text. */
struct range {
    size_t begin;
    size_t end;
};

/* Finds the lines; of a very long text those at its two ends. 0, or -ENOMEM. */
int view_make(struct view *view, struct taxon_task *task, const struct taxon_document *document);

/* Is there no room for one more character? */
int piece_is_full(const struct piece *piece);

/* Appends line `index`, as far as there is room. */
void piece_add(struct piece *piece, const struct view *view, size_t index);

/* The piece of the lines [first, last]. */
void piece_take(struct piece *piece, const struct view *view, size_t first, size_t last);

/* A piece of the folded range [begin, end). */
void piece_take_range(struct piece *piece, const char *folded, size_t begin, size_t end);

/* Where bytes [begin, end) of the piece stand in the folded text; begin < end <= len. */
struct range piece_range(const struct piece *piece, size_t begin, size_t end);

#endif
