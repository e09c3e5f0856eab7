/* cli/doctor_config: the configuration, the user, and the plugins' files.
 *
 * Who can write the configuration or a plugin can have taxond run what he likes, so owners and
 * modes are looked at here. That plugins work is for the worker's check to show.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/doctor.h"
#include "pool/trust.h"

/* An editor at the line that the message names ("FILE:LINE:COLUMN: …"), where it names one. */
static void mend_configuration(struct doctor *doctor, const char *message)
{
    const char *file = doctor->config_file;
    size_t len = strlen(file);

    if (strncmp(message, file, len) == 0 && message[len] == ':' && message[len + 1] >= '1' &&
        message[len + 1] <= '9')
        doctor_mend(doctor, "\"${EDITOR:-vi}\" +%lu %s", strtoul(message + len + 1, NULL, 10),
                    doctor_quote(doctor, file));
    else
        doctor_mend(doctor,
                    "taxon doctor --config FILE, with the file that taxond is started with");
}

static void check_writers(struct doctor *doctor)
{
    static const char needs[] = "only root and taxond's user may write it";
    const char *file = doctor->config_file;
    const char *quoted = doctor_quote(doctor, file);
    struct stat status;

    if (stat(file, &status) < 0)
        return;
    unsigned mode = (unsigned)(status.st_mode & 07777);
    if ((status.st_mode & S_IWOTH) != 0) {
        doctor_say(doctor, DOCTOR_BAD, "configuration.mode", needs, "everybody may (mode %04o)",
                   mode);
        doctor_mend(doctor, "chmod o-w,g-w %s", quoted);
    } else if ((status.st_mode & S_IWGRP) != 0) {
        doctor_say(doctor, DOCTOR_WARN, "configuration.mode", needs, "its group may (mode %04o)",
                   mode);
        doctor_mend(doctor, "chmod g-w %s", quoted);
    } else if (status.st_uid != 0 && status.st_uid != geteuid()) {
        doctor_say(doctor, DOCTOR_WARN, "configuration.mode", needs, "it belongs to user %s",
                   doctor_user(doctor, status.st_uid));
        doctor_mend(doctor, "chown root %s", quoted);
    } else {
        doctor_say(doctor, DOCTOR_OK, "configuration.mode", needs, "user %s, mode %04o",
                   doctor_user(doctor, status.st_uid), mode);
    }
}

void doctor_check_configuration(struct doctor *doctor)
{
    static const char needs[] = "a file in which every option is known and in its range";
    struct err err = {""};

    if (settings_load(doctor->config_file, &doctor->settings, NULL, &err) < 0) {
        doctor->settings = NULL;
        doctor_say(doctor, DOCTOR_BAD, "configuration", needs, "%s", err.text);
        mend_configuration(doctor, err.text);
        return;
    }
    doctor_say(doctor, DOCTOR_OK, "configuration", needs,
               "%s: %zu inboxes, %zu archives, %zu plugins", doctor->config_file,
               doctor->settings->inbox_count, doctor->settings->archive_count,
               doctor->settings->plugin_count);
    check_writers(doctor);
}

/* All that follows is judged for the user who asks. */
void doctor_check_user(struct doctor *doctor)
{
    static const char needs[] = "to be asked by the user that taxond runs as";
    const char *state = doctor->settings->state;
    struct stat status;

    if (stat(state, &status) == 0 && status.st_uid != geteuid()) {
        const char *owner = doctor_user(doctor, status.st_uid);
        doctor_say(doctor, DOCTOR_WARN, "user", needs, "user %s; the state folder is %s's",
                   doctor_user(doctor, geteuid()), owner);
        doctor_mend(doctor, "sudo -u %s taxon doctor --config %s", owner,
                    doctor_quote(doctor, doctor->config_file));
        return;
    }
    doctor_say(doctor, DOCTOR_OK, "user", needs, "user %s", doctor_user(doctor, geteuid()));
}

/* The file or folder, from `path` upwards, that others may write or own; as pool/trust judges.
 * False: none. */
static bool find_untrusted(const char *path, char out_path[PATH_MAX], struct stat *out_status)
{
    if (realpath(path, out_path) == NULL)
        return false;
    for (;;) {
        char *slash = strrchr(out_path, '/');
        if (stat(out_path, out_status) < 0)
            return false;
        bool sticky = S_ISDIR(out_status->st_mode) && (out_status->st_mode & S_ISVTX) != 0;
        if ((out_status->st_uid != 0 && out_status->st_uid != geteuid()) ||
            ((out_status->st_mode & S_IWOTH) != 0 && !sticky))
            return true;
        if (strcmp(out_path, "/") == 0)
            return false;
        slash[slash == out_path ? 1 : 0] = '\0';
    }
}

static void mend_plugin(struct doctor *doctor, const char *path)
{
    char wrong[PATH_MAX];
    struct stat status;

    if (!find_untrusted(path, wrong, &status))
        doctor_mend(doctor, "build it for this machine: meson install -C build");
    else if (status.st_uid != 0 && status.st_uid != geteuid())
        doctor_mend(doctor, "chown root %s", doctor_quote(doctor, wrong));
    else
        doctor_mend(doctor, "chmod o-w %s", doctor_quote(doctor, wrong));
}

/* As the pool looks for it; NULL: it is nowhere. */
static const char *find_object(struct doctor *doctor, const struct settings_plugin *plugin)
{
    const struct settings *settings = doctor->settings;

    if (plugin->file[0] == '/')
        return access(plugin->file, F_OK) == 0 ? plugin->file : NULL;
    for (size_t i = 0; i < settings->plugin_folder_count; i++) {
        const char *path = doctor_text(doctor, "%s/%s", settings->plugin_folders[i], plugin->file);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

static void check_plugin(struct doctor *doctor, const struct settings_plugin *plugin)
{
    static const char needs[] = "a shared object of this machine, written by root or taxond's user";
    const char *check = doctor_text(doctor, "plugins.%s", plugin->name);
    const char *path = find_object(doctor, plugin);
    struct err err = {""};

    if (path == NULL) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "there is no %s in plugin_folders",
                   plugin->file);
        doctor_mend(doctor, "in %s, plugin_folders: [the folder of %s]", doctor->config_file,
                    plugin->file);
        return;
    }
    int fd = trust_open(path, &err);
    int code = fd < 0 ? fd : trust_check_object(fd, path, &err);
    file_close(&fd);
    if (code < 0) {
        doctor_say(doctor, DOCTOR_BAD, check, needs, "%s", err.text);
        mend_plugin(doctor, path);
        return;
    }
    doctor_say(doctor, DOCTOR_OK, check, needs, "%s", path);
}

void doctor_check_plugins(struct doctor *doctor)
{
    const struct settings *settings = doctor->settings;

    for (size_t i = 0; i < settings->plugin_count; i++)
        if (settings->plugins[i].enabled)
            check_plugin(doctor, &settings->plugins[i]);
}
