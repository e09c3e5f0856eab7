/* mark: from one document to its spans and facts.
 *
 * Called for each document. Touches nothing but the task's memory.
 *
 * Two rounds. In the first each line is scored for what it is by itself, and has the best role that
 * its sum reaches. Then the page is looked at as a whole: where the main part of an HTML page lies,
 * which lines are listed under the heading of a list, which stand in a row of menus. In the second
 * round each line is scored for where it stands, on top of the first.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "main_text.h"
#include "marking.h"
#include "score.h"

#define STOP_EVERY 256 /* lines */
#define REASON_MAX 200

/* 0 when the time is over. */
static int score_all(struct page *page, int late)
{
    size_t roles = page->boilerplate->labels.count;

    for (size_t i = 0; i < page->count; i++) {
        score_line(page, i, late, page->sums + i * roles, NULL);
        if (i % STOP_EVERY == STOP_EVERY - 1 && page->task->host->should_stop(page->task)) {
            return 0;
        }
    }
    for (size_t i = 0; i < page->count; i++) {
        score_decide(page, i);
    }
    return 1;
}

/* "发布日期", a date, next to its like */
static void write_reason(const struct page *page, size_t index, char *buf, size_t size)
{
    struct score_reasons reasons = {.role = page->lines[index].role};
    float sums[ROLES_MAX] = {0};
    size_t used = 0;

    score_line(page, index, 0, sums, &reasons);
    score_line(page, index, 1, sums, &reasons);
    buf[0] = '\0';
    for (uint32_t i = 0; i < reasons.count; i++) {
        const char *reason = page->boilerplate->items[reasons.items[i]].reason;
        size_t len = strlen(reason);

        if (used + len + 3 > size) {
            return;
        }
        used += (size_t)snprintf(buf + used, size - used, "%s%s", used > 0 ? ", " : "", reason);
    }
}

static int32_t publish_lines(const struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];
        struct taxon_span span = {.struct_size = sizeof(span), .scheme = BOILERPLATE_SCHEME};
        char reason[REASON_MAX];
        int32_t r;

        if (line->role == NO_ROLE) {
            continue;
        }
        reason[0] = '\0';
        if (!line->dropped || line->sum > 0) { /* cues gave the role */
            write_reason(page, i, reason, sizeof(reason));
        }
        if (line->dropped && reason[0] == '\0') {
            main_text_reason(page, i, reason, sizeof(reason));
        }
        span.id = page->boilerplate->labels.items[line->role].id;
        span.begin = line->text_begin;
        span.end = line->text_end;
        span.score = line->dropped ? line->score : score_of(line->sum);
        span.reason = reason;
        r = page->task->host->span(page->task, &span);
        if (r < 0) {
            return r == -E2BIG ? 0 : r;
        }
    }
    return 0;
}

int32_t mark_lines(struct page *page)
{
    int32_t r = lines_init(page);

    if (r < 0) {
        return r;
    }
    if (score_all(page, 0)) {
        region_find(page);
        lists_find(page);
        crowds_find(page);
        score_all(page, 1);
    }
    return 0;
}

int32_t boilerplate_classify(const struct boilerplate *boilerplate, struct taxon_task *task,
                             const struct taxon_document *document)
{
    struct page page = {.boilerplate = boilerplate, .task = task, .document = document};
    int32_t r = mark_lines(&page);

    if (r < 0) {
        return r;
    }
    r = main_text_mark(&page);
    if (r < 0) {
        return r;
    }
    r = publish_lines(&page);
    if (r == 0) {
        r = blanks_publish(&page);
    }
    return r < 0 ? r : unfinished_publish(&page);
}
