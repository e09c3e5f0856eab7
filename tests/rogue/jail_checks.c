/* jail_checks: what the rogues do not try: the state that the lock-down leaves, what must go on
 * working inside it, and how it fails. Each check is a function that runs in a child of its own and
 * says what it finds wrong.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <libgen.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail.h"
#include "worker/lockdown_piece.h"

#define PATIENCE_MS 10000 /* before something that should happen at once is given up */

struct place {
    const char *plugin;
    const char *folder;
};

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("FAIL %s: %s\n", __func__, #condition);                                         \
            fflush(stdout);                                                                        \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

static void enter_first(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) == 0);
}

static void enter_both(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    enter_first(place);
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) == 0);
}

static uint64_t hard_limit(int resource)
{
    struct rlimit limit;

    EXPECT(getrlimit((__rlimit_resource_t)resource, &limit) == 0);
    return limit.rlim_max;
}

static void check_state(const struct place *place)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct words[2];
    int death_signal = 0;
    bool had_rights = prctl(PR_CAPBSET_READ, CAP_SETPCAP, 0, 0, 0) == 1 && geteuid() == 0;

    EXPECT(setenv("SECRET", "1", 1) == 0);
    enter_both(place);
    EXPECT(environ[0] != NULL && strcmp(environ[0], "LANG=C.UTF-8") == 0 && environ[1] == NULL);
    EXPECT(umask(0) == 077);
    EXPECT(hard_limit(RLIMIT_CORE) == 0 && hard_limit(RLIMIT_FSIZE) == 0);
    EXPECT(hard_limit(RLIMIT_MEMLOCK) == 0 && hard_limit(RLIMIT_MSGQUEUE) == 0);
    EXPECT(hard_limit(RLIMIT_NOFILE) <= 512 && hard_limit(RLIMIT_AS) <= JAIL_MEMORY_BYTES);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    EXPECT(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    EXPECT(prctl(PR_GET_PDEATHSIG, &death_signal, 0, 0, 0) == 0 && death_signal == SIGKILL);
    EXPECT(syscall(SYS_capget, &header, words) == 0);
    EXPECT((words[0].permitted | words[0].effective | words[0].inheritable | words[1].permitted |
            words[1].effective | words[1].inheritable) == 0);
    for (int i = 0; had_rights && i <= CAP_LAST_CAP; i++)
        EXPECT(prctl(PR_CAPBSET_READ, i, 0, 0, 0) <= 0);
}

static void check_calls(const struct place *place)
{
    enter_first(place);
    EXPECT(calls_get_through() == 0);
}

static void check_description(const struct place *place)
{
    struct strbuf text = STRBUF_INIT;
    struct jail jail;

    enter_both(place);
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    lockdown_describe(&jail.lockdown, &text);
    EXPECT(strncmp(strbuf_text(&text), "landlock ", 9) == 0);
    EXPECT(strstr(strbuf_text(&text), "), seccomp, no-new-privs, no capabilities") != NULL);
    EXPECT(strstr(strbuf_text(&text), "NO") == NULL);
}

static void check_description_off(const struct place *place)
{
    struct strbuf text = STRBUF_INIT;
    struct err err = {""};
    struct jail jail;

    jail_init(&jail, SANDBOX_OFF, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) == 0);
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) == 0);
    lockdown_describe(&jail.lockdown, &text);
    EXPECT(strncmp(strbuf_text(&text), "off", 3) == 0);
}

static void check_require_without_landlock(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    jail_without_landlock();
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) < 0);
    EXPECT(strstr(err.text, "Landlock") != NULL);
}

static void check_require_without_second_layer(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    enter_first(place);
    jail_without_landlock();
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) < 0);
}

/* As if the kernel had none. libseccomp loads by seccomp(2), and by prctl(2) where that is missing.
 */
static void take_seccomp_away(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    EXPECT(filter != NULL);
    EXPECT(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SYS_seccomp, 0) == 0);
    EXPECT(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SYS_prctl, 1,
                            SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) == 0);
    EXPECT(seccomp_load(filter) == 0);
    seccomp_release(filter);
}

static void check_require_without_seccomp(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    take_seccomp_away();
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) < 0);
    EXPECT(strstr(err.text, "seccomp") != NULL);
}

/* What Landlock holds, seen without the filter in front of it. */
static void check_landlock_alone(const struct place *place)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct err err = {""};
    struct jail jail;
    size_t len = (size_t)snprintf(address.sun_path + 1, sizeof address.sun_path - 1,
                                  "rogue-alone-%d", (int)getpid());
    socklen_t address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len);
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    EXPECT(bind(listening, (const struct sockaddr *)&address, address_len) == 0);
    EXPECT(listen(listening, 1) == 0);
    take_seccomp_away();
    jail_init(&jail, SANDBOX_PREFER, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) == 0);
    EXPECT(open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
    if (lockdown_landlock_version() < 6)
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT(fd >= 0);
    EXPECT(connect(fd, (const struct sockaddr *)&address, address_len) < 0 && errno == EPERM);
    EXPECT(kill(getppid(), 0) < 0 && errno == EPERM);
}

static void check_prefer_without_landlock(const struct place *place)
{
    struct strbuf text = STRBUF_INIT;
    struct err err = {""};
    struct jail jail;

    jail_without_landlock();
    jail_init(&jail, SANDBOX_PREFER, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) == 0 && err.text[0] == '\0');
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) == 0 && err.text[0] == '\0');
    lockdown_describe(&jail.lockdown, &text);
    EXPECT(strcmp(strbuf_text(&text), "NO landlock, seccomp, no-new-privs, no capabilities") == 0);
}

static void *wait_for_ever(void *argument)
{
    for (;;)
        pause();
    return argument;
}

/* The second thread would be outside of Landlock's domain. */
static void check_two_threads(const struct place *place)
{
    struct err err = {""};
    struct jail jail;
    pthread_t thread;

    EXPECT(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) < 0);
    EXPECT(strstr(err.text, "thread") != NULL);
}

static void check_whole_system_readable(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    (void)place;
    jail_init(&jail, SANDBOX_REQUIRE, "/");
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) < 0);
}

static void check_missing_folder(const struct place *place)
{
    struct err err = {""};
    struct jail jail;

    (void)place;
    jail_init(&jail, SANDBOX_REQUIRE, "/no/such/folder");
    EXPECT(lockdown_before_plugins(&jail.lockdown, &err) == 0);
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) == 0);
}

/* Copies the plugin to `path`; the descriptor of the copy. */
static int copy_plugin(const struct place *place, const char *path)
{
    int from = open(place->plugin, O_RDONLY | O_CLOEXEC);
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    char data[4096];
    ssize_t len;

    EXPECT(from >= 0 && to >= 0);
    while ((len = read(from, data, sizeof data)) > 0)
        EXPECT(write(to, data, (size_t)len) == len);
    EXPECT(len == 0);
    close(from);
    close(to);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* An open descriptor is no way around the folders: what counts is where its file lies. The file is
 * removed while it can be; Landlock still knows the folder that it was in. */
static void check_plugin_outside(const struct place *place)
{
    const char *reason = "";
    char folder[] = "/tmp/taxond-rogue-XXXXXX";
    char path[64];

    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/plugin.so", folder);
    int fd = copy_plugin(place, path);
    EXPECT(unlink(path) == 0 && rmdir(folder) == 0);
    enter_first(place);
    EXPECT(plugin_map(fd, &reason) == NULL);
    EXPECT(strstr(reason, strerror(EACCES)) != NULL);
}

/* A worker that is started later gets the generation's descriptor, when the file at the path may
 * have been replaced long since. */
static void check_plugin_replaced(const struct place *place)
{
    const char *reason = "";
    char folder[] = "/tmp/taxond-rogue-XXXXXX";
    char path[64];
    struct place here = {place->plugin, folder};

    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/plugin.so", folder);
    int fd = copy_plugin(place, path);
    EXPECT(unlink(path) == 0);
    int replacement = copy_plugin(place, path);
    EXPECT(replacement >= 0 && unlink(path) == 0);
    close(replacement);
    pid_t pid = fork();
    if (pid == 0) {
        enter_first(&here);
        EXPECT(plugin_map(fd, &reason) != NULL);
        _exit(0);
    }
    int status = -1;
    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT(rmdir(folder) == 0 && status == 0);
}

/* A single file may be named too, by its descriptor: wherever it lies. */
static void check_plugin_by_descriptor(const struct place *place)
{
    const char *reason = "";
    char folder[] = "/tmp/taxond-rogue-XXXXXX";
    char path[64], name[64];
    struct place here = {place->plugin, name};

    EXPECT(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/plugin.so", folder);
    int fd = copy_plugin(place, path);
    EXPECT(unlink(path) == 0 && rmdir(folder) == 0);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    enter_first(&here);
    EXPECT(plugin_map(fd, &reason) != NULL);
}

/* What a worker does while it opens: libc's own tables come from the system's folders. */
static void check_conversion_opens(const struct place *place)
{
    enter_first(place);
    iconv_t conversion = iconv_open("UTF-8", "BIG5");
    EXPECT(conversion != (iconv_t)-1);
    iconv_close(conversion);
}

static void check_conversion_works(const struct place *place)
{
    char in[] = "\xa4\xa4\xa4\xe5"; /* 中文 */
    char out[16] = "";
    char *from = in, *to = out;
    size_t in_len = 4, out_len = sizeof out - 1;
    struct err err = {""};
    struct jail jail;

    enter_first(place);
    iconv_t conversion = iconv_open("UTF-8", "BIG5");
    EXPECT(conversion != (iconv_t)-1);
    jail_init(&jail, SANDBOX_REQUIRE, place->folder);
    EXPECT(lockdown_before_documents(&jail.lockdown, &err) == 0);
    EXPECT(iconv(conversion, &from, &in_len, &to, &out_len) == 0);
    EXPECT(strcmp(out, "中文") == 0);
}

/* Descriptors that come along go on working. */
static void check_descriptors_work(const struct place *place)
{
    int ends[2];
    char byte = 0;
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

    EXPECT(pipe(ends) == 0 && fd >= 0);
    enter_both(place);
    EXPECT(pread(fd, &byte, 1, 0) == 1);
    EXPECT(write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'x');
    EXPECT(mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED);
}

static void check_memory_is_bounded(const struct place *place)
{
    enter_both(place);
    EXPECT(mmap(NULL, JAIL_MEMORY_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           MAP_FAILED);
    EXPECT(mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

/* abort(3) sends itself a signal, the one that is let through. */
static void check_abort(const struct place *place)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        enter_both(place);
        abort();
    }
    EXPECT(waitpid(pid, &status, 0) == pid);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* A grandchild is locked down and waits, holding a pipe; its parent ends; the pipe does too only if
 * the grandchild was killed, rather than by its own alarm, much later. */
static void check_death_signal(const struct place *place)
{
    int held[2], ready[2];
    int status = -1;
    char byte;

    EXPECT(pipe(held) == 0 && pipe(ready) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        pid_t worker = fork();
        if (worker == 0) {
            alarm(2 * PATIENCE_MS / 1000);
            enter_first(place);
            EXPECT(write(ready[1], "r", 1) == 1);
            wait_for_ever(NULL);
        }
        close(ready[1]);
        EXPECT(read(ready[0], &byte, 1) == 1);
        _exit(0);
    }
    close(held[1]);
    close(ready[1]);
    EXPECT(waitpid(parent, &status, 0) == parent && status == 0);
    struct pollfd ended = {.fd = held[0], .events = POLLIN};
    EXPECT(poll(&ended, 1, PATIENCE_MS) == 1 && read(held[0], &byte, 1) == 0);
}

static int run_check(const struct place *place, const char *name,
                     void (*check)(const struct place *))
{
    int status = -1;

    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        check(place);
        fflush(stdout);
        _exit(0);
    }
    bool good = pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
    printf("%s %s\n", good ? "ok  " : "FAIL", name);
    return !good;
}

int checks_run(const char *plugin)
{
    static const struct {
        const char *name;
        void (*check)(const struct place *);
    } checks[] = {
        {"calls", check_calls},
        {"state", check_state},
        {"description", check_description},
        {"description when off", check_description_off},
        {"require without landlock", check_require_without_landlock},
        {"require without the second layer", check_require_without_second_layer},
        {"require without seccomp", check_require_without_seccomp},
        {"landlock alone", check_landlock_alone},
        {"prefer without landlock", check_prefer_without_landlock},
        {"two threads", check_two_threads},
        {"the whole system readable", check_whole_system_readable},
        {"missing folder", check_missing_folder},
        {"plugin outside the folders", check_plugin_outside},
        {"plugin replaced", check_plugin_replaced},
        {"plugin named by its descriptor", check_plugin_by_descriptor},
        {"conversion opens", check_conversion_opens},
        {"conversion works", check_conversion_works},
        {"descriptors work", check_descriptors_work},
        {"memory is bounded", check_memory_is_bounded},
        {"abort", check_abort},
        {"death signal", check_death_signal},
    };
    char copy[ROGUE_PATH_SIZE];
    int failures = 0;

    snprintf(copy, sizeof copy, "%s", plugin);
    const struct place place = {plugin, dirname(copy)};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        failures += run_check(&place, checks[i].name, checks[i].check);
    return failures;
}
