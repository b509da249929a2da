/* fields.h - the fields of a part's header that say what the part is (RFC 2045, 2183, 2231, 1864, 3282, 2557)
 *
 * One pass over a header block; the answers are texts as BODYSTRUCTURE sends them (RFC 3501 7.4.2). */
#ifndef GW_MIME_FIELDS_H
#define GW_MIME_FIELDS_H

#include "mime/parts.h"
#include "util/buf.h"

#define GW_BOUNDARY_MAX 250 /* octets; RFC 2046 5.1.1 allows 70 */

struct gw_part_fields {
	enum gw_part_kind kind;
	enum gw_encoding encoding;
	struct gw_slice charset;   /* in arena */
	struct gw_slice boundary;  /* in arena; empty: none, or not a multipart */
	bool digest;               /* multipart/digest: its parts are messages if they do not say what they are */
	struct gw_slice head;      /* leaf, message: "type" "subtype" (params) id description "encoding"; multipart: "subtype" */
	struct gw_slice tail;      /* leaf, message: md5 disposition language location; multipart: (params) disposition ... */
};

/* in_digest: what no Content-Type means. leaf_only: there may be no parts below this one. The texts live in arena. */
void gw_part_fields(struct gw_slice block, bool in_digest, bool leaf_only, struct gw_arena *arena,
		    struct gw_part_fields *ret);

#endif
