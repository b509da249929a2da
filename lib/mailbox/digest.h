/* digest.h - what a message that has no name of its own is known by
 *
 * SHA-256 of its octets, cut to 128 bits and written in hexadecimal. Thread: owner. */
#ifndef GW_MAILBOX_DIGEST_H
#define GW_MAILBOX_DIGEST_H

#include "util/slice.h"

#define GW_DIGEST_TEXT 33 /* octets of one with its NUL */

struct gw_digest;

struct gw_digest *gw_digest_new(void); /* returns owned */
void gw_digest_free(struct gw_digest *d); /* NULL is fine */

void gw_digest_begin(struct gw_digest *d); /* again from nothing */
void gw_digest_add(struct gw_digest *d, struct gw_slice octets);
void gw_digest_end(struct gw_digest *d, char ret[static GW_DIGEST_TEXT]);

#endif
