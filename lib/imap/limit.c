/* limit.c - how many messages one command may process (RFC 9738; see limit.h) */
#include "imap/limit.h"

#include "config/config.h"
#include "imap/window.h"

uint32_t imap_message_limit(const struct imap_session *s)
{
	return imap_offers(s, "MESSAGELIMIT") ? s->env.config->imap_message_limit : 0;
}

/* Not below the other: who knows that one alone may copy what it has fetched. */
uint32_t imap_save_limit(const struct imap_session *s)
{
	uint32_t save = imap_offers(s, "SAVELIMIT") ? s->env.config->imap_save_limit : 0, other = imap_message_limit(s);

	return save && save < other ? other : save;
}

bool imap_limit_cut(uint32_t n, struct gw_set *set)
{
	const struct imap_window highest = { .set = true, .lo = -1, .hi = -(int64_t)n };
	struct gw_set keep;

	if (!n || gw_set_count(set) <= n)
		return false;
	gw_set_init(&keep);
	imap_window_take(set, &highest, &keep);
	gw_set_clear(set);
	gw_set_union(set, &keep);
	gw_set_done(&keep);
	return true;
}

void imap_limit_seqs(struct imap_session *s, struct imap_task *t, struct gw_set *seqs)
{
	if (!t->unasked && imap_limit_cut(imap_message_limit(s), seqs))
		t->cut = gw_index_at(s->view->told, gw_set_min(seqs))->uid;
}

void imap_limit_uids(struct imap_session *s, struct imap_task *t, struct gw_set *uids)
{
	if (imap_limit_cut(imap_message_limit(s), uids))
		t->cut = gw_set_min(uids);
}

/* Of the messages in uids, those that are \Deleted. */
static void find_deleted(const struct gw_index *ix, const struct gw_set *uids, struct gw_set *ret)
{
	struct gw_index_iter it;
	const struct gw_entry *e = NULL;

	gw_index_iter(&it, ix, gw_index_lower(ix, gw_set_min(uids)));
	while ((e = gw_index_next(&it)) && e->uid <= gw_set_max(uids))
		if (e->flags & GW_FLAG_DELETED && gw_set_has(uids, e->uid))
			gw_set_add(ret, e->uid, e->uid);
}

int imap_limit_deleted(struct imap_session *s, struct imap_task *t, struct gw_set *uids, struct gw_err *err)
{
	uint32_t n = imap_message_limit(s);
	struct gw_index *now = NULL;
	struct gw_set deleted;
	int rc;

	if (!n || gw_set_count(uids) <= n)
		return 0;
	rc = gw_mbox_index(s->acct, s->view->id, &now, err);
	if (rc < 0)
		return rc;
	gw_set_init(&deleted);
	find_deleted(now, uids, &deleted);
	gw_index_unref(now);
	if (imap_limit_cut(n, &deleted)) {
		t->cut = gw_set_min(&deleted);
		gw_set_intersect(uids, &deleted);
	}
	gw_set_done(&deleted);
	return 0;
}

/* The UID says where a smaller set would begin. */
bool imap_may_save(struct imap_session *s, struct imap_task *t, const struct gw_set *uids)
{
	uint32_t n = imap_save_limit(s);
	struct gw_set *highest;

	if (!n || gw_set_count(uids) <= n)
		return true;
	highest = imap_task_set(t);
	gw_set_union(highest, uids);
	imap_limit_cut(n, highest);
	imap_no(t, gw_arena_printf(&t->arena, "MESSAGELIMIT %u %u", n, gw_set_min(highest)), "Too many messages for one command");
	return false;
}

bool imap_may_append(struct imap_session *s, struct imap_task *t, size_t n)
{
	uint32_t limit = imap_save_limit(s);

	if (!limit || n <= limit)
		return true;
	imap_no(t, gw_arena_printf(&t->arena, "MESSAGELIMIT %u", limit), "Too many messages for one command");
	return false;
}

void imap_put_cut(const struct imap_session *s, const struct imap_task *t, struct gw_out *out)
{
	gw_out_printf(out, "[MESSAGELIMIT %u %u] ", imap_message_limit(s), t->cut);
}
