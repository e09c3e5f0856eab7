/* Fuzzes manifest_unpack. What is accepted finds each of its own labels, has parents that end, and
 * packed again is the same manifest.
 */
#include <assert.h>
#include <string.h>

#include "wire/form.h"
#include "wire/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_label(const struct manifest *manifest, size_t plugin,
                        const struct manifest_label *label)
{
    const struct manifest_label *at = label;
    size_t found = SIZE_MAX;

    assert(manifest_find(manifest, label->scheme, label->id, &found) == label);
    assert(found == plugin);
    assert(form_is_id(label->id) && form_is_share(label->threshold));
    for (int above = 0; at->parent[0] != '\0'; above++) {
        at = manifest_find(manifest, at->scheme, at->parent, NULL);
        assert(at != NULL && above < MANIFEST_DEPTH_MAX);
    }
}

static void check_again(struct arena *arena, const struct manifest *manifest, const uint8_t *data,
                        size_t size)
{
    struct strbuf packed = STRBUF_INIT;
    struct manifest *again = NULL;
    const char *why = NULL;

    manifest_pack(&packed, manifest);
    assert(packed.len == size && memcmp(packed.data, data, size) == 0);
    int result = manifest_unpack(arena, packed.data, packed.len, &again);
    assert(result == 0);
    assert(manifest_same(manifest, again, &why));
    strbuf_release(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct manifest *manifest = NULL;

    arena_init(&arena, 0);
    if (manifest_unpack(&arena, data, size, &manifest) == 0) {
        for (size_t i = 0; i < manifest->plugin_count; i++)
            for (size_t j = 0; j < manifest->plugins[i].label_count; j++)
                check_label(manifest, i, &manifest->plugins[i].labels[j]);
        check_again(&arena, manifest, data, size);
    }
    arena_release(&arena);
    return 0;
}
