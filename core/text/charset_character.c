/* text/charset_character: what kind of character a code point is.
 *
 * Called by charset_letters.c when it makes its tables. It covers the repertoire of charsets of one
 * byte, by the blocks of Unicode 15 and, for case, the regular parts of its UnicodeData.txt.
 */
#include "text/charset_character.h"

#include <stddef.h>

#include "base/utf8.h"

struct range {
    uint16_t first;
    uint16_t last;
};

static bool is_within(const struct range *ranges, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count; i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

#define IS_WITHIN(ranges, code_point)                                                              \
    is_within(ranges, sizeof(ranges) / sizeof *(ranges), code_point)

/* Capitals whose small letter is a fixed way behind. */
static const struct {
    struct range capitals;
    uint16_t distance;
} fixed[] = {
    {{'A', 'Z'}, 32},     {{0xC0, 0xD6}, 32},   {{0xD8, 0xDE}, 32},   {{0x386, 0x386}, 38},
    {{0x388, 0x38A}, 37}, {{0x38C, 0x38C}, 64}, {{0x38E, 0x38F}, 63}, {{0x391, 0x3AB}, 32},
    {{0x400, 0x40F}, 80}, {{0x410, 0x42F}, 32},
};

/* Where capital and small letter take turns, the even one first. */
static const struct range even_first[] = {
    {0x100, 0x12F}, {0x132, 0x137}, {0x14A, 0x177}, {0x1A0, 0x1A5},
    {0x218, 0x21B}, {0x48A, 0x4BF}, {0x4D0, 0x4FF},
};
static const struct range odd_first[] = {{0x139, 0x148}, {0x179, 0x17E}, {0x1AF, 0x1B0}};

uint32_t charset_character_small(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (code_point >= fixed[i].capitals.first && code_point <= fixed[i].capitals.last)
            return code_point + fixed[i].distance;
    if (code_point == 0x130) /* İ */
        return 'i';
    if (code_point == 0x178) /* Ÿ */
        return 0xFF;
    if (IS_WITHIN(even_first, code_point))
        return code_point | 1;
    if (IS_WITHIN(odd_first, code_point))
        return code_point + (code_point & 1);
    return code_point;
}

static const struct range letters[] = {
    {'A', 'Z'},     {'a', 'z'},     {0xC0, 0xD6},   {0xD8, 0xF6},   {0xF8, 0x24F},
    {0x300, 0x323}, {0x386, 0x386}, {0x388, 0x3CE}, {0x400, 0x4FF}, {0x5B0, 0x5C2},
    {0x5D0, 0x5F2}, {0x621, 0x652}, {0x671, 0x6D3}, {0xE01, 0xE3A}, {0xE40, 0xE4E},
};

static bool is_listed(const uint16_t *list, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == code_point)
            return true;
    return false;
}

#define IS_LISTED(list, code_point) is_listed(list, sizeof(list) / sizeof *(list), code_point)

static const uint16_t punctuation[] = {
    0xA0,   0xA1,   0xAA,   0xAB,   0xAD,   0xBA,   0xBB,   0xBF,   0x5BE,  0x60C,
    0x61B,  0x61F,  0x200C, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2018,
    0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2026, 0x2039, 0x203A,
};
static const uint16_t signs[] = {
    0xA3, 0xA7, 0xA9, 0xAE, 0xB0, 0xB4, 0xB7, 0x2020, 0x2022, 0x20AC, 0x2116, 0x2122,
};

enum charset_character charset_character_of(uint32_t code_point)
{
    if (code_point == UTF8_REPLACEMENT)
        return CHARACTER_NONE;
    if (IS_WITHIN(letters, code_point))
        return charset_character_small(code_point) != code_point ? CHARACTER_CAPITAL
                                                                 : CHARACTER_SMALL;
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0))
        return code_point == '\t' || code_point == '\n' || code_point == '\r' || code_point == '\f'
                   ? CHARACTER_BORDER
                   : CHARACTER_CONTROL;
    if (code_point < 0x80)
        return CHARACTER_BORDER;
    if (IS_LISTED(punctuation, code_point) || (code_point >= 0xE50 && code_point <= 0xE59))
        return CHARACTER_PUNCTUATION;
    if (IS_LISTED(signs, code_point))
        return CHARACTER_SIGN;
    return code_point >= 0x2500 && code_point <= 0x259F ? CHARACTER_BOX : CHARACTER_ODD;
}
