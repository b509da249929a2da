/* notify_diff.c - what happened to mailboxes between two looks (RFC 5465 5; see notify.h) */
#include "imap/notify_rows.h"

#include "imap/choice.h"
#include "util/mem.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
	const struct notify_row *x = *(struct notify_row *const *)a, *y = *(struct notify_row *const *)b;

	if (x->id.space != y->id.space)
		return x->id.space < y->id.space ? -1 : 1;
	return x->id.id < y->id.id ? -1 : x->id.id > y->id.id;
}

/* Names that lead to no mailbox have no id. */
static bool has_id(const struct notify_row *row)
{
	return !(row->attrs & GW_MBOX_NONEXISTENT);
}

static int by_name(const void *a, const void *b)
{
	const struct notify_row *x = a, *y = b;
	int c = memcmp(x->name.p, y->name.p, x->name.n < y->name.n ? x->name.n : y->name.n);

	return c ? c : x->name.n < y->name.n ? -1 : x->name.n > y->name.n;
}

/* The row of a name; INBOX stands first, the others in the order of their bytes. */
static struct notify_row *find_name(const struct notify_rows *r, struct gw_slice name)
{
	struct notify_row key = { .name = name };

	if (!r->n)
		return NULL;
	if (gw_slice_eq(r->v[0].name, name))
		return &r->v[0];
	return bsearch(&key, r->v + 1, r->n - 1, sizeof *r->v, by_name);
}

static struct gw_slice parent_of(struct gw_slice name)
{
	while (name.n && name.p[name.n - 1] != '/')
		name.n--;
	if (name.n)
		name.n--;
	return name;
}

/* Each mailbox and the one it was. */
static void pair(struct notify_rows *known, struct notify_rows *now)
{
	struct notify_row **v = gw_xcalloc(known->n + 1, sizeof(struct notify_row *));
	size_t n = 0;

	for (size_t i = 0; i < known->n; i++) {
		known->v[i].found = false;
		known->v[i].say = 0;
		if (has_id(&known->v[i]))
			v[n++] = &known->v[i];
	}
	qsort(v, n, sizeof(struct notify_row *), by_id);
	for (size_t i = 0; i < now->n; i++) {
		struct notify_row *row = &now->v[i], **hit = NULL;

		if (has_id(row))
			hit = bsearch(&row, v, n, sizeof(struct notify_row *), by_id);
		row->was = hit ? *hit : NULL;
		if (hit)
			row->was->found = true;
	}
	free(v);
}

static bool is_own(struct gw_slice name, const struct notify_own *own, size_t n_own)
{
	for (size_t i = 0; i < n_own; i++)
		if (own[i].name.n && (gw_slice_eq(name, own[i].name) || imap_below(name, own[i].name) || imap_below(own[i].name, name)))
			return true;
	return false;
}

/* The mailbox above was renamed, and this one came with it (RFC 5465 5.4). */
static bool came_along(const struct notify_round *q, const struct notify_row *row)
{
	struct gw_slice up = parent_of(row->name), was_up = parent_of(row->was->name);
	const struct notify_row *parent = up.n && was_up.n ? find_name(q->now, up) : NULL;

	return parent && parent->was && !gw_slice_eq(parent->name, parent->was->name) && gw_slice_eq(parent->was->name, was_up) &&
	       gw_slice_eq(gw_slice(row->name.p + up.n, row->name.n - up.n),
			   gw_slice(row->was->name.p + was_up.n, row->was->name.n - was_up.n));
}

/* A mailbox was made or deleted: the one right above it is affected, too (RFC 5465 5.4). */
static void touch_parent(struct notify_round *q, struct gw_slice name)
{
	struct gw_slice up = parent_of(name);
	struct notify_row *parent = up.n ? find_name(q->now, up) : NULL;

	if (parent && parent->events & IMAP_EVENT_NAME)
		parent->say |= SAY_LIST;
}

/* A name that leads to no mailbox, but is subscribed, or was one. */
static void compare_nonexistent(struct notify_round *q, struct notify_row *row, bool own)
{
	const struct notify_row *was = find_name(q->known, row->name);
	bool sub = row->attrs & GW_MBOX_SUBSCRIBED, was_sub = was && was->attrs & GW_MBOX_SUBSCRIBED;

	if (!own && sub != was_sub && row->events & IMAP_EVENT_SUBSCRIPTION)
		row->say |= SAY_LIST;
	if (!own && was && has_id(was) && !was->found && row->events & IMAP_EVENT_NAME)
		row->say |= SAY_LIST;
}

static void compare_name(struct notify_round *q, struct notify_row *row, bool own)
{
	const struct notify_row *was = row->was;

	if (!was) {
		if (!own && row->events & IMAP_EVENT_NAME) {
			row->say |= SAY_LIST;
			touch_parent(q, row->name);
		}
		return;
	}
	if (!gw_slice_eq(row->name, was->name) && !own && (row->events | was->events) & IMAP_EVENT_NAME && !came_along(q, row))
		row->say |= SAY_LIST | SAY_OLDNAME;
	if ((row->attrs ^ was->attrs) & GW_MBOX_SUBSCRIBED && (row->events | was->events) & IMAP_EVENT_SUBSCRIPTION && !own)
		row->say |= SAY_LIST;
}

/* Messages that this session put there, and nothing else? */
static bool only_own(const struct notify_row *row, const struct notify_own *own, size_t n_own)
{
	uint32_t added = 0;

	for (size_t i = 0; i < n_own; i++)
		if (own[i].added && own[i].id.space == row->id.space && own[i].id.id == row->id.id)
			added += own[i].added;
	return added && row->uidvalidity == row->was->uidvalidity && row->messages == row->was->messages + added &&
	       row->uidnext == row->was->uidnext + added;
}

/* RFC 5465 5.1 to 5.3 */
static unsigned changed_items(const struct imap_session *s, const struct notify_row *row)
{
	const struct notify_row *was = row->was;
	bool aware = s->modes & IMAP_MODE_CONDSTORE;
	unsigned items = 0;

	if (row->uidvalidity != was->uidvalidity && row->events & IMAP_EVENTS_OF_MESSAGES)
		items |= IMAP_STATUS_MESSAGES;
	if ((row->messages != was->messages || row->uidnext != was->uidnext) &&
	    row->events & (IMAP_EVENT_NEW | IMAP_EVENT_EXPUNGE))
		items |= IMAP_STATUS_MESSAGES;
	if (items)
		items |= IMAP_STATUS_UIDNEXT | IMAP_STATUS_UIDVALIDITY;
	if (row->events & IMAP_EVENT_FLAGS && row->unseen != was->unseen)
		items |= IMAP_STATUS_UNSEEN | IMAP_STATUS_UIDVALIDITY;
	if (aware && (items || (row->events & (IMAP_EVENT_FLAGS | IMAP_EVENT_ANNOTATION) && row->modseq != was->modseq)))
		items |= IMAP_STATUS_HIGHESTMODSEQ | IMAP_STATUS_UIDVALIDITY;
	return items;
}

/* Only its subscription kept the name in the list (RFC 5465 5.5). */
static void note_unsubscribed(struct notify_round *q, struct notify_row *row)
{
	if (row->events & IMAP_EVENT_SUBSCRIPTION && !find_name(q->now, row->name))
		row->say |= SAY_GONE;
}

static void note_gone(struct notify_round *q, const struct notify_own *own, size_t n_own)
{
	for (size_t i = 0; i < q->known->n; i++) {
		struct notify_row *row = &q->known->v[i];
		const struct notify_row *now;

		if (row->found || is_own(row->name, own, n_own))
			continue;
		if (!has_id(row))
			note_unsubscribed(q, row);
		if (!has_id(row) || !(row->events & IMAP_EVENT_NAME))
			continue;
		now = find_name(q->now, row->name);
		if (!now) /* else the row that took its name tells it */
			row->say |= SAY_GONE;
		touch_parent(q, row->name);
	}
}

static bool is_own_server(const struct notify_own *own, size_t n_own)
{
	for (size_t i = 0; i < n_own; i++)
		if (own[i].server)
			return true;
	return false;
}

/* Is somebody interested in the entry? */
static bool mark_wanted(const struct notify_round *q, const struct gw_metadata_mark *m, const struct notify_own *own, size_t n_own)
{
	const struct notify_row *row;

	if (!m->id.id)
		return q->now->server && !is_own_server(own, n_own);
	row = notify_row_of(q->now, m->id);
	return row && row->events & IMAP_EVENT_METADATA && !is_own(row->name, own, n_own);
}

/* Entries that came, went or got another value. */
static void compare_marks(struct notify_round *q, const struct notify_own *own, size_t n_own)
{
	const struct notify_rows *a = q->known, *b = q->now;

	q->changed = gw_xcalloc(a->n_marks + b->n_marks + 1, sizeof(struct gw_metadata_mark *));
	for (size_t i = 0, k = 0; i < a->n_marks || k < b->n_marks;) {
		int c = i == a->n_marks ? 1 : k == b->n_marks ? -1 : notify_by_mark(&a->mark[i], &b->mark[k]);
		const struct gw_metadata_mark *m = c <= 0 ? &a->mark[i] : &b->mark[k];
		bool same = c == 0 && a->mark[i].hash == b->mark[k].hash;

		i += c <= 0;
		k += c >= 0;
		if (!same && mark_wanted(q, m, own, n_own))
			q->changed[q->n_changed++] = m;
	}
}

struct notify_round *notify_round_new(struct imap_session *s, struct notify_rows *known, struct notify_rows *now,
				      const struct notify_own *own, size_t n_own)
{
	struct notify_round *q = gw_xalloc(sizeof *q);

	*q = (struct notify_round){ .known = known, .now = now };
	pair(q->known, now);
	for (size_t i = 0; i < now->n; i++) {
		struct notify_row *row = &now->v[i];
		bool ours = is_own(row->name, own, n_own);

		if (!has_id(row)) {
			compare_nonexistent(q, row, ours);
			continue;
		}
		compare_name(q, row, ours);
		if (row->was && !notify_is_selected(s, row) && !only_own(row, own, n_own))
			row->status = changed_items(s, row);
	}
	note_gone(q, own, n_own);
	compare_marks(q, own, n_own);
	return q;
}

struct notify_rows *notify_round_end(struct notify_round *q)
{
	struct notify_rows *now = q->now;

	for (size_t i = 0; i < now->n; i++) {
		now->v[i].was = NULL;
		now->v[i].say = now->v[i].status = 0;
	}
	free((void *)q->changed);
	free(q);
	return now;
}
