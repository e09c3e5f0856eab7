/* text/charset_prescan: the charset that a page of HTML declares in its first bytes. */
#ifndef TEXT_CHARSET_PRESCAN_H
#define TEXT_CHARSET_PRESCAN_H

#include <stddef.h>

#define CHARSET_LABEL_SIZE 32 /* with the NUL; the longest label there is has 19 */

/* Looks for <meta charset=…> or <meta http-equiv=content-type content="…charset=…"> in `raw` (any
 * bytes), then for an XML declaration or @charset at its beginning. Returns 1 with the label (C
 * string, of letters, digits and -_:.+) or 0 with "". */
int charset_prescan(const void *raw, size_t raw_len, char out_label[CHARSET_LABEL_SIZE]);

#endif
