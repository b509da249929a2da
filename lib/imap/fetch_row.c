/* fetch_row.c - the items of FETCH that the index knows, written at the speed of memory
 *
 * A row is formatted into reserved space of the output. Lists of flags and days are formatted once and kept, since
 * neighbours mostly share them. */
#include "imap/fetch.h"

#include "imap/put.h"
#include "util/num.h"

#define PUT(to, lit) ((char *)memcpy((to), "" lit, sizeof(lit) - 1) + sizeof(lit) - 1)
#define DAY 86400

#define HEAD_ROOM 28  /* "* 4294967295 UIDFETCH (" */
#define ITEM_ROOM 48  /* any item but flags, with its label and the blank before it */
#define TAIL_ROOM 4

static const char digits[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
			     "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
			     "8081828384858687888990919293949596979899";

static char *put_u32(char *to, uint32_t v)
{
	char tmp[10];
	size_t at = sizeof tmp;

	while (v >= 100) {
		at -= 2;
		memcpy(tmp + at, digits + 2 * (v % 100), 2);
		v /= 100;
	}
	if (v >= 10) {
		at -= 2;
		memcpy(tmp + at, digits + 2 * v, 2);
	} else {
		tmp[--at] = (char)('0' + v);
	}
	memcpy(to, tmp + at, sizeof tmp - at);
	return to + (sizeof tmp - at);
}

static char *put_u64(char *to, uint64_t v)
{
	return v <= UINT32_MAX ? put_u32(to, (uint32_t)v) : to + gw_put_u64(to, v);
}

static char *put_two(char *to, unsigned v)
{
	memcpy(to, digits + 2 * v, 2);
	return to + 2;
}

/* ---- INTERNALDATE ---- */

static void make_day(struct fetch_run *r, int64_t day)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct gw_civil c = gw_time_to_civil(day * DAY);
	char *to = put_two(r->day_text, c.day);
	unsigned year = c.year < 1 ? 1 : c.year > 9999 ? 9999 : (unsigned)c.year;

	if (c.day < 10)
		r->day_text[0] = ' ';
	*to++ = '-';
	to = (char *)memcpy(to, months + 3 * (c.month - 1), 3) + 3;
	*to++ = '-';
	to = put_two(put_two(to, year / 100), year % 100);
	*to = ' ';
	r->day = day;
}

static char *put_date(struct fetch_run *r, char *to, int64_t t)
{
	int64_t day = t / DAY - (t % DAY < 0);
	unsigned second = (unsigned)(t - day * DAY);

	if (day != r->day || !r->day_text[0])
		make_day(r, day);
	*to++ = '"';
	to = (char *)memcpy(to, r->day_text, sizeof r->day_text) + sizeof r->day_text;
	to = put_two(to, second / 3600);
	*to++ = ':';
	to = put_two(to, second / 60 % 60);
	*to++ = ':';
	to = put_two(to, second % 60);
	return PUT(to, " +0000\"");
}

/* ---- FLAGS ---- */

static void make_flags(struct fetch_run *r, struct fetch_flags *slot, uint64_t flags, bool recent)
{
	struct gw_out text;

	gw_out_init(&text);
	imap_put_flags(&text, flags, recent, &r->ix->keywords, NULL);
	slot->used = text.n <= sizeof slot->text;
	slot->flags = flags;
	slot->recent = recent;
	slot->n = (uint16_t)text.n;
	for (size_t n = 0; slot->used && text.n;) {
		struct gw_slice front = gw_out_front(&text);

		memcpy(slot->text + n, front.p, front.n);
		n += front.n;
		gw_out_drop(&text, front.n);
	}
	gw_out_done(&text);
}

/* The list as text, or NULL when it is too long to be kept. */
static const struct fetch_flags *find_flags(struct fetch_run *r, const struct gw_entry *e, bool *ret_recent)
{
	const struct gw_set *all = &r->s->view->recent;
	bool recent = all->n && gw_set_has(all, e->uid);
	uint64_t hash = ((e->flags << 1 | recent) * UINT64_C(0x9E3779B97F4A7C15)) >> 60;
	struct fetch_flags *slot = &r->flags[hash & (FETCH_FLAGS_SLOTS - 1)];

	*ret_recent = recent;
	if (!slot->used || slot->flags != e->flags || slot->recent != recent)
		make_flags(r, slot, e->flags, recent);
	return slot->used ? slot : NULL;
}

static void put_long_flags(struct fetch_run *r, const struct gw_entry *e, bool recent, struct gw_out *out)
{
	imap_put_flags(out, e->flags, recent, &r->ix->keywords, NULL);
}

/* ---- rows ---- */

/* An item but FLAGS. */
static char *put_item(struct fetch_run *r, char *to, enum imap_fetch_kind kind, const struct gw_entry *e)
{
	switch (kind) {
	case IMAP_FETCH_UID:
		return put_u32(PUT(to, "UID "), e->uid);
	case IMAP_FETCH_INTERNALDATE:
		return put_date(r, PUT(to, "INTERNALDATE "), e->date);
	case IMAP_FETCH_SIZE:
		return put_u32(PUT(to, "RFC822.SIZE "), e->size);
	case IMAP_FETCH_MODSEQ:
		to = put_u64(PUT(to, "MODSEQ ("), e->modseq);
		*to++ = ')';
		return to;
	default:
		return to;
	}
}

size_t fetch_row_room(const struct imap_fetch *f)
{
	return HEAD_ROOM + TAIL_ROOM + f->n * ITEM_ROOM + FETCH_FLAGS_TEXT;
}

static char *put_head(const struct fetch_run *r, char *to, uint32_t seq, uint32_t uid)
{
	if (r->by_uid)
		return PUT(put_u32(PUT(to, "* "), uid), " UIDFETCH (");
	return PUT(put_u32(PUT(to, "* "), seq), " FETCH (");
}

void fetch_put_head(const struct fetch_run *r, uint32_t seq, uint32_t uid, struct gw_out *out)
{
	char *p = gw_out_reserve(out, HEAD_ROOM);

	gw_out_commit(out, (size_t)(put_head(r, p, seq, uid) - p));
}

void fetch_put_fixed(struct fetch_run *r, enum imap_fetch_kind kind, const struct gw_entry *e, struct gw_out *out)
{
	char *p = gw_out_reserve(out, ITEM_ROOM + FETCH_FLAGS_TEXT), *to = p;
	const struct fetch_flags *text = NULL;
	bool recent = false;

	if (kind == IMAP_FETCH_FLAGS) {
		text = find_flags(r, e, &recent);
		to = PUT(to, "FLAGS ");
		if (text)
			to = (char *)memcpy(to, text->text, text->n) + text->n;
	} else {
		to = put_item(r, to, kind, e);
	}
	gw_out_commit(out, (size_t)(to - p));
	if (kind == IMAP_FETCH_FLAGS && !text)
		put_long_flags(r, e, recent, out);
}

/* A row with a list of flags that has no bound we would reserve for each row. */
static void long_row(struct fetch_run *r, uint32_t seq, const struct gw_entry *e, struct gw_out *out)
{
	fetch_put_head(r, seq, e->uid, out);
	for (size_t i = r->first; i < r->f->n; i++) {
		if (i > r->first)
			gw_out_char(out, ' ');
		fetch_put_fixed(r, r->f->item[i].kind, e, out);
	}
	gw_out_lit(out, ")\r\n");
}

void fetch_index_row(struct fetch_run *r, uint32_t seq, const struct gw_entry *e, struct gw_out *out)
{
	const struct fetch_flags *text = NULL;
	char *p, *to;
	bool recent;

	if (r->f->kinds & 1u << IMAP_FETCH_FLAGS) {
		text = find_flags(r, e, &recent);
		if (!text) {
			long_row(r, seq, e, out);
			return;
		}
	}
	p = gw_out_reserve(out, r->row_room);
	to = put_head(r, p, seq, e->uid);
	for (size_t i = r->first; i < r->f->n; i++) {
		if (i > r->first)
			*to++ = ' ';
		if (text && r->f->item[i].kind == IMAP_FETCH_FLAGS) {
			to = PUT(to, "FLAGS ");
			to = (char *)memcpy(to, text->text, text->n) + text->n;
		} else {
			to = put_item(r, to, r->f->item[i].kind, e);
		}
	}
	gw_out_commit(out, (size_t)(PUT(to, ")\r\n") - p));
}
