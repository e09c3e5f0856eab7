/* Fuzz target: folding any bytes stays in bounds; folding valid UTF-8 gives valid UTF-8, trimmed,
 * and a map that stays inside the text and never goes back. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_map(const struct folded *folded, size_t text_len)
{
    size_t last_begin = 0;
    size_t last_end = 0;

    for (size_t at = 0; at < folded->len; at++) {
        size_t begin;
        size_t end;
        if (fold_unfold(folded, at, at + 1, &begin, &end) != 0)
            abort();
        assert(begin < end && end <= text_len);
        assert(begin >= last_begin && end >= last_end);
        last_begin = begin;
        last_end = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct folded folded;
    char *text = malloc(size > 0 ? size : 1); /* exact, so that a step too far is seen */

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    arena_init(&arena, 0);
    if (fold_text(&arena, text, size, &folded) == 0) {
        assert(folded.len <= size + size / 3);
        check_map(&folded, size);
        if (utf8_is_valid(text, size)) {
            assert(utf8_is_valid(folded.text, folded.len));
            assert(folded.len == 0 || (folded.text[0] != ' ' && folded.text[0] != '\n'));
            assert(folded.len == 0 ||
                   (folded.text[folded.len - 1] != ' ' && folded.text[folded.len - 1] != '\n'));
            assert(memmem(folded.text, folded.len, "  ", 2) == NULL);
        }
    }
    arena_release(&arena);
    free(text);
    return 0;
}
