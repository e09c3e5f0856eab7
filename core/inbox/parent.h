/* inbox/parent: the folder that holds a path below the inbox, and the name in it. */
#ifndef INBOX_PARENT_H
#define INBOX_PARENT_H

/* A descriptor of the folder that holds `path` (relative to root_fd), the caller's; *out_name
 * points into `path`. No symbolic link is followed. -ENOENT when there is no such folder (any
 * more); -ESTALE when a symbolic link stands on the way or the path climbs; -EINVAL when the path
 * has no last name; other negative errno. */
int parent_open(int root_fd, const char *path, const char **out_name);

#endif
