/* cli/show_labels: for each scheme its answer, the labels that hold with their evidence, and those
 * that came near.
 *
 * Called by show. A label's line gives the score against the threshold; below it stand the pieces
 * of evidence, by falling weight, as the record has them.
 */
#include "cli/show.h"

#include <string.h>

#include "cli/record_json.h"
#include "cli/style.h"

static void show_evidence(const json_t *label, FILE *stream, bool styled)
{
    const json_t *list = json_object_get(label, "evidence");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *piece = json_array_get(list, i);

        style_begin(stream, styled, STYLE_DIM);
        fprintf(stream, "        %+6.2f  ", record_real(piece, "weight"));
        style_end(stream, styled);
        record_print(stream, record_text(piece, "quote"));
        style_begin(stream, styled, STYLE_DIM);
        fprintf(stream, "  at %zu", record_size(piece, "begin"));
        if (record_text(piece, "reason")[0] != '\0') {
            fputs(", ", stream);
            record_print(stream, record_text(piece, "reason"));
        }
        style_end(stream, styled);
        fputc('\n', stream);
    }
}

/* A label above another often has the other's evidence: that is shown once, at the finer one. */
static bool is_told_below(const json_t *list, const json_t *label)
{
    const json_t *evidence = json_object_get(label, "evidence");
    const char *id = record_text(label, "id");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *other = json_array_get(list, i);
        const char *finer = record_text(other, "id");

        if (strncmp(finer, id, strlen(id)) == 0 && finer[strlen(id)] == '/' &&
            json_equal(json_object_get(other, "evidence"), evidence))
            return true;
    }
    return false;
}

static void show_label(const json_t *list, const json_t *label, bool holds, FILE *stream,
                       bool styled)
{
    const json_t *names = json_object_get(label, "names");

    fputs("    ", stream);
    style_begin(stream, styled, holds ? STYLE_GREEN : STYLE_YELLOW);
    record_print_padded(stream, record_text(label, "id"), 30);
    style_end(stream, styled);
    fprintf(stream, " %.2f %s %.2f  ", record_real(label, "score"), holds ? ">=" : "< ",
            record_real(label, "threshold"));
    record_print(stream, record_text(names, "zh"));
    fputc(' ', stream);
    record_print(stream, record_text(names, "en"));
    if (!holds)
        fputs(" (near miss)", stream);
    fputc('\n', stream);
    if (!is_told_below(list, label))
        show_evidence(label, stream, styled);
}

static void show_those(const json_t *list, const char *scheme, bool holds, FILE *stream,
                       bool styled)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *label = json_array_get(list, i);
        if (strcmp(record_text(label, "scheme"), scheme) == 0)
            show_label(list, label, holds, stream, styled);
    }
}

void show_labels(const json_t *record, FILE *stream, bool styled)
{
    json_t *answers = json_object_get(record, "answers");
    const char *scheme;
    json_t *answer;

    json_object_foreach(answers, scheme, answer)
    {
        show_head(stream, styled, scheme);
        record_print(stream, json_is_string(answer) ? json_string_value(answer) : "");
        fputc('\n', stream);
        show_those(json_object_get(record, "labels"), scheme, true, stream, styled);
        show_those(json_object_get(record, "near"), scheme, false, stream, styled);
    }
}
