/* route/subject: all that is known about one document when its way is decided: where it came from
 * (trusted: the supervisor's own) and what a worker said (checked by reply_unpack). Borrowed
 * pointers; nobody owns anything through it.
 */
#ifndef ROUTE_SUBJECT_H
#define ROUTE_SUBJECT_H

#include <stdint.h>

#include "base/digest.h"
#include "base/id.h"
#include "route/near.h"
#include "wire/manifest.h"
#include "wire/reply.h"

/* What is known of a document besides its bytes: by its container, or by who delivered it. */
struct subject_origin {
    const struct digest *container; /* of the container it was a member of; NULL: of none */
    uint64_t member;                /* its index there */
    const char *name;               /* bytes: its name there */
    const char *date;               /* "" when unknown */
};

/* What became of the members of a document that is a container. */
struct subject_members {
    uint64_t count; /* taken out of it */
    uint64_t bytes;
    const char *verdict; /* what was wrong with it, and limits reached; "" nothing */
};

struct subject {
    struct id id;
    struct digest digest; /* of the bytes */
    uint64_t size;
    const char *source;
    const char *inbox;
    const char *path;    /* bytes: relative to the inbox */
    const char *name;    /* bytes: the last component of it */
    const char *url;     /* "" when unknown */
    int64_t mtime_ms;    /* the file's, wall clock */
    int64_t received_ms; /* when it was claimed, wall clock */
    uint32_t attempts;
    uint64_t generation;
    const struct manifest *manifest;
    const struct reply *reply; /* NULL: no worker answered (the verdict is a quarantine) */
    const struct near *near;   /* an earlier document that this one is like; NULL: none known */
    const char *failure;       /* why it goes to quarantine, one line; NULL otherwise */
    const char *failure_stage; /* the stage it failed in ("classify topics"), or NULL */
    const char *failure_by;    /* the plugin whose stage that was (record_name_plugin), or NULL */
    struct subject_origin origin;
    struct subject_members members; /* of a container; verdict NULL: it is none */
};

#endif
