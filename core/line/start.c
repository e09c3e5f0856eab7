/* line/start: from a configuration file to a line that runs: locks, a canary worker, the catalog,
 * what an abrupt end left, and only then the watching.
 *
 * Called once by the main, before the loop runs; it may block. A start that fails leaves nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "line/line_state.h"
#include "line/state_lock.h"
#include "pool/worker_process.h"

static int lock_state(struct line *line, const struct settings *settings, struct err *err)
{
    line->state_folder = strdup(settings->state);
    if (line->state_folder == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    return state_lock(settings->state, &line->lock_fd, err);
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
    line->open_handles = 4 + WATCHDOG_HANDLES;
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

    if (result == 0)
        result = catalog_count_asleep(line->catalog, &line->asleep, err);
    if (result < 0)
        return result;
    if (documents_init(&line->documents, line, queue + (uint32_t)open_rows) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    return 0;
}

/* What is not to be read is forgotten, not fatal: plugins begin with a clean sheet. */
static void read_conduct(struct line *line)
{
    struct err err = {""};

    if (conduct_read(&line->conduct, line->state_folder, &err) < 0)
        log_error("%s: which plugins have failed is forgotten", err.text);
    line->conduct.changed = false;
    generation_switch_off(line->generation, &line->conduct);
    for (size_t i = 0; i < line->generation->object_count; i++)
        if (line->generation->objects[i].off)
            log_error(
                "plugin '%s' is switched off, since it failed again and again; "
                "`taxon plugin enable` brings it back",
                line->generation->settings->plugins[line->generation->objects[i].plugin].name);
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
        read_conduct(line);
    if (result == 0)
        result = worker_process_program(line->program, sizeof(line->program), err);
    if (result == 0)
        result = try_canary(line, line->generation, err);
    if (result == 0)
        result = generation_attach_rules(line->generation, err);
    if (result == 0)
        result = start_catalog(settings, &line->catalog, err);
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
    document_list_init(&line->unread);
    document_list_init(&line->suspects);
    document_list_init(&line->containers);
    document_list_init(&line->windows);
    strbuf_init(&line->conduct_text);
    requests_init(&line->requests);
    batch_init(&line->batch);
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
    quarantine_walk_begin(line);
    result = watchdog_start(&line->watchdog, loop, line->generation->settings->watchdog_stall_ms,
                            line, err);
    if (result == 0)
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
    if (line->exit_status != 0)
        return;
    log_info("watching; generation %llu, sandbox: %s", (unsigned long long)line->generation->number,
             line->generation->manifest->sandbox);
    watchdog_ready(&line->watchdog);
}
