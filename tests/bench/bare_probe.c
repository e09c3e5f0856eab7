/* bench/bare_probe: does what must be done to the disk for documents to be filed durably, and
 * nothing else: no watching, no classification, no record. What taxond's rate is measured beside.
 *
 *     bare_probe INBOX WORK ARCHIVE BATCH SYNC
 *
 * For each batch: rename each file INBOX → WORK; write a sidecar of 4 KB beside it; sync the data
 * of both; one journal write with fdatasync; rename both into ARCHIVE; sync. The syncs are those of
 * taxond: file by file below four, else one syncfs for all. SYNC 0 leaves out every sync. Prints
 * "DOCUMENTS SECONDS SYNCS".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SIDECAR_SIZE 4096
#define SYNCFS_FROM  4 /* as in core/line/batch.c */

struct probe {
    int inbox, work, archive, journal;
    int batch;
    int sync;
    unsigned long syncs;
};

static void must(int result, const char *what)
{
    if (result >= 0)
        return;
    perror(what);
    exit(1);
}

static int open_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    must(fd, path);
    return fd;
}

static void count_sync(struct probe *probe, int result, const char *what)
{
    must(result, what);
    probe->syncs++;
}

static void stage_sidecar(struct probe *probe, const char *name, int whole)
{
    static char sidecar[SIDECAR_SIZE];
    char draft[300];
    int fd;

    snprintf(draft, sizeof(draft), "%s.part", name);
    fd = openat(probe->work, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    must(fd, draft);
    must((int)write(fd, sidecar, sizeof(sidecar)), "sidecar");
    if (probe->sync && !whole)
        count_sync(probe, fdatasync(fd), draft);
    close(fd);
}

static void sync_data(struct probe *probe, const char *name)
{
    int fd = openat(probe->work, name, O_RDONLY | O_CLOEXEC);

    must(fd, name);
    count_sync(probe, fdatasync(fd), name);
    close(fd);
}

static void write_journal(struct probe *probe, int count)
{
    static char rows[SIDECAR_SIZE];

    for (int i = 0; i < count; i++)
        must((int)write(probe->journal, rows, sizeof(rows)), "journal");
    if (probe->sync)
        count_sync(probe, fdatasync(probe->journal), "fdatasync");
}

static void place(struct probe *probe, const char *name)
{
    char draft[300], final[300];

    snprintf(draft, sizeof(draft), "%s.part", name);
    snprintf(final, sizeof(final), "%s.json", name);
    must(renameat2(probe->work, draft, probe->archive, final, RENAME_NOREPLACE), final);
    must(renameat2(probe->work, name, probe->archive, name, RENAME_NOREPLACE), name);
}

static void file_batch(struct probe *probe, char (*names)[256], int count)
{
    int whole = count >= SYNCFS_FROM;

    for (int i = 0; i < count; i++)
        must(renameat2(probe->inbox, names[i], probe->work, names[i], RENAME_NOREPLACE), names[i]);
    for (int i = 0; i < count; i++)
        stage_sidecar(probe, names[i], whole);
    if (probe->sync && whole)
        count_sync(probe, syncfs(probe->archive), "syncfs");
    for (int i = 0; i < count && probe->sync && !whole; i++)
        sync_data(probe, names[i]);
    write_journal(probe, count);
    for (int i = 0; i < count; i++)
        place(probe, names[i]);
    if (probe->sync && whole)
        count_sync(probe, syncfs(probe->archive), "syncfs");
    for (int i = 0; i < count && probe->sync && !whole; i++)
        count_sync(probe, fsync(probe->archive), "fsync");
}

int main(int argc, char **argv)
{
    struct probe probe;
    struct timespec start, end;
    struct dirent *entry;
    char(*names)[256];
    unsigned long documents = 0;
    int count = 0;
    DIR *folder;

    if (argc != 6)
        return 2;
    probe = (struct probe){open_folder(argv[1]),
                           open_folder(argv[2]),
                           open_folder(argv[3]),
                           -1,
                           atoi(argv[4]),
                           atoi(argv[5]),
                           0};
    probe.journal = openat(probe.work, "journal", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    must(probe.journal, "journal");
    names = calloc((size_t)probe.batch, sizeof(*names));
    folder = fdopendir(dup(probe.inbox));
    if (names == NULL || folder == NULL)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &start);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(names[count++], sizeof(*names), "%s", entry->d_name);
        documents++;
        if (count == probe.batch) {
            file_batch(&probe, names, count);
            count = 0;
        }
    }
    if (count > 0)
        file_batch(&probe, names, count);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%lu %.6f %lu\n", documents,
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
           probe.syncs);
    closedir(folder);
    free(names);
    return 0;
}
