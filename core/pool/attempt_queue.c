/* pool/attempt_queue: a list of attempts, linked by the attempts themselves. Called by the pool. */
#include "pool/attempt_queue.h"

#include <stddef.h>

void attempt_queue_init(struct attempt_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
    queue->count = 0;
}

void attempt_queue_push(struct attempt_queue *queue, struct attempt *attempt)
{
    attempt->next = NULL;
    *queue->last = attempt;
    queue->last = &attempt->next;
    queue->count++;
}

struct attempt *attempt_queue_pop(struct attempt_queue *queue)
{
    struct attempt *attempt = queue->first;

    if (attempt == NULL)
        return NULL;
    queue->first = attempt->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    queue->count--;
    return attempt;
}
