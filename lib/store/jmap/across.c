/* across.c - COPY and MOVE between accounts of a JMAP server: Email/copy (RFC 8621 4.7)
 *
 * The messages are new ones in the other account. There is no transaction over both accounts: they are there before a MOVE takes
 * them away here, so that what fails half way leaves copies. */
#include "store/jmap/driver.h"

#include <stdio.h>

#include "util/mem.h"

struct crossing {
	struct jmap_acct *acct;
	struct jmap_remote *from, *to;
	struct gw_mbox_id into;
	struct gw_arena arena;
	struct mirror_mailbox dst;
	struct mirror_message *v;    /* ascending UIDs */
	size_t n;
	struct gw_slice *made;       /* [n]: ids in the other account */
	bool *existed;               /* [n]: it had the message already */
	struct gw_copied *ret;
};

static const atomic_bool *stop_of(const struct crossing *c)
{
	return &c->acct->local.view.base.interrupted;
}

/* What became of messages first to first + n, and the facts of those that are new. */
static int take_answer(struct crossing *c, struct jmap_exchange *x, unsigned call, size_t first, size_t n, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		struct jmap_created made = { 0 };
		struct jmap_failure f;
		char creation[24];

		snprintf(creation, sizeof creation, "i%zu", i);
		jmap_object_created(x->answer, call, creation, &c->arena, &made, &f);
		if (f.kind == JMAP_OK) {
			c->made[first + i] = made.id;
		} else if (f.kind == JMAP_ERR_EXISTS && f.existing.n) {
			c->made[first + i] = gw_arena_dup(&c->arena, f.existing);
			c->existed[first + i] = true;
		} else if (rc == 0) {
			rc = f.kind == JMAP_ERR_NOT_FOUND ? gw_fail(err, GW_EGONE, "some of the messages were removed")
							  : jmap_fail(&f, "Email/copy", err);
		}
	}
	return rc;
}

static int copy_some(struct crossing *c, size_t first, size_t n, struct gw_err *err)
{
	struct gw_slice *ids = gw_arena_calloc(&c->arena, n, sizeof *ids);
	struct jmap_exchange x;
	unsigned call;
	int rc;

	for (size_t i = 0; i < n; i++)
		ids[i] = c->v[first + i].id;
	jmap_exchange_begin(&x, c->to);
	call = jmap_email_copy(&x.request, jmap_account_id(c->from), ids, n, c->dst.id);
	rc = jmap_exchange_do(&x, false, NULL, err); /* whether it was done must be known: it is not interrupted */
	if (rc == 0)
		rc = jmap_exchange_ok(&x, call, "Email/copy", err);
	if (rc == 0)
		rc = take_answer(c, &x, call, first, n, err);
	jmap_exchange_done(&x);
	return rc;
}

/* Of a message that IMAP shows twice each row is copied: two messages, or one where the server folds equal ones. */
static int copy_all(struct crossing *c, struct gw_err *err)
{
	size_t most = c->acct->login->session.limit.max_set;
	int rc = 0;

	for (size_t at = 0; at < c->n && rc == 0; at += most) {
		if (atomic_load(stop_of(c)))
			return gw_fail(err, GW_EINTR, "interrupted");
		rc = copy_some(c, at, c->n - at < most ? c->n - at : most, err);
	}
	return rc;
}

/* Some messages that were there before get into the mailbox, those from *at on. */
static int file_some(struct crossing *c, size_t *at, size_t most, struct gw_err *err)
{
	size_t first = *at, n = 0;
	struct jmap_exchange x;
	unsigned call;
	int rc;

	jmap_exchange_begin(&x, c->to);
	call = jmap_email_set_begin(&x.request, GW_S(""));
	for (; *at < c->n && n < most; (*at)++) {
		const struct jmap_patch p = { .id = c->made[*at], .into = c->dst.id };

		if (!c->existed[*at])
			continue;
		jmap_email_set_patch(&x.request, &p);
		n++;
	}
	jmap_email_set_end(&x.request);
	rc = n ? jmap_exchange_do(&x, true, NULL, err) : 0;
	if (rc == 0 && n)
		rc = jmap_exchange_ok(&x, call, "Email/set", err);
	for (size_t i = first; i < *at && rc == 0; i++) {
		struct jmap_failure f = { .kind = JMAP_OK };

		if (c->existed[i])
			jmap_object_updated(x.answer, call, c->made[i], &f);
		if (f.kind != JMAP_OK)
			rc = jmap_fail(&f, "Email/set", err);
	}
	jmap_exchange_done(&x);
	return rc;
}

static int file_existing(struct crossing *c, struct gw_err *err)
{
	int rc = 0;

	for (size_t at = 0; at < c->n && rc == 0;)
		rc = file_some(c, &at, c->acct->login->session.limit.max_set, err);
	return rc;
}

static void take_back(struct crossing *c)
{
	struct jmap_batch b = { .remote = c->to, .arena = &c->arena };
	struct gw_slice *v = gw_arena_calloc(&c->arena, c->n + 1, sizeof *v);

	for (size_t i = 0; i < c->n; i++)
		if (c->made[i].n && !c->existed[i])
			v[b.n_destroy++] = c->made[i];
	b.destroy = v;
	if (b.n_destroy)
		jmap_batch_do(&b, NULL);
}

/* ---- the mirror ---- */

static bool comes_again(const struct crossing *c, size_t i)
{
	for (size_t k = 0; k < i && c->existed[i]; k++)
		if (gw_slice_eq(c->made[k], c->made[i]))
			return true;
	return false;
}

/* UIDs in the order of the originals': one that the mailbox had before gets one more, and so does the second of equal ones. */
static int place_one(struct crossing *c, struct mirror_tx *tx, size_t i, const struct jmap_email *facts, struct gw_err *err)
{
	uint32_t uid = 0;
	int rc = GW_ENOENT;

	if (!comes_again(c, i)) {
		rc = mirror_tx_list(tx, c->into.id, facts, 1, err);
		if (rc == 0)
			rc = mirror_tx_placed(tx, c->into.id, facts->id, &uid, err);
	}
	if (rc == GW_ENOENT)
		rc = mirror_tx_alias(tx, c->into.id, c->made[i], &uid, err);
	if (rc < 0)
		return rc;
	gw_set_add(&c->ret->src, c->v[i].uid, c->v[i].uid);
	gw_set_add(&c->ret->dst, uid, uid);
	return 0;
}

static const struct jmap_email *facts_of(const struct jmap_email *v, size_t n, struct gw_slice id)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eq(v[i].id, id))
			return &v[i];
	return NULL;
}

/* Facts of messages first to first + n of the other account, and their places. */
static int place_some(struct crossing *c, size_t first, size_t n, struct gw_err *err)
{
	struct gw_slice *not_found, state;
	struct jmap_email *facts = NULL;
	size_t n_facts = 0, n_not_found;
	struct mirror_tx *tx = NULL;
	struct jmap_exchange x;
	unsigned call;
	int rc;

	jmap_exchange_begin(&x, c->to);
	call = jmap_email_get(&x.request, c->made + first, n, JMAP_ALL_FACTS);
	rc = jmap_exchange_do(&x, true, NULL, err);
	if (rc == 0)
		rc = jmap_exchange_ok(&x, call, "Email/get", err);
	if (rc == 0)
		rc = jmap_take_emails(x.answer, call, jmap_account_id(c->to), &x.arena, &facts, &n_facts, &not_found, &n_not_found,
			&state, err);
	if (rc == 0)
		rc = mirror_begin(c->to->acc, &tx, err);
	for (size_t i = first; i < first + n && rc == 0; i++) {
		const struct jmap_email *f = facts_of(facts, n_facts, c->made[i]);

		rc = f ? place_one(c, tx, i, f, err) : gw_fail(err, GW_EGONE, "some of the copies were removed");
	}
	if (rc == 0)
		rc = mirror_commit(tx, err);
	else
		mirror_rollback(tx);
	jmap_exchange_done(&x);
	return rc;
}

static int place_all(struct crossing *c, struct gw_err *err)
{
	size_t most = c->acct->login->session.limit.max_get;
	int rc = 0;

	for (size_t at = 0; at < c->n && rc == 0; at += most)
		rc = place_some(c, at, c->n - at < most ? c->n - at : most, err);
	if (rc == 0) /* that the copies are made stands whatever a look says now */
		jmap_sync_locked(c->to, NULL, NULL);
	return rc;
}

/* ---- the whole ---- */

static int prepare(struct crossing *c, struct gw_mbox_id from, const struct gw_set *uids, struct gw_err *err)
{
	struct gw_mailbox status;
	int rc = mirror_messages(c->from->acc, from.id, uids, &c->arena, &c->v, &c->n, err);

	if (rc == 0)
		rc = mirror_mailbox(c->to->acc, c->into.id, &c->arena, &c->dst, err);
	if (rc == 0 && !c->dst.complete)
		rc = jmap_complete_locked(c->to, c->into.id, false, stop_of(c), err);
	if (rc == 0)
		rc = view_status(&c->acct->local.view.base, c->into, &status, err);
	if (rc != 0)
		return rc;
	c->ret->uidvalidity = status.uidvalidity;
	c->made = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->made);
	c->existed = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->existed);
	return 0;
}

static int run(struct crossing *c, struct gw_mbox_id from, const struct gw_set *uids, struct gw_err *err)
{
	int rc = prepare(c, from, uids, err);

	if (rc < 0 || !c->n)
		return rc;
	rc = copy_all(c, err);
	if (rc == 0)
		rc = file_existing(c, err);
	if (rc < 0) {
		take_back(c);
		return rc;
	}
	return place_all(c, err);
}

int jmap_copy_across(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	struct crossing c = { .acct = (struct jmap_acct *)a, .into = to, .ret = ret };
	int rc = jmap_remote_of(a, from.space, &c.from, err);

	if (rc == 0)
		rc = jmap_remote_of(a, to.space, &c.to, err);
	if (rc == 0)
		rc = jmap_lock(c.to, &a->interrupted, err);
	if (rc < 0)
		return rc;
	gw_set_init(&ret->src);
	gw_set_init(&ret->dst);
	gw_arena_init(&c.arena, 16384, 0);
	rc = run(&c, from, uids, err);
	gw_arena_done(&c.arena);
	jmap_unlock(c.to);
	if (rc == 0)
		jmap_watch_wrote(c.to);
	if (rc == 0 && move && ret->src.n)
		rc = jmap_expunge(a, from, &ret->src, false, NULL, err);
	if (rc < 0)
		gw_copied_done(ret);
	return rc;
}
