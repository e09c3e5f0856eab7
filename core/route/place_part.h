/* route/place_part: parts of a placement. What route/place's own files share; nobody else includes
 * it.
 */
#ifndef ROUTE_PLACE_PART_H
#define ROUTE_PLACE_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"
#include "route/name.h"
#include "route/place.h"

/* Numbers of a name: 1 is the name itself, up to PLACE_NUMBERS_MAX; behind them these two. */
#define PLACE_NUMBER_HASH (PLACE_NUMBERS_MAX + 1u)
#define PLACE_NUMBER_ID   (PLACE_NUMBERS_MAX + 2u)

#define PLACE_OWN_NAME_SIZE 64
/* Such names are removed from work/ at a start (inbox/inbox.c). */
#define PLACE_STAGED_FORMAT "%s.record.part"

/* A placement on its way. */
struct placing {
    struct placement *placement;
    char *folder; /* the target's, below the root; "" for the root; malloc'd */
    int folder_fd;
    int source_fd;                /* the document; -1: neither given nor in work/ */
    bool opened_source;           /* source_fd is ours to close */
    bool in_work;                 /* the source is still in work/ */
    struct stat source;           /* of source_fd, or what the claim said */
    char base[NAME_SIZE];         /* the target's name */
    char base_sidecar[NAME_SIZE]; /* "" when there is none */
    bool sidecar_follows;         /* it is called NAME.taxon.json */
    unsigned number;              /* being tried */
    char name[NAME_SIZE];         /* under it */
    char sidecar[NAME_SIZE];
    char temporary[PLACE_OWN_NAME_SIZE]; /* the sidecar while it is written in the archive */
    char staged[PLACE_OWN_NAME_SIZE];    /* the same in work/ */
    char part[PLACE_OWN_NAME_SIZE];      /* the document while it is copied */
    bool has_temporary;
    bool has_part;
    const char *doing; /* what failed, where the code alone would not tell; or NULL */
};

/* What stands under a name. */
enum place_found {
    PLACE_FREE,
    PLACE_TAKEN, /* by something else */
    PLACE_SAME,  /* by the document's bytes */
    PLACE_OURS   /* by what this placement put there */
};

/* place_name.c: splits target and sidecar, makes the names of the temporary files. -EBADMSG. */
int place_names_init(struct placing *placing) MUST_CHECK;
/* place_name.c: sets `name` and `sidecar` for a number. 0, or negative errno where
 * PLACE_NUMBER_HASH has to read the document; -ENOENT when there is none to read. */
int place_names_set(struct placing *placing, unsigned number) MUST_CHECK;

/* place.c: sets source_fd, source and in_work. */
int place_open_source(struct placing *placing) MUST_CHECK;

/* place_folder.c: sets `folder` and `folder_fd`, and makes the folder if the document is in work/.
 * -ENOTDIR when a file stands in its way and the policy is to fail. */
int place_open_folder(struct placing *placing) MUST_CHECK;

/* place_look.c: what stands there; enum place_found or negative errno. */
int place_look_sidecar(const struct placing *placing);
int place_look_document(const struct placing *placing);
/* place_look.c: the name in the folder whose sidecar is this placement's, whatever its number, into
 * `name` and `sidecar`. -ENOENT when there is none. */
int place_find_sidecar(struct placing *placing);
/* place_look.c: makes what stands under `name` durable, since it is to stand for the document. */
int place_keep(const struct placing *placing);
/* place_look.c: whether the file holds this document's bytes: enum place_found or negative errno.
 */
int place_compare(const struct placing *placing, int fd, const struct stat *status);

/* place_write.c: writes the sidecar under its temporary name, once, and syncs it. */
int place_write_sidecar(struct placing *placing);
/* place_write.c: copies the document to its .part, syncs and verifies it, once. */
int place_copy_document(struct placing *placing);
/* place_write.c: removes the temporary files, whoever made them. */
void place_remove_temporaries(struct placing *placing);
/* place_write.c: mode and owner as they are to be; the mode only if the file is ours to change, and
 * the file system has modes. */
int place_set_owner(struct placing *placing, int fd);

/* place_write.c: where the document is from, as an extended attribute, if that is asked for. */
int place_set_origin(const struct placing *placing, int fd);

/* place_aside.c: moves the document under `name` to another name, and its sidecar with it, if it is
 * older than ours. 1: done; 0: it is not, or cannot be; or negative errno. */
int place_set_aside(struct placing *placing);
/* place_aside.c: nothing is in work/, and there is no sidecar to tell: whether the document has
 * given way since it was placed. Sets `name`. PLACE_OURS, PLACE_SAME, PLACE_FREE or negative errno.
 */
int place_find_aside(struct placing *placing);

#endif
