/* taxon/plugin.h: what a plugin is.
 *
 * A plugin is a shared object that exports one symbol, taxon_plugin_v1, whose call returns a
 * pointer to a static descriptor. It does nothing else: no allocation, no input or output.
 *
 * Lifecycle, all on one thread of a worker process:
 *
 *   taxon_plugin_v1()           the worker cannot start programs or use the network, and reads
 *                               only system libraries and the plugin folders
 *     open()                    options are checked; read YAML, map models, declare labels
 *   the worker locks itself down: from here on nothing can be opened
 *     classify() or read()      once for each document
 *     close()                   may never be called: a worker may simply end
 *
 * A plugin keeps no mutable state at file scope: two instances may live in one worker. The same
 * document, options and files give the same results, bit for bit. A plugin that crashes, hangs or
 * breaks a limit costs its document a retry and then quarantine, and its worker a restart; nothing
 * else.
 *
 * History: 1.0 the first.
 *          1.1 taxon_code; definition and codes in taxon_label_decl; reason in taxon_fact.
 *          1.2 name in taxon_opening; the scheme "*"; joint_depth, elements, names and near_names
 *              in taxon_block; members are taken: offset in taxon_member; resume_index and
 *              resume_offset in taxon_input.
 */
#ifndef TAXON_PLUGIN_H
#define TAXON_PLUGIN_H

#include <taxon/document.h>
#include <taxon/host.h>
#include <taxon/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TAXON_KIND_READER     1u
#define TAXON_KIND_CLASSIFIER 2u

struct taxon_descriptor {
    uint32_t struct_size;
    uint32_t abi_minor; /* TAXON_ABI_MINOR the plugin was built with */
    uint32_t kind;      /* TAXON_KIND_READER or TAXON_KIND_CLASSIFIER */
    uint32_t reserved;
    const char *name;    /* C string, [a-z0-9-]+: the plugin's own name */
    const char *version; /* C string, e.g. "1.0.2" */
    const char *summary; /* C string: one sentence */

    /* CLASSIFIER: the schemes it publishes, C strings [a-z0-9-]+, ends with NULL; at least one, and
     * none that another plugin publishes. "*" (since 1.2) is the scheme named as the plugin's
     * section in the configuration, which open() is told: for one whose labels are all the user's.
     * READER: NULL. */
    const char *const *schemes;

    /* READER: the media types it claims, ends with NULL; at least one. CLASSIFIER: NULL. */
    const char *const *media_types;

    /* CLASSIFIER: schemes whose plugins, if configured, run before this one; ends with NULL, or
     * NULL. A circle is refused when the worker starts. */
    const char *const *after;

    const struct taxon_label_decl *labels; /* labels known without open(); may be NULL */
    size_t label_count;
    size_t label_stride;

    const struct taxon_option *options; /* may be NULL */
    size_t option_count;
    size_t option_stride;

    /* May be NULL. 0, or negative: the plugin is refused, and with it the configuration. */
    int32_t (*open)(struct taxon_opening *opening, void **out_instance);

    /* CLASSIFIER: required. 0, or negative: the plugin's results for this document are dropped and
     * the failure recorded; the others go on. */
    int32_t (*classify)(void *instance, struct taxon_task *task,
                        const struct taxon_document *document);

    /* READER: required. 0, or negative: the document is recorded as unreadable. */
    int32_t (*read)(void *instance, struct taxon_task *task, const struct taxon_input *input);

    /* May be NULL. */
    void (*close)(void *instance);
};

#if defined(__GNUC__)
#define TAXON_EXPORT __attribute__((visibility("default")))
#else
#define TAXON_EXPORT
#endif

/* The one exported symbol. The returned descriptor is static and never changes. */
TAXON_EXPORT const struct taxon_descriptor *taxon_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
