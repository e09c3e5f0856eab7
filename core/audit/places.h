/* audit/places: the folders that documents are filed in, and where in them a record lies. What
 * audit's own files share; nobody else includes it.
 */
#ifndef AUDIT_PLACES_H
#define AUDIT_PLACES_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/id.h"
#include "base/strbuf.h"
#include "config/settings.h"

#define PLACES_OWN_PREFIX      ".taxond-" /* what is being written; see route/place */
#define PLACES_QUARANTINE_FILE "reason.json"
#define PLACES_RECORD_MAX      ((size_t)16 << 20)

struct place {
    char root[SETTINGS_NAME_MAX + 16]; /* "archive:NAME" or "quarantine": as in the catalog */
    const char *path;                  /* the settings' */
    int fd;                            /* -1: it cannot be opened, see `error` */
    int error;                         /* negative errno */
    bool quarantine;
};

struct places {
    struct place *places;
    size_t count;
};

/* Opens all that can be opened; nothing is made. */
int places_open(const struct settings *settings, struct places *out_places,
                struct err *err) MUST_CHECK;
void places_close(struct places *places);
/* NULL: none is configured under that name. */
struct place *places_find(const struct places *places, const char *root);

/* Where the record of the document at `path` lies. False: nowhere (in the quarantine, but in no
 * folder of its own; or the path would be too long). */
bool place_sidecar_path(const struct place *place, const char *path, char out_path[PATH_MAX]);

/* Whether an entry is a document: a file, no record and nothing of taxond's own (`.taxond-…`). */
bool place_is_document(const struct place *place, const char *name, mode_t mode);
/* Whether it is a record by its name. */
bool place_is_sidecar(const struct place *place, const char *name);

/* What is to be known of a file. */
struct measure {
    uint64_t size;
    uint64_t device;
    uint64_t inode;
    int64_t mtime_ms;
    struct digest digest; /* when asked for */
};

/* 0; -ENOENT: nothing there; -EINVAL: no regular file, or behind a symbolic link; or what keeps it
 * from being read. */
int place_measure(const struct place *place, const char *path, bool with_digest,
                  struct measure *out_measure) MUST_CHECK;
/* Whether a file with that id and other bytes is in hand (INBOX/.taxond/work/ID): 1 or 0. The start
 * removes what is in work/ and filed, so nobody may call it filed because of a record alone. */
int places_in_hand(const struct settings *settings, const struct id *id,
                   const struct digest *digest);
/* The bytes of a record; the same results, and -EFBIG. */
int place_read(const struct place *place, const char *path, struct strbuf *out_text) MUST_CHECK;

#endif
