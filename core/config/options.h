/* config/options: option tables. Core's own sections and the plugins' use the same tables
 * (struct taxon_option), the same parser and the same messages, and the documentation is printed
 * from them.
 */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#define OPTIONS_ROWS_MAX 1000u /* rows of a table, and choices of a row */
#define OPTIONS_NAME_MAX 64u   /* bytes of an option's name */

struct option_table {
    const struct taxon_option *rows;
    size_t count;
    size_t stride;
};

/* What a table made of a mapping: values[i] belongs to row i. Lives in the arena given. */
struct option_values {
    const struct option_table *table;
    struct taxon_value *values;
    const struct taxon_node **nodes; /* where it was written; NULL: the default */
};

/* Checks the table itself (a plugin's may be malformed): names, types, defaults that parse.
 * `who` begins the message. */
int options_check_table(const struct option_table *table, const char *who,
                        struct err *err) MUST_CHECK;

/* Converts mapping `node` (NULL, or nothing written: all defaults). Unknown key (with the nearest
 * known name), wrong type, value out of range, missing required: -EINVAL, err has FILE:LINE:COLUMN.
 * Relative PATHs are taken from `base_dir` (absolute, without symbolic links, since a leading `../`
 * is taken off it as text). The table must outlive the values. */
int options_parse(struct arena *arena, const struct option_table *table,
                  const struct taxon_node *node, const char *base_dir,
                  struct option_values *out_values, struct err *err) MUST_CHECK;

/* The same for a mapping that also holds the keys `others`, which the caller reads itself. */
int options_parse_beside(struct arena *arena, const struct option_table *table,
                         const char *const *others, size_t other_count,
                         const struct taxon_node *node, const char *base_dir,
                         struct option_values *out_values, struct err *err) MUST_CHECK;

/* yaml_error for a name that is none of `known`: "unknown WHAT 'colour'; did you mean 'color'?",
 * or, when none is near, what there is. -EINVAL. */
int options_unknown(struct err *err, const struct taxon_node *node, const char *what,
                    const char *const *known, size_t count);

/* Whether `node` is a plain empty text, `~` or `null`: nothing was written. NULL: yes. */
bool options_is_null(const struct taxon_node *node);

/* The value of option `name`; asserts that the table has it. */
const struct taxon_value *option_get(const struct option_values *values, const char *name);
/* The same, or NULL. */
const struct taxon_value *option_find(const struct option_values *values, const char *name);

/* The candidate nearest to `name` by edit distance, or NULL when none is near (distance at most
 * one third of the name's length, at least 1; letters that changed places count once). Counts
 * characters; names of more than OPTIONS_NAME_MAX are near to nothing. */
const char *options_nearest(const char *name, const char *const *candidates, size_t count);

/* The value as it would be written in the configuration, on one line: `2s`, `64M`, `[a, "*.b"]`.
 * Nothing for one that is unset. */
void options_print_value(const struct taxon_value *value, struct strbuf *out_text);

/* The same for what was written, whatever it means. */
void options_print_node(const struct taxon_node *node, struct strbuf *out_text);

/* The table as a Markdown table (option, type, default, range, meaning). */
void options_print_markdown(const struct option_table *table, struct strbuf *out_text);

#endif
