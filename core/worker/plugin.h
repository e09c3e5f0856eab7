/* worker/plugin: one configured plugin of a worker: its shared object, descriptor, options, labels
 * and instance.
 */
#ifndef WORKER_PLUGIN_H
#define WORKER_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "config/options.h"
#include "config/settings.h"
#include "wire/stage.h"
#include "worker/host.h"
#include "worker/resource.h"
#include "worker/vocabulary.h"

struct plugin {
    const struct settings_plugin *settings;
    uint32_t index;   /* in settings.plugins */
    const char *path; /* of the shared object */
    struct digest digest;
    bool off;                           /* switched off: its labels are known, it is never asked */
    struct taxon_descriptor descriptor; /* a checked copy; what it points to is the plugin's */
    size_t scheme_count;
    size_t media_type_count;
    struct option_table table;
    struct option_values options;
    struct arena arena; /* for as long as the instance */
    struct vocabulary vocabulary;
    void *instance;
    struct host host;
    char stage[STAGE_NAME_SIZE]; /* "classify NAME" or "read NAME" */
};

/* `path` and `digest` are those of the shared object. Strings and settings outlive the plugin,
 * which never moves: handles point into it. */
void plugin_init(struct plugin *plugin, const struct settings_plugin *settings, uint32_t index,
                 const char *path, const struct digest *digest);

/* Compares the digest, loads the shared object behind `fd`, which stays the caller's, and takes its
 * descriptor. dlopen looks the object up by "/proc/self/fd/N", and the loader takes an equal path
 * for the same object: `fd` has to stay open until all plugins are loaded. On failure err has one
 * line that begins with "plugin 'NAME' (PATH): ", here and in what follows. */
int plugin_load(struct plugin *plugin, int fd, struct err *err) MUST_CHECK;

/* The second half of plugin_load: checks and takes a descriptor, wherever it comes from. */
int plugin_describe(struct plugin *plugin, const struct taxon_descriptor *from,
                    struct err *err) MUST_CHECK;

/* Parses the options, calls open() and seals the vocabulary. */
int plugin_open(struct plugin *plugin, const struct settings *settings, struct resources *resources,
                struct err *err) MUST_CHECK;

/* Calls close(), if the plugin was opened, and gives back what it held, but for the shared object,
 * which stays: never dlclose. */
void plugin_release(struct plugin *plugin);

/* Whether the configuration's filter lets this plugin see a document. */
int plugin_wants(const struct plugin *plugin, const char *source, const char *media_type,
                 const char *name);

/* err_set with "plugin 'NAME' (PATH): " in front. */
int plugin_refuse(struct err *err, int code, const struct plugin *plugin, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
