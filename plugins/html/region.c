/* region: which containers a page has, and which to believe.
 *
 * Called by the walk, for elements and for class and id attributes. Names lie: a form may be
 * wrapped around the whole page (as some servers' frameworks do), a class "with-sidebar" stands on
 * what is beside the sidebar. So each region counts what is in it, and is believed once all is
 * known.
 */
#include "region.h"

#include <errno.h>
#include <string.h>

#include "names.h"

#define REGIONS_MAX    65536u
#define WORDS_LOOK_MAX 256u  /* bytes of an attribute that are looked at */
#define FORM_TEXT_MAX  1500u /* bytes of text, without links, in a form that is one */
#define SMALL_TEXT     600u  /* so little text is no article */

int regions_init(struct regions *regions, struct taxon_task *task)
{
    regions->size = 64;
    regions->rows = task->host->alloc(task, regions->size * sizeof(*regions->rows));
    if (regions->rows == NULL) {
        return -ENOMEM;
    }
    regions->count = 1;
    return 0;
}

uint32_t regions_add(struct regions *regions, struct taxon_task *task, uint32_t kind,
                     uint32_t parent)
{
    if (regions->rows[parent].kind == kind && kind != TAXON_BLOCK_FORM) {
        return parent;
    }
    if (regions->count == regions->size) {
        size_t size = (size_t)regions->size * 2;
        struct region *rows =
            size > REGIONS_MAX ? NULL : task->host->alloc(task, size * sizeof(*rows));

        if (rows == NULL) {
            return parent;
        }
        memcpy(rows, regions->rows, regions->count * sizeof(*rows));
        regions->rows = rows;
        regions->size = (uint32_t)size;
    }
    regions->rows[regions->count] = (struct region){.kind = kind, .parent = parent};
    return regions->count++;
}

static int is_believed(const struct region *region, const struct region *page)
{
    uint64_t plain = region->text_bytes - region->link_bytes;
    uint64_t all = page->text_bytes - page->link_bytes;

    switch (region->kind) {
    case TAXON_BLOCK_FORM:
        return region->inputs > 0 && region->titles == 0 && plain <= FORM_TEXT_MAX &&
               (plain <= SMALL_TEXT / 3 || plain * 3 <= all);
    case TAXON_BLOCK_NAV:
        return plain <= SMALL_TEXT || plain <= region->link_bytes * 2;
    case TAXON_BLOCK_HEADER:
        return plain <= SMALL_TEXT || plain * 10 <= all;
    default:
        return plain <= SMALL_TEXT || plain * 2 <= all;
    }
}

void regions_settle(struct regions *regions)
{
    /* A region comes after the one that it is in. */
    for (uint32_t i = regions->count; i-- > 1;) {
        struct region *region = &regions->rows[i];
        struct region *parent = &regions->rows[region->parent];

        parent->text_bytes += region->text_bytes;
        parent->link_bytes += region->link_bytes;
        parent->inputs += region->inputs;
        parent->titles += region->titles;
    }
    for (uint32_t i = 1; i < regions->count; i++) {
        struct region *region = &regions->rows[i];

        region->settled = is_believed(region, &regions->rows[0])
                              ? region->kind
                              : regions->rows[region->parent].settled;
    }
}

/* Parts of names, by first letter; those of Chinese sites are pinyin, whole or its initials. */
static uint32_t kind_of_part(const char *part, size_t len)
{
    static const struct {
        const char *part;
        uint32_t kind;
    } parts[] = {
        {"banquan", TAXON_BLOCK_FOOTER}, /* 版权 */
        {"bottom", TAXON_BLOCK_FOOTER},    {"bread", TAXON_BLOCK_NAV},
        {"breadcrumb", TAXON_BLOCK_NAV},   {"breadcrumbs", TAXON_BLOCK_NAV},
        {"caidan", TAXON_BLOCK_NAV},   /* 菜单 */
        {"cebian", TAXON_BLOCK_ASIDE}, /* 侧边 */
        {"copyright", TAXON_BLOCK_FOOTER}, {"crumb", TAXON_BLOCK_NAV},
        {"crumbs", TAXON_BLOCK_NAV},       {"dangqianweizhi", TAXON_BLOCK_NAV}, /* 当前位置 */
        {"daohang", TAXON_BLOCK_NAV},                                           /* 导航 */
        {"dqwz", TAXON_BLOCK_NAV},         {"foot", TAXON_BLOCK_FOOTER},
        {"footer", TAXON_BLOCK_FOOTER},    {"header", TAXON_BLOCK_HEADER},
        {"masthead", TAXON_BLOCK_HEADER},  {"mbx", TAXON_BLOCK_NAV}, /* 面包屑 */
        {"menu", TAXON_BLOCK_NAV},         {"mianbaoxie", TAXON_BLOCK_NAV},
        {"nav", TAXON_BLOCK_NAV},          {"navbar", TAXON_BLOCK_NAV},
        {"navi", TAXON_BLOCK_NAV},         {"navigation", TAXON_BLOCK_NAV},
        {"pager", TAXON_BLOCK_NAV},        {"pagination", TAXON_BLOCK_NAV},
        {"sidebar", TAXON_BLOCK_ASIDE},    {"sidenav", TAXON_BLOCK_NAV},
        {"sitemap", TAXON_BLOCK_NAV},      {"submenu", TAXON_BLOCK_NAV},
        {"subnav", TAXON_BLOCK_NAV},       {"toolbar", TAXON_BLOCK_NAV},
        {"topbar", TAXON_BLOCK_HEADER},    {"topnav", TAXON_BLOCK_NAV},
        {"weizhi", TAXON_BLOCK_NAV},    /* 位置 */
        {"yejiao", TAXON_BLOCK_FOOTER}, /* 页脚 */
        {"youlian", TAXON_BLOCK_NAV},   /* 友链 */
        {"yqlj", TAXON_BLOCK_NAV},      /* 友情链接 */
    };
    size_t low = 0;
    size_t high = sizeof(parts) / sizeof(parts[0]);

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strncmp(part, parts[middle].part, len);

        if (order == 0 && parts[middle].part[len] != '\0') {
            order = -1;
        }
        if (order == 0) {
            return parts[middle].kind;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

static int has(const char *words, size_t len, const char *part)
{
    return memmem(words, len, part, strlen(part)) != NULL;
}

/* Names written in Chinese: bytes that no part of the loop below takes. */
static uint32_t kind_of_chinese(const char *words, size_t len)
{
    if (has(words, len, "面包屑") || has(words, len, "导航") || has(words, len, "當前位置") ||
        has(words, len, "当前位置") || has(words, len, "菜单")) {
        return TAXON_BLOCK_NAV;
    }
    if (has(words, len, "页脚") || has(words, len, "頁腳") || has(words, len, "版权")) {
        return TAXON_BLOCK_FOOTER;
    }
    return has(words, len, "侧边") ? TAXON_BLOCK_ASIDE : 0;
}

/* A name on what lies around or beside a container: "content-with-sidebar", "has-menu". */
static int is_about_another(const char *part, size_t len)
{
    return (len == 4 && memcmp(part, "with", 4) == 0) ||
           (len == 3 && memcmp(part, "has", 3) == 0) || (len == 2 && memcmp(part, "no", 2) == 0) ||
           (len == 5 && memcmp(part, "title", 5) == 0) ||
           (len == 7 && memcmp(part, "content", 7) == 0) ||
           (len == 7 && memcmp(part, "article", 7) == 0) ||
           (len == 4 && memcmp(part, "post", 4) == 0) || (len == 4 && memcmp(part, "main", 4) == 0);
}

struct name_part {
    char text[NAME_PART_MAX];
    size_t len;
};

/* What the parts of one attribute have said. */
struct spoken {
    uint32_t kind;
    uint32_t names;
    int about_another;
};

static void add_letter(struct name_part *part, unsigned char letter)
{
    if (part->len < NAME_PART_MAX) {
        part->text[part->len] = (char)(letter | 0x20);
    }
    part->len += part->len < NAME_PART_MAX;
}

/* Looks a part up and empties it. */
static void look_up(struct name_part *part, struct spoken *spoken)
{
    if (part->len > 0 && part->len < NAME_PART_MAX) {
        spoken->about_another |= is_about_another(part->text, part->len);
        spoken->kind = spoken->kind != 0 ? spoken->kind : kind_of_part(part->text, part->len);
        spoken->names |= name_of_part(part->text, part->len);
    }
    part->len = 0;
}

/* "site-nav", "siteNav" and "SITE_NAV" are taken apart at the same places; "sideBar" is also looked
 * at as one word. */
uint32_t region_of_words(const char *words, size_t len, uint32_t *names)
{
    struct name_part part = {.len = 0};
    struct name_part word = {.len = 0};
    struct spoken spoken = {0};
    uint32_t kind = 0;
    int wide = 0;

    len = len > WORDS_LOOK_MAX ? WORDS_LOOK_MAX : len;
    for (size_t i = 0; i <= len; i++) {
        unsigned char c = i < len ? (unsigned char)words[i] : ' ';
        int upper = c >= 'A' && c <= 'Z';

        wide |= c >= 0x80;
        if (upper || (c >= 'a' && c <= 'z')) {
            if (upper && i > 0 && words[i - 1] >= 'a' && words[i - 1] <= 'z') {
                look_up(&part, &spoken);
            }
            add_letter(&part, c);
            add_letter(&word, c);
            continue;
        }
        look_up(&part, &spoken);
        look_up(&word, &spoken);
        if (c == ' ') {
            kind = kind == 0 && !spoken.about_another ? spoken.kind : kind;
            spoken.kind = 0;
            spoken.about_another = 0;
        }
    }
    *names |= spoken.names;
    return kind == 0 && wide ? kind_of_chinese(words, len) : kind;
}
