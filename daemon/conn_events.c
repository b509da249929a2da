/* conn_events.c - what a connection waits for, and what comes then: bytes, room in the socket, time, news (see conn.h) */
#include "daemon/conn_priv.h"

#include "daemon/daemon.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#define LOGIN_ROUNDS 3u /* login_timeout counts silence; this many of them is all a login may take */
#define LEAVING_S 10u   /* silence in the middle of a command, from a session that should leave */
#define FOREVER_S 60u   /* look again */

/* ---- what to wait for ---- */

void conn_disarm_write(struct conn *c)
{
	if (c->writing)
		event_del(c->write_event);
	c->writing = false;
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	loop_enter(c->loop);
	conn_disarm_write(c);
	conn_flush(c, &c->loop->io, false);
	conn_drive(c, gw_slice("", 0));
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
	bool yes = conn_may_read(c, conn_job_out(c));

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

	if (conn_job_out(c))
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
		return conn_has_room(c);
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
		conn_make_ready(c);
}

bool conn_listen(struct conn *c)
{
	bool rang = ears_listen(&c->loop->bell, &c->ears, c->service->proto, c->session, c, &c->run_since);

	if (rang)
		c->wakes |= 1u << GW_WAKE_BELL;
	return rang;
}

void conn_settle(struct conn *c)
{
	if (!conn_job_out(c)) {
		flush_rest(c);
		conn_note_memory(c, c->raw.cap);
		if (!c->hold_s && (c->dead || c->broken || inbuf_size(&c->in) > conn_keep_max(c) + CONN_KEEP_LATE)) {
			conn_end(c);
			return;
		}
		if (conn_unsent(c) && !c->hold_s)
			arm_write(c);
		if (conn_listen(c))
			conn_make_ready(c);
	}
	arm_read(c);
	wheel_set(&c->loop->wheel, &c->timer, due_s(c));
}

/* ---- bytes ---- */

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
		conn_start_session(c);
	} else if (r == TLS_FAILED) {
		stats_add(&l->g->stats, STAT_TLS_FAILED, 0, 0, 1);
		conn_event(c, GW_EV_TLS_FAILED, GW_STR("detail", c->tls->problem));
	}
	conn_flush(c, &l->io, false); /* tickets and greeting in one piece; or the alert */
	if (r == TLS_FAILED)
		c->dead = true;
	else if (r == TLS_OK && !conn_decode(c, &l->io, came, &fresh))
		c->eof_s = loop_now_s(l) | 1;
	conn_drive(c, fresh);
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
	if (conn_job_out(c)) {
		inbuf_add(&c->raw, came);
		came.n = 0;
	}
	if (!conn_want(c)) {
		conn_settle(c);
	} else if (c->phase == CONN_HANDSHAKE) {
		handshake(c, came);
	} else {
		if (!conn_decode(c, &c->loop->io, came, &fresh))
			c->eof_s = loop_now_s(c->loop) | 1;
		conn_drive(c, fresh);
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
	if (!conn_want(c)) {
		if (c->broken)
			interrupt(c);
		conn_settle(c);
		return;
	}
	if (c->phase == CONN_HANDSHAKE)
		c->dead = true;
	conn_drive(c, gw_slice("", 0));
}

void conn_readable(evutil_socket_t fd, short what, void *arg)
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

/* ---- time ---- */

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
	conn_drive(c, gw_slice("", 0));
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

	if (!conn_want(c)) {
		if (c->eof_s && loop_now_s(l) > c->eof_s)
			interrupt(c);
		wheel_set(&l->wheel, timer, due_s(c));
		return;
	}
	due = due_s(c);
	if (c->hold_s && (int32_t)(due - loop_now_s(l)) <= 0) {
		release(c);
		conn_drive(c, gw_slice("", 0));
	} else if ((int32_t)(due - loop_now_s(l)) > 0 || (c->need != GW_NEED_INPUT && conn_unsent(c) == 0))
		wheel_set(&l->wheel, timer, due);
	else
		expire(c);
}

/* ---- news ---- */

void conn_bell(struct loop *l, struct bell_ear *ear)
{
	struct conn *c = ear->owner;

	(void)l;
	c->wakes |= 1u << GW_WAKE_BELL;
	if (conn_want(c))
		conn_make_ready(c);
}

static void wake(struct conn *c, enum gw_wake what)
{
	if (what == GW_WAKE_DRAIN)
		c->leaving = true;
	else
		c->wakes |= (uint16_t)(1u << what);
	if (!conn_want(c))
		return;
	if (!c->session || c->phase == CONN_HANDSHAKE)
		conn_end(c);
	else
		conn_make_ready(c);
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
		if (conn_want(c))
			conn_end(c);
		else
			interrupt(c);
	}
}
