/* facts.c - what the server says of messages, as rows of remote_email, and where they are */
#include "store/mirror/priv.h"
#include "store/jmap/wire.h"
#include "util/num.h"

#include <stdio.h>

/* ---- reading ---- */

static struct gw_slice dup(struct gw_arena *arena, sqlite3_stmt *st, int column)
{
	return gw_arena_dup(arena, text_of(st, column));
}

static void read_row(sqlite3_stmt *st, struct gw_arena *arena, struct facts *ret)
{
	*ret = (struct facts){
		.content = (uint64_t)sqlite3_column_int64(st, 0),
		.size = (uint64_t)sqlite3_column_int64(st, 1),
		.received = sqlite3_column_int64(st, 2),
		.mailboxes = dup(arena, st, 3),
		.keywords = dup(arena, st, 4),
		.id = dup(arena, st, 5),
		.blob = dup(arena, st, 6),
		.thread = dup(arena, st, 7),
	};
}

static int step(struct gw_db *db, sqlite3_stmt *st, struct gw_arena *arena, struct facts *ret, struct gw_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		read_row(st, arena, ret);
	sqlite3_reset(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(db, rc, "cannot read a message", err);
}

int facts_find(struct gw_db *db, struct gw_slice id, struct gw_arena *arena, struct facts *ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_EMAIL_BY_ID, err);
	int rc;

	if (!st)
		return GW_EIO;
	bind_text(st, 1, id);
	rc = step(db, st, arena, ret, err);
	sqlite3_clear_bindings(st);
	return rc;
}

int facts_get(struct gw_db *db, uint64_t content, struct gw_arena *arena, struct facts *ret, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(db, GW_SQL_REMOTE_EMAIL_GET, err);

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)content);
	return step(db, st, arena, ret, err);
}

int facts_places(struct mirror_tx *tx, uint64_t content, struct place **ret, size_t *ret_n, struct gw_err *err)
{
	struct place *v = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *st;
	int rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_OF, &st, err, 1, (int64_t)content);

	while (rc > 0) {
		if (n == cap) {
			struct place *more = gw_arena_calloc(&tx->scratch, cap ? cap * 2 : 8, sizeof *more);

			if (n)
				memcpy(more, v, n * sizeof *v);
			v = more;
			cap = cap ? cap * 2 : 8;
		}
		v[n++] = (struct place){ (uint64_t)sqlite3_column_int64(st, 0), (uint32_t)sqlite3_column_int64(st, 1) };
		rc = sqlite3_step(st);
		rc = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : gw_db_fail(tx->db, rc, "cannot read a message", err);
	}
	if (tx->db->stmt[GW_SQL_PLACE_OF])
		sqlite3_reset(tx->db->stmt[GW_SQL_PLACE_OF]);
	*ret = v;
	*ret_n = n;
	return rc;
}

/* ---- writing ---- */

int facts_add(struct mirror_tx *tx, struct facts *f, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(tx->db, GW_SQL_REMOTE_EMAIL_NEW, err);
	int rc;

	if (!st)
		return GW_EIO;
	f->content = tx->acct.next_content++;
	tx->acct_changed = true;
	sqlite3_bind_int64(st, 1, (int64_t)f->content);
	sqlite3_bind_int64(st, 2, (int64_t)f->size);
	sqlite3_bind_int64(st, 3, f->received);
	bind_text(st, 4, f->mailboxes);
	bind_text(st, 5, f->keywords);
	bind_text(st, 6, f->id);
	bind_text(st, 7, f->blob);
	bind_text(st, 8, f->thread);
	rc = db_run(tx->db, st, err);
	sqlite3_clear_bindings(st);
	tx->broken |= rc < 0;
	return rc;
}

int facts_put(struct mirror_tx *tx, const struct facts *f, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(tx->db, GW_SQL_REMOTE_EMAIL_PUT, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)f->content);
	bind_text(st, 2, f->mailboxes);
	bind_text(st, 3, f->keywords);
	bind_text(st, 4, f->blob);
	bind_text(st, 5, f->thread);
	rc = db_run(tx->db, st, err);
	sqlite3_clear_bindings(st);
	tx->wrote = true;
	tx->broken |= rc < 0;
	return rc;
}

static int forget(struct mirror_tx *tx, uint64_t content, struct gw_err *err)
{
	int rc = gw_db_step_i64(tx->db, GW_SQL_REMOTE_EMAIL_REMOVE, NULL, err, 1, (int64_t)content);

	tx->wrote = true;
	tx->broken |= rc < 0;
	return rc < 0 ? rc : 0;
}

int facts_forget_unplaced(struct mirror_tx *tx, uint64_t content, struct gw_err *err)
{
	int rc = gw_db_step_i64(tx->db, GW_SQL_PLACE_ANY, NULL, err, 1, (int64_t)content);

	return rc ? (rc < 0 ? rc : 0) : forget(tx, content, err);
}

int facts_remove(struct mirror_tx *tx, uint64_t content, struct gw_err *err)
{
	struct place *v = NULL;
	size_t n = 0;
	int rc = facts_places(tx, content, &v, &n, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct tx_box *box;

		rc = box_numbered(tx, v[i].mailbox, &box, err);
		if (rc == 0)
			rc = row_remove(tx, box, content, v[i].uid, err);
	}
	return rc < 0 ? rc : forget(tx, content, err);
}

/* ---- what a server said ---- */

struct gw_slice facts_keywords(struct gw_arena *arena, const struct gw_slice *v, size_t n)
{
	size_t len = 0;
	char *out, *p;

	for (size_t i = 0; i < n; i++)
		len += v[i].n + 1;
	if (!len)
		return GW_S("");
	p = out = gw_arena_alloc(arena, len);
	for (size_t i = 0; i < n; i++) {
		if (i)
			*p++ = ' ';
		memcpy(p, v[i].p, v[i].n);
		p += v[i].n;
	}
	return gw_slice(out, (size_t)(p - out));
}

void facts_of(struct mirror_tx *tx, const struct jmap_email *v, struct facts *ret)
{
	*ret = (struct facts){
		.size = v->size,
		.received = v->received,
		.keywords = facts_keywords(&tx->scratch, v->keywords, v->n_keywords),
		.id = v->id,
		.blob = v->blob,
		.thread = v->thread,
	};
}

bool facts_same(const struct jmap_email *v, const struct facts *known)
{
	if (v->blob.n == 0)
		return true;
	return v->size == known->size && (v->received == known->received || gw_slice_eq(v->blob, known->blob));
}

/* ---- numbers of mailboxes ---- */

bool facts_number(struct gw_slice *text, uint64_t *ret)
{
	struct gw_slice word;

	return gw_slice_word(text, " ", &word) && gw_parse_u64(word, ret);
}

struct gw_slice facts_numbers(struct gw_arena *arena, struct gw_slice text, uint64_t number, bool in)
{
	struct gw_slice rest = text;
	uint64_t have;
	struct gw_buf out;

	gw_buf_init(&out, 0);
	while (facts_number(&rest, &have)) {
		if (in && have >= number) {
			gw_buf_printf(&out, "%llu ", (unsigned long long)number);
			in = false;
		}
		if (have != number)
			gw_buf_printf(&out, "%llu ", (unsigned long long)have);
	}
	if (in)
		gw_buf_printf(&out, "%llu ", (unsigned long long)number);
	text = gw_arena_dup(arena, gw_slice_trim(gw_buf_slice(&out)));
	gw_buf_done(&out);
	return text;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int facts_mailboxes(struct mirror_tx *tx, const struct gw_slice *ids, size_t n, struct gw_slice *ret, struct gw_err *err)
{
	uint64_t *v = gw_arena_calloc(&tx->scratch, n + 1, sizeof *v);
	char *text = gw_arena_alloc(&tx->scratch, n * 21 + 1), *p = text;

	for (size_t i = 0; i < n; i++) {
		struct tx_box *box;
		int rc = box_named(tx, ids[i], &box, err);

		if (rc < 0 && rc != GW_ENOENT)
			return rc;
		v[i] = rc == 0 ? box->mailbox : 0;
	}
	if (n > 1)
		qsort(v, n, sizeof *v, by_number);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[i - 1])
			p += snprintf(p, 22, "%s%llu", p > text ? " " : "", (unsigned long long)v[i]);
	*ret = gw_slice(text, (size_t)(p - text));
	return 0;
}

/* ---- flags ---- */

/* Work out what the keywords are in IMAP; many messages have the same ones, one behind the other. */
static void learn_keywords(struct mirror_tx *tx, struct gw_slice text)
{
	struct gw_slice rest = text, word, *v;
	size_t n = 0;

	if (tx->keywords && gw_slice_eq(gw_slice_str(tx->keywords), text))
		return;
	free(tx->keywords);
	tx->keywords = gw_xslicedup(text);
	tx->keywords_number++;
	gw_arena_reset(&tx->keywords_arena);
	rest = gw_slice_str(tx->keywords);
	v = gw_arena_calloc(&tx->keywords_arena, rest.n / 2 + 1, sizeof *v);
	while (gw_slice_word(&rest, " ", &word))
		v[n++] = word;
	tx->system = jmap_flags(v, n, &tx->keywords_arena, &tx->names, &tx->n_names);
}

/* The server has keywords in lower case: one that is new in a mailbox is spelled as in another one, where a client wrote it. */
static struct gw_slice spelling_elsewhere(struct mirror_tx *tx, struct gw_slice name)
{
	sqlite3_stmt *st = gw_db_stmt(tx->db, GW_SQL_MAILBOX_SPELLING, NULL);
	char *sought = gw_arena_printf(&tx->keywords_arena, " %.*s ", GW_FMT(name));
	struct gw_slice rest, word, found = name;

	if (!st)
		return name;
	for (char *p = sought; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	bind_text(st, 1, gw_slice_str(sought));
	if (sqlite3_step(st) == SQLITE_ROW) {
		rest = text_of(st, 0);
		while (gw_slice_word(&rest, " ", &word))
			if (gw_slice_eqi(word, name))
				found = gw_arena_dup(&tx->keywords_arena, word);
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return found;
}

uint64_t facts_flags(struct mirror_tx *tx, struct tx_box *box, struct gw_slice keywords)
{
	learn_keywords(tx, keywords);
	if (box->keywords == tx->keywords_number)
		return box->bits;
	box->keywords = tx->keywords_number;
	box->bits = tx->system & GW_FLAG_SYSTEM & ~GW_FLAG_DELETED;
	for (size_t i = 0; i < tx->n_names; i++) {
		struct gw_slice name = tx->names[i];
		uint64_t bit = 0;

		if (db_keywords_bits(&box->row, &name, 1, false, &bit, NULL) == 0 && !bit)
			name = spelling_elsewhere(tx, name);
		/* A name for which there is no room, or that IMAP cannot write, is left out. */
		if (db_keywords_bits(&box->row, &name, 1, true, &bit, NULL) == 0)
			box->bits |= bit;
	}
	return box->bits;
}
