/* objectid.c - OBJECTID+ (objectid.h) */
#include "imap/objectid.h"

void imap_objectid_on(struct imap_session *s, struct gw_out *out)
{
	if (s->modes & IMAP_MODE_OBJECTID)
		return;
	s->modes |= IMAP_MODE_OBJECTID;
	gw_out_lit(out, "* ENABLED OBJECTID+\r\n");
}

/* n 0: it cannot be told now, and is left out. */
static struct gw_slice account_of(const struct imap_session *s, uint32_t space, char room[GW_ACCOUNT_ID_MAX])
{
	return gw_acct_account_id(s->acct, space, room, NULL) == 0 ? gw_slice_str(room) : gw_slice(NULL, 0);
}

void imap_put_mailbox_objectid(const struct imap_session *s, const struct gw_mailbox *mb, struct gw_out *out)
{
	char room[GW_ACCOUNT_ID_MAX];
	struct gw_slice account = account_of(s, mb->id.space, room);

	gw_out_printf(out, "OBJECTID (MAILBOXID %s", mb->mailboxid);
	if (account.n)
		gw_out_printf(out, " ACCOUNTID %s", room);
	gw_out_char(out, ')');
}

void imap_put_message_objectid(const struct gw_message *m, struct gw_out *out)
{
	gw_out_lit(out, "OBJECTID (");
	if (m->emailid.n) {
		gw_out_lit(out, "EMAILID ");
		gw_out_slice(out, m->emailid);
	}
	if (m->threadid.n) {
		gw_out_str(out, m->emailid.n ? " THREADID " : "THREADID ");
		gw_out_slice(out, m->threadid);
	}
	gw_out_char(out, ')');
}

const char *imap_mailbox_code(const struct imap_session *s, struct gw_arena *arena, const struct gw_mailbox *mb)
{
	char room[GW_ACCOUNT_ID_MAX];
	struct gw_slice account;

	if (!(s->modes & IMAP_MODE_OBJECTID))
		return imap_offers(s, "OBJECTID") ? gw_arena_printf(arena, "MAILBOXID (%s)", mb->mailboxid) : NULL;
	account = account_of(s, mb->id.space, room);
	return gw_arena_printf(arena, "OBJECTID (MAILBOXID %s%s%.*s)", mb->mailboxid, account.n ? " ACCOUNTID " : "", GW_FMT(account));
}

bool imap_name_of_objectid(struct imap_session *s, struct imap_task *t, struct gw_slice *ret)
{
	const struct imap_select *q = &t->cmd->select;
	struct gw_mailbox *v = NULL;
	char room[GW_ACCOUNT_ID_MAX];
	size_t n = 0;

	if (gw_acct_list(s->acct, &t->arena, &v, &n, NULL) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (v[i].attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT) || imap_out_of_sight(s, v[i].attrs) ||
		    !gw_slice_eq(q->mailboxid, gw_slice_str(v[i].mailboxid)))
			continue;
		if (q->accountid.n && !gw_slice_eq(q->accountid, account_of(s, v[i].id.space, room)))
			continue;
		*ret = v[i].name;
		return true;
	}
	return false;
}
