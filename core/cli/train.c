/* taxon train: makes a model of a scheme from documents whose labels are known. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/engine.h"
#include "cli/labelled.h"
#include "cli/train_card.h"
#include "cli/train_options.h"
#include "learn/model_file.h"
#include "learn/train.h"
#include "wire/form.h"

struct training {
    struct train_request request;
    struct engine engine;
    struct dataset dataset;
    char *space; /* of the vectors so far; NULL: none came */
    size_t read;
    size_t left_out; /* documents without features: empty, or no document */
};

static void tell(void *data, const char *what)
{
    (void)data;
    fprintf(stderr, "taxon train: %s\n", what);
}

/* Documents are counted in place when a person looks on. */
static void tell_count(const struct training *training)
{
    if (isatty(STDERR_FILENO) && training->read % 100 == 0)
        fprintf(stderr, "\r%zu documents", training->read);
}

/* The vector of the whole document, if the reply has one. */
static const struct reply_vector *whole_vector(const struct reply *reply)
{
    for (size_t i = 0; i < reply->vector_count; i++)
        if (!reply->vectors[i].has_place)
            return &reply->vectors[i];
    return NULL;
}

static int same_space(struct training *training, const struct reply_vector *vector, struct err *err)
{
    if (training->space == NULL)
        training->space = strdup(vector->space);
    if (training->space == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    if (strcmp(training->space, vector->space) != 0)
        return err_set(err, -EINVAL, "features of two kinds, '%s' and '%s'", training->space,
                       vector->space);
    return 0;
}

static int add_document(struct training *training, const struct labelled *document,
                        const struct reply_vector *vector, struct err *err)
{
    uint32_t labels[LABELLED_LABELS_MAX];
    int result = same_space(training, vector, err);

    for (uint32_t i = 0; i < document->label_count && result == 0; i++) {
        if (!form_is_id(document->labels[i]))
            return err_set(err, -EINVAL,
                           "%s: the label '%.80s' is not [a-z0-9-]+ with '/' between its parts",
                           document->name, document->labels[i]);
        labels[i] = dataset_label(&training->dataset, document->labels[i]);
        if (labels[i] == UINT32_MAX)
            result = err_set(err, -E2BIG, "more than %u labels", DATASET_LABELS_MAX);
    }
    if (result < 0)
        return result;
    result = dataset_add(&training->dataset, vector->ids, vector->values, vector->count, labels,
                         document->label_count, document->group, (float)document->weight);
    return result == 0 ? 0 : err_set(err, result, "%s: %s", document->name, strerror(-result));
}

static int take_document(void *data, const struct labelled *document, struct err *err)
{
    struct training *training = data;
    struct subject subject;
    struct plan plan;

    training->engine.url = document->url;
    int result = engine_classify(&training->engine, document->fd, document->name, "train", &subject,
                                 &plan, err);
    if (result < 0)
        return result;
    training->read++;
    tell_count(training);
    const struct reply_vector *vector = subject.reply == NULL ? NULL : whole_vector(subject.reply);
    if (vector == NULL) {
        training->left_out++;
        return 0;
    }
    return add_document(training, document, vector, err);
}

static int read_documents(struct training *training, struct err *err)
{
    const struct train_request *request = &training->request;
    int result = 0;

    training->engine.features = request->scheme;
    for (int i = 0; i < request->data_count && result == 0; i++)
        result = labelled_read(request->data[i], take_document, training, err);
    if (isatty(STDERR_FILENO))
        fputc('\r', stderr);
    if (result == 0 && training->dataset.count == 0)
        result =
            err_set(err, -EINVAL,
                    "no features of scheme '%s': does a plugin publish it that can be trained?",
                    request->scheme);
    if (result == 0)
        result = dataset_sort_labels(&training->dataset);
    return result;
}

/* The file that the scheme's plugin has as its model; NULL: it has none. */
static const char *model_in_use(const struct manifest *manifest, const char *scheme)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct manifest_plugin *plugin = &manifest->plugins[i];
        bool publishes = false;
        for (size_t k = 0; k < plugin->scheme_count; k++)
            publishes |= strcmp(plugin->schemes[k], scheme) == 0;
        for (size_t k = 0; publishes && k < plugin->resource_count; k++)
            if (strcmp(plugin->resources[k].option, "model") == 0)
                return plugin->resources[k].path;
    }
    return NULL;
}

/* Writes beside `path` and renames, so that who reads it has the old model or the new one. */
static int put_file(const char *path, const struct strbuf *bytes, struct err *err)
{
    char partial[4096];

    if (snprintf(partial, sizeof partial, "%s.partial", path) >= (int)sizeof partial)
        return err_set(err, -ENAMETOOLONG, "%s: the name is too long", path);
    int fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int result = fd < 0 ? -errno : file_write_all(fd, bytes->data, bytes->len);
    if (result == 0 && fsync(fd) < 0)
        result = -errno;
    file_close(&fd);
    if (result == 0 && rename(partial, path) < 0)
        result = -errno;
    return result == 0 ? 0 : err_set(err, result, "%s: %s", path, strerror(-result));
}

static int write_model(struct training *training, const struct trained *trained, const char *path,
                       struct err *err)
{
    struct strbuf card = STRBUF_INIT;
    struct strbuf bytes = STRBUF_INIT;
    int result = train_card_allows(path, trained, &training->request, err);

    if (result == 0) {
        train_card_write(trained, &training->dataset, &training->request, training->space, &card);
        result = model_file_write(trained, training->request.scheme, training->space, &card, &bytes,
                                  err);
    }
    if (result == 0)
        result = put_file(path, &bytes, err);
    if (result == 0)
        fprintf(stderr, "taxon train: %s: %u features, %zu bytes\n", path, trained->columns.count,
                bytes.len);
    strbuf_release(&card);
    strbuf_release(&bytes);
    return result;
}

static void print_measures(const struct trained *trained, bool as_json)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    if (!as_json) {
        measure_print(&trained->measures, &trained->judgement);
        return;
    }
    json_init(&json, &text, 2);
    json_object_begin(&json, NULL);
    measure_write(&trained->measures, &trained->judgement, &json);
    json_object_end(&json);
    printf("%s\n", strbuf_text(&text));
    strbuf_release(&text);
}

static int train(struct training *training, struct err *err)
{
    const struct train_request *request = &training->request;
    struct train_options options = request->train;
    struct trained trained;
    const char *path = request->output;
    int result = read_documents(training, err);

    if (path == NULL)
        path = model_in_use(training->engine.generation->manifest, request->scheme);
    if (result == 0 && path == NULL)
        result = err_set(err, -EINVAL, "say where the model goes: --output FILE");
    if (result < 0)
        return result;
    if (training->left_out > 0)
        fprintf(stderr, "taxon train: %zu of %zu documents have nothing to learn from\n",
                training->left_out, training->read);
    options.progress = tell;
    result = train_run(&training->dataset, &options, &trained, err);
    if (result < 0)
        return result;
    print_measures(&trained, request->json);
    result = write_model(training, &trained, path, err);
    train_release(&trained);
    return result;
}

static int run(int argc, char **argv)
{
    struct training training = {.space = NULL};
    struct err err = {""};
    int status = train_parse(argc, argv, &training.request);

    if (status >= 0)
        return status;
    if (engine_open(&training.engine, training.request.config_file, &err) < 0)
        return cli_fail(&command_train, CLI_USAGE, &err);
    dataset_init(&training.dataset);
    if (train(&training, &err) < 0)
        status = cli_fail(&command_train, CLI_FAILED, &err);
    else
        status = CLI_OK;
    dataset_release(&training.dataset);
    free(training.space);
    engine_close(&training.engine);
    return status;
}

const struct command command_train = {"train", "make a model from documents whose labels are known",
                                      train_help, run};
