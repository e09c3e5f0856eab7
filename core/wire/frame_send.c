/* wire/frame_send: messages on the socket pair between supervisor and worker: the sending side.
 *
 * Called by the pool and the worker. A worker that does not read must not hold up the supervisor:
 * the socket is written without blocking, and waited for no longer than the caller allows.
 */
#include "wire/frame.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "wire/frame_type.h"

static void store(unsigned char *to, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static void fill_header(unsigned char header[FRAME_HEADER_SIZE], enum frame_type type,
                        uint64_t serial, size_t len)
{
    store(header, FRAME_MAGIC, 4);
    store(header + 4, (uint32_t)type, 4);
    store(header + 8, serial, 8);
    store(header + 16, len, 4);
    store(header + 20, 0, 4);
}

/* One sendmsg of what lies past the first `sent` bytes: the number sent or -errno. The descriptor
 * goes with the first byte and never again. */
static ssize_t send_some(int socket_fd, const struct iovec parts[2], size_t sent, int fd)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    size_t first = sent < parts[0].iov_len ? sent : parts[0].iov_len;
    size_t second = sent - first;
    struct iovec rest[2] = {
        {(char *)parts[0].iov_base + first, parts[0].iov_len - first},
        {(char *)parts[1].iov_base + second, parts[1].iov_len - second},
    };
    struct msghdr message = {.msg_iov = rest, .msg_iovlen = 2};

    if (sent == 0 && fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    ssize_t got = sendmsg(socket_fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    return got < 0 ? -errno : got;
}

static int wait_writable(int socket_fd, uint64_t begin_us, int timeout_ms)
{
    struct pollfd polled = {.fd = socket_fd, .events = POLLOUT};
    int left_ms = frame_time_left_ms(begin_us, timeout_ms);

    if (left_ms == 0)
        return -ETIMEDOUT;
    return poll(&polled, 1, left_ms) < 0 && errno != EINTR ? -errno : 0;
}

int frame_send(int socket_fd, enum frame_type type, uint64_t serial, const void *payload,
               size_t len, int fd, int timeout_ms)
{
    unsigned char header[FRAME_HEADER_SIZE];
    uint64_t begin_us = clock_monotonic_us();
    struct iovec parts[2] = {
        {header, sizeof header},
        {(void *)(uintptr_t)(len == 0 ? "" : payload), len}, /* sendmsg does not write there */
    };

    assert(frame_type_is_known(type));
    assert(frame_type_has_fd(type) == (fd >= 0));
    if (len > UINT32_MAX)
        return -EMSGSIZE;
    fill_header(header, type, serial, len);
    for (size_t sent = 0; sent < sizeof header + len;) {
        ssize_t got = send_some(socket_fd, parts, sent, fd);
        int result = 0;
        if (got >= 0)
            sent += (size_t)got;
        else if (got == -EAGAIN)
            result = wait_writable(socket_fd, begin_us, timeout_ms);
        else if (got != -EINTR)
            result = got == -ECONNRESET ? -EPIPE : (int)got;
        if (result < 0)
            return result;
    }
    return 0;
}
