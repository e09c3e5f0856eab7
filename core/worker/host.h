/* worker/host: what a plugin holds of the host: its own copy of the function table, the handle of
 * its open() and the handle of its turn at a document.
 *
 * Each plugin has a struct host of its own, made once and never moved, so that a handle that a
 * plugin kept still leads here and can be told from the current one by address and phase.
 */
#ifndef WORKER_HOST_H
#define WORKER_HOST_H

#include <stdint.h>

#include <taxon/host.h>

#include "base/arena.h"
#include "base/err.h"
#include "worker/resource.h"

struct plugin;
struct turn;

enum host_phase {
    HOST_IDLE,
    HOST_OPENING,
    HOST_READING,
    HOST_CLASSIFYING,
};

struct host {
    struct taxon_host table; /* first: the handles' `host` leads here */
    uint32_t magic;
    enum host_phase phase;
    struct plugin *plugin;
    struct taxon_opening opening;
    struct taxon_task task;

    /* while opening */
    struct resources *resources;
    struct arena scratch; /* fold() works here */
    struct err mistake;   /* the first mistake in a user's file; "" for none */
    struct err hint;      /* the last thing that the host refused; "" for none */

    /* while reading or classifying */
    struct turn *turn;
};

void host_init(struct host *host, struct plugin *plugin);
void host_release(struct host *host);

void host_begin_open(struct host *host, struct resources *resources);
void host_end_open(struct host *host);

/* `phase` is HOST_READING or HOST_CLASSIFYING. */
void host_begin_task(struct host *host, enum host_phase phase, void *instance, struct turn *turn);
void host_end_task(struct host *host);

/* The host behind a handle that a plugin passed, or NULL when it is not the current one. */
struct host *host_of_opening(struct taxon_opening *opening);
struct host *host_of_task(struct taxon_task *task);

/* The two halves of the table. */
void host_fill_open(struct taxon_host *table);
void host_fill_task(struct taxon_host *table);
void host_fill_results(struct taxon_host *table);

#endif
