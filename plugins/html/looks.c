/* looks: what the attributes of an element say that matters for the text in it.
 *
 * Called by the walk for each element. Style sheets are not read: what is hidden by one is text.
 */
#include "looks.h"

#include <string.h>
#include <strings.h>

#include "region.h"
#include "word.h"

uint64_t looks_hash(uint64_t hash, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)text[i]) * LOOKS_HASH_PRIME;
    }
    return hash;
}

/* The first word of a class attribute, without digits: post-1234 and post-1235 are one template. */
static uint64_t hash_class(const char *value, size_t len)
{
    uint64_t hash = LOOKS_HASH_START;
    size_t at = 0;

    while (at < len && (unsigned char)value[at] <= ' ') {
        at++;
    }
    for (; at < len && (unsigned char)value[at] > ' '; at++) {
        if (value[at] < '0' || value[at] > '9') {
            hash = looks_hash(hash, value + at, 1);
        }
    }
    return hash == LOOKS_HASH_START ? 0 : hash;
}

/* "display: none", in any case and with any white space. */
static int style_hides(const char *style, size_t len)
{
    for (size_t i = 0; i + 12 <= len; i++) {
        size_t at = i + 7;

        if ((style[i] | 0x20) != 'd' || strncasecmp(style + i, "display", 7) != 0) {
            continue;
        }
        while (at < len && (style[at] == ' ' || style[at] == ':')) {
            at++;
        }
        return len - at >= 4 && strncasecmp(style + at, "none", 4) == 0;
    }
    return 0;
}

static uint32_t region_of_role(const char *role, size_t len)
{
    return word_is(role, len, "navigation")      ? TAXON_BLOCK_NAV
           : word_is(role, len, "banner")        ? TAXON_BLOCK_HEADER
           : word_is(role, len, "contentinfo")   ? TAXON_BLOCK_FOOTER
           : word_is(role, len, "complementary") ? TAXON_BLOCK_ASIDE
                                                 : 0;
}

void looks_read(const struct tree_node *node, struct looks *looks)
{
    struct tree_attribute attribute;
    uint32_t kind = 0;

    *looks = (struct looks){0};
    for (const void *at = NULL; tree_attribute(node, &at, &attribute);) {
        const char *value = attribute.value;
        size_t len = attribute.value_len;

        if (word_is(attribute.name, attribute.name_len, "class")) {
            looks->class_hash = hash_class(value, len);
            kind = region_of_words(value, len, &looks->names);
        } else if (word_is(attribute.name, attribute.name_len, "id")) {
            kind = region_of_words(value, len, &looks->names);
        } else if (word_is(attribute.name, attribute.name_len, "role")) {
            kind = region_of_role(value, len);
        } else if (word_is(attribute.name, attribute.name_len, "style")) {
            looks->hidden |= style_hides(value, len);
        } else if (word_is(attribute.name, attribute.name_len, "hidden")) {
            looks->hidden = 1;
        } else if (word_is(attribute.name, attribute.name_len, "type")) {
            looks->is_hidden_input = word_is(value, len, "hidden");
        }
        looks->region = looks->region != 0 ? looks->region : kind;
    }
}
