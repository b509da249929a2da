/* fetch.h - FETCH from the inside: what cmd_fetch.c, fetch_row.c, fetch_section.c and fetch_binary.c share
 *
 * A FETCH is an iterator. Rows whose items the index knows (flags, sizes, dates) are written from it alone; the others come
 * from a cursor of the store. Both stop when the output is full, a cursor even in the middle of a literal, and go on where
 * they stopped. Thread: the session's. */
#ifndef GW_IMAP_FETCH_H
#define GW_IMAP_FETCH_H

#include "imap/session.h"
#include "mime/decode.h"
#include "util/buf.h"

#define FETCH_FLAGS_TEXT 236  /* longer lists of flags are not kept */
#define FETCH_FLAGS_SLOTS 16  /* power of two */
#define FETCH_HEADER_MAX (4u << 20) /* octets of a header that are looked at for HEADER.FIELDS */

/* What fetch_index() can write. */
#define FETCH_OF_INDEX                                                                                                 \
	(1u << IMAP_FETCH_UID | 1u << IMAP_FETCH_FLAGS | 1u << IMAP_FETCH_INTERNALDATE | 1u << IMAP_FETCH_SIZE |       \
	 1u << IMAP_FETCH_MODSEQ)

/* A list of flags as it is sent: few different ones are in use in a mailbox. */
struct fetch_flags {
	uint64_t flags;
	bool used, recent;
	uint16_t n;
	char text[FETCH_FLAGS_TEXT];
};

enum fetch_phase { FETCH_SEEN, FETCH_TELL, FETCH_ROWS };

struct fetch_patterns;

struct fetch_run {
	struct imap_session *s;
	struct imap_task *t;
	const struct imap_fetch *f;
	struct gw_index *ix;
	struct gw_set *uids, *seqs;
	struct gw_set *seen;      /* numbers of messages that this command made \Seen */
	enum fetch_phase phase;
	bool gone;                /* a message that the client counts on does not exist any more */
	unsigned adds;            /* kinds that go into the rows of `seen` although they were not asked for */
	bool no_part;             /* an annotation of a part was asked for that a message does not have (RFC 5257 3.2.1) */
	bool unknown_encoding;    /* BINARY met a transfer encoding that is not known */
	bool by_uid;              /* rows are named by UIDs (RFC 9586) */
	size_t first;             /* item to begin a row with: UID, which comes first, is left out where the row's name is the UID */
	uint32_t done;            /* rows sent */
	struct gw_set *vanished;  /* UIDs that are told of before all rows (RFC 7162 3.2.6); NULL: not asked for */
	size_t told_vanished;     /* ranges of it */

	/* rows of the index */
	uint32_t next;
	size_t hint;
	struct gw_index_iter it;
	size_t row_room;          /* most octets of one row but its flags */

	/* rows of a cursor */
	struct gw_fetch *cursor;
	struct gw_message m;
	bool in_row;
	bool only_annotations;    /* a row may have nothing to tell */
	bool wrote;               /* an item of this row */
	const struct fetch_patterns **patterns; /* of the items ANNOTATION; made when they are needed */
	size_t item;              /* of the row */
	bool in_literal;
	bool binary;              /* the literal goes through decoder */
	uint64_t off, left;       /* of the literal: what to read next */
	struct gw_arena kept;     /* slices of m while the cursor rests */
	struct gw_buf header;     /* a header that had to be read */
	struct gw_decoder decoder;
	bool text, after_cr;      /* what is decoded has lines; the last octet of the piece before was CR */
	uint64_t skip, count;     /* decoded octets to leave out, and to send */
	struct gw_buf decoded;

	/* text made once */
	int64_t day;              /* of day_text, days since 1970 */
	char day_text[12];        /* "17-Jul-1996 " */
	struct fetch_flags *flags; /* FETCH_FLAGS_SLOTS */
};

/* ---- fetch_row.c ---- */

/* One row from the index. */
void fetch_index_row(struct fetch_run *r, uint32_t seq, const struct gw_entry *e, struct gw_out *out);

/* "* seq FETCH (", or "* uid UIDFETCH (" (RFC 9586) */
void fetch_put_head(const struct fetch_run *r, uint32_t seq, uint32_t uid, struct gw_out *out);

/* An item of FETCH_OF_INDEX with its label. */
void fetch_put_fixed(struct fetch_run *r, enum imap_fetch_kind kind, const struct gw_entry *e, struct gw_out *out);

/* Octets that the items of FETCH_OF_INDEX in f take at most, flags apart. */
size_t fetch_row_room(const struct imap_fetch *f);

/* ---- fetch_section.c ---- */

/* enum gw_need_item bits for an item. */
unsigned fetch_section_wants(const struct imap_fetch_item *item);

/* Begin BODY[...] of the current message: label and literal, or its head only (r->in_literal: fetch_literal() goes on).
 * Negative: the store failed. */
int fetch_section(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err);

/* Write more of the literal; r->in_literal tells whether there is still more. Negative: it cannot be finished. */
int fetch_literal(struct fetch_run *r, struct gw_out *out, struct gw_err *err);

/* size octets from off, cut to the window of the item: head, and r->in_literal for the octets. */
void fetch_begin_range(struct fetch_run *r, const struct imap_fetch_item *item, uint64_t off, uint64_t size,
		       struct gw_out *out);

/* n octets of a message, or all there are, into b. */
int fetch_read_into(struct fetch_run *r, uint64_t off, uint64_t n, struct gw_buf *b, struct gw_err *err);

/* The octets that item is about, without its window. False: there is no such section. */
bool fetch_section_range(const struct gw_message *m, const struct imap_section *section, uint64_t *ret_off,
			 uint64_t *ret_size, struct gw_part *ret_part);

/* NUL may not be in a literal (RFC 3501 9, CHAR8): it goes out as 0x80. */
void fetch_hide_nul(char *p, size_t n);

/* ---- fetch_annotation.c ---- */

/* ANNOTATION (RFC 5257) of the current message; has: is there anything to tell? */
bool fetch_has_annotation(struct fetch_run *r, const struct imap_fetch_item *item);
void fetch_annotation(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out);

/* Those of the current message outlive the cursor's next step. */
void fetch_keep_annotations(struct fetch_run *r);

/* ---- fetch_binary.c ---- */

/* BINARY[...] and BINARY.SIZE[...] (RFC 3516). */
int fetch_binary(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err);
int fetch_binary_size(struct fetch_run *r, const struct imap_fetch_item *item, struct gw_out *out, struct gw_err *err);
int fetch_binary_literal(struct fetch_run *r, struct gw_out *out, struct gw_err *err);

int fetch_binary_literal(struct fetch_run *r, struct gw_out *out, struct gw_err *err);

/* ---- cmd_fetch.c ---- */

/* Are the items those that the session offers? False: the reply is set. */
bool imap_fetch_offered(const struct imap_session *s, struct imap_task *t, const struct imap_fetch *items);

/* ---- fetch_new.c ---- */

/* A UID FETCH as if the client had sent it, which leaves \Seen alone; the caller runs it with imap_run_fetch(), and frees it. items:
 * borrowed for as long; uids: not empty. Returns owned. */
struct imap_task *imap_fetch_new(const struct imap_fetch *items, const struct gw_set *uids);
void imap_fetch_free(struct imap_task *t); /* NULL is fine */

#endif
