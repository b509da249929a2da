/* notify.c - NOTIFY in a session: whether there is something to tell, and telling it (see notify.h) */
#include "imap/notify.h"

#include "config/config.h"
#include "imap/commands.h"
#include "imap/fetch.h"
#include "imap/parse.h"
#include "imap/session.h"
#include "util/mem.h"

#include <stdlib.h>

/* ---- its life ---- */

struct imap_notifier *imap_notifier_new(const struct imap_notify *command)
{
	struct imap_notifier *n = gw_xalloc(sizeof *n);
	struct imap_parse_ctx ctx = { .utf8 = command->utf8 };
	struct imap_command c = { .arena = &n->arena, .ctx = &ctx };
	struct gw_slice text;
	const char *why = NULL;

	gw_arena_init(&n->arena, 0, 0);
	text = gw_arena_dup(&n->arena, command->text);
	gw_set_init(&n->own_uids);
	imap_parse_notify(&text, &c, &why); /* was understood before */
	n->wish = c.notify;
	return n;
}

static void own_forget(struct imap_notifier *n)
{
	for (size_t i = 0; i < n->n_own; i++)
		free((void *)n->own[i].name.p);
	n->n_own = 0;
}

static void fetch_free(struct imap_notifier *n)
{
	imap_fetch_free(n->fetch);
	n->fetch = NULL;
}

void imap_notifier_free(struct imap_notifier *n)
{
	if (!n)
		return;
	fetch_free(n);
	own_forget(n);
	if (n->round)
		notify_rows_free(notify_round_end(n->round));
	notify_rows_free(n->known);
	gw_set_done(&n->own_uids);
	gw_arena_done(&n->arena);
	free(n);
}

size_t imap_notifier_memory(const struct imap_notifier *n)
{
	size_t sum = n ? sizeof *n + n->arena.used : 0;

	if (n && n->known)
		sum += notify_rows_memory(n->known);
	if (n && n->fetch)
		sum += sizeof *n->fetch + n->fetch->arena.used;
	return sum;
}

/* ---- what is wanted ---- */

bool imap_notify_wanted(const struct imap_session *s)
{
	return s->notify && (s->notify->wish.selected || s->notify->wish.n_groups);
}

bool imap_notify_of_selected(const struct imap_session *s)
{
	return !s->notify || s->notify->all || s->notify->wish.selected;
}

bool imap_notify_flags(const struct imap_session *s)
{
	return !s->notify || s->notify->all || s->notify->wish.selected & IMAP_EVENT_FLAGS;
}

bool imap_notify_annotations(const struct imap_session *s)
{
	if (!gw_acct_has_annotations(s->acct))
		return false;
	return s->notify ? s->notify->wish.selected & IMAP_EVENT_ANNOTATION : s->view->annotate;
}

/* Are there new messages whose data were not told? Commands that tell their own changes tell EXISTS as well. */
static bool owes_data(const struct imap_session *s)
{
	return s->view && s->notify->wish.fetch.n && s->view->uidnext > s->view->data_from;
}

bool imap_notify_busy(const struct imap_session *s)
{
	return s->notify && (s->notify->syncing || s->notify->fetch || s->notify->round || owes_data(s));
}

/* ---- own changes ---- */

/* One that does not fit is told like another's. */
static struct notify_own *own_add(struct imap_session *s)
{
	struct imap_notifier *n = s->notify;

	if (!n || !n->known || n->n_own == NOTIFY_OWN)
		return NULL;
	n->own[n->n_own] = (struct notify_own){ 0 };
	return &n->own[n->n_own++];
}

void imap_notify_own_name(struct imap_session *s, struct gw_slice name)
{
	struct notify_own *o = name.n ? own_add(s) : NULL;

	if (o)
		o->name = gw_slice(gw_xslicedup(name), name.n);
}

void imap_notify_own_server(struct imap_session *s)
{
	struct notify_own *o = own_add(s);

	if (o)
		o->server = true;
}

void imap_notify_own_messages(struct imap_session *s, struct gw_mbox_id id, uint32_t uid_first, uint32_t n)
{
	bool here = imap_view_shows(s, id);
	struct notify_own *o = NULL;

	if (!s->notify || !n)
		return;
	if (here && uid_first && s->notify->wish.fetch.n)
		gw_set_add(&s->notify->own_uids, uid_first, uid_first + n - 1);
	if (!here)
		o = own_add(s);
	if (o) {
		o->id = id;
		o->added = n;
	}
}

/* ---- the selected mailbox ---- */

/* Data of what is new and not the client's own. */
static void fetch_new(struct imap_session *s)
{
	struct imap_notifier *n = s->notify;
	struct imap_view *v = s->view;
	struct gw_set uids;

	if (!owes_data(s))
		return;
	gw_set_init(&uids);
	gw_set_add(&uids, v->data_from, v->uidnext - 1);
	v->data_from = v->uidnext;
	gw_set_subtract(&uids, &n->own_uids);
	gw_set_clear(&n->own_uids);
	if (uids.n)
		n->fetch = imap_fetch_new(&n->wish.fetch, &uids);
	gw_set_done(&uids);
}

/* What fails here is found again when the client asks. */
static enum imap_sync_result go_on_fetching(struct imap_session *s, struct gw_out *out)
{
	if (!s->notify->fetch)
		return IMAP_SYNC_DONE;
	if (imap_run_fetch(s, s->notify->fetch, out) != IMAP_STEP_DONE)
		return IMAP_SYNC_MORE;
	fetch_free(s->notify);
	return IMAP_SYNC_DONE;
}

enum imap_sync_result imap_notify_selected(struct imap_session *s, bool expunge, struct gw_out *out, struct gw_err *err)
{
	struct imap_notifier *n = s->notify;
	enum imap_sync_result rc;

	if (!n)
		return imap_view_sync(s, expunge, NULL, out, err);
	if (n->fetch)
		return go_on_fetching(s, out);
	n->syncing = true;
	rc = imap_view_sync(s, expunge, NULL, out, err);
	if (rc == IMAP_SYNC_MORE)
		return rc;
	n->syncing = false;
	if (rc == IMAP_SYNC_FAILED)
		return rc;
	fetch_new(s);
	return go_on_fetching(s, out);
}

/* ---- the others ---- */

/* RFC 5465 5.8: as after NOTIFY NONE */
static void overflow(struct imap_session *s, struct gw_out *out)
{
	struct imap_notifier *n = s->notify;

	n->wish = (struct imap_notify){ 0 };
	notify_rows_free(n->known);
	n->known = NULL;
	n->n_spaces = 0;
	own_forget(n);
	gw_acct_watch(s->acct, s->view ? s->view->id : (struct gw_mbox_id){ 0 }, s->idling && s->view);
	gw_out_lit(out, "* OK [NOTIFICATIONOVERFLOW] There are too many mailboxes\r\n");
}

/* The comparison of this moment, or none. */
static int begin_round(struct imap_session *s, struct gw_out *out, struct gw_err *err)
{
	struct imap_notifier *n = s->notify;
	struct notify_rows *now;

	if (!n->known || !n->pending)
		return 0;
	n->pending = false;
	now = notify_rows_load(s, &n->wish, err);
	if (!now)
		return (int)err->code;
	if (notify_rows_memory(now) > s->env.config->max_session_memory) {
		notify_rows_free(now);
		overflow(s, out);
		return 0;
	}
	n->round = notify_round_new(s, n->known, now, n->own, n->n_own);
	own_forget(n);
	return 0;
}

static enum imap_sync_result tell_others(struct imap_session *s, struct gw_out *out, struct gw_err *err)
{
	struct imap_notifier *n = s->notify;

	if (!n->round && begin_round(s, out, err) < 0)
		return IMAP_SYNC_FAILED;
	if (!n->round)
		return IMAP_SYNC_DONE;
	if (!notify_round_tell(s, n->round, out))
		return IMAP_SYNC_MORE;
	notify_rows_free(n->known);
	n->known = notify_round_end(n->round);
	n->round = NULL;
	n->n_spaces = notify_rows_spaces(n->known, n->space);
	return IMAP_SYNC_DONE;
}

enum imap_sync_result imap_notify_all(struct imap_session *s, bool expunge, struct gw_out *out, struct gw_err *err)
{
	struct imap_notifier *n = s->notify;

	if (!n->round && s->view && (n->wish.selected || s->view->sync)) {
		enum imap_sync_result rc = imap_notify_selected(s, expunge, out, err);

		if (rc == IMAP_SYNC_FAILED) /* the next bell tries again */
			n->pending = false;
		if (rc != IMAP_SYNC_DONE)
			return rc;
	}
	if (!n->known)
		n->pending = false;
	return tell_others(s, out, err);
}
