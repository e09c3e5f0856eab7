/* reach: one source for several plugins, each of which reaches for one thing that is not its own on
 * its word (poison-connect and so on), says in the fact `outcome` what it was answered (the name of
 * an errno, or DONE), and then does what it would have done anyway: no harm should come of it. What
 * every attempt must be answered is the jail's matter; here it happens in a worker at its work.
 *
 * REACH is the plugin's name, and REACH_<name> is defined for what it tries. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "evil.h"

#define REACHER(name)          TAXON_CLASSIFIER(name, "1.0", "Reaches for what is not its own.", "safe", 0.5)
#define TEXT_OF(name)          TEXT_OF_EXPANDED(name)
#define TEXT_OF_EXPANDED(name) #name

#if defined(REACH_openfile)
static int reach(void)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

    return fd < 0 ? errno : 0;
}
#elif defined(REACH_connect)
static int reach(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    /* Where there is no socket to be had: the one that is there. */
    return connect(fd < 0 ? 3 : fd, (struct sockaddr *)&address, sizeof address) < 0 ? errno : 0;
}
#elif defined(REACH_fork)
static int reach(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        for (;;)
            pause();
    return pid < 0 ? errno : 0;
}
#elif defined(REACH_sibling)
/* As a zygote makes a worker, when it is asked to. */
static int reach(void)
{
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        for (;;)
            pause();
    return pid < 0 ? errno : 0;
}
#elif defined(REACH_thread)
static void *spin(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}

static int reach(void)
{
    pthread_t thread;

    return pthread_create(&thread, NULL, spin, NULL);
}
#elif defined(REACH_signal)
static int reach(void)
{
    return kill(getppid(), SIGKILL) < 0 ? errno : 0;
}
#elif defined(REACH_ptrace)
static int reach(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 ? errno : 0;
}
#elif defined(REACH_limits)
/* With no room for descriptors, no later document could be handed to this worker. */
static int reach(void)
{
    const struct rlimit none = {0, 0};

    return setrlimit(RLIMIT_NOFILE, &none) < 0 ? errno : 0;
}
#elif defined(REACH_shrink)
/* Whatever is shared with the supervisor, and cut off under it, would be its end by SIGBUS. Before
 * anything is closed the constructor has the better chance. */
static int worst = EPERM;

static int shrink_all(void)
{
    int result = EPERM;

    for (int fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0 && (ftruncate(fd, 0) == 0 || errno != EPERM))
            result = errno == EPERM ? 0 : errno;
    return result;
}

__attribute__((constructor)) static void shrink_early(void)
{
    worst = shrink_all();
}

static int reach(void)
{
    return worst != EPERM ? worst : shrink_all();
}
#endif

REACHER(REACH)
{
    if (evil_is_poisoned(document, "poison-" TEXT_OF(REACH))) {
        int code = reach();
        const char *name = code == 0 ? "DONE" : strerrorname_np(code);
        struct taxon_fact fact = {.struct_size = sizeof fact,
                                  .name = "outcome",
                                  .value = name,
                                  .value_len = strlen(name),
                                  .begin = TAXON_NOWHERE,
                                  .end = TAXON_NOWHERE,
                                  .score = 1};

        if (task->host->fact(task, &fact) < 0)
            return -1;
    }
    return evil_say_safe(task, TEXT_OF(REACH));
}
