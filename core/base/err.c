/* base/err: the text of an error, for the person who has to act.
 *
 * Called wherever something fails that a person must mend: settings, folders, plugins. It does not
 * log, does not translate errno by itself and keeps no state: the struct is the caller's.
 */
#include "base/err.h"

#include <stdarg.h>
#include <string.h>

#include "base/printable.h"

#define JOINT     ": "
#define JOINT_LEN (sizeof JOINT - 1)

int(err_set)(struct err *err, int code, const char *format, ...)
{
    char text[ERR_TEXT_MAX]; /* apart, because err->text may be among the arguments */
    va_list args;

    if (err == NULL)
        return code;
    va_start(args, format);
    size_t len = printable_format(text, sizeof text, format, args);
    va_end(args);
    memcpy(err->text, text, len + 1);
    return code;
}

/* Joins both into err->text. When they do not fit, the prefix gives way first: the innermost reason
 * is what the person needs, and a prefix tends to be a long path. */
static void join(struct err *err, char *prefix, size_t prefix_len)
{
    const size_t room = ERR_TEXT_MAX - 1 - JOINT_LEN;
    size_t text_len = strnlen(err->text, ERR_TEXT_MAX - 1);
    size_t text_share = text_len < room / 2 ? text_len : room / 2;

    prefix_len = printable_cut(prefix, prefix_len, room - text_share);
    text_len = printable_cut(err->text, text_len, room - prefix_len);
    memmove(err->text + prefix_len + JOINT_LEN, err->text, text_len);
    memcpy(err->text, prefix, prefix_len);
    memcpy(err->text + prefix_len, JOINT, JOINT_LEN);
    err->text[prefix_len + JOINT_LEN + text_len] = '\0';
}

int(err_prefix)(struct err *err, int code, const char *format, ...)
{
    char prefix[ERR_TEXT_MAX];
    va_list args;

    if (err == NULL)
        return code;
    va_start(args, format);
    size_t len = printable_format(prefix, sizeof prefix, format, args);
    va_end(args);
    if (err->text[0] == '\0')
        memcpy(err->text, prefix, len + 1);
    else
        join(err, prefix, len);
    return code;
}
