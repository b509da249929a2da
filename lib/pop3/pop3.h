/* pop3.h - the POP3 session from the inside: what its files share
 *
 * A session reads lines into a short queue of commands and runs them in order. line.c cuts lines, verbs.c has the row of
 * each command, cmd_*.c run them, session.c moves the queue. The maildrop is the index of INBOX as it was at login
 * (RFC 1939 section 3): message numbers are its sequence numbers and never change. */
#ifndef GW_POP3_POP3_H
#define GW_POP3_POP3_H

#include "sasl/sasl.h"
#include "session/session.h"
#include "session/timing.h"
#include "store/store.h"
#include "store/uidl.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/lang.h"
#include "util/mem.h"
#include "util/out.h"
#include "util/set.h"

#include <stdatomic.h>

#define POP3_VERBS 16u             /* rows of verbs.c */
#define POP3_LINE_MAX 517u         /* octets of a command other than AUTH without CRLF: PASS and 512 octets of password */
#define POP3_SASL_LINE_MAX 12286u  /* of an answer in AUTH, without CRLF (RFC 5034 section 4) */
#define POP3_QUEUE 32u             /* commands taken ahead */
#define POP3_BAD_LOGIN 10u         /* bad commands before login that end the session */
#define POP3_BAD_LATER 50u         /* and in a row after it */

struct pop3_session;
struct pop3_cmd;
struct pop3_header;

/* What one call of a command's run function came to. */
enum pop3_step {
	POP3_DONE, /* answered */
	POP3_MORE, /* the output is full: call again when the client has read */
	POP3_TLS,  /* answered: send it, then start TLS */
};

/* States of RFC 1939: a command is allowed in some. */
enum { POP3_AUTHORIZATION = 1 << 0, POP3_TRANSACTION = 1 << 1, POP3_ANY = 3 };

/* Where a command runs. */
enum pop3_where { POP3_ON_LOOP, POP3_ON_WORKER, POP3_ON_AUTH };

enum {
	POP3_ALONE = 1 << 0,  /* how the bytes behind it must be read depends on it: nothing is taken ahead */
	POP3_TEXT = 1 << 1,   /* its argument is the rest of the line; else blank-separated numbers */
	POP3_SECRET = 1 << 2, /* which must not be logged */
};

struct pop3_verb {
	const char *name;
	unsigned states;
	enum pop3_where where;
	unsigned flags;
	unsigned args_min, args_max; /* numbers */
	enum pop3_step (*run)(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out);
	const char *rfc;
};

extern const struct pop3_verb pop3_verbs[POP3_VERBS];
const char *pop3_verb_name(unsigned row); /* NULL behind the last */

/* The row of a command; POP3_VERBS for what was not understood. */
unsigned pop3_verb_row(const struct pop3_verb *v);

struct pop3_cmd {
	const struct pop3_verb *verb;
	uint32_t number[2];  /* arguments; what does not fit is UINT32_MAX */
	unsigned n_numbers;
	bool started;        /* run was called before */
	uint32_t next;       /* its own place between two calls */
	const char *text;    /* of pop3_mistake: what to say */
	const struct gw_foreign *foreign; /* of what other protocol it is, or NULL */
};

struct pop3_session {
	struct gw_env env;
	unsigned state;            /* POP3_AUTHORIZATION, POP3_TRANSACTION */
	bool closing;
	enum gw_lang lang;         /* of what people read: LANG */
	bool utf8;                 /* UTF-8 mode (RFC 6856 section 2) */
	bool alone;                /* the last command in the queue is ALONE */
	enum gw_need asked;        /* what the host was told last */
	enum gw_result result;     /* of the command that runs */
	struct gw_timing timing;

	struct pop3_cmd queue[POP3_QUEUE];
	unsigned head, n_queue;
	struct gw_buf line;        /* a line that has not ended yet */
	struct gw_secret arg;      /* text of the one command that has some */

	/* login */
	char *user;                /* of USER, or NULL */
	struct gw_sasl *sasl;      /* AUTH in progress */
	unsigned login_failures;
	unsigned bad;              /* commands: all of them before login, in a row after it */

	/* the maildrop */
	atomic_flag guard;         /* held while acct changes or is interrupted */
	struct gw_acct *acct;
	uint64_t left_us;          /* spent in the store with accounts that were closed */
	bool deaf;                 /* QUIT deletes: nothing interrupts it any more */
	struct gw_mbox_id inbox;
	struct gw_index *index;
	struct gw_set deleted;     /* message numbers */
	uint32_t count;            /* messages that are not deleted */
	uint64_t octets;           /* of them */
	struct gw_uidls uidls;
	struct gw_set seen;        /* numbers of those to be marked as read at the end */

	/* reading messages */
	struct gw_fetch *fetch;
	unsigned fetch_want;
	uint32_t fetch_next;       /* number it gives next */
	struct gw_set fetch_set;
	uint64_t at;               /* octet of the message that is read next */
	struct pop3_header *headers; /* of the message being sent and its parts, when they must be ASCII (read.c) */
	size_t n_headers, header;  /* the next one */
	struct gw_buf rewritten;   /* a header on its way out */
	size_t rewritten_at;
	uint64_t top_lines;        /* body lines that may still be sent */
	char tail[2];              /* the last two octets sent of it */
	bool in_header;
	bool no_nuls, empty_line;  /* pop3_client_workarounds */
};

/* ---- lines (line.c) ---- */

enum pop3_line {
	POP3_LINE_MORE,  /* not whole yet; all of *in is kept */
	POP3_LINE_WHOLE, /* *ret is a line without its CRLF, valid until the next call */
	POP3_LINE_BAD,   /* too long, NUL, or LF without CR: the session cannot go on */
};

/* Cut a line off *in. max: its longest length in octets without CRLF. AUTH may have POP3_SASL_LINE_MAX: clients put access
 * tokens into its initial response, though RFC 5034 section 4 does not let them beyond 255 octets. */
enum pop3_line pop3_line_next(struct gw_buf *kept, struct gw_slice *in, size_t max, struct gw_slice *ret);

/* ---- verbs (verbs.c) ---- */

/* Read a line into a command. One that is none, or has wrong arguments, becomes a command that says so. The text of an
 * argument goes to s->arg: at most one command of those in the queue has some, since they are ALONE. */
void pop3_parse(struct pop3_session *s, struct gw_slice line, struct pop3_cmd *ret);

/* The same inside AUTH, where every line is an answer to a challenge. */
void pop3_parse_answer(struct pop3_session *s, struct gw_slice line, struct pop3_cmd *ret);

/* And for POP3_LINE_BAD: says so and ends the session. */
void pop3_parse_garbage(struct pop3_session *s, struct pop3_cmd *ret);

/* ---- replies (reply.c) ---- */

/* "+OK text", "-ERR text". */
enum pop3_step pop3_ok(struct pop3_session *s, struct gw_out *out, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
enum pop3_step pop3_err(struct pop3_session *s, struct gw_out *out, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "-ERR text", a text without arguments. */
enum pop3_step pop3_err_text(struct pop3_session *s, struct gw_out *out, const char *text);

/* A text that stands in an answer, in the client's language. */
const char *pop3_text(const struct pop3_session *s, const char *english);

/* -ERR for a failed call of the store, with [SYS/TEMP] or [SYS/PERM] (RFC 3206); logged. what: "RETR" ... */
enum pop3_step pop3_fail(struct pop3_session *s, struct gw_out *out, const char *what, const struct gw_err *err);

/* A bad command was answered; too many in a row end the session. */
enum pop3_step pop3_bad(struct pop3_session *s, struct gw_out *out);

void pop3_log(struct pop3_session *s, enum gw_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void pop3_trace(const struct pop3_session *s, char direction, const char *line);

/* ---- login (cmd_auth.c, maildrop.c) ---- */

void pop3_sasl_env(const struct pop3_session *s, struct gw_sasl_env *ret);

/* Take over an account that signed on: lock, list, +OK. Or -ERR, and it is closed. */
enum pop3_step pop3_enter(struct pop3_session *s, struct gw_acct *acct, const char *mechanism, struct gw_out *out);

/* From here on the client may go away: it has said what it wants. */
void pop3_stop_listening(struct pop3_session *s);

/* Mark what was fetched as read, when that is wanted. May block. */
void pop3_mark_seen(struct pop3_session *s);

/* Give the account back (and with it the lock). May block. */
void pop3_leave(struct pop3_session *s);

/* The message with this number that is not marked as deleted, or NULL and -ERR was said. */
const struct gw_entry *pop3_message(struct pop3_session *s, uint32_t number, struct gw_out *out);

/* ---- reading (fetch.c) ---- */

/* Bring the cursor to message number: 1, 0 when it is gone, or a negative code. */
int pop3_fetch_seek(struct pop3_session *s, uint32_t number, unsigned want, struct gw_message *ret, struct gw_err *err);
void pop3_fetch_close(struct pop3_session *s);

/* What pop3_fetch_seek() must want to read a message with pop3_read(). */
unsigned pop3_read_wants(const struct pop3_session *s);

/* Begin to read the message the cursor stands on, and forget the one before. */
void pop3_read_begin(struct pop3_session *s, const struct gw_message *m);
void pop3_read_end(struct pop3_session *s);

/* The next piece into out, at most max octets and not committed: *ret is where it lies. Its length, 0 at the end of the
 * message, or a negative code. size: octets of the message as it is stored. */
long pop3_read(struct pop3_session *s, uint32_t size, size_t max, struct gw_out *out, char **ret, struct gw_err *err);

/* Append the octets to out with a dot before each dot that begins a line. tail: the last two octets before them (CR LF
 * at the start of a message); is kept up to date. A line begins behind every LF, with CR or without: clients differ in
 * what they take for a line end, and none may take a line of a message for the end of it. */
void pop3_put_stuffed(struct gw_out *out, struct gw_slice octets, char tail[2]);

/* The same for n octets that lie in room, which gw_out_reserve() gave: mostly they can stay where they are. */
void pop3_commit_stuffed(struct gw_out *out, size_t n, char *room, char tail[2]);

/* ---- commands ---- */

typedef enum pop3_step pop3_run(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out);

pop3_run pop3_run_user, pop3_run_pass, pop3_run_auth, pop3_run_sasl_answer, pop3_run_stls, pop3_run_capa, pop3_run_stat,
	pop3_run_list, pop3_run_uidl, pop3_run_dele, pop3_run_noop, pop3_run_rset, pop3_run_retr, pop3_run_top,
	pop3_run_quit, pop3_run_lang, pop3_run_utf8;

#endif
