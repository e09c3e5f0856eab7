/* Data sets made by a fixed sequence: each label has features of its own, among many that say
 * nothing. */
#ifndef TESTS_UNIT_LEARN_MADE_H
#define TESTS_UNIT_LEARN_MADE_H

#include "learn/dataset.h"

/* `documents` of `labels` labels ("l0", "l1", …), each of one; `noise` of 100 documents have the
 * features of another label. Sources are groups of ten documents. */
void made_dataset(struct dataset *dataset, uint32_t labels, uint32_t documents, uint32_t noise);

#endif
