/* notify_rows.c - the mailboxes a notifier knows, and which of their events are wanted (see notify.h) */
#include "imap/notify_rows.h"

#include "imap/choice.h"
#include "imap/metadata.h"
#include "util/mem.h"

#include <stdlib.h>

/* ---- which events of which mailbox ---- */

static unsigned events_of(const struct imap_notify *wish, const struct gw_mailbox *mb)
{
	unsigned events = 0;

	for (size_t i = 0; i < wish->n_groups; i++)
		if (imap_choice_has(&wish->group[i].of, mb))
			events |= wish->group[i].events;
	return imap_selectable(mb->attrs) ? events : events & ~(unsigned)IMAP_EVENTS_OF_MESSAGES;
}

/* ---- the mailboxes as they are ---- */

static void add_row(struct notify_rows *r, const struct imap_notify *wish, const struct gw_mailbox *mb)
{
	r->v[r->n++] = (struct notify_row){
		.name = gw_arena_dup(&r->arena, mb->name),
		.id = mb->id,
		.attrs = mb->attrs,
		.events = events_of(wish, mb),
		.uidvalidity = mb->uidvalidity,
		.uidnext = mb->uidnext,
		.messages = mb->messages,
		.unseen = mb->unseen,
		.modseq = mb->modseq,
	};
}

static bool wants(const struct imap_notify *wish, unsigned events)
{
	for (size_t i = 0; i < wish->n_groups; i++)
		if (wish->group[i].events & events)
			return true;
	return false;
}

int notify_by_mark(const void *a, const void *b)
{
	const struct gw_metadata_mark *x = a, *y = b;

	if (x->id.space != y->id.space)
		return x->id.space < y->id.space ? -1 : 1;
	if (x->id.id != y->id.id)
		return x->id.id < y->id.id ? -1 : 1;
	return gw_slice_cmp(x->name, y->name);
}

/* May a mailbox elsewhere be meant, perhaps one that comes later? */
static bool looks_elsewhere(const struct imap_notify *wish)
{
	for (size_t i = 0; i < wish->n_groups; i++)
		if (wish->group[i].events && wish->group[i].of.who != IMAP_CHOICE_INBOXES && wish->group[i].of.who != IMAP_CHOICE_PERSONAL)
			return true;
	return false;
}

/* Special uses are an entry, too, though they are kept with the mailbox (RFC 6154 4). */
static void add_uses(struct notify_rows *r)
{
	struct gw_metadata_mark *v = gw_arena_calloc(&r->arena, r->n_marks + r->n + 1, sizeof *v);

	if (r->n_marks)
		memcpy(v, r->mark, r->n_marks * sizeof *v);
	r->mark = v;
	for (size_t i = 0; i < r->n; i++) {
		const struct notify_row *row = &r->v[i];

		if (row->attrs & GW_MBOX_SPECIAL && imap_selectable(row->attrs))
			v[r->n_marks++] = (struct gw_metadata_mark){ row->id, GW_S(IMAP_SPECIAL_USE_ENTRY), row->attrs & GW_MBOX_SPECIAL };
	}
}

static int load_marks(struct imap_session *s, const struct imap_notify *wish, struct notify_rows *r, struct gw_err *err)
{
	int rc;

	if (!wants(wish, IMAP_EVENT_METADATA | IMAP_EVENT_SERVER_METADATA))
		return 0;
	r->server = wants(wish, IMAP_EVENT_SERVER_METADATA);
	rc = gw_metadata_marks(s->acct, &r->arena, &r->mark, &r->n_marks, err);
	if (rc == 0 && imap_offers(s, "SPECIAL-USE"))
		add_uses(r);
	if (r->n_marks)
		qsort(r->mark, r->n_marks, sizeof *r->mark, notify_by_mark);
	return rc;
}

struct notify_rows *notify_rows_load(struct imap_session *s, const struct imap_notify *wish, struct gw_err *err)
{
	struct gw_mailbox *mb = NULL;
	struct notify_rows *r = NULL;
	struct gw_arena list;
	size_t n = 0;

	gw_arena_init(&list, 0, 0);
	if (gw_acct_list(s->acct, &list, &mb, &n, err) == 0) {
		r = gw_xalloc(sizeof *r);
		gw_arena_init(&r->arena, 0, 0);
		r->v = gw_arena_calloc(&r->arena, n + 1, sizeof *r->v);
		r->elsewhere = looks_elsewhere(wish);
		for (size_t i = 0; i < n; i++)
			if (!imap_hidden(s, mb[i].attrs))
				add_row(r, wish, &mb[i]);
		if (load_marks(s, wish, r, err) < 0) {
			notify_rows_free(r);
			r = NULL;
		}
	}
	gw_arena_done(&list);
	return r;
}

void notify_rows_free(struct notify_rows *r)
{
	if (!r)
		return;
	gw_arena_done(&r->arena);
	free(r);
}

size_t notify_rows_memory(const struct notify_rows *r)
{
	return sizeof *r + r->arena.used;
}

static size_t add_space(uint32_t v[NOTIFY_SPACES], size_t n, uint32_t space)
{
	for (size_t k = 0; k < n; k++)
		if (v[k] == space)
			return n;
	if (n < NOTIFY_SPACES)
		v[n++] = space;
	return n;
}

/* Those in which nothing is seen come last: a right that is given there shows something. */
size_t notify_rows_spaces(const struct notify_rows *r, uint32_t ret[NOTIFY_SPACES])
{
	size_t n = add_space(ret, 0, 0);

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].events && !(r->v[i].attrs & GW_MBOX_NONEXISTENT))
			n = add_space(ret, n, r->v[i].id.space);
	for (uint32_t space = 1; r->elsewhere && space < NOTIFY_SPACES; space++)
		n = add_space(ret, n, space);
	return n;
}

/* ---- finding one ---- */

bool notify_is_selected(const struct imap_session *s, const struct notify_row *row)
{
	return s->view && imap_selectable(row->attrs) && s->view->id.space == row->id.space && s->view->id.id == row->id.id;
}

const struct notify_row *notify_row_of(const struct notify_rows *r, struct gw_mbox_id id)
{
	for (size_t i = 0; i < r->n; i++)
		if (!(r->v[i].attrs & GW_MBOX_NONEXISTENT) && r->v[i].id.space == id.space && r->v[i].id.id == id.id)
			return &r->v[i];
	return NULL;
}
