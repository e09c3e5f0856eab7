/* rogue_system: attempts at the network, at the kernel's larger doors and at getting rights back.
 * Part of the rogue plugins. Arguments are such that a call that gets through harms no machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "rogue.h"

#define HIGH_BIT         (1L << 32)
#define FILE_ATTR_NUMBER 469 /* file_setattr, Linux 6.17 */
#define OPEN_TREE_NUMBER 467 /* open_tree_attr, Linux 6.15 */

/* The abstract name that the jail listens at. */
static socklen_t listening_address(struct sockaddr_un *out_address)
{
    size_t len = strlen(rogue_ground.listening);

    memset(out_address, 0, sizeof *out_address);
    out_address->sun_family = AF_UNIX;
    memcpy(out_address->sun_path + 1, rogue_ground.listening, len);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len);
}

static int make_inet_socket(void)
{
    return rogue_outcome_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int make_raw_socket(void)
{
    return rogue_outcome_fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static int make_unix_socket(void)
{
    struct sockaddr_un address;
    socklen_t len = listening_address(&address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    int result = rogue_outcome(connect(fd, (const struct sockaddr *)&address, len));
    close(fd);
    return result;
}

static int make_socket_pair(void)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return errno;
    close(pair[0]);
    close(pair[1]);
    return 0;
}

static int connect_inherited(void)
{
    struct sockaddr_un address;
    socklen_t len = listening_address(&address);

    return rogue_outcome(connect(rogue_ground.socket_fd, (const struct sockaddr *)&address, len));
}

static int bind_inherited(void)
{
    struct sockaddr_un address;

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX; /* no name: the kernel picks an abstract one */
    return rogue_outcome(
        bind(rogue_ground.socket_fd, (const struct sockaddr *)&address, sizeof address.sun_family));
}

static int listen_inherited(void)
{
    return rogue_outcome(listen(rogue_ground.socket_fd, 1));
}

static int accept_inherited(void)
{
    return rogue_outcome_fd(accept4(rogue_ground.socket_fd, NULL, NULL, SOCK_CLOEXEC));
}

static int io_uring(void)
{
    char parameters[256] = {0};

    return rogue_outcome_fd(syscall(SYS_io_uring_setup, 1, parameters));
}

static int unshare_user(void)
{
    return rogue_outcome(unshare(CLONE_NEWUSER));
}

static int unshare_files(void)
{
    return rogue_outcome(unshare(CLONE_FILES));
}

static int enter_namespace(void)
{
    return rogue_outcome(setns(rogue_ground.parent_fd, 0));
}

static int mount_memory(void)
{
    return rogue_outcome(mount("none", rogue_ground.scratch, "no-such-filesystem", 0, NULL));
}

static int copy_tree(void)
{
    return rogue_outcome_fd(syscall(SYS_open_tree, AT_FDCWD, "/no/such/path", 0));
}

static int copy_tree_new(void)
{
    return rogue_outcome_fd(syscall(OPEN_TREE_NUMBER, AT_FDCWD, "/no/such/path", 0, NULL, 0));
}

static int change_root(void)
{
    return rogue_outcome(chroot("/no/such/path"));
}

static int set_file_attributes(void)
{
    return rogue_outcome(syscall(FILE_ATTR_NUMBER, AT_FDCWD, "/no/such/path", NULL, 0, 0));
}

static int load_bpf(void)
{
    return rogue_outcome_fd(syscall(SYS_bpf, 99, NULL, 0));
}

static int handle_faults(void)
{
    return rogue_outcome_fd(syscall(SYS_userfaultfd, O_CLOEXEC | 1));
}

static int count_events(void)
{
    return rogue_outcome_fd(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
}

static int use_keys(void)
{
    return rogue_outcome(syscall(SYS_keyctl, 0, -3, 0)); /* the session keyring's number */
}

static int add_key(void)
{
    return rogue_outcome(syscall(SYS_add_key, "user", "rogue", "1", 1, -2));
}

static int change_personality(void)
{
    return rogue_outcome(personality(0xffffffff));
}

static int share_memory(void)
{
    return rogue_outcome(shmget(IPC_PRIVATE, 0, 0600));
}

static int open_queue(void)
{
    return rogue_outcome_fd(syscall(SYS_mq_open, "no-such-queue", O_RDONLY, 0, NULL));
}

static int restart_machine(void)
{
    return rogue_outcome(syscall(SYS_reboot, 0, 0, 0, NULL)); /* none of the magic numbers */
}

static int load_module(void)
{
    return rogue_outcome(syscall(SYS_init_module, NULL, 0, ""));
}

static int set_clock(void)
{
    return rogue_outcome(syscall(SYS_clock_settime, -1, NULL));
}

static int type_into_terminal(void)
{
    return rogue_outcome(ioctl(rogue_ground.socket_fd, TIOCSTI, "x"));
}

static int type_with_high_bit(void)
{
    return rogue_outcome(syscall(SYS_ioctl, rogue_ground.socket_fd, HIGH_BIT | TIOCSTI, "x"));
}

static int raise_limit(void)
{
    const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

    return rogue_outcome(setrlimit(RLIMIT_FSIZE, &limit));
}

/* To what it is: harmless, if it were allowed. Lowered, it would be the later documents' trouble.
 */
static int set_own_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return ROGUE_ABSENT;
    return rogue_outcome(setrlimit(RLIMIT_NOFILE, &limit));
}

static int set_own_limit_by_prlimit(void)
{
    struct rlimit limit;

    if (prlimit(0, RLIMIT_NOFILE, NULL, &limit) < 0)
        return ROGUE_ABSENT;
    return rogue_outcome(prlimit(0, RLIMIT_NOFILE, &limit, NULL));
}

static int regain_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct words[2];

    memset(words, 0, sizeof words);
    words[0].permitted = 1u << CAP_KILL;
    return rogue_outcome(syscall(SYS_capset, &header, words));
}

const struct rogue_attempt rogue_system_attempts[] = {
    {"socket AF_INET", EPERM, ROGUE_HARMLESS, make_inet_socket},
    {"socket AF_NETLINK", EPERM, 0, make_raw_socket},
    {"socket AF_UNIX and connect", EPERM, ROGUE_HARMLESS, make_unix_socket},
    {"socketpair", EPERM, ROGUE_HARMLESS, make_socket_pair},
    {"listen with an inherited socket", EPERM, 0, listen_inherited},
    {"accept with an inherited socket", EPERM, 0, accept_inherited},
    {"connect an inherited socket", EPERM, ROGUE_HARMLESS, connect_inherited},
    {"bind an inherited socket", EPERM, 0, bind_inherited},
    {"io_uring_setup", EPERM, 0, io_uring},
    {"unshare users", EPERM, 0, unshare_user},
    {"unshare files", EPERM, ROGUE_HARMLESS, unshare_files},
    {"setns", EPERM, 0, enter_namespace},
    {"mount", EPERM, 0, mount_memory},
    {"open_tree", EPERM, 0, copy_tree},
    {"open_tree_attr", EPERM, 0, copy_tree_new},
    {"chroot", EPERM, 0, change_root},
    {"file_setattr", EPERM, 0, set_file_attributes},
    {"bpf", EPERM, 0, load_bpf},
    {"userfaultfd", EPERM, 0, handle_faults},
    {"perf_event_open", EPERM, 0, count_events},
    {"keyctl", EPERM, 0, use_keys},
    {"add_key", EPERM, 0, add_key},
    {"personality", EPERM, ROGUE_HARMLESS, change_personality},
    {"shmget", EPERM, 0, share_memory},
    {"mq_open", EPERM, 0, open_queue},
    {"reboot", EPERM, 0, restart_machine},
    {"init_module", EPERM, 0, load_module},
    {"clock_settime", EPERM, 0, set_clock},
    {"type into a terminal", EPERM, 0, type_into_terminal},
    {"type into a terminal with a high bit", EPERM, 0, type_with_high_bit},
    {"raise a limit", EPERM, 0, raise_limit},
    {"set its own limit", EPERM, ROGUE_HARMLESS, set_own_limit},
    {"set its own limit by prlimit", EPERM, ROGUE_HARMLESS, set_own_limit_by_prlimit},
    {"regain a capability", EPERM, 0, regain_capabilities},
    {NULL, 0, 0, NULL},
};
