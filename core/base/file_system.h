/* base/file_system: what a file system is, by the number that statfs(2) gives. */
#ifndef BASE_FILE_SYSTEM_H
#define BASE_FILE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

struct file_system {
    uint64_t magic;
    const char *name;
    bool is_remote; /* others may write to it without our kernel's knowing */
    bool is_memory; /* gone with the power */
};

/* NULL: not known here. */
const struct file_system *file_system_find(uint64_t magic);
/* The one that `fd` is on; NULL: not known, or it cannot be told. */
const struct file_system *file_system_of(int fd);

#endif
