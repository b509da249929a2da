/* envelope.h - the ENVELOPE of a message (RFC 3501 7.4.2, RFC 5322) from its header block */
#ifndef GW_MIME_ENVELOPE_H
#define GW_MIME_ENVELOPE_H

#include "util/buf.h"
#include "util/slice.h"

/* Append "(date subject from sender reply-to to cc bcc in-reply-to message-id)". Fields are sent as they were written, on one
 * line each; Sender and Reply-To default to From. out must have no
 * maximum; what is written is bounded by the block (and 10,000 addresses a field). */
void gw_put_envelope(struct gw_slice block, struct gw_buf *out);

/* Append "(addresses)" for an address list, or NIL when there is none. Groups are told as RFC 3501 has them. An address
 * that lacks a part gets MISSING_MAILBOX or MISSING_DOMAIN there, because NIL would mean a group. */
void gw_put_addresses(struct gw_slice body, struct gw_buf *out);

/* Append the first mailbox of an address list, the part before "@", for SORT (RFC 5256 3); nothing when there is none. */
void gw_first_mailbox(struct gw_slice body, struct gw_buf *out);

#endif
