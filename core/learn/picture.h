/* learn/picture: measures as a picture: the confusion matrix and the precision-recall curves. */
#ifndef LEARN_PICTURE_H
#define LEARN_PICTURE_H

#include "base/strbuf.h"
#include "learn/measure.h"

/* Appends one SVG document (SVG 1.1, no scripts, no outside references). `title` is any text. */
void picture_write(const struct measures *measures, const struct judgement *judgement,
                   const char *title, struct strbuf *out);

#endif
