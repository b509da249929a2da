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
	uint64_t *there;             /* [n]: not 0: dst has the message, as far as is known here */
	struct jmap_patch *patch;
	bool *had;                   /* [n_patch]: the same for the message of the patch */
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

static int by_id(const void *a, const void *b, void *ctx)
{
	const struct mirror_message *v = ctx;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int c = gw_slice_cmp(v[x].id, v[y].id);

	return c ? c : x < y ? -1 : x > y;
}

/* Rows of one message are one to the server: how many are there, told at the first of them. */
static size_t *count_rows(struct copying *c)
{
	size_t *at = gw_arena_calloc(&c->arena, c->n + 1, sizeof *at), *ret = gw_arena_calloc(&c->arena, c->n + 1, sizeof *ret);

	for (size_t i = 0; i < c->n; i++)
		at[i] = i;
	if (c->n)
		qsort_r(at, c->n, sizeof *at, by_id, c->v);
	for (size_t i = 0, first = 0; i < c->n; i++) {
		if (!gw_slice_eq(c->v[at[i]].id, c->v[at[first]].id))
			first = i;
		ret[at[first]]++;
	}
	return ret;
}

/* The patch names the mailbox also when the message is known to be there: somebody may have taken it away a moment ago, and then out
 * of the other one would be out of all. Out of that it goes with its last row. */
static void plan(struct copying *c)
{
	const size_t *rows = count_rows(c);
	bool leave = c->move && c->from.id != c->to.id;

	c->patch = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->patch);
	c->had = gw_arena_calloc(&c->arena, c->n + 1, sizeof *c->had);
	for (size_t i = 0; i < c->n; i++) {
		if (!rows[i])
			continue;
		c->had[c->n_patch] = c->there[i] != 0;
		c->patch[c->n_patch++] = (struct jmap_patch){
			.id = c->v[i].id, .into = c->dst.id, .out_of = leave && rows[i] == c->v[i].copies ? c->src.id : GW_S("")
		};
	}
}

/* \Deleted, too, goes with the message (RFC 3501 6.4.7); it is the mirror's. */
static int place(struct copying *c, struct mirror_tx *tx, struct gw_set *deleted, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->n && rc == 0; i++) {
		uint32_t uid = 0;

		rc = mirror_tx_alias(tx, c->to.id, c->v[i].id, &uid, err);
		if (rc < 0)
			break;
		gw_set_add(&c->ret->src, c->v[i].uid, c->v[i].uid);
		gw_set_add(&c->ret->dst, uid, uid);
		if (c->v[i].flags & GW_FLAG_DELETED)
			gw_set_add(deleted, uid, uid);
	}
	if (rc == 0 && deleted->n)
		rc = mirror_tx_deleted(tx, c->to.id, deleted, true, err);
	return rc == 0 && c->move ? mirror_tx_drop(tx, c->from.id, &c->ret->src, err) : rc;
}

/* All or nothing: when the server refused one of them, the mirror stays, and the rest is taken back. What cannot be taken back the
 * mirror finds at the server. */
static int apply(void *ctx, struct jmap_batch *b, struct gw_err *err)
{
	struct copying *c = ctx;
	struct gw_set deleted;
	struct mirror_tx *tx;
	int rc;

	for (size_t i = 0; i < c->n_patch; i++)
		if (b->patched[i].kind != JMAP_OK)
			return 1;
	rc = mirror_begin(c->remote->acc, &tx, err);
	if (rc < 0)
		return rc;
	gw_set_init(&deleted);
	rc = place(c, tx, &deleted, err);
	gw_set_done(&deleted);
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

	for (size_t i = 0; i < c->n_patch; i++) {
		struct jmap_patch p = { .id = c->patch[i].id, .into = c->patch[i].out_of };

		if (!c->had[i])
			p.out_of = c->patch[i].into;
		if (done->patched[i].kind == JMAP_OK && (p.into.n || p.out_of.n))
			v[b.n_patch++] = p;
	}
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
	if (!c->n)
		return 0;
	plan(c);
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
	int rc;

	if (from.space != to.space)
		return jmap_copy_across(a, from, uids, to, move, ret, err);
	rc = jmap_remote_of(a, from.space, &r, err);
	if (rc == 0)
		rc = jmap_complete(r, to.id, &a->interrupted, err);
	if (rc == 0)
		rc = jmap_lock(r, &a->interrupted, err);
	if (rc < 0)
		return rc;
	rc = jmap_copy_locked(a, from, uids, to, move, ret, err);
	jmap_unlock(r);
	return rc;
}
