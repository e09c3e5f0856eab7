/* route/rule: one rule and the list of them. What route's own files share; nobody else includes it.
 */
#ifndef ROUTE_RULE_H
#define ROUTE_RULE_H

#include "base/arena.h"
#include "route/clause.h"
#include "route/rules.h"
#include "route/template.h"

#define RULES_MAX      10000u /* in all files together */
#define RULE_TESTS_MAX 10000u
#define RULE_DEFAULT   "default"

#define RULE_ALSO_MAX (PLAN_ALSO_MAX - 1) /* copies, links and streams of a rule together */

struct rule_also {
    enum also_kind kind;
    const char *root;
    const struct path_template *template;
    uint64_t amount;
};

struct rule {
    const char *name;
    const char *root; /* "archive:NAME" */
    const struct taxon_node *node;
    const struct clause *when; /* NULL: always */
    const struct path_template *template;
    enum conflict_policy policy;
    struct rule_also also[RULE_ALSO_MAX];
    size_t also_count;
};

struct rules {
    struct arena arena;
    const struct settings *settings;
    const struct manifest *manifest;
    struct rule *rules; /* malloc'd; the last one has no `when` */
    size_t count;
    struct rule_test *tests; /* malloc'd */
    size_t test_count;
};

/* A rule file while it is read. */
struct rule_file {
    struct rules *rules;
    const char *folder; /* where a test's file is looked for */
    struct err *err;
};

/* rules_parse.c: reads one rule file and adds its rules. `file` is its absolute path. -EINVAL (err
 * has FILE:LINE:COLUMN) or -ENOMEM. */
int rules_parse_file(struct rules *rules, const char *file, const char *text, size_t len,
                     struct err *err) MUST_CHECK;
/* rules_parse.c: adds the built-in default if no rule always matches; what can only be told when
 * all files are read. The same results. */
int rules_parse_done(struct rules *rules, struct err *err) MUST_CHECK;
/* rules_parse.c: room for one element more in an array of `count` that doubles; NULL without. */
void *rules_grow(void *array, size_t count, size_t size);
/* rules_parse.c: whether `name` is one of `names`. */
bool rules_is_name(const char *name, const char *const *names, size_t count);

/* rules_parse.c: the root of an archive that must be there: "archive:NAME". The same results. */
int rules_find_archive(const struct rule_file *file, const struct taxon_node *node,
                       const char *name, const char **out_root) MUST_CHECK;

/* rules_also.c: reads a rule's `copy`, `link` and `emit`. The same results. */
int rules_parse_also(const struct rule_file *file, const struct taxon_node *node,
                     struct rule *rule) MUST_CHECK;

/* rules_tests.c: reads a rule's `tests`; `node` is NULL when it has none. The same results. */
int rules_parse_tests(const struct rule_file *file, const struct taxon_node *node,
                      const struct rule *rule) MUST_CHECK;
/* rules_tests.c: whether each test expects a rule that there is. The same results. */
int rules_check_tests(const struct rules *rules, struct err *err) MUST_CHECK;

#endif
