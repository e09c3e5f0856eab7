/* wire/frame: one message between supervisor and worker on a SOCK_STREAM socket pair: a header of
 * 24 bytes, a payload, and with some types one descriptor (SCM_RIGHTS, sent with the header's first
 * byte). Little-endian: u32 magic, u32 type, u64 serial, u32 payload length, u32 zero.
 *
 * What a worker sends is hostile: an unknown magic, a type that this side does not take, a length
 * beyond the limit is an error, after which the socket is not read again.
 */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define FRAME_MAGIC       0x31585854u /* "TXX1" */
#define FRAME_HEADER_SIZE 24u

enum frame_type {
    /* to the worker */
    FRAME_CONFIG = 1,   /* wire/setup: the sealed configuration; 1 descriptor */
    FRAME_PLUGIN = 2,   /* wire/setup: a shared object; 1 descriptor */
    FRAME_RESOURCE = 3, /* wire/setup: a file that a plugin opened before; 1 descriptor */
    FRAME_STAGE = 4,    /* wire/stage: the shared page; 1 descriptor */
    FRAME_START = 5,    /* no payload: open the plugins */
    FRAME_JOB = 6,      /* wire/job: a document; 1 descriptor */
    FRAME_ZYGOTE = 7,   /* no payload: open the plugins, then fork workers rather than be one */
    FRAME_FORK = 8,     /* no payload: to a zygote: one worker; 1 descriptor, its socket */
    FRAME_SPOOL = 9,    /* no payload: where the next job's members go; 1 descriptor */
    /* from the worker */
    FRAME_READY = 16,    /* wire/manifest; of a forked worker: no payload */
    FRAME_FAILED = 17,   /* one line of text: why it could not start; it then exits */
    FRAME_REPLY = 18,    /* wire/reply; serial of the job */
    FRAME_LISTENER = 19, /* of a zygote: who may fork is asked here (seccomp); 1 descriptor */
    FRAME_FORKED = 20,   /* wire/setup: of a zygote: the process; serial of the FORK */
};

struct frame {
    enum frame_type type;
    uint64_t serial;
    const char *payload; /* into the reader's buffer; until the next call on it */
    size_t len;
    int fd; /* the descriptor that came along, now the caller's, or -1 */
};

/* Sends a whole frame, blocking (poll on EAGAIN) for at most `timeout_ms` (-1: for ever), never
 * raising SIGPIPE. `fd`, which stays the caller's, -1 for none; a type that carries a descriptor
 * must have one and no other may (asserted). 0, -EPIPE, -ETIMEDOUT, -EMSGSIZE, …; after a failure
 * part of the frame may be out, and the socket is good for nothing more. */
int frame_send(int socket_fd, enum frame_type type, uint64_t serial, const void *payload,
               size_t len, int fd, int timeout_ms);

/* Gathers one frame after the other from a socket, reading no byte of the next before this one was
 * given out: the kernel hands a descriptor over with the bytes it was sent with, so that it is
 * plain which frame it belongs to. May be copied as a struct, like a value that moves. */
struct frame_reader {
    unsigned char header[FRAME_HEADER_SIZE];
    size_t header_len; /* bytes of it that are there */
    struct strbuf buf; /* payload, as far as it is there */
    size_t payload_len;
    size_t payload_max;
    bool has_fd;
    int fd;     /* came with the frame in hand; meaningful if has_fd */
    bool given; /* the frame in hand was given out: the next call begins another */
    bool only_from_worker;
    int broken; /* 0, or what every later call returns: the socket is not read again */
};

void frame_reader_init(struct frame_reader *reader, size_t payload_max);
/* Refuse with -EPROTO every type that a worker does not send: for the supervisor's side. */
void frame_reader_only_from_worker(struct frame_reader *reader);
void frame_reader_release(struct frame_reader *reader); /* closes a descriptor not given out */

/* Reads what is there without blocking (MSG_DONTWAIT) and gives out at most one frame: 1 a frame, 0
 * nothing whole yet, -EPIPE at the end of the stream (also amid a frame), -EPROTO for a malformed
 * one (bad header, a descriptor where none belongs, none where one does, more than one), other
 * -errno. All but 1 and 0 are final. Call until it does not return 1. */
int frame_next(struct frame_reader *reader, int socket_fd, struct frame *out_frame);

/* Waits for a whole frame, `timeout_ms` -1 for ever: 1, -ETIMEDOUT, or as frame_next. */
int frame_wait(struct frame_reader *reader, int socket_fd, int timeout_ms, struct frame *out_frame);

#endif
