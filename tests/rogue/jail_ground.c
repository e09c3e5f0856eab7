/* jail_ground: what the rogues may trample on, and whether they did: a refusal that was only
 * claimed is found out here.
 */
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "jail.h"

#define TARGET_TEXT "what must stay as it is"

/* strcpy into a field of rogue_ground that asserts room. */
static void put(char *out_text, size_t size, const char *first, const char *second)
{
    int len = snprintf(out_text, size, "%s%s", first, second);

    assert(len >= 0 && (size_t)len < size);
}

static int listen_abstract(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(rogue_ground.listening, sizeof rogue_ground.listening, "rogue-%d", (int)getpid());
    size_t len = strlen(rogue_ground.listening);
    memcpy(address.sun_path + 1, rogue_ground.listening, len);
    if (fd < 0 ||
        bind(fd, (const struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len)) < 0 ||
        listen(fd, 8) < 0) {
        perror("a socket to listen at");
        exit(1);
    }
    return fd;
}

static void make_file(int folder, const char *name)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert(fd >= 0 && write(fd, TARGET_TEXT, sizeof TARGET_TEXT - 1) == sizeof TARGET_TEXT - 1);
    close(fd);
}

static void make_folder(void)
{
    int folder, made;

    put(rogue_ground.scratch, sizeof rogue_ground.scratch, "/tmp/taxond-rogue-XXXXXX", "");
    if (mkdtemp(rogue_ground.scratch) == NULL ||
        (folder = open(rogue_ground.scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
        perror("a folder in /tmp");
        exit(1);
    }
    make_file(folder, "target");
    make_file(folder, "victim");
    made = mkdirat(folder, "empty", 0700);
    assert(made == 0);
    close(folder);
    put(rogue_ground.target, sizeof rogue_ground.target, rogue_ground.scratch, "/target");
}

void ground_make(struct ground *ground, const char *inside)
{
    int failed;

    memset(&rogue_ground, 0, sizeof rogue_ground);
    make_folder();
    put(rogue_ground.inside, sizeof rogue_ground.inside, inside, "");
    rogue_ground.parent = getpid();
    rogue_ground.target_fd = open(rogue_ground.target, O_RDWR | O_APPEND | O_CLOEXEC);
    rogue_ground.document_fd = open(rogue_ground.target, O_RDONLY | O_CLOEXEC);
    rogue_ground.socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    rogue_ground.parent_fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    ground->listening_fd = listen_abstract();
    failed = rogue_ground.target_fd < 0 || rogue_ground.document_fd < 0 ||
             rogue_ground.socket_fd < 0 || rogue_ground.parent_fd < 0 ||
             fstat(rogue_ground.target_fd, &ground->target) < 0 ||
             getrlimit(RLIMIT_NOFILE, &ground->descriptors) < 0;
    assert(!failed);
}

static int count_names(void)
{
    DIR *folder = opendir(rogue_ground.scratch);
    int count = 0;

    assert(folder != NULL);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2; /* "." and ".." */
}

static bool is_signalled(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGIO) == 1;
}

/* Every change of content or attributes sets the change time, a rename of either file the
 * folder's names. */
bool ground_is_unharmed(const struct ground *ground)
{
    struct stat now, victim;
    struct rlimit descriptors;
    char path[sizeof rogue_ground.scratch + 8];
    const char *harm = NULL;

    snprintf(path, sizeof path, "%s/victim", rogue_ground.scratch);
    if (stat(rogue_ground.target, &now) < 0 || stat(path, &victim) < 0 || count_names() != 3)
        harm = "names in the scratch folder changed";
    else if (now.st_ctim.tv_sec != ground->target.st_ctim.tv_sec ||
             now.st_ctim.tv_nsec != ground->target.st_ctim.tv_nsec ||
             now.st_size != ground->target.st_size || now.st_mode != ground->target.st_mode)
        harm = "the target file changed";
    else if (is_signalled())
        harm = "the parent was signalled";
    else if (getrlimit(RLIMIT_NOFILE, &descriptors) < 0 ||
             memcmp(&descriptors, &ground->descriptors, sizeof descriptors) != 0 ||
             getpriority(PRIO_PROCESS, 0) == 19)
        harm = "the parent's limits or priority changed";
    if (harm != NULL)
        printf("FAIL require: %s\n", harm);
    return harm == NULL;
}

static void forget_signals(void)
{
    const struct timespec now = {0, 0};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGIO);
    while (sigtimedwait(&set, NULL, &now) > 0)
        ;
}

void ground_remove(struct ground *ground)
{
    static const char *const names[] = {"target", "victim",  "renamed", "created",
                                        "link",   "symlink", "fifo"};
    int folder = open(rogue_ground.scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlinkat(folder, names[i], 0);
    (void)unlinkat(folder, "folder", AT_REMOVEDIR);
    (void)unlinkat(folder, "empty", AT_REMOVEDIR);
    close(folder);
    if (rmdir(rogue_ground.scratch) < 0)
        perror(rogue_ground.scratch);
    close(rogue_ground.target_fd);
    close(rogue_ground.document_fd);
    close(rogue_ground.socket_fd);
    close(rogue_ground.parent_fd);
    close(ground->listening_fd);
    forget_signals();
}
