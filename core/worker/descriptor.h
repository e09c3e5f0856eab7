/* worker/descriptor: whether what taxon_plugin_v1() returned can be worked with. */
#ifndef WORKER_DESCRIPTOR_H
#define WORKER_DESCRIPTOR_H

#include <taxon/plugin.h>

#include "base/err.h"

/* Copies and checks `from`. -EINVAL with the reason. Labels and options are checked for their
 * arrays' shape only. */
int descriptor_read(const struct taxon_descriptor *from, struct taxon_descriptor *out_descriptor,
                    size_t *out_scheme_count, size_t *out_media_type_count,
                    struct err *err) MUST_CHECK;

#endif
