/* textwrite.c - bringing text.db up to date (see text.h)
 *
 * Contents are taken in ascending order, some of them in a transaction; whoever has the writer's place goes on behind what is
 * there. When 256 texts (or 8 MiB of them) lie behind the last block they become one, which is never written again. */
#include "store/local/text.h"

#include <stdio.h>

#include "util/mem.h"

#define BATCH_CONTENTS 64
#define BATCH_BYTES    ((size_t)8 << 20)
#define BLOCK_BYTES    ((int64_t)8 << 20)
#define SWEEP_EVERY_S  3600

struct update {
	struct text_db *t;
	struct gw_db *db;
	struct text_reader reader;
	sqlite3_stmt *put, *put_address, *drop_address; /* of text.db */
	sqlite3_stmt *keys; /* of mail.db */
	struct gw_buf addresses;
	struct text_meta meta;
	const atomic_bool *stop;
	int64_t now;
	bool more;
};

/* A statement without rows. */
static int run(struct text_db *t, sqlite3_stmt *st, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	sqlite3_reset(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : text_db_fail(t, rc, err);
}

static int put_meta(struct update *u, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = text_db_prepare(u->t, "UPDATE meta SET key=?1, upto=?2, swept=?3", &st, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_blob(st, 1, u->meta.key, sizeof u->meta.key, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, (int64_t)u->meta.upto);
	sqlite3_bind_int64(st, 3, u->meta.swept);
	rc = run(u->t, st, err);
	sqlite3_finalize(st);
	return rc;
}

/* Inside a transaction of text.db: the index must be of this mail.db. */
static int settle(struct update *u, struct gw_err *err)
{
	bool fits = false;
	int rc = text_db_meta(u->t, &u->meta, err);

	if (rc == 0)
		rc = text_db_fits(&u->meta, u->db, &fits, err);
	if (rc < 0 || fits)
		return rc;
	memcpy(u->meta.key, u->db->key, sizeof u->meta.key);
	u->meta.upto = u->meta.highest = 0;
	u->meta.swept = u->now;
	rc = text_db_exec(u->t, "DELETE FROM text; DELETE FROM address; DELETE FROM block; DELETE FROM sig;", err);
	return rc < 0 ? rc : put_meta(u, err);
}

/* ---- texts ---- */

struct collect {
	struct gw_buf text; /* with its head */
	uint32_t header;
	const atomic_bool *stop;
	bool over;
};

static bool collect(void *ctx, struct gw_slice text, enum gw_text_scope part)
{
	struct collect *c = ctx;

	if (!gw_buf_add_slice(&c->text, text))
		c->over = true;
	if (part == GW_TEXT_HEADER)
		c->header = (uint32_t)(c->text.n - sizeof(struct text_head));
	return !c->over && !atomic_load_explicit(c->stop, memory_order_relaxed);
}

static void collect_begin(struct collect *c)
{
	const struct text_head none = { 0, 0 };

	c->text.n = c->header = 0;
	c->over = false;
	gw_buf_add(&c->text, &none, sizeof none);
}

static int prepare(struct update *u, struct gw_err *err)
{
	int rc = text_db_prepare(u->t, "INSERT OR REPLACE INTO text VALUES(?1,?2,?3)", &u->put, err);

	if (rc == 0)
		rc = text_db_prepare(u->t, "INSERT OR REPLACE INTO address VALUES(?1,?2)", &u->put_address, err);
	if (rc == 0)
		rc = text_db_prepare(u->t, "DELETE FROM address WHERE id=?1", &u->drop_address, err);
	return rc;
}

static void finish(struct update *u)
{
	sqlite3_finalize(u->put);
	sqlite3_finalize(u->put_address);
	sqlite3_finalize(u->drop_address);
	sqlite3_finalize(u->keys);
	u->put = u->put_address = u->drop_address = u->keys = NULL;
	gw_buf_done(&u->addresses);
}

/* A message and what its envelope has that is not in its keys. */
static int put_addresses(struct update *u, uint64_t content, struct gw_slice envelope, const struct gw_slice key[TEXT_KEYS],
	struct gw_err *err)
{
	bool any = text_addresses_pack(envelope, key, &u->addresses);
	sqlite3_stmt *st = any ? u->put_address : u->drop_address;

	sqlite3_bind_int64(st, 1, (int64_t)content);
	if (any)
		sqlite3_bind_blob64(st, 2, u->addresses.p, u->addresses.n, SQLITE_STATIC);
	return run(u->t, st, err);
}

static struct gw_slice blob_of(sqlite3_stmt *st, int i)
{
	const char *p = sqlite3_column_blob(st, i);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(st, i));
}

/* The same, from mail.db. */
static int take_addresses(struct update *u, uint64_t content, struct gw_err *err)
{
	static const char sql[] = "SELECT envelope, sender, recipient, cc, bcc FROM content JOIN search USING(id) WHERE id=?1";
	struct gw_slice key[TEXT_KEYS];
	int rc = u->keys ? SQLITE_OK : sqlite3_prepare_v2(u->db->sql, sql, -1, &u->keys, NULL);

	if (rc != SQLITE_OK)
		return gw_db_fail(u->db, rc, "cannot read messages", err);
	sqlite3_bind_int64(u->keys, 1, (int64_t)content);
	rc = sqlite3_step(u->keys);
	for (int i = 0; i < TEXT_KEYS && rc == SQLITE_ROW; i++)
		key[i] = blob_of(u->keys, i + 1);
	if (rc == SQLITE_ROW)
		rc = put_addresses(u, content, blob_of(u->keys, 0), key, err);
	else
		rc = rc == SQLITE_DONE ? 0 : gw_db_fail(u->db, rc, "cannot read messages", err);
	sqlite3_reset(u->keys);
	return rc;
}

/* Where fields of the header may have been cut, what stands across a cut is found in the message alone. */
static int put_text(struct update *u, uint64_t content, uint64_t size, uint64_t header_size, struct collect *c, struct gw_err *err)
{
	struct text_head head = { (uint32_t)size, c->header };
	bool over = c->over || header_size > GW_TEXT_FIELD_MAX;

	memcpy(c->text.p, &head, sizeof head);
	sqlite3_bind_int64(u->put, 1, (int64_t)content);
	sqlite3_bind_int64(u->put, 2, (int64_t)size);
	sqlite3_bind_blob64(u->put, 3, c->text.p, over ? 0 : c->text.n, SQLITE_STATIC);
	return run(u->t, u->put, err);
}

/* 1 when there is a text of the content, of so many octets, already. */
static int came_early(struct update *u, uint64_t content, uint64_t size, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc, found = 0;

	if (content > u->meta.highest)
		return 0;
	rc = text_db_prepare(u->t, "SELECT size FROM text WHERE id=?1", &st, err);
	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (int64_t)content);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		found = (uint64_t)sqlite3_column_int64(st, 0) == size;
	else if (rc != SQLITE_DONE)
		found = text_db_fail(u->t, rc, err);
	sqlite3_finalize(st);
	return found;
}

/* One content. A damaged or vanished one is left out: who asks for it reads it. */
static int take(struct update *u, uint64_t content, uint64_t size, struct collect *c, struct gw_err *err)
{
	int rc = came_early(u, content, size, err);

	collect_begin(c);
	if (rc > 0)
		u->meta.upto = content;
	if (rc != 0)
		return rc < 0 ? rc : 0;
	rc = text_read(&u->reader, content, GW_TEXT_HEADER | GW_TEXT_BODY, collect, c, err);
	if (atomic_load_explicit(u->stop, memory_order_relaxed))
		return gw_fail(err, GW_EINTR, "interrupted");
	if (rc == 0)
		rc = put_text(u, content, u->reader.size, u->reader.header_size, c, err);
	if (rc == 0)
		rc = take_addresses(u, content, err);
	if (rc == GW_EGONE || (rc == GW_ECORRUPT && !u->t->damaged))
		rc = 0;
	if (rc == 0)
		u->meta.upto = content;
	return rc;
}

static int take_some(struct update *u, sqlite3_stmt *next, struct gw_err *err)
{
	struct collect c = { .stop = u->stop };
	size_t bytes = 0;
	int rc = SQLITE_ROW, done = 0;

	gw_buf_init(&c.text, sizeof(struct text_head) + TEXT_BYTES_MAX);
	sqlite3_bind_int64(next, 1, (int64_t)u->meta.upto);
	for (int i = 0; i < BATCH_CONTENTS && bytes < BATCH_BYTES && done == 0; i++) {
		rc = sqlite3_step(next);
		if (rc != SQLITE_ROW)
			break;
		done = take(u, (uint64_t)sqlite3_column_int64(next, 0), (uint64_t)sqlite3_column_int64(next, 1), &c, err);
		bytes += c.text.n;
	}
	gw_buf_done(&c.text);
	u->more = rc == SQLITE_ROW;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return gw_db_fail(u->db, rc, "cannot read messages", err);
	return done;
}

static int batch(struct update *u, struct gw_err *err)
{
	sqlite3_stmt *next = NULL;
	uint64_t before = u->meta.upto;
	/* of a mirror: up to the first message that was never seen */
	static const char sql[] = "SELECT id, size FROM content WHERE id>?1 AND id<ifnull((SELECT content FROM remote_email"
				  " WHERE content>?1 AND NOT EXISTS(SELECT 1 FROM content AS c WHERE c.id=remote_email.content)"
				  " ORDER BY content LIMIT 1), 9223372036854775807) ORDER BY id";
	int rc = sqlite3_prepare_v2(u->db->sql, sql, -1, &next, NULL);

	if (rc != SQLITE_OK)
		return gw_db_fail(u->db, rc, "cannot read messages", err);
	rc = prepare(u, err);
	if (rc == 0)
		rc = take_some(u, next, err);
	if (rc == 0 && u->meta.upto != before)
		rc = put_meta(u, err);
	finish(u);
	sqlite3_finalize(next);
	return rc;
}

/* ---- blocks ---- */

/* The signatures of a block: its members, and of each the whole text and the header alone. */
struct sigs {
	struct text_sig of[TEXT_PARTS];
	struct text_row all; /* members whose text or addresses are too long: they are taken to have everything */
};

static int put_sig(struct update *u, const struct sigs *s, enum text_part part, uint64_t first, struct gw_err *err)
{
	const struct text_sig *sig = &s->of[part];
	sqlite3_stmt *st;
	int rc = text_db_prepare(u->t, "INSERT OR REPLACE INTO sig VALUES(?1,?2)", &st, err);

	for (uint32_t g = 0; rc == 0 && g < sig->bits / TEXT_GROUP; g++) {
		sqlite3_bind_int64(st, 1, text_sig_id(first, part, g * TEXT_GROUP));
		sqlite3_bind_blob(st, 2, sig->row + g * TEXT_GROUP, TEXT_GROUP * sizeof *sig->row, SQLITE_STATIC);
		rc = run(u->t, st, err);
	}
	sqlite3_finalize(st);
	return rc;
}

/* A block that is made. */
struct making {
	uint64_t first, last; /* contents */
	struct text_member v[TEXT_BLOCK];
	unsigned n;
};

static int put_block(struct update *u, const struct making *b, const struct sigs *s, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = text_db_prepare(u->t, "INSERT OR REPLACE INTO block VALUES(?1,?2,?3,?4,?5)", &st, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (int64_t)b->first);
	sqlite3_bind_int64(st, 2, (int64_t)b->last);
	sqlite3_bind_int64(st, 3, s->of[TEXT_ALL].bits);
	sqlite3_bind_int64(st, 4, s->of[TEXT_HEADER].bits);
	sqlite3_bind_blob(st, 5, b->v, (int)(b->n * sizeof *b->v), SQLITE_STATIC);
	rc = run(u->t, st, err);
	sqlite3_finalize(st);
	for (enum text_part part = TEXT_ALL; rc == 0 && part < TEXT_PARTS; part++)
		rc = put_sig(u, s, part, b->first, err);
	return rc;
}

/* The content becomes a member: false when it lies too far behind the first. */
static bool add_member(struct making *b, uint64_t content, uint64_t size)
{
	if (b->n && content - b->first > UINT32_MAX)
		return false;
	if (!b->n)
		b->first = content;
	b->last = content;
	b->v[b->n++] = (struct text_member){ (uint32_t)(content - b->first), (uint32_t)size };
	return true;
}

/* The members of the next block: texts, in order, that lie behind the last one; none: there are not enough yet. */
static int members(struct update *u, struct making *b, struct gw_err *err)
{
	static const char sql[] = "SELECT id, size, length(data) FROM text"
				  " WHERE id>ifnull((SELECT max(last) FROM block), 0) AND id<=?1 ORDER BY id LIMIT 256";
	sqlite3_stmt *st;
	int64_t bytes = 0;
	bool full = false;
	int rc = text_db_prepare(u->t, sql, &st, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(st, 1, (int64_t)u->meta.upto);
	while (!full && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		full = !add_member(b, (uint64_t)sqlite3_column_int64(st, 0), (uint64_t)sqlite3_column_int64(st, 1));
		bytes += sqlite3_column_int64(st, 2);
		full = full || b->n == TEXT_BLOCK || bytes >= BLOCK_BYTES;
	}
	sqlite3_finalize(st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return text_db_fail(u->t, rc, err);
	if (!full)
		b->n = 0;
	return 0;
}

/* The text that st stands on goes into the next column of the signatures, its addresses into those of the header. */
static void add_text(sqlite3_stmt *st, struct sigs *s)
{
	struct gw_slice data = blob_of(st, 0), addresses = blob_of(st, 1), text;
	bool has_addresses = sqlite3_column_type(st, 1) != SQLITE_NULL, kept = data.n >= sizeof(struct text_head);
	unsigned column = s->of[TEXT_ALL].n;
	struct text_head head = { 0, 0 };

	if (!kept || (has_addresses && !text_addresses_get(addresses, GW_MATCH_BCC, &text)))
		s->all.w[column / 64] |= UINT64_C(1) << (column % 64);
	if (kept)
		memcpy(&head, gw_slice_take(&data, sizeof head).p, sizeof head);
	else
		data.n = 0;
	text_sig_add(&s->of[TEXT_ALL], data);
	text_sig_add(&s->of[TEXT_HEADER], gw_slice_take(&data, head.header < data.n ? head.header : data.n));
	for (unsigned i = 0; i < TEXT_KEYS && has_addresses; i++)
		if (text_addresses_get(addresses, (enum gw_match_field)i, &text))
			text_sig_also(&s->of[TEXT_HEADER], text);
}

static int add_texts(struct update *u, const struct making *b, struct sigs *s, struct gw_err *err)
{
	sqlite3_stmt *st;
	static const char sql[] = "SELECT text.data, address.data FROM text LEFT JOIN address USING(id) WHERE text.id=?1";
	int rc = text_db_prepare(u->t, sql, &st, err);

	for (unsigned i = 0; i < b->n && rc == 0; i++) {
		sqlite3_bind_int64(st, 1, (int64_t)(b->first + b->v[i].content));
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			add_text(st, s);
		rc = rc == SQLITE_ROW ? 0 : text_db_fail(u->t, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, err);
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	return rc;
}

static int make_block(struct update *u, const struct making *b, struct gw_err *err)
{
	/* Most of a header is the same in all messages of a mailbox; bits that a needle shares with it tell nothing. */
	static const unsigned sparse[TEXT_PARTS] = { [TEXT_ALL] = 4, [TEXT_HEADER] = 16 };
	struct sigs s = { .all = { { 0 } } };
	int rc;

	for (enum text_part part = TEXT_ALL; part < TEXT_PARTS; part++)
		text_sig_init(&s.of[part]);
	rc = add_texts(u, b, &s, err);
	for (enum text_part part = TEXT_ALL; rc == 0 && part < TEXT_PARTS; part++)
		text_sig_finish(&s.of[part], sparse[part], &s.all);
	if (rc == 0)
		rc = put_block(u, b, &s, err);
	for (enum text_part part = TEXT_ALL; part < TEXT_PARTS; part++)
		text_sig_done(&s.of[part]);
	return rc;
}

static int blocks(struct update *u, struct gw_err *err)
{
	struct making b = { .n = 0 };
	int rc = members(u, &b, err);

	if (rc == 0 && b.n) {
		rc = make_block(u, &b, err);
		u->more = true; /* perhaps another one */
	}
	return rc;
}

/* ---- forgetting ---- */

/* Texts without a content, then addresses and blocks without a text. */
static int forget(struct update *u, struct gw_err *err)
{
	sqlite3_stmt *all, *drop = NULL, *has = NULL;
	int rc = text_db_prepare(u->t, "SELECT id FROM text", &all, err), got = SQLITE_DONE;

	if (rc == 0)
		rc = text_db_prepare(u->t, "DELETE FROM text WHERE id=?1", &drop, err);
	if (rc == 0 && sqlite3_prepare_v2(u->db->sql, "SELECT 1 FROM content WHERE id=?1", -1, &has, NULL) != SQLITE_OK)
		rc = gw_db_fail(u->db, sqlite3_errcode(u->db->sql), "cannot read messages", err);
	while (rc == 0 && (got = sqlite3_step(all)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(all, 0);

		sqlite3_bind_int64(has, 1, id);
		if (sqlite3_step(has) == SQLITE_DONE) {
			sqlite3_bind_int64(drop, 1, id);
			rc = run(u->t, drop, err);
		}
		sqlite3_reset(has);
	}
	sqlite3_finalize(has);
	sqlite3_finalize(drop);
	sqlite3_finalize(all);
	if (rc == 0 && got != SQLITE_DONE)
		rc = text_db_fail(u->t, got, err);
	return rc;
}

static int forget_blocks(struct update *u, struct gw_err *err)
{
	static const char sql[] =
		"DELETE FROM address WHERE NOT EXISTS (SELECT 1 FROM text WHERE text.id=address.id);"
		"DELETE FROM sig WHERE id>>12 IN (SELECT first FROM block WHERE NOT EXISTS"
		" (SELECT 1 FROM text WHERE id BETWEEN first AND last));"
		"DELETE FROM block WHERE last<(SELECT max(last) FROM block) AND NOT EXISTS"
		" (SELECT 1 FROM text WHERE id BETWEEN first AND last)";

	return text_db_exec(u->t, sql, err);
}

static int sweep(struct update *u, struct gw_err *err)
{
	int rc = 0;

	if (u->more || (u->now >= u->meta.swept && u->now - u->meta.swept < SWEEP_EVERY_S))
		return 0;
	rc = forget(u, err);
	if (rc == 0)
		rc = forget_blocks(u, err);
	u->meta.swept = u->now;
	return rc < 0 ? rc : put_meta(u, err);
}

/* ---- all ---- */

static int step(struct update *u, struct gw_err *err)
{
	int rc = text_db_exec(u->t, "BEGIN IMMEDIATE", err);

	if (rc < 0)
		return rc;
	rc = gw_db_begin_read(u->db, err);
	if (rc == 0)
		rc = settle(u, err);
	if (rc == 0)
		rc = batch(u, err);
	if (rc == 0)
		rc = blocks(u, err);
	if (rc == 0)
		rc = sweep(u, err);
	text_reader_done(&u->reader);
	gw_db_end_read(u->db);
	if (rc == 0)
		rc = text_db_exec(u->t, "COMMIT", err);
	if (rc < 0)
		sqlite3_exec(u->t->sql, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int text_update(struct gw_db_account *acc, const char *dir, int64_t now, const atomic_bool *stop, struct gw_err *err)
{
	struct update u = { .now = now, .stop = stop, .more = true };
	int rc = gw_db_get(acc, &u.db, err), resets = 0;

	if (rc < 0)
		return rc;
	rc = text_db_open(dir, true, &u.t, err);
	while (rc == 0 && u.more && !atomic_load(stop)) {
		text_reader_init(&u.reader, u.db);
		rc = step(&u, err);
		if (rc < 0 && u.t->damaged && resets++ == 0)
			rc = text_db_reset(u.t, err);
	}
	text_db_close(u.t);
	gw_db_put(u.db);
	return rc;
}

/* ---- what comes early ---- */

static int put_some(struct update *u, const struct text_bytes *v, size_t n, struct gw_err *err)
{
	struct collect c = { .stop = u->stop };
	int rc = prepare(u, err);

	gw_buf_init(&c.text, sizeof(struct text_head) + TEXT_BYTES_MAX);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct gw_derived *d = v[i].derived;
		const struct gw_slice key[TEXT_KEYS] = { d->key_from, d->key_to, d->key_cc, d->key_bcc };

		if (v[i].content <= u->meta.upto) /* it is in a block, perhaps, or was left out */
			continue;
		collect_begin(&c);
		rc = gw_text_extract(d->parts, GW_TEXT_HEADER | GW_TEXT_BODY, v[i].read, v[i].ctx, collect, &c);
		if (atomic_load_explicit(u->stop, memory_order_relaxed))
			rc = gw_fail(err, GW_EINTR, "interrupted");
		if (rc == 0)
			rc = put_text(u, v[i].content, v[i].size, d->header_size, &c, err);
		if (rc == 0)
			rc = put_addresses(u, v[i].content, d->envelope, key, err);
	}
	gw_buf_done(&c.text);
	finish(u);
	return rc;
}

int text_put(struct gw_db_account *acc, const char *dir, int64_t now, const struct text_bytes *v, size_t n, bool patient,
	     const atomic_bool *stop, struct gw_err *err)
{
	struct update u = { .now = now, .stop = stop };
	int rc = gw_db_get(acc, &u.db, err);

	if (rc < 0)
		return rc;
	rc = text_db_open(dir, true, &u.t, err);
	if (rc == 0 && !patient)
		sqlite3_busy_timeout(u.t->sql, 0);
	if (rc == 0)
		rc = text_db_exec(u.t, "BEGIN IMMEDIATE", err);
	if (rc == 0) {
		rc = settle(&u, err);
		if (rc == 0)
			rc = put_some(&u, v, n, err);
		if (rc == 0)
			rc = text_db_exec(u.t, "COMMIT", err);
		if (rc < 0)
			sqlite3_exec(u.t->sql, "ROLLBACK", NULL, NULL, NULL);
	}
	text_db_close(u.t);
	gw_db_put(u.db);
	return rc;
}

/* ---- filling ---- */

/* Of n contents, those that have no text. */
static int without_text(struct text_db *t, uint64_t *v, size_t *n, struct gw_err *err)
{
	sqlite3_stmt *st;
	size_t keep = 0;
	int rc = text_db_prepare(t, "SELECT 1 FROM text WHERE id=?1", &st, err);

	for (size_t i = 0; i < *n && rc == 0; i++) {
		sqlite3_bind_int64(st, 1, (int64_t)v[i]);
		if (sqlite3_step(st) != SQLITE_ROW)
			v[keep++] = v[i];
		sqlite3_reset(st);
	}
	if (rc == 0) {
		sqlite3_finalize(st);
		*n = keep;
	}
	return rc;
}

/* The messages of a mirror that come next after upto, ascending. */
static int next_remote(struct gw_db *db, uint64_t upto, uint64_t v[GW_DB_BRING_MAX], size_t *ret_n, struct gw_err *err)
{
	static const char sql[] = "SELECT content FROM remote_email WHERE content>?1 ORDER BY content LIMIT ?2";
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db->sql, sql, -1, &st, NULL);
	size_t n = 0;

	if (rc != SQLITE_OK)
		return gw_db_fail(db, rc, "cannot read messages", err);
	sqlite3_bind_int64(st, 1, (int64_t)upto);
	sqlite3_bind_int64(st, 2, GW_DB_BRING_MAX);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		v[n++] = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	*ret_n = n;
	return rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read messages", err);
}

/* The next messages behind what the index has, and behind *after, that have no text. *after: where to go on, 0 at the end. */
static int reach(struct gw_db_account *acc, const char *dir, uint64_t *after, uint64_t v[GW_DB_BRING_MAX], size_t *ret_n, bool *ret_behind,
	struct gw_err *err)
{
	size_t n = GW_DB_BRING_MAX;
	struct text_meta meta = { .upto = 0 };
	struct text_db *t = NULL;
	struct gw_db *db;
	bool fits = false;
	int rc = gw_db_get(acc, &db, err);

	if (rc < 0)
		return rc;
	if (text_db_open(dir, false, &t, NULL) == 0 && text_db_meta(t, &meta, NULL) == 0)
		rc = text_db_fits(&meta, db, &fits, err);
	if (!fits)
		*after = 0;
	else if (*after < meta.upto)
		*after = meta.upto;
	while (rc == 0 && n == GW_DB_BRING_MAX && *ret_n == 0) {
		rc = next_remote(db, *after, v, &n, err);
		*ret_n = n;
		*ret_behind = *ret_behind || n;
		*after = n == GW_DB_BRING_MAX ? v[n - 1] : 0;
		if (rc == 0 && fits)
			rc = without_text(t, v, ret_n, err);
	}
	text_db_close(t);
	gw_db_put(db);
	return rc;
}

int text_fill(struct gw_db_account *acc, const char *dir, int64_t now, const atomic_bool *stop, uint64_t *after, struct gw_err *err)
{
	uint64_t v[GW_DB_BRING_MAX] = { 0 };
	bool behind = false;
	size_t n = 0;
	int rc = reach(acc, dir, after, v, &n, &behind, err);

	if (rc == 0 && n)
		rc = gw_db_bring(acc, v, n, GW_DB_TEXTS, stop, err);
	if (rc == GW_ECORRUPT || rc == GW_EACCES) /* of one of them; the others came */
		rc = 0;
	if (rc == 0 && behind)
		rc = text_update(acc, dir, now, stop, err);
	if (rc < 0)
		*after = 0;
	return rc;
}

int text_rebuild(struct gw_db_account *acc, const char *dir, int64_t now, bool (*go_on)(void *ctx, uint64_t upto), void *ctx,
		 struct gw_err *err)
{
	const atomic_bool never = false;
	struct update u = { .now = now, .stop = &never, .more = true };
	int rc = gw_db_get(acc, &u.db, err);

	if (rc < 0)
		return rc;
	rc = text_db_open(dir, true, &u.t, err);
	if (rc == 0)
		rc = text_db_reset(u.t, err);
	while (rc == 0 && u.more && go_on(ctx, u.meta.upto)) {
		text_reader_init(&u.reader, u.db);
		rc = step(&u, err);
	}
	text_db_close(u.t);
	gw_db_put(u.db);
	return rc;
}
