/* taxon eval: how well the plugins in force label documents whose labels are known. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "cli/engine.h"
#include "cli/labelled.h"
#include "learn/measure.h"
#include "learn/picture.h"

#define ROUNDS 1000 /* of the bootstrap */

static const char help[] =
    "Usage: taxon eval [-c FILE] [--json] [--svg FILE] [--roots] SCHEME DATA…\n"
    "\n"
    "Classifies documents whose labels are known and says how often the labels of SCHEME were\n"
    "right: precision, recall and F1 of each label, micro and macro, both for the best label of\n"
    "each document and for all labels that hold; calibration, and intervals of 95 % by\n"
    "bootstrap. DATA as for 'taxon train'.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --svg FILE     a picture of the confusion matrix and of precision over recall\n"
    "      --roots        look at the first level of the labels only\n"
    "      --json         print one JSON object\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0; 1 a document could not be read; 2 wrong arguments or a configuration that\n"
    "does not work.\n";

struct question {
    const char *config_file;
    const char *svg;
    const char *scheme;
    bool json;
    bool roots;
    char **data;
    int data_count;
};

struct evaluation {
    struct question question;
    struct engine engine;
    const char **labels; /* of the scheme, sorted */
    float *thresholds;
    uint32_t label_count;
    struct strbuf scores;  /* float, a row for each document */
    struct strbuf is_true; /* bool, the same */
    size_t count;
    size_t failed; /* documents that no answer came for: they count as having no label */
};

/* Length of the part of `id` that is looked at. */
static size_t shown_len(const struct evaluation *evaluation, const char *id)
{
    return evaluation->question.roots ? strcspn(id, "/") : strlen(id);
}

static uint32_t find_label(const struct evaluation *evaluation, const char *id)
{
    size_t len = shown_len(evaluation, id);

    for (uint32_t i = 0; i < evaluation->label_count; i++)
        if (strncmp(evaluation->labels[i], id, len) == 0 && evaluation->labels[i][len] == '\0')
            return i;
    return UINT32_MAX;
}

/* The scheme's labels, which come sorted from the manifest. */
static int take_labels(struct evaluation *evaluation, struct err *err)
{
    const struct manifest *manifest = evaluation->engine.generation->manifest;
    size_t most = 0;

    for (size_t i = 0; i < manifest->plugin_count; i++)
        most += manifest->plugins[i].label_count;
    evaluation->labels = calloc(most + 1, sizeof *evaluation->labels);
    evaluation->thresholds = calloc(most + 1, sizeof *evaluation->thresholds);
    if (evaluation->labels == NULL || evaluation->thresholds == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        for (size_t k = 0; k < manifest->plugins[i].label_count; k++) {
            const struct manifest_label *label = &manifest->plugins[i].labels[k];
            bool is_shown = !evaluation->question.roots || strchr(label->id, '/') == NULL;
            if (strcmp(label->scheme, evaluation->question.scheme) != 0 || !is_shown)
                continue;
            evaluation->thresholds[evaluation->label_count] = (float)label->threshold;
            evaluation->labels[evaluation->label_count++] = label->id;
        }
    }
    return evaluation->label_count > 0
               ? 0
               : err_set(err, -EINVAL, "no labels of a scheme '%s' ('taxon scheme list' names all)",
                         evaluation->question.scheme);
}

static void take_scores(const struct evaluation *evaluation, const struct reply *reply,
                        float *scores)
{
    for (size_t i = 0; i < reply->label_count; i++) {
        const struct reply_label *label = &reply->labels[i];
        if (strcmp(label->scheme, evaluation->question.scheme) != 0)
            continue;
        uint32_t at = find_label(evaluation, label->id);
        if (at != UINT32_MAX && scores[at] < (float)label->score)
            scores[at] = (float)label->score;
    }
}

static int take_truth(const struct evaluation *evaluation, const struct labelled *document,
                      bool *is_true, struct err *err)
{
    for (uint32_t i = 0; i < document->label_count; i++) {
        uint32_t at = find_label(evaluation, document->labels[i]);
        if (at == UINT32_MAX)
            return err_set(err, -EINVAL, "%s: scheme '%s' has no label '%.80s'", document->name,
                           evaluation->question.scheme, document->labels[i]);
        is_true[at] = true;
    }
    return 0;
}

static int take_document(void *data, const struct labelled *document, struct err *err)
{
    struct evaluation *evaluation = data;
    uint32_t labels = evaluation->label_count;
    float *scores = calloc(labels, sizeof *scores);
    bool *is_true = calloc(labels, sizeof *is_true);
    struct subject subject;
    struct plan plan;
    int result = scores == NULL || is_true == NULL ? err_set(err, -ENOMEM, "out of memory") : 0;

    evaluation->engine.url = document->url;
    if (result == 0)
        result = take_truth(evaluation, document, is_true, err);
    if (result == 0)
        result = engine_classify(&evaluation->engine, document->fd, document->name, "eval",
                                 &subject, &plan, err);
    if (result == 0) {
        evaluation->count++;
        evaluation->failed += subject.reply == NULL;
        if (subject.reply != NULL)
            take_scores(evaluation, subject.reply, scores);
        strbuf_append(&evaluation->scores, scores, labels * sizeof *scores);
        strbuf_append(&evaluation->is_true, is_true, labels * sizeof *is_true);
    }
    free(scores);
    free(is_true);
    return result;
}

static int write_picture(const struct measures *measures, const struct judgement *judgement,
                         const struct question *question, struct err *err)
{
    struct strbuf svg = STRBUF_INIT;
    FILE *file = fopen(question->svg, "we");
    bool is_written = file != NULL;

    picture_write(measures, judgement, question->scheme, &svg);
    if (file != NULL) {
        is_written = !svg.failed && fwrite(svg.data, 1, svg.len, file) == svg.len;
        is_written &= fclose(file) == 0;
    }
    strbuf_release(&svg);
    return is_written
               ? 0
               : err_set(err, -EIO, "%s: cannot be written: %s", question->svg, strerror(errno));
}

static void print(const struct evaluation *evaluation, const struct measures *measures,
                  const struct judgement *judgement)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    if (!evaluation->question.json) {
        measure_print(measures, judgement);
        if (evaluation->failed > 0)
            printf("%zu documents could not be classified\n", evaluation->failed);
        return;
    }
    json_init(&json, &text, 2);
    json_object_begin(&json, NULL);
    json_put_text(&json, "scheme", evaluation->question.scheme);
    json_put_int(&json, "failed", (int64_t)evaluation->failed);
    measure_write(measures, judgement, &json);
    json_object_end(&json);
    printf("%s\n", strbuf_text(&text));
    strbuf_release(&text);
}

static int evaluate(struct evaluation *evaluation, struct err *err)
{
    const struct question *question = &evaluation->question;
    struct measures measures;
    int result = take_labels(evaluation, err);

    for (int i = 0; i < question->data_count && result == 0; i++)
        result = labelled_read(question->data[i], take_document, evaluation, err);
    if (result < 0)
        return result;
    if (evaluation->count == 0)
        return err_set(err, -EINVAL, "no documents");
    struct judgement judgement = {
        .count = evaluation->count,
        .label_count = evaluation->label_count,
        .labels = evaluation->labels,
        .scores = (const void *)evaluation->scores.data,
        .is_true = (const void *)evaluation->is_true.data,
        .thresholds = evaluation->thresholds,
    };
    if (evaluation->scores.failed || evaluation->is_true.failed ||
        measure_take(&judgement, ROUNDS, 1, &measures) < 0)
        return err_set(err, -ENOMEM, "out of memory");
    print(evaluation, &measures, &judgement);
    if (question->svg != NULL)
        result = write_picture(&measures, &judgement, question, err);
    measure_release(&measures);
    return result;
}

static int parse(int argc, char **argv, struct question *out)
{
    static const struct option long_options[] = {
        {"config", required_argument, NULL, 'c'}, {"json", no_argument, NULL, 'j'},
        {"svg", required_argument, NULL, 's'},    {"roots", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int option;

    *out = (struct question){.config_file = TAXOND_SYSCONF "/taxond.yaml"};
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:jh", long_options, NULL)) != -1) {
        switch (option) {
        case 'c':
            out->config_file = optarg;
            break;
        case 'j':
            out->json = true;
            break;
        case 's':
            out->svg = optarg;
            break;
        case 'r':
            out->roots = true;
            break;
        case 'h':
            fputs(help, stdout);
            return CLI_OK;
        default:
            fputs("Try 'taxon eval --help'.\n", stderr);
            return CLI_USAGE;
        }
    }
    if (argc - optind < 2) {
        fputs("taxon eval: say which scheme, and which documents\nTry 'taxon eval --help'.\n",
              stderr);
        return CLI_USAGE;
    }
    out->scheme = argv[optind];
    out->data = argv + optind + 1;
    out->data_count = argc - optind - 1;
    return -1;
}

static int run(int argc, char **argv)
{
    struct evaluation evaluation = {.count = 0};
    struct err err = {""};
    int status = parse(argc, argv, &evaluation.question);

    if (status >= 0)
        return status;
    if (engine_open(&evaluation.engine, evaluation.question.config_file, &err) < 0)
        return cli_fail(&command_eval, CLI_USAGE, &err);
    status = evaluate(&evaluation, &err) < 0 ? cli_fail(&command_eval, CLI_FAILED, &err) : CLI_OK;
    strbuf_release(&evaluation.scores);
    strbuf_release(&evaluation.is_true);
    free(evaluation.labels);
    free(evaluation.thresholds);
    engine_close(&evaluation.engine);
    return status;
}

const struct command command_eval = {"eval", "say how often labels are right", help, run};
