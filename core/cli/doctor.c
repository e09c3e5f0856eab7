/* taxon doctor: whether this machine, its folders and its limits are fit for a configuration.
 *
 * Where `taxon check` asks whether a configuration is right, this asks about everything around it,
 * and names the command that mends what is wrong. The checks are the table below; each is a
 * function of one of the files doctor_*.c.
 */
#include "cli/doctor.h"

#include "cli/cli.h"
#include "cli/style.h"

static const char help[] =
    "Usage: taxon doctor [-c FILE] [--json]\n"
    "\n"
    "Looks at what taxond needs of this machine: the configuration and who may write it, plugins,\n"
    "folders with their owners and modes, file systems and free space, the kernel and what it has\n"
    "for the lock-down, limits, and whether a worker and the daemon answer. Each finding says "
    "what\n"
    "is needed and what is there; what is wrong comes with the command that mends it. Run it as\n"
    "the user that taxond runs as. It changes nothing: folders that are missing are not made, and\n"
    "files that it tries something with are removed.\n"
    "\n"
    "  ok    as it should be\n"
    "  warn  taxond works, but slower, or with a gap that is named\n"
    "  bad   taxond does not start, or would do harm\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "      --json         one JSON object\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 nothing is bad; 1 something is; 2 wrong arguments.\n";

/* In the order of the report. The first one loads what the others look at. */
static void (*const checks[])(struct doctor *) = {
    doctor_check_configuration, doctor_check_user,   doctor_check_plugins, doctor_check_folders,
    doctor_check_disks,         doctor_check_probes, doctor_check_kernel,  doctor_check_sandbox,
    doctor_check_limits,        doctor_check_memory, doctor_check_inotify, doctor_check_worker,
    doctor_check_daemon,
};

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct doctor doctor;
    int status = cli_parse(&command_doctor, argc, argv, true, &options);

    if (status < 0)
        status = cli_no_more(&command_doctor, argc, argv);
    if (status >= 0)
        return status;
    doctor_init(&doctor, options.config_file);
    checks[0](&doctor);
    for (size_t i = 1; doctor.settings != NULL && i < sizeof checks / sizeof checks[0]; i++)
        checks[i](&doctor);
    if (options.json)
        doctor_print_json(&doctor, stdout);
    else
        doctor_print(&doctor, stdout, style_wanted(stdout));
    status = doctor_count(&doctor, DOCTOR_BAD) > 0 ? CLI_FAILED : CLI_OK;
    if (doctor.failed) {
        fputs("taxon doctor: out of memory; something is left out\n", stderr);
        status = CLI_FAILED;
    }
    doctor_release(&doctor);
    return status;
}

const struct command command_doctor = {
    "doctor", "whether this machine is fit for it, and what mends it where not", help, run};
