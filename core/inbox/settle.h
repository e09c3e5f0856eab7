/* inbox/settle: is this file complete? */
#ifndef INBOX_SETTLE_H
#define INBOX_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "inbox/identity.h"

/* By what it is judged. */
struct settle_terms {
    uint32_t settle_ms;
    /* Others may write to it unseen by our kernel: a lease that is granted says nothing then, nor
     * do times, which another's clock has made. */
    bool remote;
};

/* Why it is looked at. */
enum settle_cause {
    SETTLE_FOUND,  /* a scan met it, or it is looked at again after a while */
    SETTLE_CLOSED, /* somebody who had it open for writing closed it */
    SETTLE_RENAMED /* it was renamed to this name */
};

enum settle_verdict {
    SETTLE_READY,
    SETTLE_WAIT,   /* look again after *out_wait_us */
    SETTLE_GONE,   /* gone, no regular file, or out of reach; the next scan will tell */
    SETTLE_REFUSED /* complete for all we know, but not ours to take: see `refusal` */
};

/* What the last look saw; zeroed before the first. */
struct settle_state {
    bool looked;
    uint64_t since_us; /* monotonic: the file has looked like this since */
    struct identity identity;
    int refusal; /* SETTLE_REFUSED: -EACCES, -EPERM, -EROFS */
};

/* Looks at `name` in the folder dir_fd and renews *state. *out_wait_us is set for SETTLE_WAIT. */
enum settle_verdict settle_look(int dir_fd, const char *name, enum settle_cause cause,
                                const struct settle_terms *terms, struct settle_state *state,
                                uint64_t *out_wait_us);

/* Milliseconds until the file will have been quiet for terms->settle_ms; 0: it has. */
uint64_t settle_quiet_left_ms(const struct settle_state *state, const struct settle_terms *terms,
                              int64_t now_wall_ms, uint64_t now_us);

#endif
