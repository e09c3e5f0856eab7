#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define TICK_MS      2 /* a condition may come true and leave the loop with nothing to wait for */
#define GUARD_TICKS  10000
#define PATH_FDS_MAX 16

static void on_tick(uv_timer_t *timer)
{
    struct fixture *fixture = timer->data;

    fixture->ticks++;
}

void fixture_open(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    strcpy(fixture->dir, "/tmp/taxond-test-inbox-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(fixture->dir));
    snprintf(fixture->in, sizeof fixture->in, "%s/in", fixture->dir);
    ck_assert_int_eq(mkdir(fixture->in, 0755), 0);
    fixture->settings = (struct settings_inbox){.name = "test",
                                                .path = fixture->in,
                                                .source = "test",
                                                .recursive = true};
    fixture->taken = calloc(TAKEN_MAX, sizeof *fixture->taken);
    ck_assert_ptr_nonnull(fixture->taken);
    ck_assert_int_eq(uv_loop_init(&fixture->loop), 0);
    uv_timer_init(&fixture->loop, &fixture->tick);
    fixture->tick.data = fixture;
    fixture->take_max = TAKEN_MAX;
    fixture->takes = true;
    struct err err = {""};
    int code = inbox_open(&fixture->settings, &fixture->inbox, &err);
    ck_assert_msg(code == 0, "%s", err.text);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void fixture_close(struct fixture *fixture)
{
    if (fixture->intake != NULL)
        fixture_stop(fixture);
    fixture_forget_all(fixture);
    free(fixture->taken);
    uv_close((uv_handle_t *)&fixture->tick, NULL);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&fixture->loop), 0);
    if (fixture->inbox != NULL)
        inbox_close(fixture->inbox);
    nftw(fixture->dir, remove_one, PATH_FDS_MAX, FTW_DEPTH | FTW_PHYS);
}

static void on_ready(void *context, struct intake *intake)
{
    struct fixture *fixture = context;

    ck_assert_ptr_eq(intake, fixture->intake);
    fixture->ready_calls++;
    if (fixture->takes)
        fixture_take(fixture, fixture->take_max);
}

void fixture_start(struct fixture *fixture, uint32_t settle_ms, bool recursive)
{
    struct err err = {""};

    fixture->settings.settle_ms = settle_ms;
    fixture->settings.recursive = recursive;
    int code =
        intake_start(&fixture->loop, fixture->inbox, on_ready, fixture, &fixture->intake, &err);
    ck_assert_msg(code == 0, "%s", err.text);
}

static void on_stopped(void *context)
{
    struct fixture *fixture = context;

    fixture->stopped = true;
}

static bool is_stopped(struct fixture *fixture)
{
    return fixture->stopped;
}

void fixture_stop(struct fixture *fixture)
{
    struct intake *intake = fixture->intake;

    fixture->intake = NULL;
    fixture->stopped = false;
    intake_stop(intake, on_stopped, fixture);
    fixture_run_until(fixture, is_stopped);
}

void fixture_run_until(struct fixture *fixture, bool (*holds)(struct fixture *fixture))
{
    fixture->ticks = 0;
    uv_timer_start(&fixture->tick, on_tick, TICK_MS, TICK_MS);
    while (!holds(fixture)) {
        ck_assert_msg(fixture->ticks < GUARD_TICKS, "the condition did not come true");
        uv_run(&fixture->loop, UV_RUN_ONCE);
        if (fixture->intake == NULL)
            continue;
        struct intake_stats stats = fixture_stats(fixture);
        if (stats.ready > fixture->most_ready)
            fixture->most_ready = stats.ready;
        if (stats.waiting > fixture->most_waiting)
            fixture->most_waiting = stats.waiting;
    }
    uv_timer_stop(&fixture->tick);
}

struct intake_stats fixture_stats(struct fixture *fixture)
{
    struct intake_stats stats;

    intake_stats(fixture->intake, &stats);
    return stats;
}

bool fixture_is_idle(struct fixture *fixture)
{
    return fixture_stats(fixture).idle;
}

bool fixture_is_scanned(struct fixture *fixture)
{
    struct intake_stats stats = fixture_stats(fixture);

    return stats.scans > 0 && !stats.scanning;
}

size_t fixture_take(struct fixture *fixture, size_t max)
{
    size_t room = TAKEN_MAX - fixture->taken_count;
    size_t count = intake_take(fixture->intake, fixture->taken + fixture->taken_count,
                               max < room ? max : room);

    fixture->taken_count += count;
    return count;
}

unsigned fixture_taken(const struct fixture *fixture, const char *path)
{
    unsigned count = 0;

    for (size_t i = 0; i < fixture->taken_count; i++)
        count += strcmp(fixture->taken[i].path, path) == 0;
    return count;
}

void fixture_forget_all(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->taken_count; i++) {
        if (fixture->intake != NULL)
            intake_forget(fixture->intake, fixture->taken[i].path);
        free(fixture->taken[i].path);
    }
    fixture->taken_count = 0;
}

char *fixture_path(const struct fixture *fixture, const char *name)
{
    char *path = NULL;

    if (name[0] == '/')
        path = strdup(name);
    else if (asprintf(&path, "%s/%s", fixture->in, name) < 0)
        path = NULL;
    ck_assert_ptr_nonnull(path);
    return path;
}

int fixture_open_file(const struct fixture *fixture, const char *name, int flags)
{
    char *path = fixture_path(fixture, name);
    int fd = open(path, flags | O_CLOEXEC, 0644);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    free(path);
    return fd;
}

void fixture_put(const struct fixture *fixture, const char *name, const char *text)
{
    int fd = fixture_open_file(fixture, name, O_WRONLY | O_CREAT | O_TRUNC);

    ck_assert_int_eq(file_write_all(fd, text, strlen(text)), 0);
    close(fd);
}

void fixture_mkdir(const struct fixture *fixture, const char *name)
{
    char *path = fixture_path(fixture, name);

    ck_assert_msg(mkdir(path, 0755) == 0, "%s: %s", path, strerror(errno));
    free(path);
}

void fixture_rename(const struct fixture *fixture, const char *from, const char *to)
{
    char *from_path = fixture_path(fixture, from);
    char *to_path = fixture_path(fixture, to);

    ck_assert_msg(rename(from_path, to_path) == 0, "%s: %s", from_path, strerror(errno));
    free(from_path);
    free(to_path);
}

bool fixture_exists(const struct fixture *fixture, const char *name)
{
    struct stat status;
    char *path = fixture_path(fixture, name);
    bool exists = lstat(path, &status) == 0;

    free(path);
    return exists;
}

void fixture_check_fd(int fd, const char *text)
{
    struct strbuf found = STRBUF_INIT;

    ck_assert_int_eq(file_slurp(fd, 1 << 20, &found), 0);
    ck_assert_str_eq(strbuf_text(&found), text);
    strbuf_release(&found);
}

void fixture_check_text(const struct fixture *fixture, const char *name, const char *text)
{
    int fd = fixture_open_file(fixture, name, O_RDONLY);

    fixture_check_fd(fd, text);
    close(fd);
}

struct claim fixture_claim(const struct fixture *fixture, const char *name)
{
    struct stat status;
    char *path = fixture_path(fixture, name);

    ck_assert_msg(lstat(path, &status) == 0, "%s: %s", path, strerror(errno));
    free(path);
    return (struct claim){
        .path = name,
        .device = (uint64_t)status.st_dev,
        .inode = (uint64_t)status.st_ino,
        .size = (uint64_t)status.st_size,
        .mtime_ns = status.st_mtim.tv_sec * 1000000000L + status.st_mtim.tv_nsec,
    };
}

int fixture_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
