/* warc: the reader of web crawls: WARC 1.0 and 1.1 (ISO 28500), with the text extracts WET, and
 * ARC; plain, or compressed by gzip or Zstandard, as a whole or record by record.
 *
 * Each page is a member, whose url, date, charset and media type are those of its record. A record
 * that is malformed is passed over, up to the next line that begins one; a file that is cut off
 * gives what it has.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crawl.h"
#include "field.h"
#include "kit/container.h"

#define LOOK_SIZE  ((size_t)32 << 10)
#define VERSION    "WARC/"
#define STOP_EVERY 64u

static int is_version(const unsigned char *data, size_t len)
{
    return len >= 8 && memcmp(data, VERSION, 5) == 0 && data[5] >= '0' && data[5] <= '9' &&
           data[6] == '.';
}

/* Past the empty lines between records. 0 when nothing follows. */
static size_t pass_empty(struct crawl *crawl)
{
    for (;;) {
        size_t len;
        size_t at = 0;
        const unsigned char *data = source_look(crawl->source, 1, &len);

        while (at < len && (data[at] == '\r' || data[at] == '\n')) {
            at++;
        }
        source_skip(crawl->source, at);
        if (at < len || len == 0) {
            return len - at;
        }
    }
}

/* Forward to the next line that begins a record. 1: there is one; 0: none. */
static int seek_record(struct crawl *crawl)
{
    source_skip(crawl->source, 1);
    for (;;) {
        size_t len;
        const unsigned char *data = source_look(crawl->source, LOOK_SIZE, &len);
        const unsigned char *found = memmem(data, len, "\nWARC/", 6);

        if (found != NULL) {
            source_skip(crawl->source, (size_t)(found - data) + 1);
            return 1;
        }
        if (crawl->task->host->should_stop(crawl->task)) {
            return 0;
        }
        if (len < LOOK_SIZE) {
            source_skip(crawl->source, len);
            return source_end(crawl->source) != SOURCE_WHOLE && source_resume(crawl->source);
        }
        source_skip(crawl->source, len - 5);
    }
}

static void read_fields(const char *header, size_t len, struct record *record, int *has_length)
{
    const char *line_end = memchr(header, '\n', len);
    size_t at = line_end == NULL ? len : (size_t)(line_end - header) + 1;
    struct field field;

    memset(record, 0, sizeof(*record));
    *has_length = 0;
    while (field_next(header, len, &at, &field)) {
        unsigned long long length;

        if (field_is(&field, "WARC-Type")) {
            field_copy(&field, record->type, sizeof(record->type));
        } else if (field_is(&field, "WARC-Target-URI")) {
            if (field.value_len > 1 && field.value[0] == '<') { /* as WARC 1.0's grammar has it */
                field.value++;
                field.value_len--;
                field.value_len -= field.value[field.value_len - 1] == '>';
            }
            field_copy(&field, record->url, sizeof(record->url));
        } else if (field_is(&field, "WARC-Date")) {
            field_copy(&field, record->date, sizeof(record->date));
        } else if (field_is(&field, "Content-Type")) {
            field_copy(&field, record->content_type, sizeof(record->content_type));
        } else if (field_is(&field, "Content-Length") && field_number(&field, &length)) {
            record->length = length;
            *has_length = 1;
        }
    }
}

/* 1: a record, its header passed by; 0: the end; -1: malformed here. */
static int next_record(struct crawl *crawl, struct record *record)
{
    const unsigned char *data;
    size_t header_len;
    size_t len;
    int has_length;

    if (pass_empty(crawl) == 0) {
        return 0;
    }
    data = source_look(crawl->source, 8, &len);
    crawl->offset = source_offset(crawl->source);
    if (!is_version(data, len)) {
        crawl_note(crawl, len < 8 ? "truncated" : "malformed", "no line that begins a record");
        return -1;
    }
    header_len = crawl_header_len(crawl, UINT64_MAX, &data, &len);
    if (header_len == 0) {
        crawl_note(crawl, len < CRAWL_HEADER_MAX ? "truncated" : "malformed",
                   "its header has no end");
        return -1;
    }
    read_fields((const char *)data, header_len, record, &has_length);
    if (!has_length) {
        crawl_note(crawl, "malformed", "its header tells no Content-Length");
        return -1;
    }
    source_skip(crawl->source, header_len);
    return 1;
}

/* What was unpacked is used up: did it end as it should? */
static int went_wrong(struct crawl *crawl)
{
    enum source_end end = source_end(crawl->source);

    if (end == SOURCE_WHOLE) {
        return 0;
    }
    crawl_note(crawl, end == SOURCE_CUT ? "truncated" : "malformed",
               end == SOURCE_CUT ? "the compressed data ends inside of it"
                                 : "the compressed data is spoilt");
    return source_resume(crawl->source);
}

static void read_warc(struct crawl *crawl)
{
    while (!crawl->stopped && !crawl->task->host->should_stop(crawl->task)) {
        struct record record;
        int found = next_record(crawl, &record);

        if (found > 0) {
            block_take(crawl, &record);
            crawl->index += !crawl->stopped;
        } else if (found < 0) {
            crawl->index++;
            if (!seek_record(crawl)) {
                return;
            }
        } else if (!went_wrong(crawl)) {
            return;
        }
    }
}

/* ARC has no mark to find the next record by, other than gzip's. */
static void read_arc(struct crawl *crawl)
{
    while (!crawl->stopped && !crawl->task->host->should_stop(crawl->task)) {
        struct record record;
        int found = arc_next(crawl, &record);

        if (found > 0) {
            block_take(crawl, &record);
            crawl->index += !crawl->stopped;
        } else if (!went_wrong(crawl)) {
            return;
        }
    }
}

static void tell_damage(struct crawl *crawl)
{
    struct taxon_task *task = crawl->task;
    char line[80];

    if (crawl->damage != NULL) {
        container_tell(task, crawl->damage, crawl->damage_reason);
    }
    if (crawl->revisits > 0) {
        snprintf(line, sizeof(line), "%llu records say only that a page was as before",
                 (unsigned long long)crawl->revisits);
        task->host->log(task, TAXON_LOG_INFO, line);
    }
}

static int32_t read_crawl(struct crawl *crawl)
{
    size_t len;
    const unsigned char *data = source_look(crawl->source, 9, &len);

    if (len >= 9 && memcmp(data, "filedesc:", 9) == 0) {
        read_arc(crawl);
    } else {
        read_warc(crawl);
    }
    tell_damage(crawl);
    return 0;
}

/* From where an earlier turn stopped, if that is a place to begin at. ARC, whose first record says
 * that it is one, is read from its beginning. */
static int32_t warc_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct crawl crawl = {.task = task};
    int32_t result = -ENOMEM;
    size_t offset = 0;

    (void)instance;
    crawl.source = source_open(task, input->raw, input->raw_len, 0);
    if (crawl.source != NULL && input->resume_offset > 0 && input->resume_offset < input->raw_len) {
        size_t len;
        const unsigned char *data = source_look(crawl.source, 8, &len);

        if (is_version(data, len)) {
            source_close(crawl.source);
            offset = (size_t)input->resume_offset;
            crawl.index = input->resume_index;
            crawl.source = source_open(task, input->raw, input->raw_len, offset);
        }
    }
    crawl.content = content_new(task);
    if (crawl.source != NULL && crawl.content != NULL) {
        result = read_crawl(&crawl);
    }
    content_free(crawl.content);
    source_close(crawl.source);
    return result;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"application/warc", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "warc",
        .version = "1.0",
        .summary = "Takes the pages out of web crawls (WARC, ARC).",
        .media_types = media_types,
        .read = warc_read,
    };

    return &descriptor;
}
