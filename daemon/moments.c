/* moments.c - moments of the past, packed and thinned out (see moments.h)
 *
 * Packed cells are pairs of numbers of 7 bits a byte: how many zeros to skip, and what follows them. */
#include "daemon/moments.h"

#include "ctl/ctl.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

#define STEP_S 10u /* between moments */
#define NUMBER_BYTES 10u /* of 64 bits, packed */

/* How far apart moments of an age lie. */
static const struct {
	uint32_t age_s, step_s;
} tiers[] = { { 600, STEP_S }, { 7200, 60 }, { 90000, 3600 } };
#define TIERS (sizeof tiers / sizeof *tiers)

/* ---- packing ---- */

static unsigned char *put_number(unsigned char *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (unsigned char)(v | 0x80);
	*p++ = (unsigned char)v;
	return p;
}

static uint64_t get_number(const unsigned char **p)
{
	unsigned shift = 0;
	uint64_t v = 0;

	while (**p & 0x80) {
		v |= (uint64_t)(*(*p)++ & 0x7F) << shift;
		shift += 7;
	}
	return v | (uint64_t)*(*p)++ << shift;
}

static void pack(struct moment *m, const uint64_t *all, unsigned n_cells)
{
	unsigned used = 0, zeros = 0;
	unsigned char *p;

	for (unsigned i = 0; i < n_cells; i++)
		used += all[i] != 0;
	p = m->packed = gw_xalloc((size_t)used * 2 * NUMBER_BYTES + 1);
	for (unsigned i = 0; i < n_cells; i++) {
		if (all[i] == 0) {
			zeros++;
			continue;
		}
		p = put_number(p, zeros);
		p = put_number(p, all[i]);
		zeros = 0;
	}
	m->n = (uint32_t)(p - m->packed);
	m->packed = gw_xrealloc(m->packed, m->n + 1, 1);
}

void moments_subtract(const struct moment *m, uint64_t *all)
{
	const unsigned char *p = m->packed, *end = p + m->n;

	while (p && p < end) {
		all += get_number(&p);
		*all++ -= get_number(&p);
	}
}

/* ---- keeping ---- */

void moments_init(struct moments *p, const struct stats *st, uint32_t now_s, int64_t wall_s)
{
	*p = (struct moments){ .st = st, .start = { .mono_s = now_s, .wall_s = wall_s, .name = "start" } };
}

static void drop(struct moments *p, struct moment *m)
{
	p->bytes -= m->n;
	free(m->packed);
	*m = (struct moment){ 0 };
}

void moments_done(struct moments *p)
{
	for (unsigned i = 0; i < p->n; i++)
		drop(p, &p->ring[i]);
	for (unsigned i = 0; i < p->n_marks; i++)
		drop(p, &p->mark[i]);
	p->n = p->n_marks = 0;
}

static void take(struct moments *p, struct moment *m, uint32_t now_s, int64_t wall_s)
{
	uint64_t *all = gw_xcalloc(p->st->n_cells, sizeof *all);

	stats_sum(p->st, all);
	pack(m, all, p->st->n_cells);
	m->mono_s = now_s;
	m->wall_s = wall_s;
	p->bytes += m->n;
	free(all);
}

/* 0: too old to be kept. */
static uint32_t step_at(uint32_t age_s)
{
	for (size_t i = 0; i < TIERS; i++)
		if (age_s <= tiers[i].age_s)
			return tiers[i].step_s;
	return 0;
}

/* Moments that lie closer together than their age asks for go. */
static void thin_out(struct moments *p, uint32_t now_s)
{
	const struct moment *last = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < p->n; i++) {
		struct moment *m = &p->ring[i];
		uint32_t step_s = step_at(now_s - m->mono_s);

		if (step_s == 0 || (last && m->mono_s - last->mono_s < step_s)) {
			drop(p, m);
			continue;
		}
		if (n != i) {
			p->ring[n] = *m;
			*m = (struct moment){ 0 };
		}
		last = &p->ring[n++];
	}
	p->n = n;
}

static void drop_oldest(struct moments *p)
{
	drop(p, &p->ring[0]);
	memmove(&p->ring[0], &p->ring[1], --p->n * sizeof *p->ring);
}

void moments_tick(struct moments *p, uint32_t now_s, int64_t wall_s)
{
	uint32_t last_s = p->n ? p->ring[p->n - 1].mono_s : p->start.mono_s;

	if (now_s - last_s < STEP_S)
		return;
	thin_out(p, now_s);
	while (p->n && (p->n == MOMENTS_MAX || p->bytes > MOMENTS_BYTES_MAX))
		drop_oldest(p);
	p->ring[p->n] = (struct moment){ 0 };
	take(p, &p->ring[p->n++], now_s, wall_s);
}

/* ---- marks ---- */

static bool is_letter(char c)
{
	return gw_lower(c) >= 'a' && gw_lower(c) <= 'z';
}

static bool name_ok(struct gw_slice name)
{
	if (name.n == 0 || name.n >= MARK_NAME_MAX || !is_letter(name.p[0]))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && (name.p[i] < '0' || name.p[i] > '9') && (!name.p[i] || !strchr("-_.", name.p[i])))
			return false;
	return !gw_slice_eqi(name, GW_S("start"));
}

static const struct moment *find_mark(const struct moments *p, struct gw_slice name)
{
	for (unsigned i = 0; i < p->n_marks; i++)
		if (gw_slice_eqi(name, gw_slice_str(p->mark[i].name)))
			return &p->mark[i];
	return NULL;
}

int moments_mark(struct moments *p, struct gw_slice name, uint32_t now_s, int64_t wall_s, struct gw_err *err)
{
	struct moment *m = (struct moment *)find_mark(p, name);

	if (!name_ok(name))
		return gw_fail(err, GW_EINVAL,
			       "\"%.*s\" cannot be the name of a mark: expected a letter, then letters, digits, - _ . (at most %u)",
			       GW_FMT(name), MARK_NAME_MAX - 1);
	if (!m && p->n_marks == MARKS_MAX)
		return gw_fail(err, GW_ELIMIT, "there are %u marks already; use one of their names again", MARKS_MAX);
	if (m)
		drop(p, m);
	else
		m = &p->mark[p->n_marks++];
	memcpy(m->name, name.p, name.n);
	m->name[name.n] = '\0';
	take(p, m, now_s, wall_s);
	return 0;
}

/* ---- finding ---- */

static uint32_t distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

const struct moment *moments_ago(const struct moments *p, uint32_t now_s, uint64_t span_s)
{
	uint32_t wanted = span_s < now_s ? now_s - (uint32_t)span_s : 0;
	const struct moment *best = &p->start;

	for (unsigned i = 0; i < p->n; i++)
		if (distance(p->ring[i].mono_s, wanted) < distance(best->mono_s, wanted))
			best = &p->ring[i];
	return best;
}

int moments_find(const struct moments *p, struct gw_slice text, uint32_t now_s, const struct moment **ret,
	      struct gw_err *err)
{
	static const struct gw_ctl_param span = { .type = GW_CTL_SPAN };
	const struct moment *m = find_mark(p, text.n ? text : GW_S("reset"));
	uint64_t span_s;

	if (m)
		*ret = m;
	else if (text.n == 0 || gw_slice_eqi(text, GW_S("start")))
		*ret = &p->start;
	else if (gw_ctl_value_ok(&span, text, &span_s))
		*ret = moments_ago(p, now_s, span_s);
	else
		return gw_fail(err, GW_ENOENT,
			       "\"%.*s\" is no mark: expected a time span as 5m, \"start\", \"reset\" or a name that stats mark gave",
			       GW_FMT(text));
	return 0;
}
