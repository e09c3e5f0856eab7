/* The smallest useful plugin, by the short way of taxon/easy.h; and one that crashes on demand. */
#include <taxon/easy.h>

TAXON_CLASSIFIER(greeting, "1.0", "Says whether a text greets its reader.", "warm", 0.5)
{
    size_t at = taxon_find(document, "hello");
    if (taxon_find(document, "now crash") != TAXON_NOWHERE)
        __builtin_trap();
    return at == TAXON_NOWHERE ? 0 : taxon_say(task, "greeting", "warm", 0.9, at, at + 5);
}
