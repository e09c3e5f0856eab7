/* pool/listener: answers what a zygote's filter asks.
 *
 * Called by pool/zygote. Without libseccomp, whose part in this is three ioctls. What may be done
 * and when is the zygote's to decide; this file knows the kernel's structs and the two calls.
 */
#include "pool/listener.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define QUESTION_ROOM 512u /* the kernel's struct may be longer than that of our headers */

bool listener_is_sound(int fd)
{
    struct seccomp_notif_sizes sizes;
    char link[64], target[64];
    ssize_t len;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, target, sizeof(target) - 1);
    if (len <= 0)
        return false;
    target[len] = '\0';
    if (strncmp(target, "anon_inode:seccomp notify", 25) != 0)
        return false;
    return syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0 &&
           sizes.seccomp_notif <= QUESTION_ROOM && sizes.seccomp_notif_resp <= QUESTION_ROOM;
}

/* The receiving ioctl waits where nothing does, so poll(2) is asked each time. */
static int wait_state(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    if (poll(&polled, 1, 0) <= 0)
        return 0;
    return (polled.revents & POLLIN) != 0 ? 1 : -EPIPE;
}

int listener_answer(int fd,
                    bool (*may_go_on)(void *context, const struct listener_question *question),
                    void *context)
{
    union {
        struct seccomp_notif notice;
        char room[QUESTION_ROOM];
    } asked;
    union {
        struct seccomp_notif_resp response;
        char room[QUESTION_ROOM];
    } answer;
    struct listener_question question;
    int state = wait_state(fd);

    if (state <= 0)
        return state;
    memset(&asked, 0, sizeof(asked)); /* or the kernel refuses it */
    memset(&answer, 0, sizeof(answer));
    if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
        return 0; /* killed while it waited */
    question.pid = (pid_t)asked.notice.pid;
    question.number = asked.notice.data.nr;
    for (size_t i = 0; i < 6; i++)
        question.arguments[i] = asked.notice.data.args[i];
    answer.response.id = asked.notice.id;
    if (may_go_on(context, &question))
        answer.response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else
        answer.response.error = -EPERM;
    return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 ? 0 : 1;
}

bool listener_is_fork(const struct listener_question *question)
{
#if defined(__s390__)
    const size_t flags = 1;
#else
    const size_t flags = 0;
#endif

    for (size_t i = 0; i < 5; i++)
        if (question->arguments[i] != (i == flags ? (uint64_t)(CLONE_PARENT | SIGCHLD) : 0))
            return false;
    return question->number == SYS_clone;
}

bool listener_is_own_signal(const struct listener_question *question)
{
    return question->number == SYS_tgkill && question->arguments[0] == (uint64_t)question->pid;
}
