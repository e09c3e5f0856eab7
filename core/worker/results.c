/* worker/results: what the plugins said about one document, and one plugin's turn at it.
 *
 * Filled by the host's [task] functions, which judge each result; read by worker/stages, for the
 * next plugin, and by worker/answer, for the reply. It judges nothing itself.
 */
#include "worker/results.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker/hierarchy.h"

void results_init(struct results *results, struct arena *arena,
                  const struct settings_limits *limits)
{
    *results = (struct results){.limits = limits, .arena = arena};
}

/* All buffers, for what is done to each of them alike. */
#define BUFFERS 13
static void list_buffers(struct results *results, struct strbuf *buffers[BUFFERS])
{
    struct strbuf *all[BUFFERS] = {
        &results->labels,   &results->spans,       &results->facts,       &results->signatures,
        &results->failures, &results->logs,        &results->limit_names, &results->blocks,
        &results->text,     &results->seen_labels, &results->seen_spans,  &results->seen_facts,
        &results->vectors,
    };

    memcpy(buffers, all, sizeof all);
}

void results_release(struct results *results)
{
    struct strbuf *buffers[BUFFERS];

    list_buffers(results, buffers);
    for (size_t i = 0; i < BUFFERS; i++)
        strbuf_release(buffers[i]);
}

void results_clear(struct results *results)
{
    struct strbuf *buffers[BUFFERS];

    list_buffers(results, buffers);
    for (size_t i = 0; i < BUFFERS; i++)
        strbuf_clear(buffers[i]);
    results->feature_count = 0;
}

bool results_failed(const struct results *results)
{
    struct strbuf *buffers[BUFFERS];

    list_buffers((struct results *)(uintptr_t)results, buffers);
    for (size_t i = 0; i < BUFFERS; i++)
        if (buffers[i]->failed)
            return true;
    return false;
}

int results_add_row(struct strbuf *rows, const void *row, size_t size)
{
    strbuf_append(rows, row, size);
    return rows->failed ? -ENOMEM : 0;
}

static void cut_rows(struct strbuf *rows, size_t len)
{
    if (rows->len > len)
        rows->len = len;
}

void results_note_limit(struct results *results, const char *name)
{
    const char **names = ROWS(&results->limit_names, const char *);

    for (size_t i = 0; i < ROW_COUNT(&results->limit_names, const char *); i++)
        if (strcmp(names[i], name) == 0)
            return;
    strbuf_append(&results->limit_names, &name, sizeof name);
}

void results_add_failure(struct results *results, uint32_t plugin, const char *what)
{
    struct reply_failure failure = {.plugin = plugin, .what = arena_strdup(results->arena, what)};

    if (failure.what == NULL)
        results->failures.failed = true;
    else
        strbuf_append(&results->failures, &failure, sizeof failure);
}

void turn_begin(struct turn *turn)
{
    const struct results *results = turn->results;

    turn->start = (struct results_mark){results->labels.len,  results->spans.len,
                                        results->facts.len,   results->signatures.len,
                                        results->vectors.len, results->feature_count};
    turn->refused = 0;
    turn->refusal.text[0] = '\0';
}

static int compare_spans(const void *a, const void *b)
{
    const struct reply_span *first = a;
    const struct reply_span *second = b;
    int order = strcmp(first->scheme, second->scheme);

    if (order != 0)
        return order;
    if (first->begin != second->begin)
        return first->begin < second->begin ? -1 : 1;
    if (first->end != second->end)
        return first->end < second->end ? -1 : 1;
    return strcmp(first->id, second->id);
}

static int show_label(struct results *results, const struct reply_label *from)
{
    struct taxon_evidence *evidence =
        arena_alloc(results->arena, from->evidence_count * sizeof *evidence);

    if (evidence == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < from->evidence_count; i++) {
        evidence[i] = (struct taxon_evidence){
            .struct_size = sizeof evidence[i],
            .begin = (size_t)from->evidence[i].begin,
            .end = (size_t)from->evidence[i].end,
            .weight = from->evidence[i].weight,
            .reason = from->evidence[i].reason,
        };
    }
    struct taxon_label label = {
        .struct_size = sizeof label,
        .scheme = from->scheme,
        .id = from->id,
        .score = from->score,
        .evidence = evidence,
        .evidence_count = from->evidence_count,
        .evidence_stride = sizeof *evidence,
    };
    return results_add_row(&results->seen_labels, &label, sizeof label);
}

static int show_span(struct results *results, const struct reply_span *from)
{
    struct taxon_span span = {
        .struct_size = sizeof span,
        .scheme = from->scheme,
        .id = from->id,
        .begin = (size_t)from->begin,
        .end = (size_t)from->end,
        .score = from->score,
        .reason = from->reason,
    };
    return results_add_row(&results->seen_spans, &span, sizeof span);
}

static int show_fact(struct results *results, const struct reply_fact *from)
{
    struct taxon_fact fact = {
        .struct_size = sizeof fact,
        .name = from->name,
        .value = from->value,
        .value_len = strlen(from->value),
        .begin = from->has_place ? (size_t)from->begin : TAXON_NOWHERE,
        .end = from->has_place ? (size_t)from->end : TAXON_NOWHERE,
        .score = from->score,
        .reason = from->reason,
    };
    return results_add_row(&results->seen_facts, &fact, sizeof fact);
}

/* Shows this turn's results to the plugins that follow. Schemes belong to one plugin each, so
 * sorting this turn's spans sorts all spans of its schemes. */
static void show(struct turn *turn)
{
    struct results *results = turn->results;
    size_t label = turn->start.labels / sizeof(struct reply_label);
    size_t span = turn->start.spans / sizeof(struct reply_span);
    size_t fact = turn->start.facts / sizeof(struct reply_fact);
    size_t span_count = ROW_COUNT(&results->spans, struct reply_span);
    int code = 0;

    if (span_count > span)
        qsort(ROWS(&results->spans, struct reply_span) + span, span_count - span,
              sizeof(struct reply_span), compare_spans);
    for (; code == 0 && label < ROW_COUNT(&results->labels, struct reply_label); label++)
        code = show_label(results, &ROWS(&results->labels, struct reply_label)[label]);
    for (; code == 0 && span < span_count; span++)
        code = show_span(results, &ROWS(&results->spans, struct reply_span)[span]);
    for (; code == 0 && fact < ROW_COUNT(&results->facts, struct reply_fact); fact++)
        code = show_fact(results, &ROWS(&results->facts, struct reply_fact)[fact]);
    if (code < 0)
        results->seen_labels.failed = true;
}

void turn_end(struct turn *turn, const char *failure)
{
    struct results *results = turn->results;

    if (failure != NULL) {
        cut_rows(&results->labels, turn->start.labels);
        cut_rows(&results->spans, turn->start.spans);
        cut_rows(&results->facts, turn->start.facts);
        cut_rows(&results->signatures, turn->start.signatures);
        cut_rows(&results->vectors, turn->start.vectors);
        results->feature_count = turn->start.features;
        results_add_failure(results, turn->plugin, failure);
    } else {
        hierarchy_complete(turn);
        show(turn);
    }
    if (turn->refused > 0) {
        struct err line;
        err_set(&line, 0, "%llu results refused; the first: %s", (unsigned long long)turn->refused,
                turn->refusal.text);
        results_add_failure(results, turn->plugin, line.text);
    }
}

int turn_refuse(struct turn *turn, const char *format, ...)
{
    va_list args;

    if (turn->refused++ == 0) {
        char reason[REPLY_REASON_MAX];
        va_start(args, format);
        vsnprintf(reason, sizeof reason, format, args);
        va_end(args);
        err_set(&turn->refusal, -EINVAL, "%s", reason);
    }
    return -EINVAL;
}

int turn_limit(struct turn *turn, const char *name)
{
    results_note_limit(turn->results, name);
    return -E2BIG;
}

const char *turn_text(const struct turn *turn, size_t *out_len)
{
    const struct strbuf *text = &turn->results->text;

    *out_len = turn->appended ? text->len : turn->text_len;
    return turn->appended ? strbuf_text(text) : turn->text;
}

/* The text is valid UTF-8, so a border is where no continuation byte follows. */
static bool is_border(const char *text, size_t len, size_t at)
{
    return at == len || ((unsigned char)text[at] & 0xC0) != 0x80;
}

bool turn_has_range(const struct turn *turn, size_t begin, size_t end)
{
    size_t len;
    const char *text = turn_text(turn, &len);

    return begin <= end && end <= len && is_border(text, len, begin) && is_border(text, len, end);
}
