/* rogue: a plugin that tries to get out. Built once for each moment at which it tries; ROGUE_STAGE
 * says which: 1 when it is mapped, 2 in open(), 3 in classify(). Only for tests/rogue/jail.c.
 */
#include <errno.h>
#include <unistd.h>

#include <taxon/plugin.h>

#include "rogue.h"

int rogue_outcome(long result)
{
    return result < 0 ? errno : 0;
}

int rogue_outcome_fd(long result)
{
    int outcome = rogue_outcome(result);

    if (outcome == 0)
        close((int)result);
    return outcome;
}

static void try_list(const struct rogue_attempt *attempts)
{
    for (const struct rogue_attempt *attempt = attempts; attempt->name != NULL; attempt++)
        if (!rogue_ground.only_harmless || attempt->flags != 0)
            rogue_record(attempt, attempt->try());
}

static void try_all(void)
{
    static const struct rogue_attempt last = {"", 0, 0, NULL};

    try_list(rogue_file_attempts);
    try_list(rogue_neighbour_attempts);
    try_list(rogue_system_attempts);
    try_list(rogue_process_attempts);
    rogue_record(&last, 0);
}

__attribute__((constructor)) static void rogue_constructor(void)
{
    if (ROGUE_STAGE == 1)
        try_all();
}

static int32_t rogue_open(struct taxon_opening *opening, void **out_instance)
{
    (void)opening;
    *out_instance = NULL;
    if (ROGUE_STAGE == 2)
        try_all();
    return 0;
}

static int32_t rogue_classify(void *instance, struct taxon_task *task,
                              const struct taxon_document *document)
{
    (void)instance;
    (void)task;
    (void)document;
    if (ROGUE_STAGE == 3)
        try_all();
    return 0;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const schemes[] = {"rogue", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof descriptor,
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_CLASSIFIER,
        .name = "rogue",
        .version = "1.0",
        .summary = "Tries to get out.",
        .schemes = schemes,
        .open = rogue_open,
        .classify = rogue_classify,
    };

    return &descriptor;
}
