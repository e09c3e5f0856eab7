/* worker/plugin: one configured plugin of a worker.
 *
 * Called by worker/plugin_set while the worker starts. Who owns the shared object and who may write
 * to it was checked by the supervisor, which opened it; here only its bytes are compared with the
 * digest that the supervisor took. What plugins mean to each other is plugin_set's.
 */
#include "worker/plugin.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "worker/border.h"
#include "worker/descriptor.h"

#define OTHER_MAJORS_MAX 9

typedef const struct taxon_descriptor *(*entry_function)(void);

int plugin_refuse(struct err *err, int code, const struct plugin *plugin, const char *format, ...)
{
    char reason[ERR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return err_set(err, code, "plugin '%s' (%s): %s", plugin->settings->name, plugin->path, reason);
}

static int check_digest(const struct plugin *plugin, int fd, struct err *err)
{
    struct digest digest;
    uint64_t size;
    int code = digest_of_fd(fd, &digest, &size);

    if (code < 0)
        return plugin_refuse(err, code, plugin, "cannot be read: %s", strerror(-code));
    if (memcmp(&digest, &plugin->digest, sizeof digest) != 0)
        return plugin_refuse(err, -EINVAL, plugin,
                             "the shared object was changed: its digest is "
                             "not the generation's; reload");
    return 0;
}

/* dlerror's "/proc/self/fd/7: invalid ELF header", without the path that tells nobody anything. */
static const char *loader_reason(const char *path)
{
    const char *text = dlerror();
    size_t len = strlen(path);

    if (text == NULL)
        return "no reason given";
    return strncmp(text, path, len) == 0 && strncmp(text + len, ": ", 2) == 0 ? text + len + 2
                                                                              : text;
}

/* A plugin built for another major of the ABI is told apart from a library that is no plugin. */
static int refuse_without_entry(const struct plugin *plugin, void *object, struct err *err)
{
    for (int major = 0; major <= OTHER_MAJORS_MAX; major++) {
        char symbol[32];
        snprintf(symbol, sizeof symbol, "taxon_plugin_v%d", major);
        if (major != TAXON_ABI_MAJOR && dlsym(object, symbol) != NULL)
            return plugin_refuse(err, -EINVAL, plugin, "exports ABI %d, this taxond speaks %d",
                                 major, TAXON_ABI_MAJOR);
    }
    return plugin_refuse(err, -EINVAL, plugin,
                         "is no taxond plugin: it does not export "
                         "taxon_plugin_v1");
}

static int load_object(const struct plugin *plugin, int fd, entry_function *out_entry,
                       struct err *err)
{
    char path[32];
    void *symbol;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL)
        return plugin_refuse(err, -EINVAL, plugin, "cannot be loaded as a shared object: %s",
                             loader_reason(path));
    symbol = dlsym(object, "taxon_plugin_v1");
    if (symbol == NULL)
        return refuse_without_entry(plugin, object, err);
    memcpy(out_entry, &symbol, sizeof symbol); /* POSIX's way round ISO C's missing conversion */
    return 0;
}

static int declare_table(struct plugin *plugin, struct err *err)
{
    const struct taxon_descriptor *descriptor = &plugin->descriptor;

    for (size_t i = 0; i < descriptor->label_count; i++) {
        struct taxon_label_decl label;
        const void *row = TAXON_AT(char, descriptor->labels, descriptor->label_stride, i);
        if (!border_read(&label, sizeof label, row,
                         BORDER_SIZE_1_0(struct taxon_label_decl, threshold)))
            return err_set(err, -EINVAL, "malformed descriptor: label %zu has a bad struct_size",
                           i + 1);
        int code = vocabulary_add(&plugin->vocabulary, &label, err);
        if (code < 0)
            return code;
    }
    return 0;
}

/* Puts the section's name where the plugin says "*". */
static int name_schemes(struct plugin *plugin)
{
    const char *const *from = plugin->descriptor.schemes;
    const char **schemes =
        arena_alloc(&plugin->arena, (plugin->scheme_count + 1) * sizeof *schemes);

    if (schemes == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < plugin->scheme_count; i++)
        schemes[i] = strcmp(from[i], "*") == 0 ? plugin->settings->name : from[i];
    if (plugin->scheme_count > 0)
        plugin->descriptor.schemes = schemes;
    return 0;
}

static int take_descriptor(struct plugin *plugin, const struct taxon_descriptor *from,
                           struct err *err)
{
    int code = descriptor_read(from, &plugin->descriptor, &plugin->scheme_count,
                               &plugin->media_type_count, err);

    if (code == 0)
        code = name_schemes(plugin);
    if (code < 0)
        return code;
    plugin->table = (struct option_table){
        .rows = plugin->descriptor.options,
        .count = plugin->descriptor.option_count,
        .stride = plugin->descriptor.option_stride,
    };
    snprintf(plugin->stage, sizeof plugin->stage, "%s %s",
             plugin->descriptor.kind == TAXON_KIND_READER ? "read" : "classify",
             plugin->settings->name);
    vocabulary_init(&plugin->vocabulary, &plugin->arena, plugin->descriptor.schemes);
    code = declare_table(plugin, err);
    if (code < 0)
        return code;
    return options_check_table(&plugin->table, "malformed descriptor", err);
}

void plugin_init(struct plugin *plugin, const struct settings_plugin *settings, uint32_t index,
                 const char *path, const struct digest *digest)
{
    *plugin =
        (struct plugin){.settings = settings, .index = index, .path = path, .digest = *digest};
    arena_init(&plugin->arena, 0);
    host_init(&plugin->host, plugin);
}

int plugin_describe(struct plugin *plugin, const struct taxon_descriptor *from, struct err *err)
{
    int code = take_descriptor(plugin, from, err);

    if (code < 0)
        return err_prefix(err, code, "plugin '%s' (%s)", plugin->settings->name, plugin->path);
    return 0;
}

int plugin_load(struct plugin *plugin, int fd, struct err *err)
{
    entry_function entry = NULL;
    int code = check_digest(plugin, fd, err);

    if (code == 0)
        code = load_object(plugin, fd, &entry, err);
    assert(code != 0 || entry != NULL);
    if (code == 0)
        code = plugin_describe(plugin, entry(), err);
    return code;
}

/* What the user is told when open() fails: what the plugin or the host said about a file, which has
 * its place in front; else the host's last refusal; else the bare code. */
static int refuse_open(struct plugin *plugin, int32_t result, struct err *err)
{
    const struct host *host = &plugin->host;

    if (host->mistake.text[0] != '\0')
        return err_set(err, -EINVAL, "%s (plugin '%s')", host->mistake.text,
                       plugin->settings->name);
    if (host->hint.text[0] != '\0')
        return plugin_refuse(err, -EINVAL, plugin, "open() failed: %s", host->hint.text);
    return plugin_refuse(err, -EINVAL, plugin, "open() failed: %s",
                         result > -4096 ? strerror(-result) : "no reason given");
}

static int call_open(struct plugin *plugin, struct resources *resources, struct err *err)
{
    if (plugin->descriptor.open == NULL)
        return 0;
    host_begin_open(&plugin->host, resources);
    int32_t result = plugin->descriptor.open(&plugin->host.opening, &plugin->instance);
    host_end_open(&plugin->host);
    return result < 0 ? refuse_open(plugin, result, err) : 0;
}

int plugin_open(struct plugin *plugin, const struct settings *settings, struct resources *resources,
                struct err *err)
{
    int code = options_parse(&plugin->arena, &plugin->table, plugin->settings->options,
                             settings->base_dir, &plugin->options, err);

    if (code < 0) {
        char reason[ERR_TEXT_MAX];
        snprintf(reason, sizeof reason, "%s", err->text);
        return err_set(err, code, "%s (plugin '%s')", reason, plugin->settings->name);
    }
    code = call_open(plugin, resources, err);
    if (code < 0)
        return code;
    code = vocabulary_seal(&plugin->vocabulary, err);
    if (code < 0)
        return err_prefix(err, code, "plugin '%s' (%s)", plugin->settings->name, plugin->path);
    return 0;
}

void plugin_release(struct plugin *plugin)
{
    if (plugin->instance != NULL && plugin->descriptor.close != NULL)
        plugin->descriptor.close(plugin->instance);
    plugin->instance = NULL;
    host_release(&plugin->host);
    arena_release(&plugin->arena);
}

static int matches(const char *const *patterns, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (fnmatch(patterns[i], text, 0) == 0)
            return 1;
    return count == 0;
}

int plugin_wants(const struct plugin *plugin, const char *source, const char *media_type,
                 const char *name)
{
    const struct settings_filter *when = &plugin->settings->when;

    return matches(when->sources, when->source_count, source) &&
           matches(when->media_types, when->media_type_count, media_type) &&
           matches(when->names, when->name_count, name);
}
