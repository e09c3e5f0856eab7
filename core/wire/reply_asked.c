/* wire/reply_asked: parts of a reply that only some jobs ask for, on their way in: the text, the
 * blocks that come with it, and the members of a container.
 *
 * Called by reply_unpack.c. Both lists are in order and do not overlap; whoever sent them is not
 * believed in that.
 */
#include "wire/reply_asked.h"

#include <string.h>

#include "base/utf8.h"
#include "wire/form.h"
#include "wire/job.h"

#define BLOCK_SIZE   (4 + 4 + 8 + 8)
#define MEMBER_LEAST (8 + 8 + 8 + 5 * 4)

void reply_text_in(struct reading *reading)
{
    size_t len;
    const void *bytes = unpack_bytes(&reading->in, &len);
    char *copy;

    reading_expect(reading, len == reading->reply->text_len, "the text is not as long as it says");
    if (reading->in.bad)
        return;
    reading_expect(reading, utf8_is_valid(bytes, len), "the text is not UTF-8");
    copy = unpack_array(&reading->in, len + 1, 1);
    reading_expect(reading, copy != NULL, "out of memory");
    if (copy != NULL)
        reading->reply->text = memcpy(copy, bytes, len);
}

static void block_in(struct reading *reading, struct reply_block *block, uint64_t least)
{
    block->kind = unpack_u32(&reading->in);
    block->level = unpack_u32(&reading->in);
    reading_range(reading, &block->begin, &block->end, "a block lies outside the text");
    reading_expect(reading,
                   block->kind >= TAXON_BLOCK_PARAGRAPH && block->kind <= TAXON_BLOCK_OTHER,
                   "a block of unknown kind");
    reading_expect(reading, block->level <= BLOCK_LEVEL_MAX, "a block's level is out of range");
    reading_expect(reading, block->begin >= least, "blocks overlap or are out of order");
}

void reply_blocks_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, BLOCK_SIZE, reading->limits->blocks, sizeof *reply->blocks,
                                &array, "more blocks than limits.blocks");

    reply->blocks = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++)
        block_in(reading, &reply->blocks[i], i == 0 ? 0 : reply->blocks[i - 1].end);
    reply->shown_block_count = count;
}

/* They follow one another in the container and in the spool, and do not overlap there. */
static void member_in(struct reading *reading, const struct reply_member *before,
                      struct reply_member *member)
{
    member->index = unpack_u64(&reading->in);
    member->begin = unpack_u64(&reading->in);
    member->len = unpack_u64(&reading->in);
    member->name = unpack_path(&reading->in);
    reading_expect(reading, strlen(member->name) <= JOB_MEMBER_NAME_MAX, "a member's name is long");
    member->url = reading_line(reading, JOB_MEMBER_FIELD_MAX, "a member's malformed url");
    member->date = reading_line(reading, JOB_MEMBER_DATE_MAX, "a member's malformed date");
    member->charset = reading_token(reading, "a member's malformed charset");
    member->media_type = reading_token(reading, "a member's malformed media type");
    reading_expect(reading, member->index < REPLY_INDEX_MAX && member->begin < REPLY_INDEX_MAX,
                   "a member's place is out of bounds");
    reading_expect(reading, member->len <= reading->limits->file_bytes,
                   "a member is larger than limits.file");
    reading_expect(reading,
                   before == NULL || (member->index > before->index &&
                                      member->begin >= before->begin + before->len),
                   "members are not in order");
}

void reply_members_in(struct reading *reading)
{
    struct reply *reply = reading->reply;
    void *array = NULL;
    size_t count = reading_list(reading, MEMBER_LEAST, JOB_MEMBERS_MAX, sizeof *reply->members,
                                &array, "too many members");

    reply->members = array;
    for (size_t i = 0; !reading->in.bad && i < count; i++)
        member_in(reading, i == 0 ? NULL : &reply->members[i - 1], &reply->members[i]);
    reply->member_count = count;
    reply->has_more = unpack_u8(&reading->in) != 0;
    reply->next_member = unpack_u64(&reading->in);
    reply->next_offset = unpack_u64(&reading->in);
    reading_expect(reading,
                   reply->next_member < REPLY_INDEX_MAX && reply->next_offset < REPLY_INDEX_MAX,
                   "the next member's place is out of bounds");
    reading_expect(reading,
                   count == 0 || !reply->has_more ||
                       reply->next_member > reply->members[count - 1].index,
                   "the next member is one of those before");
    reply->is_container = true;
}
