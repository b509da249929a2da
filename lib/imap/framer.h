/* framer.h - cut a byte stream into IMAP commands (RFC 9051 section 2.2, RFC 7888)
 *
 * A command is a line, or several lines with literals between them. The framer alone knows what "incomplete" means:
 * what it returns is whole, literals in place. When all of a command lies in the input it is returned from there
 * without a copy; otherwise its pieces are collected in a buffer whose size the limits bound and which is freed when
 * the command is done, so a session that waits for a command owns no memory here. Each byte is looked at once,
 * however small the pieces.
 *
 * A line ends with CRLF or with LF alone (in all states alike); CR anywhere else belongs to the line, where the parser
 * refuses it. NUL outside literals is refused.
 *
 * The use of it, in feed():
 *
 *	imap_framer_next(&s->framer, in, &line):
 *	MORE      *in is used up: return GW_NEED_INPUT
 *	CONTINUE  send "+ text" when it is this command's turn, call again
 *	COMMAND   imap_parse(line, ...)
 *	STREAM    imap_parse(line, ...) and look at framer.literal: a message comes. If its literal is a synchronising
 *	          one, send "+ text". Take literal.size octets from *in, in pieces of any size, then call again: the
 *	          COMMAND that comes now is what stands behind the message, for imap_parse_append_more()
 *	REFUSE    answer with framer.refusal
 *
 * Thread: owner. */
#ifndef GW_IMAP_FRAMER_H
#define GW_IMAP_FRAMER_H

#include "imap/token.h"
#include "util/buf.h"
#include "util/slice.h"

enum imap_frame {
	IMAP_FRAME_MORE,     /* feed more bytes; *in was used up */
	IMAP_FRAME_CONTINUE, /* a synchronising literal was announced: send "+ ", then go on (RFC 9051 7.6) */
	IMAP_FRAME_COMMAND,  /* *ret is a complete command (or line) without its line end and blanks before it */
	IMAP_FRAME_STREAM,   /* *ret is a command up to and with the announcement of a message; see framer.literal */
	IMAP_FRAME_REFUSE,   /* over a limit or broken; see framer.refusal. *ret is what there is of the command */
};

enum imap_refusal_reason {
	IMAP_REFUSE_LINE_TOO_LONG,
	IMAP_REFUSE_LITERAL_TOO_BIG, /* one literal, or their sum */
	IMAP_REFUSE_LITERALS,        /* too many of them */
	IMAP_REFUSE_MESSAGE_TOO_BIG, /* APPEND over append_max */
	IMAP_REFUSE_NONSYNC,         /* {n+} where it was not offered */
	IMAP_REFUSE_NUL,
	IMAP_REFUSE_LOST,            /* more was to be swallowed than swallow_max allows */
	IMAP_REFUSE_NONSYNC_TOO_BIG, /* {n+} over 4096 octets with LITERAL- (RFC 7888 5) */
	IMAP_REFUSE_VALUE_TOO_BIG,   /* a literal, of SETMETADATA (RFC 5464 4.3) */
	IMAP_REFUSE_ANNOTATION_TOO_BIG, /* a literal that is a value of STORE or APPEND (RFC 5257 4.5) */
};

struct imap_refusal {
	enum imap_refusal_reason reason;
	/* Of the command, or empty: answer with `*`. Lives as long as *ret. Always empty for what stands behind the
	 * message of an APPEND (the caller knows that tag) and from imap_framer_line(). */
	struct gw_slice tag;
	const char *text;    /* a sentence for the client */
	const char *code;    /* response code: "TOOBIG" (RFC 7889, RFC 9051 7.1), "LIMIT" (RFC 5530), or NULL */
	bool no;             /* answer NO rather than BAD: the syntax was right */
	bool fatal;          /* the stream cannot be followed further: say BYE and close. Further calls return MORE */
};

enum imap_nonsync { IMAP_NONSYNC_NO, IMAP_NONSYNC_MINUS, IMAP_NONSYNC_PLUS };

/* Limits in octets; they may be raised between two commands (after login). */
struct imap_framer_limits {
	size_t line_max;         /* a command without its literals, line ends included */
	size_t literal_max;      /* one literal, except messages */
	size_t literals_max;     /* how many literals a command may have */
	size_t literals_sum_max; /* and how long they may be together */
	uint64_t append_max;     /* a message of APPEND. 0: APPEND is like any command (before login) */
	uint64_t swallow_max;    /* what may be thrown away after a refusal to find the next command */
	enum imap_nonsync nonsync; /* which LITERAL extension is offered */
};

/* Everything but limits (to set) and literal, refusal (to read) is the framer's own. */
struct imap_framer {
	struct imap_framer_limits limits;
	struct imap_literal literal;  /* of STREAM and CONTINUE */
	struct imap_refusal refusal;  /* of REFUSE */

	struct gw_buf buf;       /* the command so far, if it did not come in one piece */
	size_t direct;           /* or: how much of *in belongs to it, within one call */
	size_t line_at;          /* where its current line begins */
	size_t line_octets;      /* octets of its lines so far */
	uint64_t literal_left;   /* octets of a literal still to come */
	size_t literals;         /* how many there were */
	size_t literals_sum;
	bool handed;             /* buf was given to the caller: forget it */
	bool appending;          /* behind the first message of an APPEND */
	uint64_t skip;           /* octets to throw away */
	bool skip_line;          /* and then the rest of the command */
	bool skip_plain;         /* that line is no command: it announces no literals */
	uint64_t skipped;        /* since the refusal */
	unsigned tail_n;         /* the end of the line that is thrown away ... */
	char tail[32];           /* ... where another literal may be announced */
	bool lost;
};

/* The limits table of a session: line_max and literal_max from the configuration, the rest follows from signed_on. */
struct imap_framer_limits imap_framer_limits(bool signed_on, size_t line_max, size_t literal_max, uint64_t append_max);

void imap_framer_init(struct imap_framer *f, const struct imap_framer_limits *limits);
void imap_framer_done(struct imap_framer *f);

/* The next command. Cuts what it used off *in. *ret lives until the next call, and if it lies in the input only as long
 * as the caller keeps that. */
enum imap_frame imap_framer_next(struct imap_framer *f, struct gw_slice *in, struct gw_slice *ret);

/* The next line, whatever is in it: for the answers of AUTHENTICATE and for DONE. max: octets with its line end.
 * Returns MORE, COMMAND, or REFUSE (LINE_TOO_LONG: the rest of the line is swallowed within swallow_max). */
enum imap_frame imap_framer_line(struct imap_framer *f, size_t max, struct gw_slice *in, struct gw_slice *ret);

/* After STREAM or CONTINUE: the command is answered already and nothing more of it will come, because its synchronising
 * literal was not asked for. */
void imap_framer_reset(struct imap_framer *f);

/* After STREAM: the command is answered already; left octets of its literal (at most literal.size) and the rest of it
 * are on their way. The framer throws them away and then goes on with the next command. */
void imap_framer_swallow(struct imap_framer *f, uint64_t left);

/* Is the framer between two commands, with nothing half read? (A half command at the end of the stream is lost.) */
bool imap_framer_idle(const struct imap_framer *f);

#endif
