/* date.c - the Date: field (see date.h) */
#include "mime/date.h"

#include "mime/lex.h"

#define DAY_S 86400

int64_t gw_days_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
	unsigned of_era = (unsigned)(y - era * 400);
	unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Up to max digits; false when there are none or more. */
static bool number(struct gw_slice s, size_t max, int64_t *ret)
{
	int64_t v = 0;

	if (s.n == 0 || s.n > max)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*ret = v;
	return true;
}

static bool month_of(struct gw_slice s, unsigned *ret)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned i = 0; i < 12 && s.n >= 3; i++) {
		if (gw_slice_eqi(gw_slice(s.p, 3), gw_slice(names + 3 * i, 3))) {
			*ret = i + 1;
			return true;
		}
	}
	return false;
}

static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "EST", -300 }, { "EDT", -240 }, { "CST", -360 }, { "CDT", -300 }, { "MST", -420 },
	{ "MDT", -360 }, { "PST", -480 }, { "PDT", -420 }, { "CET", 60 },   { "CEST", 120 },
	{ "BST", 60 },   { "EET", 120 },  { "EEST", 180 }, { "JST", 540 },
};

/* Seconds east of UTC; what is not known is UTC (RFC 5322 4.3). */
static int64_t zone_of(struct gw_slice s)
{
	int64_t v;

	if (s.n == 5 && (s.p[0] == '+' || s.p[0] == '-') && number(gw_slice(s.p + 1, 4), 4, &v) && v / 100 < 24 &&
	    v % 100 < 60) {
		int64_t seconds = (v / 100 * 60 + v % 100) * 60;

		return s.p[0] == '-' ? -seconds : seconds;
	}
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (gw_slice_eqi(s, gw_slice_str(zones[i].name)))
			return (int64_t)zones[i].minutes * 60;
	return 0;
}

struct stamp {
	int64_t day, year, hour, minute, second, zone;
	unsigned month;
};

/* hour ":" minute [":" second]; the lexer has cut it at the colons. */
static void read_time(struct gw_lexer *l, struct stamp *t)
{
	int64_t *const parts[] = { &t->hour, &t->minute, &t->second };

	for (int i = 0; i < 3; i++) {
		struct gw_lexer before = *l;

		if (i && (gw_lex_next(l) != GW_LEX_SPECIAL || l->token.p[0] != ':')) {
			*l = before;
			return;
		}
		if (gw_lex_next(l) != GW_LEX_ATOM || !number(l->token, 2, parts[i])) {
			*l = before;
			return;
		}
	}
}

static bool read_day(struct gw_lexer *l, struct stamp *t)
{
	enum gw_lex kind = gw_lex_next(l);

	if (kind == GW_LEX_ATOM && !number(l->token, 2, &t->day)) { /* the day of the week */
		kind = gw_lex_next(l);
		if (kind == GW_LEX_SPECIAL && (l->token.p[0] == ',' || l->token.p[0] == '.'))
			kind = gw_lex_next(l);
	}
	if (kind != GW_LEX_ATOM)
		return false;
	if (number(l->token, 2, &t->day))
		return gw_lex_next(l) == GW_LEX_ATOM && month_of(l->token, &t->month);
	return month_of(l->token, &t->month) && gw_lex_next(l) == GW_LEX_ATOM && number(l->token, 2, &t->day);
}

static int64_t whole_year(int64_t y, size_t digits)
{
	if (digits >= 4)
		return y;
	if (digits == 3 || y >= 50)
		return 1900 + y;
	return 2000 + y;
}

/* A time that cannot be is 00:00:00 (RFC 5256 2.2). */
static void mend_time(struct stamp *t)
{
	if (t->hour > 24 || t->minute > 59 || t->second > 60)
		t->hour = t->minute = t->second = 0;
}

bool gw_date_parse(struct gw_slice body, int64_t *ret_utc, int64_t *ret_day)
{
	struct gw_lexer l = { .in = body, .specials = ",:;" };
	struct stamp t = { .day = 0 };
	struct gw_lexer zone;

	if (!read_day(&l, &t))
		return false;
	if (gw_lex_next(&l) != GW_LEX_ATOM || !number(l.token, 4, &t.year))
		return false;
	t.year = whole_year(t.year, l.token.n);
	read_time(&l, &t);
	zone = l;
	if (gw_lex_next(&zone) == GW_LEX_ATOM)
		t.zone = zone_of(zone.token);
	if (t.day < 1 || t.day > 31 || t.year < 1)
		return false;
	mend_time(&t);
	*ret_day = gw_days_from_civil(t.year, t.month, (unsigned)t.day) * DAY_S;
	*ret_utc = *ret_day + t.hour * 3600 + t.minute * 60 + t.second - t.zone;
	return true;
}
