/* kit/learnt: how a classifier's own scores and its model's come together.
 *
 * Called by classifiers that have both. In log odds,
 *
 *     moved = logit(score) + bounded(SHARE * (logit(p) - logit(t)))
 *
 * where p is the model's calibrated score and t its threshold for the label, so that a model which
 * is just as sure as its threshold asks moves nothing. The bound is less than the odds of a strong
 * cue. For a move upwards a score below FLOOR counts as FLOOR, so that a model which is surer than
 * its threshold, by about one in log odds, lifts a label that no cue speaks for over the usual 0.5.
 * A label that the model has no weights for, but has labels below it that it does, is moved as the
 * one of them that is moved highest; one that it knows nothing of goes down with the label above
 * it, and never up.
 */
#include "kit/learnt.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define FLOOR   0.3
#define CEILING 0.98
#define SHARE   0.8
#define BOUND   2.4 /* log odds: 11 to 1 */
#define LEAST   0.01

static double logit(double p)
{
    return log(p / (1 - p));
}

/* The file's name without ".model", or NULL. */
static const char *language_of(const char *path, size_t *out_len)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t len = strlen(name);

    if (len <= 6 || strcmp(name + len - 6, ".model") != 0 ||
        len - 6 >= sizeof(((struct learnt_model *)0)->language))
        return NULL;
    *out_len = len - 6;
    return name;
}

static int map_labels(struct taxon_opening *opening, struct learnt_model *of,
                      const struct definitions *labels)
{
    of->known = opening->host->keep(opening, (labels->count + 1) * sizeof(*of->known));
    if (of->known == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < labels->count; i++)
        of->known[i] = model_find_label(&of->model, labels->items[i].id);
    return 0;
}

static int take_file(struct learnt *learnt, struct definitions_check *check,
                     const struct taxon_resource *file)
{
    struct learnt_model *of = &learnt->models[learnt->count];
    const char *why = NULL;
    size_t len;
    const char *language = language_of(file->path, &len);

    if (language == NULL)
        return 0; /* its README */
    if (learnt->count == LEARNT_MODELS_MAX) {
        definitions_mistake(check, NULL, "more than %d models", LEARNT_MODELS_MAX);
        return 0;
    }
    if (model_open(&of->model, file->data, file->data_len, learnt->scheme, &why) < 0) {
        definitions_mistake(check, NULL, "the model '%.200s' %s", file->path, why);
        return 0;
    }
    memcpy(of->language, language, len);
    of->language[len] = '\0';
    learnt->count++;
    return map_labels(check->opening, of, learnt->labels);
}

int learnt_open(struct learnt *learnt, struct definitions_check *check, const char *option,
                const char *scheme, int is_many, const struct definitions *labels)
{
    const struct taxon_host *host = check->opening->host;
    const struct taxon_value *value;
    int r = 0;

    *learnt = (struct learnt){.scheme = scheme, .labels = labels, .is_many = is_many};
    value = host->option(check->opening, option);
    if (value == NULL || value->type == 0)
        return 0;
    for (size_t i = 0; r == 0; i++) {
        struct taxon_resource file = {.struct_size = sizeof(file)};

        r = host->resource(check->opening, option, i, &file);
        if (r == 0)
            r = take_file(learnt, check, &file);
    }
    return r == -ENOENT ? 0 : r;
}

static const struct learnt_model *model_for(const struct learnt *learnt, const char *language)
{
    for (size_t i = 0; i < learnt->count; i++)
        if (strcmp(learnt->models[i].language, language) == 0)
            return &learnt->models[i];
    return NULL;
}

static double bounded(double value)
{
    return value > BOUND ? BOUND : value < -BOUND ? -BOUND : value;
}

static double within(double p)
{
    return p < LEAST ? LEAST : p > 1 - LEAST ? 1 - LEAST : p;
}

/* Labels stand behind the one above them: going backwards, those below have had their turn; going
 * forwards, the one above. */
static void find_moves(const struct learnt *learnt, struct learnt_says *says, uint8_t *is_known)
{
    const struct definitions *labels = learnt->labels;

    for (size_t i = labels->count; i-- > 0;) {
        uint32_t known = says->by->known[i];
        uint32_t parent = labels->items[i].parent;

        if (known != UINT32_MAX) {
            double threshold = says->by->model.labels[known].threshold;

            says->moves[i] = bounded(
                SHARE * (logit(within(says->scores.scores[known])) - logit(within(threshold))));
            is_known[i] = 1;
        }
        if (!is_known[i] || parent == DEFINITIONS_NONE || says->by->known[parent] != UINT32_MAX)
            continue;
        if (!is_known[parent] || says->moves[parent] < says->moves[i])
            says->moves[parent] = says->moves[i];
        is_known[parent] = 1;
    }
    for (size_t i = 0; i < labels->count; i++) {
        uint32_t parent = labels->items[i].parent;

        if (says->moves[i] < 0 && learnt->is_many &&
            (says->by->model.header->flags & TAXON_MODEL_EXCLUSIVE))
            says->moves[i] = 0;
        if (!is_known[i] && parent != DEFINITIONS_NONE && says->moves[parent] < 0)
            says->moves[i] = says->moves[parent];
    }
}

int learnt_ask(const struct learnt *learnt, struct taxon_task *task,
               const struct taxon_document *document, const struct mask *mask,
               struct learnt_says *out)
{
    int r = model_push_features(task, document, mask, learnt->scheme, 0);
    uint8_t *is_known;

    *out = (struct learnt_says){.by = model_for(learnt, document->language)};
    if (r < 0 || out->by == NULL)
        return r < 0 ? r : 0;
    out->moves = task->host->alloc(task, (learnt->labels->count + 1) * sizeof(*out->moves));
    is_known = task->host->alloc(task, learnt->labels->count + 1);
    if (out->moves == NULL || is_known == NULL)
        return -ENOMEM;
    r = model_score(&out->by->model, task, document, mask, &out->scores);
    if (r == 0)
        find_moves(learnt, out, is_known);
    return r;
}

double learnt_move(const struct learnt_says *says, uint32_t label, double score)
{
    double move = says->by == NULL ? 0 : says->moves[label];
    double from = score > CEILING ? CEILING : score;

    if (!(move > 0 || move < 0) || (move < 0 && score <= 0))
        return score;
    if (move > 0 && from < FLOOR)
        from = FLOOR;
    return 1 / (1 + exp(-(logit(from) + move)));
}

int learnt_explain(const struct learnt *learnt, const struct learnt_says *says,
                   struct taxon_task *task, const struct taxon_document *document,
                   const struct mask *mask, uint32_t label, struct evidence *evidence)
{
    uint32_t best = UINT32_MAX;

    if (says->by == NULL || !(says->moves[label] > 0))
        return 0;
    for (uint32_t i = label; i < learnt->labels->count; i++) {
        uint32_t known = says->by->known[i];
        uint32_t above = i;

        while (above != label && above != DEFINITIONS_NONE)
            above = learnt->labels->items[above].parent;
        if (above == label && known != UINT32_MAX &&
            (best == UINT32_MAX || says->scores.scores[known] > says->scores.scores[best]))
            best = known;
    }
    return best == UINT32_MAX ? 0
                              : model_explain(&says->by->model, task, document, mask, &says->scores,
                                              best, evidence);
}
