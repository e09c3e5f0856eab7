/* learn/model_file: a trained model as the file that taxon/model.h describes, and the card in it.
 */
#ifndef LEARN_MODEL_FILE_H
#define LEARN_MODEL_FILE_H

#include "base/strbuf.h"
#include "learn/train.h"

/* Appends the whole file to `out`. Weights become int8 with a scale for each label, chosen so that
 * the squared error is least. -EINVAL when a name is too long, -ENOMEM. */
int model_file_write(const struct trained *trained, const char *scheme, const char *space,
                     const struct strbuf *card, struct strbuf *out, struct err *err) MUST_CHECK;

/* The card of a model's file, into `out`. -EINVAL when it is no model, or its digest says that it
 * is damaged. */
int model_file_card(const void *data, size_t len, struct strbuf *out, struct err *err) MUST_CHECK;

#endif
