/* train_words: counts which words stand in main text and which in furniture.
 *
 * Called by train_boilerplate.c before each fit. A word counts once a site up to a cap, so that a
 * phrase of one site's template says little; and a site's own pages never tell about themselves.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainer.h"

#define PHRASE_CAP   3   /* of a word on one site */
#define PHRASE_PRIOR 4.0 /* lines that a word has to be seen in to say something */

void trainer_die(const char *what)
{
    fprintf(stderr, "train: %s: %s\n", what, strerror(errno));
    exit(1);
}

void *trainer_need(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);

    if (memory == NULL) {
        trainer_die("memory");
    }
    return memory;
}

/* The site that a host belongs to, so that no site is on both sides of a part: the last two names,
 * three where the last but one is no name of its own (com.cn). */
const char *trainer_site_of(const char *host)
{
    const char *dots[4] = {host, host, host, host};
    const char *last = host;

    for (const char *at = host; *at != '\0'; at++) {
        if (*at == '.') {
            memmove(dots + 1, dots, 3 * sizeof(*dots));
            dots[0] = at + 1;
            last = at;
        }
    }
    (void)last;
    if (dots[1] != host && dots[0] - dots[1] <= 4) {
        return dots[2];
    }
    return dots[1];
}

/* Adds what one site has of each word to the counts; sign -1 takes it away again. */
static void count_site(struct trainer *trainer, const char *site, const uint8_t *in, double sign)
{
    struct pages *pages = &trainer->pages;
    uint8_t *seen = trainer_need((size_t)PHRASE_SLOTS * 2, 1);

    for (size_t i = 0; i < pages->count; i++) {
        const struct sample *page = &pages->items[i];

        for (size_t k = 0;
             in[i] && strcmp(trainer_site_of(page->host), site) == 0 && k < page->line_count; k++) {
            const struct page_line *line = &page->lines[k];
            int is_kept = line->target >= 0.5f;

            for (size_t s = 0; s < line->slot_count; s++) {
                uint8_t *count = &seen[line->slots[s] * 2u + (uint32_t)is_kept];

                if (*count < PHRASE_CAP) {
                    ++*count;
                    (is_kept ? trainer->kept : trainer->dropped)[line->slots[s]] += sign;
                }
            }
        }
    }
    free(seen);
}

/* Is it the first page of its site? Each site is counted once. */
static int is_first(const struct pages *pages, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(trainer_site_of(pages->items[i].host),
                   trainer_site_of(pages->items[index].host)) == 0) {
            return 0;
        }
    }
    return 1;
}

static void make_table(struct trainer *trainer)
{
    double kept = 1;
    double dropped = 1;

    for (size_t i = 0; i < PHRASE_SLOTS; i++) {
        kept += trainer->kept[i];
        dropped += trainer->dropped[i];
    }
    for (size_t i = 0; i < PHRASE_SLOTS; i++) {
        double of_kept = PHRASE_PRIOR * kept / (kept + dropped);
        double of_dropped = PHRASE_PRIOR * dropped / (kept + dropped);
        double odds = log((trainer->kept[i] + of_kept) / of_kept) -
                      log((trainer->dropped[i] + of_dropped) / of_dropped);
        double value = round(odds * (double)PHRASE_UNIT);

        trainer->table[i] = (int8_t)(value > 127 ? 127 : value < -127 ? -127 : value);
    }
}

static void set_phrases(struct trainer *trainer, const struct sample *page)
{
    for (size_t k = 0; k < page->line_count; k++) {
        phrases_count(trainer->table, page->lines[k].slots, page->lines[k].slot_count,
                      trainer->pages.rows + (page->first + k) * FEATURES_COUNT + FEATURE_PHRASES);
    }
}

/* What words say, counted on the pages with in[page] != 0; of those themselves, on the others of
 * them, so that no site tells about itself. */
void trainer_learn_phrases(struct trainer *trainer, const uint8_t *in)
{
    struct pages *pages = &trainer->pages;

    memset(trainer->kept, 0, PHRASE_SLOTS * sizeof(double));
    memset(trainer->dropped, 0, PHRASE_SLOTS * sizeof(double));
    for (size_t i = 0; i < pages->count; i++) {
        if (is_first(pages, i)) {
            count_site(trainer, trainer_site_of(pages->items[i].host), in, 1);
        }
    }
    for (size_t i = 0; i < pages->count; i++) {
        const char *site = trainer_site_of(pages->items[i].host);

        if (!is_first(pages, i)) {
            continue;
        }
        count_site(trainer, site, in, -1);
        make_table(trainer);
        for (size_t k = i; k < pages->count; k++) {
            if (strcmp(trainer_site_of(pages->items[k].host), site) == 0) {
                set_phrases(trainer, &pages->items[k]);
            }
        }
        count_site(trainer, site, in, 1);
    }
    make_table(trainer);
    boost_rebin(pages->rows, pages->row_count, FEATURES_COUNT, FEATURE_PHRASES, trainer->bins,
                trainer->cuts);
}
