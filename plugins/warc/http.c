/* warc/http: the block of a record becomes a member: what a server sent, without its headers, put
 * together and unpacked; or, of a record that holds no response, the block as it is.
 *
 * Which records have a member: `response`, `resource` and `conversion` of WARC, all of ARC, if
 * there is anything in them. A `revisit` says that what was there is what was there before, and has
 * nothing of its own.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "crawl.h"
#include "field.h"

#define NAME_MAX_BYTES 200u
#define STATUS_DIGITS  3

struct response {
    char content_type[CRAWL_WORD_MAX];
    char charset[40];
    char media_type[CRAWL_WORD_MAX];
    int is_chunked;
    enum content_coding coding;
};

static int begins(const char *text, const char *prefix)
{
    return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static int has_member(const struct record *record)
{
    return strcmp(record->type, "response") == 0 || strcmp(record->type, "resource") == 0 ||
           strcmp(record->type, "conversion") == 0 || strcmp(record->type, "arc") == 0;
}

/* "text/html" of "Text/HTML; charset=gbk"; "" unless it looks like one. */
static void set_media_type(struct response *response)
{
    size_t len = 0;
    int slashes = 0;

    while (response->content_type[len] != '\0' && response->content_type[len] != ';' &&
           !isspace((unsigned char)response->content_type[len])) {
        response->media_type[len] = (char)tolower((unsigned char)response->content_type[len]);
        slashes += response->content_type[len] == '/';
        len++;
    }
    response->media_type[slashes == 1 ? len : 0] = '\0';
    field_parameter(response->content_type, "charset", response->charset,
                    sizeof(response->charset));
}

static void read_http(const char *header, size_t len, struct response *response)
{
    const char *line_end = memchr(header, '\n', len);
    size_t at = line_end == NULL ? len : (size_t)(line_end - header) + 1;
    struct field field;

    while (field_next(header, len, &at, &field)) {
        if (field_is(&field, "Content-Type")) {
            field_copy(&field, response->content_type, sizeof(response->content_type));
        } else if (field_is(&field, "Content-Encoding")) {
            response->coding = content_coding_of(field.value, field.value_len);
        } else if (field_is(&field, "Transfer-Encoding")) {
            response->is_chunked =
                field.value_len >= 7 &&
                strncasecmp(field.value + field.value_len - 7, "chunked", 7) == 0;
        }
    }
}

/* Passes by the header of a response that an HTTP server sent, if it begins with one. */
static uint64_t read_response(struct crawl *crawl, const struct record *record,
                              struct response *response)
{
    const unsigned char *data;
    size_t len;
    size_t header_len;

    memset(response, 0, sizeof(*response));
    data = source_look(crawl->source, 8, &len);
    if (record->length < 8 || len < 8 || memcmp(data, "HTTP/", 5) != 0) {
        snprintf(response->content_type, sizeof(response->content_type), "%s",
                 record->content_type);
        set_media_type(response);
        return 0;
    }
    header_len = crawl_header_len(crawl, record->length, &data, &len);
    if (header_len == 0) { /* only a header, or an endless one */
        header_len = len;
    }
    read_http((const char *)data, header_len, response);
    set_media_type(response);
    source_skip(crawl->source, header_len);
    return header_len;
}

/* What the page would be called in a folder. */
static size_t name_of(const struct record *record, const struct response *response, char *out)
{
    const char *path = strstr(record->url, "://");
    const char *end;
    const char *name;
    int is_html = strstr(response->media_type, "html") != NULL;

    path = path == NULL ? record->url : path + 3;
    end = path + strcspn(path, "?#");
    name = end;
    while (name > path && name[-1] != '/') {
        name--;
    }
    if (name == path || name == end) {
        name = "index";
        end = name + 5;
    }
    size_t len = (size_t)(end - name) < NAME_MAX_BYTES ? (size_t)(end - name) : NAME_MAX_BYTES;
    int has_extension = memchr(name, '.', len) != NULL;
    return (size_t)snprintf(out, NAME_MAX_BYTES + 8, "%.*s%s", (int)len, name,
                            has_extension ? ""
                            : is_html     ? ".html"
                                          : "");
}

/* The rest of the block, into the member. -1: the data ends before it does. */
static int write_block(struct crawl *crawl, uint64_t len)
{
    while (len > 0) {
        size_t have;
        const unsigned char *data = source_look(crawl->source, 1, &have);

        if (have == 0) {
            return -1;
        }
        if (have > ((size_t)64 << 10)) {
            have = (size_t)64 << 10;
        }
        if (have > len) {
            have = (size_t)len;
        }
        if (content_write(crawl->content, data, have) < 0) {
            return crawl_pass(crawl, len);
        }
        source_skip(crawl->source, have);
        len -= have;
    }
    return 0;
}

static void take_member(struct crawl *crawl, const struct record *record,
                        const struct response *response, uint64_t len)
{
    struct taxon_task *task = crawl->task;
    char name[NAME_MAX_BYTES + 8];
    struct taxon_member member = {
        .struct_size = sizeof(member),
        .name = name,
        .name_len = name_of(record, response, name),
        .media_type = response->media_type,
        .url = record->url,
        .charset = response->charset,
        .date = record->date,
        .index = crawl->index,
        .offset = crawl->offset,
    };
    int32_t wanted = task->host->member_begin(task, &member);
    int is_cut;

    if (wanted < 0) {
        crawl->stopped = 1;
        return;
    }
    if (wanted > 0) {
        is_cut = crawl_pass(crawl, len) < 0;
    } else {
        content_begin(crawl->content, response->is_chunked, response->coding);
        is_cut = write_block(crawl, len) < 0;
        if (content_end(crawl->content)) {
            crawl_note(crawl, is_cut ? "truncated" : "malformed", "what it holds is spoilt");
        }
        task->host->member_end(task);
    }
    if (is_cut) {
        crawl_note(crawl, "truncated", "the file ends inside of it");
    }
}

void block_take(struct crawl *crawl, const struct record *record)
{
    struct response response;
    uint64_t header_len;

    crawl->revisits += strcmp(record->type, "revisit") == 0;
    if (!has_member(record) || begins(record->content_type, "text/dns")) {
        if (crawl_pass(crawl, record->length) < 0) {
            crawl_note(crawl, "truncated", "the file ends inside of it");
        }
        return;
    }
    header_len = read_response(crawl, record, &response);
    if (record->length > header_len) {
        take_member(crawl, record, &response, record->length - header_len);
    }
}
