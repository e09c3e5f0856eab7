/* cli/document: a document that the command line names: a file, or "-" for standard input.
 *
 * Called by the subcommands that classify. It opens; it does not judge what it opens.
 */
#include "cli/document.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Standard input may be a pipe: a worker wants a file. No more than one byte beyond the limit is
 * kept, which is enough to be refused for. */
static int spool_input(uint64_t limit_bytes, struct err *err)
{
    char buf[65536];
    uint64_t kept = 0;
    ssize_t len;
    int fd = memfd_create("taxon-input", MFD_CLOEXEC);

    if (fd < 0)
        return err_set(err, -errno, "memfd_create: %s", strerror(errno));
    while (kept <= limit_bytes && (len = read(STDIN_FILENO, buf, sizeof(buf))) != 0) {
        int result = len < 0 ? -errno : file_write_all(fd, buf, (size_t)len);

        if (result == -EINTR)
            continue;
        if (result < 0) {
            file_close(&fd);
            return err_set(err, result, "standard input: %s", strerror(-result));
        }
        kept += (uint64_t)len;
    }
    return fd;
}

int document_open(const char *path, uint64_t limit_bytes, struct err *err)
{
    struct stat status;
    int fd;

    if (strcmp(path, "-") == 0)
        return spool_input(limit_bytes, err);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        file_close(&fd);
        return err_set(err, -EINVAL, "%s: not a regular file", path);
    }
    return fd;
}

const char *document_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (strcmp(path, "-") == 0)
        return "stdin";
    return slash == NULL ? path : slash + 1;
}
