/* worker/host: a plugin's own copy of the host table, and its handles.
 *
 * Called by worker/plugin around open() and by worker/stages around read() and classify(). What the
 * functions do stands in host_open.c, host_task.c and host_results.c.
 *
 * The checks of handles catch a plugin's mistakes. They do not keep a malicious plugin out of this
 * process's memory: it is in it. The supervisor checks every reply for that reason.
 */
#include "worker/host.h"

#include <stddef.h>
#include <string.h>

#include "worker/border.h"
#include "worker/host_features.h"
#include "worker/plugin.h"

#define HOST_MAGIC 0x74786831u /* "txh1" */

/* [open, task] Extensions by name. */
static const void *host_extension(const char *name)
{
    if (border_strlen(name, BORDER_STRING_MAX) < 0)
        return NULL;
    return strcmp(name, TAXON_EXTENSION_FEATURES) == 0 ? &host_features : NULL;
}

void host_init(struct host *host, struct plugin *plugin)
{
    *host = (struct host){.magic = HOST_MAGIC, .phase = HOST_IDLE, .plugin = plugin};
    host->table = (struct taxon_host){
        .struct_size = sizeof host->table,
        .abi_minor = TAXON_ABI_MINOR,
        .extension = host_extension,
    };
    host_fill_open(&host->table);
    host_fill_task(&host->table);
    host_fill_results(&host->table);
    host->opening = (struct taxon_opening){.struct_size = sizeof host->opening,
                                           .host = &host->table,
                                           .name = plugin->settings->name};
    host->task = (struct taxon_task){.struct_size = sizeof host->task, .host = &host->table};
    arena_init(&host->scratch, 0);
}

void host_release(struct host *host)
{
    host->phase = HOST_IDLE;
    arena_release(&host->scratch);
}

void host_begin_open(struct host *host, struct resources *resources)
{
    host->resources = resources;
    host->mistake.text[0] = '\0';
    host->hint.text[0] = '\0';
    host->phase = HOST_OPENING;
}

void host_end_open(struct host *host)
{
    host->phase = HOST_IDLE;
    host->resources = NULL;
    arena_release(&host->scratch);
}

void host_begin_task(struct host *host, enum host_phase phase, void *instance, struct turn *turn)
{
    /* The handle is made anew: a plugin may have scribbled on it. */
    host->task = (struct taxon_task){.struct_size = sizeof host->task,
                                     .host = &host->table,
                                     .instance = instance};
    host->turn = turn;
    host->phase = phase;
}

void host_end_task(struct host *host)
{
    host->phase = HOST_IDLE;
    host->turn = NULL;
}

/* The table is the host's first member. A handle made up by the plugin, or a copy of one, leads
 * here as well, but is not ours by address. */
static struct host *host_of_table(const struct taxon_host *table)
{
    struct host *host = (struct host *)(uintptr_t)table;

    return host != NULL && host->magic == HOST_MAGIC ? host : NULL;
}

struct host *host_of_opening(struct taxon_opening *opening)
{
    struct host *host = opening == NULL ? NULL : host_of_table(opening->host);

    if (host == NULL || opening != &host->opening || host->phase != HOST_OPENING)
        return NULL;
    return host;
}

struct host *host_of_task(struct taxon_task *task)
{
    struct host *host = task == NULL ? NULL : host_of_table(task->host);

    if (host == NULL || task != &host->task || host->phase == HOST_IDLE ||
        host->phase == HOST_OPENING)
        return NULL;
    return host;
}
