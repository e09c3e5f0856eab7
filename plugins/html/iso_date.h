/* iso_date: the date that a machine wrote into an attribute. */
#ifndef HTML_ISO_DATE_H
#define HTML_ISO_DATE_H

#include <stddef.h>

#define ISO_DATE_SIZE 11 /* "2024-05-01" and the NUL */

/* Reads "2024-05-01T08:00:00+08:00", "2024/5/1 08:00", "20240501" and their like; text may be NULL.
 * 0 when it is none. */
int iso_date_parse(const char *text, size_t len, char out_date[ISO_DATE_SIZE]);

#endif
