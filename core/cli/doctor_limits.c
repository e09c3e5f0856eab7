/* cli/doctor_limits: descriptors and memory, against what the configuration asks for.
 *
 * The limits are those of the shell that asks: a service has its own, hence two mends.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/doctor.h"

#define DESCRIPTORS_A_DOCUMENT 2 /* the document, and the folder that it goes to */
#define DESCRIPTORS_A_WORKER   4 /* socket, pidfd, stage page, and a moment's more */
#define DESCRIPTORS_AN_INBOX   6
#define MEMORY_LEAST           (UINT64_C(64) << 20) /* that limits.memory may be */
#define DESCRIPTORS_BESIDE     64                   /* catalog, plugins, control socket, loop */

/* As the pool counts them for `workers.count: 0`. */
static uint64_t count_workers(const struct settings *settings)
{
    cpu_set_t set;

    if (settings->workers.count > 0)
        return settings->workers.count;
    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return (uint64_t)CPU_COUNT(&set);
    return 1;
}

uint64_t doctor_descriptors_needed(const struct settings *settings, uint64_t workers)
{
    return (uint64_t)settings->limits.queue * DESCRIPTORS_A_DOCUMENT +
           workers * DESCRIPTORS_A_WORKER + settings->inbox_count * DESCRIPTORS_AN_INBOX +
           DESCRIPTORS_BESIDE;
}

/* taxond raises its soft limit to the hard one. */
void doctor_check_limits(struct doctor *doctor)
{
    uint64_t needed = doctor_descriptors_needed(doctor->settings, count_workers(doctor->settings));
    const char *needs = doctor_text(doctor, "%llu descriptors for limits.queue %u",
                                    (unsigned long long)needed, doctor->settings->limits.queue);
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    if (limit.rlim_max == RLIM_INFINITY) {
        doctor_say(doctor, DOCTOR_OK, "limits.descriptors", needs, "no limit");
        return;
    }
    bool enough = limit.rlim_max >= needed;
    doctor_say(doctor, enough ? DOCTOR_OK : DOCTOR_BAD, "limits.descriptors", needs,
               "at most %llu (RLIMIT_NOFILE)", (unsigned long long)limit.rlim_max);
    if (!enough)
        doctor_mend(doctor,
                    "ulimit -n %llu    # as root; of a service: systemctl edit taxond, "
                    "LimitNOFILE=%llu",
                    (unsigned long long)needed, (unsigned long long)needed);
}

/* What this machine, or the control group that we are in, has. */
static uint64_t memory_bytes(void)
{
    struct strbuf text = STRBUF_INIT;
    struct sysinfo info;
    uint64_t bytes = 0;

    if (sysinfo(&info) == 0)
        bytes = (uint64_t)info.totalram * info.mem_unit;
    if (file_slurp_path("/sys/fs/cgroup/memory.max", 64, &text) == 0) {
        uint64_t limit = strtoull(strbuf_text(&text), NULL, 10); /* "max": 0 */
        if (limit > 0 && (bytes == 0 || limit < bytes))
            bytes = limit;
    }
    strbuf_release(&text);
    return bytes;
}

static const char *size_text(struct doctor *doctor, uint64_t bytes)
{
    return doctor_text(doctor, "%lluM", (unsigned long long)(bytes >> 20));
}

/* limits.memory bounds the address space, of which a document rarely takes all: too much of it is
 * no fault yet, but many large documents at once could bring the machine to its end. */
void doctor_check_memory(struct doctor *doctor)
{
    const struct settings *settings = doctor->settings;
    uint64_t workers = count_workers(settings);
    uint64_t worker = settings->limits.memory_bytes;
    uint64_t have = memory_bytes();
    const char *needs = doctor_text(doctor, "room for %llu workers of limits.memory %s each",
                                    (unsigned long long)workers, size_text(doctor, worker));

    if (have == 0)
        return;
    if (worker <= have / workers) {
        doctor_say(doctor, DOCTOR_OK, "limits.memory", needs, "%s", size_text(doctor, have));
        return;
    }
    doctor_say(doctor, DOCTOR_WARN, "limits.memory", needs, "%s", size_text(doctor, have));
    if (have / workers > settings->limits.arena_bytes && have / workers >= MEMORY_LEAST)
        doctor_mend(doctor, "in %s, limits: {memory: %s}", doctor->config_file,
                    size_text(doctor, have / workers));
    else
        doctor_mend(doctor, "in %s, workers: {count: %llu}", doctor->config_file,
                    (unsigned long long)(have / worker > 0 ? have / worker : 1));
}
