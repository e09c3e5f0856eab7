/* wire/reply_reading: single values of a reply, each checked as it is read.
 *
 * Called by reply_unpack.c, which knows what follows what. Here is what a token, a line, a score, a
 * range or a count has to be; the first thing that is not is kept as the reason.
 */
#include "wire/reply_reading.h"

#include "wire/form.h"

void reading_expect(struct reading *reading, bool condition, const char *why)
{
    if (condition && !reading->in.bad)
        return;
    if (reading->why == NULL)
        reading->why = reading->in.no_memory ? "out of memory" : why;
    reading->in.bad = true;
}

const char *reading_token(struct reading *reading, const char *why)
{
    const char *token = unpack_text_max(&reading->in, FORM_TOKEN_MAX);

    reading_expect(reading, form_is_token(token), why);
    return token;
}

const char *reading_line(struct reading *reading, size_t max, const char *why)
{
    const char *line = unpack_text_max(&reading->in, max);

    reading_expect(reading, form_is_line(line, max), why);
    return line;
}

const char *reading_name(struct reading *reading, const char *why)
{
    const char *name = unpack_text_max(&reading->in, FORM_NAME_MAX);

    reading_expect(reading, form_is_name(name), why);
    return name;
}

double reading_share(struct reading *reading, const char *why)
{
    double share = unpack_real(&reading->in);

    reading_expect(reading, form_is_share(share), why);
    return share;
}

void reading_range(struct reading *reading, uint64_t *out_begin, uint64_t *out_end, const char *why)
{
    *out_begin = unpack_u64(&reading->in);
    *out_end = unpack_u64(&reading->in);
    reading_expect(reading, *out_begin <= *out_end && *out_end <= reading->reply->text_len, why);
}

uint32_t reading_plugin(struct reading *reading, const char *why)
{
    uint32_t plugin = unpack_u32(&reading->in);

    reading_expect(reading, plugin < reading->manifest->plugin_count, why);
    return plugin;
}

size_t reading_list(struct reading *reading, size_t least, size_t max, size_t size,
                    void **out_array, const char *why)
{
    uint32_t most = max > UINT32_MAX ? UINT32_MAX : (uint32_t)max;
    uint32_t count = unpack_count(&reading->in, least, most);

    reading_expect(reading, true, why);
    if (!reading->in.bad)
        *out_array = unpack_array(&reading->in, count, size);
    reading_expect(reading, true, why);
    return reading->in.bad ? 0 : count;
}
