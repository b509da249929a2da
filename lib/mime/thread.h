/* thread.h - what conversations are found by: base subjects (RFC 5256 2.1) and message identifiers (RFC 5322 3.6.4) */
#ifndef GW_MIME_THREAD_H
#define GW_MIME_THREAD_H

#include "util/buf.h"
#include "util/slice.h"

/* Append the base subject of subject (decoded UTF-8) to out. Returns whether "Re:", "Fwd:" or "(fwd)" was taken away. */
bool gw_base_subject(struct gw_slice subject, struct gw_buf *out);

/* Cut the next message identifier off *in, without its angle brackets; false: there is no more. Comments and words between
 * them are passed over. */
bool gw_msgid_next(struct gw_slice *in, struct gw_slice *ret);

/* Append an identifier as it is compared: blanks and the quotes of a quoted local part left out. */
void gw_msgid_normal(struct gw_slice id, struct gw_buf *out);

#endif
