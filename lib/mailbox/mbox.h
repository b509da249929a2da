/* mbox.h - mailboxes that are one file: messages behind each other, each begun by a "From " line
 *
 * A message begins at a line "From SENDER DATE" at the start of the file or behind an empty line; the empty line before the
 * next one belongs to neither. Lines of a message that look like such a line have a '>' more (mboxrd), which is taken away.
 * Lengths that a header claims (Content-Length) are not trusted. What mail programs note in a header about a message -
 * Status, X-Status, X-Keywords, X-UID, X-IMAPbase, X-IMAP of UW-IMAP and Dovecot, X-Mozilla-Status, X-Mozilla-Keys - is no
 * part of it, as IMAP servers have it. Files are read in pieces and may be of any size. Thread: owner. */
#ifndef GW_MAILBOX_MBOX_H
#define GW_MAILBOX_MBOX_H

#include "mailbox/lineends.h"
#include "util/buf.h"
#include "util/slice.h"

#define GW_MBOX_WINDOW (64u * 1024) /* octets that are looked at in one piece: the longest field and From_ line */

/* ---- reading ---- */

enum gw_mbox_piece {
	GW_MBOX_MORE,   /* nothing yet: give what is left of *in again with more behind it */
	GW_MBOX_BEGIN,  /* a message begins; *ret is its From_ line without the line end */
	GW_MBOX_FACT,   /* *ret is a field that is no part of the message: for gw_mbox_fact() */
	GW_MBOX_OCTETS, /* *ret are octets of the message, line ends as in the file */
	GW_MBOX_END,    /* of the message */
	GW_MBOX_DONE,   /* of the file */
};

enum gw_mbox_where { GW_MBOX_BETWEEN, GW_MBOX_HEAD, GW_MBOX_BODY };

struct gw_mbox {
	uint64_t offset;   /* in the file, of the first octet that is not cut off *in yet */
	uint64_t begun;    /* offset of the From_ line of the message */
	enum gw_mbox_where where;
	bool mid_line;     /* the next octet goes on with a line */
	bool after_empty;  /* the line before was empty */
	int pending;       /* octets of an empty line that is held back: 0, 1 (LF) or 2 (CRLF) */
};

/* Begin at a From_ line (or at the start of the file) that lies at offset. */
void gw_mbox_init(struct gw_mbox *m, uint64_t offset);

/* The next piece; cuts what was used off *in. last: nothing comes behind *in. MORE comes only while *in has less than
 * GW_MBOX_WINDOW octets, and never with last. *ret borrows from *in. */
enum gw_mbox_piece gw_mbox_next(struct gw_mbox *m, struct gw_slice *in, bool last, struct gw_slice *ret);

/* Seconds since 1970 of a From_ line, in any of the forms that there are. *ret_zone: it says its zone, else it is the
 * writer's local time taken as UTC. False: no date can be made of it. */
bool gw_mbox_from_date(struct gw_slice line, int64_t *ret, bool *ret_zone);

/* ---- what the header notes ---- */

#define GW_MBOX_KEYWORDS_MAX (16u * 1024) /* octets of the keywords of one message */

struct gw_mbox_facts {
	uint64_t flags;       /* GW_FLAG_* */
	uint32_t uid;         /* X-UID; 0: none */
	uint32_t uidvalidity; /* X-IMAPbase, X-IMAP; 0: none */
	uint32_t uidlast;     /* the highest UID given in this file */
	bool internal;        /* no message: where UW-IMAP keeps the facts of an empty folder */
	bool expunged;        /* Mozilla has deleted it and not compacted the file yet */
	struct gw_buf keywords; /* names parted by blanks */
};

void gw_mbox_facts_init(struct gw_mbox_facts *f);  /* empty; done() in the end */
void gw_mbox_facts_reset(struct gw_mbox_facts *f); /* for the next message */
void gw_mbox_facts_done(struct gw_mbox_facts *f);

/* Take in a field that gw_mbox_next() gave. */
void gw_mbox_fact(struct gw_mbox_facts *f, struct gw_slice field);

/* Is that the name of such a field? */
bool gw_mbox_is_fact(struct gw_slice name);

/* ---- writing ---- */

struct gw_mbox_writer {
	struct gw_buf head;    /* the header, until it is whole */
	bool in_body;
	struct gw_lineends ends;
	unsigned long quotes;  /* '>' held back at the start of a line */
	unsigned from;         /* octets of "From " behind them */
	bool mid_line;         /* the line is no From_ line for sure */
	char last;             /* the last octet that was written, 0 at the start */
};

/* Append the From_ line. date: seconds since 1970. */
void gw_mbox_put_from(struct gw_buf *out, struct gw_slice sender, int64_t date);

/* A message follows. facts: complete fields with LF line ends that are put at the end of its header. */
void gw_mbox_writer_init(struct gw_mbox_writer *w);
void gw_mbox_writer_done(struct gw_mbox_writer *w);

/* Append octets of a message (with CRLF line ends, in pieces of any size) as the file has them: with LF, quoted, without
 * those fields that are facts. facts: complete fields that go to the end of the header, the same at each call. */
void gw_mbox_put(struct gw_mbox_writer *w, struct gw_slice bytes, struct gw_slice facts, struct gw_buf *out);

/* The end of the message, and the empty line. */
void gw_mbox_put_end(struct gw_mbox_writer *w, struct gw_slice facts, struct gw_buf *out);

#endif
