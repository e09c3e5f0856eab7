/* base/file: files and folders, by descriptor, never following a symbolic link below a root.
 *
 * All results: 0 or a descriptor, or negative errno. Descriptors are O_CLOEXEC.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/strbuf.h"

/* Closes *fd if it is one and sets it to -1; keeps errno. */
void file_close(int *fd);
int file_write_all(int fd, const void *data, size_t len);
int file_pread_all(int fd, void *data, size_t len, off_t offset); /* -EIO when it ends early */
/* The whole file, at most `limit` bytes (-EFBIG beyond). Appends. */
int file_slurp(int fd, size_t limit, struct strbuf *out_text);
int file_slurp_path(const char *path, size_t limit, struct strbuf *out_text);

/* openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS; where there is no
 * openat2, component by component, and then a ".." is refused (-EXDEV) wherever it leads. */
int file_open_beneath(int dir_fd, const char *path, int flags, mode_t mode);
/* The folder `path` ("a/b/c", "" or "." for dir_fd itself) beneath dir_fd, made where missing with
 * `mode`; descriptor of the last one. *out_made (may be NULL): whether any folder was made.
 * -ELOOP or -EXDEV when a component is a symbolic link or climbs. */
int file_mkdirs_beneath(int dir_fd, const char *path, mode_t mode, bool *out_made);

#define FILE_SAME_OWNER ((uid_t)-1) /* leave it as it is: chown(2) */
#define FILE_SAME_GROUP ((gid_t)-1)

struct file_owner {
    mode_t mode;
    uid_t uid;
    gid_t gid;
};
/* The same; folders that are made get that owner, or are not made (-EPERM). */
int file_mkdirs_owned(int dir_fd, const char *path, const struct file_owner *owner, bool *out_made);
/* Whether the kernel, and whoever stands before it, lets us call openat2(2). */
bool file_has_openat2(void);
/* mkdir -p of an absolute or relative path, following links; 0 or negative errno. */
int file_mkdirs(const char *path, mode_t mode);
/* renameat2(2) with RENAME_NOREPLACE. */
int file_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to);
/* A sealed memfd (F_SEAL_SHRINK|GROW|WRITE|SEAL) that holds `data`; -errno on failure. */
int file_sealed_copy(const char *name, const void *data, size_t len);
/* Whether both hold the same bytes: 1, 0 or negative errno. By pread. */
int file_same_bytes(int a_fd, int b_fd);

#endif
