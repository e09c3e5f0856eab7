/* base/xattr: extended attributes that belong to a document: where it is from, and whatever else
 * its maker wrote into `user.*`. */
#ifndef BASE_XATTR_H
#define BASE_XATTR_H

#include "base/err.h"

#define XATTR_ORIGIN_URL   "user.xdg.origin.url" /* freedesktop.org, Common Extended Attributes */
#define XATTR_REFERRER_URL "user.xdg.referrer.url"

/* Copies `user.*` from one file to another, which has them all or, where its file system has none
 * or no room for them, fewer: they are worth less than the document. -EIO, -ENOMEM. */
int xattr_copy_user(int from_fd, int to_fd) MUST_CHECK;
/* Sets it unless the file has it already, or cannot have it. The same results. */
int xattr_set_origin(int fd, const char *url) MUST_CHECK;

#endif
