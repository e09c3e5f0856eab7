/* catalog/catalog_backup: a copy of the catalog while it is in use, by SQLite's backup interface.
 *
 * Called by the command line (taxon catalog backup). It reads one moment of the catalog: a read
 * transaction is held from the first page to the last, so that no commit of taxond makes it begin
 * again (sqlite3_backup_step begins again when another connection has written), and in WAL mode a
 * reader holds up no writer. What it costs taxond is that the log cannot be folded into the
 * database meanwhile and grows. What is copied is checked, synced and only then named.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "catalog/catalog_state.h"

#define STEP_PAGES 256 /* 1 MiB */

struct backup {
    struct catalog *from;
    sqlite3 *to;
    const char *name;         /* what it will be called */
    char draft[PATH_MAX + 1]; /* what it is called until it is whole */
};

/* A database that was there would take what belongs to this one: SQLite reads NAME-wal with NAME.
 */
static int refuse_companions(const char *path, struct err *err)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    char companion[PATH_MAX + 16];

    for (size_t i = 0; i < 2; i++) {
        snprintf(companion, sizeof companion, "%s%s", path, suffixes[i]);
        if (access(companion, F_OK) == 0)
            return err_set(err, -EBUSY, "%s is there: somebody uses %s as a database", companion,
                           path);
    }
    return 0;
}

static int check_target(const char *from, const char *to, bool replace, struct err *err)
{
    struct stat source;
    struct stat target;

    if (stat(from, &source) < 0)
        return err_set(err, -errno, "%s: %s", from, strerror(errno));
    if (lstat(to, &target) < 0)
        return errno == ENOENT ? refuse_companions(to, err)
                               : err_set(err, -errno, "%s: %s", to, strerror(errno));
    if (source.st_dev == target.st_dev && source.st_ino == target.st_ino)
        return err_set(err, -EINVAL, "%s is the catalog itself", to);
    if (!replace)
        return err_set(err, -EEXIST, "%s is there already", to);
    if (!S_ISREG(target.st_mode))
        return err_set(err, -EINVAL, "%s is no file", to);
    return refuse_companions(to, err);
}

static int make_draft(struct backup *backup, struct err *err)
{
    int fd;

    if ((size_t)snprintf(backup->draft, PATH_MAX, "%s.part-%ld", backup->name, (long)getpid()) >=
        PATH_MAX)
        return err_set(err, -ENAMETOOLONG, "%s: name too long", backup->name);
    fd = open(backup->draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        int code = -errno;
        err_set(err, code, "%s: %s", backup->draft, strerror(errno));
        backup->draft[0] = '\0'; /* whoever's it is, it is not ours to remove */
        return code;
    }
    file_close(&fd);
    if (sqlite3_open_v2(backup->draft, &backup->to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return err_set(err, -EIO, "%s: %s", backup->draft, sqlite3_errmsg(backup->to));
    /* The draft is worth nothing before it is whole, and synced then. */
    (void)sqlite3_exec(backup->to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
                       NULL, NULL);
    return 0;
}

static int say(struct backup *backup, int code, struct err *err)
{
    int result = (code & 0xff) == SQLITE_FULL                                        ? -ENOSPC
                 : (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB ? -EUCLEAN
                                                                                     : -EIO;

    return err_set(err, result, "%s: %s", backup->draft, sqlite3_errmsg(backup->to));
}

static int copy_pages(struct backup *backup, const struct catalog_progress *progress,
                      struct err *err)
{
    sqlite3_backup *pages = sqlite3_backup_init(backup->to, "main", backup->from->db, "main");
    int code = pages == NULL ? sqlite3_errcode(backup->to) : SQLITE_OK;

    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(pages, STEP_PAGES);
        if (progress != NULL && progress->step != NULL)
            progress->step(progress->context,
                           (uint64_t)(sqlite3_backup_pagecount(pages) -
                                      sqlite3_backup_remaining(pages)),
                           (uint64_t)sqlite3_backup_pagecount(pages));
    }
    if (pages != NULL)
        sqlite3_backup_finish(pages);
    return code == SQLITE_DONE ? 0 : say(backup, code, err);
}

/* BEGIN alone takes no snapshot; the first reading does. */
static int copy_one_moment(struct backup *backup, const struct catalog_progress *progress,
                           struct err *err)
{
    sqlite3 *db = backup->from->db;
    int code = sqlite3_exec(db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    int result = code == SQLITE_OK ? copy_pages(backup, progress, err)
                                   : catalog_fail(backup->from, code, err);

    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

/* Reads it back as whoever restores it will. */
static int check_copy(struct backup *backup, struct err *err)
{
    struct catalog *copy;
    int result;

    sqlite3_close(backup->to);
    backup->to = NULL;
    result = catalog_open(backup->draft, &copy, err);
    if (result < 0)
        return result;
    result = catalog_check_pages(copy, true, err);
    /* One file, that can be read where nothing can be written; a start makes it WAL again. */
    if (result == 0) {
        int code = sqlite3_exec(copy->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
        result = code == SQLITE_OK ? 0 : catalog_fail(copy, code, err);
    }
    catalog_close(copy);
    return result;
}

static int sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    int code = fd < 0 || fsync(fd) < 0 ? -errno : 0;

    file_close(&fd);
    return code;
}

static int sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL   ? strdup(".")
                   : slash == path ? strdup("/")
                                   : strndup(path, (size_t)(slash - path));
    int code = folder == NULL ? -ENOMEM : sync_path(folder, O_RDONLY | O_DIRECTORY);

    free(folder);
    return code;
}

static int give_name(struct backup *backup, bool replace, struct err *err)
{
    int code = sync_path(backup->draft, O_RDONLY);

    if (code == 0 && replace)
        code = rename(backup->draft, backup->name) < 0 ? -errno : 0;
    else if (code == 0)
        code = file_rename_noreplace(AT_FDCWD, backup->draft, AT_FDCWD, backup->name);
    if (code == 0)
        backup->draft[0] = '\0';
    if (code == 0)
        code = sync_folder_of(backup->name);
    return code == 0 ? 0 : err_set(err, code, "%s: %s", backup->name, strerror(-code));
}

int catalog_backup(const char *from, const char *to, bool replace,
                   const struct catalog_progress *progress, struct err *err)
{
    struct backup backup = {.name = to};
    int result = check_target(from, to, replace, err);

    if (result == 0)
        result = catalog_open_readonly(from, &backup.from, err);
    if (result == 0)
        result = make_draft(&backup, err);
    if (result == 0)
        result = copy_one_moment(&backup, progress, err);
    if (result == 0)
        result = check_copy(&backup, err);
    catalog_close(backup.from);
    sqlite3_close(backup.to);
    if (result == 0)
        result = give_name(&backup, replace, err);
    if (backup.draft[0] != '\0')
        (void)unlink(backup.draft);
    return result;
}
