/* cli/labelled: folders of labelled documents, and what JSONL has of them (labelled_lines.c).
 *
 * Called by train and eval. It opens and names; what stands in a document is the worker's to read.
 */
#include "cli/labelled.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/labelled_lines.h"

struct walk {
    labelled_take take;
    void *data;
    struct err *err;
};

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int take_file(struct walk *walk, const char *path, const char *name, const char *label)
{
    struct labelled document = {
        .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
        .name = name,
        .url = "",
        .labels = &label,
        .label_count = 1,
        .weight = 1,
    };
    struct digest digest;
    uint64_t size;
    int result;

    if (document.fd < 0)
        return err_set(walk->err, -errno, "%s: %s", path, strerror(errno));
    result = digest_of_fd(document.fd, &digest, &size);
    if (result < 0)
        err_set(walk->err, result, "%s: %s", path, strerror(-result));
    memcpy(&document.group, digest.bytes, sizeof document.group);
    if (result == 0)
        result = walk->take(walk->data, &document, walk->err);
    file_close(&document.fd);
    return result;
}

static int walk_folder(struct walk *walk, const char *path, const char *label, unsigned depth);

static int walk_entry(struct walk *walk, const char *path, const char *label, const char *name,
                      unsigned depth)
{
    char below[4096];
    char sublabel[512];
    struct stat status;

    if (snprintf(below, sizeof below, "%s/%s", path, name) >= (int)sizeof below ||
        snprintf(sublabel, sizeof sublabel, "%s%s%s", label, label[0] == '\0' ? "" : "/", name) >=
            (int)sizeof sublabel)
        return err_set(walk->err, -ENAMETOOLONG, "%s/%s: the name is too long", path, name);
    if (stat(below, &status) < 0)
        return err_set(walk->err, -errno, "%s: %s", below, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return walk_folder(walk, below, sublabel, depth + 1);
    if (!S_ISREG(status.st_mode))
        return 0;
    if (label[0] == '\0')
        return err_set(walk->err, -EINVAL, "%s: a document outside any label's folder", below);
    return take_file(walk, below, name, label);
}

static int walk_folder(struct walk *walk, const char *path, const char *label, unsigned depth)
{
    struct dirent **entries;
    int result = 0;

    if (depth > LABELLED_DEPTH_MAX)
        return err_set(walk->err, -ELOOP, "%s: folders are nested too deep", path);
    int count = scandir(path, &entries, is_shown, compare_names);
    if (count < 0)
        return err_set(walk->err, -errno, "%s: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (result == 0)
            result = walk_entry(walk, path, label, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
    return result;
}

int labelled_read(const char *path, labelled_take take, void *data, struct err *err)
{
    struct walk walk = {take, data, err};
    struct stat status;

    if (stat(path, &status) < 0)
        return err_set(err, -errno, "%s: %s", path, strerror(errno));
    return S_ISDIR(status.st_mode) ? walk_folder(&walk, path, "", 0)
                                   : labelled_lines_read(path, take, data, err);
}
