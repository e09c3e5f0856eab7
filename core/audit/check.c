/* audit/check: the catalog held against the disk, and the disk against the catalog.
 *
 * Called by the command line (taxon catalog check), beside a running taxond if need be. It reads
 * SQLite's own check first, then each row, then each file. Without `repair` it changes nothing;
 * with it, only what cannot destroy anything: no document is ever moved, changed or removed.
 */
#include "audit/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit/check_part.h"

void check_report(struct checking *checking, const struct finding *finding)
{
    struct check *check = checking->check;

    if (finding->repaired)
        check->repaired++;
    else
        check->findings++;
    if (check->found != NULL)
        check->found(check->context, finding);
}

int check_tell(struct checking *checking, enum finding_kind kind, const char *id, const char *path,
               const char *detail, bool repaired)
{
    const struct finding finding = {kind, id, checking->place->root, path, detail, repaired};

    check_report(checking, &finding);
    return 0;
}

int check_is_known(struct checking *checking, const char *path)
{
    struct catalog *catalog = checking->check->catalog;
    struct catalog_document document;
    char known[MARK_SIZE];
    int result;

    snprintf(known, sizeof known, MARK_KNOWN "%s", checking->place->root);
    result = catalog_is_marked(catalog, known, path, checking->err);
    if (result != 0)
        return result;
    result = catalog_look_bare(catalog, checking->place->root, path, &document, checking->err);
    if (result < 0)
        return result == -ENOENT ? 0 : result;
    catalog_document_release(&document);
    return 1;
}

bool check_is_there(const struct checking *checking, const char *root, const char *path)
{
    const struct place *place = places_find(&checking->places, root);
    struct measure measure;

    return place == NULL || place_measure(place, path, false, &measure) != -ENOENT;
}

int check_catalog(struct check *check, struct err *err)
{
    struct checking checking = {.check = check, .err = err};
    int result;

    check->rows = check->files = check->in_hand = check->left = 0;
    check->findings = check->repaired = 0;
    result = catalog_check_pages(check->catalog, check->quick, err);
    if (result == 0)
        result = places_open(check->settings, &checking.places, err);
    if (result < 0)
        return result;
    result = check_rows(&checking);
    if (result == 0)
        result = check_files(&checking);
    if (result == 0)
        result = check_rows_in_the_end(&checking);
    places_close(&checking.places);
    return result;
}
