/* audit/check_mend: what `taxon catalog check --repair` writes: records, and rows.
 *
 * Called by check_files and check_rows, one thing at a time, each durable before the next: a check
 * that is broken off has mended what it told of.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/check_part.h"
#include "base/file.h"

#define DRAFT_FLAGS (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
#define MODE_BITS   07777

static int write_draft(int folder_fd, const char *draft, const char *text, mode_t mode)
{
    int fd = file_open_beneath(folder_fd, draft, DRAFT_FLAGS, 0600);
    int code;

    if (fd < 0)
        return fd;
    code = fchmod(fd, mode & MODE_BITS) < 0 && errno != EPERM ? -errno : 0;
    if (code == 0)
        code = file_write_all(fd, text, strlen(text));
    if (code == 0 && fsync(fd) < 0)
        code = -errno;
    file_close(&fd);
    if (code < 0)
        (void)unlinkat(folder_fd, draft, 0);
    return code;
}

/* Under a name of its own, then renamed over nothing: as route/place writes it. */
static int put_file(int folder_fd, const char *name, const struct catalog_document *document,
                    mode_t mode)
{
    char draft[64];
    int code;

    snprintf(draft, sizeof draft, PLACES_OWN_PREFIX "%s.tmp", document->id.text);
    if (unlinkat(folder_fd, draft, 0) < 0 && errno != ENOENT)
        return -errno;
    code = write_draft(folder_fd, draft, document->record, mode);
    if (code < 0)
        return code;
    code = file_rename_noreplace(folder_fd, draft, folder_fd, name);
    if (code < 0)
        (void)unlinkat(folder_fd, draft, 0);
    return code == 0 && fsync(folder_fd) < 0 ? -errno : code;
}

int check_mend_sidecar(struct checking *checking, const struct catalog_document *document,
                       const struct place *place, const char *sidecar)
{
    const char *slash = strrchr(sidecar, '/');
    char folder[PATH_MAX];
    int fd;
    int code;

    if (!checking->check->repair || document->record[0] == '\0')
        return -EPERM;
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - sidecar),
             slash == NULL ? "." : sidecar);
    fd = file_open_beneath(place->fd, folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return fd;
    code = put_file(fd, slash == NULL ? sidecar : slash + 1, document,
                    checking->check->settings->placement.file_mode);
    file_close(&fd);
    return code;
}

/* Ends a transaction in which `result` came of the change. */
static int finish(struct checking *checking, int result)
{
    if (result == 0)
        result = catalog_commit(checking->check->catalog, checking->err);
    if (result < 0)
        catalog_rollback(checking->check->catalog);
    return result < 0 ? 1 : 0;
}

/* The steps that the row has not taken, as taxond would have taken them. */
static int finish_row(struct catalog *catalog, const struct catalog_filed *filed,
                      enum catalog_state state, struct err *err)
{
    const struct id *id = &filed->claim.id;
    int result = 0;

    if (state == CATALOG_GONE)
        result = catalog_reopen(catalog, id, filed->attempts, err);
    if (result == 0)
        result = catalog_set_decided(catalog, &filed->decision, err);
    if (result == 0)
        result = catalog_set_filed(catalog, id, filed->effect, filed->placed, filed->filed_ms, err);
    return result;
}

int check_mend_row(struct checking *checking, const struct filed_record *record,
                   enum catalog_state state)
{
    struct catalog *catalog = checking->check->catalog;
    int result;

    if (!checking->check->repair)
        return -EPERM;
    result = catalog_begin(catalog, checking->err);
    if (result == 0)
        result = state == (enum catalog_state)0
                     ? catalog_add_filed(catalog, &record->row, checking->err)
                     : finish_row(catalog, &record->row, state, checking->err);
    return finish(checking, result);
}

int check_mend_place(struct checking *checking, const struct catalog_document *document,
                     const char *path)
{
    struct catalog *catalog = checking->check->catalog;
    int result;

    if (!checking->check->repair)
        return -EPERM;
    result = catalog_begin(catalog, checking->err);
    if (result == 0)
        result = catalog_move(catalog, document, checking->place->root, path, checking->err);
    return finish(checking, result);
}
