/* torture/gate: through which every call of taxond that changes the disk goes.
 *
 * What it does is told by the environment (gate.c). Without it, calls pass untouched.
 */
#ifndef TORTURE_GATE_H
#define TORTURE_GATE_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of a call: what it is named after, and what it works on. */
struct call {
    const char *name;
    bool changes;     /* the disk; others only read it, and can only be made to fail */
    int dir_fd;       /* of `path`; or the file itself when `path` is NULL */
    const char *path; /* relative to dir_fd, or absolute */
    int len_index;    /* which argument is the length that can be cut short; -1: none */
};

/* Makes the system call `number`, or fails it, or dies, by plan. As syscall(2). */
long gate_call(const struct call *call, long number, const long arguments[6]);

/* The real syscall(2). */
long gate_real(long number, long a, long b, long c, long d, long e, long f);

#endif
