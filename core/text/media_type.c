/* text/media_type: guesses a document's media type from its bytes and its name.
 *
 * Called by the worker before it chooses a reader. The bytes decide; the name only helps HTML that
 * is hardly marked up. It does not look inside containers and does not parse.
 */
#include "text/media_type.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define LOOK_LEN ((size_t)8 << 10)
#define TAGS     4 /* so many known tags early make HTML without any of its outer ones */

static const struct magic {
    size_t offset;
    size_t len;
    const char *bytes;
    const char *media_type;
} magics[] = {
    {0, 5, "%PDF-", "application/pdf"},
    {0, 8, "\x89PNG\r\n\x1A\n", "image/png"},
    {0, 3, "\xFF\xD8\xFF", "image/jpeg"},
    {0, 6, "GIF87a", "image/gif"},
    {0, 6, "GIF89a", "image/gif"},
    {0, 4, "PK\x03\x04", "application/zip"},
    {0, 4, "PK\x05\x06", "application/zip"}, /* without members */
    {0, 3, "\x1F\x8B\x08", "application/gzip"},
    {0, 4, "\x28\xB5\x2F\xFD", "application/zstd"},
    {0, 6,
     "\xFD"
     "7zXZ",
     "application/x-xz"},
    {4, 6, "1AY&SY", "application/x-bzip2"},
    {0, 6, "7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
    {0, 7, "Rar!\x1A\x07", "application/vnd.rar"},
    {0, 8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"},
    {0, 4,
     "\x7F"
     "ELF",
     "application/x-elf"},
    {0, 7, "WARC/1.", "application/warc"},
};

static const char *by_magic(const char *raw, size_t len)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *magic = &magics[i];
        if (len >= magic->offset + magic->len &&
            memcmp(raw + magic->offset, magic->bytes, magic->len) == 0)
            return magic->media_type;
    }
    return NULL;
}

/* Controls that no text holds. In decoded text a NUL is one of them: those of UTF-16 are gone. */
static bool is_binary(const char *text, size_t len)
{
    size_t look = len < LOOK_LEN ? len : LOOK_LEN;
    size_t controls = 0;
    size_t replaced = 0;

    for (size_t i = 0; i < look; i++) {
        unsigned char c = (unsigned char)text[i];
        controls += (c < 0x20 && (c < '\t' || c > '\r') && c != 0x1B) || c == 0x7F;
        replaced += c == 0xEF && look - i >= 3 && memcmp(text + i, "\xEF\xBF\xBD", 3) == 0;
    }
    return (controls > 1 && controls * 100 > look) || (replaced > 1 && replaced * 3 * 5 > look);
}

static bool has_prefix(const char *text, size_t len, const char *prefix)
{
    return len >= strlen(prefix) && strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* Past white space, comments, and the line that makes XHTML XML. */
static size_t skip_prologue(const char *text, size_t len)
{
    size_t at = 0;

    for (;;) {
        while (at < len && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')))
            at++;
        const char *ends = has_prefix(text + at, len - at, "<!--")    ? "-->"
                           : has_prefix(text + at, len - at, "<?xml") ? "?>"
                                                                      : NULL;
        if (ends == NULL)
            return at;
        const char *end = memmem(text + at, len - at, ends, strlen(ends));
        if (end == NULL)
            return at;
        at = (size_t)(end - text) + strlen(ends);
    }
}

/* Whether `text`, after '<' or "</", is the name of a tag of HTML, whole. */
static bool is_tag_name(const char *text, size_t len)
{
    static const char *const names[] = {
        "html", "head",   "body",   "title",  "meta",   "link",    "script",  "style",
        "div",  "span",   "p",      "br",     "a",      "img",     "table",   "tr",
        "td",   "th",     "ul",     "ol",     "li",     "h1",      "h2",      "h3",
        "h4",   "form",   "input",  "font",   "b",      "i",       "em",      "nav",
        "main", "header", "footer", "center", "strong", "section", "article",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t name_len = strlen(names[i]);
        if (len > name_len && strncasecmp(text, names[i], name_len) == 0 &&
            strchr(" \t\r\n\f/>", text[name_len]) != NULL && text[name_len] != '\0')
            return true;
    }
    return false;
}

/* Known tags among the first bytes; *out_closing: one of them closes. */
static unsigned count_tags(const char *text, size_t len, bool *out_closing)
{
    const char *end = text + len;
    const char *at = text;
    unsigned count = 0;

    *out_closing = false;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        at++;
        bool closing = at < end && *at == '/';
        if (is_tag_name(at + closing, (size_t)(end - at) - closing)) {
            count++;
            *out_closing = *out_closing || closing;
        }
    }
    return count;
}

static bool has_html_name(const char *name)
{
    static const char *const endings[] = {".html", ".htm",  ".xhtml", ".xht", ".shtml",
                                          ".shtm", ".aspx", ".asp",   ".php", ".jsp"};
    size_t len = name != NULL ? strlen(name) : 0;

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending_len = strlen(endings[i]);
        if (len >= ending_len && strcasecmp(name + len - ending_len, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Nothing but a page begins like that: its outer tags, and those of a page that lacks them, since
 * a fragment of an article begins otherwise. */
static bool begins_page(const char *text, size_t len)
{
    static const char *const outer[] = {"<!doctype html", "<html",   "<head",  "<body",
                                        "<frameset",      "<title",  "<meta",  "<link",
                                        "<base",          "<script", "<style", "<table"};

    for (size_t i = 0; i < sizeof outer / sizeof *outer; i++) {
        size_t outer_len = strlen(outer[i]);
        if (has_prefix(text, len, outer[i]) &&
            (len == outer_len ||
             (text[outer_len] != '\0' && strchr(" \t\r\n\f/>", text[outer_len]) != NULL)))
            return true;
    }
    return false;
}

/* A fragment: its first tag opens the text, and one closes. */
static bool begins_fragment(const char *text, size_t len, bool has_closing)
{
    return len > 1 && text[0] == '<' && is_tag_name(text + 1, len - 1) && has_closing;
}

static bool is_html(const char *text, size_t len, const char *name)
{
    size_t look = len < LOOK_LEN ? len : LOOK_LEN;
    size_t begin = skip_prologue(text, look);
    bool has_closing;

    if (begins_page(text + begin, look - begin))
        return true;
    unsigned tags = count_tags(text, look, &has_closing);
    return (tags >= TAGS && has_closing) || (tags > 0 && has_html_name(name)) ||
           begins_fragment(text + begin, look - begin, has_closing);
}

const char *media_type_sniff(const void *raw, size_t raw_len, const char *decoded,
                             size_t decoded_len, const char *name)
{
    const char *media_type = by_magic(raw, raw_len);

    if (media_type != NULL)
        return media_type;
    if (is_binary(decoded, decoded_len))
        return "application/octet-stream";
    return is_html(decoded, decoded_len, name) ? "text/html" : "text/plain";
}
