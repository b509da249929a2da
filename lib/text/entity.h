/* entity.h - character references of HTML undone: "Gr&uuml;&#223;e" is "Grüße"
 *
 * For texts that are searched, not shown: tags stay, and what is not known stays as it is. Thread: any. */
#ifndef GW_TEXT_ENTITY_H
#define GW_TEXT_ENTITY_H

#include "util/buf.h"
#include "util/slice.h"

#define GW_ENTITY_MAX 12 /* octets of the longest reference that is looked at, with & and ; */

/* Zeroed at the start of a text. */
struct gw_entities {
	char held[GW_ENTITY_MAX]; /* the beginning of a reference that the last piece ended in */
	unsigned n;
};

/* Append the text of utf8 to out. Pieces may be cut anywhere between characters; last: no more comes. The names are those
 * of HTML 4 and apos, the numbers those of Unicode scalar values but 0 and the control characters from 128 to 159. */
void gw_entities_feed(struct gw_entities *e, struct gw_slice utf8, bool last, struct gw_buf *out);

#endif
