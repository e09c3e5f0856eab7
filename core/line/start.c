/* line/start: from a configuration file to a line that runs: locks, a canary worker, the catalog,
 * what an abrupt end left, and only then the watching.
 *
 * Called once by the main, before the loop runs; it may block. A start that fails leaves nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "line/line_state.h"
#include "pool/worker_process.h"

/* Catalog and control socket are nobody else's business. */
static int check_state_folder(const char *folder, struct err *err)
{
    struct stat status;

    if (stat(folder, &status) < 0)
        return err_set(err, -errno, "%s: %s", folder, strerror(errno));
    if (status.st_uid != geteuid())
        return err_set(err, -EPERM, "the state folder %s is not ours: it is owned by user %u",
                       folder, (unsigned)status.st_uid);
    if ((status.st_mode & 077) != 0)
        return err_set(err, -EPERM,
                       "the state folder %s is open to others (mode %04o): chmod 700 %s", folder,
                       (unsigned)(status.st_mode & 07777), folder);
    return 0;
}

static int lock_state(struct line *line, const struct settings *settings, struct err *err)
{
    char path[4096];
    int result = check_state_folder(settings->state, err);

    if (result < 0)
        return result;
    line->state_folder = strdup(settings->state);
    if (line->state_folder == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if ((size_t)snprintf(path, sizeof(path), "%s/lock", settings->state) >= sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", settings->state);
    line->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (line->lock_fd < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    if (flock(line->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(err, -EBUSY, "another taxond uses the state folder %s", settings->state);
    return 0;
}

static int open_catalog(struct line *line, struct err *err)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof(path), "%s/catalog.sqlite", line->state_folder) >=
        sizeof(path))
        return err_set(err, -ENAMETOOLONG, "%s: name too long", line->state_folder);
    return catalog_open(path, &line->catalog, err);
}

/* The first worker of the first generation: does the configuration work at all? */
static int try_canary(struct line *line, struct generation *generation, struct err *err)
{
    struct worker_process process;
    int result = worker_process_start(line->program, generation, &process, err);

    if (result == 0)
        result = worker_process_wait_ready(&process, generation, err);
    if (result == 0)
        worker_process_end(&process);
    return result;
}

static void rules_companion_free(void *rules)
{
    rules_free(rules);
}

int generation_attach_rules(struct generation *generation, struct err *err)
{
    struct rules *rules;
    int result = rules_load(generation->settings, generation->manifest, &rules, err);

    if (result < 0)
        return result;
    generation->companion = rules;
    generation->companion_free = rules_companion_free;
    return 0;
}

static void init_handles(struct line *line)
{
    uv_timer_init(line->loop, &line->gather);
    uv_timer_init(line->loop, &line->retry);
    uv_timer_init(line->loop, &line->upkeep);
    uv_idle_init(line->loop, &line->turn);
    line->gather.data = line->retry.data = line->upkeep.data = line->turn.data = line;
    line->open_handles = 4;
}

static void on_notice(void *context, const char *text)
{
    (void)context;
    log_warning("%s", text);
}

/* Slots for the queue and for what an abrupt end left, whatever the limit was then. */
static int make_slots(struct line *line, uint32_t queue, struct err *err)
{
    uint64_t open_rows;
    int result = catalog_count_open(line->catalog, &open_rows, err);

    if (result < 0)
        return result;
    if (documents_init(&line->documents, line, queue + (uint32_t)open_rows) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    return 0;
}

static int start_all(struct line *line, struct err *err)
{
    const struct settings *settings = line->generation->settings;
    int result = settings_check_places(settings, err);

    if (result == 0)
        result = lock_state(line, settings, err);
    if (result == 0)
        result = inboxes_open(line, settings, err);
    if (result == 0)
        result = roots_open(&line->roots, settings, err);
    if (result == 0)
        result = worker_process_program(line->program, sizeof(line->program), err);
    if (result == 0)
        result = try_canary(line, line->generation, err);
    if (result == 0)
        result = generation_attach_rules(line->generation, err);
    if (result == 0)
        result = open_catalog(line, err);
    if (result == 0)
        result = make_slots(line, settings->limits.queue, err);
    if (result == 0)
        result = replay_run(line, err);
    return result;
}

static int start_watching(struct line *line, struct err *err)
{
    int result = 0;

    for (struct line_inbox *inbox = line->inboxes; inbox != NULL && result == 0;
         inbox = inbox->next)
        result = intake_begin(inbox, err);
    return result;
}

int line_start(uv_loop_t *loop, const struct line_options *options,
               void (*stopped)(void *context, int status), void *context, struct line **out_line,
               struct err *err)
{
    struct line *line = calloc(1, sizeof(*line));
    int result;

    if (line == NULL || (line->config_file = strdup(options->config_file)) == NULL) {
        free(line);
        return err_set(err, -ENOMEM, "out of memory");
    }
    line->loop = loop;
    line->options = *options;
    line->options.config_file = line->config_file;
    line->lock_fd = -1;
    line->stopped = stopped;
    line->stopped_context = context;
    line->retry_ms = LINE_RETRY_FIRST_MS;
    line->generation_last = 1;
    line->started_ms = clock_wall_ms();
    document_list_init(&line->attempts_due);
    document_list_init(&line->decided);
    document_list_init(&line->filed);
    document_list_init(&line->held);
    document_list_init(&line->suspects);
    result = generation_load(line->config_file, 1, &line->generation, err);
    if (result == 0)
        result = start_all(line, err);
    if (result == 0)
        result = pool_start(loop, line->program, line->generation, &line->pool, err);
    if (result < 0) {
        line_release(line);
        return result;
    }
    pool_set_notice(line->pool, on_notice, line);
    init_handles(line);
    result = start_watching(line, err);
    *out_line = line;
    if (result < 0) { /* handles are open: stop in the loop, the caller hears of it by `stopped` */
        line_fail(line, err->text);
        line->exit_status = 2;
        return 0;
    }
    upkeep_start(line);
    line_pump_soon(line);
    return 0;
}

void line_announce(const struct line *line)
{
    if (line->exit_status == 0)
        log_info("watching; generation %llu, sandbox: %s",
                 (unsigned long long)line->generation->number, line->generation->manifest->sandbox);
}
