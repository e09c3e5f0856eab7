/* kit/definitions_node: reads nodes of label files, and reports what is wrong with one.
 *
 * Called by definitions.c for the keys that every label has, and by plugins for their own. All bear
 * NULL and malformed nodes: whoever reads a key need not ask first whether it is there.
 */
#include "kit/definitions.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kit/definitions_private.h"

#define NUMBER_MAX 24 /* bytes of a number */

void definitions_mistake(struct definitions_check *check, const struct taxon_node *node,
                         const char *format, ...)
{
    char message[400];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    for (char *at = message; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            *at = ' ';
        }
    }
    check->opening->host->mistake(check->opening, node, message);
    check->mistakes++;
}

bool definitions_is_kind(const struct taxon_node *node, uint32_t kind)
{
    return node != NULL && node->kind == kind;
}

static const char *scalar_text(const struct taxon_node *node)
{
    return definitions_is_kind(node, TAXON_NODE_SCALAR) ? node->text : NULL;
}

const struct taxon_node *definitions_item(const struct taxon_node *node, size_t index)
{
    if (node == NULL || node->kind == TAXON_NODE_SCALAR || node->items == NULL ||
        index >= node->count) {
        return NULL;
    }
    return node->items[index];
}

const struct taxon_node *definitions_key(const struct taxon_node *node, size_t index)
{
    if (!definitions_is_kind(node, TAXON_NODE_MAPPING) || node->keys == NULL ||
        index >= node->count) {
        return NULL;
    }
    return node->keys[index];
}

const struct taxon_node *definitions_get(const struct taxon_node *node, const char *key)
{
    for (size_t i = 0; definitions_is_kind(node, TAXON_NODE_MAPPING) && i < node->count; i++) {
        const char *text = scalar_text(definitions_key(node, i));

        if (text != NULL && strcmp(text, key) == 0) {
            return definitions_item(node, i);
        }
    }
    return NULL;
}

static bool is_listed(const char *const *list, const char *text)
{
    for (; list != NULL && *list != NULL; list++) {
        if (strcmp(*list, text) == 0) {
            return true;
        }
    }
    return false;
}

/* "a, b, c" for a message; what does not fit is left out. */
static const char *join(char *buf, size_t size, const char *const *first, const char *const *more)
{
    size_t used = 0;

    buf[0] = '\0';
    for (int part = 0; part < 2; part++) {
        for (const char *const *at = part == 0 ? first : more; at != NULL && *at != NULL; at++) {
            int n = snprintf(buf + used, size - used, "%s%s", used > 0 ? ", " : "", *at);

            if (n < 0 || (size_t)n >= size - used) {
                return buf;
            }
            used += (size_t)n;
        }
    }
    return buf;
}

bool definitions_check_keys(struct definitions_check *check, const struct taxon_node *node,
                            const char *what, const char *const *known, const char *const *more)
{
    uint32_t mistakes = check->mistakes;
    char buf[200];

    if (!definitions_is_kind(node, TAXON_NODE_MAPPING)) {
        definitions_mistake(check, node, "%s should be a mapping", what);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct taxon_node *key = definitions_key(node, i);
        const char *text = scalar_text(key);

        if (text == NULL || (!is_listed(known, text) && !is_listed(more, text))) {
            definitions_mistake(check, key == NULL ? node : key,
                                "unknown key \"%.60s\" in %s (known: %s)", text == NULL ? "" : text,
                                what, join(buf, sizeof(buf), known, more));
        }
    }
    return check->mistakes == mistakes;
}

int definitions_is_mapping(struct definitions_check *check, const struct taxon_node *node,
                           const char *what, const char *const *known)
{
    return definitions_check_keys(check, node, what, known, NULL);
}

const char *definitions_text(struct definitions_check *check, const struct taxon_node *node,
                             const char *what, size_t len_max)
{
    const char *text = scalar_text(node);

    if (text == NULL || text[0] == '\0') {
        definitions_mistake(check, node, "%s should be a text", what);
        return NULL;
    }
    if (strlen(text) > len_max) {
        definitions_mistake(check, node, "%s is longer than %zu bytes", what, len_max);
        return NULL;
    }
    return text;
}

/* Plain decimals only, and not by strtod(3): what a number is must not hang on the locale. */
static bool parse_number(const char *text, double *out)
{
    double sign = 1;
    double value = 0;
    double unit = 1;
    bool digits = false;
    bool point = false;

    if (text == NULL || strlen(text) > NUMBER_MAX) {
        return false;
    }
    if (*text == '-' || *text == '+') {
        sign = *text++ == '-' ? -1 : 1;
    }
    for (; *text != '\0'; text++) {
        if (*text == '.' && !point) {
            point = true;
        } else if (*text >= '0' && *text <= '9') {
            value = value * 10 + (*text - '0');
            unit = point ? unit * 10 : unit;
            digits = true;
        } else {
            return false;
        }
    }
    *out = sign * (value / unit);
    return digits;
}

int definitions_number(struct definitions_check *check, const struct taxon_node *node,
                       const char *what, double min, double max, double *out)
{
    double value;

    if (!parse_number(scalar_text(node), &value)) {
        definitions_mistake(check, node, "%s should be a number", what);
        return 0;
    }
    if (value < min || value > max) {
        definitions_mistake(check, node, "%s should be from %g to %g", what, min, max);
        return 0;
    }
    *out = value;
    return 1;
}
