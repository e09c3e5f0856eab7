/* Fuzz target: deciding the charset of any bytes, and decoding them, gives valid UTF-8 within the
 * limit. The first two bytes choose the limit and the declared label. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset.h"
#include "text/language.h"
#include "text/media_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct charset_decoder *open_decoder(void)
{
    struct charset_decoder *decoder = NULL;

    if (charset_open(&decoder, NULL) != 0)
        abort();
    return decoder;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {NULL, "gbk", "big5", "utf-8"};
    static struct charset_decoder *decoder; /* kept: opening its converters takes long */
    struct strbuf scratch = STRBUF_INIT;
    struct charset_result charset;
    struct language_result language;
    const char *text;
    size_t len;
    int cut;

    if (size < 2)
        return 0;
    if (decoder == NULL)
        decoder = open_decoder();
    size_t limit = data[0] == 0xFF ? size * 4 : data[0];
    const char *label = labels[data[1] % 4];
    size_t raw_len = size - 2;
    char *raw = malloc(raw_len + 1);
    if (raw == NULL)
        return 0;
    memcpy(raw, data + 2, raw_len);
    raw[raw_len] = '\0';
    if (charset_decode(decoder, raw, raw_len, label, limit, &scratch, &charset, &text, &len,
                       &cut) == 0) {
        assert(len <= limit);
        assert(utf8_is_valid(text, len));
        assert(charset.score >= 0 && charset.score <= 1);
        assert(charset.rival_count <= CHARSET_RIVALS_MAX);
        language_detect(text, len, &language);
        assert(media_type_sniff(raw, raw_len, text, len, "a.html") != NULL);
    }
    strbuf_release(&scratch);
    free(raw);
    return 0;
}
