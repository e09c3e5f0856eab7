/* Files and folders for the tests of placement. */
#include "world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* A file below `dir`, its folders made. */
void put(int dir, const char *path, const char *text)
{
    char folder[256];
    const char *slash = strrchr(path, '/');

    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) : 0, path);
    int folder_fd = file_mkdirs_beneath(dir, folder, 0755, NULL);
    ck_assert_int_ge(folder_fd, 0);
    int fd =
        openat(folder_fd, slash != NULL ? slash + 1 : path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(file_write_all(fd, text, strlen(text)), 0);
    file_close(&fd);
    file_close(&folder_fd);
}

bool exists(int dir, const char *path)
{
    struct stat status;

    return fstatat(dir, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

void check_file(int dir, const char *path, const char *wanted)
{
    struct strbuf text = STRBUF_INIT;
    int fd = openat(dir, path, O_RDONLY);

    ck_assert_msg(fd >= 0, "%s is not there", path);
    ck_assert_int_eq(file_slurp(fd, 1 << 20, &text), 0);
    ck_assert_str_eq(strbuf_text(&text), wanted);
    strbuf_release(&text);
    file_close(&fd);
}

int count_files(int dir, const char *path)
{
    int fd = openat(dir, path, O_RDONLY | O_DIRECTORY);
    DIR *folder = fdopendir(fd);
    struct dirent *entry;
    int count = 0;

    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

int make_folder(const struct fixture *fixture, const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return fd;
}
