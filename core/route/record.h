/* route/record: the record of a document, one JSON object with `record: 1`: the sidecar, the
 * catalog's row and the answer of the command line are the same object.
 */
#ifndef ROUTE_RECORD_H
#define ROUTE_RECORD_H

#include "base/json.h"
#include "base/strbuf.h"
#include "route/rules.h"
#include "route/subject.h"

/* Appends the record: on one line with `indent` 0, else indented by so many spaces and ended with a
 * newline. `plan` may be NULL (classified without filing). The same subject and plan give the same
 * bytes. out_text->failed tells when memory ran out. */
void record_write(const struct subject *subject, const struct plan *plan, unsigned indent,
                  struct strbuf *out_text);

/* A plugin as records name it: "topics@1.0#0123456789ab". */
void record_name_plugin(const struct manifest_plugin *plugin, struct strbuf *out_text);

/* What is declared of a label (NULL: nothing): its names, and its codes by vocabulary, as objects
 * `names` and `crosswalk`; none that would be empty. */
void record_put_names(struct json *json, const struct manifest_label *label);
void record_put_crosswalk(struct json *json, const struct manifest_label *label);

#endif
