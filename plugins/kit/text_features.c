/* kit/text_features: the features of one document, made in one pass over its folded text.
 *
 * Called by classifiers with a model, and by nobody else. Keeps nothing between documents. Cost: a
 * hash for each token and a multiplication for each sequence; lines are looked up in the mask once
 * each.
 */
#include "kit/text_features.h"

#include <errno.h>
#include <string.h>

#include "text_features_private.h"

#define EDGE_BYTES 200u /* of the text, at its beginning and at its end */
#define SEQUENCE   4u   /* tokens of the longest sequence */

/* What keeps features of different kinds apart. */
enum seed { SEED_HEAD = 21, SEED_TAIL, SEED_LINE, SEED_LINE_END };

struct line {
    uint32_t begin;
    uint32_t end;
};

struct scan {
    struct taxon_task *task;
    const char *text;
    features_take take;
    void *data;
    int result; /* of take */
    struct line *lines;
    size_t line_count;
    uint32_t head_end;   /* features before it are in the head; */
    uint32_t tail_begin; /* those from it on in the tail */
    struct features_counts counts;
    size_t count;
    struct feature batch[FEATURES_BATCH];
};

static void hand_over(struct scan *scan)
{
    if (scan->result == 0 && scan->count > 0)
        scan->result = scan->take(scan->data, scan->batch, scan->count);
    scan->count = 0;
}

static inline void add_id(struct scan *scan, uint32_t id, uint32_t begin, uint32_t end)
{
    if (scan->count == FEATURES_BATCH)
        hand_over(scan);
    scan->batch[scan->count++] = (struct feature){id, begin, end};
}

/* Less than half a line of furniture leaves it in: a mask may be finer than a line. */
static int is_left_out(const struct mask *mask, struct taxon_task *task, const struct line *line)
{
    size_t begin;
    size_t end;
    size_t middle;

    if (mask->count == 0 || task->host->unfold(task, line->begin, line->end, &begin, &end) < 0)
        return 0;
    middle = begin + (end - begin) / 2;
    return mask_touches(mask, middle, middle + 1);
}

/* The lines that are no furniture. */
static int find_lines(struct scan *scan, const struct taxon_document *document,
                      const struct mask *mask)
{
    const char *text = document->folded;
    const char *end = text + document->folded_len;
    size_t most = 1;

    for (const char *at = text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        most++;
    scan->lines = scan->task->host->alloc(scan->task, most * sizeof(*scan->lines));
    if (scan->lines == NULL)
        return -ENOMEM;
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct line line = {(uint32_t)(at - text), (uint32_t)((stop == NULL ? end : stop) - text)};

        if (line.end > line.begin && !is_left_out(mask, scan->task, &line))
            scan->lines[scan->line_count++] = line;
        at = stop == NULL ? end : stop + 1;
    }
    return 0;
}

/* Where head and tail are, in lines that are left in. */
static void find_edges(struct scan *scan)
{
    uint32_t left = EDGE_BYTES;

    scan->tail_begin = UINT32_MAX;
    for (size_t i = 0; i < scan->line_count && left > 0; i++) {
        uint32_t len = scan->lines[i].end - scan->lines[i].begin;

        scan->head_end = len >= left ? scan->lines[i].begin + left : scan->lines[i].end;
        left -= len >= left ? left : len;
    }
    left = EDGE_BYTES;
    for (size_t i = scan->line_count; i-- > 0 && left > 0;) {
        uint32_t len = scan->lines[i].end - scan->lines[i].begin;

        scan->tail_begin = len >= left ? scan->lines[i].end - left : scan->lines[i].begin;
        left -= len >= left ? left : len;
    }
}

/* The hashes of the tokens behind which the scan is, the last one first. */
struct window {
    struct token tokens[SEQUENCE];
    size_t count;
};

static inline void push(struct window *window, const struct token *token)
{
    memmove(&window->tokens[1], &window->tokens[0], (SEQUENCE - 1) * sizeof(window->tokens[0]));
    window->tokens[0] = *token;
    window->count += window->count < SEQUENCE;
}

/* Sequences that end with the last token. */
static inline void add_sequences(struct scan *scan, const struct window *window)
{
    const struct token *tokens = window->tokens;
    uint32_t end = tokens[0].end;
    uint64_t hash = tokens[0].hash;
    int han = tokens[0].kind == TOKEN_HAN;

    add_id(scan, token_id(FEATURES_ONE, hash), tokens[0].begin, end);
    for (size_t n = 1; n < window->count; n++) {
        han &= tokens[n].kind == TOKEN_HAN;
        if (n == SEQUENCE - 1 && !han)
            break;
        hash = token_mix(hash, tokens[n].hash);
        add_id(scan, token_id(n == 1 ? FEATURES_TWO : FEATURES_MORE, hash), tokens[n].begin, end);
    }
}

/* The last token, and the last two, as what stands at a place of its own. */
static inline void add_placed(struct scan *scan, const struct window *window,
                              enum features_family family, enum seed seed)
{
    const struct token *tokens = window->tokens;
    uint64_t hash = token_mix(seed, tokens[0].hash);

    add_id(scan, token_id(family, hash), tokens[0].begin, tokens[0].end);
    if (window->count > 1)
        add_id(scan, token_id(family, token_mix(hash, tokens[1].hash)), tokens[1].begin,
               tokens[0].end);
}

static void scan_line(struct scan *scan, const struct line *line)
{
    struct window window = {.count = 0};
    size_t tokens = 0;

    for (size_t at = line->begin; at < line->end; tokens++) {
        struct token token = token_next(scan->text, at, line->end);

        if (token.kind == TOKEN_NONE)
            break;
        push(&window, &token);
        add_sequences(scan, &window);
        if (token.begin < scan->head_end)
            add_placed(scan, &window, FEATURES_EDGE, SEED_HEAD);
        if (token.begin >= scan->tail_begin)
            add_placed(scan, &window, FEATURES_EDGE, SEED_TAIL);
        if (tokens < 2)
            add_placed(scan, &window, FEATURES_LINE, SEED_LINE);
        features_count_token(&scan->counts, scan->text, &token);
        at = token.end;
    }
    if (tokens > 0)
        add_placed(scan, &window, FEATURES_LINE, SEED_LINE_END);
    features_count_line(&scan->counts, scan->text, line->begin, line->end);
}

static void scan_url(struct scan *scan, const char *url)
{
    size_t len = strlen(url);
    struct token token;

    for (size_t at = 0; at < len; at = token.end) {
        token = token_next(url, at, len);
        if (token.kind == TOKEN_NONE)
            break;
        if (token.kind != TOKEN_SIGN)
            add_id(scan, token_id(FEATURES_URL, token.hash), 0, 0);
    }
}

int features_scan(struct taxon_task *task, const struct taxon_document *document,
                  const struct mask *mask, int with_url, features_take take, void *data)
{
    struct scan *scan = task->host->alloc(task, sizeof(*scan));
    int r;

    if (scan == NULL)
        return -ENOMEM;
    *scan = (struct scan){.task = task, .text = document->folded, .take = take, .data = data};
    if (document->folded_len >= UINT32_MAX)
        return -E2BIG;
    r = find_lines(scan, document, mask);
    if (r < 0)
        return r;
    find_edges(scan);
    for (size_t i = 0; i < scan->line_count && scan->result == 0; i++) {
        scan_line(scan, &scan->lines[i]);
        if (i % 256 == 0 && task->host->should_stop(task))
            return 0;
    }
    for (uint32_t which = 0; which < FEATURES_MEASURES; which++)
        add_id(scan, features_measure_id(&scan->counts, which), 0, 0);
    if (with_url)
        scan_url(scan, document->url);
    hand_over(scan);
    return scan->result;
}
