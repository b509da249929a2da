/* token.h - the words of IMAP: atoms, strings, numbers, dates (RFC 9051 section 9, RFC 3501 section 9)
 *
 * Each imap_get_x() is total: true, with the token cut off the front of *in, or false, with *in and *ret as they
 * were. No call looks past in->n. Results are slices of the input, or live in the arena when they had to be
 * rewritten. Thread: any.
 *
 * Where the two RFCs or real clients differ:
 *  - 8-bit bytes in quoted strings are taken as they are, for the sake of old clients whose user names, passwords and
 *    search strings carry them; what they mean is the affair of whoever uses the string. Only a session that has UTF-8
 *    switched on (RFC 6855, RFC 9051 5.1) insists on valid UTF-8: see imap_want_astring() in parse.h.
 *  - Atoms are 7-bit. NUL is accepted nowhere but in literal8. CR and LF are accepted in literals alone.
 *  - `\` in a quoted string may stand only before `"` and `\`. */
#ifndef GW_IMAP_TOKEN_H
#define GW_IMAP_TOKEN_H

#include "util/arena.h"
#include "util/slice.h"

/* Classes of bytes; a byte has several. */
enum imap_class {
	IMAP_CT_ATOM = 1 << 0,    /* ATOM-CHAR */
	IMAP_CT_ASTRING = 1 << 1, /* ASTRING-CHAR: ATOM-CHAR and ] */
	IMAP_CT_LIST = 1 << 2,    /* list-char: ASTRING-CHAR and the wildcards * and % */
	IMAP_CT_TAG = 1 << 3,     /* ASTRING-CHAR without + */
	IMAP_CT_DIGIT = 1 << 4,
	IMAP_CT_BASE64 = 1 << 5,  /* with the padding = */
	IMAP_CT_QUOTED = 1 << 6,  /* may stand in a quoted string as it is: not NUL, CR, LF, " and \ */
	IMAP_CT_SET = 1 << 7,     /* sequence-set: digits * : , */
};

extern const unsigned char imap_ctype[256];

static inline bool imap_is(char c, enum imap_class k)
{
	return imap_ctype[(unsigned char)c] & k;
}

/* The longest run of bytes of class k, perhaps empty. */
struct gw_slice imap_get_run(struct gw_slice *in, enum imap_class k);

/* ---- single bytes and fixed words ---- */

static inline bool imap_get_char(struct gw_slice *in, char c)
{
	if (in->n == 0 || in->p[0] != c)
		return false;
	in->p++;
	in->n--;
	return true;
}

static inline bool imap_get_sp(struct gw_slice *in)
{
	return imap_get_char(in, ' ');
}

static inline bool imap_peek(struct gw_slice in, char c)
{
	return in.n && in.p[0] == c;
}

/* The letters of word in any ASCII case, whatever follows. */
bool imap_get_prefix(struct gw_slice *in, struct gw_slice word);

/* An atom that is word in any ASCII case. */
bool imap_get_word(struct gw_slice *in, struct gw_slice word);

/* ---- atoms ---- */

bool imap_get_tag(struct gw_slice *in, struct gw_slice *ret); /* 1*<ASTRING-CHAR except "+">, at most IMAP_TAG_MAX */
bool imap_get_atom(struct gw_slice *in, struct gw_slice *ret); /* 1*ATOM-CHAR */
bool imap_get_nil(struct gw_slice *in);                        /* the atom NIL in any case */

#define IMAP_TAG_MAX 256 /* octets of a tag; a longer one is no tag */

/* A flag as it stands: `\` atom or atom (`\*` is none). */
bool imap_get_flag(struct gw_slice *in, struct gw_slice *ret);

/* The tag at the front of a line that may be broken in any other way; empty when there is no valid one followed by a
 * blank or the line's end. What it returns may be sent back to the client. */
struct gw_slice imap_find_tag(struct gw_slice line);

/* ---- strings ---- */

/* DQUOTE *QUOTED-CHAR DQUOTE, escapes undone (in arena if there are any). */
bool imap_get_quoted(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret);

/* "{" number ["+"] "}" CRLF (or LF) and its octets, none of them NUL. */
bool imap_get_literal(struct gw_slice *in, struct gw_slice *ret);

/* quoted / literal */
bool imap_get_string(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret);

/* 1*ASTRING-CHAR / string */
bool imap_get_astring(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret);

/* string / nil; *ret_nil tells which, *ret is then empty. */
bool imap_get_nstring(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret, bool *ret_nil);

/* list-mailbox: 1*list-char / string */
bool imap_get_list_mailbox(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret);

/* ---- announcements of literals ---- */

struct imap_literal {
	uint64_t size;     /* octets; UINT64_MAX when the number is larger than that */
	bool nonsync;      /* {n+}: the client does not wait (RFC 7888) */
	bool binary;       /* ~{n}: literal8, may hold NUL (RFC 3516) */
};

/* Does the line (without its line end) end with an announcement? The framer and the parser both ask this function or
 * imap_get_announcement(), so that they cannot disagree about where a literal begins. ret_head (may be NULL): length of
 * what stands before it. */
bool imap_line_announces(struct gw_slice line, struct imap_literal *ret, size_t *ret_head);

/* ["~"] "{" number ["+"] "}" without a line end. */
bool imap_get_announcement(struct gw_slice *in, struct imap_literal *ret);

/* ---- numbers: digits only, leading zeros allowed, range checked ---- */

bool imap_get_number(struct gw_slice *in, uint32_t *ret);     /* 0 .. 2^32-1 */
bool imap_get_nz_number(struct gw_slice *in, uint32_t *ret);  /* 1 .. 2^32-1 */
bool imap_get_number64(struct gw_slice *in, uint64_t *ret);   /* 0 .. 2^63-1 */
bool imap_get_nz_number64(struct gw_slice *in, uint64_t *ret); /* 1 .. 2^63-1 */

/* ---- dates ---- */

/* date = date-text / DQUOTE date-text DQUOTE ("1-Feb-1994"): seconds since 1970 at 00:00 of that day as if in UTC. */
bool imap_get_date(struct gw_slice *in, int64_t *ret);

/* date-time ("17-Jul-1996 02:44:25 -0700" in quotes): seconds since 1970 UTC. Second 60 counts as 59. */
bool imap_get_date_time(struct gw_slice *in, int64_t *ret);

/* ---- FETCH ---- */

/* "<" number "." nz-number ">" (RFC 9051: number64) */
bool imap_get_partial(struct gw_slice *in, uint64_t *ret_offset, uint64_t *ret_count);

#endif
