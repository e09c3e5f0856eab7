/* json/fields: which values of an object are its text, page, url and date.
 *
 * Called by json.c for each object. The defaults are the schemas of dolma (text, metadata.url),
 * datatrove (text, metadata.url, metadata.date), OSCAR (content, warc_headers) and trafilatura
 * (text, source, date), and the names that scrapers of one's own mostly have.
 */
#include "fields.h"

#include <string.h>
#include <strings.h>

#define PATH_STEP_MAX 128u

#define ROW                                                                                        \
    .struct_size = sizeof(struct taxon_option), .type = TAXON_OPTION_LIST,                         \
    .element = TAXON_OPTION_STRING

const struct taxon_option fields_options[FIELD_USES] = {
    [FIELD_TEXT] = {ROW, .name = "text",
                    .fallback = "[text, content, raw_text, maintext, body, article]",
                    .help = "Fields that hold a document's text; the first that is there and not "
                            "empty counts. `a.b` is the field `b` of the object `a`."},
    [FIELD_HTML] = {ROW, .name = "html", .fallback = "[html, raw_html, page_html, html_content]",
                    .help = "Fields that hold a page's HTML, which counts before its text."},
    [FIELD_URL] = {ROW, .name = "url",
                   .fallback = "[url, metadata.url, warc_headers.warc-target-uri, "
                               "metadata.warc_url, source_url, link, source, uri]",
                   .help = "Fields that hold the url; a value that is none is passed over."},
    [FIELD_DATE] = {ROW, .name = "date",
                    .fallback = "[date, metadata.date, created, published, warc_headers.warc-date, "
                                "metadata.warc_date, timestamp, added]",
                    .help = "Fields that hold the date, as text."},
    [FIELD_NAME] = {ROW, .name = "name", .fallback = "[id, name, fingerprint]",
                    .help = "Fields that a document's name is made of."},
};

struct fields *fields_open(struct taxon_opening *opening)
{
    const struct taxon_host *host = opening->host;
    struct fields *fields = host->keep(opening, sizeof(*fields));

    for (int use = 0; fields != NULL && use < FIELD_USES; use++) {
        fields->paths[use] = host->option(opening, fields_options[use].name);
    }
    return fields;
}

/* The value that a path leads to, or NULL. A field whose name has a dot in it counts, too. */
static const json_t *follow(const json_t *object, const char *path)
{
    const json_t *value = json_object_get(object, path);
    char step[PATH_STEP_MAX];

    while (value == NULL && object != NULL) {
        size_t len = strcspn(path, ".");

        if (len >= sizeof(step)) {
            return NULL;
        }
        memcpy(step, path, len);
        step[len] = '\0';
        object = json_object_get(object, step);
        if (path[len] == '\0') {
            return object;
        }
        path += len + 1;
    }
    return value;
}

static int is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

const json_t *fields_find(const struct fields *fields, enum field_use use, const json_t *object)
{
    const struct taxon_value *paths = fields->paths[use];

    for (size_t i = 0; paths != NULL && i < paths->count; i++) {
        const json_t *value = follow(object, paths->items[i]->text);

        if (use == FIELD_NAME && json_is_integer(value)) {
            return value;
        }
        if (json_is_string(value) && json_string_length(value) > 0 &&
            (use != FIELD_URL || is_url(json_string_value(value)))) {
            return value;
        }
    }
    return NULL;
}
