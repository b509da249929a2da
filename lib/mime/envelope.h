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
 * that lacks a part gets GW_MISSING_MAILBOX or GW_MISSING_DOMAIN there, because NIL would mean a group. */
void gw_put_addresses(struct gw_slice body, struct gw_buf *out);

enum gw_envelope_list {
	GW_ENVELOPE_FROM = 2, /* as places in the list of ENVELOPE */
	GW_ENVELOPE_TO = 5,
	GW_ENVELOPE_CC = 6,
	GW_ENVELOPE_BCC = 7,
};

struct gw_envelope_address {
	struct gw_slice name, mailbox, host; /* addr-name, addr-mailbox, addr-host; p NULL: NIL */
};

/* The first address of a list of an ENVELOPE that gw_put_envelope() made; false: the list is NIL. What had escapes is
 * unescaped into scratch (at least envelope.n octets), the rest borrowed. A group begins with an address that has a mailbox
 * and no host: its name (RFC 3501 7.4.2). */
bool gw_envelope_first(struct gw_slice envelope, enum gw_envelope_list which, char *scratch,
		       struct gw_envelope_address *ret);

/* Append the addresses of a list of such an ENVELOPE as people write them: "name <mailbox@host>", "mailbox@host" without a name,
 * "name: addresses;" for a group, ", " between them. So there are no comments, no routes and no quotes, encoded words stay as they
 * are, and of an address that lacks a part only the other one is there. Nothing comes of NIL; what is damaged ends the list. scratch as
 * above; what is written is shorter than envelope. */
void gw_envelope_put_text(struct gw_slice envelope, enum gw_envelope_list which, char *scratch, struct gw_buf *out);

/* What ENVELOPE has in place of a part that an address lacks (gw_put_addresses). */
#define GW_MISSING_MAILBOX "MISSING_MAILBOX"
#define GW_MISSING_DOMAIN  "MISSING_DOMAIN"

#endif
