/* Tests of worker/resource: files by path and as handed over, folders in byte order, and what is
 * refused. */
#include "worker/resource.h"

#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

static struct folder folder;
static struct resources resources;
static struct err err;

static void start(void)
{
    folder_make(&folder);
    resources_init(&resources);
    err.text[0] = '\0';
}

static void finish(void)
{
    resources_release(&resources);
    folder_remove(&folder);
}

static int get_path(const char *path, size_t index, struct resource **out_resource)
{
    const struct taxon_value value = {.struct_size = sizeof value,
                                      .type = TAXON_OPTION_PATH,
                                      .text = path};

    return resources_get(&resources, 2, "lexicon", index, &value, out_resource, &err);
}

START_TEST(a_file_is_read_once)
{
    struct resource *first;
    struct resource *again;
    struct digest digest;
    char *path;

    start();
    folder_write(&folder, "a.txt", "some words", &path);
    ck_assert_int_eq(get_path(path, 0, &first), 0);
    ck_assert_uint_eq(first->data_len, 10);
    ck_assert_mem_eq(first->data, "some words", 10);
    ck_assert_str_eq(first->path, path);
    ck_assert_int_eq(digest_of_bytes("some words", 10, &digest), 0);
    ck_assert_mem_eq(&first->digest, &digest, sizeof digest);
    ck_assert_int_eq(get_path(path, 0, &again), 0);
    ck_assert_ptr_eq(first, again);
    ck_assert_int_eq(get_path(path, 1, &again), -ENOENT);
    ck_assert_str_eq(err.text, "");
    ck_assert_uint_eq(resources_count(&resources, 2), 1);
    ck_assert_uint_eq(resources_count(&resources, 1), 0);
    free(path);
    finish();
}
END_TEST

START_TEST(a_large_file_is_mapped)
{
    enum { SIZE = 3 << 20 };
    char *large = malloc(SIZE + 1);
    struct resource *resource;
    char *path;

    start();
    memset(large, 'x', SIZE);
    large[SIZE] = '\0';
    folder_write(&folder, "model", large, &path);
    ck_assert_int_eq(get_path(path, 0, &resource), 0);
    ck_assert(resource->mapped);
    ck_assert_uint_eq(resource->data_len, SIZE);
    ck_assert_mem_eq(resource->data, large, SIZE);
    free(large);
    free(path);
    finish();
}
END_TEST

START_TEST(a_folder_gives_its_files_in_byte_order)
{
    static const char *const order[] = {"/10.yaml", "/B.yaml", "/a.yaml", "/\xE4\xB8\xAD.yaml"};
    struct resource *resource;
    char sub[128];

    start();
    folder_write(&folder, "\xE4\xB8\xAD.yaml", "3", NULL);
    folder_write(&folder, "a.yaml", "2", NULL);
    folder_write(&folder, ".hidden.yaml", "x", NULL);
    folder_write(&folder, "B.yaml", "1", NULL);
    folder_write(&folder, "10.yaml", "0", NULL);
    snprintf(sub, sizeof sub, "%s/0-folder", folder.path);
    ck_assert_int_eq(mkdir(sub, 0755), 0);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(get_path(folder.path, i, &resource), 0);
        ck_assert_str_eq(resource->path + strlen(folder.path), order[i]);
        ck_assert_int_eq(*(const char *)resource->data, (int)('0' + i));
        if (i == 0) /* too late to be among them */
            folder_write(&folder, "0.yaml", "late", NULL);
    }
    ck_assert_int_eq(get_path(folder.path, 4, &resource), -ENOENT);
    ck_assert_str_eq(err.text, "");
    finish();
}
END_TEST

START_TEST(an_empty_folder_and_an_empty_file_are_no_errors)
{
    struct resource *resource;
    char *path;

    start();
    ck_assert_int_eq(get_path(folder.path, 0, &resource), -ENOENT);
    ck_assert_str_eq(err.text, "");
    folder_write(&folder, "empty", "", &path);
    const struct taxon_value value = {.type = TAXON_OPTION_PATH, .text = path};
    ck_assert_int_eq(resources_get(&resources, 2, "other", 0, &value, &resource, &err), 0);
    ck_assert_uint_eq(resource->data_len, 0);
    ck_assert_ptr_nonnull(resource->data);
    free(path);
    finish();
}
END_TEST

START_TEST(what_is_missing_is_not_past_the_last)
{
    struct resource *resource;
    char path[128];

    start();
    snprintf(path, sizeof path, "%s/missing", folder.path);
    ck_assert_int_eq(get_path(path, 0, &resource), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "/missing: No such file or directory"));
    finish();
}
END_TEST

START_TEST(a_fifo_is_refused_and_does_not_hold_us)
{
    struct resource *resource;
    char path[128];

    start();
    snprintf(path, sizeof path, "%s/fifo", folder.path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(get_path(path, 0, &resource), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "is no regular file"));
    finish();
}
END_TEST

static int take(const char *path, uint32_t index, const char *claimed)
{
    struct setup_resource setup = {.plugin = 2, .option = "lexicon", .index = index, .path = path};

    ck_assert_int_eq(digest_of_bytes(claimed, strlen(claimed), &setup.digest), 0);
    return resources_take(&resources, &setup, open(path, O_RDONLY | O_CLOEXEC), &err);
}

START_TEST(what_was_handed_over_is_all_there_is)
{
    struct resource *resource;
    char *path;

    start();
    folder_write(&folder, "a", "words", &path);
    ck_assert_int_eq(take(path, 0, "words"), 0);
    ck_assert_uint_eq(resources_count(&resources, 2), 0); /* not asked for yet */
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(get_path(path, 0, &resource), 0);
    ck_assert_mem_eq(resource->data, "words", 5);
    ck_assert_uint_eq(resources_count(&resources, 2), 1);
    folder_write(&folder, "b", "more", NULL);
    ck_assert_int_eq(get_path(folder.path, 1, &resource), -ENOENT);
    free(path);
    finish();
}
END_TEST

START_TEST(other_bytes_than_the_generation_has_are_refused)
{
    char *path;

    start();
    folder_write(&folder, "a", "other words", &path);
    ck_assert_int_eq(take(path, 0, "words"), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "digest is not the generation's"));
    free(path);
    finish();
}
END_TEST

START_TEST(yaml_is_parsed_and_its_mistakes_have_a_place)
{
    struct resource *resource;
    char *path;

    start();
    folder_write(&folder, "good.yaml", "a: 1\nb: [x, y]\n", &path);
    ck_assert_int_eq(get_path(path, 0, &resource), 0);
    ck_assert_int_eq(resources_tree(&resources, resource, &err), 0);
    ck_assert_uint_eq(resource->tree->count, 2);
    const struct taxon_node *tree = resource->tree;
    ck_assert_int_eq(resources_tree(&resources, resource, &err), 0);
    ck_assert_ptr_eq(resource->tree, tree);
    free(path);
    folder_write(&folder, "bad.yaml", "a: 1\na: 2\n", &path);
    const struct taxon_value value = {.type = TAXON_OPTION_PATH, .text = path};
    ck_assert_int_eq(resources_get(&resources, 2, "other", 0, &value, &resource, &err), 0);
    ck_assert_int_eq(resources_tree(&resources, resource, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "/bad.yaml:2:1: "));
    free(path);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_file_is_read_once,
        a_large_file_is_mapped,
        a_folder_gives_its_files_in_byte_order,
        an_empty_folder_and_an_empty_file_are_no_errors,
        what_is_missing_is_not_past_the_last,
        a_fifo_is_refused_and_does_not_hold_us,
        what_was_handed_over_is_all_there_is,
        other_bytes_than_the_generation_has_are_refused,
        yaml_is_parsed_and_its_mistakes_have_a_place,
    };

    return SUITE_RUN("worker/resource", tests);
}
