/* wire/frame: messages on the socket pair between supervisor and worker: the reading side.
 *
 * Called by the pool and the worker. It knows headers, lengths and descriptors; what a payload says
 * is for setup, job, manifest and reply. Sending is in frame_send.c, the types in frame_type.c.
 *
 * A frame is read in two steps, its header to the last byte and then its payload. That costs one
 * system call more and buys that the buffer never holds more than one frame, that nothing is moved
 * to the front, and that a descriptor belongs to the frame whose header it came with: unix(7)
 * sockets deliver at most one message's descriptors with one recvmsg, and only with its bytes.
 */
#include "wire/frame.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/frame_type.h"
#include "wire/pack.h"

#define FDS_MAX     8u /* taken by one recvmsg, to be closed; the kernel drops what is beyond */
#define CHUNK_LEAST ((size_t)16 << 10)
#define KEEP_MAX    ((size_t)256 << 10) /* a larger buffer is given back after its frame */

void frame_reader_init(struct frame_reader *reader, size_t payload_max)
{
    *reader = (struct frame_reader){.payload_max = payload_max, .fd = -1};
}

void frame_reader_only_from_worker(struct frame_reader *reader)
{
    reader->only_from_worker = true;
}

static void drop_fd(struct frame_reader *reader)
{
    if (reader->has_fd)
        close(reader->fd);
    reader->has_fd = false;
    reader->fd = -1;
}

void frame_reader_release(struct frame_reader *reader)
{
    drop_fd(reader);
    strbuf_release(&reader->buf);
    frame_reader_init(reader, reader->payload_max);
    reader->broken = -EPIPE;
}

static int break_off(struct frame_reader *reader, int code)
{
    drop_fd(reader);
    strbuf_release(&reader->buf);
    reader->broken = code;
    return code;
}

/* Takes the descriptor, if one came. Every one that came is closed when that was not at most one:
 * they are in our table by now, whether we want them or not. */
static int take_fds(struct frame_reader *reader, struct msghdr *message)
{
    bool is_good = (message->msg_flags & MSG_CTRUNC) == 0;

    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control != NULL;
         control = CMSG_NXTHDR(message, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(control) + i * sizeof fd, sizeof fd);
            if (is_good && !reader->has_fd) {
                reader->fd = fd;
                reader->has_fd = true;
            } else {
                close(fd);
                is_good = false;
            }
        }
    }
    return is_good ? 0 : -EPROTO;
}

/* At most `size` bytes to `to`: their number, -EAGAIN, -EPIPE at the end, other -errno. */
static ssize_t receive(struct frame_reader *reader, int socket_fd, void *to, size_t size)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
    } control;
    struct iovec vector = {.iov_base = to, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;

    do {
        got = recvmsg(socket_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) /* a peer that ended with our bytes unread resets; the end is the end */
        return errno == ECONNRESET ? -EPIPE : -errno;
    int result = take_fds(reader, &message);
    return result < 0 ? result : got == 0 ? -EPIPE : got;
}

static int check_header(struct frame_reader *reader)
{
    struct unpack in;

    unpack_init(&in, reader->header, sizeof reader->header, NULL);
    uint32_t magic = unpack_u32(&in);
    uint32_t type = unpack_u32(&in);
    unpack_u64(&in); /* serial: any */
    uint32_t len = unpack_u32(&in);
    uint32_t zero = unpack_u32(&in);
    assert(unpack_done(&in));

    if (magic != FRAME_MAGIC || zero != 0 || len > reader->payload_max)
        return -EPROTO;
    if (!frame_type_is_known(type) ||
        (reader->only_from_worker && !frame_type_is_from_worker(type)))
        return -EPROTO;
    if (reader->has_fd != frame_type_has_fd(type))
        return -EPROTO;
    reader->payload_len = len;
    return 0;
}

static int gather_header(struct frame_reader *reader, int socket_fd)
{
    while (reader->header_len < sizeof reader->header) {
        ssize_t got = receive(reader, socket_fd, reader->header + reader->header_len,
                              sizeof reader->header - reader->header_len);
        if (got < 0)
            return (int)got;
        reader->header_len += (size_t)got;
        if (reader->header_len == sizeof reader->header)
            return check_header(reader);
    }
    return 0;
}

/* The buffer grows with what came, not with what was announced. */
static int gather_payload(struct frame_reader *reader, int socket_fd)
{
    bool had_fd = reader->has_fd;

    while (reader->buf.len < reader->payload_len) {
        size_t size = reader->buf.len < CHUNK_LEAST ? CHUNK_LEAST : reader->buf.len;
        if (size > reader->payload_len - reader->buf.len)
            size = reader->payload_len - reader->buf.len;
        char *to = strbuf_reserve(&reader->buf, size);
        if (to == NULL)
            return -ENOMEM;
        ssize_t got = receive(reader, socket_fd, to, size);
        if (got < 0)
            return (int)got;
        strbuf_added(&reader->buf, (size_t)got);
        if (reader->has_fd != had_fd)
            return -EPROTO; /* a descriptor amid a payload */
    }
    return 0;
}

static void give_out(struct frame_reader *reader, struct frame *out_frame)
{
    struct unpack in;

    unpack_init(&in, reader->header, sizeof reader->header, NULL);
    unpack_u32(&in);
    out_frame->type = (enum frame_type)unpack_u32(&in);
    out_frame->serial = unpack_u64(&in);
    out_frame->payload = strbuf_text(&reader->buf);
    out_frame->len = reader->payload_len;
    out_frame->fd = reader->has_fd ? reader->fd : -1;
    reader->has_fd = false;
    reader->fd = -1;
    reader->given = true;
}

static void begin_another(struct frame_reader *reader)
{
    if (reader->buf.size > KEEP_MAX)
        strbuf_release(&reader->buf);
    strbuf_clear(&reader->buf);
    reader->header_len = 0;
    reader->payload_len = 0;
    reader->given = false;
}

int frame_next(struct frame_reader *reader, int socket_fd, struct frame *out_frame)
{
    if (reader->broken != 0)
        return reader->broken;
    if (reader->given)
        begin_another(reader);
    int result = gather_header(reader, socket_fd);
    if (result == 0)
        result = gather_payload(reader, socket_fd);
    if (result == -EAGAIN)
        return 0;
    if (result < 0)
        return break_off(reader, result);
    give_out(reader, out_frame);
    return 1;
}

int frame_wait(struct frame_reader *reader, int socket_fd, int timeout_ms, struct frame *out_frame)
{
    uint64_t begin_us = clock_monotonic_us();

    for (;;) {
        struct pollfd polled = {.fd = socket_fd, .events = POLLIN};
        int result = frame_next(reader, socket_fd, out_frame);
        if (result != 0)
            return result;
        int left_ms = frame_time_left_ms(begin_us, timeout_ms);
        if (left_ms == 0)
            return -ETIMEDOUT;
        if (poll(&polled, 1, left_ms) < 0 && errno != EINTR)
            return -errno;
    }
}
