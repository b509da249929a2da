/* value.c - from the text of a value to the value, by type
 *
 * The text comes trimmed, with environment values in place. What kopano-gateway read in another way is parsed in the
 * safe way and reported; what it guessed at ("1.5M" was one byte) is refused. */
#include "config/priv.h"

#include "util/num.h"

#include <stdarg.h>
#include <stdio.h>

static bool problem(struct config_problem *p, unsigned code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Returns false, for `return problem(...)`. */
static bool problem(struct config_problem *p, unsigned code, const char *fmt, ...)
{
	va_list ap;

	p->code = code;
	va_start(ap, fmt);
	vsnprintf(p->text, sizeof p->text, fmt, ap);
	va_end(ap);
	return false;
}

bool config_next_word(struct gw_slice *s, struct gw_slice *ret)
{
	size_t n = 0;

	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		gw_slice_take(s, 1);
	while (n < s->n && s->p[n] != ' ' && s->p[n] != '\t')
		n++;
	if (n == 0)
		return false;
	*ret = gw_slice_take(s, n);
	return true;
}

bool gw_words_has(const struct gw_words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (gw_slice_eqi(gw_slice_str(w->v[i]), gw_slice_str(word)))
			return true;
	return false;
}

static const struct gw_option_word *find_word(const struct gw_option_word *words, struct gw_slice s)
{
	for (; words->word; words++)
		if (gw_slice_eqi(s, gw_slice_str(words->word)))
			return words;
	return NULL;
}

/* ---- booleans ---- */

static const struct gw_option_word bool_words[] = {
	{ "yes", 1 }, { "no", 0 }, { "true", 1 }, { "false", 0 }, { "1", 1 }, { "0", 0 }, { "on", 1 }, { "off", 0 },
	{ "", 0 },    { NULL, 0 },
};

/* What kopano-gateway before 11 made of the text. */
static bool old_bool(const struct gw_option *opt, struct gw_slice s)
{
	if (opt->flags & GW_OPT_OLD_YES)
		return gw_slice_eq(s, GW_S("yes"));
	return !gw_slice_eq(s, GW_S("0")) && !gw_slice_eq(s, GW_S("no")) && !gw_slice_eq(s, GW_S("false"));
}

static bool parse_bool(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	const struct gw_option_word *w = find_word(bool_words, s);

	if (!w)
		return problem(p, CONFIG_E_VALUE, "is neither yes nor no");
	ret->b = w->value;
	if (opt->flags & (GW_OPT_OLD_YES | GW_OPT_OLD_NOT_NO) && old_bool(opt, s) != ret->b) {
		problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as %s; kopano-gateway before version 11 read it as %s",
			GW_FMT(s), ret->b ? "yes" : "no", ret->b ? "no" : "yes");
		snprintf(p->suggestion, sizeof p->suggestion, "write %s", ret->b ? "yes" : "no");
	}
	return true;
}

/* ---- numbers ---- */

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
		return problem(p, CONFIG_E_RANGE, "is too large");
	if (v < opt->min && !(v == 0 && opt->flags & GW_OPT_ZERO_OFF))
		return problem(p, CONFIG_E_RANGE, "is too small");
	ret->u = v;
	return true;
}

/* A number as strtoul with base 0 reads it, but nothing may follow. */
static bool parse_uint(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	struct gw_slice text = s;
	unsigned base = 10;
	bool over;
	uint64_t v;

	if (opt->flags & GW_OPT_MINUS && gw_slice_eq(s, GW_S("-1"))) {
		ret->u = 0;
		return true;
	}
	if (s.n > 2 && s.p[0] == '0' && gw_lower(s.p[1]) == 'x') {
		base = 16;
		gw_slice_take(&s, 2);
	} else if (s.n > 1 && s.p[0] == '0') {
		base = 8;
	}
	if (!take_digits(&s, base, &v, &over) || s.n)
		return problem(p, CONFIG_E_VALUE, "is not a number");
	if (!check_range(opt, v, over, ret, p))
		return false;
	if (base == 8) {
		problem(p, CONFIG_W_OCTAL, "\"%.*s\" is octal because of its leading 0: it means %llu", GW_FMT(text),
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
		return problem(p, CONFIG_E_VALUE, "is not a number of three or four octal digits");
	return check_range(opt, v, over, ret, p);
}

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

static bool parse_units(const struct gw_option *opt, const struct unit *units, struct gw_slice s,
	union config_parsed *ret, struct config_problem *p)
{
	struct gw_slice text = s;
	bool over;
	uint64_t v;

	if (!take_digits(&s, 10, &v, &over))
		return problem(p, CONFIG_E_VALUE, "does not begin with a number");
	s = gw_slice_trim(s);
	while (units->name && !gw_slice_eqi(s, gw_slice_str(units->name)))
		units++;
	if (!units->name) {
		p->skip = (unsigned)(s.p - text.p);
		p->width = (unsigned)s.n;
		return problem(p, CONFIG_E_VALUE, "has something behind the number that is no unit");
	}
	over = __builtin_mul_overflow(v, units->factor, &v) || over;
	return check_range(opt, v, over, ret, p);
}

/* ---- words ---- */

/* The old daemon looked at the first six letters only, with case, and took everything else as fork. */
static void compare_process_model(struct gw_slice s, unsigned value, struct config_problem *p)
{
	bool was_thread = s.n >= 6 && memcmp(s.p, "thread", 6) == 0;

	if (was_thread == (value == GW_PROCESS_THREAD))
		return;
	problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as thread; kopano-gateway read it as fork", GW_FMT(s));
	snprintf(p->suggestion, sizeof p->suggestion, "write thread");
}

static bool parse_enum(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	const struct gw_option_word *w = find_word(opt->words, s);

	if (!w)
		return problem(p, CONFIG_E_WORD, "is not a word this option knows");
	ret->u = w->value;
	if (opt->flags & GW_OPT_OLD_THREAD)
		compare_process_model(s, w->value, p);
	return true;
}

static bool parse_words(const struct gw_option *opt, struct gw_slice s, struct gw_arena *arena, union config_parsed *ret,
	struct config_problem *p)
{
	struct gw_slice rest = s, word;
	const char **v;
	size_t n = 0;

	while (config_next_word(&rest, &word))
		n++;
	v = gw_arena_calloc(arena, n ? n : 1, sizeof *v);
	rest = s;
	for (n = 0; config_next_word(&rest, &word); n++) {
		const struct gw_option_word *known = opt->words ? find_word(opt->words, word) : NULL;

		if (opt->words && !known) {
			p->skip = (unsigned)(word.p - s.p);
			p->width = (unsigned)word.n;
			return problem(p, CONFIG_E_WORD, "\"%.*s\" is not a word this option knows",
				(int)(word.n < 80 ? word.n : 80), word.p);
		}
		v[n] = known ? known->word : gw_arena_str(arena, word);
	}
	ret->words = (struct gw_words){ v, n };
	return true;
}

/* ---- text ---- */

static bool parse_path(const struct gw_option *opt, struct gw_slice s, struct config_problem *p)
{
	if (opt->max && s.n > opt->max)
		return problem(p, CONFIG_E_PATH, "is longer than %u bytes, the most that a socket's path may have",
			(unsigned)opt->max);
	if (s.n == 0 || s.p[0] == '/' || (opt->flags & GW_OPT_DASH && gw_slice_eq(s, GW_S("-"))))
		return true;
	problem(p, CONFIG_W_RELATIVE, "is a relative path: it depends on the directory the daemon runs in");
	snprintf(p->suggestion, sizeof p->suggestion, "begin it with /");
	return true;
}

static bool parse_address(struct gw_slice s, struct config_problem *p)
{
	struct gw_slice ip = gw_slice(s.p, gw_slice_find(s, '%')); /* fe80::1%eth0 */
	enum gw_listen_kind kind;
	unsigned char bytes[16];
	bool zone = ip.n < s.n;

	if (s.n == 0)
		return true;
	if (config_parse_ip(ip, &kind, bytes) && (!zone || (kind == GW_LISTEN_IPV6 && s.n - ip.n > 1 && s.n - ip.n <= 16)))
		return true;
	snprintf(p->suggestion, sizeof p->suggestion, "host names are not looked up; write the number");
	return problem(p, CONFIG_E_LISTENER, "is not a numeric IP address");
}

/* http://host[:port]/..., https the same, file:///path, default:, local:/path. */
static bool parse_url(struct gw_slice s, struct config_problem *p)
{
	static const struct {
		struct gw_slice scheme;
		bool path; /* an absolute path must follow, else a host */
	} forms[] = { { { "local:", 6 }, true }, { { "file://", 7 }, true }, { { "http://", 7 }, false },
		{ { "https://", 8 }, false } };

	if (gw_slice_eqi(s, GW_S("default:")))
		return true;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct gw_slice rest = s;

		if (!gw_slice_startsi(s, forms[i].scheme))
			continue;
		gw_slice_take(&rest, forms[i].scheme.n);
		if (forms[i].path && gw_slice_find(rest, '/') < rest.n && (i || rest.p[0] == '/'))
			return true;
		if (!forms[i].path && rest.n && rest.p[0] != '/' && rest.p[0] != ':')
			return true;
		return problem(p, CONFIG_E_URL, forms[i].path ? "needs an absolute path" : "names no host");
	}
	return problem(p, CONFIG_E_URL, "is not a place for mail");
}

/* Things that look as if the administrator meant something else. */
static void suspect_text(struct gw_slice s, struct config_problem *p)
{
	if (p->code)
		return;
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0]) {
		problem(p, CONFIG_W_COMMENT, "the quotes are part of the value");
		snprintf(p->suggestion, sizeof p->suggestion, "leave them out");
		return;
	}
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '#' && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t')) {
			problem(p, CONFIG_W_COMMENT, "the text from # on is part of the value");
			p->skip = (unsigned)i;
			p->width = (unsigned)(s.n - i);
			snprintf(p->suggestion, sizeof p->suggestion, "put the comment on a line of its own");
			return;
		}
	}
}

/* ---- all of it ---- */

static bool parse_typed(const struct gw_option *opt, struct gw_slice s, struct gw_arena *arena, union config_parsed *ret,
	struct config_problem *p)
{
	switch (opt->type) {
	case GW_OPT_BOOL:
		return parse_bool(opt, s, ret, p);
	case GW_OPT_UINT:
	case GW_OPT_PORT:
		return parse_uint(opt, s, ret, p);
	case GW_OPT_MODE:
		return parse_mode(opt, s, ret, p);
	case GW_OPT_SIZE:
		return parse_units(opt, size_units, s, ret, p);
	case GW_OPT_SECONDS:
		return parse_units(opt, time_units, s, ret, p);
	case GW_OPT_ENUM:
		return parse_enum(opt, s, ret, p);
	case GW_OPT_WORDS:
		return parse_words(opt, s, arena, ret, p);
	case GW_OPT_LISTEN:
		return parse_words(opt, s, arena, ret, p) && config_check_listeners(s, arena, p);
	case GW_OPT_PATH:
		return parse_path(opt, s, p);
	case GW_OPT_ADDRESS:
		return parse_address(s, p);
	case GW_OPT_URL:
		return parse_url(s, p);
	case GW_OPT_STRING:
	case GW_OPT_RETIRED:
		break;
	}
	return true;
}

static bool is_text(enum gw_option_type t)
{
	return t == GW_OPT_STRING || t == GW_OPT_PATH || t == GW_OPT_URL || t == GW_OPT_ADDRESS || t == GW_OPT_RETIRED;
}

bool config_parse(const struct gw_option *opt, struct gw_slice s, struct gw_arena *arena, union config_parsed *ret,
	struct config_problem *p)
{
	*p = (struct config_problem){ 0 };
	if (!parse_typed(opt, s, arena, ret, p)) {
		struct config_problem why = { 0 };

		gw_option_takes(opt, p->expected, sizeof p->expected);
		suspect_text(s, &why);
		if (why.code && !p->suggestion[0])
			memcpy(p->suggestion, why.suggestion, sizeof p->suggestion);
		return false;
	}
	if (is_text(opt->type)) {
		ret->s = gw_arena_str(arena, s);
		suspect_text(s, p);
	}
	return true;
}
