/* inbox/lease: asks for a read lease and gives it back at once (fcntl(2), F_SETLEASE).
 *
 * The kernel grants F_RDLCK only while nobody has the file open for writing or mapped writable.
 * Called by settle before a file is given out and by claim once more when it is ours. A writer that
 * opens the file in the microseconds between is held up until the lease is dropped (told EAGAIN if
 * it opened with O_NONBLOCK), and the holder, us, is sent a signal, by default SIGIO, which ends a
 * process that does not expect it. SIGURG is ignored by default, so that one is asked for; no
 * handler or other state of the process is touched.
 *
 * EACCES: another's file and no CAP_LEASE. EINVAL: the file system has no leases. ENOLCK and
 * others: not to be had now. None of these says anything about writers.
 */
#include "inbox/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

enum lease_answer lease_probe(int fd)
{
    if (fcntl(fd, F_SETSIG, SIGURG) < 0)
        return LEASE_UNKNOWN;
    if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
        return errno == EAGAIN ? LEASE_WRITER : LEASE_UNKNOWN;
    (void)fcntl(fd, F_SETLEASE, F_UNLCK); /* at worst it goes with the descriptor */
    return LEASE_FREE;
}
