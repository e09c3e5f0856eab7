/* line/members: containers on the loop: what a worker's answer means for one, and what its next job
 * is to do.
 *
 * A container passes the workers several times, each time as an attempt of its own: asked first
 * whether it is one; then, with a spool, for as many members as a turn has room for; it sleeps
 * until those are filed, and goes on from its checkpoint; at last it is described, once more
 * without a spool, and filed. Members become documents in members_store.c, on the batch thread.
 *
 * Called by the judge. It decides nothing about a document that is no container.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "line/line_state.h"

#define RATIO_LEAST_SIZE                                                                           \
    ((uint64_t)1 << 20) /* a small container is taken to be as large as this                       \
                         */

void members_forget_taking(struct document *document)
{
    struct taking *taking = document->taking;

    document->taking = NULL;
    document->stored = false;
    if (taking == NULL)
        return;
    file_close(&taking->spool_fd);
    arena_release(&taking->arena);
    free(taking->rows);
    free(taking);
}

void members_forget(struct document *document)
{
    members_forget_taking(document);
    free(document->origin);
    document->origin = NULL;
}

static struct taking *taking_of(struct document *document)
{
    if (document->taking == NULL) {
        document->taking = calloc(1, sizeof(*document->taking));
        if (document->taking != NULL) {
            document->taking->spool_fd = -1;
            arena_init(&document->taking->arena, 0);
        }
    }
    return document->taking;
}

static uint64_t left(uint64_t most, uint64_t used)
{
    return used < most ? most - used : 0;
}

void members_fill_job(const struct document *document, struct job *job)
{
    const struct settings_limits *limits = &document->line->generation->settings->limits;
    const struct catalog_origin *origin = document->origin;
    const struct taking *taking = document->taking;

    job->url = origin == NULL ? "" : origin->url;
    job->charset = origin == NULL ? "" : origin->charset;
    job->media_type = origin == NULL ? "" : origin->media_type;
    job->members = JOB_MEMBERS_ASK;
    if (taking == NULL)
        return;
    uint64_t size = taking->row.outermost_size > RATIO_LEAST_SIZE ? taking->row.outermost_size
                                                                  : RATIO_LEAST_SIZE;
    job->members = taking->only_describe ? JOB_MEMBERS_NONE : JOB_MEMBERS_TAKE;
    job->member_from = taking->row.next;
    job->member_offset = taking->row.next_offset;
    job->members_left = left(limits->members, taking->row.used_members);
    job->bytes_left = left(size * limits->expansion_ratio, taking->row.used_bytes);
}

void members_fill_subject(const struct document *document, struct subject *subject)
{
    const struct catalog_origin *origin = document->origin;
    const struct taking *taking = document->taking;

    subject->origin.date = "";
    if (origin != NULL) {
        subject->url = origin->url;
        subject->origin.date = origin->date;
        subject->origin.container = origin->is_member ? &origin->container : NULL;
        subject->origin.member = origin->member;
        subject->origin.name = origin->name;
    }
    if (taking == NULL)
        return;
    subject->members.count = taking->row.taken;
    subject->members.bytes = taking->row.bytes;
    subject->members.verdict = taking->row.verdict;
}

/* Adds to what is wrong with it, once. */
static void add_verdict(struct catalog_container *row, const char *what, const char *reason)
{
    char text[300];
    size_t len = strlen(row->verdict);

    snprintf(text, sizeof(text), "%s%s%s", what, reason[0] == '\0' ? "" : ": ", reason);
    if (strstr(row->verdict, text) == NULL && len + strlen(text) + 3 < sizeof(row->verdict))
        snprintf(row->verdict + len, sizeof(row->verdict) - len, "%s%s", len > 0 ? "; " : "", text);
}

static void take_verdict(struct catalog_container *row, const struct reply *reply)
{
    for (size_t i = 0; i < reply->fact_count; i++)
        if (strcmp(reply->facts[i].name, "container") == 0)
            add_verdict(row, reply->facts[i].value, reply->facts[i].reason);
    for (size_t i = 0; i < reply->limit_count; i++)
        if (strncmp(reply->limits[i], "limits.", 7) == 0)
            add_verdict(row, reply->limits[i], "");
    if (reply->unusable[0] != '\0' && strcmp(reply->unusable, "empty") != 0)
        add_verdict(row, reply->unusable, reply->unusable_reason);
}

/* The reply is the worker's next one by the time the batch runs. */
static int keep_members(struct taking *taking, const struct reply *reply)
{
    struct arena *arena = &taking->arena;

    arena_reset(arena);
    taking->count = reply->member_count;
    taking->members = arena_alloc(arena, (reply->member_count + 1) * sizeof(*taking->members));
    if (taking->members == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < reply->member_count; i++) {
        struct reply_member *member = &taking->members[i];

        *member = reply->members[i];
        member->name = arena_strdup(arena, member->name);
        member->url = arena_strdup(arena, member->url);
        member->date = arena_strdup(arena, member->date);
        member->charset = arena_strdup(arena, member->charset);
        member->media_type = arena_strdup(arena, member->media_type);
        if (member->name == NULL || member->url == NULL || member->date == NULL ||
            member->charset == NULL || member->media_type == NULL)
            return -ENOMEM;
    }
    return 0;
}

/* What is inside it stays inside. */
static bool is_too_deep(const struct line *line, const struct document *document)
{
    uint32_t depth = document->origin == NULL ? 0 : document->origin->depth;

    return depth >= line->generation->settings->limits.depth;
}

/* A turn that took nothing and wants another would want one for ever. */
static bool is_stuck(const struct taking *taking, const struct reply *reply)
{
    return reply->has_more && reply->member_count == 0 && reply->next_member <= taking->row.next;
}

static void take_turn(struct line *line, struct document *document, const struct reply *reply)
{
    struct taking *taking = document->taking;

    take_verdict(&taking->row, reply);
    if (is_stuck(taking, reply)) {
        add_verdict(&taking->row, "limits.time", "the next member could not be reached in it");
        taking->row.ended = true;
    } else {
        taking->row.ended = !reply->has_more;
    }
    if (reply->has_more)
        taking->row.next = reply->next_member;
    document->stored = false;
    taking->row.next_offset = reply->has_more ? reply->next_offset : 0;
    if (keep_members(taking, reply) < 0)
        line_fail(line, "out of memory");
    else
        document_list_push(&line->windows, document);
}

bool members_take_answer(struct line *line, struct document *document, struct attempt *attempt)
{
    const struct reply *reply = attempt->reply;
    bool is_first = document->taking == NULL;
    struct taking *taking;

    if ((is_first && !reply->is_container) || (!is_first && document->taking->only_describe))
        return false;
    taking = taking_of(document);
    if (taking == NULL) {
        line_fail(line, "out of memory");
        return true;
    }
    if (is_first && is_too_deep(line, document)) {
        add_verdict(&taking->row, "limits.depth", "what is in it was not taken out");
        taking->only_describe = true;
        return false; /* this answer describes it */
    }
    if (is_first)
        document_list_push(&line->containers, document);
    else
        take_turn(line, document, reply);
    return true;
}
