/* pool/conduct: how plugins have behaved. What is a failure, and what follows from it, is the
 * line's to say; this file counts and remembers.
 */
#include "pool/conduct.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/printable.h"

#define FIRST_LINE    "taxond plugins 1\n"
#define DRAFT_NAME    CONDUCT_FILE_NAME ".new"
#define FILE_SIZE_MAX ((size_t)1 << 20)
#define FIELDS        5

static struct conduct_entry *find(struct conduct *conduct, const char *name,
                                  const struct digest *digest)
{
    for (size_t i = 0; i < conduct->count; i++)
        if (strcmp(conduct->entries[i].name, name) == 0 &&
            memcmp(&conduct->entries[i].digest, digest, sizeof(*digest)) == 0)
            return &conduct->entries[i];
    return NULL;
}

const struct conduct_entry *conduct_find(const struct conduct *conduct, const char *name,
                                         const struct digest *digest)
{
    return find((struct conduct *)(uintptr_t)conduct, name, digest);
}

static void drop(struct conduct *conduct, size_t index)
{
    conduct->count--;
    memmove(&conduct->entries[index], &conduct->entries[index + 1],
            (conduct->count - index) * sizeof(conduct->entries[0]));
    conduct->changed = true;
}

static struct conduct_entry *find_or_add(struct conduct *conduct, const char *name,
                                         const struct digest *digest)
{
    struct conduct_entry *entry = find(conduct, name, digest);

    if (entry != NULL)
        return entry;
    if (conduct->count == CONDUCT_ENTRIES_MAX)
        drop(conduct, 0);
    entry = &conduct->entries[conduct->count++];
    memset(entry, 0, sizeof(*entry));
    snprintf(entry->name, sizeof(entry->name), "%s", name);
    entry->digest = *digest;
    return entry;
}

/* As one harmless line: it came from a worker. */
static void set_why(struct conduct_entry *entry, const char *why)
{
    size_t len = strlen(why);
    char text[1024];

    if (len >= sizeof(text))
        len = sizeof(text) - 1;
    memcpy(text, why, len);
    len = printable_clean(text, len);
    len = printable_cut(text, len, sizeof(entry->why) - 1);
    memcpy(entry->why, text, len);
    entry->why[len] = '\0';
}

uint32_t conduct_fail(struct conduct *conduct, const char *name, const struct digest *digest,
                      const char *why)
{
    struct conduct_entry *entry = find_or_add(conduct, name, digest);

    if (entry->failures < UINT32_MAX)
        entry->failures++;
    set_why(entry, why);
    conduct->changed = true;
    return entry->failures;
}

void conduct_succeed(struct conduct *conduct, const char *name, const struct digest *digest)
{
    struct conduct_entry *entry = find(conduct, name, digest);

    if (entry != NULL && entry->off_ms == 0)
        drop(conduct, (size_t)(entry - conduct->entries));
}

void conduct_switch_off(struct conduct *conduct, const char *name, const struct digest *digest,
                        int64_t now_ms)
{
    find_or_add(conduct, name, digest)->off_ms = now_ms;
    conduct->changed = true;
}

bool conduct_is_off(const struct conduct *conduct, const char *name, const struct digest *digest)
{
    const struct conduct_entry *entry = conduct_find(conduct, name, digest);

    return entry != NULL && entry->off_ms != 0;
}

bool conduct_forget(struct conduct *conduct, const char *name)
{
    bool any = false;

    for (size_t i = conduct->count; i-- > 0;) {
        if (strcmp(conduct->entries[i].name, name) != 0)
            continue;
        drop(conduct, i);
        any = true;
    }
    return any;
}

void conduct_print(struct conduct *conduct, struct strbuf *out_text)
{
    strbuf_puts(out_text, FIRST_LINE);
    for (size_t i = 0; i < conduct->count; i++) {
        const struct conduct_entry *entry = &conduct->entries[i];
        char hex[DIGEST_HEX_SIZE];

        digest_hex(&entry->digest, hex);
        strbuf_printf(out_text, "%s\t%s\t%" PRIu32 "\t%" PRId64 "\t%s\n", entry->name, hex,
                      entry->failures, entry->off_ms, entry->why);
    }
    conduct->changed = false;
}

static int hex_digit(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit);

    return at == NULL ? -1 : (int)(at - digits);
}

static bool parse_digest(const char *hex, struct digest *out_digest)
{
    if (strlen(hex) != DIGEST_HEX_SIZE - 1)
        return false;
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out_digest->bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static bool parse_number(const char *text, int64_t most, int64_t *out_number)
{
    char *end;

    errno = 0;
    *out_number = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *out_number >= 0 && *out_number <= most;
}

static bool parse_line(struct conduct *conduct, char *line)
{
    char *fields[FIELDS];
    struct digest digest;
    int64_t failures, off_ms;

    for (int i = 0; i < FIELDS; i++)
        fields[i] = i + 1 < FIELDS ? strsep(&line, "\t") : line;
    if (fields[FIELDS - 1] == NULL || fields[0][0] == '\0' ||
        strlen(fields[0]) > SETTINGS_NAME_MAX || !parse_digest(fields[1], &digest) ||
        !parse_number(fields[2], UINT32_MAX, &failures) ||
        !parse_number(fields[3], INT64_MAX, &off_ms))
        return false;
    struct conduct_entry *entry = find_or_add(conduct, fields[0], &digest);
    entry->failures = (uint32_t)failures;
    entry->off_ms = off_ms;
    set_why(entry, fields[4]);
    return true;
}

int conduct_parse(struct conduct *conduct, const char *text)
{
    char *copy, *rest, *line;
    bool sound = strncmp(text, FIRST_LINE, strlen(FIRST_LINE)) == 0;

    copy = rest = sound ? strdup(text + strlen(FIRST_LINE)) : NULL;
    while (sound && (line = strsep(&rest, "\n")) != NULL)
        if (line[0] != '\0')
            sound = parse_line(conduct, line);
    free(copy);
    return sound ? 0 : -EINVAL;
}

int conduct_read(struct conduct *conduct, const char *folder, struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    struct strbuf path = STRBUF_INIT;
    int result;

    strbuf_printf(&path, "%s/" CONDUCT_FILE_NAME, folder);
    result = path.failed ? -ENOMEM : file_slurp_path(strbuf_text(&path), FILE_SIZE_MAX, &text);
    if (result == 0)
        result = conduct_parse(conduct, strbuf_text(&text));
    if (result == -ENOENT)
        result = 0;
    if (result < 0)
        err_set(err, result, "%s: %s", strbuf_text(&path),
                result == -EINVAL ? "not what taxond wrote there" : strerror(-result));
    strbuf_release(&path);
    strbuf_release(&text);
    return result;
}

static int write_draft(int folder_fd, const char *text, size_t len)
{
    int fd =
        openat(folder_fd, DRAFT_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    int result;

    if (fd < 0)
        return -errno;
    result = file_write_all(fd, text, len);
    if (result == 0 && fdatasync(fd) < 0)
        result = -errno;
    file_close(&fd);
    return result;
}

int conduct_write(const char *folder, const char *text, size_t len, struct err *err)
{
    int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = folder_fd < 0 ? -errno : write_draft(folder_fd, text, len);

    if (result == 0 && renameat(folder_fd, DRAFT_NAME, folder_fd, CONDUCT_FILE_NAME) < 0)
        result = -errno;
    if (result == 0 && fsync(folder_fd) < 0)
        result = -errno;
    file_close(&folder_fd);
    return result < 0
               ? err_set(err, result, "%s/" CONDUCT_FILE_NAME ": %s", folder, strerror(-result))
               : 0;
}
