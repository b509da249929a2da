/* sort.c - the order that SORT asks for (see sort.h)
 *
 * Each criterion is a column of 64-bit keys. Text becomes one by being ranked: sorted by its first octets, then each group
 * that is still equal by its next ones, and so on. Then the rows are sorted by the last column, by the one
 * before it ... by the first; since each of these keeps the order of what is equal, the first counts most. */
#include "imap/sort.h"

#include <stdlib.h>

#include "util/buf.h"
#include "util/mem.h"

#define FEW 16u        /* are sorted by insertion */
#define PIECE 7u       /* octets of a text in one key; the eighth says how many there are */
#define DIGITS 8u
#define DIGIT_VALUES 256u

struct column {
	enum imap_sort_key key;
	bool reverse, text;
	size_t annotation;   /* ANNOTATION: its place among them */
	uint64_t *number;
	uint32_t *end;       /* text: where in bytes it ends; later its rank */
	struct gw_buf bytes;
};

struct sort {
	uint32_t *number;
	uint32_t n, cap;
	size_t fixed, memory_max;
	size_t n_columns;
	size_t n_annotations;
	struct column column[IMAP_SORT_KEYS + IMAP_ANNOTATION_KEYS_MAX];
};

/* ---- numbers ---- */

static void insert_pairs(struct sort_pair *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct sort_pair p = v[i];
		uint32_t j = i;

		for (; j > 0 && v[j - 1].key > p.key; j--)
			v[j] = v[j - 1];
		v[j] = p;
	}
}

/* To the place of each by one digit. count: how many there are of each value. */
static void scatter(const struct sort_pair *from, struct sort_pair *to, uint32_t n, unsigned shift,
		    uint32_t count[DIGIT_VALUES])
{
	uint32_t at = 0;

	for (unsigned i = 0; i < DIGIT_VALUES; i++) {
		uint32_t c = count[i];

		count[i] = at;
		at += c;
	}
	for (uint32_t i = 0; i < n; i++)
		to[count[from[i].key >> shift & (DIGIT_VALUES - 1)]++] = from[i];
}

void sort_pairs(struct sort_pair *v, struct sort_pair *tmp, uint32_t n)
{
	uint32_t count[DIGITS][DIGIT_VALUES] = { { 0 } };
	struct sort_pair *from = v, *to = tmp, *was;

	if (n <= FEW) {
		insert_pairs(v, n);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		for (unsigned d = 0; d < DIGITS; d++)
			count[d][v[i].key >> 8 * d & (DIGIT_VALUES - 1)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		if (count[d][v[0].key >> 8 * d & (DIGIT_VALUES - 1)] == n)
			continue; /* the same in all */
		scatter(from, to, n, 8 * d, count[d]);
		was = from;
		from = to;
		to = was;
	}
	if (from != v)
		memcpy(v, from, n * sizeof *v);
}

/* ---- text ---- */

static struct gw_slice text_at(const struct column *c, uint32_t i)
{
	uint32_t from = i ? c->end[i - 1] : 0;

	return gw_slice(gw_buf_slice(&c->bytes).p + from, c->end[i] - from);
}

/* PIECE octets from depth on, behind them how many there are: at most one more than fit. */
static uint64_t piece_of(struct gw_slice s, size_t depth)
{
	size_t left = s.n > depth ? s.n - depth : 0;
	uint64_t v = 0;

	for (size_t i = 0; i < PIECE; i++)
		v = v << 8 | (i < left ? (unsigned char)s.p[depth + i] : 0);
	return v << 8 | (left > PIECE ? PIECE + 1 : left);
}

static bool goes_on(uint64_t piece)
{
	return (piece & 0xFF) > PIECE;
}

/* All of them are equal up to depth. */
static void insert_texts(const struct column *c, struct sort_pair *v, uint32_t n, size_t depth)
{
	for (uint32_t i = 1; i < n; i++) {
		struct sort_pair p = v[i];
		struct gw_slice s = text_at(c, p.at);
		uint32_t j = i;

		gw_slice_take(&s, depth);
		for (; j > 0; j--) {
			struct gw_slice before = text_at(c, v[j - 1].at);

			gw_slice_take(&before, depth);
			if (gw_slice_cmp(before, s) <= 0)
				break;
			v[j] = v[j - 1];
		}
		v[j] = p;
	}
}

/* Texts that are equal so far. */
struct group {
	uint32_t from, n;
	uint32_t depth;
};

struct groups {
	struct group *v;
	size_t n, cap;
};

static void add_group(struct groups *g, struct group one)
{
	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 64;
		g->v = gw_xrealloc(g->v, g->cap, sizeof *g->v);
	}
	g->v[g->n++] = one;
}

/* One step: by the next octets. What is still equal and many comes back later. */
static void sort_group(const struct column *c, struct sort_pair *all, struct sort_pair *tmp, struct group one,
		       struct groups *rest)
{
	struct sort_pair *v = all + one.from;
	uint32_t next;

	for (uint32_t i = 0; i < one.n; i++)
		v[i].key = piece_of(text_at(c, v[i].at), one.depth);
	sort_pairs(v, tmp, one.n);
	for (uint32_t i = 0; i < one.n; i = next) {
		struct group equal = { .from = one.from + i, .depth = one.depth + PIECE };

		for (next = i + 1; next < one.n && v[next].key == v[i].key; next++)
			;
		equal.n = next - i;
		if (equal.n == 1 || !goes_on(v[i].key))
			continue;
		if (equal.n <= FEW)
			insert_texts(c, v + i, equal.n, equal.depth);
		else
			add_group(rest, equal);
	}
}

/* Equal texts have equal ranks. */
static void rank_texts(struct column *c, uint32_t n, struct sort_pair *v, struct sort_pair *tmp)
{
	struct groups g = { .n = 0 };
	uint64_t rank = 0;

	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct sort_pair){ .at = i };
	add_group(&g, (struct group){ .n = n });
	while (g.n)
		sort_group(c, v, tmp, g.v[--g.n], &g);
	free(g.v);
	for (uint32_t i = 0; i < n; i++) {
		if (i && !gw_slice_eq(text_at(c, v[i - 1].at), text_at(c, v[i].at)))
			rank++;
		v[i].key = rank;
	}
	for (uint32_t i = 0; i < n; i++)
		c->end[v[i].at] = (uint32_t)v[i].key;
	gw_buf_done(&c->bytes);
}

/* ---- rows ---- */

static bool is_text(enum imap_sort_key key)
{
	return key != IMAP_SORT_ARRIVAL && key != IMAP_SORT_DATE && key != IMAP_SORT_SIZE && key != IMAP_SORT_RELEVANCY;
}

static bool has_key(const struct sort *s, enum imap_sort_key key)
{
	for (size_t i = 0; i < s->n_columns; i++)
		if (s->column[i].key == key)
			return true;
	return false;
}

struct sort *sort_new(const struct imap_sort_criterion *v, size_t n, uint32_t rows, size_t memory_max)
{
	struct sort *s = gw_xalloc(sizeof *s);
	uint64_t row = sizeof *s->number + 2 * sizeof(struct sort_pair);

	for (size_t i = 0; i < n; i++) {
		struct column *c = &s->column[s->n_columns];

		if (v[i].key == IMAP_SORT_ANNOTATION ? s->n_annotations == IMAP_ANNOTATION_KEYS_MAX
						     : has_key(s, v[i].key)) /* what it could decide is decided */
			continue;
		*c = (struct column){ .key = v[i].key, .reverse = v[i].reverse, .text = is_text(v[i].key) };
		if (v[i].key == IMAP_SORT_ANNOTATION)
			c->annotation = s->n_annotations++;
		gw_buf_init(&c->bytes, UINT32_MAX);
		row += c->text ? sizeof *c->end : sizeof *c->number;
		s->n_columns++;
	}
	s->memory_max = memory_max;
	if (rows * row > memory_max)
		return s; /* takes no row */
	s->fixed = (size_t)(rows * row);
	s->cap = rows;
	s->number = gw_xcalloc((size_t)rows + 1, sizeof *s->number);
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column *c = &s->column[i];

		if (c->text)
			c->end = gw_xcalloc((size_t)rows + 1, sizeof *c->end);
		else
			c->number = gw_xcalloc((size_t)rows + 1, sizeof *c->number);
	}
	return s;
}

void sort_free(struct sort *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_columns; i++) {
		free(s->column[i].number);
		free(s->column[i].end);
		gw_buf_done(&s->column[i].bytes);
	}
	free(s->number);
	free(s);
}

static uint64_t number_of(const struct sort_row *row, enum imap_sort_key key)
{
	if (key == IMAP_SORT_RELEVANCY)
		return 100 - row->relevancy;
	return key == IMAP_SORT_SIZE ? row->size : sort_signed(key == IMAP_SORT_DATE ? row->sent : row->arrival);
}

static struct gw_slice text_of(const struct sort_row *row, const struct column *c)
{
	static const enum gw_sort_key of[IMAP_SORT_KEYS] = {
		[IMAP_SORT_FROM] = GW_SORT_FROM,
		[IMAP_SORT_TO] = GW_SORT_TO,
		[IMAP_SORT_CC] = GW_SORT_CC,
		[IMAP_SORT_DISPLAYFROM] = GW_SORT_DISPLAYFROM,
		[IMAP_SORT_DISPLAYTO] = GW_SORT_DISPLAYTO,
	};
	struct gw_slice s = c->key == IMAP_SORT_ANNOTATION ? row->annotation[c->annotation]
			    : c->key == IMAP_SORT_SUBJECT  ? row->subject
							   : row->address[of[c->key]];

	if (s.n > SORT_TEXT_MAX)
		s.n = SORT_TEXT_MAX;
	return s;
}

static size_t memory(const struct sort *s)
{
	size_t n = s->fixed;

	for (size_t i = 0; i < s->n_columns; i++)
		n += s->column[i].bytes.cap;
	return n;
}

bool sort_add(struct sort *s, const struct sort_row *row)
{
	if (s->n == s->cap)
		return false;
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column *c = &s->column[i];

		if (!c->text)
			c->number[s->n] = number_of(row, c->key);
		else if (gw_buf_add_slice(&c->bytes, text_of(row, c)))
			c->end[s->n] = (uint32_t)c->bytes.n;
		else
			return false;
	}
	s->number[s->n++] = row->number;
	return memory(s) <= s->memory_max;
}

static uint64_t key_at(const struct column *c, uint32_t i)
{
	uint64_t key = c->text ? c->end[i] : c->number[i];

	return c->reverse ? ~key : key;
}

uint32_t sort_finish(struct sort *s, uint32_t *ret)
{
	struct sort_pair *v = gw_xcalloc((size_t)s->n + 1, sizeof *v), *tmp = gw_xcalloc((size_t)s->n + 1, sizeof *tmp);

	for (size_t i = 0; i < s->n_columns; i++)
		if (s->column[i].text)
			rank_texts(&s->column[i], s->n, v, tmp);
	for (uint32_t i = 0; i < s->n; i++)
		v[i].at = i;
	for (size_t c = s->n_columns; c-- > 0;) {
		for (uint32_t i = 0; i < s->n; i++)
			v[i].key = key_at(&s->column[c], v[i].at);
		sort_pairs(v, tmp, s->n);
	}
	for (uint32_t i = 0; i < s->n; i++)
		ret[i] = s->number[v[i].at];
	free(v);
	free(tmp);
	return s->n;
}
