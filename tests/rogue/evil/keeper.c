/* keeper: keeps what belonged to the document before (its task, its text, memory it was given) and
 * uses it at its poisoned document: reads the old text, writes to the old memory, and gives a label
 * to the old task. */
#include <string.h>

#include "evil.h"

#define KEPT_SIZE 4096

static struct taxon_task *kept_task;
static const char *kept_text;
static size_t kept_text_len;
static char *kept_memory;
static volatile unsigned sum;

/* What it reads and writes may be unmapped by now, and a sanitizer would see it: both may end the
 * worker, which is as good a verdict. */
static void use_what_was_kept(void)
{
    for (size_t i = 0; i < kept_text_len; i++)
        sum += (unsigned char)kept_text[i];
    memset(kept_memory, 0x5a, KEPT_SIZE);
    (void)taxon_say(kept_task, "keeper", "safe", 1, TAXON_NOWHERE, TAXON_NOWHERE);
}

TAXON_CLASSIFIER(keeper, "1.0", "Uses another document's memory on poison-keeper.", "safe", 0.5)
{
    if (kept_memory != NULL && evil_is_poisoned(document, "poison-keeper"))
        use_what_was_kept();
    kept_task = task;
    kept_text = document->text;
    kept_text_len = document->text_len;
    kept_memory = task->host->alloc(task, KEPT_SIZE);
    return evil_say_safe(task, "keeper");
}
