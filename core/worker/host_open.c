/* worker/host_open: the host's functions for open(): options, files, labels, memory, folding.
 *
 * Called by plugins only, while worker/plugin calls their open(). Nothing here may be called later:
 * after open() the worker is locked down, and what was declared is the manifest.
 */
#include "worker/host.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "config/options.h"
#include "config/yaml.h"
#include "text/fold.h"
#include "worker/border.h"
#include "worker/plugin.h"

/* The first mistake is what the user is told: those after it often follow from it. */
static struct err *mistake_of(struct host *host)
{
    return host->mistake.text[0] == '\0' ? &host->mistake : NULL;
}

static const struct taxon_value *host_option(struct taxon_opening *opening, const char *name)
{
    struct host *host = host_of_opening(opening);

    if (host == NULL || border_strlen(name, BORDER_STRING_MAX) < 0)
        return NULL;
    return option_find(&host->plugin->options, name);
}

/* Where the option was written, or the plugin's own section. */
static const struct taxon_node *node_of_option(const struct plugin *plugin, const char *name)
{
    const struct option_values *values = &plugin->options;

    for (size_t i = 0; i < values->table->count; i++) {
        const struct taxon_option *row =
            TAXON_AT(struct taxon_option, values->table->rows, values->table->stride, i);
        if (strcmp(row->name, name) == 0 && values->nodes[i] != NULL)
            return values->nodes[i];
    }
    return plugin->settings->node;
}

/* Puts where the option was written in front of `reason`, for what is wrong with a file. */
static void report_file(struct host *host, const char *option, const struct err *reason)
{
    const struct taxon_node *node = node_of_option(host->plugin, option);

    if (node != NULL)
        yaml_error(mistake_of(host), node, "option '%s': %s", option, reason->text);
    else
        err_set(mistake_of(host), -EINVAL, "option '%s': %s", option, reason->text);
}

static int find_resource(struct host *host, const char *option, size_t index,
                         struct resource **out_resource)
{
    struct err err = {""};
    const struct taxon_value *value = NULL;

    if (border_strlen(option, BORDER_STRING_MAX) >= 0)
        value = option_find(&host->plugin->options, option);
    if (value == NULL)
        return err_set(&host->hint, -EINVAL, "it asked for the file of an option it does not have");
    if (value->type == 0)
        return -ENOENT;
    if (value->type != TAXON_OPTION_PATH)
        return err_set(&host->hint, -EINVAL, "option '%s' is no path", option);
    int code = resources_get(host->resources, host->plugin->index, option, index, value,
                             out_resource, &err);
    if (code < 0 && err.text[0] != '\0')
        report_file(host, option, &err);
    return code;
}

static int32_t host_resource(struct taxon_opening *opening, const char *option, size_t index,
                             struct taxon_resource *out_resource)
{
    struct host *host = host_of_opening(opening);
    struct taxon_resource result;
    struct resource *resource;

    if (host == NULL)
        return -EPERM;
    if (!border_read(&result, sizeof result, out_resource,
                     BORDER_SIZE_1_0(struct taxon_resource, sha256)))
        return err_set(&host->hint, -EINVAL, "struct taxon_resource without its struct_size");
    int code = find_resource(host, option, index, &resource);
    if (code < 0)
        return code;
    result.path = resource->path;
    result.data = resource->data;
    result.data_len = resource->data_len;
    memcpy(result.sha256, resource->digest.bytes, sizeof result.sha256);
    /* Not past what the plugin has; what it has beyond this host's struct stays as it was. */
    memcpy(out_resource, &result,
           result.struct_size < sizeof result ? result.struct_size : sizeof result);
    return 0;
}

static int32_t host_yaml(struct taxon_opening *opening, const char *option, size_t index,
                         const struct taxon_node **out_root)
{
    struct host *host = host_of_opening(opening);
    struct resource *resource;

    if (host == NULL)
        return -EPERM;
    if (out_root == NULL)
        return -EINVAL;
    int code = find_resource(host, option, index, &resource);
    if (code < 0)
        return code;
    code = resources_tree(host->resources, resource, mistake_of(host));
    if (code < 0)
        return code;
    *out_root = resource->tree;
    return 0;
}

static void host_mistake(struct taxon_opening *opening, const struct taxon_node *node,
                         const char *message)
{
    struct host *host = host_of_opening(opening);

    if (host == NULL)
        return;
    const char *line = border_line(&host->scratch, message, ERR_TEXT_MAX / 2);
    if (line == NULL || line[0] == '\0')
        line = "a mistake that the plugin does not explain";
    if (node == NULL)
        node = host->plugin->settings->node;
    if (node != NULL)
        yaml_error(mistake_of(host), node, "%s", line);
    else
        err_set(mistake_of(host), -EINVAL, "%s", line);
}

static int32_t host_declare_label(struct taxon_opening *opening,
                                  const struct taxon_label_decl *label)
{
    struct host *host = host_of_opening(opening);
    struct taxon_label_decl copy;

    if (host == NULL)
        return -EPERM;
    if (!border_read(&copy, sizeof copy, label,
                     BORDER_SIZE_1_0(struct taxon_label_decl, threshold)))
        return err_set(&host->hint, -EINVAL, "struct taxon_label_decl without its struct_size");
    return vocabulary_add(&host->plugin->vocabulary, &copy, &host->hint);
}

static void *host_keep(struct taxon_opening *opening, size_t size)
{
    struct host *host = host_of_opening(opening);

    return host == NULL ? NULL : arena_alloc(&host->plugin->arena, size);
}

static int32_t host_fold(struct taxon_opening *opening, const char *text, size_t text_len,
                         const char **out_folded, size_t *out_folded_len)
{
    struct host *host = host_of_opening(opening);
    struct folded folded;

    if (host == NULL)
        return -EPERM;
    if (text == NULL || out_folded == NULL || out_folded_len == NULL || text_len >= UINT32_MAX)
        return -EINVAL;
    if (!utf8_is_valid(text, text_len))
        return -EILSEQ;
    /* A lexicon folds many thousand terms; their maps are of no use to it. */
    arena_reset(&host->scratch);
    int code = fold_text(&host->scratch, text, text_len, &folded);
    if (code < 0)
        return code;
    const char *copy = arena_strndup(&host->plugin->arena, folded.text, folded.len);
    if (copy == NULL)
        return -ENOMEM;
    *out_folded = copy;
    *out_folded_len = folded.len;
    return 0;
}

/* There is no record to keep it in yet, so it goes where the worker's standard error goes. */
static void host_log_open(struct taxon_opening *opening, uint32_t level, const char *line)
{
    struct host *host = host_of_opening(opening);

    if (host == NULL || border_strlen(line, BORDER_STRING_MAX) < 0)
        return;
    log_line(level > TAXON_LOG_ERROR ? LOG_LEVEL_ERROR : (enum log_level)level, "plugin '%s': %s",
             host->plugin->settings->name, line);
}

void host_fill_open(struct taxon_host *table)
{
    table->option = host_option;
    table->resource = host_resource;
    table->yaml = host_yaml;
    table->mistake = host_mistake;
    table->declare_label = host_declare_label;
    table->keep = host_keep;
    table->fold = host_fold;
    table->log_open = host_log_open;
}
