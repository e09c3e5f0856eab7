/* pool/generation: loads one configuration and holds on to the bytes it stands for.
 *
 * Called by the line (start, reload) and by the command line. It opens plugins but never maps one:
 * what is in them, only a locked-down worker finds out. Whether their folder may be trusted is
 * pool/trust's.
 */
#include "pool/generation.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "pool/trust.h"

/* Where the shared object of `plugin` is: the first plugin folder that has it, or the path itself
 * when it is absolute. */
static int object_find(struct generation *generation, const struct settings_plugin *plugin,
                       const char **out_path, struct err *err)
{
    const struct settings *settings = generation->settings;
    struct strbuf path = STRBUF_INIT;
    int result = -ENOENT;

    if (plugin->file[0] == '/') {
        *out_path = plugin->file;
        return 0;
    }
    for (size_t i = 0; i < settings->plugin_folder_count && result != 0; i++) {
        strbuf_clear(&path);
        strbuf_printf(&path, "%s/%s", settings->plugin_folders[i], plugin->file);
        if (!path.failed && access(strbuf_text(&path), F_OK) == 0)
            result = 0;
    }
    if (result == 0) {
        *out_path = arena_strdup(&generation->arena, strbuf_text(&path));
        if (*out_path == NULL)
            result = err_set(err, -ENOMEM, "out of memory");
    } else {
        result = err_set(err, -ENOENT, "%s:%u:%u: plugin '%s': there is no %s in plugin_folders",
                         plugin->node->file, plugin->node->line, plugin->node->column, plugin->name,
                         plugin->file);
    }
    strbuf_release(&path);
    return result;
}

static int object_open(struct generation *generation, uint32_t index, struct err *err)
{
    const struct settings_plugin *plugin = &generation->settings->plugins[index];
    struct generation_object *object = &generation->objects[generation->object_count];
    uint64_t size;
    int result = object_find(generation, plugin, &object->path, err);

    if (result < 0)
        return result;
    object->plugin = index;
    object->fd = trust_open(object->path, err);
    if (object->fd < 0)
        return err_prefix(err, object->fd, "%s:%u:%u: plugin '%s'", plugin->node->file,
                          plugin->node->line, plugin->node->column, plugin->name);
    generation->object_count++;
    result = trust_check_object(object->fd, object->path, err);
    if (result == 0) {
        result = digest_of_fd(object->fd, &object->digest, &size);
        if (result < 0)
            err_set(err, result, "%s: %s", object->path, strerror(-result));
    }
    if (result < 0)
        return err_prefix(err, result, "%s:%u:%u: plugin '%s'", plugin->node->file,
                          plugin->node->line, plugin->node->column, plugin->name);
    return 0;
}

static int objects_open(struct generation *generation, struct err *err)
{
    size_t count = generation->settings->plugin_count;

    if (count == 0)
        return 0;
    generation->objects = arena_alloc(&generation->arena, count * sizeof(*generation->objects));
    if (generation->objects == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        int result = 0;

        if (generation->settings->plugins[i].enabled)
            result = object_open(generation, (uint32_t)i, err);
        if (result < 0)
            return result;
    }
    return 0;
}

int generation_load(const char *config_file, uint64_t number, struct generation **out_generation,
                    struct err *err)
{
    struct generation *generation = calloc(1, sizeof(*generation));
    struct strbuf text = STRBUF_INIT;
    int result;

    if (generation == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    arena_init(&generation->arena, 0);
    generation->number = number;
    generation->references = 1;
    generation->config_fd = -1;
    result = settings_load(config_file, &generation->settings, &text, err);
    if (result == 0) {
        generation->config_fd = file_sealed_copy("taxond-config", text.data, text.len);
        if (generation->config_fd < 0)
            result = err_set(err, generation->config_fd, "cannot make a sealed copy of %s: %s",
                             config_file, strerror(-generation->config_fd));
    }
    strbuf_release(&text);
    if (result == 0)
        result = objects_open(generation, err);
    if (result < 0) {
        generation_drop(generation);
        return result;
    }
    *out_generation = generation;
    return 0;
}

static bool is_beneath(const char *path, const char *folder)
{
    size_t len = strlen(folder);

    return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* The same for a folder that may be reached by symbolic links. */
static bool is_beneath_resolved(const char *path, const char *folder)
{
    char resolved[PATH_MAX];

    return realpath(folder, resolved) != NULL && is_beneath(path, resolved);
}

/* Whether a worker could have opened the file: it lies beneath a folder that it may read. The path
 * is the worker's word, so the open descriptor is asked, not the path. */
static bool is_readable_to_plugins(const struct generation *generation, int fd)
{
    const struct settings *settings = generation->settings;
    char link[64], path[PATH_MAX];
    ssize_t len;
    bool beneath;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof(path) - 1);
    if (len <= 0)
        return false;
    path[len] = '\0';
    beneath = is_beneath(path, settings->base_dir);
    for (size_t i = 0; i < settings->data_folder_count && !beneath; i++)
        beneath = is_beneath_resolved(path, settings->data_folders[i]);
    for (size_t i = 0; i < settings->plugin_folder_count && !beneath; i++)
        beneath = is_beneath_resolved(path, settings->plugin_folders[i]);
    return beneath;
}

/* Whether the descriptor is what a worker's READY may make us read: a regular file of the size
 * told, from where plugins may read. Anything else could keep us reading for ever. */
static int resource_check(const struct generation *generation, int fd,
                          const struct manifest_plugin *plugin,
                          const struct manifest_resource *told, struct err *err)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return err_set(err, -errno, "plugin '%s': %s: %s", plugin->name, told->path,
                       strerror(errno));
    if (!S_ISREG(status.st_mode) || !is_readable_to_plugins(generation, fd))
        return err_set(err, -EPERM,
                       "plugin '%s': %s is no regular file beneath a folder that plugins may read",
                       plugin->name, told->path);
    if ((uint64_t)status.st_size != told->size)
        return err_set(err, -ESTALE, "plugin '%s': %s changed while it was being loaded",
                       plugin->name, told->path);
    return 0;
}

/* Opens the file that a plugin said it read, and holds it if it still has the digest told. */
static int resource_open(struct generation *generation, const struct manifest_plugin *plugin,
                         const struct manifest_resource *told, struct err *err)
{
    struct generation_resource *resource = &generation->resources[generation->resource_count];
    struct digest digest;
    uint64_t size;
    int result;
    int fd = open(told->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return err_set(err, -errno, "plugin '%s': %s: %s", plugin->name, told->path,
                       strerror(errno));
    result = resource_check(generation, fd, plugin, told, err);
    if (result == 0)
        result = digest_of_fd(fd, &digest, &size);
    if (result == 0 && memcmp(&digest, &told->digest, sizeof(digest)) != 0)
        result = err_set(err, -ESTALE, "plugin '%s': %s changed while it was being loaded",
                         plugin->name, told->path);
    if (result < 0) {
        close(fd);
        return result;
    }
    resource->plugin = plugin->index;
    resource->option = told->option;
    resource->index = told->index;
    resource->path = told->path;
    resource->fd = fd;
    resource->digest = digest;
    generation->resource_count++;
    return 0;
}

static int resources_open(struct generation *generation, const struct manifest *manifest,
                          struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < manifest->plugin_count; i++)
        count += manifest->plugins[i].resource_count;
    if (count == 0)
        return 0;
    generation->resources = arena_alloc(&generation->arena, count * sizeof(*generation->resources));
    if (generation->resources == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];

        for (size_t j = 0; j < plugin->resource_count; j++) {
            int result = resource_open(generation, plugin, &plugin->resources[j], err);

            if (result < 0)
                return result;
        }
    }
    return 0;
}

/* The manifest is a worker's word: its plugins must be the ones we opened, with our digests. */
static int manifest_check_objects(const struct generation *generation,
                                  const struct manifest *manifest, struct err *err)
{
    if (manifest->plugin_count != generation->object_count)
        return err_set(err, -EPROTO,
                       "the worker's manifest does not name the plugins it was given");
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        const struct generation_object *object = NULL;

        for (size_t j = 0; j < generation->object_count && object == NULL; j++)
            if (generation->objects[j].plugin == plugin->index)
                object = &generation->objects[j];
        if (object == NULL ||
            strcmp(generation->settings->plugins[plugin->index].name, plugin->name) != 0)
            return err_set(err, -EPROTO, "the worker's manifest names a plugin it was not given");
        if (memcmp(&object->digest, &plugin->digest, sizeof(object->digest)) != 0)
            return err_set(err, -ESTALE, "plugin '%s': digest of %s differs from generation %llu's",
                           plugin->name, object->path, (unsigned long long)generation->number);
    }
    return 0;
}

static int manifest_adopt(struct generation *generation, struct manifest *manifest, struct err *err)
{
    int result = manifest_check_objects(generation, manifest, err);

    if (result == 0)
        result = resources_open(generation, manifest, err);
    if (result == 0)
        generation->manifest = manifest;
    for (size_t i = 0; i < generation->object_count && result == 0; i++)
        for (size_t k = 0; k < manifest->plugin_count; k++)
            if (manifest->plugins[k].index == generation->objects[i].plugin)
                manifest->plugins[k].off = generation->objects[i].off;
    return result;
}

int generation_take_manifest(struct generation *generation, const void *data, size_t len,
                             struct err *err)
{
    struct manifest *manifest;
    const char *why = NULL;
    struct arena scratch;
    int result;

    if (generation->manifest == NULL) {
        result = manifest_unpack(&generation->arena, data, len, &manifest);
        if (result < 0)
            return err_set(err, result, "the worker's manifest is malformed");
        return manifest_adopt(generation, manifest, err);
    }
    arena_init(&scratch, 0);
    result = manifest_unpack(&scratch, data, len, &manifest);
    if (result < 0)
        result = err_set(err, result, "the worker's manifest is malformed");
    else if (!manifest_same(generation->manifest, manifest, &why))
        result = err_set(err, -ESTALE, "%s differs from what generation %llu was loaded with", why,
                         (unsigned long long)generation->number);
    arena_release(&scratch);
    return result;
}

struct generation *generation_hold(struct generation *generation)
{
    assert(generation->references > 0);
    generation->references++;
    return generation;
}

void generation_drop(struct generation *generation)
{
    if (generation == NULL)
        return;
    assert(generation->references > 0);
    if (--generation->references > 0)
        return;
    if (generation->origin != NULL) { /* nothing but the arena is its own */
        generation_drop(generation->origin);
        arena_release(&generation->arena);
        free(generation);
        return;
    }
    if (generation->companion_free != NULL)
        generation->companion_free(generation->companion);
    for (size_t i = 0; i < generation->object_count; i++)
        file_close(&generation->objects[i].fd);
    for (size_t i = 0; i < generation->resource_count; i++)
        file_close(&generation->resources[i].fd);
    file_close(&generation->config_fd);
    settings_free(generation->settings);
    arena_release(&generation->arena);
    free(generation);
}
