/* text/damage: what is broken in a document, by name and number.
 *
 * Called by the worker once the text is read. A sign that also stands in sound text does not count:
 * a run of question marks after a sentence, a reference or two in a text about HTML, a page whose
 * author left the end tags out as the standard allows.
 */
#include "text/damage.h"

#include <string.h>
#include <strings.h>

#include "text/fold_entity.h"

#define MARK_WORDS_LEAST 3 /* "???? ?? ???": words that are nothing but question marks */
#define MARK_WORD_LEAST  2 /* marks in each */
#define TAIL_LEN         ((size_t)2048) /* where a page's end tags are looked for */
#define HEAD_LEN         ((size_t)1024)

static bool is_border(const char *text, const char *end, const char *at)
{
    return at < text || at >= end || (*at >= 0 && *at <= ' ');
}

/* Question marks in words that are made of nothing else; one word alone is emphasis. */
static uint64_t count_marks(const char *text, const char *end)
{
    uint64_t words = 0;
    uint64_t marks = 0;

    for (const char *at = text; (at = memchr(at, '?', (size_t)(end - at))) != NULL;) {
        const char *begin = at;
        while (at < end && *at == '?')
            at++;
        bool is_word = at - begin >= MARK_WORD_LEAST && is_border(text, end, begin - 1) &&
                       is_border(text, end, at);
        words += is_word;
        marks += is_word ? (uint64_t)(at - begin) : 0;
    }
    return words >= MARK_WORDS_LEAST ? marks : 0;
}

static uint64_t count_replacements(const char *text, const char *end)
{
    static const char mark[] = "\uFFFD";
    uint64_t count = 0;

    for (const char *at = text; (at = memchr(at, mark[0], (size_t)(end - at))) != NULL; at++)
        count += end - at >= 3 && memcmp(at, mark, 3) == 0;
    return count;
}

/* C0 but for white space, DEL, and C1 (C2 80 to C2 9F). */
static uint64_t count_controls(const char *text, const char *end)
{
    uint64_t count = 0;

    for (const unsigned char *at = (const unsigned char *)text; at < (const unsigned char *)end;
         at++) {
        bool is_c0 = *at < 0x20 && (*at < '\t' || *at > '\r') && *at != 0x1B;
        bool is_c1 = at[0] == 0xC2 && at + 1 < (const unsigned char *)end && at[1] < 0xA0;
        count += is_c0 || *at == 0x7F || is_c1;
    }
    return count;
}

void damage_count(const char *text, size_t len, uint64_t illegal, struct damage_counts *out_counts)
{
    const char *end = text + len;
    uint64_t replacements = count_replacements(text, end);

    out_counts->lost = count_marks(text, end);
    out_counts->lost += replacements > illegal ? replacements - illegal : 0;
    size_t entities = fold_entity_count(text, end);
    out_counts->entities = entities >= FOLD_ENTITIES_LEAST ? entities : 0;
    out_counts->controls = count_controls(text, end);
}

static bool holds(const char *text, size_t len, const char *word)
{
    size_t word_len = strlen(word);

    for (size_t i = 0; i + word_len <= len; i++)
        if (text[i] == word[0] && strncasecmp(text + i, word, word_len) == 0)
            return true;
    return false;
}

/* Whether the last '<' begins a tag that nothing closes. */
static bool ends_in_tag(const char *text, size_t len)
{
    size_t at = len;
    size_t least = len > TAIL_LEN ? len - TAIL_LEN : 0;

    while (at > least && text[at - 1] != '<' && text[at - 1] != '>')
        at--;
    if (at == least || text[at - 1] != '<')
        return false;
    size_t left = len - at;
    char first = left > 0 ? text[at] : ' ';
    return first == '/' || first == '!' || (first >= 'a' && first <= 'z') ||
           (first >= 'A' && first <= 'Z');
}

bool damage_is_truncated(const char *text, size_t len, bool is_html, bool ends_illegal)
{
    if (ends_illegal)
        return true;
    if (!is_html)
        return false;
    if (ends_in_tag(text, len))
        return true;
    size_t head = len < HEAD_LEN ? len : HEAD_LEN;
    size_t tail = len < TAIL_LEN ? len : TAIL_LEN;
    /* Who writes <html> and <body> closes one of them, as a rule. */
    return holds(text, head, "<html") && holds(text, len, "<body") &&
           !holds(text + len - tail, tail, "</body") && !holds(text + len - tail, tail, "</html");
}
