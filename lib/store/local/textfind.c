/* textfind.c - asking text.db (see text.h)
 *
 * First the signatures of every block that has one of the messages: most messages are out after a dozen short rows. What is
 * left is looked at in its folded text; or, when addresses are asked for, in what they have and the header has not. */
#include "store/local/text.h"

#include <stdlib.h>

#include "util/mem.h"

#define FIRST_PIECE 4096 /* octets of a text that are read at first */
#define ASK_EVERY 64 /* messages between two looks at whether to stop */

#define LOOK_PRICE 2 /* looking at a message costs as much as asking for so many rows of signatures */
#define NEAR 8 /* rows stepped over before a statement is sent elsewhere */

#define WORDS_MAX 4u /* of a fuzzy search that the signatures are asked for */

/* A bit of the signatures that a part of a word sets, and how many messages had it in the block that was asked last. */
struct probe {
	uint32_t bit; /* of TEXT_BITS_MAX */
	unsigned had;
};

struct part {
	struct probe probe[TEXT_PROBES]; /* ascending by had */
	unsigned n;
};

/* A message has one of the parts of each word; what is exact is one word with one part. */
struct word {
	struct part part[GW_FUZZY_PARTS_MAX];
	unsigned n;
};

struct text_find {
	struct text_db *t;
	const struct text_query *q;
	struct word word[WORDS_MAX];
	unsigned n_words;
	sqlite3_stmt *sig; /* NULL: the signatures are not asked */
	sqlite3_stmt *blocks;
	uint64_t at;		  /* the content that was looked for last */
	uint64_t first, last;	  /* of the block that blocks stands on; it ends there or behind */
	struct text_row row;	  /* which of its members may have what is looked for */
	const char *members;	  /* struct text_member, as blocks has them */
	unsigned n_members, column; /* how many; those in front of column are less than `at` */
	sqlite3_blob *blob;
	struct gw_buf text; /* that is looked at */
};

static unsigned count(const struct text_row *row)
{
	unsigned n = 0;

	for (unsigned k = 0; k < TEXT_WORDS; k++)
		n += (unsigned)__builtin_popcountll(row->w[k]);
	return n;
}

/* AND a row of the signatures, which have so many bits, onto *row: 1; 0 when it is missing. */
static int and_row(struct text_find *f, uint64_t first, uint32_t bits, struct probe *probe, struct text_row *row, struct gw_err *err)
{
	enum text_part part = f->q->field ? TEXT_HEADER : TEXT_ALL;
	uint32_t bit = probe->bit & (bits - 1);
	const unsigned char *p;
	struct text_row here;
	int rc, found = 0;

	sqlite3_bind_int64(f->sig, 1, text_sig_id(first, part, bit));
	rc = sqlite3_step(f->sig);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(f->sig, 0) == (int)(TEXT_GROUP * sizeof here)) {
		p = sqlite3_column_blob(f->sig, 0);
		memcpy(&here, p + bit % TEXT_GROUP * sizeof here, sizeof here);
		for (unsigned k = 0; k < TEXT_WORDS; k++)
			row->w[k] &= here.w[k];
		probe->had = count(&here);
		found = 1;
	}
	sqlite3_reset(f->sig);
	return found || rc == SQLITE_ROW || rc == SQLITE_DONE ? found : text_db_fail(f->t, rc, err);
}

static int by_had(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	return x->had < y->had ? -1 : x->had > y->had;
}

/* Which messages of the block may have the part: 1; 0 when the block cannot tell. What is rare is asked first, and no more when
 * so few are left that it would cost as much as looking at them. */
static int having_part(struct text_find *f, struct part *part, uint64_t first, uint32_t bits, struct text_row *ret, struct gw_err *err)
{
	int rc = 1;

	memset(ret, 0xFF, sizeof *ret);
	for (unsigned k = 0; k < part->n && rc > 0 && count(ret) * LOOK_PRICE > part->n - k; k++)
		rc = and_row(f, first, bits, &part->probe[k], ret, err);
	qsort(part->probe, part->n, sizeof *part->probe, by_had);
	return rc;
}

/* Which messages of the block may have the word: 1; 0 when the block cannot tell. */
static int having(struct text_find *f, struct word *w, uint64_t first, uint32_t bits, struct text_row *ret, struct gw_err *err)
{
	int rc = 1;

	memset(ret, 0, sizeof *ret);
	for (unsigned i = 0; i < w->n && rc > 0; i++) {
		struct text_row row;

		rc = having_part(f, &w->part[i], first, bits, &row, err);
		for (unsigned k = 0; k < TEXT_WORDS; k++)
			ret->w[k] |= row.w[k];
	}
	return rc;
}

/* Which messages of the block may have all that is looked for: 1; 0 when the block cannot tell. */
static int candidates(struct text_find *f, uint64_t first, uint32_t bits, struct text_row *ret, struct gw_err *err)
{
	int rc = 1;

	memset(ret, 0xFF, sizeof *ret);
	for (unsigned i = 0; i < f->n_words && rc > 0 && count(ret); i++) {
		struct text_row row;

		rc = having(f, &f->word[i], first, bits, &row, err);
		for (unsigned k = 0; k < TEXT_WORDS && rc > 0; k++)
			ret->w[k] &= row.w[k];
	}
	return rc;
}

static int stopped(const struct text_find *f, struct gw_err *err)
{
	return gw_acct_stopped(f->q->acct) ? gw_fail(err, GW_EINTR, "interrupted") : 0;
}

/* Is it asked for what may stand in the addresses and not in the key? A fuzzy search looks at both itself. */
static bool asks_addresses(const struct text_find *f)
{
	return f->q->field && !f->q->m->fuzzy && (unsigned)f->q->m->field < TEXT_KEYS;
}

/* The row of the next block: 1; or 0 at the end, where one without members stands for all that could follow. */
static int step_block(struct text_find *f, struct gw_err *err)
{
	int rc = sqlite3_step(f->blocks);

	f->first = f->last = UINT64_MAX;
	if (rc == SQLITE_ROW) {
		f->first = (uint64_t)sqlite3_column_int64(f->blocks, 0);
		f->last = (uint64_t)sqlite3_column_int64(f->blocks, 1);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? rc == SQLITE_ROW : text_db_fail(f->t, rc, err);
}

/* Ask the block that f stands on; one that cannot tell has no members. */
static int ask_block(struct text_find *f, struct gw_err *err)
{
	uint32_t bits = (uint32_t)sqlite3_column_int64(f->blocks, f->q->field ? 3 : 2);
	unsigned n;
	int rc = stopped(f, err);

	if (rc < 0 || bits < TEXT_GROUP || bits > TEXT_BITS_MAX || bits & (bits - 1))
		return rc;
	rc = candidates(f, f->first, bits, &f->row, err);
	if (rc <= 0)
		return rc;
	f->members = sqlite3_column_blob(f->blocks, 4);
	n = (unsigned)sqlite3_column_bytes(f->blocks, 4) / sizeof(struct text_member);
	f->n_members = n < TEXT_BLOCK ? n : TEXT_BLOCK;
	return 0;
}

/* Stand on the first block that ends with content or behind it. */
static int seek_block(struct text_find *f, uint64_t content, struct gw_err *err)
{
	int rc = 1;

	if (content < f->at) {
		sqlite3_reset(f->blocks);
		sqlite3_bind_int64(f->blocks, 1, (int64_t)content);
		f->last = 0;
	}
	f->n_members = f->column = 0;
	while (rc > 0 && f->last < content)
		rc = step_block(f, err);
	return rc > 0 ? ask_block(f, err) : rc;
}

/* Is it a member of the block that f stands on? Then it is the one in f->column. */
static bool find_member(struct text_find *f, const struct text_want *w)
{
	uint64_t content = w->content - f->first;
	struct text_member m = { 0, 0 };
	unsigned i = f->column;

	if (w->content < f->first) /* in no block; those behind it may be in this one */
		return false;
	for (; i < f->n_members; i++) {
		memcpy(&m, f->members + i * sizeof m, sizeof m);
		if (m.content >= content)
			break;
	}
	f->column = i;
	return i < f->n_members && m.content == content && m.size == w->size;
}

int text_sift(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err)
{
	bool keyed = asks_addresses(f);
	int rc = 0;

	if (!f->sig && !keyed)
		return 0;
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (v[i].state != TEXT_UNKNOWN)
			continue;
		if (v[i].content > f->last || v[i].content < f->at)
			rc = seek_block(f, v[i].content, err);
		f->at = v[i].content;
		if (rc == 0 && find_member(f, &v[i])) {
			if (!(f->row.w[f->column / 64] >> (f->column % 64) & 1))
				v[i].state = TEXT_NO;
			v[i].keyed = keyed;
		}
	}
	return rc;
}

/* ---- addresses ---- */

/* What the row of content, which v[0] is the first with, says: they have the needle, have it not, or their ENVELOPE must be asked. */
static void judge(const struct gw_match *m, struct text_want *v, size_t n, struct gw_slice packed)
{
	struct gw_slice text, needle = m->needle;
	bool known = text_addresses_get(packed, m->field, &text);
	bool found = known && text.n >= needle.n && memmem(text.p, text.n, needle.p, needle.n);

	for (size_t i = 0; i < n && v[i].content == v[0].content; i++) {
		if (found && v[i].keyed && v[i].state == TEXT_UNKNOWN)
			v[i].state = TEXT_YES;
		v[i].keyed = v[i].keyed && known;
	}
}

/* Let st, which has the rows that there are, come to content: 1; 0 when there is none. *at: where st stands, 0: nowhere. */
static int seek_addresses(struct text_find *f, sqlite3_stmt *st, uint64_t content, uint64_t *at, struct gw_err *err)
{
	unsigned steps = 0;
	int rc = SQLITE_ROW;

	while (rc == SQLITE_ROW && *at < content) {
		if (!*at || steps++ == NEAR) {
			sqlite3_reset(st);
			sqlite3_bind_int64(st, 1, (int64_t)content);
		}
		rc = sqlite3_step(st);
		*at = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(st, 0) : UINT64_MAX;
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? *at == content : text_db_fail(f->t, rc, err);
}

/* Which of the messages that are left have the needle in addresses that are not in their keys? */
static int ask_addresses(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err)
{
	uint64_t at = 0;
	sqlite3_stmt *st;
	int rc = text_db_prepare(f->t, "SELECT id, data FROM address WHERE id>=?1 ORDER BY id", &st, err);

	for (size_t i = 0; i < n && rc >= 0; i++) {
		if (!v[i].keyed || v[i].state != TEXT_UNKNOWN)
			continue;
		rc = seek_addresses(f, st, v[i].content, &at, err);
		if (rc > 0)
			judge(f->q->m, v + i, n - i, gw_slice(sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1)));
	}
	sqlite3_finalize(st);
	return rc < 0 ? rc : 0;
}

/* ---- texts ---- */

/* Let the blob handle stand on a text: 1; 0 when there is none. */
static int seek(struct text_find *f, uint64_t content, struct gw_err *err)
{
	int rc;

	if (f->blob)
		rc = sqlite3_blob_reopen(f->blob, (int64_t)content);
	else
		rc = sqlite3_blob_open(f->t->sql, "main", "text", "data", (int64_t)content, 0, &f->blob);
	if (rc == SQLITE_OK)
		return 1;
	sqlite3_blob_close(f->blob);
	f->blob = NULL;
	return (rc & 0xFF) == SQLITE_ERROR ? 0 : text_db_fail(f->t, rc, err);
}

/* Is the needle in what text got since it had `before` octets? */
static bool in_new(const struct text_find *f, size_t before, size_t skip)
{
	struct gw_slice needle = f->q->m->needle;
	size_t from = before < needle.n ? 0 : before - (needle.n - 1);

	if (from < skip)
		from = skip;
	return f->text.n >= from + needle.n && memmem(f->text.p + from, f->text.n - from, needle.p, needle.n);
}

/* The same for a fuzzy search: is what was seen enough? header: octets of the text that are of the header. */
static bool fuzzy_in_new(const struct text_find *f, struct gw_fuzzy_look *look, size_t before, size_t header)
{
	struct gw_slice text = gw_buf_slice(&f->text);
	size_t from = gw_fuzzy_resume(look->pattern, gw_slice(text.p, before)), skip = f->q->body ? header : 0;

	gw_fuzzy_look(look, text, from < skip ? skip : from, f->q->body ? SIZE_MAX : header);
	return gw_fuzzy_certain(look);
}

/* Read the text as far as it takes: common words are found near the beginning. */
static int read_text(struct text_find *f, struct text_want *w, size_t size, size_t header, struct gw_err *err)
{
	struct gw_fuzzy_look fuzzy = { .pattern = f->q->m->fuzzy, .score = f->q->m->score };
	size_t piece = FIRST_PIECE;
	bool done = false;

	f->text.n = 0;
	while (!done && f->text.n < size) {
		size_t before = f->text.n, n = size - before < piece ? size - before : piece;
		char *dst = gw_buf_room(&f->text, n);
		int rc = sqlite3_blob_read(f->blob, dst, (int)n, (int)(before + sizeof(struct text_head)));

		if (rc != SQLITE_OK)
			return text_db_fail(f->t, rc, err);
		f->text.n += n;
		if (fuzzy.pattern)
			done = fuzzy_in_new(f, &fuzzy, before, header);
		else
			done = in_new(f, before, f->q->body ? header : 0);
		piece *= 4;
	}
	if (fuzzy.pattern)
		w->score = gw_fuzzy_score(&fuzzy);
	w->state = (fuzzy.pattern ? w->score > 0 : done) ? TEXT_YES : TEXT_NO;
	return 0;
}

static int look(struct text_find *f, struct text_want *w, struct gw_err *err)
{
	struct text_head head;
	size_t have;
	int rc = seek(f, w->content, err);

	if (rc <= 0)
		return rc;
	have = (size_t)sqlite3_blob_bytes(f->blob);
	if (have < sizeof head)
		return 0;
	rc = sqlite3_blob_read(f->blob, &head, sizeof head, 0);
	if (rc != SQLITE_OK)
		return text_db_fail(f->t, rc, err);
	if (head.size != w->size)
		return 0;
	return read_text(f, w, have - sizeof head, head.header, err);
}

static bool enough(const struct text_query *q)
{
	return q->place && q->place->enough(q->place->ctx);
}

/* 0, or 1 when the step is over: something was decided in it. */
static int look_all(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err)
{
	bool decided = false;
	unsigned looked = 0;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		if (v[i].content > f->q->highest)
			break;
		if (v[i].state != TEXT_UNKNOWN)
			continue;
		if (decided && enough(f->q))
			return 1;
		rc = look(f, &v[i], err);
		decided = decided || v[i].state != TEXT_UNKNOWN;
		if (rc == 0 && ++looked % ASK_EVERY == 0)
			rc = stopped(f, err);
	}
	return rc;
}

static void add_part(struct word *w, struct gw_slice part)
{
	struct part *to = &w->part[w->n++];
	uint32_t bit[TEXT_PROBES];

	to->n = text_probes(part, bit);
	for (unsigned i = 0; i < to->n; i++)
		to->probe[i] = (struct probe){ .bit = bit[i] };
}

/* A word with a part that is too short is no help. */
static void add_word(struct text_find *f, const struct gw_fuzzy_word *from)
{
	struct word *w = &f->word[f->n_words];

	for (unsigned i = 0; i < from->n_parts; i++) {
		add_part(w, from->part[i]);
		if (!w->part[i].n) {
			w->n = 0;
			return;
		}
	}
	f->n_words++;
}

static void plan(struct text_find *f)
{
	const struct gw_match *m = f->q->m;

	if (!m->fuzzy) {
		add_part(&f->word[0], m->needle);
		f->n_words = f->word[0].part[0].n > 0;
		return;
	}
	for (unsigned i = 0; i < m->fuzzy->n && f->n_words < WORDS_MAX; i++)
		if (m->fuzzy->word[i].needed)
			add_word(f, &m->fuzzy->word[i]);
}

int text_find_open(struct text_db *t, const struct text_query *q, struct text_find **ret, struct gw_err *err)
{
	static const char blocks[] = "SELECT first, last, bits, header_bits, members FROM block"
				     " WHERE first>=ifnull((SELECT max(first) FROM block WHERE first<=?1), 0) ORDER BY first";
	struct text_find *f = gw_xalloc(sizeof *f);
	int rc;

	f->t = t;
	f->q = q;
	f->at = UINT64_MAX;
	plan(f);
	rc = text_db_prepare(t, blocks, &f->blocks, err);
	if (rc == 0 && f->n_words)
		rc = text_db_prepare(t, "SELECT data FROM sig WHERE id=?1", &f->sig, err);
	if (rc < 0)
		text_find_close(f);
	else
		*ret = f;
	return rc;
}

void text_find_close(struct text_find *f)
{
	if (!f)
		return;
	sqlite3_blob_close(f->blob);
	gw_buf_done(&f->text);
	sqlite3_finalize(f->sig);
	sqlite3_finalize(f->blocks);
	free(f);
}

int text_find(struct text_find *f, struct text_want *v, size_t n, struct gw_err *err)
{
	int rc = 0;

	if (asks_addresses(f))
		rc = ask_addresses(f, v, n, err);
	if (rc == 0 && !f->q->field)
		rc = look_all(f, v, n, err);
	return rc;
}
