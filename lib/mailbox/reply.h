/* reply.h - what an IMAP server says, read by a client (RFC 9051 section 7, RFC 3501 section 7)
 *
 * The reader cuts the stream into replies, one line with its literals each; the octets of a message (the literal behind
 * "BODY[]") are handed out as they come and are kept nowhere. The parser understands what copying mail needs: LIST, LSUB,
 * FETCH, EXISTS, CAPABILITY, status replies with their codes; everything else is GW_REPLY_OTHER. Thread: owner. */
#ifndef GW_MAILBOX_REPLY_H
#define GW_MAILBOX_REPLY_H

#include "util/arena.h"
#include "util/buf.h"
#include "util/slice.h"

/* ---- cutting ---- */

#define GW_REPLY_MAX (1024u * 1024) /* octets of one reply without the message in it */

enum gw_reply_step {
	GW_REPLY_MORE,   /* all of *in was taken, more is needed */
	GW_REPLY_LINE,   /* *ret is a reply without its last CRLF, good until the next call */
	GW_REPLY_OCTETS, /* *ret are octets of the message of the reply that is being read */
	GW_REPLY_BAD,    /* longer than GW_REPLY_MAX: nothing can be made of the stream any more */
};

struct gw_reply_reader {
	struct gw_buf text;
	uint64_t literal; /* octets of a literal that are still to come */
	bool message;     /* they are a message's */
	bool handed;      /* text was handed out and is done with */
};

void gw_reply_init(struct gw_reply_reader *r);
void gw_reply_done(struct gw_reply_reader *r);

/* The next step; cuts what was used off *in. */
enum gw_reply_step gw_reply_next(struct gw_reply_reader *r, struct gw_slice *in, struct gw_slice *ret);

/* While octets come: the UID that was said before them, or 0. */
uint32_t gw_reply_uid_so_far(const struct gw_reply_reader *r);

/* ---- understanding ---- */

enum gw_reply_kind {
	GW_REPLY_OTHER,
	GW_REPLY_CONTINUE,   /* + text */
	GW_REPLY_TAGGED,     /* tag OK|NO|BAD [code] text */
	GW_REPLY_STATUS,     /* * OK|NO|BAD|PREAUTH|BYE [code] text */
	GW_REPLY_CAPABILITY, /* text: the words */
	GW_REPLY_LIST,
	GW_REPLY_LSUB,
	GW_REPLY_EXISTS,     /* number */
	GW_REPLY_EXPUNGE,    /* number */
	GW_REPLY_FETCH,
	GW_REPLY_NAMESPACE,
};

#define GW_REPLY_NAMESPACES 16 /* of other users and shared ones that are told of */

enum gw_reply_status { GW_REPLY_OK, GW_REPLY_NO, GW_REPLY_NOT_UNDERSTOOD, GW_REPLY_PREAUTH, GW_REPLY_BYE };

struct gw_reply {
	enum gw_reply_kind kind;
	struct gw_slice tag;         /* TAGGED */
	enum gw_reply_status status; /* TAGGED, STATUS */
	struct gw_slice code;        /* TAGGED, STATUS: what stands in brackets, perhaps empty */
	struct gw_slice text;        /* for people; CAPABILITY: the words */
	uint32_t number;             /* EXISTS, EXPUNGE, FETCH */

	/* LIST, LSUB */
	unsigned attrs;              /* GW_MBOX_NOSELECT, _NONEXISTENT, _SUBSCRIBED and those of special use */
	char separator;              /* 0: NIL */
	struct gw_slice mailbox;     /* as on the wire, unquoted */

	/* NAMESPACE (RFC 2342): prefixes as on the wire */
	struct gw_slice personal;    /* of the first personal one */
	struct gw_slice foreign[GW_REPLY_NAMESPACES];
	size_t n_foreign;

	/* FETCH */
	uint32_t uid;                /* 0: not said */
	bool has_flags;
	uint64_t flags;              /* GW_FLAG_* */
	struct gw_slice *keywords;
	size_t n_keywords;
	int64_t date;                /* INT64_MIN: not said */
	bool has_size;
	uint64_t size;               /* octets */
	bool has_body;               /* there was a BODY[] ... */
	struct gw_slice body;        /* ... in a quoted string; empty when it came as octets */
};

/* Understand a reply. What is in *ret borrows from line or lives in arena. False: it is no reply at all. */
bool gw_reply_parse(struct gw_arena *arena, struct gw_slice line, struct gw_reply *ret);

/* "UIDVALIDITY 17" of a response code: the number, or 0. */
uint32_t gw_reply_code_number(struct gw_slice code, struct gw_slice name);

/* Is name among the words of a CAPABILITY reply? */
bool gw_reply_has_word(struct gw_slice words, struct gw_slice name);

/* ---- asking ---- */

/* A quoted string. What cannot stand in one (octets above 127, CR, LF, NUL and other control characters) is refused. */
bool gw_reply_put_quoted(struct gw_buf *out, struct gw_slice text);

/* "17-Jul-1996 02:44:25 +0000" in quotes (RFC 9051 date-time). */
void gw_reply_put_date(struct gw_buf *out, int64_t date);

#endif
