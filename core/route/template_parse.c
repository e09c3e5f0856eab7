/* route/template: reads the path that a rule's `file:` gives.
 *
 * Called by route/rules, once when rules are read. What the rule's author wrote is checked here and
 * refused with its place, so that expanding (template_expand.c) has nothing left to refuse but
 * length. It knows neither labels nor archives.
 */
#include "route/template.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config/options.h"
#include "config/yaml.h"
#include "route/name.h"
#include "route/template_piece.h"

#define PIECES_MAX 128u
#define LEVELS_MAX 9u

/* What a placeholder takes after its colon. */
enum argument { ARGUMENT_NONE, ARGUMENT_LEVELS, ARGUMENT_DIGITS, ARGUMENT_DATE };

struct placeholder {
    const char *name;
    enum piece_kind kind;
    enum argument argument;
};

static const struct placeholder placeholders[] = {
    {"genre", PIECE_LABEL, ARGUMENT_LEVELS},  {"topic", PIECE_LABEL, ARGUMENT_LEVELS},
    {"unusable", PIECE_LABEL, ARGUMENT_NONE}, {"lang", PIECE_LANG, ARGUMENT_NONE},
    {"source", PIECE_SOURCE, ARGUMENT_NONE},  {"name", PIECE_NAME, ARGUMENT_NONE},
    {"stem", PIECE_STEM, ARGUMENT_NONE},      {"ext", PIECE_EXT, ARGUMENT_NONE},
    {"id", PIECE_ID, ARGUMENT_NONE},          {"sha256", PIECE_SHA256, ARGUMENT_DIGITS},
    {"date", PIECE_DATE, ARGUMENT_DATE},      {"earlier", PIECE_EARLIER, ARGUMENT_NONE},
};

#define PLACEHOLDERS (sizeof placeholders / sizeof placeholders[0])

/* A template while it is parsed. */
struct parsing {
    struct arena *arena;
    const struct taxon_node *node;
    struct err *err;
    struct piece pieces[PIECES_MAX];
    size_t count;
};

static int mistake(const struct parsing *parsing, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Points into the scalar where it was written plain; quotes and blocks may hold escapes. */
static int mistake(const struct parsing *parsing, const char *at, const char *format, ...)
{
    struct taxon_node place = *parsing->node;
    char text[ERR_TEXT_MAX];
    va_list args;

    for (const char *c = parsing->node->text; !place.quoted && c < at; c++)
        place.column += ((unsigned char)*c & 0xC0) != 0x80;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return yaml_error(parsing->err, &place, "%s", text);
}

static int add_piece(struct parsing *parsing, const char *at, struct piece piece)
{
    if (parsing->count == PIECES_MAX)
        return mistake(parsing, at, "the path has more than %u parts", PIECES_MAX);
    parsing->pieces[parsing->count++] = piece;
    return 0;
}

static int add_literal(struct parsing *parsing, const char *text, size_t len)
{
    if (len == 0)
        return 0;
    return add_piece(parsing, text,
                     (struct piece){.kind = PIECE_LITERAL, .text = text, .len = len});
}

/* The whole of [text, text + len) as a number from 1 to `max`, or 0. */
static unsigned parse_number(const char *text, size_t len, unsigned max)
{
    unsigned number = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        number = number * 10 + (unsigned)(text[i] - '0');
        if (number > max)
            return 0;
    }
    return number;
}

/* Each conversion becomes a piece of its own, so that '/' between them is a '/' of the path. */
static int parse_date(struct parsing *parsing, const char *format, size_t len)
{
    const char *end = format + len;
    int code = 0;

    while (format < end && code == 0) {
        const char *percent = memchr(format, '%', (size_t)(end - format));
        const char *stop = percent != NULL ? percent : end;
        code = add_literal(parsing, format, (size_t)(stop - format));
        format = stop;
        if (code < 0 || percent == NULL)
            continue;
        if (percent + 1 == end || strchr("YymdHMS%", percent[1]) == NULL)
            return mistake(parsing, percent,
                           "{date} knows %%Y %%y %%m %%d %%H %%M %%S and %%%%, and not '%.*s'",
                           percent + 1 == end ? 1 : 2, percent);
        if (percent[1] == '%')
            code = add_literal(parsing, percent, 1);
        else
            code = add_piece(parsing, percent,
                             (struct piece){.kind = PIECE_DATE, .conversion = percent[1]});
        format = percent + 2;
    }
    return code;
}

static int unknown_placeholder(const struct parsing *parsing, const char *text, size_t len)
{
    const char *names[PLACEHOLDERS];
    char name[64];

    for (size_t i = 0; i < PLACEHOLDERS; i++)
        names[i] = placeholders[i].name;
    snprintf(name, sizeof name, "%.*s", (int)len, text);
    const char *nearest = options_nearest(name, names, PLACEHOLDERS);
    if (nearest != NULL)
        return mistake(parsing, text, "unknown placeholder {%s}; did you mean {%s}?", name,
                       nearest);
    return mistake(
        parsing, text,
        "unknown placeholder {%s}; there are genre, topic, unusable, lang, source, name, "
        "stem, ext, id, sha256, date and earlier",
        name);
}

static const struct placeholder *find_placeholder(const char *name, size_t len)
{
    for (size_t i = 0; i < PLACEHOLDERS; i++) {
        if (strlen(placeholders[i].name) == len && memcmp(placeholders[i].name, name, len) == 0)
            return &placeholders[i];
    }
    return NULL;
}

/* What stands after the colon; `argument` is NULL when there is no colon. */
static int parse_argument(struct parsing *parsing, const char *at,
                          const struct placeholder *placeholder, const char *argument, size_t len)
{
    struct piece piece = {.kind = placeholder->kind, .text = placeholder->name};

    switch (placeholder->argument) {
    case ARGUMENT_NONE:
        if (argument != NULL)
            return mistake(parsing, argument, "{%s} takes nothing after a colon",
                           placeholder->name);
        break;
    case ARGUMENT_LEVELS:
        if (argument != NULL && (piece.number = parse_number(argument, len, LEVELS_MAX)) == 0)
            return mistake(parsing, argument, "{%s:N} takes a number of levels from 1 to %u",
                           placeholder->name, LEVELS_MAX);
        break;
    case ARGUMENT_DIGITS:
        piece.number = 2 * DIGEST_SIZE;
        if (argument != NULL && (piece.number = parse_number(argument, len, 2 * DIGEST_SIZE)) == 0)
            return mistake(parsing, argument, "{sha256:N} takes a number of digits from 1 to 64");
        break;
    case ARGUMENT_DATE:
        if (argument == NULL)
            return parse_date(parsing, "%Y-%m-%d", strlen("%Y-%m-%d"));
        if (len == 0)
            return mistake(parsing, argument, "{date:} lacks its format, as in {date:%%Y/%%m}");
        return parse_date(parsing, argument, len);
    }
    return add_piece(parsing, at, piece);
}

/* `open` is at the brace; *out_next is behind the closing one. */
static int parse_placeholder(struct parsing *parsing, const char *open, const char **out_next)
{
    const char *name = open + 1;
    size_t len = strcspn(name, "{}");

    if (name[len] != '}')
        return mistake(parsing, open, "this '{' is not closed; '{{' is a brace itself");
    const char *colon = memchr(name, ':', len);
    size_t name_len = colon != NULL ? (size_t)(colon - name) : len;
    const struct placeholder *placeholder = find_placeholder(name, name_len);
    if (placeholder == NULL)
        return unknown_placeholder(parsing, name, name_len);
    *out_next = name + len + 1;
    return parse_argument(parsing, open, placeholder, colon != NULL ? colon + 1 : NULL,
                          colon != NULL ? len - name_len - 1 : 0);
}

static int parse_pieces(struct parsing *parsing)
{
    const char *at = parsing->node->text;
    int code = 0;

    while (*at != '\0' && code == 0) {
        size_t len = strcspn(at, "{}");
        code = add_literal(parsing, at, len);
        at += len;
        if (code < 0 || *at == '\0')
            continue;
        if (at[0] == at[1]) {
            code = add_literal(parsing, at, 1);
            at += 2;
        } else if (*at == '}') {
            code = mistake(parsing, at, "this '}' closes nothing; '}}' is a brace itself");
        } else {
            code = parse_placeholder(parsing, at, &at);
        }
    }
    return code;
}

/* A component as its author wrote it, '*' standing for what a document brings in. */
static int check_component(const struct parsing *parsing, const char *name, size_t len)
{
    static const char suffix[] = TEMPLATE_SIDECAR_SUFFIX;
    const size_t suffix_len = sizeof suffix - 1;
    const char *start = parsing->node->text;

    if (len == 0)
        return mistake(parsing, start, "the path has an empty part (a '/' at either end, or two)");
    if (len <= 2 && strspn(name, ".") >= len)
        return mistake(parsing, start, "the path may not hold '.' or '..'");
    if (len >= 7 && strncasecmp(name, ".taxond", 7) == 0)
        return mistake(parsing, start, "names that begin with '.taxond' are taxond's own");
    if (len >= suffix_len && strncasecmp(name + len - suffix_len, suffix, suffix_len) == 0)
        return mistake(parsing, start,
                       "names that end in '" TEMPLATE_SIDECAR_SUFFIX "' are kept for sidecars");
    if (len > NAME_BYTES_MAX)
        return mistake(parsing, start, "a part of the path is longer than %u bytes",
                       NAME_BYTES_MAX);
    return 0;
}

/* Only what the author wrote; what values do to a component is seen to when it is expanded. */
static int check_shape(const struct parsing *parsing)
{
    struct strbuf shape = STRBUF_INIT;
    size_t component = 0;
    int code = 0;

    for (size_t i = 0; i < parsing->count; i++) {
        const struct piece *piece = &parsing->pieces[i];
        if (piece->kind == PIECE_LITERAL)
            strbuf_append(&shape, piece->text, piece->len);
        else
            strbuf_putc(&shape, '*');
    }
    strbuf_putc(&shape, '/');
    if (shape.failed)
        code = -ENOMEM;
    for (size_t i = 0; code == 0 && i < shape.len; i++) {
        if ((unsigned char)shape.data[i] < 0x20 || shape.data[i] == 0x7F)
            code = mistake(parsing, parsing->node->text, "the path holds a control character");
        if (code < 0 || shape.data[i] != '/')
            continue;
        code = check_component(parsing, shape.data + component, i - component);
        component = i + 1;
    }
    strbuf_release(&shape);
    return code;
}

int template_parse(struct arena *arena, const struct taxon_node *node,
                   struct path_template **out_template, struct err *err)
{
    struct parsing parsing = {.arena = arena, .node = node, .err = err};
    struct path_template *tmpl;
    int code;

    if (node->kind != TAXON_NODE_SCALAR)
        return yaml_error(err, node, "a path is one text, such as \"{genre}/{name}\"");
    code = parse_pieces(&parsing);
    if (code == 0)
        code = check_shape(&parsing);
    if (code < 0)
        return code;
    tmpl = arena_alloc(arena, sizeof *tmpl);
    if (tmpl == NULL)
        return -ENOMEM;
    tmpl->count = parsing.count;
    tmpl->pieces = arena_memdup(arena, parsing.pieces, parsing.count * sizeof parsing.pieces[0]);
    if (tmpl->pieces == NULL)
        return -ENOMEM;
    *out_template = tmpl;
    return 0;
}
