/* sync.c - bringing the mirror up to date (RFC 8620 5.2, RFC 8621)
 *
 * The usual way is one request: what changed since the states the mirror is at, and the facts of it. A server that cannot tell
 * (cannotCalculateChanges) is compared with in full: every complete list is fetched again, and what differs is changed; UIDs and
 * UIDVALIDITY stay. State strings are opaque: only equality means something. */
#include "store/jmap/driver.h"

#include "util/mem.h"

#define ROUNDS_MAX   10000 /* a server that always has more changes is not believed */

struct delta_facts {
	struct jmap_changes mailboxes, emails;
	bool tree;                   /* the tree must be fetched: v */
	bool whole;                  /* the server cannot tell what changed of messages */
	struct jmap_mailbox *v;
	size_t n;
	struct gw_slice tree_state;
	struct jmap_email *email;
	size_t n_email;
	struct gw_slice *gone;
	size_t n_gone;
};

static int must(const struct jmap_exchange *x, unsigned call, const char *what, enum jmap_error but, bool *ret_but, struct gw_err *err)
{
	struct jmap_failure f;

	jmap_call_failure(x->answer, call, &f);
	*ret_but = f.kind == but || (but == JMAP_ERR_CHANGES && f.kind == JMAP_ERR_TOO_MANY_CHANGES);
	return f.kind == JMAP_OK || *ret_but ? 0 : jmap_fail(&f, what, err);
}

/* ---- the tree ---- */

static int fetch_tree(struct jmap_remote *r, struct gw_arena *arena, struct delta_facts *d, const atomic_bool *stop, struct gw_err *err)
{
	struct jmap_exchange x;
	unsigned call;
	int rc;

	jmap_exchange_begin(&x, r);
	call = jmap_mailbox_get(&x.request, NULL, 0);
	rc = jmap_exchange_do(&x, true, stop, err);
	if (rc == 0)
		rc = jmap_exchange_ok(&x, call, "Mailbox/get", err);
	if (rc == 0)
		rc = jmap_take_mailboxes(x.answer, call, jmap_account_id(r), arena, &d->v, &d->n, &d->tree_state, err);
	jmap_exchange_done(&x);
	return rc;
}

/* ---- changes ---- */

/* Both lists of facts in one, in the order in which new messages get UIDs; not-found ids count as gone. */
static int take_emails(struct jmap_exchange *x, const unsigned get[2], struct gw_arena *arena, struct delta_facts *d, struct gw_err *err)
{
	struct jmap_email *v[2] = { NULL, NULL };
	struct gw_slice *missing[2] = { NULL, NULL }, state;
	size_t n[2] = { 0, 0 }, n_missing[2] = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		int rc = jmap_exchange_ok(x, get[i], "Email/get", err);

		if (rc == 0)
			rc = jmap_take_emails(x->answer, get[i], jmap_account_id(x->remote), arena, &v[i], &n[i], &missing[i],
				&n_missing[i], &state, err);
		if (rc < 0)
			return rc;
	}
	d->email = gw_arena_calloc(arena, n[0] + n[1] + 1, sizeof *d->email);
	d->n_email = n[0] + n[1];
	if (n[0])
		memcpy(d->email, v[0], n[0] * sizeof *v[0]);
	if (n[1])
		memcpy(d->email + n[0], v[1], n[1] * sizeof *v[1]);
	jmap_sort_emails(d->email, d->n_email);
	d->n_gone = d->emails.n_destroyed + n_missing[0] + n_missing[1];
	d->gone = gw_arena_calloc(arena, d->n_gone + 1, sizeof *d->gone);
	for (size_t i = 0; i < d->emails.n_destroyed; i++)
		d->gone[i] = d->emails.destroyed[i];
	for (size_t i = 0, at = d->emails.n_destroyed; i < 2; at += n_missing[i], i++)
		for (size_t k = 0; k < n_missing[i]; k++)
			d->gone[at + k] = missing[i][k];
	return 0;
}

static int take_delta(struct jmap_exchange *x, const unsigned call[2], const unsigned get[2], struct gw_arena *arena,
	struct delta_facts *d, struct gw_err *err)
{
	bool unknown;
	int rc = must(x, call[0], "Mailbox/changes", JMAP_ERR_CHANGES, &unknown, err);

	if (rc < 0)
		return rc;
	if (!unknown)
		rc = jmap_take_changes(x->answer, call[0], jmap_account_id(x->remote), arena, &d->mailboxes, err);
	if (rc < 0)
		return rc;
	d->tree = unknown || d->mailboxes.n_destroyed || d->mailboxes.more || (d->mailboxes.n_changed && !d->mailboxes.counts_only);
	rc = must(x, call[1], "Email/changes", JMAP_ERR_CHANGES, &d->whole, err);
	if (rc < 0 || d->whole)
		return rc;
	rc = jmap_take_changes(x->answer, call[1], jmap_account_id(x->remote), arena, &d->emails, err);
	return rc < 0 ? rc : take_emails(x, get, arena, d, err);
}

/* A state that moved although nothing changed: a write that did nothing, or a server that was put back to a backup and does not
 * know our state any more. Counts of messages tell. */
static bool moved_for_nothing(const struct delta_facts *d, const struct mirror_state *at)
{
	return !d->whole && !d->emails.more && !d->emails.n_changed && !d->emails.n_destroyed &&
	       !gw_slice_eq(d->emails.new_state, at->email_state);
}

static const struct jmap_mailbox *told(const struct delta_facts *d, struct gw_slice id)
{
	for (size_t i = 0; i < d->n; i++)
		if (gw_slice_eq(d->v[i].id, id))
			return &d->v[i];
	return NULL;
}

static int compare_counts(struct jmap_remote *r, struct gw_arena *arena, struct delta_facts *d, struct gw_err *err)
{
	struct mirror_mailbox *v;
	size_t n;
	int rc = mirror_mailboxes(r->acc, arena, &v, &n, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct jmap_mailbox *mb = v[i].complete ? told(d, v[i].id) : NULL;

		d->whole = d->whole || (mb && mb->total != v[i].messages);
	}
	return 0;
}

static unsigned ask_for(const struct jmap_remote *r, const struct jmap_limits *limit)
{
	return r->changes.n < limit->max_get ? r->changes.n : limit->max_get;
}

static int fetch_delta(struct jmap_remote *r, const struct mirror_state *at, struct gw_arena *arena, struct delta_facts *d,
	const atomic_bool *stop, struct gw_err *err)
{
	unsigned call[2], get[2];
	struct jmap_exchange x;
	bool doubt;
	int rc;

	jmap_exchange_begin(&x, r);
	call[0] = jmap_mailbox_changes(&x.request, at->mailbox_state);
	call[1] = jmap_email_changes(&x.request, at->email_state, ask_for(r, jmap_limits(&x)));
	get[0] = jmap_email_get_from(&x.request, call[1], "Email/changes", "/created", JMAP_ALL_FACTS);
	get[1] = jmap_email_get_from(&x.request, call[1], "Email/changes", "/updated", JMAP_ALL_FACTS);
	rc = jmap_exchange_do(&x, true, stop, err);
	if (rc == 0)
		rc = take_delta(&x, call, get, arena, d, err);
	jmap_exchange_done(&x);
	doubt = rc == 0 && moved_for_nothing(d, at);
	d->tree = d->tree || doubt;
	if (rc == 0 && d->tree)
		rc = fetch_tree(r, arena, d, stop, err);
	return rc == 0 && doubt ? compare_counts(r, arena, d, err) : rc;
}

static int apply(struct mirror_tx *tx, const struct delta_facts *d, struct gw_err *err)
{
	int rc = 0;

	if (d->tree)
		rc = mirror_tx_mailboxes(tx, d->v, d->n, err);
	if (rc == 0 && !d->whole)
		rc = mirror_tx_emails(tx, d->email, d->n_email, err);
	if (rc == 0 && !d->whole)
		rc = mirror_tx_gone(tx, d->gone, d->n_gone, err);
	if (rc == 0)
		rc = mirror_tx_set_states(tx, d->whole ? NULL : &d->emails.new_state,
			d->tree ? &d->tree_state : &d->mailboxes.new_state, err);
	return rc;
}

static bool same_moment(const struct mirror_state *a, const struct mirror_state *b)
{
	return gw_slice_eq(a->email_state, b->email_state) && gw_slice_eq(a->mailbox_state, b->mailbox_state);
}

/* Put the delta in, unless somebody else has moved the mirror on since `at`: then *ret_lost. */
static int commit(struct jmap_remote *r, const struct mirror_state *at, const struct delta_facts *d, struct gw_arena *arena,
	bool *ret_lost, struct gw_err *err)
{
	struct mirror_state now;
	struct mirror_tx *tx;
	int rc = mirror_begin(r->acc, &tx, err);

	if (rc < 0)
		return rc;
	rc = mirror_tx_state(tx, arena, &now, err);
	*ret_lost = rc == 0 && !same_moment(at, &now);
	if (rc == 0 && !*ret_lost)
		rc = apply(tx, d, err);
	if (rc == 0 && !*ret_lost)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* ---- the first time ---- */

static int first_facts(struct jmap_exchange *x, const unsigned call[2], struct delta_facts *d, struct gw_slice *email_state,
	struct gw_err *err)
{
	struct gw_slice account = jmap_account_id(x->remote), *missing;
	struct jmap_email *none;
	size_t n, n_missing;
	int rc = jmap_exchange_ok(x, call[0], "Email/get", err);

	if (rc == 0)
		rc = jmap_take_emails(x->answer, call[0], account, &x->arena, &none, &n, &missing, &n_missing, email_state, err);
	if (rc == 0)
		rc = jmap_exchange_ok(x, call[1], "Mailbox/get", err);
	if (rc == 0)
		rc = jmap_take_mailboxes(x->answer, call[1], account, &x->arena, &d->v, &d->n, &d->tree_state, err);
	return rc;
}

/* The tree, and the state of messages from before it: lists are fetched later, one by one. keep: of a mirror that knows messages. */
static int begin_anew(struct jmap_remote *r, struct gw_slice *ret_state, struct gw_arena *arena, const atomic_bool *stop, struct gw_err *err)
{
	struct delta_facts d = { .tree = true };
	struct jmap_exchange x;
	struct mirror_tx *tx;
	unsigned call[2];
	int rc;

	jmap_exchange_begin(&x, r);
	call[0] = jmap_email_state(&x.request);
	call[1] = jmap_mailbox_get(&x.request, NULL, 0);
	rc = jmap_exchange_do(&x, true, stop, err);
	if (rc == 0)
		rc = first_facts(&x, call, &d, ret_state, err);
	if (rc == 0)
		rc = mirror_begin(r->acc, &tx, err);
	if (rc == 0) {
		rc = mirror_tx_set_account(tx, jmap_account_id(r), err);
		if (rc == 0)
			rc = mirror_tx_mailboxes(tx, d.v, d.n, err);
		if (rc == 0)
			rc = mirror_tx_set_states(tx, NULL, &d.tree_state, err);
		if (rc == 0)
			rc = mirror_commit(tx, err);
		else
			mirror_rollback(tx);
	}
	if (rc == 0)
		*ret_state = gw_arena_dup(arena, *ret_state);
	jmap_exchange_done(&x);
	return rc;
}

static int set_email_state(struct jmap_remote *r, struct gw_slice state, struct gw_err *err)
{
	struct mirror_tx *tx;
	int rc = mirror_begin(r->acc, &tx, err);

	if (rc < 0)
		return rc;
	rc = mirror_tx_set_states(tx, &state, NULL, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* Everything that is listed, and be it in part, is compared with the server; only then does the mirror have the state from before. */
static int compare_all(struct jmap_remote *r, struct gw_arena *arena, const atomic_bool *stop, struct gw_err *err)
{
	struct mirror_mailbox *v;
	struct gw_slice state;
	size_t n;
	int rc = begin_anew(r, &state, arena, stop, err);

	if (rc == 0)
		rc = mirror_mailboxes(r->acc, arena, &v, &n, err);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < n && rc == 0; i++)
		if (v[i].complete || v[i].messages) /* what was brought of a list that is not complete is as old */
			rc = jmap_complete_locked(r, v[i].mailbox, true, stop, err);
	return rc == 0 ? set_email_state(r, state, err) : rc;
}

/* ---- all ---- */

/* One round. *ret_more: there are more changes, or it must be done again. */
static int step(struct jmap_remote *r, bool *ret_more, const atomic_bool *stop, struct gw_err *err)
{
	struct delta_facts d = { 0 };
	struct mirror_state at;
	struct gw_arena arena;
	bool lost = false;
	int rc;

	gw_arena_init(&arena, 65536, 0);
	rc = mirror_state_get(r->acc, &arena, &at, err);
	if (rc == GW_ENOENT || (rc == 0 && (!at.email_state.n || !at.mailbox_state.n))) {
		rc = compare_all(r, &arena, stop, err);
	} else if (rc == 0 && !gw_slice_eq(gw_slice_str(at.account), jmap_account_id(r))) {
		rc = gw_fail(err, GW_ECORRUPT, "the mirror is of account \"%s\", the storage server says \"%s\"", at.account, r->account);
	} else if (rc == 0) {
		rc = fetch_delta(r, &at, &arena, &d, stop, err);
		if (rc == 0)
			rc = commit(r, &at, &d, &arena, &lost, err);
		if (rc == 0 && d.whole && !lost)
			rc = compare_all(r, &arena, stop, err);
		*ret_more = rc == 0 && (lost || d.emails.more);
		if (*ret_more && !lost && gw_slice_eq(d.emails.new_state, at.email_state))
			rc = gw_fail(err, GW_ECORRUPT, "the storage server has more changes but no newer state");
	}
	gw_arena_done(&arena);
	return rc;
}

int jmap_sync_locked(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err)
{
	uint64_t begun = gw_mono_ms(r->js->clock);
	bool more = true;
	int rc = 0;

	atomic_store(&r->dirty, false);
	for (unsigned i = 0; rc == 0 && more; i++) {
		more = false;
		if (i == ROUNDS_MAX)
			rc = gw_fail(err, GW_ECORRUPT, "the storage server has no end of changes");
		if (rc == 0)
			rc = step(r, &more, stop, err);
		if (rc == GW_ELIMIT && jmap_pace_fewer(&r->changes, begun)) {
			more = true;
			rc = 0;
		}
	}
	if (rc == 0)
		jmap_pace_well(&r->changes, begun);
	if (rc == 0)
		atomic_store(&r->synced_ms, begun ? begun : 1);
	else
		atomic_store(&r->dirty, true);
	if (rc == GW_EUNAVAIL)
		atomic_store(&r->tried_ms, begun ? begun : 1);
	return rc;
}

int jmap_sync(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err)
{
	int rc = jmap_lock(r, stop, err);

	if (rc < 0)
		return rc;
	rc = jmap_sync_locked(r, stop, err);
	jmap_unlock(r);
	return rc;
}

static bool within(struct jmap_remote *r, const _Atomic uint64_t *when, unsigned age_ms)
{
	uint64_t at = atomic_load(when);

	return at && gw_mono_ms(r->js->clock) - at < age_ms;
}

static bool is_fresh(struct jmap_remote *r, unsigned max_age_ms)
{
	return !atomic_load(&r->dirty) && within(r, &r->synced_ms, max_age_ms);
}

/* Is there something that can be read while the server is away? */
static bool has_mirror(struct jmap_remote *r)
{
	struct mirror_state at = { .listed = false };
	struct gw_arena arena;
	bool has;

	gw_arena_init(&arena, 0, 0);
	has = mirror_state_get(r->acc, &arena, &at, NULL) == 0 && at.mailbox_state.n;
	gw_arena_done(&arena);
	return has;
}

int jmap_fresh(struct jmap_remote *r, unsigned max_age_ms, const atomic_bool *stop, struct gw_err *err)
{
	int rc;

	if (is_fresh(r, max_age_ms))
		return 0;
	if (r->js->set.offline && within(r, &r->tried_ms, max_age_ms) && has_mirror(r))
		return 0;
	rc = jmap_lock(r, stop, err); /* GW_EUNAVAIL: the shared map is away */
	if (rc == 0) {
		rc = is_fresh(r, max_age_ms) ? 0 : jmap_sync_locked(r, stop, err); /* another session may have done it */
		jmap_unlock(r);
	}
	return rc == GW_EUNAVAIL && r->js->set.offline && has_mirror(r) ? 0 : rc;
}

/* ---- after a write ---- */

/* Has the mirror the state the write began from? Then it gets the one it led to. */
static int adopt(struct jmap_remote *r, const struct jmap_set *set, bool *ret, struct gw_err *err)
{
	struct mirror_state now;
	struct gw_arena arena;
	struct mirror_tx *tx;
	int rc;

	*ret = false;
	if (!set->old_state.n || !set->new_state.n)
		return 0;
	rc = mirror_begin(r->acc, &tx, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	rc = mirror_tx_state(tx, &arena, &now, err);
	*ret = rc == 0 && gw_slice_eq(now.email_state, set->old_state);
	if (*ret)
		rc = mirror_tx_set_states(tx, &set->new_state, NULL, err);
	if (*ret && rc == 0) {
		rc = mirror_commit(tx, err);
		tx = NULL;
	}
	mirror_rollback(tx);
	gw_arena_done(&arena);
	return rc;
}

void jmap_settle(struct jmap_remote *r, struct jmap_exchange *x, unsigned call, const atomic_bool *stop)
{
	struct jmap_set set = { .new_state = GW_S("") };
	bool adopted = false;
	int rc = jmap_take_set(x->answer, call, jmap_account_id(r), &x->arena, &set, NULL);

	if (rc == 0)
		rc = adopt(r, &set, &adopted, NULL);
	if (!adopted)
		jmap_sync_locked(r, stop, NULL); /* when it fails, r is dirty */
	else if (rc < 0)
		atomic_store(&r->dirty, true);
	jmap_watch_wrote(r);
}
