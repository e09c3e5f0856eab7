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

#include "trainer.h"

#define INNER      3u
#define LENGTH_MAX 0.3 /* of a page that one line may weigh */
#define LENGTH_POW 0.7
#define GROUP_POW  0.3 /* pages of a rare language and type count more */

static void tell(const char *what)
{
    static time_t start;

    if (start == 0) {
        start = time(NULL);
    }
    fprintf(stderr, "%5lld s  %s\n", (long long)(time(NULL) - start), what);
}

/* FNV-1a and a mix, so that short names spread. */
uint32_t trainer_fold_of(const struct sample *page, uint32_t folds, uint64_t salt)
{
    uint64_t hash = 0xcbf29ce484222325u ^ salt;

    for (const char *at = trainer_site_of(page->host); *at != '\0'; at++) {
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
    double *of_group = trainer_need(pages->count, sizeof(*of_group));
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
    uint8_t *mask = trainer_need(pages->count, 1);

    for (uint32_t part = 0; part < INNER; part++) {
        struct forest forest;

        for (size_t i = 0; i < pages->count; i++) {
            int is_out = trainer_fold_of(&pages->items[i], INNER, 0xABCDEFu) == part;

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
    trainer_learn_phrases(trainer, in);
    choose(trainer, in, 1);
    out_forests[0] = fit(trainer, 0, salt);
    cross_context(trainer, in, salt);
    choose(trainer, in, 1);
    out_forests[1] = fit(trainer, 1, salt + 1);
}

static double judge(struct trainer *trainer, const struct forest *forests, struct sample *page)
{
    unsigned char *kept = trainer_need(page->line_count, 1);
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

/* --- all of it --- */

static void cross_check(struct trainer *trainer, struct groups *groups)
{
    struct pages *pages = &trainer->pages;
    uint8_t *in = trainer_need(pages->count, 1);
    char path[4096];

    if (trainer->plan->fold_weights != NULL) {
        trainer_write_parts(trainer);
    }
    for (uint32_t fold = 0; fold < trainer->plan->folds; fold++) {
        struct forest forests[2];

        for (size_t i = 0; i < pages->count; i++) {
            in[i] = trainer_fold_of(&pages->items[i], trainer->plan->folds, 0) != fold;
        }
        fit_both(trainer, in, fold * 100, forests);
        for (size_t i = 0; i < pages->count; i++) {
            if (!in[i]) {
                double f1 = judge(trainer, forests, &pages->items[i]);

                groups_add(groups, "all", f1);
                groups_add(groups, pages->items[i].group, f1);
                printf("%s\t%u\t%s\t%.4f\n", pages->items[i].id, fold, pages->items[i].group, f1);
            }
        }
        if (trainer->plan->fold_weights != NULL) {
            snprintf(path, sizeof(path), "%s/fold-%u.weights", trainer->plan->fold_weights, fold);
            trainer_write_forests(path, forests, trainer->table, "{}\n");
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
    trainer.base_weights = trainer_need(trainer.pages.row_count, sizeof(float));
    trainer.targets = trainer_need(trainer.pages.row_count, sizeof(float));
    trainer.weights = trainer_need(trainer.pages.row_count, sizeof(float));
    trainer.scores = trainer_need(trainer.pages.row_count, sizeof(float));
    trainer.work = trainer_need(MAIN_TEXT_WORK * (trainer.pages.row_count + 1), sizeof(double));
    trainer.kept = trainer_need(PHRASE_SLOTS, sizeof(double));
    trainer.dropped = trainer_need(PHRASE_SLOTS, sizeof(double));
    trainer.table = trainer_need(PHRASE_SLOTS, 1);
    weigh(&trainer);
    boost_bins(trainer.pages.rows, trainer.pages.row_count, FEATURES_COUNT, &trainer.bins,
               &trainer.cuts);
    tell("read");
    if (plan->is_checked) {
        cross_check(&trainer, &groups);
        for (size_t i = 0; i < groups.count; i++) {
            fprintf(stderr, "  %-24s %4u  %.4f\n", groups.items[i].name, groups.items[i].count,
                    groups.items[i].sum / groups.items[i].count);
        }
    }
    in = trainer_need(trainer.pages.count, 1);
    memset(in, 1, trainer.pages.count);
    fit_both(&trainer, in, 99999, forests);
    trainer_write_card(&trainer, &groups, card, sizeof(card));
    trainer_write_forests(paths[3], forests, trainer.table, card);
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
