/* route/place: puts a document and its sidecar where its plan says.
 *
 * Called by the line's batch thread, a document at a time, and again after a crash or a failure
 * with the same input. Whatever happened before, these are the states it can find, and what it
 * does:
 *
 *     in work/   sidecar      document    →
 *     yes        –            –           write the sidecar, rename it, rename the document
 *     yes        ours         –           the name is reserved already: rename the document
 *     yes        ours         our bytes   copied across file systems before: done, source remains
 *     yes        any          our bytes   the same bytes are filed: done, source remains
 *     yes        taken by others, either  the next number
 *     no         ours         any         done before
 *     no         –            –           -ENOENT
 *
 * It never replaces and never follows a link (every rename is NOREPLACE, every name one component
 * below a folder opened beneath the root). It removes nothing but its own sidecar and temporaries.
 */
#include "route/place.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "route/place_part.h"

#define RACES_MAX   16 /* somebody else took the name meanwhile: look again, so often */
#define SOURCE_MODE (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* What came of trying a name. */
enum outcome { OUTCOME_TAKEN, OUTCOME_RACE, OUTCOME_DONE };

int place_open_source(struct placing *placing)
{
    const struct placement *placement = placing->placement;
    struct stat in_work;

    placing->source_fd = placement->document_fd;
    if (placing->source_fd < 0 && !placement->is_copy) {
        int fd = file_open_beneath(placement->work_fd, placement->id.text, SOURCE_MODE, 0);
        if (fd < 0 && fd != -ENOENT)
            return fd;
        placing->source_fd = fd < 0 ? -1 : fd;
        placing->opened_source = fd >= 0;
    }
    placing->source.st_dev = placement->device;
    placing->source.st_ino = placement->inode;
    if (placing->source_fd < 0)
        return 0;
    if (fstat(placing->source_fd, &placing->source) < 0)
        return -errno;
    placing->in_work = placement->is_copy;
    if (placement->is_copy)
        return 0;
    if (fstatat(placement->work_fd, placement->id.text, &in_work, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (in_work.st_dev != placing->source.st_dev || in_work.st_ino != placing->source.st_ino)
        return -ESTALE; /* work/ is ours alone; whoever was in there, we touch nothing */
    placing->in_work = true;
    return 0;
}

static int remove_sidecar(const struct placing *placing)
{
    if (placing->sidecar[0] == '\0' || unlinkat(placing->folder_fd, placing->sidecar, 0) == 0)
        return 0;
    return errno == ENOENT ? 0 : -errno;
}

/* 0, OUTCOME_RACE or negative errno. */
static int reserve(struct placing *placing)
{
    int work_fd = placing->placement->work_fd;
    int code;

    if (placing->sidecar[0] == '\0')
        return 0;
    code = file_rename_noreplace(work_fd, placing->staged, placing->folder_fd, placing->sidecar);
    if (code != -ENOENT && code != -EXDEV)
        return code == -EEXIST ? OUTCOME_RACE : code;
    if (code == -EXDEV)
        (void)unlinkat(work_fd, placing->staged, 0);
    code = place_write_sidecar(placing);
    if (code < 0)
        return code;
    code = file_rename_noreplace(placing->folder_fd, placing->temporary, placing->folder_fd,
                                 placing->sidecar);
    if (code == 0)
        placing->has_temporary = false;
    return code == -EEXIST ? OUTCOME_RACE : code;
}

static int move_document(struct placing *placing)
{
    struct placement *placement = placing->placement;
    int code = -EXDEV;

    if (!placing->has_part && !placement->is_copy)
        code = file_rename_noreplace(placement->work_fd, placement->id.text, placing->folder_fd,
                                     placing->name);
    if (code != -EXDEV)
        return code;
    code = place_copy_document(placing);
    if (code == 0)
        code = file_rename_noreplace(placing->folder_fd, placing->part, placing->folder_fd,
                                     placing->name);
    if (code == 0) {
        placing->has_part = false;
        placement->copied = true;
    }
    return code;
}

/* The name is reserved. Without the document under it, it is given back. */
static int put_document(struct placing *placing)
{
    int code = 0;

    if (!placing->placement->is_copy) {
        code = place_set_origin(placing, placing->source_fd);
        if (code == 0)
            code = place_set_owner(placing, placing->source_fd);
    }
    if (code == 0)
        code = move_document(placing);
    if (code == 0)
        return OUTCOME_DONE;
    int undone = remove_sidecar(placing);
    if (code != -EEXIST)
        return code;
    return undone < 0 ? undone : OUTCOME_RACE;
}

/* The bytes are there: it remains to make sure that they stay. */
static int take_same(struct placing *placing, bool *which)
{
    int code = place_keep(placing);

    if (code < 0)
        return code;
    *which = true;
    return OUTCOME_DONE;
}

/* Tries the name set in `placing`: enum outcome or negative errno. */
static int try_name(struct placing *placing)
{
    struct placement *placement = placing->placement;
    int sidecar = place_look_sidecar(placing);
    int document = sidecar < 0 ? sidecar : place_look_document(placing);

    if (document < 0)
        return document;
    if (sidecar == PLACE_OURS && document == PLACE_FREE)
        return put_document(placing);
    if (sidecar == PLACE_OURS && document == PLACE_SAME)
        return take_same(placing, &placement->copied);
    if (sidecar == PLACE_OURS) {
        int code = remove_sidecar(placing);
        return code < 0 ? code : OUTCOME_TAKEN;
    }
    if (document == PLACE_SAME)
        return take_same(placing, &placement->same);
    if (document == PLACE_TAKEN && placing->number == 1 &&
        placement->policy == CONFLICT_REPLACE_OLDER) {
        int code = place_set_aside(placing);
        return code > 0 ? OUTCOME_RACE : code < 0 ? code : OUTCOME_TAKEN;
    }
    if (document == PLACE_TAKEN || sidecar == PLACE_TAKEN)
        return OUTCOME_TAKEN;
    int code = reserve(placing);
    return code != 0 ? code : put_document(placing);
}

static int place_source(struct placing *placing)
{
    unsigned last = placing->placement->policy == CONFLICT_FAIL ? 1 : (unsigned)PLACE_NUMBER_ID;

    for (unsigned number = 1; number <= last; number++) {
        int outcome = place_names_set(placing, number);
        if (outcome < 0)
            return outcome;
        for (int races = 0; races < RACES_MAX; races++) {
            outcome = try_name(placing);
            if (outcome != OUTCOME_RACE)
                break;
        }
        if (outcome < 0)
            return outcome;
        if (outcome == OUTCOME_DONE)
            return 0;
    }
    return -EEXIST;
}

/* Nothing is in work/. 1: what stands under `name` is what was placed; 0: it is not; *out_same: but
 * it has the document's bytes; *out_free: nothing stands there. Or negative errno. */
static int is_placed(const struct placing *placing, bool *out_same, bool *out_free)
{
    int sidecar = place_look_sidecar(placing);
    int document = sidecar < 0 ? sidecar : place_look_document(placing);

    if (document < 0)
        return document;
    *out_same = document == PLACE_SAME;
    *out_free = document == PLACE_FREE && sidecar == PLACE_FREE;
    if (document == PLACE_FREE)
        return 0;
    return sidecar == PLACE_OURS || document == PLACE_OURS;
}

/* Looks through the numbers up to the first that is free. 1: found, names set; 0; negative errno.
 */
static int find_number(struct placing *placing, unsigned *out_same)
{
    bool is_free = false;

    for (unsigned number = 1; number <= PLACE_NUMBER_ID && !is_free; number++) {
        bool same = false;
        int code = place_names_set(placing, number);
        if (code == -ENOENT)
            continue; /* no digest to make that name of */
        if (code == 0)
            code = is_placed(placing, &same, &is_free);
        if (code != 0)
            return code;
        if (same && *out_same == 0)
            *out_same = number;
    }
    return 0;
}

/* After a crash between placing and remembering: finds what was done. Its own sidecar first; then,
 * since numbers may have fallen free meanwhile, any sidecar of the folder; then the bytes, which
 * were there before and made the copy in work/ needless. */
static int find_placed(struct placing *placing)
{
    unsigned same = 0;
    int code = find_number(placing, &same);

    if (code != 0)
        return code < 0 ? code : 0;
    code = placing->sidecar_follows ? place_find_sidecar(placing) : -ENOENT;
    if (code == -ENOENT && placing->placement->policy == CONFLICT_REPLACE_OLDER) {
        int found = place_find_aside(placing);
        if (found == PLACE_SAME) {
            code = place_keep(placing);
            placing->placement->same = code == 0;
            return code;
        }
        if (found < 0 || found == PLACE_OURS)
            return found < 0 ? found : 0;
    }
    if (code != -ENOENT || same == 0)
        return code;
    code = place_names_set(placing, same);
    if (code == 0)
        code = place_keep(placing);
    placing->placement->same = code == 0;
    return code;
}

/* Before anything is moved, so that nothing can fail after. */
static int make_room_for_placed(struct placing *placing)
{
    placing->placement->placed = malloc(strlen(placing->folder) + 1 + NAME_SIZE);
    return placing->placement->placed != NULL ? 0 : -ENOMEM;
}

static void set_placed(const struct placing *placing)
{
    char *placed = placing->placement->placed;
    size_t folder_len = strlen(placing->folder);

    memcpy(placed, placing->folder, folder_len);
    if (folder_len > 0)
        placed[folder_len++] = '/';
    memcpy(placed + folder_len, placing->name, strlen(placing->name) + 1);
}

static int carry_out(struct placing *placing)
{
    struct placement *placement = placing->placement;
    int code = place_names_init(placing);

    if (code == 0)
        code = place_open_source(placing);
    if (code == 0)
        code = place_open_folder(placing);
    if (code == 0)
        code = make_room_for_placed(placing);
    if (code < 0)
        return code;
    code = placing->in_work ? place_source(placing) : find_placed(placing);
    if (code < 0 || placement->same || placement->copied)
        place_remove_temporaries(placing);
    if (code == 0)
        set_placed(placing);
    return code;
}

static const char *reason(int code)
{
    switch (code) {
    case -ENOTDIR:
        return "a file stands where the path needs a folder";
    case -EXDEV:
    case -ELOOP:
        return "the path leads through a symbolic link or out of the root";
    case -EEXIST:
        return "the name is taken by another document";
    case -EBADMSG:
        return "that is no path for a document and its sidecar";
    case -EINVAL:
        return "this file system cannot rename without replacing (RENAME_NOREPLACE)";
    case -ESTALE:
        return "the file in work/ is not the one that was claimed";
    case -ENOENT:
        return "the document is neither in work/ nor where it belongs";
    default:
        return strerror(-code);
    }
}

int place_document(struct placement *placement, struct err *err)
{
    struct placing placing = {.placement = placement, .folder_fd = -1, .source_fd = -1};

    assert(placement->target != NULL && placement->sidecar != NULL);
    placement->same = false;
    placement->copied = false;
    placement->folders_made = false;
    placement->folder_fd = -1;
    placement->placed = NULL;
    placement->aside = NULL;
    placement->older.text[0] = '\0';
    int code = carry_out(&placing);
    free(placing.folder);
    if (placing.opened_source)
        file_close(&placing.source_fd);
    placement->folder_fd = placing.folder_fd;
    if (code == 0)
        return 0;
    free(placement->placed); /* `aside` stays: that was done */
    placement->placed = NULL;
    file_close(&placement->folder_fd);
    return err_set(err, code, "%s: %s%s%s", placement->target,
                   placing.doing != NULL ? placing.doing : "", placing.doing != NULL ? ": " : "",
                   reason(code));
}

int place_finish(struct placement *placement, struct err *err)
{
    if (placement->is_copy || (!placement->same && !placement->copied))
        return 0;
    if (unlinkat(placement->work_fd, placement->id.text, 0) == 0 || errno == ENOENT)
        return 0;
    return err_set(err, -errno, "work/%s: %s", placement->id.text, strerror(errno));
}

void place_release(struct placement *placement)
{
    free(placement->placed);
    free(placement->aside);
    placement->placed = NULL;
    placement->aside = NULL;
    file_close(&placement->folder_fd);
}
