/* cli/train_card: the card in a model's file. Called by cli/train. */
#include "cli/train_card.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include <taxon/model.h>

#include "base/file.h"
#include "base/json.h"
#include "learn/model_file.h"

static void put_training(struct json *json, const struct train_options *options)
{
    json_object_begin(json, "training");
    json_put_text(json, "method",
                  "L2-loss linear SVM, one label against the rest, dual coordinate descent");
    json_put_real(json, "cost", options->solver.cost);
    json_array_begin(json, "weights");
    for (size_t i = 0; i < COLUMNS_FAMILIES; i++)
        json_put_real(json, NULL, (double)options->weights[i]);
    json_array_end(json);
    json_put_int(json, "least", options->least);
    json_put_int(json, "features", options->rows);
    json_put_int(json, "folds", options->folds);
    json_put_real(json, "precision", options->precision);
    json_put_int(json, "seed", (int64_t)options->solver.seed);
    json_object_end(json);
}

void train_card_write(const struct trained *trained, const struct dataset *dataset,
                      const struct train_request *request, const char *space, struct strbuf *out)
{
    struct json json;

    json_init(&json, out, 0);
    json_object_begin(&json, NULL);
    json_put_int(&json, "card", 1);
    json_put_text(&json, "scheme", request->scheme);
    json_put_text(&json, "space", space);
    json_put_text(&json, "trained", request->date);
    json_put_text(&json, "licence", request->licence);
    json_array_begin(&json, "sources");
    for (int i = 0; i < request->source_count; i++)
        json_put_text(&json, NULL, request->sources[i]);
    json_array_end(&json);
    json_put_int(&json, "documents", (int64_t)dataset->count);
    json_put_int(&json, "features", trained->columns.count);
    put_training(&json, &request->train);
    json_object_begin(&json, "cross_validation");
    measure_write(&trained->measures, &trained->judgement, &json);
    json_object_end(&json);
    json_object_end(&json);
    strbuf_putc(out, '\n');
}

/* The macro F1 of the model's cross-validation; -1 when its card has none. */
static double macro_of(const struct strbuf *card)
{
    json_t *object = json_loadb(card->data, card->len, 0, NULL);
    const json_t *value = json_object_get(json_object_get(object, "cross_validation"), "macro_f1");
    double macro = json_is_number(value) ? json_number_value(value) : -1;

    json_decref(object);
    return macro;
}

int train_card_allows(const char *path, const struct trained *trained,
                      const struct train_request *request, struct err *err)
{
    struct strbuf there = STRBUF_INIT;
    struct strbuf card = STRBUF_INIT;
    double ours = trained->measures.best_macro_f1;
    int result = request->replace ? -ENOENT : file_slurp_path(path, TAXON_MODEL_BYTES, &there);

    if (result == 0 && model_file_card(there.data, there.len, &card, err) < 0)
        result = err_prefix(err, -EINVAL, "%s is there and is not replaced", path);
    else if (result == 0 && macro_of(&card) > ours)
        result = err_set(err, -EEXIST,
                         "%s is better: macro F1 %.3f, this one %.3f (--replace puts this one in "
                         "its place)",
                         path, macro_of(&card), ours);
    else if (result < 0 && result != -ENOENT)
        err_set(err, result, "%s: %s", path, strerror(-result));
    strbuf_release(&there);
    strbuf_release(&card);
    return result == -ENOENT ? 0 : result;
}
