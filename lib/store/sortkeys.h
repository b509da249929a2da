/* sortkeys.h - what SORT compares of a message's addresses (RFC 5256 3, RFC 5957 3)
 *
 * Made of the ENVELOPE, as those RFCs say, and folded like the other keys (derive.h): once when a message arrives, or, for
 * one that came before there were such keys, when they are asked for. Kept packed in one piece. Thread: any. */
#ifndef GW_STORE_SORTKEYS_H
#define GW_STORE_SORTKEYS_H

#include "util/buf.h"
#include "util/slice.h"

#define GW_SORT_KEY_MAX 1000 /* octets of a key: what is behind them does not count */

enum gw_sort_key {
	GW_SORT_FROM, /* addr-mailbox of the first address */
	GW_SORT_TO,
	GW_SORT_CC,
	GW_SORT_DISPLAYFROM, /* its name; without one, the address */
	GW_SORT_DISPLAYTO,
	GW_SORT_KEYS,
};

/* Append the keys of an ENVELOPE, packed. Never fails: what cannot be read of a damaged one is empty. */
void gw_sort_keys_pack(struct gw_slice envelope, struct gw_buf *out);

/* What packed holds, borrowed; all empty, and false, when it is damaged. */
bool gw_sort_keys_unpack(struct gw_slice packed, struct gw_slice ret[GW_SORT_KEYS]);

#endif
