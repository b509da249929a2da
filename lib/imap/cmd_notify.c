/* cmd_notify.c - NOTIFY (RFC 5465 3.1)
 *
 * First everything that happened in the selected mailbox is told, as NOOP would; then the new wish takes the place of the one
 * before, with what the client is held to know of the other mailboxes: what STATUS tells it here, or what it has asked. */
#include "imap/session.h"

#include "config/config.h"
#include "imap/annotate.h"
#include "imap/commands.h"
#include "imap/fetch.h"
#include "imap/notify.h"

struct notify_run {
	bool caught_up;
	bool installed;
	size_t at; /* row whose STATUS comes next */
};

static enum imap_step catch_up(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct gw_err err = { 0 };
	enum imap_sync_result rc;

	if (s->notify) /* NONE wants to hear of nothing, SET of all that has come to be */
		s->notify->all = t->cmd->notify.group;
	rc = imap_notify_selected(s, true, out, &err);
	if (s->notify)
		s->notify->all = false;
	switch (rc) {
	case IMAP_SYNC_MORE:
		return IMAP_STEP_MORE;
	case IMAP_SYNC_FAILED:
		if (err.code == GW_ENOENT)
			s->farewell = "The selected mailbox was deleted";
		return imap_fail(s, t, err.code, &err);
	case IMAP_SYNC_DONE:
		break;
	}
	return IMAP_STEP_DONE;
}

static unsigned events_wanted(const struct imap_notify *q)
{
	unsigned wanted = q->selected;

	for (size_t i = 0; i < q->n_groups; i++)
		wanted |= q->group[i].events;
	return wanted;
}

/* RFC 5465 3.1: an event that there is not is NO with those that there are. */
static bool known_events(const struct imap_session *s, struct imap_task *t)
{
	const unsigned of_mailboxes = IMAP_EVENT_METADATA | IMAP_EVENT_SERVER_METADATA;
	bool metadata = imap_offers(s, "METADATA"), annotate = imap_offers(s, IMAP_ANNOTATE);
	unsigned wanted = events_wanted(&t->cmd->notify);

	if (!t->cmd->notify.unknown && (metadata || !(wanted & of_mailboxes)) && (annotate || !(wanted & IMAP_EVENT_ANNOTATION)))
		return true;
	imap_no(t,
		gw_arena_printf(&t->arena, "BADEVENT (MessageNew MessageExpunge FlagChange %sMailboxName SubscriptionChange%s)",
				annotate ? "AnnotationChange " : "", metadata ? " MailboxMetadataChange ServerMetadataChange" : ""),
		"There are no notifications of this event");
	return false;
}

/* False: the reply is set. */
static bool install(struct imap_session *s, struct imap_task *t)
{
	struct imap_notifier *n = imap_notifier_new(&t->cmd->notify);
	struct gw_err err = { 0 };

	if (n->wish.n_groups) {
		n->known = notify_rows_load(s, &n->wish, &err);
		if (!n->known) {
			imap_notifier_free(n);
			imap_fail(s, t, err.code, &err);
			return false;
		}
		n->n_spaces = notify_rows_spaces(n->known, n->space);
	}
	if (imap_notifier_memory(n) > s->env.config->max_session_memory) {
		imap_notifier_free(n);
		imap_no(t, "NOTIFICATIONOVERFLOW", "There are too many mailboxes");
		return false;
	}
	imap_notifier_free(s->notify);
	s->notify = n;
	if (s->view)
		s->view->data_from = s->view->uidnext;
	/* stores that look for changes now and then look more often */
	gw_acct_watch(s->acct, s->view ? s->view->id : (struct gw_mbox_id){ 0 }, imap_notify_wanted(s));
	return true;
}

enum imap_step imap_run_notify(struct imap_session *s, struct imap_task *t, struct gw_out *out)
{
	struct notify_run *r = t->state;

	if (!r && (!known_events(s, t) || !imap_fetch_offered(s, t, &t->cmd->notify.fetch)))
		return IMAP_STEP_DONE;
	if (!r)
		r = t->state = gw_arena_alloc(&t->arena, sizeof *r);
	if (!r->caught_up && s->view) {
		enum imap_step step = catch_up(s, t, out);

		if (step != IMAP_STEP_DONE || t->text)
			return step;
	}
	r->caught_up = true;
	if (!r->installed && !install(s, t))
		return IMAP_STEP_DONE;
	r->installed = true;
	if (s->notify->wish.status && s->notify->known && !notify_rows_status(s, s->notify->known, &r->at, out))
		return IMAP_STEP_MORE;
	return imap_ok(t, "NOTIFY completed");
}
