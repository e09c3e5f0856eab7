/* pretend_zygote: a zygote that does what the name of its configuration file says, for
 * test_zygote.c. It is in no lock-down (workers.sandbox: off), so that it can do its worst. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/frame.h"
#include "wire/manifest.h"
#include "wire/setup.h"

#define SOCKET_FD 3

static struct frame_reader reader;
static struct arena arena;
static char act[64];

static void expect(int good)
{
    if (!good)
        _exit(1);
}

static void take_setup(void)
{
    struct frame frame;

    do {
        struct setup_config config;

        frame = (struct frame){.fd = -1};
        expect(frame_wait(&reader, SOCKET_FD, -1, &frame) == 1);
        if (frame.type == FRAME_CONFIG) {
            expect(setup_unpack_config(&arena, frame.payload, frame.len, &config) == 0);
            strncpy(act, strrchr(config.file, '/') + 1, sizeof act - 1);
        }
        file_close(&frame.fd);
    } while (frame.type != FRAME_ZYGOTE);
}

static void say_ready(void)
{
    const struct manifest manifest = {.sandbox = "none"};
    struct strbuf payload = STRBUF_INIT;

    manifest_pack(&payload, &manifest);
    expect(frame_send(SOCKET_FD, FRAME_READY, 0, payload.data, payload.len, -1, -1) == 0);
    strbuf_release(&payload);
}

static pid_t make(unsigned long flags)
{
    long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

    expect(pid >= 0);
    if (pid == 0)
        for (;;)
            pause();
    return (pid_t)pid;
}

static void say_forked(uint64_t serial, pid_t pid, uint32_t error)
{
    const struct setup_forked forked = {(uint32_t)pid, error};
    struct strbuf payload = STRBUF_INIT;

    setup_pack_forked(&payload, &forked);
    expect(frame_send(SOCKET_FD, FRAME_FORKED, serial, payload.data, payload.len, -1, -1) == 0);
    strbuf_release(&payload);
}

static void answer(uint64_t serial, int fd)
{
    if (strcmp(act, "honest") == 0)
        say_forked(serial, make(CLONE_PARENT), 0);
    if (strcmp(act, "itself") == 0)
        say_forked(serial, getpid(), 0);
    if (strcmp(act, "parent") == 0)
        say_forked(serial, getppid(), 0);
    if (strcmp(act, "grandchild") == 0)
        say_forked(serial, make(0), 0);
    if (strcmp(act, "twice") == 0) {
        pid_t pid = make(CLONE_PARENT);
        say_forked(serial, pid, 0);
        say_forked(serial, pid, 0);
    }
    if (strcmp(act, "stray") == 0) {
        make(CLONE_PARENT);
        say_forked(serial, make(CLONE_PARENT), 0);
    }
    if (strcmp(act, "serial") == 0)
        say_forked(serial + 1, make(CLONE_PARENT), 0);
    if (strcmp(act, "unable") == 0)
        say_forked(serial, 0, EAGAIN);
    if (strcmp(act, "descriptor") == 0)
        expect(frame_send(SOCKET_FD, FRAME_LISTENER, 0, NULL, 0, fd, -1) == 0);
    if (strcmp(act, "ends") == 0)
        _exit(5);
}

int main(void)
{
    struct frame frame;

    frame_reader_init(&reader, 1 << 16);
    arena_init(&arena, 0);
    take_setup();
    say_ready();
    for (;;) {
        frame = (struct frame){.fd = -1};
        if (frame_wait(&reader, SOCKET_FD, -1, &frame) != 1)
            return 0;
        expect(frame.type == FRAME_FORK && frame.fd >= 0);
        answer(frame.serial, frame.fd);
        file_close(&frame.fd);
    }
}
