/* cli/show: a record for a person.
 *
 * Called by explain and why with a parsed record. The order is that of the record: what was read,
 * what it turned out to be, what of it is furniture, why it goes where it goes. It decides nothing;
 * what a member means stands in route/record.
 */
#include "cli/show.h"

#include <inttypes.h>
#include <string.h>

#include "cli/record_json.h"
#include "cli/style.h"

#define SPANS_SHOWN 40 /* of more, only how many */

void show_head(FILE *stream, bool styled, const char *word)
{
    fputs("  ", stream);
    style_begin(stream, styled, STYLE_BOLD);
    record_print_padded(stream, word, 11);
    style_end(stream, styled);
    fputc(' ', stream);
}

static void show_line(FILE *stream, bool styled, const char *word, const char *text)
{
    if (text[0] == '\0')
        return;
    show_head(stream, styled, word);
    record_print(stream, text);
    fputc('\n', stream);
}

static void show_reading(const json_t *record, FILE *stream, bool styled)
{
    const json_t *language = json_object_get(record, "language");
    const json_t *charset = json_object_get(record, "charset");
    const char *declared = record_text(charset, "declared");

    if (language == NULL)
        return;
    show_head(stream, styled, "text");
    record_print(stream, record_text(language, "id"));
    fputc(' ', stream);
    record_print(stream, record_text(language, "script"));
    fputs(", ", stream);
    record_print(stream, record_text(charset, "name"));
    if (declared[0] != '\0') {
        fputs(" (declared ", stream);
        record_print(stream, declared);
        fputc(')', stream);
    }
    fputs(", ", stream);
    record_print(stream, record_text(record, "media_type"));
    fprintf(stream, ", %zu bytes of text, %zu blocks\n", record_size(record, "text_bytes"),
            record_size(record, "blocks"));
}

/* "(UTF-8 read as GB18030; mended)" */
static void show_mojibake(const json_t *kind, FILE *stream)
{
    if (json_object_get(kind, "read_as") == NULL)
        return;
    fputs(" (", stream);
    record_print(stream, record_text(kind, "charset"));
    fputs(" read as ", stream);
    record_print(stream, record_text(kind, "read_as"));
    fputs(json_is_true(json_object_get(kind, "mended")) ? "; mended)" : "; left as it is)", stream);
}

static void show_damage(const json_t *record, FILE *stream, bool styled)
{
    const json_t *damage = json_object_get(record, "damage");

    if (json_array_size(damage) == 0)
        return;
    show_head(stream, styled, "damage");
    for (size_t i = 0; i < json_array_size(damage); i++) {
        const json_t *kind = json_array_get(damage, i);
        fputs(i > 0 ? ", " : "", stream);
        record_print(stream, record_text(kind, "kind"));
        fprintf(stream, " %zu times", record_size(kind, "count"));
        show_mojibake(kind, stream);
    }
    fputc('\n', stream);
}

static void show_verdict(const json_t *record, FILE *stream, bool styled)
{
    const json_t *unusable = json_object_get(record, "unusable");
    const json_t *failure = json_object_get(record, "failure");

    if (unusable != NULL) {
        show_head(stream, styled, "unusable");
        style_begin(stream, styled, STYLE_RED);
        record_print(stream, record_text(unusable, "verdict"));
        style_end(stream, styled);
        fputs(": ", stream);
        record_print(stream, record_text(unusable, "reason"));
        fputc('\n', stream);
    }
    if (failure != NULL) {
        show_head(stream, styled, "failed");
        style_begin(stream, styled, STYLE_RED);
        record_print(stream, record_text(failure, "reason"));
        style_end(stream, styled);
        if (record_text(failure, "stage")[0] != '\0') {
            fputs("; stage: ", stream);
            record_print(stream, record_text(failure, "stage"));
        }
        if (record_text(failure, "by")[0] != '\0') {
            fputs(", by ", stream);
            record_print(stream, record_text(failure, "by"));
        }
        fputc('\n', stream);
    }
}

/* "version of 0190…  similarity 0.62; 0.71 of the shorter text is in the longer" */
static void show_near(const json_t *record, FILE *stream, bool styled)
{
    const json_t *copy = json_object_get(record, "copy_of");
    const json_t *near = copy != NULL ? copy : json_object_get(record, "version_of");

    if (near == NULL)
        return;
    show_head(stream, styled, copy != NULL ? "copy of" : "version of");
    record_print(stream, record_text(near, "id"));
    fprintf(stream, "  similarity %.2f; %.2f of the shorter text is in the longer\n",
            record_real(near, "similarity"), record_real(near, "containment"));
}

/* All facts, also those that lost against a surer one of the same name. */
static void show_facts(const json_t *record, FILE *stream, bool styled)
{
    const json_t *facts = json_object_get(record, "facts");

    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i);
        const char *reason = record_text(fact, "reason");

        show_head(stream, styled, i == 0 ? "facts" : "");
        record_print(stream, record_text(fact, "name"));
        fputs(": ", stream);
        record_print(stream, record_text(fact, "value"));
        style_begin(stream, styled, STYLE_DIM);
        fprintf(stream, "  %.2f", record_real(fact, "score"));
        if (reason[0] != '\0') {
            fputs(", ", stream);
            record_print(stream, reason);
        }
        style_end(stream, styled);
        fputc('\n', stream);
    }
}

static void show_span(const json_t *span, FILE *stream, bool styled)
{
    fputs("    ", stream);
    record_print_padded(stream, record_text(span, "id"), 16);
    fprintf(stream, " %.2f  bytes %zu-%zu", record_real(span, "score"), record_size(span, "begin"),
            record_size(span, "end"));
    if (record_text(span, "reason")[0] != '\0') {
        fputs("  ", stream);
        style_begin(stream, styled, STYLE_DIM);
        record_print(stream, record_text(span, "reason"));
        style_end(stream, styled);
    }
    fputc('\n', stream);
}

static void show_spans(const json_t *record, FILE *stream, bool styled)
{
    const json_t *spans = json_object_get(record, "spans");
    size_t count = json_array_size(spans);

    if (count == 0)
        return;
    show_head(stream, styled, "furniture");
    fprintf(stream, "%zu places\n", count);
    for (size_t i = 0; i < count && i < SPANS_SHOWN; i++)
        show_span(json_array_get(spans, i), stream, styled);
    if (count > SPANS_SHOWN)
        fprintf(stream, "    and %zu more\n", count - SPANS_SHOWN);
}

static void show_rules(const json_t *record, FILE *stream, bool styled)
{
    const json_t *rules = json_object_get(record, "rules");

    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        bool matched = json_is_true(json_object_get(rule, "matched"));

        show_head(stream, styled, i == 0 ? "rules" : "");
        style_begin(stream, styled, matched ? STYLE_GREEN : STYLE_DIM);
        fputs(matched ? "yes " : "no  ", stream);
        record_print_padded(stream, record_text(rule, "rule"), 20);
        fputc(' ', stream);
        record_print(stream, record_text(rule, "clause"));
        if (!matched) {
            fputs("; saw ", stream);
            record_print(stream, record_text(rule, "saw"));
        }
        style_end(stream, styled);
        fputc('\n', stream);
    }
}

static void show_list(const json_t *record, const char *key, const char *member, const char *word,
                      FILE *stream, bool styled)
{
    const json_t *list = json_object_get(record, key);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        show_line(stream, styled, word,
                  member == NULL ? (json_is_string(item) ? json_string_value(item) : "")
                                 : record_text(item, member));
    }
}

/* What the rule does beside filing. A record can be anybody's: what is missing reads as "". */
static void show_also(const json_t *plan, FILE *stream, bool styled)
{
    static const char *const words[] = {"copy", "link", "emit"};
    const json_t *list = json_object_get(plan, "also");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *also = json_array_get(list, i);
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
            const char *target = record_text(also, words[k]);
            if (target[0] == '\0')
                continue;
            show_head(stream, styled, words[k]);
            record_print(stream, record_text(also, "root"));
            fputc('/', stream);
            record_print(stream, target);
            if (record_text(also, "what")[0] != '\0') {
                fputs("  ", stream);
                record_print(stream, record_text(also, "what"));
            }
            fputc('\n', stream);
        }
    }
}

static void show_plan(const json_t *record, FILE *stream, bool styled)
{
    const json_t *plan = json_object_get(record, "plan");

    if (plan == NULL)
        return;
    show_head(stream, styled, "file");
    record_print(stream, record_text(plan, "root"));
    fputc('/', stream);
    record_print(stream, record_text(plan, "target"));
    if (record_text(plan, "rule")[0] != '\0') {
        fputs("  by rule ", stream);
        record_print(stream, record_text(plan, "rule"));
    }
    fputc('\n', stream);
    show_also(plan, stream, styled);
}

void show_record(const json_t *record, FILE *stream, bool styled)
{
    style_begin(stream, styled, STYLE_BOLD);
    record_print(stream, record_text(record, "name"));
    style_end(stream, styled);
    fputc('\n', stream);
    show_line(stream, styled, "title", record_text(record, "title"));
    show_line(stream, styled, "url", record_text(record, "url"));
    show_reading(record, stream, styled);
    show_damage(record, stream, styled);
    show_verdict(record, stream, styled);
    show_near(record, stream, styled);
    show_labels(record, stream, styled);
    show_facts(record, stream, styled);
    show_spans(record, stream, styled);
    show_list(record, "switched_off", NULL, "off", stream, styled);
    show_list(record, "limits", NULL, "limit", stream, styled);
    show_list(record, "failures", "what", "failed", stream, styled);
    show_rules(record, stream, styled);
    show_plan(record, stream, styled);
}
