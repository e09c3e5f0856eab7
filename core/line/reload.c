/* line/reload: a new configuration as a new generation, or a reason why not.
 *
 * Order: read and check the files; open what is new (inboxes); start a canary worker; read the
 * rules against its manifest; let the pool swap; and, when no batch runs, swap archives and
 * inboxes. Until the swap nothing has changed; after it nothing can fail. Runs on the loop's
 * thread.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/activity.h"
#include "base/log.h"
#include "line/line_state.h"

static void finish(struct line *line, const char *failure)
{
    void (*done)(void *, const char *) = line->reload_done;
    void *context = line->reload_context;

    bool switches = line->reload_switches;

    line->reload_running = line->reload_switches = false;
    line->reload_done = NULL;
    if (failure != NULL && switches) {
        log_error("the plugin stays on for now: %s", failure);
    } else if (switches) {
        log_info("generation %llu: without what is switched off",
                 (unsigned long long)line->generation->number);
    } else if (failure != NULL) {
        inboxes_cancel(line->reload_inboxes);
        line->reload_inboxes = NULL;
        log_error("reload refused: %s; generation %llu stays in force", failure,
                  (unsigned long long)line->generation->number);
    } else {
        log_info("reloaded; generation %llu", (unsigned long long)line->generation->number);
    }
    if (done != NULL)
        done(context, failure);
    if (line->reload_again) {
        line->reload_again = false;
        line_reload(line, NULL, NULL);
    }
}

/* The canary is READY or has failed. */
static int on_canary(void *context, struct generation *generation, const char *failure)
{
    struct line *line = context;
    struct err err = {""};

    if (failure == NULL && generation->companion == NULL &&
        generation_attach_rules(generation, &err) < 0)
        failure = err.text;
    if (failure != NULL) {
        finish(line, failure);
        return -EINVAL;
    }
    line->reload_ready = generation_hold(generation);
    line_pump_soon(line);
    return 0;
}

void reload_apply(struct line *line)
{
    struct generation *old = line->generation;
    struct roots roots;
    struct err err = {""};

    if (line->reload_ready == NULL)
        return;
    activity_set("putting a new configuration in force");
    if (roots_open(&roots, line->reload_ready->settings, &err) < 0) {
        line_fail(line, err.text);
        return;
    }
    roots_close(&line->roots);
    line->roots = roots;
    line->generation = line->reload_ready;
    line->reload_ready = NULL;
    watchdog_set_limit(&line->watchdog, line->generation->settings->watchdog_stall_ms);
    inboxes_apply(line, line->generation->settings, line->reload_inboxes);
    line->reload_inboxes = NULL;
    generation_drop(old);
    finish(line, NULL);
    line->switch_due = true; /* a plugin may have been switched off while this was loaded */
    quarantine_walk_begin(line);
}

void reload_cancel(struct line *line)
{
    line->reload_again = false;
    if (line->reload_running)
        finish(line, "taxond is stopping");
}

void reload_release(struct line *line)
{
    inboxes_cancel(line->reload_inboxes);
    generation_drop(line->reload_ready);
}

/* What a running taxond cannot change. */
static int check_fixed(const struct line *line, const struct settings *settings, struct err *err)
{
    if (strcmp(settings->state, line->generation->settings->state) != 0)
        return err_set(err, -EINVAL, "%s: `state` cannot change while taxond runs; restart it",
                       settings->file);
    return 0;
}

static int prepare(struct line *line, struct generation **out_generation, struct err *err)
{
    int result = generation_load(line->config_file, line->generation_last + 1, out_generation, err);

    if (result < 0)
        return result;
    line->generation_last++;
    generation_switch_off(*out_generation, &line->conduct);
    result = check_fixed(line, (*out_generation)->settings, err);
    if (result == 0)
        result = settings_check_places((*out_generation)->settings, err);
    if (result == 0)
        result = inboxes_prepare(line, (*out_generation)->settings, &line->reload_inboxes, err);
    if (result == 0)
        result = pool_reload(line->pool, *out_generation, on_canary, line, err);
    generation_drop(*out_generation); /* the canary holds it from here on */
    return result;
}

void reload_switch(struct line *line, struct generation *generation)
{
    struct err err = {""};

    line->reload_running = line->reload_switches = true;
    if (pool_reload(line->pool, generation, on_canary, line, &err) < 0)
        finish(line, err.text);
}

void line_reload(struct line *line, void (*done)(void *context, const char *failure), void *context)
{
    struct generation *generation;
    struct err err = {""};

    if (line->reload_running && done == NULL && line->phase == LINE_RUNNING) {
        line->reload_again = true;
        return;
    }
    if (line->reload_running || line->phase != LINE_RUNNING) {
        if (done != NULL)
            done(context,
                 line->reload_running ? "another reload is under way" : "taxond is stopping");
        return;
    }
    activity_set("loading the configuration anew");
    line->reload_running = true;
    line->reload_done = done;
    line->reload_context = context;
    if (prepare(line, &generation, &err) < 0)
        finish(line, err.text);
}
