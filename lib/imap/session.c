/* session.c - the IMAP session: bytes in, commands in a queue, answers out (RFC 3501)
 *
 * What the host calls: feed() gives input to the queue (queue.h), which is worked off at once as far as this thread may; run()
 * goes on where the host was told to, wake() when something happened.
 *
 * One command: feed() -> imap_framer_next(), imap_parse(), "a1 UID FETCH 1:* FLAGS" -> WORKER -> run() -> imap_work_on() ->
 * imap_run_fetch() until the output is full -> WORKER again when the client has read -> end -> news, tagged reply ->
 * next command or INPUT.
 *
 * A command that itself reads from the client (AUTHENTICATE, IDLE, APPEND) sets task->take; then input goes there
 * instead of to the framer, and nothing is read ahead behind it (ALONE). */
#include "imap/queue.h"

#include "config/config.h"
#include "imap/context.h"
#include "imap/notify.h"
#include "imap/put.h"
#include "imap/verbs.h"
#include "util/mem.h"

#include <stdlib.h>

/* The host calls. */
static size_t take_over(struct imap_session *s, const struct gw_out *out)
{
	gw_timing_on(&s->timing, &s->env);
	imap_trace_begin(s);
	return out->n;
}

/* What the host is told at last. before: output that is not from now. */
static enum gw_need hand_back(struct imap_session *s, enum gw_need need, const struct gw_out *out, size_t before)
{
	imap_trace_out(s, out, before);
	gw_timing_wait(&s->timing, &s->env, need, out, s->head != NULL, imap_store_us(s));
	if (need == GW_NEED_INPUT)
		imap_task_free_spare(s); /* who waits needs little */
	return need;
}

/* ---- what the host calls ---- */

static void *imap_open(const struct gw_env *env, struct gw_out *out)
{
	struct imap_session *s = gw_xalloc(sizeof *s);
	struct imap_framer_limits none = { 0 };
	size_t before = out->n;

	s->env = *env;
	s->asked = GW_NEED_INPUT;
	atomic_flag_clear(&s->guard);
	gw_set_init(&s->saved);
	imap_framer_init(&s->framer, &none);
	imap_set_limits(s);
	gw_out_lit(out, "* OK [");
	imap_put_capabilities(s, out, true);
	gw_out_lit(out, "] IMAP gateway ready");
	if (env->config->server_hostname_greeting && env->hostname)
		gw_out_printf(out, " on %s", env->hostname);
	gw_out_lit(out, "\r\n");
	if (env->info)
		env->info->state = GW_STATE_LOGIN;
	imap_trace_begin(s);
	imap_trace_out(s, out, before);
	return s;
}

/* The command at the head waits for the client: true when it can go on. */
static bool offer(struct imap_session *s, struct gw_slice *in)
{
	struct imap_task *t = s->head;

	if (t->take(s, t, in) == IMAP_TAKEN_MORE)
		return false;
	t->take = NULL;
	return true;
}

static enum gw_need feed(struct imap_session *s, struct gw_slice *in, struct gw_out *out)
{
	for (;;) {
		size_t before = in->n;
		bool waits = s->head && s->head->take;

		if (waits && !offer(s, in))
			return s->asked = GW_NEED_INPUT;
		if (!waits)
			imap_read_ahead(s, in);
		if (imap_work_on(s, GW_NEED_RUN, out) != GW_NEED_INPUT)
			return s->asked;
		if (in->n == 0 || (in->n == before && !waits))
			return s->asked;
	}
}

static enum gw_need imap_feed(void *session, struct gw_slice *in, struct gw_out *out)
{
	struct imap_session *s = session;
	size_t before = take_over(s, out);

	s->heard_ms = s->timing.mark_us / 1000;
	return hand_back(s, feed(s, in, out), out, before);
}

static enum gw_need imap_run(void *session, struct gw_out *out)
{
	struct imap_session *s = session;
	size_t before = take_over(s, out);

	return hand_back(s, imap_work_on(s, s->asked, out), out, before);
}

/* What was said before TLS counts no more (RFC 3501 6.2.1); the count of failures stays. */
static void start_anew(struct imap_session *s)
{
	imap_task_drop_all(s);
	gw_sasl_free(s->sasl);
	s->sasl = NULL;
	s->want_continue = false;
	imap_framer_done(&s->framer);
	imap_framer_init(&s->framer, &s->framer.limits);
	imap_set_limits(s);
}

static enum gw_need bye(struct imap_session *s, struct gw_out *out, const char *text)
{
	imap_bye(s, out, text);
	return s->asked = GW_NEED_CLOSE;
}

/* The mailbox may have changed. The bell also rings now and then without a cause. */
static void bell_rings(struct imap_session *s)
{
	if (s->view)
		s->view->dirty = true;
	if (imap_notify_wanted(s))
		s->notify->pending = true;
	else if (!s->view)
		return;
	if (s->idling) {
		s->want_news = true;
		s->head->take = NULL; /* runs, and waits again */
	} else if (!s->head && !imap_notify_wanted(s) && imap_silent_long(s)) {
		imap_view_rest(s->view);
	}
}

/* Nothing is half said or half done. IDLE is waiting for news, and can be done elsewhere. */
static bool at_rest(const struct imap_session *s)
{
	return (!s->head || s->idling) && !s->want_continue && imap_framer_idle(&s->framer);
}

static enum gw_need wake(struct imap_session *s, enum gw_wake what, struct gw_out *out)
{
	switch (what) {
	case GW_WAKE_TIMEOUT:
		return bye(s, out, "Connection closed because of timeout");
	case GW_WAKE_SHUTDOWN:
		return bye(s, out, "The service stops");
	case GW_WAKE_DRAIN:
		return at_rest(s) ? bye(s, out, "[UNAVAILABLE] This session ends for maintenance, connect again") : s->asked;
	case GW_WAKE_KICK:
		return bye(s, out, s->env.kick_reason && *s->env.kick_reason ? s->env.kick_reason : "Ended by an administrator");
	case GW_WAKE_GARBLED:
		return bye(s, out, "Compressed data was expected");
	case GW_WAKE_TLS:
		start_anew(s);
		break;
	case GW_WAKE_BELL:
		bell_rings(s);
		break;
	}
	return imap_work_on(s, GW_NEED_RUN, out);
}

static enum gw_need imap_wake(void *session, enum gw_wake what, struct gw_out *out)
{
	struct imap_session *s = session;
	size_t before = take_over(s, out);

	return hand_back(s, wake(s, what, out), out, before);
}

static unsigned imap_timeout_s(const void *session)
{
	const struct imap_session *s = session;

	return s->acct ? s->env.config->imap_timeout : s->env.config->login_timeout;
}

/* The first is the selected mailbox's; the others are those of NOTIFY. */
static const char *imap_bell(const void *session, unsigned which)
{
	const struct imap_session *s = session;
	struct gw_mbox_id id = { 0 };

	if (which == 0)
		return s->view ? gw_acct_bell(s->acct, s->view->id) : NULL;
	if (!s->notify || which > s->notify->n_spaces)
		return NULL;
	id.space = s->notify->space[which - 1];
	return s->view && s->view->id.space == id.space ? NULL : gw_acct_bell(s->acct, id);
}

static size_t view_memory(const struct imap_view *v)
{
	size_t n = sizeof *v + v->name.n + (v->recent.cap + v->untold.cap + v->own_gone.cap) * sizeof *v->recent.r;

	n += imap_contexts_memory(v->contexts);
	return n + (v->told ? sizeof *v->told + v->told->n * sizeof(struct gw_entry) : 0);
}

static size_t imap_memory(const void *session)
{
	const struct imap_session *s = session;
	size_t n = sizeof *s + s->framer.buf.cap + s->saved.cap * sizeof *s->saved.r;

	for (const struct imap_task *t = s->head; t; t = t->next)
		n += sizeof *t + t->arena.used;
	n += imap_notifier_memory(s->notify);
	return n + (s->view ? view_memory(s->view) : 0) + (s->incoming ? imap_incoming_memory(s->incoming) : 0);
}

static void lock(struct imap_session *s)
{
	while (atomic_flag_test_and_set_explicit(&s->guard, memory_order_acquire))
		;
}

static void unlock(struct imap_session *s)
{
	atomic_flag_clear_explicit(&s->guard, memory_order_release);
}

static void imap_interrupt(void *session)
{
	struct imap_session *s = session;

	lock(s);
	if (s->acct)
		gw_acct_interrupt(s->acct);
	unlock(s);
}

static void imap_close(void *session)
{
	struct imap_session *s = session;
	struct gw_acct *acct = s->acct;

	imap_task_drop_all(s);
	imap_task_free_spare(s);
	imap_trace_free(s);
	imap_incoming_free(s->incoming);
	imap_view_free(s->view);
	imap_notifier_free(s->notify);
	gw_set_done(&s->saved);
	gw_sasl_free(s->sasl);
	imap_framer_done(&s->framer);
	imap_set_account(s, NULL); /* from here on nobody interrupts it */
	gw_acct_close(acct);
	free(s);
}

/* ---- for the commands ---- */

enum imap_step imap_await(struct imap_task *t, imap_take_fn *take)
{
	t->take = take;
	return IMAP_STEP_INPUT;
}

void imap_set_account(struct imap_session *s, struct gw_acct *acct)
{
	lock(s);
	s->acct = acct;
	unlock(s);
}

uint64_t imap_append_max(const struct imap_session *s)
{
	uint64_t ours = s->env.config->imap_max_messagesize, theirs = s->acct ? gw_acct_append_max(s->acct) : 0;

	return theirs && theirs < ours ? theirs : ours;
}

void imap_set_limits(struct imap_session *s)
{
	const struct gw_config *cfg = s->env.config;

	if (s->acct)
		s->framer.limits = imap_framer_limits(true, cfg->max_line, cfg->max_literal, imap_append_max(s));
	else
		s->framer.limits = imap_framer_limits(false, cfg->max_line_prelogin, cfg->max_literal_prelogin, 0);
	s->framer.limits.nonsync = imap_offers(s, "LITERAL+")   ? IMAP_NONSYNC_PLUS
				   : imap_offers(s, "LITERAL-") ? IMAP_NONSYNC_MINUS
								: IMAP_NONSYNC_NO;
}

const struct gw_proto gw_imap_proto = {
	.name = "imap",
	.alpn = "imap",
	.verb_name = imap_verb_name,
	.open = imap_open,
	.feed = imap_feed,
	.run = imap_run,
	.wake = imap_wake,
	.timeout_s = imap_timeout_s,
	.bell = imap_bell,
	.memory = imap_memory,
	.interrupt = imap_interrupt,
	.close = imap_close,
};
