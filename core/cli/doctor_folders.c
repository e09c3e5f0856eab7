/* cli/doctor_folders: whether the folders are there, whose they are, and whether taxond may do in
 * them what it must.
 *
 * A folder that is missing is no fault as long as taxond can make it. What is refused here, taxond
 * refuses at its start (line/start, inbox/inbox, config/settings_places).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "inbox/inbox.h"

/* State folder and .taxond are taxond's alone. */
static bool is_private(const struct doctor_place *place)
{
    return place->kind == DOCTOR_STATE;
}

static const char *mode_to_make(const struct doctor_place *place)
{
    return is_private(place) ? "0700" : "0755";
}

static void check_missing(struct doctor *doctor, const struct doctor_place *place,
                          const char *check, const char *needs)
{
    const char *above = doctor_nearest(doctor, place->path);

    if (faccessat(AT_FDCWD, above, W_OK | X_OK, AT_EACCESS) == 0) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "%s is not there; taxond makes it, mode %s",
                   place->path, mode_to_make(place));
        return;
    }
    doctor_say(doctor, DOCTOR_BAD, check, needs, "%s is not there, and cannot be made in %s",
               place->path, above);
    doctor_mend(doctor, "install -d -m %s -o %s %s", mode_to_make(place),
                doctor_user(doctor, geteuid()), doctor_quote(doctor, place->path));
}

/* What taxond may not do in a folder is mended by its owner, or by a right of its own. */
static void mend_access(struct doctor *doctor, const char *path, const struct stat *status)
{
    const char *quoted = doctor_quote(doctor, path);

    if (status->st_uid == geteuid())
        doctor_mend(doctor, "chmod u+rwx %s", quoted);
    else
        doctor_mend(doctor, "setfacl -m u:%s:rwx %s", doctor_user(doctor, geteuid()), quoted);
}

/* False: it is wrong, and that has been said. */
static bool check_private(struct doctor *doctor, const char *path, const char *check,
                          const char *needs, const struct stat *status)
{
    const char *quoted = doctor_quote(doctor, path);

    if (status->st_uid != geteuid()) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s belongs to user %s", path,
                   doctor_user(doctor, status->st_uid));
        doctor_mend(doctor, "chown -R %s %s", doctor_user(doctor, geteuid()), quoted);
        return false;
    }
    if ((status->st_mode & 0777) == 0700)
        return true;
    doctor_say(doctor, DOCTOR_BAD, check, needs, "%s has mode %04o", path,
               (unsigned)(status->st_mode & 07777));
    doctor_mend(doctor, "chmod 0700 %s", quoted);
    return false;
}

static bool is_open_to_all(const struct stat *status)
{
    return (status->st_mode & S_IWOTH) != 0 && (status->st_mode & S_ISVTX) == 0;
}

static void check_there(struct doctor *doctor, const struct doctor_place *place, const char *check,
                        const char *needs, const struct stat *status)
{
    unsigned mode = (unsigned)(status->st_mode & 07777);

    if (!S_ISDIR(status->st_mode)) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s is no folder", place->path);
        doctor_mend(doctor, "mv %s %s.old", doctor_quote(doctor, place->path),
                    doctor_quote(doctor, place->path));
    } else if (is_private(place) && !check_private(doctor, place->path, check, needs, status)) {
        return;
    } else if (faccessat(AT_FDCWD, place->path, R_OK | W_OK | X_OK, AT_EACCESS) < 0) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s (user %s, mode %04o): %s", place->path,
                   doctor_user(doctor, status->st_uid), mode, strerror(errno));
        mend_access(doctor, place->path, status);
    } else if (place->kind != DOCTOR_INBOX && is_open_to_all(status)) {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "everybody may write to %s (mode %04o)",
                   place->path, mode);
        doctor_mend(doctor, "chmod o-w %s", doctor_quote(doctor, place->path));
    } else {
        doctor_say(doctor, DOCTOR_OK, check, needs, "%s: user %s, mode %04o", place->path,
                   doctor_user(doctor, status->st_uid), mode);
    }
}

/* What an inbox keeps for itself: made at the first start. */
static void check_inside(struct doctor *doctor, const struct doctor_place *place)
{
    static const char needs[] = "taxond's user alone, mode 0700";
    const char *check = doctor_text(doctor, "%s.taxond", place->name);
    const char *path = doctor_text(doctor, "%s/%s", place->path, INBOX_PRIVATE_NAME);
    struct stat status;

    if (lstat(path, &status) < 0)
        return;
    if (!S_ISDIR(status.st_mode)) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s is no folder", path);
        doctor_mend(doctor, "mv %s %s.old", doctor_quote(doctor, path), doctor_quote(doctor, path));
    } else if (check_private(doctor, path, check, needs, &status)) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "%s: mode 0700", path);
    }
}

/* `path` without symbolic links, as far as it is there. */
static const char *resolve(struct doctor *doctor, const char *path)
{
    const char *there = doctor_nearest(doctor, path);
    const char *rest = path + (strcmp(there, "/") == 0 ? 0 : strlen(there));
    char resolved[PATH_MAX];

    if (realpath(there, resolved) == NULL)
        return path;
    return doctor_text(doctor, "%s%s", strcmp(resolved, "/") == 0 ? "" : resolved, rest);
}

static bool lies_in(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* An archive within an inbox would be filed over and over. */
static void check_apart(struct doctor *doctor, const struct doctor_place *places, size_t count)
{
    static const char needs[] = "folders of which none lies in another";
    const char **paths = arena_alloc(&doctor->arena, count * sizeof(*paths));
    bool apart = true;

    if (paths == NULL) {
        doctor->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        paths[i] = resolve(doctor, places[i].path);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (i == k || !lies_in(paths[i], paths[k]))
                continue;
            doctor_say(doctor, DOCTOR_BAD, "folders.apart", needs, "%s (%s) lies in %s (%s)",
                       places[i].name, paths[i], places[k].name, paths[k]);
            doctor_mend(doctor, "in %s, %s: a folder of its own", doctor->config_file,
                        places[i].name);
            apart = false;
        }
    }
    if (apart)
        doctor_say(doctor, DOCTOR_OK, "folders.apart", needs, "all of them are apart");
}

/* With `on_missing_archive: wait` nothing is filed in an archive without its mark. */
static void check_mark(struct doctor *doctor, const struct doctor_place *place)
{
    static const char needs[] = "the file that tells an archive from an empty mount point";
    const char *check = doctor_text(doctor, "%s.mark", place->name);
    const char *path = doctor_text(doctor, "%s/%s", place->path, SETTINGS_ARCHIVE_MARK);

    if (doctor->settings->placement.on_missing_archive != MISSING_ARCHIVE_WAIT ||
        place->kind != DOCTOR_ARCHIVE)
        return;
    if (access(path, F_OK) == 0) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "%s is there", path);
        return;
    }
    doctor_say(doctor, DOCTOR_BAD, check, needs, "%s is not there: documents are held", path);
    doctor_mend(doctor, "findmnt -T %s && touch %s", doctor_quote(doctor, place->path),
                doctor_quote(doctor, path));
}

void doctor_check_folders(struct doctor *doctor)
{
    const struct doctor_place *places;
    size_t count = doctor_places(doctor, &places);

    for (size_t i = 0; i < count; i++) {
        const struct doctor_place *place = &places[i];
        const char *needs = is_private(place) ? "a folder of taxond's user alone, mode 0700"
                                              : "a folder that taxond's user may read and write";
        struct stat status;

        if (stat(place->path, &status) == 0)
            check_there(doctor, place, place->name, needs, &status);
        else if (errno == ENOENT || errno == ENOTDIR)
            check_missing(doctor, place, place->name, needs);
        else {
            doctor_say(doctor, DOCTOR_BAD, place->name, needs, "%s: %s", place->path,
                       strerror(errno));
            doctor_mend(doctor, "setfacl -m u:%s:x %s", doctor_user(doctor, geteuid()),
                        doctor_quote(doctor, doctor_nearest(doctor, place->path)));
        }
        if (place->kind == DOCTOR_INBOX)
            check_inside(doctor, place);
        check_mark(doctor, place);
    }
    check_apart(doctor, places, count);
}
