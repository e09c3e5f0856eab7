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

static uint32_t letters(uint32_t character)
{
    if (character < 0x80) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
               (character >= 'A' && character <= 'Z');
    }
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
    static const uint32_t misread[] = {0x951F, 0x62F7, 0x9428, 0x951B, 0x9286, 0x93C4,
                                       0x93C8, 0x9365, 0x6D93, 0x6D5C, 0x935C, 0x9354,
                                       0x93B4, 0x6769, 0x6FB6, 0x7EE0, 0x9351, 0x9422};

    if (character == 0xFFFD || (character >= 0xE000 && character <= 0xF8FF) ||
        (character >= 0x80 && character < 0xA0)) {
        return 1;
    }
    for (size_t i = 0; i < sizeof(misread) / sizeof(misread[0]); i++) {
        if (misread[i] == character) {
            return 1;
        }
    }
    return 0;
}

/* UTF-8 of Europe or of punctuation read as Latin-1 or Windows-1252: Ã or Â or â€ and what follows.
 */
static int is_misread_pair(uint32_t before, uint32_t character)
{
    return ((before == 0xC3 || before == 0xC2) && character >= 0xA0 && character < 0xC0) ||
           (before == 0xE2 && character == 0x20AC);
}

static int is_encoded(uint32_t character)
{
    return (character < 0x80 && letters(character) > 0) || character == '+' || character == '/' ||
           character == '=';
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : 100 * (double)part / (double)whole;
}

static void take_text(struct measures *measures, const struct taxon_document *document,
                      const struct mask *mask)
{
    size_t range = 0;
    size_t size;
    uint64_t total = 0;
    uint64_t broken = 0;
    uint64_t encoded = 0;
    uint64_t run = 0; /* characters of base64 in a row */
    uint32_t before = 0;

    for (size_t at = 0; at < document->text_len; at += size) {
        uint32_t character = read_character(document->text, document->text_len, at, &size);
        uint32_t width = letters(character);

        while (range < mask->count && mask->ranges[range].end <= at) {
            range++;
        }
        measures->values[MEASURE_TEXT] += width;
        if (range == mask->count || mask->ranges[range].begin > at) {
            measures->values[MEASURE_CONTENT] += width;
        }
        total += character > ' ';
        broken += (uint64_t)is_broken(character) + 2 * (uint64_t)is_misread_pair(before, character);
        run = is_encoded(character) ? run + 1 : 0;
        encoded += run == ENCODED_RUN ? ENCODED_RUN : run > ENCODED_RUN;
        before = character;
    }
    measures->values[MEASURE_BROKEN] = percent(broken, total);
    measures->values[MEASURE_ENCODED] = percent(encoded, total);
}

static void take_prose(struct measures *measures, const struct taxon_document *document,
                       const struct lines *lines)
{
    const size_t script = structure_find("script-share");

    for (size_t i = 0; i < lines->count; i++) {
        const char *line = document->folded + lines->items[i].begin;
        size_t len = lines->items[i].end - lines->items[i].begin;
        size_t size;

        if (structure_at(script)->count(line, len) > 0) {
            continue;
        }
        for (size_t at = 0; at < len; at += size) {
            measures->values[MEASURE_PROSE] += letters(read_character(line, len, at, &size));
        }
    }
}

void measures_take(struct measures *measures, const struct taxon_document *document,
                   const struct lines *lines, const struct mask *mask)
{
    memset(measures, 0, sizeof(*measures));
    take_text(measures, document, mask);
    take_prose(measures, document, lines);
}
