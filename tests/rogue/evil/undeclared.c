/* undeclared: gives labels and spans of schemes that it has not declared: others' and nobody's. */
#include "evil.h"

TAXON_CLASSIFIER(undeclared, "1.0", "Gives labels that are not its own on poison-undeclared.",
                 "safe", 0.5)
{
    struct taxon_span span = {.struct_size = sizeof span,
                              .scheme = "boilerplate",
                              .id = "navigation",
                              .begin = 0,
                              .end = 1,
                              .score = 1};

    if (evil_is_poisoned(document, "poison-undeclared")) {
        (void)taxon_say(task, "genre", "news/report", 1, TAXON_NOWHERE, TAXON_NOWHERE);
        (void)taxon_say(task, "nobodys", "label", 1, TAXON_NOWHERE, TAXON_NOWHERE);
        (void)taxon_say(task, "undeclared", "unheard-of", 1, TAXON_NOWHERE, TAXON_NOWHERE);
        (void)task->host->span(task, &span);
    }
    return evil_say_safe(task, "undeclared");
}
