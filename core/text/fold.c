/* text/fold: makes the folded text and its map.
 *
 * Called by the worker for each document, and for each lexicon that a plugin opens, so that both
 * fold alike. It does not compose or decompose characters (NFC, NFKC), does not break words, and
 * expects valid UTF-8; on anything else it gives nonsense but stays within its bounds.
 *
 * One pass. What a character becomes stands in generated tables (fold_table.h); characters that
 * stay, or change without changing their length, are written at once, and the map's current run
 * simply goes on. Everything else closes that run.
 */
#include "text/fold.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold_entity.h"
#include "text/fold_gloss.h"
#include "text/fold_part.h"
#include "text/fold_table.h"

/* No character grows by more than 3 bytes to 4, so no folded text by more than a third; offsets of
 * both have 32 bits. */
#define FOLD_LEN_MAX (UINT32_MAX / 4 * 3 - 4)

static size_t utf8_len(unsigned char lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static const struct fold_action *astral_action(const unsigned char *at)
{
    uint32_t code_point =
        (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 | (at[3] & 0x3Fu);
    size_t low = 0;
    size_t high = fold_astral_count;
    /* Tags and the variation selectors of ideographs: thousands that need no row each. */
    static const struct fold_action dropped = {.kind = FOLD_DROP};

    if (code_point >= 0xE0000 && code_point < 0xE0200)
        return &dropped;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_astrals[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < fold_astral_count && fold_astrals[low].code_point == code_point
               ? &fold_actions[fold_astrals[low].action]
               : &fold_actions[FOLD_COPY];
}

static const struct fold_action *ascii_action(char c)
{
    static const struct fold_action space = {.kind = FOLD_SPACE};
    static const struct fold_action line_end = {.kind = FOLD_LINE_END};
    static const struct fold_action open = {.utf8 = "(", .len = 1, .kind = FOLD_OPEN};

    if (c == ' ' || c == '\t')
        return &space;
    if (c >= '\n' && c <= '\r') /* LF, VT, FF, CR */
        return &line_end;
    return c == '(' ? &open : &fold_actions[FOLD_COPY];
}

static inline const struct fold_action *three_bytes_action(const unsigned char *at)
{
    unsigned page = fold_index[(at[0] & 0x0F) << 6 | (at[1] & 0x3F)];

    return &fold_actions[fold_pages[page][at[2] & 0x3F]];
}

/* The action of the character at `at`, and its length. */
static const struct fold_action *action_at(const char *at, const char *end, size_t *out_len)
{
    const unsigned char *bytes = (const unsigned char *)at;
    size_t len = utf8_len(bytes[0]);

    if (len > (size_t)(end - at)) {
        *out_len = 1;
        return &fold_actions[FOLD_COPY];
    }
    *out_len = len;
    switch (len) {
    case 1:
        return ascii_action(*at);
    case 2:
        return &fold_actions[fold_pages[fold_index[bytes[0] & 0x1F]][bytes[1] & 0x3F]];
    case 3:
        return three_bytes_action(bytes);
    default:
        return astral_action(bytes);
    }
}

/* What the reference at `at` stands for, if it is one and the text has enough of them. */
static const struct fold_action *entity_at(struct folder *folder, const char *at, size_t *out_len)
{
    const struct fold_action *action = *at == '&' ? fold_entity(at, folder->end, out_len) : NULL;

    if (action != NULL && folder->entities == ENTITIES_UNKNOWN)
        folder->entities = fold_entity_count(folder->text, folder->end) >= FOLD_ENTITIES_LEAST
                               ? ENTITIES_READ
                               : ENTITIES_KEPT;
    return folder->entities == ENTITIES_READ ? action : NULL;
}

static const struct fold_action *next_action(struct folder *folder, const char *at, size_t *out_len)
{
    const struct fold_action *entity = entity_at(folder, at, out_len);

    return entity != NULL ? entity : action_at(at, folder->end, out_len);
}

/* A run of white space, and of dropped characters within it. */
static void fold_space(struct folder *folder)
{
    const char *next = folder->at;
    bool line_end = false;

    while (next < folder->end) {
        size_t len;
        uint8_t kind = next_action(folder, next, &len)->kind;
        if (kind != FOLD_SPACE && kind != FOLD_LINE_END && kind != FOLD_DROP)
            break;
        line_end = line_end || kind == FOLD_LINE_END;
        next += len;
    }
    if (folder->out == folder->begin || next == folder->end)
        fold_drop(folder, (size_t)(next - folder->at));
    else
        fold_replace(folder, (size_t)(next - folder->at), line_end ? "\n" : " ", 1);
}

/* The length of the gloss at `at`, or 0. An untoned one counts only in a text that has toned ones:
 * elsewhere 北京(he) may be anything. */
static size_t gloss_at(struct folder *folder, const char *at)
{
    bool toned = false;
    size_t len = fold_gloss_len(folder->text, at, folder->end, &toned);

    if (len == 0 || toned)
        return len;
    if (folder->toned == TONED_UNKNOWN)
        folder->toned = fold_gloss_any_toned(folder->text, folder->end) ? TONED_YES : TONED_NO;
    return folder->toned == TONED_YES ? len : 0;
}

static void fold_open(struct folder *folder, const struct fold_action *action, size_t len)
{
    size_t gloss_len = gloss_at(folder, folder->at);

    if (gloss_len > 0) {
        folder->result.glosses++;
        fold_drop(folder, gloss_len);
        return;
    }
    folder->result.full_width += len > 1;
    fold_replace(folder, len, action->utf8, action->len);
}

/* Whether the phrase stands at folder->at, with or without glosses between its characters. */
static bool phrase_matches(struct folder *folder, const struct fold_phrase *phrase)
{
    const char *at = folder->at;
    const char *from = phrase->from;

    for (unsigned left = phrase->characters; left > 0; left--) {
        size_t len = utf8_len((unsigned char)*from);
        if (len > (size_t)(folder->end - at) || memcmp(at, from, len) != 0)
            return false;
        at += len;
        from += len;
        if (left > 1 && at < folder->end && (*at == '(' || *at == '\xEF'))
            at += gloss_at(folder, at);
    }
    return true;
}

static void find_phrase(struct folder *folder, const struct fold_phrase_group *group)
{
    for (unsigned i = 0; i < group->count; i++) {
        const struct fold_phrase *phrase = &fold_phrases[group->begin + i];
        if (phrase_matches(folder, phrase)) {
            folder->phrase = phrase->to;
            folder->phrase_left = phrase->characters;
            return;
        }
    }
}

/* Whether a look at the last byte of the second character, at `at`, leaves it possible that one of
 * the phrases stands there. A parenthesis may be a gloss before it. */
static inline bool may_be_phrase(unsigned number, const unsigned char *at, const unsigned char *end)
{
    if (end - at < 3)
        return false;
    return at[0] == '(' || at[0] == 0xEF ||
           ((fold_phrase_groups[number].seconds >> (at[2] & 0x3F)) & 1) != 0;
}

static void fold_han(struct folder *folder, const struct fold_action *action, size_t len)
{
    const char *to = action->utf8;
    size_t to_len = action->len;

    if (folder->phrase_left == 0 && action->kind == FOLD_PHRASE)
        find_phrase(folder, &fold_phrase_groups[action->phrase]);
    if (folder->phrase_left > 0) {
        to = folder->phrase;
        to_len = utf8_len((unsigned char)*to);
        folder->phrase += to_len;
        folder->phrase_left--;
    } else if (action->kind == FOLD_COPY) {
        to = folder->at;
        to_len = len;
    }
    folder->result.traditional += to_len != len || memcmp(to, folder->at, len) != 0;
    fold_replace(folder, len, to, to_len);
}

static inline void fold_width(struct folder *folder, const struct fold_action *action)
{
    folder->result.full_width++;
    fold_replace(folder, 3, action->utf8, action->len);
}

/* One character that is not simply written as it is or in its own length. */
static void fold_character(struct folder *folder)
{
    size_t len;
    const struct fold_action *action = next_action(folder, folder->at, &len);

    switch ((enum fold_kind)action->kind) {
    case FOLD_SPACE:
    case FOLD_LINE_END:
        fold_space(folder);
        break;
    case FOLD_DROP:
        fold_drop(folder, len);
        break;
    case FOLD_OPEN:
        fold_open(folder, action, len);
        break;
    case FOLD_WIDTH:
        fold_width(folder, action);
        break;
    case FOLD_CASE:
    case FOLD_SHORTER:
        fold_replace(folder, len, action->utf8, action->len);
        break;
    case FOLD_HAN:
    case FOLD_HAN_OTHER:
    case FOLD_PHRASE:
        fold_han(folder, action, len);
        break;
    case FOLD_COPY:
        if (folder->phrase_left > 0)
            fold_han(folder, action, len);
        else
            fold_replace(folder, len, folder->at, len);
        break;
    }
}

/* Most of Chinese text: characters of three bytes. Returns where it stopped. No branch tells those
 * that change from those that stay: in Traditional text they take turns at random. */
static const unsigned char *fold_three_bytes(struct folder *folder, const unsigned char *at,
                                             const unsigned char *end)
{
    char *out = folder->out;
    uint32_t traditional = 0;

    while (end - at > 3 && (at[0] & 0xF0) == 0xE0) {
        const struct fold_action *action = three_bytes_action(at);
        uint32_t from;
        uint32_t to;
        if (action->kind == FOLD_WIDTH) { /* as frequent as punctuation is */
            folder->at = (const char *)at;
            folder->out = out;
            fold_width(folder, action);
            at += 3;
            out = folder->out;
            continue;
        }
        if (action->kind > FOLD_PHRASE)
            break;
        memcpy(&from, at, 4);
        memcpy(&to, action->utf8, 4);
        to |= from & (0u - (uint32_t)(action->kind == FOLD_COPY));
        if (action->kind == FOLD_PHRASE) {
            if (may_be_phrase(action->phrase, at + 3, end))
                break;
            traditional += memcmp(at, &to, 3) != 0;
        }
        memcpy(out, &to, 4); /* the fourth byte is written again, or is the room for the NUL */
        traditional += action->kind == FOLD_HAN;
        at += 3;
        out += 3;
    }
    folder->out = out;
    folder->result.traditional += traditional;
    return at;
}

/* Letters of Greek, Cyrillic and other scripts of two bytes, likewise. */
static const unsigned char *fold_two_bytes(struct folder *folder, const unsigned char *at,
                                           const unsigned char *end)
{
    while (end - at >= 2 && (at[0] & 0xE0) == 0xC0) {
        const struct fold_action *action =
            &fold_actions[fold_pages[fold_index[at[0] & 0x1F]][at[1] & 0x3F]];
        if (action->kind > FOLD_CASE)
            break;
        memcpy(folder->out, action->kind == FOLD_COPY ? (const char *)at : action->utf8, 2);
        at += 2;
        folder->out += 2;
    }
    return at;
}

static bool is_ascii_letter_or_sign(unsigned char c)
{
    return c > ' ' && c < 0x7F && c != '(' && c != '&';
}

/* ASCII, and single white space between two of its characters. */
static const unsigned char *fold_ascii(struct folder *folder, const unsigned char *at,
                                       const unsigned char *end)
{
    char *out = folder->out;

    for (; at < end; at++) {
        unsigned char c = *at;
        bool is_single_space = (c == ' ' || c == '\n') && out > folder->begin && end - at > 1 &&
                               is_ascii_letter_or_sign(at[1]);
        if (!is_ascii_letter_or_sign(c) && !is_single_space)
            break;
        *out++ = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    folder->out = out;
    return at;
}

/* The characters that most texts are made of, up to the first that needs more thought. Everything
 * written here has the length of what it was. */
static void fold_stretch(struct folder *folder)
{
    const unsigned char *at = (const unsigned char *)folder->at;
    const unsigned char *end = (const unsigned char *)folder->end;
    const unsigned char *begin;

    do {
        begin = at;
        at = fold_ascii(folder, at, end);
        at = fold_three_bytes(folder, at, end);
        at = fold_two_bytes(folder, at, end);
    } while (at > begin);
    folder->at = (const char *)at;
}

int fold_text(struct arena *arena, const char *text, size_t len, struct folded *out_folded)
{
    if (len > FOLD_LEN_MAX)
        return -EFBIG;
    char *out = arena_alloc(arena, len + len / 3 + 1);
    if (out == NULL)
        return -ENOMEM;

    struct folder folder = {
        .text = text,
        .at = text,
        .end = text + len,
        .begin = out,
        .out = out,
        .step_text = text,
        .step_out = out,
    };
    while (folder.at < folder.end && !folder.failed) {
        if (folder.phrase_left == 0)
            fold_stretch(&folder);
        if (folder.at < folder.end)
            fold_character(&folder);
    }
    return fold_finish(&folder, arena, out_folded);
}
