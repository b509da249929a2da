/* work.c - the queue is worked off (see queue.h)
 *
 * A task goes through four phases: is it allowed, run it, tell what else happened in the mailbox, send its tagged reply. Where
 * the thread it is on may not do what comes next, the host is told which one may, and the work goes on there exactly where it
 * stopped. */
#include "imap/queue.h"

#include "config/config.h"
#include "imap/notify.h"
#include "imap/put.h"
#include "imap/search.h"
#include "imap/verbs.h"
#include "session/foreign.h"

#include <string.h>

#define REST_AFTER_MS 20000 /* a client that says nothing for so long polls, and hardly needs its list soon */

bool imap_silent_long(const struct imap_session *s)
{
	return gw_mono_ms(s->env.clock) - s->heard_ms > REST_AFTER_MS;
}

/* ---- running a task ---- */

/* What work() does after a phase. */
enum next { NEXT_PHASE, NEXT_TASK, NEXT_WAIT };

static enum next ask(struct imap_session *s, enum gw_need need)
{
	s->asked = need;
	return NEXT_WAIT;
}

/* Call again, here or somewhere like it, when the client has read. */
static enum next ask_again(struct imap_session *s)
{
	return ask(s, s->may_burn ? GW_NEED_AUTH : s->may_block ? GW_NEED_WORKER : GW_NEED_RUN);
}

static unsigned state_of(const struct imap_session *s)
{
	return s->view ? IMAP_ST_SELECTED : s->acct ? IMAP_ST_AUTHED : IMAP_ST_LOGIN;
}

static const char *why_not_now(const struct imap_session *s, const struct imap_verb *v)
{
	if (v->states == IMAP_ST_LOGIN)
		return "You are logged in already";
	return s->acct ? "Select a mailbox first" : "Log in first";
}

/* Does what the command means depend on message numbers? numbers: IMAP_SEQNUMS and IMAP_NUMBERS as they count now. */
static bool by_numbers(const struct imap_task *t, unsigned numbers)
{
	if (!t->verb || !(t->verb->effects & numbers))
		return false;
	return !t->cmd->uid || (t->verb->effects & IMAP_SEARCHES && search_has_numbers(&t->cmd->search));
}

/* Is it too early for a command that may have UTF-8 in it, or in its answer (RFC 6855 section 6)? */
static bool needs_utf8(const struct imap_session *s, const struct imap_verb *v)
{
	if (s->modes & IMAP_MODE_UTF8 || v->states & IMAP_ST_LOGIN || v->effects & IMAP_ASCII)
		return false;
	return imap_offers(s, "UTF8=ONLY");
}

static enum next start(struct imap_session *s, struct imap_task *t)
{
	const struct imap_verb *v = t->verb;

	if (v->capability && !imap_offers(s, v->capability)) {
		imap_reply_now(t, IMAP_BAD, NULL, "This command is not offered here");
	} else if (!(v->states & state_of(s))) {
		imap_reply_now(t, IMAP_BAD, NULL, why_not_now(s, v));
	} else if (needs_utf8(s, v)) {
		imap_reply_now(t, IMAP_NO, "CANNOT", "This server needs ENABLE UTF8=ACCEPT first");
	} else if (s->modes & IMAP_MODE_UIDONLY && by_numbers(t, IMAP_SEQNUMS | IMAP_NUMBERS)) {
		imap_reply_now(t, IMAP_BAD, "UIDREQUIRED", "Message numbers were given up with ENABLE UIDONLY");
	} else {
		t->phase = IMAP_PHASE_RUN;
		gw_timing_show(&s->timing, &s->env, v->syntax.name);
	}
	if (t->streams && t->phase == IMAP_PHASE_REPLY)
		imap_drop_stream(s);
	return NEXT_PHASE;
}

static enum next run(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	if (t->verb->effects & IMAP_STORE && !s->may_block)
		return ask(s, GW_NEED_WORKER);
	switch (t->verb->run(s, t, out)) {
	case IMAP_STEP_DONE:
		t->phase = IMAP_PHASE_NEWS;
		return NEXT_PHASE;
	case IMAP_STEP_MORE:
		return ask_again(s);
	case IMAP_STEP_WORKER:
		return ask(s, GW_NEED_WORKER);
	case IMAP_STEP_AUTH:
		return ask(s, GW_NEED_AUTH);
	case IMAP_STEP_INPUT:
		break;
	}
	return ask(s, GW_NEED_INPUT);
}

/* EXPUNGE may not be told while message numbers are in use: by this command or by one that was sent already (RFC 3501
 * 7.4.1, 5.5). */
static bool may_expunge(const struct imap_session *s)
{
	for (const struct imap_task *t = s->head; t; t = t->next) {
		unsigned numbers = t == s->head ? IMAP_SEQNUMS : IMAP_SEQNUMS | IMAP_NUMBERS;

		if (by_numbers(t, numbers))
			return false;
	}
	return true;
}

static bool wants_news(const struct imap_session *s, const struct imap_task *t)
{
	if (!s->view || s->closing || !t->verb)
		return false;
	if (s->view->sync || imap_notify_busy(s))
		return true;
	if (t->asked_news || (!imap_notify_of_selected(s) && !imap_view_owes_own(s->view)))
		return false;
	return !imap_view_fresh(s) || (s->view->owes && may_expunge(s));
}

static enum next news(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };

	if (!wants_news(s, t)) {
		t->phase = IMAP_PHASE_REPLY;
		return NEXT_PHASE;
	}
	if (!s->may_block)
		return ask(s, GW_NEED_WORKER);
	t->asked_news = true;
	switch (imap_notify_selected(s, may_expunge(s), out, &err)) {
	case IMAP_SYNC_MORE:
		return ask_again(s);
	case IMAP_SYNC_FAILED:
		if (err.code == GW_ENOENT)
			imap_bye(s, out, "The selected mailbox was deleted");
		else if (t->verb->effects & IMAP_TELLS)
			imap_fail(s, t, err.code, &err);
		else if (err.code == GW_EAUTH) /* what the command did is done */
			imap_expire(s);
		break;
	case IMAP_SYNC_DONE:
		break;
	}
	t->phase = IMAP_PHASE_REPLY;
	return NEXT_PHASE;
}

/* Is what this code tells not the client's doing? Numbers of messages that others removed stay until the client may be told. */
static bool is_ours(const char *code)
{
	return code && (strcmp(code, "UNAVAILABLE") == 0 || strcmp(code, "EXPUNGEISSUED") == 0);
}

/* Commands that fail in a row end the session at last: imap_max_fail_commands. */
static void count_failures(struct imap_session *s, const struct imap_task *t)
{
	unsigned max = s->env.config->imap_max_fail_commands;

	if (t->status == IMAP_OK) {
		s->failures = 0;
		return;
	}
	if (t->status == IMAP_NO && is_ours(t->code))
		return;
	if (s->env.info)
		s->env.info->bad_commands++;
	s->failures++;
	if (!s->acct && t->status == IMAP_BAD)
		s->syntax_errors++;
	if (s->farewell || s->closing)
		return;
	if (max && s->failures >= max) {
		gw_env_event(&s->env, GW_EV_TOO_MANY_ERRORS, GW_NUM("failed_commands", s->failures),
			     GW_STR("reply", t->text));
		s->farewell = "Too many commands that failed";
	} else if (s->syntax_errors >= IMAP_BAD_LOGIN) {
		s->farewell = "Too many bad commands";
	}
}

uint64_t imap_store_us(const struct imap_session *s)
{
	return s->store_us + (s->acct ? gw_acct_store_us(s->acct) : 0);
}

static void tell_finished(struct imap_session *s, const struct imap_task *t)
{
	unsigned row = t->verb ? (unsigned)(t->verb - imap_verbs) : IMAP_VERBS - 1;

	gw_timing_finish(&s->timing, &s->env, row,
			 t->status == IMAP_OK ? GW_RESULT_OK : t->status == IMAP_NO ? GW_RESULT_NO : GW_RESULT_BAD,
			 imap_store_us(s));
}

/* What was found may lack messages whose removal could not be told: the client learns that there is something to ask for
 * (RFC 5530 3, RFC 2180 4.3). */
static bool finds_without_gone(const struct imap_session *s, const struct imap_task *t)
{
	return t->verb && t->verb->effects & IMAP_SEARCHES && t->status == IMAP_OK && !t->code && !t->cut &&
	       s->view && s->view->owes && by_numbers(t, IMAP_SEQNUMS);
}

/* Such a client is not told more than that: nothing of what it sent is read, nothing of it comes back. */
static void cut_off(struct imap_session *s, const struct imap_task *t, struct gw_out *out)
{
	gw_env_event(&s->env, GW_EV_FOREIGN, GW_STR("detail", t->foreign->protocol));
	imap_bye(s, out, t->text);
}

static enum next reply(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	enum gw_need need = t->then;

	if (finds_without_gone(s, t))
		t->code = "EXPUNGEISSUED";
	if (t->foreign)
		cut_off(s, t, out);
	else
		imap_put_reply(s, t, out);
	count_failures(s, t);
	tell_finished(s, t);
	gw_timing_show(&s->timing, &s->env, "");
	if (s->env.info)
		s->env.info->commands++;
	imap_task_drop(s);
	if (s->farewell)
		imap_bye(s, out, s->farewell);
	return need == GW_NEED_INPUT || s->closing ? NEXT_TASK : ask(s, need);
}

/* What the client wants to hear without asking. Between two commands numbers are in use when it says so (RFC 5465 6.1.2). */
static enum next notify(struct imap_session *s, struct gw_out *out)
{
	struct gw_err err = { 0 };

	if (!s->may_block)
		return ask(s, GW_NEED_WORKER);
	switch (imap_notify_all(s, !s->notify->wish.delayed, out, &err)) {
	case IMAP_SYNC_MORE:
		return ask_again(s);
	case IMAP_SYNC_FAILED:
		if (err.code == GW_ENOENT)
			imap_bye(s, out, "The selected mailbox was deleted");
		else if (err.code == GW_EAUTH)
			imap_expire(s);
		break;
	case IMAP_SYNC_DONE:
		break;
	}
	imap_task_drop(s);
	if (s->farewell)
		imap_bye(s, out, s->farewell);
	else if (s->view && imap_silent_long(s))
		imap_view_rest(s->view);
	return NEXT_TASK;
}

static enum next advance(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	switch (t->phase) {
	case IMAP_PHASE_START:
		return start(s, t);
	case IMAP_PHASE_RUN:
		return run(s, t, out);
	case IMAP_PHASE_NEWS:
		return news(s, t, out);
	case IMAP_PHASE_NOTIFY:
		return notify(s, out);
	case IMAP_PHASE_REPLY:
		break;
	}
	return reply(s, t, out);
}

/* Run the queue as far as this thread may. */
static enum gw_need work(struct imap_session *s, struct gw_out *out)
{
	enum next next = NEXT_TASK;

	while (next != NEXT_WAIT) {
		struct imap_task *t = s->head;

		if (next == NEXT_TASK && s->closing) {
			ask(s, GW_NEED_CLOSE);
			break;
		}
		if (!t && s->notify && s->notify->pending) {
			t = imap_task_add(s);
			t->phase = IMAP_PHASE_NOTIFY;
		}
		if (!t || t->take) {
			if (!t && s->want_continue)
				imap_put_continue(out, "Ready for literal data");
			s->want_continue = s->want_continue && t;
			ask(s, GW_NEED_INPUT);
			break;
		}
		next = gw_out_full(out) ? ask_again(s) : advance(s, t, out);
	}
	return s->asked;
}

enum gw_need imap_work_on(struct imap_session *s, enum gw_need where, struct gw_out *out)
{
	s->may_burn = where == GW_NEED_AUTH;
	s->may_block = s->may_burn || where == GW_NEED_WORKER;
	return work(s, out);
}
