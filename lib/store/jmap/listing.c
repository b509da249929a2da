/* listing.c - the complete list of one mailbox (RFC 8621 4.4)
 *
 * Which messages a mailbox holds comes from Email/query, oldest first; facts of those the mirror does not show there from
 * Email/get, some requests under way at a time. Each batch is a transaction, so a list that was interrupted goes on where it was.
 * UIDs are given in the order of the query.
 *
 * Who fills a list for a client has the account's lock only while something is put in. What the server told is put in when the mirror
 * has not moved on since it was asked, or is at the state that the answer has (RFC 8620 5.1): it is no older than the mirror then, and
 * Email/changes brings what came later. Else the batch is asked for once more, with the lock; and the ids are, before the list is said
 * to be complete. */
#include "store/jmap/driver.h"

#include <stdlib.h>

#include "util/mem.h"

#define PAGE	  50000u /* ids a query */
#define LIST_MAX  ((size_t)4 << 20)   /* ids of a mailbox, and */
#define LIST_OCTETS ((size_t)256 << 20) /* ... octets of them: a list without end is not believed */
#define BATCH	  1000 /* messages a request */
#define UNDER_WAY 3    /* requests at a time */
#define TRIES	  3    /* of a query whose anchor was lost */

static int by_received(const void *a, const void *b)
{
	const struct jmap_email *x = a, *y = b;

	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	return gw_slice_cmp(x->id, y->id);
}

void jmap_sort_emails(struct jmap_email *v, size_t n)
{
	if (n > 1)
		qsort(v, n, sizeof *v, by_received);
}

/* ---- ids ---- */

struct ids {
	struct gw_slice *v;
	size_t n, cap, octets;
	struct gw_arena arena;
};

static void ids_add(struct ids *ids, const struct gw_slice *v, size_t n)
{
	if (ids->n + n > ids->cap) {
		ids->cap = ids->n + n > 2 * ids->cap ? ids->n + n : 2 * ids->cap;
		ids->v = gw_xrealloc(ids->v, ids->cap, sizeof *ids->v);
	}
	for (size_t i = 0; i < n; i++) {
		ids->v[ids->n++] = gw_arena_dup(&ids->arena, v[i]);
		ids->octets += v[i].n;
	}
}

/* A page that holds the id it should come behind leads nowhere. */
static int believe(const struct ids *ids, struct gw_slice after, const struct gw_slice *v, size_t n, struct gw_err *err)
{
	bool again = false;

	for (size_t i = 0; i < n && after.n && !again; i++)
		again = gw_slice_eq(v[i], after);
	if (again)
		return gw_fail(err, GW_ECORRUPT, "the storage server lists a mailbox from the beginning, asked to go on");
	if (ids->n + n > LIST_MAX || ids->octets > LIST_OCTETS)
		return gw_fail(err, GW_ECORRUPT, "the storage server lists more than %zu messages of a mailbox", ids->n);
	return 0;
}

/* A page of the query; *ret_n ids came. *ret_again: the anchor is gone, begin anew. */
static int query(struct jmap_remote *r, struct gw_slice mailbox, struct ids *ids, size_t *ret_n, bool *ret_limited, bool *ret_again,
	const atomic_bool *stop, struct gw_err *err)
{
	struct gw_slice after = ids->n ? ids->v[ids->n - 1] : GW_S(""), *v = NULL, state;
	struct jmap_failure f;
	struct jmap_exchange x;
	uint64_t limit = 0;
	unsigned call;
	int rc;

	jmap_exchange_begin(&x, r);
	call = jmap_email_query(&x.request, mailbox, after, PAGE);
	rc = jmap_exchange_do(&x, true, stop, err);
	if (rc == 0) {
		jmap_call_failure(x.answer, call, &f);
		*ret_again = f.kind == JMAP_ERR_ANCHOR;
		if (f.kind != JMAP_OK && !*ret_again)
			rc = jmap_fail(&f, "Email/query", err);
		else if (!*ret_again)
			rc = jmap_take_ids(x.answer, call, jmap_account_id(r), &x.arena, &v, ret_n, &limit, &state, err);
		if (rc == 0 && !*ret_again)
			rc = believe(ids, after, v, *ret_n, err);
		if (rc == 0 && !*ret_again) {
			ids_add(ids, v, *ret_n);
			*ret_limited = limit > 0 || *ret_n == PAGE;
		}
	}
	jmap_exchange_done(&x);
	return rc;
}

static int all_ids(struct jmap_remote *r, struct gw_slice mailbox, struct ids *ids, const atomic_bool *stop, struct gw_err *err)
{
	bool limited = true;
	unsigned tries = 0;
	int rc = 0;

	while (rc == 0 && limited) {
		size_t n = 0;
		bool again = false;

		limited = false;
		rc = query(r, mailbox, ids, &n, &limited, &again, stop, err);
		if (rc == 0 && again) {
			ids->n = 0;
			limited = true;
			if (++tries == TRIES)
				rc = gw_fail(err, GW_EBUSY, "the mailbox changes faster than the storage server lists it");
		}
		limited = limited && (n || again);
	}
	return rc;
}

/* ---- facts ---- */

struct lister {
	struct jmap_remote *remote;
	uint64_t mailbox;
	struct gw_slice id;          /* the server's, of the mailbox */
	struct gw_slice *want;       /* ids whose facts are fetched, in the order of UIDs */
	size_t n;
	const atomic_bool *stop;
	bool shares;                 /* it has the account's lock only now and then */
	struct ids missing;          /* of them, those that are not there any more */
};

struct window {
	struct jmap_exchange x;
	unsigned call;
	size_t from, n;
	struct mirror_state at;      /* the mirror's when it was asked */
};

struct told {
	struct jmap_email *v;
	size_t n;
	struct gw_slice state;
};

static bool lies_in(const struct jmap_email *e, struct gw_slice mailbox)
{
	for (size_t i = 0; i < e->n_mailboxes; i++)
		if (gw_slice_eq(e->mailboxes[i], mailbox))
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct jmap_email *)a)->id, ((const struct jmap_email *)b)->id);
}

/* The facts in the order of the ids that were asked for; what is not in the mailbox any more is noted. */
static size_t in_order(struct lister *l, const struct window *w, struct jmap_email *v, size_t n, struct jmap_email *ret)
{
	size_t k = 0;

	if (n > 1)
		qsort(v, n, sizeof *v, by_id);
	for (size_t i = 0; i < w->n; i++) {
		const struct jmap_email key = { .id = l->want[w->from + i] };
		const struct jmap_email *e = n ? bsearch(&key, v, n, sizeof *v, by_id) : NULL;

		if (e && lies_in(e, l->id))
			ret[k++] = *e;
		else
			ids_add(&l->missing, &key.id, 1);
	}
	return k;
}

static int put(struct lister *l, const struct jmap_email *v, size_t n, struct gw_err *err)
{
	struct mirror_tx *tx;
	int rc = n ? mirror_begin(l->remote->acc, &tx, err) : 0;

	if (rc < 0 || !n)
		return rc;
	rc = mirror_tx_list(tx, l->mailbox, v, n, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

static unsigned most_of(const struct window *w)
{
	unsigned most = jmap_limits(&w->x)->max_get;

	return most < BATCH ? most : BATCH;
}

static void window_start(struct lister *l, struct window *w, size_t from)
{
	jmap_exchange_begin(&w->x, l->remote);
	w->from = from;
	w->n = l->n - from < most_of(w) ? l->n - from : most_of(w);
	if (l->shares && mirror_state_get(l->remote->acc, &w->x.arena, &w->at, NULL) < 0)
		w->at.email_state = GW_S("");
	w->call = jmap_email_get(&w->x.request, l->want + from, w->n, JMAP_ALL_FACTS);
	jmap_exchange_start(&w->x, true, l->stop);
}

static int window_take(struct lister *l, struct window *w, struct told *ret, struct gw_err *err)
{
	struct gw_slice *missing = NULL;
	size_t n_missing = 0;
	int rc = jmap_exchange_wait(&w->x, err);

	if (rc == 0)
		rc = jmap_exchange_ok(&w->x, w->call, "Email/get", err);
	return rc < 0 ? rc
		      : jmap_take_emails(w->x.answer, w->call, jmap_account_id(l->remote), &w->x.arena, &ret->v, &ret->n, &missing,
				&n_missing, &ret->state, err);
}

static int window_put(struct lister *l, struct window *w, const struct told *told, struct gw_err *err)
{
	struct jmap_email *sorted = gw_arena_calloc(&w->x.arena, w->n + 1, sizeof *sorted);

	return put(l, sorted, in_order(l, w, told->v, told->n, sorted), err);
}

/* Is what was told no older than the mirror? */
static int is_current(const struct lister *l, struct window *w, const struct told *told, bool *ret, struct gw_err *err)
{
	struct mirror_state now;
	int rc = mirror_state_get(l->remote->acc, &w->x.arena, &now, err);

	*ret = rc == 0 && now.email_state.n &&
	       (gw_slice_eq(now.email_state, w->at.email_state) || gw_slice_eq(now.email_state, told->state));
	return rc;
}

/* The same messages once more, by who has the lock. */
static int window_again(struct lister *l, struct window *w, struct told *ret, struct gw_err *err)
{
	jmap_exchange_done(&w->x);
	jmap_exchange_begin(&w->x, l->remote);
	w->call = jmap_email_get(&w->x.request, l->want + w->from, w->n, JMAP_ALL_FACTS);
	jmap_exchange_start(&w->x, true, l->stop);
	return window_take(l, w, ret, err);
}

static int window_put_locked(struct lister *l, struct window *w, struct told *told, struct gw_err *err)
{
	bool current = false;
	struct mirror_mailbox mb;
	int rc = mirror_mailbox(l->remote->acc, l->mailbox, &w->x.arena, &mb, err);

	if (rc < 0 || mb.complete) /* somebody who had the lock has done it */
		return rc;
	rc = is_current(l, w, told, &current, err);
	if (rc == 0 && !current)
		rc = window_again(l, w, told, err);
	return rc < 0 ? rc : window_put(l, w, told, err);
}

static int window_finish(struct lister *l, struct window *w, struct gw_err *err)
{
	struct told told = { .n = 0 };
	int rc = window_take(l, w, &told, err);

	if (rc == 0 && l->shares) {
		rc = jmap_lock(l->remote, l->stop, err);
		if (rc == 0) {
			rc = window_put_locked(l, w, &told, err);
			jmap_unlock(l->remote);
		}
	} else if (rc == 0) {
		rc = window_put(l, w, &told, err);
	}
	jmap_exchange_done(&w->x);
	return rc;
}

/* Fetch the facts of l->want and put them in, in order. */
static int fetch_facts(struct lister *l, struct gw_err *err)
{
	struct window w[UNDER_WAY];
	size_t next = 0, first = 0, running = 0;
	int rc = 0;

	while ((next < l->n && rc == 0) || running) {
		int one;

		for (; rc == 0 && running < UNDER_WAY && next < l->n; running++) {
			struct window *at = &w[(first + running) % UNDER_WAY];

			window_start(l, at, next);
			next += at->n;
		}
		if (rc < 0) { /* let the others end */
			jmap_exchange_wait(&w[first].x, NULL);
			jmap_exchange_done(&w[first].x);
		} else {
			one = window_finish(l, &w[first], err);
			rc = one < 0 ? one : 0;
		}
		first = (first + 1) % UNDER_WAY;
		running--;
	}
	return rc;
}

/* ---- the list ---- */

/* Those of ids whose facts are needed. */
static int choose(struct lister *l, const struct ids *ids, bool again, struct gw_err *err)
{
	uint64_t *known = gw_xcalloc(ids->n + 1, sizeof *known);
	int rc = again ? 0 : mirror_known(l->remote->acc, l->mailbox, ids->v, ids->n, known, err);

	l->want = gw_xcalloc(ids->n + 1, sizeof *l->want);
	for (size_t i = 0; i < ids->n && rc == 0; i++)
		if (!known[i])
			l->want[l->n++] = ids->v[i];
	free(known);
	return rc;
}

static int by_bytes(const void *a, const void *b)
{
	return gw_slice_cmp(*(const struct gw_slice *)a, *(const struct gw_slice *)b);
}

static int finish(struct lister *l, struct ids *ids, struct gw_err *err)
{
	struct mirror_tx *tx;
	size_t n = 0;
	int rc;

	if (l->missing.n > 1)
		qsort(l->missing.v, l->missing.n, sizeof *l->missing.v, by_bytes);
	for (size_t i = 0; i < ids->n; i++)
		if (!l->missing.n || !bsearch(&ids->v[i], l->missing.v, l->missing.n, sizeof *l->missing.v, by_bytes))
			ids->v[n++] = ids->v[i];
	rc = mirror_begin(l->remote->acc, &tx, err);
	if (rc < 0)
		return rc;
	rc = mirror_tx_complete(tx, l->mailbox, ids->v, n, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

static void lister_init(struct lister *l, struct ids *ids)
{
	gw_arena_init(&ids->arena, 65536, 0);
	gw_arena_init(&l->missing.arena, 0, 0);
}

static void lister_done(struct lister *l, struct ids *ids)
{
	free(l->want);
	free(l->missing.v);
	free(ids->v);
	gw_arena_done(&l->missing.arena);
	gw_arena_done(&ids->arena);
}

/* All but saying that the list is complete. */
static int bring(struct lister *l, struct ids *ids, bool again, struct gw_err *err)
{
	int rc = all_ids(l->remote, l->id, ids, l->stop, err);

	if (rc == 0)
		rc = choose(l, ids, again, err);
	return rc < 0 ? rc : fetch_facts(l, err);
}

int jmap_complete_locked(struct jmap_remote *r, uint64_t mailbox, bool again, const atomic_bool *stop, struct gw_err *err)
{
	struct lister l = { .remote = r, .mailbox = mailbox, .stop = stop };
	struct mirror_mailbox mb;
	struct ids ids = { .n = 0 };
	int rc;

	lister_init(&l, &ids);
	rc = mirror_mailbox(r->acc, mailbox, &ids.arena, &mb, err);
	if (rc == 0 && (again || !mb.complete)) {
		l.id = mb.id;
		rc = bring(&l, &ids, again, err);
		if (rc == 0)
			rc = finish(&l, &ids, err);
	}
	lister_done(&l, &ids);
	return rc;
}

/* With the lock: what was listed since the mirror was at `then` is the list, unless the mirror has moved on. */
static int finish_locked(struct lister *l, struct ids *ids, const struct mirror_state *then, struct gw_err *err)
{
	struct mirror_mailbox mb;
	struct mirror_state now;
	int rc = mirror_mailbox(l->remote->acc, l->mailbox, &ids->arena, &mb, err);

	if (rc < 0 || mb.complete)
		return rc;
	rc = mirror_state_get(l->remote->acc, &ids->arena, &now, err);
	if (rc < 0)
		return rc;
	if (gw_slice_eq(now.email_state, then->email_state) && !atomic_load(&l->remote->dirty))
		return finish(l, ids, err);
	return jmap_complete_locked(l->remote, l->mailbox, false, l->stop, err);
}

static int fill(struct jmap_remote *r, uint64_t mailbox, const atomic_bool *stop, struct gw_err *err)
{
	struct lister l = { .remote = r, .mailbox = mailbox, .stop = stop, .shares = true };
	struct mirror_mailbox mb;
	struct mirror_state then;
	struct ids ids = { .n = 0 };
	int rc;

	lister_init(&l, &ids);
	rc = mirror_mailbox(r->acc, mailbox, &ids.arena, &mb, err);
	if (rc == 0 && !mb.complete) {
		l.id = mb.id;
		rc = mirror_state_get(r->acc, &ids.arena, &then, err);
		if (rc == 0)
			rc = bring(&l, &ids, false, err);
		if (rc == 0)
			rc = jmap_lock(r, stop, err);
		if (rc == 0) {
			rc = finish_locked(&l, &ids, &then, err);
			jmap_unlock(r);
		}
	}
	lister_done(&l, &ids);
	return rc;
}

int jmap_complete(struct jmap_remote *r, uint64_t mailbox, const atomic_bool *stop, struct gw_err *err)
{
	struct mirror_mailbox mb;
	struct gw_arena arena;
	int fd = -1, rc;

	gw_arena_init(&arena, 0, 0);
	rc = mirror_mailbox(r->acc, mailbox, &arena, &mb, err);
	gw_arena_done(&arena);
	if (rc < 0 || mb.complete)
		return rc;
	rc = jmap_fill_lock(r, mailbox, &fd, stop, err);
	if (rc < 0)
		return rc;
	rc = fill(r, mailbox, stop, err);
	jmap_fill_unlock(fd);
	return rc;
}
