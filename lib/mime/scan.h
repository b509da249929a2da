/* scan.h - one pass over a message: its parts with their octet offsets (RFC 2045, RFC 2046, RFC 5322)
 *
 * Fed in pieces of any size. It looks for line ends and, where a line begins with "--", for boundaries; headers are read
 * when they have ended. Memory is bounded: a header is kept up to GW_SCAN_HEADER_MAX octets, the number and depth of parts
 * by parts.h, and the texts made of them live in the arena. Work is linear in the message. It never fails. Thread: owner. */
#ifndef GW_MIME_SCAN_H
#define GW_MIME_SCAN_H

#include "mime/fields.h"
#include "mime/parts.h"
#include "util/arena.h"
#include "util/buf.h"

#define GW_SCAN_HEADER_MAX (256u * 1024) /* octets of one header that are read */
#define GW_SCAN_SAMPLE_MAX (8u * 1024)   /* octets of the first text part that are kept */

struct gw_scan_node {
	struct gw_part part;
	struct gw_slice head, tail;  /* see fields.h */
	struct gw_slice envelope;    /* of a message/rfc822: that of the message inside */
};

struct gw_scan;

/* Texts live in arena, which is kept until free. Returns owned. */
struct gw_scan *gw_scan_new(struct gw_arena *arena);
void gw_scan_free(struct gw_scan *s); /* NULL is fine */

void gw_scan_feed(struct gw_scan *s, struct gw_slice bytes);

/* No more comes. The results below are there from now on and live as long as the scan. */
void gw_scan_finish(struct gw_scan *s);

const struct gw_scan_node *gw_scan_nodes(const struct gw_scan *s, size_t *ret_n); /* at least one */
struct gw_slice gw_scan_header(const struct gw_scan *s); /* of the message, up to GW_SCAN_HEADER_MAX octets, with the empty line */
uint64_t gw_scan_size(const struct gw_scan *s);

/* The beginning of the first text part, still encoded. False: there is no text. */
bool gw_scan_sample(const struct gw_scan *s, const struct gw_part **ret_part, struct gw_slice *ret);

#endif
