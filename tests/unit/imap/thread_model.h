/* thread_model.h - THREAD=REFERENCES as RFC 5256 tells it, step by step, slow and with recursion
 *
 * What lib/imap/thread.c is compared with, by the unit test and by the fuzzer. For a few messages only. */
#ifndef GW_TESTS_IMAP_THREAD_MODEL_H
#define GW_TESTS_IMAP_THREAD_MODEL_H

#include "imap/thread.h"
#include "util/buf.h"

#include <stdlib.h>

#define MODEL_MAX 256 /* nodes: messages, dummies and those that step 5 makes */

struct model_node {
	struct gw_slice id; /* n 0: a unique one */
	const struct thread_row *row; /* NULL: a dummy */
	int parent;
	int child[MODEL_MAX];
	int n;
};

struct model {
	struct model_node *node; /* node[0] is the root */
	int n;
};

static int model_add(struct model *m, struct gw_slice id, const struct thread_row *row)
{
	m->node[m->n] = (struct model_node){ .id = id, .row = row };
	return m->n++;
}

static int model_find(struct model *m, struct gw_slice id)
{
	for (int i = 1; i < m->n; i++)
		if (m->node[i].id.n && gw_slice_eq(m->node[i].id, id))
			return i;
	return model_add(m, id, NULL);
}

static bool model_below(const struct model *m, int x, int above)
{
	for (; x; x = m->node[x].parent)
		if (x == above)
			return true;
	return false;
}

static void model_link(struct model *m, int parent, int child)
{
	if (!model_below(m, parent, child))
		m->node[child].parent = parent;
}

static void model_message(struct model *m, const struct thread_row *row)
{
	struct gw_slice rest = row->references, id;
	int self = row->id.n ? model_find(m, row->id) : model_add(m, GW_S(""), NULL), last = 0;

	if (m->node[self].row)
		self = model_add(m, GW_S(""), NULL);
	m->node[self].row = row;
	while (gw_slice_word(&rest, "\n", &id)) {
		int x = model_find(m, id);

		if (last && !m->node[x].parent)
			model_link(m, last, x);
		last = x;
	}
	m->node[self].parent = 0;
	if (last)
		model_link(m, last, self);
}

static void model_insert(struct model_node *to, int at, int x)
{
	for (int i = to->n++; i > at; i--)
		to->child[i] = to->child[i - 1];
	to->child[at] = x;
}

static void model_remove(struct model_node *from, int at)
{
	from->n--;
	for (int i = at; i < from->n; i++)
		from->child[i] = from->child[i + 1];
}

/* Step 3, from below. */
static void model_prune(struct model *m, int x)
{
	struct model_node *p = &m->node[x];

	for (int i = 0; i < p->n; i++)
		model_prune(m, p->child[i]);
	for (int i = 0; i < p->n;) {
		int c = p->child[i];
		struct model_node *d = &m->node[c];

		if (d->row || (x == 0 && d->n > 1)) {
			i++;
			continue;
		}
		model_remove(p, i);
		for (int k = 0; k < d->n; k++)
			model_insert(p, i++, d->child[k]);
	}
}

static const struct thread_row *model_head(const struct model *m, int x)
{
	return m->node[x].row ? m->node[x].row : m->node[m->node[x].child[0]].row;
}

static bool model_before(const struct model *m, int a, int b)
{
	const struct thread_row *x = model_head(m, a), *y = model_head(m, b);

	return x->sent != y->sent ? x->sent < y->sent : x->number < y->number;
}

/* Steps 4 (with depth 1) and 6. */
static void model_sort(struct model *m, int x, int depth)
{
	struct model_node *p = &m->node[x];

	for (int i = 0; i < p->n; i++)
		if (depth > 1 || !m->node[p->child[i]].row)
			model_sort(m, p->child[i], depth - 1);
	for (int i = 1; i < p->n; i++)
		for (int j = i; j > 0 && model_before(m, p->child[j], p->child[j - 1]); j--) {
			int c = p->child[j];

			p->child[j] = p->child[j - 1];
			p->child[j - 1] = c;
		}
}

static int *model_subject(const struct model *m, int *table, int *n, int x)
{
	struct gw_slice subject = model_head(m, x)->subject;

	for (int i = 0; i < *n; i++)
		if (gw_slice_eq(model_head(m, table[i])->subject, subject))
			return &table[i];
	table[*n] = 0;
	return &table[*n];
}

static bool model_reply(const struct model *m, int x)
{
	return m->node[x].row->reply;
}

static void model_gather(struct model *m)
{
	int table[MODEL_MAX], n = 0, roots[MODEL_MAX], n_roots = m->node[0].n;

	memcpy(roots, m->node[0].child, sizeof roots);
	for (int i = 0; i < n_roots; i++) { /* (B) */
		int x = roots[i], *place;

		if (!model_head(m, x)->subject.n)
			continue;
		place = model_subject(m, table, &n, x);
		if (!*place)
			n++;
		if (!*place || (m->node[*place].row &&
				(!m->node[x].row || (model_reply(m, *place) && !model_reply(m, x)))))
			*place = x;
	}
	for (int i = 0; i < n_roots; i++) { /* (C) */
		int x = roots[i], *place, to, at = 0;

		if (!model_head(m, x)->subject.n)
			continue;
		place = model_subject(m, table, &n, x);
		to = *place;
		if (to == x)
			continue;
		while (m->node[0].child[at] != x)
			at++;
		model_remove(&m->node[0], at);
		if (!m->node[to].row && !m->node[x].row) {
			for (int k = 0; k < m->node[x].n; k++)
				model_insert(&m->node[to], m->node[to].n, m->node[x].child[k]);
		} else if (!m->node[to].row || (model_reply(m, x) && !model_reply(m, to))) {
			model_insert(&m->node[to], m->node[to].n, x);
		} else {
			int d = model_add(m, GW_S(""), NULL);

			for (at = 0; m->node[0].child[at] != to; at++)
				;
			m->node[0].child[at] = d;
			model_insert(&m->node[d], 0, to);
			model_insert(&m->node[d], 1, x);
			*place = d;
		}
	}
}

static void model_put(const struct model *m, int x, struct gw_buf *out)
{
	const struct model_node *p = &m->node[x];

	if (p->row)
		gw_buf_printf(out, "%u", p->row->number);
	if (p->n == 1 && p->row) {
		gw_buf_add_char(out, ' ');
		model_put(m, p->child[0], out);
	} else if (p->n) {
		if (p->row)
			gw_buf_add_char(out, ' ');
		for (int i = 0; i < p->n; i++) {
			gw_buf_add_char(out, '(');
			model_put(m, p->child[i], out);
			gw_buf_add_char(out, ')');
		}
	}
}

static inline void model_threads(const struct thread_row *v, int n, struct gw_buf *out)
{
	struct model m = { .node = calloc(MODEL_MAX, sizeof *m.node), .n = 1 };

	if (!m.node)
		abort();
	for (int i = 0; i < n; i++)
		model_message(&m, &v[i]);
	for (int i = 1; i < m.n; i++)
		m.node[m.node[i].parent].child[m.node[m.node[i].parent].n++] = i;
	model_prune(&m, 0);
	model_sort(&m, 0, 1);
	model_gather(&m);
	model_sort(&m, 0, MODEL_MAX);
	for (int i = 0; i < m.node[0].n; i++) {
		gw_buf_add_char(out, '(');
		model_put(&m, m.node[0].child[i], out);
		gw_buf_add_char(out, ')');
	}
	free(m.node);
}

/* The same by lib/imap/thread.c. */
static inline void threads_of(enum imap_thread_algorithm algorithm, const struct thread_row *v, int n, struct gw_buf *out)
{
	const struct gw_hash_key key = { 1, 2 };
	struct thread *t = thread_new(algorithm, key, (size_t)1 << 30);
	struct gw_out o;

	gw_out_init(&o);
	for (int i = 0; i < n; i++)
		if (!thread_add(t, &v[i]))
			abort();
	thread_finish(t);
	while (!thread_put(t, &o) || o.n) {
		struct gw_slice s = gw_out_front(&o);

		gw_buf_add_slice(out, s);
		gw_out_drop(&o, s.n);
	}
	gw_out_done(&o);
	thread_free(t);
}

#endif
