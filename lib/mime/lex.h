/* lex.h - the words of structured header fields (RFC 5322 3.2, RFC 2045 5.1)
 *
 * One lexer for addresses and for parameters; they differ only in which characters are specials. Folding is white space.
 * Linear in the input, whatever is nested. Thread: any. */
#ifndef GW_MIME_LEX_H
#define GW_MIME_LEX_H

#include "util/buf.h"
#include "util/slice.h"

enum gw_lex {
	GW_LEX_END,
	GW_LEX_ATOM,    /* a run of characters that are no specials, no blanks */
	GW_LEX_QUOTED,  /* "..." : token is what stands between the quotes, escapes and folding still in it */
	GW_LEX_LITERAL, /* [...] : token has the brackets */
	GW_LEX_SPECIAL, /* one character of specials */
};

struct gw_lexer {
	struct gw_slice in;
	const char *specials;    /* characters that are tokens by themselves */
	struct gw_slice token;
	struct gw_slice comment; /* the last comment passed since it was emptied, without its parentheses */
	bool spaced;             /* blanks or comments stood before the token */
};

enum gw_lex gw_lex_next(struct gw_lexer *l);

/* Append the content of a quoted string or comment: escapes undone, line ends left out. */
void gw_lex_unquote(struct gw_slice quoted, struct gw_buf *out);

/* Append s without CR, LF and NUL: a folded field body on one line (RFC 5322 2.2.3). */
void gw_unfold(struct gw_slice s, struct gw_buf *out);

/* Append s as an IMAP string (RFC 3501 4.3): quoted where that is possible, else a literal. NUL is left out. */
void gw_put_string(struct gw_slice s, struct gw_buf *out);

/* The same, NIL when s.p is NULL. */
void gw_put_nstring(struct gw_slice s, struct gw_buf *out);

#endif
