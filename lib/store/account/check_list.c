/* check_list.c - the lists of mailboxes against messages and counters
 *
 * A list is read whole. What a damaged row still gives is taken; the list is then written anew. UIDs stay, but for a
 * message whose octets are not those that clients may have cached: it goes and comes back under a new UID. */
#include "store/account/check.h"

#define UIDS_TOLD 8 /* of a mailbox that are named one by one for each kind of trouble */

static void list_add_entry(struct check_list *l, const struct gw_entry *e, int64_t savedate)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : GW_CHUNK_MAX;
		l->v = gw_xrealloc(l->v, l->cap, sizeof *l->v);
	}
	l->v[l->n++] = (struct check_message){ *e, savedate };
}

/* ---- reading ---- */

/* Is the row one that list.c may have written behind UID `last`? */
static bool row_fits(sqlite3_stmt *st, struct gw_slice data, uint32_t last, struct gw_chunk *c)
{
	uint32_t low = (uint32_t)sqlite3_column_int64(st, 0);

	return data.p && gw_chunk_unpack(data, (uint64_t)sqlite3_column_int64(st, 1), c) && c->e[0].uid >= low &&
	       (low > last || last == 0) && (uint64_t)sqlite3_column_int64(st, 2) == c->modseq;
}

static int by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct check_message *)a)->e.uid, y = ((const struct check_message *)b)->e.uid;

	return x < y ? -1 : x > y;
}

/* In the order of UIDs, each UID once: damaged rows may have brought the order out. */
static void list_sort(struct check_list *l)
{
	size_t kept = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, by_uid);
	for (size_t i = 0; i < l->n; i++)
		if (kept == 0 || l->v[kept - 1].e.uid != l->v[i].e.uid)
			l->v[kept++] = l->v[i];
	l->n = kept;
}

/* 1: a row was damaged, and the list is to be written anew. */
static int list_read(struct checker *c, const struct check_mailbox *box, struct check_list *l, struct gw_err *err)
{
	struct gw_chunk *chunk = gw_xalloc(sizeof *chunk);
	sqlite3_stmt *st;
	uint32_t last = 0;
	bool bad = false;
	int rc = gw_db_step_i64(c->db, GW_SQL_CHUNK_SCAN, &st, err, 2, gw_chunk_id(box->row.id, 0),
		gw_chunk_id(box->row.id, UINT32_MAX));

	while (rc > 0) {
		struct gw_slice data = { sqlite3_column_blob(st, 3), (size_t)sqlite3_column_bytes(st, 3) };

		if (!row_fits(st, data, last, chunk)) {
			bad = true;
			check_found(c, "mailbox \"%s\": the list of messages is damaged at UID %lu", box->name,
				(unsigned long)(uint32_t)sqlite3_column_int64(st, 0));
			gw_chunk_salvage(data, chunk);
		}
		for (uint32_t i = 0; i < chunk->n; i++)
			list_add_entry(l, &chunk->e[i], chunk->savedate[i]);
		if (chunk->n && chunk->e[chunk->n - 1].uid > last)
			last = chunk->e[chunk->n - 1].uid;
		rc = check_step(c, st, err);
	}
	if (c->db->stmt[GW_SQL_CHUNK_SCAN])
		sqlite3_reset(c->db->stmt[GW_SQL_CHUNK_SCAN]);
	free(chunk);
	if (bad)
		list_sort(l);
	return rc < 0 ? rc : bad;
}

/* ---- looking ---- */

/* One mailbox under the eye. */
struct look {
	struct checker *c;
	struct check_mailbox *box;
	struct check_list list, again; /* again: to be filed under new UIDs */
	struct gw_set gone;            /* UIDs that go */
	struct mailbox_row count;      /* what the counters should be */
	uint64_t allowed;              /* flags */
	uint64_t modseq;               /* for what is changed */
	unsigned told[3];
	bool rewrite;
};

enum { TOLD_LOST, TOLD_SIZE, TOLD_FLAGS };

/* Tell of one message; the first of a kind one by one, the rest as one line by told_rest(). */
static bool found(struct look *k, int kind, uint32_t uid, const char *what)
{
	if (k->told[kind]++ < UIDS_TOLD)
		return check_found(k->c, "mailbox \"%s\": UID %lu: %s", k->box->name, (unsigned long)uid, what);
	return k->c->fix;
}

static void told_rest(struct look *k)
{
	for (size_t i = 0; i < sizeof k->told / sizeof *k->told; i++)
		if (k->told[i] > UIDS_TOLD)
			check_found(k->c, "mailbox \"%s\": %u more messages of this kind", k->box->name,
				k->told[i] - UIDS_TOLD);
}

/* The message is not there any more, or is another one now. False: it leaves its place in the list. */
static bool look_content(struct look *k, struct gw_entry *e, int64_t savedate)
{
	struct check_content *x = check_content(k->c, e->content, false);

	if (!x) {
		k->c->m->report.lost_messages++;
		if (!found(k, TOLD_LOST, e->uid, "the message is lost"))
			return true;
		gw_set_add(&k->gone, e->uid, e->uid);
		return false;
	}
	x->refs++;
	if (x->changed && k->c->fix) {
		gw_set_add(&k->gone, e->uid, e->uid);
		e->size = (uint32_t)x->size;
		list_add_entry(&k->again, e, savedate);
		return false;
	}
	if (e->size != x->size && !x->changed && found(k, TOLD_SIZE, e->uid, "its size is not that of its octets")) {
		e->size = (uint32_t)x->size;
		e->modseq = k->modseq;
		k->rewrite = true;
	}
	return true;
}

static void look_flags(struct look *k, struct gw_entry *e)
{
	if ((e->flags & ~k->allowed) && found(k, TOLD_FLAGS, e->uid, "it has flags that the mailbox does not know")) {
		e->flags &= k->allowed;
		e->modseq = k->modseq;
		k->rewrite = true;
	}
}

static void look_entries(struct look *k)
{
	struct check_list *l = &k->list;
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (!look_content(k, &l->v[i].e, l->v[i].savedate)) {
			k->rewrite = true;
			continue;
		}
		look_flags(k, &l->v[i].e);
		db_mailbox_count(&k->count, &l->v[i].e, 1);
		l->v[kept++] = l->v[i];
	}
	l->n = kept;
	told_rest(k);
}

/* UIDNEXT is above every UID, HIGHESTMODSEQ not below any (RFC 9051 2.3.1.1, RFC 7162 3.1.2.1). */
static void look_limits(struct look *k)
{
	const struct check_list *l = &k->list;
	struct mailbox_row *row = &k->box->row;
	uint64_t modseq = 1, uid = l->n ? l->v[l->n - 1].e.uid : 0;

	for (size_t i = 0; i < l->n; i++)
		modseq = l->v[i].e.modseq > modseq ? l->v[i].e.modseq : modseq;
	if (row->uidnext <= uid && check_found(k->c, "mailbox \"%s\": UIDNEXT is %llu, but there is UID %llu",
					   k->box->name, (unsigned long long)row->uidnext, (unsigned long long)uid)) {
		row->uidnext = uid < UINT32_MAX ? uid + 1 : UINT32_MAX;
		k->box->changed = true;
	}
	if (row->modseq < modseq && check_found(k->c, "mailbox \"%s\": HIGHESTMODSEQ is %llu, but there is %llu",
					    k->box->name, (unsigned long long)row->modseq,
					    (unsigned long long)modseq)) {
		row->modseq = modseq;
		k->box->changed = true;
	}
	k->modseq = (row->modseq > modseq ? row->modseq : modseq) + 1;
}

static bool look_counters(struct look *k)
{
	struct mailbox_row *row = &k->box->row;
	const struct mailbox_row *real = &k->count;
	const struct {
		const char *name;
		uint64_t *has, is;
	} v[] = { { "messages", &row->messages, real->messages }, { "unseen", &row->unseen, real->unseen },
		{ "deleted", &row->deleted, real->deleted }, { "size", &row->size, real->size },
		{ "deleted size", &row->deleted_size, real->deleted_size } };
	bool fix = false;

	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		if (*v[i].has == v[i].is)
			continue;
		fix |= check_found(k->c, "mailbox \"%s\": the counter \"%s\" is %lld, it should be %llu", k->box->name,
			v[i].name, (long long)*v[i].has, (unsigned long long)v[i].is);
		if (k->c->fix)
			*v[i].has = v[i].is;
	}
	return fix;
}

/* ---- writing ---- */

static int list_write(struct checker *c, const struct check_mailbox *box, const struct check_list *l, struct gw_err *err)
{
	struct tail *t = gw_xalloc(sizeof *t);
	int rc = gw_db_step_i64(c->db, GW_SQL_CHUNK_REMOVE_ALL, NULL, err, 2, gw_chunk_id(box->row.id, 0),
		gw_chunk_id(box->row.id, UINT32_MAX));

	tail_init(t, c->db, box->row.id);
	for (size_t i = 0; i < l->n && rc >= 0; i++)
		rc = tail_add(t, &l->v[i].e, l->v[i].savedate, err);
	if (rc >= 0)
		rc = tail_finish(t, err);
	free(t);
	return rc < 0 ? rc : 0;
}

int check_append(struct checker *c, struct check_mailbox *box, const struct check_list *l, struct gw_err *err)
{
	struct tail *t = gw_xalloc(sizeof *t);
	int rc = box->row.uidnext + l->n > UINT32_MAX
			 ? gw_fail(err, GW_ELIMIT, "mailbox \"%s\" has used up its message numbers", box->name)
			 : 0;

	tail_init(t, c->db, box->row.id);
	box->row.modseq++;
	for (size_t i = 0; i < l->n && rc == 0; i++) {
		struct gw_entry e = l->v[i].e;

		e.uid = (uint32_t)box->row.uidnext++;
		e.modseq = box->row.modseq;
		db_mailbox_count(&box->row, &e, 1);
		rc = tail_add(t, &e, l->v[i].savedate, err);
	}
	if (rc == 0)
		rc = tail_finish(t, err);
	free(t);
	return rc < 0 ? rc : db_mailbox_put(c->db, &box->row, err);
}

/* The list as it is now, what went from it in the log, and what comes back. */
static int put_right(struct look *k, struct gw_err *err)
{
	struct check_mailbox *box = k->box;
	int rc = 0;

	if (k->rewrite)
		rc = list_write(k->c, box, &k->list, err);
	if (rc == 0 && (k->rewrite || box->changed)) {
		box->row.modseq = k->modseq;
		if (k->gone.n)
			rc = expunged_add(k->c->db, box->row.id, box->row.modseq, &k->gone, err);
	}
	if (rc == 0)
		rc = db_mailbox_put(k->c->db, &box->row, err);
	if (rc == 0 && k->again.n)
		rc = check_append(k->c, box, &k->again, err);
	if (rc == 0)
		check_fixed(k->c, "mailbox \"%s\": %s put right, %llu messages are gone, %zu have new UIDs", box->name,
			k->rewrite ? "list and counters" : "counters",
			(unsigned long long)gw_set_count(&k->gone) - k->again.n, k->again.n);
	return rc;
}

static int look_at(struct look *k, struct gw_err *err)
{
	bool counters;
	int rc = list_read(k->c, k->box, &k->list, err);

	if (rc < 0)
		return rc;
	k->rewrite = rc > 0;
	look_limits(k);
	look_entries(k);
	counters = look_counters(k);
	k->box->messages = k->count.messages;
	k->box->size = k->count.size;
	rc = k->c->fix && (counters || k->rewrite || k->box->changed) ? put_right(k, err) : 0;
	return rc < 0 ? rc : check_logs(k->c, k->box, &k->list, err);
}

/* Messages of a list that has no mailbox (and gets none now) are not unowned at least. */
static int look_unlisted(struct look *k, struct gw_err *err)
{
	int rc = list_read(k->c, k->box, &k->list, err);

	for (size_t i = 0; i < k->list.n && rc >= 0; i++) {
		struct check_content *x = check_content(k->c, k->list.v[i].e.content, false);

		if (x)
			x->refs++;
	}
	return rc < 0 ? rc : 0;
}

static int check_one(struct checker *c, struct check_mailbox *box, struct gw_err *err)
{
	struct look k = { .c = c, .box = box, .allowed = GW_FLAG_SYSTEM };
	struct gw_keywords words;
	char *scratch;
	int rc;

	db_keywords_parse(&box->row, &words, &scratch);
	for (unsigned i = 0; i < words.n; i++)
		k.allowed |= GW_FLAG_KEYWORD(i);
	gw_set_init(&k.gone);
	rc = box->unlisted ? look_unlisted(&k, err) : look_at(&k, err);
	gw_set_done(&k.gone);
	free(k.list.v);
	free(k.again.v);
	free(scratch);
	return rc;
}

int check_lists(struct checker *c, struct gw_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->n_boxes && rc == 0; i++) {
		if (!maint_step(c->m, "mailboxes", i, c->n_boxes))
			break;
		rc = check_one(c, &c->boxes[i], err);
	}
	return rc < 0 ? rc : maint_go_on(c->m, err);
}
