/* header.h - the fields of a header block (RFC 5322 2.2), however broken it is
 *
 * A field begins with 1*ftext *WSP ":" at the start of a line and goes on over the lines that begin with blank or tab. Lines
 * end with CRLF or LF. A line that is no field and continues none belongs to the field before it (or to none, at the
 * start), so that all octets of a block come back when its fields are put together. Thread: any. */
#ifndef GW_MIME_HEADER_H
#define GW_MIME_HEADER_H

#include "util/out.h"
#include "util/slice.h"

struct gw_field {
	struct gw_slice name;  /* without the colon; empty for octets before the first field */
	struct gw_slice body;  /* behind the colon, to the end, still folded */
	struct gw_slice whole; /* all of it, its line ends included */
};

/* The next field of a block; cuts it off *in. False at the end or at the empty line (which stays in *in). */
bool gw_field_next(struct gw_slice *in, struct gw_field *ret);

/* The body of the first field of that name (ASCII case ignored), or an empty slice with p NULL. */
struct gw_slice gw_field_find(struct gw_slice block, struct gw_slice name);

/* BODY[HEADER.FIELDS (names)] (RFC 3501 6.4.5): the fields of block whose names are among the n names (with not: those
 * whose are not), verbatim and in their order, then an empty line. */
void gw_header_filter(struct gw_slice block, const struct gw_slice *names, size_t n, bool not, struct gw_out *out);

/* Is this one of the fields that the store keeps apart because clients ask for them (struct gw_derived.headers)? */
bool gw_header_is_kept(struct gw_slice name);

#endif
