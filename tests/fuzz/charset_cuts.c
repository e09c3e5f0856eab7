/* charset_cuts: takes files, cut at every 997th byte, through the detector, the repair of mojibake
 * and what counts damage. For test_charset_cuts.py.
 *
 *     charset_cuts MOST < PATHS      at most MOST cuts of a file, spread evenly; 0: every one
 *
 * Each cut has to give valid UTF-8 within its limit; an assertion or a sanitizer ends the program
 * otherwise. The last line says how many cuts there were.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset.h"
#include "text/charset_mojibake.h"
#include "text/charset_prescan.h"
#include "text/damage.h"

#define STEP 997

/* In memory of just its size, so that a sanitizer sees a step too far. */
static void take(struct charset_decoder *decoder, const struct strbuf *file, size_t len)
{
    struct strbuf scratch = STRBUF_INIT;
    struct strbuf mended = STRBUF_INIT;
    struct charset_result charset;
    struct charset_mojibake mojibake;
    struct damage_counts counts;
    char declared[CHARSET_LABEL_SIZE];
    char *raw = malloc(len + 1);
    const char *text;
    size_t text_len;
    int cut;

    if (raw == NULL)
        abort();
    memcpy(raw, strbuf_text(file), len);
    raw[len] = '\0';
    charset_prescan(raw, len, declared);
    int result = charset_decode(decoder, raw, len, declared, len + 7, &scratch, &charset, &text,
                                &text_len, &cut);
    assert(result == 0 && text_len <= len + 7 && utf8_is_valid(text, text_len));
    result = charset_undo(decoder, text, text_len, len + 7, &mended, &mojibake, &text, &text_len);
    assert(result == 0 && utf8_is_valid(text, text_len));
    damage_count(text, text_len, charset.illegal, &counts);
    (void)damage_is_truncated(text, text_len, true, charset.illegal > 0);
    strbuf_release(&mended);
    strbuf_release(&scratch);
    free(raw);
}

static void read_all(const char *path, struct strbuf *file)
{
    FILE *stream = fopen(path, "rb");
    char piece[65536];
    size_t n;

    if (stream == NULL) {
        perror(path);
        exit(1);
    }
    strbuf_clear(file);
    while ((n = fread(piece, 1, sizeof piece, stream)) > 0)
        strbuf_append(file, piece, n);
    fclose(stream);
}

int main(int argc, char **argv)
{
    struct charset_decoder *decoder = NULL;
    struct strbuf file = STRBUF_INIT;
    size_t most = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    size_t cuts = 0;
    char path[4096];

    if (charset_open(&decoder, NULL) < 0)
        return 1;
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        read_all(path, &file);
        size_t steps = file.len / STEP + 1;
        size_t every = most > 0 && steps > most ? steps / most : 1;
        for (size_t step = 0; step < steps; step += every, cuts++)
            take(decoder, &file, step * STEP);
    }
    printf("%zu\n", cuts);
    strbuf_release(&file);
    charset_close(decoder);
    return 0;
}
