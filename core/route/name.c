/* route/name: the names of files and folders in an archive.
 *
 * Called by route/template for each component of a path, by route/rules for the quarantine and by
 * route/place for the second and third of a name. Values come from whoever could write to an inbox:
 * nothing in them may climb, hide, break a line, or look like a sidecar or like one of taxond's own
 * files. Bytes that are no UTF-8 are kept: a name in GBK is still that document's name. It knows
 * nothing of what else is in the folder.
 */
#include "route/name.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "route/template.h"

#define EMPTY      "none"
#define OWN_PREFIX ".taxond" /* an inbox's own folder, and temporary files beside a target */
#define HASH_BYTES 4
#define HASH_LEN   (2 * HASH_BYTES)
#define CUT_LEN    (HASH_LEN + 2) /* "~xxxxxxxx~" */

size_t name_extension(const char *name, size_t len)
{
    for (size_t at = len; at-- > 1;) {
        if (name[at] == '.')
            return at + 1 < len && len - at <= NAME_EXTENSION_MAX ? at : len;
    }
    return len;
}

/* U+0080 to U+009F: control characters too, which a terminal may obey (ECMA-48). */
static bool is_c1_control(const char *text, size_t len)
{
    return len >= 2 && (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] < 0xA0;
}

void name_append_value(struct strbuf *path, size_t component, const char *value, size_t len)
{
    bool is_utf8 = utf8_is_valid(value, len); /* elsewhere C2 80 may be half a character of GBK */

    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool hides = byte == '.' && path->len == component;
        bool is_c1 = is_utf8 && is_c1_control(value + i, len - i);
        if (byte < 0x20 || byte == 0x7F || byte == '/' || hides || is_c1)
            strbuf_putc(path, '_');
        else
            strbuf_putc(path, (char)byte);
        i += is_c1;
    }
}

static bool begins_with(const char *name, size_t len, const char *prefix)
{
    size_t prefix_len = strlen(prefix);

    return len >= prefix_len && strncasecmp(name, prefix, prefix_len) == 0;
}

static bool ends_with(const char *name, size_t len, const char *suffix)
{
    size_t suffix_len = strlen(suffix);

    return len >= suffix_len && strncasecmp(name + len - suffix_len, suffix, suffix_len) == 0;
}

/* Without regard to case: some file systems have none. */
static void take_from_reserved(char *name, size_t len)
{
    bool is_dots = len <= 2 && strspn(name, ".") == len;

    if (is_dots)
        memset(name, '_', len);
    if (begins_with(name, len, OWN_PREFIX))
        name[0] = '_';
    if (ends_with(name, len, TEMPLATE_SIDECAR_SUFFIX))
        name[len - strlen(TEMPLATE_SIDECAR_SUFFIX)] = '_';
}

static bool is_inside_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* HEAD~HASH~TAIL.EXT: the tail stays because that is where long titles tend to differ. */
static int shorten(struct strbuf *path, size_t component, size_t bytes_max)
{
    const char *name = path->data + component;
    size_t len = path->len - component;
    size_t stem_len = name_extension(name, len);
    size_t room = bytes_max - CUT_LEN - (len - stem_len);
    size_t head = room * 2 / 3;
    size_t tail = stem_len - (room - head);
    struct digest digest;
    char hash[HASH_LEN + 1];
    char shortened[NAME_SIZE];
    size_t tail_len;

    if (digest_of_bytes(name, len, &digest) < 0)
        return -ENOMEM;
    hex_encode(digest.bytes, HASH_BYTES, hash);
    if (utf8_is_valid(name, len)) {
        head = utf8_floor(name, len, head);
        while (tail < stem_len && is_inside_character(name[tail]))
            tail++;
    }
    tail_len = len - tail; /* with the extension */
    assert(head + CUT_LEN + tail_len <= bytes_max);
    memcpy(shortened, name, head);
    shortened[head] = '~';
    memcpy(shortened + head + 1, hash, HASH_LEN);
    shortened[head + 1 + HASH_LEN] = '~';
    memcpy(shortened + head + CUT_LEN, name + tail, tail_len);
    path->len = component;
    strbuf_append(path, shortened, head + CUT_LEN + tail_len);
    return path->failed ? -ENOMEM : 0;
}

int name_finish(struct strbuf *path, size_t component, size_t bytes_max)
{
    assert(bytes_max <= NAME_BYTES_MAX && bytes_max > 2 * (CUT_LEN + NAME_EXTENSION_MAX));
    if (path->len == component)
        strbuf_puts(path, EMPTY);
    if (path->failed)
        return -ENOMEM;
    take_from_reserved(path->data + component, path->len - component);
    return path->len - component > bytes_max ? shorten(path, component, bytes_max) : 0;
}

void name_with_suffix(const char *name, const char *suffix, size_t bytes_max,
                      char out_name[NAME_SIZE])
{
    size_t len = strlen(name);
    size_t suffix_len = strlen(suffix);
    size_t stem_len = name_extension(name, len);
    size_t extension_len = len - stem_len;
    size_t fixed_len = 1 + suffix_len + extension_len;
    size_t kept = stem_len;

    assert(len <= NAME_BYTES_MAX && bytes_max <= NAME_BYTES_MAX && fixed_len < bytes_max);
    if (kept + fixed_len > bytes_max) {
        kept = bytes_max - fixed_len;
        if (utf8_is_valid(name, len))
            kept = utf8_floor(name, len, kept);
    }
    memcpy(out_name, name, kept);
    out_name[kept] = '-';
    memcpy(out_name + kept + 1, suffix, suffix_len);
    memcpy(out_name + kept + 1 + suffix_len, name + stem_len, extension_len + 1);
}
