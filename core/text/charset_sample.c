/* text/charset_sample: picks the bytes by which rival charsets are judged.
 *
 * Called by charset.c. A page's head says little (it is ASCII, or another site's language), so the
 * sample may only grow as fast as the reading goes through the document: a budget at each place, in
 * proportion. What is taken are pieces between bytes that are no part of a longer sequence in any
 * rival, such as white space, quotes and commas; pieces of pure ASCII are left out, and so are
 * tags, comments, scripts and style sheets, unless there is nothing else. It does not decode
 * anything.
 */
#include "text/charset_sample.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define HEAD_START   ((size_t)1024) /* what may be taken before the budget counts */
#define TAG_LEN_MAX  ((size_t)4096) /* a longer "tag" is text with a '<' in it */
#define BODY_LEAST   ((size_t)64)   /* bytes; with less, what stands in tags counts as well */
#define PART_LEAST   ((size_t)256)  /* of a piece that there is no budget for as a whole */
#define BORDER_BELOW 0x30           /* bytes below are single in every rival */

struct sampling {
    const char *begin;
    size_t len;
    struct strbuf *out;
    size_t taken_before; /* length of `out` at the start */
};

static bool is_high(char byte)
{
    return ((unsigned char)byte & 0x80) != 0;
}

/* '<', '>' and their neighbours are second bytes in Johab alone, and then behind a high one. */
static bool ends_piece(const char *at, bool after_high)
{
    unsigned char byte = (unsigned char)*at;

    return byte < BORDER_BELOW || (byte >= 0x3A && byte < 0x40 && !after_high);
}

static size_t budget_at(const struct sampling *sampling, const char *at)
{
    size_t passed = (size_t)(at - sampling->begin);
    size_t most = CHARSET_SAMPLE_LEN_MAX;

    if (sampling->len > most)
        most = HEAD_START + (size_t)((double)passed / (double)sampling->len *
                                     (double)(CHARSET_SAMPLE_LEN_MAX - HEAD_START));
    size_t taken = sampling->out->len - sampling->taken_before;
    return most > taken ? most - taken : 0;
}

static void sample_text(struct sampling *sampling, const char *at, const char *end)
{
    while (at < end) {
        const char *begin = at;
        bool after_high = false;
        bool has_high = false;
        while (at < end && !ends_piece(at, after_high)) {
            after_high = is_high(*at++);
            has_high = has_high || after_high;
        }
        at += at < end; /* with the byte that ends it */
        if (!has_high)
            continue;
        size_t budget = budget_at(sampling, at);
        size_t len = (size_t)(at - begin);
        if (budget < len && budget < PART_LEAST) /* the ends of words tell nothing */
            continue;
        strbuf_append(sampling->out, begin, len < budget ? len : budget);
        if (at == end) /* what comes next is no neighbour */
            strbuf_putc(sampling->out, ' ');
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *behind(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));

    return found == NULL ? end : found + strlen(mark);
}

/* The end tag of that name; the end of all when there is none. */
static const char *end_tag(const char *at, const char *end, const char *name)
{
    size_t len = strlen(name);

    while ((at = memmem(at, (size_t)(end - at), "</", 2)) != NULL) {
        if ((size_t)(end - at) >= len + 2 && strncasecmp(at + 2, name, len) == 0)
            return at;
        at += 2;
    }
    return end;
}

/* Where the markup that begins at `at` (a '<') ends, or `at` itself when it is none. */
static const char *skip_markup(const char *at, const char *end)
{
    static const char *const hidden[] = {"script", "style"};
    size_t left = (size_t)(end - at);

    if (left >= 4 && memcmp(at, "<!--", 4) == 0)
        return behind(at + 2, end, "-->");
    if (left >= 9 && memcmp(at, "<![CDATA[", 9) == 0)
        return at + 9;
    if (left < 3 ||
        !(is_letter(at[1]) || at[1] == '!' || at[1] == '?' || (at[1] == '/' && is_letter(at[2]))))
        return at;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        size_t len = strlen(hidden[i]);
        if (left > len + 1 && strncasecmp(at + 1, hidden[i], len) == 0 && !is_letter(at[len + 1]))
            return end_tag(at + 1, end, hidden[i]);
    }
    const char *close = memchr(at, '>', left < TAG_LEN_MAX ? left : TAG_LEN_MAX);
    return close == NULL ? at : close + 1;
}

/* Whether the bytes have tags at all: their '<' must not hide half of a text without. */
static bool is_markup(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    const char *at = memchr(bytes, '<', len < TAG_LEN_MAX ? len : TAG_LEN_MAX);

    return at != NULL && skip_markup(at, end) > at;
}

static void sample_body(struct sampling *sampling)
{
    const char *end = sampling->begin + sampling->len;
    const char *text = sampling->begin;

    for (const char *at = text; (at = memchr(at, '<', (size_t)(end - at))) != NULL;) {
        const char *after = skip_markup(at, end);
        if (after == at) {
            at++;
            continue;
        }
        sample_text(sampling, text, at);
        text = at = after;
    }
    sample_text(sampling, text, end);
}

void charset_sample(const char *bytes, size_t len, struct strbuf *out_sample)
{
    struct sampling sampling = {bytes, len, out_sample, out_sample->len};

    if (is_markup(bytes, len)) {
        sample_body(&sampling);
        if (out_sample->len - sampling.taken_before >= BODY_LEAST)
            return;
        out_sample->len = sampling.taken_before;
    }
    sample_text(&sampling, bytes, bytes + len);
}
