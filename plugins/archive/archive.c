/* archive: the reader of archives and of compressed files: zip and tar (compressed or not) by
 * libarchive, gzip and Zstandard by the kit.
 *
 * Only those forms of libarchive are switched on, and only reading from memory: links, devices and
 * folders are passed over, nothing is ever written to a path. A regular file is a member, in the
 * order of the archive.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <archive.h>
#include <archive_entry.h>

#include <taxon/plugin.h>

#include "kit/container.h"
#include "kit/source.h"

#define PIECE ((size_t)64 << 10)
#define ENTRIES_MAX                                                                                \
    10000000u /* of all kinds, so that an archive of empty folders comes to its end */

struct reading {
    struct taxon_task *task;
    const struct taxon_input *input;
    uint64_t index;
};

static void note(struct reading *reading, const char *what, const char *reason)
{
    char text[160];

    snprintf(text, sizeof(text), "entry %llu: %.120s", (unsigned long long)reading->index,
             reason == NULL ? "it cannot be read" : reason);
    container_tell(reading->task, what, text);
}

static void write_date(time_t seconds, char *out, size_t size)
{
    struct tm parts;

    out[0] = '\0';
    if (seconds > 0 && gmtime_r(&seconds, &parts) != NULL) {
        strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
}

/* 1 go on; 0 no more. */
static int write_entry(struct reading *reading, struct archive *archive)
{
    struct taxon_task *task = reading->task;

    for (;;) {
        const void *data;
        size_t len;
        la_int64_t offset;
        int result = archive_read_data_block(archive, &data, &len, &offset);

        if (result == ARCHIVE_EOF) {
            return 1;
        }
        if (result < ARCHIVE_WARN) {
            note(reading, "malformed", archive_error_string(archive));
            return result != ARCHIVE_FATAL;
        }
        if (task->host->should_stop(task)) {
            return 0;
        }
        for (size_t at = 0; at < len; at += PIECE) {
            size_t n = len - at < PIECE ? len - at : PIECE;

            if (task->host->member_write(task, (const char *)data + at, n) < 0) {
                return 1; /* too large: the next one may not be */
            }
        }
    }
}

static int take_entry(struct reading *reading, struct archive *archive, struct archive_entry *entry)
{
    struct taxon_task *task = reading->task;
    const char *name = archive_entry_pathname(entry);
    char date[40];
    struct taxon_member member = {
        .struct_size = sizeof(member),
        .name = name == NULL ? "" : name,
        .name_len = name == NULL ? 0 : strlen(name),
        .date = date,
        .index = reading->index,
    };
    int32_t wanted;
    int more;

    write_date(archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0, date,
               sizeof(date));
    wanted = task->host->member_begin(task, &member);
    if (wanted != 0) {
        return wanted > 0;
    }
    if (archive_entry_is_encrypted(entry)) {
        note(reading, "encrypted", "it needs a password");
    }
    more = write_entry(reading, archive);
    task->host->member_end(task);
    return more;
}

/* Regular files, with something in them: a hard link's or an empty one's bytes are nobody's loss,
 * since the archive is kept. */
static int is_wanted(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL &&
           (!archive_entry_size_is_set(entry) || archive_entry_size(entry) > 0);
}

static void read_entries(struct reading *reading, struct archive *archive)
{
    struct taxon_task *task = reading->task;

    for (; reading->index < ENTRIES_MAX; reading->index++) {
        struct archive_entry *entry;
        int result = archive_read_next_header(archive, &entry);

        if (result == ARCHIVE_EOF || task->host->should_stop(task)) {
            return;
        }
        if (result < ARCHIVE_WARN) {
            const char *why = archive_error_string(archive);

            note(reading,
                 why != NULL && strstr(why, "runcated") != NULL ? "truncated" : "malformed", why);
            return;
        }
        if (is_wanted(entry) && !take_entry(reading, archive, entry)) {
            return;
        }
    }
}

static int32_t read_archive(struct reading *reading)
{
    struct archive *archive = archive_read_new();
    int32_t result = archive == NULL ? -ENOMEM : 0;

    if (archive != NULL) {
        archive_read_support_format_zip(archive);
        archive_read_support_format_tar(archive);
        archive_read_support_filter_gzip(archive);
        archive_read_support_filter_zstd(archive);
        if (archive_read_open_memory(archive, reading->input->raw, reading->input->raw_len) ==
            ARCHIVE_OK) {
            read_entries(reading, archive);
        } else {
            note(reading, "malformed", archive_error_string(archive));
        }
    }
    archive_read_free(archive);
    return result;
}

/* The name without what says how it was compressed. */
static size_t inner_name_len(const char *name)
{
    static const char *const endings[] = {".gz", ".zst"};
    size_t len = strlen(name);

    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        size_t ending_len = strlen(endings[i]);

        if (len > ending_len && strcmp(name + len - ending_len, endings[i]) == 0) {
            return len - ending_len;
        }
    }
    return len;
}

static void write_all(struct reading *reading, struct source *source)
{
    struct taxon_task *task = reading->task;
    size_t len;

    for (;;) {
        const unsigned char *data = source_look(source, 1, &len);
        size_t n = len < PIECE ? len : PIECE;

        if (n == 0 || task->host->should_stop(task) ||
            task->host->member_write(task, data, n) < 0) {
            break;
        }
        source_skip(source, n);
    }
    if (source_end(source) != SOURCE_WHOLE) {
        note(reading, source_end(source) == SOURCE_CUT ? "truncated" : "malformed",
             "the compressed data ends or is spoilt there");
    }
}

/* One file, compressed: one member. */
static int32_t read_compressed(struct reading *reading)
{
    struct taxon_task *task = reading->task;
    const struct taxon_input *input = reading->input;
    struct taxon_member member = {
        .struct_size = sizeof(member),
        .name = input->name,
        .name_len = inner_name_len(input->name),
        .url = input->url,
    };
    struct source *source;

    if (task->host->member_begin(task, &member) != 0) {
        return 0;
    }
    source = source_open(task, input->raw, input->raw_len, 0);
    if (source == NULL) {
        return -ENOMEM;
    }
    write_all(reading, source);
    task->host->member_end(task);
    source_close(source);
    return 0;
}

static int32_t read_any(void *instance, struct taxon_task *task, const struct taxon_input *input)
{
    struct reading reading = {.task = task, .input = input};

    (void)instance;
    if (strcmp(input->media_type, "application/gzip") == 0 ||
        strcmp(input->media_type, "application/zstd") == 0) {
        return read_compressed(&reading);
    }
    return read_archive(&reading);
}

const struct taxon_descriptor *taxon_plugin_v1(void)
{
    static const char *const media_types[] = {"application/zip", "application/x-tar",
                                              "application/gzip", "application/zstd", NULL};
    static const struct taxon_descriptor descriptor = {
        .struct_size = sizeof(descriptor),
        .abi_minor = TAXON_ABI_MINOR,
        .kind = TAXON_KIND_READER,
        .name = "archive",
        .version = "1.0",
        .summary = "Takes the files out of archives and compressed files (zip, tar, gzip, zstd).",
        .media_types = media_types,
        .read = read_any,
    };

    return &descriptor;
}
