/* taxon check: whether a configuration works, and whether its rules' own tests pass. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/engine.h"

static const char help[] =
    "Usage: taxon check [-c FILE]\n"
    "\n"
    "Reads the configuration, starts a worker with its plugins, checks inboxes, archives and\n"
    "rules, and runs the tests that the rules carry. A mistake is shown as FILE:LINE:COLUMN.\n"
    "\n"
    "  -c, --config FILE  the configuration (default: " TAXOND_SYSCONF "/taxond.yaml)\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 all is well; 1 a rule's test failed; 2 wrong arguments or a configuration\n"
    "that does not work.\n";

static int open_test(const struct rule_test *test, struct err *err)
{
    int result;
    int fd;

    if (test->file != NULL) {
        fd = open(test->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        return fd < 0 ? err_set(err, -errno, "%s: %s", test->file, strerror(errno)) : fd;
    }
    fd = memfd_create("taxon-test", MFD_CLOEXEC);
    if (fd < 0)
        return err_set(err, -errno, "memfd_create: %s", strerror(errno));
    result = file_write_all(fd, test->text, strlen(test->text));
    if (result < 0) {
        file_close(&fd);
        return err_set(err, result, "a test's text: %s", strerror(-result));
    }
    return fd;
}

static void explain(const struct plan *plan, const char *expected)
{
    for (size_t i = 0; i < plan->trace_count; i++)
        if (strcmp(plan->trace[i].rule, expected) == 0 && !plan->trace[i].matched)
            fprintf(stderr, "    %s did not match: %s, saw %s\n", expected, plan->trace[i].clause,
                    plan->trace[i].saw);
}

/* 1 passed, 0 failed, negative: nothing works any more. */
static int run_test(struct engine *engine, const struct rule_test *test, struct err *err)
{
    struct subject subject;
    struct plan plan;
    int result;
    int fd = open_test(test, err);

    if (fd < 0) {
        fprintf(stderr, "%s:%u:%u: test of rule '%s': %s\n", test->node->file, test->node->line,
                test->node->column, test->rule, err->text);
        return 0;
    }
    result = engine_classify(engine, fd, test->name, "test", &subject, &plan, err);
    file_close(&fd);
    if (result < 0)
        return result;
    if (strcmp(plan.rule, test->expect) == 0)
        return 1;
    fprintf(stderr, "%s:%u:%u: test of rule '%s': expected '%s', but '%s' matched\n",
            test->node->file, test->node->line, test->node->column, test->rule, test->expect,
            plan.rule[0] != '\0'      ? plan.rule
            : subject.failure != NULL ? subject.failure
                                      : "no rule");
    explain(&plan, test->expect);
    return 0;
}

static int run_tests(struct engine *engine, size_t *out_failed, struct err *err)
{
    *out_failed = 0;
    for (size_t i = 0; i < rules_test_count(engine->rules); i++) {
        int result = run_test(engine, rules_test(engine->rules, i), err);

        if (result < 0)
            return result;
        *out_failed += result == 0;
    }
    return 0;
}

static size_t count_labels(const struct manifest *manifest)
{
    size_t count = 0;

    for (size_t i = 0; i < manifest->plugin_count; i++)
        count += manifest->plugins[i].label_count;
    return count;
}

static int run(int argc, char **argv)
{
    struct cli_options options;
    struct engine engine;
    struct err err = {""};
    size_t failed = 0, tests;
    int status = cli_parse(&command_check, argc, argv, false, &options);

    if (status < 0)
        status = cli_no_more(&command_check, argc, argv);
    if (status >= 0)
        return status;
    if (engine_open(&engine, options.config_file, &err) < 0)
        return cli_fail(&command_check, CLI_USAGE, &err);
    status = CLI_OK;
    if (settings_check_places(engine.generation->settings, &err) < 0)
        status = cli_fail(&command_check, CLI_USAGE, &err);
    else if (run_tests(&engine, &failed, &err) < 0)
        status = cli_fail(&command_check, CLI_FAILED, &err);
    else if (failed > 0)
        status = CLI_FAILED;
    tests = rules_test_count(engine.rules);
    if (status != CLI_USAGE)
        printf("%s: %zu plugins, %zu labels, %zu rules, %zu of %zu rule tests passed\n",
               status == CLI_OK ? "ok" : "failed", engine.generation->manifest->plugin_count,
               count_labels(engine.generation->manifest), rules_count(engine.rules), tests - failed,
               tests);
    engine_close(&engine);
    return status;
}

const struct command command_check = {"check", "whether a configuration and its rules work", help,
                                      run};
