/* line/line: the straight line: from a ready file in an inbox to a filed document with its record.
 * The only folder that knows inbox, pool, route and catalog at once; it holds the order of the
 * steps, the batches and nothing else.
 */
#ifndef LINE_LINE_H
#define LINE_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/strbuf.h"

struct line;

struct line_options {
    const char *config_file;
    bool once; /* stop by itself when every inbox is empty and everything is filed */
};

/* Loads the configuration, takes the locks, starts a canary worker, replays what an abrupt end
 * left, and starts watching. `stopped` is called on the loop when the line has stopped (drain,
 * once) and freed itself; `status` is the exit status. */
int line_start(uv_loop_t *loop, const struct line_options *options,
               void (*stopped)(void *context, int status), void *context, struct line **out_line,
               struct err *err) MUST_CHECK;

/* Logs that all is up, and tells the service manager: once whatever else belongs to the daemon (its
 * control socket) has started.
 */
void line_announce(const struct line *line);

/* Claims no more; what is in hand is filed; then `stopped`. Safe to call again. */
void line_drain(struct line *line);

/* Loads the configuration anew as the next generation. `done` may be NULL; `failure` NULL: it is in
 * force; else why it was refused (one line), and the old one goes on. */
void line_reload(struct line *line, void (*done)(void *context, const char *failure),
                 void *context);

/* About a document in quarantine, or a plugin that is switched off. `done` is called once, on the
 * loop; `failure` NULL: it is done, and durable.
 *
 * Release: the document is in hand again, under its id, as if it had just been claimed. Drop: its
 * row says so, and its folder is gone. Enable: what is known of the plugin's failures is forgotten,
 * and the configuration loaded anew. */
void line_quarantine_release(struct line *line, const char *id,
                             void (*done)(void *context, const char *failure), void *context);
void line_quarantine_drop(struct line *line, const char *id,
                          void (*done)(void *context, const char *failure), void *context);
void line_plugin_enable(struct line *line, const char *name,
                        void (*done)(void *context, const char *failure), void *context);

/* What is going on: as lines for a person, or as one JSON object. */
void line_status(struct line *line, bool as_json, struct strbuf *out_text);

/* The state folder (absolute): where the control socket goes. Until the line has stopped. */
const char *line_state_folder(const struct line *line);

#endif
