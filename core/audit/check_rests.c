/* audit/check_rests: what an end of taxond leaves in an archive, and records that lie alone.
 *
 * Called by check_files. Removes nothing but the rests of a document that is filed, and those only
 * to repair.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/check_part.h"
#include "audit/tree.h"
#include "route/template.h"

/* Whether the document with that id is on its way. */
static int is_on_its_way(struct checking *checking, const char *text)
{
    enum catalog_state state = CATALOG_FILED;
    char *path = NULL;
    struct id id;
    int result;

    if (!id_is_valid(text))
        return 0;
    memcpy(id.text, text, sizeof id.text);
    result = catalog_find(checking->check->catalog, &id, &state, &path, checking->err);
    free(path);
    if (result < 0)
        return result == -ENOENT ? 0 : result;
    return state == CATALOG_CLAIMED || state == CATALOG_DECIDED;
}

/* ".taxond-ID.tmp", ".taxond-ID.part": of a document on its way, they are the next start's. Of one
 * that is filed, they are rests. */
int check_leftover(struct checking *checking, const struct tree_file *file)
{
    struct catalog_document document;
    struct id id = {""};
    bool removed = false;
    int result;

    snprintf(id.text, sizeof id.text, "%s", file->name + strlen(PLACES_OWN_PREFIX));
    result = is_on_its_way(checking, id.text);
    if (result != 0)
        return result < 0 ? result : 0;
    if (faccessat(file->folder_fd, file->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return 0; /* it was finished meanwhile */
    if (checking->check->repair && id_is_valid(id.text) &&
        catalog_look(checking->check->catalog, &id, &document, checking->err) == 0) {
        removed = document.state == CATALOG_FILED &&
                  check_is_there(checking, document.root, document.placed) &&
                  unlinkat(file->folder_fd, file->name, 0) == 0;
        catalog_document_release(&document);
    }
    return check_tell(checking, FINDING_LEFTOVER, id_is_valid(id.text) ? id.text : "", file->path,
                      "", removed);
}

/* Told here only when no row speaks of its document: else check_rows misses that. */
int check_lone_sidecar(struct checking *checking, const struct tree_file *file)
{
    struct strbuf text = STRBUF_INIT;
    char path[PATH_MAX];
    struct measure measure;
    struct filed_record record = {.json = NULL};
    struct err why = {""};
    int result;

    snprintf(path, sizeof path, "%.*s", (int)(strlen(file->path) - strlen(TEMPLATE_SIDECAR_SUFFIX)),
             file->path);
    if (place_measure(checking->place, path, false, &measure) != -ENOENT)
        return 0;
    result = place_read(checking->place, file->path, &text);
    if (result == 0 && filed_record_parse(strbuf_text(&text), text.len, &record, &why) == 0) {
        result = is_on_its_way(checking, record.row.claim.id.text);
        if (result == 0 && place_measure(checking->place, path, false, &measure) == 0)
            result = 1; /* it came meanwhile */
    }
    strbuf_release(&text);
    if (result == 0)
        result = check_is_known(checking, path);
    if (result == 0)
        check_tell(checking, FINDING_LONE_SIDECAR,
                   record.json == NULL ? "" : record.row.claim.id.text, file->path, "", false);
    filed_record_release(&record);
    return result < 0 && result != -ENOENT ? result : 0;
}
