/* warc/field: lines of a header: "Name: value", as WARC and HTTP have them. */
#ifndef WARC_FIELD_H
#define WARC_FIELD_H

#include <stddef.h>

struct field {
    const char *name;
    size_t name_len;
    const char *value; /* without white space around it; of a folded one the first line */
    size_t value_len;
};

/* The next line of [*at, len) that is a field; the first line of a header is to be passed before.
 * 1, or 0 at the end. */
int field_next(const char *header, size_t len, size_t *at, struct field *out_field);
int field_is(const struct field *field, const char *name);
/* The value as a C string, cut to what `out` has room for. */
void field_copy(const struct field *field, char *out, size_t out_size);
/* The value of a parameter, `charset` of `text/html; charset="gbk"`, into `out`; "" for none. */
void field_parameter(const char *value, const char *name, char *out, size_t out_size);
/* A decimal number without sign, at most 2^62. 1 and it, or 0. */
int field_number(const struct field *field, unsigned long long *out_number);

#endif
