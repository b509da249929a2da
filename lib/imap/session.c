/* session.c - the IMAP session: bytes in, commands in a queue, answers out (RFC 3501)
 *
 * feed() cuts the input into commands and puts up to four of them in a queue; work() runs the queue in order. A task goes
 * through four phases: is it allowed, run it, tell what else happened in the mailbox, send its tagged reply. Where the
 * thread it is on may not do what comes next, the host is told which one may (session/session.h), and work() goes on
 * there exactly where it stopped.
 *
 * One command: feed() -> imap_framer_next(), imap_parse(), "a1 UID FETCH 1:* FLAGS" -> WORKER -> run() -> work() ->
 * imap_run_fetch() until the output is full -> WORKER again when the client has read -> end -> news, tagged reply ->
 * next command or INPUT.
 *
 * A command that itself reads from the client (AUTHENTICATE, IDLE, APPEND) sets task->take; then input goes there
 * instead of to the framer, and nothing is read ahead behind it (ALONE). */
#include "imap/session.h"

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/context.h"
#include "imap/notify.h"
#include "imap/parse.h"
#include "imap/put.h"
#include "imap/verbs.h"
#include "session/foreign.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

#define REST_AFTER_MS 20000 /* a client that says nothing for so long polls, and hardly needs its list soon */
#define TASK_BLOCK 512u /* bytes of the first block of a task's arena: an ordinary command */

/* ---- tasks ---- */

/* What the commands that wait leave of max_session_memory. */
static size_t memory_left(const struct imap_session *s)
{
	uint64_t left = s->env.config->max_session_memory;

	for (const struct imap_task *t = s->head; t; t = t->next)
		left -= t->arena.used < left ? t->arena.used : left;
	return left ? (size_t)left : 1;
}

/* Clients that send many commands at once have them run in the memory of one. */
static struct imap_task *task_new(struct imap_session *s)
{
	struct imap_task *t = s->spare;

	if (t) {
		s->spare = t->next;
		*t = (struct imap_task){ .arena = t->arena };
	} else {
		t = gw_xalloc(sizeof *t);
		gw_arena_init(&t->arena, TASK_BLOCK, 0);
	}
	t->arena.max = memory_left(s);
	return t;
}

static struct imap_task *task_add(struct imap_session *s)
{
	struct imap_task *t = task_new(s);

	t->phase = IMAP_PHASE_START;
	if (s->tail)
		s->tail->next = t;
	else
		s->head = t;
	s->tail = t;
	s->queued++;
	return t;
}

static void spare_free(struct imap_session *s)
{
	while (s->spare) {
		struct imap_task *t = s->spare;

		s->spare = t->next;
		gw_arena_done(&t->arena);
		free(t);
	}
}

static void task_drop(struct imap_session *s)
{
	struct imap_task *t = s->head;

	s->head = t->next;
	if (!s->head)
		s->tail = NULL;
	if (--s->queued == 0)
		s->alone = false;
	if (!t->verb || t->verb->effects & IMAP_SECRET) /* what was not understood may be a LOGIN with a typing error */
		gw_arena_wipe(&t->arena);
	gw_arena_reset(&t->arena);
	t->next = s->spare;
	s->spare = t;
}

static void drop_all(struct imap_session *s)
{
	while (s->head)
		task_drop(s);
}

static void trace_command(const struct imap_session *s, const struct imap_task *t, struct gw_slice line)
{
	char text[512];
	struct gw_slice verb = t->verb ? gw_slice_str(t->verb->syntax.name) : GW_S("?");
	struct gw_slice tag = t->verb ? t->tag : GW_S("?");

	if (!gw_env_traced(&s->env))
		return;
	if (t->verb && !(t->verb->effects & IMAP_SECRET)) {
		imap_trace(s, 'C', gw_slice(line.p, gw_slice_find(line, '\r')));
		return;
	}
	/* What was not understood may be a LOGIN with a typing error, or the answer to a challenge that did not come. */
	snprintf(text, sizeof text, "%.*s %.*s ***", GW_FMT(tag), GW_FMT(verb));
	imap_trace(s, 'C', gw_slice_str(text));
}

static void reply_now(struct imap_task *t, enum imap_status status, const char *code, const char *text)
{
	t->phase = IMAP_PHASE_REPLY;
	t->status = status;
	t->code = code;
	t->text = text;
}

/* A framed line becomes a task; one that is not understood becomes a task that says so in its turn. */
static struct imap_task *take_command(struct imap_session *s, struct gw_slice line)
{
	struct imap_task *t = task_add(s);
	struct imap_parse_ctx ctx = {
		.find = imap_find_syntax,
		.utf8 = imap_utf8(s),
		.rev2 = imap_rev2(s),
		.string_max = s->acct ? IMAP_STRING_MAX : IMAP_STRING_MAX_PRELOGIN,
	};
	const char *why = NULL;

	t->cmd = gw_arena_alloc(&t->arena, sizeof *t->cmd);
	switch (imap_parse(line, &t->arena, &ctx, t->cmd, &why)) {
	case IMAP_PARSE_OK:
		t->verb = imap_verb_of(t->cmd->verb);
		s->alone = t->verb->effects & IMAP_ALONE;
		break;
	case IMAP_PARSE_NO:
		reply_now(t, IMAP_NO, t->cmd->code, why);
		break;
	case IMAP_PARSE_BAD:
	case IMAP_PARSE_UNKNOWN:
		reply_now(t, IMAP_BAD, NULL, why);
	}
	if (t->verb && gw_arena_over(&t->arena)) {
		t->verb = NULL;
		s->alone = false;
		reply_now(t, IMAP_NO, "LIMIT", "Too much for max_session_memory");
	}
	if (!t->verb && !s->acct && gw_speaks_http(line)) {
		t->foreign = s->alone = true;
		reply_now(t, IMAP_BAD, NULL, "This is not a web server");
	}
	t->tag = t->cmd->tag;
	t->cmd->ctx = NULL;
	trace_command(s, t, line);
	return t;
}

void imap_drop_stream(struct imap_session *s)
{
	if (s->framer.literal.nonsync)
		imap_framer_swallow(&s->framer, s->framer.literal.size);
	else
		imap_framer_reset(&s->framer);
}

/* The head of a command whose message follows; if it was not understood, the message is not for us. */
static void take_stream(struct imap_session *s, struct gw_slice line)
{
	struct imap_task *t = take_command(s, line);

	t->streams = t->verb;
	if (!t->verb)
		imap_drop_stream(s);
}

static void take_refusal(struct imap_session *s)
{
	const struct imap_refusal *r = &s->framer.refusal;
	struct imap_task *t = task_add(s);

	t->tag = gw_arena_dup(&t->arena, r->tag);
	reply_now(t, r->no ? IMAP_NO : IMAP_BAD, r->code, r->text);
	if (r->reason == IMAP_REFUSE_VALUE_TOO_BIG && imap_offers(s, "METADATA"))
		t->code = imap_value_limit(s, &t->arena);
	if (r->reason == IMAP_REFUSE_ANNOTATION_TOO_BIG && !imap_offers(s, IMAP_ANNOTATE))
		t->code = "TOOBIG";
	if (r->fatal) {
		s->alone = true;
		s->farewell = "The connection cannot be followed any further";
	}
}

/* Fill the queue. */
static void read_ahead(struct imap_session *s, struct gw_slice *in)
{
	struct gw_slice line;

	while (s->queued < IMAP_QUEUE && !s->alone && !s->want_continue) {
		switch (imap_framer_next(&s->framer, in, &line)) {
		case IMAP_FRAME_MORE:
			return;
		case IMAP_FRAME_CONTINUE:
			s->want_continue = true;
			break;
		case IMAP_FRAME_COMMAND:
			take_command(s, line);
			break;
		case IMAP_FRAME_STREAM:
			take_stream(s, line);
			break;
		case IMAP_FRAME_REFUSE:
			take_refusal(s);
		}
	}
}

/* A client that polls, or waits for what it is told. */
static bool silent_long(const struct imap_session *s)
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
		reply_now(t, IMAP_BAD, NULL, "This command is not offered here");
	} else if (!(v->states & state_of(s))) {
		reply_now(t, IMAP_BAD, NULL, why_not_now(s, v));
	} else if (needs_utf8(s, v)) {
		reply_now(t, IMAP_NO, "CANNOT", "This server needs ENABLE UTF8=ACCEPT first");
	} else if (s->modes & IMAP_MODE_UIDONLY && by_numbers(t, IMAP_SEQNUMS | IMAP_NUMBERS)) {
		reply_now(t, IMAP_BAD, "UIDREQUIRED", "Message numbers were given up with ENABLE UIDONLY");
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

/* Own removals are told, but those of others are not without SELECTED (RFC 5465 3.1). */
static bool tells_removals(const struct imap_session *s)
{
	return may_expunge(s) && (imap_notify_of_selected(s) || s->view->own_removed);
}

static bool wants_news(const struct imap_session *s, const struct imap_task *t)
{
	if (!s->view || s->closing || !t->verb)
		return false;
	if (s->view->sync || imap_notify_busy(s))
		return true;
	return (imap_notify_of_selected(s) || imap_view_owes_own(s->view)) && !t->asked_news && (!imap_view_fresh(s) || (s->view->owes && may_expunge(s)));
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
	switch (imap_notify_selected(s, tells_removals(s), out, &err)) {
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

/* Commands that fail in a row end the session at last: imap_max_fail_commands. */
static void count_failures(struct imap_session *s, const struct imap_task *t)
{
	unsigned max = s->env.config->imap_max_fail_commands;

	if (t->status == IMAP_OK) {
		s->failures = 0;
		return;
	}
	if (t->status == IMAP_NO && t->code && strcmp(t->code, "UNAVAILABLE") == 0) /* not the client's doing */
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

static uint64_t store_us(const struct imap_session *s)
{
	return s->store_us + (s->acct ? gw_acct_store_us(s->acct) : 0);
}

static void tell_finished(struct imap_session *s, const struct imap_task *t)
{
	unsigned row = t->verb ? (unsigned)(t->verb - imap_verbs) : IMAP_VERBS - 1;

	gw_timing_finish(&s->timing, &s->env, row,
			 t->status == IMAP_OK ? GW_RESULT_OK : t->status == IMAP_NO ? GW_RESULT_NO : GW_RESULT_BAD,
			 store_us(s));
}

/* What was found may lack messages whose removal could not be told: the client learns that there is something to ask for
 * (RFC 5530 3, RFC 2180 4.3). */
static bool finds_without_gone(const struct imap_session *s, const struct imap_task *t)
{
	return t->verb && t->verb->effects & IMAP_SEARCHES && t->status == IMAP_OK && !t->code && !t->cut &&
	       s->view && s->view->owes && by_numbers(t, IMAP_SEQNUMS);
}

/* A browser is not told more than that: nothing of what it sent is read, nothing of it comes back. */
static void cut_off(struct imap_session *s, const struct imap_task *t, struct gw_out *out)
{
	gw_env_event(&s->env, GW_EV_FOREIGN, GW_STR("detail", "HTTP"));
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
	task_drop(s);
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
	task_drop(s);
	if (s->farewell)
		imap_bye(s, out, s->farewell);
	else if (s->view && silent_long(s))
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
			t = task_add(s);
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

static enum gw_need drive(struct imap_session *s, enum gw_need where, struct gw_out *out)
{
	s->may_burn = where == GW_NEED_AUTH;
	s->may_block = s->may_burn || where == GW_NEED_WORKER;
	return work(s, out);
}

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
	gw_timing_wait(&s->timing, &s->env, need, out, s->head != NULL, store_us(s));
	if (need == GW_NEED_INPUT)
		spare_free(s); /* who waits needs little */
	return need;
}

enum imap_step imap_await(struct imap_task *t, imap_take_fn *take)
{
	t->take = take;
	return IMAP_STEP_INPUT;
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
			read_ahead(s, in);
		if (drive(s, GW_NEED_RUN, out) != GW_NEED_INPUT)
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

	return hand_back(s, drive(s, s->asked, out), out, before);
}

/* What was said before TLS counts no more (RFC 3501 6.2.1); the count of failures stays. */
static void start_anew(struct imap_session *s)
{
	drop_all(s);
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
	} else if (!s->head && !imap_notify_wanted(s) && silent_long(s)) {
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
	return drive(s, GW_NEED_RUN, out);
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
	size_t n = sizeof *v + v->name.n + (v->recent.cap + v->untold.cap) * sizeof *v->recent.r;

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

	drop_all(s);
	spare_free(s);
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
