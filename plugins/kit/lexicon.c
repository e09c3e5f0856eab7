/* kit/lexicon: scanning a folded text for the terms of a lexicon.
 *
 * Called by the classifiers, once or in pieces for each document. Allocates nothing, keeps nothing.
 * Does not build (lexicon_build.c) and does not fold: both sides come folded by the host.
 *
 * From each place where a term can begin the double array is walked as far as the text follows it.
 * Terms are short, so this is linear in practice; the bound is LEXICON_TERM_MAX steps a byte. The
 * array is larger than the processor's nearest cache, so a small filter is asked first whether any
 * term begins as the text does.
 */
#include "kit/lexicon.h"

#include <stdbool.h>

#include "kit/lexicon_private.h"

static bool is_word_byte(unsigned char byte)
{
    return lexicon_word_bytes[byte] != 0;
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Is the character that ends before `at` one of a word? */
static bool is_word_before(const unsigned char *text, size_t at)
{
    if (at == 0) {
        return false;
    }
    if (!is_continuation(text[at - 1])) {
        return is_word_byte(text[at - 1]);
    }
    return at >= 2 && text[at - 2] >= 0xC3 && is_word_byte(text[at - 2]);
}

static bool is_word_at(const unsigned char *text, size_t len, size_t at)
{
    return at < len && is_word_byte(text[at]);
}

static size_t word_end(const unsigned char *text, size_t len, size_t at)
{
    while (is_word_at(text, len, at)) {
        at += text[at] >= 0xC3 && at + 1 < len ? 2 : 1;
    }
    return at;
}

/* A term's text ends at `end`. Does it end a word there, if it ends with a word's character? */
static bool closes_word(const unsigned char *text, size_t len, size_t end)
{
    return !is_word_at(text, len, end) || !is_word_before(text, end);
}

/* Tells the entries of a text that matched at [begin, end). Returns the furthest end told, or 0
 * when none of them may match here. */
static size_t tell(const struct lexicon *lexicon, uint32_t value, const unsigned char *text,
                   size_t len, size_t begin, size_t end, lexicon_hit_fn *hit, void *data)
{
    const struct lexicon_entry *entry = &lexicon->entries[value - 1];
    bool closed = closes_word(text, len, end);
    size_t furthest = 0;

    for (;; entry++) {
        if (closed || entry->open_ended) {
            size_t hit_end = closed ? end : word_end(text, len, end);

            if (hit != NULL) {
                hit(data, entry->id, begin, hit_end);
            }
            furthest = hit_end;
        }
        if (!entry->more) {
            return furthest;
        }
    }
}

/* May a term begin here? `start` is what the lexicon has of the character or byte at hand, and
 * `rest` what the filter is asked for. */
static bool may_begin(const struct lexicon *lexicon, uint32_t start, uint32_t character,
                      uint64_t rest)
{
    return start != 0 &&
           ((start & LEXICON_SHORT) != 0 || lexicon_filter_has(lexicon->filter, character, rest));
}

/* The first place from `at` on where a term may begin. Near the end of the text it is left to the
 * walk to find out. */
static size_t skip(const struct lexicon *lexicon, const unsigned char *text, size_t len, size_t at,
                   size_t to)
{
    while (at < to && len - at >= 6) {
        unsigned char lead = text[at];

        if ((lead & 0xF0) == 0xE0) {
            uint32_t character = lexicon_character(text + at);

            if (may_begin(lexicon, lexicon->characters[character], character,
                          lexicon_three(text + at + 3))) {
                return at;
            }
            at += 3;
        } else if (!is_word_byte(lead)) {
            if (may_begin(lexicon, lexicon->first[lead], 0, lexicon_three(text + at))) {
                return at;
            }
            at++;
        } else {
            if (may_begin(lexicon, lexicon->first[lead], 0,
                          lexicon_word_head(text + at, len - at)) &&
                !is_word_before(text, at)) {
                return at;
            }
            at = word_end(text, len, at);
        }
    }
    return at;
}

/* A walk from one place of the text. */
struct walk {
    uint32_t state; /* 0: no term begins here */
    size_t at;      /* how far the text has been followed */
    size_t next;    /* the next place where a term can begin */
};

static struct walk walk_start(const struct lexicon *lexicon, const unsigned char *text, size_t len,
                              size_t begin)
{
    unsigned char lead = text[begin];
    struct walk walk = {.at = begin + 1, .next = begin + 1};

    if ((lead & 0xF0) == 0xE0 && begin + 3 <= len) {
        walk.state = lexicon->characters[lexicon_character(text + begin)] & ~LEXICON_SHORT;
        walk.at = begin + 3;
        walk.next = begin + 3;
        return walk;
    }
    if (!is_word_byte(lead)) {
        walk.state = lexicon->first[lead] & ~LEXICON_SHORT;
        return walk;
    }
    walk.next = word_end(text, len, begin);
    walk.state = is_word_before(text, begin) ? 0 : lexicon->first[lead] & ~LEXICON_SHORT;
    return walk;
}

/* Follows the text to the next state where a term ends. Returns its value, or 0 at the end. */
static uint32_t walk_on(const struct lexicon *lexicon, const unsigned char *text, size_t len,
                        struct walk *walk, bool *fresh)
{
    while (walk->state != 0) {
        if (*fresh) {
            *fresh = false;
        } else if (walk->at == len) {
            return 0;
        } else {
            unsigned char byte = text[walk->at++];

            walk->state = lexicon_step(lexicon->slots, walk->state, byte == '\n' ? ' ' : byte);
        }
        if (walk->state != 0 && lexicon->slots[walk->state].value != 0) {
            return lexicon->slots[walk->state].value;
        }
    }
    return 0;
}

size_t lexicon_scan(const struct lexicon *lexicon, const char *text_in, size_t len, size_t from,
                    size_t to, lexicon_hit_fn *hit, void *data)
{
    const unsigned char *text = (const unsigned char *)text_in;
    size_t begin = skip(lexicon, text, len, from, to);

    while (begin < to) {
        struct walk walk = walk_start(lexicon, text, len, begin);
        bool fresh = true;
        uint32_t value;

        while ((value = walk_on(lexicon, text, len, &walk, &fresh)) != 0) {
            tell(lexicon, value, text, len, begin, walk.at, hit, data);
        }
        begin = skip(lexicon, text, len, walk.next, to);
    }
    return begin;
}

size_t lexicon_scan_longest(const struct lexicon *lexicon, const char *text_in, size_t len,
                            size_t from, size_t to, lexicon_hit_fn *hit, void *data)
{
    const unsigned char *text = (const unsigned char *)text_in;
    size_t begin = skip(lexicon, text, len, from, to);

    while (begin < to) {
        struct walk walk = walk_start(lexicon, text, len, begin);
        bool fresh = true;
        uint32_t longest = 0;
        size_t longest_end = 0;
        uint32_t value;

        while ((value = walk_on(lexicon, text, len, &walk, &fresh)) != 0) {
            if (tell(lexicon, value, text, len, begin, walk.at, NULL, NULL) != 0) {
                longest = value;
                longest_end = walk.at;
            }
        }
        begin = longest == 0 ? walk.next
                             : tell(lexicon, longest, text, len, begin, longest_end, hit, data);
        begin = skip(lexicon, text, len, begin, to);
    }
    return begin;
}
