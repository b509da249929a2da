/* conn.c - one connection: bytes to a session and back, as the session asks (see conn.h and session/session.h)
 *
 * step() is the whole host: one switch over what the session needs next. Everything else brings something to it: bytes
 * (on_readable), room in the socket (on_writable), time (conn_due), news (conn_bell), a finished job (job_done). After
 * each, drive() steps until nothing can be done, and settle() arms what to wait for.
 *
 * A command that reads a mailbox goes: on_readable -> feed() says WORKER -> job to the pool -> a worker calls run() and
 * sends the answer itself -> and if that was all, marks the connection as done without a word; the loop, which has gone
 * back to sleep, notices when the next command arrives. Only if something is left to do (output the socket did not take,
 * input that came meanwhile, another file to watch) is the loop called. So the common command costs two waits and no
 * wake-up of the loop. */
#include "daemon/conn.h"

#include "daemon/daemon.h"
#include "daemon/trace.h"
#include "util/mem.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define STEPS_MAX 20000              /* of one connection before it gives way to others */
#define STEPS_LONG 500               /* what one that takes long counts for */
#define JOB_BYTES (8u * 1024 * 1024) /* output of one job before other jobs have their turn */
#define LOGIN_ROUNDS 3u              /* login_timeout counts silence; this many of them is all a login may take */
#define LEAVING_S 10u                /* silence in the middle of a command, from a session that should leave */
#define FOREVER_S 60u                /* look again */

enum step { STEP_ON, STEP_LONG, STEP_WAIT, STEP_GONE };

static void drive(struct conn *c, struct gw_slice fresh);

#define conn_of(ptr, member) ((struct conn *)(void *)((char *)(ptr) - offsetof(struct conn, member)))

static bool job_out(const struct conn *c)
{
	return atomic_load_explicit(&c->bits, memory_order_acquire) != 0;
}

/* Is the connection ours? If a worker has it, have it call when it is done. */
static bool want(struct conn *c)
{
	if (!job_out(c))
		return true;
	if (atomic_fetch_or(&c->bits, CONN_WANT) != 0)
		return false;
	atomic_store(&c->bits, 0); /* it was done in this very moment */
	return true;
}

/* ---- giving way ---- */

static void make_ready(struct conn *c)
{
	struct loop *l = c->loop;

	if (c->prev_ready)
		return;
	c->next_ready = l->ready;
	c->prev_ready = &l->ready;
	if (l->ready)
		l->ready->prev_ready = &c->next_ready;
	l->ready = c;
}

static void unready(struct conn *c)
{
	if (!c->prev_ready)
		return;
	*c->prev_ready = c->next_ready;
	if (c->next_ready)
		c->next_ready->prev_ready = c->prev_ready;
	c->prev_ready = NULL;
}

void conn_run_ready(struct loop *l)
{
	struct conn *list = l->ready;

	if (!list)
		return;
	l->ready = NULL;
	list->prev_ready = &list;
	while (list) {
		struct conn *c = list;

		unready(c);
		if (!job_out(c))
			drive(c, gw_slice("", 0));
	}
}

/* ---- the end ---- */

static void forget(struct conn *c)
{
	struct gwd *g = c->loop->g;

	if (c->slot)
		conn_tell_end(c);
	if (c->slot && !g->child) /* a child's slot is taken back by its parent */
		reg_give(&g->reg, c->slot);
	if (g->child)
		c->loop->stop = true;
	snapshot_unref(c->snapshot);
	free(c);
}

static void close_job(struct job *job, struct scratch *io)
{
	struct conn *c = conn_of(job, job);

	(void)io;
	c->service->proto->close(c->session);
	forget(c);
}

static void unlink_conn(struct conn *c)
{
	struct loop *l = c->loop;

	if (c->prev)
		c->prev->next = c->next;
	else
		l->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	atomic_fetch_sub(&l->n_conns, 1);
}

/* No job is out. The session of somebody who had signed on may need its store to close. */
static void conn_close(struct conn *c)
{
	struct loop *l = c->loop;

	c->phase = CONN_CLOSING;
	unready(c);
	unlink_conn(c);
	wheel_remove(&c->timer);
	ears_listen(&l->bell, &c->ears, c->service->proto, NULL, NULL, NULL);
	event_del(&c->event);
	if (c->write_event)
		event_del(c->write_event);
	free(c->write_event);
	conn_close_socket(c);
	inbuf_done(&c->raw);
	inbuf_done(&c->in);
	gw_out_done(&c->out);
	tls_conn_free(c->tls);
	c->tls = NULL;
	deflate_conn_free(c->deflate);
	c->deflate = NULL;
	if (!c->session) {
		forget(c);
	} else if (c->slot->info.user[0] && !l->inline_jobs) {
		c->job.run = close_job;
		pool_post(&l->g->store_pool, &c->job);
	} else {
		close_job(&c->job, &l->io);
	}
}

/* ---- jobs ---- */

/* The user is gone, the client stays (RFC 8437): it is as if it had just come. */
static void forget_user(struct conn *c)
{
	struct gwd *g = c->loop->g;

	reg_uncount_user(&g->reg, c->slot);
	atomic_store_explicit(&c->slot->signed_on, false, memory_order_release);
	atomic_store_explicit(&c->slot->traced, false, memory_order_relaxed);
	trace_look(g->traces, c->slot);
	c->counted = false;
	c->job.owner = 0;
	c->start_s = conn_clock_s();
}

/* Somebody signed on: is it one connection too many for that user? Then what was to be said is not said. */
static void check_user(struct conn *c)
{
	struct gwd *g = c->loop->g;

	if (c->counted && !c->slot->info.user[0])
		forget_user(c);
	if (c->counted || !c->slot->info.user[0])
		return;
	c->counted = true;
	c->job.owner = reg_bucket(&g->reg, c->slot->info.user, strnlen(c->slot->info.user, sizeof c->slot->info.user)) + 1;
	if (reg_count_user(&g->reg, c->slot))
		return;
	stats_add(&g->stats, STAT_REFUSED, STAT_REFUSED_USER, 0, 1);
	conn_event(c, GW_EV_REFUSED_USER, GW_STR("reason", "user"), GW_NUM("limit", g->reg.shared->max_per_user));
	gw_out_done(&c->out);
	gw_out_str(&c->out, c->service->user_limit);
	c->need = GW_NEED_CLOSE;
	c->lingers = true;
}

static bool has_room(const struct conn *c)
{
	return conn_unsent(c) < GW_OUT_LOW;
}

/* Octets that were sent, or compressed to be sent. */
static uint64_t given(const struct conn *c)
{
	return c->deflate ? c->deflate->plain_out : atomic_load_explicit(&c->slot->bytes_out, memory_order_relaxed);
}

/* Steps that may block, one after the other while the client takes what they make. Returns false when only other jobs'
 * turn has come. */
static bool run_steps(struct conn *c, struct scratch *io)
{
	uint64_t limit = given(c) + JOB_BYTES;
	unsigned kind = c->need;

	do {
		c->need = (uint8_t)c->service->proto->run(c->session, &c->out);
		check_user(c);
		if (conn_unsent(c))
			conn_flush(c, io, false);
		if (c->need != kind || c->dead || c->hold_s || !has_room(c) || (atomic_load(&c->bits) & CONN_WANT))
			return true;
	} while (given(c) < limit);
	return false;
}

/* What the connection holds, for operators. raw: of c->raw, which a worker does not know. */
static void note_memory(struct conn *c, size_t raw)
{
	size_t n = sizeof *c + c->in.cap + raw + conn_unsent(c) + (c->deflate ? deflate_memory(c->deflate) : 0);

	if (!c->slot)
		return;
	if (c->session)
		n += c->service->proto->memory(c->session);
	atomic_store_explicit(&c->slot->memory, n, memory_order_relaxed);
}

static bool nothing_left(struct conn *c)
{
	return c->need == GW_NEED_INPUT && !c->dead && conn_unsent(c) == 0 && inbuf_size(&c->in) == 0 &&
	       !(c->deflate && deflate_waits(c->deflate)) && ears_same(&c->ears, c->service->proto, c->session);
}

/* Listen to what the session wants to hear. Did something happen there since the last job began? Then it is told. */
static bool listen_to(struct conn *c)
{
	bool rang = ears_listen(&c->loop->bell, &c->ears, c->service->proto, c->session, c, &c->run_since);

	if (rang)
		c->wakes |= 1u << GW_WAKE_BELL;
	return rang;
}

/* Commands that came meanwhile see what others did before they came. */
static void job_done(struct loop_task *task)
{
	struct conn *c = conn_of(task, done);

	loop_enter(c->loop);
	atomic_store(&c->bits, 0);
	if (!c->dead)
		listen_to(c);
	drive(c, gw_slice("", 0));
}

static void job_run(struct job *job, struct scratch *io)
{
	struct conn *c = conn_of(job, job);
	bool login = c->need == GW_NEED_AUTH, counted = c->counted; /* another time counts afterwards: the loop sets it */
	unsigned expected = CONN_JOB;

	if (!run_steps(c, io)) {
		pool_post(c->need == GW_NEED_AUTH ? &c->loop->g->auth_pool : &c->loop->g->store_pool, job);
		return;
	}
	note_memory(c, 0);
	if (!login && counted == c->counted && nothing_left(c) && atomic_compare_exchange_strong(&c->bits, &expected, 0))
		return; /* the loop will see; the connection is not ours any more */
	c->done.run = job_done;
	loop_post(c->loop, &c->done);
}

/* ---- input ---- */

/* The next thing the session should be woken for. */
static bool take_wake(struct conn *c, enum gw_wake *ret)
{
	static const enum gw_wake order[] = { GW_WAKE_TLS, GW_WAKE_KICK, GW_WAKE_SHUTDOWN, GW_WAKE_TIMEOUT, GW_WAKE_BELL };

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (!(c->wakes & 1u << order[i]))
			continue;
		c->wakes &= (uint16_t)~(1u << order[i]);
		*ret = order[i];
		return true;
	}
	return false;
}

/* The session has used what there was. */
static enum step step_unpack(struct conn *c, struct gw_slice *fresh)
{
	if (!conn_unpack(c, &c->loop->io, fresh))
		c->need = (uint8_t)c->service->proto->wake(c->session, GW_WAKE_GARBLED, &c->out);
	return STEP_LONG;
}

static enum step step_input(struct conn *c, struct gw_slice *fresh)
{
	const struct gw_proto *proto = c->service->proto;
	struct gw_slice in, rest;
	enum gw_wake what;

	if (take_wake(c, &what)) {
		c->need = (uint8_t)proto->wake(c->session, what, &c->out);
		return STEP_ON;
	}
	in = rest = conn_pending(c, fresh);
	if ((in.n == 0 || c->stale) && c->deflate && deflate_waits(c->deflate))
		return step_unpack(c, fresh);
	if (in.n == 0 || c->stale) {
		if (c->eof_s)
			c->need = GW_NEED_CLOSE; /* all that was sent is answered */
		else if (c->leaving)
			c->need = (uint8_t)proto->wake(c->session, GW_WAKE_DRAIN, &c->out);
		return c->need == GW_NEED_INPUT ? STEP_WAIT : STEP_ON;
	}
	c->need = (uint8_t)proto->feed(c->session, &rest, &c->out);
	c->stale = c->need == GW_NEED_INPUT && rest.n;
	conn_consume(c, fresh, in.n - rest.n);
	return STEP_ON;
}

/* ---- the switch ---- */

static bool make_room(struct conn *c)
{
	if (!has_room(c) && !c->writing)
		conn_flush(c, &c->loop->io, false);
	return has_room(c);
}

/* While a worker has the connection, what was to be sent is the worker's to send. */
static void disarm_write(struct conn *c)
{
	if (c->writing)
		event_del(c->write_event);
	c->writing = false;
}

static enum step step_job(struct conn *c, struct gw_slice *fresh)
{
	struct loop *l = c->loop;

	if (!make_room(c))
		return STEP_WAIT;
	conn_keep(c, fresh);
	disarm_write(c);
	clock_gettime(CLOCK_REALTIME_COARSE, &c->run_since);
	if (l->inline_jobs) {
		run_steps(c, &l->io);
		return STEP_ON;
	}
	c->interrupted = false;
	c->job.run = job_run;
	/* What waits for the session must not be forgotten when the job ends without a word. */
	atomic_store(&c->bits, CONN_JOB | (c->wakes || c->eof_s || c->leaving ? CONN_WANT : 0u));
	pool_post(c->need == GW_NEED_AUTH ? &l->g->auth_pool : &l->g->store_pool, &c->job);
	return STEP_WAIT;
}

static void start_session(struct conn *c)
{
	c->phase = CONN_TALK;
	c->need = GW_NEED_INPUT;
	if (c->refusal) {
		gw_out_str(&c->out, c->refusal);
		c->need = GW_NEED_CLOSE;
		c->lingers = true;
	} else if (c->session) {
		c->wakes |= 1u << GW_WAKE_TLS;
	} else {
		c->session = c->service->proto->open(&c->env, &c->out);
	}
}

static bool start_tls(struct conn *c)
{
	c->tls = tls_conn_new(c->snapshot->tls, c->service->proto->alpn);
	c->phase = CONN_HANDSHAKE;
	c->need = GW_NEED_INPUT;
	c->start_s = loop_now_s(c->loop);
	return c->tls != NULL;
}

/* Bytes that came before the switch must not be taken for bytes from inside TLS (RFC 3501 6.2.1, RFC 2595 section 4):
 * they are thrown away here, when everything that could be read has been read, not when the command was parsed. */
static enum step step_tls(struct conn *c, struct gw_slice *fresh)
{
	conn_flush(c, &c->loop->io, false);
	if (c->dead || conn_unsent(c))
		return STEP_WAIT;
	fresh->n = 0;
	inbuf_done(&c->in);
	inbuf_done(&c->raw);
	c->stale = false;
	if (!start_tls(c))
		c->dead = true;
	return STEP_WAIT;
}

static enum step step_close(struct conn *c)
{
	conn_flush(c, &c->loop->io, true);
	if (!c->dead && conn_unsent(c))
		return STEP_WAIT;
	c->lingers |= inbuf_size(&c->in) > 0;
	conn_close(c);
	return STEP_GONE;
}

/* Is the answer to a login kept back? Not from who is told to go. */
static bool is_held(struct conn *c)
{
	if (c->leaving || c->wakes & (1u << GW_WAKE_KICK | 1u << GW_WAKE_SHUTDOWN))
		c->hold_s = 0;
	return c->hold_s != 0;
}

/* Do what the session needs next. */
static enum step step(struct conn *c, struct gw_slice *fresh)
{
	if (is_held(c) || c->dead || c->broken || c->phase == CONN_HANDSHAKE)
		return STEP_WAIT;
	switch ((enum gw_need)c->need) {
	case GW_NEED_INPUT:
		return step_input(c, fresh);
	case GW_NEED_RUN:
		if (!make_room(c))
			return STEP_WAIT;
		c->need = (uint8_t)c->service->proto->run(c->session, &c->out);
		return STEP_ON;
	case GW_NEED_WORKER:
	case GW_NEED_AUTH:
		return step_job(c, fresh);
	case GW_NEED_TLS:
		return step_tls(c, fresh);
	case GW_NEED_COMPRESS:
		conn_compress(c, fresh);
		c->need = GW_NEED_INPUT;
		return STEP_ON;
	case GW_NEED_PLAIN:
		conn_uncompress(c, &c->loop->io, fresh);
		c->need = GW_NEED_INPUT;
		return STEP_ON;
	case GW_NEED_CLOSE:
		return step_close(c);
	}
	return STEP_WAIT;
}

/* ---- what to wait for ---- */

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	loop_enter(c->loop);
	disarm_write(c);
	conn_flush(c, &c->loop->io, false);
	drive(c, gw_slice("", 0));
}

static void arm_write(struct conn *c)
{
	if (c->writing)
		return;
	if (!c->write_event) {
		c->write_event = gw_xalloc(sizeof *c->write_event);
		event_assign(c->write_event, c->loop->base, c->fd, EV_WRITE | EV_PERSIST, on_writable, c);
	}
	event_add(c->write_event, NULL);
	c->writing = true;
}

static void arm_read(struct conn *c)
{
	bool yes = conn_may_read(c, job_out(c));

	if (yes == c->reading)
		return;
	c->reading = yes;
	if (yes)
		event_add(&c->event, NULL);
	else
		event_del(&c->event);
}

static uint32_t due_s(const struct conn *c)
{
	uint32_t due;

	if (job_out(c))
		return c->eof_s && !c->interrupted ? c->eof_s + 1 : loop_now_s(c->loop) + FOREVER_S;
	if (c->phase == CONN_HANDSHAKE)
		return c->start_s + c->snapshot->login_timeout_s;
	if (c->hold_s)
		return c->hold_s;
	if (conn_unsent(c))
		return c->sent_s + c->snapshot->write_timeout_s;
	if (c->need != GW_NEED_INPUT || !c->session)
		return loop_now_s(c->loop) + FOREVER_S;
	due = c->input_s + (c->leaving ? LEAVING_S : c->service->proto->timeout_s(c->session));
	if (!conn_signed_on(c) && due > c->start_s + LOGIN_ROUNDS * c->snapshot->login_timeout_s)
		due = c->start_s + LOGIN_ROUNDS * c->snapshot->login_timeout_s;
	return due;
}

/* Does what the session needs wait for nothing but room in the output? */
static bool has_waited(const struct conn *c)
{
	switch ((enum gw_need)c->need) {
	case GW_NEED_INPUT:
	case GW_NEED_COMPRESS:
	case GW_NEED_PLAIN:
		return false;
	case GW_NEED_RUN:
	case GW_NEED_WORKER:
	case GW_NEED_AUTH:
		return has_room(c);
	case GW_NEED_TLS:
	case GW_NEED_CLOSE:
		break;
	}
	return conn_unsent(c) == 0;
}

/* Send what is left. The client may have read since step() found the socket full: then it goes on. */
static void flush_rest(struct conn *c)
{
	if (c->dead || c->broken || c->hold_s || conn_unsent(c) == 0 || c->writing)
		return;
	conn_flush(c, &c->loop->io, false);
	if (!c->dead && has_waited(c))
		make_ready(c);
}

/* See to it that the connection is called when something can go on. It may be closed afterwards. */
static void settle(struct conn *c)
{
	if (!job_out(c)) {
		flush_rest(c);
		note_memory(c, c->raw.cap);
		if (!c->hold_s && (c->dead || c->broken || inbuf_size(&c->in) > conn_keep_max(c) + CONN_KEEP_LATE)) {
			conn_close(c);
			return;
		}
		if (conn_unsent(c) && !c->hold_s)
			arm_write(c);
		if (listen_to(c))
			make_ready(c);
	}
	arm_read(c);
	wheel_set(&c->loop->wheel, &c->timer, due_s(c));
}

static void drive(struct conn *c, struct gw_slice fresh)
{
	struct scratch *io = &c->loop->io;
	bool secret = !conn_signed_on(c);
	struct inbuf raw = { 0 };
	unsigned steps = 0;
	enum step s;

	if (inbuf_size(&c->raw) && c->phase == CONN_TALK) {
		raw = c->raw; /* it came while a worker had the connection */
		c->raw = (struct inbuf){ 0 };
		if (!conn_decode(c, io, inbuf_slice(&raw), &fresh))
			c->eof_s = loop_now_s(c->loop) | 1;
	}
	if (fresh.n)
		c->stale = false;
	do
		s = step(c, &fresh);
	while (s <= STEP_LONG && (steps += s == STEP_LONG ? STEPS_LONG : 1) < STEPS_MAX);
	if (s != STEP_GONE) {
		conn_keep(c, &fresh);
		if (s <= STEP_LONG)
			make_ready(c);
		settle(c);
	}
	if (secret && raw.p) /* it was decrypted in there */
		scratch_wipe(io, 0);
	inbuf_done(&raw);
}

/* ---- what comes from the loop ---- */

static void count_tls(const struct conn *c)
{
	struct stats *st = &c->loop->g->stats;

	stats_add(st, STAT_TLS, stats_tls_version(tls_version(c->tls)), tls_resumed(c->tls), 1);
	stats_add(st, STAT_TLS_CIPHERS, stats_tls_cipher(tls_cipher(c->tls)), 0, 1);
}

static void show_tls(struct conn *c)
{
	struct reg_tls *t = &c->slot->handshake;

	snprintf(t->version, sizeof t->version, "%s", tls_version(c->tls));
	snprintf(t->cipher, sizeof t->cipher, "%s", tls_cipher(c->tls));
	snprintf(t->sni, sizeof t->sni, "%s", tls_sni(c->tls));
	snprintf(t->user, sizeof t->user, "%.127s", c->peer.tls_user);
	t->resumed = tls_resumed(c->tls);
	atomic_store_explicit(&c->slot->tls, true, memory_order_release);
}

static void handshake(struct conn *c, struct gw_slice came)
{
	struct loop *l = c->loop;
	enum tls_result r = tls_handshake(c->tls, &l->io, &came);
	struct gw_slice fresh = { "", 0 };

	if (r == TLS_OK) {
		count_tls(c);
		tls_describe(c->tls, &c->peer);
		if (c->slot)
			show_tls(c);
		start_session(c);
	} else if (r == TLS_FAILED) {
		stats_add(&l->g->stats, STAT_TLS_FAILED, 0, 0, 1);
		conn_event(c, GW_EV_TLS_FAILED, GW_STR("detail", c->tls->problem));
	}
	conn_flush(c, &l->io, false); /* tickets and greeting in one piece; or the alert */
	if (r == TLS_FAILED)
		c->dead = true;
	else if (r == TLS_OK && !conn_decode(c, &l->io, came, &fresh))
		c->eof_s = loop_now_s(l) | 1;
	drive(c, fresh);
}

static void received(struct conn *c, struct gw_slice came)
{
	struct gw_slice fresh;

	c->input_s = loop_now_s(c->loop);
	stats_add(&c->loop->g->stats, STAT_RECEIVED, c->service->id, 0, came.n);
	if (c->slot) {
		atomic_fetch_add_explicit(&c->slot->bytes_in, came.n, memory_order_relaxed);
		atomic_store_explicit(&c->slot->active_s, c->input_s, memory_order_relaxed);
	}
	if (job_out(c)) {
		inbuf_add(&c->raw, came);
		came.n = 0;
	}
	if (!want(c)) {
		settle(c);
	} else if (c->phase == CONN_HANDSHAKE) {
		handshake(c, came);
	} else {
		if (!conn_decode(c, &c->loop->io, came, &fresh))
			c->eof_s = loop_now_s(c->loop) | 1;
		drive(c, fresh);
	}
}

static void interrupt(struct conn *c)
{
	if (c->interrupted || !c->session)
		return;
	c->interrupted = true;
	c->service->proto->interrupt(c->session);
}

/* The peer sends no more: what it sent is still answered (some clients end their side first), but a command that takes
 * long is not worth going on with. */
static void ended(struct conn *c)
{
	if (!want(c)) {
		if (c->broken)
			interrupt(c);
		settle(c);
		return;
	}
	if (c->phase == CONN_HANDSHAKE)
		c->dead = true;
	drive(c, gw_slice("", 0));
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	struct loop *l = c->loop;
	char *raw = scratch_get(&l->io.raw, SCRATCH_RAW);
	ssize_t n;

	(void)what;
	loop_enter(l);
	n = recv(fd, raw, SCRATCH_RAW, MSG_DONTWAIT);
	if (n > 0) {
		bool secret = !conn_signed_on(c);

		ears_look(&l->bell, &c->ears);
		received(c, gw_slice(raw, (size_t)n));
		if (secret)
			scratch_wipe(&l->io, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		c->broken = n < 0;
		c->eof_s = loop_now_s(l) | 1;
		ended(c);
	}
}

static void expire(struct conn *c)
{
	struct gwd *g = c->loop->g;

	stats_add(&g->stats, STAT_TIMEOUTS, 0, 0, 1);
	if (c->phase == CONN_HANDSHAKE) {
		conn_event_put(c, GW_EV_TLS_SLOW, NULL, 0);
		c->dead = true;
	} else if (conn_unsent(c)) {
		conn_event_put(c, GW_EV_STALLED, NULL, 0);
		c->dead = true;
	} else {
		c->wakes = (uint16_t)(c->wakes | 1u << (c->leaving ? GW_WAKE_SHUTDOWN : GW_WAKE_TIMEOUT));
		c->input_s = loop_now_s(c->loop);
	}
	drive(c, gw_slice("", 0));
}

/* The answer to a login has waited long enough. */
static void release(struct conn *c)
{
	c->hold_s = 0;
	c->input_s = loop_now_s(c->loop);
	conn_flush(c, &c->loop->io, false);
}

void conn_due(void *loop, struct wheel_node *timer)
{
	struct conn *c = conn_of(timer, timer);
	struct loop *l = loop;
	uint32_t due;

	if (!want(c)) {
		if (c->eof_s && loop_now_s(l) > c->eof_s)
			interrupt(c);
		wheel_set(&l->wheel, timer, due_s(c));
		return;
	}
	due = due_s(c);
	if (c->hold_s && (int32_t)(due - loop_now_s(l)) <= 0) {
		release(c);
		drive(c, gw_slice("", 0));
	} else if ((int32_t)(due - loop_now_s(l)) > 0 || (c->need != GW_NEED_INPUT && conn_unsent(c) == 0))
		wheel_set(&l->wheel, timer, due);
	else
		expire(c);
}

void conn_bell(struct loop *l, struct bell_ear *ear)
{
	struct conn *c = ear->owner;

	(void)l;
	c->wakes |= 1u << GW_WAKE_BELL;
	if (want(c))
		make_ready(c);
}

static void wake(struct conn *c, enum gw_wake what)
{
	if (what == GW_WAKE_DRAIN)
		c->leaving = true;
	else
		c->wakes |= (uint16_t)(1u << what);
	if (!want(c))
		return;
	if (!c->session || c->phase == CONN_HANDSHAKE)
		conn_close(c);
	else
		make_ready(c);
}

void conn_wake_all(struct loop *l, enum gw_wake what)
{
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next;
		wake(c, what);
	}
}

bool conn_wake_slot(struct loop *l, const struct reg_slot *slot, uint64_t id, enum gw_wake what)
{
	struct conn *c = l->conns;

	while (c && (c->slot != slot || slot->id != id))
		c = c->next;
	if (c)
		wake(c, what);
	return c != NULL;
}

void conn_wake_kicked(struct loop *l)
{
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next;
		if (c->slot && atomic_load(&c->slot->kicked) == c->slot->id)
			wake(c, GW_WAKE_KICK);
	}
}

void conn_abort_all(struct loop *l)
{
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next;
		c->broken = true;
		if (want(c))
			conn_close(c);
		else
			interrupt(c);
	}
}

/* ---- the beginning ---- */

static struct conn *conn_new(struct loop *l, const struct conn_start *start)
{
	struct conn *c = gw_xalloc(sizeof *c);

	c->loop = l;
	c->fd = start->fd;
	c->service = start->service;
	c->snapshot = start->snapshot;
	c->slot = start->slot;
	c->refusal = start->refusal;
	c->start_s = c->input_s = c->sent_s = loop_now_s(l);
	memcpy(c->peer.address, start->address, sizeof c->peer.address);
	c->peer.local = start->local;
	c->peer.tls_possible = c->snapshot->tls && !c->service->tls;
	c->peer.compress_possible = true;
	conn_env_init(c);
	if (c->slot) {
		trace_look(l->g->traces, c->slot);
		conn_event_put(c, GW_EV_CONNECT, NULL, 0);
	}
	c->leaving = atomic_load(&l->g->draining); /* it was let in just before */
	c->next = l->conns;
	if (l->conns)
		l->conns->prev = c;
	l->conns = c;
	event_assign(&c->event, l->base, c->fd, EV_READ | EV_PERSIST, on_readable, c);
	return c;
}

void conn_begin(struct loop *l, const struct conn_start *start)
{
	struct conn *c = conn_new(l, start);

	if (c->service->tls)
		c->dead = !start_tls(c);
	else
		start_session(c);
	drive(c, gw_slice("", 0));
}
