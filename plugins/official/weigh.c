/* weigh: how sure it is that this is an official document, of the kind that its title names.
 *
 * Called when all parts are found. Every part has put its weight among the signals; here the
 * wording adds its own: the set phrases of the kind, and what only speaks for news or comment. The
 * score is 1 - 2^-(sum / NEED): one half where the sum is NEED. A title alone, of the fullest form,
 * has 1.0, so something else of a document has to be there.
 */
#include <math.h>
#include <string.h>

#include "official.h"
#include "words.h"

#define NEED         1.5
#define OPENING      6000 /* bytes behind the title in which phrases count */
#define CLOSING      3000 /* and before the body's end */
#define FORMULAS_CAP 1.0  /* that phrases may add in all */
#define SEEN_MAX     64   /* phrases of one document */

struct wording {
    struct findings *findings;
    const struct formula *seen[SEEN_MAX];
    size_t seen_count;
    double sum;
};

static void take_hit(void *data, uint32_t id, size_t begin, size_t end)
{
    struct wording *wording = data;
    const struct formula *formula = &wording->findings->kinds->formulas[id];
    double weight = formula->weight;

    if (formula->kind != wording->findings->kind || wording->seen_count == SEEN_MAX) {
        return;
    }
    for (size_t i = 0; i < wording->seen_count; i++) {
        if (wording->seen[i] == formula) {
            return;
        }
    }
    wording->seen[wording->seen_count++] = formula;
    if (wording->sum + weight > FORMULAS_CAP) {
        weight = FORMULAS_CAP - wording->sum;
    }
    wording->sum += weight;
    if (weight < 0 || weight > 0) {
        findings_signal(wording->findings, (struct range){begin, end}, weight, formula->text);
    }
}

static void weigh_formulas(struct findings *findings)
{
    const struct taxon_document *document = findings->view.document;
    const struct lexicon *lexicon = findings->kinds->lexicon;
    struct wording wording = {.findings = findings};
    size_t begin = findings->view.lines[findings->title_last].end;
    size_t opening = begin + OPENING;
    size_t end = findings->body.end > begin ? findings->body.end : begin;
    size_t closing = end > CLOSING ? end - CLOSING : 0;

    opening = opening < document->folded_len ? opening : document->folded_len;
    closing = closing > opening ? closing : opening;
    lexicon_scan(lexicon, document->folded, document->folded_len, begin, opening, take_hit,
                 &wording);
    if (closing < end) {
        while (((unsigned char)document->folded[closing] & 0xC0) == 0x80) {
            closing++;
        }
        lexicon_scan(lexicon, document->folded, document->folded_len, closing, end, take_hit,
                     &wording);
    }
}

/* Words of reports and comment, near the begin of what follows the title. */
static void weigh_doubts(struct findings *findings)
{
    static const struct {
        const char *word;
        double weight;
    } doubts[] = {{"本报讯", -1.0}, {"记者", -0.6},     {"新华社", -0.8},  {"据悉", -0.6},
                  {"获悉", -0.6},   {"答记者问", -0.8}, {"解读", -0.4},    {"据介绍", -0.6},
                  {"同志们", -0.8}, {"各位代表", -0.8}, {"大家好", -0.8},  {"网讯", -0.6},
                  {"主持人", -0.4}, {"发布会", -0.4},   {"接受采访", -0.5}};
    const struct taxon_document *document = findings->view.document;
    size_t begin = findings->view.lines[findings->title_last].end;
    size_t len = document->folded_len - begin;

    len = len < 1500 ? len : 1500;
    for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
        size_t at = words_find(document->folded + begin, len, doubts[i].word);

        if (at < len) {
            findings_signal(findings,
                            (struct range){begin + at, begin + at + strlen(doubts[i].word)},
                            doubts[i].weight, "word of a report or a speech");
        }
    }
}

double weigh(struct findings *findings)
{
    double sum = 0;

    weigh_formulas(findings);
    weigh_doubts(findings);
    for (size_t i = 0; i < findings->signal_count; i++) {
        sum += findings->signals[i].weight;
    }
    return sum <= 0 ? 0 : 1 - exp2(-sum / NEED);
}
