/* found_tell.c - the SEARCH, SORT and ESEARCH responses (RFC 3501 7.2.5, RFC 4731 3.1, RFC 5256 4, RFC 5267 3, RFC 6203 4, RFC 7377 2.1; see
 * found.h) */
#include "imap/found.h"

#include "imap/put.h"
#include "imap/window.h"
#include "util/num.h"

/* ---- without RETURN ---- */

#define FEW 16 /* numbers that are written at a time */

/* The number that comes next, 0 behind the last. */
static uint32_t next_number(struct imap_found *f)
{
	if (f->order)
		return f->next <= f->n ? f->order[f->next - 1] : 0;
	return f->next ? gw_set_next(f->told, f->next, &f->hint) : 0;
}

/* The next few numbers; false: there are none left. */
static bool put_numbers(struct imap_found *f, struct gw_out *out)
{
	char *p = gw_out_reserve(out, (size_t)FEW * (1 + GW_U64_DIGITS));
	size_t n = 0;
	uint32_t number = 0;

	for (unsigned i = 0; i < FEW && (number = next_number(f)); i++) {
		p[n++] = ' ';
		n += gw_put_u64(p + n, number);
		f->next = f->order ? f->next + 1 : number + 1; /* 0 behind the highest there can be */
	}
	gw_out_commit(out, n);
	return number;
}

/* "* SEARCH 2 84 882 (MODSEQ 917162500)"; false: the output is full. */
static bool tell_plain(struct imap_found *f, struct gw_out *out)
{
	if (!f->head)
		gw_out_printf(out, "* %s", f->name);
	f->head = true;
	do {
		if (gw_out_full(out))
			return false;
	} while (put_numbers(f, out));
	if (f->modseq && f->hits->n) {
		gw_out_lit(out, " (MODSEQ ");
		gw_out_u64(out, f->modseq);
		gw_out_char(out, ')');
	}
	gw_out_lit(out, "\r\n");
	return true;
}

/* ---- lists ---- */

static void begin_set(struct imap_found *f, const struct gw_set *set)
{
	f->list = (struct found_list){ .set = set, .end = set->n };
}

/* Places first..last, counted from 1. */
static void begin_order(struct imap_found *f, uint64_t first, uint64_t last)
{
	f->list = (struct found_list){ .order = f->order, .at = first - 1, .end = last };
}

/* What comes next as one element. Of an order, only what ascends may be a range (RFC 5267 3.2). */
static struct gw_range take_range(struct found_list *l)
{
	struct gw_range r;

	if (l->set)
		return l->set->r[l->at++];
	r.lo = r.hi = l->order[l->at++];
	while (l->at < l->end && l->order[l->at] == r.hi + 1)
		r.hi = l->order[l->at++];
	return r;
}

/* False: the output is full. */
static bool put_list(struct found_list *l, struct gw_out *out)
{
	while (l->at < l->end) {
		struct gw_range r;

		if (gw_out_full(out))
			return false;
		if (l->any)
			gw_out_char(out, ',');
		l->any = true;
		r = take_range(l);
		gw_out_u64(out, r.lo);
		if (r.hi == r.lo)
			continue;
		gw_out_char(out, ':');
		gw_out_u64(out, r.hi);
	}
	return true;
}

/* ---- the items of ESEARCH ---- */

static void put_number(struct gw_out *out, const char *name, uint64_t n)
{
	gw_out_str(out, name);
	gw_out_u64(out, n);
}

static bool tell_min(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	if (f->hits->n)
		put_number(out, " MIN ", f->order ? f->order[0] : gw_set_min(f->told));
	return true;
}

static bool tell_max(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	if (f->hits->n)
		put_number(out, " MAX ", f->order ? f->order[f->n - 1] : gw_set_max(f->told));
	return true;
}

static bool tell_count(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	put_number(out, " COUNT ", gw_set_count(f->hits));
	return true;
}

static bool tell_all(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	if (!f->hits->n)
		return true;
	if (!f->listing) {
		gw_out_lit(out, " ALL ");
		if (f->order)
			begin_order(f, 1, f->n);
		else
			begin_set(f, f->told);
	}
	f->listing = true;
	return put_list(&f->list, out);
}

static void begin_window(struct imap_found *f)
{
	uint64_t first, last;

	f->list = (struct found_list){ .at = 0 };
	if (!f->order) {
		imap_window_take(f->told, &f->q->window, f->part);
		begin_set(f, f->part);
	} else if (imap_window_bounds(&f->q->window, f->n, &first, &last)) {
		begin_order(f, first, last);
	}
}

/* "PARTIAL (1:500 ...)" (RFC 9394 3.1) */
static bool tell_partial(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	const struct imap_window *w = &f->q->window;

	(void)t;
	if (!f->listing) {
		gw_out_printf(out, " PARTIAL (%lld:%lld ", (long long)w->lo, (long long)w->hi);
		begin_window(f);
	}
	f->listing = true;
	if (!put_list(&f->list, out))
		return false;
	gw_out_str(out, f->list.any ? ")" : "NIL)");
	return true;
}

/* "RELEVANCY (4 99 42)": in the order of ALL or PARTIAL (RFC 6203 4) */
static bool tell_relevancy(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	if (!f->hits->n)
		return true;
	if (!f->listing) {
		gw_out_lit(out, " RELEVANCY (");
		f->list = (struct found_list){ .end = f->relevancies };
	}
	f->listing = true;
	while (f->list.at < f->list.end) {
		if (gw_out_full(out))
			return false;
		if (f->list.at)
			gw_out_char(out, ' ');
		gw_out_u64(out, f->relevancy[f->list.at++]);
	}
	gw_out_char(out, ')');
	return true;
}

static bool tell_head(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	gw_out_lit(out, "* ESEARCH (TAG ");
	imap_put_string(out, t->tag);
	gw_out_str(out, f->where);
	gw_out_char(out, ')');
	if (t->cmd->uid)
		gw_out_lit(out, " UID");
	return true;
}

static bool tell_modseq(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	(void)t;
	if (f->modseq && f->hits->n)
		put_number(out, " MODSEQ ", f->modseq);
	gw_out_lit(out, "\r\n");
	return true;
}

static const struct {
	unsigned option; /* 0: always */
	bool (*tell)(const struct imap_task *t, struct imap_found *f, struct gw_out *out);
} items[] = {
	{ 0, tell_head },
	{ IMAP_RETURN_MIN, tell_min },
	{ IMAP_RETURN_MAX, tell_max },
	{ IMAP_RETURN_COUNT, tell_count },
	{ IMAP_RETURN_ALL, tell_all },
	{ IMAP_RETURN_PARTIAL, tell_partial },
	{ IMAP_RETURN_RELEVANCY, tell_relevancy },
	{ 0, tell_modseq },
};

/* "* ESEARCH (TAG "a1") UID MIN 7 MAX 3800 COUNT 15" (RFC 4731 3.1). With SAVE alone nothing is told (RFC 5182 2.1). */
static bool tell_extended(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	if ((f->q->ret & ~(unsigned)IMAP_RETURN_HINTS) == IMAP_RETURN_SAVE)
		return true;
	for (; f->item < sizeof items / sizeof *items; f->item++) {
		unsigned option = items[f->item].option;

		if (option && !(f->q->ret & option))
			continue;
		if (!items[f->item].tell(t, f, out))
			return false;
		f->listing = false;
	}
	return true;
}

bool found_tell(const struct imap_task *t, struct imap_found *f, struct gw_out *out)
{
	return f->q->esearch ? tell_extended(t, f, out) : tell_plain(f, out);
}
