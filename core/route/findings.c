/* route/findings: what a subject's reply says.
 *
 * Called by route/rules, route/template and route/record, so that a rule, the path it gives and the
 * record mean the same when they say "the genre". It decides nothing.
 */
#include "route/findings.h"

#include <string.h>

#include "base/printable.h"

#define LIMIT_OF_TEXT "limits.text"
#define NEAR_SHARE    0.5 /* of its threshold: what comes as near as that is worth showing */
#define UNSURE_SHARE  0.8 /* what comes as near as that may well be true */

/* Where a byte of an id stands in the order of ids: level by level, and the end of an id after what
 * lies below it. (Plain byte order with "a child first" is no order: a/b < a < a-x < a/b.) */
static int rank(char byte)
{
    return byte == '/' ? 0 : byte == '\0' ? 1 : (unsigned char)byte + 2;
}

static int compare_ids(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    return rank(*a) - rank(*b);
}

static bool is_better(const struct reply_label *label, const struct reply_label *best)
{
    if (best == NULL || label->score > best->score)
        return true;
    return label->score >= best->score && compare_ids(label->id, best->id) < 0;
}

const struct reply_label *findings_best_label(const struct subject *subject, const char *scheme)
{
    const struct reply *reply = subject->reply;
    const struct reply_label *best = NULL;

    for (size_t i = 0; reply != NULL && i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        if (label->holds && strcmp(label->scheme, scheme) == 0 && is_better(label, best))
            best = label;
    }
    return best;
}

static bool comes_near(const struct reply_label *label, double share)
{
    return !label->holds && label->score > 0 && label->score >= share * label->threshold;
}

bool findings_is_near_miss(const struct reply_label *label)
{
    return comes_near(label, NEAR_SHARE);
}

bool findings_is_answer(const char *scheme)
{
    return strcmp(scheme, FINDINGS_BOILERPLATE) != 0 && strcmp(scheme, FINDINGS_VERDICTS) != 0;
}

const char *findings_verdict(const struct subject *subject)
{
    const struct reply *reply = subject->reply;

    return reply != NULL && reply->unusable[0] != '\0' ? reply->unusable : FINDINGS_NONE;
}

const char *findings_answer(const struct subject *subject, const char *scheme)
{
    const struct reply *reply = subject->reply;
    const struct reply_label *best;

    if (strcmp(scheme, FINDINGS_VERDICTS) == 0)
        return findings_verdict(subject);
    best = findings_best_label(subject, scheme);
    if (best != NULL)
        return best->id;
    for (size_t i = 0; reply != NULL && i < reply->label_count; i++)
        if (strcmp(reply->labels[i].scheme, scheme) == 0 &&
            comes_near(&reply->labels[i], UNSURE_SHARE))
            return FINDINGS_UNSURE;
    return FINDINGS_NONE;
}

bool findings_label_is_below(const char *id, const char *wanted)
{
    size_t len = strlen(wanted);

    return strncmp(id, wanted, len) == 0 && (id[len] == '\0' || id[len] == '/');
}

const struct reply_fact *findings_fact(const struct subject *subject, const char *name)
{
    const struct reply *reply = subject->reply;
    const struct reply_fact *best = NULL;

    for (size_t i = 0; reply != NULL && i < reply->fact_count; i++) {
        const struct reply_fact *fact = &reply->facts[i];
        if (strcmp(fact->name, name) == 0 && (best == NULL || fact->score > best->score))
            best = fact;
    }
    return best;
}

static const char *known_or(const char *text, const char *unknown)
{
    return text != NULL && text[0] != '\0' ? text : unknown;
}

const char *findings_url(const struct subject *subject)
{
    const struct reply_fact *fact = findings_fact(subject, "url");

    if (subject->url != NULL && subject->url[0] != '\0')
        return subject->url;
    return fact != NULL ? fact->value : "";
}

const char *findings_language(const struct subject *subject)
{
    return known_or(subject->reply != NULL ? subject->reply->language : NULL, "und");
}

const char *findings_script(const struct subject *subject)
{
    return known_or(subject->reply != NULL ? subject->reply->script : NULL, "Zyyy");
}

const char *findings_damage_name(enum damage_kind kind)
{
    static const char *const names[DAMAGE_KINDS] = {
        [DAMAGE_PINYIN_GLOSS] = "pinyin-gloss",
        [DAMAGE_ILLEGAL_BYTES] = "illegal-bytes",
        [DAMAGE_CUT] = "cut",
        [DAMAGE_MOJIBAKE] = "mojibake",
        [DAMAGE_LOST_CHARACTERS] = "lost-characters",
        [DAMAGE_DOUBLE_ENTITIES] = "double-entities",
        [DAMAGE_CONTROL_CHARACTERS] = "control-characters",
        [DAMAGE_TRUNCATED] = "truncated",
    };

    return names[kind];
}

static bool text_was_cut(const struct reply *reply)
{
    for (size_t i = 0; i < reply->limit_count; i++) {
        if (strncmp(reply->limits[i], LIMIT_OF_TEXT, strlen(LIMIT_OF_TEXT)) == 0)
            return true;
    }
    return false;
}

uint64_t findings_damage(const struct subject *subject, enum damage_kind kind)
{
    const struct reply *reply = subject->reply;

    if (reply == NULL)
        return 0;
    switch (kind) {
    case DAMAGE_PINYIN_GLOSS:
        return reply->glosses;
    case DAMAGE_ILLEGAL_BYTES:
        return reply->illegal;
    case DAMAGE_CUT:
        return text_was_cut(reply);
    case DAMAGE_MOJIBAKE:
        return reply->damage.mojibake;
    case DAMAGE_LOST_CHARACTERS:
        return reply->damage.lost;
    case DAMAGE_DOUBLE_ENTITIES:
        return reply->damage.entities;
    case DAMAGE_CONTROL_CHARACTERS:
        return reply->damage.controls;
    case DAMAGE_TRUNCATED:
        return reply->damage.truncated;
    case DAMAGE_KINDS:
        break;
    }
    return 0;
}

void findings_show(struct strbuf *out, const char *text)
{
    size_t len = strlen(text);
    char *to = strbuf_reserve(out, len + 1);

    if (to == NULL)
        return;
    memcpy(to, text, len);
    strbuf_added(out, printable_clean(to, len));
}
