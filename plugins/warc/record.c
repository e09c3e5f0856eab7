/* warc/record: what all kinds of crawl share: finding a header's end, passing by, noting damage. */
#include <stdio.h>
#include <string.h>

#include "crawl.h"

void crawl_note(struct crawl *crawl, const char *what, const char *reason)
{
    if (crawl->damage != NULL) {
        return;
    }
    crawl->damage = what;
    snprintf(crawl->damage_reason, sizeof(crawl->damage_reason), "record %llu: %s",
             (unsigned long long)crawl->index, reason);
}

/* An empty line ends a header; CR or not. */
static size_t header_end(const unsigned char *data, size_t len)
{
    size_t at = 0;

    while (at < len) {
        const unsigned char *end = memchr(data + at, '\n', len - at);

        if (end == NULL) {
            return 0;
        }
        if (end == data + at || (end == data + at + 1 && data[at] == '\r')) {
            return (size_t)(end - data) + 1;
        }
        at = (size_t)(end - data) + 1;
    }
    return 0;
}

size_t crawl_header_len(struct crawl *crawl, uint64_t most, const unsigned char **out_data,
                        size_t *out_len)
{
    size_t want = 2048;

    for (;;) {
        size_t found;

        *out_data = source_look(crawl->source, want, out_len);
        if (*out_len > most) {
            *out_len = (size_t)most;
        }
        if (*out_len > CRAWL_HEADER_MAX) {
            *out_len = CRAWL_HEADER_MAX;
        }
        found = header_end(*out_data, *out_len);
        if (found > 0 || *out_len < want || *out_len >= most || want >= CRAWL_HEADER_MAX) {
            return found;
        }
        want = want * 4 < CRAWL_HEADER_MAX ? want * 4 : CRAWL_HEADER_MAX;
    }
}

int crawl_pass(struct crawl *crawl, uint64_t len)
{
    while (len > 0) {
        size_t have;

        (void)source_look(crawl->source, 1, &have);
        if (have == 0) {
            return -1;
        }
        if (have > len) {
            have = (size_t)len;
        }
        source_skip(crawl->source, have);
        len -= have;
    }
    return 0;
}
