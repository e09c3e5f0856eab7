/* nan: says what no host may believe, and in the end something good, which must still count. */
#include <errno.h>
#include <math.h>

#include "evil.h"

static void say(struct taxon_task *task, const char *scheme, const char *id, double score)
{
    (void)taxon_say(task, scheme, id, score, TAXON_NOWHERE, TAXON_NOWHERE);
}

static void say_with_evidence(struct taxon_task *task, size_t begin, size_t end, double weight)
{
    struct taxon_evidence evidence = {.struct_size = sizeof evidence,
                                      .begin = begin,
                                      .end = end,
                                      .weight = weight};
    struct taxon_label label = {
        .struct_size = sizeof label,
        .scheme = "nan",
        .id = "safe",
        .score = 0.9,
        .evidence = &evidence,
        .evidence_count = 1,
        .evidence_stride = sizeof evidence,
    };

    (void)task->host->label(task, &label);
}

static void say_spans_and_facts(struct taxon_task *task, size_t text_len)
{
    struct taxon_span span = {.struct_size = sizeof span,
                              .scheme = "nan",
                              .id = "safe",
                              .begin = 2,
                              .end = 1,
                              .score = 0.5};
    struct taxon_fact fact = {.struct_size = sizeof fact,
                              .name = "title",
                              .value = "\xff\xfe",
                              .value_len = 2,
                              .begin = TAXON_NOWHERE,
                              .end = TAXON_NOWHERE,
                              .score = 1};

    (void)task->host->span(task, &span);
    span.begin = 0;
    span.end = text_len + 1;
    (void)task->host->span(task, &span);
    (void)task->host->fact(task, &fact);
    fact.name = "Not A Name";
    (void)task->host->fact(task, &fact);
}

TAXON_CLASSIFIER(nan, "1.0", "Says nonsense on poison-nan.", "safe", 0.5)
{
    if (evil_is_poisoned(document, "poison-nan")) {
        say(task, "nan", "safe", (double)NAN);
        say(task, "nan", "safe", (double)INFINITY);
        say(task, "nan", "safe", -0.1);
        say(task, "nan", "safe", 1.1);
        say(task, "nan", "undeclared", 0.9);
        say(task, "nan", "", 0.9);
        say(task, "somebody-elses", "safe", 0.9);
        say(task, NULL, NULL, 0.9);
        say_with_evidence(task, document->text_len, document->text_len + 1, 1);
        say_with_evidence(task, 5, 3, 1);
        say_with_evidence(task, (size_t)-2, (size_t)-1, 1);
        say_with_evidence(task, 0, 1, (double)NAN);
        say_spans_and_facts(task, document->text_len);
        (void)task->host->label(task, NULL);
    }
    return evil_say_safe(task, "nan");
}
