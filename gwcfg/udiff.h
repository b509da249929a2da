/* udiff.h - the difference of two texts, line by line, as diff -u prints it
 *
 * What patch(1) and people read. Linear for texts that differ in few lines; for others the work is bounded and the
 * difference is right, though not always the shortest. */
#ifndef GWCFG_UDIFF_H
#define GWCFG_UDIFF_H

#include "util/buf.h"

/* How the lines are shown. */
struct udiff_style {
	bool color;
	bool safe; /* for a terminal: control characters as \xNN */
};

/* Append the difference of two texts of the file name; nothing when they are equal. */
void udiff(const char *name, struct gw_slice was, struct gw_slice now, const struct udiff_style *style, struct gw_buf *out);

#endif
