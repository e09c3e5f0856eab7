/* config/settings_tables: every option of taxond.yaml: its name, type, default, range and meaning.
 *
 * Read by settings.c to parse and by settings_docs.c to print. An option is added here, in struct
 * settings, and where settings.c copies it; nowhere else. Choices stand in the order of their enum
 * in settings.h. Ranges end where the field of struct settings does, or well before.
 */
#include "config/settings_tables.h"

#include <stdint.h>

#define ROW    .struct_size = sizeof(struct taxon_option)
#define KIB    1024.0
#define MIB    (1024.0 * KIB)
#define GIB    (1024.0 * MIB)
#define SECOND 1000.0
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0])                                  \
    }

static const struct taxon_option top_rows[] = {
    {ROW, .name = "state", .type = TAXON_OPTION_PATH, .required = 1,
     .help = "Folder of the catalog, the locks and the control socket. Made when missing, for the "
             "daemon's user alone."},
    {ROW, .name = "quarantine", .type = TAXON_OPTION_PATH, .required = 1,
     .help = "Folder for documents that could not be processed, each with its reason. Made when "
             "missing; not inside `state`, an inbox or an archive."},
    {ROW, .name = "archives", .type = TAXON_OPTION_MAP, .element = TAXON_OPTION_PATH, .required = 1,
     .help = "Where documents are filed: a name and a folder each. The first is the one that rules "
             "mean when they name none. Folders are made when missing."},
    {ROW, .name = "streams", .type = TAXON_OPTION_PATH,
     .help =
         "Folder of the JSONL files that rules write with `emit`. Made when missing; not inside "
         "an inbox, an archive, the quarantine or `state`."},
    {ROW, .name = "plugin_folders", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_PATH,
     .fallback = "[]", .help = "Folders in which the files of plugins are looked for, in order."},
    {ROW, .name = "data_folders", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_PATH,
     .fallback = "[]",
     .help = "Folders that plugins may read while they open (lexicons, models), besides the "
             "configuration's own folder and `plugin_folders`."},
    {ROW, .name = "rules", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_PATH,
     .fallback = "[]",
     .help = "Rule files, and folders whose `*.yaml` are rule files, in order. With no rules, "
             "everything is filed as `default` says."},
};

static const struct taxon_option inbox_rows[] = {
    {ROW, .name = "path", .type = TAXON_OPTION_PATH, .required = 1,
     .help = "Folder to watch. Made when missing. taxond keeps what it has taken in hand in "
             "`.taxond` inside it."},
    {ROW, .name = "source", .type = TAXON_OPTION_STRING,
     .help = "What records, rules and `{source}` in paths call documents from here; the inbox's "
             "name when not given."},
    {ROW, .name = "settle", .type = TAXON_OPTION_DURATION, .fallback = "2s", .min = 0, .max = HOUR,
     .help = "How long a file that was neither closed nor renamed before taxond's eyes must stay "
             "unchanged before it is taken."},
    {ROW, .name = "scan_every", .type = TAXON_OPTION_DURATION, .fallback = "60s", .min = 10,
     .max = DAY,
     .help = "How often the whole folder is looked through, beside the kernel's notices."},
    {ROW, .name = "poll_every", .type = TAXON_OPTION_DURATION, .fallback = "10s", .min = 10,
     .max = DAY,
     .help = "The same where the kernel gives no notices or not all: on NFS, CIFS, FUSE and their "
             "like, and beyond the limit of inotify watches. The shorter of the two counts."},
    {ROW, .name = "recursive", .type = TAXON_OPTION_BOOL, .fallback = "true",
     .help = "Whether folders inside the inbox are watched too."},
    {ROW, .name = "ignore", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_STRING,
     .fallback = "[\".*\", \"*.part\", \"*.tmp\", \"*.crdownload\", \"~$*\"]",
     .help = "Patterns (`*`, `?`, `[a-z]`) of names, of files and folders, that are left alone. A "
             "list that is given replaces the default."},
};

static const struct taxon_option plugin_rows[] = {
    {ROW, .name = "file", .type = TAXON_OPTION_STRING,
     .help = "The shared object: a name that is looked for in `plugin_folders`, or an absolute "
             "path. When not given, the plugin's name and `.so`."},
    {ROW, .name = "enabled", .type = TAXON_OPTION_BOOL, .fallback = "true",
     .help = "Whether the plugin is loaded. One that is switched off is still checked here."},
};

static const struct taxon_option filter_rows[] = {
    {ROW, .name = "source", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_STRING,
     .fallback = "[]", .help = "Patterns of the document's source."},
    {ROW, .name = "media_type", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_STRING,
     .fallback = "[]", .help = "Patterns of the media type found, such as `text/*`."},
    {ROW, .name = "name", .type = TAXON_OPTION_LIST, .element = TAXON_OPTION_STRING,
     .fallback = "[]", .help = "Patterns of the file's name, such as `*.txt`."},
};

static const char *const sandbox_choices[] = {"off", "prefer", "require", NULL};
static const char *const failing_choices[] = {"skip", "hold", NULL};

static const struct taxon_option workers_rows[] = {
    {ROW, .name = "count", .type = TAXON_OPTION_INT, .fallback = "0", .min = 0, .max = 256,
     .help = "How many worker processes; 0: one for each processor that may be used."},
    {ROW, .name = "documents", .type = TAXON_OPTION_INT, .fallback = "10000", .min = 1, .max = 1e9,
     .help = "A worker is replaced after this many documents."},
    {ROW, .name = "grow", .type = TAXON_OPTION_BYTES, .fallback = "1G", .min = 16 * MIB,
     .max = 1024 * GIB, .help = "A worker is replaced when its resident memory passes this."},
    {ROW, .name = "grace", .type = TAXON_OPTION_DURATION, .fallback = "2s", .min = 0, .max = MINUTE,
     .help = "Time between a document's deadline and the end of the worker that missed it."},
    {ROW, .name = "start", .type = TAXON_OPTION_DURATION, .fallback = "20s", .min = SECOND,
     .max = 10 * MINUTE, .help = "Time in which a new worker must be ready."},
    {ROW, .name = "sandbox", .type = TAXON_OPTION_CHOICE, .choices = sandbox_choices,
     .fallback = "require",
     .help = "Lock-down of the workers. `require`: no worker without it. `prefer`: as much as the "
             "kernel has. `off`: none, for debugging."},
    {ROW, .name = "plugin_failures", .type = TAXON_OPTION_INT, .fallback = "5", .min = 0,
     .max = 1e6,
     .help = "A classifier that crashes or hangs on so many documents in a row is switched off, "
             "until it has another digest or `taxon plugin enable` is said; 0: never."},
    {ROW, .name = "on_failing_plugin", .type = TAXON_OPTION_CHOICE, .choices = failing_choices,
     .fallback = "skip",
     .help = "While a plugin is switched off: `skip`: documents are filed without what it would "
             "have said, and their records say so. `hold`: those that it would see wait in their "
             "inbox."},
    {ROW, .name = "release_fixed", .type = TAXON_OPTION_BOOL, .fallback = "true",
     .help = "Whether documents that a plugin sent to quarantine are tried again once that plugin "
             "has another digest."},
};

static const struct taxon_option limits_rows[] = {
    {ROW, .name = "file", .type = TAXON_OPTION_BYTES, .fallback = "64M", .min = 1, .max = 4 * GIB,
     .help = "Size of a file; a larger one is quarantined unread."},
    {ROW, .name = "text", .type = TAXON_OPTION_BYTES, .fallback = "16M", .min = KIB, .max = GIB,
     .help = "Size of a document's decoded text; more is cut off there, and the record says so."},
    {ROW, .name = "blocks", .type = TAXON_OPTION_INT, .fallback = "100000", .min = 1, .max = 1e7,
     .help = "Blocks (paragraphs, headings, list items, …) of a document."},
    {ROW, .name = "depth", .type = TAXON_OPTION_INT, .fallback = "8", .min = 0, .max = 100,
     .help = "Levels of containers in containers whose members are taken out."},
    {ROW, .name = "members", .type = TAXON_OPTION_INT, .fallback = "10000", .min = 0, .max = 1e6,
     .help = "Members of a container (an archive, a crawl, a mail), with those of the containers "
             "in it."},
    {ROW, .name = "expansion_ratio", .type = TAXON_OPTION_INT, .fallback = "200", .min = 1,
     .max = 100000,
     .help = "Bytes that a container may yield for each byte of its own, with what those in it "
             "yield; but at least as many as 1 MiB would."},
    {ROW, .name = "labels", .type = TAXON_OPTION_INT, .fallback = "1000", .min = 1, .max = 1e5,
     .help = "Labels of a document, from all plugins together."},
    {ROW, .name = "spans", .type = TAXON_OPTION_INT, .fallback = "20000", .min = 1, .max = 1e6,
     .help = "Labelled spans of a document, from all plugins together."},
    {ROW, .name = "facts", .type = TAXON_OPTION_INT, .fallback = "200", .min = 1, .max = 10000,
     .help = "Facts (title, dates, …) of a document, from all plugins together."},
    {ROW, .name = "time", .type = TAXON_OPTION_DURATION, .fallback = "10s", .min = 10, .max = HOUR,
     .help = "Time for a document in a worker. A warning is given at a third of it."},
    {ROW, .name = "memory", .type = TAXON_OPTION_BYTES, .fallback = "2G", .min = 64 * MIB,
     .max = 1024 * GIB, .help = "Address space of a worker."},
    {ROW, .name = "arena", .type = TAXON_OPTION_BYTES, .fallback = "256M", .min = MIB,
     .max = 64 * GIB, .help = "Memory that plugins may take for one document; less than `memory`."},
    {ROW, .name = "queue", .type = TAXON_OPTION_INT, .fallback = "256", .min = 1, .max = 65536,
     .help = "Documents taken in hand and not yet filed; the others wait in their inbox."},
    {ROW, .name = "attempts", .type = TAXON_OPTION_INT, .fallback = "2", .min = 1, .max = 100,
     .help = "Tries at a document that crashes or hangs its worker, before it is quarantined."},
    {ROW, .name = "path", .type = TAXON_OPTION_BYTES, .fallback = "1K", .min = 64, .max = 3 * KIB,
     .help = "Length of a document's path below the root of its archive."},
    {ROW, .name = "reply", .type = TAXON_OPTION_BYTES, .fallback = "16M", .min = 64 * KIB,
     .max = GIB, .help = "Size of what a worker says about one document."},
};

static const char *const conflict_choices[] = {"keep-both", "fail", "same-is-same", "replace-older",
                                               NULL};
static const char *const missing_choices[] = {"make", "wait", NULL};

static const struct taxon_option placement_rows[] = {
    {ROW, .name = "sidecar", .type = TAXON_OPTION_BOOL, .fallback = "true",
     .help = "Whether each document gets its record beside it, as `NAME.taxon.json`."},
    {ROW, .name = "file_mode", .type = TAXON_OPTION_STRING, .fallback = "\"0644\"",
     .help = "Mode of filed documents and sidecars, in octal."},
    {ROW, .name = "folder_mode", .type = TAXON_OPTION_STRING, .fallback = "\"0755\"",
     .help = "Mode of folders made in an archive, in octal."},
    {ROW, .name = "owner", .type = TAXON_OPTION_STRING,
     .help =
         "User, by name or number, who is to own filed documents, sidecars and the folders made "
         "for them. Not given: documents keep their owner, the rest is the daemon's. Takes "
         "root, or `CAP_CHOWN`, if it is not the daemon's own user."},
    {ROW, .name = "group", .type = TAXON_OPTION_STRING,
     .help = "The same for their group; one that the daemon is a member of takes no more."},
    {ROW, .name = "origin_xattr", .type = TAXON_OPTION_BOOL, .fallback = "false",
     .help = "Whether a filed document gets the extended attribute `user.xdg.origin.url` where it "
             "has none and its url is known. Those that it has are kept in any case."},
    {ROW, .name = "on_conflict", .type = TAXON_OPTION_CHOICE, .choices = conflict_choices,
     .fallback = "keep-both",
     .help = "What to do when the name is taken by other bytes, unless the rule says otherwise. "
             "`keep-both`: file under a name made different. `same-is-same`: the same, but bytes "
             "that the archive has already, under whatever name, are not filed a second time. "
             "`replace-older`: the later of the two has the name, the other gets one made "
             "different. `fail`: quarantine."},
    {ROW, .name = "on_missing_archive", .type = TAXON_OPTION_CHOICE, .choices = missing_choices,
     .fallback = "make",
     .help = "What to do at the start about an archive whose folder is missing. `make`: make it. "
             "`wait`: hold its documents until it is there, and holds a file `.taxond-archive`, "
             "which an empty mount point does not."},
};

static const struct taxon_option batch_rows[] = {
    {ROW, .name = "documents", .type = TAXON_OPTION_INT, .fallback = "64", .min = 1, .max = 4096,
     .help = "Most documents in one commit."},
    {ROW, .name = "wait", .type = TAXON_OPTION_DURATION, .fallback = "5ms", .min = 0, .max = SECOND,
     .help = "How long a commit waits for more documents to share its cost."},
};

static const char *const damage_choices[] = {"refuse", "rebuild", NULL};

static const struct taxon_option catalog_rows[] = {
    {ROW, .name = "on_damage", .type = TAXON_OPTION_CHOICE, .choices = damage_choices,
     .fallback = "refuse",
     .help = "What a start does when the catalog is damaged, or missing although documents with "
             "records are filed. `refuse`: it does not start and says what to do. `rebuild`: it "
             "makes the catalog anew from the records in the archives, as `taxon catalog rebuild` "
             "does, and keeps the old one beside it."},
};

static const struct taxon_option watchdog_rows[] = {
    {ROW, .name = "stall", .type = TAXON_OPTION_DURATION, .fallback = "10s", .min = 0, .max = HOUR,
     .help =
         "When taxond's loop, or a step of a batch, has not come back for so long, the log says "
         "so, and what it was at; 0: never."},
};

const struct option_table settings_top_table = TABLE(top_rows);
const struct option_table settings_inbox_table = TABLE(inbox_rows);
const struct option_table settings_plugin_table = TABLE(plugin_rows);
const struct option_table settings_filter_table = TABLE(filter_rows);
const struct option_table settings_workers_table = TABLE(workers_rows);
const struct option_table settings_limits_table = TABLE(limits_rows);
const struct option_table settings_placement_table = TABLE(placement_rows);
const struct option_table settings_batch_table = TABLE(batch_rows);
const struct option_table settings_catalog_table = TABLE(catalog_rows);
const struct option_table settings_watchdog_table = TABLE(watchdog_rows);
