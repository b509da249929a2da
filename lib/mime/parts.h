/* parts.h - the part tree of a message with its octet offsets, packed into a few bytes
 *
 * Made once, when a message arrives; afterwards every section of it (BODY[1.2.HEADER]) is a range of octets that is read
 * without parsing. A packed tree comes back from a database, so it is checked like any input: damaged bytes give "no such
 * part", never a read outside them. Thread: any. */
#ifndef GW_MIME_PARTS_H
#define GW_MIME_PARTS_H

#include "util/arena.h"
#include "util/slice.h"

#define GW_PARTS_MAX 1000   /* parts of one message; what lies beyond belongs to the part it is in */
#define GW_PARTS_DEPTH 50   /* levels, likewise */

enum gw_encoding { GW_ENC_7BIT, GW_ENC_8BIT, GW_ENC_BINARY, GW_ENC_BASE64, GW_ENC_QP, GW_ENC_UUENCODE, GW_ENC_UNKNOWN };

enum gw_part_kind {
	GW_PART_LEAF,
	GW_PART_TEXT_PLAIN,
	GW_PART_TEXT_HTML,
	GW_PART_MULTIPART,  /* its children follow it */
	GW_PART_MESSAGE,    /* message/rfc822, message/global: its one child is the root of the message inside */
	GW_PART_TEXT_OTHER, /* any other text/: SEARCH reads it like text/plain; last, for trees that were packed long ago */
};

static inline bool gw_part_is_text(enum gw_part_kind kind)
{
	return kind == GW_PART_TEXT_PLAIN || kind == GW_PART_TEXT_HTML || kind == GW_PART_TEXT_OTHER;
}

/* Offsets count from the first octet of the whole message. */
struct gw_part {
	uint64_t header; /* where its header begins (for the root of a message inside another one: of that message's header) */
	uint64_t body;   /* where its body begins: behind the empty line */
	uint64_t end;    /* behind its last octet; the line end before a boundary is not in it (RFC 2046 5.1.1) */
	uint32_t lines;  /* of the body */
	uint32_t parent; /* index; UINT32_MAX for the root */
	enum gw_part_kind kind;
	enum gw_encoding encoding;
	struct gw_slice charset; /* of text, as it was written; empty: none given */
};

struct gw_parts {
	const struct gw_part *v; /* parents before children, siblings in order; v[0] is the message */
	size_t n;
};

/* Pack n parts (v[0] is the message); charsets longer than 100 octets are cut. The result lives in arena. */
struct gw_slice gw_parts_pack(const struct gw_part *v, size_t n, struct gw_arena *arena);

/* Unpack; false when the bytes are not a packed tree. *ret lives in arena. */
bool gw_parts_unpack(struct gw_slice packed, struct gw_arena *arena, struct gw_parts *ret);

enum gw_section_what {
	GW_SECTION_ALL,    /* BODY[] (whole message), BODY[1.2] (the part's body) */
	GW_SECTION_HEADER, /* BODY[HEADER], BODY[1.HEADER] (only of a message/rfc822 part), the empty line included */
	GW_SECTION_TEXT,   /* BODY[TEXT], BODY[1.TEXT] (likewise) */
	GW_SECTION_MIME,   /* BODY[1.MIME]: the header of the part itself */
};

/* The octets of a section (RFC 3501 6.4.5): path has n part numbers. A message that is no multipart has one part, 1.
 * Of a multipart without parts, part 1 is the empty text part that BODYSTRUCTURE tells (bodystructure.h).
 * False: there is no such section. ret_part (may be NULL): the part that path names, for BINARY; its charset is empty. */
bool gw_parts_section(struct gw_slice packed, const uint32_t *path, size_t n, enum gw_section_what what,
		      uint64_t *ret_offset, uint64_t *ret_size, struct gw_part *ret_part);

#endif
