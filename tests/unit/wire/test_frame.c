/* Tests of wire/frame: frames arrive whole, in order, with their descriptor; and whatever a hostile
 * peer does with bytes and descriptors, the reader says no, for good, and keeps no descriptor. */
#include "wire/frame.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/suite.h"
#include "wire/pack.h"

#define PAYLOAD_MAX 1000

static int near_fd;
static int far_fd;
static int gift_fd; /* what is sent along */
static struct frame_reader reader;
static struct frame frame;

static void setup(void)
{
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    near_fd = fds[0];
    far_fd = fds[1];
    gift_fd = memfd_create("gift", MFD_CLOEXEC);
    ck_assert_int_ge(gift_fd, 0);
    frame_reader_init(&reader, PAYLOAD_MAX);
}

static void teardown(void)
{
    frame_reader_release(&reader);
    close(near_fd);
    close(far_fd);
    close(gift_fd);
}

static int open_count(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    ck_assert_ptr_nonnull(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static int is_gift(int fd)
{
    struct stat ours;
    struct stat theirs;

    return fstat(gift_fd, &ours) == 0 && fstat(fd, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
}

static void send_ok(enum frame_type type, uint64_t serial, const char *payload, int fd)
{
    ck_assert_int_eq(frame_send(far_fd, type, serial, payload, strlen(payload), fd, 1000), 0);
}

/* `count` descriptors with these bytes, whatever that means. */
static void send_raw(const void *bytes, size_t len, size_t count)
{
    enum { MOST = 253 }; /* SCM_MAX_FD */
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MOST * sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec vector = {(void *)(uintptr_t)bytes, len};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    ck_assert_uint_le(count, MOST);
    if (count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count * sizeof(int));
        for (size_t i = 0; i < count; i++)
            memcpy(CMSG_DATA(rights) + i * sizeof(int), &gift_fd, sizeof(int));
    }
    ck_assert_int_eq(sendmsg(far_fd, &message, MSG_NOSIGNAL), (ssize_t)len);
}

static void put_header(struct strbuf *out, uint32_t magic, uint32_t type, uint32_t len,
                       uint32_t zero)
{
    pack_u32(out, magic);
    pack_u32(out, type);
    pack_u64(out, 77);
    pack_u32(out, len);
    pack_u32(out, zero);
}

static void expect_next(enum frame_type type, uint64_t serial, const char *payload)
{
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 1);
    ck_assert_int_eq(frame.type, type);
    ck_assert_uint_eq(frame.serial, serial);
    ck_assert_uint_eq(frame.len, strlen(payload));
    ck_assert_mem_eq(frame.payload, payload, frame.len);
}

/* The reader says `code`, also when it is asked again and although good frames follow. */
static void expect_broken(int code)
{
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), code);
    send_ok(FRAME_START, 1, "", -1);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), code);
    ck_assert_int_eq(frame_wait(&reader, near_fd, 1000, &frame), code);
}

START_TEST(frames_arrive_in_order_with_their_own_descriptor)
{
    const enum frame_type with_fd[] = {FRAME_CONFIG, FRAME_PLUGIN, FRAME_RESOURCE, FRAME_STAGE,
                                       FRAME_JOB};

    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
    send_ok(FRAME_START, 1, "", -1);
    for (size_t i = 0; i < 5; i++)
        send_ok(with_fd[i], UINT64_MAX - i, "payload", gift_fd);
    send_ok(FRAME_READY, 2, "manifest", -1);
    send_ok(FRAME_JOB, 3, "", gift_fd);
    send_ok(FRAME_REPLY, 4, "a\nb", -1);
    send_ok(FRAME_FAILED, 5, "why", -1);

    expect_next(FRAME_START, 1, "");
    ck_assert_int_eq(frame.fd, -1);
    for (size_t i = 0; i < 5; i++) {
        expect_next(with_fd[i], UINT64_MAX - i, "payload");
        ck_assert(is_gift(frame.fd));
        ck_assert_int_ne(fcntl(frame.fd, F_GETFD) & FD_CLOEXEC, 0);
        close(frame.fd);
    }
    expect_next(FRAME_READY, 2, "manifest");
    ck_assert_int_eq(frame.fd, -1);
    expect_next(FRAME_JOB, 3, "");
    ck_assert(is_gift(frame.fd));
    close(frame.fd);
    expect_next(FRAME_REPLY, 4, "a\nb");
    expect_next(FRAME_FAILED, 5, "why");
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
}
END_TEST

START_TEST(a_frame_may_come_byte_by_byte)
{
    struct strbuf bytes = STRBUF_INIT;

    put_header(&bytes, FRAME_MAGIC, FRAME_JOB, 5, 0);
    strbuf_puts(&bytes, "12345");
    for (size_t i = 0; i < bytes.len; i++) {
        ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
        send_raw(bytes.data + i, 1, i == 0 ? 1 : 0);
    }
    expect_next(FRAME_JOB, 77, "12345");
    ck_assert(is_gift(frame.fd));
    close(frame.fd);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(bytes_of_the_next_frame_stay_in_the_socket)
{
    int waiting;

    send_ok(FRAME_REPLY, 1, "one", -1);
    send_ok(FRAME_REPLY, 2, "two", -1);
    expect_next(FRAME_REPLY, 1, "one");
    ck_assert_int_eq(ioctl(near_fd, FIONREAD, &waiting), 0);
    ck_assert_int_eq(waiting, (int)FRAME_HEADER_SIZE + 3);
    ck_assert_uint_eq(reader.buf.len, 3);
    expect_next(FRAME_REPLY, 2, "two");
}
END_TEST

START_TEST(malformed_headers_are_refused)
{
    const struct {
        uint32_t magic, type, len, zero;
    } cases[] = {
        {FRAME_MAGIC + 1, FRAME_REPLY, 0, 0},
        {0, FRAME_REPLY, 0, 0},
        {FRAME_MAGIC, 0, 0, 0},
        {FRAME_MAGIC, 9, 0, 0},
        {FRAME_MAGIC, 15, 0, 0},
        {FRAME_MAGIC, 21, 0, 0},
        {FRAME_MAGIC, UINT32_MAX, 0, 0},
        {FRAME_MAGIC, FRAME_REPLY, PAYLOAD_MAX + 1, 0},
        {FRAME_MAGIC, FRAME_REPLY, UINT32_MAX, 0},
        {FRAME_MAGIC, FRAME_REPLY, 0, 1},
        {FRAME_MAGIC, FRAME_JOB, 0, 0},      /* without its descriptor */
        {FRAME_MAGIC, FRAME_LISTENER, 0, 0}, /* the same, from a worker */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct strbuf bytes = STRBUF_INIT;
        teardown();
        setup();
        put_header(&bytes, cases[i].magic, cases[i].type, cases[i].len, cases[i].zero);
        send_raw(bytes.data, bytes.len, 0);
        expect_broken(-EPROTO);
        strbuf_release(&bytes);
    }
}
END_TEST

START_TEST(the_largest_payload_is_taken)
{
    char payload[PAYLOAD_MAX + 1];

    memset(payload, 'x', PAYLOAD_MAX);
    payload[PAYLOAD_MAX] = '\0';
    send_ok(FRAME_REPLY, 1, payload, -1);
    expect_next(FRAME_REPLY, 1, payload);
}
END_TEST

START_TEST(the_supervisor_takes_only_what_a_worker_sends)
{
    const enum frame_type to_worker[] = {FRAME_CONFIG, FRAME_PLUGIN, FRAME_RESOURCE, FRAME_STAGE,
                                         FRAME_START,  FRAME_JOB,    FRAME_ZYGOTE,   FRAME_FORK};

    for (size_t i = 0; i < sizeof to_worker / sizeof to_worker[0]; i++) {
        int before = open_count();
        frame_reader_init(&reader, PAYLOAD_MAX);
        frame_reader_only_from_worker(&reader);
        send_ok(FRAME_REPLY, 9, "", -1);
        expect_next(FRAME_REPLY, 9, "");
        bool bare = to_worker[i] == FRAME_START || to_worker[i] == FRAME_ZYGOTE;
        send_ok(to_worker[i], 1, "", bare ? -1 : gift_fd);
        expect_broken(-EPROTO);
        teardown();
        setup();
        ck_assert_int_eq(open_count(), before);
    }
}
END_TEST

/* `count` descriptors with the byte at `at` of a frame of `type` with 5 bytes of payload. */
static void hand_over(enum frame_type type, size_t at, size_t count)
{
    struct strbuf bytes = STRBUF_INIT;

    put_header(&bytes, FRAME_MAGIC, type, 5, 0);
    strbuf_puts(&bytes, "12345");
    if (at > 0)
        send_raw(bytes.data, at, 0);
    send_raw(bytes.data + at, bytes.len - at, count);
    strbuf_release(&bytes);
}

START_TEST(descriptors_where_none_belong_are_closed)
{
    const struct {
        enum frame_type type;
        size_t at;
        size_t count;
    } cases[] = {
        {FRAME_REPLY, 0, 1}, {FRAME_REPLY, 0, 8},   {FRAME_START, 0, 1},  {FRAME_REPLY, 25, 1},
        {FRAME_JOB, 0, 2},   {FRAME_JOB, 0, 8},     {FRAME_JOB, 0, 9},    {FRAME_JOB, 0, 253},
        {FRAME_JOB, 24, 1},  {FRAME_REPLY, 3, 253}, {FRAME_REPLY, 28, 9},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int before = open_count();
        hand_over(cases[i].type, cases[i].at, cases[i].count);
        expect_broken(-EPROTO);
        ck_assert_int_eq(open_count(), before);
        teardown();
        setup();
    }
}
END_TEST

START_TEST(a_second_descriptor_amid_the_frame_is_refused)
{
    struct strbuf bytes = STRBUF_INIT;

    for (size_t at = 1; at < FRAME_HEADER_SIZE + 5; at++) {
        int before = open_count();
        strbuf_clear(&bytes);
        put_header(&bytes, FRAME_MAGIC, FRAME_JOB, 5, 0);
        strbuf_puts(&bytes, "12345");
        send_raw(bytes.data, at, 1);
        send_raw(bytes.data + at, bytes.len - at, 1);
        expect_broken(-EPROTO);
        ck_assert_int_eq(open_count(), before);
        teardown();
        setup();
    }
    strbuf_release(&bytes);
}
END_TEST

/* The kernel drops a descriptor that has no room in our table, and says so. */
START_TEST(a_descriptor_that_got_lost_was_sent_all_the_same)
{
    struct rlimit limit;
    int next = dup(gift_fd);

    close(next);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = (rlim_t)next;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_int_lt(dup(gift_fd), 0);
    hand_over(FRAME_REPLY, 0, 1);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), -EPROTO);
}
END_TEST

START_TEST(release_closes_what_was_not_given_out)
{
    int before = open_count();
    struct frame_reader copy;

    hand_over(FRAME_JOB, 0, 1);
    expect_next(FRAME_JOB, 77, "12345");
    ck_assert_int_eq(open_count(), before + 1);
    close(frame.fd);
    struct strbuf bytes = STRBUF_INIT;
    put_header(&bytes, FRAME_MAGIC, FRAME_JOB, 5, 0);
    send_raw(bytes.data, bytes.len, 1);
    strbuf_release(&bytes);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
    ck_assert_int_eq(open_count(), before + 1);
    copy = reader;
    frame_reader_release(&copy);
    ck_assert_int_eq(open_count(), before);
    frame_reader_release(&copy);
    ck_assert_int_eq(open_count(), before);
    frame_reader_init(&reader, PAYLOAD_MAX); /* its buffer went with the copy */
}
END_TEST

START_TEST(the_end_of_the_stream)
{
    struct strbuf bytes = STRBUF_INIT;

    send_ok(FRAME_REPLY, 1, "last", -1);
    put_header(&bytes, FRAME_MAGIC, FRAME_REPLY, 5, 0);
    send_raw(bytes.data, bytes.len, 0);
    close(far_fd);
    far_fd = -1;
    expect_next(FRAME_REPLY, 1, "last");
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), -EPIPE);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), -EPIPE);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(a_peer_that_ends_with_our_bytes_unread_has_ended)
{
    ck_assert_int_eq(frame_send(near_fd, FRAME_START, 1, NULL, 0, -1, 0), 0);
    send_ok(FRAME_REPLY, 1, "last", -1);
    close(far_fd);
    far_fd = -1;
    expect_next(FRAME_REPLY, 1, "last");
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), -EPIPE);
    ck_assert_int_eq(frame_send(near_fd, FRAME_START, 1, NULL, 0, -1, 0), -EPIPE);
}
END_TEST

START_TEST(a_full_socket_times_out)
{
    static const char payload[10000];
    int result;

    do {
        result = frame_send(far_fd, FRAME_REPLY, 1, payload, sizeof payload, -1, 0);
    } while (result == 0);
    ck_assert_int_eq(result, -ETIMEDOUT);
    ck_assert_int_eq(frame_send(far_fd, FRAME_START, 1, NULL, 0, -1, 1), -ETIMEDOUT);
}
END_TEST

START_TEST(waiting_times_out_and_may_go_on)
{
    struct strbuf bytes = STRBUF_INIT;

    ck_assert_int_eq(frame_wait(&reader, near_fd, 0, &frame), -ETIMEDOUT);
    put_header(&bytes, FRAME_MAGIC, FRAME_REPLY, 5, 0);
    send_raw(bytes.data, bytes.len, 0);
    ck_assert_int_eq(frame_wait(&reader, near_fd, 1, &frame), -ETIMEDOUT);
    send_raw("12345", 5, 0);
    ck_assert_int_eq(frame_wait(&reader, near_fd, -1, &frame), 1);
    ck_assert_uint_eq(frame.len, 5);
    strbuf_release(&bytes);
}
END_TEST

START_TEST(a_large_frame_passes_and_its_memory_is_given_back)
{
    enum { LEN = 5 << 20 };
    char *payload = malloc(LEN);
    int status;

    ck_assert_ptr_nonnull(payload);
    for (size_t i = 0; i < LEN; i++)
        payload[i] = (char)(i * 2654435761u >> 24);
    frame_reader_init(&reader, LEN);
    pid_t pid = fork();
    if (pid == 0) {
        int result = frame_send(far_fd, FRAME_JOB, 1, payload, LEN, gift_fd, 30000);
        if (result == 0)
            result = frame_send(far_fd, FRAME_START, 2, NULL, 0, -1, 30000);
        _exit(result == 0 ? 0 : 1);
    }
    ck_assert_int_eq(frame_wait(&reader, near_fd, 30000, &frame), 1);
    ck_assert_uint_eq(frame.len, LEN);
    ck_assert_mem_eq(frame.payload, payload, LEN);
    ck_assert(is_gift(frame.fd));
    close(frame.fd);
    ck_assert_int_eq(frame_wait(&reader, near_fd, 30000, &frame), 1);
    ck_assert_int_eq(frame.type, FRAME_START);
    ck_assert_uint_lt(reader.buf.size, 1 << 20);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    free(payload);
}
END_TEST

START_TEST(an_announced_length_costs_no_memory)
{
    struct strbuf bytes = STRBUF_INIT;

    frame_reader_init(&reader, UINT32_MAX);
    put_header(&bytes, FRAME_MAGIC, FRAME_REPLY, UINT32_MAX, 0);
    send_raw(bytes.data, bytes.len, 0);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
    send_raw("some", 4, 0);
    ck_assert_int_eq(frame_next(&reader, near_fd, &frame), 0);
    ck_assert_uint_lt(reader.buf.size, 1 << 17);
    strbuf_release(&bytes);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        frames_arrive_in_order_with_their_own_descriptor,
        a_frame_may_come_byte_by_byte,
        bytes_of_the_next_frame_stay_in_the_socket,
        malformed_headers_are_refused,
        the_largest_payload_is_taken,
        the_supervisor_takes_only_what_a_worker_sends,
        descriptors_where_none_belong_are_closed,
        a_second_descriptor_amid_the_frame_is_refused,
        a_descriptor_that_got_lost_was_sent_all_the_same,
        release_closes_what_was_not_given_out,
        the_end_of_the_stream,
        a_peer_that_ends_with_our_bytes_unread_has_ended,
        a_full_socket_times_out,
        waiting_times_out_and_may_go_on,
        a_large_frame_passes_and_its_memory_is_given_back,
        an_announced_length_costs_no_memory,
    };

    return suite_run_with("wire/frame", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
