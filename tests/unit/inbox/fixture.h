/* tests/unit/inbox/fixture: a temporary inbox, a loop, and a line that takes what it is given. */
#ifndef TESTS_INBOX_FIXTURE_H
#define TESTS_INBOX_FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <uv.h>

#include "inbox/claim.h"
#include "inbox/intake.h"

#define TAKEN_MAX 8192

struct fixture {
    char dir[64]; /* holds in/, the inbox, and whatever a test puts beside it */
    char in[80];
    struct settings_inbox settings;
    struct inbox *inbox;
    uv_loop_t loop;
    uv_timer_t tick;
    struct intake *intake; /* NULL: not started */
    unsigned ticks;        /* since fixture_run_until began */
    bool stopped;
    unsigned ready_calls;
    bool takes;      /* on_ready takes at once */
    size_t take_max; /* that many a time */
    struct candidate *taken;
    size_t taken_count;
    uint32_t most_ready; /* largest values seen by fixture_run_until */
    uint32_t most_waiting;
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

/* Starts the intake; `settle_ms` and `recursive` go into the settings. */
void fixture_start(struct fixture *fixture, uint32_t settle_ms, bool recursive);
void fixture_stop(struct fixture *fixture);

/* Runs the loop until the condition holds; fails the test when it does not come true. */
void fixture_run_until(struct fixture *fixture, bool (*holds)(struct fixture *fixture));
#define run_until(condition) fixture_run_until(&fixture, condition)
bool fixture_is_idle(struct fixture *fixture);
bool fixture_is_scanned(struct fixture *fixture); /* the first scan is over */
struct intake_stats fixture_stats(struct fixture *fixture);

/* Takes, up to `max`, into fixture->taken; returns how many. */
size_t fixture_take(struct fixture *fixture, size_t max);
/* How often the path was taken. */
unsigned fixture_taken(const struct fixture *fixture, const char *path);
/* Forgets all that was taken and empties the list. */
void fixture_forget_all(struct fixture *fixture);

/* An absolute path, of `name` in the inbox; the caller frees. */
char *fixture_path(const struct fixture *fixture, const char *name);
/* All in the inbox, unless the name is absolute. */
void fixture_put(const struct fixture *fixture, const char *name, const char *text);
int fixture_open_file(const struct fixture *fixture, const char *name, int flags);
void fixture_mkdir(const struct fixture *fixture, const char *name);
void fixture_rename(const struct fixture *fixture, const char *from, const char *to);
bool fixture_exists(const struct fixture *fixture, const char *name);
void fixture_check_text(const struct fixture *fixture, const char *name, const char *text);
/* Reads the whole of fd and compares. */
void fixture_check_fd(int fd, const char *text);
/* What a claim of that file says now. The path lives as long as `name`. */
struct claim fixture_claim(const struct fixture *fixture, const char *name);

int fixture_main(Suite *suite);

#endif
