/* metadata.h - METADATA responses (RFC 5464 4.4) */
#ifndef GW_IMAP_METADATA_H
#define GW_IMAP_METADATA_H

#include "imap/session.h"

/* "* METADATA name (entry value ...)" with the entries of list that all has, and NIL for those that it has not; nothing for an
 * empty list (RFC 9590). */
void imap_put_metadata(const struct imap_session *s, struct gw_slice name, const struct imap_metadata_list *list,
		       const struct gw_metadata *all, size_t n, struct gw_out *out);

#endif
