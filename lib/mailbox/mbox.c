/* mbox.c - cutting an mbox into its messages (see mbox.h)
 *
 * It goes by lines; a line longer than the window counts as ended where the window ends. */
#include "mailbox/mbox.h"

#include "mime/date.h"
#include "mime/header.h"
#include "util/num.h"

void gw_mbox_init(struct gw_mbox *m, uint64_t offset)
{
	*m = (struct gw_mbox){ .offset = offset, .where = GW_MBOX_BETWEEN, .after_empty = true };
}

static struct gw_slice cut(struct gw_mbox *m, struct gw_slice *in, size_t n)
{
	m->offset += n;
	return gw_slice_take(in, n);
}

static struct gw_slice without_end(struct gw_slice line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static bool is_empty(struct gw_slice line)
{
	return gw_slice_eq(line, GW_S("\n")) || gw_slice_eq(line, GW_S("\r\n"));
}

static bool is_from(struct gw_slice line)
{
	return line.n >= 5 && memcmp(line.p, "From ", 5) == 0;
}

/* A From_ line for sure, or what a message says: "From here on ..."? Mozilla leaves out what it does not know. */
static bool is_separator(struct gw_slice line)
{
	int64_t date;
	bool zone;

	if (!is_from(line))
		return false;
	line = gw_slice_trim(line);
	return line.n == 4 || gw_slice_eq(line, GW_S("From -")) || gw_mbox_from_date(line, &date, &zone);
}

/* The first line of in, with its end. False: not whole yet. */
static bool first_line(struct gw_slice in, bool last, struct gw_slice *ret)
{
	size_t n = gw_slice_find(in, '\n');

	if (n == in.n && !last && in.n < GW_MBOX_WINDOW)
		return false;
	*ret = gw_slice(in.p, n < in.n ? n + 1 : n);
	return true;
}

/* The first field of in, over all its lines. False: not whole yet. */
static bool first_field(struct gw_slice in, bool last, struct gw_slice *ret)
{
	size_t n = 0;

	do {
		struct gw_slice rest = gw_slice(in.p + n, in.n - n);
		size_t line = gw_slice_find(rest, '\n');

		if (line == rest.n || line + 1 == rest.n) {
			*ret = in;
			return last || in.n >= GW_MBOX_WINDOW;
		}
		n += line + 1;
	} while (in.p[n] == ' ' || in.p[n] == '\t');
	*ret = gw_slice(in.p, n);
	return true;
}

static enum gw_mbox_piece octets(struct gw_mbox *m, struct gw_slice piece, struct gw_slice *ret)
{
	m->mid_line = piece.p[piece.n - 1] != '\n';
	*ret = piece;
	return GW_MBOX_OCTETS;
}

/* A line of a message: its quoting is undone. */
static enum gw_mbox_piece line_of(struct gw_mbox *m, struct gw_slice *in, size_t n, struct gw_slice *ret)
{
	struct gw_slice line = cut(m, in, n);
	size_t quotes = 0;

	while (quotes < line.n && line.p[quotes] == '>')
		quotes++;
	if (quotes && is_from(gw_slice(line.p + quotes, line.n - quotes)))
		gw_slice_take(&line, 1);
	m->after_empty = is_empty(line);
	return octets(m, line, ret);
}

static enum gw_mbox_piece end(struct gw_mbox *m)
{
	m->where = GW_MBOX_BETWEEN;
	m->pending = 0;
	m->mid_line = false;
	m->after_empty = true;
	return GW_MBOX_END;
}

/* ---- by where it is ---- */

static enum gw_mbox_piece between(struct gw_mbox *m, struct gw_slice *in, struct gw_slice line, struct gw_slice *ret)
{
	bool begins = !m->mid_line && (m->offset == 0 ? is_from(line) : is_separator(line));
	uint64_t at = m->offset;
	struct gw_slice used = cut(m, in, line.n);

	m->mid_line = line.p[line.n - 1] != '\n';
	if (!begins)
		return GW_MBOX_MORE; /* gone on with by the caller */
	m->begun = at;
	m->where = GW_MBOX_HEAD;
	m->after_empty = m->mid_line = false;
	*ret = without_end(used);
	return GW_MBOX_BEGIN;
}

/* Empty lines are held back: the last one before a From_ line or the end is none of the message. */
static enum gw_mbox_piece in_body(struct gw_mbox *m, struct gw_slice *in, struct gw_slice line, struct gw_slice *ret)
{
	int was = m->pending;
	bool empty = is_empty(line);

	m->pending = 0;
	if (empty) {
		m->pending = (int)line.n;
		m->after_empty = true;
		cut(m, in, line.n);
	}
	if (was) {
		*ret = was == 1 ? GW_S("\n") : GW_S("\r\n");
		return GW_MBOX_OCTETS;
	}
	return empty ? GW_MBOX_MORE : line_of(m, in, line.n, ret);
}

static enum gw_mbox_piece in_head(struct gw_mbox *m, struct gw_slice *in, struct gw_slice line, bool last,
				  struct gw_slice *ret)
{
	struct gw_slice name = gw_slice(line.p, gw_slice_find(line, ':'));
	struct gw_slice field;

	if (is_empty(line)) {
		m->where = GW_MBOX_BODY;
		return in_body(m, in, line, ret);
	}
	if (line.p[0] == ' ' || line.p[0] == '\t' || name.n == line.n || !gw_mbox_is_fact(gw_slice_trim(name)))
		return line_of(m, in, line.n, ret);
	if (!first_field(*in, last, &field))
		return GW_MBOX_MORE;
	*ret = cut(m, in, field.n);
	m->after_empty = false;
	m->mid_line = field.p[field.n - 1] != '\n';
	return GW_MBOX_FACT;
}

static enum gw_mbox_piece step(struct gw_mbox *m, struct gw_slice *in, struct gw_slice line, bool last, struct gw_slice *ret)
{
	if (m->where == GW_MBOX_BETWEEN)
		return between(m, in, line, ret);
	if (m->mid_line)
		return octets(m, cut(m, in, line.n), ret);
	if (m->after_empty && is_separator(line))
		return end(m);
	return m->where == GW_MBOX_HEAD ? in_head(m, in, line, last, ret) : in_body(m, in, line, ret);
}

enum gw_mbox_piece gw_mbox_next(struct gw_mbox *m, struct gw_slice *in, bool last, struct gw_slice *ret)
{
	struct gw_slice line;

	while (in->n) {
		uint64_t at = m->offset;
		enum gw_mbox_piece piece;

		if (!first_line(*in, last || m->mid_line, &line))
			return GW_MBOX_MORE;
		piece = step(m, in, line, last, ret);
		if (piece != GW_MBOX_MORE || m->offset == at)
			return piece;
	}
	if (!last)
		return GW_MBOX_MORE;
	return m->where == GW_MBOX_BETWEEN ? GW_MBOX_DONE : end(m);
}

/* ---- the date of a From_ line ---- */

struct from_date {
	int64_t year, hour, minute, second, zone;
	unsigned month, day;
	bool has_time, has_zone;
};

static bool number_in(struct gw_slice s, uint64_t max, int64_t *ret)
{
	uint64_t v;

	if (s.n > 4 || !gw_parse_u64_range(s, 0, max, &v))
		return false;
	*ret = (int64_t)v;
	return true;
}

static unsigned month_of(struct gw_slice word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (gw_slice_eqi(word, gw_slice(names + 3 * i, 3)))
			return i + 1;
	return 0;
}

/* "09:55" or "09:55:06" */
static bool read_time(struct gw_slice word, struct from_date *d)
{
	struct gw_slice hour, minute;

	if (!gw_slice_word(&word, ":", &hour) || !gw_slice_word(&word, ":", &minute))
		return false;
	if (word.n)
		gw_slice_take(&word, 1);
	else
		word = GW_S("0");
	return number_in(hour, 23, &d->hour) && number_in(minute, 59, &d->minute) && number_in(word, 60, &d->second);
}

/* "+0100", or a name that everybody means the same by. */
static bool read_zone(struct gw_slice word, struct from_date *d)
{
	int64_t v;

	if (gw_slice_eqi(word, GW_S("GMT")) || gw_slice_eqi(word, GW_S("UTC")) || gw_slice_eqi(word, GW_S("UT"))) {
		d->zone = 0;
		return true;
	}
	if (word.n != 5 || (word.p[0] != '+' && word.p[0] != '-') || !number_in(gw_slice(word.p + 1, 4), 2359, &v))
		return false;
	d->zone = (v / 100 * 60 + v % 100) * (word.p[0] == '-' ? -60 : 60);
	return true;
}

static void read_word(struct gw_slice word, struct from_date *d)
{
	unsigned month = month_of(word);
	int64_t v;

	if (gw_slice_find(word, ':') < word.n)
		d->has_time = d->has_time || read_time(word, d);
	else if (month && !d->month)
		d->month = month;
	else if (read_zone(word, d))
		d->has_zone = true;
	else if (word.n == 4 && number_in(word, 9999, &v) && v >= 1900)
		d->year = v;
	else if (word.n <= 2 && number_in(word, 99, &v) && v >= 1 && v <= 31 && !d->day)
		d->day = (unsigned)v;
	else if (word.n == 2 && number_in(word, 99, &v) && !d->year)
		d->year = v < 70 ? 2000 + v : 1900 + v;
}

bool gw_mbox_from_date(struct gw_slice line, int64_t *ret, bool *ret_zone)
{
	struct from_date d = { 0 };
	struct gw_slice word;

	gw_slice_word(&line, " \t", &word); /* From */
	while (gw_slice_word(&line, " \t,\r\n", &word) && !gw_slice_eqi(word, GW_S("remote")))
		read_word(word, &d);
	if (!d.month || !d.day || !d.has_time || !d.year)
		return false;
	*ret = gw_days_from_civil(d.year, d.month, d.day) * 86400 + d.hour * 3600 + d.minute * 60 + d.second - d.zone;
	*ret_zone = d.has_zone;
	return true;
}
