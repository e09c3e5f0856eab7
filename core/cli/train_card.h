/* cli/train_card: what a model says of itself, and whether a new one may take its place. */
#ifndef CLI_TRAIN_CARD_H
#define CLI_TRAIN_CARD_H

#include "base/strbuf.h"
#include "cli/train_options.h"

/* One JSON object: what the model was trained on, how, when, and how good it is. */
void train_card_write(const struct trained *trained, const struct dataset *dataset,
                      const struct train_request *request, const char *space, struct strbuf *out);

/* 0 when nothing, or no better model, is at `path`, or it is to be replaced anyhow; -EEXIST when
 * the one there has a higher macro F1 in its cross-validation; -EINVAL when it is no model. */
int train_card_allows(const char *path, const struct trained *trained,
                      const struct train_request *request, struct err *err) MUST_CHECK;

#endif
