/* Writes the seed corpora of the wire targets, or says whether they are what it would write.
 *
 *     seed_wire --write tests/fuzz/corpus
 *     seed_wire --check tests/fuzz/corpus
 *
 * Seeds of a format that has moved on are refused at the first byte and find nothing any more, so
 * the check is a test. Run --write when it fails, and commit what it wrote.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "sample.h"
#include "wire/frame.h"
#include "wire/job.h"
#include "wire/setup.h"

#define SEED_MAX (1u << 20)

struct seeds {
    const char *folder;
    bool is_check;
    bool failed;
};

static void put(struct seeds *seeds, const char *name, const struct strbuf *bytes)
{
    struct strbuf there = STRBUF_INIT;
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", seeds->folder, name);
    if (seeds->is_check) {
        if (file_slurp_path(path, SEED_MAX, &there) < 0 || there.len != bytes->len ||
            memcmp(there.data, bytes->data, bytes->len) != 0) {
            fprintf(stderr, "%s: not what seed_wire --write would write\n", path);
            seeds->failed = true;
        }
        strbuf_release(&there);
        return;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || file_write_all(fd, bytes->data, bytes->len) < 0) {
        perror(path);
        seeds->failed = true;
    }
    file_close(&fd);
}

/* What frame_send sends, without its descriptors. */
static void append_frame(struct strbuf *stream, enum frame_type type, const struct strbuf *payload,
                         bool has_fd)
{
    int fds[2];
    char bytes[4096];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 ||
        frame_send(fds[0], type, 7, payload->data, payload->len, has_fd ? STDERR_FILENO : -1,
                   1000) < 0)
        abort();
    close(fds[0]);
    for (ssize_t got; (got = read(fds[1], bytes, sizeof bytes)) > 0;)
        strbuf_append(stream, bytes, (size_t)got);
    close(fds[1]);
}

static void put_frame(struct seeds *seeds, const char *name, char flags, enum frame_type type,
                      const struct strbuf *payload, bool has_fd)
{
    struct strbuf stream = STRBUF_INIT;

    strbuf_putc(&stream, flags);
    strbuf_putc(&stream, (char)0xff);
    append_frame(&stream, type, payload, has_fd);
    put(seeds, name, &stream);
    strbuf_release(&stream);
}

static void frames_to_a_worker(struct seeds *seeds)
{
    const struct setup_config config = {"/etc/taxond/taxond.yaml", 1};
    const struct setup_plugin plugin = {2, "/usr/lib/taxond/genre.so", {{1}}, 0};
    const struct setup_resource resource = {2, "lexicons", 0, "/etc/taxond/a.yaml", {{2}}};
    const struct job job = {.size = 4096,
                            .time_ms = 1000,
                            .name = "a.txt",
                            .source = "inbox",
                            .url = "",
                            .charset = "gb18030",
                            .media_type = "text/plain",
                            .features = "genre"};
    struct strbuf payload = STRBUF_INIT;

    setup_pack_config(&payload, &config);
    put_frame(seeds, "frame/config", 2, FRAME_CONFIG, &payload, true);
    strbuf_clear(&payload);
    setup_pack_plugin(&payload, &plugin);
    put_frame(seeds, "frame/plugin", 2, FRAME_PLUGIN, &payload, true);
    strbuf_clear(&payload);
    setup_pack_resource(&payload, &resource);
    put_frame(seeds, "frame/resource", 2, FRAME_RESOURCE, &payload, true);
    strbuf_clear(&payload);
    job_pack(&payload, &job);
    put_frame(seeds, "frame/job", 2, FRAME_JOB, &payload, true);
    strbuf_clear(&payload);
    put_frame(seeds, "frame/fork", 2, FRAME_FORK, &payload, true);
    strbuf_release(&payload);
}

static void frames_from_a_worker(struct seeds *seeds)
{
    const struct setup_forked forked = {4711, 0};
    struct strbuf payload = STRBUF_INIT;
    struct strbuf stream = STRBUF_INIT;

    strbuf_append(&stream, "\1\5", 2); /* only from a worker; six bytes at a time */
    strbuf_puts(&payload, "a manifest");
    append_frame(&stream, FRAME_READY, &payload, false);
    strbuf_clear(&payload);
    append_frame(&stream, FRAME_REPLY, &payload, false);
    strbuf_puts(&payload, "why it could not start");
    append_frame(&stream, FRAME_FAILED, &payload, false);
    put(seeds, "frame/from-worker", &stream);
    strbuf_clear(&payload);
    setup_pack_forked(&payload, &forked);
    put_frame(seeds, "frame/forked", 1, FRAME_FORKED, &payload, false);
    strbuf_clear(&payload);
    put_frame(seeds, "frame/listener", 3, FRAME_LISTENER, &payload, true);
    strbuf_release(&payload);
    strbuf_release(&stream);
}

static void manifests_and_replies(struct seeds *seeds, struct arena *arena)
{
    struct manifest no_plugins = {.sandbox = "off"};
    struct reply nothing = {.charset = "UTF-8", .media_type = "text/plain"};
    struct strbuf bytes = STRBUF_INIT;

    manifest_pack(&bytes, sample_manifest(arena));
    put(seeds, "manifest/sample", &bytes);
    strbuf_clear(&bytes);
    manifest_pack(&bytes, &no_plugins);
    put(seeds, "manifest/no-plugins", &bytes);
    strbuf_clear(&bytes);
    reply_pack(&bytes, sample_reply(arena));
    put(seeds, "reply/sample", &bytes);
    strbuf_clear(&bytes);
    reply_pack(&bytes, &nothing);
    put(seeds, "reply/nothing", &bytes);
    strbuf_release(&bytes);
}

int main(int argc, char **argv)
{
    struct arena arena;

    if (argc != 3 || (strcmp(argv[1], "--write") != 0 && strcmp(argv[1], "--check") != 0)) {
        fprintf(stderr, "usage: seed_wire --write|--check CORPUS\n");
        return 2;
    }
    struct seeds seeds = {.folder = argv[2], .is_check = strcmp(argv[1], "--check") == 0};
    arena_init(&arena, 0);
    frames_to_a_worker(&seeds);
    frames_from_a_worker(&seeds);
    manifests_and_replies(&seeds, &arena);
    arena_release(&arena);
    return seeds.failed ? 1 : 0;
}
