/* route/rules: the user's rules: the first that matches says where a document is filed.
 *
 * A rule is `name`, `when` (genre, topic, lang, script, usable, boilerplate_ratio, source, name,
 * size, media_type, charset, damage, copy_of, version_of, similarity; any, all, not; absent:
 * always), `file` (route/template),
 * `archive`, `on_conflict`, `copy`, `link`, `emit` and `tests`. A label in `when` matches itself
 * and what lies below it. A rule named `default` comes last and has no `when`; where the user has
 * none, it is "other/{lang}/{date:%Y-%m}/{name}".
 */
#ifndef ROUTE_RULES_H
#define ROUTE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"
#include "route/subject.h"

struct rules;

/* Why a rule did or did not match. */
struct rule_trace {
    const char *rule;
    bool matched;
    const char *clause; /* the clause that failed, "genre: gov/notice"; "" when it matched */
    const char *saw;    /* the value it saw, "news/report 0.93"; "" when it matched */
};

/* What is done beside filing. The numbers stand in catalogs that exist. */
enum also_kind {
    ALSO_COPY = 1,        /* the document once more, without its sidecar */
    ALSO_LINK = 2,        /* a symbolic link to it */
    ALSO_HARD_LINK = 3,   /* one more name of it */
    ALSO_EMIT_RECORD = 4, /* a line in a stream: its record, */
    ALSO_EMIT_TEXT = 5,   /* its id and clean text, */
    ALSO_EMIT_BOTH = 6,   /* or the record with the clean text in it */
    ALSO_ORIGIN = 7       /* its url as an extended attribute */
};

#define PLAN_ALSO_MAX 17u /* of one document */

struct plan_also {
    enum also_kind kind;
    const char *root;   /* as in the plan, or "streams"; "" for ALSO_ORIGIN */
    const char *target; /* path below the root; for ALSO_ORIGIN the url */
    uint64_t amount;    /* of a stream: the size in bytes at which another file is begun */
};

static inline bool also_is_emit(enum also_kind kind)
{
    return kind >= ALSO_EMIT_RECORD && kind <= ALSO_EMIT_BOTH;
}

static inline bool also_has_text(enum also_kind kind)
{
    return kind == ALSO_EMIT_TEXT || kind == ALSO_EMIT_BOTH;
}

/* As rules and records call it: "copy", "link", "emit", or "origin". */
static inline const char *also_word(enum also_kind kind)
{
    if (kind == ALSO_COPY)
        return "copy";
    if (kind == ALSO_LINK || kind == ALSO_HARD_LINK)
        return "link";
    return kind == ALSO_ORIGIN ? "origin" : "emit";
}

/* Where a document goes. Lives in the arena given to rules_decide. */
struct plan {
    const char *root;    /* "archive:NAME", or "quarantine" */
    const char *target;  /* path below the root: "news/ecology/2026-11/a.txt" */
    const char *sidecar; /* path of its sidecar below the root, or "" for none */
    const char *rule;    /* "" for quarantine */
    enum conflict_policy policy;
    struct plan_also *also;
    size_t also_count;
    struct rule_trace *trace;
    size_t trace_count;
};

/* Reads every rule file that the settings name (a folder: its *.yaml by name). Unknown keys, label
 * not in the manifest (with the nearest known one), unknown archive, a template that does not
 * parse, a rule behind one that always matches: -EINVAL with FILE:LINE:COLUMN. The settings and the
 * manifest must outlive the rules. */
int rules_load(const struct settings *settings, const struct manifest *manifest,
               struct rules **out_rules, struct err *err) MUST_CHECK;
void rules_free(struct rules *rules);

/* Decides; always finds a plan (the default rule). A subject with `failure` goes to quarantine as
 * ID/NAME with the sidecar ID/reason.json. 0 or -ENOMEM. */
int rules_decide(const struct rules *rules, const struct subject *subject, struct arena *arena,
                 struct plan *out_plan);

/* A test that a rule carries, for `taxon check`. */
struct rule_test {
    const char *rule;              /* that carries it */
    const char *expect;            /* rule that should win */
    const char *text;              /* the document itself, or NULL */
    const char *file;              /* absolute path of the document, or NULL */
    const char *name;              /* the name the document has in the test */
    const struct taxon_node *node; /* for messages */
};
size_t rules_test_count(const struct rules *rules);
const struct rule_test *rules_test(const struct rules *rules, size_t index);
size_t rules_count(const struct rules *rules);
/* Whether any rule needs the document's text. */
bool rules_want_text(const struct rules *rules);

#endif
