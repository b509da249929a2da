/* conn_job.c - what may block: jobs of a connection for the workers, its last one included (see conn.h) */
#include "daemon/conn_priv.h"

#include "daemon/daemon.h"
#include "daemon/trace.h"

#include <stdlib.h>

#define JOB_BYTES (8u * 1024 * 1024) /* output of one job before other jobs have their turn */

/* ---- users ---- */

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

/* ---- jobs ---- */

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
		if (c->need != kind || c->dead || c->hold_s || !conn_has_room(c) || (atomic_load(&c->bits) & CONN_WANT))
			return true;
	} while (given(c) < limit);
	return false;
}

void conn_note_memory(struct conn *c, size_t raw)
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

/* Commands that came meanwhile see what others did before they came. */
static void job_done(struct loop_task *task)
{
	struct conn *c = conn_of(task, done);

	loop_enter(c->loop);
	atomic_store(&c->bits, 0);
	if (!c->dead)
		conn_listen(c);
	conn_drive(c, gw_slice("", 0));
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
	conn_note_memory(c, 0);
	if (!login && counted == c->counted && nothing_left(c) && atomic_compare_exchange_strong(&c->bits, &expected, 0))
		return; /* the loop will see; the connection is not ours any more */
	c->done.run = job_done;
	loop_post(c->loop, &c->done);
}

bool conn_give_job(struct conn *c)
{
	struct loop *l = c->loop;

	clock_gettime(CLOCK_REALTIME_COARSE, &c->run_since);
	if (l->inline_jobs) {
		run_steps(c, &l->io);
		return false;
	}
	c->interrupted = false;
	c->job.run = job_run;
	/* What waits for the session must not be forgotten when the job ends without a word. */
	atomic_store(&c->bits, CONN_JOB | (c->wakes || c->eof_s || c->leaving ? CONN_WANT : 0u));
	pool_post(c->need == GW_NEED_AUTH ? &l->g->auth_pool : &l->g->store_pool, &c->job);
	return true;
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

void conn_end(struct conn *c)
{
	struct loop *l = c->loop;

	c->phase = CONN_CLOSING;
	conn_unready(c);
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
