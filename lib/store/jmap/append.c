/* append.c - APPEND on a JMAP server: upload (RFC 8620 6.1), then Email/import (RFC 8621 4.8)
 *
 * The octets are staged as for the embedded store while they come in, and derived values are worked out. Uploading needs no lock;
 * importing is done under the account's. A server that keeps equal messages once answers alreadyExists: then the message it has
 * is filed into the mailbox too (append_known.c). An import whose answer was lost is looked for before it is tried again. */
#include "store/jmap/appending.h"

#include <stdio.h>

static const atomic_bool *stop_of(const struct appending *g)
{
	return &g->acct->local.view.base.interrupted;
}

/* ---- receiving ---- */

uint64_t jmap_append_max(const struct gw_acct *a)
{
	return ((const struct jmap_acct *)a)->login->session.limit.max_upload;
}

int jmap_append_open(struct gw_acct *a, uint64_t size, struct gw_append **ret, struct gw_err *err)
{
	uint64_t max = jmap_append_max(a);

	if (size != GW_APPEND_UNKNOWN && max && size > max)
		return gw_fail(err, GW_ELIMIT, "the storage server takes messages of %llu octets at most", (unsigned long long)max);
	return view_append_open(a, size, ret, err);
}

/* ---- keywords ---- */

struct gw_slice *append_words(struct appending *g, const struct view_append *ap, size_t *ret_n)
{
	struct gw_slice *v = gw_arena_calloc(&g->arena, ap->n_keywords + JMAP_SYSTEM_KEYWORDS + 1, sizeof *v);
	size_t n = jmap_system_keywords(ap->system, v);

	for (size_t i = 0; i < ap->n_keywords; i++) {
		v[n] = jmap_keyword(ap->keywords[i], &g->arena);
		n += v[n].n > 0;
	}
	*ret_n = n;
	return v;
}

int64_t append_date(const struct appending *g, const struct view_append *ap)
{
	return ap->date == INT64_MIN ? g->now : ap->date;
}

/* ---- importing ---- */

/* Octets to the server; also once more, when it forgot them. */
static int upload(struct appending *g, struct gw_err *err)
{
	struct view_append **ap = gw_arena_calloc(&g->arena, g->n, sizeof *ap);
	struct gw_slice *blobs = gw_arena_calloc(&g->arena, g->n, sizeof *blobs);
	int rc;

	for (size_t i = 0; i < g->n; i++)
		ap[i] = g->v[i].ap;
	rc = jmap_upload(g->remote, ap, g->n, &g->arena, stop_of(g), blobs, err);
	for (size_t i = 0; i < g->n; i++)
		g->v[i].blob = blobs[i];
	return rc;
}

/* Those that the server has not got yet. */
static int import_once(struct appending *g, struct jmap_exchange *x, unsigned *ret_call, struct gw_err *err)
{
	struct jmap_import *v = gw_arena_calloc(&g->arena, g->n, sizeof *v);
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < g->n; i++) {
		if (g->v[i].made.id.n)
			continue;
		g->v[i].number = n;
		v[n].blob = g->v[i].blob;
		v[n].mailbox = g->mb.id;
		v[n].keywords = append_words(g, g->v[i].ap, &v[n].n_keywords);
		v[n++].received = append_date(g, g->v[i].ap);
	}
	*ret_call = jmap_email_import(&x->request, v, n, GW_S(""));
	rc = jmap_exchange_do(x, false, NULL, err); /* whether it was done must be known: it is not interrupted */
	return rc < 0 ? rc : jmap_exchange_ok(x, *ret_call, "Email/import", err);
}

/* What became of each. *ret_blob: some upload is not there any more. */
static int read_import(struct appending *g, struct jmap_exchange *x, unsigned call, bool *ret_blob, struct gw_err *err)
{
	int rc = 0;

	*ret_blob = false;
	for (size_t i = 0; i < g->n; i++) {
		struct arrival *at = &g->v[i];
		struct jmap_failure f;
		char creation[24];

		if (at->made.id.n) /* by an import before */
			continue;
		snprintf(creation, sizeof creation, "i%zu", at->number);
		jmap_object_created(x->answer, call, creation, &g->arena, &at->made, &f);
		if (f.kind == JMAP_OK) {
			at->bytes_kept = gw_slice_eq(at->made.blob, at->blob) && at->made.size == at->ap->size;
			continue;
		}
		at->made.id = GW_S("");
		if (f.kind == JMAP_ERR_EXISTS && f.existing.n) {
			at->existed = true;
			at->made.id = gw_arena_dup(&g->arena, f.existing);
			continue;
		}
		*ret_blob = *ret_blob || f.kind == JMAP_ERR_BLOB;
		if (rc == 0)
			rc = jmap_fail(&f, "Email/import", err);
	}
	return rc;
}

/* An import without an answer: did it happen? */
static int look_for(struct appending *g, bool *ret_all, struct gw_err *err)
{
	uint32_t before = g->v[0].uid;
	int rc = jmap_sync_locked(g->remote, NULL, err);

	*ret_all = rc == 0;
	for (size_t i = 0; i < g->n && rc >= 0; i++) {
		struct gw_slice id;
		uint32_t uid;

		rc = mirror_by_blob(g->remote->acc, g->id.id, g->v[i].blob, &g->arena, &uid, &id, err);
		if (rc > 0 && uid >= before) {
			g->v[i].uid = uid;
			g->v[i].made.id = id;
		} else {
			*ret_all = false;
		}
	}
	return rc < 0 ? rc : 0;
}

/* ---- all or nothing ---- */

/* What was imported goes again, and what was filed goes out of the mailbox. */
static void take_back(struct appending *g)
{
	struct jmap_batch b = { .remote = g->remote, .arena = &g->arena };
	struct gw_slice *gone = gw_arena_calloc(&g->arena, g->n + 1, sizeof *gone);
	struct jmap_patch *out = gw_arena_calloc(&g->arena, g->n + 1, sizeof *out);

	for (size_t i = 0; i < g->n; i++) {
		const struct arrival *at = &g->v[i];

		if (at->made.id.n && !at->existed)
			gone[b.n_destroy++] = at->made.id;
		else if (at->filed && !at->here)
			out[b.n_patch++] = (struct jmap_patch){ .id = at->made.id, .out_of = g->mb.id };
	}
	b.patch = out;
	b.destroy = gone;
	if (b.n_destroy || b.n_patch)
		jmap_batch_do(&b, NULL);
}

/* ---- the octets ---- */

/* The octets are here: no need to fetch them. */
static void keep_bytes(struct appending *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct arrival *at = &g->v[i];
		struct mirror_bytes b = { .derived = &at->ap->derived, .read = append_read, .ctx = at->ap, .size = at->ap->size };

		if (at->bytes_kept && mirror_known(g->remote->acc, 0, &at->made.id, 1, &b.content, NULL) == 0 && b.content)
			mirror_put_bytes(g->remote->acc, &b, 1, true, g->acct->js->set.cache_max, NULL);
	}
}

/* ---- all ---- */

/* Was it done? An answer that cannot be read says as little as none. */
static bool in_doubt(int rc)
{
	return rc == GW_EUNAVAIL || rc == GW_ECORRUPT || rc == GW_EIO;
}

/* Import, and once more what has no upload any more. When the answer was lost it is found out whether it happened; it is not asked
 * for again, since the server may be at it yet, and a message would come twice. */
static int import_all(struct appending *g, struct jmap_exchange *x, unsigned *ret_call, bool *ret_placed, struct gw_err *err)
{
	bool lost_blob = false;
	int rc = import_once(g, x, ret_call, err);

	*ret_placed = false;
	if (in_doubt(rc))
		return look_for(g, ret_placed, NULL) == 0 && *ret_placed ? 0 : rc;
	if (rc == 0)
		rc = read_import(g, x, *ret_call, &lost_blob, err);
	if (!lost_blob)
		return rc;
	rc = upload(g, err);
	if (rc < 0)
		return rc;
	jmap_exchange_done(x);
	jmap_exchange_begin(x, g->remote);
	rc = import_once(g, x, ret_call, err);
	return rc < 0 ? rc : read_import(g, x, *ret_call, &lost_blob, err);
}

static int uidnext_before(struct appending *g, struct gw_appended *ret, struct gw_err *err)
{
	struct gw_mailbox status;
	int rc = view_status(&g->acct->local.view.base, g->id, &status, err);

	if (rc != 0)
		return rc;
	ret->uidvalidity = status.uidvalidity;
	for (size_t i = 0; i < g->n; i++)
		g->v[i].uid = status.uidnext;
	return 0;
}

static bool any_existed(const struct appending *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].existed)
			return true;
	return false;
}

/* The UIDs as APPENDUID tells them: consecutive, or not at all. */
static uint32_t first_of_all(const struct appending *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].uid != g->v[0].uid + i)
			return 0;
	return g->v[0].uid;
}

static int import_locked(struct appending *g, struct gw_appended *ret, struct gw_err *err)
{
	struct jmap_exchange x;
	bool placed = false;
	unsigned call = 0;
	int rc = mirror_mailbox(g->remote->acc, g->id.id, &g->arena, &g->mb, err);

	if (rc == 0 && !g->mb.complete)
		rc = jmap_complete_locked(g->remote, g->id.id, false, stop_of(g), err);
	if (rc == 0)
		rc = uidnext_before(g, ret, err);
	if (rc < 0)
		return rc;
	jmap_exchange_begin(&x, g->remote);
	rc = import_all(g, &x, &call, &placed, err);
	if (rc == 0 && any_existed(g))
		rc = append_file_known(g, err);
	else if (rc == 0 && !placed)
		rc = append_place(g, err);
	if (rc < 0)
		take_back(g);
	else if (!any_existed(g) && !placed)
		jmap_settle(g->remote, &x, call, NULL);
	jmap_exchange_done(&x);
	if (rc == 0)
		ret->uid_first = first_of_all(g);
	return rc;
}

static int take_in(struct appending *g, struct gw_append *const *v, struct gw_err *err)
{
	int rc = 0;

	g->v = gw_arena_calloc(&g->arena, g->n, sizeof *g->v);
	for (size_t i = 0; i < g->n && rc == 0; i++) {
		g->v[i].ap = (struct view_append *)v[i];
		rc = append_finish(g->v[i].ap, err);
	}
	return rc;
}

int jmap_append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n, struct gw_appended *ret,
	struct gw_err *err)
{
	struct appending g = { .acct = (struct jmap_acct *)a, .id = id, .n = n, .now = gw_wall_s(((struct jmap_acct *)a)->js->clock) };
	int rc = n ? jmap_remote_of(a, id.space, &g.remote, err) : gw_fail(err, GW_EINVAL, "no message to append");

	if (rc < 0)
		return rc;
	gw_arena_init(&g.arena, 8192, 0);
	rc = take_in(&g, v, err);
	if (rc == 0)
		rc = upload(&g, err);
	if (rc == 0)
		rc = jmap_complete(g.remote, g.id.id, stop_of(&g), err);
	if (rc == 0)
		rc = jmap_lock(g.remote, stop_of(&g), err);
	if (rc == 0) {
		rc = import_locked(&g, ret, err);
		jmap_unlock(g.remote);
	}
	if (rc == 0)
		keep_bytes(&g);
	gw_arena_done(&g.arena);
	return rc;
}
