/* mail/header: the header of a mail or of one of its parts.
 *
 * A field is unfolded into one line, cut to a fixed size, and looked through for what is known.
 * Tolerant: a line that is no field is passed over, and an empty line or the data's end ends it.
 */
#include "header.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_MAX 2000u

/* The next line: its length without its end; *out_next where the one after begins. */
static size_t line_at(const char *data, size_t len, size_t at, size_t *out_next)
{
    const char *end = memchr(data + at, '\n', len - at);
    size_t line_len = end == NULL ? len - at : (size_t)(end - data) - at;

    *out_next = at + line_len + (end != NULL);
    return line_len > 0 && data[at + line_len - 1] == '\r' ? line_len - 1 : line_len;
}

static void append(char *field, size_t *field_len, const char *data, size_t len)
{
    for (size_t i = 0; i < len && *field_len + 1 < HEADER_FIELD_MAX; i++) {
        field[(*field_len)++] = data[i] == '\0' || data[i] == '\t' ? ' ' : data[i];
    }
    field[*field_len] = '\0';
}

/* The parameter's value, quoted or not; RFC 2231's name* is taken as it stands. */
static void parameter(const char *value, const char *name, char *out, size_t out_size)
{
    size_t name_len = strlen(name);

    for (const char *at = strchr(value, ';'); at != NULL; at = strchr(at, ';')) {
        size_t len = 0;
        char quote;

        at++;
        at += strspn(at, " ");
        if (strncasecmp(at, name, name_len) != 0) {
            continue;
        }
        at += name_len;
        at += *at == '*';
        at += strspn(at, " ");
        if (*at != '=') {
            continue;
        }
        at++;
        at += strspn(at, " ");
        quote = *at == '"' ? '"' : '\0';
        at += quote != '\0';
        while (*at != '\0' && len + 1 < out_size &&
               (quote != '\0' ? *at != quote : *at != ';' && *at != ' ')) {
            if (quote != '\0' && *at == '\\' && at[1] != '\0') {
                at++;
            }
            out[len++] = *at++;
        }
        out[len] = '\0';
        return;
    }
}

static void set_type(const char *value, struct header *header)
{
    size_t len = strcspn(value, "; ");

    if (len >= sizeof(header->media_type)) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        header->media_type[i] = (char)tolower((unsigned char)value[i]);
    }
    header->media_type[len] = '\0';
    parameter(value, "boundary", header->boundary, sizeof(header->boundary));
    parameter(value, "charset", header->charset, sizeof(header->charset));
    if (header->name[0] == '\0') {
        parameter(value, "name", header->name, sizeof(header->name));
    }
}

static void set_encoding(const char *value, struct header *header)
{
    if (strncasecmp(value, "base64", 6) == 0) {
        header->encoding = TRANSFER_BASE64;
    } else if (strncasecmp(value, "quoted-printable", 16) == 0) {
        header->encoding = TRANSFER_QUOTED;
    }
}

void header_date(const char *text, char *out, size_t out_size)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *comma = strchr(text, ',');
    const char *at;
    int day = 0, year = 0, hour = 0, minute = 0, second = 0, zone = 0, used = 0;
    char month[4] = "";
    char sign = '+';

    out[0] = '\0';
    if (sscanf(comma == NULL ? text : comma + 1, " %2d %3s %4d %2d:%2d:%2d %c%4d%n", &day, month,
               &year, &hour, &minute, &second, &sign, &zone, &used) < 6) {
        return;
    }
    at = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (at == NULL || (at - months) % 3 != 0 || day < 1 || day > 31 || year < 1970 || year > 9999 ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
        zone < 0 || zone > 1459) {
        return;
    }
    snprintf(out, out_size, "%04d-%02d-%02dT%02d:%02d:%02d", year, (int)(at - months) / 3 + 1, day,
             hour, minute, second);
    if (used > 0 && (sign == '+' || sign == '-')) {
        snprintf(out + strlen(out), out_size - strlen(out), "%c%02d:%02d", sign, zone / 100,
                 zone % 100);
    }
}

static void take_field(const char *field, struct header *header)
{
    const char *colon = strchr(field, ':');
    const char *value;
    size_t len;

    if (colon == NULL) {
        return;
    }
    len = (size_t)(colon - field);
    value = colon + 1 + strspn(colon + 1, " ");
    if (len == 12 && strncasecmp(field, "Content-Type", len) == 0) {
        set_type(value, header);
    } else if (len == 25 && strncasecmp(field, "Content-Transfer-Encoding", len) == 0) {
        set_encoding(value, header);
    } else if (len == 19 && strncasecmp(field, "Content-Disposition", len) == 0) {
        parameter(value, "filename", header->name, sizeof(header->name));
    } else if (len == 16 && strncasecmp(field, "Content-Location", len) == 0) {
        snprintf(header->location, sizeof(header->location), "%s", value);
    } else if (len == 25 && strncasecmp(field, "Snapshot-Content-Location", len) == 0 &&
               header->location[0] == '\0') {
        snprintf(header->location, sizeof(header->location), "%s", value);
    } else if (len == 4 && strncasecmp(field, "Date", len) == 0) {
        header_date(value, header->date, sizeof(header->date));
    }
}

size_t header_read(const char *data, size_t len, struct header *header)
{
    char field[HEADER_FIELD_MAX] = "";
    size_t field_len = 0;
    size_t at = 0;

    memset(header, 0, sizeof(*header));
    for (unsigned lines = 0; at < len && lines < LINES_MAX; lines++) {
        size_t next;
        size_t line_len = line_at(data, len, at, &next);
        int is_folded = line_len > 0 && (data[at] == ' ' || data[at] == '\t');

        if (!is_folded) {
            take_field(field, header);
            field_len = 0;
        }
        if (line_len == 0) {
            return next;
        }
        append(field, &field_len, data + at, line_len);
        at = next;
    }
    take_field(field, header);
    return at;
}
