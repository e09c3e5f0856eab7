/* inbox/inbox: one inbox folder that is ours: opened, its private folder made, locked.
 *
 * Called by the line at start, once for each inbox; everything else here works below the
 * descriptors opened here. Who writes to an inbox is not trusted, so the private folder must be
 * ours alone: what another made there before us is refused and not mended, for its maker may hold
 * it open.
 */
#include "inbox/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define LOCK_NAME    "lock"
#define WORK_NAME    "work"
#define PART_SUFFIX  ".part" /* of a copy that was never finished: copy.c */
#define PRIVATE_MODE 0700
#define LOCK_MODE    0600
#define PID_TEXT_MAX 32

static int cannot(const struct inbox *inbox, struct err *err, int code, const char *what)
{
    return err_set(err, code, "inbox %s: cannot %s in %s: %s", inbox->name, what, inbox->path,
                   strerror(-code));
}

static int open_root(struct inbox *inbox, struct err *err)
{
    struct stat status;

    inbox->root_fd = open(inbox->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (inbox->root_fd < 0 || fstat(inbox->root_fd, &status) < 0)
        return err_set(err, -errno, "inbox %s: cannot open %s: %s", inbox->name, inbox->path,
                       strerror(errno));
    inbox->device = status.st_dev;
    inbox->inode = status.st_ino;
    inbox->file_system = file_system_of(inbox->root_fd);
    return 0;
}

/* Makes the folder unless it is there, and opens it. */
static int make_and_open(int dir_fd, const char *name)
{
    bool made = mkdirat(dir_fd, name, PRIVATE_MODE) == 0;

    if (!made && errno != EEXIST)
        return -errno;
    int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    /* What the umask took away; not by name, which may be another's by now. */
    if (made)
        (void)fchmod(fd, PRIVATE_MODE);
    return fd;
}

/* Set-group-ID comes with a shared inbox and opens nothing. */
static int check_private(const struct inbox *inbox, struct err *err)
{
    struct stat status;

    if (fstat(inbox->private_fd, &status) < 0)
        return cannot(inbox, err, -errno, "look at " INBOX_PRIVATE_NAME);
    if (status.st_uid != geteuid())
        return err_set(err, -EPERM,
                       "inbox %s: %s/%s belongs to user %u, not to taxond's user %u; if nothing in "
                       "it is needed: rm -r '%s/%s'",
                       inbox->name, inbox->path, INBOX_PRIVATE_NAME, (unsigned)status.st_uid,
                       (unsigned)geteuid(), inbox->path, INBOX_PRIVATE_NAME);
    if ((status.st_mode & 0777) != PRIVATE_MODE)
        return err_set(err, -EPERM,
                       "inbox %s: %s/%s has mode %04o, so others may reach what is being filed; "
                       "to mend it: chmod 0700 '%s/%s'",
                       inbox->name, inbox->path, INBOX_PRIVATE_NAME,
                       (unsigned)(status.st_mode & 07777), inbox->path, INBOX_PRIVATE_NAME);
    return 0;
}

static int open_private(struct inbox *inbox, struct err *err)
{
    inbox->private_fd = make_and_open(inbox->root_fd, INBOX_PRIVATE_NAME);
    if (inbox->private_fd == -ELOOP || inbox->private_fd == -ENOTDIR)
        return err_set(err, inbox->private_fd,
                       "inbox %s: %s/%s is no folder; taxond needs that name for itself: "
                       "mv '%s/%s' somewhere else",
                       inbox->name, inbox->path, INBOX_PRIVATE_NAME, inbox->path,
                       INBOX_PRIVATE_NAME);
    if (inbox->private_fd < 0)
        return cannot(inbox, err, inbox->private_fd, "make or open " INBOX_PRIVATE_NAME);
    return check_private(inbox, err);
}

static int open_work(struct inbox *inbox, struct err *err)
{
    inbox->work_fd = make_and_open(inbox->private_fd, WORK_NAME);
    if (inbox->work_fd < 0)
        return cannot(inbox, err, inbox->work_fd, "make or open " INBOX_PRIVATE_NAME "/" WORK_NAME);
    return 0;
}

static int refuse_second(const struct inbox *inbox, struct err *err)
{
    char text[PID_TEXT_MAX] = "";

    (void)!pread(inbox->lock_fd, text, sizeof text - 1, 0);
    long pid = strtol(text, NULL, 10);
    if (pid <= 0)
        return err_set(err, -EBUSY, "inbox %s: another taxond uses %s", inbox->name, inbox->path);
    return err_set(err, -EBUSY, "inbox %s: another taxond (pid %ld) uses %s", inbox->name, pid,
                   inbox->path);
}

/* The lock goes with the descriptor; the pid is for people only. */
static int take_lock(struct inbox *inbox, struct err *err)
{
    inbox->lock_fd =
        openat(inbox->private_fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, LOCK_MODE);
    if (inbox->lock_fd < 0)
        return cannot(inbox, err, -errno, "open " INBOX_PRIVATE_NAME "/" LOCK_NAME);
    if (flock(inbox->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK)
            return refuse_second(inbox, err);
        return cannot(inbox, err, -errno, "lock " INBOX_PRIVATE_NAME "/" LOCK_NAME);
    }
    if (fchmod(inbox->lock_fd, LOCK_MODE) < 0 || ftruncate(inbox->lock_fd, 0) < 0 ||
        dprintf(inbox->lock_fd, "%d\n", (int)getpid()) < 0)
        return cannot(inbox, err, -errno, "write " INBOX_PRIVATE_NAME "/" LOCK_NAME);
    return 0;
}

/* Calls `found` for each name in work/ until it says something other than 0. */
static int each_name(const struct inbox *inbox, int (*found)(void *context, const char *name),
                     void *context)
{
    const struct dirent *dirent;
    int code = 0;
    int fd = openat(inbox->work_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (dir == NULL) {
        code = -errno;
        file_close(&fd);
        return code;
    }
    for (errno = 0; code == 0 && (dirent = readdir(dir)) != NULL; errno = 0)
        code = found(context, dirent->d_name);
    if (code == 0)
        code = -errno;
    closedir(dir);
    return code;
}

/* A copy that was never finished: its source is still in the inbox. */
static int remove_part(void *context, const char *name)
{
    const struct inbox *inbox = context;
    size_t len = strlen(name);
    size_t suffix_len = strlen(PART_SUFFIX);

    if (len > suffix_len && strcmp(name + len - suffix_len, PART_SUFFIX) == 0 &&
        unlinkat(inbox->work_fd, name, 0) < 0)
        return -errno;
    return 0;
}

static int open_all(struct inbox *inbox, struct err *err)
{
    int code = open_root(inbox, err);

    if (code == 0)
        code = open_private(inbox, err);
    if (code == 0)
        code = take_lock(inbox, err);
    if (code == 0)
        code = open_work(inbox, err);
    if (code < 0)
        return code;
    code = each_name(inbox, remove_part, inbox);
    return code < 0 ? cannot(inbox, err, code, "clean " INBOX_PRIVATE_NAME "/" WORK_NAME) : 0;
}

int inbox_open(const struct settings_inbox *settings, struct inbox **out_inbox, struct err *err)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);

    if (inbox == NULL)
        return err_set(err, -ENOMEM, "inbox %s: no memory", settings->name);
    *inbox = (struct inbox){
        .settings = settings,
        .name = strdup(settings->name),
        .path = strdup(settings->path),
        .root_fd = -1,
        .private_fd = -1,
        .work_fd = -1,
        .lock_fd = -1,
    };
    int code = -ENOMEM;
    if (inbox->name != NULL && inbox->path != NULL)
        code = open_all(inbox, err);
    else
        (void)err_set(err, code, "inbox %s: no memory", settings->name);
    if (code < 0)
        inbox_close(inbox);
    else
        *out_inbox = inbox;
    return code;
}

void inbox_close(struct inbox *inbox)
{
    file_close(&inbox->work_fd);
    file_close(&inbox->private_fd);
    file_close(&inbox->root_fd);
    file_close(&inbox->lock_fd); /* last: it is what keeps others away */
    free(inbox->name);
    free(inbox->path);
    free(inbox);
}

int inbox_place(const struct inbox *inbox)
{
    struct stat status;

    if (stat(inbox->path, &status) < 0)
        return errno == ENOTDIR ? -ENOENT : -errno;
    if (!S_ISDIR(status.st_mode))
        return -ENOENT;
    return status.st_dev == inbox->device && status.st_ino == inbox->inode ? 0 : -ESTALE;
}

struct id_filter {
    int (*found)(void *context, const char *id);
    void *context;
};

static int pass_id(void *context, const char *name)
{
    const struct id_filter *filter = context;

    return id_is_valid(name) ? filter->found(filter->context, name) : 0;
}

int inbox_each_in_work(struct inbox *inbox, int (*found)(void *context, const char *id),
                       void *context)
{
    struct id_filter filter = {.found = found, .context = context};

    return each_name(inbox, pass_id, &filter);
}

static int pass_asleep(void *context, const char *name)
{
    const struct id_filter *filter = context;
    char id[ID_TEXT_SIZE];

    if (strlen(name) != ID_TEXT_SIZE - 1 + strlen(INBOX_ASLEEP_SUFFIX) ||
        strcmp(name + ID_TEXT_SIZE - 1, INBOX_ASLEEP_SUFFIX) != 0)
        return 0;
    memcpy(id, name, sizeof id - 1);
    id[sizeof id - 1] = '\0';
    return id_is_valid(id) ? filter->found(filter->context, id) : 0;
}

int inbox_each_asleep(struct inbox *inbox, int (*found)(void *context, const char *id),
                      void *context)
{
    struct id_filter filter = {.found = found, .context = context};

    return each_name(inbox, pass_asleep, &filter);
}
