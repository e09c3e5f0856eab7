/* text/fold_part: a folding on its way. What text/fold's own files share; nobody else includes it.
 */
#ifndef TEXT_FOLD_PART_H
#define TEXT_FOLD_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "text/fold.h"

enum toned { TONED_UNKNOWN, TONED_NO, TONED_YES };
enum entities { ENTITIES_UNKNOWN, ENTITIES_KEPT, ENTITIES_READ };

struct folder {
    const char *text;
    const char *at;
    const char *end;
    char *begin;
    char *out;
    /* Since here, text and folded text have gone in step. */
    const char *step_text;
    const char *step_out;
    /* What is left of a phrase that has been found: its next characters become these. */
    const char *phrase;
    unsigned phrase_left;
    enum toned toned;       /* whether the text has glosses with tone marks; found out when asked */
    enum entities entities; /* likewise, whether references are read as what they stand for */
    struct fold_run *runs;
    size_t run_count;
    size_t run_size;
    bool failed;
    struct folded result;
};

/* The next `text_len` bytes leave nothing behind. */
void fold_drop(struct folder *folder, size_t text_len);
/* The next `text_len` bytes become these. */
void fold_replace(struct folder *folder, size_t text_len, const char *bytes, size_t len);
/* The folded text and its map, which moves into the arena. 0 or -ENOMEM. */
int fold_finish(struct folder *folder, struct arena *arena, struct folded *out_folded);

#endif
