/* taxon/easy.h: the short way to write a classifier, on top of taxon/plugin.h.
 *
 *     #include <taxon/easy.h>
 *     TAXON_CLASSIFIER(greeting, "1.0", "Says whether a text greets its reader.", "warm", 0.5)
 *     {
 *         size_t at = taxon_find(document, "hello");
 *         return at == TAXON_NOWHERE ? 0 : taxon_say(task, "greeting", "warm", 0.9, at, at + 5);
 *     }
 *
 * is a whole plugin: scheme `greeting` with one label, `warm`, that holds from a score of 0.5 on.
 * Inside the braces are `task` (struct taxon_task *), `document` (const struct taxon_document *)
 * and `instance` (void *, here NULL). C99, and C++ from C++11.
 */
#ifndef TAXON_EASY_H
#define TAXON_EASY_H

#include <taxon/plugin.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Looks for `needle` (C string, itself written folded: lower case, Simplified, half width) in the
 * document's folded text. Returns its first offset there, or TAXON_NOWHERE. */
static inline size_t taxon_find(const struct taxon_document *document, const char *needle)
{
    size_t needle_len = strlen(needle);
    const char *at = document->folded;
    const char *end = document->folded + document->folded_len;

    if (needle_len == 0)
        return TAXON_NOWHERE;
    while ((size_t)(end - at) >= needle_len) {
        at = (const char *)memchr(at, needle[0], (size_t)(end - at) - needle_len + 1);
        if (at == NULL)
            break;
        if (memcmp(at, needle, needle_len) == 0)
            return (size_t)(at - document->folded);
        at++;
    }
    return TAXON_NOWHERE;
}

/* Gives the document the label `id` of `scheme` with `score`, and the folded range [begin, end) as
 * its evidence; TAXON_NOWHERE twice for none. Returns what host->label returns. */
static inline int32_t taxon_say(struct taxon_task *task, const char *scheme, const char *id,
                                double score, size_t begin, size_t end)
{
    struct taxon_evidence evidence;
    struct taxon_label label;

    memset(&evidence, 0, sizeof(evidence));
    memset(&label, 0, sizeof(label));
    evidence.struct_size = (uint32_t)sizeof(evidence);
    evidence.weight = score;
    label.struct_size = (uint32_t)sizeof(label);
    label.scheme = scheme;
    label.id = id;
    label.score = score;
    label.evidence_stride = sizeof(evidence);
    if (begin != TAXON_NOWHERE &&
        task->host->unfold(task, begin, end, &evidence.begin, &evidence.end) == 0) {
        label.evidence = &evidence;
        label.evidence_count = 1;
    }
    return task->host->label(task, &label);
}

#if defined(__GNUC__)
#define TAXON_MAYBE_UNUSED __attribute__((unused))
#else
#define TAXON_MAYBE_UNUSED
#endif

/* Defines a whole plugin: scheme NAME (an identifier) with one label ID (a string) that holds from
 * THRESHOLD on. The function body of its classify() follows in braces. */
#define TAXON_CLASSIFIER(NAME, VERSION, SUMMARY, ID, THRESHOLD)                                    \
    static int32_t NAME##_classify(void *instance, struct taxon_task *task,                        \
                                   const struct taxon_document *document);                         \
    const struct taxon_descriptor *taxon_plugin_v1(void)                                           \
    {                                                                                              \
        static const char *const schemes[] = {#NAME, NULL};                                        \
        static const struct taxon_label_decl labels[] = {                                          \
            {(uint32_t)sizeof(struct taxon_label_decl), 0, #NAME, ID, NULL, ID, NULL, THRESHOLD,   \
             NULL, NULL, 0, 0}};                                                                   \
        static const struct taxon_descriptor descriptor = {                                        \
            (uint32_t)sizeof(struct taxon_descriptor),                                             \
            TAXON_ABI_MINOR,                                                                       \
            TAXON_KIND_CLASSIFIER,                                                                 \
            0,                                                                                     \
            #NAME,                                                                                 \
            VERSION,                                                                               \
            SUMMARY,                                                                               \
            schemes,                                                                               \
            NULL,                                                                                  \
            NULL,                                                                                  \
            labels,                                                                                \
            1,                                                                                     \
            sizeof(labels[0]),                                                                     \
            NULL,                                                                                  \
            0,                                                                                     \
            0,                                                                                     \
            NULL,                                                                                  \
            NAME##_classify,                                                                       \
            NULL,                                                                                  \
            NULL,                                                                                  \
        };                                                                                         \
        return &descriptor;                                                                        \
    }                                                                                              \
    static int32_t NAME##_classify(TAXON_MAYBE_UNUSED void *instance,                              \
                                   TAXON_MAYBE_UNUSED struct taxon_task *task,                     \
                                   TAXON_MAYBE_UNUSED const struct taxon_document *document)

#ifdef __cplusplus
}
#endif

#endif
