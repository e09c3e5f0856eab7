/* torture/site: a short backtrace as a number that address randomisation does not change.
 *
 * Called by gate.c and starve.c under their lock. Frames of the interposer itself are left out;
 * of the rest, the two nearest (SQLite's and libuv's say which of their calls it is) and the four
 * nearest of the program count. More would make a site of each caller of each caller.
 */
#include "site.h"

#include <execinfo.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FRAMES_MAX  32
#define TABLE_SLOTS 16384u

#define MODULES_MAX 64
#define FIRST_HASH  UINT64_C(14695981039346656037)

struct module {
    uintptr_t begin;
    uintptr_t end;
    uint64_t name_hash;
    char name[16]; /* its beginning */
    bool is_program;
    bool is_own;
};

struct passed {
    uint64_t hash;
    uint32_t times;
};

static struct passed table[TABLE_SLOTS];
static struct module modules[MODULES_MAX];
static size_t module_count;

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

/* The first that is told is the program, and has no name. */
static int add_module(struct dl_phdr_info *info, size_t size, void *count)
{
    size_t *number = count;
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *name = *number == 0 ? "" : slash != NULL ? slash + 1 : info->dlpi_name;
    struct module module = {.begin = info->dlpi_addr};

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD)
            module.end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
    module.is_program = *number == 0;
    module.is_own = (uintptr_t)add_module >= module.begin && (uintptr_t)add_module < module.end;
    module.name_hash = mix(FIRST_HASH, name, strlen(name));
    snprintf(module.name, sizeof(module.name), "%s", name);
    if (*number < MODULES_MAX)
        modules[(*number)++] = module;
    return 0;
}

void site_prepare(void)
{
    void *frames[2];

    (void)backtrace(frames, 2); /* loads what it needs */
    module_count = 0;
    dl_iterate_phdr(add_module, &module_count);
}

static const struct module *module_of(uintptr_t address)
{
    for (size_t i = 0; i < module_count; i++)
        if (address >= modules[i].begin && address < modules[i].end)
            return &modules[i];
    return NULL;
}

void site_find(const char *name, struct site *out_site)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    uint64_t hash = mix(FIRST_HASH, name, strlen(name));
    unsigned nearest = 0;
    unsigned program = 0;
    size_t len = 0;

    out_site->text[0] = '\0';
    for (int i = 0; i < count && program < SITE_FRAMES; i++) {
        const struct module *module = module_of((uintptr_t)frames[i]);

        if (module == NULL || module->is_own || (!module->is_program && nearest >= SITE_NEAREST))
            continue;
        uintptr_t offset = (uintptr_t)frames[i] - module->begin;
        nearest++;
        hash =
            mix(mix(hash, &module->name_hash, sizeof(module->name_hash)), &offset, sizeof(offset));
        if (!module->is_program)
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

bool site_is_in_library(const char *begin)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);

    for (int i = 0; i < count; i++) {
        const struct module *module = module_of((uintptr_t)frames[i]);

        if (module != NULL && !module->is_own && strncmp(module->name, "libc.so", 7) != 0)
            return strncmp(module->name, begin, strlen(begin)) == 0;
    }
    return false;
}
