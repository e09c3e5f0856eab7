/* train_boilerplate: fits the weights of the plugin boilerplate to pages with their main text.
 *
 *     train_boilerplate [--trees N] [--folds K] [--seed N] [--fold-weights FOLDER] [--no-check]
 *                       READER DEFINITIONS DATA OUT
 *
 * READER is the html plugin as built, DEFINITIONS the folder of role files; DATA holds index.tsv,
 * html/ID.html and gold/ID.txt. script/train runs it. The pages are parted by host into K parts,
 * and each is scored by weights that were fitted to the others (the check, which the card tells of,
 * and
 * --fold-weights keeps); then the weights that are written are fitted to all of them. The same data
 * and options give the same file, byte for byte.
 *
 * The second round learns from scores of the first that its own page had no part in: the first is
 * fitted to halves of the pages, and each scores the other.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "boost.h"
#include "main_text.h"
#include "pages.h"

#define INNER        3u
#define LENGTH_MAX   0.3 /* of a page that one line may weigh */
#define LENGTH_POW   0.7
#define GROUP_POW    0.3 /* pages of a rare language and type count more */
#define PHRASE_CAP   3   /* of a word on one site */
#define PHRASE_PRIOR 4.0 /* lines that a word has to be seen in to say something */
#define BOUND_LOW    0.25
#define BOUND_HIGH   0.5

struct plan {
    uint32_t folds;
    const char *fold_weights; /* folder; NULL: not kept */
    int is_checked;
    struct boost_options boost;
};

struct trainer {
    const struct plan *plan;
    struct pages pages;
    float *base_weights; /* of each row */
    float *targets;
    float *weights; /* those of a fit: 0 for rows left out */
    float *scores;
    uint8_t *bins;
    float *cuts;
    double *work;
    double *kept; /* by slot: lines of main text with that word; and of furniture */
    double *dropped;
    int8_t *table;
};

static void die(const char *what)
{
    fprintf(stderr, "train: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *need(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);

    if (memory == NULL) {
        die("memory");
    }
    return memory;
}

static void tell(const char *what)
{
    static time_t start;

    if (start == 0) {
        start = time(NULL);
    }
    fprintf(stderr, "%5lld s  %s\n", (long long)(time(NULL) - start), what);
}

/* The site that a host belongs to, so that no site is on both sides of a part: the last two names,
 * three where the last but one is no name of its own (com.cn). */
static const char *site_of(const char *host)
{
    const char *dots[4] = {host, host, host, host};
    const char *last = host;

    for (const char *at = host; *at != '\0'; at++) {
        if (*at == '.') {
            memmove(dots + 1, dots, 3 * sizeof(*dots));
            dots[0] = at + 1;
            last = at;
        }
    }
    (void)last;
    if (dots[1] != host && dots[0] - dots[1] <= 4) {
        return dots[2];
    }
    return dots[1];
}

/* FNV-1a and a mix, so that short names spread. */
static uint32_t fold_of(const struct sample *page, uint32_t folds, uint64_t salt)
{
    uint64_t hash = 0xcbf29ce484222325u ^ salt;

    for (const char *at = site_of(page->host); *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    }
    hash = (hash ^ (hash >> 31)) * 0x9E3779B97F4A7C15u;
    return (uint32_t)((hash >> 33) % folds);
}

/* A page counts by the F1 that it can reach, whatever its length; a line by its share of the main
 * text, long ones a little less. */
static void weigh(struct trainer *trainer)
{
    struct pages *pages = &trainer->pages;
    double *of_group = need(pages->count, sizeof(*of_group));
    double all = 0;

    for (size_t i = 0; i < pages->count; i++) {
        for (size_t k = 0; k < pages->count; k++) {
            of_group[i] += strcmp(pages->items[i].group, pages->items[k].group) == 0;
        }
    }
    for (size_t i = 0; i < pages->count; i++) {
        struct sample *page = &pages->items[i];
        double sum = 1e-9;

        for (size_t k = 0; k < page->line_count; k++) {
            double length = (double)page->lines[k].weight;
            double weight = pow(length < LENGTH_MAX ? length : LENGTH_MAX, LENGTH_POW);

            trainer->base_weights[page->first + k] = (float)weight;
            trainer->targets[page->first + k] = page->lines[k].target;
            sum += weight;
        }
        for (size_t k = 0; k < page->line_count; k++) {
            trainer->base_weights[page->first + k] *=
                (float)(pow(of_group[i], -GROUP_POW) / (sum > 1 ? sum : 1));
            all += (double)trainer->base_weights[page->first + k];
        }
    }
    for (size_t i = 0; i < pages->row_count; i++) {
        trainer->base_weights[i] *= (float)((double)pages->row_count / all);
    }
    free(of_group);
}

/* --- words --- */

/* Adds what one site has of each word to the counts; sign -1 takes it away again. */
static void count_site(struct trainer *trainer, const char *site, const uint8_t *in, double sign)
{
    struct pages *pages = &trainer->pages;
    uint8_t *seen = need((size_t)PHRASE_SLOTS * 2, 1);

    for (size_t i = 0; i < pages->count; i++) {
        const struct sample *page = &pages->items[i];

        for (size_t k = 0; in[i] && strcmp(site_of(page->host), site) == 0 && k < page->line_count;
             k++) {
            const struct page_line *line = &page->lines[k];
            int is_kept = line->target >= 0.5f;

            for (size_t s = 0; s < line->slot_count; s++) {
                uint8_t *count = &seen[line->slots[s] * 2u + (uint32_t)is_kept];

                if (*count < PHRASE_CAP) {
                    ++*count;
                    (is_kept ? trainer->kept : trainer->dropped)[line->slots[s]] += sign;
                }
            }
        }
    }
    free(seen);
}

/* Is it the first page of its site? Each site is counted once. */
static int is_first(const struct pages *pages, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(site_of(pages->items[i].host), site_of(pages->items[index].host)) == 0) {
            return 0;
        }
    }
    return 1;
}

static void make_table(struct trainer *trainer)
{
    double kept = 1;
    double dropped = 1;

    for (size_t i = 0; i < PHRASE_SLOTS; i++) {
        kept += trainer->kept[i];
        dropped += trainer->dropped[i];
    }
    for (size_t i = 0; i < PHRASE_SLOTS; i++) {
        double of_kept = PHRASE_PRIOR * kept / (kept + dropped);
        double of_dropped = PHRASE_PRIOR * dropped / (kept + dropped);
        double odds = log((trainer->kept[i] + of_kept) / of_kept) -
                      log((trainer->dropped[i] + of_dropped) / of_dropped);
        double value = round(odds * (double)PHRASE_UNIT);

        trainer->table[i] = (int8_t)(value > 127 ? 127 : value < -127 ? -127 : value);
    }
}

static void set_phrases(struct trainer *trainer, const struct sample *page)
{
    for (size_t k = 0; k < page->line_count; k++) {
        phrases_count(trainer->table, page->lines[k].slots, page->lines[k].slot_count,
                      trainer->pages.rows + (page->first + k) * FEATURES_COUNT + FEATURE_PHRASES);
    }
}

/* What words say, counted on the pages with in[page] != 0; of those themselves, on the others of
 * them, so that no site tells about itself. */
static void learn_phrases(struct trainer *trainer, const uint8_t *in)
{
    struct pages *pages = &trainer->pages;

    memset(trainer->kept, 0, PHRASE_SLOTS * sizeof(double));
    memset(trainer->dropped, 0, PHRASE_SLOTS * sizeof(double));
    for (size_t i = 0; i < pages->count; i++) {
        if (is_first(pages, i)) {
            count_site(trainer, site_of(pages->items[i].host), in, 1);
        }
    }
    for (size_t i = 0; i < pages->count; i++) {
        const char *site = site_of(pages->items[i].host);

        if (!is_first(pages, i)) {
            continue;
        }
        count_site(trainer, site, in, -1);
        make_table(trainer);
        for (size_t k = i; k < pages->count; k++) {
            if (strcmp(site_of(pages->items[k].host), site) == 0) {
                set_phrases(trainer, &pages->items[k]);
            }
        }
        count_site(trainer, site, in, 1);
    }
    make_table(trainer);
    boost_rebin(pages->rows, pages->row_count, FEATURES_COUNT, FEATURE_PHRASES, trainer->bins,
                trainer->cuts);
}

/* Weights for a fit to the pages with mask[page] == value. */
static void choose(struct trainer *trainer, const uint8_t *mask, uint8_t value)
{
    for (size_t i = 0; i < trainer->pages.count; i++) {
        const struct sample *page = &trainer->pages.items[i];

        for (size_t k = page->first; k < page->first + page->line_count; k++) {
            trainer->weights[k] = mask[i] == value ? trainer->base_weights[k] : 0;
        }
    }
}

static struct forest fit(struct trainer *trainer, uint32_t round, uint64_t salt)
{
    struct boost_options options = trainer->plan->boost;
    struct boost_data data = {.rows = trainer->pages.row_count,
                              .inputs = round == 0 ? (uint32_t)FEATURE_CONTEXT : FEATURES_COUNT,
                              .stride = FEATURES_COUNT,
                              .bins = trainer->bins,
                              .cuts = trainer->cuts,
                              .targets = trainer->targets,
                              .weights = trainer->weights};

    options.seed = options.seed * 1000003u + salt;
    return boost_fit(&data, &options);
}

static void score_page(struct trainer *trainer, const struct forest *forest,
                       const struct sample *page, float *out_scores)
{
    for (size_t k = 0; k < page->line_count; k++) {
        const float *row = trainer->pages.rows + (page->first + k) * FEATURES_COUNT;

        out_scores[k] = main_text_score(row, forest_sum(forest, row));
    }
}

static void set_context(struct trainer *trainer, const struct sample *page, const float *scores)
{
    struct line_features features = {.rows = trainer->pages.rows + page->first * FEATURES_COUNT,
                                     .around = trainer->pages.around + page->first};

    main_text_context(&features, page->line_count, scores, trainer->work);
}

/* The second round's context of the pages with in[page] != 0, by first rounds that were fitted to
 * others of them. */
static void cross_context(struct trainer *trainer, const uint8_t *in, uint64_t salt)
{
    struct pages *pages = &trainer->pages;
    uint8_t *mask = need(pages->count, 1);

    for (uint32_t part = 0; part < INNER; part++) {
        struct forest forest;

        for (size_t i = 0; i < pages->count; i++) {
            int is_out = fold_of(&pages->items[i], INNER, 0xABCDEFu) == part;

            mask[i] = (uint8_t)(in[i] ? is_out ? 2 : 1 : 0);
        }
        choose(trainer, mask, 1);
        forest = fit(trainer, 0, salt + 10 + part);
        for (size_t i = 0; i < pages->count; i++) {
            if (mask[i] == 2) {
                score_page(trainer, &forest, &pages->items[i], trainer->scores);
                set_context(trainer, &pages->items[i], trainer->scores);
            }
        }
        forest_free(&forest);
    }
    free(mask);
    boost_rebin(pages->rows, pages->row_count, FEATURES_COUNT, FEATURE_CONTEXT, trainer->bins,
                trainer->cuts);
}

/* Both rounds, fitted to the pages with in[page] != 0. */
static void fit_both(struct trainer *trainer, const uint8_t *in, uint64_t salt,
                     struct forest *out_forests)
{
    learn_phrases(trainer, in);
    choose(trainer, in, 1);
    out_forests[0] = fit(trainer, 0, salt);
    cross_context(trainer, in, salt);
    choose(trainer, in, 1);
    out_forests[1] = fit(trainer, 1, salt + 1);
}

static double judge(struct trainer *trainer, const struct forest *forests, struct sample *page)
{
    unsigned char *kept = need(page->line_count, 1);
    float *scores = trainer->scores;
    double bound;
    double f1;

    score_page(trainer, &forests[0], page, scores);
    set_context(trainer, page, scores);
    score_page(trainer, &forests[1], page, scores);
    bound = main_text_bound(trainer->pages.around + page->first, page->line_count, scores,
                            BOUND_LOW, BOUND_HIGH);
    for (size_t k = 0; k < page->line_count; k++) {
        kept[k] = (double)scores[k] >= bound;
    }
    f1 = page_f1(page, kept);
    free(kept);
    return f1;
}

/* --- what is written --- */

static void put(FILE *file, const void *data, size_t size)
{
    if (fwrite(data, 1, size, file) != size) {
        die("write");
    }
}

static void write_forests(const char *path, const struct forest *forests, const int8_t *phrases,
                          const char *card)
{
    struct weights_header header = {.version = WEIGHTS_VERSION,
                                    .features_version = FEATURES_VERSION,
                                    .inputs = FEATURES_COUNT,
                                    .trees = {forests[0].trees, forests[1].trees},
                                    .nodes = forests[0].node_count + forests[1].node_count,
                                    .card_size = (uint32_t)strlen(card),
                                    .bias = {forests[0].bias, forests[1].bias},
                                    .low = (float)BOUND_LOW,
                                    .high = (float)BOUND_HIGH};
    FILE *file = fopen(path, "we");

    if (file == NULL) {
        die(path);
    }
    memcpy(header.magic, WEIGHTS_MAGIC, sizeof(header.magic));
    header.size =
        (uint32_t)(sizeof(header) + (header.trees[0] + header.trees[1]) * sizeof(uint32_t) +
                   header.nodes * sizeof(struct weights_node) + PHRASE_SLOTS + header.card_size);
    put(file, &header, sizeof(header));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < forests[round].trees; i++) {
            uint32_t first = forests[round].firsts[i] + (round > 0 ? forests[0].node_count : 0);

            put(file, &first, sizeof(first));
        }
    }
    for (int round = 0; round < 2; round++) {
        put(file, forests[round].nodes, forests[round].node_count * sizeof(struct weights_node));
    }
    put(file, phrases, PHRASE_SLOTS);
    put(file, card, header.card_size);
    if (fclose(file) != 0) {
        die(path);
    }
}

struct group {
    char name[64];
    double sum;
    unsigned count;
};

struct groups {
    struct group items[64];
    size_t count;
};

static void add(struct groups *groups, const char *name, double value)
{
    size_t at = 0;

    while (at < groups->count && strcmp(groups->items[at].name, name) != 0) {
        at++;
    }
    if (at == 64) {
        return;
    }
    if (at == groups->count) {
        snprintf(groups->items[groups->count++].name, sizeof(groups->items[0].name), "%s", name);
    }
    groups->items[at].sum += value;
    groups->items[at].count++;
}

/* {"pages": 769, "f1": {"all": 0.88, …}} */
static void write_card(const struct trainer *trainer, const struct groups *groups, char *card,
                       size_t size)
{
    const struct plan *plan = trainer->plan;
    size_t used = (size_t)snprintf(
        card, size,
        "{\"pages\": %zu, \"lines\": %zu, \"seed\": %llu, \"trees\": %u, \"folds\": %u, "
        "\"cross_validated_f1\": {",
        trainer->pages.count, trainer->pages.row_count, (unsigned long long)plan->boost.seed,
        plan->boost.trees, plan->is_checked ? plan->folds : 0);

    for (size_t i = 0; i < groups->count && used < size; i++) {
        used +=
            (size_t)snprintf(card + used, size - used, "%s\"%s\": %.3f", i > 0 ? ", " : "",
                             groups->items[i].name, groups->items[i].sum / groups->items[i].count);
    }
    if (used < size) {
        snprintf(card + used, size - used, "}}\n");
    }
}

/* ID and part of each page, for those who measure with the weights of the parts. */
static void write_parts(const struct trainer *trainer)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/parts.tsv", trainer->plan->fold_weights);
    file = fopen(path, "we");
    if (file == NULL) {
        die(path);
    }
    for (size_t i = 0; i < trainer->pages.count; i++) {
        fprintf(file, "%s\t%u\n", trainer->pages.items[i].id,
                fold_of(&trainer->pages.items[i], trainer->plan->folds, 0));
    }
    if (fclose(file) != 0) {
        die(path);
    }
}

/* --- all of it --- */

static void check(struct trainer *trainer, struct groups *groups)
{
    struct pages *pages = &trainer->pages;
    uint8_t *in = need(pages->count, 1);
    char path[4096];

    if (trainer->plan->fold_weights != NULL) {
        write_parts(trainer);
    }
    for (uint32_t fold = 0; fold < trainer->plan->folds; fold++) {
        struct forest forests[2];

        for (size_t i = 0; i < pages->count; i++) {
            in[i] = fold_of(&pages->items[i], trainer->plan->folds, 0) != fold;
        }
        fit_both(trainer, in, fold * 100, forests);
        for (size_t i = 0; i < pages->count; i++) {
            if (!in[i]) {
                double f1 = judge(trainer, forests, &pages->items[i]);

                add(groups, "all", f1);
                add(groups, pages->items[i].group, f1);
                printf("%s\t%u\t%s\t%.4f\n", pages->items[i].id, fold, pages->items[i].group, f1);
            }
        }
        if (trainer->plan->fold_weights != NULL) {
            snprintf(path, sizeof(path), "%s/fold-%u.weights", trainer->plan->fold_weights, fold);
            write_forests(path, forests, trainer->table, "{}\n");
        }
        forest_free(&forests[0]);
        forest_free(&forests[1]);
        snprintf(path, sizeof(path), "part %u of %u checked", fold + 1, trainer->plan->folds);
        tell(path);
    }
    free(in);
}

static void train(const struct plan *plan, char **paths)
{
    static struct trainer trainer;
    struct groups groups = {.count = 0};
    struct forest forests[2];
    uint8_t *in;
    char card[8192];

    trainer.plan = plan;
    tell("reading");
    pages_read(paths[0], paths[1], paths[2], &trainer.pages);
    trainer.base_weights = need(trainer.pages.row_count, sizeof(float));
    trainer.targets = need(trainer.pages.row_count, sizeof(float));
    trainer.weights = need(trainer.pages.row_count, sizeof(float));
    trainer.scores = need(trainer.pages.row_count, sizeof(float));
    trainer.work = need(MAIN_TEXT_WORK * (trainer.pages.row_count + 1), sizeof(double));
    trainer.kept = need(PHRASE_SLOTS, sizeof(double));
    trainer.dropped = need(PHRASE_SLOTS, sizeof(double));
    trainer.table = need(PHRASE_SLOTS, 1);
    weigh(&trainer);
    boost_bins(trainer.pages.rows, trainer.pages.row_count, FEATURES_COUNT, &trainer.bins,
               &trainer.cuts);
    tell("read");
    if (plan->is_checked) {
        check(&trainer, &groups);
        for (size_t i = 0; i < groups.count; i++) {
            fprintf(stderr, "  %-24s %4u  %.4f\n", groups.items[i].name, groups.items[i].count,
                    groups.items[i].sum / groups.items[i].count);
        }
    }
    in = need(trainer.pages.count, 1);
    memset(in, 1, trainer.pages.count);
    fit_both(&trainer, in, 99999, forests);
    write_card(&trainer, &groups, card, sizeof(card));
    write_forests(paths[3], forests, trainer.table, card);
    tell("written");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"trees", required_argument, NULL, 't'},
                                            {"folds", required_argument, NULL, 'k'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"fold-weights", required_argument, NULL, 'f'},
                                            {"no-check", no_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    struct plan plan = {.folds = 5,
                        .is_checked = 1,
                        .boost = {.trees = 60,
                                  .leaves = 24,
                                  .rate = 0.1,
                                  .ridge = 20,
                                  .least = 15,
                                  .row_share = 0.5,
                                  .input_share = 0.4,
                                  .seed = 1}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 't':
            plan.boost.trees = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 'k':
            plan.folds = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 's':
            plan.boost.seed = strtoull(optarg, NULL, 10);
            break;
        case 'f':
            plan.fold_weights = optarg;
            break;
        case 'n':
            plan.is_checked = 0;
            break;
        default:
            return 2;
        }
    }
    if (argc - optind != 4 || plan.folds < 2 || plan.boost.trees < 1 ||
        plan.boost.trees > WEIGHTS_TREES_MAX) {
        fputs("usage: train_boilerplate [OPTION…] READER DEFINITIONS DATA OUT\n", stderr);
        return 2;
    }
    train(&plan, argv + optind);
    return 0;
}
