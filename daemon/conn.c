/* conn.c - one connection: bytes to a session and back, as the session asks (see conn.h and session/session.h)
 *
 * step() is the whole host: one switch over what the session needs next. Everything else brings something to it: bytes,
 * room in the socket, time, news (conn_events.c), a finished job (conn_job.c). After each, conn_drive() steps until
 * nothing can be done, and conn_settle() arms what to wait for.
 *
 * A command that reads a mailbox goes: conn_readable() -> feed() says WORKER -> job to the pool -> a worker calls run()
 * and sends the answer itself -> and if that was all, marks the connection as done without a word; the loop, which has
 * gone back to sleep, notices when the next command arrives. Only if something is left to do (output the socket did not
 * take, input that came meanwhile, another file to watch) is the loop called. So the common command costs two waits and
 * no wake-up of the loop. */
#include "daemon/conn_priv.h"

#include "daemon/daemon.h"
#include "daemon/trace.h"
#include "util/mem.h"

#include <string.h>

#define STEPS_MAX 20000 /* of one connection before it gives way to others */
#define STEPS_LONG 500  /* what one that takes long counts for */

enum step { STEP_ON, STEP_LONG, STEP_WAIT, STEP_GONE };

/* ---- giving way ---- */

void conn_make_ready(struct conn *c)
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

void conn_unready(struct conn *c)
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

		conn_unready(c);
		if (!conn_job_out(c))
			conn_drive(c, gw_slice("", 0));
	}
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

bool conn_has_room(const struct conn *c)
{
	return conn_unsent(c) < GW_OUT_LOW;
}

static bool make_room(struct conn *c)
{
	if (!conn_has_room(c) && !c->writing)
		conn_flush(c, &c->loop->io, false);
	return conn_has_room(c);
}

static enum step step_job(struct conn *c, struct gw_slice *fresh)
{
	if (!make_room(c))
		return STEP_WAIT;
	conn_keep(c, fresh);
	conn_disarm_write(c);
	return conn_give_job(c) ? STEP_WAIT : STEP_ON;
}

void conn_start_session(struct conn *c)
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
	conn_end(c);
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

void conn_drive(struct conn *c, struct gw_slice fresh)
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
			conn_make_ready(c);
		conn_settle(c);
	}
	if (secret && raw.p) /* it was decrypted in there */
		scratch_wipe(io, 0);
	inbuf_done(&raw);
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
	event_assign(&c->event, l->base, c->fd, EV_READ | EV_PERSIST, conn_readable, c);
	return c;
}

void conn_begin(struct loop *l, const struct conn_start *start)
{
	struct conn *c = conn_new(l, start);

	if (c->service->tls)
		c->dead = !start_tls(c);
	else
		conn_start_session(c);
	conn_drive(c, gw_slice("", 0));
}
