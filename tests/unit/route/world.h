/* Files and folders for the tests of placement. */
#ifndef TESTS_UNIT_ROUTE_WORLD_H
#define TESTS_UNIT_ROUTE_WORLD_H

#include <stdbool.h>

#include "fixture.h"

/* A file below `dir`, its folders made. */
void put(int dir, const char *path, const char *text);
bool exists(int dir, const char *path);
/* Asserts that it is there and holds `wanted`. */
void check_file(int dir, const char *path, const char *wanted);
int count_files(int dir, const char *path);
/* A folder in the fixture's own, open. */
int make_folder(const struct fixture *fixture, const char *name);

#endif
