/* worker/descriptor: whether what taxon_plugin_v1() returned can be worked with.
 *
 * Called once a plugin, before anything else of it is used. It does not compare plugins with one
 * another (worker/plugin_set does), nor look into labels (worker/vocabulary) and options
 * (config/options).
 */
#include "worker/descriptor.h"

#include <errno.h>
#include <string.h>

#include "config/options.h"
#include "wire/form.h"
#include "wire/manifest.h"
#include "worker/border.h"

/* Counts what a list that ends with NULL holds; -1 when it is longer than the manifest takes. */
static ptrdiff_t list_count(const char *const *list)
{
    ptrdiff_t count = 0;

    while (list != NULL && list[count] != NULL)
        if (++count > MANIFEST_NAMES_MAX)
            return -1;
    return count;
}

/* type/subtype in those of RFC 6838's characters that types in use are made of, lower case. */
static bool is_media_type(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.+";
    ptrdiff_t len = border_strlen(text, FORM_TOKEN_MAX);

    if (len <= 0)
        return false;
    size_t type_len = strspn(text, allowed);
    if (type_len == 0 || text[type_len] != '/')
        return false;
    const char *subtype = text + type_len + 1;
    return subtype[0] != '\0' && subtype[strspn(subtype, allowed)] == '\0';
}

static int check_list(const char *const *list, const char *what, bool (*is_good)(const char *),
                      size_t *out_count, struct err *err)
{
    ptrdiff_t count = list_count(list);

    if (count < 0)
        return err_set(err, -EINVAL, "malformed descriptor: more than %d %s", MANIFEST_NAMES_MAX,
                       what);
    for (ptrdiff_t i = 0; i < count; i++) {
        if (!is_good(list[i]))
            return err_set(err, -EINVAL, "malformed descriptor: number %td of its %s is malformed",
                           i + 1, what);
        for (ptrdiff_t k = 0; k < i; k++)
            if (strcmp(list[k], list[i]) == 0)
                return err_set(err, -EINVAL, "malformed descriptor: '%s' twice among its %s",
                               list[i], what);
    }
    *out_count = (size_t)count;
    return 0;
}

static int check_words(const struct taxon_descriptor *descriptor, struct err *err)
{
    if (!border_is_name(descriptor->name))
        return err_set(err, -EINVAL,
                       "malformed descriptor: its name is not [a-z0-9-]+ of at most "
                       "%u bytes",
                       FORM_NAME_MAX);
    if (!border_is_line(descriptor->version, FORM_LINE_MAX) || descriptor->version[0] == '\0')
        return err_set(err, -EINVAL,
                       "malformed descriptor: its version is no line of 1 to %u "
                       "bytes",
                       FORM_LINE_MAX);
    if (!border_is_line(descriptor->summary, BORDER_STRING_MAX))
        return err_set(err, -EINVAL,
                       "malformed descriptor: its summary is no line of at most %u "
                       "bytes",
                       BORDER_STRING_MAX);
    return 0;
}

static int check_arrays(const struct taxon_descriptor *descriptor, struct err *err)
{
    if (descriptor->label_count > MANIFEST_LABELS_MAX ||
        !border_array(descriptor->labels, descriptor->label_count, descriptor->label_stride,
                      BORDER_SIZE_1_0(struct taxon_label_decl, threshold)))
        return err_set(err, -EINVAL,
                       "malformed descriptor: label table of %zu labels, %zu bytes "
                       "each",
                       descriptor->label_count, descriptor->label_stride);
    if (descriptor->option_count > OPTIONS_ROWS_MAX ||
        !border_array(descriptor->options, descriptor->option_count, descriptor->option_stride,
                      BORDER_SIZE_1_0(struct taxon_option, max)))
        return err_set(err, -EINVAL,
                       "malformed descriptor: option table of %zu options, %zu bytes "
                       "each",
                       descriptor->option_count, descriptor->option_stride);
    return 0;
}

static int check_kind(const struct taxon_descriptor *descriptor, size_t schemes, size_t media_types,
                      struct err *err)
{
    const char *wrong = NULL;

    switch (descriptor->kind) {
    case TAXON_KIND_CLASSIFIER:
        wrong = descriptor->classify == NULL ? "a classifier without classify()"
                : schemes == 0               ? "a classifier without schemes"
                : media_types > 0            ? "a classifier that claims media types"
                                             : NULL;
        break;
    case TAXON_KIND_READER:
        wrong = descriptor->read == NULL      ? "a reader without read()"
                : media_types == 0            ? "a reader without media types"
                : schemes > 0                 ? "a reader that publishes schemes"
                : descriptor->label_count > 0 ? "a reader that declares labels"
                : descriptor->after != NULL   ? "a reader that runs after a scheme"
                                              : NULL;
        break;
    default:
        return err_set(err, -EINVAL, "malformed descriptor: unknown kind %u", descriptor->kind);
    }
    return wrong == NULL ? 0 : err_set(err, -EINVAL, "malformed descriptor: %s", wrong);
}

/* A scheme's name, or "*": the name of the plugin's section. */
static bool is_scheme(const char *text)
{
    return border_is_name(text) || (border_strlen(text, 1) == 1 && text[0] == '*');
}

int descriptor_read(const struct taxon_descriptor *from, struct taxon_descriptor *out_descriptor,
                    size_t *out_scheme_count, size_t *out_media_type_count, struct err *err)
{
    struct taxon_descriptor copy;
    size_t after_count;
    int code;

    if (from == NULL)
        return err_set(err, -EINVAL, "malformed descriptor: taxon_plugin_v1() returned NULL");
    if (!border_read(&copy, sizeof copy, from, BORDER_SIZE_1_0(struct taxon_descriptor, close)))
        return err_set(err, -EINVAL, "malformed descriptor: struct_size is %u, ABI 1.0 has %zu",
                       from->struct_size, BORDER_SIZE_1_0(struct taxon_descriptor, close));
    if ((code = check_words(&copy, err)) < 0 ||
        (code = check_list(copy.schemes, "schemes", is_scheme, out_scheme_count, err)) < 0 ||
        (code = check_list(copy.media_types, "media types", is_media_type, out_media_type_count,
                           err)) < 0 ||
        (code = check_list(copy.after, "'after' schemes", border_is_name, &after_count, err)) < 0 ||
        (code = check_arrays(&copy, err)) < 0 ||
        (code = check_kind(&copy, *out_scheme_count, *out_media_type_count, err)) < 0)
        return code;
    *out_descriptor = copy;
    return 0;
}
