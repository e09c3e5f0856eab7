/* config/options_check: whether an option table is one.
 *
 * Called for every table before it is used, above all for those that plugins bring: they come from
 * a shared object that anyone may have built, and a slip in one must be a message, not a crash.
 * What cannot be checked is that pointers which are not NULL point to something.
 */
#include "config/options.h"

#include <errno.h>
#include <math.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "config/options_value.h"

#define STRIDE_MAX 4096u

static bool is_name(const char *name)
{
    size_t len = strnlen(name, OPTIONS_NAME_MAX + 1);

    return len > 0 && len <= OPTIONS_NAME_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static bool is_text(const char *text)
{
    return text != NULL && utf8_is_valid(text, strlen(text));
}

static bool is_container(uint32_t type)
{
    return type == TAXON_OPTION_LIST || type == TAXON_OPTION_MAP;
}

/* What of the array's form is wrong, or NULL. */
static const char *wrong_with_form(const struct option_table *table)
{
    if (table->count > OPTIONS_ROWS_MAX)
        return "has more than 1000 rows";
    if (table->count == 0)
        return NULL;
    if (table->rows == NULL)
        return "has a count but no rows";
    if (table->stride < sizeof(struct taxon_option) || table->stride > STRIDE_MAX ||
        table->stride % alignof(struct taxon_option) != 0)
        return "has rows of an impossible size";
    if ((uintptr_t)table->rows % alignof(struct taxon_option) != 0)
        return "is not aligned";
    return NULL;
}

static const char *wrong_with_choices(const struct taxon_option *row)
{
    bool is_choice = row->type == TAXON_OPTION_CHOICE || row->element == TAXON_OPTION_CHOICE;
    size_t count = 0;

    if (!is_choice)
        return row->choices == NULL ? NULL : "has choices but is no choice";
    if (row->choices == NULL || row->choices[0] == NULL)
        return "has no choices";
    for (; row->choices[count] != NULL; count++) {
        if (count == OPTIONS_ROWS_MAX)
            return "has more than 1000 choices";
        if (row->choices[count][0] == '\0' || !is_text(row->choices[count]))
            return "has a choice that is empty or no UTF-8";
        for (size_t i = 0; i < count; i++)
            if (strcmp(row->choices[i], row->choices[count]) == 0)
                return "has the same choice twice";
    }
    return NULL;
}

static const char *wrong_with_types(const struct taxon_option *row)
{
    if (row->type < TAXON_OPTION_BOOL || row->type > TAXON_OPTION_MAP)
        return "has an unknown type";
    if (!is_container(row->type) && row->element != 0)
        return "has an element type but is neither list nor map";
    if (is_container(row->type) &&
        (row->element < TAXON_OPTION_BOOL || row->element > TAXON_OPTION_CHOICE))
        return "has an element type that cannot be an element's";
    if (row->required > 1)
        return "has a `required` that is neither 0 nor 1";
    return NULL;
}

/* What of a row with a name is wrong, or NULL. */
static const char *wrong_with_row(const struct taxon_option *row)
{
    const char *wrong = wrong_with_types(row);

    if (wrong == NULL)
        wrong = wrong_with_choices(row);
    if (wrong != NULL)
        return wrong;
    if (!is_text(row->help) || row->help[0] == '\0')
        return "has no help text in UTF-8";
    if (isnan(row->min) || isnan(row->max) || row->min > row->max)
        return "has a range that no value can lie in";
    return NULL;
}

static int check_fallback(const struct taxon_option *row, const char *who, struct err *err)
{
    struct taxon_value value = {0};
    struct arena arena;

    arena_init(&arena, 0);
    struct value_scope scope = {&arena, "/", err};
    int code = value_parse_fallback(&scope, row, &value);
    arena_release(&arena);
    return code < 0 ? err_prefix(err, code, "%s: option '%s'", who, row->name) : 0;
}

static bool is_named_before(const struct option_table *table, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(options_row(table, j)->name, options_row(table, i)->name) == 0)
            return true;
    return false;
}

static int check_row(const struct option_table *table, size_t i, const char *who, struct err *err)
{
    const struct taxon_option *row = options_row(table, i);

    /* No member may be looked at before the row says that it has it. */
    if (row->struct_size < sizeof *row || row->struct_size > table->stride)
        return err_set(err, -EINVAL, "%s: option %zu has an impossible struct_size (%u)", who,
                       i + 1, row->struct_size);
    if (row->name == NULL || !is_name(row->name))
        return err_set(err, -EINVAL,
                       "%s: option %zu has no name of 1 to %u characters a-z, 0-9 and '_'", who,
                       i + 1, OPTIONS_NAME_MAX);
    if (is_named_before(table, i))
        return err_set(err, -EINVAL, "%s: option '%s' is there twice", who, row->name);
    const char *wrong = wrong_with_row(row);
    if (wrong != NULL)
        return err_set(err, -EINVAL, "%s: option '%s' %s", who, row->name, wrong);
    return row->required != 0 ? 0 : check_fallback(row, who, err);
}

int options_check_table(const struct option_table *table, const char *who, struct err *err)
{
    const char *wrong = wrong_with_form(table);

    if (wrong != NULL)
        return err_set(err, -EINVAL, "%s: the option table %s", who, wrong);
    for (size_t i = 0; i < table->count; i++) {
        int code = check_row(table, i, who, err);
        if (code < 0)
            return code;
    }
    return 0;
}
