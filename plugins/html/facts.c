/* facts: what a page says of itself, as the facts that the host takes.
 *
 * Called by html.c once the text is made and the title chosen. What head.c collected is looked at
 * here, since templates fill in what is no author ("admin", the firm that made the site) and no
 * address; a value that cannot be what it says it is, is left out.
 */
#include "facts.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "kit/dates.h"
#include "title.h"

#define VALUE_MAX  1024u
#define AUTHOR_MAX 64u /* bytes: a name or some */
#define URL_MAX    2048u
#define YEAR_LEAST 1980 /* what is older is a clock that was not set */

struct facts_text facts_clean(struct taxon_task *task, const char *text, size_t len)
{
    struct facts_text clean = {NULL, 0};
    size_t most = len < VALUE_MAX * 4 ? len : VALUE_MAX * 4;
    char *to = text == NULL ? NULL : task->host->alloc(task, VALUE_MAX + 1);
    size_t to_len = 0;
    int space = 0;

    for (size_t i = 0; to != NULL && i < most; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c <= ' ' || c == 0x7F) {
            space = to_len > 0;
            continue;
        }
        if (c == 0xC2 && i + 1 < most && (unsigned char)text[i + 1] <= 0xA0) {
            i++; /* a control, or a no-break space */
            space = to_len > 0;
            continue;
        }
        if (to_len + 5 > VALUE_MAX && (c & 0xC0) != 0x80) { /* the character may not fit */
            break;
        }
        if (space) {
            to[to_len++] = ' ';
            space = 0;
        }
        to[to_len++] = (char)c;
    }
    if (most < len) { /* the look may have ended within a character */
        size_t at = to_len;

        while (at > 0 && ((unsigned char)to[at - 1] & 0xC0) == 0x80) {
            at--;
        }
        to_len = at > 0 && (unsigned char)to[at - 1] >= 0xC0 ? at - 1 : at;
    }
    if (to_len > 0) {
        clean = (struct facts_text){to, to_len};
    }
    return clean;
}

static int32_t report(struct page *page, const char *name, struct facts_text value, double score,
                      const char *reason)
{
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = name,
                              .value = value.text,
                              .value_len = value.len,
                              .begin = TAXON_NOWHERE,
                              .end = TAXON_NOWHERE,
                              .score = score,
                              .reason = reason};
    int32_t r = value.text == NULL ? 0 : page->task->host->fact(page->task, &fact);

    return r == -E2BIG ? 0 : r;
}

static int32_t report_title(struct page *page, const struct title *title)
{
    struct taxon_fact fact = {.struct_size = sizeof(fact),
                              .name = "title",
                              .begin = title->begin,
                              .end = title->end,
                              .score = title->score,
                              .reason = title->reason};
    struct facts_text value = facts_clean(page->task, title->value.text, title->value.len);
    int32_t r;

    if (value.text == NULL) {
        return 0;
    }
    fact.value = value.text;
    fact.value_len = value.len;
    r = page->task->host->fact(page->task, &fact);
    return r == -E2BIG ? 0 : r;
}

static int contains(struct facts_text value, const char *part)
{
    return memmem(value.text, value.len, part, strlen(part)) != NULL;
}

static int32_t report_clean(struct page *page, const char *name, const struct head_text *from,
                            double score)
{
    return report(page, name, facts_clean(page->task, from->text, from->len), score, from->from);
}

/* http or https, with a host, and nothing that an address does not hold. */
static int is_address(struct facts_text url)
{
    size_t scheme = url.len > 8 && strncasecmp(url.text, "https://", 8) == 0  ? 8
                    : url.len > 7 && strncasecmp(url.text, "http://", 7) == 0 ? 7
                                                                              : 0;
    const char *host = url.text + scheme;
    size_t host_len = 0;

    if (scheme == 0 || url.len > URL_MAX) {
        return 0;
    }
    for (size_t i = 0; i < url.len; i++) {
        if (strchr(" <>\"'\\`{}", url.text[i]) != NULL) {
            return 0;
        }
    }
    while (scheme + host_len < url.len && strchr("/?#", host[host_len]) == NULL) {
        if (host[host_len] == '@') {
            return 0;
        }
        host_len++;
    }
    return host_len > 2 && memchr(host, '.', host_len) != NULL;
}

static int32_t report_url(struct page *page, const struct head *head)
{
    struct facts_text url = facts_clean(page->task, head->url.text, head->url.len);

    if (url.text == NULL || !is_address(url)) {
        return 0;
    }
    return report(page, "url", url, 0.9, head->url.from);
}

static int ends_in(struct facts_text value, const char *end)
{
    size_t len = strlen(end);

    return value.len >= len && memcmp(value.text + value.len - len, end, len) == 0;
}

/* A word of ASCII letters alone is the name of an account or of a firm, not of a person. */
static int is_account(struct facts_text author)
{
    for (size_t i = 0; i < author.len; i++) {
        if (author.text[i] == ' ' || (unsigned char)author.text[i] >= 0x80) {
            return 0;
        }
    }
    return 1;
}

/* What templates fill in, and organisations: a byline names a person. */
static int is_author(struct facts_text author, struct facts_text site)
{
    static const char *const others[] = {"http", "www.", "@",      "公司",     "有限",   "管理员",
                                         "网站", "本站", "编辑部", "技术支持", "委员会", "政府"};
    static const char *const ends[] = {"网",     "網",   "报",   "報",   "社",     "局",
                                       "办公室", "中心", "频道", "頻道", "电视台", "编辑"};

    if (author.len > AUTHOR_MAX || is_account(author) ||
        (site.text != NULL && author.len == site.len &&
         memcmp(author.text, site.text, site.len) == 0)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (contains(author, others[i])) {
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        if (ends_in(author, ends[i])) {
            return 0;
        }
    }
    return 1;
}

static int32_t report_names(struct page *page, const struct head *head, const struct title *title)
{
    struct facts_text site = facts_clean(page->task, head->site.text, head->site.len);
    struct facts_text author = facts_clean(page->task, head->author.text, head->author.len);
    int32_t r;

    if (site.text != NULL) {
        r = report(page, "site", site, 0.9, head->site.from);
    } else {
        site = title->site;
        r = report(page, "site", site, 0.6, "the end of the title element");
    }
    if (r >= 0 && author.text != NULL && is_author(author, site)) {
        r = report(page, "author", author, 0.8, head->author.from);
    }
    return r;
}

/* Reads the date that a machine wrote into an attribute; text may be NULL. */
static int read_date(const struct head_text *from, struct dates_date *date)
{
    size_t at = 0;

    while (at < from->len && (unsigned char)from->text[at] <= ' ') {
        at++;
    }
    if (at == from->len || (dates_parse(from->text + at, from->len - at, date) == 0 &&
                            dates_parse_compact(from->text + at, from->len - at, date) == 0)) {
        return 0;
    }
    return date->year >= YEAR_LEAST;
}

/* The date that the markup gives, and those of the text, which may be told from it. */
static int32_t report_dates(struct page *page, const struct head *head)
{
    struct dates_date date = {0};
    char iso[11];
    int32_t r;

    if (!read_date(&head->published, &date) || dates_format(&date, iso) < 0) {
        return dates_report(page->task, page->text, page->len);
    }
    r = report(page, "date-published", facts_clean(page->task, iso, strlen(iso)),
               head->published.rank >= HEAD_RANK_UNSURE ? 0.6 : 0.95, head->published.from);
    return r < 0 ? r : dates_report_known(page->task, page->text, page->len, &date);
}

/* The first part of a language tag: "zh" of "zh-CN". */
static int32_t report_language(struct page *page, const struct head *head)
{
    char primary[4];
    size_t len = 0;

    while (len < head->language.len && len < sizeof(primary)) {
        char c = (char)(head->language.text[len] | 0x20);

        if (c < 'a' || c > 'z') {
            break;
        }
        primary[len++] = c;
    }
    if (len < 2 || len > 3 ||
        (len < head->language.len && head->language.text[len] != '-' &&
         head->language.text[len] != '_')) {
        return 0;
    }
    return report(page, "language", facts_clean(page->task, primary, len), 0.5,
                  head->language.from);
}

int32_t facts_report(struct page *page, const struct head *head, const struct title *title)
{
    int32_t r = report_title(page, title);

    r = r < 0 ? r : report_url(page, head);
    r = r < 0 ? r : report_names(page, head, title);
    r = r < 0 ? r : report_dates(page, head);
    r = r < 0 ? r : report_language(page, head);
    r = r < 0 ? r : report_clean(page, "description", &head->description, 0.8);
    r = r < 0 ? r : report_clean(page, "source", &head->source, 0.8);
    r = r < 0 ? r : report_clean(page, "column", &head->column, 0.8);
    r = r < 0 ? r : report_clean(page, "charset-declared", &head->charset, 0.5);
    return r;
}
