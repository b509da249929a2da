/* fetch.c - the cursor behind FETCH, SEARCH, SORT, THREAD and RETR
 *
 * The index says which contents are wanted; mostly they ascend, since messages were appended in that order. Each table
 * that is needed is a lane: a statement that walks the table upwards and is only sent to another place when the next
 * content is not close ahead. So a fetch of a whole mailbox is a scan of two or three tables side by side.
 *
 * A cursor holds a handle and a read transaction from its first row until it is paused. The contents it shows are
 * never changed, only removed, and their numbers are never used again: a message that somebody expunged while
 * we were paused is shown as it was, or as gone once it was swept, but never as another one.
 *
 * In a mirror what is derived from a message, and its bytes, may not be there yet or not any more: that is told apart from a
 * message that is gone, and the cursor stays in front of it. */
#include "store/account/annotate.h"
#include "store/account/rights.h"

#define NEAR 8 /* contents a lane steps over before it seeks */

enum { LANE_CONTENT, LANE_HEADER, LANE_SEARCH, LANE_REMOTE, LANES };

struct lane {
	bool on;
	enum gw_sql which;
	sqlite3_stmt *st;
	uint64_t at; /* content it stands on; 0: nowhere */
};

struct view_fetch {
	struct gw_fetch base;
	struct gw_acct *acct;
	struct gw_mbox_id id;
	struct gw_index *index;
	const struct gw_set *seqs;
	unsigned want;
	bool mirror;
	size_t hint; /* into seqs */
	struct gw_index_iter it;
	uint32_t next;		      /* sequence number; 0: at the end */
	const struct gw_entry *entry; /* current */

	struct gw_db *db; /* NULL: paused */
	bool private;	  /* statements are ours, the handle's belong to another cursor */
	struct lane lane[LANES];
	sqlite3_blob *body;
	int64_t body_row; /* where body stands; 0: nowhere */
	bool any_uidl;
	struct gw_arena annotations; /* of the current message */
	bool any_annotation;
	struct gw_chunk *chunk; /* for SAVEDATE; n 0: none loaded */
	char ids[2][256];	/* EMAILID, THREADID, when we make them */
	struct gw_buf keys;	/* of SORT, when the row has none */
};

static void choose_lanes(struct view_fetch *f)
{
	const unsigned shown = GW_WANT_ENVELOPE | GW_WANT_BODYSTRUCTURE;
	const unsigned facts = f->mirror ? GW_WANT_PARTS : GW_WANT_PARTS | GW_WANT_IDS;
	const unsigned sort = GW_WANT_SORT | GW_WANT_SUBJECT, more = GW_WANT_THREAD | GW_WANT_PREVIEW;
	unsigned w = f->want;

	f->lane[LANE_CONTENT].on = w & (shown | facts);
	f->lane[LANE_CONTENT].which = !(w & facts)			    ? GW_SQL_CONTENT_SHOWN
				      : !(w & (shown | GW_WANT_SORT)) ? GW_SQL_CONTENT_FACTS
									    : GW_SQL_CONTENT_SCAN;
	f->lane[LANE_HEADER].on = w & GW_WANT_HEADERS;
	f->lane[LANE_HEADER].which = GW_SQL_HEADER_SCAN;
	f->lane[LANE_SEARCH].on = w & (more | sort | GW_WANT_SENT);
	f->lane[LANE_SEARCH].which = w & more   ? GW_SQL_SEARCH_SCAN
				     : w & sort ? GW_SQL_SEARCH_SORT
						: GW_SQL_SEARCH_SENT;
	f->lane[LANE_REMOTE].on = f->mirror && w & GW_WANT_IDS;
	f->lane[LANE_REMOTE].which = GW_SQL_REMOTE_EMAIL_IDS;
}

int view_fetch_open(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_set *seqs,
	unsigned want, struct gw_fetch **ret, struct gw_err *err)
{
	struct gw_db_account *acc = NULL;
	struct view_fetch *f;
	int rc = view_may_read(a, id, err);

	if (rc == 0)
		rc = gw_acct_db(a, id.space, &acc, err);
	if (rc != 0)
		return rc;
	f = gw_xalloc(sizeof *f);
	f->base.ops = a->ops;
	f->acct = a;
	f->id = id;
	f->index = gw_index_ref(index);
	f->seqs = seqs;
	f->want = want;
	gw_arena_init(&f->annotations, 0, 0);
	f->mirror = acc->env->opt.mirror;
	f->next = gw_set_next(seqs, 1, &f->hint);
	gw_index_iter(&f->it, index, f->next);
	choose_lanes(f);
	if (want & GW_WANT_SAVEDATE)
		f->chunk = gw_xalloc(sizeof *f->chunk);
	*ret = &f->base;
	return 0;
}

/* ---- handle ---- */

void view_fetch_pause(struct gw_fetch *base)
{
	struct view_fetch *f = (struct view_fetch *)base;

	if (!f->db)
		return;
	for (int i = 0; i < LANES; i++) {
		struct lane *l = &f->lane[i];

		if (f->private)
			sqlite3_finalize(l->st);
		else if (l->st)
			sqlite3_reset(l->st);
		l->st = NULL;
		l->at = 0;
	}
	sqlite3_blob_close(f->body);
	f->body = NULL;
	f->body_row = 0;
	if (f->chunk)
		f->chunk->n = 0;
	f->db->cursors--;
	gw_db_put(f->db);
	f->db = NULL;
}

static int prepare_lane(struct view_fetch *f, struct lane *l, struct gw_err *err)
{
	if (!f->private) {
		l->st = gw_db_stmt(f->db, l->which, err);
		return l->st ? 0 : GW_EIO;
	}
	int rc = sqlite3_prepare_v2(f->db->sql, gw_sql_text[l->which], -1, &l->st, NULL);
	return rc == SQLITE_OK ? 0 : gw_db_fail(f->db, rc, "cannot prepare a statement", err);
}

static int resume(struct view_fetch *f, struct gw_err *err)
{
	int rc = view_begin(f->acct, f->id.space, VIEW_READ, &f->db, err);

	if (rc < 0)
		return rc;
	f->private = f->db->cursors++ > 0;
	for (int i = 0; i < LANES && rc == 0; i++)
		if (f->lane[i].on)
			rc = prepare_lane(f, &f->lane[i], err);
	if (rc == 0 && f->want & GW_WANT_UIDL) {
		rc = gw_db_step_i64(f->db, GW_SQL_UIDL_ANY, NULL, err, 1, (int64_t)f->id.id);
		f->any_uidl = rc > 0;
	}
	if (rc >= 0 && f->want & GW_WANT_ANNOTATIONS) {
		rc = annotation_any(f->db, f->id.id, err);
		f->any_annotation = rc > 0;
	}
	if (rc < 0)
		view_fetch_pause(&f->base);
	return rc < 0 ? rc : 0;
}

void view_fetch_close(struct gw_fetch *base)
{
	struct view_fetch *f = (struct view_fetch *)base;

	view_fetch_pause(base);
	gw_index_unref(f->index);
	gw_buf_done(&f->keys);
	gw_arena_done(&f->annotations);
	free(f->chunk);
	free(f);
}

/* ---- lanes ---- */

static int lane_step(struct view_fetch *f, struct lane *l, struct gw_err *err)
{
	int rc = sqlite3_step(l->st);

	if (rc == SQLITE_ROW) {
		l->at = (uint64_t)sqlite3_column_int64(l->st, 0);
		return 1;
	}
	sqlite3_reset(l->st);
	l->at = 0;
	return rc == SQLITE_DONE ? 0 : gw_db_fail(f->db, rc, "cannot read messages", err);
}

/* Bring the lane to content: 1 there, 0 no such row. */
static int lane_seek(struct view_fetch *f, struct lane *l, uint64_t content, struct gw_err *err)
{
	int rc = 1;

	if (l->at && l->at < content && content - l->at <= NEAR)
		while (rc > 0 && l->at < content)
			rc = lane_step(f, l, err);
	if (rc > 0 && l->at != content) {
		sqlite3_reset(l->st);
		sqlite3_bind_int64(l->st, 1, (int64_t)content);
		rc = lane_step(f, l, err);
	}
	return rc < 0 ? rc : rc > 0 && l->at == content;
}

static struct gw_slice blob(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, i));
}

static int64_t time_of(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(st, i);
}

/* Column of the envelope in the lane of contents. */
static int shown_at(const struct view_fetch *f)
{
	return f->lane[LANE_CONTENT].which == GW_SQL_CONTENT_SHOWN ? 1 : 5;
}

static void fill_content(struct view_fetch *f, struct gw_message *m)
{
	const struct lane *l = &f->lane[LANE_CONTENT];

	if (f->want & GW_WANT_ENVELOPE)
		m->envelope = blob(l->st, shown_at(f));
	if (f->want & GW_WANT_BODYSTRUCTURE)
		m->bodystructure = blob(l->st, shown_at(f) + 1);
	if (f->want & GW_WANT_IDS && !f->mirror) {
		view_object_id(f->ids[0], 'M', (uint64_t)sqlite3_column_int64(l->st, 1));
		view_object_id(f->ids[1], 'T', (uint64_t)sqlite3_column_int64(l->st, 2));
		m->emailid = gw_slice_str(f->ids[0]);
		m->threadid = gw_slice_str(f->ids[1]);
	}
	if (f->want & GW_WANT_PARTS) {
		m->header_size = (uint64_t)sqlite3_column_int64(l->st, 3);
		m->parts = blob(l->st, 4);
	}
}

static void fill_header(struct view_fetch *f, struct gw_message *m)
{
	sqlite3_stmt *st = f->lane[LANE_HEADER].st;

	m->headers = blob(st, 1);
	m->headers_whole = sqlite3_column_int(st, 2) != 0;
}

static void fill_search(struct view_fetch *f, struct gw_message *m)
{
	sqlite3_stmt *st = f->lane[LANE_SEARCH].st;

	m->sent = time_of(st, 1);
	m->sent_day = time_of(st, 2);
	if (f->want & (GW_WANT_SUBJECT | GW_WANT_THREAD)) {
		m->is_reply = sqlite3_column_int(st, 3) != 0;
		m->base_subject = blob(st, 4);
	}
	if (f->want & GW_WANT_SORT)
		gw_sort_keys_unpack(blob(st, 5), m->sort_keys);
	if (f->want & GW_WANT_THREAD) {
		m->message_id = blob(st, 6);
		m->references = blob(st, 7);
	}
	if (f->want & GW_WANT_PREVIEW)
		m->preview = blob(st, 8);
}

static void fill_remote(struct view_fetch *f, struct gw_message *m)
{
	sqlite3_stmt *st = f->lane[LANE_REMOTE].st;
	struct gw_slice *id[2] = { &m->emailid, &m->threadid };

	for (int i = 0; i < 2; i++) {
		*id[i] = blob(st, i + 1);
		if (!f->id.space || !id[i]->n || id[i]->n >= sizeof f->ids[i])
			continue;
		view_shared_id(f->db->acc, *id[i], f->ids[i], sizeof f->ids[i]);
		*id[i] = gw_slice_str(f->ids[i]);
	}
}

static int fill_lanes(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	static void (*const fill[LANES])(
		struct view_fetch *, struct gw_message *) = { fill_content, fill_header, fill_search, fill_remote };

	for (int i = 0; i < LANES; i++) {
		int rc;

		if (!f->lane[i].on)
			continue;
		rc = lane_seek(f, &f->lane[i], m->entry->content, err);
		if (rc <= 0)
			return rc;
		fill[i](f, m);
	}
	return 1;
}

/* The row is from before there were keys of addresses: they are made of the envelope. */
static int make_sort_keys(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	struct lane *l = &f->lane[LANE_CONTENT];
	int rc = 0;

	if (sqlite3_column_bytes(f->lane[LANE_SEARCH].st, 5) > 0)
		return 1;
	if (!l->st)
		rc = prepare_lane(f, l, err);
	l->on = true;
	if (rc == 0)
		rc = lane_seek(f, l, m->entry->content, err);
	if (rc <= 0)
		return rc;
	f->keys.n = 0;
	gw_sort_keys_pack(blob(l->st, shown_at(f)), &f->keys);
	gw_sort_keys_unpack(gw_buf_slice(&f->keys), m->sort_keys);
	return 1;
}

/* ---- what the list knows ---- */

static int fill_savedate(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	struct gw_chunk *c = f->chunk;
	uint32_t uid = m->entry->uid;
	int64_t id;

	if (!c->n || uid < c->e[0].uid || uid > c->e[c->n - 1].uid) {
		int rc = chunk_find(f->db, f->id.id, uid, c, &id, err);

		if (rc <= 0) {
			c->n = 0;
			return rc;
		}
	}
	for (uint32_t i = 0; i < c->n; i++)
		if (c->e[i].uid == uid) {
			m->savedate = c->savedate[i];
			return 1;
		}
	return 0;
}

static int fill_uidl(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(f->db, GW_SQL_UIDL_GET, &st, err, 2, (int64_t)f->id.id, (int64_t)m->entry->uid);

	if (rc > 0)
		m->uidl = blob(st, 0); /* the statement is reset at its next use */
	return rc;
}

static int fill_annotations(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	struct gw_annotation *v = NULL;
	int rc;

	gw_arena_reset(&f->annotations);
	rc = annotation_get(f->db, f->id.id, m->entry->uid, annotation_who(f->acct, f->db), &f->annotations, &v, &m->n_annotations,
		err);
	m->annotation = v;
	return rc;
}

/* ---- the body ---- */

/* Bring the blob handle to a row: 1, 0 no such row, or a code. */
static int body_seek(struct view_fetch *f, int64_t row, struct gw_err *err)
{
	int rc;

	if (f->body_row == row)
		return 1;
	if (f->body) {
		rc = sqlite3_blob_reopen(f->body, row);
		if (rc != SQLITE_OK) {
			sqlite3_blob_close(f->body);
			f->body = NULL;
		}
	} else {
		rc = sqlite3_blob_open(f->db->sql, "main", "body", "data", row, 0, &f->body);
	}
	f->body_row = rc == SQLITE_OK ? row : 0;
	if (rc == SQLITE_OK)
		return 1;
	return (rc & 0xFF) == SQLITE_ERROR ? 0 : gw_db_fail(f->db, rc, "cannot read a message", err);
}

/* Something of a message is not here: 0 when the message is gone, else GW_ENOENT. */
static int missing(struct view_fetch *f, const struct gw_entry *e, struct gw_err *err)
{
	int rc = f->mirror ? gw_db_step_i64(f->db, GW_SQL_REMOTE_EMAIL_THERE, NULL, err, 1, (int64_t)e->content) : 0;

	return rc > 0 ? gw_fail(err, GW_ENOENT, "what is asked of the message has not come from the storage server yet") : rc;
}

/* Pages of a mapping that the disk did not give read as zeros (store/account/guard.h). */
static int check_faults(const struct view_fetch *f, unsigned before, struct gw_err *err)
{
	if (gw_store_faults() == before)
		return 0;
	return gw_fail(err, GW_EIO, "%s: a page cannot be read", gw_db_account_path(f->db->acc));
}

long view_fetch_read(struct gw_fetch *base, uint64_t off, void *dst, size_t n, struct gw_err *err)
{
	struct view_fetch *f = (struct view_fetch *)base;
	uint64_t at = off % BODY_PIECE;
	unsigned faults = gw_store_faults();
	uint64_t have;
	int rc;

	if (!f->entry || !f->entry->content || off >= f->entry->size || n == 0)
		return 0;
	rc = f->db ? 0 : resume(f, err);
	if (rc < 0)
		return rc;
	rc = body_seek(f, BODY_ID(f->entry->content, off / BODY_PIECE), err);
	if (rc == 0)
		rc = missing(f, f->entry, err);
	if (rc <= 0)
		return rc ? rc : gw_fail(err, GW_EGONE, "the message was removed");
	have = (uint64_t)sqlite3_blob_bytes(f->body);
	if (at >= have)
		return gw_fail(err, GW_ECORRUPT, "%s: message %llu is cut off", gw_db_account_path(f->db->acc),
			(unsigned long long)f->entry->content);
	if (n > have - at)
		n = (size_t)(have - at);
	rc = sqlite3_blob_read(f->body, dst, (int)n, (int)at);
	if (rc != SQLITE_OK)
		return gw_db_fail(f->db, rc, "cannot read a message", err);
	rc = check_faults(f, faults, err);
	return rc < 0 ? rc : (long)n;
}

/* ---- rows ---- */

static int fill(struct view_fetch *f, struct gw_message *m, struct gw_err *err)
{
	unsigned faults = gw_store_faults();
	int rc = fill_lanes(f, m, err);

	if (rc > 0 && f->want & GW_WANT_SORT)
		rc = make_sort_keys(f, m, err);
	if (rc > 0 && f->want & GW_WANT_BODY)
		rc = body_seek(f, BODY_ID(m->entry->content, 0), err);
	if (rc == 0)
		rc = missing(f, m->entry, err);
	if (rc > 0 && f->want & GW_WANT_SAVEDATE)
		rc = fill_savedate(f, m, err);
	if (rc > 0 && f->any_uidl) {
		int found = fill_uidl(f, m, err);

		rc = found < 0 ? found : 1;
	}
	if (rc > 0 && f->any_annotation) {
		int found = fill_annotations(f, m, err);

		rc = found < 0 ? found : 1;
	}
	if (rc > 0 && check_faults(f, faults, err) < 0)
		rc = GW_EIO;
	return rc;
}

static const struct gw_entry *next_entry(struct view_fetch *f)
{
	const struct gw_entry *e;

	if (!f->next)
		return NULL;
	if (f->it.seq != f->next)
		gw_index_iter(&f->it, f->index, f->next);
	e = gw_index_next(&f->it);
	f->next = e && f->next != UINT32_MAX ? gw_set_next(f->seqs, f->next + 1, &f->hint) : 0;
	return e;
}

int view_fetch_next(struct gw_fetch *base, struct gw_message *ret, bool *ret_gone, struct gw_err *err)
{
	struct view_fetch *f = (struct view_fetch *)base;
	struct gw_message m = { .seq = f->next };
	int rc = 1;

	if (gw_acct_stopped(f->acct))
		return gw_fail(err, GW_EINTR, "interrupted");
	m.entry = f->entry = next_entry(f);
	if (!m.entry)
		return 0;
	if (m.entry->content == 0) {
		rc = 0;
	} else if (f->want) {
		rc = f->db ? 0 : resume(f, err);
		if (rc == 0)
			rc = fill(f, &m, err);
	}
	if (rc == GW_ENOENT)
		f->next = m.seq; /* it comes next once more */
	if (rc < 0)
		return rc;
	*ret_gone = rc == 0;
	*ret = rc ? m : (struct gw_message){ .seq = m.seq, .entry = m.entry };
	return 1;
}
