/* base/notify: tells the service manager how things are.
 *
 * The protocol is a datagram of VARIABLE=VALUE to the socket that NOTIFY_SOCKET names
 * (sd_notify(3), "Standalone Implementations"); libsystemd is not needed for it. Called by the
 * line's watchdog. It reads no environment itself.
 */
#include "base/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int notify_open(const char *address, int *out_fd)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t len = strlen(address);
    int fd;

    if ((address[0] != '/' && address[0] != '@') || len < 2 || len >= sizeof(name.sun_path))
        return -EINVAL;
    memcpy(name.sun_path, address, len);
    if (address[0] == '@')
        name.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)&name,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0) {
        int result = -errno;

        close(fd);
        return result;
    }
    *out_fd = fd;
    return 0;
}

int notify_send(int fd, const char *message)
{
    if (fd < 0)
        return 0;
    return send(fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* 0: not a number. */
static uint64_t number(const char *text)
{
    char *end;
    unsigned long long value;

    if (text == NULL || text[0] < '0' || text[0] > '9')
        return 0;
    errno = 0;
    value = strtoull(text, &end, 10);
    return errno != 0 || *end != '\0' ? 0 : value;
}

uint64_t notify_watchdog_us(const char *usec, const char *pid, pid_t own)
{
    if (pid != NULL && number(pid) != (uint64_t)own)
        return 0; /* meant for another process, from which we have the environment */
    return number(usec);
}
