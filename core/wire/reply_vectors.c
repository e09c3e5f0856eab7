/* wire/reply_vectors: what classifiers counted, on its way to who trains a model.
 *
 * Called by reply_pack.c and reply_unpack.c. A job asks for it only while a model is trained, so
 * that no document pays for it otherwise. Ids mean nothing here: any 32 bits are one.
 */
#include "wire/reply_vectors.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "wire/form.h"

#define VECTOR_LEAST  (4 + 4 + 4 + 1 + 8 + 8 + 4)
#define FEATURE_LEAST (4 + 4)

static void pack_float(struct strbuf *out, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    pack_u32(out, bits);
}

static float unpack_float(struct unpack *in)
{
    uint32_t bits = unpack_u32(in);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

void reply_vectors_pack(struct strbuf *out, const struct reply *reply)
{
    assert(reply->vector_count <= REPLY_VECTOR_MAX);
    pack_u32(out, (uint32_t)reply->vector_count);
    for (size_t i = 0; i < reply->vector_count; i++) {
        const struct reply_vector *vector = &reply->vectors[i];
        assert(vector->count <= REPLY_FEATURE_MAX);
        pack_u32(out, vector->plugin);
        pack_text(out, vector->scheme);
        pack_text(out, vector->space);
        pack_u8(out, vector->has_place ? 1 : 0);
        pack_u64(out, vector->has_place ? vector->begin : 0);
        pack_u64(out, vector->has_place ? vector->end : 0);
        pack_u32(out, (uint32_t)vector->count);
        for (size_t k = 0; k < vector->count; k++) {
            pack_u32(out, vector->ids[k]);
            pack_float(out, vector->values[k]);
        }
    }
}

/* The manifest's own string of the scheme that is next, published by that plugin; "" when bad. */
static const char *scheme_in(struct reading *reading, uint32_t plugin)
{
    const char *name = reading_name(reading, "a malformed scheme of features");

    if (reading->in.bad)
        return "";
    const struct manifest_plugin *from = &reading->manifest->plugins[plugin];
    for (size_t i = 0; i < from->scheme_count; i++)
        if (strcmp(from->schemes[i], name) == 0)
            return from->schemes[i];
    reading_expect(reading, false, "features of a scheme that is not their plugin's");
    return "";
}

static void features_in(struct reading *reading, struct reply_vector *vector, size_t *room)
{
    void *ids_memory = NULL;
    size_t count = reading_list(reading, FEATURE_LEAST, *room, sizeof *vector->ids, &ids_memory,
                                "too many features");
    uint32_t *ids = ids_memory;
    float *values = unpack_array(&reading->in, count, sizeof *values);

    reading_expect(reading, ids != NULL && values != NULL, "out of memory");
    if (ids == NULL || values == NULL)
        return;
    for (size_t k = 0; !reading->in.bad && k < count; k++) {
        ids[k] = unpack_u32(&reading->in);
        values[k] = unpack_float(&reading->in);
        reading_expect(reading, isfinite(values[k]), "a feature's value is not finite");
    }
    if (reading->in.bad)
        return;
    vector->ids = ids;
    vector->values = values;
    vector->count = count;
    *room -= count;
}

static void vector_in(struct reading *reading, struct reply_vector *vector, size_t *room)
{
    vector->plugin = reading_plugin(reading, "a vector's plugin is not in the manifest");
    vector->scheme = scheme_in(reading, vector->plugin);
    vector->space = reading_name(reading, "a malformed space of features");
    uint8_t has_place = unpack_u8(&reading->in);
    reading_expect(reading, has_place <= 1, "a malformed place of a vector");
    vector->has_place = has_place != 0;
    reading_range(reading, &vector->begin, &vector->end, "a vector lies outside the text");
    reading_expect(reading, vector->has_place || (vector->begin == 0 && vector->end == 0),
                   "a malformed place of a vector");
    features_in(reading, vector, room);
}

void reply_vectors_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t room = REPLY_FEATURE_MAX;
    size_t count = reading_list(reading, VECTOR_LEAST, REPLY_VECTOR_MAX, sizeof *reply->vectors,
                                &array, "too many vectors");

    reply->vectors = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++)
        vector_in(reading, &reply->vectors[i], &room);
    reply->vector_count = count;
}
