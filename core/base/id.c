/* base/id: a document's id, a UUID version 7 (RFC 9562, section 5.7), or version 8 (section 5.8) of
 * the first bits of a SHA-256.
 *
 * New ones are made by the one thread that claims documents. 48 bits of milliseconds, then 12 bits
 * that count within the millisecond (section 6.2, method 1), then 62 random bits. When the clock
 * stands still or goes back, the counter goes on from the last id; when it is full, the time is run
 * one millisecond ahead. It does not promise order between processes.
 */
#include "base/id.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/digest.h"

#define UUID_SIZE     16
#define RANDOM_SIZE   10 /* 2 for the counter's start, 8 for the tail */
#define COUNTER_MOST  0x0FFFu
#define COUNTER_START 0x07FFu /* starts in the lower half, so that it can count */

static uint64_t last_ms;
static unsigned last_counter;

static int get_random(uint8_t out_bytes[RANDOM_SIZE])
{
    ssize_t n;

    do
        n = getrandom(out_bytes, RANDOM_SIZE, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    return n == RANDOM_SIZE ? 0 : -EIO; /* up to 256 bytes come whole: getrandom(2) */
}

static void advance(unsigned start)
{
    uint64_t now_ms = (uint64_t)clock_wall_ms();

    if (now_ms > last_ms) {
        last_ms = now_ms;
        last_counter = start & COUNTER_START;
    } else if (last_counter < COUNTER_MOST) {
        last_counter++;
    } else {
        last_ms++;
        last_counter = start & COUNTER_START;
    }
}

static void format(const uint8_t uuid[UUID_SIZE], char out_text[ID_TEXT_SIZE])
{
    char hex[2 * UUID_SIZE + 1];
    size_t at = 0;

    hex_encode(uuid, UUID_SIZE, hex);
    for (size_t i = 0; i < 2 * UUID_SIZE; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out_text[at++] = '-';
        out_text[at++] = hex[i];
    }
    out_text[at] = '\0';
}

int id_new(struct id *out_id)
{
    uint8_t uuid[UUID_SIZE];
    uint8_t bytes[RANDOM_SIZE];

    int code = get_random(bytes);
    if (code < 0)
        return code;
    advance((unsigned)bytes[0] << 8 | bytes[1]);
    for (unsigned i = 0; i < 6; i++)
        uuid[i] = (uint8_t)(last_ms >> (40 - 8 * i));
    uuid[6] = (uint8_t)(0x70 | last_counter >> 8);
    uuid[7] = (uint8_t)last_counter;
    memcpy(uuid + 8, bytes + 2, 8);
    uuid[8] = (uint8_t)(0x80 | (uuid[8] & 0x3F));
    format(uuid, out_id->text);
    return 0;
}

int id_derive(const void *data, size_t len, struct id *out_id)
{
    struct digest digest;
    int code = digest_of_bytes(data, len, &digest);

    if (code < 0)
        return code;
    digest.bytes[6] = (uint8_t)(0x80 | (digest.bytes[6] & 0x0F));
    digest.bytes[8] = (uint8_t)(0x80 | (digest.bytes[8] & 0x3F));
    format(digest.bytes, out_id->text);
    return 0;
}

static bool is_lower_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool id_is_valid(const char *text)
{
    if (text == NULL)
        return false;
    for (size_t i = 0; i < ID_TEXT_SIZE - 1; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_lower_hex(text[i]))
            return false; /* also at an early NUL, so nothing past it is read */
    }
    return text[ID_TEXT_SIZE - 1] == '\0' && (text[14] == '7' || text[14] == '8') &&
           strchr("89ab", text[19]) != NULL;
}
