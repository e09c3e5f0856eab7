/* Where tests of the catalog keep one: a folder of its own, made for each test. */
#ifndef TESTS_CATALOG_PLACE_H
#define TESTS_CATALOG_PLACE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];
static char path[96]; /* of the database, which is not made yet */

static void place_make(void)
{
    strcpy(folder, "/tmp/taxond-catalog-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/catalog.sqlite", folder);
}

/* The database, with its log and its journal. */
static void place_clear(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char name[128];

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

static void place_remove(void)
{
    place_clear();
    rmdir(folder);
}

#endif
