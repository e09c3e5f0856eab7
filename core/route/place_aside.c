/* route/place: gives a name to the later of two documents.
 *
 * Called by place.c where `replace-older` meets a document that is older than the one to be filed.
 * The older one is moved to STEM-DATE.EXT in the same folder (its own date, so that it is found),
 * its sidecar before it; then the name is free, and filing goes on as if it always had been.
 * Nothing is removed and nothing replaced: each step is one rename that fails where something
 * stands.
 *
 *     ended after           found                                    what the next try does
 *     the sidecar's move    the older under its name, its sidecar    goes on with that name: the
 *                           under STEM-DATE.EXT's                    sidecar has the older's digest
 *     the document's move   the name is free                         files
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "route/place_part.h"
#include "route/template.h"

#define SIDECAR_SUFFIX_LEN (sizeof TEMPLATE_SIDECAR_SUFFIX - 1)
#define NUMBERS_MAX        9u /* STEM-DATE-2 … STEM-DATE-9, then STEM-DATE-ID with the new one's id */
#define SIDECAR_BYTES_MAX  ((size_t)64 << 20)
#define LOOK_FLAGS         (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
#define DATE_SIZE          32
#define ID_KEY             "\"id\": \""

/* The document that has the name. */
struct older {
    struct stat status;
    char hex[DIGEST_HEX_SIZE];
    char sidecar[NAME_SIZE]; /* beside it; there or not */
    char suffix[DATE_SIZE];  /* its date */
    /* where it goes */
    char name[NAME_SIZE];
    char name_sidecar[NAME_SIZE];
    bool sidecar_moved; /* by a try before this one */
};

static void sidecar_of(const char *name, char out_sidecar[NAME_SIZE])
{
    size_t len = strlen(name);

    memcpy(out_sidecar, name, len);
    memcpy(out_sidecar + len, TEMPLATE_SIDECAR_SUFFIX, SIDECAR_SUFFIX_LEN + 1);
}

static bool print_date(time_t time, char out_date[DATE_SIZE])
{
    struct tm date;

    return gmtime_r(&time, &date) != NULL &&
           strftime(out_date, DATE_SIZE, "%Y-%m-%d-%H%M%S", &date) > 0;
}

static bool is_later(const struct stat *older, const struct stat *newer)
{
    const struct timespec *a = &older->st_mtim;
    const struct timespec *b = &newer->st_mtim;

    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* What may not be read, or is no file (any more): nobody's that could give way. */
static bool is_not_ours(int code)
{
    return code == -ENOENT || code == -EACCES || code == -EPERM || code == -ELOOP ||
           code == -ENXIO || code == -ENODEV;
}

/* 1: it may be moved; 0: it is the later one, or no document, or its name leaves no room; or
 * negative errno. */
static int look_at_older(const struct placing *placing, struct older *out_older)
{
    struct digest digest;
    uint64_t size;
    int fd;
    int code;

    if (strlen(placing->name) + SIDECAR_SUFFIX_LEN > NAME_BYTES_MAX)
        return 0;
    fd = file_open_beneath(placing->folder_fd, placing->name, LOOK_FLAGS, 0);
    if (fd < 0)
        return is_not_ours(fd) ? 0 : fd;
    code = fstat(fd, &out_older->status) < 0 ? -errno : 0;
    if (code == 0 && S_ISREG(out_older->status.st_mode))
        code = digest_of_fd(fd, &digest, &size);
    file_close(&fd);
    if (code < 0)
        return code;
    if (!S_ISREG(out_older->status.st_mode) || is_later(&out_older->status, &placing->source) ||
        !print_date(out_older->status.st_mtim.tv_sec, out_older->suffix))
        return 0;
    digest_hex(&digest, out_older->hex);
    sidecar_of(placing->name, out_older->sidecar);
    return 1;
}

/* Whether something stands there: 1, 0 or negative errno. */
static int stands(const struct placing *placing, const char *name, mode_t *out_mode)
{
    struct stat status;

    if (fstatat(placing->folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    *out_mode = status.st_mode;
    return 1;
}

static int read_sidecar(int folder_fd, const char *name, struct strbuf *text)
{
    int fd = file_open_beneath(folder_fd, name, LOOK_FLAGS, 0);
    int code = fd < 0 ? fd : file_slurp(fd, SIDECAR_BYTES_MAX, text);

    file_close(&fd);
    return code;
}

/* A sidecar without its document, left by a try before this one? It has the document's digest. 1,
 * 0 or negative errno. */
static int speaks_of(const struct placing *placing, const char *sidecar, const struct older *older)
{
    struct strbuf text = STRBUF_INIT;
    int code = read_sidecar(placing->folder_fd, sidecar, &text);

    if (code == 0 && text.len > 0)
        code = memmem(text.data, text.len, older->hex, strlen(older->hex)) != NULL;
    strbuf_release(&text);
    return is_not_ours(code) || code == -EFBIG ? 0 : code;
}

static void numbered(const struct placing *placing, const char *date, unsigned number,
                     char out_name[NAME_SIZE])
{
    char suffix[DATE_SIZE + sizeof placing->placement->id.text + 1];

    if (number == 1)
        snprintf(suffix, sizeof suffix, "%s", date);
    else if (number > NUMBERS_MAX)
        snprintf(suffix, sizeof suffix, "%s-%s", date, placing->placement->id.text);
    else
        snprintf(suffix, sizeof suffix, "%s-%u", date, number);
    name_with_suffix(placing->base, suffix, NAME_BYTES_MAX - SIDECAR_SUFFIX_LEN, out_name);
}

int place_find_aside(struct placing *placing)
{
    int64_t seconds = placing->placement->mtime_ns / 1000000000;
    char date[DATE_SIZE];

    if (!print_date((time_t)seconds, date))
        return PLACE_FREE;
    for (unsigned number = 1; number <= NUMBERS_MAX; number++) {
        numbered(placing, date, number, placing->name);
        int found = place_look_document(placing);
        if (found < 0 || found == PLACE_OURS || found == PLACE_SAME)
            return found;
    }
    return PLACE_FREE;
}

/* Sets the name under that number. 1: it is free, or kept for the older one; 0; negative errno. */
static int try_number(const struct placing *placing, struct older *older, unsigned number)
{
    mode_t mode = 0;
    int code;

    numbered(placing, older->suffix, number, older->name);
    sidecar_of(older->name, older->name_sidecar);
    code = stands(placing, older->name, &mode);
    if (code != 0)
        return code < 0 ? code : 0;
    code = stands(placing, older->name_sidecar, &mode);
    if (code < 0)
        return code;
    older->sidecar_moved = code == 1;
    if (code == 0)
        return 1;
    return S_ISREG(mode) ? speaks_of(placing, older->name_sidecar, older) : 0;
}

/* 0, or negative errno; -EEXIST: somebody was faster. */
static int move_both(const struct placing *placing, const struct older *older)
{
    mode_t mode = 0;
    int has_sidecar = older->sidecar_moved ? 0 : stands(placing, older->sidecar, &mode);
    int code = has_sidecar < 0 ? has_sidecar : 0;

    if (has_sidecar == 1 && S_ISREG(mode))
        code = file_rename_noreplace(placing->folder_fd, older->sidecar, placing->folder_fd,
                                     older->name_sidecar);
    if (code == 0)
        code = file_rename_noreplace(placing->folder_fd, placing->name, placing->folder_fd,
                                     older->name);
    return code;
}

/* The id that a sidecar says, "" for none. What forges one gets nothing by it: the catalog's row
 * must also say that the document was there. */
static void find_id(int folder_fd, const char *sidecar, struct id *out_id)
{
    struct strbuf text = STRBUF_INIT;
    const char *found = NULL;

    out_id->text[0] = '\0';
    if (read_sidecar(folder_fd, sidecar, &text) == 0 && text.len > 0)
        found = memmem(text.data, text.len, ID_KEY, sizeof ID_KEY - 1);
    if (found != NULL) {
        const char *begin = found + sizeof ID_KEY - 1;
        size_t room = text.len - (size_t)(begin - text.data);

        if (room >= sizeof out_id->text - 1) {
            memcpy(out_id->text, begin, sizeof out_id->text - 1);
            out_id->text[sizeof out_id->text - 1] = '\0';
        }
    }
    strbuf_release(&text);
}

static int set_aside_path(struct placing *placing, const struct older *older)
{
    struct placement *placement = placing->placement;
    const char *slash = placing->folder[0] != '\0' ? "/" : "";

    free(placement->aside);
    if (asprintf(&placement->aside, "%s%s%s", placing->folder, slash, older->name) < 0) {
        placement->aside = NULL;
        return -ENOMEM;
    }
    return 0;
}

int place_set_aside(struct placing *placing)
{
    struct older older = {.sidecar_moved = false};
    int code = look_at_older(placing, &older);

    if (code != 1)
        return code;
    code = 0;
    for (unsigned number = 1; code == 0 && number <= NUMBERS_MAX + 1; number++)
        code = try_number(placing, &older, number);
    if (code != 1)
        return code;
    code = set_aside_path(placing, &older); /* before anything is moved: nothing fails after */
    if (code == 0)
        code = move_both(placing, &older);
    if (code < 0 && code != -EEXIST && code != -ENOENT)
        return code;
    if (code == 0)
        find_id(placing->folder_fd, older.name_sidecar, &placing->placement->older);
    return 1; /* look again */
}

/* "STEM-….EXT.taxon.json" of "STEM.EXT": its length without the suffix; 0: it is not. */
static size_t sidecar_beside(const char *entry, const char *name)
{
    size_t name_len = strlen(name);
    size_t stem_len = name_extension(name, name_len);
    size_t extension_len = name_len - stem_len;
    size_t len = strlen(entry);

    if (len <= name_len + SIDECAR_SUFFIX_LEN || len > NAME_BYTES_MAX ||
        strcmp(entry + len - SIDECAR_SUFFIX_LEN, TEMPLATE_SIDECAR_SUFFIX) != 0)
        return 0;
    len -= SIDECAR_SUFFIX_LEN;
    if (memcmp(entry, name, stem_len) != 0 || entry[stem_len] != '-' ||
        memcmp(entry + len - extension_len, name + stem_len, extension_len) != 0)
        return 0;
    return len;
}

static int tell_entry(int folder_fd, const char *folder, const char *entry, size_t len,
                      int (*found)(void *context, const struct id *id, const char *path),
                      void *context)
{
    struct strbuf path = STRBUF_INIT;
    struct id id;
    int result = 0;

    find_id(folder_fd, entry, &id);
    strbuf_puts(&path, folder);
    if (path.len > 0)
        strbuf_putc(&path, '/');
    strbuf_append(&path, entry, len);
    if (path.failed)
        result = -ENOMEM;
    else if (id.text[0] != '\0')
        result = found(context, &id, strbuf_text(&path));
    strbuf_release(&path);
    return result;
}

int place_each_aside(int root_fd, const char *placed,
                     int (*found)(void *context, const struct id *id, const char *path),
                     void *context)
{
    const char *slash = strrchr(placed, '/');
    const char *name = slash != NULL ? slash + 1 : placed;
    char *folder = strndup(placed, slash != NULL ? (size_t)(slash - placed) : 0);
    int fd = folder == NULL ? -ENOMEM
                            : file_open_beneath(root_fd, folder[0] != '\0' ? folder : ".",
                                                O_RDONLY | O_DIRECTORY, 0);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    int result = entries == NULL ? (fd < 0 ? fd : -errno) : 0;

    while (entries != NULL && result == 0 && (entry = readdir(entries)) != NULL) {
        size_t len = sidecar_beside(entry->d_name, name);
        if (len > 0)
            result = tell_entry(fd, folder, entry->d_name, len, found, context);
    }
    if (entries != NULL)
        closedir(entries);
    else
        file_close(&fd);
    free(folder);
    return result;
}
