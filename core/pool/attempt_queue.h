/* pool/attempt_queue: attempts that wait for a worker, first come, first served. */
#ifndef POOL_ATTEMPT_QUEUE_H
#define POOL_ATTEMPT_QUEUE_H

#include <stdint.h>

#include "pool/pool.h"

struct attempt_queue {
    struct attempt *first;
    struct attempt **last;
    uint32_t count;
};

void attempt_queue_init(struct attempt_queue *queue);
void attempt_queue_push(struct attempt_queue *queue, struct attempt *attempt);
struct attempt *attempt_queue_pop(struct attempt_queue *queue); /* NULL: empty */

#endif
