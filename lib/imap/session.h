/* session.h - the IMAP session from the inside: what its files share
 *
 * A session reads commands into tasks, runs them in order and writes the answers. session.c moves the tasks, verbs.c
 * has the row of each command, cmd_*.c run them, view.c knows what the client has been told. */
#ifndef GW_IMAP_SESSION_H
#define GW_IMAP_SESSION_H

#include "imap/command.h"
#include "imap/framer.h"
#include "imap/parse.h"
#include "imap/view.h"
#include "sasl/sasl.h"
#include "session/session.h"
#include "session/timing.h"
#include "util/arena.h"
#include "util/err.h"
#include "util/lang.h"
#include "util/out.h"

#include <stdatomic.h>

#define IMAP_QUEUE 4u            /* commands taken ahead */
#define IMAP_BAD_LOGIN 10u       /* bad commands before login that end the session */
#define IMAP_APPEND_PIECE (256u * 1024) /* octets of a message that are collected before the store gets them */

struct imap_session;
struct imap_task;
struct imap_incoming;
struct imap_notifier;

/* What one call of a command's run function came to. */
enum imap_step {
	IMAP_STEP_DONE,   /* the tagged reply is set: finish the task */
	IMAP_STEP_MORE,   /* the output is full: call again when the client has read */
	IMAP_STEP_WORKER, /* call again where a store may block */
	IMAP_STEP_AUTH,   /* call again where a password may be checked */
	IMAP_STEP_INPUT,  /* waits for the client (IDLE, AUTHENTICATE, a literal) */
};

/* States a command is allowed in (RFC 3501 section 3). */
enum {
	IMAP_ST_LOGIN = 1 << 0,    /* not authenticated */
	IMAP_ST_AUTHED = 1 << 1,   /* authenticated, nothing selected */
	IMAP_ST_SELECTED = 1 << 2,
	IMAP_ST_ANY = 7,
	IMAP_ST_SIGNED_ON = IMAP_ST_AUTHED | IMAP_ST_SELECTED,
};

/* Facts about a command; the scheduler acts on them. */
enum {
	IMAP_SEQNUMS = 1 << 0, /* its meaning depends on message numbers: no EXPUNGE while it runs or waits (RFC 3501 7.4.1) */
	IMAP_NUMBERS = 1 << 5, /* the same, but only while it waits */
	IMAP_STORE = 1 << 1,   /* it calls the store: a worker runs it */
	IMAP_ALONE = 1 << 2,   /* how the bytes behind it must be read depends on its outcome: nothing is read ahead */
	IMAP_TELLS = 1 << 3,   /* the client asks for news: that there are none to be had is a failure */
	IMAP_SECRET = 1 << 4,  /* its arguments must not be logged */
	IMAP_ASCII = 1 << 7,   /* nothing in it or in its answer needs UTF-8: obeyed before ENABLE UTF8=ACCEPT in any case */
	IMAP_SEARCHES = 1 << 6, /* it has search keys, which may hold message numbers whatever its form */
};

struct imap_verb {
	struct imap_syntax syntax; /* name, number, parser */
	unsigned states;
	unsigned effects;
	enum imap_step (*run)(struct imap_session *s, struct imap_task *t, struct gw_out *out);
	const char *capability; /* the command exists only while this is offered; NULL: always */
	const char *rfc;
};

extern const struct imap_verb imap_verbs[IMAP_VERBS - 1]; /* the last id is the number of rows */
const struct imap_verb *imap_verb_of(enum imap_verb_id id);
const char *imap_verb_name(unsigned row); /* NULL behind the last */

/* What the client has switched on with ENABLE (RFC 5161), or by using it. */
enum imap_mode {
	IMAP_MODE_CONDSTORE = 1 << 0, /* it wants to hear of MODSEQ (RFC 7162 3.1) */
	IMAP_MODE_QRESYNC = 1 << 1,   /* VANISHED instead of EXPUNGE (RFC 7162 3.2.3); comes with CONDSTORE */
	IMAP_MODE_UIDONLY = 1 << 2,   /* no message numbers (RFC 9586) */
	IMAP_MODE_UTF8 = 1 << 3,      /* UTF8=ACCEPT: UTF-8 in quoted strings and names (RFC 6855 3) */
	IMAP_MODE_REV2 = 1 << 4,      /* IMAP4rev2 where it differs from IMAP4rev1 (RFC 9051 Appendix E) */
	IMAP_MODE_OBJECTID = 1 << 5,  /* compound OBJECTID in place of MAILBOXID (OBJECTID+ 2.2) */
};

enum imap_phase {
	IMAP_PHASE_START, /* is it allowed now? */
	IMAP_PHASE_RUN,
	IMAP_PHASE_NEWS,  /* the mailbox's news are told */
	IMAP_PHASE_REPLY,
	IMAP_PHASE_NOTIFY, /* no command: news that the client wants without asking (RFC 5465) */
};

enum imap_status { IMAP_OK, IMAP_NO, IMAP_BAD };

/* What came to be of the client's bytes when a command that waits for them was offered some. */
enum imap_taken {
	IMAP_TAKEN_MORE, /* all of *in was used: wait for more */
	IMAP_TAKEN_RUN,  /* the command can go on: run it */
};

/* Use what it can of *in; called on the loop, must not block. */
typedef enum imap_taken imap_take_fn(struct imap_session *s, struct imap_task *t, struct gw_slice *in);

/* A command on its way. Everything in it lives in its arena. */
struct imap_task {
	struct imap_task *next;
	const struct imap_verb *verb; /* NULL: not understood, the reply is set */
	struct imap_command *cmd;
	struct gw_slice tag;
	struct gw_arena arena;
	enum imap_phase phase;
	enum imap_status status;
	const char *code;      /* response code without brackets, or NULL */
	const char *text;
	uint32_t cut;          /* messages with lower UIDs than this were left out (limit.h), or 0 */
	void *state;           /* the command's own, between two steps */
	imap_take_fn *take;    /* it waits for the client, who speaks to this; else NULL */
	bool asked_news;       /* in IMAP_PHASE_NEWS: the store was asked */
	bool unasked;          /* no command: what the client is told of new messages (RFC 5465 5.2, 7) */
	const struct gw_foreign *foreign; /* no command of IMAP, of what it is one: the session ends without an answer to it */
	bool streams;          /* a message follows, and is announced by framer.literal */
	enum gw_need then;     /* what the host is asked for behind the reply; GW_NEED_INPUT: nothing */
};

struct imap_session {
	struct gw_env env;
	atomic_flag guard;       /* held while acct changes or is interrupted */
	struct gw_acct *acct;    /* NULL before login */
	struct imap_view *view;  /* the selected mailbox, or NULL */
	struct gw_set saved;     /* UIDs of the last SEARCH with SAVE (RFC 5182) */
	struct imap_framer framer;
	struct imap_task *head, *tail; /* head runs */
	struct imap_task *spare; /* that ended, for the next commands of those that have come; IMAP_QUEUE at most */
	unsigned queued;
	enum gw_need asked;      /* what the host was told last */
	bool alone;              /* the last task in the queue is ALONE: nothing is read ahead */
	bool may_block;          /* this run() is on a worker */
	bool may_burn;           /* this run() may check a password */
	bool want_continue;      /* a literal was announced: answer when its turn comes */
	bool want_news;          /* the mailbox changed while idling */
	bool idling;
	bool closing;            /* BYE was said */
	bool compressed;         /* both directions (RFC 4978) */
	unsigned modes;          /* enum imap_mode */
	enum gw_lang lang;       /* of what people read (RFC 5255 3) */
	struct imap_notifier *notify; /* NULL: NOTIFY was never used */
	const char *farewell;    /* BYE to be said behind the tagged reply, or NULL */
	uint64_t heard_ms;       /* when the client said something last (monotonic clock) */
	struct gw_timing timing; /* of the head */
	struct imap_trace *trace; /* of the output; NULL: nobody wants it */
	uint64_t store_us;       /* spent in the stores of users who are gone (RFC 8437) */
	unsigned failures;       /* tagged replies in a row that were not OK */
	unsigned syntax_errors;  /* before login */
	unsigned login_failures;
	struct gw_sasl *sasl;    /* AUTHENTICATE in progress */
	struct imap_incoming *incoming; /* the message that is coming in */
};

/* ---- replies (reply.c) ---- */

enum imap_step imap_ok(struct imap_task *t, const char *text);
enum imap_step imap_ok_code(struct imap_task *t, const char *code, const char *text);
enum imap_step imap_no(struct imap_task *t, const char *code, const char *text);
enum imap_step imap_bad(struct imap_task *t, const char *text);
enum imap_step imap_bad_code(struct imap_task *t, const char *code, const char *text);

/* The framer refused what was to come. */
enum imap_step imap_refuse(struct imap_task *t, const struct imap_refusal *r);

/* The answer to a failed call of the store: NO with the code of RFC 5530 that belongs to rc; trouble of the machine is
 * logged. what: "APPEND" ... */
enum imap_step imap_fail(struct imap_session *s, struct imap_task *t, int rc, const struct gw_err *err);

/* The store does not accept the password or token any more (GW_EAUTH): whatever comes next would fail, too, so the session
 * ends behind this command (RFC 5530, EXPIRED). imap_fail() does it by itself. */
void imap_expire(struct imap_session *s);

void imap_put_reply(struct imap_session *s, const struct imap_task *t, struct gw_out *out);
void imap_log(struct imap_session *s, enum gw_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "* BYE text", and the session ends. */
void imap_bye(struct imap_session *s, struct gw_out *out, const char *text);

/* ---- capabilities (caps.c) ---- */

void imap_put_capabilities(const struct imap_session *s, struct gw_out *out, bool greeting);
char *imap_capability_text(const struct imap_session *s, struct gw_arena *arena);
bool imap_offers(const struct imap_session *s, const char *capability);
bool imap_plaintext_refused(const struct imap_session *s);

/* What ENABLE of this capability switches on (enum imap_mode), and how it is spelled; or 0: it cannot be enabled, or is not offered. */
unsigned imap_enables(const struct imap_session *s, struct gw_slice capability, const char **ret_name);

/* What an exchange of lib/sasl has to know (cmd_login.c). */
void imap_sasl_env(const struct imap_session *s, struct gw_sasl_env *ret);

/* ---- shared by commands ---- */

/* Names and quoted strings are UTF-8 both ways. */
static inline bool imap_utf8(const struct imap_session *s)
{
	return s->modes & (IMAP_MODE_UTF8 | IMAP_MODE_REV2);
}

static inline bool imap_rev2(const struct imap_session *s)
{
	return s->modes & IMAP_MODE_REV2;
}

/* The name of a mailbox as an astring, in the spelling of this session: modified UTF-7 (RFC 3501 5.1.3), or UTF-8. */
/* "* NAMESPACE ..." of an account that is open (RFC 2342 5, RFC 5255 3.4). */
void imap_put_namespace(const struct imap_session *s, struct gw_out *out);

/* A text for people, in the language of the session. */
const char *imap_text(const struct imap_session *s, const char *english) __attribute__((format_arg(2)));

void imap_put_name(const struct imap_session *s, struct gw_out *out, struct gw_slice name);

/* Turn the message set of a command into UIDs of messages that are there (*ret_uids) and, if ret_seqs is not NULL, their
 * numbers. Loads the view. False: the reply is set, BAD for a number that is too high (RFC 3501 section 9, seq-number).
 * *ret_gone (may be NULL): the set names messages that were expunged and that the client does not know of yet. */
bool imap_resolve(struct imap_session *s, struct imap_task *t, const struct imap_seqset *set, bool uid,
		  struct gw_set *ret_uids, struct gw_set *ret_seqs, bool *ret_gone);

/* Are some of these messages gone, as the last look at the mailbox found, and the client was not told of it yet? */
bool imap_some_gone(const struct imap_session *s, const struct gw_set *uids);

/* A set whose memory goes with the task. */
struct gw_set *imap_task_set(struct imap_task *t);

/* What out holds, NUL-terminated in the arena; out is done with. */
char *imap_out_text(struct gw_arena *arena, struct gw_out *out);

/* Does the configuration hide mailboxes with these attributes (imap_public_folders, imap_shared_accounts)? */
bool imap_out_of_sight(const struct imap_session *s, unsigned attrs);

/* The same, or keep them out of lists (imap_only_mailfolders)? */
bool imap_hidden(const struct imap_session *s, unsigned attrs);

/* Does a mailbox of this name lie on another server? Then the reply says where (RFC 2193 4): true. */
bool imap_refer_mailbox(struct imap_session *s, struct imap_task *t, struct gw_slice name);

/* A mailbox name that may come from this user; false: the reply is set. */
bool imap_find_mailbox(struct imap_session *s, struct imap_task *t, struct gw_slice name, const char *if_missing,
		       struct gw_mailbox *ret);

/* "* OK [HIGHESTMODSEQ n] Highest" (RFC 7162 3.1.2.1). */
void imap_put_highest(uint64_t modseq, struct gw_out *out);

/* The client is CONDSTORE-aware from now on; if a mailbox is selected, its HIGHESTMODSEQ is told once (RFC 7162 3.1). */
void imap_condstore_on(struct imap_session *s, struct gw_out *out);

/* "METADATA MAXSIZE n" (RFC 5464 4.3; cmd_metadata.c) */
const char *imap_value_limit(const struct imap_session *s, struct gw_arena *arena);

/* ---- resync.c ---- */

/* Of the UIDs in *known (NULL: all), those that were expunged after modseq and are not in the view, which must be loaded; perhaps some
 * more that were expunged before (RFC 7162 3.2.6). */
int imap_vanished(struct imap_session *s, uint64_t modseq, const struct gw_set *known, struct gw_set *ret, struct gw_err *err);

/* What SELECT (QRESYNC ...) has to tell of the view that was just made (RFC 7162 3.2.5): it is said by imap_view_resume(). */
int imap_resync(struct imap_session *s, const struct imap_select *q, struct gw_err *err);

void imap_unselect(struct imap_session *s);

/* "* STATUS name (items)" (cmd_status.c). */
void imap_put_status(struct imap_session *s, const struct gw_mailbox *mb, unsigned items, struct gw_out *out);

/* A LIST response that nobody asked for (cmd_list.c). mb: as gw_acct_find() knows it. oldname: of OLDNAME, or empty. */
void imap_put_list(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_slice oldname, struct gw_out *out);

/* In IMAP4rev2, tell by LIST with OLDNAME that a mailbox is called name, and not oldname as the client has it (RFC 9051
 * 6.3.9.7). A name that is not there any more is \NonExistent. Nothing is told when oldname is empty. */
void imap_put_oldname(struct imap_session *s, struct imap_task *t, struct gw_slice name, struct gw_slice oldname, struct gw_out *out);

/* Messages were stored, and a limit is nearly reached: tell it (cmd_quota.c). */
void imap_warn_quota(const struct imap_session *s, struct gw_out *out);

/* ---- session.c ---- */

/* The account changes hands; a host that interrupts at this moment waits. */
void imap_set_account(struct imap_session *s, struct gw_acct *acct);

/* The framer's limits follow from the configuration and from being signed on. */
void imap_set_limits(struct imap_session *s);

/* A line for the trace of the dialogue. */
/* ---- trace.c ---- */

/* A line of the dialogue: 'C' from the client, 'S' to it. */
void imap_trace(const struct imap_session *s, char direction, struct gw_slice line);

/* Before something is done, and afterwards: tell what was put into out behind its first `from` bytes. */
void imap_trace_begin(struct imap_session *s);
void imap_trace_out(struct imap_session *s, const struct gw_out *out, size_t from);
void imap_trace_free(struct imap_session *s);

/* The largest message a client may store (RFC 7889): what the configuration says, or less where the store takes less. */
uint64_t imap_append_max(const struct imap_session *s);

/* The literal that framer.literal announces, and that has not begun to come, is not for anybody. */
void imap_drop_stream(struct imap_session *s);

/* The command waits until take() has what it needs from the client. */
enum imap_step imap_await(struct imap_task *t, imap_take_fn *take);

/* Forget a message that was not stored (cmd_append.c). NULL is fine. */
void imap_incoming_free(struct imap_incoming *m);

/* Bytes it holds. */
size_t imap_incoming_memory(const struct imap_incoming *m);

#endif
