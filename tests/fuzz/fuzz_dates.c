/* Fuzz target: reading dates in any bytes stays in bounds, and what comes of it is a date; facts
 * point into the text, and are few. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kit/dates.h"

#define BLOCKS_MAX 64
#define FACTS_MAX  9 /* three of a name */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The host of one run; its memory is freed at the end of it. */
static void *blocks[BLOCKS_MAX];
static size_t block_count;
static size_t fact_count;
static size_t text_len;

static void *alloc_block(struct taxon_task *task, size_t size)
{
    (void)task;
    assert(block_count < BLOCKS_MAX);
    return blocks[block_count++] = calloc(1, size);
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return 0;
}

static int32_t check_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    struct dates_date date;
    char again[11];

    (void)task;
    assert(++fact_count <= FACTS_MAX);
    assert(fact->begin < fact->end && fact->end <= text_len);
    assert(fact->score > 0 && fact->score <= 1);
    assert(fact->reason != NULL);
    assert(fact->value_len == 4 || fact->value_len == 7 || fact->value_len == 10);
    if (fact->value_len == 10 && dates_parse(fact->value, fact->value_len, &date) > 0) {
        assert(dates_format(&date, again) == 0);
        assert(memcmp(again, fact->value, fact->value_len) == 0);
    }
    return 0;
}

static void check_parsing(const char *text, size_t len)
{
    for (size_t at = 0; at <= len; at++) {
        struct dates_date date = {0, 0, 0};
        size_t used = dates_parse(text + at, len - at, &date);

        assert(used <= len - at);
        assert(used == 0 || (dates_is_possible(&date) && (date.year != 0 || date.day != 0)));
        used = dates_parse_compact(text + at, len - at, &date);
        assert(used <= len - at);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct taxon_host host = {.struct_size = sizeof(host),
                                           .alloc = alloc_block,
                                           .should_stop = should_stop,
                                           .fact = check_fact};
    struct taxon_task task = {.struct_size = sizeof(task), .host = &host};
    char *text = malloc(size > 0 ? size : 1); /* exact, so that a step too far is seen */

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text_len = size;
    fact_count = 0;
    check_parsing(text, size);
    if (dates_report(&task, text, size) != 0)
        abort();
    while (block_count > 0)
        free(blocks[--block_count]);
    free(text);
    return 0;
}
