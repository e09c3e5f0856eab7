/* Fuzzes wire/frame and the payloads of the frames that a worker gets.
 *
 * Input: one byte of flags, one byte of chunk size, then the stream as a peer sends it: in chunks,
 * with or without descriptors. No input may crash the reader, make it hand out a frame that its
 * type forbids, go on after an error, or keep a descriptor.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/frame.h"
#include "wire/job.h"
#include "wire/setup.h"

#define PAYLOAD_MAX      2000u
#define ONLY_FROM_WORKER 1u
#define FD_WITH_FIRST    2u
#define FD_WITH_ALL      4u
#define TWO_FDS          8u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int lowest_free_fd(void)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

    assert(fd >= 0);
    close(fd);
    return fd;
}

static void look_inside(const struct frame *frame)
{
    struct setup_config config;
    struct setup_plugin plugin;
    struct setup_resource resource;
    struct setup_forked forked;
    struct job job;
    struct arena arena;

    arena_init(&arena, 1 << 20);
    if (frame->type == FRAME_CONFIG)
        (void)setup_unpack_config(&arena, frame->payload, frame->len, &config);
    if (frame->type == FRAME_PLUGIN)
        (void)setup_unpack_plugin(&arena, frame->payload, frame->len, &plugin);
    if (frame->type == FRAME_RESOURCE)
        (void)setup_unpack_resource(&arena, frame->payload, frame->len, &resource);
    if (frame->type == FRAME_FORKED)
        (void)setup_unpack_forked(frame->payload, frame->len, &forked);
    if (frame->type == FRAME_JOB && job_unpack(&arena, frame->payload, frame->len, &job) == 0)
        assert(strlen(job.name) + strlen(job.url) <= frame->len);
    arena_release(&arena);
}

static void check(const struct frame *frame, uint8_t flags)
{
    int is_from_worker = frame->type >= FRAME_READY;
    int has_fd = is_from_worker ? frame->type == FRAME_LISTENER
                                : frame->type != FRAME_START && frame->type != FRAME_ZYGOTE;

    assert(is_from_worker || (flags & ONLY_FROM_WORKER) == 0);
    assert(frame->len <= PAYLOAD_MAX && frame->payload[frame->len] == '\0');
    assert(has_fd == (frame->fd >= 0));
    if (has_fd) {
        assert(fcntl(frame->fd, F_GETFD) == FD_CLOEXEC);
        close(frame->fd);
    }
    look_inside(frame);
}

/* All that is there; the last result. */
static int read_frames(struct frame_reader *reader, int socket_fd, uint8_t flags)
{
    struct frame frame;
    int result;

    while ((result = frame_next(reader, socket_fd, &frame)) == 1)
        check(&frame, flags);
    return result;
}

static void send_chunk(int socket_fd, const uint8_t *data, size_t size, size_t fd_count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {.bytes = {0}};
    const int fds[2] = {STDERR_FILENO, STDERR_FILENO};
    struct iovec vector = {(void *)(uintptr_t)data, size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    if (fd_count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(rights), fds, fd_count * sizeof(int));
    }
    ssize_t sent = sendmsg(socket_fd, &message, MSG_NOSIGNAL);
    assert(sent == (ssize_t)size); /* the reader takes all of the chunk before */
}

static void run(const uint8_t *data, size_t size, int near_fd, int far_fd)
{
    uint8_t flags = data[0];
    size_t chunk = (size_t)data[1] + 1;
    size_t fd_count = (flags & TWO_FDS) != 0 ? 2 : 1;
    struct frame_reader reader;
    int result = 0;

    frame_reader_init(&reader, PAYLOAD_MAX);
    if ((flags & ONLY_FROM_WORKER) != 0)
        frame_reader_only_from_worker(&reader);
    for (size_t at = 2; at < size && result == 0; at += chunk) {
        size_t len = size - at < chunk ? size - at : chunk;
        int with_fds = (flags & FD_WITH_ALL) != 0 || (at == 2 && (flags & FD_WITH_FIRST) != 0);
        send_chunk(far_fd, data + at, len, with_fds ? fd_count : 0);
        result = read_frames(&reader, near_fd, flags);
        assert(result == 0 || result == -EPROTO);
    }
    shutdown(far_fd, SHUT_WR);
    int last = read_frames(&reader, near_fd, flags);
    assert(last == (result == 0 ? -EPIPE : result));
    frame_reader_release(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fds[2];
    int before = lowest_free_fd();

    if (size < 2)
        return 0;
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
    assert(result == 0);
    run(data, size, fds[0], fds[1]);
    close(fds[0]);
    close(fds[1]);
    assert(lowest_free_fd() == before);
    return 0;
}
