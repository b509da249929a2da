/* flags.c - STORE on a JMAP server (RFC 8621 4.1.1): keywords are the server's, \Deleted is the mirror's */
#include "store/jmap/driver.h"

#include "util/mem.h"

#define TRIES 3 /* of a conditional STORE while others change the account */

struct flagging {
	struct jmap_acct *acct;
	struct jmap_remote *remote;
	struct gw_mbox_id id;
	const struct gw_flag_change *change;
	struct gw_arena arena;
	struct gw_keywords names;    /* of the mailbox, by bit */
	struct gw_slice *word;       /* keywords of the change, as the server has them */
	size_t n_word;
	struct mirror_message *v;    /* messages to change */
	size_t n;
	struct jmap_patch *patch;    /* of v[which[i]] */
	size_t *which, n_patch;
	struct jmap_email *after;    /* v[which[i]] when the patch is done */
	bool idle;                   /* of some message the mirror says that it is as wished already */
	struct gw_set *modified;     /* may be NULL */
	struct gw_set done;          /* UIDs that a try before this one changed, though not all */
};

/* The keywords of the change, as the server will have them. */
static int take_words(struct flagging *f, struct gw_err *err)
{
	f->word = gw_arena_calloc(&f->arena, f->change->n_keywords + JMAP_SYSTEM_KEYWORDS + 1, sizeof *f->word);
	f->n_word = jmap_system_keywords(f->change->system, f->word);
	for (size_t i = 0; i < f->change->n_keywords; i++) {
		struct gw_slice w = jmap_keyword(f->change->keywords[i], &f->arena);

		if (!w.n)
			return gw_fail(err, GW_EINVAL, "\"%.*s\" cannot be a keyword on the storage server", GW_FMT(f->change->keywords[i]));
		f->word[f->n_word++] = w;
	}
	return 0;
}

/* The keywords a message has now. */
static struct gw_slice *words_of(struct flagging *f, struct gw_slice keywords, size_t *ret_n)
{
	struct gw_slice *v = gw_arena_calloc(&f->arena, keywords.n / 2 + 1, sizeof *v), word;
	size_t n = 0;

	while (gw_slice_word(&keywords, " ", &word))
		v[n++] = word;
	*ret_n = n;
	return v;
}

/* The same as far as clients see them in this mailbox. */
static struct gw_slice *seen_words(struct flagging *f, uint64_t flags, size_t *ret_n)
{
	struct gw_slice *v = gw_arena_calloc(&f->arena, JMAP_SYSTEM_KEYWORDS + f->names.n + 1, sizeof *v);
	size_t n = jmap_system_keywords(flags, v);

	for (unsigned k = 0; k < f->names.n; k++) {
		if (!(flags & GW_FLAG_KEYWORD(k)))
			continue;
		v[n] = jmap_keyword(gw_slice_str(f->names.name[k]), &f->arena);
		n += v[n].n > 0;
	}
	*ret_n = n;
	return v;
}

static bool has(const struct gw_slice *v, size_t n, struct gw_slice word)
{
	for (size_t i = 0; i < n; i++)
		if (gw_slice_eq(v[i], word))
			return true;
	return false;
}

/* Those of a that are not in b. */
static struct gw_slice *without(
	struct flagging *f, const struct gw_slice *a, size_t n_a, const struct gw_slice *b, size_t n_b, size_t *ret_n)
{
	struct gw_slice *v = gw_arena_calloc(&f->arena, n_a + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < n_a; i++)
		if (!has(b, n_b, a[i]) && !has(v, n, a[i]))
			v[n++] = a[i];
	*ret_n = n;
	return v;
}

/* What the message's keywords will be. */
static void predict(struct flagging *f, struct jmap_email *e, const struct jmap_patch *p, const struct gw_slice *now, size_t n_now)
{
	struct gw_slice *v = gw_arena_calloc(&f->arena, n_now + p->n_set + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < n_now; i++)
		if (!has(p->unset, p->n_unset, now[i]))
			v[n++] = now[i];
	for (size_t i = 0; i < p->n_set; i++)
		v[n++] = p->set[i];
	*e = (struct jmap_email){ .id = p->id, .keywords = v, .n_keywords = n };
}

static void plan_one(struct flagging *f, size_t i)
{
	const struct mirror_message *m = &f->v[i];
	struct jmap_patch p = { .id = m->id };
	size_t n_now, n_seen;
	struct gw_slice *now = words_of(f, m->keywords, &n_now), *seen;

	if (f->change->how != GW_FLAGS_REMOVE)
		p.set = without(f, f->word, f->n_word, now, n_now, &p.n_set);
	if (f->change->how == GW_FLAGS_REPLACE) {
		seen = seen_words(f, m->flags, &n_seen);
		p.unset = without(f, seen, n_seen, f->word, f->n_word, &p.n_unset);
	}
	if (f->change->how == GW_FLAGS_REMOVE) {
		struct gw_slice *v = gw_arena_calloc(&f->arena, f->n_word + 1, sizeof *v);

		for (size_t k = 0; k < f->n_word; k++)
			if (has(now, n_now, f->word[k]))
				v[p.n_unset++] = f->word[k];
		p.unset = v;
	}
	f->idle |= f->change->how == GW_FLAGS_REMOVE ? p.n_unset < f->n_word : p.n_set < f->n_word;
	if (!p.n_set && !p.n_unset)
		return;
	predict(f, &f->after[f->n_patch], &p, now, n_now);
	f->which[f->n_patch] = i;
	f->patch[f->n_patch++] = p;
}

static int by_id(const void *a, const void *b)
{
	return gw_slice_cmp(((const struct mirror_message *)a)->id, ((const struct mirror_message *)b)->id);
}

/* Copies of one message are one to the server. */
static void plan(struct flagging *f)
{
	struct mirror_message *sorted = gw_arena_calloc(&f->arena, f->n + 1, sizeof *sorted);

	f->patch = gw_arena_calloc(&f->arena, f->n + 1, sizeof *f->patch);
	f->after = gw_arena_calloc(&f->arena, f->n + 1, sizeof *f->after);
	f->which = gw_arena_calloc(&f->arena, f->n + 1, sizeof *f->which);
	f->n_patch = 0;
	f->idle = false;
	if (f->n)
		memcpy(sorted, f->v, f->n * sizeof *sorted);
	qsort(sorted, f->n, sizeof *sorted, by_id);
	f->v = sorted;
	for (size_t i = 0; i < f->n; i++)
		if (i == 0 || !gw_slice_eq(sorted[i].id, sorted[i - 1].id))
			plan_one(f, i);
}

/* Messages that somebody else changed since the client looked stay as they are. */
static void leave_modified(struct flagging *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (gw_set_has(&f->done, f->v[i].uid))
			continue;
		if (f->v[i].modseq <= f->change->unchanged_since)
			f->v[n++] = f->v[i];
		else if (f->modified)
			gw_set_add(f->modified, f->v[i].uid, f->v[i].uid);
	}
	f->n = n;
}

/* ---- the mirror ---- */

/* Nothing stands in the way of those that needed no patch. */
static bool all_done(const struct jmap_batch *b)
{
	for (size_t i = 0; b && i < b->n_patch; i++)
		if (b->patched[i].kind != JMAP_OK && b->patched[i].kind != JMAP_ERR_NOT_FOUND)
			return false;
	return true;
}

/* The rows of messages that are as wished now. b NULL: all. Rows and patches are sorted by the ids of their messages. */
static void rows_done(const struct flagging *f, const struct jmap_batch *b, struct gw_set *ret)
{
	bool all = all_done(b);
	size_t k = 0;

	for (size_t i = 0; i < f->n; i++) {
		bool ok = all;

		while (k < f->n_patch && gw_slice_cmp(f->patch[k].id, f->v[i].id) < 0)
			k++;
		if (b && k < f->n_patch && gw_slice_eq(f->patch[k].id, f->v[i].id))
			ok = b->patched[k].kind == JMAP_OK;
		if (ok)
			gw_set_add(ret, f->v[i].uid, f->v[i].uid);
	}
}

static int apply_deleted(struct flagging *f, const struct jmap_batch *b, struct mirror_tx *tx, struct gw_err *err)
{
	bool named = f->change->system & GW_FLAG_DELETED;
	struct gw_set uids;
	int rc;

	if (!named && f->change->how != GW_FLAGS_REPLACE)
		return 0;
	gw_set_init(&uids);
	rows_done(f, b, &uids);
	rc = mirror_tx_deleted(tx, f->id.id, &uids, named && f->change->how != GW_FLAGS_REMOVE, err);
	gw_set_done(&uids);
	return rc;
}

static int apply(void *ctx, struct jmap_batch *b, struct gw_err *err)
{
	struct flagging *f = ctx;
	struct jmap_email *v = gw_arena_calloc(&f->arena, f->n_patch + 1, sizeof *v);
	struct mirror_tx *tx;
	size_t n = 0;
	int rc;

	for (size_t i = 0; b && i < f->n_patch; i++)
		if (b->patched[i].kind == JMAP_OK)
			v[n++] = f->after[i];
	rc = mirror_begin(f->remote->acc, &tx, err);
	if (rc < 0)
		return rc;
	if (f->change->how != GW_FLAGS_REMOVE && f->change->n_keywords)
		rc = mirror_tx_spelling(tx, f->id.id, f->change->keywords, f->change->n_keywords, err);
	if (rc == 0 && n)
		rc = mirror_tx_emails(tx, v, n, err);
	if (rc == 0)
		rc = apply_deleted(f, b, tx, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* ---- all ---- */

/* fresh: the mirror was brought up to date for this. If not, and it says that there is less to do than was asked for, then that may
 * be what somebody else has changed just now: *ret_look. */
static int try_once(struct flagging *f, const struct gw_set *uids, bool fresh, bool *ret_look, struct gw_err *err)
{
	struct jmap_batch b = { .remote = f->remote, .arena = &f->arena, .stop = &f->acct->local.view.base.interrupted,
		.if_state = f->change->conditional, .apply = apply, .ctx = f };
	int rc = mirror_messages(f->remote->acc, f->id.id, uids, &f->arena, &f->v, &f->n, err);

	if (rc != 0)
		return rc;
	if (f->change->conditional)
		leave_modified(f);
	plan(f);
	*ret_look = f->idle && !fresh;
	if (*ret_look)
		return 0;
	if (!f->n_patch)
		return apply(f, NULL, err);
	b.patch = f->patch;
	b.n_patch = f->n_patch;
	rc = jmap_batch_do(&b, err);
	if (rc == GW_EBUSY)
		rows_done(f, &b, &f->done);
	return rc < 0 ? rc : jmap_batch_refused(&b, err);
}

static int run(struct flagging *f, const struct gw_set *uids, struct gw_err *err)
{
	const atomic_bool *stop = &f->acct->local.view.base.interrupted;
	bool look = f->change->conditional;
	int rc = take_words(f, err);

	for (int i = 0; rc == 0; i++) {
		bool fresh = look;

		if (look)
			rc = jmap_sync_locked(f->remote, stop, err);
		if (rc == 0)
			rc = view_keywords(&f->acct->local.view.base, f->id, &f->arena, &f->names, err);
		if (rc == 0)
			rc = try_once(f, uids, fresh, &look, err);
		if (rc == 0 && look)
			continue;
		if (rc != GW_EBUSY || i + 1 == TRIES)
			break;
		if (f->modified)
			gw_set_clear(f->modified);
		look = true;
		rc = 0;
	}
	return rc;
}

int jmap_store_flags(struct gw_acct *a, struct gw_mbox_id id, const struct gw_set *uids, const struct gw_flag_change *change,
	struct gw_set *ret_modified, struct gw_err *err)
{
	struct flagging f = { .acct = (struct jmap_acct *)a, .id = id, .change = change, .modified = ret_modified };
	int rc = jmap_remote_of(a, id.space, &f.remote, err);

	if (rc == 0)
		rc = jmap_lock(f.remote, &a->interrupted, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&f.arena, 16384, 0);
	gw_set_init(&f.done);
	rc = run(&f, uids, err);
	gw_set_done(&f.done);
	gw_arena_done(&f.arena);
	jmap_unlock(f.remote);
	return rc;
}
