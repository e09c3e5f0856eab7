/* cli/doctor_report: the findings of `taxon doctor`, kept and printed.
 *
 * Called by the checks to say what they found, and by doctor.c to print. Texts come from paths and
 * from the kernel: what could harm a terminal is taken out here.
 */
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/printable.h"
#include "cli/doctor.h"
#include "cli/style.h"

#define NAME_COLUMNS_MAX 40 /* of a check; a longer name pushes what follows to the right */

void doctor_init(struct doctor *doctor, const char *config_file)
{
    *doctor = (struct doctor){.config_file = config_file};
    arena_init(&doctor->arena, 0);
}

void doctor_release(struct doctor *doctor)
{
    settings_free(doctor->settings);
    free(doctor->findings);
    arena_release(&doctor->arena);
}

__attribute__((format(printf, 2, 0))) static const char *keep(struct doctor *doctor,
                                                              const char *format, va_list args)
{
    struct strbuf text = STRBUF_INIT;
    const char *kept = NULL;

    strbuf_vprintf(&text, format, args);
    if (!text.failed && text.len > 0)
        kept = arena_strndup(&doctor->arena, text.data, printable_clean(text.data, text.len));
    doctor->failed |= text.failed || (kept == NULL && text.len > 0);
    strbuf_release(&text);
    return kept == NULL ? "" : kept;
}

const char *doctor_text(struct doctor *doctor, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = keep(doctor, format, args);
    va_end(args);
    return text;
}

static struct finding *new_finding(struct doctor *doctor)
{
    if (doctor->count == doctor->size) {
        size_t size = doctor->size == 0 ? 64 : doctor->size * 2;
        struct finding *findings = realloc(doctor->findings, size * sizeof *findings);
        if (findings == NULL)
            return NULL;
        doctor->findings = findings;
        doctor->size = size;
    }
    return &doctor->findings[doctor->count++];
}

void doctor_say(struct doctor *doctor, enum doctor_grade grade, const char *check,
                const char *needs, const char *found, ...)
{
    struct finding *finding = new_finding(doctor);
    va_list args;

    if (finding == NULL) {
        doctor->failed = true;
        return;
    }
    va_start(args, found);
    *finding = (struct finding){
        .grade = grade,
        .check = doctor_text(doctor, "%s", check),
        .needs = doctor_text(doctor, "%s", needs),
        .found = keep(doctor, found, args),
        .mend = "",
    };
    va_end(args);
}

void doctor_mend(struct doctor *doctor, const char *format, ...)
{
    va_list args;

    if (doctor->count == 0)
        return;
    va_start(args, format);
    doctor->findings[doctor->count - 1].mend = keep(doctor, format, args);
    va_end(args);
}

const char *doctor_quote(struct doctor *doctor, const char *word)
{
    static const char safe[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+@%:,=-";
    struct strbuf quoted = STRBUF_INIT;
    const char *kept;

    if (word[0] != '\0' && strspn(word, safe) == strlen(word))
        return doctor_text(doctor, "%s", word);
    strbuf_putc(&quoted, '\'');
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            strbuf_puts(&quoted, "'\\''");
        else
            strbuf_putc(&quoted, *word);
    }
    strbuf_putc(&quoted, '\'');
    doctor->failed |= quoted.failed;
    kept = doctor_text(doctor, "%s", strbuf_text(&quoted));
    strbuf_release(&quoted);
    return kept;
}

const char *doctor_user(struct doctor *doctor, uid_t user)
{
    const struct passwd *entry = getpwuid(user);

    if (entry != NULL)
        return doctor_text(doctor, "%s", entry->pw_name);
    return doctor_text(doctor, "%u", (unsigned)user);
}

size_t doctor_count(const struct doctor *doctor, enum doctor_grade grade)
{
    size_t count = 0;

    for (size_t i = 0; i < doctor->count; i++)
        count += doctor->findings[i].grade == grade;
    return count;
}

static const char *grade_word(enum doctor_grade grade)
{
    static const char *const words[] = {"ok", "warn", "bad"};

    return words[grade];
}

static enum style grade_style(enum doctor_grade grade)
{
    static const enum style styles[] = {STYLE_GREEN, STYLE_YELLOW, STYLE_RED};

    return styles[grade];
}

static size_t name_columns(const struct doctor *doctor)
{
    size_t columns = 0;

    for (size_t i = 0; i < doctor->count; i++) {
        size_t len = strlen(doctor->findings[i].check); /* names are ASCII */
        if (len > columns && len <= NAME_COLUMNS_MAX)
            columns = len;
    }
    return columns;
}

static void print_finding(const struct finding *finding, size_t columns, FILE *stream, bool styled)
{
    style_put(stream, styled, grade_style(finding->grade), "%-5s", grade_word(finding->grade));
    fprintf(stream, " %-*s %s", (int)columns, finding->check, finding->found);
    style_put(stream, styled, STYLE_DIM, " (needs %s)", finding->needs);
    fputc('\n', stream);
    if (finding->mend[0] == '\0')
        return;
    fprintf(stream, "      mend: ");
    style_put(stream, styled, STYLE_BOLD, "%s", finding->mend);
    fputc('\n', stream);
}

void doctor_print(const struct doctor *doctor, FILE *stream, bool styled)
{
    size_t columns = name_columns(doctor);

    for (size_t i = 0; i < doctor->count; i++)
        print_finding(&doctor->findings[i], columns, stream, styled);
    fprintf(stream, "%zu ok, %zu to be looked at, %zu bad\n", doctor_count(doctor, DOCTOR_OK),
            doctor_count(doctor, DOCTOR_WARN), doctor_count(doctor, DOCTOR_BAD));
}

void doctor_print_json(const struct doctor *doctor, FILE *stream)
{
    struct strbuf text = STRBUF_INIT;
    struct json json;

    json_init(&json, &text, 2);
    json_object_begin(&json, NULL);
    for (enum doctor_grade grade = DOCTOR_OK; grade <= DOCTOR_BAD; grade++)
        json_put_int(&json, grade_word(grade), (int64_t)doctor_count(doctor, grade));
    json_array_begin(&json, "checks");
    for (size_t i = 0; i < doctor->count; i++) {
        const struct finding *finding = &doctor->findings[i];
        json_object_begin(&json, NULL);
        json_put_text(&json, "check", finding->check);
        json_put_text(&json, "grade", grade_word(finding->grade));
        json_put_text(&json, "needs", finding->needs);
        json_put_text(&json, "found", finding->found);
        json_put_text(&json, "mend", finding->mend[0] == '\0' ? NULL : finding->mend);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    fprintf(stream, "%s\n", strbuf_text(&text));
    strbuf_release(&text);
}
