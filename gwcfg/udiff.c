/* udiff.c - the difference of two texts (see udiff.h)
 *
 * The equal lines at both ends are taken off; between them runs the greedy algorithm of Myers (An O(ND) Difference
 * Algorithm, 1986). Its cost grows with the square of the edits, so it works in rounds: after STEPS edits the path that
 * came farthest is taken for good, and the next round begins there. */
#include "gwcfg/udiff.h"

#include "config/diag.h"
#include "util/mem.h"

#include <stdlib.h>

#define CONTEXT 3
#define STEPS 200 /* edits of one round */

struct line {
	struct gw_slice text; /* with its end */
	uint64_t hash;
};

struct side {
	struct line *v;
	size_t n;
	bool *changed; /* [n]: the line is not in the other text */
};

/* ---- lines ---- */

static uint64_t hash_of(struct gw_slice s)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h;
}

static struct gw_slice take_line(struct gw_slice *rest)
{
	size_t n = gw_slice_find(*rest, '\n');

	return gw_slice_take(rest, n < rest->n ? n + 1 : n);
}

static void split(struct gw_slice text, struct side *s)
{
	struct gw_slice rest = text;
	size_t n = 0;

	while (rest.n) {
		take_line(&rest);
		n++;
	}
	*s = (struct side){ gw_xcalloc(n + 1, sizeof *s->v), n, gw_xcalloc(n + 1, sizeof *s->changed) };
	for (size_t i = 0; i < n; i++) {
		s->v[i].text = take_line(&text);
		s->v[i].hash = hash_of(s->v[i].text);
	}
}

static void side_done(struct side *s)
{
	free(s->v);
	free(s->changed);
}

static bool same(const struct side *a, size_t i, const struct side *b, size_t j)
{
	return a->v[i].hash == b->v[j].hash && gw_slice_eq(a->v[i].text, b->v[j].text);
}

/* ---- what differs ---- */

/* A round: lines [a0, a1) of one text against [b0, b1) of the other. reach[d][k + d] is how far diagonal k came in the
 * first text with d edits. */
struct round {
	const struct side *a, *b;
	size_t a0, a1, b0, b1;
	long reach[STEPS + 1][2 * STEPS + 1];
};

static long at(const struct round *r, long d, long k)
{
	return k < -d || k > d ? -2 : r->reach[d][k + d];
}

/* From the better of the two diagonals beside; *down says that it was the one where a line came in. */
static long step(const struct round *r, long d, long k, bool *down)
{
	*down = d == 0 || k == -d || (k != d && at(r, d - 1, k - 1) < at(r, d - 1, k + 1));
	return d == 0 ? 0 : *down ? at(r, d - 1, k + 1) : at(r, d - 1, k - 1) + 1;
}

/* Follow equal lines; -2 when the place is outside: one more than that is still nowhere. */
static long slide(const struct round *r, long x, long k)
{
	long y = x - k, n = (long)(r->a1 - r->a0), m = (long)(r->b1 - r->b0);

	if (x < 0 || x > n || y < 0 || y > m)
		return -2;
	for (; x < n && y < m && same(r->a, r->a0 + (size_t)x, r->b, r->b0 + (size_t)y); y++)
		x++;
	return x;
}

/* Run one round. *d and *k are where it ended: at the end of both, or as far as it came. */
static void run_round(struct round *r, long *end_d, long *end_k)
{
	long n = (long)(r->a1 - r->a0), m = (long)(r->b1 - r->b0), best = -1;

	for (long d = 0; d <= STEPS; d++) {
		for (long k = -d; k <= d; k += 2) {
			bool down;
			long x = slide(r, step(r, d, k, &down), k);

			r->reach[d][k + d] = x;
			if (x < 0 || 2 * x - k < best)
				continue;
			best = 2 * x - k;
			*end_d = d;
			*end_k = k;
			if (x == n && x - k == m)
				return;
		}
	}
}

/* Walk back from where the round ended and mark the lines that came and went. */
static void mark(const struct round *r, long d, long k, struct side *a, struct side *b)
{
	while (d > 0) {
		bool down;
		long x = step(r, d, k, &down), y = x - k;

		if (down)
			b->changed[r->b0 + (size_t)y - 1] = true;
		else
			a->changed[r->a0 + (size_t)x - 1] = true;
		k += down ? 1 : -1;
		d--;
	}
}

static void compare(struct side *a, struct side *b)
{
	struct round *r = gw_xalloc(sizeof *r);
	size_t head = 0, tail = 0;

	while (head < a->n && head < b->n && same(a, head, b, head))
		head++;
	while (tail < a->n - head && tail < b->n - head && same(a, a->n - 1 - tail, b, b->n - 1 - tail))
		tail++;
	r->a = a;
	r->b = b;
	r->a0 = r->b0 = head;
	r->a1 = a->n - tail;
	r->b1 = b->n - tail;
	while (r->a0 < r->a1 || r->b0 < r->b1) {
		long d = 0, k = 0, x;

		run_round(r, &d, &k);
		x = at(r, d, k);
		mark(r, d, k, a, b);
		r->a0 += (size_t)x;
		r->b0 += (size_t)(x - k);
	}
	free(r);
}

/* ---- hunks ---- */

struct printer {
	const struct side *a, *b;
	const struct udiff_style *style;
	struct gw_buf *out;
};

static void put_text(const struct printer *p, char sign, struct gw_slice line)
{
	const char *color = sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : "";
	bool ended = line.n && line.p[line.n - 1] == '\n', painted = p->style->color && *color;

	line.n -= ended;
	gw_buf_printf(p->out, "%s%c", painted ? color : "", sign);
	if (p->style->safe)
		gw_diag_put_safe(p->out, line);
	else
		gw_buf_add_slice(p->out, line);
	gw_buf_printf(p->out, "%s\n%s", painted ? "\033[0m" : "", ended ? "" : "\\ No newline at end of file\n");
}

/* The lines of a hunk: [i, i_end) of the one, [j, j_end) of the other. */
static void put_lines(const struct printer *p, size_t i, size_t i_end, size_t j, size_t j_end)
{
	while (i < i_end || j < j_end) {
		if (i < i_end && p->a->changed[i])
			put_text(p, '-', p->a->v[i++].text);
		else if (j < j_end && p->b->changed[j])
			put_text(p, '+', p->b->v[j++].text);
		else if (i < i_end && j < j_end) {
			put_text(p, ' ', p->a->v[i++].text);
			j++;
		}
	}
}

static void put_range(struct gw_buf *out, char sign, size_t from, size_t n)
{
	gw_buf_printf(out, " %c%zu", sign, n ? from + 1 : from);
	if (n != 1)
		gw_buf_printf(out, ",%zu", n);
}

static void put_hunk(const struct printer *p, size_t i, size_t i_end, size_t j, size_t j_end)
{
	gw_buf_printf(p->out, "%s@@", p->style->color ? "\033[36m" : "");
	put_range(p->out, '-', i, i_end - i);
	put_range(p->out, '+', j, j_end - j);
	gw_buf_printf(p->out, " @@%s\n", p->style->color ? "\033[0m" : "");
	put_lines(p, i, i_end, j, j_end);
}

/* Move both places on over what changed; false when nothing did. */
static bool skip_change(const struct printer *p, size_t *i, size_t *j)
{
	size_t from = *i + *j;

	while (*i < p->a->n && p->a->changed[*i])
		(*i)++;
	while (*j < p->b->n && p->b->changed[*j])
		(*j)++;
	return *i + *j > from;
}

/* The end of the hunk that has a change at i and j: so many equal lines follow that the next is another. */
static void end_of_hunk(const struct printer *p, size_t *i, size_t *j)
{
	size_t equal = 0;

	while (equal <= 2 * CONTEXT) {
		if (skip_change(p, i, j)) {
			equal = 0;
		} else if (*i < p->a->n && *j < p->b->n) {
			equal++;
			(*i)++;
			(*j)++;
		} else {
			break;
		}
	}
	if (equal > CONTEXT) {
		*i -= equal - CONTEXT;
		*j -= equal - CONTEXT;
	}
}

static void put_hunks(const struct printer *p)
{
	size_t i = 0, j = 0;

	while (i < p->a->n || j < p->b->n) {
		size_t lead = i < CONTEXT ? i : CONTEXT, i_end = i, j_end = j;

		if (!(i < p->a->n && p->a->changed[i]) && !(j < p->b->n && p->b->changed[j])) {
			i++;
			j++;
			continue;
		}
		end_of_hunk(p, &i_end, &j_end);
		put_hunk(p, i - lead, i_end, j - lead, j_end);
		i = i_end;
		j = j_end;
	}
}

void udiff(const char *name, struct gw_slice was, struct gw_slice now, const struct udiff_style *style, struct gw_buf *out)
{
	const char *bold = style->color ? "\033[1m" : "", *plain = style->color ? "\033[0m" : "";
	struct side a, b;

	if (gw_slice_eq(was, now))
		return;
	split(was, &a);
	split(now, &b);
	compare(&a, &b);
	gw_buf_printf(out, "%s--- ", bold);
	gw_diag_put_safe(out, gw_slice_str(name));
	gw_buf_printf(out, "%s\n%s+++ ", plain, bold);
	gw_diag_put_safe(out, gw_slice_str(name));
	gw_buf_printf(out, "%s\n", plain);
	put_hunks(&(struct printer){ &a, &b, style, out });
	side_done(&a);
	side_done(&b);
}
