/* Tests of pool/listener: a process behind a filter that asks about clone(2) and tgkill(2). */
#include "pool/listener.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/suite.h"
#include "wire/frame.h"

#define PATIENCE_MS 30000
#define NO_LISTENER 77

static pid_t asker;
static int listener_fd;
static int start_fd; /* closed: the asker may begin */

static int load_filter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (filter == NULL || seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(clone), 0) < 0 ||
        seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(tgkill), 0) < 0 ||
        seccomp_load(filter) < 0)
        return -1;
    int fd = seccomp_notify_fd(filter);
    seccomp_release(filter);
    return fd;
}

/* A child that asks, once it may, and exits with the errno that it was answered. */
static void start_asking(int (*ask)(void))
{
    struct frame frame = {.fd = -1};
    struct frame_reader reader;
    int sockets[2], gate[2];
    char byte;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    ck_assert_int_eq(pipe(gate), 0);
    asker = fork();
    ck_assert_int_ge(asker, 0);
    if (asker == 0) {
        close(gate[1]);
        int fd = load_filter();
        if (fd < 0 || frame_send(sockets[1], FRAME_LISTENER, 0, NULL, 0, fd, -1) < 0)
            _exit(NO_LISTENER);
        close(fd);
        _exit(read(gate[0], &byte, 1) == 0 ? ask() : 1);
    }
    close(sockets[1]);
    close(gate[0]);
    start_fd = gate[1];
    frame_reader_init(&reader, 1024);
    ck_assert_int_eq(frame_wait(&reader, sockets[0], PATIENCE_MS, &frame), 1);
    ck_assert_int_eq(frame.type, FRAME_LISTENER);
    listener_fd = frame.fd;
    frame_reader_release(&reader);
    close(sockets[0]);
}

static void wait_question(void)
{
    struct pollfd polled = {.fd = listener_fd, .events = POLLIN};

    ck_assert_int_eq(poll(&polled, 1, PATIENCE_MS), 1);
}

static void begin_and_wait(void)
{
    close(start_fd);
    wait_question();
}

static int end_of(pid_t pid)
{
    int status = -1;

    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static long clone_with(unsigned long flags, unsigned long stack)
{
    return syscall(SYS_clone, flags, stack, 0, 0, 0);
}

static int outcome(long result)
{
    if (result == 0)
        _exit(0); /* the process that was made */
    return result < 0 ? errno : 0;
}

static int ask_for_sibling(void)
{
    return outcome(clone_with(CLONE_PARENT | SIGCHLD, 0));
}

static bool only_forks(void *context, const struct listener_question *question)
{
    *(pid_t *)context = question->pid;
    return listener_is_fork(question);
}

START_TEST(what_is_let_through_is_done)
{
    pid_t pid = 0;

    start_asking(ask_for_sibling);
    ck_assert_int_eq(listener_answer(listener_fd, only_forks, &pid), 0); /* nothing waits yet */
    begin_and_wait();
    ck_assert_int_eq(listener_answer(listener_fd, only_forks, &pid), 1);
    ck_assert_int_eq(pid, asker);
    ck_assert_int_eq(end_of(asker), 0);
    /* It is ours, too, and none of the asker's. */
    ck_assert_int_gt(waitpid(-1, NULL, 0), 0);
    ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
}
END_TEST

static int ask_for_child(void)
{
    return outcome(clone_with(SIGCHLD, 0));
}

static int ask_for_shared_memory(void)
{
    return outcome(clone_with(CLONE_PARENT | CLONE_VM | SIGCHLD, 0));
}

static int ask_with_high_bit(void)
{
    return outcome(clone_with((1UL << 40) | CLONE_PARENT | SIGCHLD, 0));
}

static int ask_with_stack(void)
{
    return outcome(clone_with(CLONE_PARENT | SIGCHLD, 4096));
}

static int ask_for_silent_end(void)
{
    return outcome(clone_with(CLONE_PARENT, 0));
}

START_TEST(anything_but_the_bare_fork_is_refused)
{
    int (*const asks[])(void) = {ask_for_child, ask_for_shared_memory, ask_with_high_bit,
                                 ask_with_stack, ask_for_silent_end};

    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        pid_t pid;
        start_asking(asks[i]);
        begin_and_wait();
        ck_assert_int_eq(listener_answer(listener_fd, only_forks, &pid), 1);
        ck_assert_int_eq(end_of(asker), EPERM << 8);
        ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
        close(listener_fd);
    }
}
END_TEST

static bool only_own_signals(void *context, const struct listener_question *question)
{
    (void)context;
    return listener_is_own_signal(question);
}

static int ask_to_abort(void)
{
    return syscall(SYS_tgkill, getpid(), getpid(), SIGABRT) < 0 ? errno : 0;
}

static int ask_to_signal_parent(void)
{
    return syscall(SYS_tgkill, getppid(), getppid(), SIGABRT) < 0 ? errno : 0;
}

START_TEST(a_process_may_signal_itself_and_nobody_else)
{
    start_asking(ask_to_abort);
    begin_and_wait();
    ck_assert_int_eq(listener_answer(listener_fd, only_own_signals, NULL), 1);
    ck_assert_int_eq(end_of(asker), SIGABRT);
    close(listener_fd);
    start_asking(ask_to_signal_parent);
    begin_and_wait();
    ck_assert_int_eq(listener_answer(listener_fd, only_own_signals, NULL), 1);
    ck_assert_int_eq(end_of(asker), EPERM << 8);
}
END_TEST

START_TEST(one_that_is_gone_needs_no_answer)
{
    pid_t pid;

    start_asking(ask_for_sibling);
    begin_and_wait();
    ck_assert_int_eq(kill(asker, SIGKILL), 0);
    ck_assert_int_eq(end_of(asker), SIGKILL);
    ck_assert_int_eq(listener_answer(listener_fd, only_forks, &pid), -EPIPE);
}
END_TEST

START_TEST(nobody_at_the_listener_is_a_refusal)
{
    start_asking(ask_for_sibling);
    close(listener_fd);
    close(start_fd);
    ck_assert_int_eq(end_of(asker), ENOSYS << 8);
}
END_TEST

START_TEST(only_a_listener_is_one)
{
    int ends[2];

    start_asking(ask_for_sibling);
    ck_assert(listener_is_sound(listener_fd));
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert(!listener_is_sound(ends[0]));
    ck_assert(!listener_is_sound(-1));
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert(!listener_is_sound(fd));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_let_through_is_done,
                                  anything_but_the_bare_fork_is_refused,
                                  a_process_may_signal_itself_and_nobody_else,
                                  one_that_is_gone_needs_no_answer,
                                  nobody_at_the_listener_is_a_refusal,
                                  only_a_listener_is_one};

    if (seccomp_api_get() < 6)
        return 77; /* no listeners here */
    return SUITE_RUN("listener", tests);
}
