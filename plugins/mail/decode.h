/* mail/decode: a part's bytes out of their transfer encoding (RFC 2045, section 6), into the member
 * that the host has begun. Tolerant: what is no code is passed over or stays as it is. */
#ifndef MAIL_DECODE_H
#define MAIL_DECODE_H

#include <stddef.h>

#include <taxon/plugin.h>

#include "header.h"

#define DECODE_OUT_SIZE ((size_t)16 << 10)

/* Between the decoder and the host. */
struct decode {
    struct taxon_task *task;
    size_t len;
    int refused;
    char data[DECODE_OUT_SIZE];
};

/* 0, or negative: no more of this member is wanted. `decode->task` is set. */
int decode_write(struct decode *decode, const char *data, size_t len,
                 enum transfer_encoding encoding);

#endif
