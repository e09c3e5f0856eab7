/* table: whether a row of a table holds data, or lays out a page.
 *
 * Called by the walk for each <tr>. Many sites, those of Chinese authorities above all, put whole
 * pages into tables; then each cell holds a page's worth of paragraphs and tables. A row of data
 * has two cells or more, each with a little text in few paragraphs. Looking stops at the first sign
 * of layout, a table within the row among them, so that no node is looked at for more than the row
 * right around it.
 */
#include "table.h"

#define CELL_TEXT_MAX   1200u /* bytes */
#define CELL_BLOCKS_MAX 6u
#define CELLS_MAX       200u

struct look {
    unsigned cells; /* with text */
    unsigned blocks;
    size_t text;
    size_t cell_text;
};

static int has_words(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] > ' ') {
            return 1;
        }
    }
    return 0;
}

/* 0: a sign of layout. */
static int look_at(struct look *look, const struct tree_node *node, enum element element)
{
    size_t len;
    const char *text;

    switch (element) {
    case ELEMENT_TD:
    case ELEMENT_TH:
        look->cells += look->cell_text > 0;
        look->cell_text = 0;
        look->blocks = 0;
        return look->cells < CELLS_MAX;
    case ELEMENT_TEXT:
        text = tree_text(node, &len);
        if (has_words(text, len)) {
            look->cell_text += len;
        }
        return look->cell_text <= CELL_TEXT_MAX;
    case ELEMENT_ARTICLE:
    case ELEMENT_ASIDE:
    case ELEMENT_BLOCKQUOTE:
    case ELEMENT_FORM:
    case ELEMENT_H1:
    case ELEMENT_H2:
    case ELEMENT_H3:
    case ELEMENT_MAIN:
    case ELEMENT_NAV:
    case ELEMENT_PRE:
    case ELEMENT_SECTION:
    case ELEMENT_SELECT:
    case ELEMENT_TABLE:
        return 0;
    default:
        look->blocks += element == ELEMENT_BR || (element_traits(element) & TRAIT_BLOCK) != 0;
        return look->blocks <= CELL_BLOCKS_MAX;
    }
}

int table_row_is_data(const struct tree_node *row)
{
    struct look look = {0};
    const struct tree_node *node = tree_child(row);

    while (node != NULL) {
        enum element element = tree_element(node);
        const struct tree_node *next = NULL;

        if (!look_at(&look, node, element)) {
            return 0;
        }
        if ((element_traits(element) & TRAIT_SKIP) == 0) {
            next = tree_child(node);
        }
        while (next == NULL && node != row) {
            next = tree_next(node);
            node = next == NULL ? tree_parent(node) : node;
        }
        node = node == row ? NULL : next;
    }
    return look.cells + (look.cell_text > 0) >= 2;
}
