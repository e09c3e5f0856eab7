/* inbox/held: the files that intake knows of.
 *
 * A hash table by path, and a list for each state. How many may wait or be ready is intake's to
 * bound; how many are out, the line's queue bounds. The number of buckets is fixed: with all bounds
 * reached, and by a hostile choice of names, a look-up walks some thousand rows, no more.
 */
#include "inbox/held.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 32 bits (draft-eastlake-fnv). */
static uint32_t hash_of(const char *path)
{
    uint32_t hash = 2166136261u;

    for (; *path != '\0'; path++)
        hash = (hash ^ (unsigned char)*path) * 16777619u;
    return hash;
}

static struct held *find(const struct held_table *table, const char *path, uint32_t hash)
{
    struct held *held = table->buckets[hash % HELD_BUCKETS];

    while (held != NULL && (held->hash != hash || strcmp(held->path, path) != 0))
        held = held->chain;
    return held;
}

struct held *held_find(const struct held_table *table, const char *path)
{
    return find(table, path, hash_of(path));
}

static void list_append(struct held_table *table, struct held *held)
{
    struct held_list *list = &table->lists[held->state];

    held->next = NULL;
    held->prev = list->last;
    if (list->last != NULL)
        list->last->next = held;
    else
        list->first = held;
    list->last = held;
    list->count++;
}

static void list_remove(struct held_table *table, struct held *held)
{
    struct held_list *list = &table->lists[held->state];

    assert(list->count > 0);
    if (held->prev != NULL)
        held->prev->next = held->next;
    else
        list->first = held->next;
    if (held->next != NULL)
        held->next->prev = held->prev;
    else
        list->last = held->prev;
    list->count--;
}

struct held *held_add(struct held_table *table, const char *path, enum held_state state)
{
    uint32_t hash = hash_of(path);
    size_t size = strlen(path) + 1;

    assert(find(table, path, hash) == NULL);
    struct held *held = calloc(1, sizeof *held + size);
    if (held == NULL)
        return NULL;
    memcpy(held->path, path, size);
    held->hash = hash;
    held->state = state;
    held->chain = table->buckets[hash % HELD_BUCKETS];
    table->buckets[hash % HELD_BUCKETS] = held;
    list_append(table, held);
    return held;
}

void held_move(struct held_table *table, struct held *held, enum held_state state)
{
    list_remove(table, held);
    held->state = state;
    list_append(table, held);
}

void held_remove(struct held_table *table, struct held *held)
{
    struct held **link = &table->buckets[held->hash % HELD_BUCKETS];

    while (*link != held)
        link = &(*link)->chain;
    *link = held->chain;
    list_remove(table, held);
    free(held);
}

void held_clear(struct held_table *table, enum held_state state)
{
    while (table->lists[state].first != NULL)
        held_remove(table, table->lists[state].first);
}

uint32_t held_count(const struct held_table *table, enum held_state state)
{
    return table->lists[state].count;
}
