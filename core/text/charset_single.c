/* text/charset_single: charsets of one byte a character, by tables that glibc fills.
 *
 * Called by charset_convert.c. A converter is opened once at the start, asked for each of the 256
 * bytes, and closed: forty of them need not stay loaded, and charset_letters.c scores by the same
 * tables.
 */
#include "text/charset_single.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"

static uint16_t code_point_of(iconv_t descriptor, unsigned byte)
{
    char in_byte = (char)byte;
    char text[16];
    char *in = &in_byte;
    char *out = text;
    size_t in_left = 1;
    size_t out_left = sizeof text;
    uint32_t code_point = 0;

    iconv(descriptor, NULL, NULL, NULL, NULL);
    if (iconv(descriptor, &in, &in_left, &out, &out_left) == (size_t)-1)
        return UTF8_REPLACEMENT;
    iconv(descriptor, NULL, NULL, &out, &out_left); /* what it held back, to join a mark to it */
    size_t len = (size_t)(out - text);
    if (len == 0 || utf8_decode(text, len, &code_point) != len || code_point > 0xFFFF)
        return UTF8_REPLACEMENT;
    return (uint16_t)code_point;
}

int charset_single_fill(const char *iconv_name, uint16_t out_code_points[256], struct err *err)
{
    iconv_t descriptor = iconv_open("UTF-8", iconv_name);

    if (descriptor == (iconv_t)-1)
        return err_set(err, -errno, "no converter for charset %s: glibc's gconv module is missing",
                       iconv_name);
    for (unsigned byte = 0; byte < 256; byte++)
        out_code_points[byte] = code_point_of(descriptor, byte);
    iconv_close(descriptor);
    return 0;
}

int charset_single_convert(const uint16_t code_points[256], const char *bytes, size_t len,
                           size_t limit, struct strbuf *out_text,
                           struct charset_conversion *out_conversion)
{
    struct charset_conversion conversion = {0};
    char text[1024 + 4];
    size_t have = 0;
    size_t room = limit;

    for (size_t i = 0; i < len; i++) {
        uint32_t code_point = code_points[(unsigned char)bytes[i]];
        size_t n = utf8_encode(code_point, text + have);
        if (n > room) {
            conversion.cut = true;
            break;
        }
        room -= n;
        have += n;
        conversion.illegal += code_point == UTF8_REPLACEMENT;
        if (have >= sizeof text - 4) {
            strbuf_append(out_text, text, have);
            have = 0;
        }
    }
    strbuf_append(out_text, text, have);
    *out_conversion = conversion;
    return out_text->failed ? -ENOMEM : 0;
}
