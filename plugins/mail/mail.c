/* mail: the reader of mails and of pages saved as one (EML, MHTML; RFC 5322, 2045, 2046, 2557).
 *
 * Each part that is no multipart is a member, out of its transfer encoding, with the charset, type,
 * name and location that its header tells. Parts in parts are followed to a fixed depth; bytes that
 * belong to no part (preamble, epilogue) are passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <taxon/plugin.h>

#include "decode.h"
#include "header.h"
#include "kit/container.h"

#define DEPTH_MAX 16u
#define PARTS_MAX 100000u

struct level {
    char mark[HEADER_WORD_MAX + 2]; /* "--" and the boundary */
    size_t mark_len;
};

struct mail {
    struct taxon_task *task;
    const struct taxon_input *input;
    const char *data;
    size_t len;
    char url[HEADER_FIELD_MAX];
    char date[64];
    struct level levels[DEPTH_MAX];
    unsigned depth;
    uint64_t index;
    int stopped;
    struct decode decode;
};

/* The level whose mark this line is, from 1, or 0; *out_closes: it is the last of that level. */
static unsigned mark_at(const struct mail *mail, const char *line, size_t len, int *out_closes)
{
    if (len < 3 || line[0] != '-' || line[1] != '-') {
        return 0;
    }
    for (unsigned i = mail->depth; i > 0; i--) {
        const struct level *level = &mail->levels[i - 1];

        if (len >= level->mark_len && memcmp(line, level->mark, level->mark_len) == 0) {
            const char *rest = line + level->mark_len;
            size_t rest_len = len - level->mark_len;

            *out_closes = rest_len >= 2 && rest[0] == '-' && rest[1] == '-';
            rest_len -= *out_closes ? 2 : 0;
            rest += *out_closes ? 2 : 0;
            while (rest_len > 0 && (*rest == ' ' || *rest == '\t' || *rest == '\r')) {
                rest++;
                rest_len--;
            }
            if (rest_len == 0) {
                return i;
            }
        }
    }
    return 0;
}

/* The next line from `at` on that is a mark: where it begins, or the end; *out_next behind it. */
static size_t next_mark(const struct mail *mail, size_t at, size_t *out_next, unsigned *out_level,
                        int *out_closes)
{
    while (at < mail->len) {
        const char *end = memchr(mail->data + at, '\n', mail->len - at);
        size_t line_len = end == NULL ? mail->len - at : (size_t)(end - mail->data) - at;

        *out_level = mark_at(mail, mail->data + at, line_len, out_closes);
        *out_next = at + line_len + (end != NULL);
        if (*out_level > 0) {
            return at;
        }
        at = *out_next;
    }
    *out_level = 0;
    *out_next = mail->len;
    return mail->len;
}

/* "a.html" of its name or location, else "part-3" with what its type says. */
static const char *name_of(const struct mail *mail, const struct header *header, char *out,
                           size_t size)
{
    const char *from = header->name;
    const char *slash;
    const char *ending = strcmp(header->media_type, "text/html") == 0 ? ".html" : ".txt";

    if (from[0] == '\0') {
        from = header->location;
    }
    slash = strrchr(from, '/');
    from = slash == NULL ? from : slash + 1;
    if (from[0] != '\0' && from[0] != '?') {
        snprintf(out, size, "%.*s", (int)strcspn(from, "?#"), from);
    } else if (strncmp(header->media_type, "text/", 5) == 0 || header->media_type[0] == '\0') {
        snprintf(out, size, "part-%llu%s", (unsigned long long)mail->index, ending);
    } else {
        snprintf(out, size, "part-%llu", (unsigned long long)mail->index);
    }
    return out;
}

static void take_part(struct mail *mail, const struct header *header, const char *data, size_t len)
{
    struct taxon_task *task = mail->task;
    char name[256];
    int is_place = strstr(header->location, "://") != NULL;
    struct taxon_member member = {
        .struct_size = sizeof(member),
        .name = name_of(mail, header, name, sizeof(name)),
        .name_len = strlen(name),
        .media_type = header->media_type[0] == '\0' ? "text/plain" : header->media_type,
        .url = is_place ? header->location : mail->url,
        .charset = header->charset,
        .date = mail->date,
        .index = mail->index,
    };
    int32_t wanted = task->host->member_begin(task, &member);

    mail->stopped = wanted < 0;
    mail->index++;
    if (wanted == 0) {
        (void)decode_write(&mail->decode, data, len, header->encoding);
        task->host->member_end(task);
    }
}

static int enter(struct mail *mail, const struct header *header)
{
    struct level *level = &mail->levels[mail->depth];

    if (strncmp(header->media_type, "multipart/", 10) != 0 || header->boundary[0] == '\0') {
        return 0;
    }
    if (mail->depth == DEPTH_MAX) {
        container_tell(mail->task, "malformed", "parts are nested too deep");
        return 0;
    }
    level->mark_len = (size_t)snprintf(level->mark, sizeof(level->mark), "--%s", header->boundary);
    if (level->mark_len >= sizeof(level->mark)) {
        level->mark_len = sizeof(level->mark) - 1;
    }
    mail->depth++;
    return 1;
}

/* From the first mark on. */
static void read_parts(struct mail *mail, size_t at)
{
    unsigned level;
    int closes = 0;
    size_t next;

    (void)next_mark(mail, at, &next, &level, &closes);
    for (unsigned parts = 0; level > 0 && parts < PARTS_MAX && !mail->stopped; parts++) {
        struct header header;
        size_t begin;
        size_t end;

        mail->depth = closes ? level - 1 : level;
        if (mail->task->host->should_stop(mail->task) || (closes && mail->depth == 0)) {
            return;
        }
        at = next;
        begin = at + (closes ? 0 : header_read(mail->data + at, mail->len - at, &header));
        int is_multipart = !closes && enter(mail, &header);
        end = next_mark(mail, begin, &next, &level, &closes);
        if (end > begin && mail->data[end - 1] == '\n') { /* which belongs to the mark */
            end--;
            end -= end > begin && mail->data[end - 1] == '\r';
        }
        if (!is_multipart && begin > at && end > begin) {
            take_part(mail, &header, mail->data + begin, end - begin);
        }
    }
    if (level == 0 && !mail->stopped) {
        container_tell(mail->task, "truncated", "the mark that ends its parts is missing");
    }
}

static int32_t mail_read(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct mail *mail = task->host->alloc(task, sizeof(*mail));
    struct header header;
    size_t begin;

    (void)instance;
    if (mail == NULL) {
        return -ENOMEM;
    }
    mail->task = task;
    mail->decode.task = task;
    mail->input = input;
    mail->data = input->raw;
    mail->len = input->raw_len;
    begin = header_read(mail->data, mail->len, &header);
    snprintf(mail->url, sizeof(mail->url), "%s",
             strstr(header.location, "://") != NULL ? header.location : input->url);
    snprintf(mail->date, sizeof(mail->date), "%s", header.date);
    if (enter(mail, &header)) {
        read_parts(mail, begin);
    } else if (begin < mail->len) {
        take_part(mail, &header, mail->data + begin, mail->len - begin);
    }
    return 0;
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"message/rfc822", "multipart/related", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "mail",
        .version = "1.0",
        .summary = "Takes the parts out of mails and of pages saved as one (EML, MHTML).",
        .media_types = media_types,
        .read = mail_read,
    };

    return &descriptor;
}
