#include <taxon/easy.h>
TAXON_CLASSIFIER(template, "1.0", "Says whether a text greets its reader.", "warm", 0.5)
{
    size_t at = taxon_find(document, "hello");
    return at == TAXON_NOWHERE ? 0 : taxon_say(task, "template", "warm", 0.9, at, at + 5);
}
