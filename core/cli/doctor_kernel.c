/* cli/doctor_kernel: what the kernel has: its version, the calls that taxond stands on, the pieces
 * of the workers' lock-down, and the clock.
 *
 * Asked of the kernel, not of a list of versions, wherever it can be asked. Whether the lock-down
 * as a whole holds is the worker's check to show.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/doctor.h"

/* landlock(7). The number is the same on every architecture; Debian 12's headers know it, too. */
#define LANDLOCK_CREATE_RULESET_NUMBER  444
#define LANDLOCK_CREATE_RULESET_VERSION (1u << 0)
#define LANDLOCK_WITH_NETWORK           4

/* Landlock came with 5.13; openat2(2) with 5.6, close_range(2) with 5.9. */
#define KERNEL_MAJOR 5
#define KERNEL_MINOR 13

bool doctor_kernel_at_least(const char *release, unsigned major, unsigned minor)
{
    char *end = NULL;
    unsigned long first = strtoul(release, &end, 10);
    unsigned long second = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

    return first > major || (first == major && second >= minor);
}

static void check_version(struct doctor *doctor)
{
    const char *needs = doctor_text(doctor, "Linux %d.%d or newer", KERNEL_MAJOR, KERNEL_MINOR);
    struct utsname name;

    if (uname(&name) < 0)
        return;
    if (doctor_kernel_at_least(name.release, KERNEL_MAJOR, KERNEL_MINOR)) {
        doctor_say(doctor, DOCTOR_OK, "kernel.version", needs, "%s %s", name.sysname, name.release);
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, "kernel.version", needs, "%s %s", name.sysname, name.release);
    doctor_mend(doctor, "apt-get install linux-image-amd64 && reboot");
}

/* taxond works without it (base/file_beneath), with some more calls for each path. */
static void check_openat2(struct doctor *doctor)
{
    static const char needs[] = "to stay inside its folders in one call";

    if (file_has_openat2()) {
        doctor_say(doctor, DOCTOR_OK, "kernel.openat2", needs, "openat2 works");
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, "kernel.openat2", needs,
               "openat2: %s; paths are walked folder by folder instead", strerror(errno));
    doctor_mend(doctor, "systemctl edit taxond    # RestrictSUIDSGID=no, DynamicUser=no");
}

/* 0 where it cannot be read. */
static long read_number(const char *path)
{
    struct strbuf text = STRBUF_INIT;
    long number = 0;

    if (file_slurp_path(path, 64, &text) == 0)
        number = strtol(strbuf_text(&text), NULL, 10);
    strbuf_release(&text);
    return number;
}

static void check_leases(struct doctor *doctor)
{
    static const char path[] = "/proc/sys/fs/leases-enable";
    static const char needs[] = "1, to see whether somebody still writes to a file";

    if (access(path, R_OK) < 0)
        return;
    long enabled = read_number(path);
    doctor_say(doctor, enabled == 1 ? DOCTOR_OK : DOCTOR_WARN, "kernel.leases", needs,
               "fs.leases-enable is %ld", enabled);
    if (enabled != 1)
        doctor_mend(doctor, "sysctl -w fs.leases-enable=1");
}

/* Dates in records, ids (which begin with the time) and {date} in paths come from the clock. One
 * that stands before the day on which the configuration was written has not been set. */
static void check_clock(struct doctor *doctor)
{
    static const char needs[] = "a time after the configuration was written";
    char text[CLOCK_RFC3339_SIZE];
    int64_t now_ms = clock_wall_ms();
    struct stat status;

    clock_rfc3339(now_ms, text);
    if (stat(doctor->config_file, &status) < 0)
        return;
    if (now_ms / 1000 >= (int64_t)status.st_mtim.tv_sec) {
        doctor_say(doctor, DOCTOR_OK, "clock", needs, "%s", text);
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, "clock", needs, "%s is before that", text);
    doctor_mend(doctor, "timedatectl set-ntp true");
}

void doctor_check_kernel(struct doctor *doctor)
{
    check_version(doctor);
    check_openat2(doctor);
    check_leases(doctor);
    check_clock(doctor);
}

/* What is missing of the lock-down keeps workers from starting, unless less was asked for. */
static enum doctor_grade missing_grade(const struct doctor *doctor)
{
    return doctor->settings->workers.sandbox == SANDBOX_REQUIRE ? DOCTOR_BAD : DOCTOR_WARN;
}

static void check_landlock(struct doctor *doctor)
{
    static const char needs[] = "Landlock, to take files away from workers";
    long version =
        syscall(LANDLOCK_CREATE_RULESET_NUMBER, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    if (version > 0) {
        doctor_say(doctor, DOCTOR_OK, "sandbox.landlock", needs, "version %ld%s", version,
                   version < LANDLOCK_WITH_NETWORK ? " (the network is seccomp's to refuse)" : "");
        return;
    }
    doctor_say(doctor, missing_grade(doctor), "sandbox.landlock", needs, "none: %s",
               errno == ENOSYS ? "the kernel was built without it" : strerror(errno));
    doctor_mend(doctor, "boot with lsm=landlock,$(cat /sys/kernel/security/lsm)");
}

static void check_seccomp(struct doctor *doctor)
{
    static const char needs[] = "seccomp filters, to take calls away from workers";
    const uint32_t action = SECCOMP_RET_ERRNO;

    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) {
        doctor_say(doctor, DOCTOR_OK, "sandbox.seccomp", needs, "filters can be set");
        return;
    }
    doctor_say(doctor, missing_grade(doctor), "sandbox.seccomp", needs, "none: %s",
               strerror(errno));
    doctor_mend(doctor, "systemctl edit taxond    # SystemCallFilter=seccomp");
}

/* Whether there is one to be had here, a worker finds out: a container may hold the only one. */
static void check_listener(struct doctor *doctor)
{
    static const char needs[] = "a listener of seccomp, to fork workers rather than start each";
    const uint32_t action = SECCOMP_RET_USER_NOTIF;

    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) {
        doctor_say(doctor, DOCTOR_OK, "sandbox.listener", needs, "the kernel has it");
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, "sandbox.listener", needs,
               "none (%s): a crash costs the start of a worker", strerror(errno));
    doctor_mend(doctor, "apt-get install linux-image-amd64 && reboot    # Linux 5.7 or newer");
}

static void check_privileges(struct doctor *doctor)
{
    static const char needs[] = "no-new-privs, without which no filter can be set";
    int set = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);

    if (set >= 0) {
        doctor_say(doctor, DOCTOR_OK, "sandbox.no-new-privs", needs, "can be set");
        return;
    }
    doctor_say(doctor, missing_grade(doctor), "sandbox.no-new-privs", needs, "%s", strerror(errno));
    doctor_mend(doctor, "apt-get install linux-image-amd64 && reboot");
}

void doctor_check_sandbox(struct doctor *doctor)
{
    static const char *const modes[] = {"off", "prefer", "require"};
    enum sandbox_mode mode = doctor->settings->workers.sandbox;

    doctor_say(doctor, mode == SANDBOX_OFF ? DOCTOR_WARN : DOCTOR_OK, "sandbox.asked-for",
               "'require', so that no worker runs without it", "workers.sandbox is %s",
               modes[mode]);
    if (mode == SANDBOX_OFF)
        doctor_mend(doctor, "in %s, workers: {sandbox: require}", doctor->config_file);
    check_landlock(doctor);
    check_seccomp(doctor);
    check_listener(doctor);
    check_privileges(doctor);
}
