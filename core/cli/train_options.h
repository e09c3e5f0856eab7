/* cli/train_options: what `taxon train` was asked for. */
#ifndef CLI_TRAIN_OPTIONS_H
#define CLI_TRAIN_OPTIONS_H

#include "learn/train.h"

#define TRAIN_SOURCES_MAX 32

struct train_request {
    const char *config_file;
    bool json;
    bool replace;       /* also by a worse one */
    const char *output; /* NULL: the model that the configuration names */
    const char *date;   /* of the card, YYYY-MM-DD */
    const char *licence;
    const char *sources[TRAIN_SOURCES_MAX];
    int source_count;
    struct train_options train;
    const char *scheme;
    char **data;
    int data_count;
};

extern const char train_help[];

/* -1 to go on, else the exit status. */
int train_parse(int argc, char **argv, struct train_request *out_request);

#endif
