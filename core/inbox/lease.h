/* inbox/lease: whether anybody has a file open for writing. */
#ifndef INBOX_LEASE_H
#define INBOX_LEASE_H

enum lease_answer {
    LEASE_FREE,   /* no writer, no writable mapping */
    LEASE_WRITER, /* there is one */
    LEASE_UNKNOWN /* the file system or the file's owner keeps us from telling */
};

/* fd: a regular file opened O_RDONLY. Holds nothing afterwards. */
enum lease_answer lease_probe(int fd);

#endif
