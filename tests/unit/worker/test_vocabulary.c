/* Tests of worker/vocabulary: only well-formed labels get in, and only those that are in are found.
 */
#include "worker/vocabulary.h"

#include <errno.h>
#include <math.h>

#include "fixture.h"
#include "worker/border.h"

static const char *const schemes[] = {"genre", "form", NULL};
static struct arena arena;
static struct vocabulary vocabulary;

static void start(void)
{
    arena_init(&arena, 0);
    vocabulary_init(&vocabulary, &arena, schemes);
}

static void finish(void)
{
    arena_release(&arena);
}

static int add(const char *scheme, const char *id, const char *parent, double threshold)
{
    const struct taxon_label_decl label = {
        .struct_size = sizeof label,
        .scheme = scheme,
        .id = id,
        .parent = parent,
        .threshold = threshold,
    };
    return vocabulary_add(&vocabulary, &label, NULL);
}

START_TEST(many_labels_are_found_before_and_after_sealing)
{
    enum { COUNT = 3000 };
    char id[32];

    start();
    ck_assert_ptr_null(vocabulary_find(&vocabulary, "genre", "a1"));
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof id, "a%d", i * 7919 % COUNT);
        ck_assert_int_eq(add(i % 2 == 0 ? "genre" : "form", id, NULL, 0.5), 0);
    }
    for (int sealed = 0; sealed < 2; sealed++) {
        for (int i = 0; i < COUNT; i++) {
            snprintf(id, sizeof id, "a%d", i * 7919 % COUNT);
            const struct manifest_label *found =
                vocabulary_find(&vocabulary, i % 2 == 0 ? "genre" : "form", id);
            ck_assert_ptr_nonnull(found);
            ck_assert_str_eq(found->id, id);
            ck_assert_ptr_null(vocabulary_find(&vocabulary, i % 2 == 0 ? "form" : "genre", id));
            ck_assert_int_eq(add(i % 2 == 0 ? "genre" : "form", id, NULL, 0.5), -EEXIST);
        }
        ck_assert_int_eq(vocabulary_seal(&vocabulary, NULL), 0);
    }
    for (size_t i = 1; i < vocabulary.count; i++) {
        const struct manifest_label *label = &vocabulary.labels[i];
        int order = strcmp(label[-1].scheme, label->scheme);
        ck_assert(order < 0 || (order == 0 && strcmp(label[-1].id, label->id) < 0));
    }
    finish();
}
END_TEST

/* "spam", "spam" in a plugin's source is one string at one address. */
START_TEST(one_string_may_be_scheme_and_id)
{
    const char *both = "genre";
    const char id[] = "genre";

    start();
    ck_assert_int_eq(add(schemes[0], id, NULL, 0.5), 0);
    ck_assert_ptr_nonnull(vocabulary_find(&vocabulary, both, both));
    ck_assert_int_eq(add(both, both, NULL, 0.5), -EEXIST);
    ck_assert_int_eq(vocabulary_seal(&vocabulary, NULL), 0);
    ck_assert_ptr_nonnull(vocabulary_find(&vocabulary, both, both));
    finish();
}
END_TEST

START_TEST(malformed_labels_are_refused)
{
    char long_id[300];

    start();
    memset(long_id, 'a', sizeof long_id);
    long_id[256] = '\0';
    ck_assert_int_eq(add("genre", long_id, NULL, 0), -EINVAL);
    long_id[255] = '\0';
    ck_assert_int_eq(add("genre", long_id, NULL, 0), 0);
    ck_assert_int_eq(add(NULL, "a", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("mood", "a", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", NULL, NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "/a", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "a/", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "a//b", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "A", NULL, 0), -EINVAL);
    ck_assert_int_eq(add("genre", "a", "B", 0), -EINVAL);
    ck_assert_int_eq(add("genre", "a", NULL, 1.01), -EINVAL);
    ck_assert_int_eq(add("genre", "a", NULL, -0.01), -EINVAL);
    ck_assert_int_eq(add("genre", "a", NULL, (double)NAN), -EINVAL);
    ck_assert_int_eq(add("genre", "a", NULL, (double)INFINITY), -EINVAL);
    const struct taxon_label_decl forged = {.struct_size = sizeof forged,
                                            .scheme = "genre",
                                            .id = "a",
                                            .name_zh = "x\ny"};
    ck_assert_int_eq(vocabulary_add(&vocabulary, &forged, NULL), -EINVAL);
    ck_assert_uint_eq(vocabulary.count, 1);
    ck_assert_int_eq(add("genre", "a", NULL, 1), 0);
    finish();
}
END_TEST

static int add_codes(const struct taxon_code *codes, size_t count, size_t stride)
{
    const struct taxon_label_decl label = {
        .struct_size = sizeof label,
        .scheme = "genre",
        .id = "coded",
        .definition = "What it is.",
        .codes = codes,
        .code_count = count,
        .code_stride = stride,
    };
    return vocabulary_add(&vocabulary, &label, NULL);
}

START_TEST(definitions_and_codes_are_copied)
{
    struct taxon_code codes[MANIFEST_CODES_MAX + 1];
    char code[] = "NE";

    for (size_t i = 0; i <= MANIFEST_CODES_MAX; i++)
        codes[i] = (struct taxon_code){.struct_size = sizeof codes[i],
                                       .vocabulary = "core",
                                       .code = i == 0 ? code : "NA"};
    start();
    ck_assert_int_eq(add_codes(codes, MANIFEST_CODES_MAX + 1, sizeof codes[0]), -EINVAL);
    ck_assert_int_eq(add_codes(codes, 1, 8), -EINVAL);
    ck_assert_int_eq(add_codes(NULL, 1, sizeof codes[0]), -EINVAL);
    codes[1].vocabulary = "Core";
    ck_assert_int_eq(add_codes(codes, 2, sizeof codes[0]), -EINVAL);
    codes[1].vocabulary = "core";
    codes[1].code = "a\nb";
    ck_assert_int_eq(add_codes(codes, 2, sizeof codes[0]), -EINVAL);
    codes[1].code = NULL;
    ck_assert_int_eq(add_codes(codes, 2, sizeof codes[0]), -EINVAL);
    codes[1].code = "NA";
    codes[1].struct_size = 8;
    ck_assert_int_eq(add_codes(codes, 2, sizeof codes[0]), -EINVAL);
    codes[1].struct_size = sizeof codes[1];
    ck_assert_int_eq(add_codes(codes, 2, sizeof codes[0]), 0);
    memset(code, 'x', 2);
    const struct manifest_label *label = vocabulary_find(&vocabulary, "genre", "coded");
    ck_assert_str_eq(label->definition, "What it is.");
    ck_assert_uint_eq(label->code_count, 2);
    ck_assert_str_eq(label->codes[0].code, "NE");
    ck_assert_str_eq(label->codes[1].vocabulary, "core");
    finish();
}
END_TEST

/* A plugin of ABI 1.0 has no such members. */
START_TEST(an_older_label_has_neither)
{
    struct taxon_label_decl label;

    start();
    memset(&label, 0xff, sizeof label); /* what lies behind its end */
    memset(&label, 0, offsetof(struct taxon_label_decl, definition));
    label.struct_size = offsetof(struct taxon_label_decl, definition);
    label.scheme = "genre";
    label.id = "old";
    struct taxon_label_decl copy;
    ck_assert(border_read(&copy, sizeof copy, &label, label.struct_size));
    ck_assert_int_eq(vocabulary_add(&vocabulary, &copy, NULL), 0);
    ck_assert_str_eq(vocabulary_find(&vocabulary, "genre", "old")->definition, "");
    ck_assert_uint_eq(vocabulary_find(&vocabulary, "genre", "old")->code_count, 0);
    finish();
}
END_TEST

START_TEST(parents_must_be_there)
{
    struct err err = {""};

    start();
    ck_assert_int_eq(add("genre", "a/b", "a", 0), 0);
    ck_assert_int_eq(add("form", "a", NULL, 0), 0);
    ck_assert_int_eq(vocabulary_seal(&vocabulary, &err), -EINVAL);
    ck_assert_str_eq(err.text, "label 'genre:a/b': parent 'a' is not declared");
    finish();
}
END_TEST

START_TEST(parents_must_lead_to_a_root)
{
    struct err err = {""};

    start();
    ck_assert_int_eq(add("genre", "a", "b", 0), 0);
    ck_assert_int_eq(add("genre", "b", "a", 0), 0);
    ck_assert_int_eq(vocabulary_seal(&vocabulary, &err), -EINVAL);
    ck_assert_ptr_nonnull(strstr(err.text, "circle"));
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        many_labels_are_found_before_and_after_sealing,
        one_string_may_be_scheme_and_id,
        malformed_labels_are_refused,
        definitions_and_codes_are_copied,
        an_older_label_has_neither,
        parents_must_be_there,
        parents_must_lead_to_a_root,
    };

    return SUITE_RUN("worker/vocabulary", tests);
}
