/* learn/measure_write: measures as JSON and as a table. */
#include <stdio.h>

#include "learn/measure.h"

static void put_measure(struct json *json, const char *key, const struct measure *m)
{
    json_object_begin(json, key);
    json_put_int(json, "right", (int64_t)m->right);
    json_put_int(json, "wrong", (int64_t)m->wrong);
    json_put_int(json, "missed", (int64_t)m->missed);
    json_put_real(json, "precision", m->precision);
    json_put_real(json, "recall", m->recall);
    json_put_real(json, "f1", m->f1);
    json_object_end(json);
}

static void put_interval(struct json *json, const char *key, const struct interval *interval)
{
    json_array_begin(json, key);
    json_put_real(json, NULL, interval->low);
    json_put_real(json, NULL, interval->high);
    json_array_end(json);
}

static void put_labels(struct json *json, const struct measures *m, const struct judgement *j)
{
    json_array_begin(json, "labels");
    for (uint32_t l = 0; l < m->label_count; l++) {
        json_object_begin(json, NULL);
        json_put_text(json, "id", j->labels[l]);
        json_put_real(json, "threshold", (double)j->thresholds[l]);
        put_measure(json, "best", &m->best[l]);
        put_measure(json, "given", &m->given[l]);
        json_object_end(json);
    }
    json_array_end(json);
}

void measure_write(const struct measures *m, const struct judgement *j, struct json *json)
{
    json_put_int(json, "documents", (int64_t)m->count);
    json_put_real(json, "accuracy", m->accuracy);
    put_interval(json, "accuracy_95", &m->accuracy_interval);
    json_put_real(json, "macro_f1", m->best_macro_f1);
    put_interval(json, "macro_f1_95", &m->best_macro_interval);
    put_measure(json, "given_micro", &m->micro);
    json_put_real(json, "given_macro_f1", m->given_macro_f1);
    json_put_real(json, "calibration_error", m->calibration_error);
    put_labels(json, m, j);
    json_array_begin(json, "confusion");
    for (uint32_t truth = 0; truth < m->label_count; truth++) {
        json_array_begin(json, NULL);
        for (uint32_t best = 0; best < m->label_count; best++)
            json_put_int(json, NULL, (int64_t)m->confusion[truth * m->label_count + best]);
        json_array_end(json);
    }
    json_array_end(json);
}

void measure_print(const struct measures *m, const struct judgement *j)
{
    printf("%-28s %9s  %28s  %31s\n", "", "", "the best label of each", "every label that holds");
    printf("%-28s %9s  %9s %9s %8s  %9s %9s %8s %9s\n", "label", "documents", "precision", "recall",
           "F1", "precision", "recall", "F1", "threshold");
    for (uint32_t l = 0; l < m->label_count; l++) {
        const struct measure *best = &m->best[l];
        const struct measure *given = &m->given[l];

        printf("%-28.28s %9zu  %9.3f %9.3f %8.3f  %9.3f %9.3f %8.3f %9.2f\n", j->labels[l],
               given->right + given->missed, best->precision, best->recall, best->f1,
               given->precision, given->recall, given->f1, (double)j->thresholds[l]);
    }
    printf("%-28s %9zu  %28s  %9.3f %9.3f %8.3f\n", "all (micro)", m->count, "", m->micro.precision,
           m->micro.recall, m->micro.f1);
    printf("%-28s %9s  %28.3f  %28.3f\n", "all (macro)", "", m->best_macro_f1, m->given_macro_f1);
    printf("accuracy %.3f (95 %%: %.3f to %.3f), macro F1 %.3f (%.3f to %.3f), "
           "expected calibration error %.3f\n",
           m->accuracy, m->accuracy_interval.low, m->accuracy_interval.high, m->best_macro_f1,
           m->best_macro_interval.low, m->best_macro_interval.high, m->calibration_error);
}
