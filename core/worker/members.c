/* worker/members: the members of a container, on their way from its reader into the spool.
 *
 * Called by the host's functions for readers (host_task.c) and by stages_read.c around read(). What
 * is written here is a file that the supervisor copies from and believes nothing of; what it is
 * told of it is checked against the file's size.
 */
#include "worker/members.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "text/charset_prescan.h"
#include "worker/border.h"
#include "worker/results.h"

void members_begin(struct members *members, const struct job *job,
                   const struct settings_limits *limits, uint64_t deadline_us)
{
    struct strbuf rows = members->rows;
    uint64_t now_us = clock_monotonic_us();

    strbuf_clear(&rows);
    *members = (struct members){
        .spool_fd = -1,
        .job = job,
        .limits = limits,
        .stop_us = deadline_us > now_us ? now_us + (deadline_us - now_us) / 2 : now_us,
        .deadline_us = deadline_us,
        .rows = rows,
    };
}

void members_release(struct members *members)
{
    strbuf_release(&members->rows);
}

static size_t taken(const struct members *members)
{
    return ROW_COUNT(&members->rows, struct reply_member);
}

/* Another turn begins with this member. */
static int leave_to_next(struct members *members, uint64_t index, uint64_t offset)
{
    members->closed = true;
    members->more = true;
    members->next = index;
    members->next_offset = offset;
    return -ECANCELED;
}

static int close_for(struct members *members, struct turn *turn, const char *limit)
{
    members->closed = true;
    members->more = false;
    return turn_limit(turn, limit);
}

/* 0: this turn takes it; 1: an earlier one did; or why not. */
static int admit(struct members *members, struct turn *turn, const struct taxon_member *member)
{
    const struct job *job = members->job;

    if (members->closed)
        return -ECANCELED;
    if (members->spool_fd < 0) {
        members->closed = true;
        return -ECANCELED;
    }
    if (member->index < job->member_from)
        return 1;
    if (taken(members) >= job->members_left)
        return close_for(members, turn, "limits.members");
    if (members->taken_bytes >= job->bytes_left)
        return close_for(members, turn, "limits.expansion_ratio");
    if (taken(members) >= JOB_MEMBERS_MAX || members->taken_bytes >= JOB_MEMBERS_BYTES ||
        (taken(members) > 0 && clock_monotonic_us() >= members->stop_us))
        return leave_to_next(members, member->index, members->row_offset);
    return 0;
}

static const char *line_of(struct turn *turn, const char *text, size_t max)
{
    const char *copy = text == NULL ? "" : border_line(turn->results->arena, text, max);

    return copy == NULL ? "" : copy;
}

/* Its bytes up to a NUL, which no file's name has. */
static const char *name_of(struct turn *turn, const struct taxon_member *member)
{
    size_t len = member->name == NULL ? 0 : strnlen(member->name, member->name_len);
    const char *copy;

    if (len > JOB_MEMBER_NAME_MAX)
        len = JOB_MEMBER_NAME_MAX;
    copy = arena_strndup(turn->results->arena, len == 0 ? "" : member->name, len);
    return copy == NULL ? "" : copy;
}

int members_announce(struct turn *turn, const struct taxon_member *member)
{
    struct members *members = turn->members;

    if (members->open)
        return turn_refuse(turn, "a member begins before the end of the one before");
    if (member->index < members->seen || member->index >= REPLY_INDEX_MAX)
        return turn_refuse(turn, "members are not announced in order");
    members->announced = true;
    members->seen = member->index + 1;
    members->row_offset = member->offset < REPLY_INDEX_MAX ? member->offset : 0;
    int code = admit(members, turn, member);
    if (code != 0)
        return code;
    members->open = true;
    members->refused = false;
    members->row = (struct reply_member){
        .index = member->index,
        .begin = members->taken_bytes,
        .name = name_of(turn, member),
        .url = line_of(turn, member->url, JOB_MEMBER_FIELD_MAX),
        .date = line_of(turn, member->date, JOB_MEMBER_DATE_MAX),
        .charset = line_of(turn, member->charset, CHARSET_LABEL_SIZE - 1),
        .media_type = line_of(turn, member->media_type, 100),
    };
    return 0;
}

static int write_at(int fd, const char *data, size_t len, uint64_t at)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, data, len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        data += n;
        len -= (size_t)n;
        at += (uint64_t)n;
    }
    return 0;
}

/* The rest of it is not wanted. */
static int leave_out(struct members *members, struct turn *turn, const char *limit)
{
    members->refused = true;
    return turn_limit(turn, limit);
}

int members_write(struct turn *turn, const void *data, size_t len)
{
    struct members *members = turn->members;
    struct reply_member *row = &members->row;

    if (!members->open)
        return turn_refuse(turn, "a member's data without its beginning");
    if (members->refused)
        return -E2BIG;
    if (len > members->limits->file_bytes - row->len)
        return leave_out(members, turn, "limits.file");
    if (row->len + len > members->job->bytes_left - members->taken_bytes) {
        (void)close_for(members, turn, "limits.expansion_ratio");
        members->refused = true;
        return -E2BIG;
    }
    int code = write_at(members->spool_fd, data, len, row->begin + row->len);
    if (code < 0) { /* no room on the disk now: this member is for another turn */
        members->refused = true;
        (void)leave_to_next(members, row->index, members->row_offset);
        return -E2BIG;
    }
    row->len += len;
    return 0;
}

int members_end(struct turn *turn)
{
    struct members *members = turn->members;

    if (!members->open)
        return turn_refuse(turn, "a member's end without its beginning");
    members->open = false;
    if (members->refused)
        return 0;
    members->taken_bytes += members->row.len;
    strbuf_append(&members->rows, &members->row, sizeof members->row);
    return members->rows.failed ? -ENOMEM : 0;
}

void members_finish(struct members *members)
{
    bool late = clock_monotonic_us() >= members->deadline_us;

    if (late && !members->closed && members->spool_fd >= 0)
        (void)leave_to_next(members, members->open ? members->row.index : members->seen,
                            members->open ? members->row_offset : 0);
    members->open = false;
}
