/* match.c - which messages contain a string (gw_mbox_match), for the drivers "local" and "mem"
 *
 * The text index is asked first: TEXT and BODY have their answer from it; what has the string nowhere has it in no header field
 * either. Then addresses and subjects are compared with the keys that were made when the message arrived, and addresses with
 * ENVELOPE, unless the index knows that it has nothing more; other header fields with the header as it is kept. What these cannot
 * answer is read from the message. Messages are visited in the order of their contents, so that every table is walked upwards. */
#include "store/local/text.h"

#include "mime/header.h"
#include "mime/words.h"
#include "store/account/acct.h"
#include "text/casemap.h"
#include "util/mem.h"
#include "util/utf8.h"

#define PIECE	   256		      /* messages that the index is asked about at once, which of them can match */
#define NEAR	   8		      /* rows stepped over before a statement is sent elsewhere */
#define ASK_EVERY  64		      /* messages between two looks at whether to stop */
#define BRING_FIRST  8		      /* messages that are brought here at once, before it is known how fast that is */
#define BRING_LONG_US 50000	      /* one that takes longer asks for too many */
#define BRING_OCTETS ((uint64_t)16 << 20) /* of messages that are brought here at once */
#define HEADER_MAX ((size_t)4 << 20) /* octets of a header that are searched */

struct hunt {
	struct gw_acct *acct;
	uint32_t space;
	const struct gw_match *m;
	const struct gw_index *index;
	const struct gw_set *seqs; /* the messages of it that are asked about */
	bool collected;		   /* those of them that are not known not to match are in v, ascending by content */
	struct text_want *v;
	size_t n, cap;
	struct gw_db *db;
	struct text_reader reader;
	struct gw_match_place *place;
	size_t brought;		  /* messages before this one were made to be here */
	bool body;		  /* their bytes are needed, not only what was derived */
	bool texts;		  /* or their texts: the index is asked, then what it has not is read */
	bool field;		  /* of the header: the index only tells which messages it is not in */
	sqlite3_stmt *scan;
	uint64_t at;		  /* content that scan stands on; 0: nowhere */
	sqlite3_stmt *envelope;	  /* NULL: not asked for yet */
	struct gw_buf text, fold; /* of a field */
	struct gw_buf name;	  /* of the field, folded, behind a line end; empty: block_lacks() cannot be asked */
	struct gw_slice piece;	  /* of the needle, the longest without a blank */
};

static bool has(struct gw_slice text, struct gw_slice needle)
{
	return !needle.n || (text.n >= needle.n && memmem(text.p, text.n, needle.p, needle.n));
}

/* ---- what is asked for ---- */

static int by_content(const void *a, const void *b)
{
	const struct text_want *x = a, *y = b;

	return x->content < y->content ? -1 : x->content > y->content;
}

/* What is being collected. */
struct gather {
	struct text_find *f; /* asked piece by piece, as long as contents ascend; NULL: nobody is */
	size_t asked;	     /* messages in front of v[asked] were */
	uint64_t last;
	bool ascending;
};

/* Of v[from] and what follows, only what the index does not put out stays. */
static int sift(struct hunt *h, struct gather *g, size_t from, struct gw_err *err)
{
	int rc = text_sift(g->f, h->v + from, h->n - from, err);
	size_t n = from;

	for (size_t i = from; i < h->n; i++)
		if (h->v[i].state == TEXT_UNKNOWN)
			h->v[n++] = h->v[i];
	h->n = g->asked = n;
	return rc;
}

static void gather_run(struct hunt *h, struct gather *g, const struct gw_entry *e, uint32_t seq, uint32_t n)
{
	const struct gw_set *keyed = h->place && h->place->begun ? &h->place->keyed : NULL;

	if (h->cap - h->n < n) {
		h->cap = h->cap * 2 + GW_INDEX_CHUNK;
		h->v = gw_xrealloc(h->v, h->cap, sizeof *h->v);
	}
	for (const struct gw_entry *end = e + n; e < end; e++, seq++) {
		if (!e->content)
			continue;
		g->ascending = g->ascending && g->last <= e->content;
		g->last = e->content;
		h->v[h->n++] = (struct text_want){ .content = e->content, .size = e->size, .seq = seq,
						   .keyed = keyed && gw_set_has(keyed, seq) };
	}
}

static int gather_range(struct hunt *h, struct gather *g, struct gw_range r, struct gw_err *err)
{
	int rc = 0;

	while (rc == 0 && r.lo <= r.hi && r.lo <= h->index->n) {
		uint32_t last;
		const struct gw_index_chunk *c = gw_index_chunk(h->index, r.lo, &last);
		const struct gw_entry *end = c->e + c->n;
		uint32_t n = last - r.lo + 1, left = r.hi - r.lo + 1;

		gather_run(h, g, end - n, r.lo, n < left ? n : left);
		if (g->f && g->ascending && h->n - g->asked >= PIECE)
			rc = sift(h, g, g->asked, err);
		r.lo = last + 1;
	}
	return rc;
}

static int collect(struct hunt *h, struct text_find *f, struct gw_err *err)
{
	struct gather g = { .f = f, .ascending = true };
	int rc = 0;

	h->n = 0;
	for (size_t i = 0; i < h->seqs->n && rc == 0; i++)
		rc = gather_range(h, &g, h->seqs->r[i], err);
	if (!g.ascending)
		qsort(h->v, h->n, sizeof *h->v, by_content);
	if (rc == 0 && f)
		rc = sift(h, &g, g.ascending ? g.asked : 0, err);
	h->collected = rc == 0;
	return rc;
}

/* Does the field have what is looked for? */
static bool field_matches(const struct hunt *h, struct text_want *w, struct gw_slice field)
{
	struct gw_fuzzy_look look = { .pattern = h->m->fuzzy, .score = h->m->score, .field = true };
	unsigned score;

	if (!h->m->fuzzy)
		return has(field, h->m->needle);
	gw_fuzzy_look(&look, field, 0, SIZE_MAX);
	score = gw_fuzzy_score(&look);
	if (score > w->score)
		w->score = score;
	return score > 0;
}

/* Add the messages that are in this state; with keyed, only those that are so. */
static void report(const struct hunt *h, enum text_state state, bool keyed, struct gw_set *ret)
{
	struct gw_range *r = gw_xcalloc(h->n ? h->n : 1, sizeof *r);
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].state == state && (!keyed || h->v[i].keyed))
			r[n++] = (struct gw_range){ h->v[i].seq, h->v[i].seq };
	gw_set_add_ranges(ret, r, n);
	free(r);
}

static void report_scores(const struct hunt *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->v[i].state == TEXT_YES)
			h->m->score(h->m->score_ctx, h->v[i].seq, h->v[i].score);
}

/* The step ends here: what is not decided is left to the next. */
static void keep_place(const struct hunt *h)
{
	gw_set_clear(&h->place->left);
	gw_set_clear(&h->place->keyed);
	report(h, TEXT_UNKNOWN, false, &h->place->left);
	report(h, TEXT_UNKNOWN, true, &h->place->keyed);
	h->place->begun = true;
}

static bool enough(const struct hunt *h)
{
	return h->place && h->place->enough(h->place->ctx);
}

/* ---- the index of texts ---- */

/* Ask about v[from] and n - 1 more; at first these are collected. */
static int ask_open(struct hunt *h, struct text_find *f, size_t from, size_t n, struct gw_err *err)
{
	int rc;

	if (h->collected)
		rc = text_sift(f, h->v + from, n, err);
	else
		rc = collect(h, f, err);
	return rc < 0 ? rc : text_find(f, h->v + from, n < h->n - from ? n : h->n - from, err);
}

/* With text.db at one moment; mail.db is looked at afterwards, so it is never the older one. */
static int ask(struct hunt *h, struct text_db *t, struct text_query *q, size_t from, size_t n, struct gw_err *err)
{
	struct text_meta meta = { .upto = 0 };
	struct text_find *f = NULL;
	bool fits = false;
	int rc = text_db_exec(t, "BEGIN", err);

	if (rc == 0)
		rc = text_db_meta(t, &meta, err);
	if (rc == 0)
		rc = h->db ? gw_db_begin_read(h->db, err) : view_begin(h->acct, h->space, VIEW_READ, &h->db, err);
	if (rc == 0)
		rc = text_db_fits(&meta, h->db, &fits, err);
	if (rc < 0 || !fits)
		return rc;
	q->highest = meta.highest;
	rc = text_find_open(t, q, &f, err);
	if (rc == 0)
		rc = ask_open(h, f, from, n, err);
	text_find_close(f);
	return rc;
}

/* Ask the index what it knows of n messages from v[from] on, or of all: 0, or 1 when the step is over (place). It may be missing,
 * damaged or busy: then the messages are read. No read may be open; one may be afterwards. */
static int ask_index(struct hunt *h, size_t from, size_t n, const struct gw_match_place *place, struct gw_err *err)
{
	struct text_query q = { h->acct, h->m, h->m->field == GW_MATCH_BODY, h->field, 0, place };
	struct gw_db_account *acc;
	struct text_db *t;
	int rc = gw_acct_db(h->acct, h->space, &acc, err);

	if (rc < 0 || !gw_db_account_dir(acc))
		return rc;
	if (text_db_open(gw_db_account_dir(acc), false, &t, NULL) < 0)
		return 0;
	rc = ask(h, t, &q, from, n, err);
	for (size_t i = from; i < h->n && rc < 0; i++)
		h->v[i].keyed = false; /* perhaps it was not asked for the addresses any more */
	text_db_close(t);
	return rc == GW_EINTR || rc > 0 ? rc : 0;
}

/* ---- messages that are elsewhere ---- */

/* How many messages are asked for at once: as many as come soon, so that a step may end. */
static unsigned bring_max(const struct hunt *h)
{
	if (!h->place)
		return GW_DB_BRING_MAX;
	return h->place->bring ? h->place->bring : BRING_FIRST;
}

/* So many came within that time. */
static void learn_pace(const struct hunt *h, size_t n, uint64_t us)
{
	unsigned max = bring_max(h);

	if (!h->place || n < max)
		return;
	if (us > BRING_LONG_US)
		h->place->bring = max > 1 ? max / 2 : 1;
	else
		h->place->bring = max < GW_DB_BRING_MAX ? max * 2 : GW_DB_BRING_MAX;
}

/* The contents from v[from] on that are not decided, up to v[*end]; returns how many. */
static size_t undecided(const struct hunt *h, size_t from, size_t *end, size_t max, uint64_t *contents)
{
	uint64_t octets = 0;
	size_t n = 0, i = from;

	for (; i < *end && n < max && octets < BRING_OCTETS; i++) {
		if (h->v[i].state != TEXT_UNKNOWN)
			continue;
		contents[n++] = h->v[i].content;
		octets += h->body ? h->v[i].size : 0;
	}
	*end = i;
	return n;
}

/* The texts of messages come into the index, and it is asked. So what people read is not driven out of the cache of bytes. What it
 * does not take or cannot tell stays undecided. */
static int bring_texts(struct hunt *h, size_t from, size_t end, const uint64_t *contents, size_t n, struct gw_err *err)
{
	int rc = gw_db_bring(h->db->acc, contents, n, GW_DB_TEXTS, &h->acct->interrupted, err);

	if (rc == GW_EINTR || rc == GW_EUNAVAIL || rc == GW_EAUTH)
		return rc;
	rc = rc == 0 ? ask_index(h, from, end - from, NULL, err) : 0;
	gw_db_end_read(h->db);
	return rc;
}

/* Bytes of the next messages to look at that are elsewhere come here, and the database is seen as it is then. */
static int bring(struct hunt *h, size_t from, struct gw_err *err)
{
	struct gw_db_account *acc = h->db->acc;
	const struct gw_clock *clock = acc->env->opt.clock;
	uint64_t contents[GW_DB_BRING_MAX], began_us = gw_mono_us(clock);
	size_t end = h->n, asked = undecided(h, from, &end, bring_max(h), contents), n = asked;
	int rc = 0;

	h->brought = end;
	text_reader_done(&h->reader);
	sqlite3_reset(h->scan);
	h->at = 0;
	gw_db_end_read(h->db);
	if (h->texts) {
		rc = bring_texts(h, from, end, contents, n, err);
		n = undecided(h, from, &end, GW_DB_BRING_MAX, contents);
	}
	if (rc == 0 && n)
		rc = gw_db_bring(acc, contents, n, h->body ? GW_DB_BODIES : GW_DB_DERIVED, &h->acct->interrupted, err);
	learn_pace(h, asked, gw_mono_us(clock) - began_us);
	if (rc == 0)
		rc = gw_db_begin_read(h->db, err);
	text_reader_init(&h->reader, h->db);
	return rc;
}

/* Look at every message that is not decided: 0, or 1 when the step is over. A message that is gone or damaged does not match. */
static int each(struct hunt *h, int (*look)(struct hunt *h, struct text_want *w, struct gw_err *err), struct gw_err *err)
{
	bool brings = gw_db_brings(h->db->acc), looked = false;

	for (size_t i = 0; i < h->n; i++) {
		struct text_want *w = &h->v[i];
		int rc = 0;

		if (w->state != TEXT_UNKNOWN)
			continue;
		if (looked && enough(h))
			return 1;
		if (i % ASK_EVERY == 0 && gw_acct_stopped(h->acct))
			return gw_fail(err, GW_EINTR, "interrupted");
		if (brings && i >= h->brought)
			rc = bring(h, i, err);
		if (rc == 0 && w->state == TEXT_UNKNOWN)
			rc = look(h, w, err);
		if (rc < 0 && rc != GW_EGONE && rc != GW_ECORRUPT)
			return rc;
		if (w->state == TEXT_UNKNOWN)
			w->state = TEXT_NO;
		looked = true;
	}
	return 0;
}

/* ---- a table walked upwards ---- */

static int step(struct hunt *h, struct gw_err *err)
{
	int rc = sqlite3_step(h->scan);

	if (rc == SQLITE_ROW) {
		h->at = (uint64_t)sqlite3_column_int64(h->scan, 0);
		return 1;
	}
	sqlite3_reset(h->scan);
	h->at = 0;
	return rc == SQLITE_DONE ? 0 : gw_db_fail(h->db, rc, "cannot read messages", err);
}

/* Bring the scan to content: 1 there, 0 no such row. */
static int seek(struct hunt *h, uint64_t content, struct gw_err *err)
{
	int rc = 1;

	if (h->at && h->at < content && content - h->at <= NEAR)
		while (rc > 0 && h->at < content)
			rc = step(h, err);
	if (rc > 0 && h->at != content) {
		sqlite3_reset(h->scan);
		sqlite3_bind_int64(h->scan, 1, (int64_t)content);
		rc = step(h, err);
	}
	return rc < 0 ? rc : rc > 0 && h->at == content;
}

static struct gw_slice column(const struct hunt *h, int i)
{
	const char *p = sqlite3_column_blob(h->scan, i);

	return gw_slice(p ? p : "", (size_t)sqlite3_column_bytes(h->scan, i));
}

static int walk(struct hunt *h, const char *sql, int (*look)(struct hunt *h, struct text_want *w, struct gw_err *err),
	struct gw_err *err)
{
	int rc = sqlite3_prepare_v2(h->db->sql, sql, -1, &h->scan, NULL);

	if (rc != SQLITE_OK)
		return gw_db_fail(h->db, rc, "cannot read messages", err);
	rc = each(h, look, err);
	sqlite3_finalize(h->scan);
	sqlite3_finalize(h->envelope);
	return rc;
}

/* ---- keys ---- */

static const struct {
	const char *name;
	const char *scan;
} keys[] = {
	[GW_MATCH_FROM] = { "From", "SELECT id, sender FROM search WHERE id>=?1 ORDER BY id" },
	[GW_MATCH_TO] = { "To", "SELECT id, recipient FROM search WHERE id>=?1 ORDER BY id" },
	[GW_MATCH_CC] = { "Cc", "SELECT id, cc FROM search WHERE id>=?1 ORDER BY id" },
	[GW_MATCH_BCC] = { "Bcc", "SELECT id, bcc FROM search WHERE id>=?1 ORDER BY id" },
	[GW_MATCH_SUBJECT] = { "Subject", "SELECT id, subject FROM search WHERE id>=?1 ORDER BY id" },
};

#define N_KEYS (sizeof keys / sizeof *keys)

/* May the addresses have what the key has not? HEADER is about the field as it was written. */
static bool asks_addresses(const struct hunt *h, const struct text_want *w)
{
	return (unsigned)h->m->field < TEXT_KEYS && !w->keyed;
}

/* FROM, TO, CC and BCC are about the ENVELOPE (RFC 9051 6.4.4). */
static int look_addresses(struct hunt *h, struct text_want *w, struct gw_err *err)
{
	static const char sql[] = "SELECT envelope FROM content WHERE id=?1";
	int rc = h->envelope ? SQLITE_OK : sqlite3_prepare_v2(h->db->sql, sql, -1, &h->envelope, NULL);

	if (rc != SQLITE_OK)
		return gw_db_fail(h->db, rc, "cannot read messages", err);
	sqlite3_bind_int64(h->envelope, 1, (int64_t)w->content);
	rc = sqlite3_step(h->envelope);
	if (rc == SQLITE_ROW) {
		const char *p = sqlite3_column_blob(h->envelope, 0);
		struct gw_slice envelope = { p ? p : "", (size_t)sqlite3_column_bytes(h->envelope, 0) };

		h->fold.n = 0;
		gw_address_text(envelope, text_list_of(h->m->field), &h->fold);
		if (field_matches(h, w, gw_buf_slice(&h->fold)))
			w->state = TEXT_YES;
	}
	sqlite3_reset(h->envelope);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : gw_db_fail(h->db, rc, "cannot read messages", err);
}

static int look_key(struct hunt *h, struct text_want *w, struct gw_err *err)
{
	int rc = seek(h, w->content, err);

	if (rc <= 0)
		return rc;
	w->state = field_matches(h, w, column(h, 1)) ? TEXT_YES : TEXT_NO;
	return w->state == TEXT_NO && asks_addresses(h, w) ? look_addresses(h, w, err) : 0;
}

/* ---- header fields ---- */

static struct gw_slice field_name(const struct gw_match *m)
{
	return m->field < N_KEYS ? gw_slice_str(keys[m->field].name) : m->header;
}

static bool field_has(struct hunt *h, struct text_want *w, struct gw_slice body)
{
	if (!h->m->needle.n)
		return true;
	h->text.n = h->fold.n = 0;
	gw_words_decode(gw_slice_trim(body), &h->text);
	gw_casemap(gw_buf_slice(&h->text), &h->fold);
	return field_matches(h, w, gw_buf_slice(&h->fold));
}

/* Eight octets, the small letters of ASCII as capitals. */
static uint64_t upper8(uint64_t v)
{
	const uint64_t each = UINT64_C(0x0101010101010101), low = v & each * 0x7F;
	uint64_t from_a = low + each * (0x80 - 'a'), behind_z = low + each * (0x7F - 'z');

	return v ^ (from_a & ~behind_z & ~v & each * 0x80) >> 2;
}

/* The block in upper case. */
static struct gw_slice upper(struct hunt *h, struct gw_slice block)
{
	char *p;

	h->fold.n = 0;
	p = gw_buf_room(&h->fold, block.n);
	for (size_t i = 0; p && i < block.n; i += 8) {
		size_t n = block.n - i < 8 ? block.n - i : 8;
		uint64_t v = 0;

		memcpy(&v, block.p + i, n);
		v = upper8(v);
		memcpy(p + i, &v, n);
	}
	h->fold.n = p ? block.n : 0;
	return gw_buf_slice(&h->fold);
}

/* Does the field stand there as it is folded, but for blanks, line ends and the case? A line end that has no blank behind it, as CR
 * alone, vanishes between two letters. */
static bool is_plain(struct gw_slice field)
{
	if (!gw_is_ascii(field) || has(field, GW_S("=?")) || memchr(field.p, '\x1b', field.n)) /* ISO 2022 */
		return false;
	while (field.n) {
		struct gw_slice line = gw_slice_take(&field, gw_slice_find(field, '\n'));
		size_t cr = gw_slice_find(line, '\r');

		gw_slice_take(&field, field.n > 0);
		if (cr + 1 < line.n || (field.n && field.p[0] != ' ' && field.p[0] != '\t'))
			return false;
	}
	return true;
}

/* Are all fields of the name like that? text: the block in upper case. */
static bool are_plain(const struct hunt *h, struct gw_slice text)
{
	const struct gw_slice name = gw_buf_slice(&h->name); /* with the line end in front */
	bool first = gw_slice_startsi(text, gw_slice(name.p + 1, name.n - 1));
	const char *at = first ? text.p : memmem(text.p, text.n, name.p, name.n);

	while (at) {
		struct gw_slice rest = gw_slice(at, (size_t)(text.p + text.n - at));
		struct gw_field field;

		gw_slice_take(&rest, !first); /* the line end */
		first = false;
		if (!gw_field_next(&rest, &field) || !is_plain(field.whole))
			return false;
		at = memmem(field.whole.p, field.whole.n + rest.n, name.p, name.n);
	}
	return true;
}

/* Has no field of the name the needle? One look at all of the block for a part of it without blanks, which no line end divides, is
 * enough for most, and they need not be parsed. */
static bool block_lacks(struct hunt *h, struct gw_slice block)
{
	struct gw_slice text;

	if (!h->name.n)
		return false;
	text = upper(h, block);
	return text.n && !has(text, h->piece) && are_plain(h, text);
}

static bool block_has(struct hunt *h, struct text_want *w, struct gw_slice block)
{
	struct gw_slice name = field_name(h->m);
	struct gw_field f;

	if (block_lacks(h, block))
		return false;
	while (gw_field_next(&block, &f))
		if (gw_slice_eqi(f.name, name) && field_has(h, w, f.body))
			return true;
	return false;
}

static int look_header(struct hunt *h, struct text_want *w, struct gw_err *err)
{
	int rc = seek(h, w->content, err);
	struct gw_buf block;

	if (rc <= 0)
		return rc;
	if (sqlite3_column_int(h->scan, 1) || gw_header_is_kept(field_name(h->m))) {
		w->state = block_has(h, w, column(h, 2)) ? TEXT_YES : TEXT_NO;
		return 0;
	}
	gw_buf_init(&block, 0);
	rc = text_read_header(&h->reader, w->content, HEADER_MAX, &block, err);
	if (rc == 0)
		w->state = block_has(h, w, gw_buf_slice(&block)) ? TEXT_YES : TEXT_NO;
	gw_buf_done(&block);
	return rc;
}

/* What block_lacks() looks for. */
static void note_name(struct hunt *h, struct gw_slice name)
{
	struct gw_slice rest = h->m->needle, word;

	while (gw_slice_word(&rest, " ", &word))
		if (word.n > h->piece.n)
			h->piece = word;
	if (h->m->fuzzy || !h->piece.n || !gw_is_ascii(h->m->needle) || !name.n || !gw_is_ascii(name))
		return;
	gw_buf_add_char(&h->name, '\n');
	gw_casemap(name, &h->name);
}

static int match_header(struct hunt *h, struct gw_err *err)
{
	struct gw_slice name = field_name(h->m);

	for (size_t k = 0; k < N_KEYS && h->m->needle.n; k++)
		if (gw_slice_eqi(name, gw_slice_str(keys[k].name)))
			return walk(h, keys[k].scan, look_key, err);
	note_name(h, name);
	h->body = !gw_header_is_kept(name); /* those of long headers are read */
	return walk(h, "SELECT id, whole, data FROM header WHERE id>=?1 ORDER BY id", look_header, err);
}

/* ---- text ---- */

/* Something sought in text that comes in pieces. */
struct seeker {
	struct gw_acct *acct;
	struct gw_slice needle;
	struct gw_fuzzy_look fuzzy;
	bool whole; /* no part of the message counts more than another */
	enum gw_text_scope part;
	struct gw_buf text; /* the end of the piece before, then this one */
	bool found;
};

static bool seek_in(void *ctx, struct gw_slice text, enum gw_text_scope part)
{
	struct seeker *s = ctx;
	size_t keep = s->needle.n - 1;

	(void)part;
	gw_buf_add_slice(&s->text, text);
	s->found = has(gw_buf_slice(&s->text), s->needle);
	if (s->text.n > keep)
		gw_buf_drop(&s->text, s->text.n - keep);
	return !s->found && !gw_acct_stopped(s->acct);
}

/* The same for a fuzzy search; found: what was seen is enough. */
static bool look_in(void *ctx, struct gw_slice text, enum gw_text_scope part)
{
	struct seeker *s = ctx;
	struct gw_slice all;

	if (part != s->part)
		s->text.n = 0;
	s->part = part;
	gw_buf_add_slice(&s->text, text);
	all = gw_buf_slice(&s->text);
	gw_fuzzy_look(&s->fuzzy, all, 0, s->whole ? SIZE_MAX : part == GW_TEXT_HEADER ? all.n : 0);
	s->found = gw_fuzzy_certain(&s->fuzzy);
	gw_buf_drop(&s->text, gw_fuzzy_resume(s->fuzzy.pattern, all));
	return !s->found && !gw_acct_stopped(s->acct);
}

static int look_text(struct hunt *h, struct text_want *w, struct gw_err *err)
{
	struct seeker s = { .acct = h->acct, .needle = h->m->needle, .whole = h->m->field == GW_MATCH_BODY,
			    .fuzzy = { .pattern = h->m->fuzzy, .score = h->m->score } };
	unsigned scope = h->m->field == GW_MATCH_BODY ? GW_TEXT_BODY : GW_TEXT_HEADER | GW_TEXT_BODY;
	int rc = text_read(&h->reader, w->content, scope, h->m->fuzzy ? look_in : seek_in, &s, err);

	gw_buf_done(&s.text);
	if (h->m->fuzzy) {
		w->score = gw_fuzzy_score(&s.fuzzy);
		s.found = w->score > 0;
	}
	if (rc == 0)
		w->state = s.found ? TEXT_YES : TEXT_NO;
	return rc == 0 && gw_acct_stopped(h->acct) ? gw_fail(err, GW_EINTR, "interrupted") : rc;
}

static int match_text(struct hunt *h, struct gw_err *err)
{
	h->body = h->texts = true;
	return each(h, look_text, err);
}

/* ---- all ---- */

static int match(struct hunt *h, struct gw_err *err)
{
	bool text = h->m->field == GW_MATCH_TEXT || h->m->field == GW_MATCH_BODY;
	bool asks = h->m->needle.n && (text || !h->m->fuzzy); /* of a field's first word the index does not know what it is like */
	int rc = 0;

	h->field = !text;
	if (asks && !(h->place && h->place->asked))
		rc = ask_index(h, 0, SIZE_MAX, h->place, err);
	if (rc == 0 && !h->collected)
		rc = collect(h, NULL, err);
	if (rc != 0)
		return rc;
	if (text && !h->m->needle.n) { /* the empty string is everywhere */
		for (size_t i = 0; i < h->n; i++)
			h->v[i].state = TEXT_YES;
		return 0;
	}
	if (h->place)
		h->place->asked = true;
	if (!h->db)
		rc = view_begin(h->acct, h->space, VIEW_READ, &h->db, err);
	if (rc < 0)
		return rc;
	text_reader_init(&h->reader, h->db);
	return text ? match_text(h, err) : match_header(h, err);
}

int gw_local_match(struct gw_acct *a, struct gw_mbox_id id, const struct gw_index *index, const struct gw_match *m,
	const struct gw_set *seqs, struct gw_match_place *place, struct gw_set *ret, struct gw_err *err)
{
	struct hunt h = { .acct = a, .space = id.space, .m = m, .index = index, .place = place,
			  .seqs = place && place->begun ? &place->left : seqs };
	int rc = match(&h, err);

	if (rc >= 0)
		report(&h, TEXT_YES, false, ret);
	if (rc >= 0 && m->fuzzy && m->score)
		report_scores(&h);
	if (rc > 0 && place)
		keep_place(&h);
	text_reader_done(&h.reader);
	gw_db_put(h.db);
	gw_buf_done(&h.text);
	gw_buf_done(&h.fold);
	gw_buf_done(&h.name);
	free(h.v);
	return rc;
}
