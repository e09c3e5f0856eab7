/* cli/train_options: the command line of `taxon train`. Called by cli/train. */
#include "cli/train_options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"

const char train_help[] =
    "Usage: taxon train [-c FILE] [OPTION…] SCHEME DATA…\n"
    "\n"
    "Makes a model of SCHEME from documents whose labels are known, and says by\n"
    "cross-validation how good it is. DATA is a folder of LABEL/file, or a file of JSON lines:\n"
    "text and label (or labels), and if known title, url, source, weight. Documents of one\n"
    "source are never on both sides of a cross-validation. The configuration names the plugin\n"
    "that publishes SCHEME; it need not have a model.\n"
    "\n"
    "  -c, --config FILE     the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "  -o, --output FILE     where the model goes (default: the model in use)\n"
    "      --replace         also where the model in use is better by its card\n"
    "      --cost C          of an error in training (default 1)\n"
    "      --features N      kept at most; 0: all (default 60000)\n"
    "      --weights W,W,…   of one token, two, more, edges of the text, edges of lines,\n"
    "                        measures, url (default 1,1,1,1,1,1,1; 0 leaves them out)\n"
    "      --least N         documents that a feature must occur in (default 2)\n"
    "      --folds N         of the cross-validation (default 5)\n"
    "      --precision P     that each label's threshold is to reach (default 0.8)\n"
    "      --seed N          of folds and training (default 1)\n"
    "      --source TEXT     for the card: where the documents are from; may be repeated\n"
    "      --licence TEXT    for the card: of the model\n"
    "      --date YYYY-MM-DD for the card (default: today)\n"
    "      --json            print what cross-validation found as JSON\n"
    "  -h, --help            this text\n"
    "\n"
    "Exit status: 0; 1 no model was written; 2 wrong arguments or a configuration that does not\n"
    "work.\n";

enum {
    OPTION_REPLACE = 256,
    OPTION_COST,
    OPTION_FEATURES,
    OPTION_LEAST,
    OPTION_FOLDS,
    OPTION_PRECISION,
    OPTION_SEED,
    OPTION_SOURCE,
    OPTION_LICENCE,
    OPTION_DATE,
    OPTION_WEIGHTS
};

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"output", required_argument, NULL, 'o'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {"replace", no_argument, NULL, OPTION_REPLACE},
    {"cost", required_argument, NULL, OPTION_COST},
    {"features", required_argument, NULL, OPTION_FEATURES},
    {"least", required_argument, NULL, OPTION_LEAST},
    {"folds", required_argument, NULL, OPTION_FOLDS},
    {"precision", required_argument, NULL, OPTION_PRECISION},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"source", required_argument, NULL, OPTION_SOURCE},
    {"licence", required_argument, NULL, OPTION_LICENCE},
    {"date", required_argument, NULL, OPTION_DATE},
    {"weights", required_argument, NULL, OPTION_WEIGHTS},
    {NULL, 0, NULL, 0},
};

static const char today_format[] = "%Y-%m-%d";

static const char *today(void)
{
    static char text[16];
    time_t now = time(NULL);
    struct tm broken;

    if (gmtime_r(&now, &broken) == NULL || strftime(text, sizeof text, today_format, &broken) == 0)
        return "";
    return text;
}

/* A number in [least, most]; else a line to standard error and false. */
static bool number(const char *name, double least, double most, double *out)
{
    char *end;
    double value = strtod(optarg, &end);

    if (end == optarg || *end != '\0' || !(value >= least && value <= most)) {
        fprintf(stderr, "taxon train: --%s takes a number from %g to %g, not '%s'\n", name, least,
                most, optarg);
        return false;
    }
    *out = value;
    return true;
}

static bool count(const char *name, double least, double most, uint32_t *out)
{
    double value;

    if (!number(name, least, most, &value))
        return false;
    if (floor(value) != value) {
        fprintf(stderr, "taxon train: --%s takes a whole number\n", name);
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* Numbers of at least 0 with commas between them; families that are not named weigh 1. */
static bool take_weights(float weights[COLUMNS_FAMILIES])
{
    const char *at = optarg;

    for (size_t i = 0; i < COLUMNS_FAMILIES; i++) {
        char *end;
        float weight = strtof(at, &end);
        if (end == at || !(weight >= 0 && weight <= 10) || (*end != ',' && *end != '\0'))
            break;
        weights[i] = weight;
        if (*end == '\0')
            return true;
        at = end + 1;
    }
    fprintf(stderr, "taxon train: --weights takes at most %d numbers from 0 to 10, not '%s'\n",
            COLUMNS_FAMILIES, optarg);
    return false;
}

static bool take_source(struct train_request *request)
{
    if (request->source_count == TRAIN_SOURCES_MAX) {
        fprintf(stderr, "taxon train: more than %d sources\n", TRAIN_SOURCES_MAX);
        return false;
    }
    request->sources[request->source_count++] = optarg;
    return true;
}

/* False: a mistake was told. */
static bool take_option(int option, struct train_request *request)
{
    struct train_options *train = &request->train;
    uint32_t seed;

    switch (option) {
    case 'c':
        request->config_file = optarg;
        return true;
    case 'o':
        request->output = optarg;
        return true;
    case 'j':
        request->json = true;
        return true;
    case OPTION_REPLACE:
        request->replace = true;
        return true;
    case OPTION_COST:
        return number("cost", 1e-4, 1e4, &train->solver.cost);
    case OPTION_FEATURES:
        return count("features", 0, 4e6, &train->rows);
    case OPTION_LEAST:
        return count("least", 1, 1e6, &train->least);
    case OPTION_FOLDS:
        return count("folds", 2, 20, &train->folds);
    case OPTION_PRECISION:
        return number("precision", 0, 1, &train->precision);
    case OPTION_SEED:
        if (!count("seed", 0, 4294967295.0, &seed))
            return false;
        train->solver.seed = seed;
        return true;
    case OPTION_WEIGHTS:
        return take_weights(train->weights);
    case OPTION_SOURCE:
        return take_source(request);
    case OPTION_LICENCE:
        request->licence = optarg;
        return true;
    case OPTION_DATE:
        request->date = optarg;
        return true;
    default:
        return false;
    }
}

int train_parse(int argc, char **argv, struct train_request *out_request)
{
    struct train_request request = {
        .config_file = TAXOND_SYSCONF "/taxond.yaml",
        .date = today(),
        .licence = "",
        .train = {.solver = {.cost = 1, .tolerance = 0.1, .rounds = 20, .seed = 1, .threads = 2},
                  .weights = {1, 1, 1, 1, 1, 1, 1, 1},
                  .least = 2,
                  .rows = 60000,
                  .folds = 5,
                  .precision = 0.8},
    };
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "c:o:jh", long_options, NULL)) != -1) {
        if (option == 'h') {
            fputs(train_help, stdout);
            return CLI_OK;
        }
        if (!take_option(option, &request)) {
            fputs("Try 'taxon train --help'.\n", stderr);
            return CLI_USAGE;
        }
    }
    if (argc - optind < 2) {
        fputs("taxon train: say which scheme, and which documents\nTry 'taxon train --help'.\n",
              stderr);
        return CLI_USAGE;
    }
    request.scheme = argv[optind];
    request.data = argv + optind + 1;
    request.data_count = argc - optind - 1;
    *out_request = request;
    return -1;
}
