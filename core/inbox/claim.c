/* inbox/claim: makes a ready file ours.
 *
 * Called on a thread of the loop's pool after the catalog has committed the claim, and at start to
 * find out how far one had come. The file is opened and held against the claim where it lies; only
 * then is it renamed into work/, and looked at once more, since the name may have been given to
 * another file in between. What is then not as claimed goes back. It is not synced here: the
 * decision's batch does that.
 */
#include "inbox/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "inbox/checked.h"
#include "inbox/copy.h"
#include "inbox/identity.h"
#include "inbox/lease.h"
#include "inbox/move.h"
#include "inbox/parent.h"

static void fill(int fd, const struct stat *status, struct claimed *out_claimed)
{
    struct identity identity;

    identity_of(status, &identity);
    *out_claimed = (struct claimed){
        .fd = fd,
        .device = identity.device,
        .inode = identity.inode,
        .size = identity.size,
        .mtime_ns = identity.mtime_ns,
    };
}

int claim_open(struct inbox *inbox, const struct id *id, struct claimed *out_claimed)
{
    struct stat status;
    int fd = checked_open(inbox->work_fd, id->text, &status);

    if (fd < 0)
        return fd;
    fill(fd, &status, out_claimed);
    return 0;
}

/* A link or a writer that came after the checks makes it a file that is not ours alone. Links made
 * from now on need no thought: nobody else finds the name. */
static bool is_ours(const struct inbox *inbox, int fd, const struct claim *claim,
                    const struct id *id)
{
    struct stat status;

    return fstatat(inbox->work_fd, id->text, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           checked_is_claimed(&status, claim) && status.st_nlink == 1 &&
           lease_probe(fd) != LEASE_WRITER;
}

/* What was renamed is not what was claimed. If its name was taken meanwhile it stays, and is then
 * what was claimed. */
static int give_back(struct inbox *inbox, int parent_fd, const char *name, const struct id *id,
                     struct claimed *out_claimed)
{
    int code = move_out(inbox->work_fd, id->text, parent_fd, name);

    return code == 0 ? -ESTALE : claim_open(inbox, id, out_claimed);
}

/* Takes over fd. */
static int take_by_move(struct inbox *inbox, int parent_fd, const char *name, int fd,
                        const struct claim *claim, const struct id *id, struct claimed *out_claimed)
{
    struct stat status;

    if (is_ours(inbox, fd, claim, id) && fstat(fd, &status) == 0) {
        fill(fd, &status, out_claimed);
        return 0;
    }
    file_close(&fd);
    return give_back(inbox, parent_fd, name, id, out_claimed);
}

/* Takes over fd. */
static int take_by_copy(struct inbox *inbox, int parent_fd, const char *name, int fd,
                        const struct claim *claim, const struct id *id, struct claimed *out_claimed)
{
    int code = copy_take(inbox, parent_fd, name, fd, claim, id, out_claimed);

    file_close(&fd);
    return code;
}

static int take_from(struct inbox *inbox, int parent_fd, const char *name,
                     const struct claim *claim, const struct id *id, struct claimed *out_claimed)
{
    struct stat status;
    int code = -EXDEV;
    int fd = checked_open(parent_fd, name, &status);

    if (fd < 0)
        return fd;
    if (!checked_is_claimed(&status, claim)) {
        file_close(&fd);
        return -ESTALE;
    }
    if (status.st_nlink == 1)
        code = move_in(parent_fd, name, inbox->work_fd, id->text);
    if (code == -EXDEV)
        return take_by_copy(inbox, parent_fd, name, fd, claim, id, out_claimed);
    if (code == 0)
        return take_by_move(inbox, parent_fd, name, fd, claim, id, out_claimed);
    file_close(&fd);
    return code;
}

int claim_take(struct inbox *inbox, const struct claim *claim, const struct id *id,
               struct claimed *out_claimed)
{
    const char *name;
    int parent_fd = parent_open(inbox->root_fd, claim->path, &name);

    if (parent_fd < 0)
        return parent_fd;
    int code = take_from(inbox, parent_fd, name, claim, id, out_claimed);
    file_close(&parent_fd);
    return code;
}

int claim_return(struct inbox *inbox, const char *path, const struct id *id)
{
    const char *name;
    int parent_fd = parent_open(inbox->root_fd, path, &name);
    int code = parent_fd;

    if (parent_fd >= 0)
        code = move_out(inbox->work_fd, id->text, parent_fd, name);
    if (parent_fd >= 0 && code == -EEXIST)
        code = move_out(inbox->work_fd, id->text, parent_fd, id->text);
    if (parent_fd < 0 || code == -EXDEV)
        code = move_out(inbox->work_fd, id->text, inbox->root_fd, id->text);
    file_close(&parent_fd);
    return code;
}

int claim_resume(struct inbox *inbox, const struct claim *claim, const struct id *id,
                 struct claimed *out_claimed)
{
    struct claimed found;
    int code = claim_open(inbox, id, &found);

    if (code < 0)
        return code == -ENOENT ? 0 : code;
    /* The file itself was moved, or this is a copy and the source may be left. */
    if (found.device != claim->device || found.inode != claim->inode)
        code = copy_finish(inbox, found.fd, claim, id);
    if (code < 0) {
        file_close(&found.fd);
        return code;
    }
    *out_claimed = found;
    return 1;
}
