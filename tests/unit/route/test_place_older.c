/* Tests of route/place with `replace-older`: the later document has the name, and neither is lost,
 * whatever fails and wherever it ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "faults.h"
#include "fixture.h"
#include "route/place.h"
#include "world.h"

#define ID           "01932f5c-7b1a-7000-8000-0123456789ab"
#define OLDER_ID     "01932f5c-7b1a-7000-8000-ffffffffffff"
#define DOCUMENT     "The document's own bytes.\n"
#define RECORD       "{\"record\":1,\"id\":\"" ID "\"}"
#define OLDER        "What stood there before.\n"
#define OLDER_RECORD "{\n  \"record\": 1,\n  \"id\": \"" OLDER_ID "\",\n  \"sha256\": \"%s\"\n}\n"
#define ASIDE        "d/a-2001-09-09-014640.txt"

static struct fixture fixture;
static int work_fd;
static int root_fd;
static struct digest digest;
static char older_record[512];

static void set_time(int dir, const char *path, time_t seconds)
{
    const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};

    ck_assert_int_eq(utimensat(dir, path, times, 0), 0);
}

static void begin(void)
{
    struct digest older;
    char hex[DIGEST_HEX_SIZE];

    fixture_init(&fixture);
    faults = (struct faults){.work_fd = -1, .error = EIO};
    work_fd = make_folder(&fixture, "work");
    root_fd = make_folder(&fixture, "archive");
    put(work_fd, ID, DOCUMENT);
    set_time(work_fd, ID, 1000000001);
    ck_assert_int_eq(digest_of_bytes(DOCUMENT, strlen(DOCUMENT), &digest), 0);
    ck_assert_int_eq(digest_of_bytes(OLDER, strlen(OLDER), &older), 0);
    digest_hex(&older, hex);
    snprintf(older_record, sizeof older_record, OLDER_RECORD, hex);
    put(root_fd, "d/a.txt", OLDER);
    put(root_fd, "d/a.txt.taxon.json", older_record);
    set_time(root_fd, "d/a.txt", 1000000000);
}

static void end(void)
{
    file_close(&work_fd);
    file_close(&root_fd);
    fixture_release(&fixture);
}

static struct placement placement_of(const char *sidecar)
{
    return (struct placement){
        .work_fd = work_fd,
        .document_fd = openat(work_fd, ID, O_RDONLY | O_CLOEXEC),
        .id = {ID},
        .root_fd = root_fd,
        .target = "d/a.txt",
        .sidecar = sidecar,
        .sidecar_data = RECORD,
        .sidecar_len = strlen(RECORD),
        .policy = CONFLICT_REPLACE_OLDER,
        .file_mode = 0640,
        .folder_mode = 0750,
        .uid = FILE_SAME_OWNER,
        .gid = FILE_SAME_GROUP,
        .digest = &digest,
        .folder_fd = -1,
    };
}

static void done(struct placement *placement)
{
    place_release(placement);
    file_close(&placement->document_fd);
}

static void place(struct placement *placement)
{
    struct err err = {""};

    ck_assert_msg(place_document(placement, &err) == 0, "%s", err.text);
}

START_TEST(the_later_one_has_the_name)
{
    begin();
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a.txt");
    ck_assert_str_eq(placement.aside, ASIDE);
    ck_assert_str_eq(placement.older.text, OLDER_ID);
    check_file(root_fd, "d/a.txt", DOCUMENT);
    check_file(root_fd, "d/a.txt.taxon.json", RECORD);
    check_file(root_fd, ASIDE, OLDER);
    check_file(root_fd, ASIDE ".taxon.json", older_record);
    ck_assert_int_eq(count_files(root_fd, "d"), 4);
    ck_assert(!exists(work_fd, ID));
    done(&placement);
    end();
}
END_TEST

START_TEST(one_of_the_same_moment_gives_way_too)
{
    begin();
    set_time(root_fd, "d/a.txt", 1000000001);
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a.txt");
    done(&placement);
    end();
}
END_TEST

START_TEST(the_earlier_one_is_filed_beside)
{
    begin();
    set_time(root_fd, "d/a.txt", 1000000002);
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    ck_assert_ptr_null(placement.aside);
    check_file(root_fd, "d/a.txt", OLDER);
    check_file(root_fd, "d/a.txt.taxon.json", older_record);
    check_file(root_fd, "d/a-2.txt.taxon.json", RECORD);
    done(&placement);
    end();
}
END_TEST

START_TEST(the_same_bytes_stay_where_they_are)
{
    begin();
    put(root_fd, "d/a.txt", DOCUMENT);
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same);
    ck_assert_ptr_null(placement.aside);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    done(&placement);
    end();
}
END_TEST

START_TEST(what_is_no_document_gives_way_to_nobody)
{
    begin();
    ck_assert_int_eq(unlinkat(root_fd, "d/a.txt", 0), 0);
    ck_assert_int_eq(unlinkat(root_fd, "d/a.txt.taxon.json", 0), 0);
    ck_assert_int_eq(mkdirat(root_fd, "d/a.txt", 0700), 0);
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    done(&placement);
    ck_assert_int_eq(unlinkat(root_fd, "d/a.txt", AT_REMOVEDIR), 0);
    ck_assert_int_eq(unlinkat(root_fd, "d/a-2.txt", 0), 0);
    ck_assert_int_eq(unlinkat(root_fd, "d/a-2.txt.taxon.json", 0), 0);
    ck_assert_int_eq(symlinkat("/etc/passwd", root_fd, "d/a.txt"), 0);
    put(work_fd, ID, DOCUMENT);
    placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    done(&placement);
    end();
}
END_TEST

START_TEST(names_that_are_taken_aside)
{
    begin();
    put(root_fd, ASIDE, "another of that moment");
    put(root_fd, "d/a-2001-09-09-014640-2.txt.taxon.json", "{\"of\": \"another\"}");
    struct placement placement = placement_of("d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.aside, "d/a-2001-09-09-014640-3.txt");
    check_file(root_fd, ASIDE, "another of that moment");
    check_file(root_fd, "d/a-2001-09-09-014640-3.txt", OLDER);
    check_file(root_fd, "d/a-2001-09-09-014640-3.txt.taxon.json", older_record);
    done(&placement);
    end();
}
END_TEST

/* Both are there, whole, the older one with its record; each once. */
static void check_both(bool sidecars)
{
    check_file(root_fd, "d/a.txt", DOCUMENT);
    check_file(root_fd, ASIDE, OLDER);
    check_file(root_fd, ASIDE ".taxon.json", older_record);
    if (sidecars)
        check_file(root_fd, "d/a.txt.taxon.json", RECORD);
    ck_assert_int_eq(count_files(root_fd, "d"), sidecars ? 4 : 3);
}

/* At no moment is a document gone. */
static void check_none_lost(void)
{
    ck_assert(exists(work_fd, ID) || exists(root_fd, "d/a.txt"));
    ck_assert(exists(root_fd, ASIDE) || exists(root_fd, "d/a.txt"));
}

/* As in test_place: one call fails, or all from it on; then it is tried again. */
static bool run(int fail_at, bool dead, bool across, const char *sidecar, int error)
{
    begin();
    faults.work_fd = across ? work_fd : -1;
    struct placement placement = placement_of(sidecar);
    faults.count = 0;
    faults.dead = dead;
    faults.error = error;
    faults.fail_at = fail_at;
    int code = place_document(&placement, NULL);
    bool failed = faults.count >= fail_at;
    faults.fail_at = 0;
    ck_assert(failed || code == 0);
    check_none_lost();
    done(&placement);
    for (int again = 0; again < 3; again++) {
        struct err err = {""};
        placement = placement_of(sidecar);
        ck_assert_msg(place_document(&placement, &err) == 0, "call %d (%s): %s", fail_at,
                      faults.last, err.text);
        ck_assert_str_eq(placement.placed, "d/a.txt");
        ck_assert_int_eq(place_finish(&placement, NULL), 0);
        done(&placement);
        check_both(sidecar[0] != '\0');
        ck_assert(!exists(work_fd, ID));
    }
    end();
    return failed;
}

static void run_all(bool dead, int error)
{
    static const char *const sidecars[] = {"d/a.txt.taxon.json", ""};

    for (int i = 0; i < 4; i++) {
        int calls = 0;
        while (run(calls + 1, dead, i % 2 == 1, sidecars[i / 2], error))
            calls++;
        ck_assert_int_ge(calls, 10);
    }
}

START_TEST(a_failure_at_every_call_of_a_replacement)
{
    run_all(false, EIO);
    run_all(false, ENOSPC);
}
END_TEST

START_TEST(a_crash_at_every_call_of_a_replacement)
{
    run_all(true, EIO);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_later_one_has_the_name,
        one_of_the_same_moment_gives_way_too,
        the_earlier_one_is_filed_beside,
        the_same_bytes_stay_where_they_are,
        what_is_no_document_gives_way_to_nobody,
        names_that_are_taken_aside,
        a_failure_at_every_call_of_a_replacement,
        a_crash_at_every_call_of_a_replacement,
    };

    return FIXTURE_RUN("route/place_older", tests);
}
