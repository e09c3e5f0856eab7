/* wire/stage: a page of memory that a worker writes and the supervisor reads, so that a document's
 * record can name the plugin that hung or crashed. It is a sealed memfd: a worker cannot shrink it.
 * The supervisor copies before it looks and trusts nothing in it.
 */
#ifndef WIRE_STAGE_H
#define WIRE_STAGE_H

#include <stdint.h>

#define STAGE_PAGE_SIZE 4096u
#define STAGE_NAME_SIZE 64u

struct stage_page {
    _Atomic uint64_t serial; /* of the job in hand; 0 between jobs */
    _Atomic uint32_t stage;  /* counts up at each change */
    _Atomic uint32_t reserved;
    char name[STAGE_NAME_SIZE]; /* "start", "decode", "read text", "classify topics", "reply" */
};

/* A sealed memfd of STAGE_PAGE_SIZE; negative errno. */
int stage_create(void);
/* Maps it, writable or not; NULL on failure. Size and seals are checked first. */
struct stage_page *stage_map(int fd, int writable);
void stage_unmap(struct stage_page *page);
void stage_set(struct stage_page *page, uint64_t serial, const char *name);
/* A copy of the name: printable ASCII, NUL-terminated, "start" when it is empty. */
void stage_name(const struct stage_page *page, char out_name[STAGE_NAME_SIZE]);

#endif
