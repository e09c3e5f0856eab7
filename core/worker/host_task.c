/* worker/host_task: the host's functions for read() and classify() that give no results: memory,
 * log, deadline, the map of the folded text; and those by which a reader makes the text.
 *
 * Called by plugins only, while worker/stages calls their read() or classify().
 */
#include "worker/host.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "worker/border.h"
#include "worker/members.h"
#include "worker/plugin.h"
#include "worker/results.h"

/* The turn of a reader, or NULL. */
static struct turn *reading(struct taxon_task *task)
{
    struct host *host = host_of_task(task);

    return host == NULL || host->phase != HOST_READING ? NULL : host->turn;
}

static void host_log(struct taxon_task *task, uint32_t level, const char *line)
{
    struct host *host = host_of_task(task);

    if (host == NULL || line == NULL)
        return;
    struct results *results = host->turn->results;
    if (ROW_COUNT(&results->logs, struct reply_log) >= REPLY_LOG_MAX)
        return;
    struct reply_log row = {
        .plugin = host->turn->plugin,
        .level = level > TAXON_LOG_ERROR ? TAXON_LOG_ERROR : level,
        .line = border_line(results->arena, line, REPLY_REASON_MAX),
    };
    if (row.line != NULL)
        strbuf_append(&results->logs, &row, sizeof row);
}

static void *host_alloc(struct taxon_task *task, size_t size)
{
    struct host *host = host_of_task(task);

    if (host == NULL)
        return NULL;
    void *memory = arena_alloc(host->turn->memory, size);
    if (memory == NULL)
        results_note_limit(host->turn->results, "limits.arena");
    return memory;
}

static int32_t host_should_stop(struct taxon_task *task)
{
    struct host *host = host_of_task(task);

    if (host == NULL)
        return -EPERM;
    return clock_monotonic_us() >= host->turn->deadline_us;
}

static int32_t host_unfold(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                           size_t *out_end)
{
    struct host *host = host_of_task(task);

    if (host == NULL)
        return -EPERM;
    if (host->turn->folded == NULL || out_begin == NULL || out_end == NULL)
        return -EINVAL;
    return fold_unfold(host->turn->folded, begin, end, out_begin, out_end);
}

static int32_t host_text(struct taxon_task *task, const char *text, size_t text_len)
{
    struct turn *turn = reading(task);

    if (turn == NULL)
        return -EPERM;
    if (text == NULL && text_len > 0)
        return turn_refuse(turn, "text is NULL");
    if (!utf8_is_valid(text_len == 0 ? "" : text, text_len)) {
        turn_refuse(turn, "text is not valid UTF-8");
        return -EILSEQ;
    }
    struct strbuf *out = &turn->results->text;
    size_t room = (size_t)turn->results->limits->text_bytes - out->len;
    size_t fits = text_len <= room ? text_len : utf8_floor(text, text_len, room);
    strbuf_append(out, fits == 0 ? "" : text, fits);
    if (out->failed)
        return -ENOMEM;
    turn->appended = true;
    return fits == text_len ? 0 : turn_limit(turn, "limits.text");
}

static int32_t host_block(struct taxon_task *task, const struct taxon_block *block)
{
    struct turn *turn = reading(task);
    struct taxon_block row;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&row, sizeof row, block, BORDER_SIZE_1_0(struct taxon_block, tag_path_hash)))
        return turn_refuse(turn, "struct taxon_block without its struct_size");
    if (row.kind < TAXON_BLOCK_PARAGRAPH || row.kind > TAXON_BLOCK_OTHER)
        return turn_refuse(turn, "block of unknown kind %u", row.kind);
    if (!turn_has_range(turn, row.begin, row.end))
        return turn_refuse(turn, "block %zu-%zu is not in the text or cuts a character", row.begin,
                           row.end);
    if (row.link_bytes > row.end - row.begin)
        return turn_refuse(turn, "block %zu-%zu has %u bytes of links", row.begin, row.end,
                           row.link_bytes);
    struct strbuf *blocks = &turn->results->blocks;
    size_t count = ROW_COUNT(blocks, struct taxon_block);
    if (count > 0 && row.begin < ROWS(blocks, struct taxon_block)[count - 1].end)
        return turn_refuse(turn, "block %zu-%zu begins before the end of the one before", row.begin,
                           row.end);
    if (count >= turn->results->limits->blocks)
        return turn_limit(turn, "limits.blocks");
    row.struct_size = sizeof row;
    row.reserved = 0;
    return results_add_row(blocks, &row, sizeof row);
}

static int32_t host_member_begin(struct taxon_task *task, const struct taxon_member *member)
{
    struct turn *turn = reading(task);
    struct taxon_member copy;

    if (turn == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, member, BORDER_SIZE_1_0(struct taxon_member, index)))
        return turn_refuse(turn, "struct taxon_member without its struct_size");
    if (copy.name == NULL && copy.name_len > 0)
        return turn_refuse(turn, "a member's name is NULL");
    return members_announce(turn, &copy);
}

static int32_t host_member_write(struct taxon_task *task, const void *data, size_t data_len)
{
    struct turn *turn = reading(task);

    if (turn == NULL)
        return -EPERM;
    if (data == NULL && data_len > 0)
        return turn_refuse(turn, "a member's data is NULL");
    return members_write(turn, data, data_len);
}

static int32_t host_member_end(struct taxon_task *task)
{
    struct turn *turn = reading(task);

    return turn == NULL ? -EPERM : members_end(turn);
}

void host_fill_task(struct taxon_host *table)
{
    table->log = host_log;
    table->alloc = host_alloc;
    table->should_stop = host_should_stop;
    table->unfold = host_unfold;
    table->text = host_text;
    table->block = host_block;
    table->member_begin = host_member_begin;
    table->member_write = host_member_write;
    table->member_end = host_member_end;
}
