/* json/fields: which values of an object are its text, page, url and date. */
#ifndef JSON_FIELDS_H
#define JSON_FIELDS_H

#include <jansson.h>

#include <taxon/plugin.h>

enum field_use { FIELD_TEXT, FIELD_HTML, FIELD_URL, FIELD_DATE, FIELD_NAME, FIELD_USES };

/* Of one instance: the paths that are tried for each use, in their order. */
struct fields {
    const struct taxon_value *paths[FIELD_USES];
};

/* One row of the plugin's options for each use, with the schemas known by default. */
extern const struct taxon_option fields_options[FIELD_USES];

/* From the options; in the instance's memory. NULL without. */
struct fields *fields_open(struct taxon_opening *opening);
/* The first of the paths ("metadata.url") that leads to a string that is not empty, or NULL; a url
 * must look like one. A number is no string, but for FIELD_NAME: then it is in `out_number`. */
const json_t *fields_find(const struct fields *fields, enum field_use use, const json_t *object);

#endif
