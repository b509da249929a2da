/* cmd_append.c - APPEND (RFC 3501 6.3.11; RFC 3502 MULTIAPPEND; RFC 4315 3; RFC 7889; RFC 7888; RFC 9738), REPLACE (RFC 8508)
 *
 * A message goes from the client to the store in pieces of 256 KiB: take_message() collects one on the loop, the worker
 * writes it. A client that waits for "+" gets it only when the mailbox is there and the store is ready. One that does not
 * wait, with a message of one piece, costs a single walk to a worker: the message is read first, and then everything is
 * done at once. Nothing is visible before all messages of the command are whole and its line has ended; then they are all
 * there, or none is. What REPLACE has besides is in cmd_replace.c.
 *
 * A message of CATENATE (RFC 4469) is a list of URLs and literals. The worker copies what the URLs of a line name
 * (catenate.c), and the literal at its end comes in like a message; then the next line is looked at.
 *
 * A literal8 may have NUL (RFC 3516 4.4), which BODY[] could not show: when such a message is whole, the store encodes the
 * parts that have it (mime/unbinary.h). imap_max_messagesize is for what the client sends, so that one that keeps to
 * APPENDLIMIT (RFC 7889) is not refused for what becomes of it here; a storage server's own limit, the quota, and the bounds
 * of memory and files below are for what is stored. */
#include "imap/append.h"

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/commands.h"
#include "imap/limit.h"
#include "imap/notify.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "util/mem.h"

#include <stdlib.h>

#define AHEAD_MAX 64u      /* messages that lie in a piece together */
#define MESSAGES_MAX 1000u /* of one command */
#define LINES_MAX 2000u    /* of one command with CATENATE */
#define URL_MAX 8192u      /* octets of a URL that is a literal */
#define COPIES_MAX 4u      /* times imap_max_messagesize that the URLs of one command may name together */
#define LARGE_MAX 32u      /* of them over a piece: the store keeps a file open for each */

/* A message that came in whole, together with others. */
struct waiting {
	struct imap_append what;
	size_t n;   /* octets of the piece */
	bool open;  /* the store has its beginning */
};

/* A message with annotations of parts, which it must have. */
struct noted {
	struct noted *next;
	size_t at; /* of the messages */
	struct imap_annotations what;
};

struct imap_incoming {
	struct gw_mbox_id mailbox;
	bool found;               /* mailbox is known */
	uint32_t old;             /* REPLACE: UID of the message that goes */
	struct gw_append **v;     /* the messages; the last one is coming in */
	size_t n, cap;
	unsigned large;
	uint64_t small_octets;    /* of those the store has in memory */
	struct imap_append now;   /* what the command says of the message that is coming in */
	bool open;                /* and the store is ready for it */
	uint64_t octets;          /* of this message, with CATENATE those so far */
	bool nul;                 /* and there is NUL among them */
	uint64_t copied;          /* octets read for URLs, of all messages */
	unsigned lines;
	bool announced;           /* framer.literal, at the end of the last line, has not begun to come */
	struct gw_buf piece;      /* what the store does not have yet: the messages of ahead, then of this one */
	struct waiting *ahead;
	size_t n_ahead;
	size_t ahead_octets;      /* of the piece */
	uint64_t left;            /* octets still to come */
	bool whole;               /* what stands behind the message was read */
	bool ended;               /* and it was the end of the command */
	bool annotated;           /* one of them is */
	bool wants_value;         /* the client waits for "+" before it sends a literal of what stands behind */
	struct noted *noted;      /* messages with annotations of parts */
	bool bad_end;             /* or not what it should be: the reply is set */
};

void imap_incoming_free(struct imap_incoming *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		gw_append_close(m->v[i]);
	free(m->v);
	free(m->ahead);
	gw_buf_done(&m->piece);
	free(m);
}

size_t imap_incoming_memory(const struct imap_incoming *m)
{
	return sizeof *m + m->cap * sizeof *m->v + m->piece.cap + (m->ahead ? AHEAD_MAX * sizeof *m->ahead : 0);
}

static bool replaces(const struct imap_task *t)
{
	return t->cmd->verb == IMAP_VERB_REPLACE;
}

static void forget(struct imap_session *s)
{
	imap_incoming_free(s->incoming);
	s->incoming = NULL;
}

/* The command has failed and its reply is set; what is still to come of it is not for anybody. */
static enum imap_step give_up(struct imap_session *s)
{
	struct imap_incoming *m = s->incoming;

	if (m->announced)
		imap_drop_stream(s);
	else if (!m->whole)
		imap_framer_swallow(&s->framer, m->left);
	forget(s);
	return IMAP_STEP_DONE;
}

/* ---- from the client ---- */

/* What was parsed of a line goes on as the framer says, and is offered. False: the reply is set. */
static bool goes_on(struct imap_session *s, struct imap_task *t, enum imap_parse_result result, const char *why)
{
	const struct imap_append *a = &t->cmd->append;
	const struct imap_incoming *m = s->incoming;

	if (result == IMAP_PARSE_NO)
		imap_no(t, t->cmd->code, why);
	else if (result != IMAP_PARSE_OK || (m->announced == m->ended && (m->ended || !a->whole)))
		imap_bad(t, why ? why : "Something stands behind the message");
	else if (!m->ended && !a->continues && !imap_offers(s, "MULTIAPPEND"))
		imap_bad(t, "Only one message at a time");
	else if (!m->ended && a->annotations.n && !imap_may_annotate(s, t, &a->annotations))
		return false;
	else if (!m->ended && a->catenate && !imap_offers(s, "CATENATE"))
		imap_bad(t, "CATENATE is not offered here");
	else if (gw_arena_over(&t->arena))
		imap_no(t, "LIMIT", "Too much for max_session_memory");
	else
		return true;
	return false;
}

/* What stands behind the literal: nothing, or another one. */
static void take_end(struct imap_session *s, struct imap_task *t, enum imap_frame frame, struct gw_slice line)
{
	const struct imap_refusal *r = &s->framer.refusal;
	struct imap_incoming *m = s->incoming;
	enum imap_parse_result result;
	const char *why = NULL;

	m->whole = true;
	m->announced = frame == IMAP_FRAME_STREAM;
	if (frame == IMAP_FRAME_REFUSE) {
		m->bad_end = true;
		imap_refuse(t, r);
		if (r->fatal)
			s->farewell = "The connection cannot be followed any further";
		return;
	}
	result = imap_parse_append_more(line, t->cmd, &m->ended, &why);
	m->bad_end = !goes_on(s, t, result, why);
}

/* The message is whole, and the next one is announced by a client that does not wait: if it fits into the piece as well,
 * they go to the store together. */
static bool read_on(struct imap_session *s, const struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_literal *next = &t->cmd->append.literal;

	if (m->bad_end || m->ended || t->cmd->append.catenate || !next->nonsync || next->size == 0 || m->n_ahead == AHEAD_MAX ||
	    next->size > IMAP_APPEND_PIECE - m->piece.n)
		return false;
	if (!m->ahead)
		m->ahead = gw_xcalloc(AHEAD_MAX, sizeof *m->ahead);
	m->ahead[m->n_ahead++] = (struct waiting){ m->now, m->piece.n - m->ahead_octets, m->open };
	m->ahead_octets = m->piece.n;
	m->now = t->cmd->append;
	m->left = next->size;
	m->whole = m->open = m->announced = false;
	return true;
}

/* Octets of the message; true: it is whole or the piece is full. */
static bool take_octets(struct imap_incoming *m, struct gw_slice *in)
{
	size_t room = IMAP_APPEND_PIECE - m->piece.n, n = in->n;

	if (n > m->left)
		n = (size_t)m->left;
	if (n > room)
		n = room;
	gw_buf_add_slice(&m->piece, gw_slice_take(in, n));
	m->left -= n;
	return m->left == 0 || m->piece.n == IMAP_APPEND_PIECE;
}

static enum imap_taken take_message(struct imap_session *s, struct imap_task *t, struct gw_slice *in)
{
	struct imap_incoming *m = s->incoming;
	enum imap_frame frame;
	struct gw_slice line;

	do {
		if (!take_octets(m, in))
			return IMAP_TAKEN_MORE;
		if (m->left)
			return IMAP_TAKEN_RUN;
		frame = imap_framer_next(&s->framer, in, &line);
		if (frame == IMAP_FRAME_MORE)
			return IMAP_TAKEN_MORE;
		if (frame == IMAP_FRAME_CONTINUE) { /* a value of an annotation of the next message */
			m->wants_value = true;
			return IMAP_TAKEN_RUN;
		}
		take_end(s, t, frame, line);
	} while (read_on(s, t));
	return IMAP_TAKEN_RUN;
}

/* ---- to the store ---- */

/* Find the mailbox; false: the reply is set. */
static bool find_mailbox(struct imap_session *s, struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	struct gw_mailbox mb;

	if (m->found)
		return true;
	if (!imap_find_mailbox(s, t, t->cmd->mailbox, "TRYCREATE", &mb))
		return false;
	if (mb.attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT)) {
		imap_no(t, "CANNOT", "This mailbox cannot have messages");
		return false;
	}
	if (mb.attrs & GW_MBOX_READONLY) {
		imap_no(t, "NOPERM", "You may not add to this mailbox");
		return false;
	}
	m->mailbox = mb.id;
	if (replaces(t) && !imap_replace_find(s, t, &m->old))
		return false;
	return m->found = true;
}

static bool too_much(struct imap_task *t)
{
	imap_no(t, "LIMIT", "That is too much for one command");
	return false;
}

/* A message is of size octets now, after m->octets before. One command may not fill the memory with messages (others: there
 * are more than this one), nor the table of open files. False: the reply is set. */
static bool grow_to(struct imap_session *s, struct imap_task *t, uint64_t size, bool others)
{
	struct imap_incoming *m = s->incoming;
	bool was_large = m->octets > IMAP_APPEND_PIECE, is_large = size > IMAP_APPEND_PIECE;

	m->large = m->large - was_large + is_large;
	m->small_octets = m->small_octets - (was_large ? 0 : m->octets) + (is_large ? 0 : size);
	m->octets = size;
	if (m->large > LARGE_MAX || (others && m->small_octets > s->env.config->max_session_memory))
		return too_much(t);
	return true;
}

/* The last message is whole: nobody could be shown NUL that it has. False: the reply is set. */
static bool finish_message(struct imap_session *s, struct imap_task *t)
{
	uint64_t size = 0, max = gw_acct_append_max(s->acct);
	struct imap_incoming *m = s->incoming;
	struct gw_err err = { 0 };
	int rc;

	if (!m->nul)
		return true;
	m->nul = false;
	rc = gw_append_unbinary(m->v[m->n - 1], &size, &err);
	if (rc == 0 && (!max || size <= max))
		return grow_to(s, t, size, m->n > 1);
	if (rc == GW_EINVAL)
		imap_no(t, "UNKNOWN-CTE", "NUL stands outside of parts whose encoding is binary");
	else if (rc == 0 || rc == GW_ELIMIT)
		imap_no(t, "TOOBIG", "The message is too big");
	else
		imap_fail(s, t, rc, &err);
	return false;
}

/* RFC 6855 4. False: the reply is set. */
static bool may_be_utf8(const struct imap_session *s, struct imap_task *t, const struct imap_append *a)
{
	if (!a->utf8 || imap_utf8(s))
		return true;
	imap_no(t, "CANNOT", "UTF8 was not enabled");
	return false;
}

static void note_parts(struct imap_incoming *m, struct imap_task *t, const struct imap_append *a)
{
	struct noted *n;

	if (!a->annotations.parts)
		return;
	n = gw_arena_alloc(&t->arena, sizeof *n);
	*n = (struct noted){ .next = m->noted, .at = m->n, .what = a->annotations };
	m->noted = n;
}

/* Have the messages the parts that are annotated (RFC 5257 3.2.1)? False: the reply is set. */
static bool check_parts(struct imap_session *s, struct imap_task *t)
{
	const struct imap_incoming *m = s->incoming;
	struct gw_slice parts = { 0 };
	struct gw_err err = { 0 };

	for (const struct noted *n = m->noted; n; n = n->next) {
		int rc = gw_append_parts(m->v[n->at], &parts, &err);

		if (rc < 0) {
			imap_fail(s, t, rc, &err);
			return false;
		}
		for (size_t i = 0; i < n->what.n; i++)
			if (!imap_has_part(parts, &n->what.entry[i])) {
				imap_bad(t, "There is no such part");
				return false;
			}
	}
	return true;
}

/* Make the store ready for a message; false: the reply is set. */
static bool open_message(struct imap_session *s, struct imap_task *t, const struct imap_append *a)
{
	struct imap_incoming *m = s->incoming;
	struct gw_err err = { 0 };
	int rc;

	if (!finish_message(s, t) || !find_mailbox(s, t))
		return false;
	if (!may_be_utf8(s, t, a))
		return false;
	if (!imap_may_append(s, t, m->n + 1))
		return false;
	m->octets = 0;
	if (m->n == MESSAGES_MAX)
		return too_much(t);
	if (!grow_to(s, t, a->catenate ? 0 : a->literal.size, m->n > 0))
		return false;
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 1;
		m->v = gw_xrealloc(m->v, m->cap, sizeof(struct gw_append *));
	}
	rc = gw_append_open(s->acct, a->catenate ? GW_APPEND_UNKNOWN : a->literal.size, &m->v[m->n], &err);
	if (rc == GW_ELIMIT) { /* the storage server takes less than we do (RFC 7889 4) */
		imap_no(t, "TOOBIG", "The message is too big");
		return false;
	}
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return false;
	}
	gw_append_annotate(m->v[m->n], a->annotations.v, a->annotations.n);
	m->annotated = m->annotated || a->annotations.n;
	note_parts(m, t, a);
	gw_append_set(m->v[m->n++], a->flags.system, a->flags.keywords, a->flags.n_keywords, a->date);
	return true;
}

/* Open the message if it is not open, and write octets to it; false: the reply is set. */
static bool write_message(struct imap_session *s, struct imap_task *t, const struct imap_append *a, bool open,
			  struct gw_slice octets)
{
	struct imap_incoming *m = s->incoming;
	struct gw_err err = { 0 };
	int rc;

	if (!open && !open_message(s, t, a))
		return false;
	m->nul = m->nul || (a->literal.binary && memchr(octets.p, '\0', octets.n));
	rc = gw_append_write(m->v[m->n - 1], octets, &err);
	if (rc == GW_ELIMIT)
		imap_no(t, "TOOBIG", "The message is too big");
	else if (rc < 0)
		imap_fail(s, t, rc, &err);
	return rc == 0;
}

/* ---- CATENATE ---- */

/* Will n octets more fit into this message, and into what one command may do? False: the reply is set. */
static bool has_room(struct imap_session *s, struct imap_task *t, uint64_t n)
{
	uint64_t max = imap_append_max(s);
	struct imap_incoming *m = s->incoming;

	if (n > max || m->octets > max - n) {
		imap_no(t, "TOOBIG", "The message is too big");
		return false;
	}
	return grow_to(s, t, m->octets + n, m->n > 1);
}

struct part {
	struct imap_session *s;
	struct imap_task *t;
};

/* Octets of a URL: an imap_part_fn. */
static int take_part(void *ctx, struct gw_slice octets, uint64_t read)
{
	const struct part *p = ctx;
	struct imap_incoming *m = p->s->incoming;

	m->copied += read;
	if (m->copied / COPIES_MAX > p->s->env.config->imap_max_messagesize)
		return too_much(p->t);
	return !octets.n || (has_room(p->s, p->t, octets.n) && write_message(p->s, p->t, &m->now, true, octets));
}

static bool take_url(struct imap_session *s, struct imap_task *t, struct gw_slice url)
{
	struct part p = { s, t };

	return imap_catenate_url(s, t, url, take_part, &p);
}

/* The literal at the end of a line: is there room for it? False: the reply is set. */
static bool expect_literal(struct imap_session *s, struct imap_task *t)
{
	const struct imap_append *a = &t->cmd->append;

	if (!a->url_literal)
		return may_be_utf8(s, t, a) && has_room(s, t, a->literal.size);
	if (a->literal.size <= URL_MAX)
		return true;
	imap_no(t, "TOOBIG", "The URL is too long");
	return false;
}

/* The message of this line is opened, if it begins here, and its URLs are followed. False: the reply is set. */
static bool take_urls(struct imap_session *s, struct imap_task *t)
{
	const struct imap_append *a = &t->cmd->append;
	struct imap_incoming *m = s->incoming;

	m->now = *a;
	if (++m->lines > LINES_MAX)
		return too_much(t);
	if (!a->continues && !open_message(s, t, a))
		return false;
	for (size_t i = 0; i < a->n_urls; i++)
		if (!take_url(s, t, a->url[i]))
			return false;
	if (!a->whole)
		return expect_literal(s, t);
	if (!m->octets)
		imap_no(t, NULL, "An empty message is not stored");
	return m->octets > 0;
}

/* ---- pieces ---- */

/* Hand the piece to the store; false: the reply is set. */
static bool write_piece(struct imap_session *s, struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	struct gw_slice left = gw_buf_slice(&m->piece);
	bool ok = true;

	for (size_t i = 0; i < m->n_ahead && ok; i++) {
		const struct waiting *w = &m->ahead[i];

		ok = write_message(s, t, &w->what, w->open, gw_slice_take(&left, w->n));
	}
	if (ok && m->now.url_literal)
		ok = take_url(s, t, left); /* shorter than a piece: all of it is here */
	else
		ok = ok && write_message(s, t, &m->now, m->open, left);
	m->open = ok;
	m->piece.n = m->ahead_octets = m->n_ahead = 0;
	return ok;
}

static const char *uid_code(struct imap_task *t, const struct gw_appended *done, size_t n)
{
	if (!done->uid_first)
		return NULL;
	if (n == 1)
		return gw_arena_printf(&t->arena, "APPENDUID %u %u", done->uidvalidity, done->uid_first);
	return gw_arena_printf(&t->arena, "APPENDUID %u %u:%u", done->uidvalidity, done->uid_first,
			       done->uid_first + (uint32_t)n - 1);
}

/* After a removal the list that the client's numbers come from cannot be had any more: it must be there before. */
static int replace(struct imap_session *s, struct imap_incoming *m, struct gw_appended *ret, struct gw_err *err)
{
	int rc = imap_view_load(s, err);

	return rc < 0 ? rc : gw_append_replace(s->acct, m->mailbox, m->v[0], s->view->id, m->old, ret, err);
}

static enum imap_step commit(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;
	struct gw_appended done = { 0 };
	struct gw_err err = { 0 };
	const char *code = NULL;
	int rc;

	if (!finish_message(s, t) || !check_parts(s, t)) {
		forget(s);
		return IMAP_STEP_DONE;
	}
	if (replaces(t))
		rc = replace(s, m, &done, &err);
	else
		rc = gw_append_commit(s->acct, m->mailbox, m->v, m->n, &done, &err);
	if (rc == GW_ELIMIT && m->annotated) {
		imap_no(t, "ANNOTATE TOOMANY", "There are too many annotations");
	} else if (rc == GW_ENOENT) { /* deleted while the message came in */
		imap_no(t, "TRYCREATE", "There is no such mailbox");
	} else if (rc < 0) {
		imap_fail(s, t, rc, &err);
	} else {
		if (done.near_quota)
			imap_warn_quota(s, out);
		imap_notify_own_messages(s, m->mailbox, done.uid_first, (uint32_t)m->n);
		imap_put_oldname(s, t, t->cmd->mailbox, t->cmd->supplied, out);
		code = uid_code(t, &done, m->n);
		imap_ok_code(t, code, "APPEND completed");
		if (s->env.info)
			s->env.info->appended += (uint32_t)m->n;
		imap_view_added(s, m->mailbox);
		if (replaces(t))
			imap_view_removed(s, &(struct gw_set){ .r = &(struct gw_range){ m->old, m->old }, .n = 1 });
	}
	forget(s);
	return rc == 0 && replaces(t) ? imap_replace_tell(s, t, code, out) : IMAP_STEP_DONE;
}

/* Let the client send the literal that the line announces. */
static enum imap_step await_literal(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_literal *literal = &t->cmd->append.literal;

	m->left = literal->size;
	m->whole = m->announced = false;
	if (!literal->nonsync)
		imap_put_continue(out, "Ready for literal data");
	return imap_await(t, take_message);
}

/* A message is announced: let the client send it. A client that does not wait, with a message of one piece, is read
 * before the store is asked. */
static enum imap_step next_message(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_literal *literal = &t->cmd->append.literal;

	m->now = t->cmd->append;
	m->open = false;
	if (literal->size == 0) {
		imap_no(t, NULL, "An empty message is not stored");
		return give_up(s);
	}
	if (!literal->nonsync || literal->size > IMAP_APPEND_PIECE) {
		m->open = open_message(s, t, &m->now);
		if (!m->open)
			return give_up(s);
	}
	return await_literal(s, t, out);
}

/* Lines of CATENATE up to a literal, or up to the end of the command; messages of other kinds may follow. */
static enum imap_step catenate(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_append *a = &t->cmd->append;
	struct imap_incoming *m = s->incoming;
	enum imap_parse_result result;
	const char *why = NULL;

	while (a->catenate) {
		if (!take_urls(s, t))
			return give_up(s);
		m->open = true;
		if (!a->whole)
			return await_literal(s, t, out);
		result = imap_parse_append_rest(t->cmd, &m->ended, &why);
		if (!goes_on(s, t, result, why))
			return give_up(s);
		if (m->ended)
			return commit(s, t, out);
	}
	return next_message(s, t, out);
}

/* The first call; must the store be asked before the client is read? */
static enum imap_step begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_append *a = &t->cmd->append;
	const struct imap_literal *literal = &a->literal;
	bool read_first = literal->size == 0 || (literal->nonsync && literal->size <= IMAP_APPEND_PIECE);

	if ((a->catenate || !read_first) && !s->may_block)
		return IMAP_STEP_WORKER;
	s->incoming = gw_xalloc(sizeof *s->incoming);
	s->incoming->announced = t->streams;
	s->incoming->whole = true;
	gw_buf_init(&s->incoming->piece, IMAP_APPEND_PIECE);
	if (a->annotations.n && !imap_may_annotate(s, t, &a->annotations))
		return give_up(s);
	if (!a->catenate)
		return next_message(s, t, out);
	if (imap_offers(s, "CATENATE"))
		return catenate(s, t, out);
	imap_bad(t, "CATENATE is not offered here");
	return give_up(s);
}

enum imap_step imap_run_append(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;

	if (t->state && !s->may_block)
		return IMAP_STEP_WORKER;
	if (t->state)
		return imap_replace_resume(s, t, out);
	if (!m)
		return begin(s, t, out);
	if (m->wants_value) {
		m->wants_value = false;
		imap_put_continue(out, "Ready for literal data");
		return imap_await(t, take_message);
	}
	if (m->bad_end)
		return give_up(s);
	if (!s->may_block)
		return IMAP_STEP_WORKER;
	if (!write_piece(s, t))
		return give_up(s);
	if (!m->whole)
		return imap_await(t, take_message);
	return m->ended ? commit(s, t, out) : catenate(s, t, out);
}
