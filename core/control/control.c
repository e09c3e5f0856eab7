/* control/control: answers "status", "reload", "drain" and what is asked about documents
 * in quarantine and plugins that are off, on a Unix socket in the state folder.
 *
 * Started by the main after the line. Any number of clients may be connected; each has a few
 * hundred bytes and ten seconds. What a command does is the line's.
 */
#include "control/control.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/activity.h"
#define COMMAND_MAX    256u
#define CLIENTS_MAX    32u
#define CLIENT_TIME_MS 10000u

struct client;

struct control {
    uv_loop_t *loop;
    struct line *line; /* NULL once we are stopping */
    uv_pipe_t pipe;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    struct client *clients;
    unsigned client_count;
    bool stopping;
    bool pipe_closed;
    void (*stopped)(void *context);
    void *stopped_context;
};

struct client {
    struct client *next;
    struct control *control;
    uv_pipe_t pipe;
    uv_timer_t timer;
    uv_write_t write;
    unsigned open_handles;
    bool closing;
    bool waiting;     /* for the line: it is freed when the answer has come */
    const char *done; /* what the answer then is */
    char command[COMMAND_MAX];
    size_t command_len;
    struct strbuf answer;
};

static void free_if_stopped(struct control *control)
{
    if (!control->stopping || !control->pipe_closed || control->clients != NULL)
        return;
    control->stopped(control->stopped_context);
    free(control);
}

static void client_free(struct client *client)
{
    struct control *control = client->control;
    struct client **link = &control->clients;

    while (*link != client)
        link = &(*link)->next;
    *link = client->next;
    control->client_count--;
    strbuf_release(&client->answer);
    free(client);
    free_if_stopped(control);
}

static void on_client_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    client->open_handles--;
    if (client->open_handles == 0 && !client->waiting)
        client_free(client);
}

static void client_close(struct client *client)
{
    if (client->closing)
        return;
    client->closing = true;
    uv_close((uv_handle_t *)&client->pipe, on_client_closed);
    uv_close((uv_handle_t *)&client->timer, on_client_closed);
}

static void on_written(uv_write_t *write, int status)
{
    (void)status;
    client_close(write->data);
}

static void on_client_timeout(uv_timer_t *timer)
{
    client_close(timer->data);
}

static void client_send(struct client *client)
{
    uv_buf_t buf;

    if (client->answer.failed || client->answer.len > UINT32_MAX) {
        client_close(client);
        return;
    }
    buf = uv_buf_init(client->answer.data, (unsigned)client->answer.len);
    client->write.data = client;
    /* However long the answer took to come: who does not read it is cut off. */
    uv_timer_start(&client->timer, on_client_timeout, CLIENT_TIME_MS, 0);
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &buf, 1, on_written) < 0)
        client_close(client);
}

static void on_done(void *context, const char *failure)
{
    struct client *client = context;

    client->waiting = false;
    if (client->closing) { /* it left meanwhile */
        if (client->open_handles == 0)
            client_free(client);
        return;
    }
    if (failure == NULL)
        strbuf_printf(&client->answer, "ok\n%s\n", client->done);
    else
        strbuf_printf(&client->answer, "error: %s\n", failure);
    client_send(client);
}

/* What follows `word` and a space, or NULL: another command. */
static const char *argument_of(const char *command, const char *word)
{
    size_t len = strlen(word);

    return strncmp(command, word, len) == 0 && command[len] == ' ' && command[len + 1] != '\0'
               ? command + len + 1
               : NULL;
}

/* Commands that the line answers when it is done with them. */
static bool run_slow(struct client *client, struct line *line)
{
    const char *released = argument_of(client->command, "release");
    const char *dropped = argument_of(client->command, "drop");
    const char *enabled = argument_of(client->command, "enable");
    bool reload = strcmp(client->command, "reload") == 0;

    if (!reload && released == NULL && dropped == NULL && enabled == NULL)
        return false;
    client->waiting = true;
    uv_timer_stop(&client->timer);
    client->done = released != NULL ? "released" : dropped != NULL ? "dropped" : "reloaded";
    if (released != NULL)
        line_quarantine_release(line, released, on_done, client);
    else if (dropped != NULL)
        line_quarantine_drop(line, dropped, on_done, client);
    else if (enabled != NULL)
        line_plugin_enable(line, enabled, on_done, client);
    else
        line_reload(line, on_done, client);
    return true;
}

static void run_command(struct client *client)
{
    struct control *control = client->control;

    uv_read_stop((uv_stream_t *)&client->pipe);
    if (control->line == NULL) {
        strbuf_puts(&client->answer, "error: taxond is stopping\n");
    } else if (strcmp(client->command, "status") == 0 ||
               strcmp(client->command, "status json") == 0) {
        strbuf_puts(&client->answer, "ok\n");
        line_status(control->line, client->command[6] != '\0', &client->answer);
    } else if (strcmp(client->command, "drain") == 0) {
        strbuf_puts(&client->answer, "ok\ndraining: what is in hand is filed, then taxond stops\n");
        line_drain(control->line);
    } else if (run_slow(client, control->line)) {
        return;
    } else {
        strbuf_puts(&client->answer,
                    "error: unknown command; known: status, status json, reload, drain, "
                    "release ID, drop ID, enable PLUGIN\n");
    }
    client_send(client);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out_buf)
{
    struct client *client = handle->data;

    (void)suggested;
    *out_buf = uv_buf_init(client->command + client->command_len,
                           (unsigned)(COMMAND_MAX - client->command_len));
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct client *client = stream->data;
    char *end;

    (void)buf;
    activity_set("answering taxon");
    if (len == 0)
        return;
    if (len < 0) {
        client_close(client);
        return;
    }
    client->command_len += (size_t)len;
    end = memchr(client->command, '\n', client->command_len);
    if (end != NULL) {
        *end = '\0';
        run_command(client);
    } else if (client->command_len == COMMAND_MAX) {
        client_close(client);
    }
}

/* The daemon's own user or root; nobody else, whatever the socket's mode. */
static bool peer_is_trusted(uv_pipe_t *pipe)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);
    uv_os_fd_t fd;

    if (uv_fileno((uv_handle_t *)pipe, &fd) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
        return false;
    return peer.uid == geteuid() || peer.uid == 0;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct control *control = server->data;
    struct client *client = status < 0 ? NULL : calloc(1, sizeof(*client));

    if (client == NULL)
        return;
    client->control = control;
    client->next = control->clients;
    control->clients = client;
    control->client_count++;
    uv_pipe_init(control->loop, &client->pipe, 0);
    uv_timer_init(control->loop, &client->timer);
    client->pipe.data = client;
    client->timer.data = client;
    client->open_handles = 2;
    if (uv_accept(server, (uv_stream_t *)&client->pipe) < 0 ||
        control->client_count > CLIENTS_MAX || !peer_is_trusted(&client->pipe) ||
        uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read) < 0) {
        client_close(client);
        return;
    }
    uv_timer_start(&client->timer, on_client_timeout, CLIENT_TIME_MS, 0);
}

static int bind_socket(struct control *control, struct err *err)
{
    mode_t before;
    int result;

    (void)unlink(control->path); /* we hold the state folder's lock: it is a dead one's */
    before = umask(0177);
    result = uv_pipe_bind(&control->pipe, control->path);
    umask(before);
    if (result == 0)
        result = uv_listen((uv_stream_t *)&control->pipe, 16, on_connection);
    if (result < 0)
        return err_set(err, result, "%s: %s", control->path, uv_strerror(result));
    return 0;
}

static void on_pipe_closed(uv_handle_t *handle)
{
    struct control *control = handle->data;

    control->pipe_closed = true;
    free_if_stopped(control);
}

static void ignore_stop(void *context)
{
    (void)context;
}

int control_start(uv_loop_t *loop, struct line *line, struct control **out_control, struct err *err)
{
    struct control *control = calloc(1, sizeof(*control));
    int result;

    if (control == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if ((size_t)snprintf(control->path, sizeof(control->path), "%s/%s", line_state_folder(line),
                         CONTROL_SOCKET_NAME) >= sizeof(control->path)) {
        free(control);
        return err_set(err, -ENAMETOOLONG,
                       "%s: too long for a Unix socket (107 bytes); choose a shorter `state`",
                       line_state_folder(line));
    }
    control->loop = loop;
    control->line = line;
    uv_pipe_init(loop, &control->pipe, 0);
    control->pipe.data = control;
    result = bind_socket(control, err);
    if (result < 0) {
        control_stop(control, ignore_stop, NULL);
        return result;
    }
    *out_control = control;
    return 0;
}

void control_stop(struct control *control, void (*stopped)(void *context), void *context)
{
    assert(!control->stopping);
    control->stopping = true;
    control->line = NULL;
    control->stopped = stopped;
    control->stopped_context = context;
    for (struct client *client = control->clients; client != NULL; client = client->next)
        client_close(client);
    (void)unlink(control->path);
    uv_close((uv_handle_t *)&control->pipe, on_pipe_closed);
}
