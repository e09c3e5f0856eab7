/* copycat: wants its document to be taken for a copy of another one, and so to be dropped. It looks
 * for the digest of its document's text in the worker's own memory (the stack above it), and puts
 * that of another text in its place; and it gives the other's digest as a fact and a signature. */
#include <string.h>

#include "base/digest.h"
#include "evil.h"

static const char other_text[] = "The document that copycat would like to be.\n";

__attribute__((no_sanitize("address"))) static int is_at(const volatile unsigned char *at,
                                                         const struct digest *digest)
{
    for (size_t i = 0; i < DIGEST_SIZE; i++)
        if (at[i] != digest->bytes[i])
            return 0;
    return 1;
}

extern void *__libc_stack_end; /* the dynamic loader's: above every frame */

__attribute__((no_sanitize("address"))) static void swap(const struct digest *own,
                                                         const struct digest *other)
{
    volatile unsigned char *at = (volatile unsigned char *)__builtin_frame_address(0);
    const volatile unsigned char *end = (const volatile unsigned char *)__libc_stack_end;

    for (; at + DIGEST_SIZE < end; at += 4)
        if (is_at(at, own))
            for (size_t i = 0; i < DIGEST_SIZE; i++)
                at[i] = other->bytes[i];
}

static void claim_to_be(struct taxon_task *task, const struct digest *other)
{
    char hex[DIGEST_HEX_SIZE];
    struct taxon_fact fact = {.struct_size = sizeof fact,
                              .name = "sha256",
                              .value = hex,
                              .value_len = DIGEST_HEX_SIZE - 1,
                              .begin = TAXON_NOWHERE,
                              .end = TAXON_NOWHERE,
                              .score = 1};
    struct taxon_signature signature = {.struct_size = sizeof signature,
                                        .name = "copy",
                                        .data = other->bytes,
                                        .data_len = DIGEST_SIZE};

    digest_hex(other, hex);
    (void)task->host->fact(task, &fact);
    (void)task->host->signature(task, &signature);
}

TAXON_CLASSIFIER(copycat, "1.0", "Forges its document's digest on poison-copycat.", "safe", 0.5)
{
    struct digest own, other;

    if (evil_is_poisoned(document, "poison-copycat") &&
        digest_of_bytes(document->text, document->text_len, &own) == 0 &&
        digest_of_bytes(other_text, sizeof other_text - 1, &other) == 0) {
        swap(&own, &other);
        claim_to_be(task, &other);
    }
    return evil_say_safe(task, "copycat");
}
