/* cmd_status.c - STATUS (RFC 3501 6.3.10; RFC 7162 3.1.7; RFC 7889; RFC 8438; RFC 8474 4.3; RFC 9208 4.1.4) */
#include "imap/session.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/objectid.h"
#include "imap/put.h"

static uint64_t item_value(const struct imap_session *s, const struct gw_mailbox *mb, unsigned item)
{
	switch (item) {
	case IMAP_STATUS_MESSAGES:
		return mb->messages;
	case IMAP_STATUS_RECENT:
		return mb->recent;
	case IMAP_STATUS_UIDNEXT:
		return mb->uidnext;
	case IMAP_STATUS_UIDVALIDITY:
		return mb->uidvalidity;
	case IMAP_STATUS_UNSEEN:
		return mb->unseen;
	case IMAP_STATUS_SIZE:
		return mb->size;
	case IMAP_STATUS_DELETED:
		return mb->deleted;
	case IMAP_STATUS_DELETED_STORAGE:
		return mb->deleted_size;
	case IMAP_STATUS_HIGHESTMODSEQ:
		return mb->modseq;
	default:
		return imap_append_max(s); /* APPENDLIMIT */
	}
}

static const struct {
	unsigned item;
	const char *name;
} items[] = {
	{ IMAP_STATUS_MESSAGES, "MESSAGES" },
	{ IMAP_STATUS_RECENT, "RECENT" },
	{ IMAP_STATUS_UIDNEXT, "UIDNEXT" },
	{ IMAP_STATUS_UIDVALIDITY, "UIDVALIDITY" },
	{ IMAP_STATUS_UNSEEN, "UNSEEN" },
	{ IMAP_STATUS_SIZE, "SIZE" },
	{ IMAP_STATUS_DELETED, "DELETED" },
	{ IMAP_STATUS_DELETED_STORAGE, "DELETED-STORAGE" },
	{ IMAP_STATUS_HIGHESTMODSEQ, "HIGHESTMODSEQ" },
	{ IMAP_STATUS_APPENDLIMIT, "APPENDLIMIT" },
};

void imap_put_status(struct imap_session *s, const struct gw_mailbox *mb, unsigned wanted, struct gw_out *out)
{
	const char *blank = "";

	gw_out_lit(out, "* STATUS ");
	imap_put_name(s, out, mb->name);
	gw_out_lit(out, " (");
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		if (!(wanted & items[i].item))
			continue;
		gw_out_str(out, blank);
		gw_out_str(out, items[i].name);
		gw_out_char(out, ' ');
		gw_out_u64(out, item_value(s, mb, items[i].item));
		blank = " ";
	}
	if (wanted & IMAP_STATUS_MAILBOXID) {
		gw_out_printf(out, "%sMAILBOXID (%s)", blank, mb->mailboxid);
		blank = " ";
	}
	if (wanted & IMAP_STATUS_OBJECTID) {
		gw_out_str(out, blank);
		imap_put_mailbox_objectid(s, mb, out);
	}
	gw_out_lit(out, ")\r\n");
}

enum imap_step imap_run_status(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_mailbox mb;

	if (t->cmd->status.items & IMAP_STATUS_OBJECTID && !imap_offers(s, "OBJECTID+"))
		return imap_bad(t, "This status item is not known");
	if (!imap_find_mailbox(s, t, t->cmd->mailbox, NULL, &mb))
		return IMAP_STEP_DONE;
	if (mb.attrs & (GW_MBOX_NOSELECT | GW_MBOX_NONEXISTENT))
		return imap_no(t, "CANNOT", "This mailbox has no messages");
	if (t->cmd->status.items & IMAP_STATUS_HIGHESTMODSEQ)
		imap_condstore_on(s, out);
	if (t->cmd->status.items & IMAP_STATUS_OBJECTID)
		imap_objectid_on(s, out);
	imap_put_status(s, &mb, t->cmd->status.items, out);
	return imap_ok(t, "STATUS completed");
}
