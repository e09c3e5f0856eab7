/* line/members_store: members out of a spool into work/, each a file of its own, and their rows.
 *
 * Called by the batch, on its thread. The spool is what a worker wrote: its size is looked at, each
 * member is copied from where the worker says that it is and digested here, so that nothing that a
 * worker still holds becomes a document. The order: files complete and durable under names that a
 * start without their rows removes; then, in one transaction, their rows and the checkpoint of the
 * container, which goes to sleep with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "line/line_state.h"

#define COPY_CHUNK      ((size_t)64 << 10)
#define SPOOL_SUFFIX    ".spool.part" /* such names are removed at a start (inbox/inbox.c) */
#define SYNCFS_FROM     4u
#define MEMBER_NAME_MAX 255u
#define ID_TRIES        64u

/* What the id of a member is made of. */
struct member_seed {
    char purpose[24];
    struct digest container;
    uint64_t member;
    uint64_t delivery; /* 0; more when the same container was delivered before */
};

/* An unnamed file; where the file system has none, one that loses its name at once. */
static int open_spool(const struct document *document)
{
    int work_fd = document->from->inbox->work_fd;
    char name[ID_TEXT_SIZE + sizeof(SPOOL_SUFFIX)];
    int fd = openat(work_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT))
        return fd < 0 ? -errno : fd;
    snprintf(name, sizeof(name), "%s" SPOOL_SUFFIX, document->id.text);
    (void)unlinkat(work_fd, name, 0);
    fd = openat(work_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    (void)unlinkat(work_fd, name, 0);
    return fd;
}

void members_open_spools(struct line *line, struct batch *batch)
{
    for (struct document *document = batch->containers.first; document != NULL;
         document = document->next) {
        struct taking *taking = document->taking;
        struct err err = {""};

        document->step_result =
            catalog_container_read(line->catalog, &document->id, &taking->row, &err);
        if (document->step_result < 0)
            continue;
        taking->only_describe = taking->row.ended;
        if (taking->row.ended)
            continue;
        file_close(&taking->spool_fd);
        taking->spool_fd = open_spool(document);
        document->step_result = taking->spool_fd < 0 ? taking->spool_fd : 0;
    }
}

static int is_taken(struct line *line, const struct id *id)
{
    enum catalog_state state;
    char *path = NULL;
    int result = catalog_find(line->catalog, id, &state, &path, NULL);

    free(path);
    return result == 0 ? 1 : result == -ENOENT ? 0 : result;
}

/* Its own, unless a container of the same bytes gave that one before: then the next; and one by
 * chance when there were very many. */
static int choose_id(struct line *line, const struct document *container, uint64_t member,
                     struct id *out_id)
{
    struct member_seed seed;
    int taken = 1;

    memset(&seed, 0, sizeof(seed));
    snprintf(seed.purpose, sizeof(seed.purpose), "taxond member 1");
    seed.container = container->digest;
    seed.member = member;
    while (taken == 1) {
        int result;

        if (seed.delivery >= ID_TRIES &&
            getrandom(&seed.delivery, sizeof(seed.delivery), 0) != sizeof(seed.delivery))
            return -EIO;
        result = id_derive(&seed, sizeof(seed), out_id);
        if (result < 0)
            return result;
        taken = is_taken(line, out_id);
        seed.delivery++;
    }
    return taken;
}

/* Where the container lay, and the member's own name in it. */
static char *path_of(const struct document *container, const struct reply_member *member)
{
    const char *slash = strrchr(member->name, '/');
    const char *name = slash == NULL ? member->name : slash + 1;
    size_t size = strlen(container->path) + MEMBER_NAME_MAX + 2;
    char *path = malloc(size);
    char numbered[64];

    snprintf(numbered, sizeof(numbered), "member-%llu", (unsigned long long)member->index);
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        name = numbered;
    if (path != NULL)
        snprintf(path, size, "%s/%.*s", container->path, (int)MEMBER_NAME_MAX, name);
    return path;
}

static int copy_member(int from_fd, const struct reply_member *member, int to_fd)
{
    char chunk[COPY_CHUNK];
    uint64_t done = 0;

    while (done < member->len) {
        uint64_t rest = member->len - done;
        size_t len = rest < sizeof(chunk) ? (size_t)rest : sizeof(chunk);
        int result = file_pread_all(from_fd, chunk, len, (off_t)(member->begin + done));

        if (result == 0)
            result = file_write_all(to_fd, chunk, len);
        if (result < 0)
            return result;
        done += len;
    }
    return 0;
}

/* work/ID.member, complete. */
static int write_member(const struct document *container, const struct reply_member *member,
                        bool sync, struct catalog_member *row, uint64_t *syncs)
{
    int work_fd = container->from->inbox->work_fd;
    char name[ID_TEXT_SIZE + sizeof(INBOX_ASLEEP_SUFFIX)];
    struct stat status = {.st_size = 0};
    uint64_t size;
    int result;
    int fd;

    snprintf(name, sizeof(name), "%s" INBOX_ASLEEP_SUFFIX, row->claim.id.text);
    (void)unlinkat(work_fd, name, 0); /* of a transaction that failed */
    fd = openat(work_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    result = copy_member(container->taking->spool_fd, member, fd);
    if (result == 0)
        result = digest_of_fd(fd, &row->digest, &size);
    if (result == 0 && sync) {
        (*syncs)++;
        result = fsync(fd) < 0 ? -errno : 0;
    }
    if (result == 0 && fstat(fd, &status) < 0)
        result = -errno;
    file_close(&fd);
    if (result < 0)
        return result;
    row->claim.device = status.st_dev;
    row->claim.inode = status.st_ino;
    row->claim.size = member->len;
    row->claim.mtime_ns = container->file.mtime_ns;
    return 0;
}

/* One that is its own container would come out of itself for ever. */
static uint32_t depth_of(const struct line *line, const struct document *container,
                         const struct digest *digest)
{
    uint32_t depth = container->origin == NULL ? 0 : container->origin->depth;

    if (memcmp(digest, &container->digest, sizeof(*digest)) == 0)
        return line->generation->settings->limits.depth;
    return depth + 1;
}

static int store_member(struct line *line, struct document *container,
                        const struct reply_member *member, bool sync, struct catalog_member *row,
                        uint64_t *syncs)
{
    int result = choose_id(line, container, member->index, &row->claim.id);

    if (result == 0)
        result = write_member(container, member, sync, row, syncs);
    if (result < 0)
        return result;
    row->claim.inbox = container->from->inbox->name;
    row->claim.path = path_of(container, member);
    row->claim.claimed_ms = clock_wall_ms();
    row->origin = (struct catalog_origin){
        .is_member = true,
        .container = container->digest,
        .member = member->index,
        .depth = depth_of(line, container, &row->digest),
        .outermost = container->taking->row.outermost,
        .name = member->name,
        .url = member->url,
        .date = member->date,
        .charset = member->charset,
        .media_type = member->media_type,
    };
    return row->claim.path == NULL ? -ENOMEM : 0;
}

/* What the worker says, held against what is there. */
static bool is_sound(const struct taking *taking)
{
    const struct reply_member *last =
        taking->count == 0 ? NULL : &taking->members[taking->count - 1];
    struct stat status;

    if (last == NULL)
        return true;
    return fstat(taking->spool_fd, &status) == 0 &&
           last->begin + last->len <= (uint64_t)status.st_size;
}

static void release_rows(struct taking *taking)
{
    for (size_t i = 0; taking->rows != NULL && i < taking->count; i++)
        free((char *)(uintptr_t)taking->rows[i].claim.path);
    free(taking->rows);
    taking->rows = NULL;
}

static int store_all(struct line *line, struct batch *batch, struct document *container)
{
    struct taking *taking = container->taking;
    struct catalog_container *row = &taking->row;
    bool whole = taking->count >= SYNCFS_FROM;
    uint64_t bytes = 0;
    int result = 0;

    if (!is_sound(taking))
        return -EBADMSG;
    release_rows(taking);
    taking->rows = calloc(taking->count + 1, sizeof(*taking->rows));
    if (taking->rows == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < taking->count && result == 0; i++) {
        result = store_member(line, container, &taking->members[i], !whole, &taking->rows[i],
                              &batch->syncs);
        bytes += taking->members[i].len;
    }
    if (result == 0 && taking->count > 0) {
        batch->syncs++;
        result = (whole ? syncfs(taking->spool_fd) : fsync(container->from->inbox->work_fd)) < 0
                     ? -errno
                     : 0;
    }
    if (result == 0 && !container->stored) {
        row->taken += taking->count;
        row->bytes += bytes;
        container->stored = true;
    }
    return result;
}

int members_store(struct line *line, struct batch *batch)
{
    for (struct document *container = batch->windows.first; container != NULL;
         container = container->next)
        container->step_result = store_all(line, batch, container);
    return 0;
}

static int commit_window(struct line *line, struct document *container, struct err *err)
{
    struct taking *taking = container->taking;
    int result = catalog_add_members(line->catalog, &taking->row, taking->rows, taking->count, err);

    return result < 0 ? result
                      : catalog_sleep(line->catalog, &container->id, &container->digest, err);
}

static int wake(struct line *line, struct batch *batch, struct err *err)
{
    int64_t number = INT64_MAX;
    int result = 1;

    batch->woken = calloc(batch->wakes.count + 1, sizeof(*batch->woken));
    batch->woken_count = 0;
    if (batch->woken == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    while (batch->woken_count < batch->wakes.count && result == 1) {
        result = catalog_wake(line->catalog, &number, &batch->woken[batch->woken_count], err);
        batch->woken_count += result == 1;
    }
    return result < 0 ? result : 0;
}

bool members_has_rows(const struct batch *batch)
{
    return batch->windows.count > 0 || batch->wakes.count > 0;
}

int members_commit(struct line *line, struct batch *batch)
{
    int result = 0;

    for (struct document *container = batch->windows.first; container != NULL && result == 0;
         container = container->next) {
        if (container->step_result == 0)
            result = commit_window(line, container, &batch->err);
        release_rows(container->taking);
    }
    return result < 0 || batch->wakes.count == 0 ? result : wake(line, batch, &batch->err);
}
