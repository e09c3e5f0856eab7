/* worker/worker_setup: from an empty process to one that is ready for documents. For worker.c. */
#ifndef WORKER_WORKER_SETUP_H
#define WORKER_WORKER_SETUP_H

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"
#include "wire/frame.h"
#include "wire/manifest.h"
#include "wire/setup.h"
#include "wire/stage.h"
#include "worker/lockdown.h"
#include "worker/plugin_set.h"
#include "worker/resource.h"
#include "worker/stages.h"

#define WORKER_SOCKET_FD   3
#define WORKER_PAYLOAD_MAX ((size_t)1 << 20) /* of what the supervisor sends: paths and names */

/* A shared object that was handed over, until it is loaded. */
struct worker_object {
    struct setup_plugin setup;
    int fd;
};

struct worker {
    struct frame_reader reader;
    struct arena arena; /* for as long as the process */
    struct setup_config config;
    struct settings *settings;
    struct stage_page *page;
    struct worker_object *objects; /* settings->plugin_count at most */
    size_t object_count;
    struct resources resources;
    struct plugin_set plugins;
    struct lockdown lockdown;
    bool is_zygote;  /* forks workers and never sees a document */
    int listener_fd; /* its lockdown's, until the supervisor has it */
    int mappings_fd; /* worker/shared_memory's list, until READY */
    struct stages stages;
    struct manifest *manifest;
};

/* Receives the setup on WORKER_SOCKET_FD, up to FRAME_START or FRAME_ZYGOTE. 0; -EPIPE when the
 * supervisor is gone; or err says what is wrong. */
int worker_receive(struct worker *worker, struct err *err) MUST_CHECK;

/* Locks down, loads and opens the plugins, warms up, locks down for good, and makes the manifest.
 */
int worker_prepare(struct worker *worker, struct err *err) MUST_CHECK;

/* Makes `socket_fd` WORKER_SOCKET_FD and closes all others but those below it. */
int worker_keep_socket_only(int socket_fd) MUST_CHECK;
int worker_close_others(void) MUST_CHECK;

#endif
