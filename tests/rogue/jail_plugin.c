/* jail_plugin: a worker in small: one plugin, one document, both layers of the lock-down.
 *
 * Called in a child process by jail.c and jail_checks.c. The host table holds nothing: the rogues
 * ask for nothing.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <taxon/plugin.h>

#include "jail.h"

const struct taxon_descriptor *plugin_map(int fd, const char **out_reason)
{
    const struct taxon_descriptor *(*entry)(void);
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = object == NULL ? NULL : dlsym(object, "taxon_plugin_v1");
    if (symbol == NULL) {
        *out_reason = dlerror();
        return NULL;
    }
    memcpy(&entry, &symbol, sizeof entry);
    return entry();
}

__attribute__((noreturn)) static void give_up(const char *what, const char *why)
{
    printf("FAIL %s: %s\n", what, why);
    fflush(stdout);
    _exit(1);
}

_Noreturn void plugin_live(const struct jail *jail, const char *path)
{
    static const struct taxon_host host = {.struct_size = sizeof host};
    static const struct taxon_document document = {.struct_size = sizeof document,
                                                   .text = "",
                                                   .folded = ""};
    struct taxon_opening opening = {.struct_size = sizeof opening, .host = &host};
    struct taxon_task task = {.struct_size = sizeof task, .host = &host};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *reason = "";
    struct err err = {""};

    if (lockdown_before_plugins(&jail->lockdown, &err) < 0)
        give_up("first layer", err.text);
    const struct taxon_descriptor *plugin = plugin_map(fd, &reason);
    if (plugin == NULL)
        give_up("dlopen", reason);
    if (plugin->open(&opening, &task.instance) < 0)
        give_up("open", "the plugin refused");
    if (lockdown_before_documents(&jail->lockdown, &err) < 0)
        give_up("second layer", err.text);
    if (plugin->classify(task.instance, &task, &document) < 0)
        give_up("classify", "the plugin refused");
    _exit(0);
}
