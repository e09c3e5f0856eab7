/* line/status: what is going on, for `taxon status`: for a person, or as JSON. Reads counters only;
 * called on the loop. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "line/line_state.h"

static const char *phase_word(const struct line *line)
{
    if (line->phase == LINE_RUNNING)
        return "running";
    return line->phase == LINE_DRAINING ? "draining" : "stopping";
}

static uint32_t in_hand(const struct line *line)
{
    return line->documents.count - line->documents.free.count;
}

static void write_inbox_state(const struct line_inbox *inbox, const struct intake_stats *stats,
                              struct strbuf *out)
{
    if (inbox->leaving)
        strbuf_puts(out, inbox->replaced ? " (the folder that was there before)"
                                         : " (no longer configured)");
    else if (stats->scanning)
        strbuf_printf(out, " (scanning: %llu files met in %.1f s)",
                      (unsigned long long)stats->scan_met, (double)stats->scan_us / 1e6);
    else if (stats->idle)
        strbuf_puts(out, " (empty)");
}

static void write_inbox_text(const struct line_inbox *inbox, struct strbuf *out)
{
    struct intake_stats stats;

    memset(&stats, 0, sizeof(stats));
    if (inbox->intake != NULL)
        intake_stats(inbox->intake, &stats);
    strbuf_printf(out, "inbox        %s: %s", inbox->inbox->name, inbox->inbox->path);
    write_inbox_state(inbox, &stats, out);
    strbuf_printf(out, ", %u waiting to settle, %u watches, %llu scans, %llu overflows\n",
                  stats.waiting, stats.watches, (unsigned long long)stats.scans,
                  (unsigned long long)stats.overflows);
    if (stats.polled && stats.remote != NULL)
        strbuf_printf(out,
                      "             polled every %.3g s: %s gives no notice of what others "
                      "write\n",
                      intake_poll_ms(inbox->inbox->settings) / 1000.0, stats.remote->name);
    if (inbox_trouble(inbox)[0] != '\0')
        strbuf_printf(out, "             trouble: %s\n", inbox_trouble(inbox));
}

static const struct conduct_entry *entry_of(const struct line *line, size_t index)
{
    const struct manifest_plugin *plugin = &line->generation->manifest->plugins[index];

    return conduct_find(&line->conduct, plugin->name, &plugin->digest);
}

static void write_plugins(const struct line *line, struct strbuf *out)
{
    for (size_t i = 0; i < line->generation->manifest->plugin_count; i++) {
        const struct conduct_entry *entry = entry_of(line, i);
        char since[CLOCK_RFC3339_SIZE];

        if (entry == NULL)
            continue;
        clock_rfc3339(entry->off_ms, since);
        if (generation_plugin_is_off(line->generation, i, &line->conduct))
            strbuf_printf(out,
                          "plugin       %s: SWITCHED OFF since %s (%u documents in a row: %s); "
                          "`taxon plugin enable %s`\n",
                          entry->name, since, entry->failures, entry->why, entry->name);
        else
            strbuf_printf(out, "plugin       %s: failed on the last %u documents: %s\n",
                          entry->name, entry->failures, entry->why);
    }
}

static void write_plugins_json(const struct line *line, struct json *json)
{
    json_array_begin(json, "plugins");
    for (size_t i = 0; i < line->generation->manifest->plugin_count; i++) {
        const struct conduct_entry *entry = entry_of(line, i);

        json_object_begin(json, NULL);
        json_put_text(json, "name", line->generation->manifest->plugins[i].name);
        json_put_bool(json, "off", generation_plugin_is_off(line->generation, i, &line->conduct));
        json_put_int(json, "failures", entry == NULL ? 0 : entry->failures);
        json_put_text(json, "why", entry == NULL ? "" : entry->why);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_stalls(struct line *line, struct strbuf *out)
{
    struct stall stall = watchdog_stall(&line->watchdog);

    if (stall.count > 0)
        strbuf_printf(out, "watchdog     %llu stalls of the loop, the longest %.1f s\n",
                      (unsigned long long)stall.count, (double)stall.longest_us / 1e6);
}

static void write_stalls_json(struct line *line, struct json *json)
{
    struct stall stall = watchdog_stall(&line->watchdog);

    json_object_begin(json, "watchdog");
    json_put_int(json, "stalls", (int64_t)stall.count);
    json_put_int(json, "longest_ms", (int64_t)(stall.longest_us / 1000));
    json_object_end(json);
}

static void write_zygote(const struct pool_stats *pool, struct strbuf *out)
{
    static const char *const words[] = {
        [POOL_ZYGOTE_NONE] = "none: each worker is started by itself",
        [POOL_ZYGOTE_MISSING] = "none for now",
        [POOL_ZYGOTE_STARTING] = "starting",
        [POOL_ZYGOTE_READY] = "ready",
    };

    strbuf_printf(out, "zygote       %s", words[pool->zygote]);
    if (pool->zygote_pid != 0)
        strbuf_printf(out, " (process %d)", (int)pool->zygote_pid);
    strbuf_printf(out, "; started %llu\n", (unsigned long long)pool->zygotes);
}

static void write_zygote_json(const struct pool_stats *pool, struct json *json)
{
    static const char *const words[] = {
        [POOL_ZYGOTE_NONE] = "none",
        [POOL_ZYGOTE_MISSING] = "missing",
        [POOL_ZYGOTE_STARTING] = "starting",
        [POOL_ZYGOTE_READY] = "ready",
    };

    json_object_begin(json, "zygote");
    json_put_text(json, "state", words[pool->zygote]);
    json_put_int(json, "process", pool->zygote_pid);
    json_put_int(json, "started", (int64_t)pool->zygotes);
    json_object_end(json);
}

static void write_text(struct line *line, const struct pool_stats *pool, struct strbuf *out)
{
    const struct line_totals *totals = &line->totals;

    strbuf_printf(out, "taxond is %s since %.1f s, generation %llu\n", phase_word(line),
                  (double)(clock_wall_ms() - line->started_ms) / 1000.0,
                  (unsigned long long)line->generation->number);
    strbuf_printf(out, "sandbox      %s\n", line->generation->manifest->sandbox);
    strbuf_printf(out,
                  "workers      %u (%u busy, %u starting); started %llu, crashed %llu, "
                  "killed at the deadline %llu\n",
                  pool->workers, pool->busy, pool->starting, (unsigned long long)pool->started,
                  (unsigned long long)pool->crashed, (unsigned long long)pool->killed);
    write_zygote(pool, out);
    strbuf_printf(out, "documents    %u of %u in hand, %u held back (cannot be filed now)\n",
                  in_hand(line), line->documents.count, line->held.count + line->unread.count);
    strbuf_printf(out,
                  "since start  %llu filed, %llu same as filed ones, %llu quarantined, "
                  "%llu tried twice, %llu gone before they were taken\n",
                  (unsigned long long)totals->filed, (unsigned long long)totals->same,
                  (unsigned long long)totals->quarantined, (unsigned long long)totals->retries,
                  (unsigned long long)totals->gone);
    if (line->held.count + line->unread.count > 0)
        strbuf_printf(out, "             held back because: %s\n", line->held_why.text);
    if (line->asleep > 0)
        strbuf_printf(out, "containers   %llu documents wait in work/: members and containers\n",
                      (unsigned long long)line->asleep);
    if (totals->released > 0)
        strbuf_printf(out, "quarantine   %llu released\n", (unsigned long long)totals->released);
    write_stalls(line, out);
    write_plugins(line, out);
    for (const struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        write_inbox_text(inbox, out);
}

static void write_inbox_json(const struct line_inbox *inbox, struct json *json)
{
    struct intake_stats stats;

    memset(&stats, 0, sizeof(stats));
    if (inbox->intake != NULL)
        intake_stats(inbox->intake, &stats);
    json_object_begin(json, NULL);
    json_put_text(json, "name", inbox->inbox->name);
    json_put_text(json, "path", inbox->inbox->path);
    json_put_bool(json, "leaving", inbox->leaving);
    json_put_bool(json, "empty", stats.idle);
    json_put_bool(json, "scanning", stats.scanning);
    json_put_int(json, "scan_files", (int64_t)stats.scan_met);
    json_put_int(json, "scan_ms", (int64_t)(stats.scan_us / 1000));
    json_put_bool(json, "polled", stats.polled);
    json_put_text(json, "file_system",
                  inbox->inbox->file_system != NULL ? inbox->inbox->file_system->name : "");
    json_put_int(json, "waiting", stats.waiting);
    json_put_int(json, "watches", stats.watches);
    json_put_int(json, "events", (int64_t)stats.events);
    json_put_int(json, "overflows", (int64_t)stats.overflows);
    json_put_int(json, "scans", (int64_t)stats.scans);
    json_put_int(json, "scanned", (int64_t)stats.scanned);
    json_put_text(json, "trouble", inbox_trouble(inbox));
    json_object_end(json);
}

static void write_json(struct line *line, const struct pool_stats *pool, struct strbuf *out)
{
    const struct line_totals *totals = &line->totals;
    struct json json;

    json_init(&json, out, 2);
    json_object_begin(&json, NULL);
    json_put_text(&json, "phase", phase_word(line));
    json_put_int(&json, "uptime_ms", clock_wall_ms() - line->started_ms);
    json_put_int(&json, "generation", (int64_t)line->generation->number);
    json_put_text(&json, "sandbox", line->generation->manifest->sandbox);
    json_object_begin(&json, "workers");
    json_put_int(&json, "ready", pool->workers);
    json_put_int(&json, "busy", pool->busy);
    json_put_int(&json, "starting", pool->starting);
    json_put_int(&json, "started", (int64_t)pool->started);
    json_put_int(&json, "crashed", (int64_t)pool->crashed);
    json_put_int(&json, "killed", (int64_t)pool->killed);
    json_object_end(&json);
    write_zygote_json(pool, &json);
    json_object_begin(&json, "documents");
    json_put_int(&json, "in_hand", in_hand(line));
    json_put_int(&json, "asleep", (int64_t)line->asleep);
    json_put_int(&json, "slots", line->documents.count);
    json_put_int(&json, "held", line->held.count + line->unread.count);
    json_put_text(&json, "held_why",
                  line->held.count + line->unread.count > 0 ? line->held_why.text : "");
    json_put_int(&json, "filed", (int64_t)totals->filed);
    json_put_int(&json, "same", (int64_t)totals->same);
    json_put_int(&json, "quarantined", (int64_t)totals->quarantined);
    json_put_int(&json, "retries", (int64_t)totals->retries);
    json_put_int(&json, "gone", (int64_t)totals->gone);
    json_put_int(&json, "released", (int64_t)totals->released);
    json_put_int(&json, "waiting_for_plugin", (int64_t)totals->held);
    json_object_end(&json);
    json_object_begin(&json, "commits");
    json_put_int(&json, "batches", (int64_t)totals->batches);
    json_put_int(&json, "syncs", (int64_t)totals->syncs);
    json_object_end(&json);
    write_stalls_json(line, &json);
    write_plugins_json(line, &json);
    json_array_begin(&json, "inboxes");
    for (const struct line_inbox *inbox = line->inboxes; inbox != NULL; inbox = inbox->next)
        write_inbox_json(inbox, &json);
    json_array_end(&json);
    json_object_end(&json);
    strbuf_putc(out, '\n');
}

void line_status(struct line *line, bool as_json, struct strbuf *out_text)
{
    struct pool_stats pool;

    memset(&pool, 0, sizeof(pool));
    if (line->pool != NULL)
        pool_stats(line->pool, &pool);
    if (as_json)
        write_json(line, &pool, out_text);
    else
        write_text(line, &pool, out_text);
}
