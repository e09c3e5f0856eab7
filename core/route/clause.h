/* route/clause: what a rule's `when` asks, as a tree. What route's own files share; nobody else
 * includes it.
 */
#ifndef ROUTE_CLAUSE_H
#define ROUTE_CLAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"
#include "route/subject.h"

#define CLAUSE_DEPTH_MAX 8u /* any, all and not within each other */

enum clause_kind {
    CLAUSE_LABEL,
    CLAUSE_LANG,
    CLAUSE_SCRIPT,
    CLAUSE_USABLE,
    CLAUSE_BOILERPLATE,
    CLAUSE_SOURCE,
    CLAUSE_NAME,
    CLAUSE_SIZE,
    CLAUSE_MEDIA_TYPE,
    CLAUSE_CHARSET,
    CLAUSE_DAMAGE,
    CLAUSE_COPY_OF,
    CLAUSE_VERSION_OF,
    CLAUSE_SIMILARITY,
    CLAUSE_ALL, /* every child holds */
    CLAUSE_ANY, /* one child does */
    CLAUSE_NOT  /* its one child does not */
};

enum comparison {
    COMPARISON_EQUAL,
    COMPARISON_LESS,
    COMPARISON_LESS_OR_EQUAL,
    COMPARISON_MORE,
    COMPARISON_MORE_OR_EQUAL
};

/* One of the values that a clause accepts. */
struct clause_value {
    const char *text;           /* as written */
    enum comparison comparison; /* BOILERPLATE, SIZE, SIMILARITY: with `number` */
    double number;              /* the same; USABLE, COPY_OF, VERSION_OF: 0 or 1; DAMAGE: enum
                                   damage_kind */
};

struct clause {
    enum clause_kind kind;
    const char *text;                  /* for traces: "genre: [gov/notice, news]" */
    const char *scheme;                /* LABEL */
    const struct clause_value *values; /* leaves: any of them */
    size_t value_count;
    const struct clause *children; /* ALL, ANY, NOT */
    size_t child_count;
};

/* What a clause is checked against while it is read. */
struct clause_scope {
    struct arena *arena;
    const struct settings *settings;
    const struct manifest *manifest;
    struct err *err;
};

/* Reads the mapping of a `when`. -EINVAL (err has FILE:LINE:COLUMN) or -ENOMEM. */
int clause_parse(const struct clause_scope *scope, const struct taxon_node *node,
                 struct clause *out_clause) MUST_CHECK;

/* clause_value.c: reads one value of a leaf. The same results. */
int clause_parse_value(const struct clause_scope *scope, const struct clause *clause,
                       const struct taxon_node *node, struct clause_value *out_value) MUST_CHECK;
/* clause_value.c: whether a plugin publishes the scheme; -EINVAL with the nearest one that is. */
int clause_check_scheme(const struct clause_scope *scope, const struct taxon_node *node,
                        const char *scheme) MUST_CHECK;

/* A document while rules are tried on it. */
struct clause_match {
    const struct subject *subject;
    struct arena *arena;
    bool has_boilerplate_ratio; /* worked out when the first clause asks */
    double boilerplate_ratio;
    int code; /* -ENOMEM: what was answered means nothing */
};

bool clause_holds(struct clause_match *match, const struct clause *clause);

/* The innermost clause that keeps `clause` from holding, and what it saw; both in match->arena, one
 * line each. `clause` does not hold. */
void clause_explain(struct clause_match *match, const struct clause *clause,
                    const char **out_clause, const char **out_saw);

#endif
