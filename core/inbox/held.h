/* inbox/held: the files that intake knows of, each by its path, in one of three states. */
#ifndef INBOX_HELD_H
#define INBOX_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "inbox/settle.h"

#define HELD_BUCKETS 4096

enum held_state {
    HELD_WAITING, /* known, not ready */
    HELD_READY,   /* ready, to be taken; first come, first taken */
    HELD_OUT      /* taken, not forgotten */
};
#define HELD_STATES 3

struct held {
    struct held *chain; /* in its bucket */
    struct held *next;  /* in its state's list */
    struct held *prev;
    enum held_state state;
    enum settle_cause cause; /* why to look at it next: WAITING, and OUT with `again` */
    bool again;              /* OUT: something was heard of the path; look when it is forgotten */
    uint64_t look_us;        /* WAITING: monotonic, when to look */
    uint64_t ready_us;       /* READY: monotonic, since when */
    struct settle_state settle;
    uint32_t hash;
    char path[];
};

struct held_list {
    struct held *first;
    struct held *last;
    uint32_t count;
};

struct held_table {
    struct held_list lists[HELD_STATES];
    struct held *buckets[HELD_BUCKETS];
};

struct held *held_find(const struct held_table *table, const char *path);
/* A new row, zeroed, at the end of its state's list. The path must not be there. NULL: no memory.
 */
struct held *held_add(struct held_table *table, const char *path, enum held_state state);
/* To the end of the list of `state`. */
void held_move(struct held_table *table, struct held *held, enum held_state state);
void held_remove(struct held_table *table, struct held *held);
void held_clear(struct held_table *table, enum held_state state);
uint32_t held_count(const struct held_table *table, enum held_state state);

#endif
