/* wire/job: one document for a worker. The descriptor rides with the frame. */
#ifndef WIRE_JOB_H
#define WIRE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"

/* What becomes of the members of a container. */
enum job_members {
    JOB_MEMBERS_ASK = 0,  /* only whether there are any */
    JOB_MEMBERS_TAKE = 1, /* into the spool, whose descriptor comes in a frame before the job's */
    JOB_MEMBERS_NONE = 2  /* they were taken, or are not to be: it is only described */
};

/* One turn at a container takes at most so many members and so many bytes, but one at least. */
#define JOB_MEMBERS_MAX      256u
#define JOB_MEMBERS_BYTES    ((uint64_t)32 << 20)
#define JOB_MEMBER_NAME_MAX  1024u /* bytes; a longer name is cut */
#define JOB_MEMBER_FIELD_MAX 2000u /* bytes of a url */
#define JOB_MEMBER_DATE_MAX  64u   /* bytes */

struct job {
    uint64_t size;    /* bytes of the document */
    uint32_t time_ms; /* until should_stop() says so */
    bool wants_text;  /* the reply is to bring the decoded text, too */
    const char *name; /* as shown: valid UTF-8, no controls */
    const char *source;
    const char *url;        /* "" when unknown */
    const char *charset;    /* declared from outside, "" when unknown */
    const char *media_type; /* declared from outside, "" when unknown */
    const char *features;   /* the scheme whose features the reply is to bring, "" for none */
    uint32_t members;       /* enum job_members */
    uint64_t member_from;   /* the first member that is wanted, by its index */
    uint64_t member_offset; /* where the reader said that it begins; 0: unknown */
    uint64_t members_left;  /* of limits.members */
    uint64_t bytes_left;    /* that its members may have, by limits.expansion_ratio */
};

void job_pack(struct strbuf *out, const struct job *job);
int job_unpack(struct arena *arena, const void *data, size_t len, struct job *out_job);

#endif
