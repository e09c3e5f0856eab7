/* inbox/move: renames between the inbox and our private folder that never replace anything. */
#ifndef INBOX_MOVE_H
#define INBOX_MOVE_H

/* To a name in a folder of ours. 0 or negative errno. */
int move_in(int from_dir, const char *from, int to_dir, const char *to);
/* From a folder of ours to a name that others may take at any moment: -EEXIST then. */
int move_out(int from_dir, const char *from, int to_dir, const char *to);

#endif
