/* text/charset_sample: picks the bytes by which rival charsets are judged.
 *
 * Called by charset.c. A page's head says little (it is ASCII, or another site's language), so the
 * document is cut into equal zones, and each gives what it can: pieces between bytes below 0x30,
 * such as white space, quotes and commas, which are no part of a longer sequence in any rival.
 * Pieces of pure ASCII are left out. It does not decode anything.
 */
#include "text/charset_sample.h"

#include <stdbool.h>
#include <string.h>

#define ZONES     16
#define ZONE_LEN  (CHARSET_SAMPLE_LEN_MAX / ZONES)
#define PIECE_END 0x30

struct piece {
    const char *begin;
    size_t len; /* with the byte that ends it */
    bool is_ascii;
};

static struct piece next_piece(const char *at, const char *end)
{
    struct piece piece = {.begin = at, .is_ascii = true};

    while (at < end) {
        unsigned char byte = (unsigned char)*at++;
        if (byte >= 0x80)
            piece.is_ascii = false;
        if (byte < PIECE_END)
            break;
    }
    piece.len = (size_t)(at - piece.begin);
    return piece;
}

static void sample_zone(const char *at, const char *end, size_t budget, struct strbuf *out_sample)
{
    while (at < end && budget > 0) {
        struct piece piece = next_piece(at, end);
        size_t len = piece.len < budget ? piece.len : budget;
        at += piece.len;
        if (piece.is_ascii)
            continue;
        strbuf_append(out_sample, piece.begin, len);
        budget -= len;
    }
}

/* Where a piece begins at or after `at`; `at` itself when there is none for a while. */
static const char *piece_begin(const char *at, const char *end)
{
    size_t left = (size_t)(end - at) < ZONE_LEN ? (size_t)(end - at) : ZONE_LEN;

    for (size_t i = 0; i < left; i++)
        if ((unsigned char)at[i] < PIECE_END)
            return at + i + 1;
    return at;
}

void charset_sample(const char *bytes, size_t len, struct strbuf *out_sample)
{
    if (len <= CHARSET_SAMPLE_LEN_MAX) {
        sample_zone(bytes, bytes + len, len, out_sample);
        return;
    }
    for (size_t zone = 0; zone < ZONES; zone++) {
        const char *begin = bytes + len / ZONES * zone;
        const char *end = begin + len / ZONES;
        sample_zone(zone == 0 ? begin : piece_begin(begin, end), end, ZONE_LEN, out_sample);
    }
}
