/* base/arena: memory for one document, given back all at once.
 *
 * Called by whoever builds a tree or a list whose parts live and die together. It does not run
 * destructors, does not free single objects and is not for two threads at once.
 *
 * Blocks hang in one list. Small requests are cut from `current`; a request too large for that gets
 * a block of its own, and `current` stays, so that a large text does not waste the rest of a block.
 * The budget counts sizes rounded up to the alignment, so it also bounds endless tiny requests.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT   alignof(max_align_t)
#define BLOCK_LEAST ((size_t)64 << 10)
#define BLOCK_MOST  ((size_t)1 << 20)
#define ALONE_LEAST (BLOCK_LEAST / 4) /* from here on a request may get a block of its own */

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *arena, size_t budget)
{
    *arena = (struct arena){.budget = budget};
}

static void free_all_but(struct arena_block *block, const struct arena_block *kept)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        if (block != kept)
            free(block);
        block = next;
    }
}

void arena_release(struct arena *arena)
{
    free_all_but(arena->first, NULL);
    arena_init(arena, arena->budget);
}

/* The largest block of an ordinary size: one huge document must not hold its memory for ever. */
static struct arena_block *block_to_keep(const struct arena *arena)
{
    struct arena_block *kept = NULL;

    for (struct arena_block *block = arena->first; block != NULL; block = block->next)
        if (block->size <= BLOCK_MOST && (kept == NULL || block->size > kept->size))
            kept = block;
    return kept;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = block_to_keep(arena);

    free_all_but(arena->first, kept);
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->first = kept;
    arena->current = kept;
    arena->used = 0;
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    struct arena_block *block = NULL;

    if (size <= PTRDIFF_MAX - sizeof *block)
        block = malloc(sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->next = arena->first;
    block->size = size;
    block->used = 0;
    arena->first = block;
    return block;
}

static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
    struct arena_block *current = arena->current;

    if (current != NULL && current->size - current->used >= size)
        return current;
    if (size >= ALONE_LEAST && current != NULL)
        return add_block(arena, size);
    size_t block_size = current == NULL ? BLOCK_LEAST : current->size * 2;
    block_size = block_size > BLOCK_MOST ? BLOCK_MOST : block_size;
    struct arena_block *block = add_block(arena, size > block_size ? size : block_size);
    if (block != NULL)
        arena->current = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > PTRDIFF_MAX)
        return NULL;
    /* NULL means failure, so that even nothing needs an address. */
    size_t rounded = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (arena->budget != 0 && rounded > arena->budget - arena->used)
        return NULL;
    struct arena_block *block = block_with_room(arena, rounded);
    if (block == NULL)
        return NULL;
    unsigned char *memory = block->data + block->used;
    block->used += rounded;
    arena->used += rounded;
    return memset(memory, 0, rounded);
}

/* Exactly `len` bytes and a NUL: the text may hold NULs of its own. */
char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;

    if (copy != NULL && len > 0)
        memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

void *arena_memdup(struct arena *arena, const void *data, size_t len)
{
    void *copy = arena_alloc(arena, len);

    if (copy != NULL && len > 0)
        memcpy(copy, data, len);
    return copy;
}
