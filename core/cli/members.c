/* cli/members: what is in a container, for the command line.
 *
 * The same turns as the daemon's (line/members.c), one after the other and without a checkpoint: a
 * worker writes members into a spool, which is a file in memory here; each is copied out of it and
 * classified. Called by classify and explain.
 */
#include "cli/members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

#define RATIO_LEAST_SIZE ((uint64_t)1 << 20) /* as in line/members.c */

/* One container on its way. */
struct walk {
    struct engine *engine;
    const struct members_visitor *visitor;
    const char *source;
    struct err *err;
    uint64_t *members_left; /* of the outermost one */
    uint64_t *bytes_left;
    unsigned depth;
    struct digest digest;
    struct engine_take take;
    struct arena arena;
    struct reply_member *rows; /* of this turn */
    size_t count;
    bool has_more;
    uint64_t taken;
    uint64_t bytes;
    char verdict[256];
};

static int classify(struct walk *outer, int fd, const char *name,
                    const struct engine_origin *origin);

static int keep_rows(struct walk *walk, const struct reply *reply)
{
    arena_reset(&walk->arena);
    walk->count = reply->member_count;
    walk->rows = arena_alloc(&walk->arena, (walk->count + 1) * sizeof(*walk->rows));
    if (walk->rows == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < walk->count; i++) {
        struct reply_member *row = &walk->rows[i];

        *row = reply->members[i];
        row->name = arena_strdup(&walk->arena, row->name);
        row->url = arena_strdup(&walk->arena, row->url);
        row->date = arena_strdup(&walk->arena, row->date);
        row->charset = arena_strdup(&walk->arena, row->charset);
        row->media_type = arena_strdup(&walk->arena, row->media_type);
        if (row->name == NULL || row->url == NULL || row->date == NULL || row->charset == NULL ||
            row->media_type == NULL)
            return -ENOMEM;
    }
    return 0;
}

static void keep_verdict(struct walk *walk, const struct reply *reply)
{
    const char *verdict = "";

    for (size_t i = 0; i < reply->limit_count; i++)
        if (strncmp(reply->limits[i], "limits.", 7) == 0)
            verdict = reply->limits[i];
    for (size_t i = 0; i < reply->fact_count; i++)
        if (strcmp(reply->facts[i].name, "container") == 0)
            verdict = reply->facts[i].value;
    if (verdict[0] != '\0' && walk->verdict[0] == '\0')
        snprintf(walk->verdict, sizeof(walk->verdict), "%s", verdict);
}

static int copy_out(const struct walk *walk, const struct reply_member *row)
{
    char chunk[65536];
    int fd = memfd_create("taxon-member", MFD_CLOEXEC);
    int result = fd < 0 ? -errno : 0;

    for (uint64_t at = 0; at < row->len && result == 0;) {
        uint64_t rest = row->len - at;
        size_t len = rest < sizeof(chunk) ? (size_t)rest : sizeof(chunk);

        result = file_pread_all(walk->take.spool_fd, chunk, len, (off_t)(row->begin + at));
        if (result == 0)
            result = file_write_all(fd, chunk, len);
        at += len;
    }
    if (result < 0)
        file_close(&fd);
    return result < 0 ? result : fd;
}

static int take_member(struct walk *walk, const struct reply_member *row)
{
    const char *slash = strrchr(row->name, '/');
    const char *name = slash == NULL ? row->name : slash + 1;
    const struct engine_origin origin = {
        .container = &walk->digest,
        .member = row->index,
        .name = row->name,
        .url = row->url,
        .date = row->date,
        .charset = row->charset,
        .media_type = row->media_type,
    };
    char numbered[64];
    int fd = copy_out(walk, row);
    int result;

    if (fd < 0)
        return err_set(walk->err, fd, "member %llu: %s", (unsigned long long)row->index,
                       strerror(-fd));
    snprintf(numbered, sizeof(numbered), "member-%llu", (unsigned long long)row->index);
    result = classify(walk, fd, name[0] == '\0' ? numbered : name, &origin);
    file_close(&fd);
    walk->taken++;
    walk->bytes += row->len;
    return result;
}

/* One turn: as many members as it gives. */
static int turn(struct walk *walk, int fd, const char *name, const struct engine_origin *origin)
{
    struct subject subject;
    struct plan plan;
    uint64_t before = walk->take.from;
    int result;

    file_close(&walk->take.spool_fd);
    walk->take.spool_fd = memfd_create("taxon-spool", MFD_CLOEXEC);
    if (walk->take.spool_fd < 0)
        return err_set(walk->err, -errno, "memfd_create: %s", strerror(errno));
    walk->take.members_left = *walk->members_left;
    walk->take.bytes_left = *walk->bytes_left;
    walk->engine->take = &walk->take;
    walk->engine->origin = origin;
    result = engine_classify(walk->engine, fd, name, walk->source, &subject, &plan, walk->err);
    walk->engine->take = NULL;
    if (result < 0)
        return result;
    if (subject.reply == NULL)
        return 0; /* the same happens again when the container itself is classified */
    keep_verdict(walk, subject.reply);
    walk->has_more = subject.reply->has_more &&
                     (subject.reply->member_count > 0 || subject.reply->next_member > before);
    walk->take.from = subject.reply->next_member;
    walk->take.offset = subject.reply->next_offset;
    if (keep_rows(walk, subject.reply) < 0)
        return err_set(walk->err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < walk->count; i++) {
        *walk->members_left -= *walk->members_left > 0;
        *walk->bytes_left -=
            walk->rows[i].len < *walk->bytes_left ? walk->rows[i].len : *walk->bytes_left;
    }
    for (size_t i = 0; i < walk->count && result == 0; i++)
        result = take_member(walk, &walk->rows[i]);
    return result;
}

static int take_all(struct walk *walk, int fd, const char *name, const struct engine_origin *origin)
{
    int result;

    walk->take.spool_fd = -1;
    do {
        walk->has_more = false;
        walk->count = 0;
        result = turn(walk, fd, name, origin);
    } while (result == 0 && walk->has_more);
    file_close(&walk->take.spool_fd);
    return result;
}

/* The document itself comes after what is in it. */
static int visit(struct walk *outer, int fd, const char *name, const struct engine_origin *origin,
                 const struct walk *inner)
{
    struct engine *engine = outer->engine;
    struct subject subject;
    struct plan plan;
    int result;

    engine->origin = origin;
    result = engine_classify(engine, fd, name, outer->source, &subject, &plan, outer->err);
    if (result < 0)
        return result;
    if (inner != NULL) {
        subject.members.count = inner->taken;
        subject.members.bytes = inner->bytes;
        subject.members.verdict = inner->verdict;
    }
    return outer->visitor->visit(outer->visitor->context, &subject, &plan, outer->depth,
                                 outer->err);
}

/* A document is classified twice at most: whether it is a container shows the first time. */
static int classify(struct walk *outer, int fd, const char *name,
                    const struct engine_origin *origin)
{
    struct engine *engine = outer->engine;
    const struct settings_limits *limits = &engine->generation->settings->limits;
    struct walk walk = {.depth = 0};
    struct subject subject;
    struct plan plan;
    int result;

    engine->origin = origin;
    result = engine_classify(engine, fd, name, outer->source, &subject, &plan, outer->err);
    if (result < 0)
        return result;
    bool is_self = memcmp(&subject.digest, &outer->digest, sizeof(outer->digest)) == 0;
    if (subject.reply == NULL || !subject.reply->is_container || outer->depth >= limits->depth ||
        is_self)
        return outer->visitor->visit(outer->visitor->context, &subject, &plan, outer->depth,
                                     outer->err);
    walk = *outer;
    walk.depth = outer->depth + 1;
    walk.digest = subject.digest;
    walk.take = (struct engine_take){.spool_fd = -1};
    walk.taken = walk.bytes = 0;
    walk.verdict[0] = '\0';
    arena_init(&walk.arena, 0);
    result = take_all(&walk, fd, name, origin);
    if (result == 0)
        result = visit(outer, fd, name, origin, &walk);
    arena_release(&walk.arena);
    return result;
}

int members_classify(struct engine *engine, int fd, const char *name, const char *source,
                     const struct members_visitor *visitor, struct err *err)
{
    const struct settings_limits *limits = &engine->generation->settings->limits;
    off_t size = lseek(fd, 0, SEEK_END);
    uint64_t members_left = limits->members;
    uint64_t bytes_left = ((uint64_t)size > RATIO_LEAST_SIZE ? (uint64_t)size : RATIO_LEAST_SIZE) *
                          limits->expansion_ratio;
    struct walk outer = {
        .engine = engine,
        .visitor = visitor,
        .source = source,
        .err = err,
        .members_left = &members_left,
        .bytes_left = &bytes_left,
    };
    int result = classify(&outer, fd, name, NULL);

    engine->origin = NULL;
    return result;
}
