/* Tests of route/template. */
#include "route/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "fixture.h"

static struct fixture fixture;

static struct taxon_node node_of(const char *text)
{
    return (struct taxon_node){.struct_size = sizeof(struct taxon_node),
                               .kind = TAXON_NODE_SCALAR,
                               .line = 4,
                               .column = 11,
                               .file = "r.yaml",
                               .text = text,
                               .text_len = strlen(text)};
}

static const char *expand(const char *text)
{
    struct taxon_node node = node_of(text);
    struct path_template *tmpl = NULL;
    struct err err = {""};
    const char *path = NULL;
    int code = template_parse(&fixture.arena, &node, &tmpl, &err);

    ck_assert_msg(code == 0, "%s: %s", text, err.text);
    ck_assert_int_eq(template_expand(tmpl, &fixture.subject, 4096, &fixture.arena, &path), 0);
    return path;
}

START_TEST(each_placeholder)
{
    fixture_init(&fixture);
    fixture_label(&fixture, "genre", "news/report", 0.9);
    fixture_label(&fixture, "topic", "ecology/air", 0.7);
    fixture.subject.name = "page.tar.gz";
    ck_assert_str_eq(expand("{genre}"), "news/report");
    ck_assert_str_eq(expand("{genre:1}"), "news");
    ck_assert_str_eq(expand("{genre:2}"), "news/report");
    ck_assert_str_eq(expand("{genre:9}"), "news/report");
    ck_assert_str_eq(expand("{topic}/{lang}"), "ecology/air/en");
    ck_assert_str_eq(expand("{source}"), "web");
    ck_assert_str_eq(expand("{name}"), "page.tar.gz");
    ck_assert_str_eq(expand("{stem}"), "page.tar");
    ck_assert_str_eq(expand("{ext}"), "gz");
    ck_assert_str_eq(expand("{id}"), "01932f5c-7b1a-7000-8000-0123456789ab");
    ck_assert_str_eq(expand("{sha256:8}"), "deadbeef");
    ck_assert_str_eq(expand("{sha256:1}"), "d");
    ck_assert_uint_eq(strlen(expand("{sha256}")), 64);
    ck_assert_str_eq(expand("{date}"), "2026-11-24");
    ck_assert_str_eq(expand("{date:%Y/%m}/{name}"), "2026/11/page.tar.gz");
    ck_assert_str_eq(expand("{date:%y%m%dT%H%M%S%%}"), "261124T093236%");
    ck_assert_str_eq(expand("{{x}}-{stem}.{ext}"), "{x}-page.tar.gz");
    ck_assert_str_eq(expand("by-{genre}-end"), "by-news/report-end");
    fixture_release(&fixture);
}
END_TEST

START_TEST(of_none)
{
    fixture_init(&fixture);
    fixture_label(&fixture, "genre", "news/report", 0.1); /* a miss is none */
    fixture.reply.language = "";
    fixture.subject.name = "README";
    ck_assert_str_eq(expand("{genre}/{genre:1}/{topic}/{lang}"), "none/none/none/und");
    ck_assert_str_eq(expand("{ext}/{stem}"), "none/README");
    ck_assert_str_eq(expand("{stem}.{ext}"), "README.");
    ck_assert_str_eq(expand("{unusable}/{name}"), "none/README");
    fixture.reply.unusable = "binary"; /* core's own, which no plugin declares */
    ck_assert_str_eq(expand("{unusable}/{name}"), "binary/README");
    fixture_label(&fixture, "topic", "ecology", 0.4); /* as near as that is not nothing */
    ck_assert_str_eq(expand("{genre}/{topic:1}"), "none/unsure");
    fixture.subject.reply = NULL;
    ck_assert_str_eq(expand("{genre}/{lang}/{date:%Y}"), "none/und/2026");
    fixture_release(&fixture);
}
END_TEST

/* In every order in which a worker may report them. */
static void check_best(const char *wanted, const char *const ids[3], const double scores[3])
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        fixture.reply.label_count = 0;
        for (size_t k = 0; k < 3; k++)
            fixture_label(&fixture, "topic", ids[orders[i][k]], scores[orders[i][k]]);
        ck_assert_str_eq(expand("{topic}"), wanted);
    }
}

START_TEST(of_several)
{
    fixture_init(&fixture);
    check_best("economy", (const char *const[]){"ecology", "ecology/air", "economy"},
               (const double[]){0.7, 0.8, 0.9});
    check_best("ecology/air", (const char *const[]){"ecology", "ecology/air", "economy"},
               (const double[]){0.9, 0.9, 0.9});
    check_best("ecology", (const char *const[]){"ecology", "ecology/air", "economy"},
               (const double[]){0.9, 0.8, 0.9});
    check_best("ecology/air", (const char *const[]){"ecology/water", "ecology/air", "ecology"},
               (const double[]){0.9, 0.9, 0.9});
    /* '-' sorts before '/': plain byte order with "a child first" would be no order here. */
    check_best("ecology/air", (const char *const[]){"ecology", "ecology/air", "ecology-law"},
               (const double[]){0.9, 0.9, 0.9});
    fixture_release(&fixture);
}
END_TEST

START_TEST(dates)
{
    static const struct {
        const char *value;
        const char *wanted;
    } cases[] = {
        {"2019-03-07", "2019-03-07"}, {"2019-03", "2019-03-00"},
        {"2019", "2019-00-00"},       {"2020-02-29", "2020-02-29"},
        {"2019-02-29", "2026-11-24"}, {"2019-13-01", "2026-11-24"},
        {"2019-00-01", "2026-11-24"}, {"2019-01-00", "2026-11-24"},
        {"2019-1-1", "2026-11-24"},   {"2019-03-07T10:00", "2026-11-24"},
        {"../../../x", "2026-11-24"}, {"", "2026-11-24"},
        {"20", "2026-11-24"},         {"2019-", "2026-11-24"},
        {"2019-03-", "2026-11-24"},   {"1900-02-29", "2026-11-24"},
    };

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture.reply.fact_count = 0;
        fixture_fact(&fixture, "date-published", cases[i].value, 0.9);
        ck_assert_str_eq(expand("{date}"), cases[i].wanted);
    }
    fixture.reply.fact_count = 0;
    fixture_fact(&fixture, "date-event", "2001-01-01", 0.99);
    ck_assert_str_eq(expand("{date}"), "2001-01-01");
    fixture_fact(&fixture, "date-published", "2002-02-02", 0.1);
    ck_assert_str_eq(expand("{date}"), "2002-02-02");
    fixture_fact(&fixture, "date-published", "2003-03-03", 0.2);
    ck_assert_str_eq(expand("{date}"), "2003-03-03");
    fixture_fact(&fixture, "date-published", "yesterday", 0.9);
    ck_assert_str_eq(expand("{date}"), "2001-01-01");
    fixture_release(&fixture);
}
END_TEST

START_TEST(times_that_are_no_dates)
{
    fixture_init(&fixture);
    fixture.subject.mtime_ms = -1;
    ck_assert_str_eq(expand("{date:%Y%m%d %H%M%S}"), "19691231 235959");
    fixture.subject.mtime_ms = -1000;
    ck_assert_str_eq(expand("{date:%H%M%S}"), "235959");
    fixture.subject.mtime_ms = INT64_MAX;
    ck_assert_str_eq(expand("{date}"), "0000-00-00");
    fixture.subject.mtime_ms = INT64_MIN;
    ck_assert_str_eq(expand("{date}"), "0000-00-00");
    fixture.subject.mtime_ms = 253402300800000; /* the year 10000 */
    ck_assert_str_eq(expand("{date}"), "0000-00-00");
    fixture_release(&fixture);
}
END_TEST

START_TEST(mistakes_have_their_place)
{
    static const struct {
        const char *text;
        const char *wanted; /* line:column and the first words */
    } cases[] = {
        {"", "4:11: the path has an empty part"},
        {"/{name}", "4:11: the path has an empty part"},
        {"a//{name}", "4:11: the path has an empty part"},
        {"a/", "4:11: the path has an empty part"},
        {"{date:/%Y}/{name}", "4:11: the path has an empty part"},
        {"../{name}", "4:11: the path may not hold"},
        {"a/./{name}", "4:11: the path may not hold"},
        {".taxond/{name}", "4:11: names that begin with '.taxond'"},
        {"a/.TAXOND-{id}.tmp", "4:11: names that begin with '.taxond'"},
        {"{stem}.taxon.json", "4:11: names that end in '.taxon.json'"},
        {"a\n/{name}", "4:11: the path holds a control character"},
        {"{nam}", "4:12: unknown placeholder {nam}; did you mean {name}?"},
        {"x/{gener}/y", "4:14: unknown placeholder {gener}; did you mean {genre}?"},
        {"\xE6\x8A\xA5/{zzzzzz}", "4:14: unknown placeholder {zzzzzz}; there are genre, topic"},
        {"{}", "4:12: unknown placeholder {}"},
        {"{name", "4:11: this '{' is not closed"},
        {"a/{name/{id}", "4:13: this '{' is not closed"},
        {"a}", "4:12: this '}' closes nothing"},
        {"{name:3}", "4:17: {name} takes nothing after a colon"},
        {"{genre:0}", "4:18: {genre:N} takes a number of levels from 1 to 9"},
        {"{genre:10}", "4:18: {genre:N} takes"},
        {"{topic:x}", "4:18: {topic:N} takes"},
        {"{genre:}", "4:18: {genre:N} takes"},
        {"{sha256:65}", "4:19: {sha256:N} takes a number of digits from 1 to 64"},
        {"{sha256:0}", "4:19: {sha256:N} takes"},
        {"{sha256:99999999999999999999}", "4:19: {sha256:N} takes"},
        {"{date:}", "4:17: {date:} lacks its format"},
        {"{date:%Y-%Q}", "4:20: {date} knows %Y %y %m %d %H %M %S and %%, and not '%Q'"},
        {"{date:%}", "4:17: {date} knows"},
    };

    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct taxon_node node = node_of(cases[i].text);
        struct path_template *tmpl = NULL;
        struct err err = {""};
        ck_assert_int_eq(template_parse(&fixture.arena, &node, &tmpl, &err), -EINVAL);
        ck_assert_msg(strncmp(err.text, "r.yaml:", 7) == 0 &&
                          strncmp(err.text + 7, cases[i].wanted, strlen(cases[i].wanted)) == 0,
                      "%s: %s", cases[i].text, err.text);
    }
    fixture_release(&fixture);
}
END_TEST

START_TEST(too_many_parts_and_what_is_no_text)
{
    char text[1024] = "";
    struct taxon_node node;
    struct path_template *tmpl = NULL;
    struct err err = {""};

    fixture_init(&fixture);
    for (int i = 0; i < 130; i++)
        memcpy(text + 6 * i, "{name}", 7);
    node = node_of(text);
    ck_assert_int_eq(template_parse(&fixture.arena, &node, &tmpl, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "more than 128 parts"));
    memset(text, 'a', 300);
    text[300] = '\0';
    node = node_of(text);
    ck_assert_int_eq(template_parse(&fixture.arena, &node, &tmpl, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "longer than 255 bytes"));
    node.kind = TAXON_NODE_SEQUENCE;
    ck_assert_int_eq(template_parse(&fixture.arena, &node, &tmpl, &err), -EINVAL);
    fixture_release(&fixture);
}
END_TEST

START_TEST(the_limit_of_a_path)
{
    struct taxon_node node = node_of("{lang}/{name}");
    struct path_template *tmpl = NULL;
    const char *path = NULL;

    fixture_init(&fixture);
    ck_assert_int_eq(template_parse(&fixture.arena, &node, &tmpl, NULL), 0);
    ck_assert_int_eq(template_expand(tmpl, &fixture.subject, 8, &fixture.arena, &path), 0);
    ck_assert_str_eq(path, "en/a.txt");
    path = NULL;
    ck_assert_int_eq(template_expand(tmpl, &fixture.subject, 7, &fixture.arena, &path),
                     -ENAMETOOLONG);
    ck_assert_ptr_null(path);
    fixture_release(&fixture);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Hostile more often than not. */
static void random_name(uint64_t *state, char out_name[256])
{
    static const char *const parts[] = {"..",       ".",           "/",       "\n",
                                        "\x7f",     "\xff\xfe",    "-rf",     "~",
                                        "\\",       ".taxon.json", ".taxond", "\xE6\x8A\xA5",
                                        "\xC2\x9B", "a.txt",       " ",       "%s",
                                        "{name}",   "\x01",        ".part",   "\xF0\x9F\x98\x80",
                                        "\xC2"};
    size_t len = 0;
    size_t wanted = next_random(state) % 3 == 0 ? 255 : next_random(state) % 40;

    while (len < wanted) {
        const char *part = parts[next_random(state) % (sizeof parts / sizeof parts[0])];
        size_t part_len = strlen(part);
        if (len + part_len > 255)
            break;
        memcpy(out_name + len, part, part_len);
        len += part_len;
    }
    while (len < wanted)
        out_name[len++] = 'z';
    out_name[len] = '\0';
}

static void check_component(const char *name, size_t len, bool is_last)
{
    ck_assert_uint_ge(len, 1);
    ck_assert_uint_le(len, is_last ? 244 : 255);
    ck_assert(!(len == 1 && name[0] == '.'));
    ck_assert(!(len == 2 && name[0] == '.' && name[1] == '.'));
    ck_assert(len < 7 || memcmp(name, ".taxond", 7) != 0);
    ck_assert(len < 11 || memcmp(name + len - 11, ".taxon.json", 11) != 0);
    for (size_t i = 0; i < len; i++)
        ck_assert((unsigned char)name[i] >= 0x20 && name[i] != 0x7F);
}

static void check_path(const char *path)
{
    ck_assert(path[0] != '/');
    for (const char *at = path;;) {
        size_t len = strcspn(at, "/");
        check_component(at, len, at[len] == '\0');
        if (at[len] == '\0')
            return;
        at += len + 1;
    }
}

/* The kernel's word for it: made beneath the folder, with its sidecar. */
static void check_beneath(const char *path)
{
    static unsigned serial;
    char root[128];

    snprintf(root, sizeof root, "%s/%u", fixture.folder, serial++);
    ck_assert_int_eq(mkdir(root, 0700), 0);
    int root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(root_fd, 0);
    char *copy = strdup(path);
    char *slash = strrchr(copy, '/');
    const char *name = slash != NULL ? slash + 1 : copy;
    char sidecar[300];

    if (slash != NULL)
        *slash = '\0';
    int folder_fd = file_mkdirs_beneath(root_fd, slash != NULL ? copy : "", 0700, NULL);
    ck_assert_msg(folder_fd >= 0, "%s: %s", path, strerror(-folder_fd));
    int fd = file_open_beneath(folder_fd, name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(-fd));
    file_close(&fd);
    snprintf(sidecar, sizeof sidecar, "%s%s", name, TEMPLATE_SIDECAR_SUFFIX);
    fd = file_open_beneath(folder_fd, sidecar, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
    ck_assert_msg(fd >= 0, "%s: %s", sidecar, strerror(-fd));
    file_close(&fd);
    file_close(&folder_fd);
    file_close(&root_fd);
    free(copy);
}

START_TEST(whatever_a_document_brings_stays_beneath)
{
    static const char *const templates[] = {
        "{name}",
        "{source}/{name}",
        "{stem}/{ext}",
        "{lang}{source}.{ext}",
        ".{name}",
        "..{ext}",
        "{ext}{ext}/{stem}.x",
        "{name}{name}/{name}",
        "a/.{stem}.{ext}",
        "{date:%Y/%m}/{stem}-{sha256:8}.{ext}",
        "{name}.taxon{ext}",
        "{genre}{name}/{topic:1}{name}",
    };
    char name[256];
    char other[256];
    uint64_t state = 88172645463325252u;

    fixture_init(&fixture);
    for (int round = 0; round < 200; round++) {
        random_name(&state, name);
        random_name(&state, other);
        fixture.subject.name = name;
        fixture.subject.source = other;
        fixture.reply.language = other;
        for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
            const char *path = expand(templates[i]);
            check_path(path);
            check_beneath(path);
        }
        arena_reset(&fixture.arena);
    }
    fixture_release(&fixture);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_placeholder,
        of_none,
        of_several,
        dates,
        times_that_are_no_dates,
        mistakes_have_their_place,
        too_many_parts_and_what_is_no_text,
        the_limit_of_a_path,
        whatever_a_document_brings_stays_beneath,
    };

    return FIXTURE_RUN("route/template", tests);
}
