/* Tests of pool/zygote and of what pool/worker_process believes of one: zygotes that lie, hang and
 * end, played by pretend_zygote.c. That the kernel asks before a fork is test_listener.c's. */
#include "pool/zygote.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/suite.h"
#include "base/file.h"

static uv_loop_t loop;
static struct generation *generation;
static struct zygote *zygote;
static struct worker_process worker;
static char why[ERR_TEXT_MAX];
static int forks;        /* answers to zygote_fork */
static pid_t forked_pid; /* the last one told */
static int adopted;      /* what worker_process_adopt made of it; 1: not asked */
static bool retire_when_forked;

static void ask(struct zygote *of)
{
    struct err err = {""};
    int socket_fd;

    ck_assert_int_eq(worker_process_await_fork(of->generation, &worker, &socket_fd, &err), 0);
    zygote_fork(of, socket_fd, &worker);
    close(socket_fd);
}

static void on_ready(struct zygote *of)
{
    ck_assert(of->can_fork);
    ask(of);
}

static void on_failed(struct zygote *of, const char *text)
{
    (void)of;
    ck_assert_str_eq(why, "");
    snprintf(why, sizeof why, "%s", text);
}

static void release_worker(struct zygote *of)
{
    worker_process_end(&worker);
    zygote_child_gone(of);
}

static void on_forked(struct zygote *of, void *wanted, pid_t pid)
{
    ck_assert_ptr_eq(wanted, &worker);
    forks++;
    forked_pid = pid;
    if (pid != 0)
        adopted = worker_process_adopt(&worker, pid, of->process.pid);
    if (pid != 0 && adopted < 0)
        zygote_condemn(of, "adopted nothing");
    if (adopted != 0)
        release_worker(of);
    else if (retire_when_forked)
        zygote_retire(of);
}

static void on_pestered(struct zygote *of, pid_t pid)
{
    (void)of;
    (void)pid;
    ck_abort_msg("nobody asks here");
}

static void on_gone(struct zygote *of)
{
    ck_assert_ptr_eq(of, zygote);
    zygote_free(of);
    zygote = NULL;
}

static const struct zygote_events events = {
    .ready = on_ready,
    .failed = on_failed,
    .forked = on_forked,
    .pestered = on_pestered,
    .gone = on_gone,
};

static void setup(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    why[0] = '\0';
    forks = 0;
    adopted = 1;
    retire_when_forked = false;
}

static void start(const char *act)
{
    static const char text[] = "state: state\nquarantine: quarantine\narchives: {main: archive}\n"
                               "inboxes: {in: {path: inbox}}\nplugin_folders: [.]\n"
                               "workers: {sandbox: off, start: 2s}\nplugins: {}\n";
    struct err err = {""};
    char file[128];

    snprintf(file, sizeof file, "/tmp/%s", act);
    generation = calloc(1, sizeof *generation);
    ck_assert_ptr_nonnull(generation);
    arena_init(&generation->arena, 0);
    generation->number = generation->references = 1;
    generation->config_fd = file_sealed_copy("test", text, strlen(text));
    ck_assert_msg(settings_parse(file, text, strlen(text), &generation->settings, &err) == 0, "%s",
                  err.text);
    ck_assert_msg(zygote_start(&loop, PRETEND_ZYGOTE, generation, &events, NULL, &zygote, &err) ==
                      0,
                  "%s", err.text);
}

static void run_until(bool (*done)(void))
{
    while (!done())
        uv_run(&loop, UV_RUN_ONCE);
}

static bool has_answer(void)
{
    return forks > 0;
}

static bool has_failed(void)
{
    return why[0] != '\0';
}

static bool is_gone(void)
{
    return zygote == NULL;
}

/* Nothing of it is left: no process, no handle, no memory. */
static void finish(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
    generation_drop(generation);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
}

START_TEST(an_honest_one_is_believed)
{
    start("honest");
    run_until(has_answer);
    ck_assert_int_eq(adopted, 0);
    ck_assert_int_eq(worker.pid, forked_pid);
    ck_assert_int_eq(zygote->state, ZYGOTE_READY);
    zygote_retire(zygote);
    for (int i = 0; i < 20; i++) /* it waits for its worker */
        uv_run(&loop, UV_RUN_NOWAIT), usleep(1000);
    ck_assert_ptr_nonnull(zygote);
    ck_assert_int_eq(kill(worker.pid, 0), 0);
    release_worker(zygote);
    run_until(is_gone);
    ck_assert_str_eq(why, "");
    finish();
}
END_TEST

/* A process that it may tell of is a child of ours, of its own group, and not itself. */
START_TEST(a_lie_about_the_process_is_seen)
{
    static const char *const acts[] = {"itself", "parent", "grandchild"};

    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (i > 0)
            setup();
        start(acts[i]);
        run_until(is_gone);
        ck_assert_int_eq(adopted, -ESRCH);
        ck_assert_int_eq(worker.pid, -1);
        ck_assert_str_eq(why, "adopted nothing");
        finish();
    }
}
END_TEST

START_TEST(what_it_made_beside_ends_with_it)
{
    start("stray");
    retire_when_forked = true;
    run_until(has_answer);
    ck_assert_int_eq(adopted, 0);
    release_worker(zygote);
    run_until(is_gone);
    finish(); /* no child of ours is left */
}
END_TEST

static void expect_failure(const char *act, const char *text, int answers)
{
    start(act);
    run_until(has_failed);
    ck_assert_msg(strcmp(why, text) == 0, "'%s'", why);
    ck_assert_int_eq(forks, answers);
    if (adopted == 0)
        release_worker(zygote);
    run_until(is_gone);
    finish();
}

START_TEST(a_second_word_is_out_of_turn)
{
    expect_failure("twice", "the zygote broke the protocol: a frame out of turn", 1);
}
END_TEST

START_TEST(an_answer_to_another_question_is_none)
{
    expect_failure("serial", "the zygote broke the protocol: a malformed frame", 1);
    ck_assert_int_eq(forked_pid, 0);
}
END_TEST

START_TEST(a_descriptor_that_nobody_waits_for_is_refused)
{
    expect_failure("descriptor", "the zygote broke the protocol: a descriptor out of turn", 1);
}
END_TEST

START_TEST(one_that_cannot_fork_says_why)
{
    expect_failure("unable", "the zygote could not fork a worker: Resource temporarily unavailable",
                   1);
    ck_assert_int_eq(forked_pid, 0);
}
END_TEST

START_TEST(one_that_ends_answers_by_its_end)
{
    expect_failure("ends", "the zygote exited with status 5", 1);
    ck_assert_int_eq(forked_pid, 0);
}
END_TEST

START_TEST(one_that_is_silent_is_given_up)
{
    expect_failure("silent", "the zygote made no worker in time (workers.start)", 1);
    ck_assert_int_eq(forked_pid, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_honest_one_is_believed,
                                  a_lie_about_the_process_is_seen,
                                  what_it_made_beside_ends_with_it,
                                  a_second_word_is_out_of_turn,
                                  an_answer_to_another_question_is_none,
                                  a_descriptor_that_nobody_waits_for_is_refused,
                                  one_that_cannot_fork_says_why,
                                  one_that_ends_answers_by_its_end,
                                  one_that_is_silent_is_given_up};

    return suite_run_with("zygote", tests, sizeof tests / sizeof tests[0], setup, NULL);
}
