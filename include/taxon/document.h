/* taxon/document.h: the document as a plugin sees it.
 *
 * Everything here is read-only and lives until the call (classify or read) returns. Nothing in it
 * may be kept. The bytes come from whoever could write to an inbox: trust none of them.
 */
#ifndef TAXON_DOCUMENT_H
#define TAXON_DOCUMENT_H

#include <taxon/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a reader gets: bytes, and how they decode. */
struct taxon_input {
    uint32_t struct_size;
    uint32_t reserved;
    const void *raw; /* the file's bytes */
    size_t raw_len;
    const char
        *decoded; /* the bytes as UTF-8, valid, NUL-terminated; illegal input became U+FFFD */
    size_t decoded_len;
    const char *charset;    /* C string: what the bytes were decoded as, e.g. "GB18030" */
    const char *media_type; /* C string: "text/plain", "text/html", … as sniffed by the host */
    const char *name;       /* C string: the file's name as shown (valid UTF-8, no controls) */
    const char *source;     /* C string: the inbox's source name */
    const char *url;        /* C string, "" when unknown */
    /* Since 1.2. A container is read in several turns. Members before resume_index were taken: a
     * reader may begin with that one, at the offset that it gave for it (0: it gave none), or
     * announce all of them again. */
    uint64_t resume_index;
    uint64_t resume_offset;
};

/* What a classifier gets: the text as a reader left it. */
struct taxon_document {
    uint32_t struct_size;
    uint32_t reserved;
    const void *raw; /* the file's bytes */
    size_t raw_len;
    const char *text; /* valid UTF-8, NUL-terminated; what all offsets count in */
    size_t text_len;
    /* The folded text: pinyin glosses dropped, Traditional to Simplified, full width to half width,
     * lower case, each run of white space one space (or one newline where it held one). Matching is
     * done here; host->unfold turns an offset of it into one of `text`. NUL-terminated. */
    const char *folded;
    size_t folded_len;
    const struct taxon_block *blocks; /* in order, not overlapping */
    size_t block_count;
    size_t block_stride;
    const char *charset;  /* C string */
    const char *language; /* C string: BCP 47 primary subtag ("zh", "en", …), "und" when unsure */
    const char *script; /* C string: ISO 15924 ("Hans", "Hant", "Latn", …), "Zyyy" when unsure */
    const char *media_type; /* C string */
    const char *name;       /* C string: the file's name as shown */
    const char *source;     /* C string */
    const char *url;        /* C string, "" when unknown */
    /* What plugins that ran before published; a plugin that needs a scheme names it in `after`. */
    const struct taxon_label *labels;
    size_t label_count;
    size_t label_stride;
    const struct taxon_span *spans; /* ordered by begin within a scheme */
    size_t span_count;
    size_t span_stride;
    const struct taxon_fact *facts;
    size_t fact_count;
    size_t fact_stride;
};

#ifdef __cplusplus
}
#endif

#endif
