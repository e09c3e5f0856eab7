/* A host for fuzz targets of readers of containers: it holds the reader to the rules of the border
 * (members begun, written and ended in turn, in the order of their index), and to its promise that
 * turns, however short, give what one long turn gives.
 */
#include "container_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/plugin.h>

#define ALLOCATIONS_MAX 4096u
#define MEMBER_MOST     ((size_t)1 << 20)
#define TOTAL_MOST      ((size_t)8 << 20)
#define TURNS_MAX       64u
#define TURN_MEMBERS    3u

/* What came out, as a hash, so that two ways can be held against each other. */
struct outcome {
    uint64_t hash;
    uint64_t count;
};

static struct {
    void *allocations[ALLOCATIONS_MAX];
    size_t allocation_count;
    struct outcome outcome;
    uint64_t from; /* members before it were taken */
    unsigned most; /* of this turn; 0: all */
    unsigned taken;
    size_t total;
    size_t member_len;
    uint64_t last; /* one more than the index that was announced last */
    uint64_t next;
    uint64_t next_offset;
    int more;
    int open;
    int closed;
    int over; /* the budget is used up: the two ways may differ */
} session;

static void must(int holds)
{
    if (!holds)
        abort();
}

static void *alloc(struct taxon_task *task, size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);

    (void)task;
    must(memory != NULL && session.allocation_count < ALLOCATIONS_MAX);
    session.allocations[session.allocation_count++] = memory;
    return memory;
}

static void *keep(struct taxon_opening *opening, size_t size)
{
    (void)opening;
    return alloc(NULL, size);
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return 0;
}

static void log_line(struct taxon_task *task, uint32_t level, const char *line)
{
    (void)task;
    must(level <= TAXON_LOG_ERROR && line[0] != '\0' && strlen(line) < 1000);
}

static int32_t take_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    (void)task;
    must(strcmp(fact->name, "container") == 0 && fact->value_len > 0 && fact->reason != NULL);
    must(fact->begin == TAXON_NOWHERE && fact->end == TAXON_NOWHERE);
    return 0;
}

static void mix(const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++)
        session.outcome.hash = (session.outcome.hash ^ bytes[i]) * 1099511628211u;
}

static void mix_text(const char *text)
{
    if (text != NULL)
        mix(text, strlen(text));
    mix("", 1);
}

static int32_t member_begin(struct taxon_task *task, const struct taxon_member *member)
{
    (void)task;
    must(!session.open && member->struct_size == sizeof *member);
    must(member->index >= session.last);
    must(member->name != NULL || member->name_len == 0);
    session.last = member->index + 1;
    if (session.closed)
        return -ECANCELED;
    if (member->index < session.from)
        return 1;
    if (session.most > 0 && session.taken == session.most) {
        session.closed = session.more = 1;
        session.next = member->index;
        session.next_offset = member->offset;
        return -ECANCELED;
    }
    session.open = 1;
    session.taken++;
    session.member_len = 0;
    session.outcome.count++;
    mix(&member->index, sizeof member->index);
    mix(member->name, member->name_len);
    mix_text(member->url);
    mix_text(member->date);
    mix_text(member->charset);
    mix_text(member->media_type);
    return 0;
}

static int32_t member_write(struct taxon_task *task, const void *data, size_t len)
{
    (void)task;
    must(session.open && data != NULL);
    session.member_len += len;
    session.total += len;
    session.over |= session.total > TOTAL_MOST || session.member_len > MEMBER_MOST;
    if (session.over)
        return -E2BIG;
    mix(data, len);
    return 0;
}

static int32_t member_end(struct taxon_task *task)
{
    (void)task;
    must(session.open);
    session.open = 0;
    return 0;
}

/* Any list: a text at two depths. */
static const struct taxon_value *option(struct taxon_opening *opening, const char *name)
{
    static const struct taxon_value words[] = {{.type = TAXON_OPTION_STRING, .text = "text"},
                                               {.type = TAXON_OPTION_STRING, .text = "a.b"},
                                               {.type = TAXON_OPTION_STRING, .text = "url"}};
    static const struct taxon_value *const items[] = {&words[0], &words[1], &words[2]};
    static const struct taxon_value text = {.type = TAXON_OPTION_LIST, .count = 2, .items = items};
    static const struct taxon_value url = {.type = TAXON_OPTION_LIST,
                                           .count = 1,
                                           .items = items + 2};

    (void)opening;
    return strcmp(name, "text") == 0 ? &text : strcmp(name, "url") == 0 ? &url : NULL;
}

static void turn(const struct taxon_host *host, const uint8_t *data, size_t size,
                 const char *media_type, const char *name)
{
    struct taxon_opening opening = {.struct_size = sizeof opening, .host = host};
    struct taxon_task task = {.struct_size = sizeof task, .host = host};
    const struct taxon_input input = {.struct_size = sizeof input,
                                      .raw = data,
                                      .raw_len = size,
                                      .decoded = "",
                                      .charset = "",
                                      .media_type = media_type,
                                      .name = name,
                                      .source = "",
                                      .url = "",
                                      .resume_index = session.next,
                                      .resume_offset = session.next_offset};

    session.from = session.next;
    session.last = 0;
    session.taken = 0;
    session.more = session.open = session.closed = 0;
    if (taxon_plugin_v1()->open != NULL)
        must(taxon_plugin_v1()->open(&opening, &task.instance) == 0);
    must(taxon_plugin_v1()->read(task.instance, &task, &input) == 0);
    must(!session.open);
    for (size_t i = 0; i < session.allocation_count; i++)
        free(session.allocations[i]);
    session.allocation_count = 0;
}

void container_run(const uint8_t *data, size_t size, const char *media_type, const char *name)
{
    static const struct taxon_host host = {.struct_size = sizeof host,
                                           .abi_minor = TAXON_ABI_MINOR,
                                           .option = option,
                                           .keep = keep,
                                           .log = log_line,
                                           .alloc = alloc,
                                           .should_stop = should_stop,
                                           .fact = take_fact,
                                           .member_begin = member_begin,
                                           .member_write = member_write,
                                           .member_end = member_end};
    /* Exactly as long as it is, so that a sanitizer sees who reads on. */
    uint8_t *raw = malloc(size == 0 ? 1 : size);
    struct outcome whole;

    must(raw != NULL);
    if (size > 0)
        memcpy(raw, data, size);
    memset(&session, 0, sizeof session);
    turn(&host, raw, size, media_type, name);
    whole = session.outcome;
    if (!session.over) {
        memset(&session, 0, sizeof session);
        session.most = TURN_MEMBERS;
        unsigned turns = 0;
        do
            turn(&host, raw, size, media_type, name);
        while (session.more && ++turns < TURNS_MAX);
        must(session.more ||
             (session.outcome.count == whole.count && session.outcome.hash == whole.hash));
    }
    free(raw);
}
