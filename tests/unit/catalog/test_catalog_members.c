/* Members of containers, what sleeps and what wakes, and how far a container has come. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "place.h"

static struct err err;
static struct catalog *catalog;

static void setup(void)
{
    place_make();
    ck_assert_msg(catalog_open(path, &catalog, &err) == 0, "%s", err.text);
}

static void teardown(void)
{
    catalog_close(catalog);
    place_remove();
}

static void begin(void)
{
    ck_assert_int_eq(catalog_begin(catalog, &err), 0);
}

static void commit(void)
{
    ck_assert_int_eq(catalog_commit(catalog, &err), 0);
}

static struct id claim(const char *name)
{
    struct catalog_claim claim = {.inbox = "main", .path = name, .size = 1000};

    ck_assert_int_eq(id_new(&claim.id), 0);
    begin();
    ck_assert_int_eq(catalog_add_claim(catalog, &claim, 1, &err), 0);
    commit();
    return claim.id;
}

static struct catalog_container container_of(const struct id *id)
{
    struct catalog_container container;

    ck_assert_int_eq(catalog_container_read(catalog, id, &container, &err), 0);
    return container;
}

static struct id member_id(uint64_t index)
{
    struct id id;

    ck_assert_int_eq(id_derive(&index, sizeof(index), &id), 0);
    ck_assert(id_is_valid(id.text));
    return id;
}

/* `count` members from `first` on, and the container to sleep. */
static void add(const struct id *id, uint64_t first, uint64_t count, bool ended)
{
    struct catalog_container container = container_of(id);
    struct catalog_member members[8];
    const struct digest digest = {{1}};

    memset(members, 0, sizeof(members));
    for (uint64_t i = 0; i < count; i++) {
        members[i].claim = (struct catalog_claim){.id = member_id(first + i),
                                                  .inbox = "main",
                                                  .path = "c.zip/\xff",
                                                  .size = 10};
        members[i].digest = (struct digest){{7}};
        members[i].origin = (struct catalog_origin){.is_member = true,
                                                    .container = digest,
                                                    .member = first + i,
                                                    .depth = 1,
                                                    .outermost = container.outermost,
                                                    .name = "d/\xff",
                                                    .url = "http://o.example/",
                                                    .date = "2024-05-06",
                                                    .charset = "gb2312",
                                                    .media_type = "text/html"};
    }
    container.next = first + count;
    container.next_offset = 77;
    container.ended = ended;
    container.taken += count;
    strcpy(container.verdict, ended ? "truncated" : "");
    begin();
    ck_assert_msg(catalog_add_members(catalog, &container, members, count, &err) == 0, "%s",
                  err.text);
    ck_assert_int_eq(catalog_sleep(catalog, id, &digest, &err), 0);
    commit();
}

/* The next that wakes, or NULL. Its id, whether it is a member. */
static const char *wake(void)
{
    static char text[ID_TEXT_SIZE + 8];
    int64_t number = INT64_MAX;
    struct catalog_woken woken;
    int result;

    begin();
    result = catalog_wake(catalog, &number, &woken, &err);
    ck_assert_int_ge(result, 0);
    commit();
    if (result == 0)
        return NULL;
    snprintf(text, sizeof(text), "%s%s", woken.claim.id.text, woken.is_member ? " m" : "");
    catalog_woken_release(&woken);
    return text;
}

static void gone(const struct id *id)
{
    begin();
    ck_assert_int_eq(catalog_set_gone(catalog, id, &err), 0);
    commit();
}

static int count_one(void *context, const struct catalog_open_row *row)
{
    (void)row;
    (*(int *)context)++;
    return 0;
}

START_TEST(a_container_wakes_when_its_members_are_done)
{
    struct id id = claim("c.zip");
    char text[ID_TEXT_SIZE + 8];
    uint64_t asleep = 0;
    uint64_t open = 9;
    int seen = 0;

    add(&id, 0, 2, false);
    ck_assert_int_eq(catalog_count_asleep(catalog, &asleep, &err), 0);
    ck_assert_uint_eq(asleep, 3);
    ck_assert_int_eq(catalog_count_open(catalog, &open, &err), 0);
    ck_assert_uint_eq(open, 0);
    ck_assert_int_eq(catalog_each_open(catalog, count_one, &seen, &err), 0);
    ck_assert_int_eq(seen, 0);
    for (uint64_t i = 2; i-- > 0;) { /* the newest first */
        struct id member = member_id(i);

        snprintf(text, sizeof(text), "%s m", member.text);
        ck_assert_str_eq(wake(), text);
    }
    ck_assert_ptr_null(wake());
    for (uint64_t i = 0; i < 2; i++) {
        struct id member = member_id(i);

        gone(&member);
        if (i == 0)
            ck_assert_ptr_null(wake());
    }
    ck_assert_str_eq(wake(), id.text);
    ck_assert_ptr_null(wake());
    ck_assert_int_eq(catalog_each_open(catalog, count_one, &seen, &err), 0);
    ck_assert_int_eq(seen, 1);
}
END_TEST

START_TEST(a_checkpoint_and_an_origin_come_back)
{
    struct id id = claim("c.zip");
    struct catalog_container container = container_of(&id);
    struct catalog_origin *origin;
    struct id member = member_id(4);

    ck_assert(!container.ended && container.next == 0 && container.verdict[0] == '\0');
    ck_assert_uint_eq(container.outermost_size, 1000);
    ck_assert_int_eq(container.outermost, container.number);
    add(&id, 3, 2, false);
    add(&id, 5, 3, true);
    container = container_of(&id);
    ck_assert(container.ended);
    ck_assert_uint_eq(container.next, 8);
    ck_assert_uint_eq(container.next_offset, 77);
    ck_assert_uint_eq(container.taken, 5);
    ck_assert_uint_eq(container.used_members, 5);
    ck_assert_uint_eq(container.used_bytes, 50);
    ck_assert_str_eq(container.verdict, "truncated");
    ck_assert_int_eq(catalog_origin_read(catalog, &id, &origin, &err), 0);
    ck_assert_ptr_null(origin);
    ck_assert_int_eq(catalog_origin_read(catalog, &member, &origin, &err), 1);
    ck_assert(origin->is_member);
    ck_assert_uint_eq(origin->member, 4);
    ck_assert_uint_eq(origin->container.bytes[0], 1);
    ck_assert_str_eq(origin->name, "d/\xff");
    ck_assert_str_eq(origin->url, "http://o.example/");
    ck_assert_str_eq(origin->date, "2024-05-06");
    ck_assert_str_eq(origin->charset, "gb2312");
    ck_assert_str_eq(origin->media_type, "text/html");
    free(origin);
}
END_TEST

START_TEST(what_is_inside_of_members_counts_for_the_outermost)
{
    struct id id = claim("c.zip");
    struct id inner = member_id(0);

    add(&id, 0, 1, true);
    ck_assert_ptr_nonnull(wake());
    add(&inner, 10, 4, true);
    ck_assert_uint_eq(container_of(&id).used_members, 5);
    ck_assert_uint_eq(container_of(&id).taken, 1);
    ck_assert_uint_eq(container_of(&inner).taken, 4);
    ck_assert_uint_eq(container_of(&inner).used_members, 5);
    ck_assert_uint_eq(container_of(&inner).outermost_size, 1000);
}
END_TEST

START_TEST(a_broken_off_transaction_leaves_nothing)
{
    struct id id = claim("c.zip");
    struct catalog_container container = container_of(&id);
    struct catalog_origin *origin;
    struct id member = member_id(0);
    enum catalog_state state;
    char *found;

    begin();
    ck_assert_int_eq(catalog_add_members(catalog, &container, NULL, 0, &err), 0);
    catalog_rollback(catalog);
    ck_assert_uint_eq(container_of(&id).next, 0);
    ck_assert_int_eq(catalog_find(catalog, &member, &state, &found, &err), -ENOENT);
    ck_assert_int_eq(catalog_origin_read(catalog, &member, &origin, &err), 0);
    ck_assert_int_eq(catalog_container_read(catalog, &member, &container, &err), -ENOENT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog");
    TCase *tests = tcase_create("members");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_container_wakes_when_its_members_are_done);
    tcase_add_test(tests, a_checkpoint_and_an_origin_come_back);
    tcase_add_test(tests, what_is_inside_of_members_counts_for_the_outermost);
    tcase_add_test(tests, a_broken_off_transaction_leaves_nothing);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
