/* warc/crawl: a crawl on its way through the reader. What the plugin's own files share. */
#ifndef WARC_CRAWL_H
#define WARC_CRAWL_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#include "kit/content.h"
#include "kit/source.h"

#define CRAWL_HEADER_MAX ((size_t)64 << 10) /* bytes of a record's header, or of HTTP's */
#define CRAWL_URL_MAX    2000u
#define CRAWL_WORD_MAX   100u

struct crawl {
    struct taxon_task *task;
    struct source *source;
    struct content *content;
    uint64_t index;  /* of the record in hand, all kinds counted */
    uint64_t offset; /* where it begins, 0 when reading cannot begin there */
    int stopped;     /* no more members are wanted */
    uint64_t revisits;
    const char *damage; /* "truncated", "malformed": the first that was found; NULL */
    char damage_reason[160];
};

/* What a record says of itself. */
struct record {
    char type[CRAWL_WORD_MAX]; /* "response"; ARC: "arc" */
    char url[CRAWL_URL_MAX];
    char date[64];
    char content_type[CRAWL_WORD_MAX]; /* of the record, with its parameters */
    uint64_t length;                   /* of its block */
};

/* record.c: notes what is wrong, with the record's number; the first of a kind counts. */
void crawl_note(struct crawl *crawl, const char *what, const char *reason);
/* record.c: looks for the end of a header, an empty line: its length with it, 0 when there is none
 * within CRAWL_HEADER_MAX or the data ends. *out_len: bytes there are to look at. */
size_t crawl_header_len(struct crawl *crawl, uint64_t most, const unsigned char **out_data,
                        size_t *out_len);
/* record.c: passes by `len` bytes; 0, or -1 when the data ends before. */
int crawl_pass(struct crawl *crawl, uint64_t len);

/* arc.c: the record whose header's line is next: 1, 0 at the end, or -1 malformed. Its header is
 * passed by. */
int arc_next(struct crawl *crawl, struct record *out_record);

/* http.c: the block of a record: a member, or passed by. */
void block_take(struct crawl *crawl, const struct record *record);

#endif
