/* Tests of base/digest: the examples of FIPS 180-4, and files. */
#include "base/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "suite.h"

#define EMPTY   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define TWO     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
#define MILLION "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void assert_digest(const void *data, size_t len, const char *expected)
{
    struct digest digest;
    struct digest of_fd;
    char hex[DIGEST_HEX_SIZE];
    uint64_t size = 0;

    ck_assert_int_eq(digest_of_bytes(data, len, &digest), 0);
    digest_hex(&digest, hex);
    ck_assert_str_eq(hex, expected);

    int fd = file_sealed_copy("digest", data, len);
    ck_assert_int_ge(fd, 0);
    off_t offset = lseek(fd, (off_t)(len / 2), SEEK_SET);
    ck_assert_int_eq(digest_of_fd(fd, &of_fd, &size), 0);
    ck_assert_mem_eq(&of_fd, &digest, sizeof digest);
    ck_assert_uint_eq(size, len);
    ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), offset);
    ck_assert_int_eq(digest_of_fd(fd, &of_fd, NULL), 0);
    file_close(&fd);
}

START_TEST(known_vectors)
{
    const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char *million = malloc(1000000);

    assert_digest("", 0, EMPTY);
    assert_digest("abc", 3, ABC);
    assert_digest(two, strlen(two), TWO);
    memset(million, 'a', 1000000);
    assert_digest(million, 1000000, MILLION);
    free(million);
}
END_TEST

START_TEST(null_of_no_length_is_empty)
{
    struct digest digest;
    char hex[DIGEST_HEX_SIZE];

    ck_assert_int_eq(digest_of_bytes(NULL, 0, &digest), 0);
    digest_hex(&digest, hex);
    ck_assert_str_eq(hex, EMPTY);
}
END_TEST

START_TEST(failure_leaves_the_results_alone)
{
    struct digest digest = {{1, 2, 3}};
    struct digest before = digest;
    uint64_t size = 42;
    int ends[2];

    ck_assert_int_eq(digest_of_fd(-1, &digest, &size), -EBADF);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(digest_of_fd(ends[0], &digest, &size), -ESPIPE);
    ck_assert_mem_eq(&digest, &before, sizeof digest);
    ck_assert_uint_eq(size, 42);
}
END_TEST

START_TEST(hexadecimal)
{
    char hex[9] = "xxxxxxxx";

    hex_encode("\x00\xFF\x1a\x9C", 4, hex);
    ck_assert_str_eq(hex, "00ff1a9c");
    hex_encode(NULL, 0, hex);
    ck_assert_str_eq(hex, "");
}
END_TEST

START_TEST(all_zero_is_not_known)
{
    struct digest digest = {{0}};

    ck_assert(!digest_is_known(&digest));
    digest.bytes[DIGEST_SIZE - 1] = 1;
    ck_assert(digest_is_known(&digest));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        known_vectors, null_of_no_length_is_empty, failure_leaves_the_results_alone,
        hexadecimal,   all_zero_is_not_known,
    };

    return SUITE_RUN("base/digest", tests);
}
