/* cmd_quit.c - QUIT: the UPDATE state (RFC 1939 section 6)
 *
 * Deletions happen here or not at all, in one transaction, and the answer says how it went. What deleting is says
 * `pop3_delete`. The maildrop is free again before the client hears it, so that its next login finds no lock. */
#include "pop3/pop3.h"

#include "config/config.h"
#include "util/arena.h"

void pop3_stop_listening(struct pop3_session *s)
{
	while (atomic_flag_test_and_set_explicit(&s->guard, memory_order_acquire))
		;
	s->deaf = true;
	gw_acct_resume(s->acct);
	atomic_flag_clear_explicit(&s->guard, memory_order_release);
}

static int expunge(struct pop3_session *s, const struct gw_set *uids, struct gw_err *err)
{
	struct gw_set gone;
	int rc;

	gw_set_init(&gone);
	rc = gw_mbox_remove(s->acct, s->inbox, uids, &gone, err);
	if (rc == 0 && s->env.info)
		s->env.info->expunged += (uint32_t)gw_set_count(&gone);
	gw_set_done(&gone);
	return rc;
}

static int flag(struct pop3_session *s, const struct gw_set *uids, struct gw_err *err)
{
	const struct gw_flag_change change = { .how = GW_FLAGS_ADD, .system = GW_FLAG_DELETED };

	return gw_mbox_store_flags(s->acct, s->inbox, uids, &change, NULL, err);
}

/* The mailbox for trash (RFC 6154), else the one of that name, else a new one. */
static int find_trash(struct pop3_session *s, struct gw_mbox_id *ret, struct gw_err *err)
{
	struct gw_mailbox *v = NULL;
	struct gw_arena arena;
	size_t n = 0, at;
	int rc;

	gw_arena_init(&arena, 0, 0);
	rc = gw_acct_list(s->acct, &arena, &v, &n, err);
	for (at = 0; rc == 0 && at < n; at++)
		if (v[at].attrs & GW_MBOX_TRASH && !(v[at].attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT)))
			break;
	if (rc == 0 && at == n) {
		for (at = 0; at < n; at++)
			if (gw_slice_eqi(v[at].name, GW_S("Trash")) && !(v[at].attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT)))
				break;
	}
	if (rc == 0 && at < n)
		*ret = v[at].id;
	else if (rc == 0)
		rc = gw_acct_create(s->acct, GW_S("Trash"), GW_MBOX_TRASH, ret, err);
	gw_arena_done(&arena);
	return rc;
}

static int move_to_trash(struct pop3_session *s, const struct gw_set *uids, struct gw_err *err)
{
	struct gw_mbox_id trash = { 0 };
	struct gw_copied moved;
	int rc = find_trash(s, &trash, err);

	if (rc < 0)
		return rc;
	rc = gw_mbox_copy(s->acct, s->inbox, uids, trash, true, &moved, err);
	if (rc < 0)
		return rc;
	if (s->env.info)
		s->env.info->expunged += (uint32_t)gw_set_count(&moved.src);
	gw_copied_done(&moved);
	return 0;
}

static int update(struct pop3_session *s, struct gw_err *err)
{
	static int (*const how[])(struct pop3_session *, const struct gw_set *, struct gw_err *) = {
		[GW_POP3_DELETE_EXPUNGE] = expunge,
		[GW_POP3_DELETE_FLAG] = flag,
		[GW_POP3_DELETE_TRASH] = move_to_trash,
	};
	struct gw_set uids;
	int rc;

	pop3_stop_listening(s);
	gw_set_init(&uids);
	gw_index_uids(s->index, &s->deleted, &uids);
	rc = how[s->env.config->pop3_delete](s, &uids, err);
	gw_set_done(&uids);
	return rc;
}

enum pop3_step pop3_run_quit(struct pop3_session *s, struct pop3_cmd *c, struct gw_out *out)
{
	uint32_t n = (uint32_t)gw_set_count(&s->deleted);
	struct gw_err err = { 0 };
	int rc = 0;

	(void)c;
	if (s->acct) {
		pop3_fetch_close(s);
		pop3_mark_seen(s); /* before those of them go that are deleted, too: trash shows what was read */
		if (n)
			rc = update(s, &err);
		if (rc < 0)
			gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", "QUIT"), GW_STR("detail", err.text));
		pop3_leave(s);
	}
	s->closing = true;
	if (rc < 0)
		return pop3_err(s, out, "[SYS/TEMP] %u deleted messages were not removed", n);
	return pop3_ok(s, out, "Bye");
}
