/* route/template_piece: a path template once it is parsed. What route/template's own files share;
 * nobody else includes it.
 */
#ifndef ROUTE_TEMPLATE_PIECE_H
#define ROUTE_TEMPLATE_PIECE_H

#include <stddef.h>

enum piece_kind {
    PIECE_LITERAL,
    PIECE_LABEL,
    PIECE_LANG,
    PIECE_SOURCE,
    PIECE_NAME,
    PIECE_STEM,
    PIECE_EXT,
    PIECE_ID,
    PIECE_EARLIER,
    PIECE_SHA256,
    PIECE_DATE,
};

struct piece {
    enum piece_kind kind;
    const char *text; /* LITERAL: in the node's text, not terminated; LABEL: the scheme */
    size_t len;
    unsigned number; /* LABEL: levels, 0 for all; SHA256: digits */
    char conversion; /* DATE: 'Y', 'm', … */
};

struct path_template {
    const struct piece *pieces;
    size_t count;
};

#endif
