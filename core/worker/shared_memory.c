/* worker/shared_memory: reads /proc/self/maps (proc_pid_maps(5)).
 *
 * Called by worker/worker_setup while plugins open. A shared mapping of a file in a folder is let
 * be: files can only be opened to be read (lockdown_landlock.c), so nobody can write to it.
 */
#include "worker/shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"

#define LIST_MAX   ((size_t)16 << 20) /* bytes; 65530 mappings are the kernel's own limit */
#define LIST_CHUNK ((size_t)4096)

int shared_memory_list(void)
{
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

/* A memfd, or what the kernel makes of MAP_SHARED with MAP_ANONYMOUS. */
static bool is_memory(const char *path)
{
    return strncmp(path, "/memfd:", 7) == 0 || strncmp(path, "/dev/zero", 9) == 0;
}

static bool line_is_sound(const char *line, const void *allowed)
{
    uintptr_t begin;
    char rights[5] = "";
    int path_at = 0;

    if (sscanf(line, "%" SCNxPTR "-%*x %4s %*x %*s %*u %n", &begin, rights, &path_at) < 2 ||
        path_at == 0)
        return true;
    return rights[3] != 's' || !is_memory(line + path_at) || begin == (uintptr_t)allowed;
}

/* The list's length is 0 to fstat(2), and each read starts it where the last one ended. */
static int read_list(int list_fd, struct strbuf *out_text)
{
    off_t at = 0;

    for (;;) {
        char *to = strbuf_reserve(out_text, LIST_CHUNK);
        if (to == NULL || out_text->len > LIST_MAX)
            return -ENOMEM;
        ssize_t got = pread(list_fd, to, LIST_CHUNK, at);
        if (got < 0)
            return -errno;
        if (got == 0)
            return 0;
        strbuf_added(out_text, (size_t)got);
        at += got;
    }
}

int shared_memory_check(int list_fd, const void *allowed, struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    int code = read_list(list_fd, &text);
    char *rest = NULL;

    if (code < 0)
        err_set(err, code, "/proc/self/maps: %s", strerror(-code));
    for (char *line = code < 0 || text.len == 0 ? NULL : strtok_r(text.data, "\n", &rest);
         line != NULL && code == 0; line = strtok_r(NULL, "\n", &rest))
        if (!line_is_sound(line, allowed))
            code = err_set(err, -EPERM,
                           "it keeps memory that processes share (MAP_SHARED), which documents "
                           "could reach each other by");
    strbuf_release(&text);
    return code;
}
