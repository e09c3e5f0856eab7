/* kit/lexicon_private: the lexicon in memory, shared by the file that builds it and the file that
 * scans with it.
 *
 * A double array (Aoe 1989) in its XOR form: the child of state s by byte c is the slot
 * s.base ^ c, if that slot's `parent` is s. All children of a state thus lie in one aligned block
 * of 256 slots. Slot 0 is the root.
 */
#ifndef KIT_LEXICON_PRIVATE_H
#define KIT_LEXICON_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#define LEXICON_NO_PARENT   UINT32_MAX       /* a free slot */
#define LEXICON_ROOT_PARENT (UINT32_MAX - 1) /* the root's */
#define LEXICON_BLOCK       256u
#define LEXICON_CHARACTERS  0x10000u
#define LEXICON_SHORT       0x80000000u /* flag of a start: some term ends soon behind it */
#define LEXICON_WORD_HEAD   5u          /* bytes */
#define LEXICON_FILTER_LOG  17          /* 16 KB: it stays in the first level of the cache */

struct lexicon_slot {
    uint32_t base;
    uint32_t parent;
    uint32_t value; /* 0: no term ends here; else 1 + index of its first entry */
};

struct lexicon_entry {
    uint32_t id;
    uint8_t open_ended;
    uint8_t more; /* 1: the next entry belongs to the same text */
};

struct lexicon {
    const struct lexicon_slot *slots;
    const struct lexicon_entry *entries;
    /* Starts: where the root leads with the first byte (its children; 0: none) and, by code point
     * of a three-byte character, with the whole of it. Flagged LEXICON_SHORT where there is a term
     * of less than three bytes behind the character, or of less than three bytes in all. */
    uint32_t first[256];
    const uint32_t *characters; /* [LEXICON_CHARACTERS] */
    /* A bit for how each term begins that is not short (lexicon_filter_at). Text starts a walk at
     * each character and word, and nearly all end here, after one look. */
    const uint64_t *filter;
};

/* ASCII letters and digits, and the lead bytes of U+00C0 to U+053F: Latin, Greek, Cyrillic. */
static const uint8_t lexicon_word_bytes[256] = {['0' ... '9'] = 1,
                                                ['A' ... 'Z'] = 1,
                                                ['a' ... 'z'] = 1,
                                                [0xC3 ... 0xD4] = 1};

/* Three bytes as a number; a line end is a blank, as in matching. */
static inline uint32_t lexicon_three(const unsigned char *text)
{
    uint32_t a = text[0] == '\n' ? ' ' : text[0];
    uint32_t b = text[1] == '\n' ? ' ' : text[1];
    uint32_t c = text[2] == '\n' ? ' ' : text[2];

    return a << 16 | b << 8 | c;
}

/* The first word's first bytes, LEXICON_WORD_HEAD at most: a word of letters has to be the same up
 * to there, and where it is shorter, as a whole. */
static inline uint64_t lexicon_word_head(const unsigned char *text, size_t len)
{
    uint64_t head = 0;

    for (size_t i = 0; i < LEXICON_WORD_HEAD && i < len && lexicon_word_bytes[text[i]]; i++) {
        head = head << 8 | text[i];
    }
    return head;
}

/* The filter's bit for what a term begins with: a character of three bytes with the three behind
 * it; the head of a word, `character` being 0; else three bytes, so, too. */
static inline uint32_t lexicon_filter_at(uint32_t character, uint64_t rest)
{
    uint64_t key = rest ^ (uint64_t)character << 40;

    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - LEXICON_FILTER_LOG));
}

static inline int lexicon_filter_has(const uint64_t *filter, uint32_t character, uint64_t rest)
{
    uint32_t at = lexicon_filter_at(character, rest);

    return (int)(filter[at / 64] >> (at % 64) & 1);
}

/* The code point of the three-byte character at `text`. */
static inline uint32_t lexicon_character(const unsigned char *text)
{
    return (uint32_t)(text[0] & 15) << 12 | (uint32_t)(text[1] & 63) << 6 | (text[2] & 63u);
}

/* The slot that `byte` leads to from `state`, or 0. */
static inline uint32_t lexicon_step(const struct lexicon_slot *slots, uint32_t state,
                                    unsigned char byte)
{
    uint32_t next = slots[state].base ^ byte;

    return slots[next].parent == state ? next : 0;
}

#endif
