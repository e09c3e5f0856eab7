/* A host that a test plays: it hands out files of nodes built by hand, folds in the simplest way
 * (ASCII lower case, white space collapsed), and remembers what a plugin says. Folded text and text
 * are the same bytes. One for each test process.
 */
#ifndef TESTS_UNIT_KIT_FAKE_HOST_H
#define TESTS_UNIT_KIT_FAKE_HOST_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#define FAKE_LIST_MAX 512

struct fake_label {
    char id[160];
    char parent[160];
    double threshold; /* of a declared label, as what follows */
    char definition[200];
    char codes[200]; /* "iptc:06 sdg:13 …" */
    double score;    /* of a published one */
    size_t evidence_count;
    struct taxon_evidence evidence[16];
    char reasons[16][200];
};

struct fake {
    struct taxon_host host;
    struct taxon_opening opening;
    struct taxon_task task;
    size_t text_len;
    char *text; /* what a reader appended; NULL: nothing */
    size_t log_count;
    const char *paths[16];
    const struct taxon_node *roots[16]; /* NULL: a file that does not parse */
    size_t file_count;
    char mistakes[FAKE_LIST_MAX][420];
    size_t mistake_count;
    struct fake_label declared[FAKE_LIST_MAX];
    size_t declared_count;
    struct fake_label labels[FAKE_LIST_MAX];
    size_t label_count;
    struct taxon_block blocks[FAKE_LIST_MAX];
    size_t block_count;
    size_t block_limit; /* -E2BIG beyond it; 0: none */
    struct taxon_fact facts[FAKE_LIST_MAX];
    size_t fact_count;
    uint32_t allocations_left; /* NULL from alloc() when it comes to 0; starts high */
    uint32_t keeps_left;       /* the same for keep() */
    int32_t stop;              /* what should_stop() says */
};

struct fake *fake_new(void); /* never freed: a test is a process */

/* Adds a file to what resource() and yaml() give: to the option `unusable` those whose path begins
 * with /unusable/, to any other option the rest. */
void fake_file(struct fake *fake, const char *path, const struct taxon_node *root);

/* Nodes. The mapping and the sequence end with NULL. */
const struct taxon_node *fake_scalar(const char *text);
const struct taxon_node *fake_map(const char *key, const struct taxon_node *value, ...);
const struct taxon_node *fake_list(const struct taxon_node *first, ...);

/* The published or declared label, or NULL. */
const struct fake_label *fake_label(const struct fake *fake, const char *id);
const struct fake_label *fake_declared(const struct fake *fake, const char *id);
int fake_has_mistake(const struct fake *fake, const char *part);

/* Opens the plugin of the test (its taxon_plugin_v1) on the files, or runs it on a text. */
int32_t fake_open(struct fake *fake);
int32_t fake_classify(struct fake *fake, const char *text, const struct taxon_span *spans,
                      size_t span_count, const struct taxon_fact *facts, size_t fact_count);
int32_t fake_read(struct fake *fake, const char *text);

#endif
