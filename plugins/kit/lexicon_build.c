/* kit/lexicon_build: from a list of terms to the double array that kit/lexicon scans with.
 *
 * Called from a plugin's open(), before the worker is locked down. The terms are sorted, the states
 * laid out from the root down, each state's children into the first slots where they all fit; what
 * is found is copied into memory of the host. Same terms, same array.
 */
#include "kit/lexicon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kit/lexicon_private.h"

/* Slots tried for a state's children before a new block is opened: bounds the time, costs space. */
#define FIT_TRIES 512u

struct layout {
    const struct lexicon_term *terms;
    struct lexicon_slot *slots;
    uint32_t slot_count;
    uint32_t slot_room;
    uint32_t first_free; /* no free slot lies before it */
};

void lexicon_builder_init(struct lexicon_builder *builder)
{
    memset(builder, 0, sizeof(*builder));
}

void lexicon_builder_release(struct lexicon_builder *builder)
{
    free(builder->terms);
    lexicon_builder_init(builder);
}

static int builder_grow(struct lexicon_builder *builder)
{
    size_t room = builder->room == 0 ? 256 : builder->room * 2;
    struct lexicon_term *terms = realloc(builder->terms, room * sizeof(*terms));

    if (terms == NULL) {
        return -ENOMEM;
    }
    builder->terms = terms;
    builder->room = room;
    return 0;
}

int lexicon_builder_add(struct lexicon_builder *builder, struct taxon_opening *opening,
                        const char *text, size_t text_len, uint32_t id,
                        const struct lexicon_term **out_term)
{
    uint32_t open_ended = text_len > 0 && text[text_len - 1] == '*';
    const char *folded = NULL;
    size_t folded_len = 0;
    int r;

    r = opening->host->fold(opening, text, text_len - open_ended, &folded, &folded_len);
    if (r < 0) {
        return r == -ENOMEM ? -ENOMEM : -EINVAL;
    }
    if (folded_len == 0 || folded_len > LEXICON_TERM_MAX) {
        return -EINVAL;
    }
    if (builder->count == LEXICON_TERMS_MAX) {
        return -E2BIG;
    }
    if (builder->count == builder->room && builder_grow(builder) < 0) {
        return -ENOMEM;
    }
    builder->terms[builder->count] = (struct lexicon_term){.text = folded,
                                                           .len = (uint32_t)folded_len,
                                                           .id = id,
                                                           .open_ended = open_ended};
    if (out_term != NULL) {
        *out_term = &builder->terms[builder->count];
    }
    builder->count++;
    return 0;
}

static int compare_text(const struct lexicon_term *a, const struct lexicon_term *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);

    if (order != 0) {
        return order;
    }
    return a->len < b->len ? -1 : a->len > b->len;
}

static int compare_terms(const void *a_in, const void *b_in)
{
    const struct lexicon_term *a = a_in;
    const struct lexicon_term *b = b_in;
    int order = compare_text(a, b);

    if (order != 0) {
        return order;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

static int layout_grow(struct layout *layout)
{
    uint32_t count = layout->slot_count + LEXICON_BLOCK;

    if (count > layout->slot_room) {
        uint32_t room = layout->slot_room == 0 ? 16 * LEXICON_BLOCK : layout->slot_room * 2;
        struct lexicon_slot *slots = realloc(layout->slots, room * sizeof(*slots));

        if (slots == NULL) {
            return -ENOMEM;
        }
        layout->slots = slots;
        layout->slot_room = room;
    }
    for (uint32_t i = layout->slot_count; i < count; i++) {
        layout->slots[i] = (struct lexicon_slot){.parent = LEXICON_NO_PARENT};
    }
    layout->slot_count = count;
    return 0;
}

static uint32_t next_free(const struct layout *layout, uint32_t at)
{
    while (at < layout->slot_count && layout->slots[at].parent != LEXICON_NO_PARENT) {
        at++;
    }
    return at;
}

static int fits(const struct layout *layout, uint32_t base, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (layout->slots[base ^ bytes[i]].parent != LEXICON_NO_PARENT) {
            return 0;
        }
    }
    return 1;
}

/* A base under which all of `bytes` find free slots. */
static int find_base(struct layout *layout, const uint8_t *bytes, size_t count, uint32_t *out_base)
{
    uint32_t at = layout->first_free = next_free(layout, layout->first_free);

    for (uint32_t tries = 0; at < layout->slot_count && tries < FIT_TRIES; tries++) {
        if (fits(layout, at ^ bytes[0], bytes, count)) {
            *out_base = at ^ bytes[0];
            return 0;
        }
        at = next_free(layout, at + 1);
    }
    *out_base = layout->slot_count; /* the start of the block that is opened now */
    return layout_grow(layout);
}

/* Lays out what lies below `state`: the terms [begin, end), which share their first `depth` bytes.
 * The recursion is as deep as the longest term. */
static int lay_out(struct layout *layout, uint32_t state, size_t begin, size_t end, uint32_t depth)
{
    const struct lexicon_term *terms = layout->terms;
    uint8_t bytes[256];
    size_t count = 0;
    size_t first = begin;
    uint32_t base;
    int r;

    if (begin < end && terms[begin].len == depth) {
        layout->slots[state].value = (uint32_t)begin + 1;
        while (first < end && terms[first].len == depth) {
            first++;
        }
    }
    for (size_t i = first; i < end; i++) {
        uint8_t byte = (uint8_t)terms[i].text[depth];

        if (count == 0 || bytes[count - 1] != byte) {
            bytes[count++] = byte;
        }
    }
    if (count == 0) {
        return 0;
    }
    r = find_base(layout, bytes, count, &base);
    if (r < 0) {
        return r;
    }
    layout->slots[state].base = base;
    for (size_t i = 0; i < count; i++) {
        layout->slots[base ^ bytes[i]].parent = state;
    }
    for (size_t i = 0, from = first; i < count && r == 0; i++) {
        size_t to = from;

        while (to < end && (uint8_t)terms[to].text[depth] == bytes[i]) {
            to++;
        }
        r = lay_out(layout, base ^ bytes[i], from, to, depth + 1);
        from = to;
    }
    return r;
}

static void fill_entries(struct lexicon_entry *entries, const struct lexicon_builder *builder)
{
    for (size_t i = 0; i < builder->count; i++) {
        entries[i].id = builder->terms[i].id;
        entries[i].open_ended = (uint8_t)builder->terms[i].open_ended;
        entries[i].more =
            i + 1 < builder->count && compare_text(&builder->terms[i], &builder->terms[i + 1]) == 0;
    }
}

static void fill_starts(struct lexicon *lexicon, uint32_t *characters)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        lexicon->first[byte] = lexicon_step(lexicon->slots, 0, (unsigned char)byte);
    }
    for (uint32_t c = 0x800; c < LEXICON_CHARACTERS; c++) {
        uint32_t state = lexicon->first[0xE0 | c >> 12];

        state = state == 0 ? 0 : lexicon_step(lexicon->slots, state, 0x80 | (c >> 6 & 63));
        characters[c] = state == 0 ? 0 : lexicon_step(lexicon->slots, state, 0x80 | (c & 63));
    }
    lexicon->characters = characters;
}

/* What the filter is to know of how a term begins. 0: it cannot be told. */
static int find_beginning(const struct lexicon_term *term, uint32_t *out_character,
                          uint64_t *out_rest)
{
    const unsigned char *text = (const unsigned char *)term->text;

    *out_character = 0;
    if (lexicon_word_bytes[text[0]]) {
        *out_rest = lexicon_word_head(text, term->len);
        return term->len >= LEXICON_WORD_HEAD || !term->open_ended;
    }
    if ((text[0] & 0xF0) == 0xE0 && term->len >= 3) {
        *out_character = lexicon_character(text);
        text += 3;
    }
    if (term->len - (size_t)(text - (const unsigned char *)term->text) < 3) {
        return 0;
    }
    *out_rest = lexicon_three(text);
    return 1;
}

/* After fill_starts: enters all terms into the filter, or flags their starts. */
static void fill_filter(struct lexicon *lexicon, uint32_t *characters, uint64_t *filter,
                        const struct lexicon_builder *builder)
{
    for (size_t i = 0; i < builder->count; i++) {
        const struct lexicon_term *term = &builder->terms[i];
        uint32_t character;
        uint64_t rest;

        if (find_beginning(term, &character, &rest)) {
            uint32_t at = lexicon_filter_at(character, rest);

            filter[at / 64] |= UINT64_C(1) << (at % 64);
        } else if (character != 0) {
            characters[character] |= LEXICON_SHORT;
        } else {
            lexicon->first[(unsigned char)term->text[0]] |= LEXICON_SHORT;
        }
    }
    lexicon->filter = filter;
}

static int keep_lexicon(const struct layout *layout, const struct lexicon_builder *builder,
                        struct taxon_opening *opening, const struct lexicon **out_lexicon)
{
    const struct taxon_host *host = opening->host;
    size_t slots_size = layout->slot_count * sizeof(*layout->slots);
    struct lexicon *lexicon = host->keep(opening, sizeof(*lexicon));
    struct lexicon_slot *slots = host->keep(opening, slots_size);
    struct lexicon_entry *entries = host->keep(opening, (builder->count + 1) * sizeof(*entries));
    uint32_t *characters = host->keep(opening, LEXICON_CHARACTERS * sizeof(*characters));
    uint64_t *filter = host->keep(opening, (1u << LEXICON_FILTER_LOG) / 8);

    if (lexicon == NULL || slots == NULL || entries == NULL || characters == NULL ||
        filter == NULL) {
        return -ENOMEM;
    }
    memcpy(slots, layout->slots, slots_size);
    fill_entries(entries, builder);
    lexicon->slots = slots;
    lexicon->entries = entries;
    fill_starts(lexicon, characters);
    fill_filter(lexicon, characters, filter, builder);
    *out_lexicon = lexicon;
    return 0;
}

int lexicon_build(struct lexicon_builder *builder, struct taxon_opening *opening,
                  const struct lexicon **out_lexicon)
{
    struct layout layout = {0};
    int r = layout_grow(&layout);

    if (r == 0) {
        if (builder->count > 0) {
            qsort(builder->terms, builder->count, sizeof(*builder->terms), compare_terms);
        }
        layout.terms = builder->terms;
        layout.slots[0].parent = LEXICON_ROOT_PARENT;
        r = lay_out(&layout, 0, 0, builder->count, 0);
    }
    if (r == 0) {
        r = keep_lexicon(&layout, builder, opening, out_lexicon);
    }
    free(layout.slots);
    return r;
}
