/* Tests of route/stream: whole lines, each once, whatever fails and wherever it ends. */
#include "route/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "faults.h"
#include "fixture.h"
#include "route/clean_text.h"
#include "world.h"

#define ID       "01932f5c-7b1a-7000-8000-0123456789ab"
#define OTHER_ID "01932f5c-7b1a-7000-8000-ffffffffffff"
#define MARK     "{\"id\": \"" ID "\""
#define LINE     MARK ", \"text\": \"one\"}"
#define OTHER    "{\"id\": \"" OTHER_ID "\", \"text\": \"two\"}"

static struct fixture fixture;
static int root_fd;

static void begin(void)
{
    fixture_init(&fixture);
    faults = (struct faults){.work_fd = -1, .error = EIO};
    root_fd = make_folder(&fixture, "streams");
}

static void end(void)
{
    file_close(&root_fd);
    fixture_release(&fixture);
}

static int append(const char *text, const char *mark, bool may_be_there, uint64_t rotate,
                  struct err *err)
{
    const struct stream stream = {
        .root_fd = root_fd,
        .target = "d/a.jsonl",
        .rotate_bytes = rotate,
        .file = {0640, FILE_SAME_OWNER, FILE_SAME_GROUP},
        .folder = {0750, FILE_SAME_OWNER, FILE_SAME_GROUP},
    };
    const struct stream_line line = {text, strlen(text), mark, may_be_there, clock_wall_ms()};

    return stream_append(&stream, &line, err);
}

static void append_line(const char *text, const char *mark, bool may_be_there, uint64_t rotate)
{
    struct err err = {""};

    ck_assert_msg(append(text, mark, may_be_there, rotate, &err) == 0, "%s", err.text);
}

START_TEST(lines_follow_each_other)
{
    struct stat status;

    begin();
    append_line(LINE, MARK, false, 1 << 20);
    append_line(OTHER, "{\"id\": \"" OTHER_ID "\"", false, 1 << 20);
    check_file(root_fd, "d/a.jsonl", LINE "\n" OTHER "\n");
    ck_assert_int_eq(fstatat(root_fd, "d/a.jsonl", &status, 0), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
    end();
}
END_TEST

START_TEST(half_a_line_is_cut_off)
{
    begin();
    put(root_fd, "d/a.jsonl", OTHER "\n{\"id\": \"half");
    append_line(LINE, MARK, false, 1 << 20);
    check_file(root_fd, "d/a.jsonl", OTHER "\n" LINE "\n");
    put(root_fd, "d/a.jsonl", "no line end at all");
    append_line(LINE, MARK, false, 1 << 20);
    check_file(root_fd, "d/a.jsonl", LINE "\n");
    end();
}
END_TEST

START_TEST(a_line_that_is_there_is_not_written_again)
{
    begin();
    append_line(LINE, MARK, false, 1 << 20);
    append_line(OTHER, "{\"id\": \"" OTHER_ID "\"", false, 1 << 20);
    append_line(LINE, MARK, true, 1 << 20);
    check_file(root_fd, "d/a.jsonl", LINE "\n" OTHER "\n");
    /* Half of it is not it. */
    put(root_fd, "d/a.jsonl", MARK ", \"te");
    append_line(LINE, MARK, true, 1 << 20);
    check_file(root_fd, "d/a.jsonl", LINE "\n");
    /* Nor is it where another's line speaks of it. */
    put(root_fd, "d/a.jsonl", "{\"x\": [" MARK "}]}\n");
    append_line(LINE, MARK, true, 1 << 20);
    check_file(root_fd, "d/a.jsonl", "{\"x\": [" MARK "}]}\n" LINE "\n");
    end();
}
END_TEST

/* The mark across the border of what is read at once. */
START_TEST(a_line_is_found_wherever_it_begins)
{
    static char text[(3 << 16) + 512];

    begin();
    for (size_t before = (2 << 16) - 60; before < (2 << 16) + 5; before++) {
        memset(text, 'x', before);
        text[before - 1] = '\n';
        memcpy(text + before, LINE "\n", strlen(LINE) + 2);
        put(root_fd, "d/a.jsonl", text);
        append_line(LINE, MARK, true, 1 << 30);
        struct stat status;
        ck_assert_int_eq(fstatat(root_fd, "d/a.jsonl", &status, 0), 0);
        ck_assert_int_eq(status.st_size, (off_t)(before + strlen(LINE) + 1));
    }
    end();
}
END_TEST

START_TEST(a_file_that_is_too_large_is_put_away)
{
    const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

    begin();
    append_line(OTHER, "{\"id\": \"" OTHER_ID "\"", false, 1 << 20);
    ck_assert_int_eq(utimensat(root_fd, "d/a.jsonl", times, 0), 0);
    append_line(LINE, MARK, false, strlen(OTHER) + 10);
    check_file(root_fd, "d/a.jsonl", LINE "\n");
    check_file(root_fd, "d/a-2001-09-09-014640.jsonl", OTHER "\n");
    /* A line longer than that has a file to itself. */
    append_line(OTHER, "{\"id\": \"" OTHER_ID "\"", false, 1);
    check_file(root_fd, "d/a.jsonl", OTHER "\n");
    ck_assert_int_eq(count_files(root_fd, "d"), 3);
    /* What was put away since is looked through as well. */
    append_line(LINE, MARK, true, 1 << 20);
    check_file(root_fd, "d/a.jsonl", OTHER "\n");
    end();
}
END_TEST

START_TEST(no_stream_leads_out_or_into_what_is_no_file)
{
    begin();
    put(root_fd, "d/x", "");
    ck_assert_int_eq(symlinkat("/tmp/taxond-none", root_fd, "d/a.jsonl"), 0);
    ck_assert_int_eq(append(LINE, MARK, false, 1 << 20, NULL), -ELOOP);
    ck_assert_int_eq(unlinkat(root_fd, "d/a.jsonl", 0), 0);
    ck_assert_int_eq(mkfifoat(root_fd, "d/a.jsonl", 0600), 0);
    ck_assert_int_lt(append(LINE, MARK, false, 1 << 20, NULL), 0);
    end();
}
END_TEST

/* One call fails, or all from it on; then the document is taken up again. */
static bool run(int fail_at, bool dead, uint64_t rotate)
{
    begin();
    put(root_fd, "d/a.jsonl", OTHER "\n");
    faults.count = 0;
    faults.dead = dead;
    faults.error = ENOSPC;
    faults.fail_at = fail_at;
    int code = append(LINE, MARK, false, rotate, NULL);
    bool failed = faults.count >= fail_at;
    faults.fail_at = 0;
    ck_assert(failed || code == 0);
    for (int again = 0; again < 2; again++)
        append_line(LINE, MARK, true, rotate);
    check_file(root_fd, "d/a.jsonl", rotate > 1000 ? OTHER "\n" LINE "\n" : LINE "\n");
    ck_assert_int_eq(count_files(root_fd, "d"), rotate > 1000 ? 1 : 2);
    end();
    return failed;
}

START_TEST(a_line_at_every_failure_and_crash)
{
    for (int i = 0; i < 4; i++) {
        int calls = 0;
        while (run(calls + 1, i % 2, i / 2 == 0 ? 1 << 20 : 10))
            calls++;
        ck_assert_int_ge(calls, 4);
    }
}
END_TEST

START_TEST(a_record_becomes_one_line)
{
    static const char record[] = "{\n  \"record\": 1,\n  \"id\": \"" ID "\",\n  \"labels\": [\n"
                                 "    {\n      \"id\": \"a  b\"\n    }\n  ]\n}\n";
    const struct id id = {ID};
    struct strbuf line = STRBUF_INIT;
    struct strbuf mark = STRBUF_INIT;

    stream_record_line(record, strlen(record), &id, NULL, 0, &line, &mark);
    ck_assert_str_eq(strbuf_text(&line),
                     "{\"record\": 1, \"id\": \"" ID "\", \"labels\": [{\"id\": \"a  b\"}]}");
    ck_assert_int_eq(strncmp(line.data, mark.data, mark.len), 0);
    strbuf_clear(&line);
    strbuf_clear(&mark);
    stream_record_line(record, strlen(record), &id, "\"t\"", 3, &line, &mark);
    ck_assert_ptr_nonnull(strstr(strbuf_text(&line), "}], \"text\": \"t\"}"));
    strbuf_clear(&line);
    strbuf_clear(&mark);
    stream_text_line(&id, "\"t\"", 3, &line, &mark);
    ck_assert_str_eq(strbuf_text(&line), "{\"id\": \"" ID "\", \"text\": \"t\"}");
    ck_assert_int_eq(strncmp(line.data, mark.data, mark.len), 0);
    strbuf_release(&line);
    strbuf_release(&mark);
}
END_TEST

START_TEST(text_is_cleaned_of_furniture)
{
    static const char text[] = "Home | About\n\nThe news of the day.\n\nShare this\n\nMore.\n";
    struct strbuf clean = STRBUF_INIT;

    begin();
    ck_assert(!clean_text_json(&fixture.subject, &clean));
    fixture.reply.text = text;
    fixture.reply.text_len = strlen(text);
    fixture_boilerplate(&fixture, 36, 46); /* in any order, */
    fixture_boilerplate(&fixture, 0, 12);
    fixture_boilerplate(&fixture, 4, 10); /* one in the other */
    ck_assert(clean_text_json(&fixture.subject, &clean));
    ck_assert_str_eq(strbuf_text(&clean), "\"The news of the day.\\n\\nMore.\\n\"");
    strbuf_clear(&clean);
    for (size_t i = 0; i < fixture.reply.span_count; i++)
        fixture.spans[i].score = 0.49;
    ck_assert(clean_text_json(&fixture.subject, &clean));
    ck_assert_ptr_nonnull(strstr(strbuf_text(&clean), "Share this"));
    strbuf_release(&clean);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        lines_follow_each_other,
        half_a_line_is_cut_off,
        a_line_that_is_there_is_not_written_again,
        a_line_is_found_wherever_it_begins,
        a_file_that_is_too_large_is_put_away,
        no_stream_leads_out_or_into_what_is_no_file,
        a_line_at_every_failure_and_crash,
        a_record_becomes_one_line,
        text_is_cleaned_of_furniture,
    };

    return FIXTURE_RUN("route/stream", tests);
}
