/* cli/doctor_probes: what the file systems really do, tried with files of our own.
 *
 * Each file has a name that begins with ".taxon-doctor-", lies where taxond looks for no document
 * (an inbox's .taxond, an archive's root), and is removed at once. Folders that
 * are not there, or not to be written, are passed over: the folders' check has said so.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/doctor.h"
#include "inbox/inbox.h"
#include "inbox/lease.h"

#define NAME_SIZE 64

static void probe_name(char out_name[NAME_SIZE], const char *what)
{
    snprintf(out_name, NAME_SIZE, ".taxon-doctor-%ld-%s", (long)getpid(), what);
}

/* A folder to write to, or negative errno. */
static int open_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0 && faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        int code = -errno;
        file_close(&fd);
        return code;
    }
    return fd < 0 ? -errno : fd;
}

/* An empty file that was not there. */
static int make_file(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return -errno;
    file_close(&fd);
    return 0;
}

/* Whether RENAME_NOREPLACE renames to a free name, and refuses one that is taken. */
static int try_rename(int dir_fd)
{
    char from[NAME_SIZE], to[NAME_SIZE];
    int code;

    probe_name(from, "from");
    probe_name(to, "to");
    code = make_file(dir_fd, from);
    if (code == 0)
        code = make_file(dir_fd, to);
    if (code == 0) {
        code = file_rename_noreplace(dir_fd, from, dir_fd, to);
        code = code == 0 ? -ENOTSUP : code == -EEXIST ? 0 : code;
        (void)unlinkat(dir_fd, to, 0);
    }
    if (code == 0)
        code = file_rename_noreplace(dir_fd, from, dir_fd, to);
    (void)unlinkat(dir_fd, from, 0);
    (void)unlinkat(dir_fd, to, 0);
    return code;
}

/* Whether a file can be renamed from one folder into the other. */
static int try_move(int from_fd, int to_fd)
{
    char name[NAME_SIZE];
    int code;

    probe_name(name, "move");
    code = make_file(from_fd, name);
    if (code == 0)
        code = renameat(from_fd, name, to_fd, name) < 0 ? -errno : 0;
    (void)unlinkat(from_fd, name, 0);
    (void)unlinkat(to_fd, name, 0);
    return code;
}

/* Whether the kernel tells if somebody is writing to a file. */
static bool try_lease(int dir_fd)
{
    enum lease_answer answer = LEASE_UNKNOWN;
    char name[NAME_SIZE];

    probe_name(name, "lease");
    if (make_file(dir_fd, name) < 0)
        return false;
    int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0)
        answer = lease_probe(fd);
    file_close(&fd);
    (void)unlinkat(dir_fd, name, 0);
    return answer == LEASE_FREE;
}

static void check_rename(struct doctor *doctor, const struct doctor_place *place, int dir_fd)
{
    const char *check = doctor_text(doctor, "%s.rename", place->name);
    bool must = place->kind != DOCTOR_INBOX;
    int code = try_rename(dir_fd);

    if (code == 0) {
        doctor_say(doctor, DOCTOR_OK, check, "renaming that replaces nothing",
                   "RENAME_NOREPLACE works");
    } else {
        doctor_say(doctor, must ? DOCTOR_BAD : DOCTOR_WARN, check, "renaming that replaces nothing",
                   "RENAME_NOREPLACE: %s", strerror(-code));
        doctor_mend(doctor, "in %s, %s: a folder on ext4, xfs or btrfs", doctor->config_file,
                    place->name);
    }
}

static void check_lease(struct doctor *doctor, const struct doctor_place *place, int dir_fd)
{
    static const char needs[] = "to see whether somebody still writes to a file";
    const char *check = doctor_text(doctor, "%s.leases", place->name);

    if (try_lease(dir_fd)) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "F_SETLEASE works");
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, check, needs,
               "no leases here: quiet time (settle) decides alone");
    doctor_mend(doctor, "in %s, inboxes: {%s: {settle: 10s}}", doctor->config_file,
                place->inbox->name);
}

static void check_notices(struct doctor *doctor, const struct doctor_place *place)
{
    static const char needs[] = "notice of what is written";
    const char *check = doctor_text(doctor, "%s.notices", place->name);
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    int watch = fd < 0 ? -1 : inotify_add_watch(fd, place->path, IN_CLOSE_WRITE | IN_ONLYDIR);

    if (watch >= 0) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "inotify works");
    } else if (errno == EMFILE) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "inotify: every instance is in use");
        doctor_mend(doctor, "sysctl -w fs.inotify.max_user_instances=512");
    } else if (errno == ENOSPC) {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "inotify: every watch is in use");
        doctor_mend(doctor, "sysctl -w fs.inotify.max_user_watches=1048576");
    } else {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "inotify: %s", strerror(errno));
        doctor_mend(doctor, "in %s, inboxes: {%s: {poll_every: 2s}}", doctor->config_file,
                    place->inbox->name);
    }
    file_close(&fd);
}

static void check_unnamed(struct doctor *doctor, const struct doctor_place *place)
{
    static const char needs[] = "files without a name";
    const char *check = doctor_text(doctor, "%s.unnamed", place->name);
    int fd = open(place->path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "O_TMPFILE works");
    } else {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "O_TMPFILE: %s", strerror(errno));
        doctor_mend(doctor, "in %s, state: a folder on ext4, xfs, btrfs or tmpfs",
                    doctor->config_file);
    }
    file_close(&fd);
}

/* Filing is a rename within a mount, and a copy across two. */
static void say_way(struct doctor *doctor, const struct doctor_place *inbox,
                    const struct doctor_place *archive, int code)
{
    static const char needs[] = "one mount for both, so that filing is a rename";
    const char *check = doctor_text(doctor, "%s.to.%s", inbox->name, archive->name);

    if (code == 0) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "one file system");
    } else if (code == -EXDEV) {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "two mounts: each document is copied");
        doctor_mend(doctor, "in %s, %s: a folder on the mount of %s (findmnt -T %s)",
                    doctor->config_file, archive->name, inbox->path,
                    doctor_quote(doctor, inbox->path));
    } else {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s", strerror(-code));
        doctor_mend(doctor, "taxon check --config %s", doctor_quote(doctor, doctor->config_file));
    }
}

static void check_way(struct doctor *doctor, const struct doctor_place *inbox, int inbox_fd,
                      const struct doctor_place *archive)
{
    int archive_fd = open_folder(archive->path);

    if (archive_fd < 0)
        return; /* the folders' check has said so */
    say_way(doctor, inbox, archive, try_move(inbox_fd, archive_fd));
    file_close(&archive_fd);
}

/* Before the first start there is nothing to try it with. Within one device two mounts are still
 * possible: the next time will tell. */
static void guess_way(struct doctor *doctor, const struct doctor_place *inbox,
                      const struct doctor_place *archive)
{
    struct stat from, to;

    if (stat(doctor_nearest(doctor, inbox->path), &from) == 0 &&
        stat(doctor_nearest(doctor, archive->path), &to) == 0)
        say_way(doctor, inbox, archive, from.st_dev == to.st_dev ? 0 : -EXDEV);
}

static void check_inbox(struct doctor *doctor, const struct doctor_place *inbox,
                        const struct doctor_place *places, size_t count)
{
    int fd = open_folder(doctor_text(doctor, "%s/%s", inbox->path, INBOX_PRIVATE_NAME));

    if (access(inbox->path, R_OK | X_OK) == 0)
        check_notices(doctor, inbox);
    for (size_t i = 0; i < count; i++) {
        if (places[i].kind != DOCTOR_ARCHIVE)
            continue;
        if (fd >= 0 && access(places[i].path, F_OK) == 0)
            check_way(doctor, inbox, fd, &places[i]);
        else
            guess_way(doctor, inbox, &places[i]);
    }
    if (fd < 0)
        return; /* not made yet, or said already */
    check_rename(doctor, inbox, fd);
    check_lease(doctor, inbox, fd);
    file_close(&fd);
}

static void check_place(struct doctor *doctor, const struct doctor_place *place)
{
    int fd = open_folder(place->path);

    if (fd < 0)
        return;
    if (place->kind == DOCTOR_ARCHIVE)
        check_rename(doctor, place, fd);
    else
        check_unnamed(doctor, place);
    file_close(&fd);
}

void doctor_check_probes(struct doctor *doctor)
{
    const struct doctor_place *places;
    size_t count = doctor_places(doctor, &places);

    for (size_t i = 0; i < count; i++) {
        if (places[i].kind == DOCTOR_INBOX)
            check_inbox(doctor, &places[i], places, count);
        else if (places[i].kind == DOCTOR_ARCHIVE || places[i].kind == DOCTOR_STATE)
            check_place(doctor, &places[i]);
    }
}
