/* kit/lexicon: many terms, found in one pass over a folded text.
 *
 * A term is matched as it is folded. Where it begins or ends with a letter of an alphabet (ASCII
 * letters and digits, Latin, Greek, Cyrillic) it matches on word borders only: "art" is not in
 * "party". A term written with a trailing '*' takes any ending of its last word: "pollut*" is in
 * "polluted". Chinese needs no borders. A space in a term also matches a line end.
 *
 * Building takes memory with malloc and frees it; the lexicon itself lives in host->keep.
 */
#ifndef KIT_LEXICON_H
#define KIT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include <taxon/plugin.h>

#define LEXICON_TERM_MAX  240        /* bytes of a folded term */
#define LEXICON_TERMS_MAX (1u << 20) /* terms of one lexicon */

struct lexicon;

struct lexicon_term {
    const char *text; /* folded, without the '*'; owned by the host */
    uint32_t len;
    uint32_t id;
    uint32_t open_ended; /* 1: written with a trailing '*' */
};

struct lexicon_builder {
    struct lexicon_term *terms;
    size_t count;
    size_t room;
};

void lexicon_builder_init(struct lexicon_builder *builder);
void lexicon_builder_release(struct lexicon_builder *builder);

/* Folds `text` and takes it as a term; a hit of it will carry `id`. The same text may come several
 * times, with other ids. *out_term (may be NULL) is valid until the next call.
 * 0, -EINVAL (nothing left of it, too long, or not UTF-8), -E2BIG (too many terms), -ENOMEM. */
int lexicon_builder_add(struct lexicon_builder *builder, struct taxon_opening *opening,
                        const char *text, size_t text_len, uint32_t id,
                        const struct lexicon_term **out_term);

/* Makes the lexicon, which lives as long as the instance. The builder may hold no term at all; it
 * is still to be released. 0 or -ENOMEM. */
int lexicon_build(struct lexicon_builder *builder, struct taxon_opening *opening,
                  const struct lexicon **out_lexicon);

/* A hit: the id and the folded range. The range of an open-ended term takes in its word's rest. */
typedef void lexicon_hit_fn(void *data, uint32_t id, size_t begin, size_t end);

/* Finds terms that begin in [from, to) of the folded text, by rising begin, then rising end, and
 * for each tells every id. Terms may reach beyond `to` and overlap: a term inside a longer one is
 * told, too. Scan piece by piece to ask the host for the time between pieces.
 * Returns where the next piece is to begin: `to`, or beyond it, behind what was looked at already
 * (a piece that begins in the middle of a word of megabytes would walk to its end once more).
 * The text is valid UTF-8; len >= to. */
size_t lexicon_scan(const struct lexicon *lexicon, const char *text, size_t len, size_t from,
                    size_t to, lexicon_hit_fn *hit, void *data);

/* As above, but tells the longest term at each place and goes on behind it, so that hits do not
 * overlap. */
size_t lexicon_scan_longest(const struct lexicon *lexicon, const char *text, size_t len,
                            size_t from, size_t to, lexicon_hit_fn *hit, void *data);

#endif
