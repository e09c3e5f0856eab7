/* line: one line of a plain text, and what its looks alone say about it. */
#ifndef TEXT_LINE_H
#define TEXT_LINE_H

#include <stddef.h>
#include <stdint.h>

enum line_mark {
    LINE_PLAIN,
    LINE_NUMBERED_HEADING, /* 第一章, 一、, (一), ## */
    LINE_LIST_ITEM,        /* -, *, •, 1., 1、, (1), ① */
};

struct line {
    size_t begin; /* without the white space at both ends; begin == end: blank */
    size_t end;
    uint32_t columns; /* a wide character counts two */
    uint32_t indent;  /* columns of white space in front */
    uint32_t level;   /* LINE_NUMBERED_HEADING: 2 to 6; LINE_LIST_ITEM: from 1 */
    enum line_mark mark;
    int final_stop; /* ends in the punctuation of a sentence or clause */
    int exclaims;   /* that is a question or exclamation mark */
};

/* Describes the line of `text` that starts at `at`; returns where the next one starts. at < len;
 * the text is valid UTF-8. Lines end in \n, \r\n or \r. */
size_t line_read(const char *text, size_t len, size_t at, struct line *out_line);

#endif
