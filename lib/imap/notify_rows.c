/* notify_rows.c - news of mailboxes that are not selected: what is known, what is, and the difference (see notify.h) */
#include "imap/notify.h"

#include "imap/put.h"
#include "imap/session.h"
#include "util/mem.h"

#include <stdlib.h>

enum {
	SAY_LIST = 1 << 0,
	SAY_OLDNAME = 1 << 1,
	SAY_GONE = 1 << 2, /* in the rows of before: the name leads nowhere now */
};

struct notify_row {
	struct gw_slice name;
	struct gw_mbox_id id;
	unsigned attrs;  /* enum gw_mbox_attr */
	unsigned events; /* enum imap_event that are wanted */
	uint32_t uidvalidity, uidnext, messages, unseen;
	uint64_t modseq;

	/* of a comparison */
	struct notify_row *was; /* the same mailbox before */
	unsigned say;
	unsigned status;        /* IMAP_STATUS_... */
	bool found;             /* in the rows of before: it is still there */
};

struct notify_rows {
	struct gw_arena arena;
	struct notify_row *v; /* by name */
	size_t n;
	struct gw_metadata_mark *mark; /* of annotations, by mailbox and name; none when nobody wants them */
	size_t n_marks;
	bool server; /* ServerMetadataChange is wanted */
};

struct notify_round {
	struct notify_rows *known, *now;
	size_t gone, at; /* rows that were told */
	const struct gw_metadata_mark **changed;
	size_t n_changed, told_changed;
};

/* ---- which events of which mailbox ---- */

static bool below(struct gw_slice name, struct gw_slice top)
{
	return name.n > top.n && name.p[top.n] == '/' && gw_slice_eq(gw_slice(name.p, top.n), top);
}

static bool named(const struct imap_notify_group *g, struct gw_slice name)
{
	for (size_t i = 0; i < g->n_names; i++)
		if (gw_slice_eq(name, g->name[i]) || (g->who == IMAP_NOTIFY_SUBTREE && below(name, g->name[i])))
			return true;
	return false;
}

/* Mail may be delivered into any mailbox of the user, so all of them are inboxes (RFC 5465 6.3). */
static bool covers(const struct imap_notify_group *g, const struct gw_mailbox *mb)
{
	switch (g->who) {
	case IMAP_NOTIFY_INBOXES:
	case IMAP_NOTIFY_PERSONAL:
		return !(mb->attrs & (GW_MBOX_PUBLIC | GW_MBOX_OTHER));
	case IMAP_NOTIFY_SUBSCRIBED:
		return mb->attrs & GW_MBOX_SUBSCRIBED;
	case IMAP_NOTIFY_SUBTREE:
	case IMAP_NOTIFY_MAILBOXES:
		return named(g, mb->name);
	case IMAP_NOTIFY_SELECTED:
	case IMAP_NOTIFY_SELECTED_DELAYED:
		break;
	}
	return false;
}

static bool selectable(unsigned attrs)
{
	return !(attrs & (GW_MBOX_NONEXISTENT | GW_MBOX_NOSELECT | GW_MBOX_NOMAIL));
}

static unsigned events_of(const struct imap_notify *wish, const struct gw_mailbox *mb)
{
	unsigned events = 0;

	for (size_t i = 0; i < wish->n_groups; i++)
		if (covers(&wish->group[i], mb))
			events |= wish->group[i].events;
	return selectable(mb->attrs) ? events : events & ~(unsigned)IMAP_EVENTS_OF_MESSAGES;
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

static int by_mark(const void *a, const void *b)
{
	const struct gw_metadata_mark *x = a, *y = b;

	if (x->id.space != y->id.space)
		return x->id.space < y->id.space ? -1 : 1;
	if (x->id.id != y->id.id)
		return x->id.id < y->id.id ? -1 : 1;
	return gw_slice_cmp(x->name, y->name);
}

static int load_marks(struct imap_session *s, const struct imap_notify *wish, struct notify_rows *r, struct gw_err *err)
{
	int rc;

	if (!wants(wish, IMAP_EVENT_METADATA | IMAP_EVENT_SERVER_METADATA))
		return 0;
	r->server = wants(wish, IMAP_EVENT_SERVER_METADATA);
	rc = gw_metadata_marks(s->acct, &r->arena, &r->mark, &r->n_marks, err);
	if (r->n_marks)
		qsort(r->mark, r->n_marks, sizeof *r->mark, by_mark);
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

size_t notify_rows_spaces(const struct notify_rows *r, uint32_t ret[NOTIFY_SPACES])
{
	size_t n = 1;

	ret[0] = 0;
	for (size_t i = 0; i < r->n && n < NOTIFY_SPACES; i++) {
		bool have = !r->v[i].events || r->v[i].attrs & GW_MBOX_NONEXISTENT;

		for (size_t k = 0; k < n && !have; k++)
			have = ret[k] == r->v[i].id.space;
		if (!have)
			ret[n++] = r->v[i].id.space;
	}
	return n;
}

/* ---- saying it ---- */

static bool is_selected(const struct imap_session *s, const struct notify_row *row)
{
	return s->view && selectable(row->attrs) && s->view->id.space == row->id.space && s->view->id.id == row->id.id;
}

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
		if (is_selected(s, row))
			continue;
		if (row->events & (IMAP_EVENT_NEW | IMAP_EVENT_EXPUNGE))
			items |= IMAP_STATUS_MESSAGES | IMAP_STATUS_UIDNEXT | IMAP_STATUS_UIDVALIDITY;
		if (row->events & IMAP_EVENT_FLAGS)
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
	} else if (!selectable(row->attrs)) {
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

static const struct notify_row *row_of(const struct notify_rows *r, struct gw_mbox_id id)
{
	for (size_t i = 0; i < r->n; i++)
		if (!(r->v[i].attrs & GW_MBOX_NONEXISTENT) && r->v[i].id.space == id.space && r->v[i].id.id == id.id)
			return &r->v[i];
	return NULL;
}

/* RFC 5464 4.4.2: names without values */
static void put_mark(const struct imap_session *s, const struct notify_round *q, const struct gw_metadata_mark *m, struct gw_out *out)
{
	const struct notify_row *row = m->id.id ? row_of(q->now, m->id) : NULL;

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

/* ---- the difference ---- */

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
		if (own[i].name.n && (gw_slice_eq(name, own[i].name) || below(name, own[i].name) || below(own[i].name, name)))
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
	if (aware && (items || (row->events & IMAP_EVENT_FLAGS && row->modseq != was->modseq)))
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

/* Is somebody interested in the entry? */
static bool mark_wanted(const struct notify_round *q, const struct gw_metadata_mark *m, const struct notify_own *own, size_t n_own)
{
	const struct notify_row *row;

	if (!m->id.id)
		return q->now->server;
	row = row_of(q->now, m->id);
	return row && row->events & IMAP_EVENT_METADATA && !is_own(row->name, own, n_own);
}

/* Entries that came, went or got another value. */
static void compare_marks(struct notify_round *q, const struct notify_own *own, size_t n_own)
{
	const struct notify_rows *a = q->known, *b = q->now;

	q->changed = gw_xcalloc(a->n_marks + b->n_marks + 1, sizeof(struct gw_metadata_mark *));
	for (size_t i = 0, k = 0; i < a->n_marks || k < b->n_marks;) {
		int c = i == a->n_marks ? 1 : k == b->n_marks ? -1 : by_mark(&a->mark[i], &b->mark[k]);
		const struct gw_metadata_mark *m = c <= 0 ? &a->mark[i] : &b->mark[k];
		bool same = c == 0 && a->mark[i].hash == b->mark[k].hash;

		i += c <= 0;
		k += c >= 0;
		if (!same && mark_wanted(q, m, own, n_own))
			q->changed[q->n_changed++] = m;
	}
}

struct notify_round *notify_round_new(struct imap_session *s, const struct notify_rows *known, struct notify_rows *now,
				      const struct notify_own *own, size_t n_own)
{
	struct notify_round *q = gw_xalloc(sizeof *q);

	*q = (struct notify_round){ .known = (struct notify_rows *)known, .now = now };
	pair(q->known, now);
	for (size_t i = 0; i < now->n; i++) {
		struct notify_row *row = &now->v[i];
		bool ours = is_own(row->name, own, n_own);

		if (!has_id(row)) {
			compare_nonexistent(q, row, ours);
			continue;
		}
		compare_name(q, row, ours);
		if (row->was && !is_selected(s, row) && !only_own(row, own, n_own))
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
