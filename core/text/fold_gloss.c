/* text/fold_gloss: tells pinyin glosses from other things in parentheses.
 *
 * Called by the folding at each parenthesis. A gloss is one syllable of Hanyu Pinyin (GB/T 16159)
 * with at most one tone mark, in ASCII or full-width parentheses, with nothing between it and the
 * Han character before. So (km), (a1) or (GDP) stay. It does not check that the syllable is a
 * reading of that character.
 */
#include "text/fold_gloss.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define SYLLABLE_MAX 6 /* zhuang */

struct initial {
    const char *text;
    const char *finals; /* each between two spaces; v is ü */
};

/* The longer initials stand first: zh before z. */
static const struct initial initials[] = {
    {"zh", " a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo "},
    {"ch", " a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo "},
    {"sh", " a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo "},
    {"b", " a ai an ang ao ei en eng i ian iao ie in ing o u "},
    {"p", " a ai an ang ao ei en eng i ian iao ie in ing o ou u "},
    {"m", " a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u "},
    {"f", " a an ang ei en eng iao o ou u "},
    {"d", " a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo "},
    {"t", " a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo "},
    {"n", " a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve ue "},
    {"l", " a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue "},
    {"g", " a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo "},
    {"k", " a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo "},
    {"h", " a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo "},
    {"j", " i ia ian iang iao ie in ing iong iu u uan ue un v van ve vn "},
    {"q", " i ia ian iang iao ie in ing iong iu u uan ue un v van ve vn "},
    {"x", " i ia ian iang iao ie in ing iong iu u uan ue un v van ve vn "},
    {"r", " an ang ao e en eng i ong ou u ua uan ui un uo "},
    {"z", " a ai an ang ao e ei en eng i ong ou u uan ui un uo "},
    {"c", " a ai an ang ao e en eng i ong ou u uan ui un uo "},
    {"s", " a ai an ang ao e en eng i ong ou u uan ui un uo "},
    {"y", " a ai an ang ao e i in ing o ong ou u uan ue un v van ve vn "},
    {"w", " a ai an ang ei en eng o u "},
    {"", " a ai an ang ao e ei en eng er o ou "},
};

/* Vowels with a tone mark, and the letter under it. The breve stands in for the caron, and ɑ and
 * ɡ for a and g, in much that was typeset. */
static const struct {
    const char *letters; /* UTF-8 */
    char base;
    bool toned;
} marked[] = {
    {"āáǎàăĀÁǍÀ", 'a', true}, {"ēéěèĕĒÉĚÈ", 'e', true}, {"īíǐìĭ", 'i', true},
    {"ōóǒòŏŌÓǑÒ", 'o', true}, {"ūúǔùŭ", 'u', true},     {"ǖǘǚǜ", 'v', true},
    {"ńňǹ", 'n', true},       {"ḿ", 'm', true},         {"üÜ", 'v', false},
    {"ê", 'e', false},        {"ɑ", 'a', false},        {"ɡ", 'g', false},
};

/* U+0304, 0301, 030C, 0306, 0300: a tone mark of its own, after its letter. */
static bool is_combining_tone(uint32_t code_point)
{
    return code_point == 0x0304 || code_point == 0x0301 || code_point == 0x030C ||
           code_point == 0x0306 || code_point == 0x0300;
}

static bool find_marked(const char *bytes, size_t len, char *out_base, bool *out_toned)
{
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        const char *letters = marked[i].letters;
        size_t total = strlen(letters);
        for (size_t at = 0; at + len <= total; at++) {
            if (memcmp(letters + at, bytes, len) == 0) {
                *out_base = marked[i].base;
                *out_toned = marked[i].toned;
                return true;
            }
        }
    }
    return false;
}

static bool is_syllable(const char *letters)
{
    for (size_t i = 0; i < sizeof initials / sizeof *initials; i++) {
        size_t len = strlen(initials[i].text);
        if (strncmp(letters, initials[i].text, len) != 0)
            continue;
        char final[SYLLABLE_MAX + 3] = " ";
        strcat(final, letters + len);
        strcat(final, " ");
        return letters[len] != '\0' && strstr(initials[i].finals, final) != NULL;
    }
    return false;
}

static bool is_han_before(const char *text, const char *at)
{
    uint32_t code_point = 0;

    if (at - text >= 3 && utf8_decode(at - 3, 3, &code_point) == 3)
        return (code_point >= 0x3400 && code_point < 0xA000) ||
               (code_point >= 0xF900 && code_point < 0xFB00) || code_point == 0x3007;
    return at - text >= 4 && utf8_decode(at - 4, 4, &code_point) == 4 && code_point >= 0x20000 &&
           code_point < 0x33480;
}

static size_t parenthesis_len(const char *at, const char *end, char ascii, const char *full_width)
{
    if (at < end && *at == ascii)
        return 1;
    return end - at >= 3 && memcmp(at, full_width, 3) == 0 ? 3 : 0;
}

struct syllable {
    char letters[SYLLABLE_MAX + 1];
    size_t len;
    unsigned tones;
};

/* Takes one letter or tone mark at `at`; its bytes, or 0 when it belongs to no syllable. */
static size_t take_letter(struct syllable *syllable, const char *at, const char *end)
{
    uint32_t code_point;
    size_t len = utf8_decode(at, (size_t)(end - at), &code_point);
    char base = 0;
    bool toned = false;

    if (len == 0)
        return 0;
    if (is_combining_tone(code_point)) {
        syllable->tones++;
        return syllable->len > 0 ? len : 0;
    }
    if (code_point == 0x0308 && syllable->len > 0 && syllable->letters[syllable->len - 1] == 'u') {
        syllable->letters[syllable->len - 1] = 'v';
        return len;
    }
    if (len == 1 && ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))
        base = (char)(*at | 0x20);
    else if (len == 1 || !find_marked(at, len, &base, &toned))
        return 0;
    if (syllable->len == SYLLABLE_MAX)
        return 0;
    syllable->letters[syllable->len++] = base;
    syllable->tones += toned;
    return len;
}

size_t fold_gloss_len(const char *text, const char *at, const char *end, bool *out_toned)
{
    struct syllable syllable = {.len = 0};
    const char *next = at + parenthesis_len(at, end, '(', "（");
    size_t len = 0;

    if (next == at || !is_han_before(text, at))
        return 0;
    while (next < end && (len = take_letter(&syllable, next, end)) > 0)
        next += len;
    len = parenthesis_len(next, end, ')', "）");
    if (len == 0 || syllable.tones > 1 || !is_syllable(syllable.letters))
        return 0;
    *out_toned = syllable.tones > 0;
    return (size_t)(next + len - at);
}

static bool any_toned(const char *text, const char *end, const char *open, size_t open_len)
{
    const char *at = text;

    while ((at = memmem(at, (size_t)(end - at), open, open_len)) != NULL) {
        bool toned;
        if (fold_gloss_len(text, at, end, &toned) > 0 && toned)
            return true;
        at += open_len;
    }
    return false;
}

bool fold_gloss_any_toned(const char *text, const char *end)
{
    return any_toned(text, end, "(", 1) || any_toned(text, end, "（", 3);
}
