/* token.c - the words of IMAP (see token.h)
 *
 * Every function works on a copy of the slice and writes it back only when the whole token was there, which is all that
 * "total" takes. Which byte may stand where is in one table, made from the ABNF of RFC 9051 section 9. */
#include "imap/token.h"

#include "util/clock.h"

#define QUOTED IMAP_CT_QUOTED
#define LISTED (QUOTED | IMAP_CT_LIST)
#define ASTRING (LISTED | IMAP_CT_ASTRING)
#define TAG (ASTRING | IMAP_CT_TAG)
#define ATOM (TAG | IMAP_CT_ATOM)
#define ALNUM (ATOM | IMAP_CT_BASE64)

const unsigned char imap_ctype[256] = {
	/* 0x00, CR, LF, " and \ have no class */
	[0x01 ... 0x09] = QUOTED,
	[0x0B ... 0x0C] = QUOTED,
	[0x0E ... ' '] = QUOTED,
	['!'] = ATOM,
	['#' ... '$'] = ATOM,
	['%'] = LISTED,
	['&' ... '\''] = ATOM,
	['(' ... ')'] = QUOTED,
	['*'] = LISTED | IMAP_CT_SET,
	['+'] = (ALNUM & ~IMAP_CT_TAG),
	[','] = ATOM | IMAP_CT_SET,
	['-' ... '.'] = ATOM,
	['/'] = ALNUM,
	['0' ... '9'] = ALNUM | IMAP_CT_DIGIT | IMAP_CT_SET,
	[':'] = ATOM | IMAP_CT_SET,
	[';' ... '<'] = ATOM,
	['='] = ALNUM,
	['>' ... '@'] = ATOM,
	['A' ... 'Z'] = ALNUM,
	['['] = ATOM,
	[']'] = TAG,
	['^' ... '`'] = ATOM,
	['a' ... 'z'] = ALNUM,
	['{'] = QUOTED,
	['|' ... '~'] = ATOM,
	[0x7F ... 0xFF] = QUOTED,
};

static size_t run_length(struct gw_slice in, enum imap_class k)
{
	size_t n = 0;

	while (n < in.n && imap_is(in.p[n], k))
		n++;
	return n;
}

struct gw_slice imap_get_run(struct gw_slice *in, enum imap_class k)
{
	return gw_slice_take(in, run_length(*in, k));
}

bool imap_get_prefix(struct gw_slice *in, struct gw_slice word)
{
	if (!gw_slice_startsi(*in, word))
		return false;
	gw_slice_take(in, word.n);
	return true;
}

bool imap_get_word(struct gw_slice *in, struct gw_slice word)
{
	if (run_length(*in, IMAP_CT_ATOM) != word.n)
		return false;
	return imap_get_prefix(in, word);
}

/* ---- atoms ---- */

static bool get_some(struct gw_slice *in, enum imap_class k, struct gw_slice *ret)
{
	size_t n = run_length(*in, k);

	if (n == 0)
		return false;
	*ret = gw_slice_take(in, n);
	return true;
}

bool imap_get_tag(struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice rest = *in, tag;

	if (!get_some(&rest, IMAP_CT_TAG, &tag) || tag.n > IMAP_TAG_MAX)
		return false;
	*in = rest;
	*ret = tag;
	return true;
}

bool imap_get_atom(struct gw_slice *in, struct gw_slice *ret)
{
	return get_some(in, IMAP_CT_ATOM, ret);
}

bool imap_get_nil(struct gw_slice *in)
{
	return imap_get_word(in, GW_S("NIL"));
}

bool imap_get_flag(struct gw_slice *in, struct gw_slice *ret)
{
	size_t head = imap_peek(*in, '\\');
	size_t n = run_length(gw_slice(in->p + head, in->n - head), IMAP_CT_ATOM);

	if (n == 0)
		return false;
	*ret = gw_slice_take(in, head + n);
	return true;
}

struct gw_slice imap_find_tag(struct gw_slice line)
{
	struct gw_slice tag;

	if (!imap_get_tag(&line, &tag))
		return gw_slice("", 0);
	if (line.n && line.p[0] != ' ' && line.p[0] != '\r' && line.p[0] != '\n')
		return gw_slice("", 0);
	return tag;
}

/* ---- strings ---- */

/* Copy s, which ends where the closing quote stands, without the backslashes that escape. */
static struct gw_slice unescape(struct gw_arena *arena, struct gw_slice s)
{
	char *to = gw_arena_alloc(arena, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++; /* the scan saw to it that a byte follows */
		to[n++] = s.p[i];
	}
	return gw_slice(to, n);
}

bool imap_get_quoted(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	struct gw_slice rest = *in, text;
	bool escapes = false;

	if (!imap_get_char(&rest, '"'))
		return false;
	text = rest;
	for (;;) {
		imap_get_run(&rest, IMAP_CT_QUOTED);
		if (!imap_get_char(&rest, '\\'))
			break;
		if (!imap_get_char(&rest, '"') && !imap_get_char(&rest, '\\'))
			return false;
		escapes = true;
	}
	text.n -= rest.n;
	if (!imap_get_char(&rest, '"'))
		return false;
	*in = rest;
	*ret = escapes ? unescape(arena, text) : text;
	return true;
}

bool imap_get_literal(struct gw_slice *in, struct gw_slice *ret)
{
	struct gw_slice rest = *in;
	struct imap_literal lit;

	if (!imap_get_announcement(&rest, &lit) || lit.binary)
		return false;
	imap_get_char(&rest, '\r');
	if (!imap_get_char(&rest, '\n') || lit.size > rest.n || memchr(rest.p, '\0', (size_t)lit.size))
		return false;
	*ret = gw_slice_take(&rest, (size_t)lit.size);
	*in = rest;
	return true;
}

bool imap_get_string(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	return imap_get_quoted(in, arena, ret) || imap_get_literal(in, ret);
}

bool imap_get_astring(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	return get_some(in, IMAP_CT_ASTRING, ret) || imap_get_string(in, arena, ret);
}

bool imap_get_nstring(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret, bool *ret_nil)
{
	if (imap_get_nil(in)) {
		*ret = gw_slice("", 0);
		*ret_nil = true;
		return true;
	}
	if (!imap_get_string(in, arena, ret))
		return false;
	*ret_nil = false;
	return true;
}

bool imap_get_list_mailbox(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	return get_some(in, IMAP_CT_LIST, ret) || imap_get_string(in, arena, ret);
}

/* ---- numbers ---- */

/* All digits at the front; UINT64_MAX when they are more than that. */
static bool get_digits(struct gw_slice *in, uint64_t *ret)
{
	size_t n = run_length(*in, IMAP_CT_DIGIT);
	uint64_t v = 0;

	if (n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned char)in->p[i] - (unsigned)'0';

		if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, digit, &v)) {
			v = UINT64_MAX;
			break;
		}
	}
	gw_slice_take(in, n);
	*ret = v;
	return true;
}

static bool get_in_range(struct gw_slice *in, uint64_t min, uint64_t max, uint64_t *ret)
{
	struct gw_slice rest = *in;
	uint64_t v;

	if (!get_digits(&rest, &v) || v < min || v > max)
		return false;
	*in = rest;
	*ret = v;
	return true;
}

static bool get_u32(struct gw_slice *in, uint64_t min, uint32_t *ret)
{
	uint64_t v;

	if (!get_in_range(in, min, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool imap_get_number(struct gw_slice *in, uint32_t *ret)
{
	return get_u32(in, 0, ret);
}

bool imap_get_nz_number(struct gw_slice *in, uint32_t *ret)
{
	return get_u32(in, 1, ret);
}

bool imap_get_number64(struct gw_slice *in, uint64_t *ret)
{
	return get_in_range(in, 0, INT64_MAX, ret);
}

bool imap_get_nz_number64(struct gw_slice *in, uint64_t *ret)
{
	return get_in_range(in, 1, INT64_MAX, ret);
}

/* ---- announcements of literals ---- */

bool imap_get_announcement(struct gw_slice *in, struct imap_literal *ret)
{
	struct gw_slice rest = *in;
	struct imap_literal lit = { 0 };

	lit.binary = imap_get_char(&rest, '~');
	if (!imap_get_char(&rest, '{') || !get_digits(&rest, &lit.size))
		return false;
	lit.nonsync = imap_get_char(&rest, '+');
	if (!imap_get_char(&rest, '}'))
		return false;
	*in = rest;
	*ret = lit;
	return true;
}

bool imap_line_announces(struct gw_slice line, struct imap_literal *ret, size_t *ret_head)
{
	struct gw_slice announcement;
	size_t at = line.n;

	if (at == 0 || line.p[--at] != '}')
		return false;
	if (at && line.p[at - 1] == '+')
		at--;
	while (at && imap_is(line.p[at - 1], IMAP_CT_DIGIT))
		at--;
	if (at == 0 || line.p[--at] != '{')
		return false;
	if (at && line.p[at - 1] == '~')
		at--;
	announcement = gw_slice(line.p + at, line.n - at);
	if (!imap_get_announcement(&announcement, ret))
		return false;
	if (ret_head)
		*ret_head = at;
	return true;
}

/* ---- dates ---- */

struct date {
	unsigned day, month, year;
};

/* Exactly n digits. */
static bool get_fixed(struct gw_slice *in, size_t n, unsigned *ret)
{
	unsigned v = 0;

	if (in->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!imap_is(in->p[i], IMAP_CT_DIGIT))
			return false;
		v = v * 10 + ((unsigned char)in->p[i] - (unsigned)'0');
	}
	gw_slice_take(in, n);
	*ret = v;
	return true;
}

static bool get_month(struct gw_slice *in, unsigned *ret)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned m = 0; m < 12; m++) {
		if (imap_get_prefix(in, gw_slice(names + 3 * m, 3))) {
			*ret = m + 1;
			return true;
		}
	}
	return false;
}

static unsigned days_of(unsigned month, unsigned year)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* date-day "-" date-month "-" date-year, the day with one digit or two. */
static bool get_date_text(struct gw_slice *in, struct date *ret)
{
	struct date d;

	if (!get_fixed(in, 2, &d.day) && !get_fixed(in, 1, &d.day))
		return false;
	if (!imap_get_char(in, '-') || !get_month(in, &d.month) || !imap_get_char(in, '-') ||
	    !get_fixed(in, 4, &d.year))
		return false;
	if (d.day < 1 || d.day > days_of(d.month, d.year))
		return false;
	*ret = d;
	return true;
}

bool imap_get_date(struct gw_slice *in, int64_t *ret)
{
	struct gw_slice rest = *in;
	bool quoted = imap_get_char(&rest, '"');
	struct date d;

	if (!get_date_text(&rest, &d) || (quoted && !imap_get_char(&rest, '"')))
		return false;
	*in = rest;
	*ret = gw_time_from_civil(d.year, d.month, d.day);
	return true;
}

/* hh ":" mm ":" ss, as seconds of the day. */
static bool get_time(struct gw_slice *in, int64_t *ret)
{
	unsigned h, m, s;

	if (!get_fixed(in, 2, &h) || !imap_get_char(in, ':') || !get_fixed(in, 2, &m) || !imap_get_char(in, ':') ||
	    !get_fixed(in, 2, &s))
		return false;
	if (h > 23 || m > 59 || s > 60)
		return false;
	*ret = (int64_t)h * 3600 + m * 60 + (s > 59 ? 59 : s);
	return true;
}

/* ("+" / "-") hhmm, as seconds east of Greenwich. */
static bool get_zone(struct gw_slice *in, int64_t *ret)
{
	bool west = imap_get_char(in, '-');
	unsigned h, m;

	if (!west && !imap_get_char(in, '+'))
		return false;
	if (!get_fixed(in, 2, &h) || !get_fixed(in, 2, &m) || h > 23 || m > 59)
		return false;
	*ret = (west ? -1 : 1) * ((int64_t)h * 3600 + m * 60);
	return true;
}

bool imap_get_date_time(struct gw_slice *in, int64_t *ret)
{
	struct gw_slice rest = *in;
	int64_t time, zone;
	struct date d;

	if (!imap_get_char(&rest, '"'))
		return false;
	imap_get_sp(&rest); /* date-day-fixed: SP DIGIT */
	if (!get_date_text(&rest, &d) || !imap_get_sp(&rest) || !get_time(&rest, &time) || !imap_get_sp(&rest) ||
	    !get_zone(&rest, &zone) || !imap_get_char(&rest, '"'))
		return false;
	*in = rest;
	*ret = gw_time_from_civil(d.year, d.month, d.day) + time - zone;
	return true;
}

/* ---- FETCH ---- */

bool imap_get_partial(struct gw_slice *in, uint64_t *ret_offset, uint64_t *ret_count)
{
	struct gw_slice rest = *in;
	uint64_t offset, count;

	if (!imap_get_char(&rest, '<') || !imap_get_number64(&rest, &offset) || !imap_get_char(&rest, '.') ||
	    !imap_get_nz_number64(&rest, &count) || !imap_get_char(&rest, '>'))
		return false;
	*in = rest;
	*ret_offset = offset;
	*ret_count = count;
	return true;
}
