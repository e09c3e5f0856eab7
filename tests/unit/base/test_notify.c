/* What the service manager's socket gets, by sockets of the test. */
#include "base/notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "suite.h"

/* `address` as in NOTIFY_SOCKET. */
static int listen_at(const char *address)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t len = strlen(address);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_uint_lt(len, sizeof(name.sun_path));
    memcpy(name.sun_path, address, len);
    if (address[0] == '@')
        name.sun_path[0] = '\0';
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
                     0);
    return fd;
}

static void is_heard_at(const char *address)
{
    int manager = listen_at(address);
    char message[64] = "";
    int fd = -1;

    ck_assert_int_eq(notify_open(address, &fd), 0);
    ck_assert_int_eq(notify_send(fd, "READY=1"), 0);
    ck_assert_int_eq(notify_send(fd, "WATCHDOG=1"), 0);
    ck_assert_int_eq(recv(manager, message, sizeof(message), 0), 7);
    ck_assert_str_eq(message, "READY=1");
    ck_assert_int_eq(recv(manager, message, sizeof(message), 0), 10);
    ck_assert_str_eq(message, "WATCHDOG=1");
    close(manager);
    ck_assert_int_eq(notify_send(fd, "WATCHDOG=1"), -ECONNREFUSED); /* and no signal */
    close(fd);
}

START_TEST(heard_at_a_path)
{
    char folder[] = "/tmp/taxond-notify-XXXXXX";
    char path[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/socket", folder);
    is_heard_at(path);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(heard_at_an_abstract_name)
{
    char name[64];

    snprintf(name, sizeof(name), "@taxond-notify-%d", (int)getpid());
    is_heard_at(name);
}
END_TEST

START_TEST(never_waits)
{
    char name[64];
    int manager, fd, result = 0;

    snprintf(name, sizeof(name), "@taxond-notify-full-%d", (int)getpid());
    manager = listen_at(name);
    ck_assert_int_eq(notify_open(name, &fd), 0);
    for (int i = 0; i < 1000000 && result == 0; i++)
        result = notify_send(fd, "WATCHDOG=1");
    ck_assert_int_eq(result, -EAGAIN);
    close(fd);
    close(manager);
}
END_TEST

START_TEST(bad_addresses_are_refused)
{
    char too_long[200];
    int fd = -1;

    memset(too_long, 'a', sizeof(too_long));
    too_long[0] = '/';
    too_long[sizeof(too_long) - 1] = '\0';
    ck_assert_int_eq(notify_open("", &fd), -EINVAL);
    ck_assert_int_eq(notify_open("@", &fd), -EINVAL);
    ck_assert_int_eq(notify_open("relative", &fd), -EINVAL);
    ck_assert_int_eq(notify_open(too_long, &fd), -EINVAL);
    ck_assert_int_eq(notify_open("/nowhere/at/all", &fd), -ENOENT);
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(notify_send(-1, "READY=1"), 0);
}
END_TEST

START_TEST(what_the_manager_waits_for)
{
    ck_assert_uint_eq(notify_watchdog_us(NULL, NULL, 7), 0);
    ck_assert_uint_eq(notify_watchdog_us("30000000", NULL, 7), 30000000);
    ck_assert_uint_eq(notify_watchdog_us("30000000", "7", 7), 30000000);
    ck_assert_uint_eq(notify_watchdog_us("30000000", "8", 7), 0);
    ck_assert_uint_eq(notify_watchdog_us("30s", NULL, 7), 0);
    ck_assert_uint_eq(notify_watchdog_us("-1", NULL, 7), 0);
    ck_assert_uint_eq(notify_watchdog_us("99999999999999999999999", NULL, 7), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        heard_at_a_path,           heard_at_an_abstract_name,  never_waits,
        bad_addresses_are_refused, what_the_manager_waits_for,
    };

    return SUITE_RUN("base/notify", tests);
}
