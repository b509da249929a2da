/* notify_tell.c - news of mailboxes that are not selected, as responses (RFC 5465 5; see notify.h) */
#include "imap/notify_rows.h"

#include "imap/choice.h"
#include "imap/put.h"

static void put_status(struct imap_session *s, const struct notify_row *row, unsigned items, struct gw_out *out)
{
	struct gw_mailbox mb = {
		.name = row->name,
		.uidvalidity = row->uidvalidity,
		.uidnext = row->uidnext,
		.messages = row->messages,
		.unseen = row->unseen,
		.modseq = row->modseq,
	};

	imap_put_status(s, &mb, items, out);
}

bool notify_rows_status(struct imap_session *s, const struct notify_rows *r, size_t *at, struct gw_out *out)
{
	for (; *at < r->n; (*at)++) {
		const struct notify_row *row = &r->v[*at];
		unsigned items = 0;

		if (gw_out_full(out))
			return false;
		if (notify_is_selected(s, row))
			continue;
		if (row->events & (IMAP_EVENT_NEW | IMAP_EVENT_EXPUNGE))
			items |= IMAP_STATUS_MESSAGES | IMAP_STATUS_UIDNEXT | IMAP_STATUS_UIDVALIDITY;
		if (row->events & (IMAP_EVENT_FLAGS | IMAP_EVENT_ANNOTATION))
			items |= IMAP_STATUS_UIDVALIDITY | IMAP_STATUS_HIGHESTMODSEQ;
		if (items)
			put_status(s, row, items, out);
	}
	return true;
}

static void put_list(const struct imap_session *s, const struct notify_row *row, bool gone, struct gw_out *out)
{
	const char *blank = "";

	gw_out_lit(out, "* LIST (");
	if (gone || row->attrs & GW_MBOX_NONEXISTENT) {
		gw_out_lit(out, "\\NonExistent");
		blank = " ";
	} else if (!imap_selectable(row->attrs)) {
		gw_out_lit(out, "\\Noselect");
		blank = " ";
	}
	if (!gone && row->attrs & GW_MBOX_SUBSCRIBED) {
		gw_out_printf(out, "%s\\Subscribed", blank);
		blank = " ";
	}
	if (!gone)
		gw_out_printf(out, "%s%s", blank, row->attrs & GW_MBOX_CHILDREN ? "\\HasChildren" : "\\HasNoChildren");
	gw_out_lit(out, ") \"/\" ");
	imap_put_name(s, out, row->name);
	if (row->say & SAY_OLDNAME) {
		gw_out_lit(out, " (\"OLDNAME\" (");
		imap_put_name(s, out, row->was->name);
		gw_out_lit(out, "))");
	}
	gw_out_lit(out, "\r\n");
}

/* RFC 5464 4.4.2: names without values */
static void put_mark(const struct imap_session *s, const struct notify_round *q, const struct gw_metadata_mark *m, struct gw_out *out)
{
	const struct notify_row *row = m->id.id ? notify_row_of(q->now, m->id) : NULL;

	gw_out_lit(out, "* METADATA ");
	if (row)
		imap_put_name(s, out, row->name);
	else
		gw_out_lit(out, "\"\"");
	gw_out_char(out, ' ');
	imap_put_astring(out, m->name);
	gw_out_lit(out, "\r\n");
}

bool notify_round_tell(struct imap_session *s, struct notify_round *q, struct gw_out *out)
{
	for (; q->gone < q->known->n; q->gone++) {
		if (gw_out_full(out))
			return false;
		if (q->known->v[q->gone].say & SAY_GONE)
			put_list(s, &q->known->v[q->gone], true, out);
	}
	for (; q->at < q->now->n; q->at++) {
		const struct notify_row *row = &q->now->v[q->at];

		if (gw_out_full(out))
			return false;
		if (row->say & SAY_LIST)
			put_list(s, row, false, out);
		if (row->status)
			put_status(s, row, row->status, out);
	}
	for (; q->told_changed < q->n_changed; q->told_changed++) {
		if (gw_out_full(out))
			return false;
		put_mark(s, q, q->changed[q->told_changed], out);
	}
	return true;
}
