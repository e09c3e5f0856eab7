/* torture/site: which place in the program a call comes from, the same in every run.
 *
 * Numbers of calls are not: threads and workers shift them. A site and how often it was passed
 * are. */
#ifndef TORTURE_SITE_H
#define TORTURE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_FRAMES    4u /* of the program itself, that count */
#define SITE_NEAREST   2u /* frames of whatever library, that count as well */
#define SITE_TEXT_SIZE 128u

struct site {
    uint64_t hash;
    uint32_t times;            /* passed so often, this time included */
    char text[SITE_TEXT_SIZE]; /* offsets within the program, for addr2line: "0x1f2,0x9a0" */
};

/* Who called `name`: fills *out_site. Not safe against itself: the caller holds a lock. */
void site_find(const char *name, struct site *out_site);
/* The unwinder loads a library at its first use; to be done before anything is counted. */
void site_prepare(void);

/* For a handler of SIGSEGV: whether the crash is that of a library whose name begins so. */
bool site_is_in_library(const char *begin);

#endif
