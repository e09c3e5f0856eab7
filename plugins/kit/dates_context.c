/* dates_context: the text beside a date, made plain enough to look up words in it.
 *
 * Called by dates_scan.c for each date and by dates_year.c for the sentences that tell a year. The
 * host folds texts for classifiers only; readers, which call this, run before that, and need but
 * the few characters that our words are made of.
 */
#include "kit/dates_private.h"

#include <string.h>

#include "kit/gloss.h"

/* Traditional characters of the words in dates_role.c and dates_year.c, and the punctuation, by
 * twos: as written, as looked up. */
static const char *const plain[][2] = {
    {"發", "发"}, {"佈", "布"}, {"時", "时"}, {"間", "间"}, {"來", "来"},      {"於", "于"},
    {"號", "号"}, {"訊", "讯"}, {"電", "电"}, {"載", "载"}, {"轉", "转"},      {"開", "开"},
    {"會", "会"}, {"舉", "举"}, {"議", "议"}, {"報", "报"}, {"為", "为"},      {"爲", "为"},
    {"錄", "录"}, {"後", "后"}, {"實", "实"}, {"記", "记"}, {"動", "动"},      {"簽", "签"},
    {"見", "见"}, {"過", "过"}, {"閉", "闭"}, {"啟", "启"}, {"規", "规"},      {"劃", "划"},
    {"計", "计"}, {"畫", "划"}, {"編", "编"}, {"輯", "辑"}, {"瀏", "浏"},      {"覽", "览"},
    {"閱", "阅"}, {"讀", "读"}, {"點", "点"}, {"擊", "击"}, {"稱", "称"},      {"悉", "悉"},
    {"獲", "获"}, {"當", "当"}, {"從", "从"}, {"習", "习"}, {"講", "讲"},      {"話", "话"},
    {"詞", "词"}, {"信", "信"}, {"賀", "贺"}, {"齊", "齐"}, {"強", "强"},      {"調", "调"},
    {"總", "总"}, {"書", "书"}, {"刊", "刊"}, {"處", "处"}, {"這", "这"},      {"將", "将"},
    {"擬", "拟"}, {"應", "应"}, {"據", "据"}, {"對", "对"}, {"嚴", "严"},      {"際", "际"},
    {"產", "产"}, {"業", "业"}, {"務", "务"}, {"聞", "闻"}, {"辦", "办"},      {"導", "导"},
    {"組", "组"}, {"織", "织"}, {"達", "达"}, {"運", "运"}, {"討", "讨"},      {"論", "论"},
    {"傳", "传"}, {"頒", "颁"}, {"網", "网"}, {"臺", "台"}, {"簡", "简"},      {"步", "步"},
    {"　", " "},  {"：", ":"},  {"，", ","},  {"（", "("},  {"）", ")"},       {"；", ";"},
    {"【", "["},  {"】", "]"},  {"〔", "["},  {"〕", "]"},  {"｜", "|"},       {"／", "/"},
    {"「", "\""}, {"」", "\""}, {"“", "\""},  {"”", "\""},  {"\xC2\xA0", " "},
};

static size_t size_of(const char *text, size_t len)
{
    unsigned char lead = (unsigned char)text[0];
    size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    return size < len ? size : len;
}

/* Which last two bytes the characters of `plain` have: rules out nearly every other one. */
struct plain_filter {
    uint64_t bits[16];
};

static unsigned filter_at(const char *text, size_t size)
{
    return (unsigned)(text[size - 2] & 31) << 5 | (unsigned)(text[size - 1] & 31);
}

static void plain_filter_init(struct plain_filter *filter)
{
    memset(filter, 0, sizeof(*filter));
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        unsigned at = filter_at(plain[i][0], strlen(plain[i][0]));

        filter->bits[at / 64] |= UINT64_C(1) << (at % 64);
    }
}

/* What is looked up in place of the character at `text`, or NULL for itself. */
static const char *plain_of(const struct plain_filter *filter, const char *text, size_t size)
{
    unsigned at = size < 2 ? 0 : filter_at(text, size);

    if (size < 2 || (filter->bits[at / 64] >> (at % 64) & 1) == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        if (strlen(plain[i][0]) == size && memcmp(plain[i][0], text, size) == 0) {
            return plain[i][1];
        }
    }
    return NULL;
}

static void append(struct dates_context *context, const char *text, size_t size)
{
    if (size == 1 && (text[0] == ' ' || text[0] == '\t')) {
        if (context->len > 0 && context->text[context->len - 1] == ' ') {
            return;
        }
        context->text[context->len++] = ' ';
        return;
    }
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        context->text[context->len++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
}

void dates_context_init(struct dates_context *context, const char *text, size_t begin, size_t end,
                        int keep_end)
{
    struct plain_filter filter;

    memset(context, 0, sizeof(*context));
    plain_filter_init(&filter);
    if (end - begin > DATES_CONTEXT_MAX) {
        context->cut = 1;
        if (keep_end) {
            begin = end - DATES_CONTEXT_MAX;
            while (begin < end && ((unsigned char)text[begin] & 0xC0) == 0x80) {
                begin++;
            }
        } else {
            end = begin + DATES_CONTEXT_MAX;
            while (end > begin && ((unsigned char)text[end] & 0xC0) == 0x80) {
                end--;
            }
        }
    }
    while (begin < end) { /* what is plain is never longer than what was written */
        int toned;
        size_t size = gloss_size(text + begin, end - begin, &toned);
        const char *other;

        if (size == 0 || context->len == 0 || (context->text[context->len - 1] & 0x80) == 0) {
            size = size_of(text + begin, end - begin);
            other = plain_of(&filter, text + begin, size);
            append(context, other != NULL ? other : text + begin,
                   other != NULL ? strlen(other) : size);
        }
        begin += size;
    }
    context->text[context->len] = '\0';
}

int dates_context_ends(const struct dates_context *context, size_t len, const char *word)
{
    size_t size = strlen(word);

    return size <= len && memcmp(context->text + len - size, word, size) == 0;
}

int dates_context_begins(const struct dates_context *context, const char *word)
{
    return strncmp(context->text, word, strlen(word)) == 0;
}

int dates_context_holds(const struct dates_context *context, const char *word)
{
    return strstr(context->text, word) != NULL;
}
