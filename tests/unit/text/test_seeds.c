/* Tests of core/text on the documents that the project started from, kept beside the project in
 * ../shared/data/seeds. Without them this says so and passes. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "text/charset.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/media_type.h"

#include "../base/suite.h"

#define SEEDS PROJECT_ROOT "/../shared/data/seeds"

static struct charset_decoder *decoder;
static struct arena arena;

static void setup(void)
{
    ck_assert_int_eq(charset_open(&decoder, NULL), 0);
    arena_init(&arena, 0);
}

static void teardown(void)
{
    arena_release(&arena);
    charset_close(decoder);
}

static bool is_toned(const char *at, size_t left)
{
    uint32_t c;

    /* Latin-1, Latin Extended-A and -B: all that pinyin takes its vowels from. */
    return utf8_decode(at, left, &c) == 2 && c >= 0xE0 && c <= 0x1DC;
}

/* Parentheses with a toned letter in them, counted without any knowledge of pinyin. */
static uint32_t count_toned(const char *text, size_t len)
{
    uint32_t count = 0;
    bool inside = false;

    for (size_t at = 0; at < len; at++) {
        if (text[at] == '(')
            inside = true;
        else if (text[at] == ')')
            inside = false;
        else if (inside && is_toned(text + at, len - at)) {
            count++;
            inside = false;
        }
    }
    return count;
}

static void check_seed(const char *name, const char *raw, size_t len)
{
    bool has_glosses = strncmp(name, "000_", 4) == 0 || strncmp(name, "002_", 4) == 0;
    struct strbuf scratch = STRBUF_INIT;
    struct charset_result charset;
    struct language_result language;
    struct folded folded;
    const char *text;
    size_t text_len;
    int cut;

    ck_assert_int_eq(charset_decode(decoder, raw, len, NULL, SIZE_MAX / 4, &scratch, &charset,
                                    &text, &text_len, &cut),
                     0);
    ck_assert_str_eq(charset.name, "UTF-8");
    ck_assert_str_eq(media_type_sniff(raw, len, text, text_len, name), "text/plain");
    language_detect(text, text_len, &language);
    ck_assert_str_eq(language.language, "zh");
    ck_assert_str_eq(language.script, has_glosses ? "Hant" : "Hans");
    ck_assert_int_eq(fold_text(&arena, text, text_len, &folded), 0);
    ck_assert_uint_eq(folded.glosses, count_toned(text, text_len));
    ck_assert_int_eq(folded.glosses > 100, has_glosses);
    ck_assert_uint_eq(count_toned(folded.text, folded.len), 0);
    ck_assert_int_eq(folded.traditional > 200, has_glosses);
    ck_assert_ptr_nonnull(strstr(folded.text, "发展"));
    strbuf_release(&scratch);
}

START_TEST(seeds)
{
    DIR *folder = opendir(SEEDS);
    unsigned checked = 0;

    if (folder == NULL) {
        printf("text/seeds: skipped, there is no %s\n", SEEDS);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct strbuf raw = STRBUF_INIT;
        char path[4096];
        if (strstr(entry->d_name, ".txt") == NULL)
            continue;
        snprintf(path, sizeof path, "%s/%s", SEEDS, entry->d_name);
        ck_assert_int_eq(file_slurp_path(path, 1 << 20, &raw), 0);
        check_seed(entry->d_name, raw.data, raw.len);
        strbuf_release(&raw);
        checked++;
    }
    closedir(folder);
    ck_assert_uint_gt(checked, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {seeds};

    return suite_run_with("text/seeds", tests, sizeof tests / sizeof *tests, setup, teardown);
}
