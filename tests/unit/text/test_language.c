/* Tests of core/text/language. */
#include "text/language.h"

#include <stdlib.h>
#include <string.h>

#include "text/language_words.h"

#include "../base/suite.h"

static struct language_result detect(const char *text)
{
    struct language_result result;

    language_detect(text, strlen(text), &result);
    ck_assert(result.share >= 0 && result.share <= 1);
    return result;
}

static const struct {
    const char *text;
    const char *language;
    const char *script;
} cases[] = {
    {"国务院召开新闻发布会，介绍有关情况。", "zh", "Hans"},
    {"國務院召開新聞發布會，介紹有關情況。", "zh", "Hant"},
    {"召開新聞發(fā)布會(huì)，創(chuàng)新發(fā)展", "zh", "Hant"},
    {"中文", "zh", "Hans"}, /* either: Simplified */
    {"产品 iPhone 15 Pro Max 的主要参数和价格：Apple A17 Pro, Wi-Fi 6E, USB-C", "zh", "Hans"},
    {"使用 Python 與 JavaScript 開發網頁程式", "zh", "Hant"},
    {"日本の「の」は有名ですが、これは日本語の文章です。", "ja", "Jpan"},
    {"台灣的御茶の水茶館，販售日本茶葉及點心，歡迎您蒞臨品嚐。", "zh", "Hant"},
    {"オンラインショッピング", "ja", "Jpan"},
    {"대한민국의 수도는 서울이다.", "ko", "Kore"},
    {"韓國(한국)의 首都는 서울特別市이다", "ko", "Kore"},
    {"Правительство утвердило новый бюджет, и это важно.", "ru", "Cyrl"},
    {"Уряд затвердив новий бюджет, і це є важливим для України.", "uk", "Cyrl"},
    {"Урад зацвердзіў новы бюджэт, і гэта важна.", "be", "Cyrl"},
    {"Правителството одобри новия бюджет на България, който тръгва от първи януари.", "bg", "Cyrl"},
    {"Влада је усвојила нови буџет за идућу годину, њихов циљ.", "sr", "Cyrl"},
    {"Η κυβέρνηση ενέκρινε τον νέο προϋπολογισμό.", "el", "Grek"},
    {"وافقت الحكومة على الميزانية الجديدة", "ar", "Arab"},
    {"دولت بودجه جدید را تصویب کرد و گفت که", "fa", "Arab"},
    {"הממשלה אישרה את התקציב החדש", "he", "Hebr"},
    {"รัฐบาลอนุมัติงบประมาณใหม่", "th", "Thai"},
    {"सरकार ने नए बजट को मंजूरी दी", "hi", "Deva"},
    {"The government has approved the new budget, which is a first for the country.", "en", "Latn"},
    {"Die Regierung hat den neuen Haushalt gebilligt, und das ist nicht alles.", "de", "Latn"},
    {"Le gouvernement a approuvé le nouveau budget, ce qui est une première pour le pays.", "fr",
     "Latn"},
    {"El gobierno aprobó el nuevo presupuesto, que es el primero para los ciudadanos.", "es",
     "Latn"},
    {"O governo aprovou o novo orçamento, que não é o primeiro para os cidadãos.", "pt", "Latn"},
    {"Il governo ha approvato il nuovo bilancio, che è il primo per i cittadini della città.", "it",
     "Latn"},
    {"Rząd zatwierdził nowy budżet, który nie jest pierwszym dla obywateli.", "pl", "Latn"},
    {"Lorem ipsum dolor sit amet consectetur", "und", "Latn"},
    {"XJ-9000 GTX", "und", "Latn"},
    {"", "und", "Zyyy"},
    {"12345 !? …  ——「」", "und", "Zyyy"},
    {"😀😀", "und", "Zyyy"},
};

START_TEST(short_texts)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct language_result result = detect(cases[i].text);
        ck_assert_msg(strcmp(result.language, cases[i].language) == 0 &&
                          strcmp(result.script, cases[i].script) == 0,
                      "%s: %s %s", cases[i].text, result.language, result.script);
    }
}
END_TEST

START_TEST(share_counts_letters)
{
    ck_assert_double_eq_tol(detect("中文文字abcd").share, 0.5, 1e-9);
    ck_assert_double_eq_tol(detect("the and of ...").share, 1.0, 1e-9);
    ck_assert_double_eq_tol(detect("").share, 0.0, 1e-9);
}
END_TEST

/* Past the limit, samples from all over decide: the head is of another language. */
START_TEST(long_text_is_sampled_everywhere)
{
    const char *head = "The government has approved the new budget of the year. ";
    const char *body = "國務院召開新聞發布會，介紹有關情況。";
    size_t head_len = 20 << 10;
    size_t len = 2 << 20;
    char *text = malloc(len);
    size_t at = 0;
    struct language_result result;

    ck_assert_ptr_nonnull(text);
    while (at < len) {
        const char *piece = at < head_len ? head : body;
        size_t piece_len = strlen(piece) < len - at ? strlen(piece) : len - at;
        memcpy(text + at, piece, piece_len);
        at += piece_len;
    }
    language_detect(text, len, &result);
    ck_assert_str_eq(result.language, "zh");
    ck_assert_str_eq(result.script, "Hant");
    free(text);
}
END_TEST

START_TEST(words_are_in_order)
{
    for (size_t i = 0; i < language_word_count; i++) {
        const struct language_word *row = &language_words[i];
        ck_assert_uint_le(strlen(row->word), LANGUAGE_WORD_LEN_MAX);
        ck_assert_uint_ne(row->languages, 0);
        ck_assert_uint_eq(row->languages >> LANGUAGE_WORD_LANGUAGES, 0);
        ck_assert(i == 0 || strcmp(language_words[i - 1].word, row->word) < 0);
    }
}
END_TEST

START_TEST(broken_utf8_and_long_words)
{
    char text[64];
    char *word = malloc(100000);
    uint64_t state = 7;
    struct language_result result;

    for (unsigned round = 0; round < 2000; round++) {
        size_t len = suite_random(&state) % sizeof text;
        for (size_t i = 0; i < len; i++)
            text[i] = (char)suite_random(&state);
        language_detect(text, len, &result);
        ck_assert(result.share >= 0 && result.share <= 1);
    }
    ck_assert_ptr_nonnull(word);
    memset(word, 'a', 100000);
    language_detect(word, 100000, &result);
    ck_assert_str_eq(result.language, "und");
    free(word);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        short_texts,        share_counts_letters,       long_text_is_sampled_everywhere,
        words_are_in_order, broken_utf8_and_long_words,
    };

    return SUITE_RUN("text/language", tests);
}
