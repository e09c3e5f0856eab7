/* text/fold_out: what a folding writes, and the map that goes with it.
 *
 * Called by fold.c where a character changes its length, and at the end. As long as text and folded
 * text go in step, nothing is noted; a run is added when they cease to.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold_part.h"

static void add_run(struct folder *folder, const char *out, const char *text, size_t text_len)
{
    if (folder->run_count == folder->run_size) {
        size_t size = folder->run_size == 0 ? 64 : folder->run_size * 2;
        struct fold_run *runs = realloc(folder->runs, size * sizeof *runs);
        if (runs == NULL) {
            folder->failed = true;
            return;
        }
        folder->runs = runs;
        folder->run_size = size;
    }
    folder->runs[folder->run_count++] = (struct fold_run){
        .folded = (uint32_t)(out - folder->begin),
        .text = (uint32_t)(text - folder->text),
        .text_len = (uint32_t)text_len,
    };
}

static void end_step(struct folder *folder)
{
    if (folder->at > folder->step_text)
        add_run(folder, folder->step_out, folder->step_text,
                (size_t)(folder->at - folder->step_text));
}

static void begin_step(struct folder *folder)
{
    folder->step_text = folder->at;
    folder->step_out = folder->out;
}

void fold_drop(struct folder *folder, size_t text_len)
{
    end_step(folder);
    folder->at += text_len;
    begin_step(folder);
}

void fold_replace(struct folder *folder, size_t text_len, const char *bytes, size_t len)
{
    if (text_len == len) {
        memcpy(folder->out, bytes, len);
        folder->at += len;
        folder->out += len;
        return;
    }
    end_step(folder);
    add_run(folder, folder->out, folder->at, text_len);
    memcpy(folder->out, bytes, len);
    folder->at += text_len;
    folder->out += len;
    begin_step(folder);
}

int fold_finish(struct folder *folder, struct arena *arena, struct folded *out_folded)
{
    struct folded *result = &folder->result;

    end_step(folder);
    /* White space is written before it is known that only dropped characters follow, and those
     * are part of its run; so the end is never white space. */
    *folder->out = '\0';
    result->text = folder->begin;
    result->len = (size_t)(folder->out - folder->begin);
    if (!folder->failed && folder->run_count > 0) {
        result->runs = arena_memdup(arena, folder->runs, folder->run_count * sizeof *folder->runs);
        result->run_count = folder->run_count;
        folder->failed = result->runs == NULL;
    }
    free(folder->runs);
    if (folder->failed)
        return -ENOMEM;
    *out_folded = *result;
    return 0;
}
