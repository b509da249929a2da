/* tree_path.h - mailbox names as paths in a tree of files
 *
 * Levels in modified UTF-7, parted by '/'. A dot at the start of a level is written as base64, as what begins with one is
 * hidden. Thread: any. */
#ifndef GWCTL_TREE_PATH_H
#define GWCTL_TREE_PATH_H

#include "util/buf.h"

/* Append the path of a name. tail: put behind each level but the last one (".sbd"), or "". */
void tree_path_put(struct gw_buf *out, struct gw_slice name, const char *tail);

#endif
