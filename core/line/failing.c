/* line/failing: plugins that fail again and again: counted, switched off, and what becomes of the
 * documents meanwhile.
 *
 * A plugin fails on a document when an attempt at it ends in that plugin's turn, by a crash, by the
 * deadline or by meddling with the worker's socket. Each document counts once, at its first
 * attempt: those come in the order of the queue, while further ones, which go to fresh workers,
 * come in bunches, and would look like a row. One that the plugin did its work on begins the row
 * anew. Results that are refused do not count: they cost nothing but themselves. Readers are
 * counted and never switched off: without one, its documents would be filed as unreadable, while
 * quarantine keeps them for the day it is mended.
 *
 * Called on the loop, by the judge and the pump.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include <taxon/plugin.h>

#include "base/clock.h"
#include "base/log.h"
#include "line/line_state.h"
#include "route/record.h"

/* As the worker names the plugin's turn: worker/plugin. */
static void turn_name(const struct manifest_plugin *plugin, char out_stage[STAGE_NAME_SIZE])
{
    snprintf(out_stage, STAGE_NAME_SIZE, "%s %s",
             plugin->kind == TAXON_KIND_READER ? "read" : "classify", plugin->name);
}

/* The plugin whose turn `stage` is, or NULL. */
static const struct manifest_plugin *plugin_at(const struct manifest *manifest, const char *stage)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        char name[STAGE_NAME_SIZE];

        turn_name(&manifest->plugins[i], name);
        if (strcmp(stage, name) == 0)
            return &manifest->plugins[i];
    }
    return NULL;
}

void failing_blame(struct document *document, const struct attempt *attempt)
{
    const struct manifest_plugin *plugin =
        plugin_at(attempt->generation->manifest, attempt->failure_stage);
    struct strbuf by = STRBUF_INIT;

    document->failure_by[0] = '\0';
    if (plugin == NULL)
        return;
    record_name_plugin(plugin, &by);
    if (!by.failed && by.len < sizeof(document->failure_by))
        strcpy(document->failure_by, strbuf_text(&by));
    strbuf_release(&by);
}

static void tell_switched_off(const struct line *line, const struct manifest_plugin *plugin,
                              uint32_t failures, const char *why)
{
    struct strbuf schemes = STRBUF_INIT;
    bool hold = line->generation->settings->workers.on_failing_plugin == FAILING_PLUGIN_HOLD;

    for (size_t i = 0; i < plugin->scheme_count; i++)
        strbuf_printf(&schemes, "%s%s", i > 0 ? ", " : "", plugin->schemes[i]);
    log_error("PLUGIN '%s' IS SWITCHED OFF: it failed on %u documents in a row, the last "
              "one because %s; %s (schemes: %s), until it has another digest and taxond is "
              "reloaded, or `taxon plugin enable %s`",
              plugin->name, failures, why,
              hold ? "documents that it would see wait in their inbox"
                   : "documents are filed without what it would say",
              strbuf_text(&schemes), plugin->name);
    strbuf_release(&schemes);
}

void failing_count(struct line *line, const struct document *document,
                   const struct attempt *attempt)
{
    const struct manifest_plugin *plugin =
        plugin_at(attempt->generation->manifest, attempt->failure_stage);
    uint32_t most = line->generation->settings->workers.plugin_failures;
    uint32_t failures;

    if (plugin == NULL || attempt->alone ||
        conduct_is_off(&line->conduct, plugin->name, &plugin->digest))
        return;
    failures = conduct_fail(&line->conduct, plugin->name, &plugin->digest, document->failure);
    if (most == 0 || failures < most)
        return;
    if (plugin->kind == TAXON_KIND_READER) {
        log_error("reader '%s' failed on %u documents in a row, the last one because %s",
                  plugin->name, failures, document->failure);
        return;
    }
    conduct_switch_off(&line->conduct, plugin->name, &plugin->digest, clock_wall_ms());
    tell_switched_off(line, plugin, failures, document->failure);
    line->switch_due = true;
}

static bool took_part(const struct reply *reply, const struct manifest_plugin *plugin)
{
    char name[STAGE_NAME_SIZE];

    turn_name(plugin, name);
    for (size_t i = 0; i < reply->timing_count; i++)
        if (strcmp(reply->timings[i].stage, name) == 0)
            return true;
    return false;
}

void failing_forgive(struct line *line, const struct attempt *attempt)
{
    const struct manifest *manifest = attempt->generation->manifest;

    for (size_t i = 0; i < manifest->plugin_count && line->conduct.count > 0; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];

        if (conduct_find(&line->conduct, plugin->name, &plugin->digest) != NULL &&
            took_part(attempt->reply, plugin))
            conduct_succeed(&line->conduct, plugin->name, &plugin->digest);
    }
}

static bool matches(const char *const *patterns, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (fnmatch(patterns[i], text, 0) == 0)
            return true;
    return count == 0;
}

/* What a document is nobody knows before it was read: `when.media_type` narrows nothing here. */
bool failing_holds(const struct line *line, const char *source, const char *path)
{
    const struct generation *generation = line->generation;
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    if (line->conduct.count == 0 ||
        generation->settings->workers.on_failing_plugin != FAILING_PLUGIN_HOLD)
        return false;
    for (size_t i = 0; i < generation->manifest->plugin_count; i++) {
        const struct settings_filter *when =
            &generation->settings->plugins[generation->manifest->plugins[i].index].when;

        if (generation_plugin_is_off(generation, i, &line->conduct) &&
            matches(when->sources, when->source_count, source) &&
            matches(when->names, when->name_count, name))
            return true;
    }
    return false;
}

void failing_return(struct line *line, struct document *document)
{
    int result = claim_return(document->from->inbox, document->path, &document->id);

    if (result < 0) {
        log_error("%s: cannot be put back into inbox '%s': %s; it stays in hand for the next start",
                  document->name, document->from->inbox->name, strerror(-result));
        results_forget(line, document);
        return;
    }
    line->totals.held++;
    document->gone = document->returned = true;
    document_list_push(&line->filed, document);
}

/* Any plugin that is off, and that the generation in force still asks? */
static bool is_needed(const struct line *line)
{
    const struct generation *generation = line->generation;

    for (size_t i = 0; i < generation->manifest->plugin_count; i++)
        if (!generation->manifest->plugins[i].off &&
            generation_plugin_is_off(generation, i, &line->conduct))
            return true;
    return false;
}

void failing_apply(struct line *line)
{
    struct generation *generation;

    if (!line->switch_due || line->reload_running || line->phase == LINE_STOPPING)
        return;
    line->switch_due = false;
    if (!is_needed(line))
        return;
    generation = generation_with_off(line->generation, line->generation_last + 1, &line->conduct);
    if (generation == NULL) {
        line_fail(line, "out of memory");
        return;
    }
    line->generation_last++;
    reload_switch(line, generation);
    generation_drop(generation);
}

/* Before what follows from it is committed: should taxond end in between, the document is tried
 * again and counted again. It may fail: what changes next writes it anew. */
void failing_remember(struct line *line, struct batch *batch)
{
    struct err err = {""};

    if (!batch->has_conduct)
        return;
    if (conduct_write(line->state_folder, strbuf_text(&line->conduct_text), line->conduct_text.len,
                      &err) < 0)
        log_error("%s; how plugins have behaved is known until the end of this taxond only",
                  err.text);
}

void line_plugin_enable(struct line *line, const char *name,
                        void (*done)(void *context, const char *failure), void *context)
{
    struct strbuf text = STRBUF_INIT;
    struct err err = {""};
    bool known;

    if (line->reload_running || line->phase != LINE_RUNNING) {
        done(context,
             line->reload_running ? "a reload is under way; say it again" : "taxond is stopping");
        return;
    }
    known = conduct_forget(&line->conduct, name);
    conduct_print(&line->conduct, &text);
    if (known && conduct_write(line->state_folder, strbuf_text(&text), text.len, &err) < 0)
        log_error("%s",
                  err.text); /* it counts for this taxond; the next one may have it off again */
    strbuf_release(&text);
    if (known) {
        log_info("plugin '%s': what it failed on is forgotten", name);
        line_reload(line, done, context);
        return;
    }
    (void)err_set(&err, 0, "plugin '%s' is not switched off, and has not failed", name);
    done(context, err.text);
}
