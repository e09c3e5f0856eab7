/* A manifest and a reply with something in every field, for tests and fuzz targets. */
#ifndef TESTS_UNIT_WIRE_SAMPLE_H
#define TESTS_UNIT_WIRE_SAMPLE_H

#include "base/arena.h"
#include "config/settings.h"
#include "wire/manifest.h"
#include "wire/reply.h"

enum { SAMPLE_READER, SAMPLE_GENRE, SAMPLE_TOPICS, SAMPLE_PLUGINS };

extern const struct settings_limits sample_limits;

/* What they hold may be changed by the caller; all of it lives in the arena. */
struct manifest *sample_manifest(struct arena *arena);
struct reply *sample_reply(struct arena *arena);

#endif
