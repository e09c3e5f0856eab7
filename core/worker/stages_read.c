/* worker/stages_read: from bytes to text and blocks.
 *
 * Called by worker/stages. The document is read, not mapped: whoever still holds it open for
 * writing could cut it, and a mapping would then kill the worker with SIGBUS.
 */
#include "worker/stages_read.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "text/media_type.h"

#define GARBLED_SHARE 10 /* one illegal sequence in so many characters makes a text garbled */

const char *stages_reason(int32_t result)
{
    return result > -4096 ? strerror(-result) : "no reason given";
}

/* A reason that stays until the next document. */
static void mark_unusable(struct stages *stages, const char *verdict, const struct err *reason)
{
    if (stages->unusable[0] != '\0')
        return;
    const char *copy = arena_strdup(&stages->arena, reason->text);
    stages->unusable = verdict;
    stages->unusable_reason = copy == NULL ? "" : copy;
}

/* Reads `size` bytes or up to the end, or to an error, which it returns. */
static int pread_until(int fd, char *to, size_t size, size_t *out_have)
{
    while (*out_have < size) {
        ssize_t n = pread(fd, to + *out_have, size - *out_have, (off_t)*out_have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : 0;
        *out_have += (size_t)n;
    }
    return 0;
}

int stages_read_file(struct stages *stages, int fd)
{
    const uint64_t most = stages->limits->file_bytes;
    size_t size = (size_t)(stages->job->size < most ? stages->job->size : most);

    if (stages->job->size > most)
        results_note_limit(&stages->results, "limits.file");
    /* One byte more than the content: charset_decode wants a NUL behind it. */
    char *to = strbuf_reserve(&stages->raw, size + 1);
    if (to == NULL)
        return -ENOMEM;
    size_t have = 0;
    int code = pread_until(fd, to, size, &have);
    strbuf_added(&stages->raw, have);
    if (have == size)
        return 0;
    struct err reason;
    if (code < 0)
        err_set(&reason, code, "reading it failed after %zu of %zu bytes: %s", have, size,
                strerror(-code));
    else
        err_set(&reason, 0, "it was cut to %zu of %zu bytes while it was read", have, size);
    mark_unusable(stages, "truncated", &reason);
    return 0;
}

/* Plugins are promised a NUL after the text. What points into the bytes and was cut has none. */
static int terminate(struct stages *stages)
{
    if (stages->decoded[stages->decoded_len] == '\0')
        return 0;
    strbuf_clear(&stages->scratch);
    strbuf_append(&stages->scratch, stages->decoded, stages->decoded_len);
    stages->decoded = strbuf_text(&stages->scratch);
    return stages->scratch.failed ? -ENOMEM : 0;
}

static int undo_mojibake(struct stages *stages)
{
    return charset_undo(stages->decoder, stages->decoded, stages->decoded_len,
                        (size_t)stages->limits->text_bytes, &stages->mended, &stages->mojibake,
                        &stages->decoded, &stages->decoded_len);
}

static int decode(struct stages *stages)
{
    const struct job *job = stages->job;
    const char *declared = job->charset[0] == '\0' ? stages->declared : job->charset;
    int cut = 0;

    stages_enter(stages, "decode");
    charset_prescan(strbuf_text(&stages->raw), stages->raw.len, stages->declared);
    int code = charset_decode(stages->decoder, strbuf_text(&stages->raw), stages->raw.len,
                              declared[0] == '\0' ? NULL : declared,
                              (size_t)stages->limits->text_bytes, &stages->scratch,
                              &stages->charset, &stages->decoded, &stages->decoded_len, &cut);
    if (code < 0)
        return code;
    stages->is_cut = cut != 0;
    if (cut)
        results_note_limit(&stages->results, "limits.text");
    code = undo_mojibake(stages);
    return code < 0 ? code : terminate(stages);
}

static bool reader_takes(const struct stages *stages, const struct plugin *reader,
                         const char *media_type)
{
    return reader != NULL && (stages->all_plugins || plugin_wants(reader, stages->job->source,
                                                                  media_type, stages->job->name));
}

/* Whoever delivered the document may know better what it is (a page's header in a crawl); it is
 * believed when a reader takes that type, else the bytes decide. */
static const struct plugin *choose_reader(struct stages *stages)
{
    const struct job *job = stages->job;
    const struct plugin *reader = plugin_set_reader(stages->plugins, job->media_type);

    stages->media_type = job->media_type;
    if (reader_takes(stages, reader, stages->media_type))
        return reader;
    stages->media_type = media_type_sniff(strbuf_text(&stages->raw), stages->raw.len,
                                          stages->decoded, stages->decoded_len, job->name);
    reader = plugin_set_reader(stages->plugins, stages->media_type);
    return reader_takes(stages, reader, stages->media_type) ? reader : NULL;
}

static void mark_unread(struct stages *stages)
{
    bool is_text = strncmp(stages->media_type, "text/", 5) == 0;
    struct err reason;

    err_set(&reason, 0, "no reader takes %s", stages->media_type);
    mark_unusable(stages, is_text ? "unreadable" : "binary", &reason);
}

static uint32_t index_of(const struct plugin_set *set, const struct plugin *plugin)
{
    uint32_t index = 0;

    while (set->plugins[index] != plugin)
        index++;
    return index;
}

/* Offsets that a reader gave before it first appended counted in the decoded input. Once it has
 * made a text of its own, they have to stand in that. */
static void recheck_offsets(struct turn *turn)
{
    struct results *results = turn->results;
    struct taxon_block *blocks = ROWS(&results->blocks, struct taxon_block);
    struct reply_fact *facts = ROWS(&results->facts, struct reply_fact);
    size_t kept = 0;

    for (size_t i = 0; i < ROW_COUNT(&results->blocks, struct taxon_block); i++) {
        if (turn_has_range(turn, blocks[i].begin, blocks[i].end))
            blocks[kept++] = blocks[i];
        else
            turn_refuse(turn, "block %zu-%zu is not in the text that the reader made",
                        blocks[i].begin, blocks[i].end);
    }
    results->blocks.len = kept * sizeof *blocks;
    for (size_t i = 0; i < ROW_COUNT(&results->facts, struct reply_fact); i++) {
        if (!facts[i].has_place ||
            turn_has_range(turn, (size_t)facts[i].begin, (size_t)facts[i].end))
            continue;
        turn_refuse(turn, "fact '%s' is not in the text that the reader made", facts[i].name);
        facts[i].has_place = false;
        facts[i].begin = facts[i].end = 0;
    }
}

static int32_t call_read(struct stages *stages, struct turn *turn)
{
    const struct job *job = stages->job;
    struct plugin *reader = stages->plugins->plugins[turn->plugin];
    const struct taxon_input input = {
        .struct_size = sizeof input,
        .raw = strbuf_text(&stages->raw),
        .raw_len = stages->raw.len,
        .decoded = stages->decoded,
        .decoded_len = stages->decoded_len,
        .charset = stages->charset.name,
        .media_type = stages->media_type,
        .name = job->name,
        .source = job->source,
        .url = job->url,
        .resume_index = job->member_from,
        .resume_offset = job->member_offset,
    };

    stages_enter(stages, reader->stage);
    arena_reset(&stages->memory);
    turn_begin(turn);
    host_begin_task(&reader->host, HOST_READING, reader->instance, turn);
    int32_t result = reader->descriptor.read(reader->instance, &reader->host.task, &input);
    host_end_task(&reader->host);
    members_finish(&stages->members);
    (void)stages_socket_is_sound(stages);
    return result;
}

static void read_by(struct stages *stages, const struct plugin *reader)
{
    struct turn turn = {
        .results = &stages->results,
        .plugin = index_of(stages->plugins, reader),
        .vocabulary = &reader->vocabulary,
        .text = stages->decoded,
        .text_len = stages->decoded_len,
        .reading = true,
        .memory = &stages->memory,
        .members = &stages->members,
        .deadline_us = stages->deadline_us,
    };
    int32_t result = call_read(stages, &turn);

    stages->reader = reader;
    if (result < 0) {
        struct err failure;
        err_set(&failure, 0, "read() gave up: %s", stages_reason(result));
        strbuf_clear(&stages->results.blocks);
        turn_end(&turn, failure.text);
        err_prefix(&failure, 0, "reader '%s'", reader->settings->name);
        mark_unusable(stages, "unreadable", &failure);
        return;
    }
    if (turn.appended)
        recheck_offsets(&turn);
    turn_end(&turn, NULL);
    stages->text = turn_text(&turn, &stages->text_len);
}

/* The reader of a container, whose bytes are not decoded; NULL when it is none, or nobody's. */
static const struct plugin *choose_container_reader(struct stages *stages)
{
    const char *media_type =
        media_type_container(strbuf_text(&stages->raw), stages->raw.len, stages->job->name);
    const struct plugin *reader =
        media_type == NULL ? NULL : plugin_set_reader(stages->plugins, media_type);

    if (!reader_takes(stages, reader, media_type))
        return NULL;
    stages->media_type = media_type;
    return reader;
}

/* 1: it was a container, or a text of a container's form that has a text of its own; 0: none. */
static int read_container(struct stages *stages)
{
    const struct plugin *reader = choose_container_reader(stages);

    if (reader == NULL)
        return 0;
    read_by(stages, reader);
    if (stages->members.announced || stages->text_len > 0 || stages->unusable[0] != '\0' ||
        !media_type_is_text_too(stages->media_type))
        return 1;
    stages->reader = NULL;
    return 0;
}

int stages_read_text(struct stages *stages)
{
    int code;

    stages_enter(stages, "media type");
    if (read_container(stages) == 1)
        return digest_of_bytes(stages->text, stages->text_len, &stages->text_digest);
    if (stages->meddled)
        return -EPROTO;
    code = decode(stages);
    if (code < 0)
        return code;
    stages_enter(stages, "media type");
    const struct plugin *reader = choose_reader(stages);
    if (reader == NULL)
        mark_unread(stages);
    else
        read_by(stages, reader);
    return digest_of_bytes(stages->text, stages->text_len, &stages->text_digest);
}

/* UTF-8: every byte that does not continue a character begins one. */
static uint64_t count_characters(const char *text, size_t len)
{
    uint64_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static void look_for_damage(struct stages *stages)
{
    static const char mark[] = "\uFFFD";
    size_t len = stages->decoded_len;
    bool ends_illegal =
        stages->charset.illegal > 0 && len >= sizeof mark - 1 &&
        memcmp(stages->decoded + len - (sizeof mark - 1), mark, sizeof mark - 1) == 0;

    damage_count(stages->text, stages->text_len, stages->charset.illegal, &stages->damage);
    if (stages->reader != NULL && !stages->is_cut)
        stages->is_truncated =
            damage_is_truncated(stages->decoded, len, strcmp(stages->media_type, "text/html") == 0,
                                ends_illegal);
}

static uint64_t count_beyond_ascii(const char *text, size_t len)
{
    uint64_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += (unsigned char)text[i] >= 0xC0;
    return count;
}

/* Bytes that are text in no charset, and characters that were lost before. */
static void judge_characters(struct stages *stages)
{
    uint64_t characters = count_characters(stages->decoded, stages->decoded_len);
    uint64_t beyond = count_beyond_ascii(stages->decoded, stages->decoded_len);
    struct err reason = {""};

    if (stages->charset.score <= 0 && beyond > characters / GARBLED_SHARE)
        err_set(&reason, 0,
                "its bytes look like text in no charset; read as %s, %llu of %llu characters are "
                "beyond ASCII",
                stages->charset.name, (unsigned long long)beyond, (unsigned long long)characters);
    else if (stages->charset.illegal > characters / GARBLED_SHARE)
        err_set(&reason, 0, "%llu of %llu characters did not decode as %s",
                (unsigned long long)stages->charset.illegal, (unsigned long long)characters,
                stages->charset.name);
    else if (stages->damage.lost > count_characters(stages->text, stages->text_len) / GARBLED_SHARE)
        err_set(&reason, 0, "%llu of its characters were lost before it came here",
                (unsigned long long)stages->damage.lost);
    else
        return;
    mark_unusable(stages, "garbled", &reason);
}

void stages_judge_text(struct stages *stages)
{
    struct err reason = {""};

    if (stages->reader != NULL && stages->folded.len == 0 && !stages->members.announced) {
        err_set(&reason, 0, "there is no text in it");
        mark_unusable(stages, "empty", &reason);
    }
    look_for_damage(stages);
    if (stages->charset.score <= 0 || stages->charset.illegal + stages->damage.lost > 0)
        judge_characters(stages);
}
