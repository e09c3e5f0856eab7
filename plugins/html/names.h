/* names: what the parts of class names, ids and roles speak of. */
#ifndef HTML_NAMES_H
#define HTML_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAME_PART_MAX 16

/* TAXON_NAME_… of a part in lower case ("breadcrumb"), 0 for one that says nothing; len is below
 * NAME_PART_MAX. */
uint32_t name_of_part(const char *part, size_t len);

#endif
