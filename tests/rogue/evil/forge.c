/* forge: writes frames of its own to the worker's socket, as well-formed as anybody can make them
 * who has read core/wire/frame.h. Which one, a word of the document says: poison-forge-reply (to
 * documents that may be any of those in hand, with nothing in them), poison-forge-ready (as if it
 * began anew), poison-forge-job (what only the supervisor sends) and poison-forge-huge (announces
 * megabytes that never come, so that the worker's own reply is swallowed as part of them). */
#include <string.h>
#include <unistd.h>

#include "evil.h"

#define WORKER_SOCKET_FD 3
#define MAGIC            0x31585854u
#define JOB              6u
#define READY            16u
#define REPLY            18u
#define SERIALS          64
#define HUGE             (1u << 20)

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static int send_header(uint32_t type, uint32_t serial, uint32_t len)
{
    unsigned char header[24] = {0};

    put_u32(header, MAGIC);
    put_u32(header + 4, type);
    put_u32(header + 8, serial);
    put_u32(header + 16, len);
    return write(WORKER_SOCKET_FD, header, sizeof header) == (ssize_t)sizeof header ? 0 : -1;
}

TAXON_CLASSIFIER(forge, "1.0", "Writes forged frames on poison-forge-….", "safe", 0.5)
{
    int result = 0;

    if (evil_is_poisoned(document, "poison-forge-reply"))
        for (uint32_t serial = 1; serial <= SERIALS && result == 0; serial++)
            result = send_header(REPLY, serial, 0);
    if (evil_is_poisoned(document, "poison-forge-ready"))
        result = send_header(READY, 0, 0);
    if (evil_is_poisoned(document, "poison-forge-job"))
        result = send_header(JOB, 1, 0);
    if (evil_is_poisoned(document, "poison-forge-huge"))
        result = send_header(REPLY, 1, HUGE);
    /* The supervisor may be faster in ending this than the worker in answering. */
    return result < 0 ? -1 : evil_say_safe(task, "forge");
}
