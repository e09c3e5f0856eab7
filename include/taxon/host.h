/* taxon/host.h: what the host does for a plugin.
 *
 * Every function is tagged with when it may be called:
 *   [open]  only inside the plugin's open(), before the worker is locked down
 *   [task]  only inside classify() or read(), with the task that was passed in
 * and all of them only on the thread that the host called the plugin on. A function called at
 * another time, or with a handle that is not the current one, returns -EPERM (or NULL).
 *
 * Results are pushed: the host checks each (declared scheme and label, finite score in 0..1,
 * offsets inside the text and on character borders, limits) and copies it before it returns, so
 * that the caller's memory may be reused at once. A result that fails the check is refused with
 * -EINVAL and counted against the plugin; one beyond a limit is refused with -E2BIG, recorded.
 */
#ifndef TAXON_HOST_H
#define TAXON_HOST_H

#include <taxon/document.h>
#include <taxon/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Levels of log(). */
#define TAXON_LOG_DEBUG   0u
#define TAXON_LOG_INFO    1u
#define TAXON_LOG_WARNING 2u
#define TAXON_LOG_ERROR   3u

struct taxon_host;

/* The handle of one plugin's open(). */
struct taxon_opening {
    uint32_t struct_size;
    uint32_t reserved;
    const struct taxon_host *host;
    /* Since 1.2. */
    const char *name; /* C string: the plugin's section in the configuration */
};

/* The handle of one plugin's turn at one document. */
struct taxon_task {
    uint32_t struct_size;
    uint32_t reserved;
    const struct taxon_host *host;
    void *instance; /* what open() left in *out_instance; NULL when there is no open() */
};

/* A file that an option of type PATH names (or one file of the folder that it names). */
struct taxon_resource {
    uint32_t struct_size;
    uint32_t reserved;
    const char *path; /* C string, absolute */
    const void *data; /* mapped read-only; lives as long as the instance */
    size_t data_len;
    uint8_t sha256[32];
};

struct taxon_host {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* [open] The value of an option of this plugin's table, or NULL for a name not in it. */
    const struct taxon_value *(*option)(struct taxon_opening *opening, const char *name);

    /* [open] The file number `index` (from 0, by name in byte order) that the PATH option `option`
     * names: the file itself, or each regular file directly in the folder whose name does not begin
     * with a dot. -ENOENT past the last one, or when the option is unset. */
    int32_t (*resource)(struct taxon_opening *opening, const char *option, size_t index,
                        struct taxon_resource *out_resource);

    /* [open] Parses the same file as YAML. No anchors, aliases, tags, duplicate keys or multiple
     * documents. On an error (-EINVAL) the host has reported it with file:line:column. */
    int32_t (*yaml)(struct taxon_opening *opening, const char *option, size_t index,
                    const struct taxon_node **out_root);

    /* [open] Reports a mistake in the user's YAML at `node` (NULL: at the plugin's own section).
     * `message` is one finished line without position or newline. open() should then return
     * -EINVAL; the message is what the user sees. */
    void (*mistake)(struct taxon_opening *opening, const struct taxon_node *node,
                    const char *message);

    /* [open] Declares a label beyond those of the descriptor's table. -EEXIST when declared
     * already, -EINVAL for a malformed id, a threshold out of range or a scheme not the plugin's.
     */
    int32_t (*declare_label)(struct taxon_opening *opening, const struct taxon_label_decl *label);

    /* [open] Memory that lives as long as the instance, zeroed, aligned for any type; NULL when
     * there is none. Never freed by the plugin. */
    void *(*keep)(struct taxon_opening *opening, size_t size);

    /* [open] Folds `text` as documents are folded. *out_folded is NUL-terminated and lives as long
     * as the instance. -EILSEQ when `text` is not valid UTF-8. */
    int32_t (*fold)(struct taxon_opening *opening, const char *text, size_t text_len,
                    const char **out_folded, size_t *out_folded_len);

    /* [open] One finished line to standard error, which only `sandbox: off` leaves open: for an
     * author at work. What a user has to mend goes to mistake(). */
    void (*log_open)(struct taxon_opening *opening, uint32_t level, const char *line);

    /* [task] One finished line for the log; at most 100 lines a document are kept. */
    void (*log)(struct taxon_task *task, uint32_t level, const char *line);

    /* [task] Memory that lives until classify() or read() returns, zeroed, aligned for any type;
     * NULL beyond the budget (limits.arena). */
    void *(*alloc)(struct taxon_task *task, size_t size);

    /* [task] 1 once the document's time (limits.time) is over: return with what there is; else 0.
     * A plugin that goes on is killed a little later (workers.grace). Cheap: ask every few thousand
     * bytes. */
    int32_t (*should_stop)(struct taxon_task *task);

    /* [task] The text offsets of the folded range [begin, end), which may not be empty. */
    int32_t (*unfold)(struct taxon_task *task, size_t begin, size_t end, size_t *out_begin,
                      size_t *out_end);

    /* [task: classify] Results. */
    int32_t (*label)(struct taxon_task *task, const struct taxon_label *label);
    int32_t (*span)(struct taxon_task *task, const struct taxon_span *span);
    int32_t (*signature)(struct taxon_task *task, const struct taxon_signature *signature);

    /* [task: read or classify] A fact. Offsets count in the text: what read() has appended so far,
     * or the decoded input when it appends nothing. */
    int32_t (*fact)(struct taxon_task *task, const struct taxon_fact *fact);

    /* [task: read] Appends to the document's text. A reader that never calls this leaves the
     * decoded input as the text. -EILSEQ unless `text` is valid UTF-8. */
    int32_t (*text)(struct taxon_task *task, const char *text, size_t text_len);

    /* [task: read] The next block; it must begin at or after the end of the one before. */
    int32_t (*block)(struct taxon_task *task, const struct taxon_block *block);

    /* [task: read] The members of a container, one after the other and in the order of their
     * index: begin, write…, end. Each becomes a document of its own. begin: 0, write it; 1, it was
     * taken in an earlier turn, go on with the next (no write, no end); -ECANCELED or -E2BIG, no
     * more are taken now: return 0, which is no failure. The container may be read again, from
     * where it stopped. write: -E2BIG, the member is beyond a limit and left out, which is
     * recorded: end it and go on. What is wrong with the container (cut off, malformed) is a fact
     * `container` ("truncated", "malformed") with a reason. */
    int32_t (*member_begin)(struct taxon_task *task, const struct taxon_member *member);
    int32_t (*member_write)(struct taxon_task *task, const void *data, size_t data_len);
    int32_t (*member_end)(struct taxon_task *task);

    /* [open, task] A named extension of the host ("name/1"), or NULL. */
    const void *(*extension)(const char *name);
};

#ifdef __cplusplus
}
#endif

#endif
