/* jail: what the parts of the test program share. See jail.c. */
#ifndef JAIL_H
#define JAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "rogue.h"
#include "worker/lockdown.h"

#define JAIL_MEMORY_BYTES (UINT64_C(512) << 20)

/* The plugins' lock-down: they may read `folder`. */
struct jail {
    const char *folder;
    struct lockdown lockdown;
};

void jail_init(struct jail *jail, enum sandbox_mode mode, const char *folder);

/* Takes Landlock away from the process, as if the kernel had none. */
void jail_without_landlock(void);

/* jail_ground.c: what the rogues may trample on, and whether they did. */
struct ground {
    int listening_fd;
    struct stat target;
    struct rlimit descriptors;
};

/* Makes a new scratch folder and fills rogue_ground. Exits when that fails. */
void ground_make(struct ground *ground, const char *inside);
/* Whether all is as it was made and this process came to no harm; says what is not. */
bool ground_is_unharmed(const struct ground *ground);
void ground_remove(struct ground *ground);

/* jail_plugin.c: a worker in small. */
/* Opens the plugin by its descriptor, as workers do; NULL with a message in `out_reason`. */
const struct taxon_descriptor *plugin_map(int fd, const char **out_reason);
/* Takes the plugin through its life, with both layers of the lock-down; exits. */
_Noreturn void plugin_live(const struct jail *jail, const char *path);

/* jail_calls.c: for a locked-down process: how many calls of the deny-list get through; says which.
 */
int calls_get_through(void);

/* jail_checks.c: what the rogues do not try. Says what fails; the number of failures. */
int checks_run(const char *plugin);

#endif
