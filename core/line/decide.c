/* line/decide: step 11, for a batch: what each answered document is like, and where it goes.
 *
 * Called by the batch, first of all, on its thread: the catalog is its own then. Documents are
 * decided in the order of their ids, and each may be like one that was filed, or one that was
 * decided before it in this batch; so of two copies in one batch the later says whose copy it is,
 * whichever worker was faster. What is decided (plan, record, labels) does not change when the
 * batch is tried again, and is what replay finds in the rows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "line/line_state.h"
#include "line/near_look.h"
#include "route/clean_text.h"
#include "route/findings.h"
#include "route/record.h"

/* The log names the strongest labels of each scheme; the record has them all. */
#define SUMMARY_LABELS 3u

static void subject_fill(struct subject *subject, const struct document *document)
{
    const struct generation *generation = document->generation;
    const char *slash = strrchr(document->path, '/');

    memset(subject, 0, sizeof(*subject));
    subject->id = document->id;
    subject->digest = document->digest;
    subject->size = document->file.size;
    subject->source = document->source;
    subject->inbox = document->from->inbox->name;
    subject->path = document->path;
    subject->name = slash == NULL ? document->path : slash + 1;
    subject->url = "";
    subject->mtime_ms = document->file.mtime_ns / 1000000;
    subject->received_ms = document->received_ms;
    subject->attempts = document->attempts;
    subject->generation = generation->number;
    subject->manifest = generation->manifest;
    subject->reply = document->reply;
    members_fill_subject(document, subject);
    subject->near = document->near.kind == NEAR_NOT ? NULL : &document->near;
    if (document->reply != NULL)
        return;
    subject->failure = document->failure;
    subject->failure_stage = document->failure_stage[0] != '\0' ? document->failure_stage : NULL;
    subject->failure_by = document->failure_by;
}

static int keep_labels(struct document *document, const struct reply *reply)
{
    struct catalog_label *labels;

    document->labels = NULL;
    document->label_count = 0;
    if (reply == NULL || reply->label_count == 0)
        return 0;
    labels = arena_alloc(&document->arena, reply->label_count * sizeof(*labels));
    if (labels == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];

        if (!label->holds)
            continue;
        labels[document->label_count].scheme = arena_strdup(&document->arena, label->scheme);
        labels[document->label_count].id = arena_strdup(&document->arena, label->id);
        if (labels[document->label_count].scheme == NULL ||
            labels[document->label_count].id == NULL)
            return -ENOMEM;
        labels[document->label_count].score = label->score;
        labels[document->label_count].holds = true;
        document->label_count++;
    }
    document->labels = labels;
    return 0;
}

/* Whether a label further down the same branch holds, which says more. */
static bool is_implied(const struct reply *reply, const struct reply_label *label)
{
    size_t len = strlen(label->id);

    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *other = &reply->labels[i];

        if (other->holds && strcmp(other->scheme, label->scheme) == 0 &&
            strncmp(other->id, label->id, len) == 0 && other->id[len] == '/')
            return true;
    }
    return false;
}

/* "zh GB18030, genre news/report, topic ecology water": what a person wants to see go by. */
static void summarise(struct document *document, const struct subject *subject)
{
    struct strbuf *summary = &document->summary;
    const struct reply *reply = subject->reply;
    const char *scheme = "";
    unsigned shown = 0;

    strbuf_clear(summary);
    if (reply == NULL) {
        strbuf_printf(summary, "%s", subject->failure);
        return;
    }
    strbuf_printf(summary, "%s %s", reply->language, reply->charset);
    if (reply->unusable[0] != '\0')
        strbuf_printf(summary, ", unusable %s", reply->unusable);
    if (subject->near != NULL)
        strbuf_printf(summary, ", %s of %s %.2f", near_word(subject->near->kind),
                      subject->near->id.text, subject->near->similarity);
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];

        if (!label->holds || !findings_is_answer(label->scheme) || is_implied(reply, label))
            continue;
        if (strcmp(scheme, label->scheme) != 0) {
            strbuf_printf(summary, ", %s", label->scheme);
            shown = 0;
        }
        scheme = label->scheme;
        if (++shown <= SUMMARY_LABELS)
            strbuf_printf(summary, " %s", label->id);
        else if (shown == SUMMARY_LABELS + 1)
            strbuf_puts(summary, " …");
    }
}

/* For streams; in the row, too, since only the worker could say it again. */
static void keep_text(struct document *document, const struct subject *subject)
{
    bool wanted = false;

    for (size_t i = 0; i < document->plan.also_count; i++)
        wanted |= also_has_text(document->plan.also[i].kind);
    if (wanted && !clean_text_json(subject, &document->text))
        log_warning("%s: its text is too long for a worker's answer (limits.reply) and is left out "
                    "of the stream",
                    document->name);
}

/* Documents of the batch whose near-duplicates are known, by id. */
struct decided {
    const struct document **documents;
    size_t count;
};

/* As the catalog finds it: by one of the keys by which others are looked for. Both lists ascend. */
static bool is_found(const struct document *earlier, const struct document *document)
{
    size_t i = 0;
    size_t k = 0;

    while (i < earlier->key_count && k < document->key_count && k < MINHASH_LOOK_KEYS) {
        if (earlier->keys[i] == document->keys[k])
            return true;
        if (earlier->keys[i] < document->keys[k])
            i++;
        else
            k++;
    }
    return false;
}

static void offer_batch(const struct decided *decided, struct document *document)
{
    for (size_t i = 0; i < decided->count; i++) {
        const struct document *other = decided->documents[i];
        const struct near_candidate candidate = {other->id, other->digest, other->sketch};

        if (is_found(other, document))
            near_offer(&document->near, &document->sketch, &candidate);
    }
}

static int look_near(struct catalog *catalog, const struct decided *decided,
                     struct document *document, struct err *err)
{
    int result;

    memset(&document->near, 0, sizeof(document->near));
    document->key_count = 0;
    if (document->reply == NULL || document->reply->minhash == NULL)
        return 0;
    document->sketch = *document->reply->minhash;
    document->key_count = minhash_keys(&document->sketch, document->keys);
    result = near_look(catalog, &document->sketch, &document->id, &document->near, err);
    if (result == 0)
        offer_batch(decided, document);
    return result;
}

/* Plan, record and labels. */
static int decide(struct document *document)
{
    struct subject subject;

    arena_reset(&document->arena);
    strbuf_clear(&document->record);
    strbuf_clear(&document->text);
    document_forget_also(document);
    subject_fill(&subject, document);
    if (rules_decide(document->generation->companion, &subject, &document->arena, &document->plan) <
            0 ||
        keep_labels(document, subject.reply) < 0)
        return -ENOMEM;
    if (subject.reply != NULL)
        document->text_digest = subject.reply->text_digest;
    record_write(&subject, &document->plan, 2, &document->record);
    keep_text(document, &subject);
    summarise(document, &subject);
    if (document->record.failed || document->text.failed)
        return -ENOMEM;
    document->undecided = false;
    document->reply = NULL;
    arena_release(&document->reply_arena); /* a queue of them would keep much */
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const struct document *left = *(const struct document *const *)a;
    const struct document *right = *(const struct document *const *)b;

    return strcmp(left->id.text, right->id.text);
}

/* What was decided in a batch that could not be committed, or could not be placed, stays so. */
static int decide_sorted(struct catalog *catalog, struct document **documents, size_t count,
                         struct decided *decided, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct document *document = documents[i];
        int result = 0;

        if (document->undecided)
            result = look_near(catalog, decided, document, err);
        if (result < 0)
            return result;
        if (document->undecided && decide(document) < 0)
            return err_set(err, -ENOMEM, "out of memory");
        if (document->key_count > 0)
            decided->documents[decided->count++] = document;
    }
    return 0;
}

int decide_batch(struct catalog *catalog, struct batch *batch)
{
    size_t count = batch->decided.count;
    struct document **documents = calloc(2 * count + 1, sizeof(documents[0]));
    struct decided decided = {(const struct document **)documents + count, 0};
    size_t at = 0;
    int result = 0;

    if (documents == NULL)
        return err_set(&batch->err, -ENOMEM, "out of memory");
    for (struct document *document = batch->decided.first; document != NULL;
         document = document->next)
        documents[at++] = document;
    qsort(documents, count, sizeof(documents[0]), by_id);
    if (count > 0)
        result = catalog_begin_look(catalog, &batch->err);
    if (result == 0)
        result = decide_sorted(catalog, documents, count, &decided, &batch->err);
    catalog_end_look(catalog);
    free(documents);
    return result;
}
