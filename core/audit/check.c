/* audit/check: the catalog held against the disk, and the disk against the catalog.
 *
 * Called by the command line (taxon catalog check), beside a running taxond if need be. It reads
 * SQLite's own check first, then each file, then each row. Without `repair` it changes nothing;
 * with it, only what cannot destroy anything: no document is ever moved, changed or removed.
 */
#include "audit/check.h"

#include <errno.h>
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
    result = check_files(&checking);
    if (result == 0)
        result = check_rows(&checking);
    places_close(&checking.places);
    return result;
}
