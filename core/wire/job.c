/* wire/job: one document for a worker.
 *
 * Packed by the pool, unpacked by the worker. The supervisor is trusted; what stands in the fields
 * came from a document's name and its source all the same, so the worker checks that it is text.
 */
#include "wire/job.h"

#include "wire/pack.h"

void job_pack(struct strbuf *out, const struct job *job)
{
    pack_u64(out, job->size);
    pack_u32(out, job->time_ms);
    pack_u8(out, job->wants_text);
    pack_text(out, job->name);
    pack_text(out, job->source);
    pack_text(out, job->url);
    pack_text(out, job->charset);
    pack_text(out, job->media_type);
    pack_text(out, job->features);
    pack_u32(out, job->members);
    pack_u64(out, job->member_from);
    pack_u64(out, job->member_offset);
    pack_u64(out, job->members_left);
    pack_u64(out, job->bytes_left);
}

int job_unpack(struct arena *arena, const void *data, size_t len, struct job *out_job)
{
    struct unpack in;
    struct job job;

    unpack_init(&in, data, len, arena);
    job.size = unpack_u64(&in);
    job.time_ms = unpack_u32(&in);
    job.wants_text = unpack_u8(&in) != 0;
    job.name = unpack_text(&in);
    job.source = unpack_text(&in);
    job.url = unpack_text(&in);
    job.charset = unpack_text(&in);
    job.media_type = unpack_text(&in);
    job.features = unpack_text(&in);
    job.members = unpack_u32(&in);
    job.member_from = unpack_u64(&in);
    job.member_offset = unpack_u64(&in);
    job.members_left = unpack_u64(&in);
    job.bytes_left = unpack_u64(&in);
    if (unpack_done(&in))
        *out_job = job;
    return unpack_result(&in);
}
