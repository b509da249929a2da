/* expunge.c - EXPUNGE on a JMAP server: a message leaves one mailbox, and is destroyed when that was its last one
 *
 * The decision is made on what the mirror knows at a state of the server, and the request carries that state, so that a
 * message that somebody files elsewhere at this moment is not destroyed. Copies that only the mirror knows go there alone. */
#include "store/jmap/driver.h"

#include <stdlib.h>

#include "util/mem.h"

#define TRIES 5 /* while others change the account */

struct removal {
	struct jmap_acct *acct;
	struct jmap_remote *remote;
	struct gw_mbox_id id;
	struct gw_arena arena;
	struct gw_slice mailbox;     /* the server's id */
	struct gw_slice trash;       /* n 0: destroy */
	uint64_t shown_trash;        /* the same, where its list is complete; 0: it is not */
	struct mirror_message *v;    /* rows to remove, by the server's id */
	size_t n;
	struct jmap_patch *patch;
	struct gw_slice *destroy;
	size_t n_patch, n_destroy;
	struct gw_set gone;          /* rows that went, in all tries */
};

static int by_id(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct mirror_message *)a)->id, ((const struct mirror_message *)b)->id);
}

static int choose(struct removal *r, const struct gw_set *uids, bool only_deleted, struct gw_err *err)
{
	size_t n = 0;
	int rc = mirror_messages(r->remote->acc, r->id.id, uids, &r->arena, &r->v, &r->n, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < r->n; i++)
		if (!only_deleted || r->v[i].flags & GW_FLAG_DELETED)
			r->v[n++] = r->v[i];
	r->n = n;
	if (n > 1)
		qsort(r->v, n, sizeof *r->v, by_id);
	return 0;
}

/* ---- where else they are ---- */

/* Does the mirror know of every message in which mailboxes it is? Not while a list is incomplete. */
static int all_complete(struct removal *r, bool *ret, struct gw_err *err)
{
	struct mirror_mailbox *v;
	size_t n;
	int rc = mirror_mailboxes(r->remote->acc, &r->arena, &v, &n, err);

	*ret = true;
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		*ret = *ret && v[i].complete;
		if (v[i].mailbox == r->id.id)
			r->mailbox = v[i].id;
		if (v[i].role == JMAP_TRASH && v[i].mailbox != r->id.id && r->remote->js->set.expunge_to_trash) {
			r->trash = v[i].id;
			r->shown_trash = v[i].complete ? v[i].mailbox : 0;
		}
	}
	return r->mailbox.n ? 0 : gw_fail(err, GW_ENOENT, "the mailbox is gone");
}

/* Ask the server where the messages are. */
static int ask_others(struct removal *r, struct gw_err *err)
{
	struct gw_slice *ids = gw_arena_calloc(&r->arena, r->n + 1, sizeof *ids);
	struct jmap_email *v;
	size_t n;
	int rc;

	for (size_t i = 0; i < r->n; i++)
		ids[i] = r->v[i].id;
	rc = jmap_ask_emails(r->remote, ids, r->n, JMAP_CHANGING, &r->arena, &r->acct->local.view.base.interrupted, &v, &n, err);
	for (size_t i = 0; i < r->n && rc == 0; i++) {
		const struct jmap_email *e = jmap_email_named(v, n, r->v[i].id);

		r->v[i].others = e && e->n_mailboxes ? (unsigned)e->n_mailboxes - 1 : 0;
	}
	return rc;
}

/* ---- what to do ---- */

/* Rows i.. of one message: all that the mailbox has of it? Then the server must hear of it. */
static void plan_one(struct removal *r, size_t i, size_t rows)
{
	const struct mirror_message *m = &r->v[i];

	if (rows < m->copies)
		return;
	if (m->others || r->trash.n)
		r->patch[r->n_patch++] = (struct jmap_patch){ .id = m->id, .out_of = r->mailbox, .into = m->others ? GW_S("") : r->trash };
	else
		r->destroy[r->n_destroy++] = m->id;
}

static void plan(struct removal *r)
{
	r->patch = gw_arena_calloc(&r->arena, r->n + 1, sizeof *r->patch);
	r->destroy = gw_arena_calloc(&r->arena, r->n + 1, sizeof *r->destroy);
	r->n_patch = r->n_destroy = 0;
	for (size_t i = 0, rows; i < r->n; i += rows) {
		for (rows = 1; i + rows < r->n && gw_slice_eq(r->v[i].id, r->v[i + rows].id); rows++)
			;
		plan_one(r, i, rows);
	}
}

/* ---- the mirror ---- */

static bool refused(const struct jmap_failure *f)
{
	return f->kind != JMAP_OK && f->kind != JMAP_ERR_NOT_FOUND;
}

static int patch_of(const void *id, const void *patch)
{
	return gw_slice_cmp(*(const struct gw_slice *)id, ((const struct jmap_patch *)patch)->id);
}

static int id_of(const void *id, const void *other)
{
	return gw_slice_cmp(*(const struct gw_slice *)id, *(const struct gw_slice *)other);
}

/* Did the server keep the message? Both plans are in the order of ids. */
static bool kept(const struct removal *r, const struct jmap_batch *b, struct gw_slice id)
{
	const struct jmap_patch *p = r->n_patch ? bsearch(&id, r->patch, r->n_patch, sizeof *p, patch_of) : NULL;
	const struct gw_slice *d = r->n_destroy ? bsearch(&id, r->destroy, r->n_destroy, sizeof *d, id_of) : NULL;

	return (p && refused(&b->patched[p - r->patch])) || (d && refused(&b->destroyed[d - r->destroy]));
}

static bool any_refused(const struct removal *r, const struct jmap_batch *b)
{
	return b && jmap_batch_refused(b, NULL) < 0 && r->n;
}

/* What went to the trash is there for IMAP, too, where its list is complete. */
static int show_in_trash(struct removal *r, const struct jmap_batch *b, struct mirror_tx *tx, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; b && r->shown_trash && i < r->n_patch && rc == 0; i++) {
		uint32_t uid;

		if (r->patch[i].into.n && b->patched[i].kind == JMAP_OK)
			rc = mirror_tx_alias(tx, r->shown_trash, r->patch[i].id, &uid, err);
	}
	return rc;
}

static int apply(void *ctx, struct jmap_batch *b, struct gw_err *err)
{
	struct removal *r = ctx;
	bool some = any_refused(r, b);
	struct mirror_tx *tx;
	int rc;

	for (size_t i = 0; i < r->n; i++)
		if (!some || !kept(r, b, r->v[i].id))
			gw_set_add(&r->gone, r->v[i].uid, r->v[i].uid);
	if (!r->gone.n)
		return 0;
	rc = mirror_begin(r->remote->acc, &tx, err);
	if (rc < 0)
		return rc;
	rc = show_in_trash(r, b, tx, err);
	if (rc == 0)
		rc = mirror_tx_drop(tx, r->id.id, &r->gone, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* ---- all ---- */

static int try_once(struct removal *r, const struct gw_set *uids, bool only_deleted, struct gw_err *err)
{
	struct jmap_batch b = { .remote = r->remote, .arena = &r->arena, .stop = &r->acct->local.view.base.interrupted, .if_state = true,
		.apply = apply, .ctx = r };
	bool complete = false;
	int rc = choose(r, uids, only_deleted, err);

	if (rc == 0 && r->n)
		rc = all_complete(r, &complete, err);
	if (rc != 0 || !r->n)
		return rc;
	if (!complete)
		rc = ask_others(r, err);
	if (rc < 0)
		return rc;
	plan(r);
	if (!r->n_patch && !r->n_destroy)
		return apply(r, NULL, err);
	b.patch = r->patch;
	b.n_patch = r->n_patch;
	b.destroy = r->destroy;
	b.n_destroy = r->n_destroy;
	rc = jmap_batch_do(&b, err);
	return rc < 0 ? rc : jmap_batch_refused(&b, err);
}

int jmap_expunge(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, bool only_deleted, struct gw_set *ret_gone,
	struct gw_err *err)
{
	struct removal r = { .acct = (struct jmap_acct *)a, .id = id };
	int rc = jmap_remote_of(a, id.space, &r.remote, err);

	if (rc == 0)
		rc = jmap_lock(r.remote, &a->interrupted, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&r.arena, 16384, 0);
	gw_set_init(&r.gone);
	for (int i = 0; i < TRIES; i++) {
		rc = try_once(&r, uids, only_deleted, err);
		if (rc != GW_EBUSY)
			break;
		if (jmap_sync_locked(r.remote, &a->interrupted, err) < 0)
			break;
	}
	if (rc == 0 && ret_gone)
		gw_set_union(ret_gone, &r.gone);
	gw_set_done(&r.gone);
	gw_arena_done(&r.arena);
	jmap_unlock(r.remote);
	return rc;
}
