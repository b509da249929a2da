/* addresses.h - the addresses of a message as text, for the keys FROM, TO, CC and BCC of SEARCH
 *
 * These ask for a string "in the envelope structure's" field (RFC 9051 6.4.4), which has no comments, routes, quotes and folding, and not
 * for one in the field as it was written (struct gw_derived.key_from and so on), which is looked at, too. Made of the ENVELOPE
 * that is stored with the message. Thread: any. */
#ifndef GW_STORE_ADDRESSES_H
#define GW_STORE_ADDRESSES_H

#include "mime/envelope.h"
#include "util/buf.h"
#include "util/slice.h"

/* Append a list of an ENVELOPE as gw_envelope_put_text() has it, decoded and folded like the keys (derive.h). Never fails. Text beyond
 * out's maximum is cut off. What it finds may change only together with the version of text.db (local/textdb.c). */
void gw_address_text(struct gw_slice envelope, enum gw_envelope_list which, struct gw_buf *out);

#endif
