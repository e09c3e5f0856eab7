/* Makes chosen calls of route/place fail. The test is linked with --wrap for each of them, so that
 * route/place runs as it is built.
 */
#ifndef TESTS_UNIT_ROUTE_FAULTS_H
#define TESTS_UNIT_ROUTE_FAULTS_H

#include <stdbool.h>

struct faults {
    int fail_at;      /* the call that fails, from 1; 0: none */
    bool dead;        /* from then on all do: what a crash leaves */
    int error;        /* as errno */
    int work_fd;      /* renames out of this folder say EXDEV; -1: none */
    int count;        /* calls so far */
    const char *last; /* the one that failed */
    int syncs;        /* fsync and fdatasync that were made */
    bool differ;      /* the next comparison of two files says that they are not the same */
    /* Called in the middle of a rename whose target is to be taken by somebody else; or NULL. */
    void (*before_rename)(const char *to);
};

extern struct faults faults;

#endif
