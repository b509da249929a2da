/* cmd_append.c - APPEND (RFC 3501 6.3.11; RFC 3502 MULTIAPPEND; RFC 4315 3; RFC 7889; RFC 7888), REPLACE (RFC 8508)
 *
 * A message goes from the client to the store in pieces of 256 KiB: take_message() collects one on the loop, the worker
 * writes it. A client that waits for "+" gets it only when the mailbox is there and the store is ready. One that does not
 * wait, with a message of one piece, costs a single walk to a worker: the message is read first, and then everything is
 * done at once. Nothing is visible before all messages of the command are whole and its line has ended; then they are all
 * there, or none is. What REPLACE has besides is in cmd_replace.c. */
#include "imap/append.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/notify.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "util/mem.h"

#include <stdlib.h>

#define AHEAD_MAX 64u      /* messages that lie in a piece together */
#define MESSAGES_MAX 1000u /* of one command */
#define LARGE_MAX 32u      /* of them over a piece: the store keeps a file open for each */

/* A message that came in whole, together with others. */
struct waiting {
	struct imap_append what;
	size_t n;   /* octets of the piece */
	bool open;  /* the store has its beginning */
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
	struct gw_buf piece;      /* what the store does not have yet: the messages of ahead, then of this one */
	struct waiting *ahead;
	size_t n_ahead;
	size_t ahead_octets;      /* of the piece */
	uint64_t left;            /* octets still to come */
	bool whole;               /* what stands behind the message was read */
	bool ended;               /* and it was the end of the command */
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

/* The command has failed and its reply is set; what is still to come of it is not for anybody. client_waits: for the
 * answer to its synchronising literal. */
static enum imap_step give_up(struct imap_session *s, const struct imap_task *t, bool client_waits)
{
	const struct imap_literal *announced = &t->cmd->append.literal;
	struct imap_incoming *m = s->incoming;

	if (m->whole && !m->ended) /* another message was announced */
		client_waits = !announced->nonsync;
	if (client_waits)
		imap_framer_reset(&s->framer);
	else if (!m->ended)
		imap_framer_swallow(&s->framer, m->whole ? announced->size : m->left);
	forget(s);
	return IMAP_STEP_DONE;
}

/* ---- from the client ---- */

static void refuse_rest(struct imap_session *s, enum imap_frame frame)
{
	struct imap_literal literal = s->framer.literal;

	s->incoming->bad_end = true;
	if (frame == IMAP_FRAME_STREAM && literal.nonsync)
		imap_framer_swallow(&s->framer, literal.size);
	else if (frame == IMAP_FRAME_STREAM)
		imap_framer_reset(&s->framer);
}

/* What stands behind the message: nothing, or another one. */
static void take_end(struct imap_session *s, struct imap_task *t, enum imap_frame frame, struct gw_slice line)
{
	const struct imap_refusal *r = &s->framer.refusal;
	struct imap_incoming *m = s->incoming;
	const char *why = NULL;

	m->whole = true;
	if (frame == IMAP_FRAME_REFUSE) {
		m->bad_end = true;
		imap_refuse(t, r);
		if (r->fatal)
			s->farewell = "The connection cannot be followed any further";
	} else if (imap_parse_append_more(line, t->cmd, &m->ended, &why) != IMAP_PARSE_OK ||
		   (frame == IMAP_FRAME_STREAM) == m->ended) {
		imap_bad(t, why ? why : "Something stands behind the message");
		refuse_rest(s, frame);
	} else if (!m->ended && !imap_offers(s, "MULTIAPPEND")) {
		imap_bad(t, "Only one message at a time");
		refuse_rest(s, frame);
	}
}

/* The message is whole, and the next one is announced by a client that does not wait: if it fits into the piece as well,
 * they go to the store together. */
static bool read_on(struct imap_session *s, const struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_literal *next = &t->cmd->append.literal;

	if (m->bad_end || m->ended || !next->nonsync || next->size == 0 || m->n_ahead == AHEAD_MAX ||
	    next->size > IMAP_APPEND_PIECE - m->piece.n)
		return false;
	if (!m->ahead)
		m->ahead = gw_xcalloc(AHEAD_MAX, sizeof *m->ahead);
	m->ahead[m->n_ahead++] = (struct waiting){ m->now, m->piece.n - m->ahead_octets, m->open };
	m->ahead_octets = m->piece.n;
	m->now = t->cmd->append;
	m->left = next->size;
	m->whole = m->open = false;
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
		if (frame == IMAP_FRAME_CONTINUE) { /* a literal where nothing may stand */
			imap_framer_reset(&s->framer);
			line = GW_S("{");
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

/* One command may not fill the memory with messages, nor the table of open files. */
static bool too_much(const struct imap_session *s, struct imap_incoming *m, uint64_t size)
{
	if (size > IMAP_APPEND_PIECE)
		m->large++;
	else
		m->small_octets += size;
	return m->n >= MESSAGES_MAX || m->large > LARGE_MAX ||
	       (m->n && m->small_octets > s->env.config->max_session_memory);
}

/* Make the store ready for a message; false: the reply is set. */
static bool open_message(struct imap_session *s, struct imap_task *t, const struct imap_append *a)
{
	struct imap_incoming *m = s->incoming;
	struct gw_err err = { 0 };
	int rc;

	if (!find_mailbox(s, t))
		return false;
	if (a->utf8 && !imap_utf8(s)) {
		imap_no(t, "CANNOT", "UTF8 was not enabled");
		return false;
	}
	if (too_much(s, m, a->literal.size)) {
		imap_no(t, "LIMIT", "That is too much for one command");
		return false;
	}
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 1;
		m->v = gw_xrealloc(m->v, m->cap, sizeof(struct gw_append *));
	}
	rc = gw_append_open(s->acct, a->literal.size, &m->v[m->n], &err);
	if (rc == GW_ELIMIT) { /* the storage server takes less than we do (RFC 7889 4) */
		imap_no(t, "TOOBIG", "The message is too big");
		return false;
	}
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return false;
	}
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
	if (a->literal.binary && memchr(octets.p, '\0', octets.n)) { /* BODY[] could not show them (RFC 3516 4.4) */
		imap_no(t, "UNKNOWN-CTE", "Messages with NUL in them are not stored");
		return false;
	}
	rc = gw_append_write(m->v[m->n - 1], octets, &err);
	if (rc < 0)
		imap_fail(s, t, rc, &err);
	return rc == 0;
}

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

	if (replaces(t))
		rc = replace(s, m, &done, &err);
	else
		rc = gw_append_commit(s->acct, m->mailbox, m->v, m->n, &done, &err);
	if (rc == GW_ENOENT) { /* deleted while the message came in */
		imap_no(t, "TRYCREATE", "There is no such mailbox");
	} else if (rc < 0) {
		imap_fail(s, t, rc, &err);
	} else {
		if (done.near_quota)
			imap_warn_quota(s, out);
		imap_notify_own_messages(s, m->mailbox, done.uid_first, (uint32_t)m->n);
		code = uid_code(t, &done, m->n);
		imap_ok_code(t, code, "APPEND completed");
		if (s->env.info)
			s->env.info->appended += (uint32_t)m->n;
		if (s->view && s->view->id.space == m->mailbox.space && s->view->id.id == m->mailbox.id)
			s->view->dirty = true;
	}
	forget(s);
	return rc == 0 && replaces(t) ? imap_replace_tell(s, t, code, out) : IMAP_STEP_DONE;
}

/* A message is announced: let the client send it. A client that does not wait, with a message of one piece, is read
 * before the store is asked. */
static enum imap_step next_message(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_literal *literal = &t->cmd->append.literal;

	m->now = t->cmd->append;
	m->left = literal->size;
	m->whole = m->open = false;
	if (literal->size == 0) {
		imap_no(t, NULL, "An empty message is not stored");
		return give_up(s, t, !literal->nonsync);
	}
	if (!literal->nonsync || literal->size > IMAP_APPEND_PIECE) {
		m->open = open_message(s, t, &m->now);
		if (!m->open)
			return give_up(s, t, !literal->nonsync);
		if (!literal->nonsync)
			imap_put_continue(out, "Ready for literal data");
	}
	return imap_await(t, take_message);
}

/* The first call; must the store be asked before the client is read? */
static enum imap_step begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_literal *literal = &t->cmd->append.literal;
	bool read_first = literal->size == 0 || (literal->nonsync && literal->size <= IMAP_APPEND_PIECE);

	if (!read_first && !s->may_block)
		return IMAP_STEP_WORKER;
	s->incoming = gw_xalloc(sizeof *s->incoming);
	gw_buf_init(&s->incoming->piece, IMAP_APPEND_PIECE);
	return next_message(s, t, out);
}

enum imap_step imap_run_append(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;

	if (t->state)
		return imap_replace_resume(s, t, out);
	if (!m)
		return begin(s, t, out);
	if (m->bad_end) {
		forget(s);
		return IMAP_STEP_DONE;
	}
	if (!s->may_block)
		return IMAP_STEP_WORKER;
	if (!write_piece(s, t))
		return give_up(s, t, false);
	if (!m->whole)
		return imap_await(t, take_message);
	return m->ended ? commit(s, t, out) : next_message(s, t, out);
}
