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
    uint32_t first[256]; /* the root's children; 0: none */
    /* By code point of a three-byte character: where the root leads with the whole of it, or 0.
     * Chinese text starts a walk at each character, and most end here, after one look. */
    const uint32_t *characters; /* [LEXICON_CHARACTERS] */
};

/* The slot that `byte` leads to from `state`, or 0. */
static inline uint32_t lexicon_step(const struct lexicon_slot *slots, uint32_t state,
                                    unsigned char byte)
{
    uint32_t next = slots[state].base ^ byte;

    return slots[next].parent == state ? next : 0;
}

#endif
