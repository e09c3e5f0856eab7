/* cli/extract_parts: what of a text is left when its furniture is dropped.
 *
 * Called by extract. The reply has been checked: spans and blocks lie in the text, blocks in order;
 * spans may overlap.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/types.h>

#include "cli/extract.h"
#include "route/findings.h"

#define PLACEHOLDER "placeholder" /* the role of blanks, which are text */

struct range {
    size_t begin;
    size_t end;
};

struct ranges {
    struct range *items; /* in order, not touching */
    size_t count;
};

bool extract_drops(const struct reply_span *span, double least)
{
    return span->score >= least && strcmp(span->scheme, FINDINGS_BOILERPLATE) == 0 &&
           strcmp(span->id, PLACEHOLDER) != 0;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    return (left->begin > right->begin) - (left->begin < right->begin);
}

static int find_furniture(const struct reply *reply, double least, struct ranges *out)
{
    struct range *items = calloc(reply->span_count + 1, sizeof *items);
    size_t count = 0;
    size_t joined = 0;

    if (items == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < reply->span_count; i++)
        if (extract_drops(&reply->spans[i], least))
            items[count++] =
                (struct range){(size_t)reply->spans[i].begin, (size_t)reply->spans[i].end};
    qsort(items, count, sizeof *items, compare_ranges);
    for (size_t i = 0; i < count; i++) {
        if (joined > 0 && items[i].begin <= items[joined - 1].end) {
            if (items[i].end > items[joined - 1].end)
                items[joined - 1].end = items[i].end;
        } else {
            items[joined++] = items[i];
        }
    }
    *out = (struct ranges){items, joined};
    return 0;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void add(struct extract_parts *parts, const char *text, struct extract_part part)
{
    while (part.begin < part.end && part.kind != TAXON_BLOCK_CODE && is_space(text[part.begin]))
        part.begin++;
    while (part.begin < part.end && is_space(text[part.end - 1]))
        part.end--;
    if (part.begin < part.end)
        parts->items[parts->count++] = part;
}

/* The block without the furniture in it; *at is the first range that may touch it. */
static void add_block(struct extract_parts *parts, const char *text, struct extract_part block,
                      const struct ranges *furniture, size_t *at)
{
    size_t begin = block.begin;

    while (*at < furniture->count && furniture->items[*at].end <= begin)
        ++*at;
    for (size_t i = *at; i < furniture->count && furniture->items[i].begin < block.end; i++) {
        struct extract_part part = block;

        part.begin = begin;
        part.end = furniture->items[i].begin;
        if (part.end > part.begin)
            add(parts, text, part);
        begin = furniture->items[i].end;
    }
    block.begin = begin;
    if (block.end > block.begin)
        add(parts, text, block);
}

/* A text that came without blocks: what stands between line ends. */
static void add_lines(struct extract_parts *parts, const struct reply *reply,
                      const struct ranges *furniture)
{
    size_t len = (size_t)reply->text_len;
    size_t at = 0;

    for (size_t begin = 0; begin < len;) {
        const char *stop = memchr(reply->text + begin, '\n', len - begin);
        size_t end = stop == NULL ? len : (size_t)(stop - reply->text);
        struct extract_part line = {.kind = TAXON_BLOCK_PARAGRAPH, .begin = begin, .end = end};

        add_block(parts, reply->text, line, furniture, &at);
        begin = end + 1;
    }
}

static size_t count_lines(const struct reply *reply)
{
    size_t count = 1;

    for (size_t i = 0; i < reply->text_len; i++)
        count += reply->text[i] == '\n';
    return count;
}

int extract_parts_find(const struct reply *reply, double least, struct extract_parts *out_parts)
{
    struct ranges furniture;
    size_t most = reply->shown_block_count > 0 ? reply->shown_block_count : count_lines(reply);
    size_t at = 0;

    *out_parts = (struct extract_parts){NULL, 0};
    if (find_furniture(reply, least, &furniture) < 0)
        return -ENOMEM;
    /* Each range takes a block apart at most once. */
    out_parts->items = calloc(most + furniture.count + 1, sizeof *out_parts->items);
    if (out_parts->items == NULL) {
        free(furniture.items);
        return -ENOMEM;
    }
    for (size_t i = 0; i < reply->shown_block_count; i++) {
        const struct reply_block *block = &reply->blocks[i];
        struct extract_part part = {block->kind, block->level, (size_t)block->begin,
                                    (size_t)block->end};

        add_block(out_parts, reply->text, part, &furniture, &at);
    }
    if (reply->shown_block_count == 0)
        add_lines(out_parts, reply, &furniture);
    free(furniture.items);
    return 0;
}

void extract_parts_release(struct extract_parts *parts)
{
    free(parts->items);
    *parts = (struct extract_parts){NULL, 0};
}
