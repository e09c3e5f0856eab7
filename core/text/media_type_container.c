/* text/media_type_container: whether a document is a container, and of which type, from its first
 * bytes and its name.
 *
 * Called by the worker before a document is decoded: a container's bytes are its reader's to
 * understand. The bytes decide; of what is compressed, which shows nothing of what it holds, the
 * name tells whether it is a crawl or lines of JSON. A text that holds none of these is no
 * container: a wrong answer costs a document its text, so each form is asked for two marks.
 */
#include "text/media_type.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define HEADER_LOOK ((size_t)8 << 10)
#define TAR_MAGIC   257u

static bool ends_in(const char *name, const char *ending)
{
    size_t len = name == NULL ? 0 : strlen(name);
    size_t ending_len = strlen(ending);

    return len > ending_len && strcasecmp(name + len - ending_len, ending) == 0;
}

static bool ends_in_any(const char *name, const char *const *endings)
{
    for (; *endings != NULL; endings++)
        if (ends_in(name, *endings))
            return true;
    return false;
}

static bool begins(const char *raw, size_t len, const char *bytes, size_t bytes_len)
{
    return len >= bytes_len && memcmp(raw, bytes, bytes_len) == 0;
}

/* What a compressed file holds, by its name. */
static const char *compressed(const char *name, const char *otherwise)
{
    static const char *const crawls[] = {".warc.gz", ".wet.gz",   ".wat.gz",
                                         ".arc.gz",  ".warc.zst", NULL};
    static const char *const lines[] = {".jsonl.gz",   ".ndjson.gz", ".json.gz", ".jsonl.zst",
                                        ".ndjson.zst", ".json.zst",  NULL};
    static const char *const tars[] = {".tar.gz", ".tgz", ".tar.zst", ".tzst", NULL};

    if (ends_in_any(name, crawls))
        return "application/warc";
    if (ends_in_any(name, lines))
        return "application/x-ndjson";
    return ends_in_any(name, tars) ? "application/x-tar" : otherwise;
}

static const char *by_bytes(const char *raw, size_t len, const char *name)
{
    if (begins(raw, len, "PK\x03\x04", 4) || begins(raw, len, "PK\x05\x06", 4))
        return "application/zip";
    if (begins(raw, len, "\x1F\x8B\x08", 3))
        return compressed(name, "application/gzip");
    if (begins(raw, len, "\x28\xB5\x2F\xFD", 4) ||
        (len >= 4 && (raw[0] & 0xF0) == 0x50 && memcmp(raw + 1, "\x2A\x4D\x18", 3) == 0))
        return compressed(name, "application/zstd");
    if (begins(raw, len, "WARC/", 5) || begins(raw, len, "filedesc:", 9))
        return "application/warc";
    if (len > TAR_MAGIC + 5 && memcmp(raw + TAR_MAGIC, "ustar", 5) == 0)
        return "application/x-tar";
    return NULL;
}

static size_t skip_space(const char *raw, size_t len, size_t at)
{
    while (at < len && (raw[at] == ' ' || (raw[at] >= '\t' && raw[at] <= '\r')))
        at++;
    return at;
}

/* An object that begins with a key, or an array of such; a text in braces is something else. */
static const char *by_json(const char *raw, size_t len, const char *name)
{
    static const char *const lines[] = {".jsonl", ".ndjson", ".jl", NULL};
    size_t at = begins(raw, len, "\xEF\xBB\xBF", 3) ? 3 : 0;
    bool is_array;

    at = skip_space(raw, len, at);
    is_array = at < len && raw[at] == '[';
    if (is_array)
        at = skip_space(raw, len, at + 1);
    if (at >= len || raw[at] != '{')
        return NULL;
    at = skip_space(raw, len, at + 1);
    if (at >= len || raw[at] != '"')
        return NULL;
    return !is_array && ends_in_any(name, lines) ? "application/x-ndjson" : "application/json";
}

/* Whether `line` is a header with that name. */
static bool is_header(const char *line, size_t len, const char *name)
{
    size_t name_len = strlen(name);

    return len > name_len && strncasecmp(line, name, name_len) == 0 && line[name_len] == ':';
}

/* Lines of headers up to an empty one, MIME-Version (or a mail's own) among them. */
static const char *by_mail(const char *raw, size_t len, const char *name)
{
    static const char *const endings[] = {".eml", ".mht", ".mhtml", NULL};
    static const char *const known[] = {"From",     "To",          "Date",
                                        "Subject",  "Message-ID",  "MIME-Version",
                                        "Received", "Return-Path", "Content-Type"};
    bool is_named = ends_in_any(name, endings);
    size_t look = len < HEADER_LOOK ? len : HEADER_LOOK;
    unsigned seen = 0;
    bool has_mime = false;

    for (size_t at = 0; at < look;) {
        const char *line = raw + at;
        const char *end = memchr(line, '\n', look - at);
        size_t line_len = end == NULL ? look - at : (size_t)(end - line);
        const char *colon = memchr(line, ':', line_len);

        at += line_len + 1;
        if (line_len == 0 || (line_len == 1 && line[0] == '\r'))
            break;
        if (line[0] == ' ' || line[0] == '\t')
            continue;
        if (colon == NULL || memchr(line, ' ', (size_t)(colon - line)) != NULL)
            return NULL;
        has_mime = has_mime || is_header(line, line_len, "MIME-Version");
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            seen += is_header(line, line_len, known[i]);
    }
    return seen >= 2 && (has_mime || is_named) ? "message/rfc822" : NULL;
}

const char *media_type_container(const void *raw, size_t raw_len, const char *name)
{
    const char *media_type = by_bytes(raw, raw_len, name);

    if (media_type == NULL)
        media_type = by_json(raw, raw_len, name);
    return media_type != NULL ? media_type : by_mail(raw, raw_len, name);
}

bool media_type_is_text_too(const char *media_type)
{
    return strcmp(media_type, "application/json") == 0 ||
           strcmp(media_type, "application/x-ndjson") == 0 ||
           strcmp(media_type, "message/rfc822") == 0;
}
