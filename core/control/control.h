/* control/control: the daemon's Unix socket, STATE/control, mode 0600, peer checked (SO_PEERCRED:
 * the daemon's own user or root).
 *
 * Protocol: the client sends one line, "status", "status json", "reload", "drain", "release ID",
 * "drop ID" (of a document in quarantine) or "enable NAME" (of a plugin that is off); the daemon
 * answers "ok\n" or "error: WHY\n", then what there is to say, and closes. A client that is silent
 * for 10 s, or whose line is longer than 256 bytes, is cut off.
 */
#ifndef CONTROL_CONTROL_H
#define CONTROL_CONTROL_H

#include <uv.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "line/line.h"

#define CONTROL_SOCKET_NAME "control"

struct control;

int control_start(uv_loop_t *loop, struct line *line, struct control **out_control,
                  struct err *err) MUST_CHECK;
/* Closes everything and removes the socket; `stopped` on the loop. */
void control_stop(struct control *control, void (*stopped)(void *context), void *context);

/* The client's side, blocking: sends `command` to the daemon of the state folder. 0 with its answer
 * (without "ok\n"), -ECONNREFUSED or -ENOENT when none runs, -EPROTO with its message in err. */
int control_ask(const char *state_folder, const char *command, int timeout_ms,
                struct strbuf *out_answer, struct err *err) MUST_CHECK;

#endif
