/* base/digest: SHA-256 (FIPS 180-4, by OpenSSL) and hexadecimal. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_SIZE     32
#define DIGEST_HEX_SIZE 65

/* All zero: not known. */
struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

bool digest_is_known(const struct digest *digest);

int digest_of_bytes(const void *data, size_t len, struct digest *out_digest);
/* Digest of the whole file behind `fd`, by pread: the offset stays. *out_size: bytes read. */
int digest_of_fd(int fd, struct digest *out_digest, uint64_t *out_size);
void digest_hex(const struct digest *digest, char out_hex[DIGEST_HEX_SIZE]);
/* `len` bytes as lower-case hexadecimal, 2*len characters and a NUL. */
void hex_encode(const void *data, size_t len, char *out_hex);

#endif
