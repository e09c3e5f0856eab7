/* Reads crawls with the plugin's own reader, compiled in, and nothing else of taxond.
 *
 *     read_warc list FILE…          a line a member: url, length, SHA-1 of its bytes, between tabs
 *     read_warc time TIMES FILE…    reads each so often: files, members, bytes and microseconds
 *     read_warc cuts STEP FILE…     each file cut at every STEPth byte: cuts, and how many of them
 *                                   were said to be cut off or malformed; the longest took so long
 *
 * Called by bench_warc.py.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <taxon/plugin.h>

#define ALLOCATIONS_MAX 64u
#define SHA1_SIZE       20

static struct {
    void *allocations[ALLOCATIONS_MAX];
    size_t allocation_count;
    EVP_MD_CTX *sha1; /* list only */
    char url[4096];
    uint64_t member_bytes;
    uint64_t members;
    uint64_t bytes;
    int damaged;
} session;

static void *alloc(struct taxon_task *task, size_t size)
{
    void *memory = calloc(1, size);

    (void)task;
    if (memory == NULL || session.allocation_count == ALLOCATIONS_MAX)
        abort();
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
    (void)level;
    (void)line;
}

static int32_t take_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    (void)task;
    (void)fact;
    session.damaged = 1;
    return 0;
}

static int32_t member_begin(struct taxon_task *task, const struct taxon_member *member)
{
    (void)task;
    snprintf(session.url, sizeof session.url, "%s", member->url);
    session.member_bytes = 0;
    if (session.sha1 != NULL)
        EVP_DigestInit_ex(session.sha1, EVP_sha1(), NULL);
    return 0;
}

static int32_t member_write(struct taxon_task *task, const void *data, size_t len)
{
    (void)task;
    session.member_bytes += len;
    if (session.sha1 != NULL)
        EVP_DigestUpdate(session.sha1, data, len);
    return 0;
}

static int32_t member_end(struct taxon_task *task)
{
    unsigned char digest[SHA1_SIZE];

    (void)task;
    if (session.member_bytes == 0)
        return 0; /* chunks that hold nothing */
    session.members++;
    session.bytes += session.member_bytes;
    if (session.sha1 == NULL)
        return 0;
    EVP_DigestFinal_ex(session.sha1, digest, NULL);
    printf("%s\t%" PRIu64 "\t", session.url, session.member_bytes);
    for (int i = 0; i < SHA1_SIZE; i++)
        printf("%02x", digest[i]);
    putchar('\n');
    return 0;
}

static void read_once(const char *data, size_t len)
{
    static const struct taxon_host host = {.struct_size = sizeof host,
                                           .abi_minor = TAXON_ABI_MINOR,
                                           .log = log_line,
                                           .alloc = alloc,
                                           .should_stop = should_stop,
                                           .fact = take_fact,
                                           .member_begin = member_begin,
                                           .member_write = member_write,
                                           .member_end = member_end};
    struct taxon_task task = {.struct_size = sizeof task, .host = &host};
    const struct taxon_input input = {.struct_size = sizeof input,
                                      .raw = data,
                                      .raw_len = len,
                                      .decoded = "",
                                      .charset = "",
                                      .media_type = "application/warc",
                                      .name = "",
                                      .source = "",
                                      .url = ""};

    if (taxon_plugin_v1()->read(NULL, &task, &input) != 0)
        abort();
    for (size_t i = 0; i < session.allocation_count; i++)
        free(session.allocations[i]);
    session.allocation_count = 0;
}

static char *slurp(const char *path, size_t *out_len)
{
    FILE *file = fopen(path, "rb");
    char *data;
    long size;

    if (file == NULL || fseek(file, 0, SEEK_END) < 0 || (size = ftell(file)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(file);
    data = malloc((size_t)size + 1);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    *out_len = (size_t)size;
    return data;
}

static uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void cut(const char *data, size_t len, size_t step, uint64_t counts[3])
{
    for (size_t at = step; at < len; at += step) {
        uint64_t begin_us = now_us();
        char *part = malloc(at); /* as long as it is, for a sanitizer */

        if (part == NULL)
            abort();
        memcpy(part, data, at);
        session.damaged = 0;
        read_once(part, at);
        free(part);
        counts[0]++;
        counts[1] += session.damaged != 0;
        if (now_us() - begin_us > counts[2])
            counts[2] = now_us() - begin_us;
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int is_list = strcmp(what, "list") == 0;
    long amount = argc > 2 && !is_list ? atol(argv[2]) : 0;
    uint64_t counts[3] = {0, 0, 0};
    uint64_t us = 0;

    session.sha1 = is_list ? EVP_MD_CTX_new() : NULL;
    for (int i = is_list ? 2 : 3; i < argc; i++) {
        size_t len;
        char *data = slurp(argv[i], &len);
        uint64_t begin_us = now_us();

        if (strcmp(what, "cuts") == 0)
            cut(data, len, (size_t)amount, counts);
        for (long times = is_list ? 1 : strcmp(what, "time") == 0 ? amount : 0; times > 0; times--)
            read_once(data, len);
        us += now_us() - begin_us;
        free(data);
    }
    if (strcmp(what, "cuts") == 0)
        printf("%" PRIu64 " cuts, %" PRIu64 " told to be damaged, %.1f ms the longest\n", counts[0],
               counts[1], (double)counts[2] / 1000.0);
    else if (!is_list)
        printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", session.members, session.bytes, us);
    EVP_MD_CTX_free(session.sha1);
    return 0;
}
