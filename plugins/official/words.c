/* words: whether a short text names a body, a list of recipients or a person in office.
 *
 * Called for lines at places where a document may have such. The endings are those that bodies in
 * China are named with; a name that has none of them is not told.
 */
#include "words.h"

#include <string.h>

#define ORGAN_MAX  150 /* bytes */
#define ITEM_MAX   240
#define PERSON_MAX 60

static const char *const organ_ends[] = {"厅",     "局",     "部",   "委",     "院",   "署",
                                         "处",     "会",     "所",   "站",     "馆",   "社",
                                         "校",     "行",     "队",   "团",     "办",   "组",
                                         "政府",   "办公室", "中心", "公司",   "集团", "大学",
                                         "中学",   "小学",   "妇联", "工商联", "残联", "科协",
                                         "法院",   "联盟",   "基金", "管理处", "机关", "街道",
                                         "开发区", "新区",   "医院", "幼儿园", "武警", "企业",
                                         "总社",   NULL};

static const char *const recipient_ends[] = {"单位", "部门", "机构", "企业", "县",   "区",
                                             "市",   "州",   "省",   "处室", "镇",   "乡",
                                             "街道", "院校", "系统", "团体", "盟",   "旗",
                                             "组织", "高校", "兵团", "分局", "科室", "司局",
                                             "公民", "用户", "村",   "园",   "政府", NULL};

static const char *const salutations[] = {"各位", "尊敬", "同志们", "亲爱", "主持人", "记者",
                                          "先生", "女士", "朋友",   "大家", NULL};

static const char *const offices[] = {"省长", "市长", "县长", "区长", "州长", "主席",
                                      "总理", "部长", "局长", "主任", "署长", "行长",
                                      "院长", "厅长", "镇长", NULL};

int words_begins(const char *text, size_t len, const char *word)
{
    size_t size = strlen(word);

    return len >= size && memcmp(text, word, size) == 0;
}

int words_ends(const char *text, size_t len, const char *word)
{
    size_t size = strlen(word);

    return len >= size && memcmp(text + len - size, word, size) == 0;
}

size_t words_find(const char *text, size_t len, const char *word)
{
    const char *at = text == NULL ? NULL : memmem(text, len, word, strlen(word));

    return at == NULL ? len : (size_t)(at - text);
}

static int has_any(const char *text, size_t len, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (words_find(text, len, words[i]) < len) {
            return 1;
        }
    }
    return 0;
}

static int ends_any(const char *text, size_t len, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (words_ends(text, len, words[i])) {
            return 1;
        }
    }
    return 0;
}

int words_has_sentence(const char *text, size_t len)
{
    static const char *const marks[] = {"。", ":", ";", "!", "?", "\"", "“", "…", NULL};

    return has_any(text, len, marks);
}

int words_is_organ(const char *text, size_t len)
{
    static const char *const others[] = {",", "《", "》", "关于", "的", "是", "请", "了", NULL};

    return len >= 9 && len <= ORGAN_MAX && !words_has_sentence(text, len) &&
           !has_any(text, len, others) && ends_any(text, len, organ_ends);
}

static int is_recipient(const char *text, size_t len)
{
    size_t own = words_without_brackets(text, len);

    if (len == 0 || len > ITEM_MAX || own == 0) {
        return 0;
    }
    if (own <= PERSON_MAX && (words_ends(text, own, "代表") || words_ends(text, own, "委员"))) {
        return 1; /* who made a proposal gets a letter */
    }
    if (words_begins(text, own, "你") || words_begins(text, own, "贵") ||
        words_begins(text, own, "各") || own >= 6) {
        return ends_any(text, own, organ_ends) || ends_any(text, own, recipient_ends);
    }
    return 0;
}

/* Items are parted by commas that stand outside of brackets: 各县(市、区)人民政府,市直各单位. */
int words_is_recipients(const char *text, size_t len)
{
    static const char *const marks[] = {"。", ";", "!", "?", "\"", "“", "《", NULL};
    size_t begin = 0;
    int items = 0;
    int known = 0;
    int depth = 0;

    if (len < 6 || has_any(text, len, marks) || has_any(text, len, salutations)) {
        return 0;
    }
    for (size_t i = 0; i <= len; i++) {
        size_t mark = 0;

        if (i < len) {
            depth += text[i] == '(';
            depth -= text[i] == ')' && depth > 0;
            mark = text[i] == ',' ? 1 : words_begins(text + i, len - i, "、") ? strlen("、") : 0;
        }
        if (i == len || (mark > 0 && depth == 0)) {
            items++;
            known += is_recipient(text + begin, i - begin);
            begin = i + mark;
        }
    }
    return known * 4 >= items * 3;
}

int words_is_signatory(const char *text, size_t len)
{
    if (len > PERSON_MAX || words_has_sentence(text, len)) {
        return 0;
    }
    for (size_t i = 0; offices[i] != NULL; i++) {
        size_t size = strlen(offices[i]);
        size_t at = words_find(text, len, offices[i]);

        /* A name has two to four characters. */
        if (at < len && at <= 36 && len - at - size >= 6 && len - at - size <= 12) {
            return words_find(text, len, ",") == len && words_find(text, len, "、") == len;
        }
    }
    return 0;
}

size_t words_without_brackets(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == ')') {
        const char *open = memrchr(text, '(', len);

        if (open == NULL) {
            return len;
        }
        len = (size_t)(open - text);
    }
    return len;
}
