/* rogue_processes: attempts to be more than one process of one thread, or another program, by every
 * door there is. Part of the rogue plugins.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rogue.h"

static char *const no_environment[] = {NULL};

/* In the child: gone at once. In the parent: waits for it. */
static int child_made(long pid)
{
    if (pid == 0)
        _exit(0);
    if (pid < 0)
        return errno;
    return waitpid((pid_t)pid, NULL, 0) == pid ? 0 : errno;
}

static int fork_by_libc(void)
{
    return child_made(fork());
}

static int fork_by_vfork(void)
{
    pid_t pid = vfork();

    if (pid == 0)
        _exit(0);
    return child_made(pid);
}

static int fork_by_clone(void)
{
    return child_made(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

/* As a zygote does it. The child would be the jail's parent's. */
static int fork_for_parent(void)
{
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(0);
    return rogue_outcome(pid);
}

static int fork_by_clone3(void)
{
    struct clone_args args;

    memset(&args, 0, sizeof args);
    args.exit_signal = SIGCHLD;
    return child_made(syscall(SYS_clone3, &args, sizeof args));
}

static int spawn_program(void)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};
    pid_t pid;
    int result = posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, no_environment);

    return result != 0 ? result : child_made(pid);
}

static void *thread_body(void *argument)
{
    return argument;
}

static int start_thread(void)
{
    pthread_t thread;
    int result = pthread_create(&thread, NULL, thread_body, NULL);

    return result != 0 ? result : pthread_join(thread, NULL);
}

static int execute(void)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};

    return rogue_outcome(execve("/bin/true", arguments, no_environment));
}

static int execute_at(void)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};

    return rogue_outcome(
        syscall(SYS_execveat, AT_FDCWD, "/bin/true", arguments, no_environment, 0));
}

#if defined(__x86_64__)

#define X32_BIT   0x40000000L
#define I386_FORK 2
#define I386_OPEN 5

static int fork_by_fork(void)
{
    return child_made(syscall(SYS_fork));
}

static int fork_by_x32(void)
{
    return child_made(syscall(X32_BIT | SYS_fork));
}

static sigjmp_buf no_gate;

static void on_fault(int number)
{
    (void)number;
    siglongjmp(no_gate, 1);
}

/* A call of a 32-bit program, made from a 64-bit one: the kernel then counts in the other table.
 * Arguments are 32 bits wide. A kernel without the gate answers with SIGSEGV. */
static int call_gate(int number, uint32_t first, uint32_t second)
{
    struct sigaction action = {.sa_handler = on_fault};
    struct sigaction before;
    int result = -ENOSYS;

    sigaction(SIGSEGV, &action, &before);
    if (sigsetjmp(no_gate, 1) == 0)
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(number), "b"(first), "c"(second), "d"(0)
                         : "memory", "r8", "r9", "r10", "r11");
    else
        result = ROGUE_ABSENT;
    if (number != I386_FORK || result != 0)
        sigaction(SIGSEGV, &before, NULL);
    return result;
}

static int fork_by_gate(void)
{
    int pid = call_gate(I386_FORK, 0, 0);

    if (pid == ROGUE_ABSENT)
        return ROGUE_ABSENT;
    if (pid < 0)
        return -pid;
    return child_made(pid);
}

static int open_by_gate(void)
{
    static const char path[] = "/etc/passwd";
    char *low =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

    if (low == MAP_FAILED)
        return ROGUE_ABSENT;
    memcpy(low, path, sizeof path);
    int fd = call_gate(I386_OPEN, (uint32_t)(uintptr_t)low, O_RDONLY);
    munmap(low, 4096);
    if (fd == ROGUE_ABSENT)
        return ROGUE_ABSENT;
    return fd < 0 ? -fd : rogue_outcome_fd(fd);
}

#endif

const struct rogue_attempt rogue_process_attempts[] = {
    {"fork", EPERM, ROGUE_HARMLESS, fork_by_libc},
    {"vfork", EPERM, ROGUE_HARMLESS, fork_by_vfork},
    {"clone", EPERM, ROGUE_HARMLESS, fork_by_clone},
    {"clone for the parent", EPERM, 0, fork_for_parent},
    {"clone3", ENOSYS, ROGUE_HARMLESS, fork_by_clone3},
#if defined(__x86_64__)
    {"fork by its old number", EPERM, ROGUE_HARMLESS, fork_by_fork},
    {"fork by the x32 bit", EPERM, 0, fork_by_x32},
    {"fork by the 32-bit call gate", EPERM, ROGUE_HARMLESS, fork_by_gate},
    {"open by the 32-bit call gate", EPERM, ROGUE_HARMLESS, open_by_gate},
#endif
    {"posix_spawn", EPERM, ROGUE_HARMLESS, spawn_program},
    {"pthread_create", EPERM, ROGUE_HARMLESS, start_thread},
    {"execveat", EPERM, 0, execute_at},
    {"execve", EPERM, 0, execute},
    {NULL, 0, 0, NULL},
};
