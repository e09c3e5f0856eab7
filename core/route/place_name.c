/* route/place: the names that a document may take.
 *
 * Called by place.c. A name and its sidecar's share one number. The numbers end: beyond some dozen
 * they tell nobody anything, and asking for each of thousands would make filing the n-th index.html
 * cost n look-ups. Behind them the name carries digits of the document's own digest, so that the
 * same bytes meet under the same name there, too.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "route/place_part.h"
#include "route/template.h"

#define HASH_BYTES         6
#define SIDECAR_SUFFIX_LEN (sizeof TEMPLATE_SIDECAR_SUFFIX - 1)

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static bool is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= NAME_BYTES_MAX && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool in_same_folder(const char *target, const char *sidecar)
{
    size_t len = (size_t)(last_component(target) - target);

    return (size_t)(last_component(sidecar) - sidecar) == len && memcmp(target, sidecar, len) == 0;
}

/* "NAME" + suffix, which the caller knows to fit. */
static void append_suffix(const char *name, char out_sidecar[NAME_SIZE])
{
    size_t len = strlen(name);

    assert(len + SIDECAR_SUFFIX_LEN <= NAME_BYTES_MAX);
    memcpy(out_sidecar, name, len);
    memcpy(out_sidecar + len, TEMPLATE_SIDECAR_SUFFIX, SIDECAR_SUFFIX_LEN + 1);
}

static bool follows(const char *name, const char *sidecar)
{
    size_t len = strlen(name);

    return strncmp(sidecar, name, len) == 0 && strcmp(sidecar + len, TEMPLATE_SIDECAR_SUFFIX) == 0;
}

int place_names_init(struct placing *placing)
{
    const struct placement *placement = placing->placement;
    const char *name = last_component(placement->target);
    const char *sidecar = last_component(placement->sidecar);
    bool has_sidecar = placement->sidecar[0] != '\0';

    if (!is_name(name))
        return -EBADMSG;
    if (has_sidecar && (!is_name(sidecar) || strcmp(name, sidecar) == 0 ||
                        !in_same_folder(placement->target, placement->sidecar)))
        return -EBADMSG;
    memcpy(placing->base, name, strlen(name) + 1);
    memcpy(placing->base_sidecar, sidecar, strlen(sidecar) + 1);
    placing->sidecar_follows = follows(name, sidecar);
    snprintf(placing->temporary, sizeof placing->temporary, ".taxond-%s.tmp", placement->id.text);
    snprintf(placing->staged, sizeof placing->staged, PLACE_STAGED_FORMAT, placement->id.text);
    snprintf(placing->part, sizeof placing->part, ".taxond-%s.part", placement->id.text);
    return 0;
}

static int suffix_of_hash(const struct placing *placing, char out_suffix[DIGEST_HEX_SIZE])
{
    struct digest digest;
    uint64_t size;

    if (placing->placement->digest != NULL) {
        digest = *placing->placement->digest;
    } else {
        int code =
            placing->source_fd < 0 ? -ENOENT : digest_of_fd(placing->source_fd, &digest, &size);
        if (code < 0)
            return code;
    }
    hex_encode(digest.bytes, HASH_BYTES, out_suffix);
    return 0;
}

int place_names_set(struct placing *placing, unsigned number)
{
    char suffix[DIGEST_HEX_SIZE] = "";
    size_t bytes_max = NAME_BYTES_MAX - (placing->sidecar_follows ? SIDECAR_SUFFIX_LEN : 0);
    int code = 0;

    placing->number = number;
    if (number == 1) {
        memcpy(placing->name, placing->base, sizeof placing->name);
        memcpy(placing->sidecar, placing->base_sidecar, sizeof placing->sidecar);
        return 0;
    }
    if (number == PLACE_NUMBER_HASH)
        code = suffix_of_hash(placing, suffix);
    else if (number == PLACE_NUMBER_ID)
        snprintf(suffix, sizeof suffix, "%s", placing->placement->id.text);
    else
        snprintf(suffix, sizeof suffix, "%u", number);
    if (code < 0)
        return code;
    name_with_suffix(placing->base, suffix, bytes_max, placing->name);
    if (placing->sidecar_follows)
        append_suffix(placing->name, placing->sidecar);
    else if (placing->base_sidecar[0] != '\0')
        name_with_suffix(placing->base_sidecar, suffix, NAME_BYTES_MAX, placing->sidecar);
    return 0;
}
