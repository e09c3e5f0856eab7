/* config/options_number: numbers as people write them in YAML. What the options' own files share;
 * nobody else includes it. The parsers return false for what is no such number or is too large.
 */
#ifndef CONFIG_OPTIONS_NUMBER_H
#define CONFIG_OPTIONS_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

bool number_parse_bool(const char *text, int64_t *out_number);
bool number_parse_int(const char *text, int64_t *out_number);
bool number_parse_real(const char *text, double *out_number);
bool number_parse_duration(const char *text, int64_t *out_ms);
bool number_parse_bytes(const char *text, int64_t *out_bytes);

/* As it would be written for an option of that TAXON_OPTION_… type. */
void number_print(uint32_t type, double number, struct strbuf *out_text);

#endif
