/* line: what one line of plain text looks like: its width, its numbering, how it ends.
 *
 * Called by text.c for each line. Knows no neighbours: what a line is (a heading, the middle of a
 * paragraph) is decided there.
 */
#include "line.h"

#include <string.h>

/* The character at `at` and its length; text is valid UTF-8. */
static uint32_t decode(const char *text, size_t len, size_t at, size_t *out_size)
{
    const unsigned char *p = (const unsigned char *)text + at;
    size_t left = len - at;

    if (p[0] >= 0xF0 && left >= 4) {
        *out_size = 4;
        return (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 |
               (uint32_t)(p[2] & 63) << 6 | (p[3] & 63u);
    }
    if (p[0] >= 0xE0 && left >= 3) {
        *out_size = 3;
        return (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63u);
    }
    if (p[0] >= 0xC0 && left >= 2) {
        *out_size = 2;
        return (uint32_t)(p[0] & 31) << 6 | (p[1] & 63u);
    }
    *out_size = 1;
    return p[0];
}

static int is_space(uint32_t c)
{
    if (c > 0x3000) { /* nearly all of a Chinese text */
        return c == 0xFEFF;
    }
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static uint32_t columns_of(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || c >= 0x2E80 ? 2 : 1;
}

static int is_final_stop(uint32_t c)
{
    static const uint32_t stops[] = {'.',    '!',    '?',    ';',    ',',    0x3002, 0xFF01,
                                     0xFF1F, 0xFF1B, 0xFF0C, 0x3001, 0x2026, 0xFF0E};

    if (c > 0x3002 && c < 0xFF00) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        if (c == stops[i]) {
            return 1;
        }
    }
    return 0;
}

/* Closing marks, behind which the stop stands: 。” */
static int is_closing(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == 0x201D || c == 0x2019 || c == 0x300D ||
           c == 0xFF09 || c == 0x300F;
}

static int is_ordinal_han(uint32_t c)
{
    static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03,
                                      0x516B, 0x4E5D, 0x5341, 0x767E, 0x96F6, 0x3007};

    for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
        if (c == digits[i]) {
            return 1;
        }
    }
    return 0;
}

/* Skips a number at *at: Arabic (kind 1) or Chinese (kind 2). Returns its kind, 0 for none. */
static int skip_number(const char *text, size_t end, size_t *at)
{
    int kind = 0;
    size_t digits = 0;

    while (*at < end && digits < 6) {
        size_t size;
        uint32_t c = decode(text, end, *at, &size);
        int this_kind = (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19) ? 1
                        : is_ordinal_han(c)                                    ? 2
                                                                               : 0;

        if (this_kind == 0 || (kind != 0 && this_kind != kind)) {
            break;
        }
        kind = this_kind;
        *at += size;
        digits++;
    }
    return kind;
}

static void set_mark(struct line *line, enum line_mark mark, uint32_t level)
{
    line->mark = mark;
    line->level = level;
}

/* 第三章, 第二节; an article (第五条) is a paragraph. */
static void mark_chapter(const char *text, size_t at, struct line *line)
{
    size_t size;
    uint32_t c;

    if (skip_number(text, line->end, &at) == 0 || at >= line->end) {
        return;
    }
    c = decode(text, line->end, at, &size);
    if (c == 0x7BC7 || c == 0x7F16 || c == 0x7AE0 || c == 0x90E8) { /* 篇 编 章 部 */
        set_mark(line, LINE_NUMBERED_HEADING, 2);
    } else if (c == 0x8282) { /* 节 */
        set_mark(line, LINE_NUMBERED_HEADING, 3);
    }
}

/* (一) is a heading, (1) a list item; so are 一、 and 1. */
static void mark_number(const char *text, size_t at, int bracket, struct line *line)
{
    int kind = skip_number(text, line->end, &at);
    size_t size;
    uint32_t c;

    if (kind == 0 || at >= line->end) {
        return;
    }
    c = decode(text, line->end, at, &size);
    if (bracket) {
        if (c == ')' || c == 0xFF09) {
            set_mark(line, kind == 2 ? LINE_NUMBERED_HEADING : LINE_LIST_ITEM, kind == 2 ? 3 : 1);
        }
    } else if (kind == 2 && (c == 0x3001 || c == 0xFF0E)) {
        set_mark(line, LINE_NUMBERED_HEADING, 2);
    } else if (kind == 1 && (c == 0x3001 || c == 0xFF0E || c == ')' || c == 0xFF09)) {
        set_mark(line, LINE_LIST_ITEM, 1);
    } else if (kind == 1 && c == '.') {
        size_t next = at + 1;

        if (next >= line->end || text[next] < '0' || text[next] > '9') { /* not 3.5 */
            set_mark(line, LINE_LIST_ITEM, 1);
        }
    }
}

static void mark_line(const char *text, struct line *line)
{
    size_t size;
    uint32_t c = decode(text, line->end, line->begin, &size);
    size_t next = line->begin + size;
    uint32_t after = next < line->end ? decode(text, line->end, next, &(size_t){0}) : 0;

    if (c == '#') {
        uint32_t depth = 1;

        while (next < line->end && text[next] == '#' && depth < 6) {
            depth++;
            next++;
        }
        if (next < line->end && text[next] == ' ') {
            set_mark(line, LINE_NUMBERED_HEADING, depth);
        }
    } else if (((c == '-' || c == '*' || c == '+') && after == ' ') || c == 0x2022 || c == 0x25CF ||
               c == 0x25A0 || c == 0x25C6 || (c == 0xB7 && after != 0) ||
               (c >= 0x2460 && c <= 0x2473)) {
        set_mark(line, LINE_LIST_ITEM, 1);
    } else if (c == 0x7B2C) { /* 第 */
        mark_chapter(text, next, line);
    } else if (c == '(' || c == 0xFF08) {
        mark_number(text, next, 1, line);
    } else {
        mark_number(text, line->begin, 0, line);
    }
    if (line->mark == LINE_LIST_ITEM) {
        uint32_t nesting = 1 + line->indent / 2;

        line->level = nesting > 6 ? 6 : nesting;
    }
}

/* The bytes of the row of letters, digits and ideographs (U+4000 to U+9FFF) at `at`, which are most
 * of any text: none of them is a space or a mark. Adds their columns to *columns. */
static size_t plain_run(const char *text, size_t len, size_t at, uint32_t *columns)
{
    static const uint8_t sizes[256] = {['0' ... '9'] = 1,
                                       ['A' ... 'Z'] = 1,
                                       ['a' ... 'z'] = 1,
                                       [0xE4 ... 0xE9] = 3};
    size_t end = at;

    while (end < len) {
        size_t size = sizes[(unsigned char)text[end]];

        if (size == 0 || size > len - end) {
            break;
        }
        *columns += size == 3 ? 2 : 1;
        end += size;
    }
    return end - at;
}

size_t line_read(const char *text, size_t len, size_t at, struct line *out_line)
{
    struct line line = {.begin = at, .end = at};
    uint32_t columns = 0;
    uint32_t last = 0;
    int inside = 0;

    while (at < len && text[at] != '\n' && text[at] != '\r') {
        uint32_t before = columns;
        size_t size = plain_run(text, len, at, &columns);
        uint32_t c = 'a'; /* as good as any of a run */

        if (size == 0) {
            c = decode(text, len, at, &size);
            columns += columns_of(c);
        }
        at += size;
        if (is_space(c)) {
            continue;
        }
        if (!inside) {
            inside = 1;
            line.begin = at - size;
            line.indent = before;
        }
        line.end = at;
        line.columns = columns - line.indent;
        if (!is_closing(c)) {
            last = c;
        }
    }
    if (!inside) {
        line.end = line.begin;
    } else {
        line.final_stop = is_final_stop(last);
        line.exclaims = last == '?' || last == '!' || last == 0xFF1F || last == 0xFF01;
        mark_line(text, &line);
    }
    if (at < len) {
        at += text[at] == '\r' && at + 1 < len && text[at + 1] == '\n' ? 2 : 1;
    }
    *out_line = line;
    return at;
}
