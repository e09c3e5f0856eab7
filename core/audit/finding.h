/* audit/finding: what can be wrong between the catalog and the disk. */
#ifndef AUDIT_FINDING_H
#define AUDIT_FINDING_H

#include <stdbool.h>

enum finding_kind {
    FINDING_MISSING,         /* a filed document is not where its row says */
    FINDING_CHANGED,         /* other bytes lie there */
    FINDING_SIDECAR_MISSING, /* its record is not beside it */
    FINDING_SIDECAR_CHANGED, /* another record is */
    FINDING_MOVED,           /* it lies elsewhere, with its record */
    FINDING_COPY,            /* it lies elsewhere, too, with its record */
    FINDING_NO_ROW,          /* a document with a record that holds, and no row */
    FINDING_UNKNOWN,         /* a file with neither row nor record */
    FINDING_WRONG_SIDECAR,   /* a record that does not speak of the document beside it */
    FINDING_LONE_SIDECAR,    /* a record without a document */
    FINDING_LEFTOVER,        /* what was being written when taxond ended, and is not needed */
    FINDING_ROW_TWICE,       /* two rows say that their document lies there */
    FINDING_LOST,            /* a decided document is neither in work/ nor placed */
    FINDING_NO_INBOX,        /* rows of documents in hand of an inbox that is not configured */
    FINDING_NO_ROOT,         /* rows of an archive that is not configured or cannot be read */
    FINDING_UNREADABLE,      /* a folder or file that cannot be read */
    FINDING_KINDS
};

struct finding {
    enum finding_kind kind;
    const char *id;     /* of the document; "" when there is none to name */
    const char *root;   /* "archive:NAME", "quarantine", "inbox:NAME" */
    const char *path;   /* bytes, below the root; "" for the root itself */
    const char *detail; /* what was found there, in words; "" when the kind says it all */
    bool repaired;
};

/* One word for programs: "sidecar-missing". */
const char *finding_word(enum finding_kind kind);
/* What it is, in a sentence's half: "the record beside it is missing". */
const char *finding_meaning(enum finding_kind kind);
/* What a person can do. */
const char *finding_way_out(enum finding_kind kind);
/* Whether `taxon catalog check --repair` mends it. */
bool finding_is_safe(enum finding_kind kind);

#endif
