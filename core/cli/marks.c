/* cli/marks: spans and evidence of a record, laid over the text byte by byte.
 *
 * Called by explain, for the terminal and for the page. A byte knows its mark: with some thousand
 * marks over some megabytes that is simpler than a sweep, and nobody explains a thousand documents
 * a second. Offsets are the record's and are held against the text here.
 */
#include "cli/marks.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/record_json.h"
#include "route/findings.h"

#define HUES 8

struct gathering {
    struct marks *marks;
    size_t room;
    const char *schemes[HUES]; /* of evidence, in the order seen */
};

static size_t count_marks(const json_t *record)
{
    const json_t *labels = json_object_get(record, "labels");
    size_t count = json_array_size(json_object_get(record, "spans"));

    for (size_t i = 0; i < json_array_size(labels); i++)
        count += json_array_size(json_object_get(json_array_get(labels, i), "evidence"));
    return count;
}

static void add(struct gathering *gathering, const json_t *place, struct mark mark)
{
    struct marks *marks = gathering->marks;

    mark.begin = record_size(place, "begin");
    mark.end = record_size(place, "end");
    mark.reason = record_text(place, "reason");
    if (mark.begin < mark.end && mark.end <= marks->text_len && marks->count < gathering->room)
        marks->items[marks->count++] = mark;
}

static void add_furniture(struct gathering *gathering, const json_t *record)
{
    const json_t *spans = json_object_get(record, "spans");

    for (size_t i = 0; i < json_array_size(spans); i++) {
        const json_t *span = json_array_get(spans, i);
        const char *scheme = record_text(span, "scheme");

        if (strcmp(scheme, FINDINGS_BOILERPLATE) == 0)
            add(gathering, span,
                (struct mark){.scheme = scheme,
                              .id = record_text(span, "id"),
                              .weight = record_real(span, "score")});
    }
    gathering->marks->furniture_count = gathering->marks->count;
}

static unsigned hue_of(struct gathering *gathering, const char *scheme)
{
    unsigned hue = 0;

    while (hue + 1 < HUES && gathering->schemes[hue] != NULL &&
           strcmp(gathering->schemes[hue], scheme) != 0)
        hue++;
    if (gathering->schemes[hue] == NULL)
        gathering->schemes[hue] = scheme;
    return hue;
}

static void add_evidence(struct gathering *gathering, const json_t *record)
{
    const json_t *labels = json_object_get(record, "labels");

    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *label = json_array_get(labels, i);
        const json_t *list = json_object_get(label, "evidence");
        const char *scheme = record_text(label, "scheme");

        for (size_t k = 0; k < json_array_size(list); k++) {
            const json_t *piece = json_array_get(list, k);
            add(gathering, piece,
                (struct mark){.scheme = scheme,
                              .id = record_text(label, "id"),
                              .weight = record_real(piece, "weight"),
                              .hue = hue_of(gathering, scheme)});
        }
    }
}

static bool is_finer(const struct mark *mark, const struct mark *other)
{
    size_t len = mark->end - mark->begin;
    size_t other_len = other->end - other->begin;

    return len != other_len ? len < other_len : fabs(mark->weight) > fabs(other->weight);
}

static void paint(const struct marks *marks, size_t index)
{
    const struct mark *mark = &marks->items[index];
    uint32_t *bytes = index < marks->furniture_count ? marks->furniture : marks->evidence;

    for (size_t at = mark->begin; at < mark->end; at++)
        if (bytes[at] == MARKS_NONE || is_finer(mark, &marks->items[bytes[at]]))
            bytes[at] = (uint32_t)index;
}

int marks_init(struct marks *marks, const json_t *record, size_t text_len, struct err *err)
{
    struct gathering gathering = {.marks = marks, .room = count_marks(record)};

    *marks = (struct marks){.text_len = text_len};
    marks->items = calloc(gathering.room + 1, sizeof *marks->items);
    marks->furniture = malloc((text_len + 1) * sizeof *marks->furniture);
    marks->evidence = malloc((text_len + 1) * sizeof *marks->evidence);
    if (marks->items == NULL || marks->furniture == NULL || marks->evidence == NULL) {
        marks_release(marks);
        return err_set(err, -ENOMEM, "out of memory");
    }
    memset(marks->furniture, 0xff, (text_len + 1) * sizeof *marks->furniture);
    memset(marks->evidence, 0xff, (text_len + 1) * sizeof *marks->evidence);
    add_furniture(&gathering, record);
    add_evidence(&gathering, record);
    for (size_t i = 0; i < marks->count; i++)
        paint(marks, i);
    return 0;
}

void marks_release(struct marks *marks)
{
    free(marks->items);
    free(marks->furniture);
    free(marks->evidence);
    *marks = (struct marks){.text_len = 0};
}

struct marks_run marks_run_at(const struct marks *marks, size_t at, size_t end)
{
    uint32_t furniture = marks->furniture[at];
    uint32_t evidence = marks->evidence[at];
    struct marks_run run = {
        .begin = at,
        .end = at + 1,
        .furniture = furniture == MARKS_NONE ? NULL : &marks->items[furniture],
        .evidence = evidence == MARKS_NONE ? NULL : &marks->items[evidence],
    };

    while (run.end < end && marks->furniture[run.end] == furniture &&
           marks->evidence[run.end] == evidence)
        run.end++;
    return run;
}
