/* base/log: one line to standard error.
 *
 * Called by the mains, the line and the judge; any thread may. Each line leaves in one write(2) of
 * at most 4096 bytes, which is PIPE_BUF on Linux, so that lines of several threads and processes on
 * one pipe never mix (pipe(7)). It does not wait and does not repeat: when standard error cannot
 * take the line, the line is lost and the daemon goes on. errno is kept.
 */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/printable.h"

#define LOG_LINE_MAX PIPE_BUF

enum { SINK_UNKNOWN, SINK_JOURNAL, SINK_OTHER };

static atomic_int least_level = LOG_LEVEL_INFO;
static atomic_int sink = SINK_UNKNOWN;

static const char *const level_names[] = {
    [LOG_LEVEL_DEBUG] = "debug",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_ERROR] = "error",
};

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

/* JOURNAL_STREAM is "device:inode" of the journal's socket. It is inherited by everything started
 * below a service, a desktop's terminal included, so it has to be compared: systemd.exec(5). */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long long device = 0;
    unsigned long long inode = 0;
    struct stat status;

    if (stream == NULL || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
        return false;
    return fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

static bool shows_time(void)
{
    int known = atomic_load(&sink);

    if (known == SINK_UNKNOWN) {
        known = stderr_is_journal() ? SINK_JOURNAL : SINK_OTHER;
        atomic_store(&sink, known);
    }
    return known == SINK_OTHER;
}

static size_t put_head(char *line, enum log_level level)
{
    char time[CLOCK_RFC3339_SIZE] = "";

    if (shows_time())
        clock_rfc3339(clock_wall_ms(), time);
    return (size_t)snprintf(line, LOG_LINE_MAX, "%s%s%s ", time, time[0] != '\0' ? " " : "",
                            level_names[level]);
}

static void write_once(const char *line, size_t len)
{
    while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
        continue;
}

void log_line(enum log_level level, const char *format, ...)
{
    char line[LOG_LINE_MAX];
    int saved_errno = errno;
    va_list args;

    if ((int)level < atomic_load(&least_level))
        return;
    size_t len = put_head(line, level);
    errno = saved_errno; /* for %m */
    va_start(args, format);
    len += printable_format(line + len, sizeof line - len, format, args);
    va_end(args);
    line[len++] = '\n'; /* in place of the NUL */
    write_once(line, len);
    errno = saved_errno;
}
