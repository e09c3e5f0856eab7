/* route/template_date: which date {date} means. What route's own files share; nobody else includes
 * it.
 */
#ifndef ROUTE_TEMPLATE_DATE_H
#define ROUTE_TEMPLATE_DATE_H

#include <stddef.h>

#include "route/subject.h"

#define TEMPLATE_DATE_SIZE 16

struct template_date {
    int year;
    int month; /* 1 to 12; 0: the document does not say */
    int day;
    int hour;
    int minute;
    int second;
};

/* The document's own date, or the file's modification time in UTC. */
void template_date_of(const struct subject *subject, struct template_date *out_date);

/* One conversion of strftime(3): Y y m d H M S. */
void template_date_print(const struct template_date *date, char conversion,
                         char out_text[TEMPLATE_DATE_SIZE]);

#endif
