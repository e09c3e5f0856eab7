/* evil: what the plugins of this folder share. Each does one evil thing to a document that holds
 * its word, poison-NAME, and gives every other document the label `safe` of its own scheme, NAME,
 * so that good and bad documents can be mixed. */
#ifndef EVIL_H
#define EVIL_H

#include <taxon/easy.h>

static inline int evil_is_poisoned(const struct taxon_document *document, const char *word)
{
    return taxon_find(document, word) != TAXON_NOWHERE;
}

static inline int32_t evil_say_safe(struct taxon_task *task, const char *scheme)
{
    return taxon_say(task, scheme, "safe", 0.9, TAXON_NOWHERE, TAXON_NOWHERE);
}

#endif
