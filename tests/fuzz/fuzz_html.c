/* Fuzz target: any text as a page of HTML. The reader, with the parser that it uses, ends without
 * an error; its text is valid UTF-8, its blocks are in order, within the text and a line each, its
 * facts stand where they say.
 *
 * The input becomes valid UTF-8 first, as the host makes it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <taxon/plugin.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ALLOCATIONS_MAX 4096u

static struct {
    void *allocations[ALLOCATIONS_MAX]; /* each by itself, so that a sanitizer sees its end */
    size_t allocation_count;
    char *text;
    size_t text_len;
    size_t block_end;
} session;

/* Not assert(3): this must also hold in a build without assertions. */
static void must(int holds)
{
    if (!holds)
        abort();
}

static void *alloc(struct taxon_task *task, size_t size)
{
    (void)task;
    must(session.allocation_count < ALLOCATIONS_MAX);
    void *memory = calloc(1, size == 0 ? 1 : size);
    must(memory != NULL);
    session.allocations[session.allocation_count++] = memory;
    return memory;
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return 0;
}

static void log_line(struct taxon_task *task, uint32_t level, const char *line)
{
    (void)task;
    must(level <= TAXON_LOG_ERROR && line[0] != '\0');
}

/* The length of the valid character at `p`, or 0 (Unicode, table 3-7). */
static size_t character_at(const unsigned char *p, size_t left)
{
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

    if (size == 0 || p[0] > 0xF4 || size > left)
        return 0;
    low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : low;
    high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : high;
    if (size > 1 && (p[1] < low || p[1] > high))
        return 0;
    for (size_t i = 2; i < size; i++)
        if (p[i] < 0x80 || p[i] > 0xBF)
            return 0;
    return size;
}

static int is_utf8(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t size = character_at((const unsigned char *)text + at, len - at);
        if (size == 0)
            return 0;
        at += size;
    }
    return 1;
}

static int32_t take_text(struct taxon_task *task, const char *text, size_t len)
{
    (void)task;
    must(is_utf8(text, len) && memchr(text, '\0', len) == NULL);
    session.text = realloc(session.text, session.text_len + len + 1);
    must(session.text != NULL);
    memcpy(session.text + session.text_len, text, len);
    session.text_len += len;
    return 0;
}

static int is_border(size_t at)
{
    return at == session.text_len || ((unsigned char)session.text[at] & 0xC0) != 0x80;
}

static int32_t take_block(struct taxon_task *task, const struct taxon_block *block)
{
    (void)task;
    must(block->begin < block->end && block->end <= session.text_len);
    must(is_border(block->begin) && is_border(block->end));
    must(block->begin == 0 || session.text[block->begin - 1] == '\n');
    must(block->begin == (session.block_end == 0 ? 0 : session.block_end + 1));
    must(block->kind >= TAXON_BLOCK_PARAGRAPH && block->kind <= TAXON_BLOCK_OTHER);
    must(block->kind == TAXON_BLOCK_CODE ||
         memchr(session.text + block->begin, '\n', block->end - block->begin) == NULL ||
         block->tag_path_hash != 0);
    must(block->link_bytes <= block->end - block->begin);
    session.block_end = block->end;
    return 0;
}

static int32_t take_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    (void)task;
    must(fact->value_len > 0 && is_utf8(fact->value, fact->value_len));
    must(memchr(fact->value, '\n', fact->value_len) == NULL);
    must(fact->score >= 0 && fact->score <= 1 && fact->reason != NULL);
    must(fact->begin == TAXON_NOWHERE ||
         (fact->begin < fact->end && fact->end <= session.text_len && is_border(fact->begin) &&
          is_border(fact->end)));
    return 0;
}

/* As the host does: what is not UTF-8 becomes U+FFFD. */
static char *make_valid(const uint8_t *data, size_t size, size_t *out_len)
{
    char *text = malloc(size * 3 + 1);
    size_t len = 0;

    must(text != NULL);
    for (size_t at = 0; at < size;) {
        size_t character = character_at(data + at, size - at);
        memcpy(text + len, character == 0 ? (const uint8_t *)"\xEF\xBF\xBD" : data + at,
               character == 0 ? 3 : character);
        len += character == 0 ? 3 : character;
        at += character == 0 ? 1 : character;
    }
    text[len] = '\0';
    *out_len = len;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct taxon_host host = {.struct_size = sizeof host,
                                           .abi_minor = TAXON_ABI_MINOR,
                                           .log = log_line,
                                           .alloc = alloc,
                                           .should_stop = should_stop,
                                           .fact = take_fact,
                                           .text = take_text,
                                           .block = take_block};
    struct taxon_opening opening = {.struct_size = sizeof opening, .host = &host};
    struct taxon_task task = {.struct_size = sizeof task, .host = &host};
    struct taxon_input input = {.struct_size = sizeof input, .media_type = "text/html"};
    char *page = make_valid(data, size, &input.decoded_len);

    input.decoded = page;
    must(taxon_plugin_v1()->open(&opening, &task.instance) == 0);
    must(taxon_plugin_v1()->read(task.instance, &task, &input) == 0);
    must(session.text_len == session.block_end);
    taxon_plugin_v1()->close(task.instance);
    for (size_t i = 0; i < session.allocation_count; i++)
        free(session.allocations[i]);
    free(session.text);
    free(page);
    session.text = NULL;
    session.text_len = session.block_end = session.allocation_count = 0;
    return 0;
}
