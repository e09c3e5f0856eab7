/* torture/gate: counts the calls, writes down where they come from, and does harm at one of them.
 *
 * Called by calls.c for each call. Looked at are files beneath the folders of TORTURE_ROOTS; the
 * log, the configuration, sockets and memory are none of them. One call at a time: others wait.
 *
 *   TORTURE_ROOTS  folders, separated by ':'
 *   TORTURE_LOG    a file; a line for each call: SITE TIMES c|r NAME PATH OFFSETS
 *   TORTURE_READS  1: reading is counted, too
 *   TORTURE_PLAN   ACTION:SITE:TIMES[:ERRNO]; ACTION: before, after (dies there by SIGKILL),
 *                  errno (fails), short (does the first half, at least a byte)
 *   TORTURE_ASK    a descriptor of a socket: after each call that changed something, its line is
 *                  sent there, and a byte awaited (the disks are copied meanwhile)
 */
#include "gate.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "site.h"

#define ROOTS_MAX 8
#define STRUCK    "torture: struck\n" /* for trial.py: the point was reached */
#define LINE_SIZE (PATH_MAX * 2)

enum action { ACTION_NONE, ACTION_BEFORE, ACTION_AFTER, ACTION_ERRNO, ACTION_SHORT };

static const char *const action_names[] = {"none", "before", "after", "errno", "short"};

static long (*real_syscall)(long, ...);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread bool inside; /* the unwinder may open files itself */
static char roots_text[PATH_MAX];
static const char *roots[ROOTS_MAX];
static size_t root_count;
static int log_fd = -1;
static int ask_fd = -1;
static bool with_reads;
static pid_t our_pid;
static struct {
    enum action action;
    uint64_t site;
    uint32_t times;
    int error;
} plan;

long gate_real(long number, long a, long b, long c, long d, long e, long f)
{
    if (real_syscall == NULL)
        real_syscall = (long (*)(long, ...))(uintptr_t)dlsym(RTLD_NEXT, "syscall");
    return real_syscall(number, a, b, c, d, e, f);
}

static void read_plan(const char *text)
{
    char word[16] = "";
    unsigned long long site = 0;

    if (sscanf(text, "%15[a-z]:%llx:%u:%d", word, &site, &plan.times, &plan.error) < 3)
        return;
    plan.site = site;
    for (size_t i = 1; i < sizeof(action_names) / sizeof(action_names[0]); i++)
        if (strcmp(word, action_names[i]) == 0)
            plan.action = (enum action)i;
}

static void read_roots(const char *text)
{
    char *rest = roots_text;
    char *root;

    snprintf(roots_text, sizeof(roots_text), "%s", text);
    while (root_count < ROOTS_MAX && (root = strsep(&rest, ":")) != NULL)
        if (root[0] != '\0')
            roots[root_count++] = root;
}

__attribute__((constructor)) static void prepare(void)
{
    const char *log_path = getenv("TORTURE_LOG");

    site_prepare();
    our_pid = getpid();
    with_reads = getenv("TORTURE_READS") != NULL;
    if (getenv("TORTURE_PLAN") != NULL)
        read_plan(getenv("TORTURE_PLAN"));
    if (getenv("TORTURE_ASK") != NULL)
        ask_fd = atoi(getenv("TORTURE_ASK"));
    if (log_path != NULL)
        log_fd = (int)gate_real(SYS_openat, AT_FDCWD, (long)log_path,
                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600, 0, 0);
    if (getenv("TORTURE_ROOTS") != NULL) /* last: from here on calls are counted */
        read_roots(getenv("TORTURE_ROOTS"));
}

/* The path of a descriptor, as the kernel knows it; "" when it has none. */
static void path_of_fd(int fd, char out_path[PATH_MAX])
{
    char link[64];
    long len;

    snprintf(link, sizeof(link), "/proc/self/%s%d", fd == AT_FDCWD ? "cwd#" : "fd/", fd);
    if (fd == AT_FDCWD)
        link[strlen("/proc/self/cwd")] = '\0';
    len = gate_real(SYS_readlinkat, AT_FDCWD, (long)link, (long)out_path, PATH_MAX - 1, 0, 0);
    out_path[len > 0 ? len : 0] = '\0';
}

static void path_of_call(const struct call *call, char out_path[LINE_SIZE])
{
    char folder[PATH_MAX];

    if (call->path != NULL && call->path[0] == '/') {
        snprintf(out_path, LINE_SIZE, "%s", call->path);
        return;
    }
    path_of_fd(call->dir_fd, folder);
    if (call->path == NULL)
        snprintf(out_path, LINE_SIZE, "%s", folder);
    else
        snprintf(out_path, LINE_SIZE, "%s/%s", folder, call->path);
}

static bool is_ours(const char *path)
{
    for (size_t i = 0; i < root_count; i++)
        if (strncmp(path, roots[i], strlen(roots[i])) == 0)
            return true;
    return false;
}

static void die(void)
{
    gate_real(SYS_kill, our_pid, SIGKILL, 0, 0, 0, 0);
    for (;;)
        pause();
}

static size_t write_down(const struct call *call, const struct site *site, const char *path,
                         char line[LINE_SIZE + 512])
{
    int len = snprintf(line, LINE_SIZE + 512, "%016llx\t%u\t%c\t%s\t%s\t%s\n",
                       (unsigned long long)site->hash, site->times, call->changes ? 'c' : 'r',
                       call->name, path, site->text);

    if (log_fd >= 0)
        gate_real(SYS_write, log_fd, (long)line, len, 0, 0, 0);
    return (size_t)len;
}

static void ask(const char *line, size_t len)
{
    char answer;
    int saved_errno = errno;

    gate_real(SYS_write, ask_fd, (long)line, (long)len, 0, 0, 0);
    while (gate_real(SYS_read, ask_fd, (long)&answer, 1, 0, 0, 0) < 0 && errno == EINTR)
        continue;
    errno = saved_errno;
}

/* Under the lock. */
static long counted(const struct call *call, const char *path, long number, const long given[6])
{
    static char line[LINE_SIZE + 512];
    long a[6];
    struct site site;
    enum action action;

    memcpy(a, given, sizeof(a));
    site_find(call->name, &site);
    size_t len = write_down(call, &site, path, line);
    action = site.hash == plan.site && site.times == plan.times ? plan.action : ACTION_NONE;
    if (action != ACTION_NONE)
        gate_real(SYS_write, STDERR_FILENO, (long)STRUCK, sizeof(STRUCK) - 1, 0, 0, 0);
    if (action == ACTION_BEFORE)
        die();
    if (action == ACTION_ERRNO) {
        errno = plan.error;
        return -1;
    }
    if (action == ACTION_SHORT && call->len_index >= 0 && a[call->len_index] > 1)
        a[call->len_index] /= 2;
    long result = gate_real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (action == ACTION_AFTER)
        die();
    if (ask_fd >= 0 && call->changes)
        ask(line, len);
    return result;
}

long gate_call(const struct call *call, long number, const long a[6])
{
    char path[LINE_SIZE];
    int saved_errno = errno;
    long result;

    if (inside || root_count == 0 || (!call->changes && !with_reads))
        return gate_real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    path_of_call(call, path);
    errno = saved_errno;
    if (!is_ours(path))
        return gate_real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    pthread_mutex_lock(&lock);
    inside = true;
    result = counted(call, path, number, a);
    inside = false;
    pthread_mutex_unlock(&lock);
    return result;
}
