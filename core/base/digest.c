/* base/digest: SHA-256 and hexadecimal.
 *
 * Called for documents, decoded texts, plugins, models and settings. SHA-256 is OpenSSL's, which
 * uses the processor's own instructions. It does not map files: another process may truncate them,
 * and a read that ends early is better than SIGBUS.
 */
#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_SIZE (64 << 10)

bool digest_is_known(const struct digest *digest)
{
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        if (digest->bytes[i] != 0)
            return true;
    return false;
}

int digest_of_bytes(const void *data, size_t len, struct digest *out_digest)
{
    struct digest digest;

    if (EVP_Digest(len > 0 ? data : "", len, digest.bytes, NULL, EVP_sha256(), NULL) != 1)
        return -EIO;
    *out_digest = digest;
    return 0;
}

static int update_from_fd(EVP_MD_CTX *ctx, int fd, uint64_t *out_size)
{
    unsigned char chunk[CHUNK_SIZE];
    off_t offset = 0;

    for (;;) {
        ssize_t n = pread(fd, chunk, sizeof chunk, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        if (EVP_DigestUpdate(ctx, chunk, (size_t)n) != 1)
            return -EIO;
        offset += n;
    }
    *out_size = (uint64_t)offset;
    return 0;
}

int digest_of_fd(int fd, struct digest *out_digest, uint64_t *out_size)
{
    struct digest digest;
    uint64_t size = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx == NULL)
        return -ENOMEM;
    int code = EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 ? 0 : -EIO;
    if (code == 0)
        code = update_from_fd(ctx, fd, &size);
    if (code == 0 && EVP_DigestFinal_ex(ctx, digest.bytes, NULL) != 1)
        code = -EIO;
    EVP_MD_CTX_free(ctx);
    if (code < 0)
        return code;
    *out_digest = digest;
    if (out_size != NULL)
        *out_size = size;
    return 0;
}

void digest_hex(const struct digest *digest, char out_hex[DIGEST_HEX_SIZE])
{
    hex_encode(digest->bytes, DIGEST_SIZE, out_hex);
}

void hex_encode(const void *data, size_t len, char *out_hex)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;

    for (size_t i = 0; i < len; i++) {
        out_hex[2 * i] = digits[bytes[i] >> 4];
        out_hex[2 * i + 1] = digits[bytes[i] & 0x0F];
    }
    out_hex[2 * len] = '\0';
}
