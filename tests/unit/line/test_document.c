/* Slots and the lists that hold them: each document is in one hand, and none is lost in between. */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/suite.h"
#include "line/document.h"

#define SLOTS 5u

static struct documents documents;

static void setup(void)
{
    ck_assert_int_eq(documents_init(&documents, NULL, SLOTS), 0);
}

static void teardown(void)
{
    documents_release(&documents);
}

START_TEST(test_a_list_gives_back_what_came_first)
{
    struct document_list list, other;
    struct document *taken[SLOTS];

    document_list_init(&list);
    document_list_init(&other);
    ck_assert_ptr_null(document_list_pop(&list));
    for (size_t i = 0; i < SLOTS; i++) {
        taken[i] = document_take(&documents);
        document_list_push(&list, taken[i]);
    }
    ck_assert_ptr_null(document_take(&documents));
    document_list_move(&list, &other, 2);
    ck_assert_uint_eq(other.count, 2);
    ck_assert_uint_eq(list.count, 3);
    document_list_move(&list, &other, UINT32_MAX);
    ck_assert_uint_eq(list.count, 0);
    ck_assert_ptr_null(list.first);
    for (size_t i = 0; i < SLOTS; i++)
        ck_assert_ptr_eq(document_list_pop(&other), taken[i]);
    ck_assert_ptr_null(document_list_pop(&other));
    document_list_push(&other, taken[0]); /* usable after it was empty */
    ck_assert_ptr_eq(document_list_pop(&other), taken[0]);
    document_list_move(&other, &list, 0);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(test_a_slot_given_back_holds_nothing)
{
    struct document *document = document_take(&documents);
    struct id first = document->id;

    document->file.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = document->file.fd;
    document_set_path(document, strdup("sub/a.txt"));
    ck_assert_str_eq(document->name, "a.txt");
    strbuf_append(&document->record, "{}", 2);
    document->decided_row = document->suspect = document->gone = document->tried = true;
    document->attempt.alone = true;
    document->step_result = document->read_result = -1;
    document_give_back(&documents, document);
    ck_assert_int_lt(fcntl(fd, F_GETFD), 0);
    ck_assert_uint_eq(documents.free.count, SLOTS);
    for (size_t i = 0; i < SLOTS; i++) { /* the same slot comes round again */
        document = document_take(&documents);
        ck_assert_str_ne(document->id.text, first.text);
        ck_assert_ptr_null(document->path);
        ck_assert_int_eq(document->file.fd, -1);
        ck_assert_uint_eq(document->record.len, 0);
        ck_assert(!document->decided_row && !document->suspect && !document->gone);
        ck_assert(!document->tried && !document->attempt.alone);
        ck_assert_int_eq(document->step_result, 0);
        ck_assert_int_eq(document->read_result, 0);
    }
}
END_TEST

START_TEST(test_a_hostile_name_is_shown_clean_and_kept_whole)
{
    struct document *document = document_take(&documents);
    char *path = malloc(300);

    memset(path, '\x1b', 255);
    path[255] = '\0';
    document_set_path(document, path);
    ck_assert_ptr_null(strchr(document->name, '\x1b'));
    ck_assert_uint_lt(strlen(document->name), DOCUMENT_NAME_SIZE);
    ck_assert_uint_eq(strlen(document->path), 255);
    document_give_back(&documents, document);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_a_list_gives_back_what_came_first,
        test_a_slot_given_back_holds_nothing,
        test_a_hostile_name_is_shown_clean_and_kept_whole,
    };

    return suite_run_with("document", tests, sizeof(tests) / sizeof(tests[0]), setup, teardown);
}
