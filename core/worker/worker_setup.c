/* worker/worker_setup: from an empty process to one that is ready for documents.
 *
 * Called by worker/worker. Everything a document will need is opened here, since nothing can be
 * opened later; what came in as a descriptor is closed again before READY.
 */
#include "worker/worker_setup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "config/yaml.h"
#include "worker/shared_memory.h"

#define PROTOCOL_BROKEN "the supervisor sent a malformed setup"

static int take_config(struct worker *worker, struct frame *frame, struct err *err)
{
    struct strbuf text = STRBUF_INIT;

    if (worker->settings != NULL || frame->fd < 0 ||
        setup_unpack_config(&worker->arena, frame->payload, frame->len, &worker->config) < 0)
        return err_set(err, -EPROTO, PROTOCOL_BROKEN " (configuration)");
    int code = file_slurp(frame->fd, YAML_BYTES_MAX, &text);
    if (code < 0)
        err_set(err, code, "%s: cannot be read: %s", worker->config.file, strerror(-code));
    else
        code = settings_parse(worker->config.file, strbuf_text(&text), text.len, &worker->settings,
                              err);
    strbuf_release(&text);
    if (code < 0)
        return code;
    worker->objects =
        arena_alloc(&worker->arena, worker->settings->plugin_count * sizeof *worker->objects);
    return worker->objects == NULL ? err_set(err, -ENOMEM, "out of memory") : 0;
}

static int take_stage(struct worker *worker, const struct frame *frame, struct err *err)
{
    if (worker->page == NULL)
        worker->page = stage_map(frame->fd, 1);
    return worker->page == NULL ? err_set(err, -EPROTO, PROTOCOL_BROKEN " (stage page)") : 0;
}

static int take_plugin(struct worker *worker, struct frame *frame, struct err *err)
{
    struct setup_plugin setup;

    if (worker->settings == NULL || frame->fd < 0 ||
        setup_unpack_plugin(&worker->arena, frame->payload, frame->len, &setup) < 0 ||
        setup.index >= worker->settings->plugin_count ||
        worker->object_count == worker->settings->plugin_count)
        return err_set(err, -EPROTO, PROTOCOL_BROKEN " (plugin)");
    worker->objects[worker->object_count++] = (struct worker_object){setup, frame->fd};
    frame->fd = -1;
    return 0;
}

static int take_resource(struct worker *worker, struct frame *frame, struct err *err)
{
    struct setup_resource setup;

    if (frame->fd < 0 ||
        setup_unpack_resource(&worker->arena, frame->payload, frame->len, &setup) < 0)
        return err_set(err, -EPROTO, PROTOCOL_BROKEN " (resource)");
    int fd = frame->fd;
    frame->fd = -1;
    return resources_take(&worker->resources, &setup, fd, err);
}

static int take(struct worker *worker, struct frame *frame, struct err *err)
{
    switch (frame->type) {
    case FRAME_CONFIG:
        return take_config(worker, frame, err);
    case FRAME_STAGE:
        return take_stage(worker, frame, err);
    case FRAME_PLUGIN:
        return take_plugin(worker, frame, err);
    case FRAME_RESOURCE:
        return take_resource(worker, frame, err);
    case FRAME_ZYGOTE:
    case FRAME_START:
        worker->is_zygote = frame->type == FRAME_ZYGOTE;
        if (worker->settings == NULL || worker->page == NULL)
            return err_set(err, -EPROTO, PROTOCOL_BROKEN " (incomplete)");
        return 0;
    default:
        return err_set(err, -EPROTO, PROTOCOL_BROKEN " (frame %d)", (int)frame->type);
    }
}

int worker_receive(struct worker *worker, struct err *err)
{
    struct frame frame;

    do {
        frame = (struct frame){.fd = -1};
        int code = frame_wait(&worker->reader, WORKER_SOCKET_FD, -1, &frame);
        if (code < 0)
            return err_set(err, code, "the supervisor's socket: %s", strerror(-code));
        code = take(worker, &frame, err);
        file_close(&frame.fd);
        if (code < 0)
            return code;
    } while (frame.type != FRAME_START && frame.type != FRAME_ZYGOTE);
    return 0;
}

/* So that what a plugin writes there harms nobody. Standard error only stays for debugging. */
static int silence(const struct worker *worker, struct err *err)
{
    int last = worker->settings->workers.sandbox == SANDBOX_OFF ? 1 : 2;
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int i = 0; fd >= 0 && i <= last; i++)
        if (dup2(fd, i) < 0)
            return err_set(err, -errno, "/dev/null: %s", strerror(errno));
    if (fd < 0)
        return err_set(err, -errno, "/dev/null: %s", strerror(errno));
    if (fd > 2)
        close(fd);
    return 0;
}

/* The folder of `path`, in the arena. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash == path ? "/"
                                          : arena_strndup(arena, path, (size_t)(slash - path));
}

/* What plugins may read while they open: the folders of plugins, those of data, and that of the
 * configuration. A plugin straight in "/" opens nothing: the whole system is no plugin folder. */
static int list_read_folders(struct worker *worker, struct err *err)
{
    const struct settings *settings = worker->settings;
    size_t most =
        settings->plugin_folder_count + settings->data_folder_count + worker->object_count + 1;
    const char **folders = arena_alloc(&worker->arena, most * sizeof *folders);
    size_t count = 0;

    if (folders == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < settings->plugin_folder_count; i++)
        folders[count++] = settings->plugin_folders[i];
    for (size_t i = 0; i < settings->data_folder_count; i++)
        folders[count++] = settings->data_folders[i];
    for (size_t i = 0; i < worker->object_count; i++) {
        const char *folder = folder_of(&worker->arena, worker->objects[i].setup.path);
        if (folder == NULL)
            return err_set(err, -ENOMEM, "out of memory");
        if (strcmp(folder, "/") != 0)
            folders[count++] = folder;
    }
    folders[count++] = settings->base_dir;
    worker->lockdown = (struct lockdown){
        .mode = settings->workers.sandbox,
        .read_folders = folders,
        .read_folder_count = count,
        .memory_bytes = settings->limits.memory_bytes,
        .listener_fd = worker->is_zygote ? &worker->listener_fd : NULL,
        .file_bytes = settings->limits.file_bytes + JOB_MEMBERS_BYTES,
    };
    return 0;
}

/* The page says which plugin is at it, should the process end right there. */
static void enter(struct worker *worker, const char *what, const char *name)
{
    char stage[STAGE_NAME_SIZE];

    snprintf(stage, sizeof stage, "%s %s", what, name);
    stage_set(worker->page, 0, stage);
}

static int load_plugins(struct worker *worker, struct err *err)
{
    const struct settings *settings = worker->settings;
    struct plugin_set *set = &worker->plugins;

    set->plugins = arena_alloc(&worker->arena, worker->object_count * sizeof *set->plugins);
    if (set->plugins == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < worker->object_count; i++) {
        const struct setup_plugin *setup = &worker->objects[i].setup;
        struct plugin *plugin = arena_alloc(&worker->arena, sizeof *plugin);
        if (plugin == NULL)
            return err_set(err, -ENOMEM, "out of memory");
        plugin_init(plugin, &settings->plugins[setup->index], setup->index, setup->path,
                    &setup->digest);
        plugin->off = setup->off != 0;
        set->plugins[set->count++] = plugin;
        enter(worker, "load", plugin->settings->name);
        int code = plugin_load(plugin, worker->objects[i].fd, err);
        if (code < 0)
            return code;
    }
    int code = plugin_set_check(set, err);
    return code < 0 ? code : plugin_set_order(&worker->arena, set, err);
}

static int open_plugins(struct worker *worker, struct err *err)
{
    int code = 0;

    for (size_t i = 0; i < worker->plugins.count && code == 0; i++) {
        struct plugin *plugin = worker->plugins.plugins[i];
        enter(worker, "open", plugin->settings->name);
        code = plugin_open(plugin, worker->settings, &worker->resources, err);
        if (code < 0)
            return code;
        code = shared_memory_check(worker->mappings_fd, worker->page, err);
        if (code < 0)
            err_prefix(err, code, "plugin '%s' (%s)", plugin->settings->name, plugin->path);
    }
    return code;
}

static int warm_up(struct worker *worker, struct err *err)
{
    int code = stages_warm_up(&worker->stages);

    if (code < 0)
        return err_set(err, code, "the warm-up failed: %s", strerror(-code));
    code = shared_memory_check(worker->mappings_fd, worker->page, err);
    return code < 0 ? err_prefix(err, code, "a plugin, during the warm-up") : 0;
}

static int make_manifest(struct worker *worker, struct err *err)
{
    struct strbuf sandbox = STRBUF_INIT;

    lockdown_describe(&worker->lockdown, &sandbox);
    worker->manifest = plugin_set_manifest(&worker->arena, &worker->plugins, &worker->resources,
                                           strbuf_text(&sandbox));
    bool failed = sandbox.failed || worker->manifest == NULL;
    strbuf_release(&sandbox);
    return failed ? err_set(err, -ENOMEM, "out of memory for the manifest") : 0;
}

int worker_close_others(void)
{
    return close_range(WORKER_SOCKET_FD + 1, ~0u, 0) < 0 ? -errno : 0;
}

int worker_keep_socket_only(int socket_fd)
{
    assert(socket_fd >= WORKER_SOCKET_FD);
    if (socket_fd != WORKER_SOCKET_FD && dup2(socket_fd, WORKER_SOCKET_FD) < 0)
        return -errno;
    if (fcntl(WORKER_SOCKET_FD, F_SETFD, FD_CLOEXEC) < 0)
        return -errno;
    return worker_close_others();
}

/* What is to be read later and cannot be opened any more. */
static int open_mappings(struct worker *worker, struct err *err)
{
    worker->mappings_fd = shared_memory_list();
    return worker->mappings_fd < 0 ? err_set(err, worker->mappings_fd, "/proc/self/maps: %s",
                                             strerror(-worker->mappings_fd))
                                   : 0;
}

/* The first layer; of a zygote, the supervisor gets the listener before any plugin is mapped, so
 * that a later one is a plugin's doing. */
static int lock_down(struct worker *worker, struct err *err)
{
    worker->listener_fd = -1;
    int code = lockdown_before_plugins(&worker->lockdown, err);
    if (code < 0 || worker->listener_fd < 0)
        return code;
    code = frame_send(WORKER_SOCKET_FD, FRAME_LISTENER, 0, NULL, 0, worker->listener_fd, -1);
    file_close(&worker->listener_fd);
    return code < 0 ? err_set(err, code, "the supervisor's socket: %s", strerror(-code))
                    : lockdown_verify_asking(err);
}

int worker_prepare(struct worker *worker, struct err *err)
{
    int code;

    stage_set(worker->page, 0, "lock down");
    if ((code = silence(worker, err)) < 0 || (code = open_mappings(worker, err)) < 0 ||
        (code = list_read_folders(worker, err)) < 0 || (code = lock_down(worker, err)) < 0 ||
        (code = stages_init(&worker->stages, &worker->settings->limits, &worker->plugins,
                            worker->page, err)) < 0 ||
        (code = load_plugins(worker, err)) < 0 || (code = open_plugins(worker, err)) < 0 ||
        (code = warm_up(worker, err)) < 0)
        return code;
    stage_set(worker->page, 0, "lock down");
    /* Ours, and whatever a plugin kept open: a document's descriptor must meet no stale number. */
    if ((code = worker_close_others()) < 0)
        return err_set(err, code, "close_range: %s", strerror(-code));
    worker->object_count = 0;
    if ((code = lockdown_before_documents(&worker->lockdown, err)) < 0)
        return code;
    return make_manifest(worker, err);
}
