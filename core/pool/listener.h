/* pool/listener: the supervisor's end of a seccomp filter that asks before it lets a call through
 * (seccomp_unotify(2)). Whoever asks is stopped in the call until it is answered.
 *
 * Only what stands in registers is looked at, so nothing can be changed between the answer and the
 * call.
 */
#ifndef POOL_LISTENER_H
#define POOL_LISTENER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct listener_question {
    pid_t pid;   /* of the thread that asks; the process's, where there is one thread */
    long number; /* of the call, on this machine's own architecture */
    uint64_t arguments[6];
};

/* Whether it is one, on a kernel whose questions we know how to read. */
bool listener_is_sound(int fd);

/* Takes a question that waits at `fd`, if one does, and answers it: the call goes on if
 * `may_go_on` says so, else it returns EPERM. Never blocks. 1: answered; 0: nothing waits, or the
 * asker was gone before; -EPIPE: nobody is left who could ask. */
int listener_answer(int fd,
                    bool (*may_go_on)(void *context, const struct listener_question *question),
                    void *context) MUST_CHECK;

/* clone(2) by its bare number that makes a process for the caller's own parent, and no more. */
bool listener_is_fork(const struct listener_question *question);
/* tgkill(2) by which a process signals itself. */
bool listener_is_own_signal(const struct listener_question *question);

#endif
