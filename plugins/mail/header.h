/* mail/header: the header of a mail or of one of its parts (RFC 5322, RFC 2045). */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <stddef.h>

#define HEADER_FIELD_MAX 2000u
#define HEADER_WORD_MAX  128u

enum transfer_encoding { TRANSFER_PLAIN, TRANSFER_BASE64, TRANSFER_QUOTED };

struct header {
    char media_type[HEADER_WORD_MAX]; /* lower case, without parameters; "" none */
    char boundary[HEADER_WORD_MAX];
    char charset[HEADER_WORD_MAX];
    char name[HEADER_FIELD_MAX]; /* as given, of Content-Type or Content-Disposition */
    char location[HEADER_FIELD_MAX];
    char date[64]; /* ISO 8601, or "" */
    enum transfer_encoding encoding;
};

/* Reads the header that `data` begins with; its length with the empty line that ends it. Data that
 * begins with an empty line has an empty header. */
size_t header_read(const char *data, size_t len, struct header *out_header);
/* "Mon, 6 May 2024 07:08:09 +0800" as 2024-05-06T07:08:09+08:00; "" when it is none. */
void header_date(const char *text, char *out, size_t out_size);

#endif
