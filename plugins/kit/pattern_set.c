/* kit/pattern_set: an index of line patterns by a piece of text that a matching line must hold.
 *
 * Called by classifiers: built in open(), asked for every line. Does not match (kit/pattern does):
 * it leaves out what cannot match, so that a line meets a handful of hundreds of patterns.
 *
 * Each pattern has a key: the first bytes, up to eight, of its longest piece without a wildcard. A
 * pattern that begins with text has its beginning for a key, and is looked for where the line
 * begins only. The others lie in buckets by the hash of their key's first three bytes (a Chinese
 * character); at each character of the line one bit tells whether there is a bucket, and only then
 * keys are compared, whole, as numbers. What has neither (a pattern of numbers and single letters)
 * is told for every line; where it begins with a number, for lines that do.
 */
#include "kit/pattern_set.h"

#include <errno.h>
#include <string.h>

#include "kit/pattern.h"

#define KEY_MAX    8
#define KEY_MIN    3 /* of a key that is looked for within the line */
#define BUCKETS    4096
#define HASHES     65536 /* more than buckets: a bit tells better whether to look into one */
#define BEGINNINGS 256

enum place { PLACE_INSIDE, PLACE_BEGINNING, PLACE_NUMBER, PLACE_ANY };

struct key {
    uint64_t text; /* as load() has it, with zeros behind the key */
    uint64_t mask; /* of the bytes that are in it */
    uint32_t id;
};

/* The keys of bucket b are [starts[b], starts[b + 1]). */
struct pattern_set {
    const struct key *inside;
    uint32_t inside_starts[BUCKETS + 1]; /* by hash, its upper bits */
    uint64_t inside_bits[HASHES / 64];   /* by hash, whole */
    const struct key *beginnings;
    uint32_t beginning_starts[BEGINNINGS + 1]; /* by first byte */
    const uint32_t *numbers;
    uint32_t number_count;
    const uint32_t *anywhere;
    uint32_t any_count;
};

/* Where one pattern belongs. */
struct belonging {
    enum place place;
    uint32_t bucket;
    uint32_t hash; /* PLACE_INSIDE */
    struct key key;
};

static uint64_t load(const char *text, size_t len)
{
    uint64_t word = 0;

    if (len >= sizeof(word)) {
        memcpy(&word, text, sizeof(word));
    } else {
        memcpy(&word, text, len);
    }
    return word;
}

/* Of the first three bytes, below HASHES. */
static uint32_t hash_of(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

    return (three * 2654435761u) >> 16;
}

static uint32_t bucket_of(uint32_t hash)
{
    return hash / (HASHES / BUCKETS);
}

static struct key key_of(const char *text, size_t len, uint32_t id)
{
    size_t size = len < KEY_MAX ? len : KEY_MAX;
    char ones[KEY_MAX] = {0};

    memset(ones, 0xFF, size);
    return (struct key){.text = load(text, size), .mask = load(ones, KEY_MAX), .id = id};
}

static int is_wildcard(char c)
{
    return c == '*' || c == '?' || c == '#';
}

/* The longest piece of the pattern without a wildcard; of equals the first. Returns its length. */
static size_t longest_piece(const struct pattern_set_item *item, const char **out_piece)
{
    size_t begin = 0;
    size_t longest = 0;

    for (size_t at = 0; at <= item->pattern_len; at++) {
        if (at < item->pattern_len && !is_wildcard(item->pattern[at])) {
            continue;
        }
        if (at - begin > longest) {
            longest = at - begin;
            *out_piece = item->pattern + begin;
        }
        begin = at + 1;
    }
    return longest;
}

static size_t first_piece(const struct pattern_set_item *item)
{
    size_t len = 0;

    while (len < item->pattern_len && !is_wildcard(item->pattern[len])) {
        len++;
    }
    return len;
}

static struct belonging find_belonging(const struct pattern_set_item *item)
{
    struct belonging found = {.place = PLACE_ANY, .key = {.id = item->id}};
    const char *piece = NULL;
    size_t len = first_piece(item);

    if (len > 0) {
        found.place = PLACE_BEGINNING;
        found.key = key_of(item->pattern, len, item->id);
        found.bucket = (unsigned char)item->pattern[0];
        return found;
    }
    len = longest_piece(item, &piece);
    if (len >= KEY_MIN) {
        found.place = PLACE_INSIDE;
        found.key = key_of(piece, len, item->id);
        found.bucket = bucket_of(hash_of(piece));
        found.hash = hash_of(piece);
    } else if (item->pattern_len > 0 && item->pattern[0] == '#') {
        found.place = PLACE_NUMBER;
    }
    return found;
}

/* Puts the keys of one place into buckets, in the order of the items; `starts` has one more than
 * there are buckets. */
static int fill_keys(const struct pattern_set_item *items, size_t count, enum place place,
                     struct taxon_opening *opening, uint32_t *starts, uint32_t bucket_count,
                     const struct key **out_keys)
{
    struct key *keys = opening->host->keep(opening, (count + 1) * sizeof(*keys));

    if (keys == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct belonging found = find_belonging(&items[i]);

        if (found.place == place) {
            starts[found.bucket]++;
        }
    }
    for (uint32_t i = 0; i < bucket_count; i++) { /* where bucket i ends */
        starts[i + 1] += starts[i];
    }
    for (size_t i = count; i-- > 0;) { /* and, with its keys put in, where it begins */
        struct belonging found = find_belonging(&items[i]);

        if (found.place == place) {
            keys[--starts[found.bucket]] = found.key;
        }
    }
    *out_keys = keys;
    return 0;
}

static int fill_list(const struct pattern_set_item *items, size_t count, enum place place,
                     struct taxon_opening *opening, const uint32_t **out_ids, uint32_t *out_count)
{
    uint32_t *ids = opening->host->keep(opening, (count + 1) * sizeof(*ids));

    if (ids == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        if (find_belonging(&items[i]).place == place) {
            ids[(*out_count)++] = items[i].id;
        }
    }
    *out_ids = ids;
    return 0;
}

int pattern_set_build(const struct pattern_set_item *items, size_t count,
                      struct taxon_opening *opening, const struct pattern_set **out_set)
{
    struct pattern_set *set = opening->host->keep(opening, sizeof(*set));

    if (set == NULL ||
        fill_keys(items, count, PLACE_INSIDE, opening, set->inside_starts, BUCKETS, &set->inside) <
            0 ||
        fill_keys(items, count, PLACE_BEGINNING, opening, set->beginning_starts, BEGINNINGS,
                  &set->beginnings) < 0 ||
        fill_list(items, count, PLACE_NUMBER, opening, &set->numbers, &set->number_count) < 0 ||
        fill_list(items, count, PLACE_ANY, opening, &set->anywhere, &set->any_count) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct belonging found = find_belonging(&items[i]);

        if (found.place == PLACE_INSIDE) {
            set->inside_bits[found.hash / 64] |= UINT64_C(1) << (found.hash % 64);
        }
    }
    *out_set = set;
    return 0;
}

static void tell_keys(const struct key *keys, uint32_t begin, uint32_t end, uint64_t text,
                      pattern_set_fn *candidate, void *data)
{
    for (uint32_t i = begin; i < end; i++) {
        if ((text & keys[i].mask) == keys[i].text) {
            candidate(data, keys[i].id);
        }
    }
}

static void tell_list(const uint32_t *ids, uint32_t count, pattern_set_fn *candidate, void *data)
{
    for (uint32_t i = 0; i < count; i++) {
        candidate(data, ids[i]);
    }
}

void pattern_set_find(const struct pattern_set *set, const char *line, size_t line_len,
                      pattern_set_fn *candidate, void *data)
{
    tell_list(set->anywhere, set->any_count, candidate, data);
    if (line_len == 0) {
        return;
    }
    if (set->number_count > 0 && pattern_number(line, line_len) > 0) {
        tell_list(set->numbers, set->number_count, candidate, data);
    }
    tell_keys(set->beginnings, set->beginning_starts[(unsigned char)line[0]],
              set->beginning_starts[(unsigned char)line[0] + 1], load(line, line_len), candidate,
              data);
    for (size_t at = 0; at + KEY_MIN <= line_len;) {
        unsigned char lead = (unsigned char)line[at];
        uint32_t hash = hash_of(line + at);

        if ((set->inside_bits[hash / 64] >> (hash % 64) & 1) != 0) {
            tell_keys(set->inside, set->inside_starts[bucket_of(hash)],
                      set->inside_starts[bucket_of(hash) + 1], load(line + at, line_len - at),
                      candidate, data);
        }
        at += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }
}
