/* filter.c - which mailboxes NOTIFY and ESEARCH mean (see filter.h) */
#include "imap/filter.h"

bool imap_below(struct gw_slice name, struct gw_slice top)
{
	return name.n > top.n && name.p[top.n] == '/' && gw_slice_eq(gw_slice(name.p, top.n), top);
}

/* Directly: there is no level between them. */
static bool is_child(struct gw_slice name, struct gw_slice top)
{
	return imap_below(name, top) && !memchr(name.p + top.n + 1, '/', name.n - top.n - 1);
}

static bool named(const struct imap_filter *f, struct gw_slice name)
{
	for (size_t i = 0; i < f->n_names; i++) {
		if (gw_slice_eq(name, f->name[i]))
			return true;
		if (f->who == IMAP_FILTER_SUBTREE && imap_below(name, f->name[i]))
			return true;
		if (f->who == IMAP_FILTER_SUBTREE_ONE && is_child(name, f->name[i]))
			return true;
	}
	return false;
}

/* Mail may be delivered into any mailbox of the user, so all of them are inboxes (RFC 5465 6.3). */
bool imap_filter_has(const struct imap_filter *f, const struct gw_mailbox *mb)
{
	switch (f->who) {
	case IMAP_FILTER_INBOXES:
	case IMAP_FILTER_PERSONAL:
		return !(mb->attrs & (GW_MBOX_PUBLIC | GW_MBOX_OTHER));
	case IMAP_FILTER_SUBSCRIBED:
		return mb->attrs & GW_MBOX_SUBSCRIBED;
	case IMAP_FILTER_SUBTREE:
	case IMAP_FILTER_SUBTREE_ONE:
	case IMAP_FILTER_MAILBOXES:
		return named(f, mb->name);
	case IMAP_FILTER_SELECTED:
	case IMAP_FILTER_SELECTED_DELAYED:
		break;
	}
	return false;
}

bool imap_selectable(unsigned attrs)
{
	return !(attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_NOSELECT | GW_MBOX_NOMAIL));
}
