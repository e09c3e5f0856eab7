/* route/rules: the user's rules: the first that matches says where a document is filed.
 *
 * Called by the line for each document that was judged, and by the command line. Rules are read
 * once a generation and only looked at from then on. A rule decides from what is in the subject
 * alone: it sees neither the archive nor other documents, so that the same record gives the same
 * plan.
 */
#include "route/rules.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/yaml.h"
#include "route/findings.h"
#include "route/name.h"
#include "route/rule.h"

#define QUARANTINE      "quarantine"
#define QUARANTINE_FILE "reason.json"

static int load_file(struct rules *rules, const char *path, struct err *err)
{
    struct strbuf text = STRBUF_INIT;
    int code = file_slurp_path(path, YAML_BYTES_MAX, &text);

    if (code < 0)
        err_set(err, code, "rule file %s: %s", path, strerror(-code));
    else
        code = rules_parse_file(rules, path, strbuf_text(&text), text.len, err);
    strbuf_release(&text);
    return code;
}

static int is_rule_file(const struct dirent *entry)
{
    return fnmatch("*.yaml", entry->d_name, FNM_PERIOD) == 0;
}

/* By bytes: alphasort would ask the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_entry(struct rules *rules, const char *folder, const char *name, struct err *err)
{
    struct strbuf path = STRBUF_INIT;
    int code;

    strbuf_printf(&path, "%s/%s", folder, name);
    code = path.failed ? -ENOMEM : load_file(rules, strbuf_text(&path), err);
    strbuf_release(&path);
    return code;
}

static int load_folder(struct rules *rules, const char *path, struct err *err)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_rule_file, compare_names);
    int code = 0;

    if (count < 0)
        return err_set(err, -errno, "rule folder %s: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        if (code == 0)
            code = load_entry(rules, path, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return code;
}

static int load_path(struct rules *rules, const char *path, struct err *err)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return err_set(err, -errno, "rules %s: %s", path, strerror(errno));
    return S_ISDIR(status.st_mode) ? load_folder(rules, path, err) : load_file(rules, path, err);
}

int rules_load(const struct settings *settings, const struct manifest *manifest,
               struct rules **out_rules, struct err *err)
{
    struct rules *rules = calloc(1, sizeof *rules);
    int code = 0;

    if (rules == NULL)
        return err_set(err, -ENOMEM, "out of memory");
    arena_init(&rules->arena, 0);
    rules->settings = settings;
    rules->manifest = manifest;
    for (size_t i = 0; i < settings->rule_count && code == 0; i++)
        code = load_path(rules, settings->rules[i], err);
    if (code == 0)
        code = rules_parse_done(rules, err);
    if (code < 0) {
        rules_free(rules);
        return code == -ENOMEM ? err_set(err, code, "out of memory") : code;
    }
    *out_rules = rules;
    return 0;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    arena_release(&rules->arena);
    free(rules->rules);
    free(rules->tests);
    free(rules);
}

size_t rules_count(const struct rules *rules)
{
    return rules->count;
}

size_t rules_test_count(const struct rules *rules)
{
    return rules->test_count;
}

const struct rule_test *rules_test(const struct rules *rules, size_t index)
{
    assert(index < rules->test_count);
    return &rules->tests[index];
}

/* ID/NAME and ID/reason.json: an id is nobody else's, so nothing is in the way there, unless the
 * document itself is called reason.json. */
static int plan_quarantine(const struct subject *subject, struct arena *arena,
                           struct plan *out_plan)
{
    struct strbuf path = STRBUF_INIT;
    struct plan plan = {.root = QUARANTINE, .rule = "", .policy = CONFLICT_KEEP_BOTH};
    size_t component;
    int code;

    strbuf_printf(&path, "%s/", subject->id.text);
    component = path.len;
    if (strcasecmp(subject->name, QUARANTINE_FILE) == 0)
        strbuf_putc(&path, '_');
    name_append_value(&path, component, subject->name, strlen(subject->name));
    code = name_finish(&path, component, NAME_BYTES_MAX);
    if (code == 0) {
        plan.target = arena_strndup(arena, path.data, path.len);
        path.len = component;
        strbuf_puts(&path, QUARANTINE_FILE);
        plan.sidecar = path.failed ? NULL : arena_strndup(arena, path.data, path.len);
        code = plan.target == NULL || plan.sidecar == NULL ? -ENOMEM : 0;
    }
    strbuf_release(&path);
    if (code == 0)
        *out_plan = plan;
    return code;
}

static int trace_path_too_long(const struct rules *rules, struct arena *arena,
                               struct rule_trace *trace)
{
    char text[64];

    snprintf(text, sizeof text, "a path of more than %u bytes", rules->settings->limits.path_bytes);
    trace->clause = "file";
    trace->saw = arena_strdup(arena, text);
    return trace->saw != NULL ? 0 : -ENOMEM;
}

static int expand(const struct rules *rules, const struct path_template *template,
                  const struct clause_match *match, const char **out_path)
{
    return template_expand(template, match->subject, rules->settings->limits.path_bytes,
                           match->arena, out_path);
}

/* What is done beside filing, and the url for its attribute. 0, -ENOMEM or -ENAMETOOLONG. */
static int plan_also(const struct rules *rules, const struct rule *rule,
                     const struct clause_match *match, struct plan *plan)
{
    const char *url = rules->settings->placement.origin_xattr ? findings_url(match->subject) : "";
    int code = 0;

    plan->also_count = 0;
    if (rule->also_count == 0 && url[0] == '\0')
        return 0;
    plan->also = arena_alloc(match->arena, (rule->also_count + 1) * sizeof plan->also[0]);
    if (plan->also == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < rule->also_count && code == 0; i++) {
        const struct rule_also *from = &rule->also[i];
        struct plan_also *also = &plan->also[plan->also_count++];
        *also = (struct plan_also){.kind = from->kind, .root = from->root, .amount = from->amount};
        code = expand(rules, from->template, match, &also->target);
    }
    if (code == 0 && url[0] != '\0')
        plan->also[plan->also_count++] =
            (struct plan_also){.kind = ALSO_ORIGIN,
                               .root = "",
                               .target = arena_strdup(match->arena, url)};
    if (code == 0 && url[0] != '\0' && plan->also[plan->also_count - 1].target == NULL)
        code = -ENOMEM;
    return code;
}

/* Tries one rule: 1 and its paths in *plan when it is the one, 0 with the reason in *trace, or
 * -ENOMEM. A path beyond limits.path_bytes, its own or that of a copy, link or stream, is no match:
 * the document goes on to a rule that can take it. */
static int try_rule(const struct rules *rules, const struct rule *rule, struct clause_match *match,
                    struct rule_trace *trace, struct plan *plan)
{
    int code;

    *trace = (struct rule_trace){.rule = rule->name, .clause = "", .saw = ""};
    if (rule->when != NULL && !clause_holds(match, rule->when)) {
        clause_explain(match, rule->when, &trace->clause, &trace->saw);
        return match->code;
    }
    code = match->code < 0 ? match->code : expand(rules, rule->template, match, &plan->target);
    if (code == 0)
        code = plan_also(rules, rule, match, plan);
    if (code == -ENAMETOOLONG)
        return trace_path_too_long(rules, match->arena, trace);
    trace->matched = code == 0;
    return code < 0 ? code : 1;
}

/* Not even the last rule's path is short enough: the id alone always is. */
static const struct rule *take_last_rule(const struct rules *rules, const struct subject *subject,
                                         struct arena *arena, const char **out_target)
{
    *out_target = arena_strdup(arena, subject->id.text);
    return &rules->rules[rules->count - 1];
}

static int set_sidecar(const struct rules *rules, struct arena *arena, struct plan *plan)
{
    static const char suffix[] = TEMPLATE_SIDECAR_SUFFIX;
    size_t len = strlen(plan->target);
    char *sidecar;

    plan->sidecar = "";
    if (!rules->settings->placement.sidecar)
        return 0;
    sidecar = arena_alloc(arena, len + sizeof suffix);
    if (sidecar == NULL)
        return -ENOMEM;
    memcpy(sidecar, plan->target, len);
    memcpy(sidecar + len, suffix, sizeof suffix);
    plan->sidecar = sidecar;
    return 0;
}

static int plan_filing(const struct rules *rules, const struct subject *subject,
                       struct arena *arena, struct plan *plan)
{
    struct clause_match match = {.subject = subject, .arena = arena};
    const struct rule *rule = NULL;

    plan->trace = arena_alloc(arena, rules->count * sizeof plan->trace[0]);
    if (plan->trace == NULL)
        return -ENOMEM;
    while (rule == NULL && plan->trace_count < rules->count) {
        const struct rule *candidate = &rules->rules[plan->trace_count];
        struct rule_trace *trace = &plan->trace[plan->trace_count++];
        int found = try_rule(rules, candidate, &match, trace, plan);
        if (found < 0)
            return found;
        rule = found ? candidate : NULL;
    }
    if (rule == NULL) {
        rule = take_last_rule(rules, subject, arena, &plan->target);
        plan->also_count = 0;
    }
    if (plan->target == NULL)
        return -ENOMEM;
    plan->root = rule->root;
    plan->rule = rule->name;
    plan->policy = rule->policy;
    return set_sidecar(rules, arena, plan);
}

int rules_decide(const struct rules *rules, const struct subject *subject, struct arena *arena,
                 struct plan *out_plan)
{
    struct plan plan = {0};
    int code;

    if (subject->failure != NULL)
        return plan_quarantine(subject, arena, out_plan);
    code = plan_filing(rules, subject, arena, &plan);
    if (code == 0)
        *out_plan = plan;
    return code;
}
