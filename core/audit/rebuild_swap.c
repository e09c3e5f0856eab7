/* audit/rebuild_swap: the new catalog's file until it takes the old one's name.
 *
 * A write-ahead log belongs to the database of its name, whichever that is: SQLite would play an
 * old one into a new catalog. So the old catalog goes with its log, and nothing takes the name
 * before both are gone. The database goes first: if that is all that happens, the next start finds
 * no catalog and says so; the other way round it would find an older state of it, and believe it.
 */
#include "audit/rebuild_swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define DRAFT_NAME CATALOG_NAME ".new"
#define TRIES      100

static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
enum { SUFFIXES = sizeof suffixes / sizeof suffixes[0] };

int rebuild_draft_open(const char *state, struct catalog **out_catalog, struct err *err)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/" DRAFT_NAME "-journal", state) >= (int)sizeof path)
        return err_set(err, -ENAMETOOLONG, "%s: name too long", state);
    for (size_t i = 0; i < SUFFIXES; i++) {
        snprintf(path, sizeof path, "%s/" DRAFT_NAME "%s", state, suffixes[i]);
        if (unlink(path) < 0 && errno != ENOENT)
            return err_set(err, -errno, "%s: %s", path, strerror(errno));
    }
    snprintf(path, sizeof path, "%s/" DRAFT_NAME, state);
    return catalog_open(path, out_catalog, err);
}

/* A name that no old catalog has yet: by the second, and a number where that is taken. */
static int choose_name(int state_fd, char *out_name, size_t size)
{
    time_t now = time(NULL);
    char date[32];
    struct tm when;

    gmtime_r(&now, &when);
    strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", &when);
    for (int number = 1; number <= TRIES; number++) {
        int len = snprintf(out_name, size, CATALOG_NAME ".before-%s", date);

        if (number > 1)
            snprintf(out_name + len, size - (size_t)len, "-%d", number);
        if (faccessat(state_fd, out_name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
            return errno == ENOENT ? 0 : -errno;
    }
    return -EEXIST;
}

static int move_aside(int state_fd, char *out_name, size_t size)
{
    int code = choose_name(state_fd, out_name, size);
    bool moved = false;

    for (size_t i = 0; i < SUFFIXES && code == 0; i++) {
        char from[64];
        char to[128];

        snprintf(from, sizeof from, CATALOG_NAME "%s", suffixes[i]);
        snprintf(to, sizeof to, "%s%s", out_name, suffixes[i]);
        code = file_rename_noreplace(state_fd, from, state_fd, to);
        moved = moved || code == 0;
        if (code == -ENOENT)
            code = 0;
    }
    if (!moved)
        out_name[0] = '\0';
    return code;
}

static int sync_draft(int state_fd)
{
    int fd = openat(state_fd, DRAFT_NAME, O_RDONLY | O_CLOEXEC);
    int code;

    /* What closing it could not fold into it would be left behind. */
    if (faccessat(state_fd, DRAFT_NAME "-wal", F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        file_close(&fd);
        return -EIO;
    }
    code = fd < 0 || fsync(fd) < 0 ? -errno : 0;

    file_close(&fd);
    return code;
}

int rebuild_swap(const char *state, char out_aside[PATH_MAX], struct err *err)
{
    int state_fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char aside[100] = "";
    int code = state_fd < 0 ? -errno : sync_draft(state_fd);

    out_aside[0] = '\0';
    if (code == 0)
        code = move_aside(state_fd, aside, sizeof aside);
    if (code == 0 && aside[0] != '\0')
        snprintf(out_aside, PATH_MAX, "%s/%s", state, aside);
    if (code == 0)
        code = file_rename_noreplace(state_fd, DRAFT_NAME, state_fd, CATALOG_NAME);
    if (code == 0 && fsync(state_fd) < 0)
        code = -errno;
    file_close(&state_fd);
    return code == 0 ? 0
                     : err_set(err, code, "%s: the new catalog cannot take its place: %s", state,
                               strerror(-code));
}
