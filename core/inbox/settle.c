/* inbox/settle: is this file complete?
 *
 * Called by intake for a name that an event or a scan brought up. Two things must hold. It has come
 * to rest: it was closed after writing or renamed in, or else its times have been quiet for
 * `settle`. And no writer is left, as far as a lease can tell; where it cannot, a close is not
 * trusted (there may be a second writer) and quiet time decides, while a rename is, since that is
 * how a careful writer says "done". And it must be one that a claim could take.
 *
 * It keeps nothing: what is to be looked at again and when is intake's to remember.
 */
#include "inbox/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "inbox/lease.h"

#define NS_PER_MS 1000000
#define US_PER_MS 1000u
#define WAIT_MIN_MS                                                                                \
    20u /* between two looks, however small `settle` is: a writer may stay for hours */

static uint64_t seen_ms(const struct settle_state *state, uint64_t now_us)
{
    return (now_us - state->since_us) / US_PER_MS;
}

static uint64_t left_of(uint64_t quiet_ms, uint32_t settle_ms)
{
    return quiet_ms < settle_ms ? settle_ms - quiet_ms : 0;
}

/* The clock that stamped the file may not be ours (a clock set back, touch -d). A time in the
 * future says nothing, so what counts then is how long we have seen the file unchanged. */
static uint64_t left_ms(int64_t stamp_ns, const struct settle_state *state, uint32_t settle_ms,
                        int64_t now_wall_ms, uint64_t now_us)
{
    int64_t stamp_ms = stamp_ns / NS_PER_MS;
    uint64_t quiet_ms = stamp_ms <= now_wall_ms ? (uint64_t)now_wall_ms - (uint64_t)stamp_ms
                                                : seen_ms(state, now_us);

    return left_of(quiet_ms, settle_ms);
}

uint64_t settle_quiet_left_ms(const struct settle_state *state, const struct settle_terms *terms,
                              int64_t now_wall_ms, uint64_t now_us)
{
    uint32_t settle_ms = terms->settle_ms;

    if (terms->remote)
        return left_of(seen_ms(state, now_us), settle_ms);
    uint64_t by_change = left_ms(state->identity.ctime_ns, state, settle_ms, now_wall_ms, now_us);
    uint64_t by_write = left_ms(state->identity.mtime_ns, state, settle_ms, now_wall_ms, now_us);

    return by_change > by_write ? by_change : by_write;
}

static void renew(struct settle_state *state, const struct stat *status, uint64_t now_us)
{
    struct identity now;

    identity_of(status, &now);
    if (!state->looked || !identity_matches(&state->identity, &now) ||
        state->identity.ctime_ns != now.ctime_ns)
        state->since_us = now_us;
    state->identity = now;
    state->looked = true;
}

static enum settle_verdict wait_ms(uint64_t ms, uint64_t *out_wait_us)
{
    *out_wait_us = (ms > WAIT_MIN_MS ? ms : WAIT_MIN_MS) * US_PER_MS;
    return SETTLE_WAIT;
}

/* Opens for the lease alone. O_NONBLOCK: neither a FIFO put there meanwhile nor another's lease may
 * hold up the loop. -EAGAIN: another holds a write lease, so it may be writing. */
static int open_for_lease(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

/* *out_refusal: negative errno when it may not be read, else 0. */
static enum lease_answer ask_lease(int dir_fd, const char *name, struct stat *status,
                                   int *out_refusal)
{
    int fd = open_for_lease(dir_fd, name);

    *out_refusal = fd == -EACCES || fd == -EPERM ? fd : 0;
    if (fd < 0) {
        bool later = fd == -EAGAIN || fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM;
        return later ? LEASE_WRITER : LEASE_UNKNOWN;
    }
    /* The state is taken before the lease: a change after it is seen by claim's comparison. */
    enum lease_answer answer = LEASE_UNKNOWN;
    if (fstat(fd, status) == 0 && S_ISREG(status->st_mode))
        answer = lease_probe(fd);
    file_close(&fd);
    return answer;
}

/* Whether the claim could take it out of its folder. Asked before, because a claim that fails costs
 * a row of the catalog and a line of the log each time that a scan meets the file. */
static int ask_folder(int dir_fd)
{
    if (faccessat(dir_fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
        return 0;
    return errno == EACCES || errno == EPERM || errno == EROFS ? -errno : 0;
}

enum settle_verdict settle_look(int dir_fd, const char *name, enum settle_cause cause,
                                const struct settle_terms *terms, struct settle_state *state,
                                uint64_t *out_wait_us)
{
    struct stat status;
    uint64_t now_us = clock_monotonic_us();

    /* Not by open: opening a FIFO or a device already does something to it. */
    if (fstatat(dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
        return SETTLE_GONE;
    renew(state, &status, now_us);
    uint64_t left = settle_quiet_left_ms(state, terms, clock_wall_ms(), now_us);
    if (cause == SETTLE_FOUND && left > 0)
        return wait_ms(left, out_wait_us);

    int refusal;
    enum lease_answer answer = ask_lease(dir_fd, name, &status, &refusal);
    if (!S_ISREG(status.st_mode))
        return SETTLE_GONE;
    renew(state, &status, now_us);
    if (answer == LEASE_WRITER)
        return wait_ms(terms->settle_ms, out_wait_us);
    left = settle_quiet_left_ms(state, terms, clock_wall_ms(), now_us);
    bool no_word = answer == LEASE_UNKNOWN || terms->remote;
    bool must_rest = cause == SETTLE_FOUND || (cause == SETTLE_CLOSED && no_word);
    if (must_rest && left > 0)
        return wait_ms(left, out_wait_us);
    state->refusal = refusal < 0 ? refusal : ask_folder(dir_fd);
    return state->refusal < 0 ? SETTLE_REFUSED : SETTLE_READY;
}
