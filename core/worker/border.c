/* worker/border: how values cross from a plugin into the host.
 *
 * Called by everything here that reads what a plugin wrote. It judges form only; what the values
 * mean is the caller's business.
 */
#include "worker/border.h"

#include <string.h>

#include "base/printable.h"
#include "wire/form.h"

#define STRUCT_SIZE_MAX 4096u /* no struct of this border will ever be larger */

bool border_read(void *to, size_t to_size, const void *from, size_t least)
{
    uint32_t size = 0;

    memset(to, 0, to_size);
    if (from == NULL)
        return false;
    memcpy(&size, from, sizeof size);
    if (size < least || size > STRUCT_SIZE_MAX)
        return false;
    memcpy(to, from, size < to_size ? size : to_size);
    return true;
}

bool border_array(const void *base, size_t count, size_t stride, size_t least)
{
    if (count == 0)
        return true;
    return base != NULL && stride >= least && stride <= STRUCT_SIZE_MAX &&
           count <= PTRDIFF_MAX / stride;
}

ptrdiff_t border_strlen(const char *text, size_t max)
{
    if (text == NULL)
        return -1;
    size_t len = strnlen(text, max + 1);
    return len <= max ? (ptrdiff_t)len : -1;
}

bool border_is_name(const char *text)
{
    return text != NULL && form_is_name(text);
}

bool border_is_id(const char *text)
{
    return text != NULL && form_is_id(text);
}

bool border_is_line(const char *text, size_t max)
{
    return text != NULL && form_is_line(text, max);
}

const char *border_line(struct arena *arena, const char *text, size_t max)
{
    if (text == NULL)
        return "";
    size_t len = strnlen(text, BORDER_STRING_MAX);
    char *copy = arena_strndup(arena, text, len);
    if (copy == NULL)
        return NULL;
    len = printable_cut(copy, printable_clean(copy, len), max);
    copy[len] = '\0';
    return copy;
}
