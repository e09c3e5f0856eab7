/* audit/finding: the words for what can be wrong between the catalog and the disk. */
#include "audit/finding.h"

#include <assert.h>

struct words {
    const char *word;
    const char *meaning;
    const char *way_out;
    bool safe;
};

#define REPAIR "taxon catalog check --repair"

static const struct words words[FINDING_KINDS] = {
    [FINDING_MISSING] = {"missing", "the document is not where it was filed",
                         "put it back from a backup; its record: taxon why ID", false},
    [FINDING_CHANGED] = {"changed", "the file is not the document that was filed there",
                         "compare it with a backup, and put the document back", false},
    [FINDING_SIDECAR_MISSING] = {"sidecar-missing", "the record beside it is missing",
                                 REPAIR " writes it anew from the catalog", true},
    [FINDING_SIDECAR_CHANGED] = {"sidecar-changed", "the record beside it is not the catalog's",
                                 "compare it with taxon why --json ID; to have the catalog's, "
                                 "move it away, then " REPAIR,
                                 false},
    [FINDING_MOVED] = {"moved", "it was filed elsewhere and moved here with its record",
                       REPAIR " notes the new place; or move both back", true},
    [FINDING_COPY] = {"copy", "it is a copy, with its record, of a document that lies elsewhere",
                      "remove one of them, with its record", false},
    [FINDING_NO_ROW] = {"no-row", "the catalog does not know it; its record holds",
                        REPAIR " takes it into the catalog", true},
    [FINDING_UNKNOWN] = {"unknown", "neither the catalog nor a record knows this file",
                         "move it into an inbox, to have it filed; or out of the archive", false},
    [FINDING_WRONG_SIDECAR] = {"wrong-sidecar", "the record is not this document's",
                               "find out who put them there; move both out of the archive", false},
    [FINDING_LONE_SIDECAR] = {"lone-sidecar", "a record without its document",
                              "put the document back, or remove the record", false},
    [FINDING_LEFTOVER] = {"leftover", "left from an end of taxond while it was written",
                          REPAIR " removes it where its document is filed; else remove it", true},
    [FINDING_ROW_TWICE] = {"row-twice", "two documents are said to lie there",
                           "look at both: taxon why --json ID", false},
    [FINDING_LOST] = {"lost", "it was being filed, and is neither in work/ nor in place",
                      "put it back as INBOX/.taxond/work/ID from a backup; its record: "
                      "taxon why ID",
                      false},
    [FINDING_NO_INBOX] = {"no-inbox", "documents in hand belong to an inbox that is not configured",
                          "configure the inbox again until they are filed", false},
    [FINDING_NO_ROOT] = {"no-root", "documents are filed there, and it cannot be looked at",
                         "mount it, or configure it again", false},
    [FINDING_UNREADABLE] = {"unreadable", "it cannot be read",
                            "run the check as taxond's user, and look at its modes", false},
};

static const struct words *words_of(enum finding_kind kind)
{
    assert(kind >= 0 && kind < FINDING_KINDS);
    return &words[kind];
}

const char *finding_word(enum finding_kind kind)
{
    return words_of(kind)->word;
}

const char *finding_meaning(enum finding_kind kind)
{
    return words_of(kind)->meaning;
}

const char *finding_way_out(enum finding_kind kind)
{
    return words_of(kind)->way_out;
}

bool finding_is_safe(enum finding_kind kind)
{
    return words_of(kind)->safe;
}
