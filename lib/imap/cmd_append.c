/* cmd_append.c - APPEND (RFC 3501 6.3.11; RFC 4315 3; RFC 7889; RFC 7888)
 *
 * A message goes from the client to the store in pieces of 256 KiB: take_message() collects one on the loop, the worker
 * writes it. A client that waits for "+" gets it only when the mailbox is there and the store is ready. One that does not
 * wait, with a message of one piece, costs a single walk to a worker: the message is read first, and then everything is
 * done at once. Nothing is visible before the message is whole and its line has ended. */
#include "imap/session.h"

#include "imap/commands.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "util/mem.h"

#include <stdlib.h>

struct imap_incoming {
	struct gw_mbox_id mailbox;
	struct gw_append *append; /* NULL until the store is ready for it */
	struct gw_buf piece;      /* what the store does not have yet */
	uint64_t left;            /* octets still to come */
	bool ended;               /* the end of the command was read */
	bool bad_end;             /* and was not what it should be: the reply is set */
};

void imap_incoming_free(struct imap_incoming *m)
{
	if (!m)
		return;
	gw_append_close(m->append);
	gw_buf_done(&m->piece);
	free(m);
}

static void forget(struct imap_session *s)
{
	imap_incoming_free(s->incoming);
	s->incoming = NULL;
}

/* The command has failed and its reply is set; what is still to come of it is not for anybody. */
static enum imap_step give_up(struct imap_session *s, bool client_waits)
{
	struct imap_incoming *m = s->incoming;

	if (client_waits)
		imap_framer_reset(&s->framer);
	else if (!m->ended)
		imap_framer_swallow(&s->framer, m->left);
	forget(s);
	return IMAP_STEP_DONE;
}

/* ---- from the client ---- */

/* What stands behind the message: nothing. */
static void take_end(struct imap_session *s, struct imap_task *t, enum imap_frame frame, struct gw_slice line)
{
	struct imap_incoming *m = s->incoming;
	const char *why = NULL;
	bool end = false;

	m->ended = true;
	if (frame == IMAP_FRAME_REFUSE) {
		const struct imap_refusal *r = &s->framer.refusal;

		m->bad_end = true;
		if (r->no)
			imap_no(t, r->code, r->text);
		else
			imap_bad(t, r->text);
		if (r->fatal)
			s->farewell = "The connection cannot be followed any further";
	} else if (imap_parse_append_more(line, t->cmd, &end, &why) != IMAP_PARSE_OK || !end) {
		struct imap_literal literal = s->framer.literal;

		m->bad_end = true;
		imap_bad(t, why ? why : "Only one message at a time");
		if (frame == IMAP_FRAME_STREAM && literal.nonsync)
			imap_framer_swallow(&s->framer, literal.size);
		else if (frame == IMAP_FRAME_STREAM)
			imap_framer_reset(&s->framer);
	}
}

static enum imap_taken take_message(struct imap_session *s, struct imap_task *t, struct gw_slice *in)
{
	struct imap_incoming *m = s->incoming;
	size_t room = IMAP_APPEND_PIECE - m->piece.n, n = in->n;
	enum imap_frame frame;
	struct gw_slice line;

	if (n > m->left)
		n = (size_t)m->left;
	if (n > room)
		n = room;
	gw_buf_add_slice(&m->piece, gw_slice_take(in, n));
	m->left -= n;
	if (m->left)
		return m->piece.n == IMAP_APPEND_PIECE ? IMAP_TAKEN_RUN : IMAP_TAKEN_MORE;
	frame = imap_framer_next(&s->framer, in, &line);
	if (frame == IMAP_FRAME_MORE)
		return IMAP_TAKEN_MORE;
	if (frame == IMAP_FRAME_CONTINUE) { /* a literal where nothing may stand */
		imap_framer_reset(&s->framer);
		line = GW_S("{");
	}
	take_end(s, t, frame, line);
	return IMAP_TAKEN_RUN;
}

/* ---- to the store ---- */

/* Find the mailbox and make the store ready; false: the reply is set. */
static bool make_ready(struct imap_session *s, struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	const struct imap_append *a = &t->cmd->append;
	struct gw_err err = { 0 };
	struct gw_mailbox mb;
	int rc;

	if (m->append)
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
	rc = gw_append_open(s->acct, a->literal.size, &m->append, &err);
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return false;
	}
	gw_append_set(m->append, a->flags.system, a->flags.keywords, a->flags.n_keywords, a->date);
	return true;
}

static enum imap_step commit(struct imap_session *s, struct imap_task *t)
{
	struct imap_incoming *m = s->incoming;
	struct gw_append *append = m->append;
	struct gw_appended done;
	struct gw_err err = { 0 };
	int rc = gw_append_commit(s->acct, m->mailbox, &append, 1, &done, &err);

	if (rc == GW_ENOENT) { /* deleted while the message came in */
		imap_no(t, "TRYCREATE", "There is no such mailbox");
	} else if (rc < 0) {
		imap_fail(s, t, rc, &err);
	} else {
		imap_ok_code(t, gw_arena_printf(&t->arena, "APPENDUID %u %u", done.uidvalidity, done.uid_first),
			"APPEND completed");
		if (s->env.info)
			s->env.info->appended++;
		if (s->view && s->view->id.space == m->mailbox.space && s->view->id.id == m->mailbox.id)
			s->view->dirty = true;
	}
	forget(s);
	return IMAP_STEP_DONE;
}

/* The first call. A client that does not wait, with a message of one piece, is read first. */
static enum imap_step begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	const struct imap_literal *literal = &t->cmd->append.literal;
	bool read_first = literal->size == 0 || (literal->nonsync && literal->size <= IMAP_APPEND_PIECE);
	struct imap_incoming *m;

	if (!read_first && !s->may_block)
		return IMAP_STEP_WORKER;
	s->incoming = m = gw_xalloc(sizeof *m);
	m->left = literal->size;
	gw_buf_init(&m->piece, IMAP_APPEND_PIECE);
	if (literal->size == 0) {
		imap_no(t, NULL, "An empty message is not stored");
		return give_up(s, !literal->nonsync);
	}
	if (!read_first) {
		if (!make_ready(s, t))
			return give_up(s, !literal->nonsync);
		if (!literal->nonsync)
			imap_put_continue(out, "Ready for literal data");
	}
	return imap_await(t, take_message);
}

enum imap_step imap_run_append(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct imap_incoming *m = s->incoming;
	struct gw_err err = { 0 };
	int rc;

	if (!m)
		return begin(s, t, out);
	if (m->bad_end) {
		forget(s);
		return IMAP_STEP_DONE;
	}
	if (!s->may_block)
		return IMAP_STEP_WORKER;
	if (!make_ready(s, t))
		return give_up(s, false);
	rc = gw_append_write(m->append, gw_buf_slice(&m->piece), &err);
	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return give_up(s, false);
	}
	m->piece.n = 0;
	return m->ended ? commit(s, t) : imap_await(t, take_message);
}
