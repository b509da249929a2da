/* number.c - numbers, ports, permissions, sizes and times of gateway.cfg
 *
 * Numbers are read as strtoul with base 0 reads them, sizes and times as decimal numbers with a unit. The original took
 * what stood at the front and forgot the rest; here the whole text must be understood, and what it had made of a text
 * is told when that was something else. */
#include "config/priv.h"

#include <stdio.h>

static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = gw_lower(c);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

/* Cut the digits of base off the front of s. False without a digit; *over when there are too many. */
static bool take_digits(struct gw_slice *s, unsigned base, uint64_t *ret, bool *over)
{
	uint64_t v = 0;
	size_t n = 0;

	*over = false;
	for (; n < s->n && digit_value(s->p[n]) < base; n++)
		*over = __builtin_mul_overflow(v, base, &v) || *over ||
			__builtin_add_overflow(v, digit_value(s->p[n]), &v);
	gw_slice_take(s, n);
	*ret = v;
	return n > 0;
}

uint64_t config_max(const struct gw_option *opt)
{
	return opt->max ? opt->max : opt->type == GW_OPT_SIZE ? UINT64_MAX : UINT32_MAX;
}

static bool check_range(const struct gw_option *opt, uint64_t v, bool over, union config_parsed *ret,
	struct config_problem *p)
{
	if (over || v > config_max(opt))
		return config_problem(p, CONFIG_E_RANGE, "is too large");
	if (v < opt->min && !(v == 0 && opt->flags & GW_OPT_ZERO_OFF))
		return config_problem(p, CONFIG_E_RANGE, "is too small");
	ret->u = v;
	return true;
}

/* strtoul took a sign, and so does a file that was written for it; a + says nothing. */
static void skip_plus(struct gw_slice *s)
{
	if (s->n > 1 && s->p[0] == '+' && digit_value(s->p[1]) < 10)
		gw_slice_take(s, 1);
}

/* What the old daemon did with a number that is refused now, or that has a trap. */
static void compare_uint(const struct gw_option *opt, uint64_t v, bool over, struct config_problem *p)
{
	if (p->code == CONFIG_E_RANGE && opt->type == GW_OPT_PORT && v > UINT16_MAX && (uint16_t)v && !over)
		snprintf(p->hint, sizeof p->hint, "kopano-gateway used port %u", (unsigned)(uint16_t)v);
	if (!p->code && opt->flags & GW_OPT_MINUS && v == 0) {
		config_problem(p, CONFIG_W_DIFFERENT, "is read as no limit; kopano-gateway cut every session at its first answer");
		snprintf(p->suggestion, sizeof p->suggestion, "write -1");
	}
}

/* A number as strtoul with base 0 reads it, but nothing may follow. */
static bool parse_uint(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	struct gw_slice text = s;
	bool minus = s.n > 1 && s.p[0] == '-' && s.p[1] >= '0' && s.p[1] <= '9', over;
	unsigned base = 10;
	uint64_t v;

	if (opt->flags & GW_OPT_MINUS && gw_slice_eq(s, GW_S("-1"))) {
		ret->u = 0;
		return true;
	}
	skip_plus(&s);
	if (s.n > 2 && s.p[0] == '0' && gw_lower(s.p[1]) == 'x') {
		base = 16;
		gw_slice_take(&s, 2);
	} else if (s.n > 1 && s.p[0] == '0') {
		base = 8;
	}
	if (!take_digits(&s, base, &v, &over) || s.n)
		return config_problem(p, CONFIG_E_VALUE, minus ? "is less than 0" : "is not a number");
	check_range(opt, v, over, ret, p);
	compare_uint(opt, v, over, p);
	if (p->code == CONFIG_E_RANGE)
		return false;
	if (base == 8 && !p->code) {
		config_problem(p, CONFIG_W_OCTAL, "\"%.*s\" is octal because of its leading 0: it means %llu", GW_FMT(text),
			(unsigned long long)v);
		snprintf(p->suggestion, sizeof p->suggestion, "write %llu, or leave out the 0", (unsigned long long)v);
	}
	return true;
}

static bool parse_mode(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	bool over;
	uint64_t v;

	if (s.n < 3 || s.n > 4 || !take_digits(&s, 8, &v, &over) || s.n)
		return config_problem(p, CONFIG_E_VALUE, "is not a number of three or four octal digits");
	return check_range(opt, v, over, ret, p);
}

/* ---- sizes and times ---- */

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{ "", 1 },	    { "b", 1 },
	{ "k", 1u << 10 },  { "kb", 1u << 10 },	 { "kib", 1u << 10 },
	{ "m", 1u << 20 },  { "mb", 1u << 20 },	 { "mib", 1u << 20 },
	{ "g", 1u << 30 },  { "gb", 1u << 30 },	 { "gib", 1u << 30 },
	{ "t", 1ull << 40 }, { "tb", 1ull << 40 }, { "tib", 1ull << 40 },
	{ NULL, 0 },
};

static const struct unit time_units[] = {
	{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 }, { NULL, 0 },
};

/* A number of some unit, taken apart. */
struct quantity {
	uint64_t whole;
	uint64_t parts, of; /* the fraction: parts/of, of is a power of 10 */
	bool over;
	struct gw_slice unit;
};

#define FRACTION_MAX 1000000000 /* of more digits none gives whole bytes, but for oddities */

static bool take_quantity(struct gw_slice s, bool fraction, struct quantity *q)
{
	*q = (struct quantity){ .of = 1 };
	skip_plus(&s);
	if (!take_digits(&s, 10, &q->whole, &q->over))
		return false;
	if (fraction && s.n > 1 && s.p[0] == '.' && digit_value(s.p[1]) < 10) {
		for (gw_slice_take(&s, 1); s.n && digit_value(s.p[0]) < 10; gw_slice_take(&s, 1)) {
			if (q->of < FRACTION_MAX) {
				q->parts = q->parts * 10 + digit_value(s.p[0]);
				q->of *= 10;
			} else if (s.p[0] != '0') {
				q->parts = 1; /* too fine to be a whole number of anything */
				q->of = FRACTION_MAX;
			}
		}
	}
	q->unit = gw_slice_trim(s);
	return true;
}

/* What kopano-gateway up to 10.0 kept of a size: it looked at one letter behind whole digits, and at 32 bits. */
static uint32_t old_size(const struct quantity *q)
{
	uint64_t factor = 1;
	char letter = q->unit.n && q->of == 1 ? gw_lower(q->unit.p[0]) : '\0';

	if (letter == 'k' || letter == 'm' || letter == 'g')
		factor = 1ull << (letter == 'k' ? 10 : letter == 'm' ? 20 : 30);
	return (uint32_t)(q->whole * factor);
}

static void compare_size(const struct quantity *q, struct gw_slice text, uint64_t v, struct gw_arena *arena,
	struct config_problem *p)
{
	const char *now = p->code ? NULL : config_size_text(v, arena);

	if (p->code) {
		if (!q->over && old_size(q) != v)
			snprintf(p->hint, sizeof p->hint, "kopano-gateway made %u of it", old_size(q));
		return;
	}
	if (old_size(q) != v)
		config_problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as %s; kopano-gateway before 10.0.1 read it as %u",
			(int)(text.n < 60 ? text.n : 60), text.p, now, old_size(q));
	else if (q->unit.n > 1 || (q->unit.n && gw_lower(q->unit.p[0]) == 'b'))
		config_problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as %s; not every version of kopano-gateway knew the unit",
			(int)(text.n < 60 ? text.n : 60), text.p, now);
	else
		return;
	snprintf(p->suggestion, sizeof p->suggestion, "write %s", now);
}

static bool parse_units(const struct gw_option *opt, const struct unit *units, struct gw_slice s, struct gw_arena *arena,
	union config_parsed *ret, struct config_problem *p)
{
	struct quantity q;
	uint64_t v, parts;

	if (!take_quantity(s, opt->type == GW_OPT_SIZE, &q))
		return config_problem(p, CONFIG_E_VALUE, "does not begin with a number");
	while (units->name && !gw_slice_eqi(q.unit, gw_slice_str(units->name)))
		units++;
	if (!units->name) {
		p->skip = (unsigned)(q.unit.p - s.p);
		p->width = (unsigned)q.unit.n;
		return config_problem(p, CONFIG_E_VALUE, "has something behind the number that is no unit");
	}
	if (__builtin_mul_overflow(q.parts, units->factor, &parts) || parts % q.of != 0)
		return config_problem(p, CONFIG_E_VALUE, "is not a whole number of bytes");
	q.over = __builtin_mul_overflow(q.whole, units->factor, &v) || q.over;
	q.over = __builtin_add_overflow(v, parts / q.of, &v) || q.over;
	check_range(opt, v, q.over, ret, p);
	if (opt->flags & GW_OPT_OLD_SIZE)
		compare_size(&q, s, v, arena, p);
	return p->code != CONFIG_E_RANGE;
}

bool config_parse_number(const struct gw_option *opt, struct gw_slice s, struct gw_arena *arena,
	union config_parsed *ret, struct config_problem *p)
{
	switch (opt->type) {
	case GW_OPT_MODE:
		return parse_mode(opt, s, ret, p);
	case GW_OPT_SIZE:
		return parse_units(opt, size_units, s, arena, ret, p);
	case GW_OPT_SECONDS:
		return parse_units(opt, time_units, s, arena, ret, p);
	default:
		return parse_uint(opt, s, ret, p);
	}
}
