/* worker/host_features: the extension "features/1" (taxon/features.h). */
#ifndef WORKER_HOST_FEATURES_H
#define WORKER_HOST_FEATURES_H

#include <taxon/features.h>

extern const struct taxon_features host_features;

#endif
