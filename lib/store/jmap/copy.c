/* copy.c - COPY and MOVE within an account of a JMAP server: another key in mailboxIds (RFC 8621 4.1.1)
 *
 * The server holds a message once, in a set of mailboxes. IMAP wants a new message for each copy: the mirror gives one, even where
 * the server has nothing to do because the message is there already. */
#include "store/jmap/driver.h"

#include <stdlib.h>

#include "util/mem.h"

struct copying {
	struct jmap_acct *acct;
	struct jmap_remote *remote;
	struct gw_mbox_id from, to;
	bool move;
	struct gw_arena arena;
	struct mirror_mailbox src, dst;
	struct mirror_message *v;    /* ascending UIDs */
	size_t n;
	uint64_t *there;             /* [n]: not 0: dst has the message */
	struct jmap_patch *patch;
	size_t n_patch;
	struct gw_copied *ret;
};

static int find_mailboxes(struct copying *c, struct gw_err *err)
{
	int rc = mirror_mailbox(c->remote->acc, c->from.id, &c->arena, &c->src, err);

	if (rc == 0)
		rc = mirror_mailbox(c->remote->acc, c->to.id, &c->arena, &c->dst, err);
	if (rc == 0 && !c->dst.complete)
		rc = jmap_complete_locked(c->remote, c->to.id, false, &c->acct->local.view.base.interrupted, err);
	return rc;
}

static int find_messages(struct copying *c, const struct gw_set *uids, struct gw_err *err)
{
	struct gw_slice *ids;
	int rc = mirror_messages(c->remote->acc, c->from.id, uids, &c->arena, &c->v, &c->n, err);

	if (rc != 0)
		return rc;
	ids = gw_arena_calloc(&c->arena, c->n + 1, sizeof *ids);
	for (size_t i = 0; i < c->n; i++)
		ids[i] = c->v[i].id;
	c->there = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->there);
	return mirror_known(c->remote->acc, c->to.id, ids, c->n, c->there, err);
}

/* How many rows of the message are moved; the first of them does the asking. */
static size_t rows_of(const struct copying *c, size_t i, bool *ret_first)
{
	size_t n = 0;

	*ret_first = true;
	for (size_t k = 0; k < c->n; k++)
		if (gw_slice_eq(c->v[k].id, c->v[i].id)) {
			*ret_first = *ret_first && k >= i;
			n++;
		}
	return n;
}

/* Most messages have one row: only the others are looked for. */
static void plan(struct copying *c)
{
	bool same = c->from.id == c->to.id;

	c->patch = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->patch);
	for (size_t i = 0; i < c->n && !same; i++) {
		struct jmap_patch p = { .id = c->v[i].id };
		bool first = true;
		size_t rows = c->v[i].copies > 1 ? rows_of(c, i, &first) : 1;

		if (!c->there[i])
			p.into = c->dst.id;
		if (c->move && rows == c->v[i].copies)
			p.out_of = c->src.id;
		if (first && (p.into.n || p.out_of.n))
			c->patch[c->n_patch++] = p;
	}
}

static int place(struct copying *c, struct mirror_tx *tx, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->n && rc == 0; i++) {
		uint32_t uid = 0;

		rc = mirror_tx_alias(tx, c->to.id, c->v[i].id, &uid, err);
		if (rc < 0)
			break;
		gw_set_add(&c->ret->src, c->v[i].uid, c->v[i].uid);
		gw_set_add(&c->ret->dst, uid, uid);
	}
	return rc == 0 && c->move ? mirror_tx_drop(tx, c->from.id, &c->ret->src, err) : rc;
}

/* All or nothing: when the server refused one of them, the mirror stays, and the rest is taken back. */
static int apply(void *ctx, struct jmap_batch *b, struct gw_err *err)
{
	struct copying *c = ctx;
	struct mirror_tx *tx;
	int rc;

	for (size_t i = 0; b && i < c->n_patch; i++)
		if (b->patched[i].kind != JMAP_OK)
			return 0;
	rc = mirror_begin(c->remote->acc, &tx, err);
	if (rc < 0)
		return rc;
	rc = place(c, tx, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* The patches that were done, the other way round. */
static void take_back(struct copying *c, const struct jmap_batch *done)
{
	struct jmap_batch b = { .remote = c->remote, .arena = &c->arena };
	struct jmap_patch *v = gw_arena_calloc(&c->arena, c->n_patch + 1, sizeof *v);

	for (size_t i = 0; i < c->n_patch; i++)
		if (done->patched[i].kind == JMAP_OK)
			v[b.n_patch++] = (struct jmap_patch){ .id = c->patch[i].id, .into = c->patch[i].out_of, .out_of = c->patch[i].into };
	b.patch = v;
	if (b.n_patch)
		jmap_batch_do(&b, NULL);
}

static int refused(const struct jmap_batch *b, struct gw_err *err)
{
	for (size_t i = 0; i < b->n_patch; i++) {
		if (b->patched[i].kind == JMAP_ERR_NOT_FOUND)
			return gw_fail(err, GW_EGONE, "some of the messages were removed");
		if (b->patched[i].kind != JMAP_OK)
			return jmap_fail(&b->patched[i], "Email/set", err);
	}
	return 0;
}

static int run(struct copying *c, const struct gw_set *uids, struct gw_err *err)
{
	struct jmap_batch b = { .remote = c->remote, .arena = &c->arena, .stop = &c->acct->local.view.base.interrupted, .apply = apply,
		.ctx = c };
	struct gw_mailbox status;
	int rc = find_mailboxes(c, err);

	if (rc == 0)
		rc = find_messages(c, uids, err);
	if (rc == 0)
		rc = view_status(&c->acct->local.view.base, c->to, &status, err);
	if (rc != 0)
		return rc;
	c->ret->uidvalidity = status.uidvalidity;
	plan(c);
	if (!c->n_patch)
		return c->n ? apply(c, NULL, err) : 0;
	b.patch = c->patch;
	b.n_patch = c->n_patch;
	rc = jmap_batch_do(&b, err);
	if (rc == 0)
		rc = refused(&b, err);
	if (rc < 0)
		take_back(c, &b);
	return rc;
}

int jmap_copy_locked(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	struct copying c = { .acct = (struct jmap_acct *)a, .from = from, .to = to, .move = move, .ret = ret };
	int rc = jmap_remote_of(a, from.space, &c.remote, err);

	if (rc < 0)
		return rc;
	gw_set_init(&ret->src);
	gw_set_init(&ret->dst);
	gw_arena_init(&c.arena, 16384, 0);
	rc = run(&c, uids, err);
	gw_arena_done(&c.arena);
	if (rc < 0)
		gw_copied_done(ret);
	return rc;
}

int jmap_copy(struct gw_acct *a, struct gw_mbox_id from, const struct gw_set *uids, struct gw_mbox_id to, bool move,
	struct gw_copied *ret, struct gw_err *err)
{
	struct jmap_remote *r;
	int rc = jmap_remote_of(a, from.space, &r, err);

	if (rc == 0 && from.space != to.space)
		rc = gw_fail(err, GW_ENOTSUP, "the storage server does not copy between accounts");
	if (rc == 0)
		rc = jmap_lock(r, err);
	if (rc < 0)
		return rc;
	rc = jmap_copy_locked(a, from, uids, to, move, ret, err);
	jmap_unlock(r);
	return rc;
}
