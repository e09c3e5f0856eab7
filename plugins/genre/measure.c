/* measure: how much a document says, and how much of it is broken.
 *
 * Called once for each document, before its cues are added up. Lengths are of letters and digits
 * only, and a character of Chinese, Japanese or Korean counts as two: a word of Chinese and one of
 * English then say about as much, so that one bound serves both.
 */
#include "measure.h"

#include <string.h>

#include "structure.h"

/* Words, paths and numbers are shorter; a line of base64 has 60 to 76 (RFC 2045, RFC 7468). */
#define ENCODED_RUN 48

static const struct {
    const char *name;
    const char *help;
} measures_known[MEASURE_COUNT] = {
    [MEASURE_TEXT] = {"text-length", "letters and digits of the text"},
    [MEASURE_CONTENT] = {"content-length", "letters and digits outside page furniture"},
    [MEASURE_PROSE] = {"prose-length", "letters and digits outside scripts and markup"},
    [MEASURE_BROKEN] = {"broken-share", "per cent of characters that are broken"},
    [MEASURE_ENCODED] = {"encoded-share", "per cent of characters that are bytes written as text"},
};

const char *measure_name(size_t index)
{
    return measures_known[index].name;
}

const char *measure_help(size_t index)
{
    return measures_known[index].help;
}

size_t measure_find(const char *name)
{
    size_t i = 0;

    while (i < MEASURE_COUNT && strcmp(measures_known[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* The character at `at` of valid UTF-8; *out_size its bytes. */
static uint32_t read_character(const char *text, size_t len, size_t at, size_t *out_size)
{
    unsigned char first = (unsigned char)text[at];
    size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t value = size == 1 ? first : first & (0x7Fu >> size);

    if (at + size > len) {
        *out_size = 1;
        return 0xFFFD;
    }
    for (size_t i = 1; i < size; i++) {
        value = value << 6 | ((unsigned char)text[at + i] & 0x3F);
    }
    *out_size = size;
    return value;
}

/* Of a character that is not ASCII. */
static uint32_t letters(uint32_t character)
{
    if ((character >= 0x3040 && character <= 0x9FFF) ||
        (character >= 0xAC00 && character <= 0xD7A3) ||
        (character >= 0xF900 && character <= 0xFAFF) ||
        (character >= 0x20000 && character <= 0x3FFFF)) {
        return 2;
    }
    return character >= 0xC0 && character < 0x2000;
}

/* Characters that a text shows when its bytes were read in the wrong encoding: the replacement
 * character, private use, control characters of ISO 6429's second set; and, of Chinese UTF-8 read
 * as GBK, what its commonest characters and marks become (锟斤拷 is the replacement character read
 * so). In real text the latter are so rare that a share of them tells. */
static int is_broken(uint32_t character)
{
    switch (character) {
    case 0x951F:
    case 0x62F7:
    case 0x9428:
    case 0x951B:
    case 0x9286:
    case 0x93C4:
    case 0x93C8:
    case 0x9365:
    case 0x6D93:
    case 0x6D5C:
    case 0x935C:
    case 0x9354:
    case 0x93B4:
    case 0x6769:
    case 0x6FB6:
    case 0x7EE0:
    case 0x9351:
    case 0x9422:
        return 1;
    default:
        return character == 0xFFFD || (character >= 0xE000 && character <= 0xF8FF) ||
               (character >= 0x80 && character < 0xA0);
    }
}

/* UTF-8 of Europe or of punctuation read as Latin-1 or Windows-1252: Ã or Â or â€ and what follows.
 */
static int is_misread_pair(uint32_t before, uint32_t character)
{
    return ((before == 0xC3 || before == 0xC2) && character >= 0xA0 && character < 0xC0) ||
           (before == 0xE2 && character == 0x20AC);
}

/* What the loops below ask of a character of ASCII; encoded: of base64. */
#define IS_LETTER  1u /* or digit */
#define IS_ENCODED 2u
#define IS_VISIBLE 4u

static const uint8_t ascii[128] = {
    ['!' ... '*'] = IS_VISIBLE,
    ['+'] = IS_VISIBLE | IS_ENCODED,
    [',' ... '.'] = IS_VISIBLE,
    ['/'] = IS_VISIBLE | IS_ENCODED,
    ['0' ... '9'] = IS_VISIBLE | IS_LETTER | IS_ENCODED,
    [':' ... '<'] = IS_VISIBLE,
    ['='] = IS_VISIBLE | IS_ENCODED,
    ['>' ... '@'] = IS_VISIBLE,
    ['A' ... 'Z'] = IS_VISIBLE | IS_LETTER | IS_ENCODED,
    ['[' ... '`'] = IS_VISIBLE,
    ['a' ... 'z'] = IS_VISIBLE | IS_LETTER | IS_ENCODED,
    ['{' ... 0x7F] = IS_VISIBLE,
};

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : 100 * (double)part / (double)whole;
}

/* What is counted of the text while it is gone through. */
struct tally {
    uint64_t letters;
    uint64_t total;
    uint64_t broken;
    uint64_t encoded;
    uint64_t run;    /* characters of base64 in a row */
    uint32_t before; /* the character before, unless it was an ordinary one */
};

/* The ideographs U+4000 to U+9FFF, which are most of a Chinese text, have these lead bytes. */
static int leads_ideograph(unsigned char lead)
{
    return lead >= 0xE4 && lead <= 0xE9;
}

static uint32_t ideograph(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
}

/* The characters that begin in [at, end). Returns where the one after them begins. */
static size_t tally_characters(struct tally *tally, const char *text, size_t len, size_t at,
                               size_t end)
{
    while (at < end) {
        unsigned char lead = (unsigned char)text[at];
        size_t size;

        if (lead < 0x80) {
            uint32_t class = ascii[lead];

            tally->letters += class & IS_LETTER;
            tally->total += (class & IS_VISIBLE) != 0;
            tally->run = (class & IS_ENCODED) != 0 ? tally->run + 1 : 0;
            if (tally->run >= ENCODED_RUN) {
                tally->encoded += tally->run == ENCODED_RUN ? ENCODED_RUN : 1;
            }
            tally->before = 0;
            at++;
            continue;
        }
        tally->total++;
        tally->run = 0;
        if (leads_ideograph(lead) && len - at >= 3) {
            tally->letters += 2;
            tally->broken += (uint64_t)is_broken(ideograph(text + at));
            tally->before = 0;
            at += 3;
        } else {
            uint32_t character = read_character(text, len, at, &size);

            tally->letters += letters(character);
            tally->broken += (uint64_t)is_broken(character) +
                             2 * (uint64_t)is_misread_pair(tally->before, character);
            tally->before = character;
            at += size;
        }
    }
    return at;
}

/* Piece by piece: page furniture, and what lies between. */
static void take_text(struct measures *measures, const struct taxon_document *document,
                      const struct mask *mask)
{
    struct tally tally = {0};
    uint64_t furniture = 0;
    size_t at = 0;

    for (size_t range = 0; at < document->text_len; range++) {
        size_t begin = range < mask->count ? mask->ranges[range].begin : document->text_len;
        size_t end = range < mask->count ? mask->ranges[range].end : document->text_len;
        uint64_t before;

        begin = begin < document->text_len ? begin : document->text_len;
        end = end < document->text_len ? end : document->text_len;
        at = tally_characters(&tally, document->text, document->text_len, at, begin);
        before = tally.letters;
        at = tally_characters(&tally, document->text, document->text_len, at, end);
        furniture += tally.letters - before;
    }
    measures->values[MEASURE_TEXT] = (double)tally.letters;
    measures->values[MEASURE_CONTENT] = (double)(tally.letters - furniture);
    measures->values[MEASURE_BROKEN] = percent(tally.broken, tally.total);
    measures->values[MEASURE_ENCODED] = percent(tally.encoded, tally.total);
}

static uint64_t letters_of_line(const char *line, size_t len)
{
    uint64_t count = 0;
    size_t size;

    for (size_t at = 0; at < len; at += size) {
        unsigned char lead = (unsigned char)line[at];

        if (lead < 0x80) {
            count += ascii[lead] & IS_LETTER;
            size = 1;
        } else if (leads_ideograph(lead) && len - at >= 3) {
            count += 2;
            size = 3;
        } else {
            count += letters(read_character(line, len, at, &size));
        }
    }
    return count;
}

static void take_prose(struct measures *measures, const struct taxon_document *document,
                       const struct lines *lines)
{
    const struct structure *script = structure_at(structure_find("script-share"));
    uint64_t count = 0;

    for (size_t i = 0; i < lines->count; i++) {
        const char *line = document->folded + lines->items[i].begin;
        size_t len = lines->items[i].end - lines->items[i].begin;

        if (script->count(line, len) == 0) {
            count += letters_of_line(line, len);
        }
    }
    measures->values[MEASURE_PROSE] = (double)count;
}

void measures_take(struct measures *measures, const struct taxon_document *document,
                   const struct lines *lines, const struct mask *mask)
{
    memset(measures, 0, sizeof(*measures));
    take_text(measures, document, mask);
    take_prose(measures, document, lines);
}
