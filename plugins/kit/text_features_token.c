/* kit/text_features_token: a text cut into tokens. Called by kit/text_features.c for each token.
 *
 * The text is folded: lower case, half width, valid UTF-8. Anything that is neither a letter, a
 * digit, a Han or kana character nor white space is a sign; letters of all alphabets make words.
 */
#include "text_features_private.h"

enum letter_class { CLASS_SPACE, CLASS_LETTER, CLASS_DIGIT, CLASS_SIGN, CLASS_WIDE };

static const uint8_t classes[128] = {
    ['!'] = CLASS_SIGN,   ['"'] = CLASS_SIGN,   ['#'] = CLASS_SIGN,   ['$'] = CLASS_SIGN,
    ['%'] = CLASS_SIGN,   ['&'] = CLASS_SIGN,   ['\''] = CLASS_SIGN,  ['('] = CLASS_SIGN,
    [')'] = CLASS_SIGN,   ['*'] = CLASS_SIGN,   ['+'] = CLASS_SIGN,   [','] = CLASS_SIGN,
    ['-'] = CLASS_SIGN,   ['.'] = CLASS_SIGN,   ['/'] = CLASS_SIGN,   [':'] = CLASS_SIGN,
    [';'] = CLASS_SIGN,   ['<'] = CLASS_SIGN,   ['='] = CLASS_SIGN,   ['>'] = CLASS_SIGN,
    ['?'] = CLASS_SIGN,   ['@'] = CLASS_SIGN,   ['['] = CLASS_SIGN,   ['\\'] = CLASS_SIGN,
    [']'] = CLASS_SIGN,   ['^'] = CLASS_SIGN,   ['_'] = CLASS_SIGN,   ['`'] = CLASS_SIGN,
    ['{'] = CLASS_SIGN,   ['|'] = CLASS_SIGN,   ['}'] = CLASS_SIGN,   ['~'] = CLASS_SIGN,
    ['0'] = CLASS_DIGIT,  ['1'] = CLASS_DIGIT,  ['2'] = CLASS_DIGIT,  ['3'] = CLASS_DIGIT,
    ['4'] = CLASS_DIGIT,  ['5'] = CLASS_DIGIT,  ['6'] = CLASS_DIGIT,  ['7'] = CLASS_DIGIT,
    ['8'] = CLASS_DIGIT,  ['9'] = CLASS_DIGIT,  ['a'] = CLASS_LETTER, ['b'] = CLASS_LETTER,
    ['c'] = CLASS_LETTER, ['d'] = CLASS_LETTER, ['e'] = CLASS_LETTER, ['f'] = CLASS_LETTER,
    ['g'] = CLASS_LETTER, ['h'] = CLASS_LETTER, ['i'] = CLASS_LETTER, ['j'] = CLASS_LETTER,
    ['k'] = CLASS_LETTER, ['l'] = CLASS_LETTER, ['m'] = CLASS_LETTER, ['n'] = CLASS_LETTER,
    ['o'] = CLASS_LETTER, ['p'] = CLASS_LETTER, ['q'] = CLASS_LETTER, ['r'] = CLASS_LETTER,
    ['s'] = CLASS_LETTER, ['t'] = CLASS_LETTER, ['u'] = CLASS_LETTER, ['v'] = CLASS_LETTER,
    ['w'] = CLASS_LETTER, ['x'] = CLASS_LETTER, ['y'] = CLASS_LETTER, ['z'] = CLASS_LETTER,
};

/* Of a character beyond ASCII. */
static enum letter_class class_of_wide(uint32_t c)
{
    if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x30FF) ||
        (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
        return CLASS_WIDE;
    if (c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c <= 0x2BFF) ||
        (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE10 && c <= 0xFE6F) || c >= 0xFF00)
        return c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200F) ? CLASS_SPACE : CLASS_SIGN;
    return CLASS_LETTER;
}

/* The character at `at`, of valid UTF-8, and its bytes. */
static inline uint32_t character(const unsigned char *text, size_t *out_size)
{
    if (text[0] < 0xE0) {
        *out_size = 2;
        return (uint32_t)((text[0] & 0x1F) << 6 | (text[1] & 0x3F));
    }
    if (text[0] < 0xF0) {
        *out_size = 3;
        return (uint32_t)((text[0] & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F));
    }
    *out_size = 4;
    return (uint32_t)((text[0] & 0x07) << 18 | (text[1] & 0x3F) << 12 | (text[2] & 0x3F) << 6 |
                      (text[3] & 0x3F));
}

static inline enum letter_class class_at(const unsigned char *text, size_t *out_size,
                                         uint32_t *out_code)
{
    if (text[0] < 0x80) {
        *out_size = 1;
        *out_code = text[0];
        return classes[text[0]];
    }
    *out_code = character(text, out_size);
    return class_of_wide(*out_code);
}

/* Of a word or a number that begins at `at`: where it ends, and its hash. */
static struct token run(const unsigned char *text, size_t at, size_t end, enum letter_class class)
{
    struct token token = {class == CLASS_LETTER ? TOKEN_WORD : TOKEN_NUMBER, (uint32_t)at, 0,
                          class == CLASS_LETTER ? 11 : 12};
    size_t size;
    uint32_t code;

    while (at < end && class_at(text + at, &size, &code) == class) {
        /* FNV-1a (Fowler, Noll, Vo) over characters; of a number only how many digits it has. */
        token.hash = (token.hash ^ (class == CLASS_LETTER ? code : '0')) * UINT64_C(0x100000001B3);
        at += size;
    }
    token.end = (uint32_t)at;
    token.hash ^= token.hash >> 32;
    return token;
}

struct token token_next(const char *text, size_t at, size_t end)
{
    const unsigned char *bytes = (const unsigned char *)text;

    while (at < end) {
        size_t size;
        uint32_t code;
        enum letter_class class = class_at(bytes + at, &size, &code);

        if (class == CLASS_LETTER || class == CLASS_DIGIT)
            return run(bytes, at, end, class);
        if (class != CLASS_SPACE)
            return (struct token){class == CLASS_WIDE ? TOKEN_HAN : TOKEN_SIGN, (uint32_t)at,
                                  (uint32_t)(at + size), code * UINT64_C(0xD6E8FEB86659FD93)};
        at += size;
    }
    return (struct token){.kind = TOKEN_NONE, .begin = (uint32_t)end, .end = (uint32_t)end};
}
