/* cli/doctor_disks: the file systems below the folders: which they are, and how much is free.
 *
 * Which calls they take is tried out in doctor_probes.c; here stands what no call tells: that a
 * network's file system gives no notice of what other machines write, and that SQLite's log of the
 * catalog (WAL, sqlite.org/wal.html) needs one that is local.
 */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base/file_system.h"
#include "cli/doctor.h"

#define STATE_LEAST_BYTES (UINT64_C(16) << 20) /* of the catalog and its log, to go on with */
#define INODES_LEAST      100                  /* two files and some folders a document */
#define NEARLY_FULL_SHARE 20                   /* a twentieth */
#define NEARLY_FULL_BYTES (UINT64_C(1) << 30)

const char *doctor_file_system(uint64_t magic)
{
    const struct file_system *found = file_system_find(magic);

    return found == NULL ? NULL : found->name;
}

enum doctor_grade doctor_judge_space(uint64_t available, uint64_t total, uint64_t least)
{
    if (available < least)
        return DOCTOR_BAD;
    return available < NEARLY_FULL_BYTES && available < total / NEARLY_FULL_SHARE ? DOCTOR_WARN
                                                                                  : DOCTOR_OK;
}

static void check_type(struct doctor *doctor, const struct doctor_place *place, const char *path)
{
    const char *check = doctor_text(doctor, "%s.filesystem", place->name);
    const char *needs = place->kind == DOCTOR_INBOX   ? "one that this machine alone writes to"
                        : place->kind == DOCTOR_STATE ? "a local one, on a disk"
                                                      : "one on a disk";
    const struct file_system *type;
    struct statfs status;

    if (statfs(path, &status) < 0) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s: %s", path, strerror(errno));
        doctor_mend(doctor, "findmnt -T %s", doctor_quote(doctor, path));
        return;
    }
    /* A word of 32 bits that some architectures extend with its sign. */
    type = file_system_find((uint64_t)status.f_type & 0xFFFFFFFF);
    if (type == NULL) {
        doctor_say(doctor, DOCTOR_OK, check, needs, "one that is not known here (magic 0x%llx)",
                   (unsigned long long)status.f_type & 0xFFFFFFFF);
    } else if (type->is_remote && place->kind == DOCTOR_STATE) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s: the catalog cannot be kept on it",
                   type->name);
        doctor_mend(doctor, "in %s, state: /var/lib/taxond", doctor->config_file);
    } else if (type->is_remote && place->kind == DOCTOR_INBOX) {
        doctor_say(doctor, DOCTOR_WARN, check, needs,
                   "%s: what other machines write is found by polling alone", type->name);
        doctor_mend(doctor, "in %s, inboxes: {%s: {poll_every: 2s}}", doctor->config_file,
                    place->inbox->name);
    } else if (type->is_memory && place->kind != DOCTOR_INBOX) {
        doctor_say(doctor, DOCTOR_WARN, check, needs, "%s: gone when the machine stops",
                   type->name);
        doctor_mend(doctor, "in %s, %s: a folder on a disk (findmnt -T %s)", doctor->config_file,
                    place->name, doctor_quote(doctor, path));
    } else {
        doctor_say(doctor, DOCTOR_OK, check, needs, "%s", type->name);
    }
}

/* "1.5G" of what is left; whole numbers below a gigabyte are in megabytes. */
static const char *size_text(struct doctor *doctor, uint64_t bytes)
{
    if (bytes >= UINT64_C(1) << 30)
        return doctor_text(doctor, "%.1fG", (double)bytes / (double)(1 << 30));
    return doctor_text(doctor, "%lluM", (unsigned long long)(bytes >> 20));
}

static void check_space(struct doctor *doctor, const struct doctor_place *place, const char *path)
{
    const char *check = doctor_text(doctor, "%s.space", place->name);
    uint64_t least =
        place->kind == DOCTOR_STATE ? STATE_LEAST_BYTES : doctor->settings->limits.file_bytes;
    const char *needs =
        doctor_text(doctor, "%s and %d inodes free", size_text(doctor, least), INODES_LEAST);
    struct statvfs status;

    if (statvfs(path, &status) < 0 || status.f_blocks == 0)
        return; /* said above, or a file system that has no such number */
    uint64_t available = (uint64_t)status.f_bavail * status.f_frsize;
    uint64_t total = (uint64_t)status.f_blocks * status.f_frsize;
    enum doctor_grade grade = doctor_judge_space(available, total, least);
    const char *inodes = "";
    /* 0 of 0: it makes them as it needs them (btrfs). */
    if (status.f_files > 0) {
        inodes = doctor_text(doctor, ", %llu inodes", (unsigned long long)status.f_favail);
        if (status.f_favail < INODES_LEAST)
            grade = DOCTOR_BAD;
    }
    doctor_say(doctor, grade, check, needs, "%s of %s free%s", size_text(doctor, available),
               size_text(doctor, total), inodes);
    if (grade != DOCTOR_OK)
        doctor_mend(doctor, "du -xh --max-depth=2 %s | sort -h | tail    # what may go",
                    doctor_quote(doctor, path));
}

void doctor_check_disks(struct doctor *doctor)
{
    const struct doctor_place *places;
    size_t count = doctor_places(doctor, &places);

    for (size_t i = 0; i < count; i++) {
        const char *path = doctor_nearest(doctor, places[i].path);

        check_type(doctor, &places[i], path);
        check_space(doctor, &places[i], path);
    }
}
