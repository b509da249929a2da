/* spaces.c - accounts that others share with the user (RFC 8620 1.6.2), below "Other Users/"
 *
 * The session object names them. Each has a mirror of its own in this user's name, since what he may do there is his alone; it is
 * opened when he first looks at it. */
#include "store/jmap/driver.h"

#include "store/jmap/tree.h"
#include "util/mem.h"

#define SHARED_MAX 100u

static const struct jmap_account *account_of(const struct jmap_acct *ja, uint32_t space)
{
	return &ja->login->session.accounts[space]; /* in the order of the session object, whose first is the primary one */
}

void jmap_spaces_begin(struct jmap_acct *ja)
{
	const struct jmap_session *session = &ja->login->session;
	size_t n = session->n_accounts - 1;
	struct jmap_mailbox *v;
	struct gw_slice *paths;
	struct gw_arena arena;

	if (!ja->js->set.shared_accounts || n == 0)
		return;
	n = n < SHARED_MAX ? n : SHARED_MAX;
	gw_arena_init(&arena, 4096, 0);
	v = gw_arena_calloc(&arena, n, sizeof *v);
	paths = gw_arena_calloc(&arena, n, sizeof *paths);
	for (size_t i = 0; i < n; i++) { /* as names of mailboxes that lie side by side */
		v[i].id = session->accounts[i + 1].id;
		v[i].name = session->accounts[i + 1].name.n ? session->accounts[i + 1].name : v[i].id;
	}
	jmap_tree_paths(v, n, &arena, paths);
	for (size_t i = 0; i < n; i++)
		view_add_space(&ja->local.view, VIEW_OTHER, gw_arena_printf(&arena, GW_OTHER_ROOT "/%.*s", GW_FMT(paths[i])), NULL);
	gw_arena_done(&arena);
	ja->shared = gw_xcalloc(n, sizeof *ja->shared);
}

void jmap_spaces_end(struct jmap_acct *ja)
{
	for (uint32_t i = 0; i < ja->local.view.n_spaces; i++)
		if (ja->shared[i])
			jmap_acct_drop(ja->shared[i]);
	free(ja->shared);
}

int jmap_space_open(struct jmap_acct *ja, uint32_t space, struct gw_err *err)
{
	struct view_space *at;
	struct jmap_remote *r;
	int rc;

	if (!space || ja->shared[space - 1])
		return 0;
	at = &ja->local.view.space[space - 1];
	rc = jmap_acct_take(ja, account_of(ja, space), &r, err);
	if (rc == 0) {
		rc = local_db_open(&ja->js->local, gw_db_account_id(r->acc), &at->acc, err);
		if (rc < 0)
			jmap_acct_drop(r);
	}
	if (rc == 0)
		ja->shared[space - 1] = r;
	return rc;
}
