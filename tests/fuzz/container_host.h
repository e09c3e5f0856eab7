/* A host for fuzz targets of readers of containers. */
#ifndef TESTS_FUZZ_CONTAINER_HOST_H
#define TESTS_FUZZ_CONTAINER_HOST_H

#include <stddef.h>
#include <stdint.h>

/* Reads the input with the plugin that is linked in, as a container of that media type and name:
 * once as a whole, and once in turns of a few members, each begun where the one before ended. The
 * same members must come out. Ends the process when the reader breaks a rule of the border. */
void container_run(const uint8_t *data, size_t size, const char *media_type, const char *name);

#endif
