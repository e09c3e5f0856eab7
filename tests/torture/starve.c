/* torture/starve: lets one allocation of taxond fail.
 *
 * Loaded into taxond by LD_PRELOAD. In front of malloc, calloc, realloc and reallocarray; what
 * the libraries ask for counts as well.
 *
 *   STARVE_LOG   a file; a line for each allocation: SITE TIMES m NAME SIZE OFFSETS
 *   STARVE_PLAN  SITE:TIMES: that one fails
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "site.h"

#define STRUCK "torture: struck\n" /* for trial.py: the point was reached */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread bool inside;
static bool ready;
static int log_fd = -1;
static unsigned long long plan_site;
static unsigned plan_times;

/* OpenSSL crashes when it has no memory to set itself up; that cannot be mended here, and counts as
 * an abort. Any other crash is one. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    signal(number, SIG_DFL);
    inside = true;
    if (site_is_in_library("libcrypto"))
        abort();
    raise(number);
}

static void watch_crashes(void)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_NODEFER};

    sigaction(SIGSEGV, &action, NULL);
}

__attribute__((constructor)) static void prepare(void)
{
    const char *log_path = getenv("STARVE_LOG");
    const char *plan = getenv("STARVE_PLAN");

    inside = true;
    site_prepare();
    if (plan != NULL && sscanf(plan, "%llx:%u", &plan_site, &plan_times) != 2)
        plan_times = 0;
    if (log_path != NULL)
        log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    inside = false;
    watch_crashes();
    ready = log_fd >= 0 || plan_times > 0;
}

/* Whether this one is to fail. */
static bool is_starved(const char *name, size_t size)
{
    struct site site;
    char line[256];
    bool starved;

    if (!ready || inside)
        return false;
    pthread_mutex_lock(&lock);
    inside = true;
    int saved_errno = errno;
    site_find(name, &site);
    starved = site.hash == plan_site && site.times == plan_times;
    if (log_fd >= 0) {
        int len = snprintf(line, sizeof(line), "%016llx\t%u\tm\t%s\t%zu\t%s\n",
                           (unsigned long long)site.hash, site.times, name, size, site.text);
        (void)!write(log_fd, line, (size_t)len);
    }
    if (starved && log_fd < 0)
        ready = false; /* the rest may pass quickly */
    if (starved)
        (void)!write(STDERR_FILENO, STRUCK, sizeof(STRUCK) - 1);
    errno = starved ? ENOMEM : saved_errno;
    inside = false;
    pthread_mutex_unlock(&lock);
    return starved;
}

void *malloc(size_t size)
{
    return is_starved("malloc", size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_starved("calloc", size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return is_starved("realloc", size) ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return is_starved("realloc", bytes) ? NULL : __libc_realloc(old, bytes);
}
