/* bodystructure.h - BODYSTRUCTURE and BODY (RFC 3501 7.4.2) from a scanned message */
#ifndef GW_MIME_BODYSTRUCTURE_H
#define GW_MIME_BODYSTRUCTURE_H

#include "mime/scan.h"
#include "util/out.h"

/* Append the BODYSTRUCTURE of the n nodes of a scan to out, which has no maximum. A multipart without parts is told with
 * one empty text part, because the grammar wants at least one. */
void gw_put_bodystructure(const struct gw_scan_node *v, size_t n, struct gw_buf *out);

/* Append BODY to out: a BODYSTRUCTURE that gw_put_bodystructure() made, without its extension data. What cannot be
 * followed is sent as it is. */
void gw_body_without_extensions(struct gw_slice bodystructure, struct gw_out *out);

#endif
