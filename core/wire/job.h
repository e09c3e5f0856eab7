/* wire/job: one document for a worker. The descriptor rides with the frame. */
#ifndef WIRE_JOB_H
#define WIRE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"

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
};

void job_pack(struct strbuf *out, const struct job *job);
int job_unpack(struct arena *arena, const void *data, size_t len, struct job *out_job);

#endif
