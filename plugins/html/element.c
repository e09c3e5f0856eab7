/* element: the table of elements. Called by the walk and by what hashes paths; holds no state. */
#include "element.h"

#define ELEMENT_TRAITS(name, text, traits) [ELEMENT_##name] = (traits),
#define ELEMENT_NAME(name, text, traits)   [ELEMENT_##name] = (text),

uint32_t element_traits(enum element element)
{
    static const uint8_t traits[ELEMENT_NOTHING + 1] = {ELEMENT_LIST(ELEMENT_TRAITS)};

    return traits[element];
}

const char *element_name(enum element element)
{
    static const char *const names[ELEMENT_NOTHING + 1] = {ELEMENT_LIST(ELEMENT_NAME)};

    return names[element] == (const char *)0 ? "" : names[element];
}
