/* config/settings: taxond.yaml as typed settings. Parsed by the supervisor, by each worker (from
 * its sealed copy of the same bytes) and by the command line, with the same code.
 *
 * All strings and arrays live in the settings' own arena. Paths are absolute. Rules are not parsed
 * here: `rules` names their files, and route/rules reads them.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <taxon/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#define SETTINGS_NAME_MAX     64  /* names of inboxes, archives, plugins: [a-z0-9-]+ */
#define SETTINGS_SECTIONS_MAX 256 /* inboxes; archives; plugins */

enum sandbox_mode { SANDBOX_OFF, SANDBOX_PREFER, SANDBOX_REQUIRE };
/* What a start does with a catalog that is damaged, or missing beside filed documents. */
enum damage_policy { DAMAGE_REFUSE, DAMAGE_REBUILD };
enum failing_plugin { FAILING_PLUGIN_SKIP, FAILING_PLUGIN_HOLD };
/* In this order in catalogs that exist: add at the end. */
enum conflict_policy {
    CONFLICT_KEEP_BOTH,
    CONFLICT_FAIL,
    CONFLICT_SAME_IS_SAME,
    CONFLICT_REPLACE_OLDER
};
enum missing_archive { MISSING_ARCHIVE_MAKE, MISSING_ARCHIVE_WAIT };

struct settings_limits {
    uint64_t file_bytes;      /* a larger file is quarantined unread */
    uint64_t text_bytes;      /* decoded text; more is cut there and recorded */
    uint32_t blocks;          /* blocks a document */
    uint32_t depth;           /* nesting a reader follows */
    uint32_t members;         /* members a container */
    uint32_t expansion_ratio; /* bytes out for each byte in, of a container */
    uint32_t labels;          /* labels a document, all plugins */
    uint32_t spans;           /* spans a document, all plugins */
    uint32_t facts;           /* facts a document, all plugins */
    uint32_t time_ms;         /* a document's deadline in a worker */
    uint64_t memory_bytes;    /* a worker's address space */
    uint64_t arena_bytes;     /* what plugins may allocate for one document */
    uint32_t queue;           /* documents claimed and not yet filed */
    uint32_t attempts;        /* tries at a document before quarantine */
    uint32_t path_bytes;      /* length of a path in an archive, below its root */
    uint32_t reply_bytes;     /* a worker's reply */
};

struct settings_workers {
    uint32_t count;      /* 0: one for each processor that may be used */
    uint32_t documents;  /* a worker is replaced after this many */
    uint64_t grow_bytes; /* a worker is replaced when its resident size passes this */
    uint32_t grace_ms;   /* between the deadline and the kill */
    uint32_t start_ms;   /* a worker must be READY within */
    enum sandbox_mode sandbox;
    uint32_t plugin_failures; /* a plugin is switched off after so many in a row; 0: never */
    enum failing_plugin on_failing_plugin; /* what becomes of documents while one is off */
    bool release_fixed; /* what a plugin sent to quarantine, once it has another digest */
};

struct settings_inbox {
    const char *name;
    const char *path;
    const char *source; /* what records and rules call it; default: the name */
    uint32_t settle_ms;
    uint32_t scan_every_ms;
    uint32_t poll_every_ms; /* the same where notices cannot be had or trusted */
    bool recursive;
    const char *const *ignore; /* fnmatch(3) patterns on each name below the inbox */
    size_t ignore_count;
    const struct taxon_node *node; /* for messages */
};

struct settings_archive {
    const char *name;
    const char *path;
    const struct taxon_node *node;
};

/* When a plugin sees a document: every list that is not empty must have a match. Patterns are
 * fnmatch(3)'s. */
struct settings_filter {
    const char *const *sources;
    size_t source_count;
    const char *const *media_types;
    size_t media_type_count;
    const char *const *names;
    size_t name_count;
};

struct settings_plugin {
    const char *name; /* the key under `plugins` */
    const char *file; /* the shared object: a name to look for in plugin_folders, or absolute */
    bool enabled;
    struct settings_filter when;
    const struct taxon_node *options; /* mapping or NULL; checked against the plugin's table */
    const struct taxon_node *node;
};

struct settings_placement {
    bool sidecar;
    mode_t file_mode;
    mode_t folder_mode;
    const char *owner; /* a name or a number; NULL: whoever it is */
    const char *group;
    bool origin_xattr; /* user.xdg.origin.url is set where a url is known */
    enum conflict_policy on_conflict;
    enum missing_archive on_missing_archive;
};

/* With MISSING_ARCHIVE_WAIT a folder is an archive only if it holds this file. */
#define SETTINGS_ARCHIVE_MARK ".taxond-archive"

struct settings {
    struct arena arena;
    const char *file;              /* the configuration's path as given */
    const char *base_dir;          /* absolute, no symbolic links: relative paths start here */
    const struct taxon_node *root; /* the whole file, for messages: yaml_get(root, "state") */
    const char *state;
    const char *quarantine;
    const char *streams; /* where rules append lines to files; NULL: nowhere */
    struct settings_inbox *inboxes;
    size_t inbox_count;
    struct settings_archive *archives; /* the first is the default */
    size_t archive_count;
    const char *const *plugin_folders;
    size_t plugin_folder_count;
    const char *const *data_folders; /* what plugins may read while they open, besides */
    size_t data_folder_count;
    struct settings_plugin *plugins; /* enabled and not, in the order written */
    size_t plugin_count;
    const char *const *rules; /* rule files and folders of them (*.yaml), in order */
    size_t rule_count;
    struct settings_limits limits;
    struct settings_workers workers;
    struct settings_placement placement;
    uint32_t batch_documents; /* most documents in one commit */
    uint32_t batch_wait_ms;   /* how long a commit waits for company */
    enum damage_policy catalog_on_damage;
    uint32_t watchdog_stall_ms; /* 0: off */
};

/* Parses `text` as the configuration `file` (its path; its folder, with symbolic links resolved
 * when it is there, is where relative paths start). Checks everything that can be told without
 * touching the disk: keys, types, ranges, names that are used twice. On failure nothing is left to
 * release. */
int settings_parse(const char *file, const char *text, size_t len, struct settings **out_settings,
                   struct err *err) MUST_CHECK;

/* Reads the file and parses it. *out_text (may be NULL; else initialised) receives the bytes in
 * place of what it held, for the sealed copy; it is left alone on failure. */
int settings_load(const char *file, struct settings **out_settings, struct strbuf *out_text,
                  struct err *err) MUST_CHECK;

/* What can only be told from the disk: inboxes, archives, quarantine and state exist or can be made
 * (folders are made with mode 0755, state 0700), are folders, can be written, and none lies in
 * another (compared by resolved path and by device and inode). */
int settings_check_places(const struct settings *settings, struct err *err) MUST_CHECK;

/* Who is to own what is filed, by number; (uid_t)-1 and (gid_t)-1 where that is left alone. No such
 * user or group, or no right to give files to them: refused with the place in the file. */
int settings_find_owner(const struct settings *settings, uid_t *out_uid, gid_t *out_gid,
                        struct err *err) MUST_CHECK;

/* One option with the value in force. All of it is valid until `see` returns. */
struct settings_entry {
    const char *name;                /* "limits.time", "inboxes.crawler.path", "archives.main" */
    const struct taxon_value *value; /* type 0: unset; NULL: a plugin's own, see `node` */
    const struct taxon_node *node;   /* where it was written; NULL: the default */
};

struct settings_visitor {
    void (*see)(void *context, const struct settings_entry *entry);
    /* A plugin's own options, in their place. Returns whether it knows them; when it does not, or
     * is NULL, those that were written are seen as they were written. */
    bool (*own)(void *context, const struct settings_plugin *plugin);
    void *context;
};

/* Calls `see` for every option of every section, in a fixed order, whether it was written or not. 0
 * or -ENOMEM. */
int settings_each(const struct settings *settings, const struct settings_visitor *visitor,
                  struct err *err) MUST_CHECK;

void settings_free(struct settings *settings);

/* docs/configuration.md, whole, from the tables. */
void settings_print_markdown(struct strbuf *out_text);

#endif
