/* config/settings_owner: who is to own what is filed, and whether we may give it to them.
 *
 * Called by settings_places.c when a configuration is taken, and by the line, which needs the
 * numbers. Never by a worker: it asks the system's user database.
 */
#include "config/settings.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "config/yaml.h"

#define GROUPS_MAX 65536 /* NGROUPS_MAX of the kernel */

static const struct taxon_node *node_of(const struct settings *settings, const char *key)
{
    const struct taxon_node *node = yaml_get(yaml_get(settings->root, "placement"), key);

    return node != NULL ? node : settings->root;
}

/* A whole number that is no -1, which chown(2) takes for "leave it". */
static bool parse_number(const char *text, unsigned *out_number)
{
    size_t len = strspn(text, "0123456789");

    if (len == 0 || len > 10 || text[len] != '\0')
        return false;
    unsigned long long number = strtoull(text, NULL, 10);
    *out_number = (unsigned)number;
    return number < UINT32_MAX;
}

static bool find_user(const char *name, uid_t *out_uid)
{
    const struct passwd *user;

    if (parse_number(name, out_uid))
        return true;
    user = getpwnam(name);
    if (user != NULL)
        *out_uid = user->pw_uid;
    return user != NULL;
}

static bool find_group(const char *name, gid_t *out_gid)
{
    const struct group *group;

    if (parse_number(name, out_gid))
        return true;
    group = getgrnam(name);
    if (group != NULL)
        *out_gid = group->gr_gid;
    return group != NULL;
}

/* capget(2) has no wrapper in libc. */
static bool has_cap_chown(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}};

    return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & (1u << CAP_CHOWN)) != 0;
}

static bool is_member(gid_t gid)
{
    gid_t *groups;
    bool found = gid == getegid();
    int count = getgroups(0, NULL);

    if (found || count <= 0 || count > GROUPS_MAX)
        return found;
    groups = malloc((size_t)count * sizeof groups[0]);
    count = groups == NULL ? 0 : getgroups(count, groups);
    for (int i = 0; i < count; i++)
        found |= groups[i] == gid;
    free(groups);
    return found;
}

int settings_find_owner(const struct settings *settings, uid_t *out_uid, gid_t *out_gid,
                        struct err *err)
{
    const struct settings_placement *placement = &settings->placement;
    uid_t uid = FILE_SAME_OWNER;
    gid_t gid = FILE_SAME_GROUP;

    if (placement->owner != NULL && !find_user(placement->owner, &uid))
        return yaml_error(err, node_of(settings, "owner"), "there is no user '%s'",
                          placement->owner);
    if (placement->group != NULL && !find_group(placement->group, &gid))
        return yaml_error(err, node_of(settings, "group"), "there is no group '%s'",
                          placement->group);
    if (placement->owner != NULL && uid != geteuid() && !has_cap_chown())
        return yaml_error(err, node_of(settings, "owner"),
                          "no right to give files to user '%s': that takes root, or CAP_CHOWN",
                          placement->owner);
    if (placement->group != NULL && !is_member(gid) && !has_cap_chown())
        return yaml_error(err, node_of(settings, "group"),
                          "no right to give files to group '%s': make taxond's user a member of "
                          "it, or give it CAP_CHOWN",
                          placement->group);
    *out_uid = uid;
    *out_gid = gid;
    return 0;
}
