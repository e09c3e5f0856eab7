/* control/ask: the command line's side of the control socket: one question, one answer, blocking.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "control/control.h"

#define ANSWER_MAX (16u << 20)

static int connect_to(const char *state_folder, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", state_folder,
                         CONTROL_SOCKET_NAME) >= sizeof(address.sun_path))
        return err_set(err, -ENAMETOOLONG, "%s: too long for a Unix socket", state_folder);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set(err, -errno, "socket: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        int error = errno;

        file_close(&fd);
        if (error == ECONNREFUSED || error == ENOENT)
            return err_set(err, -error, "no taxond runs on %s", state_folder);
        return err_set(err, -error, "%s: cannot connect: %s", address.sun_path, strerror(error));
    }
    return fd;
}

static int read_answer(int fd, int timeout_ms, struct strbuf *answer, struct err *err)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};

    for (;;) {
        char *room = strbuf_reserve(answer, 65536);
        int ready = poll(&readable, 1, timeout_ms);
        ssize_t len;

        if (room == NULL)
            return err_set(err, -ENOMEM, "out of memory");
        if (ready == 0)
            return err_set(err, -ETIMEDOUT, "taxond did not answer in %d ms", timeout_ms);
        len = ready < 0 ? -1 : read(fd, room, 65536);
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0)
            return err_set(err, -errno, "reading the answer: %s", strerror(errno));
        if (len == 0)
            return 0;
        strbuf_added(answer, (size_t)len);
        if (answer->len > ANSWER_MAX)
            return err_set(err, -EPROTO, "the answer does not end");
    }
}

static int judge_answer(struct strbuf *whole, struct strbuf *out_answer, struct err *err)
{
    const char *text = strbuf_text(whole);
    size_t len = strcspn(text, "\n");

    if (strncmp(text, "ok\n", 3) == 0) {
        strbuf_append(out_answer, text + 3, whole->len - 3);
        return out_answer->failed ? err_set(err, -ENOMEM, "out of memory") : 0;
    }
    if (strncmp(text, "error: ", 7) == 0)
        return err_set(err, -EPROTO, "%.*s", (int)(len - 7), text + 7);
    return err_set(err, -EPROTO, "taxond gave no answer");
}

int control_ask(const char *state_folder, const char *command, int timeout_ms,
                struct strbuf *out_answer, struct err *err)
{
    struct strbuf whole = STRBUF_INIT;
    char line[256];
    int fd = connect_to(state_folder, err);
    int result;

    if (fd < 0)
        return fd;
    snprintf(line, sizeof(line), "%s\n", command);
    result = (int)send(fd, line, strlen(line), MSG_NOSIGNAL);
    if (result < 0)
        result = err_set(err, -errno, "asking taxond: %s", strerror(errno));
    else
        result = read_answer(fd, timeout_ms, &whole, err);
    if (result == 0)
        result = judge_answer(&whole, out_answer, err);
    strbuf_release(&whole);
    file_close(&fd);
    return result;
}
