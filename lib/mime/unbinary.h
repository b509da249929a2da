/* unbinary.h - a message without NUL: parts of Content-Transfer-Encoding binary become base64 (RFC 3516 4.4, RFC 2045 6.8)
 *
 * Base IMAP cannot send NUL (RFC 9051 4.3.1), so a leaf part that says binary and has NUL in it is encoded: lines of 76
 * characters with CRLF between them, and Content-Transfer-Encoding: base64 in place of what its header had. A multipart or a
 * message around it that says binary says 8bit or 7bit then, as is true. All else stays as it is, octet for octet. That
 * includes parts that say binary and have no NUL: whatever line ends and long lines they have, a literal carries them, and
 * what is changed without need breaks signatures (RFC 3516 6).
 *
 * The message is read twice, in pieces; memory is bounded by GW_SCAN_HEADER_MAX and work is linear. Thread: any. */
#ifndef GW_MIME_UNBINARY_H
#define GW_MIME_UNBINARY_H

#include "mime/parts.h"

struct gw_err;

struct gw_unbinary {
	/* Up to n octets of the message from off into dst: how many, 0 at the end, or a negative enum gw_code. */
	long (*read)(void *ctx, uint64_t off, void *dst, size_t n);
	void *read_ctx;
	/* The next octets of what it becomes: 0, or a negative enum gw_code that ends the work. */
	int (*write)(void *ctx, struct gw_slice octets, struct gw_err *err);
	void *write_ctx;
};

/* packed: its tree (parts.h). GW_EINVAL: NUL stands where no part of encoding binary is, and nothing was written; else 0,
 * GW_ECORRUPT when tree and message do not fit, or what read() and write() said. */
int gw_unbinary(const struct gw_unbinary *u, struct gw_slice packed, struct gw_err *err);

/* Is now the tree of what before became: the same parts, those that were encoded with the size that this gives, and the others
 * with their own? Told by looking at the result: whoever stores it asks before the original is lost. */
bool gw_unbinary_fits(struct gw_slice before, struct gw_slice now);

#endif
