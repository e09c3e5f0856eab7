/* A made-up world for route's tests: two inboxes, two archives, three plugins with their labels,
 * and one document with a reply, all built by hand.
 */
#ifndef TESTS_UNIT_ROUTE_FIXTURE_H
#define TESTS_UNIT_ROUTE_FIXTURE_H

#include <check.h>

#include "base/arena.h"
#include "config/settings.h"
#include "route/rules.h"
#include "route/subject.h"

#define FIXTURE_LABELS_MAX 8
#define FIXTURE_FACTS_MAX  8
#define FIXTURE_SPANS_MAX  8

struct fixture {
    struct arena arena;
    struct manifest manifest;
    struct settings settings;
    struct settings_inbox inboxes[2];
    struct settings_archive archives[2];
    const char *rule_paths[2];
    struct reply reply;
    struct reply_label labels[FIXTURE_LABELS_MAX];
    struct reply_fact facts[FIXTURE_FACTS_MAX];
    struct reply_span spans[FIXTURE_SPANS_MAX];
    struct subject subject;
    char folder[64]; /* temporary */
};

/* A readable English document, "a.txt", of 2,000 bytes, that no label holds for. */
void fixture_init(struct fixture *fixture);
void fixture_release(struct fixture *fixture);

/* The index of the plugin that publishes the scheme; asserts that the label is declared. */
struct reply_label *fixture_label(struct fixture *fixture, const char *scheme, const char *id,
                                  double score);
void fixture_fact(struct fixture *fixture, const char *name, const char *value, double score);
void fixture_boilerplate(struct fixture *fixture, uint64_t begin, uint64_t end);

/* Writes a file into the fixture's folder; its path lives in the arena. */
const char *fixture_write(struct fixture *fixture, const char *name, const char *text);
/* Loads `text` as the only rule file, rules.yaml. */
int fixture_load(struct fixture *fixture, const char *text, struct rules **out_rules,
                 struct err *err);
/* The same; asserts that it is accepted. */
struct rules *fixture_rules(struct fixture *fixture, const char *text);

/* Runs the tests of one module, each in its own process. */
int fixture_run(const char *name, const TTest *const tests[], size_t count);
#define FIXTURE_RUN(name, tests) fixture_run(name, tests, sizeof(tests) / sizeof(tests)[0])

#endif
