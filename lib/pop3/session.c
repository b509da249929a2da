/* session.c - the POP3 session (RFC 1939, RFC 2449): lines in, answers out
 *
 * feed() cuts lines into commands and puts them in a queue; drive() runs the queue in order, as far as the thread it is
 * on may go: on the loop what needs no store, on a worker what does, where passwords are checked the login. What runs
 * where is in the rows of verbs.c. So a client that pipelines 32 RETR pays for one walk to a worker, and its NOOPs for
 * none. Output beyond GW_OUT_FULL stops everything until the client has read.
 *
 * One message: feed() -> pop3_parse(), "RETR 3" -> WORKER -> run() -> drive() -> pop3_run_retr(): 64 KiB pieces from
 * the store straight into the output -> full: WORKER again when the client has read -> end -> next command or INPUT. */
#include "pop3/pop3.h"

#include "config/config.h"

#include <stdlib.h>

static void *pop3_open(const struct gw_env *env, struct gw_out *out)
{
	struct pop3_session *s = gw_xalloc(sizeof *s);
	bool named = env->config->server_hostname_greeting && env->hostname;

	s->env = *env;
	s->state = POP3_AUTHORIZATION;
	s->asked = GW_NEED_INPUT;
	atomic_flag_clear(&s->guard);
	gw_buf_init(&s->line, POP3_SASL_LINE_MAX + 2);
	s->line.wipe = true;
	gw_set_init(&s->deleted);
	gw_set_init(&s->fetch_set);
	gw_set_init(&s->seen);
	gw_set_init(&s->uidls.again);
	s->no_nuls = gw_words_has(&env->config->pop3_client_workarounds, "outlook-no-nuls");
	s->empty_line = gw_words_has(&env->config->pop3_client_workarounds, "oe-ns-eoh");
	pop3_ok(s, out, "POP3 gateway ready%s%s", named ? " on " : "", named ? env->hostname : "");
	if (env->info)
		env->info->state = GW_STATE_LOGIN;
	return s;
}

/* ---- running the queue ---- */

static enum gw_need need_of(enum pop3_where where)
{
	return where == POP3_ON_LOOP ? GW_NEED_RUN : where == POP3_ON_WORKER ? GW_NEED_WORKER : GW_NEED_AUTH;
}

static enum pop3_where where_of(enum gw_need asked)
{
	return asked == GW_NEED_AUTH ? POP3_ON_AUTH : asked == GW_NEED_WORKER ? POP3_ON_WORKER : POP3_ON_LOOP;
}

static uint64_t store_us(const struct pop3_session *s)
{
	return s->left_us + (s->acct ? gw_acct_store_us(s->acct) : 0);
}

/* The first command has been answered. AUTH ends with its last answer to a challenge. */
static void pop(struct pop3_session *s)
{
	if (!s->sasl)
		gw_timing_finish(&s->timing, &s->env, pop3_verb_row(s->queue[s->head].verb), s->result, store_us(s));
	gw_timing_show(&s->timing, &s->env, "");
	s->head = (s->head + 1) % POP3_QUEUE;
	if (--s->n_queue == 0)
		s->alone = false;
	if (s->env.info)
		s->env.info->commands++;
}

static void begin(struct pop3_session *s, const struct pop3_cmd *c)
{
	s->result = GW_RESULT_OK;
	gw_timing_show(&s->timing, &s->env, c->verb->name);
}

static enum gw_need work(struct pop3_session *s, enum pop3_where where, struct gw_out *out)
{
	while (!s->closing && s->n_queue) {
		struct pop3_cmd *c = &s->queue[s->head];
		enum pop3_step step;

		if (gw_out_full(out) || c->verb->where > where)
			return need_of(c->verb->where);
		if (!c->started)
			begin(s, c);
		step = c->verb->run(s, c, out);
		c->started = true;
		if (step == POP3_MORE)
			return need_of(c->verb->where);
		pop(s);
		if (step == POP3_TLS)
			return GW_NEED_TLS;
	}
	return s->closing ? GW_NEED_CLOSE : GW_NEED_INPUT;
}

static enum gw_need drive(struct pop3_session *s, enum pop3_where where, struct gw_out *out)
{
	s->asked = work(s, where, out);
	if (where != POP3_ON_LOOP && s->fetch)
		gw_fetch_pause(s->fetch);
	if (s->closing && s->env.info)
		s->env.info->state = GW_STATE_BYE;
	return s->asked;
}

/* What the host is told at last. */
static enum gw_need hand_back(struct pop3_session *s, enum gw_need need, const struct gw_out *out)
{
	gw_timing_wait(&s->timing, &s->env, need, out, s->n_queue > 0 || s->sasl, store_us(s));
	return need;
}

/* ---- input ---- */

/* Take a line into the queue; false when there is no whole one. */
static bool take_line(struct pop3_session *s, struct gw_slice *in)
{
	struct pop3_cmd *c = &s->queue[(s->head + s->n_queue) % POP3_QUEUE];
	struct gw_slice line;

	switch (pop3_line_next(&s->line, in, s->sasl ? POP3_SASL_LINE_MAX : POP3_LINE_MAX, &line)) {
	case POP3_LINE_MORE:
		return false;
	case POP3_LINE_BAD:
		pop3_parse_garbage(s, c); /* answered behind what came before it */
		break;
	case POP3_LINE_WHOLE:
		if (s->sasl)
			pop3_parse_answer(s, line, c);
		else
			pop3_parse(s, line, c);
	}
	s->alone = c->verb->flags & POP3_ALONE;
	s->n_queue++;
	return true;
}

static enum gw_need feed(struct pop3_session *s, struct gw_slice *in, struct gw_out *out)
{
	bool more = true;

	while (more && !s->closing) {
		while (more && !s->alone && s->n_queue < POP3_QUEUE)
			more = take_line(s, in);
		if (drive(s, POP3_ON_LOOP, out) != GW_NEED_INPUT)
			return s->asked;
	}
	return drive(s, POP3_ON_LOOP, out);
}

static enum gw_need pop3_feed(void *session, struct gw_slice *in, struct gw_out *out)
{
	struct pop3_session *s = session;

	gw_timing_on(&s->timing, &s->env);
	return hand_back(s, feed(s, in, out), out);
}

static enum gw_need pop3_run_queue(void *session, struct gw_out *out)
{
	struct pop3_session *s = session;

	gw_timing_on(&s->timing, &s->env);
	return hand_back(s, drive(s, where_of(s->asked), out), out);
}

/* ---- events ---- */

static void bye(struct pop3_session *s, struct gw_out *out, const char *text)
{
	if (!s->closing)
		pop3_err_text(s, out, text);
	s->closing = true;
}

static void kicked(struct pop3_session *s, struct gw_out *out)
{
	const char *why = s->env.kick_reason && *s->env.kick_reason ? s->env.kick_reason :
			  pop3_text(s, "Ended by an administrator");

	if (!s->closing)
		pop3_err(s, out, "[SYS/TEMP] BYE %s", why);
	s->closing = true;
}

/* What was said before TLS counts no more (RFC 2595 section 4). The count of failures stays. */
static void start_anew(struct pop3_session *s)
{
	gw_buf_done(&s->line);
	gw_secret_free(&s->arg);
	free(s->user);
	s->user = NULL;
	s->lang = GW_LANG_DEFAULT;
	s->utf8 = false;
	s->n_queue = s->head = 0;
	s->alone = false;
}

/* Nothing is half said or half done. Who has deleted messages should get to QUIT, or they come again. */
static bool at_rest(const struct pop3_session *s)
{
	return s->n_queue == 0 && s->line.n == 0 && !s->sasl && s->deleted.n == 0;
}

static enum gw_need pop3_wake(void *session, enum gw_wake what, struct gw_out *out)
{
	struct pop3_session *s = session;

	switch (what) {
	case GW_WAKE_TIMEOUT:
		bye(s, out, "BYE Connection closed because of timeout");
		break;
	case GW_WAKE_SHUTDOWN:
		bye(s, out, "[SYS/TEMP] BYE The service stops");
		break;
	case GW_WAKE_DRAIN:
		if (at_rest(s))
			bye(s, out, "[SYS/TEMP] BYE This session ends for maintenance, connect again");
		break;
	case GW_WAKE_KICK:
		kicked(s, out);
		break;
	case GW_WAKE_GARBLED: /* POP3 is never compressed */
		break;
	case GW_WAKE_TLS:
		start_anew(s);
		break;
	case GW_WAKE_BELL:
		break;
	}
	gw_timing_on(&s->timing, &s->env);
	return hand_back(s, drive(s, POP3_ON_LOOP, out), out);
}

static unsigned pop3_timeout_s(const void *session)
{
	const struct pop3_session *s = session;

	return s->state == POP3_TRANSACTION ? s->env.config->pop3_timeout : s->env.config->login_timeout;
}

static const char *pop3_bell(const void *session, unsigned which)
{
	(void)session;
	(void)which;
	return NULL; /* the maildrop is a list of one moment */
}

static size_t pop3_memory(const void *session)
{
	const struct pop3_session *s = session;
	size_t n = sizeof *s + s->line.cap + s->arg.n;

	n += (s->deleted.cap + s->fetch_set.cap + s->seen.cap) * sizeof *s->deleted.r + gw_uidls_memory(&s->uidls) +
	     s->rewritten.cap;
	return n + (s->index ? sizeof *s->index + s->index->n * sizeof(struct gw_entry) : 0);
}

static void pop3_interrupt(void *session)
{
	struct pop3_session *s = session;

	while (atomic_flag_test_and_set_explicit(&s->guard, memory_order_acquire))
		;
	if (s->acct && !s->deaf)
		gw_acct_interrupt(s->acct);
	atomic_flag_clear_explicit(&s->guard, memory_order_release);
}

/* Without QUIT nothing is deleted (RFC 1939 section 6): what was marked is only forgotten. */
static void pop3_close(void *session)
{
	struct pop3_session *s = session;

	pop3_leave(s);
	gw_sasl_free(s->sasl);
	gw_secret_free(&s->arg);
	gw_buf_done(&s->line);
	free(s->user);
	gw_set_done(&s->deleted);
	gw_set_done(&s->fetch_set);
	gw_set_done(&s->seen);
	pop3_read_end(s);
	free(s);
}

const struct gw_proto gw_pop3_proto = {
	.name = "pop3",
	.alpn = "pop3",
	.verb_name = pop3_verb_name,
	.open = pop3_open,
	.feed = pop3_feed,
	.run = pop3_run_queue,
	.wake = pop3_wake,
	.timeout_s = pop3_timeout_s,
	.bell = pop3_bell,
	.memory = pop3_memory,
	.interrupt = pop3_interrupt,
	.close = pop3_close,
};
