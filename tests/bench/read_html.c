/* read_html: how fast the html reader is beside its parser alone; and what it reads.
 *
 *     read_html ROUNDS FILE…     bytes, then for each round the seconds of the bare parse and of
 * the reader over all files, alternating read_html text FILE        the text read_html blocks FILE
 * a line for each block and each fact
 *
 * Not a test: script/bench read runs it. It plays the host with a bump arena, so that what is
 * measured is the plugin. Files are UTF-8 and read before the clock starts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <myhtml/myhtml.h>
#include <taxon/plugin.h>

#define ARENA_SIZE ((size_t)256 << 20)

struct file {
    char *bytes;
    size_t len;
};

static struct {
    char *arena;
    size_t used;
    char *text;
    size_t text_len;
    size_t blocks;
    int shows;
} session;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void *alloc(struct taxon_task *task, size_t size)
{
    size_t at = (session.used + 15) & ~(size_t)15;

    (void)task;
    if (size > ARENA_SIZE - at)
        return NULL;
    session.used = at + size;
    return memset(session.arena + at, 0, size);
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return 0;
}

static void log_line(struct taxon_task *task, uint32_t level, const char *line)
{
    (void)task, (void)level;
    if (session.shows)
        printf("log %s\n", line);
}

static int32_t take_text(struct taxon_task *task, const char *text, size_t len)
{
    (void)task;
    session.text = realloc(session.text, session.text_len + len + 1);
    if (session.text == NULL)
        die("text");
    memcpy(session.text + session.text_len, text, len);
    session.text_len += len;
    return 0;
}

static int32_t take_block(struct taxon_task *task, const struct taxon_block *block)
{
    static const char *const kinds[] = {"?",      "paragraph", "heading", "item",    "row",
                                        "quote",  "code",      "form",    "caption", "nav",
                                        "footer", "header",    "aside",   "other"};

    (void)task;
    session.blocks++;
    if (session.shows)
        printf("%-9s %u d%-3u %3u%% %08x %.*s\n", kinds[block->kind], block->level, block->depth,
               (unsigned)(block->link_bytes * (size_t)100 / (block->end - block->begin)),
               (unsigned)(block->tag_path_hash & 0xFFFFFFFF), (int)(block->end - block->begin),
               session.text + block->begin);
    return 0;
}

static int32_t take_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    (void)task;
    if (session.shows)
        printf("fact %s = %.*s (%.2f, %s)\n", fact->name, (int)fact->value_len, fact->value,
               fact->score, fact->reason == NULL ? "" : fact->reason);
    return 0;
}

static struct file read_file(const char *path)
{
    struct file file = {NULL, 0};
    FILE *stream = fopen(path, "rb");
    long size;

    if (stream == NULL || fseek(stream, 0, SEEK_END) != 0 || (size = ftell(stream)) < 0)
        die(path);
    rewind(stream);
    file.len = (size_t)size;
    file.bytes = malloc(file.len + 1);
    if (file.bytes == NULL || fread(file.bytes, 1, file.len, stream) != file.len)
        die(path);
    file.bytes[file.len] = '\0';
    fclose(stream);
    return file;
}

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void parse_bare(myhtml_t *myhtml, const struct file *file)
{
    myhtml_tree_t *tree = myhtml_tree_create();

    if (tree == NULL || myhtml_tree_init(tree, myhtml) != MyHTML_STATUS_OK ||
        myhtml_parse(tree, MyENCODING_UTF_8, file->bytes, file->len) != MyHTML_STATUS_OK)
        die("myhtml");
    myhtml_tree_destroy(tree);
}

static void read_one(struct taxon_task *task, const struct file *file)
{
    struct taxon_input input = {.struct_size = sizeof input,
                                .raw = file->bytes,
                                .raw_len = file->len,
                                .decoded = file->bytes,
                                .decoded_len = file->len,
                                .charset = "UTF-8",
                                .media_type = "text/html",
                                .name = "",
                                .source = "",
                                .url = ""};

    session.used = session.text_len = session.blocks = 0;
    if (taxon_plugin_v1()->read(task->instance, task, &input) < 0)
        die("read");
}

static void measure(struct taxon_task *task, unsigned rounds, const struct file *files, int count)
{
    myhtml_t *myhtml = myhtml_create();
    size_t bytes = 0;

    if (myhtml == NULL ||
        myhtml_init(myhtml, MyHTML_OPTIONS_PARSE_MODE_SINGLE, 1, 0) != MyHTML_STATUS_OK)
        die("myhtml");
    for (int i = 0; i < count; i++)
        bytes += files[i].len;
    printf("%zu\n", bytes);
    for (unsigned round = 0; round < rounds; round++) {
        double start = now();
        for (int i = 0; i < count; i++)
            parse_bare(myhtml, &files[i]);
        double middle = now();
        for (int i = 0; i < count; i++)
            read_one(task, &files[i]);
        printf("%.6f %.6f\n", middle - start, now() - middle);
    }
    myhtml_destroy(myhtml);
}

int main(int argc, char **argv)
{
    struct taxon_host host = {.struct_size = sizeof host,
                              .abi_minor = TAXON_ABI_MINOR,
                              .log = log_line,
                              .alloc = alloc,
                              .should_stop = should_stop,
                              .fact = take_fact,
                              .text = take_text,
                              .block = take_block};
    struct taxon_opening opening = {.struct_size = sizeof opening, .host = &host};
    struct taxon_task task = {.struct_size = sizeof task, .host = &host};
    struct file *files = calloc((size_t)(argc > 2 ? argc - 2 : 1), sizeof *files);

    session.arena = malloc(ARENA_SIZE);
    if (argc < 3 || files == NULL || session.arena == NULL ||
        taxon_plugin_v1()->open(&opening, &task.instance) != 0)
        die("usage: read_html ROUNDS|text|blocks FILE…");
    for (int i = 2; i < argc; i++)
        files[i - 2] = read_file(argv[i]);
    session.shows = strcmp(argv[1], "blocks") == 0;
    if (session.shows || strcmp(argv[1], "text") == 0) {
        read_one(&task, &files[0]);
        if (!session.shows)
            fwrite(session.text, 1, session.text_len, stdout);
    } else {
        measure(&task, (unsigned)strtoul(argv[1], NULL, 10), files, argc - 2);
    }
    taxon_plugin_v1()->close(task.instance);
    for (int i = 2; i < argc; i++)
        free(files[i - 2].bytes);
    free(files);
    free(session.text);
    free(session.arena);
    return 0;
}
