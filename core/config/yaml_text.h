/* config/yaml_text: what yaml.c and yaml_tree.c share; nobody else includes it. */
#ifndef CONFIG_YAML_TEXT_H
#define CONFIG_YAML_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <taxon/types.h>

#include "base/err.h"

struct yaml_position {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in characters */
};

/* Writes "FILE:LINE:COLUMN: MESSAGE"; -EINVAL. */
int yaml_vrefuse(struct err *err, const char *file, struct yaml_position at, const char *format,
                 va_list args) __attribute__((format(printf, 4, 0)));

/* Where the byte at `offset` of `text` stands. */
struct yaml_position yaml_position_of(const char *text, size_t offset);

/* Refuses NUL, what is not UTF-8, and directives. `text` ends with a NUL. 0 or -EINVAL. */
int yaml_check_text(const char *file, const char *text, size_t len, struct err *err) MUST_CHECK;

/* Refuses a key that is there twice. Sorts `keys`. 0 or -EINVAL. */
int yaml_check_keys(const struct taxon_node **keys, size_t count, struct err *err) MUST_CHECK;

#endif
