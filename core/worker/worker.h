/* worker/worker: the whole life of a taxond-worker process: take the setup, lock down, open the
 * plugins, warm up, lock down for good, say READY, then one document after the other.
 */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

/* Serves the supervisor at the other end of `socket_fd` until that end closes. Returns the exit
 * status: 0 when the supervisor closed the socket between documents, 1 when the setup failed (a
 * FRAME_FAILED was sent if the socket still took it). */
int worker_run(int socket_fd);

#endif
