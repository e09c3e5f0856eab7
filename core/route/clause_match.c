/* route/clause: whether a document is what a rule asks for, and if not, why.
 *
 * Called by rules_decide, on the supervisor's side: everything in the reply was checked when it was
 * unpacked, but is still what a worker says. Explaining is apart from matching, so that a document
 * that matches pays nothing for it.
 */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/printable.h"
#include "base/strbuf.h"
#include "route/clause.h"
#include "route/findings.h"

#define SAW_MAX        300 /* bytes of what a clause saw, in a trace */
#define SAW_LABELS_MAX 4

struct range {
    uint64_t begin;
    uint64_t end;
};

static int compare_ranges(const void *left, const void *right)
{
    const struct range *a = left;
    const struct range *b = right;

    return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static uint64_t bytes_covered(struct range *ranges, size_t count)
{
    uint64_t covered = 0;
    uint64_t end = 0;

    qsort(ranges, count, sizeof ranges[0], compare_ranges);
    for (size_t i = 0; i < count; i++) {
        uint64_t begin = ranges[i].begin > end ? ranges[i].begin : end;
        if (ranges[i].end > begin) {
            covered += ranges[i].end - begin;
            end = ranges[i].end;
        }
    }
    return covered;
}

/* Spans may overlap: what two of them cover counts once. */
static double work_out_boilerplate_ratio(struct clause_match *match)
{
    const struct reply *reply = match->subject->reply;
    struct range *ranges;
    size_t count = 0;

    if (reply == NULL || reply->text_len == 0 || reply->span_count == 0)
        return 0;
    ranges = arena_alloc(match->arena, reply->span_count * sizeof ranges[0]);
    if (ranges == NULL) {
        match->code = -ENOMEM;
        return 0;
    }
    for (size_t i = 0; i < reply->span_count; i++) {
        const struct reply_span *span = &reply->spans[i];
        if (strcmp(span->scheme, FINDINGS_BOILERPLATE) == 0)
            ranges[count++] = (struct range){span->begin, span->end};
    }
    return (double)bytes_covered(ranges, count) / (double)reply->text_len;
}

static double boilerplate_ratio(struct clause_match *match)
{
    if (!match->has_boilerplate_ratio)
        match->boilerplate_ratio = work_out_boilerplate_ratio(match);
    match->has_boilerplate_ratio = true;
    return match->boilerplate_ratio;
}

static bool compare(double number, const struct clause_value *value)
{
    switch (value->comparison) {
    case COMPARISON_LESS:
        return number < value->number;
    case COMPARISON_LESS_OR_EQUAL:
        return number <= value->number;
    case COMPARISON_MORE:
        return number > value->number;
    case COMPARISON_MORE_OR_EQUAL:
        return number >= value->number;
    case COMPARISON_EQUAL:
        break;
    }
    return !(number < value->number) && !(number > value->number);
}

static bool label_holds(const struct subject *subject, const char *scheme, const char *wanted)
{
    const struct reply *reply = subject->reply;

    if (strcmp(scheme, FINDINGS_VERDICTS) == 0)
        return findings_label_is_below(findings_verdict(subject), wanted);
    if (strcmp(wanted, FINDINGS_NONE) == 0 || strcmp(wanted, FINDINGS_UNSURE) == 0)
        return strcmp(findings_answer(subject, scheme), wanted) == 0;
    for (size_t i = 0; reply != NULL && i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        if (label->holds && strcmp(label->scheme, scheme) == 0 &&
            findings_label_is_below(label->id, wanted))
            return true;
    }
    return false;
}

static bool is_usable(const struct subject *subject)
{
    return subject->reply != NULL && subject->reply->unusable[0] == '\0';
}

static const char *charset_of(const struct subject *subject)
{
    return subject->reply != NULL ? subject->reply->charset : "";
}

static const char *media_type_of(const struct subject *subject)
{
    return subject->reply != NULL ? subject->reply->media_type : "";
}

static bool is_near(const struct subject *subject, enum near_kind kind)
{
    return subject->near != NULL && subject->near->kind == kind;
}

/* Of a document that is like no earlier one, 0. */
static double similarity_of(const struct subject *subject)
{
    return is_near(subject, NEAR_COPY) || is_near(subject, NEAR_VERSION) ? subject->near->similarity
                                                                         : 0;
}

static bool value_holds(struct clause_match *match, const struct clause *clause,
                        const struct clause_value *value)
{
    const struct subject *subject = match->subject;

    switch (clause->kind) {
    case CLAUSE_LABEL:
        return label_holds(subject, clause->scheme, value->text);
    case CLAUSE_LANG:
        return strcmp(findings_language(subject), value->text) == 0;
    case CLAUSE_SCRIPT:
        return strcmp(findings_script(subject), value->text) == 0;
    case CLAUSE_USABLE:
        return is_usable(subject) == (value->number > 0);
    case CLAUSE_BOILERPLATE:
        return compare(boilerplate_ratio(match), value);
    case CLAUSE_SOURCE:
        return fnmatch(value->text, subject->source, 0) == 0;
    case CLAUSE_NAME:
        return fnmatch(value->text, subject->name, 0) == 0;
    case CLAUSE_SIZE:
        return compare((double)subject->size, value);
    case CLAUSE_MEDIA_TYPE:
        return fnmatch(value->text, media_type_of(subject), 0) == 0;
    case CLAUSE_CHARSET:
        return strcasecmp(value->text, charset_of(subject)) == 0;
    case CLAUSE_DAMAGE:
        return findings_damage(subject, (enum damage_kind)(int)value->number) > 0;
    case CLAUSE_COPY_OF:
        return is_near(subject, NEAR_COPY) == (value->number > 0);
    case CLAUSE_VERSION_OF:
        return is_near(subject, NEAR_VERSION) == (value->number > 0);
    case CLAUSE_SIMILARITY:
        return compare(similarity_of(subject), value);
    case CLAUSE_ALL:
    case CLAUSE_ANY:
    case CLAUSE_NOT:
        break;
    }
    return false;
}

static bool child_holds(struct clause_match *match, const struct clause *clause, bool wanted)
{
    for (size_t i = 0; i < clause->child_count; i++) {
        if (clause_holds(match, &clause->children[i]) == wanted)
            return true;
    }
    return false;
}

bool clause_holds(struct clause_match *match, const struct clause *clause)
{
    if (clause->kind == CLAUSE_ALL)
        return !child_holds(match, clause, false);
    if (clause->kind == CLAUSE_ANY)
        return child_holds(match, clause, true);
    if (clause->kind == CLAUSE_NOT)
        return child_holds(match, clause, false);
    for (size_t i = 0; i < clause->value_count; i++) {
        if (value_holds(match, clause, &clause->values[i]))
            return true;
    }
    return false;
}

/* The labels of the scheme that hold, in the order the worker gave them. */
static void saw_labels(const struct subject *subject, const char *scheme, struct strbuf *saw)
{
    const struct reply *reply = subject->reply;
    size_t count = 0;

    for (size_t i = 0; reply != NULL && i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        if (!label->holds || strcmp(label->scheme, scheme) != 0)
            continue;
        if (count == SAW_LABELS_MAX) {
            strbuf_puts(saw, ", …");
            return;
        }
        strbuf_printf(saw, "%s%s %.2f", count++ > 0 ? ", " : "", label->id, label->score);
    }
    if (count == 0)
        strbuf_puts(saw, findings_answer(subject, scheme));
}

static void saw_damage(const struct subject *subject, struct strbuf *saw)
{
    size_t len_before = saw->len;

    for (int i = 0; i < DAMAGE_KINDS; i++) {
        uint64_t count = findings_damage(subject, (enum damage_kind)i);
        if (count > 0)
            strbuf_printf(saw, "%s%s %" PRIu64, saw->len > len_before ? ", " : "",
                          findings_damage_name((enum damage_kind)i), count);
    }
    if (saw->len == len_before)
        strbuf_puts(saw, "none");
}

static void saw_usable(const struct subject *subject, struct strbuf *saw)
{
    if (is_usable(subject))
        strbuf_puts(saw, "true");
    else
        strbuf_printf(saw, "false (%s)",
                      subject->reply != NULL ? subject->reply->unusable : "not read");
}

/* "version of 0190… 0.62" */
static void saw_near(const struct subject *subject, struct strbuf *saw)
{
    if (similarity_of(subject) > 0)
        strbuf_printf(saw, "%s of %s %.2f", near_word(subject->near->kind), subject->near->id.text,
                      subject->near->similarity);
    else
        strbuf_puts(saw, "like no earlier document");
}

static void saw_text(const char *text, struct strbuf *saw)
{
    strbuf_puts(saw, text[0] != '\0' ? text : "nothing");
}

static void describe(struct clause_match *match, const struct clause *clause, struct strbuf *saw);

static void describe_children(struct clause_match *match, const struct clause *clause,
                              const char *between, struct strbuf *saw)
{
    for (size_t i = 0; i < clause->child_count; i++) {
        strbuf_puts(saw, i > 0 ? between : "");
        describe(match, &clause->children[i], saw);
    }
}

/* What the clause looked at. */
static void describe(struct clause_match *match, const struct clause *clause, struct strbuf *saw)
{
    const struct subject *subject = match->subject;

    switch (clause->kind) {
    case CLAUSE_LABEL:
        saw_labels(subject, clause->scheme, saw);
        break;
    case CLAUSE_LANG:
        strbuf_puts(saw, findings_language(subject));
        break;
    case CLAUSE_SCRIPT:
        strbuf_puts(saw, findings_script(subject));
        break;
    case CLAUSE_USABLE:
        saw_usable(subject, saw);
        break;
    case CLAUSE_BOILERPLATE:
        strbuf_printf(saw, "%.2f", boilerplate_ratio(match));
        break;
    case CLAUSE_SOURCE:
        saw_text(subject->source, saw);
        break;
    case CLAUSE_NAME:
        saw_text(subject->name, saw);
        break;
    case CLAUSE_SIZE:
        strbuf_printf(saw, "%" PRIu64, subject->size);
        break;
    case CLAUSE_MEDIA_TYPE:
        saw_text(media_type_of(subject), saw);
        break;
    case CLAUSE_CHARSET:
        saw_text(charset_of(subject), saw);
        break;
    case CLAUSE_DAMAGE:
        saw_damage(subject, saw);
        break;
    case CLAUSE_COPY_OF:
    case CLAUSE_VERSION_OF:
    case CLAUSE_SIMILARITY:
        saw_near(subject, saw);
        break;
    case CLAUSE_ALL:
    case CLAUSE_NOT:
        describe_children(match, clause, "; ", saw);
        break;
    case CLAUSE_ANY:
        describe_children(match, clause, " | ", saw);
        break;
    }
}

static const char *keep_line(struct clause_match *match, struct strbuf *text)
{
    const char *line = NULL;

    if (!text->failed && text->len > 0) {
        size_t len = printable_clean(text->data, text->len);
        line = arena_strndup(match->arena, text->data, printable_cut(text->data, len, SAW_MAX));
    } else if (!text->failed) {
        line = "";
    }
    strbuf_release(text);
    if (line == NULL)
        match->code = -ENOMEM;
    return line;
}

void clause_explain(struct clause_match *match, const struct clause *clause,
                    const char **out_clause, const char **out_saw)
{
    struct strbuf saw = STRBUF_INIT;

    for (size_t i = 0; clause->kind == CLAUSE_ALL && i < clause->child_count; i++) {
        if (!clause_holds(match, &clause->children[i])) {
            clause_explain(match, &clause->children[i], out_clause, out_saw);
            return;
        }
    }
    describe(match, clause, &saw);
    *out_clause = clause->text;
    *out_saw = keep_line(match, &saw);
}
