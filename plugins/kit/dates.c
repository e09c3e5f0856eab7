/* dates: what a document says of when it was published, when it was copied, and when what it
 * reports happened.
 *
 * Called by readers with the finished text. Each date found by dates_scan.c is given a role by
 * dates_role.c; here the stamps are weighed against each other, years are put to dates that have
 * none, and the best few become facts.
 */
#include "kit/dates.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kit/dates_private.h"

#define FINDINGS_MAX  (DATES_HEAD_PLACES + DATES_TAIL_PLACES)
#define FACTS_MAX     3    /* of one name */
#define SCORE_APART   0.25 /* from the best of its name; what is less sure is left out */
#define STOP_EVERY    16
#define HISTORY_YEARS 1
#define SEARCHES_MAX  8 /* dates of a role whose year is looked for in the whole text */
#define LIST_MIN      4 /* lines of their own date: a list of other documents */
#define PUBLISHED     "date-published"
#define COPIED        "date-copied"
#define EVENT         "date-event"

struct report {
    struct dates_scan scan;
    struct dates_finding findings[FINDINGS_MAX];
    size_t count;
};

/* What a fact points at; the host copies it, but a test's need not. */
struct text_of_fact {
    char value[11];
    char reason[160];
};

static int is_list_line(const struct dates_finding *finding)
{
    return finding->role == DATES_ROLE_PUBLISHED && finding->score <= 0.7;
}

/* Many lines that each bear a date without a label are a list of documents: none of them is this
 * one's. */
static void drop_lists(struct report *report)
{
    uint32_t lines = 0;

    for (size_t i = 0; i < report->count; i++) {
        lines += (uint32_t)is_list_line(&report->findings[i]);
    }
    for (size_t i = 0; lines >= LIST_MIN && i < report->count; i++) {
        if (is_list_line(&report->findings[i])) {
            report->findings[i].role = DATES_ROLE_NONE;
        }
    }
}

static void find_roles(struct report *report)
{
    for (size_t i = 0; i < report->scan.count; i++) {
        if (i % STOP_EVERY == 0 && report->scan.task->host->should_stop(report->scan.task)) {
            break;
        }
        report->findings[report->count] = dates_role_of(&report->scan.places[i]);
        report->count += report->findings[report->count].role != DATES_ROLE_NONE;
    }
    drop_lists(report);
}

/* The best finding of a role that has a year; of equals the first. NULL: none. */
static struct dates_finding *best_of(struct report *report, enum dates_role role)
{
    struct dates_finding *best = NULL;

    for (size_t i = 0; i < report->count; i++) {
        struct dates_finding *finding = &report->findings[i];

        if (finding->role == role && finding->date.year != 0 &&
            (best == NULL || finding->score > best->score)) {
            best = finding;
        }
    }
    return best;
}

/* Where the text tells the source's date, the page's own stamp is the copy's; where it tells only
 * when it was copied, that is the nearest to a date of publication that there is. */
static void weigh_stamps(struct report *report)
{
    const struct dates_finding *source = best_of(report, DATES_ROLE_SOURCE);
    const struct dates_finding *published = best_of(report, DATES_ROLE_PUBLISHED);
    int has_source = source != NULL && (published == NULL || source->score >= published->score);
    int has_published = has_source || published != NULL;

    for (size_t i = 0; i < report->count; i++) {
        struct dates_finding *finding = &report->findings[i];

        if (finding->role == DATES_ROLE_SOURCE) {
            finding->role = DATES_ROLE_PUBLISHED;
        } else if (finding->role == DATES_ROLE_PUBLISHED && has_source) {
            finding->role = DATES_ROLE_COPIED;
            finding->reason = "stamp of the page, beside that of its source";
        } else if (finding->role == DATES_ROLE_COPIED && !has_published) {
            finding->role = DATES_ROLE_PUBLISHED;
            finding->score *= 0.6;
        }
    }
}

/* What happened years before (or after) the document was published is not what it reports. */
static void drop_history(struct report *report, const struct dates_date *stamp)
{
    for (size_t i = 0; i < report->count; i++) {
        struct dates_finding *finding = &report->findings[i];
        int32_t apart = finding->date.year - stamp->year;

        if (finding->role == DATES_ROLE_EVENT && finding->date.year != 0 && stamp->year != 0 &&
            (apart > HISTORY_YEARS || apart < -HISTORY_YEARS)) {
            finding->role = DATES_ROLE_NONE;
        }
    }
}

/* Puts years to the findings of a role that have none; those for which there is none are dropped.
 */
static void find_years(struct report *report, enum dates_role role, const struct dates_date *stamp)
{
    int searched = 0;

    for (size_t i = 0; i < report->count; i++) {
        struct dates_finding *finding = &report->findings[i];

        if (finding->role == role && finding->date.year == 0 &&
            (searched++ >= SEARCHES_MAX || !dates_year_find(&report->scan, stamp, finding))) {
            finding->role = DATES_ROLE_NONE;
        }
    }
}

static int publish(struct report *report, const char *name, const struct dates_finding *finding)
{
    struct taxon_task *task = report->scan.task;
    struct text_of_fact *text = task->host->alloc(task, sizeof(*text));
    struct taxon_fact fact = {.struct_size = sizeof(fact), .name = name, .score = finding->score};
    int r;

    if (text == NULL) {
        return -ENOMEM;
    }
    if (dates_format(&finding->date, text->value) < 0) {
        return 0;
    }
    snprintf(text->reason, sizeof(text->reason), "%s%s%s", finding->reason,
             finding->year_from != NULL ? "; year from " : "",
             finding->year_from != NULL ? finding->year_from : "");
    fact.value = text->value;
    fact.value_len = strlen(text->value);
    fact.begin = finding->place->begin;
    fact.end = finding->place->end;
    fact.reason = text->reason;
    r = task->host->fact(task, &fact);
    return r == -E2BIG ? 0 : r;
}

static int is_same_day(const struct dates_date *one, const struct dates_date *other)
{
    return one->year == other->year && one->month == other->month && one->day == other->day;
}

/* Publishes the best findings of a role, each day once. */
static int publish_role(struct report *report, enum dates_role role, const char *name)
{
    double score = 0;

    for (int facts = 0; facts < FACTS_MAX; facts++) {
        struct dates_finding *best = best_of(report, role);
        struct dates_date day;
        int r;

        if (best == NULL || best->score < score - SCORE_APART) {
            return 0;
        }
        score = facts == 0 ? best->score : score;
        r = publish(report, name, best);
        if (r < 0) {
            return r;
        }
        day = best->date;
        for (size_t i = 0; i < report->count; i++) {
            if (report->findings[i].role == role && is_same_day(&report->findings[i].date, &day)) {
                report->findings[i].role = DATES_ROLE_NONE;
            }
        }
    }
    return 0;
}

int32_t dates_report_known(struct taxon_task *task, const char *text, size_t len,
                           const struct dates_date *published)
{
    struct report *report = task->host->alloc(task, sizeof(*report));
    const struct dates_finding *stamp;
    struct dates_date when = {0, 0, 0};
    int r;

    if (report == NULL) {
        return -ENOMEM;
    }
    r = dates_scan_init(&report->scan, task, text, len);
    if (r < 0) {
        return r;
    }
    find_roles(report);
    weigh_stamps(report);
    stamp = best_of(report, DATES_ROLE_PUBLISHED);
    if (stamp != NULL) {
        when = stamp->date;
    } else if (published != NULL) {
        when = *published;
    }
    drop_history(report, &when);
    find_years(report, DATES_ROLE_PUBLISHED, &when);
    find_years(report, DATES_ROLE_EVENT, &when);
    r = publish_role(report, DATES_ROLE_PUBLISHED, PUBLISHED);
    if (r == 0) {
        r = publish_role(report, DATES_ROLE_EVENT, EVENT);
    }
    return r < 0 ? r : publish_role(report, DATES_ROLE_COPIED, COPIED);
}

int32_t dates_report(struct taxon_task *task, const char *text, size_t len)
{
    return dates_report_known(task, text, len, NULL);
}
