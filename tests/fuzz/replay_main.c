/* A main for fuzz targets where there is no libFuzzer: replays a corpus, then feeds changed copies
 * of it.
 *
 *     fuzz_reply [-runs=N] [-seed=N] [FILE|FOLDER…]
 *
 * `-runs` (default 20000) counts everything; the files themselves are always run. The same seed and
 * corpus give the same inputs. The runs happen in a child, so that whatever ends it (a signal, a
 * sanitizer's exit, an assert, five seconds in one input) leaves the input in a file crash-NAME,
 * which can be given as FILE.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutate.h"

#define INPUT_MAX ((size_t)64 << 10)
#define FILES_MAX 4096u
#define STUCK_S   60u /* a sanitized build on a busy machine is slow; a hang is longer */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    uint8_t *data;
    size_t len;
};

struct corpus {
    struct input *inputs;
    size_t count;
};

/* Shared with the child, so that the input in hand outlives it. */
struct in_hand {
    size_t run;
    size_t len;
    uint8_t data[INPUT_MAX];
};

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void add_file(struct corpus *corpus, const char *path, int fd)
{
    static uint8_t buffer[INPUT_MAX];
    size_t len = 0;
    ssize_t got;

    while (len < sizeof buffer && (got = read(fd, buffer + len, sizeof buffer - len)) > 0)
        len += (size_t)got;
    if (corpus->count == FILES_MAX) {
        errno = E2BIG;
        die(path);
    }
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    if (copy == NULL)
        die(path);
    memcpy(copy, buffer, len);
    corpus->inputs[corpus->count++] = (struct input){copy, len};
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* A file, or each file directly in a folder, by name: the order is part of the seed. */
static void add(struct corpus *corpus, const char *path)
{
    struct dirent **entries = NULL;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &status) < 0)
        die(path);
    if (S_ISREG(status.st_mode))
        add_file(corpus, path, fd);
    close(fd);
    if (!S_ISDIR(status.st_mode))
        return;
    int count = scandir(path, &entries, is_shown, alphasort);
    for (int i = 0; i < count; i++) {
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        fd = open(inner, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &status) < 0)
            die(inner);
        if (S_ISREG(status.st_mode))
            add_file(corpus, inner, fd);
        close(fd);
        free(entries[i]);
    }
    free(entries);
}

/* On memory of exactly that size, so that a sanitizer sees a byte read too many. */
static void run_one(const struct in_hand *in_hand)
{
    uint8_t *exact = malloc(in_hand->len == 0 ? 1 : in_hand->len);

    if (exact == NULL)
        die("malloc");
    memcpy(exact, in_hand->data, in_hand->len);
    alarm(STUCK_S);
    LLVMFuzzerTestOneInput(exact, in_hand->len);
    free(exact);
}

static void run_all(const struct corpus *corpus, size_t runs, uint64_t seed,
                    struct in_hand *in_hand)
{
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;

    for (size_t run = 0; run < corpus->count || run < runs; run++) {
        const struct input before = {in_hand->data, run % 50 == 0 ? 0 : in_hand->len};
        const struct input *input = &before; /* no corpus: fifty changes, one upon the other */
        const struct input *other = &before;
        if (run < corpus->count) {
            input = &corpus->inputs[run];
        } else if (corpus->count > 0) {
            input = &corpus->inputs[mutate_random(&state) % corpus->count];
            other = &corpus->inputs[mutate_random(&state) % corpus->count];
        }
        in_hand->run = run;
        in_hand->len = input->len;
        memmove(in_hand->data, input->data, input->len);
        if (run >= corpus->count)
            in_hand->len =
                mutate(&state, in_hand->data, in_hand->len, INPUT_MAX, other->data, other->len);
        run_one(in_hand);
    }
}

static void keep_crash(const char *program, const struct in_hand *in_hand)
{
    const char *name = strrchr(program, '/');
    char path[256];

    snprintf(path, sizeof path, "crash-%s", name == NULL ? program : name + 1);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, in_hand->data, in_hand->len) != (ssize_t)in_hand->len)
        die(path);
    close(fd);
    fprintf(stderr, "%s: run %zu failed; its %zu bytes are in %s\n", program, in_hand->run,
            in_hand->len, path);
}

static size_t number(const char *text)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);

    if (*text == '\0' || *end != '\0') {
        fprintf(stderr, "not a number: '%s'\n", text);
        exit(2);
    }
    return (size_t)value;
}

int main(int argc, char **argv)
{
    struct corpus corpus = {calloc(FILES_MAX, sizeof *corpus.inputs), 0};
    size_t runs = 20000;
    uint64_t seed = 1;
    int status;

    struct in_hand *in_hand =
        mmap(NULL, sizeof *in_hand, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (corpus.inputs == NULL || in_hand == MAP_FAILED)
        die("memory");
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-runs=", 6) == 0)
            runs = number(argv[i] + 6);
        else if (strncmp(argv[i], "-seed=", 6) == 0)
            seed = number(argv[i] + 6);
        else
            add(&corpus, argv[i]);
    }
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0)
        run_all(&corpus, runs, seed, in_hand);
    else if (waitpid(child, &status, 0) != child)
        die("waitpid");
    else if (status != 0)
        keep_crash(argv[0], in_hand);
    else
        printf("%zu runs, %zu files\n", in_hand->run + 1, corpus.count);
    for (size_t i = 0; i < corpus.count; i++)
        free(corpus.inputs[i].data);
    free(corpus.inputs);
    return child == 0 || status == 0 ? 0 : 1;
}
