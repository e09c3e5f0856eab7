/* Fuzz target: deciding the charset of any bytes, and decoding them, gives valid UTF-8 within the
 * limit; undoing mojibake in that does likewise; and any charset decodes any bytes. The first two
 * bytes choose the limit, the declared label and the charset. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset.h"
#include "text/charset_convert.h"
#include "text/charset_mojibake.h"
#include "text/charset_prescan.h"
#include "text/damage.h"
#include "text/language.h"
#include "text/media_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Kept: opening their converters takes long. */
static struct charset_decoder *decoder;
static struct charset_converters converters;

static void open_all(void)
{
    if (decoder == NULL &&
        (charset_open(&decoder, NULL) != 0 || charset_converters_open(&converters, NULL) != 0))
        abort();
}

static void undo(const char *text, size_t len, size_t limit)
{
    struct strbuf scratch = STRBUF_INIT;
    struct charset_mojibake mojibake;
    struct damage_counts counts;
    const char *mended;
    size_t mended_len;

    if (charset_undo(decoder, text, len, limit, &scratch, &mojibake, &mended, &mended_len) == 0) {
        assert(utf8_is_valid(mended, mended_len));
        assert(mojibake.gain >= -1 && mojibake.gain <= 1);
        assert(mojibake.is_certain ? mended_len <= limit : mended == text && mended_len == len);
        damage_count(mended, mended_len, 0, &counts);
        (void)damage_is_truncated(mended, mended_len, true, false);
    }
    strbuf_release(&scratch);
}

static void convert(enum charset_id id, const char *raw, size_t len, size_t limit)
{
    struct strbuf text = STRBUF_INIT;
    struct charset_conversion conversion;

    if (charset_convert(&converters, id, raw, len, limit, &text, &conversion) == 0) {
        assert(text.len <= limit);
        assert(utf8_is_valid(strbuf_text(&text), text.len));
    }
    strbuf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {NULL,    "gbk",         "big5",   "utf-8",
                                         "utf-7", "iso-2022-jp", "ibm037", "windows-1250"};
    struct strbuf scratch = STRBUF_INIT;
    struct charset_result charset;
    struct language_result language;
    char label[CHARSET_LABEL_SIZE];
    const char *text;
    size_t len;
    int cut;

    if (size < 2)
        return 0;
    open_all();
    size_t limit = data[0] == 0xFF ? size * 4 : data[0];
    size_t raw_len = size - 2;
    char *raw = malloc(raw_len + 1);
    if (raw == NULL)
        return 0;
    memcpy(raw, data + 2, raw_len);
    raw[raw_len] = '\0';
    charset_prescan(raw, raw_len, label);
    if (charset_decode(decoder, raw, raw_len, labels[data[1] % 8], limit, &scratch, &charset, &text,
                       &len, &cut) == 0) {
        assert(len <= limit);
        assert(utf8_is_valid(text, len));
        assert(charset.score >= 0 && charset.score <= 1);
        assert(charset.rival_count <= CHARSET_RIVALS_MAX);
        language_detect(text, len, &language);
        assert(media_type_sniff(raw, raw_len, text, len, "a.html") != NULL);
        undo(text, len, limit);
    }
    convert(data[1] % CHARSET_COUNT, raw, raw_len, limit);
    strbuf_release(&scratch);
    free(raw);
    return 0;
}
