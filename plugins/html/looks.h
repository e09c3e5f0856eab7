/* looks: what the attributes of an element say that matters for the text in it. */
#ifndef HTML_LOOKS_H
#define HTML_LOOKS_H

#include <stddef.h>
#include <stdint.h>

#include "tree.h"

#define LOOKS_HASH_START UINT64_C(0xcbf29ce484222325) /* FNV-1a, 64 bits */
#define LOOKS_HASH_PRIME UINT64_C(0x100000001b3)

struct looks {
    uint32_t region; /* the kind of container that its names and role speak of, or 0 */
    uint32_t names;  /* TAXON_NAME_…: what else they speak of */
    int hidden;
    int is_hidden_input;
    uint64_t class_hash; /* of the first class, without digits; 0: none */
};

void looks_read(const struct tree_node *node, struct looks *looks);

/* Goes on with a hash by `len` bytes. */
uint64_t looks_hash(uint64_t hash, const char *text, size_t len);

#endif
