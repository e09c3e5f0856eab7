/* text/charset_label: which charset a declared label means. Inside core/text only. */
#ifndef TEXT_CHARSET_LABEL_H
#define TEXT_CHARSET_LABEL_H

#include "text/charset_convert.h"

/* `label` may be NULL, or anything. CHARSET_COUNT when it is not known. */
enum charset_id charset_of_label(const char *label);

#endif
