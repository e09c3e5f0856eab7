/* base/utf8_blocks: the longest part of a text that is quickly seen to be valid. For utf8.c. */
#ifndef BASE_UTF8_BLOCKS_H
#define BASE_UTF8_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* A length that ends on a character's border, all before it valid UTF-8; what follows is unknown. 0
 * on machines without SSE2. */
size_t utf8_valid_blocks(const uint8_t *text, size_t len);

#endif
