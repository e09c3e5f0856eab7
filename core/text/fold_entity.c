/* text/fold_entity: character references that are left in a text because they were encoded twice.
 *
 * Called by the folding and by damage.c. A page that says &amp;nbsp; shows "&nbsp;": to read it as
 * what was meant, the references of the HTML standard (section 13.5) that pages are full of are
 * known here, in both spellings, with their semicolon. The text itself keeps them.
 */
#include "text/fold_entity.h"

#include <string.h>

#define NAME_MAX_LEN 8 /* with the semicolon */

static const struct entity {
    const char *name; /* behind the '&' */
    struct fold_action action;
} entities[] = {
    {"nbsp;", {.kind = FOLD_SPACE}},
    {"ensp;", {.kind = FOLD_SPACE}},
    {"emsp;", {.kind = FOLD_SPACE}},
    {"#160;", {.kind = FOLD_SPACE}},
    {"#xa0;", {.kind = FOLD_SPACE}},
    {"#32;", {.kind = FOLD_SPACE}},
    {"#12288;", {.kind = FOLD_SPACE}},
    {"amp;", {.utf8 = "&", .len = 1, .kind = FOLD_SHORTER}},
    {"#38;", {.utf8 = "&", .len = 1, .kind = FOLD_SHORTER}},
    {"lt;", {.utf8 = "<", .len = 1, .kind = FOLD_SHORTER}},
    {"#60;", {.utf8 = "<", .len = 1, .kind = FOLD_SHORTER}},
    {"gt;", {.utf8 = ">", .len = 1, .kind = FOLD_SHORTER}},
    {"#62;", {.utf8 = ">", .len = 1, .kind = FOLD_SHORTER}},
    {"quot;", {.utf8 = "\"", .len = 1, .kind = FOLD_SHORTER}},
    {"#34;", {.utf8 = "\"", .len = 1, .kind = FOLD_SHORTER}},
    {"apos;", {.utf8 = "'", .len = 1, .kind = FOLD_SHORTER}},
    {"#39;", {.utf8 = "'", .len = 1, .kind = FOLD_SHORTER}},
    {"#039;", {.utf8 = "'", .len = 1, .kind = FOLD_SHORTER}},
    {"#x27;", {.utf8 = "'", .len = 1, .kind = FOLD_SHORTER}},
    {"ldquo;", {.utf8 = "“", .len = 3, .kind = FOLD_SHORTER}},
    {"#8220;", {.utf8 = "“", .len = 3, .kind = FOLD_SHORTER}},
    {"rdquo;", {.utf8 = "”", .len = 3, .kind = FOLD_SHORTER}},
    {"#8221;", {.utf8 = "”", .len = 3, .kind = FOLD_SHORTER}},
    {"lsquo;", {.utf8 = "‘", .len = 3, .kind = FOLD_SHORTER}},
    {"#8216;", {.utf8 = "‘", .len = 3, .kind = FOLD_SHORTER}},
    {"rsquo;", {.utf8 = "’", .len = 3, .kind = FOLD_SHORTER}},
    {"#8217;", {.utf8 = "’", .len = 3, .kind = FOLD_SHORTER}},
    {"ndash;", {.utf8 = "–", .len = 3, .kind = FOLD_SHORTER}},
    {"#8211;", {.utf8 = "–", .len = 3, .kind = FOLD_SHORTER}},
    {"mdash;", {.utf8 = "—", .len = 3, .kind = FOLD_SHORTER}},
    {"#8212;", {.utf8 = "—", .len = 3, .kind = FOLD_SHORTER}},
    {"hellip;", {.utf8 = "…", .len = 3, .kind = FOLD_SHORTER}},
    {"#8230;", {.utf8 = "…", .len = 3, .kind = FOLD_SHORTER}},
    {"middot;", {.utf8 = "·", .len = 2, .kind = FOLD_SHORTER}},
    {"#183;", {.utf8 = "·", .len = 2, .kind = FOLD_SHORTER}},
    {"bull;", {.utf8 = "•", .len = 3, .kind = FOLD_SHORTER}},
    {"times;", {.utf8 = "×", .len = 2, .kind = FOLD_SHORTER}},
    {"copy;", {.utf8 = "©", .len = 2, .kind = FOLD_SHORTER}},
    {"reg;", {.utf8 = "®", .len = 2, .kind = FOLD_SHORTER}},
};

const struct fold_action *fold_entity(const char *at, const char *end, size_t *out_len)
{
    const char *name = at + 1;
    size_t left = (size_t)(end - name);
    const char *stop = memchr(name, ';', left < NAME_MAX_LEN ? left : NAME_MAX_LEN);

    if (stop == NULL)
        return NULL;
    size_t len = (size_t)(stop + 1 - name);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (strlen(entities[i].name) == len && memcmp(entities[i].name, name, len) == 0) {
            *out_len = len + 1;
            return &entities[i].action;
        }
    }
    return NULL;
}

size_t fold_entity_count(const char *text, const char *end)
{
    size_t count = 0;
    size_t len;

    for (const char *at = text; (at = memchr(at, '&', (size_t)(end - at))) != NULL; at++)
        count += fold_entity(at, end, &len) != NULL;
    return count;
}
