/* text: the reader of plain text: blocks (paragraphs, headings, list items), title and dates.
 *
 * The decoded input is the text, so this reader appends none.
 *
 * What makes a block. In scraped Chinese text each line is a paragraph; a text file that was
 * wrapped by hand has several lines in one. So it is first asked whether the document looks
 * wrapped: most lines before another line are nearly as wide as the widest, which is no wider than
 * a terminal. Only then lines are joined.
 * What makes a heading: the numbering of one (第一章, 一、, (一)) on a line that does not end like
 * a sentence; or no numbering, short, no end of a sentence, not in a row of such lines, and longer
 * text to follow.
 */
#include <errno.h>
#include <string.h>

#include <taxon/plugin.h>

#include "kit/dates.h"
#include "kit/gloss.h"
#include "kit/pattern.h"
#include "line.h"

#define WRAP_COLUMNS_MAX     100 /* the widest line of a wrapped text */
#define HEADING_COLUMNS_MAX  80
#define NUMBERED_COLUMNS_MAX 110
#define TITLE_COLUMNS_MAX    120
#define WRAPPED_TITLE_MAX    50 /* in a wrapped text, of a title right above other lines */
#define TITLE_LINES          12 /* lines with text that may hold the title */
#define STOP_EVERY           512
#define KNOWN_LINES          400 /* that tell whether the text was wrapped */

/* Where reading is: at the line of this number, which starts at this byte. */
struct cursor {
    size_t number;
    size_t at;
};

/* The first lines are asked for several times, and are read once. */
struct known_line {
    struct line line;
    size_t next; /* where the next one starts */
};

struct reading {
    struct taxon_task *task;
    const char *text;
    size_t len;
    int wrapped;
    int has_title;
    size_t title_begin;
    size_t known_count;
    struct known_line known[KNOWN_LINES];
};

static void know_lines(struct reading *reading)
{
    size_t at = 0;

    reading->known_count = 0;
    while (at < reading->len && reading->known_count < KNOWN_LINES) {
        struct known_line *known = &reading->known[reading->known_count++];

        at = known->next = line_read(reading->text, reading->len, at, &known->line);
    }
}

/* Reads the line at the cursor, which is not at the end, and moves on. */
static void read_on(const struct reading *reading, struct cursor *cursor, struct line *out_line)
{
    if (cursor->number < reading->known_count) {
        *out_line = reading->known[cursor->number].line;
        cursor->at = reading->known[cursor->number].next;
    } else {
        cursor->at = line_read(reading->text, reading->len, cursor->at, out_line);
    }
    cursor->number++;
}

static struct taxon_block block_of(const struct line *line, uint32_t kind, uint32_t level)
{
    return (struct taxon_block){.struct_size = sizeof(struct taxon_block),
                                .kind = kind,
                                .begin = line->begin,
                                .end = line->end,
                                .level = level};
}

static int is_blank(const struct line *line)
{
    return line->begin == line->end;
}

/* Looks at the first lines whether they were wrapped at a column. */
static int looks_wrapped(const struct reading *reading)
{
    struct cursor cursor = {0};
    struct line line;
    struct line next;
    uint32_t widest = 0;
    uint32_t followed = 0;
    uint32_t wide = 0;

    for (size_t i = 0; i < reading->known_count; i++) {
        uint32_t columns = reading->known[i].line.columns;

        widest = columns > widest ? columns : widest;
    }
    if (widest > WRAP_COLUMNS_MAX || widest < 40) {
        return 0;
    }
    read_on(reading, &cursor, &line); /* there is one: it has columns */
    for (int i = 0; i < KNOWN_LINES && cursor.at < reading->len; i++, line = next) {
        read_on(reading, &cursor, &next);
        if (!is_blank(&line) && !is_blank(&next) && next.mark == LINE_PLAIN) {
            followed++;
            wide += line.columns * 4 >= widest * 3;
        }
    }
    return followed >= 4 && wide * 3 >= followed * 2;
}

static int contains(const char *text, const struct line *line, const char *needle)
{
    return pattern_find(text + line->begin, line->end - line->begin, needle, strlen(needle)) !=
           NULL;
}

/* The way through a site, a bar of links, a stamp: no title. */
static int is_furniture(const char *text, const struct line *line)
{
    return contains(text, line, " > ") || contains(text, line, "&gt;") ||
           contains(text, line, "»") || contains(text, line, " | ") || contains(text, line, "｜") ||
           contains(text, line, "://") || contains(text, line, "首页") ||
           contains(text, line, "首頁") || contains(text, line, "当前位置") ||
           contains(text, line, "發佈日期") || contains(text, line, "发布日期") ||
           contains(text, line, "发布时间") || contains(text, line, "来源：") ||
           contains(text, line, "来源:");
}

/* The credit of a photograph, which ends the caption: 记者 某某 摄 */
static int is_caption(const char *text, const struct line *line)
{
    return line->end - line->begin >= 3 && (memcmp(text + line->end - 3, "摄", 3) == 0 ||
                                            memcmp(text + line->end - 3, "攝", 3) == 0);
}

/* Does the line end in a colon, as one that opens a speech or a list does? */
static int ends_in_colon(const char *text, const struct line *line)
{
    return text[line->end - 1] == ':' ||
           (line->end - line->begin >= 3 && memcmp(text + line->end - 3, "：", 3) == 0);
}

/* The block that `line` begins, with the next line that holds text (NULL: none) for company. */
static struct taxon_block classify_line(const struct reading *reading, const struct line *line,
                                        const struct line *next, int alone)
{
    if (line->mark == LINE_LIST_ITEM) {
        return block_of(line, TAXON_BLOCK_LIST_ITEM, line->level);
    }
    if (line->mark == LINE_NUMBERED_HEADING && !line->final_stop &&
        line->columns <= NUMBERED_COLUMNS_MAX) {
        return block_of(line, TAXON_BLOCK_HEADING, line->level);
    }
    if (reading->has_title && line->begin == reading->title_begin) {
        return block_of(line, TAXON_BLOCK_HEADING, 1);
    }
    if (line->mark == LINE_PLAIN && !line->final_stop && line->columns <= HEADING_COLUMNS_MAX &&
        next != NULL && next->mark == LINE_PLAIN && !ends_in_colon(reading->text, line) &&
        next->columns > line->columns && (alone || (next->final_stop && !reading->wrapped)) &&
        !is_furniture(reading->text, line)) {
        return block_of(line, TAXON_BLOCK_HEADING, 4);
    }
    return block_of(line, TAXON_BLOCK_PARAGRAPH, 0);
}

/* Is the line at the cursor blank? */
static int is_blank_at(const struct reading *reading, struct cursor cursor)
{
    struct line line;

    read_on(reading, &cursor, &line);
    return is_blank(&line);
}

static int could_be_title(const struct reading *reading, const struct line *line)
{
    uint32_t columns_max = line->exclaims ? HEADING_COLUMNS_MAX : TITLE_COLUMNS_MAX;

    return (!line->final_stop || line->exclaims) && line->columns >= 4 &&
           line->columns <= columns_max && line->mark != LINE_LIST_ITEM &&
           !ends_in_colon(reading->text, line) && !is_furniture(reading->text, line) &&
           !is_caption(reading->text, line);
}

/* In official documents the body that issues one stands over its title: 关于… */
static void prefer_subject(const struct reading *reading, struct cursor cursor, struct line *line)
{
    struct line next;

    while (cursor.at < reading->len) {
        read_on(reading, &cursor, &next);
        if (is_blank(&next)) {
            continue;
        }
        if (next.end - next.begin > 6 && could_be_title(reading, &next) &&
            (memcmp(reading->text + next.begin, "关于", 6) == 0 ||
             memcmp(reading->text + next.begin, "關於", 6) == 0)) {
            *line = next;
        }
        return;
    }
}

/* The first line that could stand over a text. */
static int find_title(const struct reading *reading, struct line *out_line)
{
    struct cursor cursor = {0};
    int seen = 0;

    while (cursor.at < reading->len && seen < TITLE_LINES) {
        struct line line;

        read_on(reading, &cursor, &line);
        if (is_blank(&line)) {
            continue;
        }
        seen++;
        if ((line.final_stop && line.columns > HEADING_COLUMNS_MAX) ||
            (reading->wrapped && line.columns > WRAPPED_TITLE_MAX && cursor.at < reading->len &&
             !is_blank_at(reading, cursor))) {
            return 0; /* the text has begun */
        }
        if (could_be_title(reading, &line)) {
            *out_line = line;
            prefer_subject(reading, cursor, out_line);
            return 1;
        }
    }
    return 0;
}

static int publish_title(struct reading *reading)
{
    struct line line;
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = "title",
                              .score = 0.7,
                              .reason = "the first line that could stand over a text"};
    char *value;
    int r;

    if (!find_title(reading, &line)) {
        return 0;
    }
    while (line.begin < line.end && reading->text[line.begin] == '#') {
        line.begin++;
    }
    while (line.begin < line.end && reading->text[line.begin] == ' ') {
        line.begin++;
    }
    if (is_blank(&line)) {
        return 0;
    }
    reading->has_title = 1;
    reading->title_begin = line.begin;
    value = reading->task->host->alloc(reading->task, line.end - line.begin);
    if (value == NULL) {
        return -ENOMEM;
    }
    fact.value = value;
    fact.value_len = gloss_drop(reading->text + line.begin, line.end - line.begin, value);
    fact.begin = line.begin;
    fact.end = line.end;
    r = reading->task->host->fact(reading->task, &fact);
    return r == -E2BIG ? 0 : r;
}

/* The next line that holds text, from the cursor on; 0 at the end. *out_alone: a blank line came
 * first. */
static int next_line(const struct reading *reading, struct cursor *cursor, struct line *out_line,
                     int *out_alone)
{
    *out_alone = 0;
    while (cursor->at < reading->len) {
        read_on(reading, cursor, out_line);
        if (!is_blank(out_line)) {
            return 1;
        }
        *out_alone = 1;
    }
    return 0;
}

/* Does `next` go on with the paragraph (or list item) that `line` ended in? */
static int goes_on(const struct reading *reading, const struct taxon_block *block,
                   const struct line *next, int alone)
{
    return reading->wrapped && !alone && next->mark == LINE_PLAIN &&
           block->kind != TAXON_BLOCK_HEADING;
}

static int read_blocks(struct reading *reading)
{
    struct line line;
    struct line next;
    struct cursor cursor = {0};
    int alone;
    int more = next_line(reading, &cursor, &line, &alone);

    for (uint32_t i = 1; more; i++) {
        struct taxon_block block;
        int r;

        more = next_line(reading, &cursor, &next, &alone);
        block = classify_line(reading, &line, more ? &next : NULL, alone);
        while (more && goes_on(reading, &block, &next, alone)) {
            block.end = next.end;
            more = next_line(reading, &cursor, &next, &alone);
        }
        r = reading->task->host->block(reading->task, &block);
        if (r == -E2BIG) {
            return 0; /* the host has recorded the limit; the blocks so far are good */
        }
        if (r < 0) {
            return r;
        }
        if (i % STOP_EVERY == 0 && reading->task->host->should_stop(reading->task)) {
            return 0;
        }
        line = next;
    }
    return 0;
}

static int32_t text_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct reading reading; /* too large to be cleared for each document */
    int r;

    (void)instance;
    reading.task = task;
    reading.text = input->decoded;
    reading.len = input->decoded_len;
    reading.has_title = 0;
    reading.title_begin = 0;
    know_lines(&reading);
    reading.wrapped = looks_wrapped(&reading);
    r = publish_title(&reading);
    if (r == 0) {
        r = dates_report(task, reading.text, reading.len);
    }
    return r < 0 ? r : read_blocks(&reading);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"text/plain", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "text",
        .version = "1.0.0",
        .summary = "Reads plain text: paragraphs, headings, list items, the title and the dates.",
        .media_types = media_types,
        .read = text_read,
    };

    return &descriptor;
}
