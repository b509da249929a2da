/* cmd_idle.c - IDLE (RFC 2177)
 *
 * While the client waits, the command waits for two things: a line from the client, and the bell of the mailbox, which
 * makes it run again to tell the news. In between the session owns nothing but itself. */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/notify.h"
#include "imap/put.h"

#define DONE_MAX 1024u /* octets of the line that ends it */

enum idle_end { IDLE_ON, IDLE_DONE, IDLE_BROKEN };

static enum imap_taken take_done(struct imap_session *s, struct imap_task *t, struct gw_slice *in)
{
	enum idle_end *end = t->state;
	enum imap_frame frame;
	struct gw_slice line;

	do {
		frame = imap_framer_line(&s->framer, DONE_MAX, in, &line);
		if (frame == IMAP_FRAME_MORE)
			return IMAP_TAKEN_MORE;
		*end = frame == IMAP_FRAME_COMMAND && gw_slice_eqi(line, GW_S("DONE")) ? IDLE_DONE : IDLE_BROKEN;
	} while (*end == IDLE_BROKEN && s->env.config->imap_ignore_command_idle);
	return IMAP_TAKEN_RUN;
}

static void begin(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	enum idle_end *end = gw_arena_alloc(&t->arena, sizeof *end);

	*end = IDLE_ON;
	t->state = end;
	s->idling = true;
	s->want_news = !imap_view_fresh(s) || (s->view && s->view->owes);
	if (s->view)
		gw_acct_watch(s->acct, s->view->id, true);
	imap_put_continue(out, "waiting for notifications");
	if (s->env.info)
		s->env.info->state = GW_STATE_IDLE;
}

static void end(struct imap_session *s)
{
	s->idling = false;
	if (s->view && !imap_notify_wanted(s))
		gw_acct_watch(s->acct, s->view->id, false);
	if (s->env.info)
		s->env.info->state = s->view ? GW_STATE_SELECTED : GW_STATE_AUTHED;
}

/* Tell the news; true: that is done (or cannot be done now, and the next bell tries again). */
static bool tell(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };

	s->want_news = false;
	switch (s->notify ? imap_notify_all(s, true, out, &err) : imap_view_sync(s, true, NULL, out, &err)) {
	case IMAP_SYNC_MORE:
		return false;
	case IMAP_SYNC_FAILED:
		if (err.code == GW_ENOENT)
			s->farewell = "The selected mailbox was deleted";
		if (err.code == GW_EAUTH)
			imap_fail(s, t, err.code, &err);
		else
			imap_no(t, "NONEXISTENT", "The mailbox is gone");
		break;
	case IMAP_SYNC_DONE:
		break;
	}
	return true;
}

/* Is there something to tell, or half told? */
static bool untold(const struct imap_session *s)
{
	if (imap_notify_busy(s))
		return true;
	return s->view ? s->want_news || s->view->sync : s->want_news && imap_notify_wanted(s);
}

enum imap_step imap_run_idle(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	enum idle_end *how;

	if (!t->state)
		begin(s, t, out);
	how = t->state;
	if (*how == IDLE_ON && untold(s)) {
		if (!s->may_block)
			return IMAP_STEP_WORKER;
		if (!tell(s, t, out))
			return IMAP_STEP_MORE;
	}
	if (s->farewell) { /* tell() has set the reply */
		end(s);
		return IMAP_STEP_DONE;
	}
	if (*how == IDLE_ON) {
		if (s->view)
			imap_view_rest(s->view);
		return imap_await(t, take_done);
	}
	end(s);
	return *how == IDLE_DONE ? imap_ok(t, "IDLE completed") : imap_bad(t, "IDLE ends with DONE");
}
