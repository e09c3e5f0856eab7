/* config/options_value: one option's value, from YAML and into words. What the options' own files
 * share; nobody else includes it.
 */
#ifndef CONFIG_OPTIONS_VALUE_H
#define CONFIG_OPTIONS_VALUE_H

#include <stddef.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "config/options.h"

struct value_scope {
    struct arena *arena;  /* of the values */
    const char *base_dir; /* relative PATHs start here */
    struct err *err;
};

static inline const struct taxon_option *options_row(const struct option_table *table, size_t i)
{
    return TAXON_AT(struct taxon_option, table->rows, table->stride, i);
}

/* Converts and range-checks what was written. *out_value is zero before. -EINVAL or -ENOMEM. */
int value_parse(const struct value_scope *scope, const struct taxon_option *row,
                const struct taxon_node *node, struct taxon_value *out_value) MUST_CHECK;

/* The row's default, parsed from its `fallback`; nothing when it has none. */
int value_parse_fallback(const struct value_scope *scope, const struct taxon_option *row,
                         struct taxon_value *out_value) MUST_CHECK;

/* A path as written, made absolute; NULL without memory. */
const char *value_absolute_path(struct arena *arena, const char *base_dir, const char *path);

/* "between 10ms and 1h", "at least 1", or nothing when the row has no range. */
void value_describe_range(const struct taxon_option *row, struct strbuf *out_text);

/* "a duration such as 250ms, 2s, 5m, 1h or 7d" */
const char *value_describe_type(uint32_t type);

/* "'color' cannot be 'gren'; did you mean 'green'?" -EINVAL. */
int value_unknown_choice(struct err *err, const struct taxon_node *node, const char *what,
                         const char *const *choices, size_t count);

/* Whether the row has a range that values must lie in. */
bool value_has_range(const struct taxon_option *row);

#endif
