/* pool/conduct: how plugins have behaved: on how many documents in a row each has failed, and which
 * are switched off for it. By digest, so that a new version starts anew and going back to an old
 * one does not; kept in a file of the state folder, so that a restart does not forget.
 *
 * One line each: name, digest, failures, since when it is off (0: it is on), why; between tabs.
 */
#ifndef POOL_CONDUCT_H
#define POOL_CONDUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "config/settings.h"

#define CONDUCT_FILE_NAME   "plugins"
#define CONDUCT_ENTRIES_MAX 256u /* the oldest is forgotten */
#define CONDUCT_WHY_SIZE    256u

struct conduct_entry {
    char name[SETTINGS_NAME_MAX + 1];
    struct digest digest;
    uint32_t failures;          /* documents in a row */
    int64_t off_ms;             /* wall clock: switched off since; 0: on */
    char why[CONDUCT_WHY_SIZE]; /* the last failure */
};

struct conduct {
    struct conduct_entry entries[CONDUCT_ENTRIES_MAX]; /* oldest first */
    size_t count;
    bool changed; /* since it was last printed to be written */
};

/* NULL: nothing is known of it. */
const struct conduct_entry *conduct_find(const struct conduct *conduct, const char *name,
                                         const struct digest *digest);
/* It failed on one more document: returns on how many in a row by now. */
uint32_t conduct_fail(struct conduct *conduct, const char *name, const struct digest *digest,
                      const char *why);
/* It did its work on a document: what it failed on before is forgiven, if it is on. */
void conduct_succeed(struct conduct *conduct, const char *name, const struct digest *digest);
void conduct_switch_off(struct conduct *conduct, const char *name, const struct digest *digest,
                        int64_t now_ms);
bool conduct_is_off(const struct conduct *conduct, const char *name, const struct digest *digest);
/* Forgets what is known of every version of a plugin. Whether anything was. */
bool conduct_forget(struct conduct *conduct, const char *name);

/* The file's text; clears `changed`. */
void conduct_print(struct conduct *conduct, struct strbuf *out_text);
/* Adds what a file's text says. -EINVAL for one that is not ours: what was read before stays. */
int conduct_parse(struct conduct *conduct, const char *text) MUST_CHECK;

/* FOLDER/plugins. No file is no error. */
int conduct_read(struct conduct *conduct, const char *folder, struct err *err) MUST_CHECK;
/* Written beside and renamed, durable when it returns. On any thread. */
int conduct_write(const char *folder, const char *text, size_t len, struct err *err) MUST_CHECK;

#endif
