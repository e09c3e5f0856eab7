/* Tests of base/file: below a root nothing leads out, whatever lies or moves there. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "suite.h"

static char base[] = "/tmp/taxond-test-file-XXXXXX";
static int base_fd = -1; /* the temporary folder; holds root/ and outside/ */
static int root_fd = -1;

static void put_file(int dir_fd, const char *path, const char *text)
{
    int fd = openat(dir_fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write_all(fd, text, strlen(text)), 0);
    close(fd);
}

static void put_folder(int dir_fd, const char *path)
{
    ck_assert_int_eq(mkdirat(dir_fd, path, 0700), 0);
}

static void put_link(const char *target, int dir_fd, const char *path)
{
    ck_assert_int_eq(symlinkat(target, dir_fd, path), 0);
}

static bool exists(int dir_fd, const char *path)
{
    struct stat status;

    return fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_same(int fd, int dir_fd, const char *path)
{
    struct stat a;
    struct stat b;

    ck_assert_int_eq(fstat(fd, &a), 0);
    ck_assert_int_eq(fstatat(dir_fd, path, &b, 0), 0);
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(base));
    base_fd = open(base, O_RDONLY | O_DIRECTORY);
    put_folder(base_fd, "root");
    put_folder(base_fd, "outside");
    put_file(base_fd, "outside/secret", "secret");
    root_fd = openat(base_fd, "root", O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(root_fd, 0);
}

static void teardown(void)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", base);
    ck_assert_int_eq(system(command), 0);
}

static void assert_cloexec(int fd)
{
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

START_TEST(close_keeps_errno)
{
    int fd = dup(root_fd);
    int none = -1;
    int wrong = 9999;

    errno = ENOSPC;
    file_close(&fd);
    file_close(&none);
    file_close(&wrong);
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert(fd == -1 && none == -1 && wrong == -1);
}
END_TEST

START_TEST(write_all_and_pread_all)
{
    char back[8] = "";
    int fd = file_open_beneath(root_fd, "a", O_RDWR | O_CREAT | O_EXCL, 0600);

    ck_assert_int_eq(file_write_all(fd, "abcdef", 6), 0);
    ck_assert_int_eq(file_write_all(fd, NULL, 0), 0);
    ck_assert_int_eq(file_pread_all(fd, back, 4, 2), 0);
    ck_assert_str_eq(back, "cdef");
    ck_assert_int_eq(file_pread_all(fd, back, 4, 3), -EIO);
    ck_assert_int_eq(file_pread_all(fd, back, 0, 100), 0);
    ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 6);
    ck_assert_int_eq(file_pread_all(-1, back, 1, 0), -EBADF);
    ck_assert_int_eq(file_write_all(-1, "a", 1), -EBADF);
}
END_TEST

static void *read_slowly(void *argument)
{
    static char chunk[1000];
    int fd = *(int *)argument;
    size_t total = 0;
    ssize_t n;
    sigset_t alarm_only;

    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm_only, NULL); /* the signals are for the writer */
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        total += (size_t)n;
    return (void *)total;
}

static void do_nothing(int signal_number)
{
    (void)signal_number;
}

/* A pipe takes 64 KiB at a time, and the timer's signals break into the waits for more room. */
START_TEST(write_all_goes_on_after_short_writes_and_signals)
{
    const struct sigaction action = {.sa_handler = do_nothing}; /* no SA_RESTART */
    const size_t size = 8 << 20;
    char *data = calloc(1, size);
    pthread_t reader;
    void *total = NULL;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    pthread_create(&reader, NULL, read_slowly, &ends[0]);
    ualarm(200, 200);
    ck_assert_int_eq(file_write_all(ends[1], data, size), 0);
    ualarm(0, 0);
    close(ends[1]);
    pthread_join(reader, &total);
    ck_assert_uint_eq((size_t)total, size);
    free(data);
}
END_TEST

START_TEST(slurp_takes_up_to_the_limit)
{
    static const size_t sizes[] = {0, 1, 4095, 65535, 65536, 65537, 300000};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct strbuf text = STRBUF_INIT;
        char *data = malloc(sizes[i] + 1);
        memset(data, 'd', sizes[i]);
        data[sizes[i]] = '\0';
        put_file(root_fd, "a", data);
        int fd = openat(root_fd, "a", O_RDONLY);

        strbuf_puts(&text, "before");
        ck_assert_int_eq(file_slurp(fd, sizes[i], &text), 0);
        ck_assert_uint_eq(text.len, sizes[i] + 6);
        ck_assert_str_eq(text.data + 6, data);
        ck_assert_int_eq(file_slurp(fd, SIZE_MAX, &text), 0); /* the offset has not moved */
        ck_assert_uint_eq(text.len, 2 * sizes[i] + 6);
        if (sizes[i] > 0) {
            ck_assert_int_eq(file_slurp(fd, sizes[i] - 1, &text), -EFBIG);
            ck_assert_uint_eq(text.len, 2 * sizes[i] + 6);
            ck_assert_uint_eq(strlen(text.data), text.len);
        }
        close(fd);
        free(data);
        strbuf_release(&text);
    }
}
END_TEST

START_TEST(slurp_reads_what_has_no_size)
{
    struct strbuf text = STRBUF_INIT;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(file_write_all(ends[1], "piped", 5), 0);
    close(ends[1]);
    ck_assert_int_eq(file_slurp(ends[0], 5, &text), 0);
    ck_assert_str_eq(strbuf_text(&text), "piped");
    strbuf_clear(&text);
    ck_assert_int_eq(file_slurp_path("/proc/self/status", 1 << 20, &text), 0);
    ck_assert_ptr_nonnull(strstr(strbuf_text(&text), "Name:"));
    ck_assert_int_eq(file_slurp_path("/proc/self/status", 10, &text), -EFBIG);
    ck_assert_int_eq(file_slurp_path("/nonexistent/a", 10, &text), -ENOENT);
    ck_assert_int_eq(file_slurp_path("/", 10, &text), -EISDIR);
    strbuf_release(&text);
}
END_TEST

START_TEST(open_beneath_opens_what_is_there)
{
    put_folder(root_fd, "a");
    put_file(root_fd, "a/b", "text");
    assert_cloexec(file_open_beneath(root_fd, "a/b", O_RDONLY, 0));
    /* openat2 alone would answer EINVAL to a mode without O_CREAT, and to file type bits. */
    assert_cloexec(file_open_beneath(root_fd, "a/b", O_RDONLY, 0644));
    int fd = file_open_beneath(root_fd, "a/c", O_WRONLY | O_CREAT | O_EXCL, S_IFREG | 0640);
    assert_cloexec(fd);
    assert_cloexec(file_open_beneath(root_fd, "a", O_RDONLY | O_DIRECTORY, 0));
    fd = file_open_beneath(root_fd, "a", O_RDWR | O_TMPFILE, 0600);
    ck_assert(fd >= 0 || fd == -EOPNOTSUPP);
    ck_assert_int_eq(file_open_beneath(root_fd, "a/b", O_WRONLY | O_CREAT | O_EXCL, 0600), -EEXIST);
    ck_assert_int_eq(file_open_beneath(root_fd, "a/none", O_RDONLY, 0), -ENOENT);
    ck_assert_int_eq(file_open_beneath(root_fd, "a/b/c", O_RDONLY, 0), -ENOTDIR);
    ck_assert_int_eq(file_open_beneath(root_fd, "", O_RDONLY, 0), -ENOENT);
}
END_TEST

START_TEST(open_beneath_refuses_links)
{
    put_folder(root_fd, "real");
    put_file(root_fd, "real/file", "text");
    put_link("real/file", root_fd, "inside");
    put_link("real", root_fd, "folder");
    put_link("../outside/secret", root_fd, "out");
    put_link("/etc/passwd", root_fd, "absolute");
    put_link("none", root_fd, "dangling");
    static const char *const links[] = {"inside", "folder/file", "out", "absolute", "dangling"};

    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        ck_assert_int_eq(file_open_beneath(root_fd, links[i], O_RDONLY, 0), -ELOOP);
    ck_assert_int_eq(file_open_beneath(root_fd, "dangling", O_WRONLY | O_CREAT, 0600), -ELOOP);
    ck_assert(!exists(root_fd, "none"));
}
END_TEST

START_TEST(open_beneath_refuses_to_climb)
{
    char absolute[64];

    put_folder(root_fd, "a");
    snprintf(absolute, sizeof absolute, "%s/outside/secret", base);
    ck_assert_int_eq(file_open_beneath(root_fd, "..", O_RDONLY, 0), -EXDEV);
    ck_assert_int_eq(file_open_beneath(root_fd, "../outside/secret", O_RDONLY, 0), -EXDEV);
    ck_assert_int_eq(file_open_beneath(root_fd, "a/../../outside/secret", O_RDONLY, 0), -EXDEV);
    ck_assert_int_eq(file_open_beneath(root_fd, absolute, O_RDONLY, 0), -EXDEV);
    int proc_fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
    ck_assert_int_eq(file_open_beneath(proc_fd, "cwd", O_RDONLY, 0), -ELOOP);
    ck_assert_int_eq(file_open_beneath(proc_fd, "fd/0", O_RDONLY, 0), -ELOOP);
}
END_TEST

static atomic_bool stop;

/* Exchanges root/door, a folder, and root/swap, a link to outside, as fast as it can. */
static void *swap_for_ever(void *argument)
{
    (void)argument;
    while (!atomic_load(&stop))
        renameat2(root_fd, "door", root_fd, "swap", RENAME_EXCHANGE);
    return NULL;
}

static void start_swapping(pthread_t *thread)
{
    put_folder(root_fd, "door");
    put_file(root_fd, "door/secret", "harmless");
    put_link("../outside", root_fd, "swap");
    atomic_store(&stop, false);
    ck_assert_int_eq(pthread_create(thread, NULL, swap_for_ever, NULL), 0);
}

static void stop_swapping(pthread_t thread)
{
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
}

/* Until both outcomes were seen often enough, or not at all within a bound that is no time. */
enum { SWAP_ROUNDS = 2000000, SWAP_ENOUGH = 2000 };

START_TEST(open_beneath_holds_while_components_are_swapped)
{
    pthread_t thread;
    int opened = 0;
    int refused = 0;

    start_swapping(&thread);
    for (int i = 0; i < SWAP_ROUNDS && (opened < SWAP_ENOUGH || refused < SWAP_ENOUGH); i++) {
        char text[16] = "";
        int fd = file_open_beneath(root_fd, "door/secret", O_RDONLY, 0);
        if (fd < 0) {
            ck_assert_int_eq(fd, -ELOOP);
            refused++;
            continue;
        }
        ck_assert_int_eq(pread(fd, text, 15, 0), 8);
        ck_assert_str_eq(text, "harmless");
        opened++;
        close(fd);
    }
    stop_swapping(thread);
    ck_assert_int_gt(opened, 0);
    ck_assert_int_gt(refused, 0);
}
END_TEST

START_TEST(mkdirs_beneath_holds_while_components_are_swapped)
{
    pthread_t thread;
    int made_count = 0;
    int refused = 0;

    start_swapping(&thread);
    for (int i = 0; i < SWAP_ROUNDS && (made_count < 200 || refused < 200); i++) {
        char path[64];
        bool made = false;
        snprintf(path, sizeof path, "door/%d/leaf", i);
        int fd = file_mkdirs_beneath(root_fd, path, 0700, &made);
        if (fd < 0) {
            /* The link's last step is O_DIRECTORY, for which the kernel may say either. */
            ck_assert(fd == -ELOOP || fd == -ENOTDIR);
            refused++;
            continue;
        }
        ck_assert(made);
        made_count++;
        close(fd);
    }
    stop_swapping(thread);
    ck_assert_int_gt(made_count, 0);
    ck_assert_int_gt(refused, 0);
    ck_assert_int_eq(unlinkat(base_fd, "outside/secret", 0), 0);
    ck_assert_int_eq(unlinkat(base_fd, "outside", AT_REMOVEDIR), 0); /* nothing else got there */
}
END_TEST

START_TEST(mkdirs_beneath_makes_what_is_missing)
{
    bool made = false;
    int fd = file_mkdirs_beneath(root_fd, "a/b/中文", 0750, &made);

    assert_cloexec(fd);
    ck_assert(made);
    ck_assert(is_same(fd, root_fd, "a/b/中文"));
    ck_assert_int_eq(fsync(fd), 0); /* an O_PATH descriptor would not do */
    fd = file_mkdirs_beneath(root_fd, "a/b/中文", 0750, &made);
    ck_assert(!made);
    ck_assert(is_same(fd, root_fd, "a/b/中文"));
    fd = file_mkdirs_beneath(root_fd, "./a//b/./c/", 0750, NULL);
    ck_assert(is_same(fd, root_fd, "a/b/c"));
    made = true;
    fd = file_mkdirs_beneath(root_fd, "", 0750, &made);
    ck_assert(!made);
    ck_assert(is_same(fd, root_fd, "."));
    ck_assert_int_ne(fd, root_fd);
    fd = file_mkdirs_beneath(root_fd, ".", 0750, NULL);
    ck_assert(is_same(fd, root_fd, "."));
}
END_TEST

START_TEST(mkdirs_beneath_refuses_ways_out)
{
    bool made = true;
    char long_name[300];

    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    put_folder(root_fd, "real");
    put_link("../outside", root_fd, "out");
    put_link("real", root_fd, "in");
    put_file(root_fd, "file", "text");
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "out/new", 0700, &made), -ELOOP);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "in/new", 0700, &made), -ELOOP);
    ck_assert_int_lt(file_mkdirs_beneath(root_fd, "in", 0700, &made), 0);
    ck_assert_int_lt(file_mkdirs_beneath(root_fd, "new/../../outside/new", 0700, &made), 0);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "..", 0700, &made), -EXDEV);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "real/..", 0700, &made), -EXDEV);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "real/../x", 0700, &made), -EXDEV);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "/tmp", 0700, &made), -EXDEV);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "/", 0700, &made), -EXDEV);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "file/new", 0700, &made), -ENOTDIR);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, "file", 0700, &made), -ENOTDIR);
    ck_assert_int_eq(file_mkdirs_beneath(root_fd, long_name, 0700, &made), -ENAMETOOLONG);
    ck_assert_int_eq(file_mkdirs_beneath(-1, "a", 0700, &made), -EBADF);
    ck_assert(made); /* untouched */
    ck_assert(!exists(base_fd, "outside/new"));
    ck_assert(!exists(root_fd, "real/new"));
    ck_assert(!exists(root_fd, "new"));                       /* refused before anything was made */
    int fd = file_mkdirs_beneath(root_fd, "...", 0700, NULL); /* a name like any other */
    ck_assert(is_same(fd, root_fd, "..."));
}
END_TEST

START_TEST(mkdirs_beneath_leaks_no_descriptor)
{
    int before = dup(root_fd);

    close(before);
    for (int i = 0; i < 100; i++) {
        int fd = file_mkdirs_beneath(root_fd, i % 2 == 0 ? "a/b/c" : "a/../c", 0700, NULL);
        file_close(&fd);
    }
    int after = dup(root_fd);
    ck_assert_int_eq(before, after);
}
END_TEST

START_TEST(mkdirs_follows_links)
{
    char path[128];

    put_link("../outside", root_fd, "out");
    put_file(root_fd, "file", "text");
    snprintf(path, sizeof path, "%s/root/out//x/y/", base);
    ck_assert_int_eq(file_mkdirs(path, 0700), 0);
    ck_assert(exists(base_fd, "outside/x/y"));
    ck_assert_int_eq(file_mkdirs(path, 0700), 0);
    snprintf(path, sizeof path, "%s/root/file", base);
    ck_assert_int_eq(file_mkdirs(path, 0700), -ENOTDIR);
    snprintf(path, sizeof path, "%s/root/file/x", base);
    ck_assert_int_eq(file_mkdirs(path, 0700), -ENOTDIR);
    ck_assert_int_eq(file_mkdirs("/", 0700), 0);
    ck_assert_int_eq(file_mkdirs("", 0700), -ENOENT);
    ck_assert_int_eq(chdir(base), 0);
    ck_assert_int_eq(file_mkdirs("relative/x", 0700), 0);
    ck_assert(exists(base_fd, "relative/x"));
}
END_TEST

START_TEST(rename_noreplace_replaces_nothing)
{
    struct strbuf text = STRBUF_INIT;
    char path[64];

    put_file(root_fd, "a", "from");
    put_file(root_fd, "b", "kept");
    ck_assert_int_eq(file_rename_noreplace(root_fd, "a", root_fd, "b"), -EEXIST);
    snprintf(path, sizeof path, "%s/root/b", base);
    ck_assert_int_eq(file_slurp_path(path, 100, &text), 0);
    ck_assert_str_eq(strbuf_text(&text), "kept");
    put_link("none", root_fd, "dangling");
    ck_assert_int_eq(file_rename_noreplace(root_fd, "a", root_fd, "dangling"), -EEXIST);
    ck_assert_int_eq(file_rename_noreplace(root_fd, "a", base_fd, "moved"), 0);
    ck_assert(!exists(root_fd, "a"));
    ck_assert(exists(base_fd, "moved"));
    ck_assert_int_eq(file_rename_noreplace(root_fd, "a", base_fd, "again"), -ENOENT);
    strbuf_release(&text);
}
END_TEST

START_TEST(sealed_copy_is_sealed)
{
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    char back[8] = "";
    int fd = file_sealed_copy("test", "sealed", 6);

    assert_cloexec(fd);
    ck_assert_int_eq(read(fd, back, sizeof back), 6); /* from the beginning */
    ck_assert_str_eq(back, "sealed");
    ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & seals, seals);
    ck_assert(ftruncate(fd, 0) < 0 && errno == EPERM);
    ck_assert(ftruncate(fd, 100) < 0 && errno == EPERM);
    ck_assert(pwrite(fd, "x", 1, 0) < 0 && errno == EPERM);
    ck_assert(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) < 0 && errno == EPERM);
    ck_assert_ptr_eq(mmap(NULL, 6, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
    ck_assert_ptr_ne(mmap(NULL, 6, PROT_READ, MAP_PRIVATE, fd, 0), MAP_FAILED);

    int empty_fd = file_sealed_copy("empty", NULL, 0);
    ck_assert_int_eq(read(empty_fd, back, sizeof back), 0);
    ck_assert(pwrite(empty_fd, "x", 1, 0) < 0 && errno == EPERM);
}
END_TEST

/* What a service manager or a container may do to us: openat2 fails so, for good. */
static void take_openat2_away(const char *error)
{
    const unsigned code = strcmp(error, "EPERM") == 0 ? EPERM : ENOSYS;
    struct sock_filter code_lines[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog filter = {sizeof code_lines / sizeof code_lines[0], code_lines};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) {
        perror("seccomp");
        exit(1);
    }
}

static bool without_openat2;

START_TEST(the_way_is_the_one_that_is_tested)
{
    ck_assert_int_eq(file_has_openat2(), !without_openat2);
}
END_TEST

START_TEST(open_beneath_says_the_same_on_both_ways)
{
    put_folder(root_fd, "a");
    put_folder(root_fd, "closed");
    put_file(root_fd, "a/file", "x");
    put_file(root_fd, "closed/file", "x");
    put_link("a", root_fd, "link");
    put_link("a/file", root_fd, "to-file");
    static const struct {
        const char *path;
        int flags;
        int code; /* 0: a descriptor */
    } cases[] = {
        {"a/", O_RDONLY, 0},
        {"./a/.//file", O_RDONLY, 0},
        {".", O_RDONLY | O_DIRECTORY, 0},
        {"a/file/", O_RDONLY, -ENOTDIR},
        {"a/file", O_RDONLY | O_DIRECTORY, -ENOTDIR},
        {"link", O_RDONLY | O_DIRECTORY, -ELOOP},
        {"link", O_PATH, -ELOOP},
        {"link", O_PATH | O_DIRECTORY, -ELOOP},
        {"link/file", O_PATH, -ELOOP},
        {"link/", O_RDONLY, -ELOOP},
        {"to-file", O_RDONLY, -ELOOP},
        {"to-file", O_PATH | O_NOFOLLOW, 0}, /* the link itself */
        {"to-file/x", O_RDONLY, -ELOOP},
        {"a/new", O_WRONLY | O_CREAT | O_EXCL, 0},
        {"a/none/new", O_WRONLY | O_CREAT, -ENOENT},
        {"a/../../outside", O_RDONLY, -EXDEV},
        {"/", O_RDONLY, -EXDEV},
        {"/etc", O_RDONLY, -EXDEV},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = file_open_beneath(root_fd, cases[i].path, cases[i].flags, 0600);
        int code = fd < 0 ? fd : 0;
        file_close(&fd);
        ck_assert_msg(code == cases[i].code, "%s, flags %#x: %d", cases[i].path,
                      (unsigned)cases[i].flags, code);
    }
    /* A folder that may be passed, and not read, is passed. */
    ck_assert_int_eq(fchmodat(root_fd, "closed", 0311, 0), 0);
    int fd = file_open_beneath(root_fd, "closed/file", O_RDONLY, 0);
    ck_assert_int_ge(fd, 0);
    file_close(&fd);
    ck_assert_int_eq(fchmodat(root_fd, "closed", 0700, 0), 0);
}
END_TEST

START_TEST(same_bytes_compares_all)
{
    static const size_t sizes[] = {1, 32767, 32768, 32769, 100000};
    int empty_fd = file_sealed_copy("e", NULL, 0);

    ck_assert_int_eq(file_same_bytes(empty_fd, empty_fd), 1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *data = calloc(1, sizes[i]);
        int a_fd = file_sealed_copy("a", data, sizes[i]);
        int b_fd = file_sealed_copy("b", data, sizes[i]);
        int short_fd = file_sealed_copy("c", data, sizes[i] - 1);
        data[sizes[i] - 1] = 1;
        int last_fd = file_sealed_copy("d", data, sizes[i]);
        ck_assert_int_eq(lseek(a_fd, 1, SEEK_SET), 1); /* offsets do not matter */
        ck_assert_int_eq(file_same_bytes(a_fd, b_fd), 1);
        ck_assert_int_eq(file_same_bytes(a_fd, short_fd), 0);
        ck_assert_int_eq(file_same_bytes(short_fd, a_fd), 0);
        ck_assert_int_eq(file_same_bytes(a_fd, last_fd), 0);
        ck_assert_int_eq(file_same_bytes(a_fd, empty_fd), 0);
        ck_assert_int_eq(file_same_bytes(a_fd, -1), -EBADF);
        ck_assert_int_eq(file_same_bytes(-1, a_fd), -EBADF);
        free(data);
    }
}
END_TEST

/* With an argument, ENOSYS or EPERM, openat2 is not to be had. */
int main(int argc, char **argv)
{
    const TTest *const tests[] = {
        close_keeps_errno,
        write_all_and_pread_all,
        write_all_goes_on_after_short_writes_and_signals,
        slurp_takes_up_to_the_limit,
        slurp_reads_what_has_no_size,
        the_way_is_the_one_that_is_tested,
        open_beneath_says_the_same_on_both_ways,
        open_beneath_opens_what_is_there,
        open_beneath_refuses_links,
        open_beneath_refuses_to_climb,
        open_beneath_holds_while_components_are_swapped,
        mkdirs_beneath_holds_while_components_are_swapped,
        mkdirs_beneath_makes_what_is_missing,
        mkdirs_beneath_refuses_ways_out,
        mkdirs_beneath_leaks_no_descriptor,
        mkdirs_follows_links,
        rename_noreplace_replaces_nothing,
        sealed_copy_is_sealed,
        same_bytes_compares_all,
    };

    without_openat2 = argc > 1;
    if (without_openat2)
        take_openat2_away(argv[1]);
    return suite_run_with("base/file", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
