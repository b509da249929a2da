/* maildrop.c - taking the maildrop and giving it back (RFC 1939 sections 4 and 6)
 *
 * With `pop3_delete = flag` messages stay in the inbox that POP3 has deleted: the maildrop is then an index without them. */
#include "pop3/pop3.h"

#include "config/config.h"
#include "util/arena.h"

#include <stdio.h>

static void set_account(struct pop3_session *s, struct gw_acct *acct)
{
	while (atomic_flag_test_and_set_explicit(&s->guard, memory_order_acquire))
		;
	s->acct = acct;
	atomic_flag_clear_explicit(&s->guard, memory_order_release);
}

void pop3_leave(struct pop3_session *s)
{
	struct gw_acct *acct = s->acct;

	pop3_fetch_close(s);
	if (acct)
		pop3_mark_seen(s);
	gw_uidls_done(&s->uidls);
	gw_index_unref(s->index);
	s->index = NULL;
	s->left_us += acct ? gw_acct_store_us(acct) : 0;
	set_account(s, NULL); /* from here on nobody interrupts it */
	gw_acct_close(acct);
}

/* What an earlier session deleted is not in the maildrop any more. */
static void hide_deleted(struct pop3_session *s)
{
	struct gw_index *all = s->index;
	struct gw_index_builder *b = gw_index_builder_new(all->uidvalidity, all->uidnext, all->modseq, &all->keywords);
	const struct gw_entry *e;
	struct gw_index_iter it;

	gw_index_iter(&it, all, 1);
	while ((e = gw_index_next(&it)))
		if (!(e->flags & GW_FLAG_DELETED))
			gw_index_builder_add(b, e);
	s->index = gw_index_builder_finish(b);
	gw_index_unref(all);
}

void pop3_mark_seen(struct pop3_session *s)
{
	const struct gw_flag_change change = { .how = GW_FLAGS_ADD, .system = GW_FLAG_SEEN };
	struct gw_err err = { 0 };
	struct gw_set uids;

	if (s->seen.n == 0)
		return;
	pop3_stop_listening(s);
	gw_set_init(&uids);
	gw_index_uids(s->index, &s->seen, &uids);
	gw_set_clear(&s->seen);
	if (gw_mbox_store_flags(s->acct, s->inbox, &uids, &change, NULL, &err) < 0)
		gw_env_event(&s->env, GW_EV_STORE_ERROR, GW_STR("command", "RETR"), GW_STR("detail", err.text));
	gw_set_done(&uids);
}

static int open_inbox(struct pop3_session *s, struct gw_err *err)
{
	struct gw_mailbox inbox;
	struct gw_arena arena;
	int rc = s->env.config->pop3_lock_maildrop ? gw_acct_lock_maildrop(s->acct, err) : 0;

	if (rc < 0)
		return rc;
	gw_arena_init(&arena, 0, 0);
	rc = gw_acct_find(s->acct, &arena, GW_S("INBOX"), &inbox, err);
	gw_arena_done(&arena);
	if (rc < 0)
		return rc;
	s->inbox = inbox.id;
	rc = gw_mbox_index(s->acct, s->inbox, &s->index, err);
	if (rc < 0)
		return rc;
	if (s->env.config->pop3_delete == GW_POP3_DELETE_FLAG)
		hide_deleted(s);
	gw_uidls_init(&s->uidls, s->env.config->pop3_uidl_format, s->index->uidvalidity);
	return 0;
}

static void count(struct pop3_session *s)
{
	const struct gw_entry *e;
	struct gw_index_iter it;

	s->count = s->index->n;
	s->octets = 0;
	gw_index_iter(&it, s->index, 1);
	while ((e = gw_index_next(&it)))
		s->octets += e->size;
}

static void show_session(struct pop3_session *s)
{
	struct gw_session_info *info = s->env.info;

	if (!info)
		return;
	gw_info_set(info, user, gw_slice_str(gw_acct_user(s->acct)));
	gw_info_set(info, mailbox, GW_S("INBOX"));
	info->state = GW_STATE_SELECTED;
}

/* RFC 2449 section 8.1.1 */
static bool too_soon(struct pop3_session *s, const char *mechanism, struct gw_out *out)
{
	const char *user = gw_acct_user(s->acct);
	unsigned wait_s = s->env.config->pop3_login_delay && s->env.wait_s ? s->env.wait_s(s->env.ctx, user) : 0;

	if (wait_s == 0)
		return false;
	pop3_err(s, out, "[LOGIN-DELAY] The next login is possible in %u seconds", wait_s);
	if (s->env.login)
		s->env.login(s->env.ctx, user, mechanism, "delayed", "the last login was too short a time ago");
	pop3_leave(s);
	return true;
}

/* Nothing but the administrator's word helps the user (RFC 3206 4). */
static enum pop3_step refer(struct pop3_session *s, struct gw_acct *acct, const char *mechanism, struct gw_out *out)
{
	const struct gw_moved *m = gw_acct_moved(acct);

	pop3_err(s, out, "[SYS/PERM] Your mail has moved to %s", m->server);
	if (s->env.login)
		s->env.login(s->env.ctx, gw_acct_user(acct), mechanism, "moved", m->server);
	gw_acct_close(acct);
	return POP3_DONE;
}

enum pop3_step pop3_enter(struct pop3_session *s, struct gw_acct *acct, const char *mechanism, struct gw_out *out)
{
	struct gw_err err = { 0 };
	int rc;

	if (gw_acct_moved(acct))
		return refer(s, acct, mechanism, out);
	set_account(s, acct);
	if (too_soon(s, mechanism, out))
		return POP3_DONE;
	rc = open_inbox(s, &err);
	if (rc < 0) {
		if (rc == GW_EBUSY)
			pop3_err(s, out, "[IN-USE] The maildrop is open in another session");
		else
			pop3_fail(s, out, "Opening the maildrop", &err);
		if (s->env.login)
			s->env.login(s->env.ctx, gw_acct_user(acct), mechanism, "unavailable",
				     rc == GW_EBUSY ? "the maildrop is open in another session" : err.text);
		pop3_leave(s);
		return POP3_DONE;
	}
	count(s);
	s->state = POP3_TRANSACTION;
	s->bad = 0;
	show_session(s);
	if (s->env.login)
		s->env.login(s->env.ctx, gw_acct_user(acct), mechanism, "ok", NULL);
	return pop3_ok(s, out, "Maildrop has %u messages (%llu octets)", s->count, (unsigned long long)s->octets);
}

const struct gw_entry *pop3_message(struct pop3_session *s, uint32_t number, struct gw_out *out)
{
	const struct gw_entry *e = number == UINT32_MAX ? NULL : gw_index_at(s->index, number);

	if (!e)
		pop3_err(s, out, "No such message, there are %u", s->index->n);
	else if (gw_set_has(&s->deleted, number))
		pop3_err(s, out, "Message %u is deleted", number);
	else
		return e;
	return NULL;
}
