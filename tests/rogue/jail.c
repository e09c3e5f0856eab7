/* jail: proves the lock-down by plugins that try to get out.
 *
 *     jail [--unprivileged] CONSTRUCTOR.so OPEN.so CLASSIFY.so
 *
 * For each plugin (one source, built for each moment at which it tries) a child process goes the
 * way of a worker: first layer, dlopen, open(), second layer, classify(). Each attempt must be
 * answered by just the errno that the lock-down gives: another one would mean that the attempt
 * itself is broken. Three runs:
 *
 *   off           the control: what is harmless must succeed, or the other runs prove nothing;
 *                 only what is absent here (a kernel without 32-bit calls) may be so later
 *   require       everything in force; afterwards nothing may have happened to files or parent
 *   no landlock   as on a kernel without it: the deny-list alone must hold what it can
 *
 * Exit status 0; 1 when anything got out; 77 when it cannot be told here (a sanitizer, not root
 * where --unprivileged must give rights up, a build folder that the unprivileged cannot see).
 */
#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"

#define EXIT_SKIP      77
#define NOBODY         65534
#define LANDLOCK_FIRST 444 /* landlock_create_ruleset */
#define CANNOT_TELL    (-200000)
#define ABSENT_MAX     8

enum stage { STAGE_CONSTRUCTOR, STAGE_OPEN, STAGE_CLASSIFY, STAGE_COUNT };

struct run {
    const char *name;
    enum sandbox_mode mode;
    bool without_landlock;
};

static const char *const stage_names[STAGE_COUNT] = {"constructor", "open", "classify"};

struct rogue_ground rogue_ground;
static int report_fd = -1;

/* What the control run found nothing to try on. */
struct absent {
    char names[ABSENT_MAX][ROGUE_NAME_SIZE];
    int count;
};

void rogue_record(const struct rogue_attempt *attempt, int result)
{
    struct rogue_report report = {.result = result,
                                  .refusal = attempt->refusal,
                                  .flags = attempt->flags};

    snprintf(report.name, sizeof report.name, "%s", attempt->name);
    if (write(report_fd, &report, sizeof report) != (ssize_t)sizeof report)
        _exit(3);
}

void jail_init(struct jail *jail, enum sandbox_mode mode, const char *folder)
{
    *jail = (struct jail){.folder = folder};
    jail->lockdown = (struct lockdown){
        .mode = mode,
        .read_folders = &jail->folder,
        .read_folder_count = 1,
        .memory_bytes = JAIL_MEMORY_BYTES,
    };
}

/* Other architectures stay allowed: the real filter, which comes later, is to answer them, and of
 * two answers the kernel takes the harder. */
void jail_without_landlock(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (filter == NULL || seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW) < 0 ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EOPNOTSUPP), LANDLOCK_FIRST, 0) < 0 ||
        seccomp_load(filter) < 0)
        _exit(4);
    seccomp_release(filter);
}

static pid_t start_child(const struct run *run, const char *plugin, const char *folder,
                         int out_pipe[2])
{
    struct jail jail;

    if (pipe(out_pipe) < 0)
        return -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    close(out_pipe[0]);
    report_fd = out_pipe[1];
    if (run->without_landlock)
        jail_without_landlock();
    jail_init(&jail, run->mode, folder);
    plugin_live(&jail, plugin);
}

/* What must come of an attempt, or CANNOT_TELL. */
static int expected_result(const struct run *run, enum stage stage,
                           const struct rogue_report *report)
{
    if (run->mode == SANDBOX_OFF)
        return 0;
    if ((report->flags & ROGUE_ALLOWED_AT_OPEN) != 0 && stage != STAGE_CLASSIFY)
        return 0;
    if (run->without_landlock && report->refusal == EACCES)
        return CANNOT_TELL;
    return report->refusal;
}

/* Notes it in the control run, looks it up in the others. */
static bool may_be_absent(const struct run *run, const char *name, struct absent *absent)
{
    if (run->mode == SANDBOX_OFF && absent->count < ABSENT_MAX)
        snprintf(absent->names[absent->count++], ROGUE_NAME_SIZE, "%s", name);
    for (int i = 0; i < absent->count; i++)
        if (strcmp(absent->names[i], name) == 0)
            return true;
    return false;
}

static bool judge(const struct run *run, enum stage stage, const struct rogue_report *report,
                  struct absent *absent)
{
    int expected = expected_result(run, stage, report);
    bool good = report->result == ROGUE_ABSENT
                    ? may_be_absent(run, report->name, absent)
                    : report->result == expected || expected == CANNOT_TELL;
    const char *what = report->result == 0              ? "succeeded"
                       : report->result == ROGUE_ABSENT ? "absent"
                                                        : strerrorname_np(report->result);

    printf("%s %s, %s: %s: %s%s\n", good ? "ok  " : "FAIL", run->name, stage_names[stage],
           report->name, what == NULL ? "no errno" : what,
           expected == CANNOT_TELL ? " (Landlock's to refuse)" : "");
    return good;
}

/* Reads the reports until the last; the number of attempts that got out. */
static int collect(const struct run *run, enum stage stage, int fd, struct absent *absent,
                   bool *out_ended)
{
    struct rogue_report report;
    int failures = 0;

    *out_ended = false;
    while (!*out_ended && read(fd, &report, sizeof report) == (ssize_t)sizeof report) {
        *out_ended = report.name[0] == '\0';
        if (!*out_ended)
            failures += !judge(run, stage, &report, absent);
    }
    return failures;
}

static int run_stage(const struct run *run, enum stage stage, const char *plugin,
                     struct absent *absent)
{
    struct ground ground;
    char copy[ROGUE_PATH_SIZE];
    int report_pipe[2];
    int status = -1;
    bool ended;

    snprintf(copy, sizeof copy, "%s", plugin);
    ground_make(&ground, plugin);
    rogue_ground.only_harmless = run->mode == SANDBOX_OFF;
    pid_t pid = start_child(run, plugin, dirname(copy), report_pipe);
    assert(pid > 0);
    close(report_pipe[1]);
    int failures = collect(run, stage, report_pipe[0], absent, &ended);
    close(report_pipe[0]);
    if (waitpid(pid, &status, 0) != pid || status != 0 || !ended) {
        printf("FAIL %s, %s: the attempts did not come to their end (status 0x%x)\n", run->name,
               stage_names[stage], (unsigned)status);
        failures++;
    }
    if (run->mode == SANDBOX_REQUIRE && !ground_is_unharmed(&ground))
        failures++;
    ground_remove(&ground);
    return failures;
}

/* As a service's user: no rights to begin with. The kernel made the process undumpable, which a
 * process that never had rights is not. */
static void become_unprivileged(char *const *plugins)
{
    if (geteuid() != 0) {
        printf("SKIP: only root can give rights up; run without --unprivileged this proves it\n");
        exit(EXIT_SKIP);
    }
    if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0 ||
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) {
        perror("giving up root's rights");
        exit(1);
    }
    for (int i = 0; i < STAGE_COUNT; i++)
        if (access(plugins[i], R_OK) < 0) {
            printf("SKIP: %s cannot be read without root's rights\n", plugins[i]);
            exit(EXIT_SKIP);
        }
}

/* So that a signal that got out is seen rather than deadly. */
static void block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGIO);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int main(int argc, char **argv)
{
    static const struct run runs[] = {
        {"off", SANDBOX_OFF, false},
        {"require", SANDBOX_REQUIRE, false},
        {"no landlock", SANDBOX_PREFER, true},
    };
    bool unprivileged = argc > 1 && strcmp(argv[1], "--unprivileged") == 0;
    char **plugins = argv + 1 + unprivileged;
    struct absent absent = {.count = 0};
    int failures = 0;

    if (argc - 1 - unprivileged != STAGE_COUNT) {
        fprintf(stderr, "usage: jail [--unprivileged] CONSTRUCTOR.so OPEN.so CLASSIFY.so\n");
        return 2;
    }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    printf("SKIP: the lock-down is proven in a build without sanitizers\n");
    return EXIT_SKIP;
#endif
    if (unprivileged)
        become_unprivileged(plugins);
    block_signals();
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            failures += run_stage(&runs[i], (enum stage)stage, plugins[stage], &absent);
    failures += checks_run(plugins[STAGE_CLASSIFY]);
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
