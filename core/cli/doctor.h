/* cli/doctor: what `taxon doctor` finds: the checks, and the report that they write to.
 *
 * A check looks at one thing and says one or more findings. None changes anything but files of its
 * own that it removes again: in an inbox's .taxond and in an archive's root; in the state folder
 * one without a name.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "config/settings.h"

enum doctor_grade {
    DOCTOR_OK,
    DOCTOR_WARN, /* taxond works, but slower, or with a gap that is named */
    DOCTOR_BAD,  /* taxond does not start, or would do harm */
};

struct finding {
    enum doctor_grade grade;
    const char *check; /* "limits.descriptors" */
    const char *needs;
    const char *found;
    const char *mend; /* a command, or what to write where; "" */
};

struct doctor {
    const char *config_file;
    struct settings *settings; /* NULL: the configuration does not work */
    struct arena arena;        /* of all texts */
    struct finding *findings;
    size_t count;
    size_t size;
    bool failed; /* no memory: something is left out */
};

/* --- the report (doctor_report.c) */

void doctor_init(struct doctor *doctor, const char *config_file);
void doctor_release(struct doctor *doctor);

/* Adds a finding; `found` is a format. */
void doctor_say(struct doctor *doctor, enum doctor_grade grade, const char *check,
                const char *needs, const char *found, ...) __attribute__((format(printf, 5, 6)));
/* How what was said last is mended. */
void doctor_mend(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A text that lasts as long as the report. Never NULL. */
const char *doctor_text(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* `word` so that a shell takes it for one word. */
const char *doctor_quote(struct doctor *doctor, const char *word);
/* The name of a user, or its number. */
const char *doctor_user(struct doctor *doctor, uid_t user);

size_t doctor_count(const struct doctor *doctor, enum doctor_grade grade);
void doctor_print(const struct doctor *doctor, FILE *stream, bool styled);
void doctor_print_json(const struct doctor *doctor, FILE *stream);

/* --- the folders that the configuration names (doctor_places.c) */

enum doctor_kind { DOCTOR_STATE, DOCTOR_QUARANTINE, DOCTOR_INBOX, DOCTOR_ARCHIVE };

struct doctor_place {
    enum doctor_kind kind;
    const char *name; /* "state", "inboxes.crawler" */
    const char *path;
    const struct settings_inbox *inbox; /* of an inbox */
};

/* All of them, in the order of the configuration; of a configuration that works. */
size_t doctor_places(struct doctor *doctor, const struct doctor_place **out_places);
/* `path` itself, or the folder above it, nearest, that is there. In the report's memory. */
const char *doctor_nearest(struct doctor *doctor, const char *path);

/* --- judgements that need no machine to be tested */

/* Whether a kernel's release ("6.1.0-18-amd64") is of that version or newer. */
bool doctor_kernel_at_least(const char *release, unsigned major, unsigned minor);
/* Descriptors that taxond may need at once. */
uint64_t doctor_descriptors_needed(const struct settings *settings, uint64_t workers);
/* How free space, or free inodes, are to be judged: `least` is what one document may take. */
enum doctor_grade doctor_judge_space(uint64_t available, uint64_t total, uint64_t least);
/* The name of a file system by its statfs(2) magic, or NULL. */
const char *doctor_file_system(uint64_t magic);

/* --- the checks; those after the first need doctor->settings */

void doctor_check_configuration(struct doctor *doctor); /* doctor_config.c */
void doctor_check_user(struct doctor *doctor);
void doctor_check_plugins(struct doctor *doctor);
void doctor_check_folders(struct doctor *doctor); /* doctor_folders.c */
void doctor_check_disks(struct doctor *doctor);   /* doctor_disks.c */
void doctor_check_probes(struct doctor *doctor);  /* doctor_probes.c */
void doctor_check_kernel(struct doctor *doctor);  /* doctor_kernel.c */
void doctor_check_sandbox(struct doctor *doctor);
void doctor_check_limits(struct doctor *doctor); /* doctor_limits.c */
void doctor_check_memory(struct doctor *doctor);
void doctor_check_inotify(struct doctor *doctor); /* doctor_inotify.c */
void doctor_check_worker(struct doctor *doctor);  /* doctor_daemon.c */
void doctor_check_daemon(struct doctor *doctor);

#endif
