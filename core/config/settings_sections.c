/* config/settings_sections: the sections of taxond.yaml that hold plain values.
 *
 * Called by settings.c. The tables have checked types and ranges, so that what is copied here fits
 * its field; only what concerns two options at once is checked here.
 */
#include "config/settings_sections.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "config/settings_tables.h"
#include "config/yaml.h"

static int read_section(struct settings_reader *reader, const char *key,
                        const struct option_table *table, struct option_values *out_values)
{
    struct settings *settings = reader->settings;

    return options_parse(&settings->arena, table, yaml_get(settings->root, key), settings->base_dir,
                         out_values, reader->err);
}

static uint32_t get_u32(const struct option_values *values, const char *name)
{
    int64_t integer = option_get(values, name)->integer;

    assert(integer >= 0 && integer <= UINT32_MAX); /* the tables' ranges see to it */
    return (uint32_t)integer;
}

static uint64_t get_u64(const struct option_values *values, const char *name)
{
    int64_t integer = option_get(values, name)->integer;

    assert(integer >= 0);
    return (uint64_t)integer;
}

int settings_read_workers(struct settings_reader *reader)
{
    struct settings_workers *workers = &reader->settings->workers;
    struct option_values values;
    int code = read_section(reader, "workers", &settings_workers_table, &values);

    if (code < 0)
        return code;
    workers->count = get_u32(&values, "count");
    workers->documents = get_u32(&values, "documents");
    workers->grow_bytes = get_u64(&values, "grow");
    workers->grace_ms = get_u32(&values, "grace");
    workers->start_ms = get_u32(&values, "start");
    workers->sandbox = (enum sandbox_mode)option_get(&values, "sandbox")->integer;
    workers->plugin_failures = get_u32(&values, "plugin_failures");
    workers->on_failing_plugin =
        (enum failing_plugin)option_get(&values, "on_failing_plugin")->integer;
    workers->release_fixed = option_get(&values, "release_fixed")->integer != 0;
    return 0;
}

/* Where either of two options was written; NULL: neither. */
static const struct taxon_node *either(const struct taxon_node *section, const char *one,
                                       const char *other)
{
    const struct taxon_node *node = yaml_get(section, one);

    return node != NULL ? node : yaml_get(section, other);
}

int settings_read_limits(struct settings_reader *reader)
{
    struct settings_limits *limits = &reader->settings->limits;
    struct option_values values;
    int code = read_section(reader, "limits", &settings_limits_table, &values);

    if (code < 0)
        return code;
    limits->file_bytes = get_u64(&values, "file");
    limits->text_bytes = get_u64(&values, "text");
    limits->blocks = get_u32(&values, "blocks");
    limits->depth = get_u32(&values, "depth");
    limits->members = get_u32(&values, "members");
    limits->expansion_ratio = get_u32(&values, "expansion_ratio");
    limits->labels = get_u32(&values, "labels");
    limits->spans = get_u32(&values, "spans");
    limits->facts = get_u32(&values, "facts");
    limits->time_ms = get_u32(&values, "time");
    limits->memory_bytes = get_u64(&values, "memory");
    limits->arena_bytes = get_u64(&values, "arena");
    limits->queue = get_u32(&values, "queue");
    limits->attempts = get_u32(&values, "attempts");
    limits->path_bytes = get_u32(&values, "path");
    limits->reply_bytes = get_u32(&values, "reply");
    if (limits->arena_bytes < limits->memory_bytes)
        return 0;
    return yaml_error(reader->err,
                      either(yaml_get(reader->settings->root, "limits"), "arena", "memory"),
                      "'arena' must be less than 'memory'");
}

/* Octal, as chmod(1) takes it, and without set-user-ID, set-group-ID and sticky bits. */
static bool parse_mode(const char *text, mode_t *out_mode)
{
    size_t len = strspn(text, "01234567");
    mode_t mode = 0;

    if (len < 3 || len > 4 || text[len] != '\0')
        return false;
    for (size_t i = 0; i < len; i++)
        mode = mode * 8 + (mode_t)(text[i] - '0');
    *out_mode = mode;
    return mode <= 0777;
}

/* `owner`: what the daemon itself must be allowed. */
static int read_mode(struct settings_reader *reader, const struct option_values *values,
                     const char *name, mode_t owner, mode_t *out_mode)
{
    const struct taxon_node *node = yaml_get(yaml_get(reader->settings->root, "placement"), name);
    const char *text = option_get(values, name)->text;

    if (parse_mode(text, out_mode) && (*out_mode & owner) == owner)
        return 0;
    assert(node != NULL); /* the default is a mode */
    return yaml_error(reader->err, node,
                      "'%s' must be a mode in octal between 0%03o and 0777 that gives its owner "
                      "0%03o, not '%s'",
                      name, owner, owner, text);
}

int settings_read_placement(struct settings_reader *reader)
{
    struct settings_placement *placement = &reader->settings->placement;
    struct option_values values;
    int code = read_section(reader, "placement", &settings_placement_table, &values);

    if (code == 0)
        code = read_mode(reader, &values, "file_mode", 0600, &placement->file_mode);
    if (code == 0)
        code = read_mode(reader, &values, "folder_mode", 0700, &placement->folder_mode);
    if (code < 0)
        return code;
    placement->sidecar = option_get(&values, "sidecar")->integer != 0;
    placement->owner = option_get(&values, "owner")->text;
    placement->group = option_get(&values, "group")->text;
    placement->origin_xattr = option_get(&values, "origin_xattr")->integer != 0;
    placement->on_conflict = (enum conflict_policy)option_get(&values, "on_conflict")->integer;
    placement->on_missing_archive =
        (enum missing_archive)option_get(&values, "on_missing_archive")->integer;
    return 0;
}

int settings_read_batch(struct settings_reader *reader)
{
    struct option_values values;
    int code = read_section(reader, "batch", &settings_batch_table, &values);

    if (code < 0)
        return code;
    reader->settings->batch_documents = get_u32(&values, "documents");
    reader->settings->batch_wait_ms = get_u32(&values, "wait");
    return 0;
}

int settings_read_catalog(struct settings_reader *reader)
{
    struct option_values values;
    int code = read_section(reader, "catalog", &settings_catalog_table, &values);

    if (code < 0)
        return code;
    reader->settings->catalog_on_damage =
        (enum damage_policy)option_get(&values, "on_damage")->integer;
    return 0;
}

int settings_read_watchdog(struct settings_reader *reader)
{
    struct option_values values;
    int code = read_section(reader, "watchdog", &settings_watchdog_table, &values);

    if (code < 0)
        return code;
    reader->settings->watchdog_stall_ms = get_u32(&values, "stall");
    return 0;
}
