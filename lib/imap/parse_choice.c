/* parse_choice.c - choices of mailboxes: filter-mailboxes (RFC 5465 8, RFC 7377 4) */
#include "imap/parse.h"

static const struct {
	const char *name;
	enum imap_choice_who who;
	bool names; /* they follow */
} whos[] = {
	{ "SELECTED", IMAP_CHOICE_SELECTED, false },
	{ "SELECTED-DELAYED", IMAP_CHOICE_SELECTED_DELAYED, false },
	{ "INBOXES", IMAP_CHOICE_INBOXES, false },
	{ "PERSONAL", IMAP_CHOICE_PERSONAL, false },
	{ "SUBSCRIBED", IMAP_CHOICE_SUBSCRIBED, false },
	{ "SUBTREE", IMAP_CHOICE_SUBTREE, true },
	{ "SUBTREE-ONE", IMAP_CHOICE_SUBTREE_ONE, true },
	{ "MAILBOXES", IMAP_CHOICE_MAILBOXES, true },
};

/* mailbox / "(" mailbox *(SP mailbox) ")" */
static bool parse_names(struct gw_slice *in, struct imap_command *c, size_t *names, struct imap_choice *f, const char **why)
{
	bool many = imap_get_char(in, '(');
	struct imap_slices list = { 0 };

	do {
		struct gw_slice name;

		if (!imap_want_mailbox(in, c, &name, why))
			return false;
		if ((*names)++ == IMAP_CHOICE_NAMES_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many mailboxes");
		imap_slices_add(c, &list, name);
	} while (many && imap_get_sp(in));
	f->name = list.v;
	f->n_names = list.n;
	return !many || imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

bool imap_want_choice(struct gw_slice *in, struct imap_command *c, size_t *names, struct imap_choice *ret, const char **why)
{
	for (size_t i = 0; i < sizeof whos / sizeof *whos; i++) {
		if (!imap_get_word(in, gw_slice_str(whos[i].name)))
			continue;
		ret->who = whos[i].who;
		return !whos[i].names || (imap_want_sp(in, why) && parse_names(in, c, names, ret, why));
	}
	return imap_fail_bad(why, "This choice of mailboxes is not known");
}
