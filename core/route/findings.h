/* route/findings: what a subject's reply says, as rules, templates and records ask for it, and
 * whoever shows it. All bear a subject without a reply.
 */
#ifndef ROUTE_FINDINGS_H
#define ROUTE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "route/subject.h"
#include "text/damage.h"

/* What a scheme says where none of its labels holds: nothing came near, or something did. */
#define FINDINGS_NONE   "none"
#define FINDINGS_UNSURE "unsure"

/* The label that holds with the highest score; at the same score the one below before the one above
 * it, then byte order of ids. NULL when none holds. */
const struct reply_label *findings_best_label(const struct subject *subject, const char *scheme);

/* Schemes with a place of their own: page furniture speaks in spans, and the verdict that a page is
 * no document stands beside `usable`. */
#define FINDINGS_BOILERPLATE "boilerplate"
#define FINDINGS_VERDICTS    "unusable"

/* Whether the scheme says what a document as a whole is: those two do not. */
bool findings_is_answer(const char *scheme);

/* The verdict that the document is unusable, core's own or a plugin's; FINDINGS_NONE without one.
 */
const char *findings_verdict(const struct subject *subject);

/* What the scheme says of the document: the id of the best label, FINDINGS_UNSURE when none holds
 * but one came as near as that, else FINDINGS_NONE. */
const char *findings_answer(const struct subject *subject, const char *scheme);

/* Whether the label does not hold, but came near enough to be worth showing. */
bool findings_is_near_miss(const struct reply_label *label);

/* Whether `id` is `wanted` or lies below it ("ecology/air" below "ecology"). */
bool findings_label_is_below(const char *id, const char *wanted);

/* The fact of that name with the highest score, the first of equals, or NULL. */
const struct reply_fact *findings_fact(const struct subject *subject, const char *name);

/* Where the document is from, as far as that is known: "" when it is not. */
const char *findings_url(const struct subject *subject);

const char *findings_language(const struct subject *subject); /* "und" when unknown */
const char *findings_script(const struct subject *subject);   /* "Zyyy" when unknown */

/* "pinyin-gloss", "illegal-bytes", "cut", "mojibake", … */
const char *findings_damage_name(enum damage_kind kind);
/* How often; 0: not at all. */
uint64_t findings_damage(const struct subject *subject, enum damage_kind kind);

/* A text from outside as one line that can be shown: valid UTF-8 without control characters. */
void findings_show(struct strbuf *out, const char *text);

#endif
