/* torture/site: a short backtrace as a number that address randomisation does not change.
 *
 * Called by gate.c and starve.c under their lock. Frames of the interposer itself are left out;
 * of the rest, the two nearest (SQLite's and libuv's say which of their calls it is) and the four
 * nearest of the program count. More would make a site of each caller of each caller.
 */
#include "site.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FRAMES_MAX  32
#define TABLE_SLOTS 16384u

struct passed {
    uint64_t hash;
    uint32_t times;
};

static struct passed table[TABLE_SLOTS];
static void *own_base;
static void *program_base;

static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint32_t pass(uint64_t hash)
{
    for (uint32_t i = 0; i < TABLE_SLOTS; i++) {
        struct passed *slot = &table[(hash + i) % TABLE_SLOTS];

        if (slot->times == 0 || slot->hash == hash) {
            slot->hash = hash;
            return ++slot->times;
        }
    }
    return 0; /* more sites than anybody has: it matches no plan */
}

void site_prepare(void)
{
    void *frames[2];
    Dl_info info;

    (void)backtrace(frames, 2);
    if (dladdr((void *)(uintptr_t)site_prepare, &info) != 0)
        own_base = info.dli_fbase;
}

static const char *base_name(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    return slash != NULL ? slash + 1 : path != NULL ? path : "";
}

void site_find(const char *name, struct site *out_site)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    uint64_t hash = mix(UINT64_C(14695981039346656037), name, strlen(name));
    unsigned nearest = 0;
    unsigned program = 0;
    size_t len = 0;

    out_site->text[0] = '\0';
    for (int i = 0; i < count && program < SITE_FRAMES; i++) {
        Dl_info info;

        if (dladdr(frames[i], &info) == 0 || info.dli_fbase == own_base)
            continue;
        const char *module = base_name(info.dli_fname);
        bool in_program = info.dli_fbase == program_base ||
                          (program_base == NULL && strcmp(module, "taxond") == 0);
        uintptr_t offset = (uintptr_t)frames[i] - (uintptr_t)info.dli_fbase;

        if (in_program)
            program_base = info.dli_fbase;
        else if (nearest >= SITE_NEAREST)
            continue;
        nearest++;
        hash = mix(mix(hash, module, strlen(module)), &offset, sizeof(offset));
        if (!in_program)
            continue;
        program++;
        int wrote = snprintf(out_site->text + len, sizeof(out_site->text) - len, "%s0x%zx",
                             len > 0 ? "," : "", (size_t)offset);
        if (wrote > 0 && len + (size_t)wrote < sizeof(out_site->text))
            len += (size_t)wrote;
    }
    out_site->hash = hash;
    out_site->times = pass(hash);
}
