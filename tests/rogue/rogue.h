/* rogue: what the jail (tests/rogue/jail.c) and the plugins that it locks up have in common.
 *
 * A rogue plugin goes through a list of attempts, at one moment of its life: when it is mapped, in
 * open(), or in classify(). The jail exports where it may try (rogue_ground) and takes down what
 * came of each attempt (rogue_record), at once, so that an attempt that ends the process is seen.
 */
#ifndef ROGUE_H
#define ROGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROGUE_NAME_SIZE 64
#define ROGUE_PATH_SIZE 512

/* An attempt's result: 0 when it succeeded, errno when it was refused, or: */
#define ROGUE_ABSENT (-100000) /* nothing to try it on here; no negative errno either */

#define ROGUE_HARMLESS 1u /* succeeds without a lock-down, and then hurts nobody */
#define ROGUE_ALLOWED_AT_OPEN                                                                      \
    2u /* must succeed in the first layer, and be refused in the second                            \
        */

struct rogue_attempt {
    const char *name;
    int refusal; /* the errno that the lock-down answers */
    unsigned flags;
    int (*try)(void);
};

struct rogue_report {
    char name[ROGUE_NAME_SIZE]; /* "" after the last attempt */
    int32_t result;
    int32_t refusal;
    uint32_t flags;
};

struct rogue_ground {
    bool only_harmless;
    pid_t parent;                    /* the jail's parent: who must come to no harm */
    char inside[ROGUE_PATH_SIZE];    /* a file beneath the plugin folder */
    char scratch[ROGUE_PATH_SIZE];   /* a folder outside, with the files "target" and "victim" */
    char target[ROGUE_PATH_SIZE];    /* a file in it */
    int target_fd;                   /* that file, open for writing */
    int document_fd;                 /* that file, open for reading, as documents are */
    int socket_fd;                   /* a Unix socket, not connected */
    int parent_fd;                   /* a pidfd of the parent */
    char listening[ROGUE_NAME_SIZE]; /* an abstract Unix socket that accepts, without its NUL */
};

extern struct rogue_ground rogue_ground;
void rogue_record(const struct rogue_attempt *attempt, int result);

/* Each list ends with an attempt without a name. */
extern const struct rogue_attempt rogue_file_attempts[];
extern const struct rogue_attempt rogue_process_attempts[];
extern const struct rogue_attempt rogue_neighbour_attempts[];
extern const struct rogue_attempt rogue_system_attempts[];

/* What a system call returned, as an attempt's result. */
int rogue_outcome(long result);
/* The same for one that returned a descriptor, which is closed. */
int rogue_outcome_fd(long result);

#endif
