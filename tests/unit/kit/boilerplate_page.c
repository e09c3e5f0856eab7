#include "boilerplate_page.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"
#include "text/fold.h"

static struct arena arena; /* a test is a process: never freed */
static struct folded folded;
static struct page_said said;
static const char *page; /* the last text */

static int32_t real_fold(struct taxon_opening *opening, const char *text, size_t text_len,
                         const char **out_folded, size_t *out_folded_len)
{
    struct folded result;

    (void)opening;
    assert(fold_text(&arena, text, text_len, &result) == 0);
    *out_folded = result.text;
    *out_folded_len = result.len;
    return 0;
}

static int32_t real_unfold(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                           size_t *out_end)
{
    (void)task;
    return fold_unfold(&folded, begin, end, out_begin, out_end);
}

static int32_t take_span(struct taxon_task *task, const struct taxon_span *span)
{
    struct page_span *to;

    (void)task;
    assert(strcmp(span->scheme, "boilerplate") == 0 && span->id != NULL);
    assert(span->begin < span->end && span->end <= strlen(page));
    assert(span->score >= 0 && span->score <= 1 && span->reason != NULL);
    if (said.count == said.room) {
        said.room = said.room == 0 ? 64 : said.room * 2;
        said.spans = realloc(said.spans, said.room * sizeof(*said.spans));
        assert(said.spans != NULL);
    }
    to = &said.spans[said.count++];
    *to = (struct page_span){.begin = span->begin, .end = span->end, .score = span->score};
    snprintf(to->role, sizeof(to->role), "%s", span->id);
    snprintf(to->reason, sizeof(to->reason), "%s", span->reason);
    return 0;
}

static int32_t take_fact(struct taxon_task *task, const struct taxon_fact *fact)
{
    struct page_fact *to = &said.facts[said.fact_count++];

    (void)task;
    assert(said.fact_count <= 16 && fact->value_len == 4 && memcmp(fact->value, "true", 4) == 0);
    *to = (struct page_fact){.begin = fact->begin, .end = fact->end, .score = fact->score};
    snprintf(to->name, sizeof(to->name), "%s", fact->name);
    snprintf(to->reason, sizeof(to->reason), "%s", fact->reason);
    return 0;
}

static struct fake *new_host(void)
{
    struct fake *fake = fake_new();

    fake->host.fold = real_fold;
    fake->host.unfold = real_unfold;
    fake->host.span = take_span;
    fake->host.fact = take_fact;
    return fake;
}

static const struct taxon_node *parse(const char *file, const char *text, size_t len)
{
    const struct taxon_node *root = NULL;
    struct err err = {0};

    if (yaml_parse(&arena, file, text, len, &root, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return root;
}

static const struct taxon_node *read_file(const char *path)
{
    static char buf[1 << 16];
    FILE *file = fopen(path, "rb");
    size_t len;

    assert(file != NULL);
    len = fread(buf, 1, sizeof(buf), file);
    assert(len < sizeof(buf));
    fclose(file);
    return parse(path, buf, len);
}

struct fake *page_open(void)
{
    static const char *const names[] = {"breadcrumb",   "byline",     "caption",        "comment",
                                        "contact",      "copyright",  "dateline",       "footer",
                                        "navigation",   "pagination", "placeholder",    "publisher",
                                        "registration", "related",    "script-residue", "share"};
    struct fake *fake = new_host();

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = malloc(400);

        assert(path != NULL);
        snprintf(path, 400, "%s/config/boilerplate/%s.yaml", SOURCE_ROOT, names[i]);
        fake_file(fake, path, read_file(path));
    }
    if (fake_open(fake) != 0) {
        fprintf(stderr, "open: %s\n", fake->mistake_count > 0 ? fake->mistakes[0] : "");
        abort();
    }
    return fake;
}

int32_t page_open_yaml(const char *yaml, struct fake **out_fake)
{
    *out_fake = new_host();
    fake_file(*out_fake, "/r/role.yaml", parse("role.yaml", yaml, strlen(yaml)));
    return fake_open(*out_fake);
}

static const struct page_said *classify(struct fake *fake, const char *text, const char *media_type,
                                        const struct taxon_block *blocks, size_t count)
{
    struct taxon_document document = {.struct_size = sizeof(document),
                                      .text = text,
                                      .text_len = strlen(text),
                                      .blocks = blocks,
                                      .block_count = count,
                                      .block_stride = sizeof(*blocks),
                                      .media_type = media_type};

    assert(fold_text(&arena, text, strlen(text), &folded) == 0);
    document.folded = folded.text;
    document.folded_len = folded.len;
    page = text;
    said.count = 0;
    said.fact_count = 0;
    assert(taxon_plugin_v1()->classify(fake->task.instance, &fake->task, &document) == 0);
    return &said;
}

const struct page_said *page_text(struct fake *fake, const char *text)
{
    return classify(fake, text, "text/plain", NULL, 0);
}

const struct page_said *page_html(struct fake *fake, const char *text,
                                  const struct taxon_block *blocks, size_t count)
{
    return classify(fake, text, "text/html", blocks, count);
}

const char *page_role(const char *start)
{
    const char *at = page;

    while ((at = strstr(at, start)) != NULL && at > page && at[-1] != '\n' && at[-1] != ' ')
        at++;
    assert(at != NULL);
    for (size_t i = 0; i < said.count; i++)
        if (said.spans[i].begin <= (size_t)(at - page) && said.spans[i].end > (size_t)(at - page) &&
            said.spans[i].score >= 0.5 && strcmp(said.spans[i].role, "placeholder") != 0)
            return said.spans[i].role;
    return "";
}

size_t page_blanks(void)
{
    size_t count = 0;

    for (size_t i = 0; i < said.count; i++)
        count += strcmp(said.spans[i].role, "placeholder") == 0 && said.spans[i].score >= 0.5;
    return count;
}

const struct page_fact *page_fact(const char *name)
{
    for (size_t i = 0; i < said.fact_count; i++)
        if (strcmp(said.facts[i].name, name) == 0)
            return &said.facts[i];
    return NULL;
}
