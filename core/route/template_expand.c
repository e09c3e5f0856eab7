/* route/template: makes a document's path out of a parsed template.
 *
 * Called by route/rules for the rule that matched. Values come from documents, their names and
 * workers: each goes through route/name, so that the result lies below the archive's root whatever
 * they hold. It does not look at the archive: whether a name is free is route/place's.
 */
#include <errno.h>
#include <string.h>

#include "route/findings.h"
#include "route/name.h"
#include "route/template.h"
#include "route/template_date.h"
#include "route/template_piece.h"

#define SIDECAR_SUFFIX_LEN (sizeof TEMPLATE_SIDECAR_SUFFIX - 1)

struct expansion {
    const struct subject *subject;
    struct strbuf path;
    size_t component; /* where the last one begins */
    struct template_date date;
    int code;
};

static void finish_component(struct expansion *expansion, size_t bytes_max)
{
    if (expansion->code == 0)
        expansion->code = name_finish(&expansion->path, expansion->component, bytes_max);
}

static void put_separator(struct expansion *expansion)
{
    finish_component(expansion, NAME_BYTES_MAX);
    strbuf_putc(&expansion->path, '/');
    expansion->component = expansion->path.len;
}

static void put_literal(struct expansion *expansion, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '/')
            put_separator(expansion);
        else
            strbuf_putc(&expansion->path, text[i]);
    }
}

static void put_value(struct expansion *expansion, const char *value, size_t len)
{
    name_append_value(&expansion->path, expansion->component, value, len);
}

/* The first `levels` of the label's id (0: all), each a component. */
static void put_label(struct expansion *expansion, const char *scheme, unsigned levels)
{
    const char *id = findings_answer(expansion->subject, scheme);

    for (unsigned level = 1;; level++) {
        size_t len = strcspn(id, "/");
        put_value(expansion, id, len);
        if (id[len] == '\0' || level == levels)
            return;
        put_separator(expansion);
        id += len + 1;
    }
}

static void put_digest(struct expansion *expansion, unsigned digits)
{
    char hex[DIGEST_HEX_SIZE];

    digest_hex(&expansion->subject->digest, hex);
    put_value(expansion, hex, digits);
}

static void put_date(struct expansion *expansion, char conversion)
{
    char text[TEMPLATE_DATE_SIZE];

    template_date_print(&expansion->date, conversion, text);
    put_value(expansion, text, strlen(text));
}

static void put_text(struct expansion *expansion, const char *text)
{
    put_value(expansion, text, strlen(text));
}

static void put_piece(struct expansion *expansion, const struct piece *piece)
{
    const struct subject *subject = expansion->subject;
    size_t name_len = strlen(subject->name);
    size_t stem_len = name_extension(subject->name, name_len);

    switch (piece->kind) {
    case PIECE_LITERAL:
        put_literal(expansion, piece->text, piece->len);
        break;
    case PIECE_LABEL:
        put_label(expansion, piece->text, piece->number);
        break;
    case PIECE_LANG:
        put_text(expansion, findings_language(subject));
        break;
    case PIECE_SOURCE:
        put_text(expansion, subject->source);
        break;
    case PIECE_NAME:
        put_value(expansion, subject->name, name_len);
        break;
    case PIECE_STEM:
        put_value(expansion, subject->name, stem_len);
        break;
    case PIECE_EXT:
        if (stem_len < name_len)
            put_value(expansion, subject->name + stem_len + 1, name_len - stem_len - 1);
        break;
    case PIECE_ID:
        put_text(expansion, subject->id.text);
        break;
    case PIECE_EARLIER:
        if (subject->near != NULL && subject->near->kind != NEAR_NOT)
            put_text(expansion, subject->near->id.text);
        else
            put_text(expansion, FINDINGS_NONE);
        break;
    case PIECE_SHA256:
        put_digest(expansion, piece->number);
        break;
    case PIECE_DATE:
        put_date(expansion, piece->conversion);
        break;
    }
}

int template_expand(const struct path_template *tmpl, const struct subject *subject,
                    size_t path_max, struct arena *arena, const char **out_path)
{
    struct expansion expansion = {.subject = subject, .path = STRBUF_INIT};
    const char *path = NULL;

    template_date_of(subject, &expansion.date);
    for (size_t i = 0; i < tmpl->count; i++)
        put_piece(&expansion, &tmpl->pieces[i]);
    finish_component(&expansion, NAME_BYTES_MAX - SIDECAR_SUFFIX_LEN);
    if (expansion.code == 0 && expansion.path.failed)
        expansion.code = -ENOMEM;
    if (expansion.code == 0 && expansion.path.len > path_max)
        expansion.code = -ENAMETOOLONG;
    if (expansion.code == 0) {
        path = arena_strndup(arena, expansion.path.data, expansion.path.len);
        expansion.code = path != NULL ? 0 : -ENOMEM;
    }
    strbuf_release(&expansion.path);
    if (expansion.code == 0)
        *out_path = path;
    return expansion.code;
}
