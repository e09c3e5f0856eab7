/* dates_scan: the dates of a document's head and tail, each with the line that it stands on.
 *
 * Called by dates.c once a document. When a text is of, its first lines and its last say; the
 * middle is full of dates of other things. A date is tried only where one could begin, and not
 * where it would be cut out of something longer: 12024-05-17, 第三五月.
 */
#include "kit/dates_private.h"

#include <errno.h>
#include <string.h>

#define HEAD_BYTES     6144
#define TAIL_BYTES     3072
#define SENTENCE_BYTES 60 /* a line of running text has as many, and a comma or stop */

struct reading {
    struct dates_scan *scan;
    size_t places_max;
    uint32_t line;
    uint32_t sentences;
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int is_digit_before(const char *text, size_t at)
{
    return (at >= 1 && text[at - 1] >= '0' && text[at - 1] <= '9') ||
           (at >= 3 && memcmp(text + at - 3, "\xEF\xBC", 2) == 0 &&
            (unsigned char)text[at - 1] >= 0x90 && (unsigned char)text[at - 1] <= 0x99);
}

static int ends_with_any(const char *text, size_t at, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t size = strlen(*words);

        if (size <= at && text[at - 1] == (*words)[size - 1] &&
            memcmp(text + at - size, *words, size) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_latin(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Would a date that begins at `at` be the rest of a longer number or word? */
static int is_cut_out(const char *text, size_t at)
{
    static const char *const han[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
                                      "百", "千", "〇", "○",  "零", "廿", "第", "几", NULL};
    char c = text[at];

    if (at == 0) {
        return 0;
    }
    if (is_latin(c)) {
        return is_latin(text[at - 1]);
    }
    if ((unsigned char)c >= 0xE0 && (unsigned char)c != 0xEF) {
        return ends_with_any(text, at, han);
    }
    return is_digit_before(text, at) || is_latin(text[at - 1]) ||
           ends_with_any(text, at, (const char *const[]){"第", "$", "¥", "￥", NULL}) ||
           ((text[at - 1] == '.' || text[at - 1] == '/') && is_digit_before(text, at - 1));
}

/* 一 to 十, and the first characters of 民国 and 中华民国. */
static int is_beginning_han(const unsigned char *p)
{
    switch ((unsigned)p[0] << 16 | (unsigned)p[1] << 8 | p[2]) {
    case 0xE4B880: /* 一 */
    case 0xE4BA8C: /* 二 */
    case 0xE4B889: /* 三 */
    case 0xE59B9B: /* 四 */
    case 0xE4BA94: /* 五 */
    case 0xE585AD: /* 六 */
    case 0xE4B883: /* 七 */
    case 0xE585AB: /* 八 */
    case 0xE4B99D: /* 九 */
    case 0xE58D81: /* 十 */
    case 0xE6B091: /* 民 */
    case 0xE4B8AD: /* 中 */
        return 1;
    default:
        return 0;
    }
}

/* Whether it is the second byte of one of those. */
static int is_second_of_han(unsigned char c)
{
    return (c >= 0xB8 && c <= 0xBA) || c == 0x85 || c == 0x8D || c == 0x9B || c == 0xB0;
}

/* Are these the first letters of an English month or day of the week? */
static int is_name(const char *text, size_t len)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDecMonTueWedThuFriSatSun";

    for (size_t i = 0; len >= 3 && i + 3 < sizeof(names); i += 3) {
        if (text[0] == names[i] && (text[1] | 0x20) == names[i + 1] &&
            (text[2] | 0x20) == names[i + 2]) {
            return 1;
        }
    }
    return 0;
}

/* Could a date begin with the byte at `at`? A cheap first question. */
static int could_begin(const char *text, size_t len, size_t at)
{
    unsigned char c = (unsigned char)text[at];

    if (c < 0x80) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'W' && is_name(text + at, len - at));
    }
    if (c == 0xEF) {
        return len - at >= 3 && (unsigned char)text[at + 1] == 0xBC &&
               (unsigned char)text[at + 2] >= 0x90 && (unsigned char)text[at + 2] <= 0x99;
    }
    return len - at >= 3 && is_beginning_han((const unsigned char *)text + at);
}

/* The first byte from `at` on that is one of those with which could_begin has anything to do. */
static size_t skip_others(const char *text, size_t at, size_t stop)
{
    static const uint8_t begins[256] = {
        ['0' ... '9'] = 1, ['A' ... 'W'] = 1, [0xE4] = 2, [0xE5] = 2, [0xE6] = 2, [0xEF] = 1};

    while (at < stop) {
        uint8_t kind = begins[(unsigned char)text[at]];

        if (kind == 1 ||
            (kind == 2 && (at + 1 == stop || is_second_of_han((unsigned char)text[at + 1])))) {
            return at;
        }
        at++;
    }
    return at;
}

/* Is it the later end of a range: 2018-2030年, 5月1日至7月3日? */
static int ends_range(const char *text, size_t at)
{
    static const char *const marks[] = {"-", "–", "—", "－", "~", "～", "至", "到", "―", NULL};
    static const char *const parts[] = {"年", "月", "日", "号", "號", NULL};

    while (at > 0 && text[at - 1] == ' ') {
        at--;
    }
    if (!ends_with_any(text, at, marks)) {
        return 0;
    }
    while (ends_with_any(text, at, marks)) {
        at -= (unsigned char)text[at - 1] < 0x80 ? 1 : 3;
    }
    while (at > 0 && text[at - 1] == ' ') {
        at--;
    }
    return is_digit_before(text, at) || ends_with_any(text, at, parts);
}

static int holds(const char *text, size_t len, const char *word)
{
    return text != NULL && memmem(text, len, word, strlen(word)) != NULL;
}

static int is_running_text(const char *line, size_t len)
{
    return len >= SENTENCE_BYTES && (holds(line, len, "。") || holds(line, len, "，") ||
                                     holds(line, len, ". ") || holds(line, len, ","));
}

static enum dates_form form_of(const char *text, size_t size)
{
    if (holds(text, size, "月") || holds(text, size, "年")) {
        return DATES_FORM_CHINESE;
    }
    for (size_t i = 0; i < size; i++) {
        if (is_latin(text[i]) && text[i] != 'T' && text[i] != 'Z') {
            return DATES_FORM_WORDS;
        }
    }
    return DATES_FORM_FIGURES;
}

static void add_place(struct reading *reading, const struct dates_place *line, size_t at,
                      size_t size, const struct dates_date *date)
{
    struct dates_scan *scan = reading->scan;
    struct dates_place *place = &scan->places[scan->count++];

    *place = *line;
    place->date = *date;
    place->begin = at;
    place->end = at + size;
    place->form = form_of(scan->text + at, size);
    place->ends_range = ends_range(scan->text, at);
    dates_context_init(&place->before, scan->text, line->line_begin, at, 1);
    dates_context_init(&place->after, scan->text, place->end, line->line_end, 0);
}

/* The dates of one line, up to `stop`. */
static void scan_line(struct reading *reading, const struct dates_place *line, size_t stop)
{
    struct dates_scan *scan = reading->scan;
    size_t at = line->line_begin;

    while ((at = skip_others(scan->text, at, stop)) < stop && scan->count < reading->places_max) {
        struct dates_date date;
        size_t size = 0;

        if (could_begin(scan->text, line->line_end, at) && !is_cut_out(scan->text, at)) {
            size = dates_parse(scan->text + at, line->line_end - at, &date);
        }
        if (size > 0) {
            add_place(reading, line, at, size, &date);
        }
        at += size > 0 ? size : 1;
    }
}

/* The lines that begin in [begin, end). Of a line without end only the part before it is read. */
static void scan_region(struct reading *reading, size_t begin, size_t end)
{
    const char *text = reading->scan->text;

    while (begin < end) {
        const char *newline = memchr(text + begin, '\n', reading->scan->len - begin);
        size_t next = newline == NULL ? reading->scan->len : (size_t)(newline - text) + 1;
        struct dates_place line = {.line_begin = begin, .line_end = next};

        while (line.line_begin < line.line_end && is_blank(text[line.line_begin])) {
            line.line_begin++;
        }
        while (line.line_end > line.line_begin && is_blank(text[line.line_end - 1])) {
            line.line_end--;
        }
        if (line.line_begin < line.line_end) {
            line.line = reading->line++;
            line.sentences = reading->sentences;
            line.is_sentence =
                is_running_text(text + line.line_begin, line.line_end - line.line_begin);
            scan_line(reading, &line, line.line_end < end ? line.line_end : end);
            reading->sentences += (uint32_t)line.is_sentence;
        }
        begin = next;
    }
}

/* Where the tail begins: a border of characters and, if there is one in it, of lines. */
static size_t tail_begin(const char *text, size_t len, size_t head_end)
{
    size_t at = len > TAIL_BYTES ? len - TAIL_BYTES : 0;
    const char *newline;

    if (at <= head_end) {
        return head_end;
    }
    newline = memchr(text + at, '\n', len - at);
    if (newline != NULL) {
        return (size_t)(newline - text) + 1;
    }
    while (at < len && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/* The end of the head: after the line in which it would end, if that is not too long. */
static size_t head_end(const char *text, size_t len)
{
    const char *newline;
    size_t window = len - HEAD_BYTES < HEAD_BYTES ? len - HEAD_BYTES : HEAD_BYTES;

    newline = memchr(text + HEAD_BYTES, '\n', window);
    return newline == NULL ? HEAD_BYTES : (size_t)(newline - text) + 1;
}

/* Counts from both ends, now that both are known. */
static void number_lines(struct dates_scan *scan, size_t head_count, uint32_t head_lines,
                         uint32_t tail_lines, int apart)
{
    for (size_t i = 0; i < scan->count; i++) {
        struct dates_place *place = &scan->places[i];

        if (i < head_count) {
            place->below = apart ? DATES_NO_LINE : head_lines + tail_lines - 1 - place->line;
        } else {
            place->below = tail_lines - 1 - place->line;
            place->line = apart ? DATES_NO_LINE : head_lines + place->line;
        }
    }
}

int dates_scan_init(struct dates_scan *scan, struct taxon_task *task, const char *text, size_t len)
{
    struct reading reading = {.scan = scan, .places_max = DATES_HEAD_PLACES};
    size_t head = len > HEAD_BYTES ? head_end(text, len) : len;
    size_t tail = tail_begin(text, len, head);
    size_t head_count;
    uint32_t head_lines;

    *scan = (struct dates_scan){.task = task, .text = text, .len = len};
    scan->places =
        task->host->alloc(task, (DATES_HEAD_PLACES + DATES_TAIL_PLACES) * sizeof(*scan->places));
    if (scan->places == NULL) {
        return -ENOMEM;
    }
    scan_region(&reading, 0, head);
    head_count = scan->count;
    head_lines = reading.line;
    reading.line = 0;
    reading.places_max = head_count + DATES_TAIL_PLACES;
    if (!task->host->should_stop(task)) {
        scan_region(&reading, tail, len);
    }
    number_lines(scan, head_count, head_lines, reading.line, tail > head);
    return 0;
}
