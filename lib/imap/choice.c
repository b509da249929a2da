/* choice.c - which mailboxes NOTIFY and ESEARCH mean (see choice.h) */
#include "imap/choice.h"

bool imap_below(struct gw_slice name, struct gw_slice top)
{
	return name.n > top.n && name.p[top.n] == '/' && gw_slice_eq(gw_slice(name.p, top.n), top);
}

/* Directly: there is no level between them. */
static bool is_child(struct gw_slice name, struct gw_slice top)
{
	return imap_below(name, top) && !memchr(name.p + top.n + 1, '/', name.n - top.n - 1);
}

static bool named(const struct imap_choice *c, struct gw_slice name)
{
	for (size_t i = 0; i < c->n_names; i++) {
		if (gw_slice_eq(name, c->name[i]))
			return true;
		if (c->who == IMAP_CHOICE_SUBTREE && imap_below(name, c->name[i]))
			return true;
		if (c->who == IMAP_CHOICE_SUBTREE_ONE && is_child(name, c->name[i]))
			return true;
	}
	return false;
}

/* Mail may be delivered into any mailbox of the user, so all of them are inboxes (RFC 5465 6.3). */
bool imap_choice_has(const struct imap_choice *c, const struct gw_mailbox *mb)
{
	switch (c->who) {
	case IMAP_CHOICE_INBOXES:
	case IMAP_CHOICE_PERSONAL:
		return !(mb->attrs & (GW_MBOX_PUBLIC | GW_MBOX_OTHER));
	case IMAP_CHOICE_SUBSCRIBED:
		return mb->attrs & GW_MBOX_SUBSCRIBED;
	case IMAP_CHOICE_SUBTREE:
	case IMAP_CHOICE_SUBTREE_ONE:
	case IMAP_CHOICE_MAILBOXES:
		return named(c, mb->name);
	case IMAP_CHOICE_SELECTED:
	case IMAP_CHOICE_SELECTED_DELAYED:
		break;
	}
	return false;
}

bool imap_selectable(unsigned attrs)
{
	return !(attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_NOSELECT | GW_MBOX_NOMAIL));
}
