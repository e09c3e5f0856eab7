/* pool/trust: refuses plugins that somebody else could have written.
 *
 * Called by pool/generation before a worker maps the file from the same descriptor, so that what
 * was checked is what is run. It does not look into the file further than its ELF header: the
 * dynamic loader does, in a locked-down worker.
 */
#include "pool/trust.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static bool owner_is_trusted(uid_t owner)
{
    return owner == 0 || owner == geteuid();
}

/* `what` is the path of the file or folder that `status` is of. */
static int check_status(const struct stat *status, const char *what, struct err *err)
{
    bool sticky_folder = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX) != 0;

    if (!owner_is_trusted(status->st_uid))
        return err_set(err, -EPERM, "%s is owned by user %u; it must be root's or taxond's own",
                       what, (unsigned)status->st_uid);
    if ((status->st_mode & S_IWOTH) != 0 && !sticky_folder)
        return err_set(err, -EPERM, "%s is world-writable (mode %04o)", what,
                       (unsigned)(status->st_mode & 07777));
    return 0;
}

/* Checks each folder from the file's own up to the root. `path` is resolved and is cut up. */
static int check_parents(char *path, struct err *err)
{
    struct stat status;
    char *slash;

    while ((slash = strrchr(path, '/')) != NULL) {
        int result;

        slash[slash == path ? 1 : 0] = '\0';
        if (stat(path, &status) < 0)
            return err_set(err, -errno, "%s: %s", path, strerror(errno));
        result = check_status(&status, path, err);
        if (result < 0)
            return result;
        if (strcmp(path, "/") == 0)
            break;
    }
    return 0;
}

int trust_open(const char *path, struct err *err)
{
    char resolved[PATH_MAX];
    struct stat status;
    int result = 0;
    int fd;

    if (realpath(path, resolved) == NULL)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    fd = open(resolved, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    if (fstat(fd, &status) < 0)
        result = err_set(err, -errno, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        result = err_set(err, -EINVAL, "%s is no regular file", path);
    else
        result = check_status(&status, resolved, err);
    if (result == 0)
        result = check_parents(resolved, err);
    if (result < 0)
        file_close(&fd);
    return result < 0 ? result : fd;
}

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#elif defined(__riscv)
#define MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define MACHINE EM_PPC64
#elif defined(__s390x__)
#define MACHINE EM_S390
#elif defined(__arm__)
#define MACHINE EM_ARM
#elif defined(__i386__)
#define MACHINE EM_386
#else
#error "add this machine's ELF number (elf.h)"
#endif

int trust_check_object(int fd, const char *path, struct err *err)
{
    /* The members up to e_machine lie at the same place in 32-bit and 64-bit files. */
    Elf32_Ehdr header;

    if (file_pread_all(fd, &header, sizeof(header), 0) < 0 ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN)
        return err_set(err, -ENOEXEC, "%s is no shared object", path);
    if (header.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        header.e_machine != MACHINE)
        return err_set(err, -ENOEXEC, "%s is a shared object for another machine", path);
    return 0;
}
