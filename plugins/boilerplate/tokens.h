/* tokens: dates, times, telephone numbers and addresses, as they begin at a place of a folded line.
 */
#ifndef TOKENS_H
#define TOKENS_H

#include <stddef.h>

/* Bytes of what begins at `at`, a digit; 0 for none of it. */
size_t token_date(const char *line, size_t len, size_t at); /* 2024-5-3, 2024年5月3日, 3/5/2024 */
size_t token_clock(const char *line, size_t len, size_t at); /* 21:45, 21:45:40 */
size_t token_phone(const char *line, size_t len, size_t at); /* 0311-5550142, 555 010 4477 */
size_t token_digits(const char *line, size_t len, size_t at);

/* Does a date with the month's name begin at `at`: may 3, 2024 or 3 may 2024? */
int token_month_date(const char *line, size_t len, size_t at);

/* Is the '@' at `at` that of an e-mail address? */
int token_is_email(const char *line, size_t len, size_t at);

/* Does the line end in a date: 05-17, [2024-05-17], 5月17日? */
int token_ends_dated(const char *line, size_t len);

#endif
