/* dates_role: what a date is the date of, from the words beside it and its place in the text.
 *
 * Called by dates.c for each date found. Looks at one date at a time: which of several stamps is
 * believed is decided there. What no rule names stays DATES_ROLE_NONE, as most dates do.
 */
#include "kit/dates_private.h"

#include <string.h>

#define TAIL_LINES         8   /* the same at the end, for a signature */
#define SIGNATURE_ABOVE    4   /* lines with text above a signature */
#define STAMP_LINE_MAX     200 /* bytes of a line that is a stamp without label */
#define SIGNATURE_LINE_MAX 90  /* bytes of a line with issuer and date */
#define OPENING_BYTES      260 /* of a line, in which its first sentences are */

struct dates_finding dates_found(const struct dates_place *place, enum dates_role role,
                                 double score, const char *reason)
{
    return (struct dates_finding){
        .role = role, .score = score, .reason = reason, .place = place, .date = place->date};
}

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

/* Is the date followed by the page of a newspaper, 02 版, and then by the end of the line? What
 * goes on is a reference to something else. */
static int is_page_next(const struct dates_place *place)
{
    const struct dates_context *after = &place->after;
    size_t at = 0;
    size_t digits = 0;

    while (at < after->len && (after->text[at] == ' ' || after->text[at] == ',')) {
        at++;
    }
    if (strncmp(after->text + at, "第", 3) == 0) {
        at += 3;
    }
    while (at < after->len && after->text[at] >= '0' && after->text[at] <= '9') {
        at++;
        digits++;
    }
    while (at < after->len && after->text[at] == ' ') {
        at++;
    }
    if (digits < 1 || digits > 3 || strncmp(after->text + at, "版", 3) != 0) {
        return 0;
    }
    at += 3;
    at += strspn(after->text + at, " )]");
    return at == after->len && !dates_context_holds(&place->before, "见《");
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
    if (is_page_next(place) && place->date.day != 0) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.9, "date and page of a newspaper");
    }
    if (is_dispatch(place) && place->date.day != 0) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.85, "dateline");
    }
    if (place->line < DATES_HEAD_LINES && place->date.day != 0 && place->date.year != 0 &&
        place->before.len == 0 &&
        begins_with_any(&place->after, (const char *const[]){" -- ", " – ", " — ", NULL})) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.7, "dateline");
    }
    return DATES_NOTHING;
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
        return DATES_NOTHING;
    }
    if (dates_context_begins(&place->after, "印发")) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.8, "day of issue at the end");
    }
    if (is_whole_line(place)) {
        return dates_found(place, DATES_ROLE_PUBLISHED,
                           place->form == DATES_FORM_CHINESE ? 0.8 : 0.55, "signed at the end");
    }
    if (place->after.len == 0 && line_len <= SIGNATURE_LINE_MAX && !place->is_sentence &&
        place->form == DATES_FORM_CHINESE && place->before.len > 0 &&
        dates_context_ends(&place->before, place->before.len, " ")) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.7, "signed at the end");
    }
    return DATES_NOTHING;
}

/* A short line near the top with a whole date: a stamp, or the day of a speech. */
static struct dates_finding find_line_stamp(const struct dates_place *place)
{
    static const char *const speeches[] = {"讲话",   "致辞",    "发言", "演讲",
                                           "speech", "remarks", NULL};
    static const char *const sources[] = {"来源", "作者", "记者", "编辑",    "浏览", "点击",
                                          "阅读", "字号", "责编", "source:", "by ",  NULL};
    size_t line_len = place->line_end - place->line_begin;

    if (place->line >= DATES_HEAD_LINES || place->date.day == 0 || place->date.year == 0 ||
        place->is_sentence || line_len > STAMP_LINE_MAX) {
        return DATES_NOTHING;
    }
    if (holds_any(&place->before, speeches)) {
        return dates_found(place, DATES_ROLE_EVENT, 0.75, "date beside the title of a speech");
    }
    if (holds_any(&place->before, sources) || holds_any(&place->after, sources)) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.8, "stamp beside source or author");
    }
    if (is_whole_line(place) && place->before.len > 0 && place->form == DATES_FORM_CHINESE) {
        return dates_found(place, DATES_ROLE_EVENT, 0.7, "in brackets below the title");
    }
    if (is_whole_line(place)) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.7, "a line of its own near the top");
    }
    return DATES_NOTHING;
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

/* The day of what is reported stands in the first sentences: "11月9日,市政府举行…". */
static struct dates_finding find_event(const struct dates_place *place)
{
    struct dates_context sentence = sentence_after(place);
    int opens = opens_clause(&place->before);

    if (place->line >= DATES_HEAD_LINES || place->sentences >= DATES_SENTENCES_BEFORE ||
        place->date.day == 0 || place->begin - place->line_begin > OPENING_BYTES ||
        is_told_of_a_span(place)) {
        return DATES_NOTHING;
    }
    if (!place->is_sentence && opens && dates_context_ends(&sentence, sentence.len, "公布")) {
        return dates_found(place, DATES_ROLE_PUBLISHED, 0.75, "day of promulgation");
    }
    if (!place->is_sentence) { /* a title tells the day only with what happened */
        return opens && holds_any(&sentence, verbs)
                   ? dates_found(place, DATES_ROLE_EVENT, 0.6, "opening line")
                   : DATES_NOTHING;
    }
    if (dates_context_ends(&place->before, place->before.len, "on ")) {
        return dates_found(place, DATES_ROLE_EVENT, 0.6, "first sentences");
    }
    if (!holds_any(&sentence, verbs)) {
        return DATES_NOTHING;
    }
    return dates_found(place, DATES_ROLE_EVENT, opens ? 0.85 : 0.65,
                       opens ? "opens the first sentences" : "first sentences");
}

struct dates_finding dates_role_of(const struct dates_place *place)
{
    static struct dates_finding (*const rules[])(
        const struct dates_place *) = {dates_label_role, find_dispatch, find_signature,
                                       find_line_stamp, find_event};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !place->ends_range; i++) {
        struct dates_finding finding = rules[i](place);

        if (finding.role != DATES_ROLE_NONE) {
            return finding;
        }
    }
    return DATES_NOTHING;
}
