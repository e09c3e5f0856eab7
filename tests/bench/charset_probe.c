/* charset_probe: what taxond, uchardet and ICU take files to be in. For bench_charset.py.
 *
 * Reads a path a line on standard input; writes a line for each: path, charset, charset with the
 * declaration in the file believed, score, microseconds, then what the two others say and their
 * microseconds ("-" where the library was not there when this was built), all between tabs. With an
 * argument N it instead decodes N bytes of valid UTF-8 and says MB/s.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "text/charset.h"
#include "text/charset_prescan.h"

#ifdef HAVE_UCHARDET
#include <uchardet/uchardet.h>
#endif
#ifdef HAVE_ICU
#include <unicode/ucsdet.h>
#endif

struct answer {
    char name[64];
    double us;
};

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void answer(struct answer *answer, const char *name, double begin_us)
{
    answer->us = now_us() - begin_us;
    snprintf(answer->name, sizeof answer->name, "%s", name == NULL || *name == '\0' ? "?" : name);
}

static double ask_taxond(struct charset_decoder *decoder, const struct strbuf *raw,
                         const char *declared, struct answer *out_answer)
{
    struct strbuf scratch = STRBUF_INIT;
    struct charset_result charset = {.name = NULL};
    const char *text;
    size_t len;
    int cut;
    double begin_us = now_us();

    if (charset_decode(decoder, strbuf_text(raw), raw->len, declared, SIZE_MAX / 4, &scratch,
                       &charset, &text, &len, &cut) < 0)
        abort();
    answer(out_answer, charset.name, begin_us);
    strbuf_release(&scratch);
    return charset.score;
}

static struct answer ask_uchardet(const struct strbuf *raw)
{
    struct answer said = {"-", 0};
#ifdef HAVE_UCHARDET
    double begin_us = now_us();
    uchardet_t detector = uchardet_new();
    uchardet_handle_data(detector, strbuf_text(raw), raw->len);
    uchardet_data_end(detector);
    answer(&said, uchardet_get_charset(detector), begin_us);
    uchardet_delete(detector);
#else
    (void)raw;
#endif
    return said;
}

static struct answer ask_icu(const struct strbuf *raw)
{
    struct answer said = {"-", 0};
#ifdef HAVE_ICU
    UErrorCode code = U_ZERO_ERROR;
    double begin_us = now_us();
    UCharsetDetector *detector = ucsdet_open(&code);
    ucsdet_setText(detector, strbuf_text(raw), (int32_t)raw->len, &code);
    const UCharsetMatch *match = ucsdet_detect(detector, &code);
    answer(&said, match == NULL ? NULL : ucsdet_getName(match, &code), begin_us);
    ucsdet_close(detector);
#else
    (void)raw;
#endif
    return said;
}

static void read_all(const char *path, struct strbuf *raw)
{
    FILE *file = fopen(path, "rb");
    char piece[65536];
    size_t n;

    if (file == NULL) {
        perror(path);
        exit(1);
    }
    strbuf_clear(raw);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        strbuf_append(raw, piece, n);
    fclose(file);
}

static void ask_all(struct charset_decoder *decoder, const char *path, struct strbuf *raw)
{
    char declared[CHARSET_LABEL_SIZE];
    struct answer blind;
    struct answer told;

    read_all(path, raw);
    double score = ask_taxond(decoder, raw, NULL, &blind);
    charset_prescan(strbuf_text(raw), raw->len, declared);
    ask_taxond(decoder, raw, declared[0] == '\0' ? NULL : declared, &told);
    struct answer uchardet = ask_uchardet(raw);
    struct answer icu = ask_icu(raw);
    printf("%s\t%s\t%s\t%.4f\t%.0f\t%s\t%.0f\t%s\t%.0f\n", path, blind.name, told.name, score,
           blind.us, uchardet.name, uchardet.us, icu.name, icu.us);
}

/* Chinese, with as much ASCII as a page of it has. */
static void measure(struct charset_decoder *decoder, size_t size)
{
    static const struct {
        const char *name;
        const char *line;
    } kinds[] = {
        {"Chinese", "市政府昨天召开会议，研究部署今年的重点工作，要求各部门按时完成任务。\n"},
        {"Chinese page", "<p class=\"text\"><a href=\"/news/1.html\">市政府昨天召开会议</a></p>\n"},
        {"Russian", "Вчера в городе прошло заседание, на котором обсудили работу на год.\n"},
        {"English", "The council met yesterday to discuss the plan for the coming year.\n"},
    };

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct strbuf raw = STRBUF_INIT;
        struct answer said;
        double best_us = 1e18;
        while (raw.len < size)
            strbuf_puts(&raw, kinds[k].line);
        for (int round = 0; round < 7; round++) {
            ask_taxond(decoder, &raw, NULL, &said);
            best_us = said.us < best_us ? said.us : best_us;
        }
        printf("%s\t%.0f\n", kinds[k].name, (double)raw.len / best_us);
        strbuf_release(&raw);
    }
}

int main(int argc, char **argv)
{
    struct charset_decoder *decoder = NULL;
    struct strbuf raw = STRBUF_INIT;
    struct err err;
    char path[4096];
    double begin_us = now_us();

    if (charset_open(&decoder, &err) < 0) {
        fprintf(stderr, "charset_probe: %s\n", err.text);
        return 1;
    }
    fprintf(stderr, "opening the decoder: %.1f ms\n", (now_us() - begin_us) / 1e3);
    if (argc == 2)
        measure(decoder, strtoul(argv[1], NULL, 10));
    while (argc == 1 && fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        ask_all(decoder, path, &raw);
    }
    strbuf_release(&raw);
    charset_close(decoder);
    return 0;
}
