/* learn/picture: the picture of an evaluation. Called by `taxon eval --svg`.
 *
 * Left the confusion matrix, a row for each label that is right, its cells shaded by the share of
 * the row's documents that were given the column's label. Right a curve for each label: precision
 * over recall, as the threshold goes down. What labels and titles hold is escaped.
 */
#include "learn/picture.h"

#include <stdio.h>
#include <stdlib.h>

#define CELL   18.0
#define MARGIN 190.0 /* for the labels */
#define TOP    40.0
#define CURVE  420.0 /* side of the curves' square */
#define POINTS 64    /* of a curve */

static void put_escaped(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            strbuf_puts(out, "&lt;");
            break;
        case '>':
            strbuf_puts(out, "&gt;");
            break;
        case '&':
            strbuf_puts(out, "&amp;");
            break;
        case '"':
            strbuf_puts(out, "&quot;");
            break;
        default:
            strbuf_putc(out, (unsigned char)*text < 0x20 ? ' ' : *text);
        }
    }
}

static void put_label(struct strbuf *out, double x, double y, const char *attributes,
                      const char *text)
{
    strbuf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
    put_escaped(out, text);
    strbuf_puts(out, "</text>\n");
}

static void put_cell(struct strbuf *out, const struct measures *m, const struct judgement *j,
                     uint32_t truth, uint32_t best)
{
    uint32_t count = m->confusion[truth * m->label_count + best];
    uint32_t all = 0;

    for (uint32_t l = 0; l < m->label_count; l++)
        all += m->confusion[truth * m->label_count + l];
    if (count == 0)
        return;
    strbuf_printf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" "
                  "fill-opacity=\"%.3f\"><title>",
                  MARGIN + CELL * best, TOP + CELL * truth, CELL, CELL,
                  truth == best ? "#1b6e3c" : "#b3261e", (double)count / all);
    put_escaped(out, j->labels[truth]);
    strbuf_puts(out, " → ");
    put_escaped(out, j->labels[best]);
    strbuf_printf(out, ": %u of %u</title></rect>\n", count, all);
}

static void put_matrix(struct strbuf *out, const struct measures *m, const struct judgement *j)
{
    double side = CELL * m->label_count;

    strbuf_printf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" "
                  "stroke=\"#999\"/>\n",
                  MARGIN, TOP, side, side);
    for (uint32_t truth = 0; truth < m->label_count; truth++) {
        put_label(out, MARGIN - 6, TOP + CELL * (truth + 0.7), "text-anchor=\"end\"",
                  j->labels[truth]);
        strbuf_printf(out, "<g transform=\"translate(%.1f %.1f) rotate(60)\">",
                      MARGIN + CELL * (truth + 0.4), TOP + side + 8);
        put_label(out, 0, 0, "", j->labels[truth]);
        strbuf_puts(out, "</g>\n");
        for (uint32_t best = 0; best < m->label_count; best++)
            put_cell(out, m, j, truth, best);
    }
}

struct scored {
    float score;
    bool is_true;
};

static int compare_scored(const void *a, const void *b)
{
    float first = ((const struct scored *)a)->score;
    float second = ((const struct scored *)b)->score;

    return first > second ? -1 : first < second;
}

/* One label's curve, thinned to POINTS steps of recall. */
static void put_curve(struct strbuf *out, const struct judgement *j, uint32_t label, double left)
{
    struct scored *all = calloc(j->count + 1, sizeof *all);
    size_t is = 0;
    size_t right = 0;
    int drawn = -1;

    if (all == NULL) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < j->count; i++) {
        all[i] = (struct scored){j->scores[i * j->label_count + label],
                                 j->is_true[i * j->label_count + label]};
        is += all[i].is_true;
    }
    qsort(all, j->count, sizeof *all, compare_scored);
    strbuf_printf(out, "<polyline fill=\"none\" stroke=\"hsl(%u 70%% 40%%)\" points=\"",
                  label * 360 / j->label_count);
    for (size_t i = 0; i < j->count && is > 0; i++) {
        right += all[i].is_true;
        double recall = (double)right / (double)is;
        int step = (int)(recall * POINTS);
        if (!all[i].is_true || step == drawn)
            continue;
        drawn = step;
        strbuf_printf(out, "%.1f,%.1f ", left + CURVE * recall,
                      TOP + CURVE * (1 - (double)right / (double)(i + 1)));
    }
    strbuf_puts(out, "\"><title>");
    put_escaped(out, j->labels[label]);
    strbuf_puts(out, "</title></polyline>\n");
    free(all);
}

static void put_curves(struct strbuf *out, const struct judgement *j, double left)
{
    strbuf_printf(out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" "
                  "stroke=\"#999\"/>\n",
                  left, TOP, CURVE, CURVE);
    put_label(out, left, TOP + CURVE + 16, "", "recall, 0 to 1; upwards: precision, 0 to 1");
    for (uint32_t label = 0; label < j->label_count; label++) {
        char color[64];

        put_curve(out, j, label, left);
        snprintf(color, sizeof color, "fill=\"hsl(%u 70%% 40%%)\"", label * 360 / j->label_count);
        put_label(out, left + CURVE + 10, TOP + 13.0 * (label + 1), color, j->labels[label]);
    }
}

void picture_write(const struct measures *m, const struct judgement *j, const char *title,
                   struct strbuf *out)
{
    double side = CELL * m->label_count;
    double left = MARGIN + side + 60;
    double below = side > CURVE ? side : CURVE;

    strbuf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                  "font-family=\"sans-serif\" font-size=\"11\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                  left + CURVE + MARGIN + 20, TOP + below + MARGIN);
    put_label(out, 10, 20, "font-size=\"14\"", title);
    put_matrix(out, m, j);
    put_curves(out, j, left);
    strbuf_puts(out, "</svg>\n");
}
