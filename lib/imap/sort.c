/* sort.c - the order that SORT asks for (see sort.h)
 *
 * Each criterion is a column of 64-bit keys; text becomes one by being ranked. Then the rows are sorted by the last column, by the one
 * before it ... by the first; since each of these keeps the order of what is equal, the first counts most. */
#include "imap/sort.h"

#include <stdlib.h>

#include "util/mem.h"
#include "util/rank.h"

struct column {
	enum imap_sort_key key;
	bool reverse, ranked, text;
	size_t annotation; /* ANNOTATION: its place among them */
	uint64_t *number;
	struct gw_texts texts;
	uint32_t *rank;    /* of the texts, when all are there */
};

struct sort {
	uint32_t *number;
	uint32_t n, cap;
	size_t fixed, memory_max;
	size_t n_columns;
	size_t n_annotations;
	struct column column[IMAP_SORT_KEYS + IMAP_ANNOTATION_KEYS_MAX];
};

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

struct sort *sort_new(const struct imap_sort_criterion *v, size_t n, unsigned ranked, uint32_t rows, size_t memory_max)
{
	struct sort *s = gw_xalloc(sizeof *s);
	uint64_t row = sizeof *s->number + 2 * sizeof(struct gw_pair);

	for (size_t i = 0; i < n; i++) {
		struct column *c = &s->column[s->n_columns];

		if (v[i].key == IMAP_SORT_ANNOTATION ? s->n_annotations == IMAP_ANNOTATION_KEYS_MAX
						     : has_key(s, v[i].key)) /* what it could decide is decided */
			continue;
		*c = (struct column){ .key = v[i].key, .reverse = v[i].reverse, .ranked = ranked & 1u << v[i].key };
		c->text = !c->ranked && is_text(c->key);
		if (v[i].key == IMAP_SORT_ANNOTATION)
			c->annotation = s->n_annotations++;
		row += c->text ? sizeof *c->rank : sizeof *c->number;
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
			gw_texts_init(&c->texts, rows);
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
		free(s->column[i].rank);
		if (s->column[i].texts.end)
			gw_texts_done(&s->column[i].texts);
	}
	free(s->number);
	free(s);
}

static uint64_t number_of(const struct sort_row *row, const struct column *c)
{
	enum imap_sort_key key = c->key;

	if (c->ranked)
		return row->rank[key];
	if (key == IMAP_SORT_RELEVANCY)
		return 100 - row->relevancy;
	return key == IMAP_SORT_SIZE ? row->size : gw_signed_key(key == IMAP_SORT_DATE ? row->sent : row->arrival);
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
		n += s->column[i].texts.bytes.cap;
	return n;
}

bool sort_add(struct sort *s, const struct sort_row *row)
{
	if (s->n == s->cap)
		return false;
	for (size_t i = 0; i < s->n_columns; i++) {
		struct column *c = &s->column[i];

		if (!c->text)
			c->number[s->n] = number_of(row, c);
		else if (!gw_texts_add(&c->texts, text_of(row, c)))
			return false;
	}
	s->number[s->n++] = row->number;
	return memory(s) <= s->memory_max;
}

static uint64_t key_at(const struct column *c, uint32_t i)
{
	uint64_t key = c->text ? c->rank[i] : c->number[i];

	return c->reverse ? ~key : key;
}

uint32_t sort_finish(struct sort *s, uint32_t *ret)
{
	struct gw_pair *v = gw_xcalloc((size_t)s->n + 1, sizeof *v), *tmp = gw_xcalloc((size_t)s->n + 1, sizeof *tmp);

	for (size_t i = 0; i < s->n_columns; i++)
		if (s->column[i].text)
			s->column[i].rank = gw_texts_rank(&s->column[i].texts, v, tmp);
	for (uint32_t i = 0; i < s->n; i++)
		v[i].at = i;
	for (size_t c = s->n_columns; c-- > 0;) {
		for (uint32_t i = 0; i < s->n; i++)
			v[i].key = key_at(&s->column[c], v[i].at);
		gw_pairs_sort(v, tmp, s->n);
	}
	for (uint32_t i = 0; i < s->n; i++)
		ret[i] = s->number[v[i].at];
	free(v);
	free(tmp);
	return s->n;
}
