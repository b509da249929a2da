/* shared.c - what several commands need: message sets, mailbox names, CONDSTORE (see session.h) */
#include "imap/session.h"

#include "config/config.h"
#include "imap/put.h"
#include "imap/url.h"

static void free_set(void *set)
{
	gw_set_done(set);
}

struct gw_set *imap_task_set(struct imap_task *t)
{
	struct gw_set *set = gw_arena_alloc(&t->arena, sizeof *set);

	gw_set_init(set);
	gw_arena_defer(&t->arena, free_set, set);
	return set;
}

char *imap_out_text(struct gw_arena *arena, struct gw_out *out)
{
	char *text = gw_arena_alloc(arena, out->n + 1), *p = text;

	while (out->n) {
		struct gw_slice front = gw_out_front(out);

		memcpy(p, front.p, front.n);
		p += front.n;
		gw_out_drop(out, front.n);
	}
	gw_out_done(out);
	return text;
}

/* Take the numbers of ghosts out of *seqs. True: there were some. */
static bool drop_ghosts(const struct gw_index *ix, struct gw_set *seqs)
{
	struct gw_set ghosts;
	bool any;

	gw_set_init(&ghosts);
	for (size_t i = 0; i < seqs->n; i++) {
		const struct gw_entry *e;
		struct gw_index_iter it;

		gw_index_iter(&it, ix, seqs->r[i].lo);
		while (it.seq <= seqs->r[i].hi && (e = gw_index_next(&it)))
			if (!e->content)
				gw_set_add(&ghosts, it.seq - 1, it.seq - 1);
	}
	any = ghosts.n;
	if (any)
		gw_set_subtract(seqs, &ghosts);
	gw_set_done(&ghosts);
	return any;
}

/* The highest number outside ranges with `*` must exist; with them, `*` is the highest whatever is written. */
static bool within(const struct imap_seqset *set, uint32_t exists)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct gw_range *r = &set->r[i];

		if (r->lo != IMAP_STAR && r->hi != IMAP_STAR && (r->lo > exists || r->hi > exists))
			return false;
	}
	return true;
}

static void find_seqs(struct imap_session *s, const struct imap_seqset *set, bool uid, struct gw_set *seqs)
{
	const struct gw_index *ix = s->view->told;
	struct gw_set uids;

	if (!uid && !set->saved) {
		imap_seqset_resolve(set, ix->n, seqs);
		return;
	}
	gw_set_init(&uids);
	if (set->saved)
		gw_set_union(&uids, &s->saved);
	else
		imap_seqset_resolve(set, ix->n ? gw_index_at(ix, ix->n)->uid : 0, &uids);
	gw_index_seqs(ix, &uids, seqs);
	gw_set_done(&uids);
}

bool imap_resolve(struct imap_session *s, struct imap_task *t, const struct imap_seqset *set, bool uid,
		  struct gw_set *ret_uids, struct gw_set *ret_seqs, bool *ret_gone)
{
	struct gw_err err = { 0 };
	struct gw_set seqs;
	bool gone;
	int rc = imap_view_load(s, &err);

	if (rc < 0) {
		imap_fail(s, t, rc, &err);
		return false;
	}
	if (!uid && !set->saved && !within(set, s->view->told->n)) {
		imap_bad(t, "There is no message of that number");
		return false;
	}
	gw_set_init(&seqs);
	find_seqs(s, set, uid, &seqs);
	gone = drop_ghosts(s->view->told, &seqs);
	if (ret_gone)
		*ret_gone = gone;
	gw_index_uids(s->view->told, &seqs, ret_uids);
	if (ret_seqs)
		gw_set_union(ret_seqs, &seqs);
	gw_set_done(&seqs);
	return true;
}

bool imap_some_gone(const struct imap_session *s, const struct gw_set *uids)
{
	struct gw_set seqs;
	bool gone;

	if (!s->view->owes)
		return false;
	gw_set_init(&seqs);
	gw_index_seqs(s->view->told, uids, &seqs);
	gone = drop_ghosts(s->view->told, &seqs);
	gw_set_done(&seqs);
	return gone;
}

void imap_put_name(const struct imap_session *s, struct gw_out *out, struct gw_slice name)
{
	if (imap_utf8(s))
		imap_put_mailbox_utf8(out, name);
	else
		imap_put_mailbox(out, name);
}

bool imap_out_of_sight(const struct imap_session *s, unsigned attrs)
{
	const struct gw_config *cfg = s->env.config;

	return (attrs & GW_MBOX_PUBLIC && !cfg->imap_public_folders) || (attrs & GW_MBOX_OTHER && !cfg->imap_shared_accounts);
}

bool imap_hidden(const struct imap_session *s, unsigned attrs)
{
	return imap_out_of_sight(s, attrs) || (attrs & GW_MBOX_NOMAIL && s->env.config->imap_only_mailfolders);
}

bool imap_refer_mailbox(struct imap_session *s, struct imap_task *t, struct gw_slice name)
{
	const char *server = imap_offers(s, "MAILBOX-REFERRALS") ? gw_acct_remote(s->acct, name) : NULL;

	if (!server || imap_out_of_sight(s, GW_MBOX_PUBLIC))
		return false;
	imap_no(t, gw_arena_printf(&t->arena, "REFERRAL %s", imap_url_of_mailbox(&t->arena, gw_acct_user(s->acct), server, name)),
		"The mailbox is on another server");
	return true;
}

bool imap_find_mailbox(struct imap_session *s, struct imap_task *t, struct gw_slice name, const char *if_missing,
		       struct gw_mailbox *ret)
{
	struct gw_err err = { 0 };
	int rc = gw_acct_find(s->acct, &t->arena, name, ret, &err);

	if (rc == 0 && imap_out_of_sight(s, ret->attrs))
		rc = GW_ENOENT;
	if (rc == 0)
		return true;
	if (rc == GW_ENOENT && imap_refer_mailbox(s, t, name))
		return false;
	if (rc == GW_ENOENT)
		imap_no(t, if_missing ? if_missing : "NONEXISTENT", "There is no such mailbox");
	else
		imap_fail(s, t, rc, &err);
	return false;
}

void imap_put_highest(uint64_t modseq, struct gw_out *out)
{
	gw_out_lit(out, "* OK [HIGHESTMODSEQ ");
	gw_out_u64(out, modseq);
	gw_out_lit(out, "] Highest\r\n");
}

void imap_condstore_on(struct imap_session *s, struct gw_out *out)
{
	bool before = s->modes & IMAP_MODE_CONDSTORE;

	s->modes |= IMAP_MODE_CONDSTORE;
	if (!before && s->view)
		imap_put_highest(s->view->settled, out);
}
