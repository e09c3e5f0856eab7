/* worker/members: the members of a container, on their way from its reader into the spool.
 *
 * A reader announces each member from the first on, in each turn anew; this file lets pass those
 * that earlier turns took, takes as many as this turn has room for, and then wants no more. Members
 * stand in the spool one after the other; what is said of them goes into the reply.
 */
#ifndef WORKER_MEMBERS_H
#define WORKER_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/types.h>

#include "base/strbuf.h"
#include "config/settings.h"
#include "wire/job.h"
#include "wire/reply.h"

struct turn;

struct members {
    /* of the job */
    int spool_fd; /* -1: there is none */
    const struct job *job;
    const struct settings_limits *limits;
    uint64_t stop_us; /* CLOCK_MONOTONIC: no further member is begun from then on */
    uint64_t deadline_us;

    /* what came of it */
    bool announced; /* it is a container */
    bool more;      /* there are members for another turn: the first of them, and its place */
    uint64_t next;
    uint64_t next_offset;
    uint64_t taken_bytes;
    struct strbuf rows; /* struct reply_member */

    /* the member in hand */
    bool open;
    bool refused; /* it is too large, or the spool is full: it is left out */
    bool closed;  /* no further member is taken, whatever comes */
    struct reply_member row;
    uint64_t row_offset; /* where it begins in the container, as its reader says */
    uint64_t seen;       /* one more than the index that was announced last */
};

/* Another document, without a spool; `job` and `limits` outlive it. */
void members_begin(struct members *members, const struct job *job,
                   const struct settings_limits *limits, uint64_t deadline_us);
void members_release(struct members *members);

/* The host's functions, as taxon/host.h has them. */
int members_announce(struct turn *turn, const struct taxon_member *member);
int members_write(struct turn *turn, const void *data, size_t len);
int members_end(struct turn *turn);

/* The reader has returned: what it left open is left out, and taken by the next turn when only time
 * was short. */
void members_finish(struct members *members);

#endif
