/* worker/host_results: the host's functions by which plugins push results: label, span, signature
 * and fact.
 *
 * Called by plugins only, while worker/stages calls their read() or classify(). Each result is
 * judged here as taxon/host.h promises, and copied before the function returns.
 */
#include "worker/host.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "worker/border.h"
#include "worker/plugin.h"
#include "worker/results.h"

static bool is_score(double score)
{
    return isfinite(score) && score >= 0 && score <= 1;
}

/* The turn of a classifier, or NULL. */
static struct turn *classifying(struct taxon_task *task)
{
    struct host *host = host_of_task(task);

    return host == NULL || host->phase != HOST_CLASSIFYING ? NULL : host->turn;
}

/* Control characters and what breaks a line become spaces: a quote is one line. The result is no
 * longer than what it was made from. */
static size_t flatten(char *text, size_t len)
{
    size_t to = 0;

    for (size_t from = 0; from < len;) {
        uint32_t code_point = 0;
        size_t n = utf8_decode(text + from, len - from, &code_point);
        bool control = n == 0 || code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) ||
                       code_point == 0x2028 || code_point == 0x2029;
        if (control)
            text[to++] = ' ';
        else
            memmove(text + to, text + from, n);
        to += control ? 0 : n;
        from += n == 0 ? 1 : n;
    }
    return to;
}

static const char *quote_of(struct turn *turn, size_t begin, size_t end)
{
    size_t text_len;
    const char *text = turn_text(turn, &text_len);
    size_t len = end - begin;

    if (len > REPLY_QUOTE_MAX)
        len = utf8_floor(text + begin, len, REPLY_QUOTE_MAX);
    char *quote = arena_strndup(turn->results->arena, text + begin, len);
    if (quote != NULL)
        quote[flatten(quote, len)] = '\0';
    return quote;
}

/* The pieces of evidence of most weight, heaviest first; among equals the one given first. */
struct heaviest {
    struct taxon_evidence kept[REPLY_EVIDENCE_MAX];
    size_t count;
};

static void weigh(struct heaviest *heaviest, const struct taxon_evidence *evidence)
{
    size_t at = heaviest->count;

    while (at > 0 && heaviest->kept[at - 1].weight < evidence->weight)
        at--;
    if (at == REPLY_EVIDENCE_MAX)
        return;
    if (heaviest->count < REPLY_EVIDENCE_MAX)
        heaviest->count++;
    memmove(&heaviest->kept[at + 1], &heaviest->kept[at],
            (heaviest->count - 1 - at) * sizeof *evidence);
    heaviest->kept[at] = *evidence;
}

static int read_evidence(struct turn *turn, const struct taxon_label *label,
                         struct heaviest *heaviest)
{
    const size_t least = BORDER_SIZE_1_0(struct taxon_evidence, reason);

    if (!border_array(label->evidence, label->evidence_count, label->evidence_stride, least))
        return turn_refuse(turn, "label '%s': evidence of %zu pieces, %zu bytes each", label->id,
                           label->evidence_count, label->evidence_stride);
    for (size_t i = 0; i < label->evidence_count; i++) {
        struct taxon_evidence piece;
        const void *from = TAXON_AT(char, label->evidence, label->evidence_stride, i);
        if (!border_read(&piece, sizeof piece, from, least))
            return turn_refuse(turn, "struct taxon_evidence without its struct_size");
        if (!turn_has_range(turn, piece.begin, piece.end))
            return turn_refuse(turn,
                               "label '%s': evidence %zu-%zu is not in the text or cuts a "
                               "character",
                               label->id, piece.begin, piece.end);
        if (!isfinite(piece.weight))
            return turn_refuse(turn, "label '%s': a weight is not finite", label->id);
        weigh(heaviest, &piece);
    }
    return 0;
}

static int copy_evidence(struct turn *turn, const struct heaviest *heaviest,
                         struct reply_label *row)
{
    struct arena *arena = turn->results->arena;

    row->evidence_count = heaviest->count;
    row->evidence = arena_alloc(arena, heaviest->count * sizeof *row->evidence);
    if (row->evidence == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < heaviest->count; i++) {
        const struct taxon_evidence *from = &heaviest->kept[i];
        struct reply_evidence *to = &row->evidence[i];
        to->begin = from->begin;
        to->end = from->end;
        to->weight = from->weight;
        to->reason = border_line(arena, from->reason, REPLY_REASON_MAX);
        to->quote = quote_of(turn, from->begin, from->end);
        if (to->reason == NULL || to->quote == NULL)
            return -ENOMEM;
    }
    return 0;
}

/* The label if this plugin gave it already in this turn: `id` is the vocabulary's own string. */
static struct reply_label *given_before(const struct turn *turn,
                                        const struct manifest_label *declared)
{
    struct reply_label *rows = ROWS(&turn->results->labels, struct reply_label);
    size_t first = turn->start.labels / sizeof *rows;

    for (size_t i = first; i < ROW_COUNT(&turn->results->labels, struct reply_label); i++)
        if (rows[i].id == declared->id)
            return &rows[i];
    return NULL;
}

static int32_t host_label(struct taxon_task *task, const struct taxon_label *label)
{
    struct turn *turn = classifying(task);
    struct heaviest heaviest = {.count = 0};
    struct taxon_label copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, label,
                     BORDER_SIZE_1_0(struct taxon_label, evidence_stride)))
        return turn_refuse(turn, "struct taxon_label without its struct_size");
    const struct manifest_label *declared = vocabulary_find(turn->vocabulary, copy.scheme, copy.id);
    if (declared == NULL)
        return turn_refuse(turn, "a label that is not declared: '%.64s:%.64s'",
                           copy.scheme == NULL ? "" : copy.scheme, copy.id == NULL ? "" : copy.id);
    if (!is_score(copy.score))
        return turn_refuse(turn, "label '%s': score %g is not in 0..1", copy.id, copy.score);
    int code = read_evidence(turn, &copy, &heaviest);
    if (code < 0)
        return code;
    struct reply_label row = {
        .scheme = declared->scheme,
        .id = declared->id,
        .score = copy.score,
        .threshold = declared->threshold,
        .holds = copy.score >= declared->threshold,
        .plugin = turn->plugin,
    };
    struct reply_label *before = given_before(turn, declared);
    if (before != NULL && before->score >= row.score)
        return 0;
    if (before == NULL &&
        ROW_COUNT(&turn->results->labels, struct reply_label) >= turn->results->limits->labels)
        return turn_limit(turn, "limits.labels");
    code = copy_evidence(turn, &heaviest, &row);
    if (code < 0)
        return code;
    if (before == NULL)
        return results_add_row(&turn->results->labels, &row, sizeof row);
    *before = row;
    return 0;
}

static int32_t host_span(struct taxon_task *task, const struct taxon_span *span)
{
    struct turn *turn = classifying(task);
    struct taxon_span copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, span, BORDER_SIZE_1_0(struct taxon_span, reason)))
        return turn_refuse(turn, "struct taxon_span without its struct_size");
    const struct manifest_label *declared = vocabulary_find(turn->vocabulary, copy.scheme, copy.id);
    if (declared == NULL)
        return turn_refuse(turn, "a span's label that is not declared: '%.64s:%.64s'",
                           copy.scheme == NULL ? "" : copy.scheme, copy.id == NULL ? "" : copy.id);
    if (!is_score(copy.score))
        return turn_refuse(turn, "span '%s': score %g is not in 0..1", copy.id, copy.score);
    if (!turn_has_range(turn, copy.begin, copy.end))
        return turn_refuse(turn, "span '%s': %zu-%zu is not in the text or cuts a character",
                           copy.id, copy.begin, copy.end);
    struct strbuf *spans = &turn->results->spans;
    if (ROW_COUNT(spans, struct reply_span) >= turn->results->limits->spans)
        return turn_limit(turn, "limits.spans");
    struct reply_span row = {
        .scheme = declared->scheme,
        .id = declared->id,
        .begin = copy.begin,
        .end = copy.end,
        .score = copy.score,
        .reason = border_line(turn->results->arena, copy.reason, REPLY_REASON_MAX),
        .plugin = turn->plugin,
    };
    return row.reason == NULL ? -ENOMEM : results_add_row(spans, &row, sizeof row);
}

static int32_t host_signature(struct taxon_task *task, const struct taxon_signature *signature)
{
    struct turn *turn = classifying(task);
    struct taxon_signature copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, signature,
                     BORDER_SIZE_1_0(struct taxon_signature, data_len)))
        return turn_refuse(turn, "struct taxon_signature without its struct_size");
    if (!border_is_name(copy.name))
        return turn_refuse(turn, "a signature's name is not [a-z0-9-]+");
    if (copy.data_len > RESULTS_SIGNATURE_BYTES_MAX || copy.data_len == 0 || copy.data == NULL)
        return turn_refuse(turn, "signature '%s' has %zu bytes, not 1 to %u", copy.name,
                           copy.data_len, RESULTS_SIGNATURE_BYTES_MAX);
    struct strbuf *signatures = &turn->results->signatures;
    if (ROW_COUNT(signatures, struct reply_signature) >= RESULTS_SIGNATURES_MAX)
        return turn_limit(turn, "signatures");
    struct reply_signature row = {
        .name = arena_strdup(turn->results->arena, copy.name),
        .data = arena_memdup(turn->results->arena, copy.data, copy.data_len),
        .data_len = copy.data_len,
        .plugin = turn->plugin,
    };
    if (row.name == NULL || row.data == NULL)
        return -ENOMEM;
    return results_add_row(signatures, &row, sizeof row);
}

static int check_fact(struct turn *turn, const struct taxon_fact *fact)
{
    bool nowhere = fact->begin == TAXON_NOWHERE && fact->end == TAXON_NOWHERE;

    if (!border_is_name(fact->name))
        return turn_refuse(turn, "a fact's name is not [a-z0-9-]+");
    if (fact->value == NULL && fact->value_len > 0)
        return turn_refuse(turn, "fact '%s' has no value", fact->name);
    if (fact->value_len > REPLY_VALUE_MAX) {
        turn_refuse(turn, "fact '%s' has %zu bytes, more than %d", fact->name, fact->value_len,
                    REPLY_VALUE_MAX);
        return -E2BIG;
    }
    if (fact->value_len > 0 && (!utf8_is_valid(fact->value, fact->value_len) ||
                                memchr(fact->value, '\0', fact->value_len) != NULL))
        return turn_refuse(turn, "fact '%s' is no UTF-8 without NUL", fact->name);
    if (!is_score(fact->score))
        return turn_refuse(turn, "fact '%s': score %g is not in 0..1", fact->name, fact->score);
    if (!nowhere && !turn_has_range(turn, fact->begin, fact->end))
        return turn_refuse(turn, "fact '%s': %zu-%zu is not in the text or cuts a character",
                           fact->name, fact->begin, fact->end);
    return 0;
}

static int32_t host_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    struct host *host = host_of_task(task);
    struct turn *turn = host == NULL ? NULL : host->turn;
    struct taxon_fact copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, fact, BORDER_SIZE_1_0(struct taxon_fact, score)))
        return turn_refuse(turn, "struct taxon_fact without its struct_size");
    int code = check_fact(turn, &copy);
    if (code < 0)
        return code;
    struct strbuf *facts = &turn->results->facts;
    if (ROW_COUNT(facts, struct reply_fact) >= turn->results->limits->facts)
        return turn_limit(turn, "limits.facts");
    struct reply_fact row = {
        .name = arena_strdup(turn->results->arena, copy.name),
        .value = arena_strndup(turn->results->arena, copy.value, copy.value_len),
        .has_place = copy.begin != TAXON_NOWHERE,
        .begin = copy.begin == TAXON_NOWHERE ? 0 : copy.begin,
        .end = copy.begin == TAXON_NOWHERE ? 0 : copy.end,
        .score = copy.score,
        .reason = border_line(turn->results->arena, copy.reason, REPLY_REASON_MAX),
        .plugin = turn->plugin,
    };
    if (row.name == NULL || row.value == NULL || row.reason == NULL)
        return -ENOMEM;
    return results_add_row(facts, &row, sizeof row);
}

void host_fill_results(struct taxon_host *table)
{
    table->label = host_label;
    table->span = host_span;
    table->signature = host_signature;
    table->fact = host_fact;
}
