/* base/arena: memory for one document (or one configuration), given back all at once.
 *
 * A bump allocator over blocks that it keeps between uses, with a budget: beyond it, or without
 * memory, arena_alloc returns NULL. All memory is zeroed and aligned for any type.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t used;   /* bytes handed out since the last reset */
    size_t budget; /* 0: none */
};

void arena_init(struct arena *arena, size_t budget);
void arena_release(struct arena *arena);
void arena_reset(struct arena *arena); /* forgets all; keeps one block for the next use */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);
void *arena_memdup(struct arena *arena, const void *data, size_t len);

#endif
