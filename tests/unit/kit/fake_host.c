/* The host that the tests of the kit and of our plugins play. */
#include "fake_host.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory that lives as long as the test's process, as the host's does in a worker; each block has
 * its own end, so that a sanitizer sees a step beyond it. */
struct kept {
    struct kept *next;
    max_align_t data[];
};

static struct kept *all_kept; /* so that none of it counts as lost */

static void *keep_zeroed(size_t size)
{
    struct kept *kept = calloc(1, sizeof(*kept) + (size > 0 ? size : 1));

    if (kept == NULL) {
        return NULL;
    }
    kept->next = all_kept;
    all_kept = kept;
    return kept->data;
}

static struct fake the_fake; /* for host functions that get no handle of ours */

/* Only the tests that compile a plugin have it. */
const struct taxon_descriptor *taxon_plugin_v1(void) __attribute__((weak));

/* No extension: nobody trains on what a test says. */
static const void *extension(const char *name)
{
    (void)name;
    return NULL;
}

static size_t find_file(const char *option, size_t index);

/* A folder for an option that has files; no other option is set. */
static const struct taxon_value *option(struct taxon_opening *opening, const char *name)
{
    static const struct taxon_value folder = {.struct_size = sizeof(folder),
                                              .type = TAXON_OPTION_PATH};

    (void)opening;
    return strcmp(name, "unusable") == 0 && find_file(name, 0) != SIZE_MAX ? &folder : NULL;
}

/* Which file is number `index` of the option: those of /NAME/ are its own, where there are any. */
static size_t find_file(const char *option, size_t index)
{
    size_t option_len = strlen(option);
    size_t own = 0;

    for (size_t i = 0; i < the_fake.file_count; i++) {
        const char *path = the_fake.paths[i];
        int is_own = path[0] == '/' && strncmp(path + 1, option, option_len) == 0 &&
                     path[1 + option_len] == '/';
        int is_others = strncmp(path, "/unusable/", 10) == 0;

        if ((is_own || (!is_others && strcmp(option, "unusable") != 0)) && own++ == index)
            return i;
    }
    return SIZE_MAX;
}

static int32_t resource(struct taxon_opening *opening, const char *name, size_t index,
                        struct taxon_resource *out_resource)
{
    size_t file = find_file(name, index);

    (void)opening;
    if (file == SIZE_MAX)
        return -ENOENT;
    out_resource->path = the_fake.paths[file];
    return 0;
}

static int32_t yaml(struct taxon_opening *opening, const char *name, size_t index,
                    const struct taxon_node **out_root)
{
    size_t file = find_file(name, index);

    (void)opening;
    if (file == SIZE_MAX || the_fake.roots[file] == NULL)
        return -EINVAL;
    *out_root = the_fake.roots[file];
    return 0;
}

static void mistake(struct taxon_opening *opening, const struct taxon_node *node,
                    const char *message)
{
    (void)opening, (void)node;
    if (the_fake.mistake_count < FAKE_LIST_MAX)
        snprintf(the_fake.mistakes[the_fake.mistake_count++], sizeof(the_fake.mistakes[0]), "%s",
                 message);
}

static int32_t declare_label(struct taxon_opening *opening, const struct taxon_label_decl *label)
{
    struct fake_label *to = &the_fake.declared[the_fake.declared_count];

    (void)opening;
    if (fake_declared(&the_fake, label->id) != NULL)
        return -EEXIST;
    if (the_fake.declared_count == FAKE_LIST_MAX)
        return -E2BIG;
    snprintf(to->id, sizeof(to->id), "%s", label->id);
    snprintf(to->parent, sizeof(to->parent), "%s", label->parent == NULL ? "" : label->parent);
    to->threshold = label->threshold;
    snprintf(to->definition, sizeof(to->definition), "%s",
             label->definition == NULL ? "" : label->definition);
    for (size_t i = 0; i < label->code_count; i++) {
        const struct taxon_code *code =
            TAXON_AT(struct taxon_code, label->codes, label->code_stride, i);
        size_t len = strlen(to->codes);

        snprintf(to->codes + len, sizeof(to->codes) - len, "%s%s:%s", len > 0 ? " " : "",
                 code->vocabulary, code->code);
    }
    the_fake.declared_count++;
    return 0;
}

static void *keep(struct taxon_opening *opening, size_t size)
{
    (void)opening;
    if (the_fake.keeps_left == 0)
        return NULL;
    the_fake.keeps_left--;
    return keep_zeroed(size);
}

static int32_t fold(struct taxon_opening *opening, const char *text, size_t text_len,
                    const char **out_folded, size_t *out_folded_len)
{
    char *folded = keep(opening, text_len + 1);
    size_t len = 0;

    if (folded == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < text_len; i++) {
        char c = text[i];

        if ((unsigned char)c == 0xFF)
            return -EILSEQ;
        if (c == ' ' && (len == 0 || folded[len - 1] == ' '))
            continue;
        folded[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    while (len > 0 && folded[len - 1] == ' ')
        len--;
    folded[len] = '\0';
    *out_folded = folded;
    *out_folded_len = len;
    return 0;
}

static void *task_alloc(struct taxon_task *task, size_t size)
{
    (void)task;
    if (the_fake.allocations_left == 0)
        return NULL;
    the_fake.allocations_left--;
    return keep_zeroed(size);
}

static int32_t should_stop(struct taxon_task *task)
{
    (void)task;
    return the_fake.stop;
}

static int32_t unfold(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                      size_t *out_end)
{
    (void)task;
    if (begin >= end || end > the_fake.text_len)
        return -EINVAL;
    *out_begin = begin;
    *out_end = end;
    return 0;
}

static int32_t label(struct taxon_task *task, const struct taxon_label *from)
{
    struct fake_label *to = &the_fake.labels[the_fake.label_count];

    (void)task;
    if (!(from->score >= 0 && from->score <= 1))
        return -EINVAL;
    assert(the_fake.label_count < FAKE_LIST_MAX);
    snprintf(to->id, sizeof(to->id), "%s", from->id);
    to->score = from->score;
    to->evidence_count = from->evidence_count;
    assert(from->evidence_count <= 16);
    for (size_t i = 0; i < from->evidence_count; i++) {
        to->evidence[i] =
            *TAXON_AT(struct taxon_evidence, from->evidence, from->evidence_stride, i);
        snprintf(to->reasons[i], sizeof(to->reasons[i]), "%s",
                 to->evidence[i].reason == NULL ? "" : to->evidence[i].reason);
    }
    the_fake.label_count++;
    return 0;
}

static int32_t fact(struct taxon_task *task, const struct taxon_fact *from)
{
    (void)task;
    assert(the_fake.fact_count < FAKE_LIST_MAX);
    the_fake.facts[the_fake.fact_count++] = *from;
    return 0;
}

/* Appends; the first piece takes the place of the input as what offsets count in. */
static int32_t text(struct taxon_task *task, const char *piece, size_t piece_len)
{
    size_t len = the_fake.text == NULL ? 0 : the_fake.text_len;
    char *grown = keep_zeroed(len + piece_len + 1);

    (void)task;
    assert(grown != NULL);
    if (len > 0)
        memcpy(grown, the_fake.text, len);
    memcpy(grown + len, piece, piece_len);
    the_fake.text = grown;
    the_fake.text_len = len + piece_len;
    return 0;
}

static void log_line(struct taxon_task *task, uint32_t level, const char *line)
{
    (void)task, (void)level, (void)line;
    the_fake.log_count++;
}

static int32_t block(struct taxon_task *task, const struct taxon_block *from)
{
    (void)task;
    if (the_fake.block_limit != 0 && the_fake.block_count == the_fake.block_limit)
        return -E2BIG;
    if (from->begin >= from->end || from->end > the_fake.text_len ||
        (the_fake.block_count > 0 && from->begin < the_fake.blocks[the_fake.block_count - 1].end))
        return -EINVAL;
    if (the_fake.block_count < FAKE_LIST_MAX)
        the_fake.blocks[the_fake.block_count++] = *from;
    return 0;
}

struct fake *fake_new(void)
{
    memset(&the_fake, 0, sizeof(the_fake));
    the_fake.host = (struct taxon_host){.struct_size = sizeof(the_fake.host),
                                        .option = option,
                                        .resource = resource,
                                        .yaml = yaml,
                                        .mistake = mistake,
                                        .declare_label = declare_label,
                                        .keep = keep,
                                        .fold = fold,
                                        .alloc = task_alloc,
                                        .should_stop = should_stop,
                                        .unfold = unfold,
                                        .label = label,
                                        .extension = extension,
                                        .log = log_line,
                                        .fact = fact,
                                        .text = text,
                                        .block = block};
    the_fake.opening =
        (struct taxon_opening){.struct_size = sizeof(the_fake.opening), .host = &the_fake.host};
    the_fake.task =
        (struct taxon_task){.struct_size = sizeof(the_fake.task), .host = &the_fake.host};
    the_fake.allocations_left = UINT32_MAX;
    the_fake.keeps_left = UINT32_MAX;
    return &the_fake;
}

void fake_file(struct fake *fake, const char *path, const struct taxon_node *root)
{
    assert(fake->file_count < 16);
    fake->paths[fake->file_count] = path;
    fake->roots[fake->file_count++] = root;
}

const struct taxon_node *fake_scalar(const char *text)
{
    struct taxon_node *node = keep_zeroed(sizeof(*node));

    *node = (struct taxon_node){.struct_size = sizeof(*node),
                                .kind = TAXON_NODE_SCALAR,
                                .line = 1,
                                .column = 1,
                                .file = "fake.yaml",
                                .text = text,
                                .text_len = strlen(text)};
    return node;
}

static const struct taxon_node *make_node(uint32_t kind, const struct taxon_node **keys,
                                          const struct taxon_node **items, size_t count)
{
    struct taxon_node *node = keep_zeroed(sizeof(*node));

    *node = (struct taxon_node){.struct_size = sizeof(*node),
                                .kind = kind,
                                .line = 1,
                                .column = 1,
                                .file = "fake.yaml",
                                .count = count,
                                .keys = keys,
                                .items = items};
    return node;
}

const struct taxon_node *fake_map(const char *key, const struct taxon_node *value, ...)
{
    const struct taxon_node **keys = keep_zeroed(64 * sizeof(*keys));
    const struct taxon_node **items = keep_zeroed(64 * sizeof(*items));
    size_t count = 0;
    va_list args;

    va_start(args, value);
    while (key != NULL && count < 64) {
        keys[count] = fake_scalar(key);
        items[count++] = value;
        key = va_arg(args, const char *);
        value = key == NULL ? NULL : va_arg(args, const struct taxon_node *);
    }
    va_end(args);
    return make_node(TAXON_NODE_MAPPING, keys, items, count);
}

const struct taxon_node *fake_list(const struct taxon_node *first, ...)
{
    const struct taxon_node **items = keep_zeroed(64 * sizeof(*items));
    size_t count = 0;
    va_list args;

    va_start(args, first);
    for (; first != NULL && count < 64; first = va_arg(args, const struct taxon_node *))
        items[count++] = first;
    va_end(args);
    return make_node(TAXON_NODE_SEQUENCE, NULL, items, count);
}

static const struct fake_label *find(const struct fake_label *list, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, id) == 0)
            return &list[i];
    return NULL;
}

const struct fake_label *fake_label(const struct fake *fake, const char *id)
{
    return find(fake->labels, fake->label_count, id);
}

const struct fake_label *fake_declared(const struct fake *fake, const char *id)
{
    return find(fake->declared, fake->declared_count, id);
}

int fake_has_mistake(const struct fake *fake, const char *part)
{
    for (size_t i = 0; i < fake->mistake_count; i++)
        if (strstr(fake->mistakes[i], part) != NULL)
            return 1;
    return 0;
}

int32_t fake_open(struct fake *fake)
{
    return taxon_plugin_v1()->open(&fake->opening, &fake->task.instance);
}

int32_t fake_classify(struct fake *fake, const char *text, const struct taxon_span *spans,
                      size_t span_count, const struct taxon_fact *facts, size_t fact_count)
{
    struct taxon_document document = {.struct_size = sizeof(document),
                                      .text = text,
                                      .text_len = strlen(text),
                                      .folded = text,
                                      .language = "und",
                                      .folded_len = strlen(text),
                                      .spans = spans,
                                      .span_count = span_count,
                                      .span_stride = sizeof(*spans),
                                      .facts = facts,
                                      .fact_count = fact_count,
                                      .fact_stride = sizeof(*facts)};

    fake->text_len = strlen(text);
    fake->label_count = 0;
    return taxon_plugin_v1()->classify(fake->task.instance, &fake->task, &document);
}

int32_t fake_read(struct fake *fake, const char *text)
{
    struct taxon_input input = {.struct_size = sizeof(input),
                                .decoded = text,
                                .decoded_len = strlen(text)};

    fake->text_len = strlen(text);
    fake->text = NULL;
    fake->block_count = 0;
    fake->fact_count = 0;
    return taxon_plugin_v1()->read(fake->task.instance, &fake->task, &input);
}
