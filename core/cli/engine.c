/* cli/engine: one worker, spoken to in turn. Used by classify, check and plugin. */
#include "cli/engine.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/printable.h"
#include "line/near_look.h"

static int start_worker(struct engine *engine, struct err *err)
{
    int result = worker_process_start(engine->program, engine->generation, &engine->process, err);

    if (result == 0)
        result = worker_process_wait_ready(&engine->process, engine->generation, err);
    engine->running = result == 0;
    return result;
}

static void end_worker(struct engine *engine)
{
    if (engine->running)
        worker_process_end(&engine->process);
    engine->running = false;
}

int engine_open(struct engine *engine, const char *config_file, struct err *err)
{
    int result;

    memset(engine, 0, sizeof(*engine));
    arena_init(&engine->arena, 0);
    result = worker_process_program(engine->program, sizeof(engine->program), err);
    if (result == 0)
        result = generation_load(config_file, 1, &engine->generation, err);
    if (result == 0)
        result = start_worker(engine, err);
    if (result == 0)
        result = rules_load(engine->generation->settings, engine->generation->manifest,
                            &engine->rules, err);
    if (result < 0)
        engine_close(engine);
    return result;
}

void engine_open_catalog(struct engine *engine)
{
    struct err err = {""};
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/catalog.sqlite", engine->generation->settings->state);
    if (access(path, R_OK) < 0 || catalog_open_readonly(path, &engine->catalog, &err) < 0)
        engine->catalog = NULL;
}

void engine_close(struct engine *engine)
{
    catalog_close(engine->catalog);
    engine->catalog = NULL;
    end_worker(engine);
    rules_free(engine->rules);
    engine->rules = NULL;
    generation_drop(engine->generation);
    engine->generation = NULL;
    arena_release(&engine->arena);
}

static int fill_subject(struct engine *engine, int fd, const char *name, const char *source,
                        struct subject *subject, struct err *err)
{
    struct stat status;
    uint64_t size = 0;
    int result;

    memset(subject, 0, sizeof(*subject));
    if (fstat(fd, &status) < 0)
        return err_set(err, -errno, "%s: %s", name, strerror(errno));
    result = digest_of_fd(fd, &subject->digest, &size);
    if (result == 0)
        result = id_new(&subject->id);
    if (result < 0)
        return err_set(err, result, "%s: %s", name, strerror(-result));
    subject->size = size;
    subject->source = source;
    subject->inbox = "";
    subject->path = name;
    subject->name = name;
    subject->url = engine->url == NULL ? "" : engine->url;
    subject->origin.date = "";
    if (engine->origin != NULL) {
        subject->url = engine->origin->url;
        subject->origin.container = engine->origin->container;
        subject->origin.member = engine->origin->member;
        subject->origin.name = engine->origin->name;
        subject->origin.date = engine->origin->date;
    }
    subject->mtime_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
    subject->received_ms = clock_wall_ms();
    subject->attempts = 1;
    subject->generation = engine->generation->number;
    subject->manifest = engine->generation->manifest;
    return 0;
}

/* Sends the document and waits. Negative when the worker failed; `err` says how. */
static int ask_worker(struct engine *engine, int fd, struct subject *subject, struct err *err)
{
    const struct settings *settings = engine->generation->settings;
    const char *shown = arena_strdup(&engine->arena, subject->name);
    struct job job = {.size = subject->size,
                      .time_ms = settings->limits.time_ms,
                      .wants_text = engine->wants_text,
                      .name = shown,
                      .source = subject->source,
                      .url = subject->url,
                      .charset = engine->origin == NULL ? "" : engine->origin->charset,
                      .media_type = engine->origin == NULL ? "" : engine->origin->media_type,
                      .features = engine->features};
    struct frame frame = {.fd = -1};
    struct reply *reply = NULL;
    const char *wrong = "";
    int result;

    if (engine->take != NULL) {
        job.members = JOB_MEMBERS_TAKE;
        job.member_from = engine->take->from;
        job.member_offset = engine->take->offset;
        job.members_left = engine->take->members_left;
        job.bytes_left = engine->take->bytes_left;
    }
    if (shown == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    ((char *)(uintptr_t)shown)[printable_clean((char *)(uintptr_t)shown, strlen(shown))] = '\0';
    if (subject->size > settings->limits.file_bytes)
        return err_set(err, -EFBIG, "the file has %llu bytes, more than limits.file (%llu)",
                       (unsigned long long)subject->size,
                       (unsigned long long)settings->limits.file_bytes);
    result = worker_process_send_job(&engine->process, ++engine->serial, &job, fd,
                                     engine->take == NULL ? -1 : engine->take->spool_fd);
    if (result < 0 && result != -EPIPE) { /* half a frame may be out: it is good for nothing more */
        end_worker(engine);
        return err_set(err, result, "cannot send the document to the worker: %s",
                       strerror(-result));
    }
    if (worker_process_wait_reply(&engine->process, engine->serial, settings, &frame, err) == 0) {
        engine->running = false;
        return -ECONNRESET;
    }
    result = reply_unpack(&engine->arena, frame.payload, frame.len, subject->manifest,
                          &settings->limits, &reply, &wrong);
    if (result < 0) {
        end_worker(engine);
        return err_set(err, result, "the worker's reply was refused: %s", wrong);
    }
    subject->reply = reply;
    return 0;
}

/* A catalog that is in somebody's way, or damaged, is others' to tell of. */
static void look_near(struct engine *engine, struct subject *subject)
{
    struct err err = {""};

    memset(&engine->near, 0, sizeof engine->near);
    if (engine->catalog == NULL || subject->reply == NULL || subject->reply->minhash == NULL)
        return;
    if (near_look(engine->catalog, subject->reply->minhash, &subject->id, &engine->near, &err) ==
            0 &&
        engine->near.kind != NEAR_NOT)
        subject->near = &engine->near;
}

int engine_classify(struct engine *engine, int fd, const char *name, const char *source,
                    struct subject *out_subject, struct plan *out_plan, struct err *err)
{
    struct err failure = {""};
    int result;

    arena_reset(&engine->arena);
    result = engine->running ? 0 : start_worker(engine, err);
    if (result == 0)
        result = fill_subject(engine, fd, name, source, out_subject, err);
    if (result < 0)
        return result;
    if (ask_worker(engine, fd, out_subject, &failure) < 0) {
        out_subject->failure = arena_strdup(&engine->arena, failure.text);
        if (out_subject->failure == NULL)
            return err_set(err, -ENOMEM, "out of memory");
    }
    look_near(engine, out_subject);
    if (rules_decide(engine->rules, out_subject, &engine->arena, out_plan) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    return 0;
}
