/* shape: one pass over a folded line: its width, its marks, the dates and numbers in it.
 *
 * Called for every line. Each character falls into a class; only digits and a few marks are looked
 * at any closer. It does not know what a date means: the facts of dates are the readers' business.
 */
#include "shape.h"

#include <string.h>

#include "kit/pattern.h"
#include "tokens.h"

#define SENTENCE_COLUMNS 36 /* with a stop at its end */
#define LONG_COLUMNS     70 /* with stops or commas in it */
#define ENGLISH_WORDS    6

enum class { CLASS_LETTER, CLASS_MARK, CLASS_STOP, CLASS_COMMA, CLASS_BAR, CLASS_TRAIL };

/* Marks beyond ASCII. U+2010 to U+2BFF are marks, arrows and shapes, U+3000 to U+303F those of
 * Chinese. */
static enum class wide_class(const unsigned char *p, size_t size) {
    if (size == 2){return p[0] != 0xC2                                   ? CLASS_LETTER
                          : p[1] == 0xB7                                 ? CLASS_BAR   /* · */
                          : p[1] == 0xBB                                 ? CLASS_TRAIL /* » */
                          : p[1] == 0xAA || p[1] == 0xB5 || p[1] == 0xBA ? CLASS_LETTER
                                                                         : CLASS_MARK;}
if (size == 3 && p[0] == 0xE3 && p[1] == 0x80)
{
    return p[2] == 0x82 ? CLASS_STOP : p[2] == 0x81 ? CLASS_COMMA : CLASS_MARK;
}
if (size == 3 && p[0] == 0xE2 && p[1] <= 0xAF) {
    return p[1] == 0x80 && p[2] == 0xA2                                       ? CLASS_BAR /* • */
           : (p[1] == 0x80 && p[2] == 0xBA) || (p[1] == 0x86 && p[2] == 0x92) ? CLASS_TRAIL
                                                                              : CLASS_MARK;
}
return size == 3 && p[0] == 0xEF && p[1] >= 0xB8 ? CLASS_MARK : CLASS_LETTER;
}

static enum class ascii_class(const char *line, size_t len, size_t at) {
    switch (line[at]){
        case '!' : case '?' : return CLASS_STOP;
        case '.' : return at + 1 == len || line[at + 1] == ' ' || line[at + 1] == '"' ? CLASS_STOP
                                                                                      : CLASS_MARK;
        case ',' : case ';' : return CLASS_COMMA;
        case '|' : case '/' : return CLASS_BAR;
        case '>' : return CLASS_TRAIL;
        default : return (line[at] >= 'a' && line[at] <= 'z') ? CLASS_LETTER : CLASS_MARK;
    }
}

static int is_code_mark(char c)
{
    return c == ';' || c == '{' || c == '}' || c == '=' || c == '(' || c == ')' || c == '<' ||
           c == '>' || c == '&' || c == '$';
}

static void count_class(struct shape *shape, enum class class, size_t size)
{
    shape->letters += class == CLASS_LETTER ? (uint32_t)size : 0;
    shape->stops += class == CLASS_STOP;
    shape->commas += class == CLASS_COMMA;
    shape->bars += class == CLASS_BAR;
    shape->trails += class == CLASS_TRAIL;
}

/* Takes in what begins with the digit (or '+', '(') at `at`: a date, a time, a telephone number or
 * just a number. Returns its bytes. */
static size_t count_number(struct shape *shape, const char *line, size_t len, size_t at)
{
    size_t size = token_date(line, len, at);
    uint32_t bit = SHAPE_DATE;

    if (size == 0) {
        size = token_clock(line, len, at);
        bit = SHAPE_CLOCK;
    }
    if (size == 0) {
        size = token_phone(line, len, at);
        bit = SHAPE_PHONE;
    }
    if (size == 0) {
        size = token_digits(line, len, at);
        bit = 0;
    }
    shape->bits |= bit;
    shape->digits += (uint32_t)size;
    shape->columns += (uint32_t)size;
    return size;
}

static size_t count_ascii(struct shape *shape, const char *line, size_t len, size_t at)
{
    char c = line[at];

    if (c >= '0' && c <= '9') {
        return count_number(shape, line, len, at);
    }
    shape->columns++;
    if (c == ' ') {
        shape->spaces++;
        return 1;
    }
    if (c == '@' && token_is_email(line, len, at)) {
        shape->bits |= SHAPE_EMAIL;
    }
    if ((c == ':' && len - at >= 3 && line[at + 1] == '/' && line[at + 2] == '/') ||
        (c == 'w' && len - at > 4 && memcmp(line + at, "www.", 4) == 0)) {
        shape->bits |= SHAPE_URL;
    }
    if ((at == 0 || line[at - 1] == ' ') && token_month_date(line, len, at)) {
        shape->bits |= SHAPE_DATE;
    }
    shape->code += (uint32_t)is_code_mark(c);
    count_class(shape, ascii_class(line, len, at), 1);
    return 1;
}

static size_t count_wide(struct shape *shape, const char *line, size_t len, size_t at)
{
    size_t size = pattern_character(line + at, len - at);
    const unsigned char *p = (const unsigned char *)line + at;
    enum class class = wide_class(p, size);

    shape->columns += size >= 3 && p[0] != 0xE2 ? 2 : 1;
    if (class == CLASS_LETTER && size >= 3 && p[0] >= 0xE3) {
        shape->bits |= SHAPE_HAN;
    }
    count_class(shape, class, size);
    return size;
}

static inline int ends(const char *line, size_t len, const char *with)
{
    size_t size = strlen(with);

    return size <= len && memcmp(line + len - size, with, size) == 0;
}

/* Does a closing mark end in this byte? */
static int may_close(char last)
{
    switch ((unsigned char)last) {
    case '"':
    case '\'':
    case ')':
    case 0x9D: /* ” */
    case 0x99: /* ’ */
    case 0x8D: /* 」 */
    case 0x8F: /* 』 */
    case 0x91: /* 】 */
        return 1;
    default:
        return 0;
    }
}

static uint32_t end_bits(const char *line, size_t len)
{
    static const char *const closings[] = {"”", "\"", "’", "'", ")", "」", "』", "】", NULL};
    uint32_t bits = token_ends_dated(line, len) ? SHAPE_DATED : 0;

    for (int i = 0; i < 3 && len > 0 && may_close(line[len - 1]); i++) {
        for (const char *const *closing = closings; *closing != NULL; closing++) {
            len -= ends(line, len, *closing) ? strlen(*closing) : 0;
        }
    }
    if (ends(line, len, "…") || ends(line, len, "...")) {
        return bits | SHAPE_ELLIPSIS;
    }
    if (ends(line, len, "。") || ends(line, len, "!") || ends(line, len, "?") ||
        ends(line, len, ".") || ends(line, len, ";")) {
        return bits | SHAPE_STOP;
    }
    return ends(line, len, ":") || ends(line, len, ",") || ends(line, len, "、")
               ? bits | SHAPE_OPENED
               : bits;
}

static uint32_t sentence_bits(const struct shape *shape)
{
    uint32_t marks = shape->stops + shape->commas;
    int is_han = (shape->bits & SHAPE_HAN) != 0;
    uint32_t least = is_han ? SENTENCE_COLUMNS : SENTENCE_COLUMNS + 10;
    uint32_t bits = 0;

    if (!is_han && shape->spaces + 1 < ENGLISH_WORDS) {
        return 0;
    }
    if (shape->columns >= least && shape->bars * 12 < shape->columns &&
        shape->trails * 20 < shape->columns && shape->code * 8 < shape->columns &&
        ((shape->bits & SHAPE_STOP) != 0 || (marks > 0 && shape->columns >= LONG_COLUMNS))) {
        bits |= SHAPE_SENTENCE;
    }
    if (bits != 0 && shape->columns >= LONG_COLUMNS && marks >= 2) {
        bits |= SHAPE_LONG;
    }
    return bits;
}

static int starts_with_bullet(const char *line, size_t len)
{
    static const char *const bullets[] = {"•", "●", "·", "◆", "■", "►", "▶", "- ", "* ", "○", NULL};

    if (len == 0 || (line[0] != '-' && line[0] != '*' && (unsigned char)line[0] != 0xE2 &&
                     (unsigned char)line[0] != 0xC2)) {
        return 0; /* nearly always */
    }
    for (const char *const *bullet = bullets; *bullet != NULL; bullet++) {
        size_t size = strlen(*bullet);

        if (size < len && memcmp(line, *bullet, size) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The bytes of the row of ideographs (U+4000 to U+9FFF, most of a Chinese text) at `at`. */
static size_t ideographs_at(const char *line, size_t len, size_t at)
{
    size_t end = at;

    while (len - end >= 3 && (unsigned char)line[end] >= 0xE4 && (unsigned char)line[end] <= 0xE9) {
        end += 3;
    }
    return end - at;
}

static size_t count_ideographs(struct shape *shape, size_t size)
{
    shape->columns += (uint32_t)(size / 3 * 2);
    shape->letters += (uint32_t)size;
    shape->bits |= SHAPE_HAN;
    return size;
}

void shape_of(const char *line, size_t len, struct shape *out_shape)
{
    struct shape shape = {.bits = 0};
    size_t at = 0;

    while (at < len) {
        size_t size = ideographs_at(line, len, at);

        if (size > 0) {
            at += count_ideographs(&shape, size);
        } else {
            at += (unsigned char)line[at] < 0x80 ? count_ascii(&shape, line, len, at)
                                                 : count_wide(&shape, line, len, at);
        }
    }
    if (starts_with_bullet(line, len)) {
        shape.bits |= SHAPE_BULLET;
    }
    shape.bits |= end_bits(line, len);
    shape.bits |= sentence_bits(&shape);
    *out_shape = shape;
}

uint32_t shape_letters(const char *line, size_t len)
{
    uint32_t letters = 0;
    size_t at = 0;

    while (at < len) {
        size_t size = ideographs_at(line, len, at);
        enum class class;

        if (size > 0) {
            letters += (uint32_t)size;
            at += size;
            continue;
        }
        size = pattern_character(line + at, len - at);
        class = size == 1 ? ascii_class(line, len, at)
                          : wide_class((const unsigned char *)line + at, size);

        letters += class == CLASS_LETTER ? (uint32_t)size : 0;
        at += size;
    }
    return letters;
}

uint32_t shape_columns(const char *line, size_t len)
{
    uint32_t columns = 0;
    size_t at = 0;

    while (at < len) {
        columns += (unsigned char)line[at] >= 0xE3 ? 2 : 1;
        at += pattern_character(line + at, len - at);
    }
    return columns;
}
