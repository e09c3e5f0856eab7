/* Fuzz target: any bytes as a YAML file, and as the configuration.
 *
 * Beside what the sanitizers see, it checks what every reader of a tree relies on: what yaml.h and
 * taxon/types.h promise of each node, and that an error says where.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_NAME "/fuzz/f.yaml"

/* Not assert(3): this must also hold in a build without assertions. */
static void must(int holds)
{
    if (!holds)
        abort();
}

static void check_node(const struct taxon_node *node, unsigned depth, size_t *count);

static void check_container(const struct taxon_node *node, unsigned depth, size_t *count)
{
    must(depth < YAML_DEPTH_MAX && node->text == NULL && node->items != NULL);
    must((node->keys != NULL) == (node->kind == TAXON_NODE_MAPPING));
    for (size_t i = 0; i < node->count; i++) {
        if (node->keys != NULL) {
            must(node->keys[i]->kind == TAXON_NODE_SCALAR);
            check_node(node->keys[i], depth + 1, count);
            /* Each key once: looking for it finds this one. */
            must(i >= 64 || yaml_get(node, node->keys[i]->text) == node->items[i]);
        }
        check_node(node->items[i], depth + 1, count);
    }
}

static void check_node(const struct taxon_node *node, unsigned depth, size_t *count)
{
    must(++*count <= YAML_NODES_MAX && node->struct_size == sizeof *node);
    must(node->line >= 1 && node->column >= 1 && strcmp(node->file, FILE_NAME) == 0);
    if (node->kind == TAXON_NODE_SCALAR)
        must(node->text != NULL && strlen(node->text) == node->text_len && node->quoted <= 1);
    else
        check_container(node, depth, count);
}

static void check_error(int code, const struct err *err)
{
    must(code == -EINVAL && strncmp(err->text, FILE_NAME ":", sizeof FILE_NAME) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct taxon_node *root = NULL;
    struct settings *settings = NULL;
    struct err err = {""};
    struct arena arena;
    size_t count = 0;

    arena_init(&arena, 0);
    int code = yaml_parse(&arena, FILE_NAME, (const char *)data, size, &root, &err);
    if (code == 0)
        check_node(root, 0, &count);
    else
        check_error(code, &err);
    arena_release(&arena);

    code = settings_parse(FILE_NAME, (const char *)data, size, &settings, &err);
    if (code == 0)
        must(settings->inbox_count >= 1 && settings->archive_count >= 1);
    else
        check_error(code, &err);
    settings_free(settings);
    return 0;
}
