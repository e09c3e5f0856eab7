/* Tests of worker/worker: a whole worker in a child process, spoken to as the supervisor does. */
#include "worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/file.h"
#include "wire/frame.h"
#include "wire/job.h"
#include "wire/manifest.h"
#include "wire/reply.h"
#include "wire/setup.h"
#include "wire/stage.h"

#include "fixture.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#define TIMEOUT_MS 30000
#define LEAKED     42

static struct {
    pid_t pid;
    int socket_fd;
    struct frame_reader reader;
    struct stage_page *page;
    struct manifest *manifest;
    struct settings_limits limits;
} worker;

static struct arena arena;
static struct folder folder;

/* Whatever the worker took it gives back at its end, or the sanitizer makes the status another. */
static int run_worker(int socket_fd)
{
    int status = worker_run(socket_fd);

#if defined(__SANITIZE_ADDRESS__)
    if (__lsan_do_recoverable_leak_check() != 0)
        status = LEAKED;
#endif
    return status;
}

static void start_process(void)
{
    int sockets[2];

    arena_init(&arena, 0);
    folder_make(&folder);
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    worker.pid = fork();
    ck_assert_int_ge(worker.pid, 0);
    if (worker.pid == 0)
        _exit(run_worker(sockets[1]));
    close(sockets[1]);
    worker.socket_fd = sockets[0];
    frame_reader_init(&worker.reader, 1 << 24);
    worker.limits = small_limits();
    worker.limits.text_bytes = 16 << 20;
    worker.limits.reply_bytes = 1 << 24;
}

static void send_frame(enum frame_type type, uint64_t serial, const struct strbuf *payload, int fd)
{
    int result = frame_send(worker.socket_fd, type, serial, payload == NULL ? NULL : payload->data,
                            payload == NULL ? 0 : payload->len, fd, TIMEOUT_MS);

    /* A worker that has had enough is gone already; what it said is still to be received. */
    ck_assert(result == 0 || result == -EPIPE);
}

static void send_config(const char *yaml)
{
    struct strbuf payload = STRBUF_INIT;
    char file[128];

    snprintf(file, sizeof file, "%s/taxond.yaml", folder.path);
    const struct setup_config config = {.file = file, .generation = 1};
    int fd = file_sealed_copy("taxond.yaml", yaml, strlen(yaml));
    ck_assert_int_ge(fd, 0);
    setup_pack_config(&payload, &config);
    send_frame(FRAME_CONFIG, 0, &payload, fd);
    close(fd);
    strbuf_release(&payload);
    fd = stage_create();
    ck_assert_int_ge(fd, 0);
    worker.page = stage_map(fd, 0);
    ck_assert_ptr_nonnull(worker.page);
    send_frame(FRAME_STAGE, 0, NULL, fd);
    close(fd);
}

static void send_plugin(uint32_t index, const char *name)
{
    struct strbuf payload = STRBUF_INIT;
    char path[512];
    struct setup_plugin plugin = {.index = index, .path = path};
    uint64_t size;

    snprintf(path, sizeof path, "%s/%s.so", PLUGIN_FOLDER, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(digest_of_fd(fd, &plugin.digest, &size), 0);
    setup_pack_plugin(&payload, &plugin);
    send_frame(FRAME_PLUGIN, 0, &payload, fd);
    close(fd);
    strbuf_release(&payload);
}

static void receive(struct frame *frame)
{
    *frame = (struct frame){.fd = -1};
    ck_assert_int_eq(frame_wait(&worker.reader, worker.socket_fd, TIMEOUT_MS, frame), 1);
}

static void expect_ready(void)
{
    struct frame frame;

    send_frame(FRAME_START, 0, NULL, -1);
    receive(&frame);
    ck_assert_msg(frame.type == FRAME_READY, "%.*s", (int)frame.len, frame.payload);
    ck_assert_int_eq(manifest_unpack(&arena, frame.payload, frame.len, &worker.manifest), 0);
}

static void expect_end(int status)
{
    int wait_status;
    struct frame frame = {.fd = -1};

    ck_assert_int_eq(frame_wait(&worker.reader, worker.socket_fd, TIMEOUT_MS, &frame), -EPIPE);
    ck_assert_int_eq(waitpid(worker.pid, &wait_status, 0), worker.pid);
    ck_assert(WIFEXITED(wait_status));
    ck_assert_int_eq(WEXITSTATUS(wait_status), status);
}

static void finish(void)
{
    frame_reader_release(&worker.reader);
    close(worker.socket_fd);
    stage_unmap(worker.page);
    arena_release(&arena);
    folder_remove(&folder);
}

/* The supervisor closes the socket: the worker ends, with 0. */
static void finish_well(void)
{
    ck_assert_int_eq(shutdown(worker.socket_fd, SHUT_WR), 0);
    expect_end(0);
    finish();
}

static void expect_failed(const char *line)
{
    struct frame frame;

    send_frame(FRAME_START, 0, NULL, -1);
    receive(&frame);
    ck_assert_int_eq(frame.type, FRAME_FAILED);
    ck_assert_msg(memmem(frame.payload, frame.len, line, strlen(line)) != NULL, "'%.*s'",
                  (int)frame.len, frame.payload);
    expect_end(1);
    finish();
}

static void send_text(uint64_t serial, const char *text, const char *name)
{
    const struct job job = {.size = strlen(text),
                            .time_ms = 10000,
                            .name = name,
                            .source = "news",
                            .url = "",
                            .charset = "",
                            .media_type = ""};
    struct strbuf payload = STRBUF_INIT;

    int fd = file_sealed_copy("document", text, strlen(text));
    ck_assert_int_ge(fd, 0);
    job_pack(&payload, &job);
    send_frame(FRAME_JOB, serial, &payload, fd);
    close(fd);
    strbuf_release(&payload);
}

static struct reply *receive_reply(uint64_t serial)
{
    struct reply *reply = NULL;
    const char *why = "";
    struct frame frame;

    receive(&frame);
    ck_assert_int_eq(frame.type, FRAME_REPLY);
    ck_assert_uint_eq(frame.serial, serial);
    ck_assert_msg(reply_unpack(&arena, frame.payload, frame.len, worker.manifest, &worker.limits,
                               &reply, &why) == 0,
                  "%s", why);
    return reply;
}

/* A configuration with these plugins, `sandbox` of the workers, and room for the sanitizer. */
static const char *configuration(const char *sandbox, const char *plugins)
{
    static char text[4096];

    snprintf(text, sizeof text,
             "state: state\nquarantine: quarantine\narchives: {main: archive}\n"
             "inboxes: {in: {path: inbox}}\nplugin_folders: [%s]\n"
             "workers: {sandbox: %s}\nplugins:\n%s",
             PLUGIN_FOLDER, sandbox, plugins);
    return text;
}

static const char *in_reach(void)
{
    return "  greeting: {}\n  reader: {file: reader.so, options: {words: words.txt}}\n";
}

static void classify_with(const char *sandbox)
{
    start_process();
    folder_write(&folder, "words.txt", "unusual\n", NULL);
    send_config(configuration(sandbox, in_reach()));
    send_plugin(0, "greeting");
    send_plugin(1, "reader");
    expect_ready();
    ck_assert_uint_eq(worker.manifest->plugin_count, 2);
    ck_assert_str_eq(worker.manifest->plugins[0].name, "reader"); /* readers first */
    ck_assert_uint_eq(worker.manifest->plugins[0].resource_count, 1);
    ck_assert_uint_eq(worker.manifest->plugins[0].resources[0].size, 8);
    for (uint64_t serial = 1; serial <= 20; serial++) {
        send_text(serial, serial % 2 == 0 ? "Well, HELLO there." : "Nobody is greeted.", "a.txt");
        const struct reply *reply = receive_reply(serial);
        ck_assert_uint_eq(reply->label_count, serial % 2 == 0 ? 1 : 0);
        ck_assert_str_eq(reply->reader, "reader");
        if (serial % 2 == 0)
            ck_assert_str_eq(reply->labels[0].evidence[0].quote, "HELLO");
    }
    finish_well();
}

START_TEST(documents_are_classified)
{
    classify_with("off");
}
END_TEST

#if !defined(__SANITIZE_ADDRESS__)
START_TEST(documents_are_classified_under_lock_and_key)
{
    classify_with("require");
}
END_TEST
#endif

START_TEST(a_refused_plugin_is_named)
{
    start_process();
    send_config(configuration("off", "  mood: {file: small-struct.so}\n"));
    send_plugin(0, "small-struct");
    expect_failed("plugin 'mood' (" PLUGIN_FOLDER "/small-struct.so): malformed descriptor");
}
END_TEST

START_TEST(two_plugins_with_one_scheme_are_refused)
{
    start_process();
    send_config(configuration("off", "  a: {file: sound.so}\n  b: {file: same-scheme.so}\n"));
    send_plugin(0, "sound");
    send_plugin(1, "same-scheme");
    expect_failed("/same-scheme.so): scheme 'mood' is already published by plugin 'a'");
}
END_TEST

START_TEST(a_circle_is_refused)
{
    start_process();
    send_config(configuration("off", "  a: {file: circle-a.so}\n  b: {file: circle-b.so}\n"));
    send_plugin(0, "circle-a");
    send_plugin(1, "circle-b");
    expect_failed("in a circle: 'a' after 'b' after 'a'");
}
END_TEST

START_TEST(an_unknown_option_is_told_with_its_place)
{
    start_process();
    send_config(configuration("off", "  mood:\n    file: sound.so\n    options: {depht: 3}\n"));
    send_plugin(0, "sound");
    expect_failed("taxond.yaml:10:15: ");
}
END_TEST

START_TEST(a_bad_configuration_is_told_with_its_place)
{
    start_process();
    send_config("state: [\n");
    expect_failed("taxond.yaml:");
}
END_TEST

static void expect_broken(void)
{
    struct frame frame;

    receive(&frame);
    ck_assert_int_eq(frame.type, FRAME_FAILED);
    ck_assert_ptr_nonnull(memmem(frame.payload, frame.len, "malformed setup", 15));
    expect_end(1);
    finish();
}

START_TEST(a_setup_out_of_order_is_refused)
{
    start_process();
    send_plugin(0, "sound");
    expect_broken();
    start_process();
    send_frame(FRAME_START, 0, NULL, -1);
    expect_broken();
    start_process();
    send_config(configuration("off", "  mood: {file: sound.so}\n"));
    send_plugin(1, "sound");
    expect_broken();
}
END_TEST

START_TEST(a_crash_leaves_the_plugins_name)
{
    char stage[STAGE_NAME_SIZE];
    int status;

    start_process();
    folder_write(&folder, "words.txt", "unusual\n", NULL);
    send_config(configuration("off", in_reach()));
    send_plugin(0, "greeting");
    send_plugin(1, "reader");
    expect_ready();
    send_text(9, "hello, and now crash", "a.txt");
    ck_assert_int_eq(waitpid(worker.pid, &status, 0), worker.pid);
    ck_assert(WIFSIGNALED(status) ||
              WEXITSTATUS(status) != 0); /* the sanitizer turns it into one */
    stage_name(worker.page, stage);
    ck_assert_str_eq(stage, "classify greeting");
    ck_assert_uint_eq(worker.page->serial, 9);
    finish();
}
END_TEST

START_TEST(a_worker_whose_supervisor_is_gone_ends)
{
    start_process();
    ck_assert_int_eq(shutdown(worker.socket_fd, SHUT_WR), 0); /* before it was set up */
    expect_end(1);
    finish();
}
END_TEST

START_TEST(the_bytes_of_the_generation_are_used)
{
    struct strbuf payload = STRBUF_INIT;
    char path[128];
    struct setup_resource resource = {.plugin = 1, .option = "words", .path = path};

    start_process();
    snprintf(path, sizeof path, "%s/words.txt", folder.path);
    ck_assert_int_eq(digest_of_bytes("unusual\n", 8, &resource.digest), 0);
    send_config(configuration("off", in_reach()));
    send_plugin(0, "greeting");
    send_plugin(1, "reader");
    setup_pack_resource(&payload, &resource);
    int fd = file_sealed_copy("words", "changed\n", 8);
    ck_assert_int_ge(fd, 0);
    send_frame(FRAME_RESOURCE, 0, &payload, fd);
    close(fd);
    strbuf_release(&payload);
    struct frame frame;
    receive(&frame);
    ck_assert_int_eq(frame.type, FRAME_FAILED);
    ck_assert_ptr_nonnull(memmem(frame.payload, frame.len, "words.txt was changed", 21));
    expect_end(1);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        documents_are_classified,
#if !defined(__SANITIZE_ADDRESS__)
        documents_are_classified_under_lock_and_key,
#endif
        a_refused_plugin_is_named,
        two_plugins_with_one_scheme_are_refused,
        a_circle_is_refused,
        an_unknown_option_is_told_with_its_place,
        a_bad_configuration_is_told_with_its_place,
        a_setup_out_of_order_is_refused,
        a_crash_leaves_the_plugins_name,
        a_worker_whose_supervisor_is_gone_ends,
        the_bytes_of_the_generation_are_used,
    };

    return SUITE_RUN("worker/worker", tests);
}
