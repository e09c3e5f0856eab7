/* warc/arc: records of ARC, version 1 and 2 (the format that WARC came after): one line of words
 * between spaces, URL, address, date, media type, … and the length at the end, then the block.
 */
#include <stdio.h>
#include <string.h>

#include "crawl.h"
#include "field.h"

#define WORDS_MIN 5
#define WORDS_MAX 10
#define LINE_MAX  ((size_t)8 << 10)

static int split(const char *line, size_t len, struct field words[WORDS_MAX])
{
    int count = 0;
    size_t at = 0;

    while (at < len && count < WORDS_MAX) {
        const char *end = memchr(line + at, ' ', len - at);
        size_t word_len = end == NULL ? len - at : (size_t)(end - line) - at;

        words[count++] = (struct field){.value = line + at, .value_len = word_len};
        at += word_len + 1;
    }
    return at < len ? -1 : count;
}

/* 20080430204825 → 2008-04-30T20:48:25Z */
static void write_date(const struct field *word, char *out, size_t out_size)
{
    const char *d = word->value;

    out[0] = '\0';
    if (word->value_len < 14) {
        return;
    }
    for (size_t i = 0; i < 14; i++) {
        if (d[i] < '0' || d[i] > '9') {
            return;
        }
    }
    snprintf(out, out_size, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", d, d + 4, d + 6, d + 8, d + 10,
             d + 12);
}

static void pass_empty_lines(struct crawl *crawl)
{
    size_t len;
    const unsigned char *data = source_look(crawl->source, 1, &len);

    while (len > 0 && (*data == '\n' || *data == '\r')) {
        source_skip(crawl->source, 1);
        data = source_look(crawl->source, 1, &len);
    }
}

int arc_next(struct crawl *crawl, struct record *record)
{
    struct field words[WORDS_MAX];
    unsigned long long length;
    const unsigned char *data;
    const unsigned char *end;
    size_t len;
    int count;

    pass_empty_lines(crawl);
    crawl->offset = source_offset(crawl->source);
    data = source_look(crawl->source, LINE_MAX, &len);
    if (len == 0) {
        return 0;
    }
    end = memchr(data, '\n', len < LINE_MAX ? len : LINE_MAX);
    if (end == NULL) {
        crawl_note(crawl, len < LINE_MAX ? "truncated" : "malformed", "the line of its header");
        return -1;
    }
    len = (size_t)(end - data);
    count = split((const char *)data, len - (len > 0 && data[len - 1] == '\r'), words);
    if (count < WORDS_MIN || !field_number(&words[count - 1], &length)) {
        crawl_note(crawl, "malformed", "no line of an ARC record");
        return -1;
    }
    memset(record, 0, sizeof(*record));
    snprintf(record->type, sizeof(record->type), "%s",
             words[0].value_len > 9 && memcmp(words[0].value, "filedesc:", 9) == 0 ? "arcinfo"
                                                                                   : "arc");
    field_copy(&words[0], record->url, sizeof(record->url));
    write_date(&words[2], record->date, sizeof(record->date));
    field_copy(&words[3], record->content_type, sizeof(record->content_type));
    record->length = length;
    source_skip(crawl->source, (size_t)(end - data) + 1);
    return 1;
}
