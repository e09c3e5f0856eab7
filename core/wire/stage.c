/* wire/stage: a page of memory that says what a worker is doing.
 *
 * Written by the worker at each step, read by the supervisor when a worker hung or died. It is no
 * channel: the supervisor shows the name to a person and decides nothing by it.
 *
 * A shared file that the other side could truncate would kill the supervisor with SIGBUS at the
 * next look, so a page is only ever mapped when its size is sealed.
 */
#include "wire/stage.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static_assert(sizeof(struct stage_page) <= STAGE_PAGE_SIZE, "the page holds it");

int stage_create(void)
{
    int fd = memfd_create("taxon-stage", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return -errno;
    if (ftruncate(fd, STAGE_PAGE_SIZE) < 0 || fcntl(fd, F_ADD_SEALS, SEALS) < 0) {
        int code = -errno;
        close(fd);
        return code;
    }
    return fd;
}

struct stage_page *stage_map(int fd, int writable)
{
    struct stat status;
    int seals = fcntl(fd, F_GET_SEALS);

    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &status) < 0 ||
        status.st_size != STAGE_PAGE_SIZE)
        return NULL;
    int protection = PROT_READ | (writable != 0 ? PROT_WRITE : 0);
    void *page = mmap(NULL, STAGE_PAGE_SIZE, protection, MAP_SHARED, fd, 0);
    return page == MAP_FAILED ? NULL : page;
}

void stage_unmap(struct stage_page *page)
{
    if (page != NULL)
        munmap(page, STAGE_PAGE_SIZE);
}

/* The name goes in before the count changes, so that who sees a new count sees its name. */
void stage_set(struct stage_page *page, uint64_t serial, const char *name)
{
    size_t len = strnlen(name, STAGE_NAME_SIZE - 1);

    memset(page->name, 0, sizeof page->name);
    memcpy(page->name, name, len);
    atomic_store_explicit(&page->serial, serial, memory_order_release);
    atomic_fetch_add_explicit(&page->stage, 1, memory_order_release);
}

void stage_name(const struct stage_page *page, char out_name[STAGE_NAME_SIZE])
{
    /* volatile: each byte is read once, and checked as it was read. The other side may be writing
     * meanwhile; a mixture of two names is the worst that can come of it. */
    const volatile char *name = page->name;
    size_t len = 0;

    for (; len < STAGE_NAME_SIZE - 1; len++) {
        char c = name[len];
        if (c == '\0')
            break;
        out_name[len] = (char)(c >= ' ' && c <= '~' ? c : '?');
    }
    out_name[len] = '\0';
    if (len == 0)
        strcpy(out_name, "start");
}
