/* Tests of base/arena: zeroed, aligned, within its budget, and reusable. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "suite.h"

static int is_filled(const unsigned char *memory, size_t size, size_t byte)
{
    for (size_t i = 0; i < size; i++)
        if (memory[i] != byte)
            return 0;
    return 1;
}

START_TEST(memory_is_zeroed_aligned_and_apart)
{
    enum { COUNT = 3000 };
    static unsigned char *memories[COUNT];
    static size_t sizes[COUNT];
    uint64_t random = 1;
    struct arena arena;

    arena_init(&arena, 0);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            sizes[i] = suite_random(&random) % (i % 100 == 0 ? 200000 : 300);
            memories[i] = arena_alloc(&arena, sizes[i]);
            ck_assert_ptr_nonnull(memories[i]);
            ck_assert_uint_eq((uintptr_t)memories[i] % alignof(max_align_t), 0);
            ck_assert(is_filled(memories[i], sizes[i], 0));
            memset(memories[i], (int)(i % 255 + 1), sizes[i]);
        }
        for (size_t i = 0; i < COUNT; i++)
            ck_assert(is_filled(memories[i], sizes[i], i % 255 + 1));
        arena_reset(&arena);
        ck_assert_uint_eq(arena.used, 0);
    }
    arena_release(&arena);
}
END_TEST

START_TEST(budget_holds)
{
    struct arena arena;
    size_t got = 0;

    arena_init(&arena, 1 << 20);
    ck_assert_ptr_null(arena_alloc(&arena, (1 << 20) + 1));
    ck_assert_uint_eq(arena.used, 0);
    while (arena_alloc(&arena, 1000) != NULL)
        got += 1000;
    ck_assert_uint_le(got, 1 << 20);
    ck_assert_uint_gt(got, (1 << 20) - (1 << 15));
    ck_assert_uint_le(arena.used, 1 << 20);
    arena_reset(&arena);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 1 << 20));
    ck_assert_ptr_null(arena_alloc(&arena, 1));
    arena_release(&arena);
}
END_TEST

START_TEST(endless_empty_requests_end)
{
    struct arena arena;
    size_t count = 0;

    arena_init(&arena, 4096);
    while (arena_alloc(&arena, 0) != NULL)
        ck_assert_uint_le(++count, 4096);
    ck_assert_uint_gt(count, 0);
    arena_release(&arena);
}
END_TEST

START_TEST(impossible_sizes_fail)
{
    struct arena arena;

    arena_init(&arena, 0);
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX - 15));
    ck_assert_ptr_null(arena_alloc(&arena, PTRDIFF_MAX));
    ck_assert_ptr_null(arena_strndup(&arena, "a", SIZE_MAX));
    ck_assert_ptr_nonnull(arena_alloc(&arena, 16));
    arena_release(&arena);
}
END_TEST

START_TEST(reset_keeps_one_ordinary_block)
{
    struct arena arena;

    arena_init(&arena, 0);
    arena_reset(&arena); /* an unused one as well */
    ck_assert_ptr_nonnull(arena_alloc(&arena, 100));
    void *kept = arena.first;
    ck_assert_ptr_nonnull(arena_alloc(&arena, 64 << 20));
    arena_reset(&arena);
    ck_assert_ptr_eq(arena.first, kept);
    ck_assert_ptr_eq(arena.current, kept);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 100));
    ck_assert_ptr_eq(arena.first, kept);
    arena_release(&arena);
    ck_assert_ptr_null(arena.first);
    ck_assert_ptr_null(arena.current);
}
END_TEST

START_TEST(large_request_does_not_waste_the_current_block)
{
    struct arena arena;

    arena_init(&arena, 0);
    char *before = arena_alloc(&arena, 16);
    arena_alloc(&arena, 10 << 20);
    char *after = arena_alloc(&arena, 16);
    ck_assert_ptr_eq(after, before + 16);
    arena_release(&arena);
}
END_TEST

START_TEST(copies_are_whole_and_end_with_nul)
{
    struct arena arena;

    arena_init(&arena, 0);
    ck_assert_str_eq(arena_strdup(&arena, "中文"), "中文");
    ck_assert_str_eq(arena_strdup(&arena, ""), "");
    ck_assert_str_eq(arena_strndup(&arena, "abcdef", 3), "abc");
    ck_assert_str_eq(arena_strndup(&arena, NULL, 0), "");
    ck_assert_mem_eq(arena_strndup(&arena, "a\0b", 3), "a\0b\0", 4);
    ck_assert_mem_eq(arena_memdup(&arena, "\1\0\2", 3), "\1\0\2", 3);
    ck_assert_ptr_nonnull(arena_memdup(&arena, NULL, 0));
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        memory_is_zeroed_aligned_and_apart, budget_holds,
        endless_empty_requests_end,         impossible_sizes_fail,
        reset_keeps_one_ordinary_block,     large_request_does_not_waste_the_current_block,
        copies_are_whole_and_end_with_nul,
    };

    return SUITE_RUN("base/arena", tests);
}
