/* score: from one document to the topics it has.
 *
 * Called for each document. Touches nothing but the task's memory.
 *
 * How a topic is scored. Every term that occurs gives its weight times log2(1 + occurrences): the
 * second mention says less than the first. A term in the title, too, counts `title_weight` times.
 * A root has the terms of all labels below it as well. The sum is held against what a text of this
 * length is expected to have, need = NEED * sqrt(words / WORDS), times SPREAD less the root's share
 * of all that was gathered: a text that speaks of one thing needs less than one that mentions many.
 * What no root has terms for counts as `need` in that share, so that a few mentions in a long text
 * on nothing known are no large share. NEED_MIN is needed in any case. The score is
 * 1 - 2^-(sum / needed), so a topic that meets the expectation scores 0.5: one passing mention in a
 * long text stays low, and two good terms in a short notice are enough. Where all rests on a single
 * term, the sum counts ALONE.
 *
 * Of terms of one root that overlap at one place the longest counts. Page furniture (kit/mask)
 * counts neither as hits nor as length.
 */
#include "topics.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kit/evidence.h"
#include "kit/mask.h"

/* Set by hand on the tuning half of what tests/bench/report_topics.py measures. */
#define NEED     2.4
#define NEED_MIN 1.7
#define WORDS    228.0 /* 1 KB of Chinese */
#define SPREAD   1.1
#define ALONE    0.5

/* Bytes to a word: a Chinese one has one to two characters of three bytes; an English one counts
 * the space behind it. */
#define WORD_WIDE   4.5
#define WORD_NARROW 6.5

#define PIECE      65536 /* bytes scanned before the host is asked for the time */
#define REASON_MAX 180
#define NO_TERM    UINT32_MAX

struct place {
    size_t begin; /* folded */
    size_t end;
};

/* What one document has of one term. Most terms have no hit in it, and cost it a pointer. */
struct term_count {
    uint32_t hits;
    uint32_t in_title;
    struct place places[2]; /* the first two */
    double adds;            /* to the sum of its label */
    const char *reason;
};

/* The last hit of a root, held back until it is known that no longer one covers it. */
struct pending {
    uint32_t term;
    struct place place;
};

struct label_sum {
    double sum;
    double gathered; /* by a root and all below it */
    uint32_t terms;  /* distinct ones that speak for it */
    double score;
};

struct scoring {
    const struct topics *topics;
    struct taxon_task *task;
    const struct taxon_document *document;
    struct mask mask;
    struct place title;         /* in the text */
    struct term_count **counts; /* by id; NULL: no hit */
    uint64_t *is_found;         /* a bit for each id */
    uint32_t *found;            /* the terms that have hits, by rising id */
    uint32_t found_count;
    int failed;              /* 1: no memory for a count */
    struct pending *pending; /* by index of root */
    struct label_sum *sums;
    double need; /* of a text of this length */
    struct learnt_says says;
};

static void find_title(struct scoring *scoring)
{
    const struct taxon_document *document = scoring->document;

    for (size_t i = 0; i < document->fact_count; i++) {
        const struct taxon_fact *fact =
            TAXON_AT(struct taxon_fact, document->facts, document->fact_stride, i);

        if (strcmp(fact->name, "title") == 0 && fact->begin != TAXON_NOWHERE &&
            fact->end <= document->text_len) {
            scoring->title = (struct place){fact->begin, fact->end};
            return;
        }
    }
}

/* Folding never makes a text longer, so a hit behind the title's end cannot be in it. */
static int is_in_title(const struct scoring *scoring, const struct place *place)
{
    size_t begin;
    size_t end;

    return place->begin < scoring->title.end &&
           scoring->task->host->unfold(scoring->task, place->begin, place->end, &begin, &end) ==
               0 &&
           begin >= scoring->title.begin && end <= scoring->title.end;
}

static void count_hit(struct scoring *scoring, const struct pending *hit)
{
    struct term_count *count = scoring->counts[hit->term];

    if (mask_touches_folded(&scoring->mask, scoring->task, hit->place.begin, hit->place.end)) {
        return;
    }
    if (count == NULL) {
        count = scoring->task->host->alloc(scoring->task, sizeof(*count));
        if (count == NULL) {
            scoring->failed = 1;
            return;
        }
        scoring->counts[hit->term] = count;
        scoring->is_found[hit->term / 64] |= UINT64_C(1) << (hit->term % 64);
        scoring->found_count++;
    }
    if (count->hits < 2) {
        count->places[count->hits] = hit->place;
    }
    count->hits++;
    count->in_title |= (uint32_t)is_in_title(scoring, &hit->place);
}

/* Hits come by rising begin, then rising end. */
static void take_hit(void *data, uint32_t term, size_t begin, size_t end)
{
    struct scoring *scoring = data;
    const struct topics *topics = scoring->topics;
    uint32_t root = topics->labels.items[topics->terms[term].label].root;
    struct pending *pending = &scoring->pending[root];

    if (pending->term != NO_TERM) {
        if (end <= pending->place.end) {
            return;
        }
        if (begin != pending->place.begin) {
            count_hit(scoring, pending);
        }
    }
    *pending = (struct pending){term, {begin, end}};
}

/* Returns the bytes that were looked at: all, unless the host calls for a stop. */
static size_t count_terms(struct scoring *scoring)
{
    const struct taxon_document *document = scoring->document;
    const struct topics *topics = scoring->topics;
    size_t at = 0;

    while (at < document->folded_len) {
        size_t to = document->folded_len - at > PIECE ? at + PIECE : document->folded_len;

        at = lexicon_scan(topics->lexicon, document->folded, document->folded_len, at, to, take_hit,
                          scoring);
        if (scoring->task->host->should_stop(scoring->task)) {
            break;
        }
    }
    for (size_t i = 0; i < topics->labels.count; i++) {
        if (scoring->pending[i].term != NO_TERM) {
            count_hit(scoring, &scoring->pending[i]);
        }
    }
    return at;
}

static size_t words_of_bits(const struct topics *topics)
{
    return topics->term_count / 64 + 1;
}

/* Lists the terms that have hits, with what each adds to the sum of its label. 0 or -ENOMEM. */
static int weigh_terms(struct scoring *scoring)
{
    const struct topics *topics = scoring->topics;
    size_t listed = 0;

    scoring->found = scoring->task->host->alloc(scoring->task, (scoring->found_count + 1) *
                                                                   sizeof(*scoring->found));
    if (scoring->found == NULL || scoring->failed) {
        return -ENOMEM;
    }
    for (size_t word = 0; word < words_of_bits(topics); word++) {
        for (uint64_t bits = scoring->is_found[word]; bits != 0; bits &= bits - 1) {
            uint32_t term = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            struct term_count *count = scoring->counts[term];
            double factor = count->in_title ? topics->title_weight : 1;

            count->adds = topics->terms[term].weight * log2(1.0 + count->hits) * factor;
            scoring->found[listed++] = term;
        }
    }
    return 0;
}

/* The words of the part that is no furniture, taking both parts to be in the same script. */
static double words_of(const struct scoring *scoring, size_t len)
{
    const unsigned char *text = (const unsigned char *)scoring->document->folded;
    size_t content = len > scoring->mask.bytes ? len - scoring->mask.bytes : 0;
    size_t wide = 0;
    double share;

    for (size_t i = 0; i < len; i++) {
        wide += text[i] >> 7;
    }
    share = len == 0 ? 0 : (double)wide / (double)len;
    return (double)content * (share / WORD_WIDE + (1 - share) / WORD_NARROW);
}

/* `share` is that of the label's root in what all roots gathered. */
static double score_of(const struct scoring *scoring, const struct label_sum *sum, double share)
{
    double total = sum->terms == 1 ? sum->sum * ALONE : sum->sum;
    double need = scoring->need * (SPREAD - share);

    return total <= 0 ? 0 : 1 - exp2(-total / fmax(need, NEED_MIN));
}

/* A label that holds makes the one above it hold. */
static void imply_parent(const struct topics *topics, struct label_sum *sums, size_t index)
{
    const struct definition *label = &topics->labels.items[index];
    const struct definition *above;
    double least;

    if (label->parent == DEFINITIONS_NONE || sums[index].score < label->threshold) {
        return;
    }
    above = &topics->labels.items[label->parent];
    least = sums[index].score > above->threshold ? sums[index].score : above->threshold;
    if (sums[label->parent].score < least) {
        sums[label->parent].score = least;
    }
}

/* Sums up each label's own terms, and into `gathered` what each root has in all. Returns the sum of
 * those of all roots. */
static double sum_terms(struct scoring *scoring)
{
    const struct topics *topics = scoring->topics;
    double all = 0;

    for (uint32_t i = 0; i < scoring->found_count; i++) {
        const struct topic_term *term = &topics->terms[scoring->found[i]];
        double adds = scoring->counts[scoring->found[i]]->adds;

        scoring->sums[term->label].sum += adds;
        scoring->sums[term->label].terms += term->weight > 0;
        scoring->sums[topics->labels.items[term->label].root].gathered += adds;
    }
    for (size_t i = 0; i < topics->labels.count; i++) {
        all += scoring->sums[i].gathered > 0 ? scoring->sums[i].gathered : 0;
    }
    return all;
}

/* Labels stand behind the one above them, so going backwards a label is complete when its turn
 * comes. */
static void score_labels(struct scoring *scoring)
{
    const struct topics *topics = scoring->topics;
    struct label_sum *sums = scoring->sums;
    double all = sum_terms(scoring);

    for (size_t i = topics->labels.count; i-- > 0;) {
        const struct definition *label = &topics->labels.items[i];
        double gathered = sums[label->root].gathered;
        double score =
            score_of(scoring, &sums[i], gathered > 0 ? gathered / (all + scoring->need) : 0);

        sums[i].score = score > sums[i].score ? score : sums[i].score;
        if (label->parent != DEFINITIONS_NONE) {
            sums[label->parent].sum += sums[i].sum;
            sums[label->parent].terms += sums[i].terms;
            imply_parent(topics, sums, i);
        }
    }
}

/* Scores moved by what a model says, and what holds implies the label above it again. */
static void learn_scores(struct scoring *scoring)
{
    const struct topics *topics = scoring->topics;

    for (size_t i = topics->labels.count; scoring->says.by != NULL && i-- > 0;) {
        scoring->sums[i].score = learnt_move(&scoring->says, (uint32_t)i, scoring->sums[i].score);
    }
    for (size_t i = topics->labels.count; scoring->says.by != NULL && i-- > 0;) {
        if (topics->labels.items[i].parent != DEFINITIONS_NONE) {
            imply_parent(topics, scoring->sums, i);
        }
    }
}

static int is_below(const struct topics *topics, uint32_t label, uint32_t above)
{
    while (label != above && label != DEFINITIONS_NONE) {
        label = topics->labels.items[label].parent;
    }
    return label == above;
}

static const char *reason_of(struct scoring *scoring, uint32_t term)
{
    struct term_count *count = scoring->counts[term];
    char *reason;

    if (count->reason != NULL) {
        return count->reason;
    }
    reason = scoring->task->host->alloc(scoring->task, REASON_MAX);
    if (reason != NULL) {
        snprintf(reason, REASON_MAX, "\"%s\" x%u%s", scoring->topics->terms[term].text, count->hits,
                 count->in_title ? ", in the title" : "");
    }
    count->reason = reason;
    return reason;
}

/* Each distinct term's first place, by what it adds; then second places while there is room. */
static void collect_evidence(struct scoring *scoring, uint32_t label, struct evidence *evidence)
{
    const struct topics *topics = scoring->topics;

    evidence_init(evidence);
    for (unsigned place = 0; place < 2; place++) {
        if (place == 1 && evidence->count == EVIDENCE_MAX) {
            return;
        }
        for (uint32_t i = 0; i < scoring->found_count; i++) {
            uint32_t term = scoring->found[i];
            const struct term_count *count = scoring->counts[term];
            double weight = count->adds / fmax(scoring->need, NEED_MIN);

            if (count->hits > place && is_below(topics, topics->terms[term].label, label)) {
                evidence_add(evidence, scoring->task, count->places[place].begin,
                             count->places[place].end, place == 0 ? weight : weight / count->hits,
                             reason_of(scoring, term));
            }
        }
    }
}

/* Labels that hold, and near misses. */
static int32_t publish(struct scoring *scoring)
{
    const struct definitions *labels = &scoring->topics->labels;

    for (uint32_t i = 0; i < labels->count; i++) {
        struct evidence evidence;
        int32_t r;

        if (scoring->sums[i].score <= 0 ||
            scoring->sums[i].score < labels->items[i].threshold / 2) {
            continue;
        }
        collect_evidence(scoring, i, &evidence);
        r = learnt_explain(&scoring->topics->learnt, &scoring->says, scoring->task,
                           scoring->document, &scoring->mask, i, &evidence);
        if (r < 0) {
            return r;
        }
        r = evidence_publish(&evidence, scoring->task, TOPICS_SCHEME, labels->items[i].id,
                             scoring->sums[i].score);
        if (r < 0) {
            return r == -E2BIG ? 0 : r;
        }
    }
    return 0;
}

int32_t topics_classify(const struct topics *topics, struct taxon_task *task,
                        const struct taxon_document *document)
{
    const struct taxon_host *host = task->host;
    struct scoring scoring = {.topics = topics, .task = task, .document = document};
    int r = mask_init(&scoring.mask, task, document);

    if (r < 0) {
        return r;
    }
    scoring.counts = host->alloc(task, (topics->term_count + 1) * sizeof(*scoring.counts));
    scoring.is_found = host->alloc(task, words_of_bits(topics) * sizeof(*scoring.is_found));
    scoring.pending = host->alloc(task, topics->labels.count * sizeof(*scoring.pending));
    scoring.sums = host->alloc(task, topics->labels.count * sizeof(*scoring.sums));
    if (scoring.counts == NULL || scoring.is_found == NULL || scoring.pending == NULL ||
        scoring.sums == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < topics->labels.count; i++) {
        scoring.pending[i].term = NO_TERM;
    }
    find_title(&scoring);
    scoring.need = NEED * sqrt(words_of(&scoring, count_terms(&scoring)) / WORDS);
    r = weigh_terms(&scoring);
    if (r < 0) {
        return r;
    }
    score_labels(&scoring);
    r = learnt_ask(&topics->learnt, task, document, &scoring.mask, &scoring.says);
    if (r < 0) {
        return r;
    }
    learn_scores(&scoring);
    return publish(&scoring);
}
