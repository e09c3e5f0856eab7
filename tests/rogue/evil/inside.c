/* inside: looks around in a real worker and tells what it found: in the constructor, in open() and
 * in classify() it tries some of what is forbidden, and lists the descriptors that it finds. Each
 * attempt becomes a fact of every document, STAGE-ATTEMPT: the name of the errno it got, or
 * "DONE". What every attempt of the lock-down must answer is the jail's matter; this one shows that
 * the worker of a daemon is in that jail, from the first moment to the last. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <taxon/plugin.h>

#define FDS       1024
#define TEXT_SIZE 400

static int outcome(long result)
{
    return result < 0 ? errno : 0;
}

static int try_read(void)
{
    return outcome(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int try_create(void)
{
    return outcome(open("/tmp/taxond-rogue-inside", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int try_socket(void)
{
    return outcome(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/* As fork(2) does, but past libc; a child that comes to life leaves at once. */
static int try_fork(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(0);
    return outcome(pid);
}

/* By just the call by which a zygote makes a worker, while nobody asked for one. */
static int try_sibling(void)
{
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        _exit(0);
    return outcome(pid);
}

static int try_leave_group(void)
{
    return outcome(setpgid(0, 0));
}

static int try_signal_sibling(void)
{
    return outcome(syscall(SYS_tgkill, getpgid(0) == getpid() ? getppid() : getpgid(0),
                           getpgid(0) == getpid() ? getppid() : getpgid(0), 0));
}

static int try_exec(void)
{
    char *const arguments[] = {(char *)"true", NULL};

    return outcome(execv("/bin/true", arguments));
}

static int try_kill_parent(void)
{
    return outcome(kill(getppid(), SIGTERM));
}

static int try_limit_parent(void)
{
    const struct rlimit none = {0, 0};

    return outcome(prlimit(getppid(), RLIMIT_NOFILE, &none, NULL));
}

static int try_outlive_parent(void)
{
    return outcome(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static const struct attempt {
    const char *name;
    int (*try)(void);
} attempts[] = {
    {"read", try_read},
    {"create", try_create},
    {"socket", try_socket},
    {"fork", try_fork},
    {"sibling", try_sibling},
    {"leave-group", try_leave_group},
    {"signal-sibling", try_signal_sibling},
    {"exec", try_exec},
    {"kill-parent", try_kill_parent},
    {"limit-parent", try_limit_parent},
    {"outlive-parent", try_outlive_parent},
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

struct moment {
    char outcomes[ATTEMPTS][32];
    char descriptors[TEXT_SIZE]; /* "0=null 3=socket 4=file": what each is */
    char writable[TEXT_SIZE];    /* and which of them may be written to */
};

static struct moment in_constructor;
static struct moment in_open;

static const char *kind_of(int fd)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return "unknown";
    if (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3))
        return "null";
    return S_ISSOCK(status.st_mode)   ? "socket"
           : S_ISREG(status.st_mode)  ? "file"
           : S_ISDIR(status.st_mode)  ? "folder"
           : S_ISFIFO(status.st_mode) ? "pipe"
                                      : "other";
}

static void add(char text[TEXT_SIZE], int fd, const char *what)
{
    size_t len = strlen(text);

    snprintf(text + len, TEXT_SIZE - len, "%s%d%s%s", len > 0 ? " " : "", fd,
             what[0] != '\0' ? "=" : "", what);
}

static void look_at_descriptors(struct moment *moment)
{
    for (int fd = 0; fd < FDS; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            continue;
        add(moment->descriptors, fd, kind_of(fd));
        if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
            add(moment->writable, fd, "");
    }
}

static void try_all(struct moment *moment)
{
    memset(moment, 0, sizeof(*moment));
    look_at_descriptors(moment);
    for (size_t i = 0; i < ATTEMPTS; i++) {
        int code = attempts[i].try();
        const char *name = code == 0 ? "DONE" : strerrorname_np(code);

        snprintf(moment->outcomes[i], sizeof(moment->outcomes[i]), "%s",
                 name == NULL ? "unknown" : name);
    }
}

__attribute__((constructor)) static void inside_constructor(void)
{
    try_all(&in_constructor);
}

static int32_t inside_open(struct taxon_opening *opening, void **out_instance)
{
    (void)opening;
    (void)out_instance;
    try_all(&in_open);
    return 0;
}

static int32_t tell(struct taxon_task *task, const char *stage, const char *what, const char *value)
{
    char name[64];
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = name,
                              .value = value,
                              .value_len = strlen(value),
                              .begin = TAXON_NOWHERE,
                              .end = TAXON_NOWHERE,
                              .score = 1};

    snprintf(name, sizeof(name), "%s-%s", stage, what);
    return task->host->fact(task, &fact);
}

static int32_t tell_all(struct taxon_task *task, const char *stage, const struct moment *moment)
{
    int32_t r = tell(task, stage, "descriptors", moment->descriptors);

    if (r == 0)
        r = tell(task, stage, "writable", moment->writable);
    for (size_t i = 0; i < ATTEMPTS && r == 0; i++)
        r = tell(task, stage, attempts[i].name, moment->outcomes[i]);
    return r;
}

static int32_t inside_classify(void *instance, struct taxon_task *task,
                               const struct taxon_document *document)
{
    struct moment now;
    int32_t r;

    (void)instance;
    (void)document;
    try_all(&now);
    r = tell_all(task, "constructor", &in_constructor);
    if (r == 0)
        r = tell_all(task, "open", &in_open);
    return r == 0 ? tell_all(task, "classify", &now) : r;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"inside", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "inside",
        .version = "1.0",
        .summary = "Looks around in a worker.",
        .schemes = schemes,
        .open = inside_open,
        .classify = inside_classify,
    };

    return &descriptor;
}
