/* parse_notify.c - NOTIFY (RFC 5465 8) */
#include "imap/parse.h"

static const struct {
	const char *name;
	unsigned bit;
} events[] = {
	{ "MessageNew", IMAP_EVENT_NEW },
	{ "MessageExpunge", IMAP_EVENT_EXPUNGE },
	{ "AnnotationChange", IMAP_EVENT_ANNOTATION },
	{ "FlagChange", IMAP_EVENT_FLAGS },
	{ "MailboxName", IMAP_EVENT_NAME },
	{ "SubscriptionChange", IMAP_EVENT_SUBSCRIPTION },
	{ "MailboxMetadataChange", IMAP_EVENT_METADATA },
	{ "ServerMetadataChange", IMAP_EVENT_SERVER_METADATA },
};

static bool of_selected(enum imap_choice_who who)
{
	return who == IMAP_CHOICE_SELECTED || who == IMAP_CHOICE_SELECTED_DELAYED;
}

static unsigned find_event(struct gw_slice name)
{
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (gw_slice_eqi(name, gw_slice_str(events[i].name)))
			return events[i].bit;
	return 0;
}

static bool parse_event(struct gw_slice *in, struct imap_command *c, struct imap_notify_group *g, const char **why)
{
	struct gw_slice name;
	unsigned bit;

	if (!imap_get_atom(in, &name))
		return imap_fail_bad(why, "The name of an event is expected");
	bit = find_event(name);
	c->notify.unknown = c->notify.unknown || !bit; /* the command is refused (RFC 5465 3.1) */
	g->events |= bit;
	if (bit != IMAP_EVENT_NEW || !imap_get_prefix(in, GW_S(" (")))
		return true;
	if (!of_selected(g->of.who))
		return imap_fail_bad(why, "Items of new messages can be had of the selected mailbox only");
	return imap_want_fetch_items(in, c, &c->notify.fetch, why);
}

/* RFC 5465 5, 6.1 */
static bool check_events(const struct imap_notify_group *g, const char **why)
{
	const unsigned both = IMAP_EVENT_NEW | IMAP_EVENT_EXPUNGE;

	if (g->events & both && (g->events & both) != both)
		return imap_fail_bad(why, "MessageNew and MessageExpunge go together");
	if (g->events & (IMAP_EVENT_FLAGS | IMAP_EVENT_ANNOTATION) && !(g->events & both))
		return imap_fail_bad(why, "FlagChange and AnnotationChange need MessageNew and MessageExpunge");
	if (of_selected(g->of.who) && g->events & ~(unsigned)IMAP_EVENTS_OF_MESSAGES)
		return imap_fail_bad(why, "SELECTED is about messages only");
	return true;
}

/* "NONE" / "(" event *(SP event) ")"; also without the parentheses, as the examples of RFC 5465 3.1 have it. */
static bool parse_events(struct gw_slice *in, struct imap_command *c, struct imap_notify_group *g, const char **why)
{
	bool list;

	if (imap_get_word(in, GW_S("NONE")))
		return true;
	list = imap_get_char(in, '(');
	do {
		if (!parse_event(in, c, g, why))
			return false;
	} while (imap_get_sp(in));
	if (list && !imap_get_char(in, ')'))
		return imap_fail_bad(why, "A ) is missing");
	return check_events(g, why);
}

static bool parse_group(struct gw_slice *in, struct imap_command *c, size_t *names, struct imap_notify_group *g, const char **why)
{
	if (!imap_get_char(in, '('))
		return imap_fail_bad(why, "A group of events in parentheses is expected");
	if (!imap_want_choice(in, c, names, &g->of, why))
		return false;
	if (g->of.who == IMAP_CHOICE_SUBTREE_ONE)
		return imap_fail_bad(why, "NOTIFY does not know this choice of mailboxes");
	if (!imap_want_sp(in, why) || !parse_events(in, c, g, why))
		return false;
	return imap_get_char(in, ')') || imap_fail_bad(why, "A ) is missing");
}

static bool parse_groups(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_notify *q = &c->notify;
	struct imap_notify_group *v = gw_arena_calloc(c->arena, IMAP_CHOICES_MAX, sizeof *v);
	bool selected = false;
	size_t names = 0;

	q->group = v;
	do {
		struct imap_notify_group g = { 0 };

		if (!parse_group(in, c, &names, &g, why))
			return false;
		if (of_selected(g.of.who)) {
			if (selected)
				return imap_fail_bad(why, "The selected mailbox is spoken of twice");
			selected = true;
			q->delayed = g.of.who == IMAP_CHOICE_SELECTED_DELAYED;
			q->selected = g.events;
			continue;
		}
		if (q->n_groups == IMAP_CHOICES_MAX)
			return imap_fail_no(c, "LIMIT", why, "There are too many groups of events");
		v[q->n_groups++] = g;
	} while (imap_get_sp(in));
	return true;
}

/* SP "NONE" / SP "SET" [SP "STATUS"] SP event-groups */
bool imap_parse_notify(struct gw_slice *in, struct imap_command *c, const char **why)
{
	struct imap_notify *q = &c->notify;

	q->text = gw_arena_dup(c->arena, *in);
	q->utf8 = c->ctx->utf8;
	if (!imap_want_sp(in, why))
		return false;
	if (imap_get_word(in, GW_S("NONE")))
		return true;
	if (!imap_get_word(in, GW_S("SET")))
		return imap_fail_bad(why, "NOTIFY is followed by SET or NONE");
	q->status = imap_get_prefix(in, GW_S(" STATUS"));
	return imap_want_sp(in, why) && parse_groups(in, c, why);
}
