/* dates_role: what a date is the date of, from the words beside it and its place in the text.
 *
 * Called by dates.c for each date found. Looks at one date at a time: which of several stamps is
 * believed is decided there. What no rule names stays DATES_ROLE_NONE, as most dates do.
 */
#include "kit/dates_private.h"

#include <string.h>

#define HEAD_LINES          14  /* lines with text that a stamp without label may stand in */
#define TAIL_LINES          8   /* the same at the end, for a signature */
#define SIGNATURE_ABOVE     4   /* lines with text above a signature */
#define STAMP_LINE_MAX      200 /* bytes of a line that is a stamp without label */
#define SIGNATURE_LINE_MAX  90  /* bytes of a line with issuer and date */
#define OPENING_BYTES       260 /* of a line, in which its first sentences are */
#define SENTENCES_BEFORE    2   /* lines of running text that an event may stand in */
#define SCORE_BELOW_CONTENT 0.5 /* of a stamp behind the text: it may be another document's */

struct label {
    const char *word;
    enum dates_role role;
    double score;
    int weak; /* only with a colon, and as a word of its own: 会议时间: is no stamp */
};

/* What stands in front of the date of a stamp, without blank, colon and bracket. */
static const struct label labels[] = {
    {"来源时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"来源日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布时间", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布日期", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发表于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文发布于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文刊于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原文刊登于", DATES_ROLE_SOURCE, 0.95, 0},
    {"原载于", DATES_ROLE_SOURCE, 0.9, 0},
    {"原载", DATES_ROLE_SOURCE, 0.9, 0},
    {"首发于", DATES_ROLE_SOURCE, 0.9, 0},
    {"首次发表于", DATES_ROLE_SOURCE, 0.9, 0},
    {"originally published", DATES_ROLE_SOURCE, 0.95, 0},
    {"originally posted", DATES_ROLE_SOURCE, 0.95, 0},
    {"originally appeared", DATES_ROLE_SOURCE, 0.9, 0},
    {"first published", DATES_ROLE_SOURCE, 0.95, 0},
    {"first appeared", DATES_ROLE_SOURCE, 0.9, 0},
    {"转载时间", DATES_ROLE_COPIED, 0.9, 0},
    {"转载日期", DATES_ROLE_COPIED, 0.9, 0},
    {"转载于", DATES_ROLE_COPIED, 0.9, 0},
    {"转发时间", DATES_ROLE_COPIED, 0.9, 0},
    {"采集时间", DATES_ROLE_COPIED, 0.9, 0},
    {"收录时间", DATES_ROLE_COPIED, 0.9, 0},
    {"抓取时间", DATES_ROLE_COPIED, 0.9, 0},
    {"reposted", DATES_ROLE_COPIED, 0.9, 0},
    {"republished", DATES_ROLE_COPIED, 0.9, 0},
    {"retrieved", DATES_ROLE_COPIED, 0.8, 1},
    {"发布日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发布时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发布于", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"发表日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发表时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发表于", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"刊发日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"刊发时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发稿时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发文日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"发文时间", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"公布日期", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"公开日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"印发日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"成文日期", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"成文时间", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"生成日期", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"上传时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"录入时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"添加时间", DATES_ROLE_PUBLISHED, 0.85, 0},
    {"更新时间", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"更新日期", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"更新于", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"修改时间", DATES_ROLE_PUBLISHED, 0.7, 0},
    {"日期", DATES_ROLE_PUBLISHED, 0.85, 1},
    {"时间", DATES_ROLE_PUBLISHED, 0.8, 1},
    {"publication date", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"date published", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"published", DATES_ROLE_PUBLISHED, 0.95, 0},
    {"posted", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"date posted", DATES_ROLE_PUBLISHED, 0.9, 0},
    {"last updated", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"updated", DATES_ROLE_PUBLISHED, 0.75, 0},
    {"last modified", DATES_ROLE_PUBLISHED, 0.7, 0},
    {"date", DATES_ROLE_PUBLISHED, 0.85, 1},
};

/* Words of a sentence that reports: what happened on the day. */
static const char *const verbs[] = {"召开", "举行", "举办", "开幕", "闭幕", "启动", "发布", "印发",
                                    "签署", "签订", "会见", "发生", "公布", "通报", "主持", "出席",
                                    "考察", "调研", "介绍", "宣布", "揭牌", "开工", "获悉", "消息",
                                    "表示", "会晤", "抵达", "访问", "致电", "致信", "发表", "开展",
                                    "参加", "强调", "正式", "批复", "同意", "竣工", "通车", "开馆",
                                    "成立", "进行", "前往", "来到", "开赛", "落幕", "收到", "通过",
                                    "批准", "获批", "投入", NULL};

/* What a day is told of beside the reported one: how long, until when, since when. */
static const char *const not_before[] = {"截至",  "截止",  "截止到",  "截至到", "自",      "从",
                                         "至",    "到",    "自从",    "成立于", "建于",    "始于",
                                         "since", "until", "till",    "by",     "before",  "after",
                                         "from",  "born",  "expires", "due",    "through", "出生",
                                         "生于",  NULL};
static const char *const not_after[] = {"起",   "前",   "之前", "以前", "以来", "之后", "以后",
                                        "后",   "止",   "为止", "出生", "生,",  "施行", "实施",
                                        "至今", "到期", "截止", "的",   NULL};

static int begins_with_any(const struct dates_context *context, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (dates_context_begins(context, *words)) {
            return 1;
        }
    }
    return 0;
}

static int holds_any(const struct dates_context *context, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (dates_context_holds(context, *words)) {
            return 1;
        }
    }
    return 0;
}

/* Is there a border of words in the plain text in front of `at`? */
static int is_border(const struct dates_context *context, size_t at)
{
    unsigned char c = at == 0 ? ' ' : (unsigned char)context->text[at - 1];

    return c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

/* The length of `before` without the blanks, colon and brackets at its end. */
static size_t without_colon(const struct dates_context *before, int *out_colon)
{
    size_t len = before->len;

    *out_colon = 0;
    while (len > 0) {
        char c = before->text[len - 1];

        if (c == ':') {
            *out_colon = 1;
        } else if (c != ' ' && c != '[' && c != '(' && c != '|' && c != '\t') {
            break;
        }
        len--;
    }
    if (dates_context_ends(before, len, "为") || dates_context_ends(before, len, "是")) {
        *out_colon = 1;
        return len - 3;
    }
    return dates_context_ends(before, len, " on") ? len - 3 : len;
}

static int is_latin(const char *word)
{
    return word[0] >= 'a' && word[0] <= 'z';
}

/* Does the plain text of `len` bytes end with the label, blanks between its characters aside
 * (日 期)? *out_begin: where the label begins. */
static int ends_with_label(const struct dates_context *before, size_t len, const char *word,
                           size_t *out_begin)
{
    size_t left = strlen(word);

    while (left > 0) {
        while (!is_latin(word) && len > 0 && before->text[len - 1] == ' ') {
            len--;
        }
        if (len == 0 || before->text[len - 1] != word[left - 1]) {
            return 0;
        }
        len--;
        left--;
    }
    *out_begin = len;
    return 1;
}

static struct dates_finding found(const struct dates_place *place, enum dates_role role,
                                  double score, const char *reason)
{
    return (struct dates_finding){
        .role = role, .score = score, .reason = reason, .place = place, .date = place->date};
}

static const struct dates_finding nothing = {.role = DATES_ROLE_NONE};

/* A stamp far from both ends of the text is less sure, since it may be one of a list's. */
static double stamp_score(const struct dates_place *place, double score)
{
    return place->line < HEAD_LINES && place->sentences <= SENTENCES_BEFORE ? score
                                                                            : SCORE_BELOW_CONTENT;
}

static const char *label_reason(enum dates_role role)
{
    switch (role) {
    case DATES_ROLE_SOURCE:
        return "stamp of the source's date";
    case DATES_ROLE_COPIED:
        return "stamp of the copy's date";
    default:
        return "stamp with a label";
    }
}

static struct dates_finding find_label(const struct dates_place *place)
{
    const struct dates_context *before = &place->before;
    int colon;
    size_t len = without_colon(before, &colon);

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        const struct label *label = &labels[i];
        size_t begin;

        if (!ends_with_label(before, len, label->word, &begin)) {
            continue;
        }
        if ((label->weak && !colon) ||
            ((label->weak || is_latin(label->word)) && !is_border(before, begin))) {
            continue;
        }
        if (place->is_sentence && !colon && begin > 0 && !is_latin(label->word)) {
            continue; /* "论文发表于2019年3月1日": told of something else */
        }
        return found(place, label->role, stamp_score(place, label->score),
                     label_reason(label->role));
    }
    if (place->line < HEAD_LINES && !before->cut && !place->is_sentence &&
        (dates_context_begins(before, "published ") || dates_context_begins(before, "posted "))) {
        return found(place, DATES_ROLE_PUBLISHED, 0.85, "stamp with a label");
    }
    return nothing;
}

/* Does `after` begin with a page of a newspaper: 02 版? */
static int is_page_next(const struct dates_context *after)
{
    size_t at = 0;
    size_t digits = 0;

    while (at < after->len && strchr(" ,第", after->text[at]) != NULL) {
        at++;
    }
    while (at < after->len && after->text[at] >= '0' && after->text[at] <= '9') {
        at++;
        digits++;
    }
    while (at < after->len && after->text[at] == ' ') {
        at++;
    }
    return digits >= 1 && digits <= 3 && strncmp(after->text + at, "版", 3) == 0;
}

/* 新华社北京5月3日电, 【5月3日讯】: who reports, where, when. */
static int is_dispatch(const struct dates_place *place)
{
    static const char *const desks[] = {"社", "网", "报", "台", "讯", "记者", "[", "频道", NULL};
    const struct dates_context *after = &place->after;

    if (!(dates_context_begins(after, "电") || dates_context_begins(after, "讯"))) {
        return 0;
    }
    return holds_any(&place->before, desks) || place->before.len == 0;
}

static struct dates_finding find_dispatch(const struct dates_place *place)
{
    if (is_page_next(&place->after) && place->date.day != 0) {
        return found(place, DATES_ROLE_PUBLISHED, 0.9, "date and page of a newspaper");
    }
    if (is_dispatch(place) && place->date.day != 0) {
        return found(place, DATES_ROLE_PUBLISHED, 0.85, "dateline");
    }
    if (place->line < HEAD_LINES && place->date.day != 0 && place->date.year != 0 &&
        place->before.len == 0 &&
        begins_with_any(&place->after, (const char *const[]){" -- ", " – ", " — ", NULL})) {
        return found(place, DATES_ROLE_PUBLISHED, 0.7, "dateline");
    }
    return nothing;
}

static int is_whole_line(const struct dates_place *place)
{
    static const char *const around[] = {"", "(", "[", " ", ")", "]", NULL};
    int open = 0;
    int closed = 0;

    for (size_t i = 0; around[i] != NULL; i++) {
        open |= strcmp(place->before.text, around[i]) == 0;
        closed |= strcmp(place->after.text, around[i]) == 0;
    }
    return open && closed;
}

/* At the end of an official document the issuer and the day on which it was signed stand. */
static struct dates_finding find_signature(const struct dates_place *place)
{
    size_t line_len = place->line_end - place->line_begin;

    if (place->below >= TAIL_LINES || place->date.day == 0 || place->date.year == 0 ||
        (place->line != DATES_NO_LINE && place->line < SIGNATURE_ABOVE)) {
        return nothing;
    }
    if (dates_context_begins(&place->after, "印发")) {
        return found(place, DATES_ROLE_PUBLISHED, 0.8, "day of issue at the end");
    }
    if (is_whole_line(place)) {
        return found(place, DATES_ROLE_PUBLISHED, 0.8, "signed at the end");
    }
    if (place->after.len == 0 && line_len <= SIGNATURE_LINE_MAX && !place->is_sentence &&
        place->end - place->begin >= 14 && place->before.len > 0 &&
        dates_context_ends(&place->before, place->before.len, " ")) {
        return found(place, DATES_ROLE_PUBLISHED, 0.7, "signed at the end");
    }
    return nothing;
}

/* A short line near the top with a whole date: a stamp, or the day of a speech. */
static struct dates_finding find_line_stamp(const struct dates_place *place)
{
    static const char *const speeches[] = {"讲话",   "致辞",    "发言", "演讲",
                                           "speech", "remarks", NULL};
    static const char *const sources[] = {"来源", "作者", "记者", "编辑",    "浏览", "点击",
                                          "阅读", "字号", "责编", "source:", "by ",  NULL};
    size_t line_len = place->line_end - place->line_begin;

    if (place->line >= HEAD_LINES || place->date.day == 0 || place->date.year == 0 ||
        place->is_sentence || line_len > STAMP_LINE_MAX) {
        return nothing;
    }
    if (holds_any(&place->before, speeches)) {
        return found(place, DATES_ROLE_EVENT, 0.75, "date beside the title of a speech");
    }
    if (holds_any(&place->before, sources) || holds_any(&place->after, sources)) {
        return found(place, DATES_ROLE_PUBLISHED, 0.8, "stamp beside source or author");
    }
    if (is_whole_line(place)) {
        return found(place, DATES_ROLE_PUBLISHED, 0.7, "a line of its own near the top");
    }
    return nothing;
}

/* Where the sentence of the date ends: no word behind it counts. */
static struct dates_context sentence_after(const struct dates_place *place)
{
    struct dates_context sentence = place->after;
    char *stop = strstr(sentence.text, "。");

    if (stop != NULL) {
        *stop = '\0';
        sentence.len = (size_t)(stop - sentence.text);
    }
    return sentence;
}

/* Does a sentence or clause begin with the date? */
static int opens_clause(const struct dates_context *before)
{
    static const char *const openers[] = {"。", ",",  ";",     ":",     ")",     "]",     "\"",
                                          "讯", "电", "今天(", "昨天(", "今日(", "昨日(", NULL};
    size_t len = before->len;

    while (len > 0 && before->text[len - 1] == ' ') {
        len--;
    }
    if (len == 0) {
        return !before->cut;
    }
    for (size_t i = 0; openers[i] != NULL; i++) {
        if (dates_context_ends(before, len, openers[i])) {
            return 1;
        }
    }
    return 0;
}

static int is_told_of_a_span(const struct dates_place *place)
{
    size_t len = place->before.len;

    while (len > 0 && place->before.text[len - 1] == ' ') {
        len--;
    }
    for (size_t i = 0; not_before[i] != NULL; i++) {
        if (dates_context_ends(&place->before, len, not_before[i])) {
            return 1;
        }
    }
    return begins_with_any(&place->after, not_after);
}

/* The day of what is reported stands in the first sentences: "12月21日,市政府举行…". */
static struct dates_finding find_event(const struct dates_place *place)
{
    struct dates_context sentence = sentence_after(place);
    int opens = opens_clause(&place->before);

    if (place->line >= HEAD_LINES || place->sentences >= SENTENCES_BEFORE || place->date.day == 0 ||
        place->begin - place->line_begin > OPENING_BYTES || is_told_of_a_span(place)) {
        return nothing;
    }
    if (!place->is_sentence) { /* a title tells the day only with what happened */
        return opens && holds_any(&sentence, verbs)
                   ? found(place, DATES_ROLE_EVENT, 0.6, "opening line")
                   : nothing;
    }
    if (dates_context_ends(&place->before, place->before.len, "on ")) {
        return found(place, DATES_ROLE_EVENT, 0.65, "first sentences");
    }
    if (!holds_any(&sentence, verbs)) {
        return nothing;
    }
    return found(place, DATES_ROLE_EVENT, opens ? 0.85 : 0.65,
                 opens ? "opens the first sentences" : "first sentences");
}

struct dates_finding dates_role_of(const struct dates_place *place)
{
    static struct dates_finding (*const rules[])(
        const struct dates_place *) = {find_label, find_dispatch, find_signature, find_line_stamp,
                                       find_event};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !place->ends_range; i++) {
        struct dates_finding finding = rules[i](place);

        if (finding.role != DATES_ROLE_NONE) {
            return finding;
        }
    }
    return nothing;
}
