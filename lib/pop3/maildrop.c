/* maildrop.c - taking the maildrop and giving it back (RFC 1939 sections 4 and 6) */
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
	gw_index_unref(s->index);
	s->index = NULL;
	s->left_us += acct ? gw_acct_store_us(acct) : 0;
	set_account(s, NULL); /* from here on nobody interrupts it */
	gw_acct_close(acct);
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
	return gw_mbox_index(s->acct, s->inbox, &s->index, err);
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

enum pop3_step pop3_enter(struct pop3_session *s, struct gw_acct *acct, const char *mechanism, struct gw_out *out)
{
	struct gw_err err = { 0 };
	int rc;

	set_account(s, acct);
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
