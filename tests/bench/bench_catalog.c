/* What the catalog costs a document, with few rows in it and with many, side by side in one run.
 *
 *     bench_catalog [--few N] [--many N] [--rounds N] [--folder FOLDER]
 *
 * Two catalogs are filled, with N rows each, as if so many documents had been filed: ids that grow,
 * paths that do not. Then batches of 64 documents go from claim to filed in both, in turns, as
 * line/batch commits them: one transaction has the claims of one batch, the decisions of the batch
 * before and the last rows of the one before that; each decided document is first held against the
 * sketches of those before it. The medians count.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "catalog/catalog.h"

#define BATCH       64
#define BATCHES     16 /* in a round */
#define RECORD_LEN  2000
#define FILL_COMMIT 8192
#define ROUNDS_MAX  1000

static const struct catalog_label labels[] = {
    {"genre", "news/report", 0.9, true},
    {"topic", "ecology", 0.8, true},
    {"topic", "ecology/water", 0.7, true},
    {"usable", "yes", 1.0, true},
};

struct document {
    struct id id;
    char path[64];
    char placed[96];
    char record[RECORD_LEN + 1];
    struct minhash sketch;
};

struct side {
    const char *name;
    char path[256];
    struct catalog *catalog;
    uint64_t rows;
    struct document documents[3][BATCH]; /* claimed, decided, to be filed */
    double wall_us[ROUNDS_MAX];
    double cpu_us[ROUNDS_MAX];
};

static struct err err;

static void must(int result)
{
    if (result < 0) {
        fprintf(stderr, "bench_catalog: %s\n", err.text);
        exit(1);
    }
}

/* Paths as rules make them: few folders, names that come in no order. */
static void make_document(struct document *document)
{
    static uint64_t seed = 88172645463325252u;

    seed ^= seed << 13; /* xorshift64: Marsaglia 2003 */
    seed ^= seed >> 7;
    seed ^= seed << 17;
    must(id_new(&document->id));
    snprintf(document->path, sizeof(document->path), "%016llx.html", (unsigned long long)seed);
    snprintf(document->placed, sizeof(document->placed), "news/report/topic-%u/2026-%02u/%s",
             (unsigned)(seed % 40), (unsigned)(seed / 64 % 12 + 1), document->path);
    document->sketch.members = 1000; /* as of so many shingles: an eighth of the values' range */
    for (size_t i = 0; i < MINHASH_BINS; i++)
        document->sketch.bins[i] = (uint32_t)(minhash_mix(seed + i) >> 35);
    memset(document->record, 'r', RECORD_LEN);
    document->record[RECORD_LEN] = '\0';
}

static struct catalog_claim claim_of(const struct document *document)
{
    return (struct catalog_claim){.id = document->id,
                                  .inbox = "main",
                                  .path = document->path,
                                  .device = 1,
                                  .inode = 2,
                                  .size = 10240};
}

static struct catalog_decision decision_of(const struct document *document)
{
    struct catalog_decision decision = {.id = document->id,
                                        .root = "archive:main",
                                        .target = document->placed,
                                        .rule = "default",
                                        .sidecar = true,
                                        .record = document->record,
                                        .record_len = RECORD_LEN,
                                        .labels = labels,
                                        .label_count = sizeof(labels) / sizeof(labels[0]),
                                        .sketch = &document->sketch};

    memcpy(decision.digest.bytes, document->path, 16);
    return decision;
}

static void fill(struct side *side)
{
    static struct document document;

    must(catalog_open(side->path, &side->catalog, &err));
    for (uint64_t row = 0; row < side->rows; row++) {
        make_document(&document);
        const struct catalog_filed filed = {.claim = claim_of(&document),
                                            .attempts = 1,
                                            .decision = decision_of(&document),
                                            .effect = CATALOG_EFFECT_PLACED,
                                            .placed = document.placed};
        if (row % FILL_COMMIT == 0)
            must(catalog_begin(side->catalog, &err));
        must(catalog_add_filed(side->catalog, &filed, &err));
        if (row % FILL_COMMIT == FILL_COMMIT - 1 || row + 1 == side->rows)
            must(catalog_commit(side->catalog, &err));
    }
    /* Closed and opened: its log is folded in, as after a start. */
    catalog_close(side->catalog);
    must(catalog_open(side->path, &side->catalog, &err));
}

/* One transaction; `number` counts the batches, so that the first two have less to do. */
static void run_batch(struct side *side, unsigned number, bool last)
{
    struct document *claimed = side->documents[number % 3];
    struct document *decided = side->documents[(number + 2) % 3];
    struct document *filed = side->documents[(number + 1) % 3];

    must(catalog_begin_look(side->catalog, &err));
    for (int i = 0; i < BATCH && number >= 1 && number <= BATCHES; i++) {
        static struct catalog_near near[CATALOG_NEAR_MAX];
        must(catalog_look_near(side->catalog, &decided[i].sketch, &decided[i].id, near, &err));
    }
    catalog_end_look(side->catalog);
    must(catalog_begin(side->catalog, &err));
    for (int i = 0; i < BATCH && !last; i++) {
        const struct catalog_claim claim = claim_of(&claimed[i]);
        must(catalog_add_claim(side->catalog, &claim, 1, &err));
    }
    for (int i = 0; i < BATCH && number >= 1 && number <= BATCHES; i++) {
        const struct catalog_decision decision = decision_of(&decided[i]);
        must(catalog_set_decided(side->catalog, &decision, &err));
    }
    for (int i = 0; i < BATCH && number >= 2; i++)
        must(catalog_set_filed(side->catalog, &filed[i].id, CATALOG_EFFECT_PLACED, filed[i].placed,
                               1, &err));
    must(catalog_commit(side->catalog, &err));
}

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void run_round(struct side *side, unsigned round)
{
    const double documents = BATCHES * BATCH;
    double wall = 0;
    double cpu = 0;

    for (unsigned number = 0; number < BATCHES + 2; number++) {
        bool last = number >= BATCHES;

        for (int i = 0; i < BATCH && !last; i++)
            make_document(&side->documents[number % 3][i]);
        double wall_from = (double)clock_monotonic_us();
        double cpu_from = cpu_us();
        run_batch(side, number, last);
        wall += (double)clock_monotonic_us() - wall_from;
        cpu += cpu_us() - cpu_from;
    }
    side->wall_us[round] = wall / documents;
    side->cpu_us[round] = cpu / documents;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof(*values), by_value);
    return values[count / 2];
}

static void remove_side(const struct side *side)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[300];

    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "%s%s", side->path, suffixes[i]);
        unlink(name);
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"few", required_argument, NULL, 'f'},
                                            {"many", required_argument, NULL, 'm'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"folder", required_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    static struct side sides[2] = {{.name = "few", .rows = 10000},
                                   {.name = "many", .rows = 1000000}};
    char folder[200] = "/var/tmp/taxond-bench-XXXXXX";
    unsigned rounds = 31;
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'f')
            sides[0].rows = strtoull(optarg, NULL, 10);
        else if (option == 'm')
            sides[1].rows = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            rounds = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'd')
            snprintf(folder, sizeof(folder), "%s/taxond-bench-XXXXXX", optarg);
        else
            return puts("bench_catalog [--few N] [--many N] [--rounds N] [--folder FOLDER]") < 0;
    }
    if (rounds == 0 || rounds > ROUNDS_MAX || mkdtemp(folder) == NULL)
        return 2;
    for (int i = 0; i < 2; i++) {
        snprintf(sides[i].path, sizeof(sides[i].path), "%s/%s.sqlite", folder, sides[i].name);
        fill(&sides[i]);
        run_round(&sides[i], 0); /* not counted: caches are cold for both */
    }
    for (unsigned round = 0; round < rounds; round++)
        for (unsigned i = 0; i < 2; i++)
            run_round(&sides[(round + i) % 2], round);
    for (int i = 0; i < 2; i++) {
        catalog_close(sides[i].catalog);
        remove_side(&sides[i]);
    }
    rmdir(folder);
    double wall[2] = {median(sides[0].wall_us, rounds), median(sides[1].wall_us, rounds)};
    double cpu[2] = {median(sides[0].cpu_us, rounds), median(sides[1].cpu_us, rounds)};
    for (int i = 0; i < 2; i++)
        printf("%9llu rows  %7.1f us a document, %6.1f us of it CPU\n",
               (unsigned long long)sides[i].rows, wall[i], cpu[i]);
    printf("ratio           %7.2f                  %6.2f\n", wall[1] / wall[0], cpu[1] / cpu[0]);
    return 0;
}
