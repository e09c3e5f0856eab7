/* Tests of route/place: names, what is there already, crashes and failures at every call. */
#include "route/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "faults.h"
#include "fixture.h"
#include "world.h"

#define ID        "01932f5c-7b1a-7000-8000-0123456789ab"
#define OTHER_ID  "01932f5c-7b1a-7000-8000-ffffffffffff"
#define DOCUMENT  "The document's own bytes.\n"
#define RECORD    "{\"record\":1,\"id\":\"" ID "\"}"
#define TEMPORARY ".taxond-" ID ".tmp"
#define PART      ".taxond-" ID ".part"

static struct fixture fixture;
static int work_fd;
static int root_fd;
static struct digest digest;
static struct timespec mtime = {.tv_sec = 1000000000, .tv_nsec = 123456789};

static void put_document(void)
{
    const struct timespec times[2] = {mtime, mtime};

    put(work_fd, ID, DOCUMENT);
    ck_assert_int_eq(utimensat(work_fd, ID, times, 0), 0);
}

static void begin(void)
{
    fixture_init(&fixture);
    faults = (struct faults){.work_fd = -1, .error = EIO};
    work_fd = make_folder(&fixture, "work");
    root_fd = make_folder(&fixture, "archive");
    put_document();
    ck_assert_int_eq(digest_of_bytes(DOCUMENT, strlen(DOCUMENT), &digest), 0);
}

static void end(void)
{
    file_close(&work_fd);
    file_close(&root_fd);
    fixture_release(&fixture);
}

/* A placement as the line makes it: the document open if it is in work/. */
static struct placement placement_of(const char *target, const char *sidecar)
{
    return (struct placement){
        .work_fd = work_fd,
        .document_fd = openat(work_fd, ID, O_RDONLY | O_CLOEXEC),
        .id = {ID},
        .root_fd = root_fd,
        .target = target,
        .sidecar = sidecar,
        .sidecar_data = RECORD,
        .sidecar_len = strlen(RECORD),
        .policy = CONFLICT_KEEP_BOTH,
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
    int code = place_document(placement, &err);

    ck_assert_msg(code == 0, "%s", err.text);
    ck_assert_int_ge(placement->folder_fd, 0);
}

static void finish(struct placement *placement)
{
    ck_assert_int_eq(place_finish(placement, NULL), 0);
    ck_assert_int_eq(place_finish(placement, NULL), 0);
    ck_assert(!exists(work_fd, ID));
}

START_TEST(one_document_and_its_sidecar)
{
    struct stat status;

    begin();
    struct placement placement = placement_of("news/2026/a.txt", "news/2026/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "news/2026/a.txt");
    ck_assert(!placement.same && !placement.copied && placement.folders_made);
    ck_assert_int_eq(faults.syncs, 1); /* the sidecar, before it gets its name */
    ck_assert(!exists(work_fd, ID));
    finish(&placement);
    check_file(root_fd, "news/2026/a.txt", DOCUMENT);
    check_file(root_fd, "news/2026/a.txt.taxon.json", RECORD);
    ck_assert_int_eq(count_files(root_fd, "news/2026"), 2);
    ck_assert_int_eq(fstatat(placement.folder_fd, "a.txt", &status, 0), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0640);
    ck_assert_int_eq(status.st_mtim.tv_sec, mtime.tv_sec);
    ck_assert_int_eq(status.st_mtim.tv_nsec, mtime.tv_nsec);
    ck_assert_int_eq(fstatat(placement.folder_fd, "a.txt.taxon.json", &status, 0), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0640);
    ck_assert_int_eq(fstatat(root_fd, "news", &status, 0), 0);
    done(&placement);

    put(work_fd, ID, "second\n");
    placement = placement_of("news/2026/b.txt", "");
    place(&placement);
    ck_assert(!placement.folders_made);
    done(&placement);
    placement = placement_of("c.txt", "c.txt.taxon.json");
    ck_assert_int_eq(place_document(&placement, NULL), -ENOENT);
    put(work_fd, ID, "third\n");
    done(&placement);
    placement = placement_of("c.txt", "c.txt.taxon.json"); /* in the root itself */
    place(&placement);
    ck_assert_str_eq(placement.placed, "c.txt");
    check_file(root_fd, "c.txt", "third\n");
    done(&placement);
    end();
}
END_TEST

START_TEST(a_sidecar_that_waits_in_work)
{
    uint64_t syncs = 0;

    begin();
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    ck_assert_int_eq(place_stage_sidecar(&placement, false, &syncs), 0);
    ck_assert_int_eq(place_stage_sidecar(&placement, true, &syncs), 0); /* as after a failure */
    ck_assert_uint_eq(syncs, 1);
    check_file(work_fd, ID ".record.part", RECORD);
    faults.syncs = 0;
    place(&placement);
    ck_assert_int_eq(faults.syncs, 0); /* all is the caller's, a batch at a time */
    check_file(root_fd, "a.txt", DOCUMENT);
    check_file(root_fd, "a.txt.taxon.json", RECORD);
    ck_assert_int_eq(count_files(work_fd, "."), 0);
    done(&placement);

    put_document(); /* the same bytes are there: its record is not needed */
    placement = placement_of("a.txt", "a.txt.taxon.json");
    placement.sidecar_data = "{}";
    placement.sidecar_len = 2;
    ck_assert_int_eq(place_stage_sidecar(&placement, true, &syncs), 0);
    place(&placement);
    ck_assert(placement.same);
    finish(&placement);
    ck_assert_int_eq(count_files(work_fd, "."), 0);
    done(&placement);

    put_document(); /* a sync that failed is told, and leaves nothing */
    placement = placement_of("b.txt", "b.txt.taxon.json");
    faults.count = 0;
    faults.fail_at = 5; /* after creation, a look at the mode, the mode and data */
    ck_assert_int_eq(place_stage_sidecar(&placement, true, &syncs), -EIO);
    ck_assert_str_eq(faults.last, "fdatasync");
    faults.fail_at = 0;
    ck_assert_int_eq(count_files(work_fd, "."), 1);
    done(&placement);
    end();
}
END_TEST

START_TEST(across_file_systems)
{
    struct stat status;

    begin();
    faults.work_fd = work_fd;
    struct placement placement = placement_of("news/a.txt", "news/a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.copied && !placement.same);
    ck_assert_int_eq(faults.syncs, 2); /* the sidecar; the copy: its source is about to go */
    check_file(work_fd, ID, DOCUMENT); /* until the caller has synced */
    check_file(root_fd, "news/a.txt", DOCUMENT);
    check_file(root_fd, "news/a.txt.taxon.json", RECORD);
    ck_assert_int_eq(count_files(root_fd, "news"), 2);
    ck_assert_int_eq(fstatat(placement.folder_fd, "a.txt", &status, 0), 0);
    ck_assert_int_eq(status.st_mode & 07777, 0640);
    ck_assert_int_eq(status.st_mtim.tv_sec, mtime.tv_sec);
    finish(&placement);
    done(&placement);
    end();
}
END_TEST

/* The real thing, where the machine has two file systems to offer. */
START_TEST(across_real_file_systems)
{
    char path[] = "/dev/shm/test-route-XXXXXX";
    struct stat here;
    struct stat there;

    begin();
    if (mkdtemp(path) == NULL || stat(path, &there) < 0 || fstat(work_fd, &here) < 0 ||
        here.st_dev == there.st_dev) {
        puts("skipped: /dev/shm is no other file system here");
    } else {
        file_close(&root_fd);
        root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
        place(&placement);
        ck_assert(placement.copied);
        check_file(root_fd, "a.txt", DOCUMENT);
        finish(&placement);
        done(&placement);
        ck_assert_int_eq(count_files(root_fd, "."), 2);
        unlinkat(root_fd, "a.txt", 0);
        unlinkat(root_fd, "a.txt.taxon.json", 0);
    }
    rmdir(path);
    end();
}
END_TEST

START_TEST(a_large_document_is_copied_whole)
{
    const size_t size = 3u << 20;
    char *text = malloc(size + 1);

    begin();
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i * 7 % 26);
    text[size] = '\0';
    put(work_fd, ID, text);
    faults.work_fd = work_fd;
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    int fd = openat(root_fd, "a.txt", O_RDONLY);
    ck_assert_int_eq(file_same_bytes(fd, placement.document_fd), 1);
    file_close(&fd);
    done(&placement);
    free(text);
    end();
}
END_TEST

START_TEST(a_copy_that_differs_is_no_copy)
{
    begin();
    faults.work_fd = work_fd;
    faults.differ = true;
    struct placement placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    ck_assert_int_eq(place_document(&placement, NULL), -EIO);
    check_file(work_fd, ID, DOCUMENT);
    ck_assert_int_eq(count_files(root_fd, "d"), 0);
    place(&placement);
    check_file(root_fd, "d/a.txt", DOCUMENT);
    done(&placement);
    end();
}
END_TEST

/* Name and sidecar's name conflict together and share one number. */
START_TEST(names_that_are_taken)
{
    begin();
    put(root_fd, "d/a.txt", "other bytes");
    put(root_fd, "d/a-2.txt.taxon.json", "{}");
    ck_assert_int_eq(symlinkat("/etc/passwd", root_fd, "d/a-3.txt"), 0);
    ck_assert_int_eq(mkdirat(root_fd, "d/a-4.txt", 0700), 0);
    ck_assert_int_eq(mkfifoat(root_fd, "d/a-5.txt", 0600), 0);
    put(root_fd, "d/a-6.txt", "The document's own bytes!\n"); /* of the same size */
    ck_assert_int_eq(symlinkat("a-7.txt", root_fd, "d/a-7.txt.taxon.json"), 0);
    struct placement placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-8.txt");
    ck_assert(!placement.same);
    check_file(root_fd, "d/a.txt", "other bytes");
    check_file(root_fd, "d/a-2.txt.taxon.json", "{}");
    check_file(root_fd, "d/a-8.txt", DOCUMENT);
    check_file(root_fd, "d/a-8.txt.taxon.json", RECORD);
    ck_assert(!exists(root_fd, "d/a-2.txt"));
    ck_assert(!exists(root_fd, "d/a.txt.taxon.json"));
    ck_assert_int_eq(count_files(root_fd, "d"), 9);
    done(&placement);
    end();
}
END_TEST

START_TEST(policy_fail)
{
    struct err err = {""};

    begin();
    put(root_fd, "a.txt", "other bytes");
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    placement.policy = CONFLICT_FAIL;
    ck_assert_int_eq(place_document(&placement, &err), -EEXIST);
    ck_assert_ptr_nonnull(strstr(err.text, "a.txt: the name is taken"));
    ck_assert_ptr_null(placement.placed);
    ck_assert_int_eq(placement.folder_fd, -1);
    check_file(work_fd, ID, DOCUMENT);
    ck_assert_int_eq(count_files(root_fd, "."), 1);
    put(root_fd, "a.txt", DOCUMENT); /* the same bytes are no conflict */
    place(&placement);
    ck_assert(placement.same);
    done(&placement);
    end();
}
END_TEST

START_TEST(the_same_bytes_are_there)
{
    begin();
    put(root_fd, "d/a.txt", DOCUMENT);
    struct placement placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same && !placement.copied);
    ck_assert_int_eq(faults.syncs, 1); /* whoever wrote it may not have synced it */
    ck_assert_str_eq(placement.placed, "d/a.txt");
    check_file(work_fd, ID, DOCUMENT);
    ck_assert_int_eq(count_files(root_fd, "d"), 1);
    finish(&placement);
    done(&placement);
    /* Under a later number, too, and whatever its sidecar says. */
    put_document();
    put(root_fd, "d/a.txt", "other bytes");
    put(root_fd, "d/a-2.txt", DOCUMENT);
    put(root_fd, "d/a-2.txt.taxon.json", "{\"id\":\"another\"}");
    placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    check_file(root_fd, "d/a-2.txt.taxon.json", "{\"id\":\"another\"}");
    ck_assert_int_eq(count_files(root_fd, "d"), 3);
    finish(&placement);
    done(&placement);
    /* After the source is gone and before that is remembered. */
    placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    ck_assert_int_eq(placement.document_fd, -1);
    place(&placement);
    ck_assert(placement.same);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    finish(&placement);
    done(&placement);
    end();
}
END_TEST

/* rename(2) between two links of one file "succeeds" and leaves both. */
START_TEST(a_link_to_the_document_itself)
{
    begin();
    ck_assert_int_eq(linkat(work_fd, ID, root_fd, "a.txt", 0), 0);
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same);
    finish(&placement);
    check_file(root_fd, "a.txt", DOCUMENT);
    done(&placement);
    end();
}
END_TEST

START_TEST(empty_documents)
{
    begin();
    put(work_fd, ID, "");
    put(root_fd, "a.txt", "");
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same);
    done(&placement);
    placement = placement_of("b.txt", "b.txt.taxon.json");
    place(&placement);
    check_file(root_fd, "b.txt", "");
    check_file(root_fd, "b.txt.taxon.json", RECORD);
    done(&placement);
    end();
}
END_TEST

/* Behind the numbers, digits of the digest: the same bytes meet there again. */
START_TEST(very_many_of_one_name)
{
    char name[64];
    char sidecar[128];
    char hex[DIGEST_HEX_SIZE];

    begin();
    put(root_fd, "index.html", "0");
    for (int i = 2; i <= PLACE_NUMBERS_MAX; i++) {
        snprintf(name, sizeof name, "index-%d.html", i);
        put(root_fd, name, "other");
    }
    digest_hex(&digest, hex);
    snprintf(name, sizeof name, "index-%.12s.html", hex);
    struct placement placement = placement_of("index.html", "index.html.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, name);
    ck_assert(!placement.same);
    done(&placement);
    /* With nothing in work/ any more, and with another document of the same bytes. */
    placement = placement_of("index.html", "index.html.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, name);
    ck_assert(!placement.same);
    done(&placement);
    put_document();
    placement = placement_of("index.html", "index.html.taxon.json");
    placement.digest = NULL; /* read from the document */
    placement.sidecar_data = "{}";
    placement.sidecar_len = 2;
    place(&placement);
    ck_assert_str_eq(placement.placed, name);
    ck_assert(placement.same);
    finish(&placement);
    done(&placement);
    /* That name is taken as well: the id is nobody else's. */
    put_document();
    put(root_fd, name, "other");
    snprintf(sidecar, sizeof sidecar, "%s.taxon.json", name);
    put(root_fd, sidecar, "{}");
    placement = placement_of("index.html", "index.html.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "index-" ID ".html");
    done(&placement);
    /* And that one, too. */
    put_document();
    put(root_fd, "index-" ID ".html", "other");
    put(root_fd, "index-" ID ".html.taxon.json", "{}");
    placement = placement_of("index.html", "index.html.taxon.json");
    ck_assert_int_eq(place_document(&placement, NULL), -EEXIST);
    check_file(work_fd, ID, DOCUMENT);
    done(&placement);
    end();
}
END_TEST

START_TEST(a_long_name_has_room_for_number_and_sidecar)
{
    char name[256];
    char sidecar[300];
    char wanted[300];

    begin();
    memset(name, 'n', 240);
    memcpy(name + 240, ".txt", 5);
    snprintf(sidecar, sizeof sidecar, "%s.taxon.json", name);
    put(root_fd, name, "other");
    struct placement placement = placement_of(name, sidecar);
    place(&placement);
    snprintf(wanted, sizeof wanted, "%.*s-2.txt", 238, name);
    ck_assert_str_eq(placement.placed, wanted);
    done(&placement);
    end();
}
END_TEST

START_TEST(quarantine)
{
    begin();
    struct placement placement = placement_of(ID "/a.txt", ID "/reason.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, ID "/a.txt");
    check_file(root_fd, ID "/a.txt", DOCUMENT);
    check_file(root_fd, ID "/reason.json", RECORD);
    done(&placement);
    placement = placement_of(ID "/a.txt", ID "/reason.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, ID "/a.txt");
    done(&placement);
    end();
}
END_TEST

START_TEST(never_outside_the_root)
{
    static const struct {
        const char *target;
        const char *sidecar;
        int code;
    } cases[] = {
        {"../a.txt", "../a.txt.taxon.json", -EXDEV},
        {"d/../../a.txt", "", -EXDEV},
        {"/tmp/a.txt", "", -EXDEV},
        {"link/a.txt", "", -ELOOP},
        {"", "", -EBADMSG},
        {"d/", "", -EBADMSG},
        {"d/..", "", -EBADMSG},
        {"d/.", "", -EBADMSG},
        {"d/a.txt", "e/a.txt.taxon.json", -EBADMSG},
        {"d/a.txt", "d/a.txt", -EBADMSG},
        {"d/a.txt", "d/", -EBADMSG},
    };

    begin();
    ck_assert_int_eq(symlinkat("/tmp", root_fd, "link"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {""};
        struct placement placement = placement_of(cases[i].target, cases[i].sidecar);
        ck_assert_int_eq(place_document(&placement, &err), cases[i].code);
        ck_assert_str_ne(err.text, "");
        check_file(work_fd, ID, DOCUMENT);
        done(&placement);
    }
    ck_assert_int_le(count_files(root_fd, "."), 2); /* link, d */
    end();
}
END_TEST

/* Places the document, and again as after a crash, in between and behind. */
static void check_beside(const char *target, const char *wanted)
{
    char sidecar[256];

    snprintf(sidecar, sizeof sidecar, "%s.taxon.json", target);
    for (int again = 0; again < 3; again++) {
        struct err err = {""};
        struct placement placement = placement_of(target, sidecar);
        ck_assert_msg(place_document(&placement, &err) == 0, "%s", err.text);
        ck_assert_str_eq(placement.placed, wanted);
        ck_assert(!placement.same);
        snprintf(sidecar, sizeof sidecar, "%s.taxon.json", wanted);
        check_file(root_fd, wanted, DOCUMENT);
        check_file(root_fd, sidecar, RECORD);
        ck_assert(!exists(work_fd, ID));
        snprintf(sidecar, sizeof sidecar, "%s.taxon.json", target);
        done(&placement);
    }
}

/* A document may be called as a folder that others are to go into: `news/sport`. */
START_TEST(a_file_stands_where_a_folder_belongs)
{
    char path[64];

    begin();
    put(root_fd, "d/x", "other");
    check_beside("d/x/a.txt", "d/x-2/a.txt");
    put_document();
    check_beside("d/x/y/z/a.txt", "d/x-2/y/z/a.txt");
    put_document();
    put(root_fd, "d/x-2/v1.0", "other");
    check_beside("d/x/v1.0/a.txt", "d/x-2/v1-2.0/a.txt");
    check_file(root_fd, "d/x", "other");
    check_file(root_fd, "d/x-2/v1.0", "other");

    put_document();
    ck_assert_int_eq(symlinkat("/tmp", root_fd, "d/x-2/link"), 0);
    struct placement linked = placement_of("d/x/link/a.txt", "");
    ck_assert_int_eq(place_document(&linked, NULL), -ELOOP);
    done(&linked);
    ck_assert_int_eq(unlinkat(work_fd, ID, 0), 0);

    /* Whoever takes the numbers, too, cannot know the id. */
    put(root_fd, "x", "other");
    for (int number = 2; number <= 9; number++) {
        snprintf(path, sizeof path, "x-%d", number);
        put(root_fd, path, "other");
    }
    put_document();
    check_beside("x/a.txt", "x-" ID "/a.txt");
    end();
}
END_TEST

START_TEST(a_file_stands_there_and_the_policy_is_to_fail)
{
    struct err err = {""};

    begin();
    put(root_fd, "d/x", "other");
    struct placement placement = placement_of("d/x/a.txt", "d/x/a.txt.taxon.json");
    placement.policy = CONFLICT_FAIL;
    ck_assert_int_eq(place_document(&placement, &err), -ENOTDIR);
    ck_assert_ptr_nonnull(strstr(err.text, "a file stands where the path needs a folder"));
    check_file(work_fd, ID, DOCUMENT);
    ck_assert_int_eq(count_files(root_fd, "d"), 1);
    done(&placement);
    end();
}
END_TEST

START_TEST(another_file_in_its_place)
{
    begin();
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    ck_assert_int_eq(renameat(work_fd, ID, work_fd, "aside"), 0);
    put(work_fd, ID, "swapped");
    ck_assert_int_eq(place_document(&placement, NULL), -ESTALE);
    ck_assert_int_eq(count_files(root_fd, "."), 0);
    done(&placement);
    end();
}
END_TEST

/* Somebody takes a name between the look and the rename. */
static int races;

static void take_name(const char *to)
{
    if (strchr(to, '-') == NULL || strncmp(to, "a-", 2) == 0) {
        if (races-- > 0)
            put(root_fd, to, "raced");
    }
}

START_TEST(races_for_a_name)
{
    begin();
    faults.before_rename = take_name;
    races = 1; /* the sidecar's */
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "a-2.txt");
    check_file(root_fd, "a.txt.taxon.json", "raced");
    check_file(root_fd, "a-2.txt.taxon.json", RECORD);
    ck_assert_int_eq(count_files(root_fd, "."), 3);
    done(&placement);
    end();
}
END_TEST

static void take_document_name(const char *to)
{
    if (strcmp(to, "a.txt") == 0)
        put(root_fd, to, races-- > 0 ? "raced" : DOCUMENT);
}

START_TEST(races_for_a_document)
{
    begin();
    faults.before_rename = take_document_name;
    races = 1;
    struct placement placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    ck_assert_str_eq(placement.placed, "a-2.txt");
    check_file(root_fd, "a.txt", "raced");
    ck_assert(!exists(root_fd, "a.txt.taxon.json"));
    ck_assert_int_eq(count_files(root_fd, "."), 3);
    done(&placement);
    /* By the very same bytes. */
    put_document();
    ck_assert_int_eq(unlinkat(root_fd, "a.txt", 0), 0);
    ck_assert_int_eq(unlinkat(root_fd, "a-2.txt", 0), 0);
    ck_assert_int_eq(unlinkat(root_fd, "a-2.txt.taxon.json", 0), 0);
    placement = placement_of("a.txt", "a.txt.taxon.json");
    place(&placement);
    ck_assert(placement.same);
    ck_assert_int_eq(count_files(root_fd, "."), 1);
    done(&placement);
    end();
}
END_TEST

/* The states that a crash leaves, made by hand. */

static void check_finished(const char *placed, bool copied)
{
    char sidecar[300];
    struct placement placement = placement_of("d/a.txt", "d/a.txt.taxon.json");

    place(&placement);
    ck_assert_str_eq(placement.placed, placed);
    ck_assert(!placement.same);
    ck_assert_int_eq(placement.copied, copied);
    finish(&placement);
    check_file(root_fd, placed, DOCUMENT);
    snprintf(sidecar, sizeof sidecar, "%s.taxon.json", placed);
    check_file(root_fd, sidecar, RECORD);
    ck_assert(!exists(root_fd, "d/" TEMPORARY));
    ck_assert(!exists(root_fd, "d/" PART));
    done(&placement);
}

START_TEST(crash_with_a_temporary_sidecar)
{
    begin();
    put(root_fd, "d/" TEMPORARY, "{\"half");
    check_finished("d/a.txt", false);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

START_TEST(crash_with_the_sidecar_placed)
{
    begin();
    put(root_fd, "d/a.txt.taxon.json", RECORD);
    check_finished("d/a.txt", false);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

START_TEST(crash_with_the_sidecar_placed_under_a_number)
{
    begin();
    put(root_fd, "d/a.txt", "other");
    put(root_fd, "d/a-2.txt", "other");
    put(root_fd, "d/a-3.txt.taxon.json", RECORD);
    check_finished("d/a-3.txt", false);
    ck_assert_int_eq(count_files(root_fd, "d"), 4);
    end();
}
END_TEST

static void check_begun(const char *sidecar, int wanted)
{
    struct placement placement = placement_of("d/a.txt", sidecar);

    ck_assert_int_eq(place_has_begun(&placement), wanted);
    done(&placement);
}

START_TEST(whether_a_try_has_begun)
{
    begin();
    check_begun("d/a.txt.taxon.json", 0); /* there is no folder, and none is made */
    ck_assert(!exists(root_fd, "d"));
    put(root_fd, "d/a.txt", DOCUMENT);
    put(root_fd, "d/a.txt.taxon.json", "another's");
    put(root_fd, "d/a-2.txt", "other");
    check_begun("d/a.txt.taxon.json", 0);
    put(root_fd, "d/a-3.txt.taxon.json", RECORD);
    check_begun("d/a.txt.taxon.json", 1);
    check_begun("", 0);
    ck_assert_int_eq(count_files(root_fd, "d"), 4);
    end();
}
END_TEST

START_TEST(crash_with_both_placed)
{
    begin();
    put(root_fd, "d/a.txt.taxon.json", RECORD);
    ck_assert_int_eq(renameat(work_fd, ID, root_fd, "d/a.txt"), 0);
    check_finished("d/a.txt", false);
    check_finished("d/a.txt", false);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

START_TEST(crash_with_both_placed_under_a_number)
{
    begin();
    put(root_fd, "d/a.txt", DOCUMENT); /* the same bytes came under the first name meanwhile */
    put(root_fd, "d/a-2.txt.taxon.json", RECORD);
    ck_assert_int_eq(renameat(work_fd, ID, root_fd, "d/a-2.txt"), 0);
    check_finished("d/a-2.txt", false);
    /* The first name has fallen free, and everything before the number with it. */
    ck_assert_int_eq(unlinkat(root_fd, "d/a.txt", 0), 0);
    check_finished("d/a-2.txt", false);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

START_TEST(crash_with_a_copy_and_its_source)
{
    begin();
    put(root_fd, "d/a.txt.taxon.json", RECORD);
    put(root_fd, "d/a.txt", DOCUMENT);
    check_finished("d/a.txt", true);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

START_TEST(crash_with_half_a_copy)
{
    begin();
    faults.work_fd = work_fd;
    put(root_fd, "d/a.txt.taxon.json", RECORD);
    put(root_fd, "d/" PART, "The docu");
    check_finished("d/a.txt", true);
    ck_assert_int_eq(count_files(root_fd, "d"), 2);
    end();
}
END_TEST

/* Our sidecar beside a document that is another's: give the name back, take the next. */
START_TEST(crash_and_the_name_was_taken)
{
    begin();
    put(root_fd, "d/a.txt.taxon.json", RECORD);
    put(root_fd, "d/a.txt", "other");
    check_finished("d/a-2.txt", false);
    ck_assert(!exists(root_fd, "d/a.txt.taxon.json"));
    check_file(root_fd, "d/a.txt", "other");
    ck_assert_int_eq(count_files(root_fd, "d"), 3);
    end();
}
END_TEST

/* Another document's sidecar is not ours, however alike. */
START_TEST(a_sidecar_of_the_same_length)
{
    begin();
    put(root_fd, "d/a.txt.taxon.json", "{\"record\":1,\"id\":\"" OTHER_ID "\"}");
    ck_assert_uint_eq(strlen("{\"record\":1,\"id\":\"" OTHER_ID "\"}"), strlen(RECORD));
    check_finished("d/a-2.txt", false);
    end();
}
END_TEST

START_TEST(nothing_anywhere)
{
    struct err err = {""};

    begin();
    put(root_fd, "d/a.txt", "other");
    ck_assert_int_eq(unlinkat(work_fd, ID, 0), 0);
    struct placement placement = placement_of("d/a.txt", "d/a.txt.taxon.json");
    ck_assert_int_eq(place_document(&placement, &err), -ENOENT);
    ck_assert_ptr_nonnull(strstr(err.text, "neither in work/ nor where it belongs"));
    placement.target = "never/made/a.txt";
    placement.sidecar = "never/made/a.txt.taxon.json";
    ck_assert_int_eq(place_document(&placement, &err), -ENOENT);
    ck_assert(!exists(root_fd, "never"));
    /* A sidecar without its document is no document. */
    put(root_fd, "d/b.txt.taxon.json", RECORD);
    placement.target = "d/b.txt";
    placement.sidecar = "d/b.txt.taxon.json";
    ck_assert_int_eq(place_document(&placement, &err), -ENOENT);
    done(&placement);
    end();
}
END_TEST

START_TEST(without_sidecars_the_inode_tells)
{
    struct stat status;

    begin();
    put(root_fd, "d/a.txt", "other");
    ck_assert_int_eq(fstatat(work_fd, ID, &status, 0), 0);
    ck_assert_int_eq(renameat(work_fd, ID, root_fd, "d/a-2.txt"), 0);
    struct placement placement = placement_of("d/a.txt", "");
    placement.digest = NULL;
    ck_assert_int_eq(place_document(&placement, NULL), -ENOENT);
    placement.device = status.st_dev;
    placement.inode = status.st_ino;
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    ck_assert(!placement.same);
    done(&placement);
    /* Or the descriptor, when the document was moved a moment ago. */
    placement = placement_of("d/a.txt", "");
    placement.document_fd = openat(root_fd, "d/a-2.txt", O_RDONLY | O_CLOEXEC);
    placement.digest = NULL;
    place(&placement);
    ck_assert_str_eq(placement.placed, "d/a-2.txt");
    ck_assert(!placement.same);
    done(&placement);
    end();
}
END_TEST

/* A failure and a crash at every call, of every way that a placement can go. */

struct scenario {
    const char *name;
    const char *target;
    const char *sidecar;
    bool across;        /* file systems */
    const char *first;  /* what stands at the target before, or NULL */
    const char *placed; /* where the document must end, */
    const char *record; /* its sidecar, or NULL */
    int files;          /* and how many there are then in the folder */
    bool same;
};

static const struct scenario scenarios[] = {
    {"plain", "d/a.txt", "d/a.txt.taxon.json", false, NULL, "d/a.txt", "d/a.txt.taxon.json", 2,
     false},
    {"across", "d/a.txt", "d/a.txt.taxon.json", true, NULL, "d/a.txt", "d/a.txt.taxon.json", 2,
     false},
    {"taken", "d/a.txt", "d/a.txt.taxon.json", false, "other", "d/a-2.txt", "d/a-2.txt.taxon.json",
     3, false},
    {"across, taken", "d/a.txt", "d/a.txt.taxon.json", true, "The document's own bytes!\n",
     "d/a-2.txt", "d/a-2.txt.taxon.json", 3, false},
    {"same", "d/a.txt", "d/a.txt.taxon.json", false, DOCUMENT, "d/a.txt", NULL, 1, true},
    {"across, same", "d/a.txt", "d/a.txt.taxon.json", true, DOCUMENT, "d/a.txt", NULL, 1, true},
    {"no sidecar", "d/a.txt", "", false, NULL, "d/a.txt", NULL, 1, false},
    {"across, no sidecar", "d/a.txt", "", true, NULL, "d/a.txt", NULL, 1, false},
    {"quarantine", "q/a.txt", "q/reason.json", false, NULL, "q/a.txt", "q/reason.json", 2, false},
    {"across, quarantine", "q/a.txt", "q/reason.json", true, NULL, "q/a.txt", "q/reason.json", 2,
     false},
};

static void check_end(const struct scenario *scenario)
{
    ck_assert(!exists(work_fd, ID));
    check_file(root_fd, scenario->placed, DOCUMENT);
    if (scenario->record != NULL)
        check_file(root_fd, scenario->record, RECORD);
    if (scenario->first != NULL)
        check_file(root_fd, scenario->target, scenario->first);
    ck_assert_int_eq(count_files(root_fd, scenario->target[0] == 'd' ? "d" : "q"), scenario->files);
}

/* After a failure that is no crash: the document is where it was, and no name is half taken. */
static void check_undone(const struct scenario *scenario)
{
    check_file(work_fd, ID, DOCUMENT);
    if (exists(root_fd, scenario->target[0] == 'd' ? "d" : "q"))
        ck_assert_int_le(count_files(root_fd, scenario->target[0] == 'd' ? "d" : "q"),
                         scenario->first != NULL);
}

/* One call fails (or, `dead`, all from it on); then taxond starts anew. Whether that call came. */
static bool run_scenario(const struct scenario *scenario, int fail_at, bool dead, int error)
{
    struct stat claimed;

    begin();
    if (scenario->first != NULL)
        put(root_fd, scenario->target, scenario->first);
    ck_assert_int_eq(fstatat(work_fd, ID, &claimed, 0), 0);
    faults.work_fd = scenario->across ? work_fd : -1;

    struct placement placement = placement_of(scenario->target, scenario->sidecar);
    faults.count = 0;
    faults.dead = dead;
    faults.error = error;
    faults.fail_at = fail_at;
    int code = place_document(&placement, NULL);
    bool failed = faults.count >= fail_at;
    faults.fail_at = 0;
    ck_assert_msg(failed || code == 0, "%s: %d", scenario->name, code);
    if (code < 0 && !dead)
        check_undone(scenario);
    done(&placement);

    for (int again = 0; again < 3; again++) { /* before, and twice after the end is remembered */
        placement = placement_of(scenario->target, scenario->sidecar);
        placement.device = claimed.st_dev;
        placement.inode = claimed.st_ino;
        struct err err = {""};
        code = place_document(&placement, &err);
        ck_assert_msg(code == 0, "%s, call %d (%s): %s", scenario->name, fail_at, faults.last,
                      err.text);
        ck_assert_str_eq(placement.placed, scenario->placed);
        if (scenario->sidecar[0] != '\0')
            ck_assert_int_eq(placement.same, scenario->same);
        finish(&placement);
        done(&placement);
        check_end(scenario);
    }
    end();
    return failed;
}

static void run_all(bool dead, int error, int least)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        int calls = 0;
        while (run_scenario(&scenarios[i], calls + 1, dead, error))
            calls++;
        ck_assert_msg(calls >= least, "%s: only %d calls", scenarios[i].name, calls);
    }
}

START_TEST(a_failure_at_every_call)
{
    run_all(false, EIO, 6);
    run_all(false, ENOSPC, 6);
}
END_TEST

START_TEST(a_crash_at_every_call)
{
    run_all(true, EIO, 6);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        one_document_and_its_sidecar,
        a_sidecar_that_waits_in_work,
        across_file_systems,
        across_real_file_systems,
        a_large_document_is_copied_whole,
        a_copy_that_differs_is_no_copy,
        names_that_are_taken,
        policy_fail,
        the_same_bytes_are_there,
        a_link_to_the_document_itself,
        empty_documents,
        very_many_of_one_name,
        a_long_name_has_room_for_number_and_sidecar,
        quarantine,
        never_outside_the_root,
        a_file_stands_where_a_folder_belongs,
        a_file_stands_there_and_the_policy_is_to_fail,
        another_file_in_its_place,
        races_for_a_name,
        races_for_a_document,
        crash_with_a_temporary_sidecar,
        crash_with_the_sidecar_placed,
        crash_with_the_sidecar_placed_under_a_number,
        whether_a_try_has_begun,
        crash_with_both_placed,
        crash_with_both_placed_under_a_number,
        crash_with_a_copy_and_its_source,
        crash_with_half_a_copy,
        crash_and_the_name_was_taken,
        a_sidecar_of_the_same_length,
        nothing_anywhere,
        without_sidecars_the_inode_tells,
        a_failure_at_every_call,
        a_crash_at_every_call,
    };

    return FIXTURE_RUN("route/place", tests);
}
