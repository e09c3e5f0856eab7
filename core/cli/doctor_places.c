/* cli/doctor_places: the folders that a configuration names, for the checks that go through them.
 *
 * It makes nothing: settings_check_places (`taxon check`) and taxond do.
 */
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"

size_t doctor_places(struct doctor *doctor, const struct doctor_place **out_places)
{
    const struct settings *settings = doctor->settings;
    size_t most = settings->inbox_count + settings->archive_count + 3;
    struct doctor_place *places = arena_alloc(&doctor->arena, most * sizeof *places);
    size_t count = 0;

    *out_places = places;
    if (places == NULL) {
        doctor->failed = true;
        return 0;
    }
    places[count++] = (struct doctor_place){DOCTOR_STATE, "state", settings->state, NULL};
    places[count++] =
        (struct doctor_place){DOCTOR_QUARANTINE, "quarantine", settings->quarantine, NULL};
    if (settings->streams != NULL) /* like the quarantine, it is only written to */
        places[count++] =
            (struct doctor_place){DOCTOR_QUARANTINE, "streams", settings->streams, NULL};
    for (size_t i = 0; i < settings->inbox_count; i++) {
        const struct settings_inbox *inbox = &settings->inboxes[i];
        places[count++] =
            (struct doctor_place){DOCTOR_INBOX, doctor_text(doctor, "inboxes.%s", inbox->name),
                                  inbox->path, inbox};
    }
    for (size_t i = 0; i < settings->archive_count; i++)
        places[count++] =
            (struct doctor_place){DOCTOR_ARCHIVE,
                                  doctor_text(doctor, "archives.%s", settings->archives[i].name),
                                  settings->archives[i].path, NULL};
    return count;
}

const char *doctor_nearest(struct doctor *doctor, const char *path)
{
    char *folder = arena_strdup(&doctor->arena, path);

    if (folder == NULL) {
        doctor->failed = true;
        return "/";
    }
    while (access(folder, F_OK) < 0) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder)
            return "/";
        *slash = '\0';
    }
    return folder;
}
