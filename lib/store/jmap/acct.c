/* acct.c - a signed-on user of the driver "jmap": reading, from a mirror that is kept fresh */
#include "store/jmap/driver.h"

#include "util/mem.h"

#define FRESH_MS 200u /* a look at the mailbox older than this asks the server whether something changed */
#define SHARED_FRESH_MS 5000u /* the same for the names of what others share */

int jmap_remote_of(struct gw_acct *a, uint32_t space, struct jmap_remote **ret, struct gw_err *err)
{
	struct jmap_acct *ja = (struct jmap_acct *)a;
	struct jmap_remote *r = !space ? ja->remote : space <= ja->local.view.n_spaces ? ja->shared[space - 1] : NULL;

	if (!r)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	*ret = r;
	return 0;
}

static int fresh(struct gw_acct *a, uint32_t space, struct gw_err *err)
{
	struct jmap_remote *r;
	int rc = jmap_remote_of(a, space, &r, err);

	if (rc == 0)
		rc = jmap_remote_admitted(r, err); /* also of a mirror that is fresh */
	return rc < 0 ? rc : jmap_fresh(r, FRESH_MS, &a->interrupted, err);
}

/* The mailbox's list must be complete before its counters mean something. */
static int complete(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err)
{
	struct jmap_remote *r;
	int rc = jmap_remote_of(a, id.space, &r, err);

	if (rc == 0)
		rc = jmap_remote_admitted(r, err);
	return rc < 0 ? rc : jmap_complete(r, id.id, &a->interrupted, err);
}

/* What others share is shown as it was when it cannot be looked at: it takes nothing away from the user's own. */
static int list(struct gw_acct *a, struct gw_arena *arena, struct gw_mailbox **ret, size_t *ret_n, struct gw_err *err)
{
	struct jmap_acct *ja = (struct jmap_acct *)a;
	int rc = fresh(a, 0, err);

	for (uint32_t i = 1; i <= ja->local.view.n_spaces && rc == 0 && !gw_acct_stopped(a); i++)
		if (jmap_space_open(ja, i, NULL) == 0)
			jmap_fresh(ja->shared[i - 1], SHARED_FRESH_MS, &a->interrupted, NULL);
	return rc < 0 ? rc : view_list(a, arena, ret, ret_n, err);
}

/* The name's space is here, and no older than it may be. */
static int fresh_space(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	struct jmap_acct *ja = (struct jmap_acct *)a;
	struct gw_slice inner;
	uint32_t space = 0;
	int rc = 0;

	if (view_locate(&ja->local.view, name, &space, &inner))
		rc = jmap_space_open(ja, space, err);
	return rc < 0 ? rc : fresh(a, space, err);
}

static int find(struct gw_acct *a, struct gw_arena *arena, struct gw_slice name, struct gw_mailbox *ret, struct gw_err *err)
{
	int rc = fresh_space(a, name, err);

	if (rc == 0)
		rc = view_find(a, arena, name, ret, err);
	if (rc < 0 || ret->attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT))
		return rc;
	rc = complete(a, ret->id, err);
	return rc < 0 ? rc : view_find(a, arena, name, ret, err);
}

static int status(struct gw_acct *a, struct gw_mbox_id id, struct gw_mailbox *ret, struct gw_err *err)
{
	int rc = complete(a, id, err);

	return rc < 0 ? rc : view_status(a, id, ret, err);
}

static int index_now(struct gw_acct *a, struct gw_mbox_id id, struct gw_index **ret, struct gw_err *err)
{
	int rc = complete(a, id, err);

	return rc < 0 ? rc : view_index(a, id, ret, err);
}

static int poll_now(struct gw_acct *a, struct gw_mbox_id id, struct gw_err *err)
{
	return fresh(a, id.space, err);
}

static void watch(struct gw_acct *a, struct gw_mbox_id id, bool on)
{
	struct jmap_acct *ja = (struct jmap_acct *)a;
	struct jmap_remote *r = NULL;

	if (on && jmap_remote_of(a, id.space, &r, NULL) < 0)
		return;
	if (r == ja->watched)
		return;
	if (ja->watched)
		atomic_fetch_sub(&ja->watched->idle, 1);
	if (r)
		atomic_fetch_add(&r->idle, 1);
	jmap_watch_poke(r ? r : ja->watched);
	ja->watched = r;
}

static void acct_close(struct gw_acct *a)
{
	struct jmap_acct *ja = (struct jmap_acct *)a;

	watch(a, (struct gw_mbox_id){ 0 }, false);
	jmap_spaces_end(ja);
	local_acct_done(&ja->local);
	jmap_acct_drop(ja->remote);
	jmap_login_unref(ja->login);
	free(ja);
}

/* Does the server take changes in the account at all (RFC 8620 2)? */
static bool is_readonly(const struct jmap_session *s, struct gw_slice account)
{
	for (size_t i = 0; i < s->n_accounts; i++)
		if (gw_slice_eq(s->accounts[i].id, account))
			return s->accounts[i].readonly;
	return false;
}

/* As RFC 8621 2 says which of IMAP's rights each of them is. Mailboxes of the user are his to administer, although not from here. */
static int may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	static const struct {
		enum jmap_right right;
		unsigned may;
	} rows[] = {
		{ JMAP_READ, GW_MAY_READ }, { JMAP_SEEN, GW_MAY_SEEN }, { JMAP_KEYWORDS, GW_MAY_FLAGS }, { JMAP_ADD, GW_MAY_INSERT },
		{ JMAP_CHILD, GW_MAY_CREATE }, { JMAP_DELETE, GW_MAY_REMOVE }, { JMAP_REMOVE, GW_MAY_DELETE | GW_MAY_EXPUNGE },
	};
	struct mirror_mailbox mb;
	struct jmap_remote *r;
	struct gw_arena arena;
	int rc = jmap_remote_of(a, id.space, &r, err);

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	rc = mirror_mailbox(r->acc, id.id, &arena, &mb, err);
	*ret = id.space ? 0 : GW_MAY_ADMINISTER;
	for (size_t i = 0; i < sizeof rows / sizeof *rows && rc == 0; i++)
		if (mb.rights & rows[i].right)
			*ret |= rows[i].may;
	if (is_readonly(&((const struct jmap_acct *)a)->login->session, jmap_account_id(r)))
		*ret &= GW_MAY_READ | GW_MAY_ADMINISTER;
	gw_arena_done(&arena);
	return rc;
}

static bool has_jmap(const struct gw_acct *a)
{
	return ((const struct jmap_acct *)a)->login->own;
}

static int account_id(struct gw_acct *a, uint32_t space, char ret[GW_ACCOUNT_ID_MAX], struct gw_err *err)
{
	struct jmap_remote *r = NULL;
	struct gw_slice id;
	int rc = jmap_remote_of(a, space, &r, err);

	if (rc < 0)
		return rc;
	id = jmap_account_id(r);
	if (id.n >= GW_ACCOUNT_ID_MAX)
		return gw_fail(err, GW_ELIMIT, "the id of the account is too long"); /* RFC 8620 1.2 */
	memcpy(ret, id.p, id.n);
	ret[id.n] = '\0';
	return 0;
}

static const struct gw_acct_ops ops = {
	.close = acct_close,
	.lock_maildrop = local_lock_maildrop,
	.list = list,
	.find = find,
	.create = jmap_create,
	.remove = jmap_remove,
	.rename = jmap_rename,
	.subscribe = jmap_subscribe,
	.quota = jmap_quota,
	.may = may,
	.spaces = view_spaces,
	.bell = view_bell,
	.poll = poll_now,
	.watch = watch,
	.status = status,
	.recent = view_recent,
	.index = index_now,
	.index_cached = view_index_cached,
	.ranks = view_ranks,
	.links = view_links,
	.keywords = view_keywords,
	.index_asof = view_index_asof,
	.vanished = view_vanished,
	.store_flags = jmap_store_flags,
	.expunge = jmap_expunge,
	.copy = jmap_copy,
	.has_jmap = has_jmap,
	.account_id = account_id,
	.append_max = jmap_append_max,
	.append_open = jmap_append_open,
	.append_write = view_append_write,
	.append_unbinary = view_append_unbinary,
	.append_set = view_append_set,
	.append_commit = jmap_append_commit,
	.append_replace = jmap_append_replace,
	.append_close = view_append_close,
	.fetch_open = jmap_fetch_open,
	.fetch_next = jmap_fetch_next,
	.fetch_read = jmap_fetch_read,
	.fetch_pause = jmap_fetch_pause,
	.fetch_close = jmap_fetch_close,
	.match = jmap_match,
};

/* A mirror that is new gets its mailboxes before anybody looks. Otherwise signing on asks for nothing more. */
static int prepare(struct jmap_remote *r, struct gw_err *err)
{
	struct mirror_state state;
	struct gw_arena arena;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = mirror_state_get(r->acc, &arena, &state, err);
	gw_arena_done(&arena);
	return rc == GW_ENOENT ? jmap_sync(r, NULL, err) : rc;
}

int jmap_acct_take(struct jmap_acct *ja, const struct jmap_account *account, struct jmap_remote **ret, struct gw_err *err)
{
	struct jmap_remote *r;
	int rc = jmap_remote_get(ja->js, ja->login, account, ja->remote, &r, err);

	if (rc < 0)
		return rc;
	rc = prepare(r, err);
	if (rc < 0) {
		jmap_remote_put(r);
		return rc;
	}
	jmap_watch_begin(r);
	*ret = r;
	return 0;
}

void jmap_acct_drop(struct jmap_remote *r)
{
	jmap_watch_end(r);
	jmap_remote_put(r);
}

int jmap_acct_new(struct jmap_store *js, struct jmap_login *l, const char *user, struct gw_acct **ret, struct gw_err *err)
{
	struct jmap_acct *ja = gw_xalloc(sizeof *ja);
	struct gw_db_account *own;
	int rc;

	ja->js = js;
	ja->login = jmap_login_ref(l);
	rc = jmap_acct_take(ja, &l->session.accounts[0], &ja->remote, err);
	if (rc == 0) {
		rc = local_db_open(&js->local, gw_db_account_id(ja->remote->acc), &own, err);
		if (rc < 0)
			jmap_acct_drop(ja->remote);
	}
	if (rc < 0) {
		jmap_login_unref(ja->login);
		free(ja);
		return rc;
	}
	local_acct_init(&ja->local, &ops, &js->local, user, own, NULL);
	jmap_spaces_begin(ja);
	*ret = &ja->local.view.base;
	return 0;
}
