/* config/yaml_text: the text of a YAML file before libyaml sees it, and messages that say where.
 *
 * Called by yaml.c. It does not parse: it finds what libyaml would accept and the tree does not, or
 * what libyaml would take too long over.
 */
#include "config/yaml_text.h"

#include <errno.h>
#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"

#define BOM     "\xEF\xBB\xBF"
#define BOM_LEN (sizeof BOM - 1)

/* Message first, position second: should both not fit, err_prefix shortens the file's name. */
int yaml_vrefuse(struct err *err, const char *file, struct yaml_position at, const char *format,
                 va_list args)
{
    char message[ERR_TEXT_MAX];

    printable_format(message, sizeof message, format, args);
    err_set(err, -EINVAL, "%s", message);
    return err_prefix(err, -EINVAL, "%s:%u:%u", file, at.line, at.column);
}

static int refuse(struct err *err, const char *file, struct yaml_position at, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
static int refuse(struct err *err, const char *file, struct yaml_position at, const char *format,
                  ...)
{
    va_list args;

    va_start(args, format);
    int code = yaml_vrefuse(err, file, at, format, args);
    va_end(args);
    return code;
}

struct yaml_position yaml_position_of(const char *text, size_t offset)
{
    size_t line_begin = strncmp(text, BOM, BOM_LEN) == 0 ? BOM_LEN : 0;
    struct yaml_position at = {1, 1};

    for (size_t i = 0; i < offset; i++)
        if (text[i] == '\n') {
            at.line++;
            line_begin = i + 1;
        }
    for (size_t i = line_begin; i < offset; i++)
        if ((text[i] & 0xC0) != 0x80)
            at.column++;
    return at;
}

static int check_bytes(const char *file, const char *text, size_t len, struct err *err)
{
    const char *nul = memchr(text, '\0', len);

    if (nul != NULL)
        return refuse(err, file, yaml_position_of(text, (size_t)(nul - text)),
                      "a NUL byte; this is no text in UTF-8");
    size_t valid = utf8_valid_prefix(text, len);
    if (valid < len)
        return refuse(err, file, yaml_position_of(text, valid),
                      "byte 0x%02X is not UTF-8; save the file as UTF-8",
                      (unsigned char)text[valid]);
    return 0;
}

/* libyaml takes time in the square of the number of %TAG lines, and looks at those after the end of
 * the document too, so they are refused before it sees them. Within a document a line can begin
 * so only inside a quoted text that is not indented. */
static int check_directives(const char *file, const char *text, size_t len, struct err *err)
{
    const char *end = text + len;
    const char *line = text;

    if (strncmp(line, BOM, BOM_LEN) == 0)
        line += BOM_LEN;
    while (line < end) {
        if (strncmp(line, "%TAG", 4) == 0 || strncmp(line, "%YAML", 5) == 0)
            return refuse(err, file, yaml_position_of(text, (size_t)(line - text)),
                          "directives (%%TAG, %%YAML) are not allowed");
        line += strcspn(line, "\r\n");
        line += line < end;
    }
    return 0;
}

int yaml_check_text(const char *file, const char *text, size_t len, struct err *err)
{
    int code = check_bytes(file, text, len, err);

    return code < 0 ? code : check_directives(file, text, len, err);
}
