/* Tests of wire/setup and wire/job: there and back, and nothing cut off is taken. */
#include "wire/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/suite.h"
#include "wire/job.h"

static struct arena arena;
static struct strbuf out;

static void setup(void)
{
    arena_init(&arena, 0);
    strbuf_init(&out);
}

static void teardown(void)
{
    arena_release(&arena);
    strbuf_release(&out);
}

START_TEST(config_comes_back)
{
    struct setup_config config = {"/etc/taxond/caf\xe9.yaml", UINT64_MAX};
    struct setup_config back = {"untouched", 1};

    setup_pack_config(&out, &config);
    for (size_t len = 0; len < out.len; len++)
        ck_assert_int_eq(setup_unpack_config(&arena, out.data, len, &back), -EPROTO);
    ck_assert_str_eq(back.file, "untouched");
    ck_assert_int_eq(setup_unpack_config(&arena, out.data, out.len, &back), 0);
    ck_assert_str_eq(back.file, config.file);
    ck_assert_uint_eq(back.generation, UINT64_MAX);
    strbuf_putc(&out, 'x');
    ck_assert_int_eq(setup_unpack_config(&arena, out.data, out.len, &back), -EPROTO);
}
END_TEST

START_TEST(plugin_comes_back)
{
    struct setup_plugin plugin = {7, "/usr/lib/taxond/genre.so", {{1, 2, 3}}, 1};
    struct setup_plugin back = {0};

    setup_pack_plugin(&out, &plugin);
    for (size_t len = 0; len < out.len; len++)
        ck_assert_int_eq(setup_unpack_plugin(&arena, out.data, len, &back), -EPROTO);
    ck_assert_ptr_null(back.path);
    ck_assert_int_eq(setup_unpack_plugin(&arena, out.data, out.len, &back), 0);
    ck_assert_uint_eq(back.index, 7);
    ck_assert_str_eq(back.path, plugin.path);
    ck_assert_mem_eq(&back.digest, &plugin.digest, sizeof back.digest);
    ck_assert_uint_eq(back.off, 1);
}
END_TEST

START_TEST(resource_comes_back)
{
    struct setup_resource resource = {3, "lexicons", 11, "/etc/topics/\xff.yaml", {{9}}};
    struct setup_resource back = {0};

    setup_pack_resource(&out, &resource);
    for (size_t len = 0; len < out.len; len++)
        ck_assert_int_eq(setup_unpack_resource(&arena, out.data, len, &back), -EPROTO);
    ck_assert_ptr_null(back.path);
    ck_assert_int_eq(setup_unpack_resource(&arena, out.data, out.len, &back), 0);
    ck_assert_uint_eq(back.plugin, 3);
    ck_assert_str_eq(back.option, "lexicons");
    ck_assert_uint_eq(back.index, 11);
    ck_assert_str_eq(back.path, resource.path);
    ck_assert_mem_eq(&back.digest, &resource.digest, sizeof back.digest);
}
END_TEST

START_TEST(forked_comes_back)
{
    struct setup_forked forked = {4711, 11};
    struct setup_forked back = {0};

    setup_pack_forked(&out, &forked);
    for (size_t len = 0; len < out.len; len++)
        ck_assert_int_eq(setup_unpack_forked(out.data, len, &back), -EPROTO);
    ck_assert_uint_eq(back.pid, 0);
    ck_assert_int_eq(setup_unpack_forked(out.data, out.len, &back), 0);
    ck_assert_uint_eq(back.pid, 4711);
    ck_assert_uint_eq(back.error, 11);
}
END_TEST

START_TEST(job_comes_back)
{
    struct job job = {UINT64_MAX, 30000,
                      true,       "记者会.txt",
                      "ministry", "https://a.example/?q=1",
                      "gb2312",   "text/html; charset=gb2312",
                      "genre",    JOB_MEMBERS_TAKE,
                      7,          1234,
                      10,         1 << 20};
    struct job back = {.name = NULL};

    job_pack(&out, &job);
    for (size_t len = 0; len < out.len; len++)
        ck_assert_int_eq(job_unpack(&arena, out.data, len, &back), -EPROTO);
    ck_assert_ptr_null(back.name);
    ck_assert_int_eq(job_unpack(&arena, out.data, out.len, &back), 0);
    ck_assert_uint_eq(back.size, UINT64_MAX);
    ck_assert_uint_eq(back.time_ms, 30000);
    ck_assert(back.wants_text);
    ck_assert_str_eq(back.name, job.name);
    ck_assert_str_eq(back.source, job.source);
    ck_assert_str_eq(back.url, job.url);
    ck_assert_str_eq(back.charset, job.charset);
    ck_assert_str_eq(back.media_type, job.media_type);
    ck_assert_str_eq(back.features, job.features);
    ck_assert_uint_eq(back.members, JOB_MEMBERS_TAKE);
    ck_assert_uint_eq(back.member_from, 7);
    ck_assert_uint_eq(back.member_offset, 1234);
    ck_assert_uint_eq(back.members_left, 10);
    ck_assert_uint_eq(back.bytes_left, 1 << 20);
}
END_TEST

START_TEST(job_of_empty_strings_and_without_memory)
{
    struct job job = {.name = "", .source = NULL};
    struct job back;
    struct arena small;

    job_pack(&out, &job);
    ck_assert_int_eq(job_unpack(&arena, out.data, out.len, &back), 0);
    ck_assert_str_eq(back.source, "");
    ck_assert_str_eq(back.media_type, "");
    strbuf_clear(&out);
    job.name = "\xff";
    job_pack(&out, &job);
    ck_assert_int_eq(job_unpack(&arena, out.data, out.len, &back), -EPROTO);
    strbuf_clear(&out);
    job.name = "a name of more than thirty-two bytes, which is all there is";
    job_pack(&out, &job);
    arena_init(&small, 32);
    ck_assert_int_eq(job_unpack(&small, out.data, out.len, &back), -ENOMEM);
    arena_release(&small);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        config_comes_back, plugin_comes_back, resource_comes_back,
        forked_comes_back, job_comes_back,    job_of_empty_strings_and_without_memory,
    };

    return suite_run_with("wire/setup", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
