/* head: collects what a page says of itself in its markup.
 *
 * Called by the walk for each element that may say something. It only collects; facts.c judges.
 * Which names mean what: the Open Graph protocol, schema.org, Dublin Core, and for Chinese
 * government sites the names that the State Council's office prescribes (网站域名和网页标签规范:
 * ArticleTitle, PubDate, ContentSource, ColumnName, SiteName, Author).
 */
#include "head.h"

#include <string.h>
#include <strings.h>

#include "word.h"

#define SCRIPT_LOOK_MAX ((size_t)64 << 10)

static const struct meta_name {
    const char *name;
    const char *from;
    size_t field;
    unsigned rank;
} meta_names[] = {
#define FIELD(member) offsetof(struct head, member)
    {"articletitle", "meta ArticleTitle", FIELD(own_title), 1},
    {"og:title", "meta og:title", FIELD(own_title), 2},
    {"twitter:title", "meta twitter:title", FIELD(own_title), 3},
    {"og:url", "meta og:url", FIELD(url), 2},
    {"sitename", "meta SiteName", FIELD(site), 1},
    {"og:site_name", "meta og:site_name", FIELD(site), 2},
    {"application-name", "meta application-name", FIELD(site), 3},
    {"author", "meta author", FIELD(author), 1},
    {"article:author", "meta article:author", FIELD(author), 2},
    {"dc.creator", "meta DC.creator", FIELD(author), 3},
    {"description", "meta description", FIELD(description), 1},
    {"og:description", "meta og:description", FIELD(description), 2},
    {"pubdate", "meta PubDate", FIELD(published), 1},
    {"article:published_time", "meta article:published_time", FIELD(published), 2},
    {"og:published_time", "meta og:published_time", FIELD(published), 3},
    {"datepublished", "itemprop datePublished", FIELD(published), 4},
    {"publishdate", "meta publishdate", FIELD(published), 5},
    {"publish-date", "meta publish-date", FIELD(published), 5},
    {"publish_date", "meta publish_date", FIELD(published), 5},
    {"publish_time", "meta publish_time", FIELD(published), 5},
    {"parsely-pub-date", "meta parsely-pub-date", FIELD(published), 5},
    {"sailthru.date", "meta sailthru.date", FIELD(published), 5},
    {"weibo:article:create_at", "meta weibo:article:create_at", FIELD(published), 5},
    {"weibo: article:create_at", "meta weibo:article:create_at", FIELD(published), 5},
    {"dc.date.issued", "meta DC.date.issued", FIELD(published), 6},
    {"dcterms.issued", "meta DCTERMS.issued", FIELD(published), 6},
    {"dc.date", "meta DC.date", FIELD(published), 7},
    {"dcterms.created", "meta DCTERMS.created", FIELD(published), 7},
    {"date", "meta date", FIELD(published), 8},
    {"contentsource", "meta ContentSource", FIELD(source), 1},
    {"columnname", "meta ColumnName", FIELD(column), 1},
#undef FIELD
};

static void offer(struct head_text *field, const char *text, size_t len, const char *from,
                  unsigned rank)
{
    if (len > 0 && (field->text == NULL || rank < field->rank)) {
        *field = (struct head_text){.text = text, .len = len, .from = from, .rank = rank};
    }
}

/* The label behind "charset=" in "text/html; charset=gb2312". */
static void take_content_type(struct head *head, const char *value, size_t len)
{
    for (size_t i = 0; i + 8 < len; i++) {
        if (strncasecmp(value + i, "charset=", 8) == 0) {
            size_t begin = i + 8;
            size_t end = begin;

            while (end < len && strchr(" ;,\"'\t\r\n", value[end]) == NULL) {
                end++;
            }
            offer(&head->charset, value + begin, end - begin, "meta http-equiv Content-Type", 2);
            return;
        }
    }
}

static void take_meta(struct head *head, const struct tree_node *node)
{
    const struct tree_attribute none = {"", 0, "", 0};
    struct tree_attribute attribute;
    struct tree_attribute names[3] = {none, none, none}; /* name, property, itemprop */
    struct tree_attribute content = none;
    int is_content_type = 0;

    for (const void *at = NULL; tree_attribute(node, &at, &attribute);) {
        if (word_is(attribute.name, attribute.name_len, "name")) {
            names[0] = attribute;
        } else if (word_is(attribute.name, attribute.name_len, "property")) {
            names[1] = attribute;
        } else if (word_is(attribute.name, attribute.name_len, "itemprop")) {
            names[2] = attribute;
        } else if (word_is(attribute.name, attribute.name_len, "content")) {
            content = attribute;
        } else if (word_is(attribute.name, attribute.name_len, "charset")) {
            offer(&head->charset, attribute.value, attribute.value_len, "meta charset", 1);
        } else if (word_is(attribute.name, attribute.name_len, "http-equiv")) {
            is_content_type = word_is(attribute.value, attribute.value_len, "content-type");
        }
    }
    if (is_content_type) {
        take_content_type(head, content.value, content.value_len);
    }
    for (size_t n = 0; n < 3 && content.value_len > 0; n++) {
        for (size_t i = 0; names[n].value_len > 0 && i < sizeof(meta_names) / sizeof(*meta_names);
             i++) {
            const struct meta_name *known = &meta_names[i];

            if (word_is(names[n].value, names[n].value_len, known->name)) {
                offer((struct head_text *)(void *)((char *)head + known->field), content.value,
                      content.value_len, known->from, known->rank);
            }
        }
    }
}

static int find(const struct tree_node *node, const char *name, struct tree_attribute *out)
{
    for (const void *at = NULL; tree_attribute(node, &at, out);) {
        if (word_is(out->name, out->name_len, name)) {
            return 1;
        }
    }
    return 0;
}

static void take_link(struct head *head, const struct tree_node *node)
{
    struct tree_attribute rel;
    struct tree_attribute href;

    if (find(node, "rel", &rel) && word_is(rel.value, rel.value_len, "canonical") &&
        find(node, "href", &href)) {
        offer(&head->url, href.value, href.value_len, "link rel=canonical", 1);
    }
}

/* <time datetime>: of the article where it says so, else of whatever stands first. */
static void take_time(struct head *head, const struct tree_node *node)
{
    struct tree_attribute attribute;
    struct tree_attribute date;
    int published = find(node, "pubdate", &attribute) ||
                    (find(node, "itemprop", &attribute) &&
                     word_is(attribute.value, attribute.value_len, "datePublished"));

    if (find(node, "datetime", &date)) {
        offer(&head->published, date.value, date.value_len,
              published ? "time itemprop=datePublished" : "time datetime",
              published ? 3 : HEAD_RANK_UNSURE);
    }
}

/* JSON-LD: the string behind "datePublished", wherever it is nested. */
static void take_script(struct head *head, const struct tree_node *node)
{
    static const char key[] = "\"datePublished\"";
    const struct tree_node *child = tree_child(node);
    struct tree_attribute type;
    const char *text;
    const char *at;
    const char *end;
    size_t len;

    if (child == NULL || !find(node, "type", &type) ||
        !word_is(type.value, type.value_len, "application/ld+json")) {
        return;
    }
    text = tree_text(child, &len);
    len = len > SCRIPT_LOOK_MAX ? SCRIPT_LOOK_MAX : len;
    at = memmem(text, len, key, sizeof(key) - 1);
    if (at == NULL) {
        return;
    }
    at += sizeof(key) - 1;
    end = text + len;
    while (at < end && strchr(" \t\r\n:", *at) != NULL && *at != '\0') {
        at++;
    }
    if (at < end && *at == '"') {
        const char *close = memchr(at + 1, '"', (size_t)(end - at) - 1);

        if (close != NULL) {
            offer(&head->published, at + 1, (size_t)(close - at) - 1, "JSON-LD datePublished", 2);
        }
    }
}

/* The first piece of text within, one or two levels down. */
static void take_child_text(struct head_text *field, const struct tree_node *node, const char *from,
                            unsigned rank)
{
    const struct tree_node *child = tree_child(node);
    const char *text;
    size_t len;

    if (child != NULL && tree_element(child) != ELEMENT_TEXT) {
        child = tree_child(child);
    }
    if (child != NULL && tree_element(child) == ELEMENT_TEXT) {
        text = tree_text(child, &len);
        offer(field, text, len, from, rank);
    }
}

void head_take(struct head *head, const struct tree_node *node, enum element element)
{
    struct tree_attribute attribute;

    switch (element) {
    case ELEMENT_META:
        take_meta(head, node);
        break;
    case ELEMENT_LINK:
        take_link(head, node);
        break;
    case ELEMENT_TIME:
        take_time(head, node);
        break;
    case ELEMENT_SCRIPT:
        take_script(head, node);
        break;
    case ELEMENT_TITLE:
        take_child_text(&head->title, node, "title element", 1);
        break;
    case ELEMENT_HTML:
        if (find(node, "lang", &attribute)) {
            offer(&head->language, attribute.value, attribute.value_len, "html lang", 1);
        }
        break;
    case ELEMENT_A:
        if (find(node, "rel", &attribute) &&
            word_is(attribute.value, attribute.value_len, "author")) {
            take_child_text(&head->author, node, "link rel=author", 4);
        }
        break;
    default:
        break;
    }
}
