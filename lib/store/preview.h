/* preview.h - the first words of a message (RFC 8970) */
#ifndef GW_STORE_PREVIEW_H
#define GW_STORE_PREVIEW_H

#include "mime/parts.h"
#include "util/buf.h"

/* Append at most 200 characters of text to out: raw is the beginning of the text part part, still encoded. Tags, and what
 * stands between those of style and script, are left out of HTML; white space becomes single blanks. */
void gw_preview(const struct gw_part *part, struct gw_slice raw, struct gw_buf *out);

#endif
