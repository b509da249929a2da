/* batch.c - many patches and removals, in requests that the server's limits allow (Email/set, RFC 8621 4.6)
 *
 * Patches and removals may be repeated: when an answer was lost, the client of http.h sends the request again, and what was
 * done already is found done. What must not happen blindly carries the state that the decision was made on (ifInState). */
#include "store/jmap/driver.h"

#include "util/mem.h"

struct part {
	size_t patch, n_patch, destroy, n_destroy;
};

static struct part next_part(const struct jmap_batch *b, const struct part *last, unsigned most)
{
	struct part p = { .patch = last->patch + last->n_patch, .destroy = last->destroy + last->n_destroy };

	p.n_patch = b->n_patch - p.patch < most ? b->n_patch - p.patch : most;
	p.n_destroy = b->n_destroy - p.destroy < most - p.n_patch ? b->n_destroy - p.destroy : most - p.n_patch;
	return p;
}

static unsigned write_part(struct jmap_batch *b, struct jmap_exchange *x, const struct part *p, struct gw_slice state)
{
	unsigned call = jmap_email_set_begin(&x->request, state);

	for (size_t i = 0; i < p->n_patch; i++)
		jmap_email_set_patch(&x->request, &b->patch[p->patch + i]);
	if (p->n_destroy)
		jmap_email_set_destroy(&x->request, b->destroy + p->destroy, p->n_destroy);
	jmap_email_set_end(&x->request);
	return call;
}

/* They live as long as the answer. */
static void keep_texts(struct jmap_batch *b, struct jmap_failure *f)
{
	f->type = gw_arena_dup(b->arena, f->type);
	f->description = gw_arena_dup(b->arena, f->description);
	f->existing = gw_arena_dup(b->arena, f->existing);
}

static void read_part(struct jmap_batch *b, const struct jmap_exchange *x, unsigned call, const struct part *p)
{
	for (size_t i = p->patch; i < p->patch + p->n_patch; i++)
		jmap_object_updated(x->answer, call, b->patch[i].id, &b->patched[i]);
	for (size_t i = p->destroy; i < p->destroy + p->n_destroy; i++)
		jmap_object_destroyed(x->answer, call, b->destroy[i], &b->destroyed[i]);
	for (size_t i = p->patch; i < p->patch + p->n_patch; i++)
		keep_texts(b, &b->patched[i]);
	for (size_t i = p->destroy; i < p->destroy + p->n_destroy; i++)
		keep_texts(b, &b->destroyed[i]);
}

/* One request. *state is what it must find, and then what it left. */
static int do_part(struct jmap_batch *b, struct jmap_exchange *x, unsigned *ret_call, const struct part *p, struct gw_slice *state,
	struct gw_err *err)
{
	struct jmap_failure f;
	struct jmap_set set;
	int rc;

	*ret_call = write_part(b, x, p, b->if_state ? *state : GW_S(""));
	rc = jmap_exchange_do(x, true, b->stop, err);
	if (rc < 0)
		return rc;
	jmap_call_failure(x->answer, *ret_call, &f);
	if (f.kind == JMAP_ERR_STATE)
		return gw_fail(err, GW_EBUSY, "others change the account at the same time");
	if (f.kind != JMAP_OK)
		return jmap_fail(&f, "Email/set", err);
	read_part(b, x, *ret_call, p);
	rc = jmap_take_set(x->answer, *ret_call, jmap_account_id(b->remote), b->arena, &set, err);
	if (rc == 0)
		*state = set.new_state;
	return rc;
}

static int state_now(struct jmap_batch *b, struct gw_slice *ret, struct gw_err *err)
{
	struct mirror_state at;
	int rc = mirror_state_get(b->remote->acc, b->arena, &at, err);

	if (rc == 0)
		*ret = at.email_state;
	return rc;
}

/* The mirror gets what came of it, then the state when it is known that nothing else happened. That is no part of the change: what is
 * written is written, and what cannot be seen of it now is seen when the mirror is next brought up to date. */
static int settle(struct jmap_batch *b, struct jmap_exchange *x, unsigned call, bool last_alone, struct gw_err *err)
{
	int rc = b->apply ? b->apply(b->ctx, b, err) : 1;

	if (rc != 0)
		atomic_store(&b->remote->dirty, true);
	else if (last_alone)
		jmap_settle(b->remote, x, call, b->stop);
	else
		jmap_sync_locked(b->remote, b->stop, NULL);
	return rc < 0 ? rc : 0;
}

static unsigned most_in_set(const struct jmap_exchange *x)
{
	unsigned most = jmap_limits(x)->max_set;

	return most ? most : 1;
}

int jmap_batch_do(struct jmap_batch *b, struct gw_err *err)
{
	struct part p = { 0 };
	struct gw_slice state;
	bool more = true;
	int rc = state_now(b, &state, err);
	unsigned done = 0;
	bool applied = false;

	b->patched = gw_arena_calloc(b->arena, b->n_patch + 1, sizeof *b->patched);
	b->destroyed = gw_arena_calloc(b->arena, b->n_destroy + 1, sizeof *b->destroyed);
	for (size_t i = 0; i < b->n_patch; i++)
		b->patched[i] = (struct jmap_failure){ .kind = JMAP_ERR_OTHER, .code = GW_EUNAVAIL };
	for (size_t i = 0; i < b->n_destroy; i++)
		b->destroyed[i] = (struct jmap_failure){ .kind = JMAP_ERR_OTHER, .code = GW_EUNAVAIL };
	while (rc == 0 && more) {
		struct jmap_exchange x;
		unsigned call;

		jmap_exchange_begin(&x, b->remote);
		p = next_part(b, &p, most_in_set(&x));
		more = p.patch + p.n_patch < b->n_patch || p.destroy + p.n_destroy < b->n_destroy;
		rc = do_part(b, &x, &call, &p, &state, err);
		done += rc == 0;
		applied = rc == 0 && !more;
		if (applied)
			rc = settle(b, &x, call, done == 1, err);
		else if (rc == 0 && b->if_state && !state.n)
			rc = gw_fail(err, GW_ECORRUPT, "the storage server does not tell its state");
		jmap_exchange_done(&x);
	}
	if (rc < 0 && done && !applied && b->apply) /* some is written: let the mirror have it */
		b->apply(b->ctx, b, NULL);
	if (rc < 0)
		atomic_store(&b->remote->dirty, true);
	return rc;
}

int jmap_batch_refused(const struct jmap_batch *b, struct gw_err *err)
{
	for (size_t i = 0; i < b->n_patch; i++)
		if (b->patched[i].kind != JMAP_OK && b->patched[i].kind != JMAP_ERR_NOT_FOUND)
			return jmap_fail(&b->patched[i], "Email/set", err);
	for (size_t i = 0; i < b->n_destroy; i++)
		if (b->destroyed[i].kind != JMAP_OK && b->destroyed[i].kind != JMAP_ERR_NOT_FOUND)
			return jmap_fail(&b->destroyed[i], "Email/set", err);
	return 0;
}
