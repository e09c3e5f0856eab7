/* cli/doctor_daemon: whether a worker gets as far as READY, and whether a taxond runs. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/doctor.h"
#include "cli/engine.h"
#include "control/control.h"

#define ANSWER_TIMEOUT_MS 5000

void doctor_check_worker(struct doctor *doctor)
{
    const char *needs =
        doctor_text(doctor, "plugins, rules and lock-down that work, READY within %u ms",
                    doctor->settings->workers.start_ms);
    uint64_t begun_us = clock_monotonic_us();
    struct engine engine;
    struct err err = {""};

    if (engine_open(&engine, doctor->config_file, &err) < 0) {
        doctor_say(doctor, DOCTOR_BAD, "worker", needs, "%s", err.text);
        doctor_mend(doctor, "taxon check --config %s    # after what is bad above",
                    doctor_quote(doctor, doctor->config_file));
        return;
    }
    const char *sandbox = engine.generation->manifest->sandbox;
    /* lockdown_describe says NO, or NOT, of what is missing. */
    bool whole = strstr(sandbox, "NO") == NULL;
    doctor_say(doctor, whole ? DOCTOR_OK : DOCTOR_WARN, "worker", needs,
               "READY in %llu ms; sandbox: %s",
               (unsigned long long)((clock_monotonic_us() - begun_us) / 1000), sandbox);
    if (!whole)
        doctor_mend(doctor, "in %s, workers: {sandbox: require}    # says what is missing",
                    doctor->config_file);
    engine_close(&engine);
}

/* The socket is its owner's; an owner who gets no answer has a daemon that hangs. */
static void mend_daemon(struct doctor *doctor, int code)
{
    struct stat status;

    if ((code == -EACCES || code == -EPROTO) && stat(doctor->settings->state, &status) == 0 &&
        status.st_uid != geteuid())
        doctor_mend(doctor, "sudo -u %s taxon doctor --config %s",
                    doctor_user(doctor, status.st_uid), doctor_quote(doctor, doctor->config_file));
    else
        doctor_mend(doctor, "systemctl restart taxond");
}

void doctor_check_daemon(struct doctor *doctor)
{
    static const char needs[] = "a taxond that answers on the control socket";
    const char *quoted = doctor_quote(doctor, doctor->config_file);
    struct strbuf answer = STRBUF_INIT;
    struct err err = {""};
    int code = control_ask(doctor->settings->state, "status", ANSWER_TIMEOUT_MS, &answer, &err);

    if (code == 0) {
        const char *text = strbuf_text(&answer);
        doctor_say(doctor, DOCTOR_OK, "daemon", needs, "%.*s", (int)strcspn(text, "\n"), text);
    } else if (code == -ENOENT || code == -ECONNREFUSED) {
        doctor_say(doctor, DOCTOR_WARN, "daemon", needs, "%s", err.text);
        doctor_mend(doctor, "systemctl start taxond    # or: taxond --config %s", quoted);
    } else {
        doctor_say(doctor, DOCTOR_BAD, "daemon", needs, "%s", err.text);
        mend_daemon(doctor, code);
    }
    strbuf_release(&answer);
}
