/* The parts of finding near-duplicates, without a daemon around them. script/bench neardup runs it.
 *
 *     bench_near exact FILE            exact Jaccard of all pairs: "nearest AT OTHER LIKENESS" for
 *                                      each document that shares a shingle with an earlier one
 *     bench_near cost FILE ROWS…       documents a second: sketch, look-up and rows, all pairs
 *
 * FILE has a document a line, its own line ends as form feeds. The rows of `cost` are made of
 * random sketches, and of those that share phrases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "text/shingles.h"

#define BATCH       64
#define FILL_COMMIT 8192
#define MEASURED    4096 /* documents, a multiple of BATCH */

struct text {
    struct folded folded;
    uint64_t *shingles; /* sorted, each once */
    size_t count;
};

static struct arena arena;
static struct text *texts;
static size_t text_count;
static uint64_t text_bytes;
static struct err err;

static void must(int result)
{
    if (result < 0) {
        fprintf(stderr, "bench_near: %s\n", err.text[0] != '\0' ? err.text : strerror(-result));
        exit(1);
    }
}

static void read_texts(const char *path)
{
    struct strbuf all = STRBUF_INIT;
    char *line;
    char *next;

    must(file_slurp_path(path, (size_t)1 << 30, &all));
    for (size_t i = 0; i < all.len; i++)
        text_count += all.data[i] == '\n';
    texts = calloc(text_count + 1, sizeof texts[0]);
    if (texts == NULL)
        exit(1);
    line = all.data;
    for (size_t i = 0; i < text_count; i++, line = next) {
        next = (char *)memchr(line, '\n', all.len - (size_t)(line - all.data)) + 1;
        size_t len = (size_t)(next - 1 - line);
        for (char *c = line; c < line + len; c++)
            *c = *c == '\f' ? '\n' : *c;
        text_bytes += len;
        must(fold_text(&arena, line, len, &texts[i].folded));
    }
    strbuf_release(&all);
}

static int by_value(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static void keep_shingle(void *context, uint64_t hash)
{
    struct text *text = context;

    text->shingles[text->count++] = hash;
}

/* Each once, sorted. There are no more than bytes. */
static void list_shingles(struct text *text)
{
    size_t kept = 0;

    text->shingles = malloc((text->folded.len + 1) * sizeof text->shingles[0]);
    if (text->shingles == NULL)
        exit(1);
    shingles_each(&text->folded, NULL, 0, keep_shingle, text);
    qsort(text->shingles, text->count, sizeof text->shingles[0], by_value);
    for (size_t i = 0; i < text->count; i++)
        if (i == 0 || text->shingles[i] != text->shingles[i - 1])
            text->shingles[kept++] = text->shingles[i];
    text->count = kept;
}

static double jaccard(const struct text *a, const struct text *b)
{
    size_t common = 0;
    size_t i = 0;
    size_t k = 0;

    while (i < a->count && k < b->count) {
        common += a->shingles[i] == b->shingles[k];
        if (a->shingles[i] < b->shingles[k])
            i++;
        else if (a->shingles[i] > b->shingles[k])
            k++;
        else
            i++, k++;
    }
    return common == 0 ? 0 : (double)common / (double)(a->count + b->count - common);
}

/* All pairs; prints the nearest earlier one of each when `print`. */
static void compare_all(bool print)
{
    for (size_t i = 0; i < text_count; i++)
        list_shingles(&texts[i]);
    for (size_t i = 1; i < text_count; i++) {
        size_t nearest = 0;
        double best = 0;

        for (size_t k = 0; k < i; k++) {
            double likeness = jaccard(&texts[i], &texts[k]);
            if (likeness > best) {
                best = likeness;
                nearest = k;
            }
        }
        if (print && best > 0)
            printf("nearest %zu %zu %.4f\n", i, nearest, best);
    }
}

static uint64_t next_random(void)
{
    static uint64_t seed = 88172645463325252u;

    seed ^= seed << 13; /* xorshift64: Marsaglia 2003 */
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Of a document of about 1,000 shingles, as their least values come, one in eight of a phrase that
 * a thousand others have. */
static struct minhash made_sketch(void)
{
    struct minhash sketch;

    minhash_init(&sketch);
    sketch.members = 1000;
    for (size_t i = 0; i < MINHASH_BINS; i++)
        for (int k = 0; k < 8; k++) {
            uint32_t value = next_random() % 8 == 0
                                 ? (uint32_t)(minhash_mix(next_random() % 1000 * 128 + i) >> 32)
                                 : (uint32_t)(next_random() >> 32);
            if (value < sketch.bins[i])
                sketch.bins[i] = value;
        }
    return sketch;
}

static void add(struct catalog *catalog, const struct id *id, const struct minhash *sketch)
{
    const struct catalog_filed filed = {.claim = {.id = *id, .inbox = "main", .path = "a"},
                                        .attempts = 1,
                                        .decision = {.id = *id,
                                                     .root = "archive:main",
                                                     .target = "a",
                                                     .rule = "r",
                                                     .sidecar = true,
                                                     .record = "{}",
                                                     .record_len = 2,
                                                     .sketch = sketch},
                                        .effect = CATALOG_EFFECT_PLACED,
                                        .placed = "a"};

    must(catalog_add_filed(catalog, &filed, &err));
}

static void fill(struct catalog *catalog, uint64_t rows)
{
    for (uint64_t row = 0; row < rows; row++) {
        struct minhash sketch = made_sketch();
        struct id id;

        must(id_new(&id));
        if (row % FILL_COMMIT == 0)
            must(catalog_begin(catalog, &err));
        add(catalog, &id, &sketch);
        if (row % FILL_COMMIT == FILL_COMMIT - 1 || row + 1 == rows)
            must(catalog_commit(catalog, &err));
    }
}

/* As the line does: a batch is looked up, then committed. */
static void measure(struct catalog *catalog, uint64_t rows)
{
    static struct minhash sketches[BATCH];
    static struct id ids[BATCH];
    double look_us = 0;
    double add_us = 0;
    uint64_t compared = 0;

    for (int done = 0; done < MEASURED; done += BATCH) {
        struct catalog_near found[CATALOG_NEAR_MAX];
        uint64_t from_us;

        for (int i = 0; i < BATCH; i++) {
            sketches[i] = made_sketch();
            must(id_new(&ids[i]));
        }
        from_us = clock_monotonic_us();
        must(catalog_begin_look(catalog, &err));
        for (int i = 0; i < BATCH; i++) {
            int count = catalog_look_near(catalog, &sketches[i], &ids[i], found, &err);
            must(count);
            compared += (uint64_t)count;
        }
        catalog_end_look(catalog);
        look_us += (double)(clock_monotonic_us() - from_us);
        from_us = clock_monotonic_us();
        must(catalog_begin(catalog, &err));
        for (int i = 0; i < BATCH; i++)
            add(catalog, &ids[i], &sketches[i]);
        must(catalog_commit(catalog, &err));
        add_us += (double)(clock_monotonic_us() - from_us);
    }
    printf("%9llu documents known: %7.0f look-ups a second (%.1f compared), %6.0f committed rows a "
           "second with their keys\n",
           (unsigned long long)rows, MEASURED / look_us * 1e6, (double)compared / MEASURED,
           MEASURED / add_us * 1e6);
}

static void cost_of_catalog(uint64_t rows)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char folder[] = "/var/tmp/taxond-bench-XXXXXX";
    char path[64];
    char name[80];
    struct catalog *catalog;

    if (mkdtemp(folder) == NULL)
        exit(1);
    snprintf(path, sizeof path, "%s/catalog.sqlite", folder);
    must(catalog_open(path, &catalog, &err));
    fill(catalog, rows);
    measure(catalog, rows);
    catalog_close(catalog);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    rmdir(folder);
}

static void cost(int count, char **rows)
{
    struct minhash sketch;
    uint64_t from_us = clock_monotonic_us();
    double us;
    int rounds = 20;

    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < text_count; i++)
            (void)shingles_sketch(&texts[i].folded, NULL, 0, &sketch);
    us = (double)(clock_monotonic_us() - from_us);
    printf("sketch: %.0f documents a second, %.0f MB/s\n", (double)text_count * rounds / us * 1e6,
           (double)text_bytes * rounds / us);
    from_us = clock_monotonic_us();
    compare_all(false);
    us = (double)(clock_monotonic_us() - from_us);
    printf("exact Jaccard of all pairs, baseline: %.0f documents a second among %zu; it falls with "
           "their number\n",
           (double)text_count / us * 1e6, text_count);
    for (int i = 0; i < count; i++)
        cost_of_catalog(strtoull(rows[i], NULL, 10));
}

int main(int argc, char **argv)
{
    if (argc < 3 || (strcmp(argv[1], "exact") != 0 && strcmp(argv[1], "cost") != 0)) {
        fputs("bench_near exact FILE | cost FILE ROWS…\n", stderr);
        return 2;
    }
    arena_init(&arena, 0);
    read_texts(argv[2]);
    if (strcmp(argv[1], "exact") == 0)
        compare_all(true);
    else
        cost(argc - 3, argv + 3);
    return 0;
}
