#include "made.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>

#include "suite.h"

#define FEATURES 40 /* of a document */

static void add(struct dataset *dataset, uint64_t *state, uint32_t label, uint32_t speaks_of,
                uint64_t group)
{
    uint32_t ids[FEATURES];
    float values[FEATURES];

    for (int i = 0; i < FEATURES; i++) {
        bool of_label = suite_random(state) % 4 == 0;
        ids[i] = of_label ? 1000 * (speaks_of + 1) + (uint32_t)(suite_random(state) % 30)
                          : 100000 + (uint32_t)(suite_random(state) % 500);
        values[i] = 1;
    }
    ck_assert_int_eq(dataset_add(dataset, ids, values, FEATURES, &label, 1, group, 1), 0);
}

void made_dataset(struct dataset *dataset, uint32_t labels, uint32_t documents, uint32_t noise)
{
    uint64_t state = 42;

    dataset_init(dataset);
    for (uint32_t l = 0; l < labels; l++) {
        char name[16];
        snprintf(name, sizeof name, "l%u", l);
        ck_assert_uint_eq(dataset_label(dataset, name), l);
    }
    for (uint32_t i = 0; i < documents; i++) {
        uint32_t label = i % labels;
        bool noisy = suite_random(&state) % 100 < noise;
        add(dataset, &state, label, noisy ? (label + 1) % labels : label, i / 10);
    }
    ck_assert_int_eq(dataset_sort_labels(dataset), 0);
}
