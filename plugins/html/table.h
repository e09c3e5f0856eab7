/* table: whether a row of a table holds data, or lays out a page. */
#ifndef HTML_TABLE_H
#define HTML_TABLE_H

#include "tree.h"

/* `row` is a <tr>. 1: its cells belong on one line. */
int table_row_is_data(const struct tree_node *row);

#endif
