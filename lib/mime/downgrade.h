/* downgrade.h - a header in ASCII, for clients that did not ask for UTF-8 (RFC 6857, RFC 6858)
 *
 * Unstructured fields become encoded words (RFC 2047), parameters RFC 2231, display names encoded words; an address that is
 * not ASCII becomes one that cannot be answered, with the true one in its display name. Other structured fields that are
 * not ASCII are left out: there is no way to write them. Octets that are no UTF-8 are taken for windows-1252. Fields in
 * ASCII stay as they are, octet for octet. Thread: any. */
#ifndef GW_MIME_DOWNGRADE_H
#define GW_MIME_DOWNGRADE_H

#include "util/buf.h"
#include "util/slice.h"

/* Append a header block (with or without its empty line) to out, which has no maximum. What is written is ASCII, and at
 * most some times as long. */
void gw_downgrade(struct gw_slice block, struct gw_buf *out);

#endif
