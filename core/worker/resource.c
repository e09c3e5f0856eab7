/* worker/resource: the files that options of type PATH name.
 *
 * Called by the host's [open] functions and, for files handed over, by the setup. It does not judge
 * where a file may lie: the lock-down's first layer does. Small files are read, since somebody may
 * cut them while we look; large ones (models) are mapped, so that all workers share their pages.
 */
#include "worker/resource.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "config/yaml.h"
#include "wire/manifest.h"

#define READ_MOST ((off_t)1 << 20) /* larger files are mapped */

struct resource_folder {
    struct resource_folder *next;
    uint32_t plugin;
    const char *option;
    char **names; /* in byte order */
    size_t count;
};

void resources_init(struct resources *resources)
{
    *resources = (struct resources){0};
    arena_init(&resources->arena, 0);
    resources->end = &resources->first;
}

void resources_release(struct resources *resources)
{
    for (struct resource *it = resources->first; it != NULL; it = it->next)
        if (it->mapped)
            munmap((void *)(uintptr_t)it->data, it->data_len);
    arena_release(&resources->arena);
    resources_init(resources);
}

static int read_whole(struct resources *resources, int fd, size_t size, struct resource *resource)
{
    char *data = arena_alloc(&resources->arena, size + 1);

    if (data == NULL)
        return -ENOMEM;
    resource->data = data;
    resource->data_len = size;
    return file_pread_all(fd, data, size, 0);
}

static int map_whole(int fd, size_t size, struct resource *resource)
{
    void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

    if (data == MAP_FAILED)
        return -errno;
    resource->data = data;
    resource->data_len = size;
    resource->mapped = true;
    return 0;
}

/* Fills in data, data_len and digest. */
static int load(struct resources *resources, int fd, struct resource *resource, struct err *err)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return err_set(err, -errno, "%s: %s", resource->path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return err_set(err, -EINVAL, "%s: is no regular file", resource->path);
    int code = status.st_size <= READ_MOST
                   ? read_whole(resources, fd, (size_t)status.st_size, resource)
                   : map_whole(fd, (size_t)status.st_size, resource);
    if (code == 0)
        code = digest_of_bytes(resource->data, resource->data_len, &resource->digest);
    if (code < 0)
        return err_set(err, code, "%s: cannot be read: %s", resource->path, strerror(-code));
    return 0;
}

static struct resource *new_resource(struct resources *resources, uint32_t plugin,
                                     const char *option, size_t index, const char *path)
{
    struct resource *resource = arena_alloc(&resources->arena, sizeof *resource);

    if (resource == NULL)
        return NULL;
    resource->plugin = plugin;
    resource->option = arena_strdup(&resources->arena, option);
    resource->index = (uint32_t)index;
    resource->path = arena_strdup(&resources->arena, path);
    return resource->option == NULL || resource->path == NULL ? NULL : resource;
}

static void hang(struct resources *resources, struct resource *resource)
{
    *resources->end = resource;
    resources->end = &resource->next;
}

static struct resource *find(const struct resources *resources, uint32_t plugin, const char *option,
                             size_t index)
{
    for (struct resource *it = resources->first; it != NULL; it = it->next)
        if (it->plugin == plugin && it->index == index && strcmp(it->option, option) == 0)
            return it;
    return NULL;
}

int resources_take(struct resources *resources, const struct setup_resource *setup, int fd,
                   struct err *err)
{
    struct resource *resource =
        new_resource(resources, setup->plugin, setup->option, setup->index, setup->path);
    int code = resource == NULL ? err_set(err, -ENOMEM, "%s: out of memory", setup->path)
                                : load(resources, fd, resource, err);

    file_close(&fd);
    if (code < 0)
        return code;
    if (memcmp(&resource->digest, &setup->digest, sizeof setup->digest) != 0)
        return err_set(err, -EINVAL, "%s was changed: its digest is not the generation's; reload",
                       setup->path);
    resources->handed = true;
    hang(resources, resource);
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_regular_at(DIR *folder, const char *name)
{
    struct stat status;

    return fstatat(dirfd(folder), name, &status, 0) == 0 && S_ISREG(status.st_mode);
}

/* Appends the names to `names` as char pointers. */
static int gather_names(struct resources *resources, DIR *folder, struct strbuf *names)
{
    struct dirent *entry;

    while (errno = 0, (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.' || !is_regular_at(folder, entry->d_name))
            continue;
        char *name = arena_strdup(&resources->arena, entry->d_name);
        if (name == NULL)
            return -ENOMEM;
        if (names->len / sizeof name == MANIFEST_RESOURCES_MAX)
            return -E2BIG;
        strbuf_append(names, &name, sizeof name);
    }
    return names->failed ? -ENOMEM : -errno;
}

static int list_folder(struct resources *resources, const char *path,
                       struct resource_folder *listing)
{
    struct strbuf names = STRBUF_INIT;
    DIR *folder = opendir(path);
    int code = folder == NULL ? -errno : gather_names(resources, folder, &names);

    if (folder != NULL)
        closedir(folder);
    listing->count = names.len / sizeof(char *);
    if (code == 0) {
        listing->names = arena_memdup(&resources->arena, names.data, names.len);
        code = listing->names == NULL ? -ENOMEM : 0;
    }
    strbuf_release(&names);
    if (code == 0 && listing->count > 0)
        qsort(listing->names, listing->count, sizeof *listing->names, by_bytes);
    return code;
}

/* The folder's files, listed once: a file that appears while open() runs must not shift them. */
static int folder_of(struct resources *resources, uint32_t plugin, const char *option,
                     const char *path, struct resource_folder **out_folder, struct err *err)
{
    for (struct resource_folder *it = resources->folders; it != NULL; it = it->next) {
        if (it->plugin == plugin && strcmp(it->option, option) == 0) {
            *out_folder = it;
            return 0;
        }
    }
    struct resource_folder *folder = arena_alloc(&resources->arena, sizeof *folder);
    int code = folder == NULL ? -ENOMEM : list_folder(resources, path, folder);
    if (code < 0)
        return err_set(err, code == -ENOENT ? -EINVAL : code, "%s: cannot be listed: %s", path,
                       strerror(-code));
    folder->plugin = plugin;
    folder->option = arena_strdup(&resources->arena, option);
    if (folder->option == NULL)
        return err_set(err, -ENOMEM, "%s: out of memory", path);
    folder->next = resources->folders;
    resources->folders = folder;
    *out_folder = folder;
    return 0;
}

/* Why a file cannot be opened; what exists but is out of reach is so because of the lock-down. */
static int open_error(const char *path, int code, struct err *err)
{
    if (code == -EACCES || code == -EPERM)
        return err_set(err, code,
                       "%s: cannot be read: it has to be readable, and lie beneath the folder "
                       "of the configuration, one of `data_folders`, or a plugin's",
                       path);
    /* -ENOENT would read as "past the last one" to a plugin that asks for one after the other. */
    return err_set(err, code == -ENOENT ? -EINVAL : code, "%s: %s", path, strerror(-code));
}

/* Appends the path of file number `index` beneath the value's path: -ENOENT past the last. */
static int path_of(struct resources *resources, uint32_t plugin, const char *option, size_t index,
                   const char *value, struct strbuf *path, struct err *err)
{
    struct stat status;

    if (stat(value, &status) < 0)
        return open_error(value, -errno, err);
    strbuf_puts(path, value);
    if (!S_ISDIR(status.st_mode))
        return index == 0 ? 0 : -ENOENT;
    struct resource_folder *folder = NULL;
    int code = folder_of(resources, plugin, option, value, &folder, err);
    if (code < 0)
        return code;
    if (index >= folder->count)
        return -ENOENT;
    if (path->len > 0 && path->data[path->len - 1] != '/')
        strbuf_putc(path, '/');
    strbuf_puts(path, folder->names[index]);
    return 0;
}

static int open_by_path(struct resources *resources, uint32_t plugin, const char *option,
                        size_t index, const char *path, struct resource **out_resource,
                        struct err *err)
{
    /* O_NONBLOCK: a FIFO must not hold the worker; load() refuses it. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return open_error(path, -errno, err);
    struct resource *resource = new_resource(resources, plugin, option, index, path);
    int code = resource == NULL ? err_set(err, -ENOMEM, "%s: out of memory", path)
                                : load(resources, fd, resource, err);
    file_close(&fd);
    if (code < 0)
        return code;
    hang(resources, resource);
    *out_resource = resource;
    return 0;
}

static int find_or_open(struct resources *resources, uint32_t plugin, const char *option,
                        size_t index, const struct taxon_value *value, struct resource **out,
                        struct err *err)
{
    struct strbuf path = STRBUF_INIT;

    *out = find(resources, plugin, option, index);
    if (*out != NULL)
        return 0;
    if (resources->handed || index >= MANIFEST_RESOURCES_MAX)
        return -ENOENT;
    int code = path_of(resources, plugin, option, index, value->text, &path, err);
    if (code == 0 && path.failed)
        code = err_set(err, -ENOMEM, "%s: out of memory", value->text);
    if (code == 0)
        code = open_by_path(resources, plugin, option, index, strbuf_text(&path), out, err);
    strbuf_release(&path);
    return code;
}

int resources_get(struct resources *resources, uint32_t plugin, const char *option, size_t index,
                  const struct taxon_value *value, struct resource **out_resource, struct err *err)
{
    struct resource *resource = NULL;
    int code = find_or_open(resources, plugin, option, index, value, &resource, err);

    if (code < 0)
        return code;
    resource->used = true;
    *out_resource = resource;
    return 0;
}

int resources_tree(struct resources *resources, struct resource *resource, struct err *err)
{
    if (resource->tree != NULL)
        return 0;
    return yaml_parse(&resources->arena, resource->path, resource->data, resource->data_len,
                      &resource->tree, err);
}

size_t resources_count(const struct resources *resources, uint32_t plugin)
{
    size_t count = 0;

    for (const struct resource *it = resources->first; it != NULL; it = it->next)
        count += it->plugin == plugin && it->used;
    return count;
}
