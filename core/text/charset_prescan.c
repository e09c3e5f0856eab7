/* text/charset_prescan: the charset that a page of HTML, an XML document or a style sheet declares
 * in its first bytes.
 *
 * Called by the worker before it decodes a document, for a hint that tips the balance between
 * charsets that fit the bytes nearly alike. The algorithm is that of the HTML standard ("prescan a
 * byte stream to determine its encoding", section 13.2.3.2), over four times as many bytes, since
 * pages that put scripts first are common; where it finds nothing, the XML declaration (XML 1.0,
 * section 4.3.3) or @charset (CSS Syntax 3, section 3.2) counts. What it finds is a claim: pages
 * are re-encoded and keep declaring what they were.
 */
#include "text/charset_prescan.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define LOOK_LEN ((size_t)4096)

struct scan {
    const char *at;
    const char *end;
};

struct piece {
    const char *text;
    size_t len;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is(const struct piece *piece, const char *want)
{
    return piece->len == strlen(want) && strncasecmp(piece->text, want, piece->len) == 0;
}

static void skip_spaces(struct scan *scan, bool slashes)
{
    while (scan->at < scan->end && (is_space(*scan->at) || (slashes && *scan->at == '/')))
        scan->at++;
}

static void skip_past(struct scan *scan, const char *mark)
{
    const char *found = memmem(scan->at, (size_t)(scan->end - scan->at), mark, strlen(mark));

    scan->at = found == NULL ? scan->end : found + strlen(mark);
}

static struct piece take_value(struct scan *scan)
{
    struct piece value = {scan->at, 0};

    if (scan->at < scan->end && (*scan->at == '"' || *scan->at == '\'')) {
        char quote = *scan->at++;
        const char *close = memchr(scan->at, quote, (size_t)(scan->end - scan->at));
        value.text = scan->at;
        value.len = (size_t)((close == NULL ? scan->end : close) - scan->at);
        scan->at = close == NULL ? scan->end : close + 1;
        return value;
    }
    while (scan->at < scan->end && !is_space(*scan->at) && *scan->at != '>')
        scan->at++;
    value.len = (size_t)(scan->at - value.text);
    return value;
}

/* The next attribute of a tag; false at its end. */
static bool take_attribute(struct scan *scan, struct piece *out_name, struct piece *out_value)
{
    skip_spaces(scan, true);
    *out_name = (struct piece){scan->at, 0};
    *out_value = (struct piece){"", 0};
    if (scan->at == scan->end || *scan->at == '>')
        return false;
    scan->at++; /* an equals sign may begin a name */
    while (scan->at < scan->end && !is_space(*scan->at) && strchr("/>=", *scan->at) == NULL)
        scan->at++;
    out_name->len = (size_t)(scan->at - out_name->text);
    skip_spaces(scan, false);
    if (scan->at < scan->end && *scan->at == '=') {
        scan->at++;
        skip_spaces(scan, false);
        *out_value = take_value(scan);
    }
    return true;
}

/* What stands behind "charset=" in "text/html; charset=gb2312". */
static struct piece charset_in(const struct piece *content)
{
    struct scan scan = {content->text, content->text + content->len};

    for (; scan.end - scan.at >= 7; scan.at++) {
        if (strncasecmp(scan.at, "charset", 7) != 0)
            continue;
        struct scan behind = {scan.at + 7, scan.end};
        skip_spaces(&behind, false);
        if (behind.at == behind.end || *behind.at != '=')
            continue;
        behind.at++;
        skip_spaces(&behind, false);
        struct piece value = take_value(&behind);
        const char *semicolon = memchr(value.text, ';', value.len);
        if (semicolon != NULL)
            value.len = (size_t)(semicolon - value.text);
        return value;
    }
    return (struct piece){"", 0};
}

/* A label is printed and compared: nothing but what labels are made of. */
static bool keep_label(struct piece label, char out_label[CHARSET_LABEL_SIZE])
{
    while (label.len > 0 && is_space(*label.text))
        label.text++, label.len--;
    while (label.len > 0 && is_space(label.text[label.len - 1]))
        label.len--;
    if (label.len == 0 || label.len >= CHARSET_LABEL_SIZE)
        return false;
    for (size_t i = 0; i < label.len; i++) {
        char c = label.text[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && (c == '\0' || strchr("-_:.+", c) == NULL))
            return false;
    }
    memcpy(out_label, label.text, label.len);
    out_label[label.len] = '\0';
    return true;
}

static bool take_meta(struct scan *scan, char out_label[CHARSET_LABEL_SIZE])
{
    struct piece name;
    struct piece value;
    struct piece charset = {"", 0};
    struct piece content = {"", 0};
    bool is_content_type = false;

    while (take_attribute(scan, &name, &value)) {
        if (is(&name, "charset"))
            charset = value;
        else if (is(&name, "content"))
            content = value;
        else if (is(&name, "http-equiv"))
            is_content_type = is(&value, "content-type");
    }
    return keep_label(charset, out_label) ||
           (is_content_type && keep_label(charset_in(&content), out_label));
}

/* Past the tag that `scan` stands in; a '>' within a quoted value does not end it. */
static void skip_tag(struct scan *scan)
{
    struct piece name;
    struct piece value;

    while (scan->at < scan->end && !is_space(*scan->at) && *scan->at != '>')
        scan->at++;
    while (take_attribute(scan, &name, &value))
        ;
}

static int prescan_tags(struct scan scan, char out_label[CHARSET_LABEL_SIZE])
{
    while ((scan.at = memchr(scan.at, '<', (size_t)(scan.end - scan.at))) != NULL) {
        size_t left = (size_t)(scan.end - scan.at);
        if (left >= 4 && memcmp(scan.at, "<!--", 4) == 0) {
            scan.at += 2; /* "<!-->" is a whole comment */
            skip_past(&scan, "-->");
        } else if (left >= 6 && strncasecmp(scan.at, "<meta", 5) == 0 &&
                   (is_space(scan.at[5]) || scan.at[5] == '/')) {
            scan.at += 5;
            if (take_meta(&scan, out_label))
                return 1;
        } else if (left >= 2 && (is_letter(scan.at[1]) ||
                                 (left >= 3 && scan.at[1] == '/' && is_letter(scan.at[2])))) {
            scan.at++;
            skip_tag(&scan);
        } else if (left >= 2 && strchr("!/?", scan.at[1]) != NULL && scan.at[1] != '\0') {
            skip_past(&scan, ">");
        } else {
            scan.at++;
        }
    }
    return 0;
}

/* <?xml version="1.0" encoding="…"?> at the very beginning. */
static int prescan_xml(struct scan scan, char out_label[CHARSET_LABEL_SIZE])
{
    struct piece name;
    struct piece value;

    if (scan.end - scan.at < 6 || memcmp(scan.at, "<?xml", 5) != 0 || !is_space(scan.at[5]))
        return 0;
    scan.at += 5;
    while (take_attribute(&scan, &name, &value) && name.text[0] != '?')
        if (is(&name, "encoding"))
            return keep_label(value, out_label);
    return 0;
}

/* @charset "…"; at the very beginning, in just these characters. */
static int prescan_css(struct scan scan, char out_label[CHARSET_LABEL_SIZE])
{
    static const char rule[] = "@charset \"";
    size_t len = sizeof rule - 1;

    if ((size_t)(scan.end - scan.at) < len || memcmp(scan.at, rule, len) != 0)
        return 0;
    scan.at += len - 1;
    return keep_label(take_value(&scan), out_label);
}

int charset_prescan(const void *raw, size_t raw_len, char out_label[CHARSET_LABEL_SIZE])
{
    struct scan scan = {raw, (const char *)raw + (raw_len < LOOK_LEN ? raw_len : LOOK_LEN)};

    out_label[0] = '\0';
    if (prescan_tags(scan, out_label))
        return 1;
    if (scan.end - scan.at >= 3 && memcmp(scan.at, "\xEF\xBB\xBF", 3) == 0)
        scan.at += 3;
    return prescan_xml(scan, out_label) || prescan_css(scan, out_label);
}
