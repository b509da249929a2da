/* lineends.h - CRLF of the wire and LF of files
 *
 * On the way to a file CRLF becomes LF, on the way back LF becomes CRLF; CR CR LF is kept as it is both ways, so that only an
 * LF that stood alone comes back as another. In pieces of any size. Thread: owner. */
#ifndef GW_MAILBOX_LINEENDS_H
#define GW_MAILBOX_LINEENDS_H

#include "util/buf.h"
#include "util/slice.h"

struct gw_lineends {
	bool cr;   /* the octet before was CR; to LF: the one before the CR that is held back was one too */
	bool held; /* to LF: a CR is held back */
};

/* Append with each LF that has no CR before it as CRLF. */
void gw_lineends_to_crlf(struct gw_lineends *l, struct gw_slice in, struct gw_buf *out);

/* Append with each CRLF as LF, but for CR CR LF. */
void gw_lineends_to_lf(struct gw_lineends *l, struct gw_slice in, struct gw_buf *out);

/* The end: a CR that was held back is written. */
void gw_lineends_finish(struct gw_lineends *l, struct gw_buf *out);

#endif
