/* pages: reads labelled pages through the stages of a worker, in this process, and takes from the
 * plugin boilerplate, compiled in, what it counts of each line.
 *
 * The plugin runs in the place of the shared object that the configuration names, with its options;
 * only what it does with a document is replaced, by mark_features() and by copies of its lines.
 */
#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <taxon/plugin.h>

#include "base/digest.h"
#include "base/file.h"
#include "config/settings.h"
#include "worker/plugin_set.h"
#include "worker/stages.h"

#include "lines.h"
#include "marking.h"

#define NEIGHBOURS 4

static struct pages *all;
static struct sample *current;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "train: %s: %s\n", what, why);
    exit(1);
}

static void *grown(void *memory, size_t size)
{
    void *more = realloc(memory, size);

    if (more == NULL) {
        die("memory", strerror(errno));
    }
    return more;
}

/* --- what a line is worth --- */

/* Letters of a line that has no gram of its own: are they a line of the gold, or part of one? */
static int is_in(const struct letters *gold, const uint32_t *items, size_t count)
{
    for (size_t at = 0; at + count <= gold->count; at++) {
        if (memcmp(gold->items + at, items, count * sizeof(*items)) == 0) {
            return 1;
        }
    }
    return 0;
}

struct order {
    double value;
    size_t line;
};

static int by_value(const void *a, const void *b)
{
    const struct order *x = a;
    const struct order *y = b;

    return x->value > y->value   ? -1
           : x->value < y->value ? 1
           : x->line < y->line   ? -1
                                 : x->line > y->line;
}

static struct letters letters_in(const struct sample *page, size_t line)
{
    return (struct letters){.items = page->letters.items + page->lines[line].begin,
                            .count = page->lines[line].end - page->lines[line].begin};
}

/* The share of each line that is in the gold at all, and how much of that is around it. */
static void rank(struct sample *page, struct order *order)
{
    for (size_t i = 0; i < page->line_count; i++) {
        struct letters letters = letters_in(page, i);
        size_t grams = letters.count < 5 ? 0 : letters.count - 4;

        page->lines[i].target =
            grams > 0 ? (float)grams_shared(&page->grams, &letters, 0) / (float)grams
                      : 0.9f * (float)is_in(&page->gold, letters.items, letters.count);
    }
    for (size_t i = 0; i < page->line_count; i++) {
        double sum = 0;
        double weights = 1e-9;

        for (size_t k = i < NEIGHBOURS ? 0 : i - NEIGHBOURS;
             k < page->line_count && k <= i + NEIGHBOURS; k++) {
            double weight = (double)(page->lines[k].end - page->lines[k].begin);

            sum += k == i ? 0 : weight * page->lines[k].target;
            weights += k == i ? 0 : weight;
        }
        order[i] = (struct order){page->lines[i].target + 0.5 * sum / weights, i};
    }
}

/* What comes once in the gold is taken once: from the line that is surest to be meant. */
static void label(struct sample *page)
{
    struct order *order = grown(NULL, (page->line_count + 1) * sizeof(*order));
    double wanted = (double)(page->grams.total > 0 ? page->grams.total : 1);

    rank(page, order);
    qsort(order, page->line_count, sizeof(*order), by_value);
    for (size_t i = 0; i < page->line_count; i++) {
        struct page_line *line = &page->lines[order[i].line];
        struct letters letters = letters_in(page, order[i].line);
        size_t grams = letters.count < 5 ? 0 : letters.count - 4;

        if (grams > 0) {
            size_t shared = grams_shared(&page->grams, &letters, 0);

            /* Nothing is taken out by a line that is mostly something else. */
            if (shared * 2 >= grams) {
                shared = grams_shared(&page->grams, &letters, 1);
            }
            line->target = (float)shared / (float)grams;
        }
        line->weight = (float)(((double)letters.count + 2) / wanted);
    }
    grams_reset(&page->grams, &page->gold);
    free(order);
}

double page_f1(struct sample *page, const unsigned char *kept)
{
    struct letters letters = {.items = grown(NULL, (page->letters.count + 1) * sizeof(uint32_t))};
    size_t shared;
    double f1;

    for (size_t i = 0; i < page->line_count; i++) {
        struct letters line = letters_in(page, i);

        if (kept[i]) {
            memcpy(letters.items + letters.count, line.items, line.count * sizeof(uint32_t));
            letters.count += line.count;
        }
    }
    shared = grams_shared(&page->grams, &letters, 1);
    grams_reset(&page->grams, &page->gold);
    f1 = f1_of((double)shared, letters.count < 5 ? 0 : (double)letters.count - 4,
               (double)page->grams.total);
    free(letters.items);
    return f1;
}

/* --- one page --- */

static void take_lines(const struct page *page)
{
    const struct taxon_document *document = page->document;

    current->letters.items = grown(NULL, (document->text_len + 1) * sizeof(uint32_t));
    current->lines = grown(NULL, (page->count + 1) * sizeof(*current->lines));
    for (size_t i = 0; i < page->count; i++) {
        const struct line *line = &page->lines[i];
        struct letters letters =
            letters_of(document->text + line->text_begin, line->text_end - line->text_begin);
        struct page_line *to = &current->lines[current->line_count++];

        *to = (struct page_line){.begin = current->letters.count,
                                 .end = current->letters.count + letters.count};
        to->slot_count = phrases_slots(line_text(page, i), line_len(page, i), to->slots);
        memcpy(current->letters.items + to->begin, letters.items, letters.count * sizeof(uint32_t));
        current->letters.count = to->end;
        free(letters.items);
    }
}

static int32_t take_page(void *instance, struct taxon_task *task,
                         const struct taxon_document *document)
{
    struct page page = {.boilerplate = instance, .task = task, .document = document};
    struct line_features features;
    size_t room;

    if (current == NULL) { /* the warm-up */
        return 0;
    }
    if (mark_lines(&page) < 0 || line_features_of(&page, &features) < 0) {
        die(current->id, "out of memory");
    }
    take_lines(&page);
    current->first = all->row_count;
    room = all->row_count + page.count;
    all->rows = grown(all->rows, (room + 1) * FEATURES_COUNT * sizeof(float));
    all->around = grown(all->around, (room + 1) * sizeof(*all->around));
    memcpy(all->rows + all->row_count * FEATURES_COUNT, features.rows,
           page.count * FEATURES_COUNT * sizeof(float));
    memcpy(all->around + all->row_count, features.around, page.count * sizeof(*all->around));
    all->row_count += page.count;
    return 0;
}

/* --- all pages --- */

static struct letters read_gold(const char *folder, const char *id)
{
    char path[4096];
    struct strbuf text = STRBUF_INIT;
    struct letters letters;
    int fd;

    snprintf(path, sizeof(path), "%s/gold/%s.txt", folder, id);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || file_slurp(fd, (size_t)64 << 20, &text) < 0) {
        die(path, "cannot be read");
    }
    letters = letters_of(strbuf_text(&text), text.len);
    close(fd);
    strbuf_release(&text);
    return letters;
}

/* id, language, script, type, host, source */
static int parse_row(char *row, struct sample *page)
{
    char *fields[6];
    size_t count = 0;

    for (char *at = row; count < 6; count++) {
        fields[count] = at;
        at = strpbrk(at, "\t\n");
        if (at == NULL) {
            break;
        }
        *at++ = '\0';
    }
    if (count < 5 || strcmp(fields[0], "id") == 0 || strchr(fields[0], '/') != NULL) {
        return 0;
    }
    snprintf(page->id, sizeof(page->id), "%.30s", fields[0]);
    snprintf(page->group, sizeof(page->group), "%.20s %.40s", fields[1], fields[3]);
    snprintf(page->host, sizeof(page->host), "%.120s",
             fields[4][0] != '\0' ? fields[4] : fields[0]);
    return 1;
}

static void read_page(struct stages *stages, const struct settings *settings, const char *folder,
                      struct sample *page)
{
    char path[4096];
    struct job job = {.time_ms = settings->limits.time_ms * 100,
                      .name = "page.html",
                      .source = "",
                      .url = "",
                      .charset = "",
                      .media_type = "text/html"};
    int fd;
    int code;

    snprintf(path, sizeof(path), "%s/html/%s.html", folder, page->id);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        die(path, strerror(errno));
    }
    job.size = (uint64_t)lseek(fd, 0, SEEK_END);
    lseek(fd, 0, SEEK_SET);
    page->gold = read_gold(folder, page->id);
    page->grams = grams_of(&page->gold);
    page->first = all->row_count;
    current = page;
    code = stages_run(stages, 1, &job, &fd, -1);
    current = NULL;
    if (code < 0) {
        die(path, strerror(-code));
    }
    if (page->lines == NULL) { /* a page without text */
        page->lines = grown(NULL, sizeof(*page->lines));
    }
    label(page);
}

/* The reader as it was built, and the classifier that is compiled in. */
static void load_plugins(struct plugin_set *set, const struct settings *settings,
                         const char *reader, struct resources *resources)
{
    static struct digest digest;
    static struct plugin plugins[2];
    struct taxon_descriptor descriptor = *taxon_plugin_v1();
    struct err err = {""};
    uint64_t size;
    int fd = open(reader, O_RDONLY | O_CLOEXEC);

    descriptor.classify = take_page;
    if (fd < 0 || digest_of_fd(fd, &digest, &size) < 0) {
        die(reader, strerror(errno));
    }
    for (size_t i = 0; i < 2; i++) {
        plugin_init(&plugins[i], &settings->plugins[i], (uint32_t)i, reader, &digest);
        set->plugins[set->count++] = &plugins[i];
        if ((i == 0 ? plugin_load(&plugins[i], fd, &err)
                    : plugin_describe(&plugins[i], &descriptor, &err)) < 0) {
            die("plugin", err.text);
        }
    }
    set->reader_count = 1;
    for (size_t i = 0; i < 2; i++) {
        if (plugin_open(&plugins[i], settings, resources, &err) < 0) {
            die("plugin", err.text);
        }
    }
}

static void read_all(struct stages *stages, const struct settings *settings, const char *folder)
{
    char path[4096];
    char row[1024];
    FILE *index;

    snprintf(path, sizeof(path), "%s/index.tsv", folder);
    index = fopen(path, "re");
    if (index == NULL) {
        die(path, strerror(errno));
    }
    while (fgets(row, sizeof(row), index) != NULL) {
        struct sample page = {.id = ""};

        if (!parse_row(row, &page)) {
            continue;
        }
        all->items = grown(all->items, (all->count + 1) * sizeof(*all->items));
        all->items[all->count] = page;
        read_page(stages, settings, folder, &all->items[all->count++]);
    }
    fclose(index);
}

void pages_read(const char *reader, const char *definitions, const char *folder,
                struct pages *out_pages)
{
    static struct plugin *pointers[2];
    static struct stage_page stage;
    static struct stages stages;
    static struct resources resources;
    struct plugin_set set = {.plugins = pointers};
    struct settings *settings = NULL;
    struct err err = {""};
    char text[8192];

    all = out_pages;
    *all = (struct pages){0};
    snprintf(text, sizeof(text),
             "state: /nonexistent/state\nquarantine: /nonexistent/quarantine\ninboxes: {in: {path: "
             "/nonexistent/in}}\narchives: {out: /nonexistent/out}\nplugins:\n  html: {}\n  "
             "boilerplate: {options: {definitions: '%s'}}\n",
             definitions);
    if (settings_parse("train.yaml", text, strlen(text), &settings, &err) < 0) {
        die("settings", err.text);
    }
    settings->limits.arena_bytes = (uint64_t)1 << 30;
    resources_init(&resources);
    load_plugins(&set, settings, reader, &resources);
    if (stages_init(&stages, &settings->limits, &set, &stage, &err) < 0) {
        die("stages", err.text);
    }
    read_all(&stages, settings, folder);
}
