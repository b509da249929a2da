/* mailboxes.c - CREATE, DELETE, RENAME, SUBSCRIBE on a JMAP server (RFC 8621 2.5)
 *
 * Each is a Mailbox/set, with the tree as it is afterwards in the same request: the mirror never has a tree that the server did
 * not tell. */
#include "store/jmap/driver.h"

#include <stdio.h>

#include "store/jmap/tree.h"
#include "util/mem.h"

struct naming {
	struct jmap_acct *acct;
	struct jmap_remote *remote;
	uint32_t space;
	struct gw_arena arena;
	struct mirror_mailbox *v;    /* the mirror's mailboxes */
	size_t n;
};

/* Begin with the account that *name lies in; *name is what it is called there. */
static int naming_begin(struct naming *g, struct gw_acct *a, struct gw_slice *name, struct gw_err *err)
{
	int rc;

	*g = (struct naming){ .acct = (struct jmap_acct *)a };
	if (!view_locate(&g->acct->local.view, *name, &g->space, name) || (g->space && !name->n))
		return gw_fail(err, GW_EACCES, "names of other users are theirs");
	rc = jmap_space_open(g->acct, g->space, err);
	if (rc == 0)
		rc = jmap_remote_of(a, g->space, &g->remote, err);
	if (rc == 0)
		rc = jmap_lock(g->remote, &a->interrupted, err);
	if (rc < 0)
		return rc;
	gw_arena_init(&g->arena, 16384, 0);
	return 0;
}

static int naming_end(struct naming *g, int rc)
{
	gw_arena_done(&g->arena);
	jmap_unlock(g->remote);
	if (rc == 0)
		jmap_watch_wrote(g->remote);
	return rc;
}

/* The names as they are on the server now. */
static int look(struct naming *g, struct gw_err *err)
{
	int rc = jmap_sync_locked(g->remote, &g->acct->local.view.base.interrupted, err);

	return rc == 0 ? mirror_mailboxes(g->remote->acc, &g->arena, &g->v, &g->n, err) : rc;
}

static const struct mirror_mailbox *named(const struct naming *g, struct gw_slice name)
{
	for (size_t i = 0; i < g->n; i++)
		if (gw_slice_eq(g->v[i].name, name))
			return &g->v[i];
	return NULL;
}

/* The mailbox that lies above name on the server, and the levels below it that are missing. */
struct way {
	struct gw_slice parent;      /* the server's id; n 0: top level */
	struct gw_slice *level;      /* names as the server has them, outermost first */
	size_t n;
};

static void find_way(struct naming *g, struct gw_slice name, struct way *ret)
{
	size_t end = name.n, depth = 1;

	for (size_t i = 0; i < name.n; i++)
		depth += name.p[i] == '/';
	*ret = (struct way){ .level = gw_arena_calloc(&g->arena, depth, sizeof *ret->level) };
	for (;;) { /* up to one that exists */
		const struct mirror_mailbox *mb = end < name.n ? named(g, gw_slice(name.p, end)) : NULL;

		if (mb)
			ret->parent = mb->id;
		if (mb || end == 0)
			break;
		for (end--; end > 0 && name.p[end] != '/'; end--)
			;
	}
	for (size_t at = end ? end + 1 : 0; at <= name.n;) {
		size_t n = gw_slice_find(gw_slice(name.p + at, name.n - at), '/');

		ret->level[ret->n++] = jmap_level_name(gw_slice(name.p + at, n), &g->arena);
		at += n + 1;
	}
}

static enum jmap_role role_of(unsigned special)
{
	static const struct {
		unsigned bit;
		enum jmap_role role;
	} roles[] = { { GW_MBOX_ALL, JMAP_ALL }, { GW_MBOX_ARCHIVE, JMAP_ARCHIVE }, { GW_MBOX_DRAFTS, JMAP_DRAFTS },
		{ GW_MBOX_FLAGGED, JMAP_FLAGGED }, { GW_MBOX_JUNK, JMAP_JUNK }, { GW_MBOX_SENT, JMAP_SENT },
		{ GW_MBOX_TRASH, JMAP_TRASH }, { GW_MBOX_IMPORTANT, JMAP_IMPORTANT } };

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (special & roles[i].bit)
			return roles[i].role;
	return JMAP_NO_ROLE;
}

/* Send what x holds together with the question for the tree, and let the mirror have the tree. The answer to call stays in x. */
static int change_tree(struct naming *g, struct jmap_exchange *x, unsigned call, const char *what, struct gw_err *err)
{
	unsigned get = jmap_mailbox_get(&x->request, NULL, 0);
	struct jmap_mailbox *v;
	struct gw_slice state;
	struct mirror_tx *tx;
	size_t n;
	int rc = jmap_exchange_do(x, false, NULL, err);

	if (rc < 0) {
		atomic_store(&g->remote->dirty, true);
		return rc;
	}
	rc = jmap_exchange_ok(x, call, what, err);
	if (rc == 0)
		rc = jmap_exchange_ok(x, get, "Mailbox/get", err);
	if (rc == 0)
		rc = jmap_take_mailboxes(x->answer, get, jmap_account_id(g->remote), &x->arena, &v, &n, &state, err);
	if (rc == 0)
		rc = mirror_begin(g->remote->acc, &tx, err);
	if (rc != 0)
		return rc;
	rc = mirror_tx_mailboxes(tx, v, n, err);
	if (rc == 0)
		rc = mirror_tx_set_states(tx, NULL, &state, err);
	if (rc == 0)
		return mirror_commit(tx, err);
	mirror_rollback(tx);
	return rc;
}

/* ---- removing ---- */

static int destroy(struct naming *g, struct gw_slice name, struct gw_err *err)
{
	const struct mirror_mailbox *mb;
	struct jmap_exchange x;
	struct jmap_failure f = { .kind = JMAP_OK };
	unsigned call;
	int rc = look(g, err);

	if (rc < 0)
		return rc;
	mb = named(g, name);
	if (!mb)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	if (mb->role == JMAP_INBOX)
		return gw_fail(err, GW_EACCES, "INBOX cannot be deleted");
	jmap_exchange_begin(&x, g->remote);
	call = jmap_mailbox_destroy(&x.request, mb->id, true);
	rc = change_tree(g, &x, call, "Mailbox/set", err);
	if (rc == 0)
		jmap_object_destroyed(x.answer, call, mb->id, &f);
	if (rc == 0 && f.kind == JMAP_ERR_HAS_CHILD)
		rc = gw_fail(err, GW_EINVAL, "the mailbox has others below it: delete them first");
	else if (rc == 0 && f.kind != JMAP_OK)
		rc = jmap_fail(&f, "Mailbox/set", err);
	jmap_exchange_done(&x);
	atomic_store(&g->remote->dirty, true); /* what it held may be in other mailboxes, or gone */
	return rc;
}

/* ---- CREATE ---- */

static int make(struct naming *g, struct gw_slice name, unsigned special, struct gw_err *err)
{
	struct jmap_exchange x;
	struct jmap_failure f = { .kind = JMAP_OK };
	struct jmap_created made;
	char creation[24];
	struct way way;
	unsigned call;
	int rc;

	find_way(g, name, &way);
	jmap_exchange_begin(&x, g->remote);
	call = jmap_mailbox_create(&x.request, way.parent, way.level, way.n, role_of(special), false);
	rc = change_tree(g, &x, call, "Mailbox/set", err);
	for (size_t i = 0; i < way.n && rc == 0; i++) {
		snprintf(creation, sizeof creation, "m%zu", i);
		jmap_object_created(x.answer, call, creation, &x.arena, &made, &f);
		if (f.kind != JMAP_OK)
			rc = f.kind == JMAP_ERR_EXISTS ? gw_fail(err, GW_EEXIST, "a mailbox of this name exists already")
						       : jmap_fail(&f, "Mailbox/set", err);
	}
	jmap_exchange_done(&x);
	if (f.kind == JMAP_ERR_INVALID && look(g, NULL) == 0 && named(g, name)) /* what was asked for before was done late */
		rc = gw_fail(err, GW_EEXIST, "a mailbox of this name exists already");
	return rc;
}

static bool taken(const struct naming *g, enum jmap_role role)
{
	for (size_t i = 0; i < g->n; i++)
		if (role != JMAP_NO_ROLE && g->v[i].role == role)
			return true;
	return false;
}

/* A server may make the mailbox and leave its role out; then there must be none (RFC 6154 3). */
static int check_use(struct naming *g, struct gw_slice name, enum jmap_role role, struct gw_err *err)
{
	const struct mirror_mailbox *mb;
	int rc = mirror_mailboxes(g->remote->acc, &g->arena, &g->v, &g->n, err);

	if (rc < 0)
		return rc;
	mb = named(g, name);
	if (!mb || mb->role == role)
		return 0;
	destroy(g, name, NULL);
	return gw_fail(err, GW_EINVAL, "the storage server does not give this special use");
}

static int create(struct naming *g, struct gw_slice name, unsigned special, struct gw_err *err)
{
	enum jmap_role role = role_of(special);
	int rc = look(g, err);

	if (rc == 0 && named(g, name))
		rc = gw_fail(err, GW_EEXIST, "mailbox \"%.*s\" exists already", GW_FMT(name));
	else if (rc == 0 && taken(g, role))
		rc = gw_fail(err, GW_EINVAL, "another mailbox has this special use");
	if (rc == 0)
		rc = make(g, name, special, err);
	return rc == 0 && role != JMAP_NO_ROLE ? check_use(g, name, role, err) : rc;
}

int jmap_create(struct gw_acct *a, struct gw_slice name, unsigned special, struct gw_mbox_id *ret, struct gw_err *err)
{
	struct gw_slice inner = name;
	struct gw_mailbox mb;
	struct naming g;
	int rc = naming_begin(&g, a, &inner, err);

	if (rc < 0)
		return rc;
	rc = create(&g, inner, special, err);
	if (rc == 0)
		rc = view_find(a, &g.arena, name, &mb, err);
	if (rc == 0)
		*ret = mb.id;
	return naming_end(&g, rc);
}

/* ---- DELETE ---- */

int jmap_remove(struct gw_acct *a, struct gw_slice name, struct gw_err *err)
{
	struct naming g;
	int rc = naming_begin(&g, a, &name, err);

	return rc < 0 ? rc : naming_end(&g, destroy(&g, name, err));
}

/* ---- RENAME ---- */

/* The parent that `to` needs, made when it is missing. */
static int make_parent(struct naming *g, struct gw_slice to, struct gw_slice *ret, struct gw_err *err)
{
	size_t end = to.n;
	const struct mirror_mailbox *mb;
	int rc;

	while (end > 0 && to.p[end - 1] != '/')
		end--;
	*ret = GW_S("");
	if (!end)
		return 0;
	to.n = end - 1;
	if (!named(g, to)) {
		rc = make(g, to, 0, err);
		if (rc == 0)
			rc = mirror_mailboxes(g->remote->acc, &g->arena, &g->v, &g->n, err);
		if (rc < 0)
			return rc;
	}
	mb = named(g, to);
	if (!mb)
		return gw_fail(err, GW_EIO, "the storage server does not show a mailbox it made");
	*ret = mb->id;
	return 0;
}

static struct gw_slice last_level(struct gw_slice name)
{
	size_t at = name.n;

	while (at > 0 && name.p[at - 1] != '/')
		at--;
	return gw_slice(name.p + at, name.n - at);
}

static int move(struct naming *g, const struct mirror_mailbox *mb, struct gw_slice to, struct gw_err *err)
{
	struct gw_slice id = mb->id, parent;
	struct jmap_exchange x;
	struct jmap_failure f = { .kind = JMAP_OK };
	unsigned call;
	int rc = make_parent(g, to, &parent, err);

	if (rc < 0)
		return rc;
	jmap_exchange_begin(&x, g->remote);
	call = jmap_mailbox_rename(&x.request, id, parent, jmap_level_name(last_level(to), &g->arena));
	rc = change_tree(g, &x, call, "Mailbox/set", err);
	if (rc == 0)
		jmap_object_updated(x.answer, call, id, &f);
	if (rc == 0 && f.kind != JMAP_OK)
		rc = jmap_fail(&f, "Mailbox/set", err);
	jmap_exchange_done(&x);
	return rc;
}

/* INBOX stays; what it holds goes to a new mailbox (RFC 3501 6.3.5). */
static int move_inbox(struct naming *g, const struct mirror_mailbox *inbox, struct gw_slice to, struct gw_err *err)
{
	struct gw_acct *a = &g->acct->local.view.base;
	struct gw_mbox_id from = { .id = inbox->mailbox };
	struct gw_copied copied;
	struct gw_mailbox mb;
	struct gw_set all;
	int rc = jmap_complete_locked(g->remote, inbox->mailbox, false, &a->interrupted, err);

	if (rc == 0)
		rc = make(g, to, 0, err);
	if (rc == 0)
		rc = view_find(a, &g->arena, to, &mb, err);
	if (rc != 0)
		return rc;
	gw_set_init(&all);
	gw_set_add(&all, 1, UINT32_MAX);
	rc = jmap_copy_locked(a, from, &all, mb.id, true, &copied, err);
	gw_set_done(&all);
	if (rc == 0)
		gw_copied_done(&copied);
	return rc;
}

static int rename_to(struct naming *g, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	const struct mirror_mailbox *mb;
	int rc = look(g, err);

	if (rc < 0)
		return rc;
	mb = named(g, from);
	if (!mb)
		return gw_fail(err, GW_ENOENT, "no such mailbox");
	if (named(g, to))
		return gw_fail(err, GW_EEXIST, "mailbox \"%.*s\" exists already", GW_FMT(to));
	if (mb->role == JMAP_INBOX && g->space)
		return gw_fail(err, GW_EACCES, "INBOX of another user cannot be renamed");
	if (mb->role == JMAP_INBOX)
		return move_inbox(g, mb, to, err);
	if (to.n > from.n && to.p[from.n] == '/' && gw_slice_eq(gw_slice(to.p, from.n), from))
		return gw_fail(err, GW_EINVAL, "a mailbox cannot lie below itself");
	return move(g, mb, to, err);
}

int jmap_rename(struct gw_acct *a, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	const struct view_acct *v = &((struct jmap_acct *)a)->local.view;
	uint32_t source = 0, target = 0;
	struct gw_slice inner;
	struct naming g;
	int rc;

	if (!view_locate(v, from, &source, &inner) || !view_locate(v, to, &target, &to) || source != target || (target && !to.n))
		return gw_fail(err, GW_EACCES, "a mailbox cannot be renamed into another account: copy its messages");
	rc = naming_begin(&g, a, &from, err);
	return rc < 0 ? rc : naming_end(&g, rename_to(&g, from, to, err));
}

/* ---- SUBSCRIBE ---- */

static int subscribe(struct naming *g, struct gw_slice name, struct gw_slice inner, bool on, struct gw_err *err)
{
	const struct mirror_mailbox *mb = NULL;
	struct jmap_exchange x;
	struct jmap_failure f = { .kind = JMAP_OK };
	unsigned call;
	int rc = mirror_mailboxes(g->remote->acc, &g->arena, &g->v, &g->n, err);

	if (rc == 0)
		mb = named(g, inner);
	if (rc == 0 && mb) {
		jmap_exchange_begin(&x, g->remote);
		call = jmap_mailbox_subscribe(&x.request, mb->id, on);
		rc = jmap_exchange_do(&x, true, NULL, err);
		if (rc == 0)
			jmap_object_updated(x.answer, call, mb->id, &f);
		if (rc == 0 && f.kind != JMAP_OK)
			rc = jmap_fail(&f, "Mailbox/set", err);
		jmap_exchange_done(&x);
	}
	if (rc == 0 && mb)
		return view_subscribe_in(&g->acct->local.view.base, g->space, inner, on, err);
	/* Names that are not the server's are subscribed here alone. */
	return rc < 0 ? rc : view_subscribe(&g->acct->local.view.base, name, on, err);
}

int jmap_subscribe(struct gw_acct *a, struct gw_slice name, bool on, struct gw_err *err)
{
	struct gw_slice inner = name;
	struct naming g;
	int rc = naming_begin(&g, a, &inner, err);

	if (rc == GW_EACCES || rc == GW_ENOENT) /* no mailbox of the server's: subscribed here alone */
		return view_subscribe(a, name, on, err);
	return rc < 0 ? rc : naming_end(&g, subscribe(&g, name, inner, on, err));
}
