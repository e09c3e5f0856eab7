/* taxond-worker: the process that plugins and documents live in. Started by taxond and taxon, with
 * the supervisor's socket as descriptor 3; of no use on its own. */
#include <malloc.h>
#include <stdio.h>
#include <sys/socket.h>

#include "worker/worker.h"

#define SOCKET_FD 3

int main(void)
{
    int type = 0;
    socklen_t len = sizeof type;

    if (getsockopt(SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &len) < 0) {
        fputs("taxond-worker is started by taxond, not by hand.\n", stderr);
        return 64; /* EX_USAGE, sysexits.h */
    }
    /* What one document took is there for the next, up to so much. */
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    return worker_run(SOCKET_FD);
}
