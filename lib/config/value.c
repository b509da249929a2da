/* value.c - from the text of a value to the value, by type
 *
 * The text comes trimmed, with environment values in place. What kopano-gateway read in another way is parsed in the
 * safe way and reported. Numbers are in number.c. */
#include "config/priv.h"

#include <stdarg.h>
#include <stdio.h>

bool config_problem(struct config_problem *p, unsigned code, const char *fmt, ...)
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
	return gw_slice_word(s, " \t", ret);
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

#define OLD_BOOL (GW_OPT_OLD_YES | GW_OPT_OLD_NOT_NO)

static const struct gw_option_word bool_words[] = {
	{ "yes", 1 }, { "no", 0 }, { "true", 1 }, { "false", 0 }, { "1", 1 }, { "0", 0 }, { "on", 1 }, { "off", 0 },
	{ "", 0 },    { NULL, 0 },
};

/* What kopano-gateway before 11 made of the text. */
static bool old_bool(const struct gw_option *opt, struct gw_slice s)
{
	if (opt->flags & GW_OPT_OLD_YES)
		return opt->type == GW_OPT_ENUM ? gw_slice_eqi(s, GW_S("yes")) : gw_slice_eq(s, GW_S("yes"));
	return !gw_slice_eq(s, GW_S("0")) && !gw_slice_eq(s, GW_S("no")) && !gw_slice_eq(s, GW_S("false"));
}

static void compare_bool(const struct gw_option *opt, struct gw_slice s, bool value, struct config_problem *p)
{
	if (!(opt->flags & OLD_BOOL) || old_bool(opt, s) == value)
		return;
	config_problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as %s; kopano-gateway before version 11 read it as %s",
		GW_FMT(s), value ? "yes" : "no", value ? "no" : "yes");
	snprintf(p->suggestion, sizeof p->suggestion, "write %s", value ? "yes" : "no");
}

/* Version 8.6.81 alone had "auto" for the services: on, unless the newer form said where to listen. */
static bool parse_auto(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	if (!(opt->flags & GW_OPT_OLD_AUTO) || !gw_slice_eqi(s, GW_S("auto")))
		return false;
	ret->b = true;
	config_problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as yes; only kopano-gateway 8.6.81 knew it", GW_FMT(s));
	snprintf(p->suggestion, sizeof p->suggestion, "write yes, or take the line out");
	return true;
}

static bool parse_bool(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	const struct gw_option_word *w = find_word(bool_words, s);

	if (!w && parse_auto(opt, s, ret, p))
		return true;
	if (!w) {
		if (opt->flags & OLD_BOOL)
			snprintf(p->hint, sizeof p->hint, "kopano-gateway read it as %s; write yes or no",
				old_bool(opt, s) ? "yes" : "no");
		return config_problem(p, CONFIG_E_VALUE, "is neither yes nor no");
	}
	ret->b = w->value;
	compare_bool(opt, s, ret->b, p);
	return true;
}

/* ---- words ---- */

/* The old daemon looked at the first six letters only, with case, and took everything else as fork; from 8.6 on it
 * looked at the whole word. */
static void compare_process_model(struct gw_slice s, unsigned value, struct config_problem *p)
{
	bool began = s.n >= 6 && memcmp(s.p, "thread", 6) == 0;

	if (value != GW_PROCESS_THREAD || gw_slice_eq(s, GW_S("thread")))
		return;
	config_problem(p, CONFIG_W_DIFFERENT, "\"%.*s\" is read as thread; kopano-gateway%s read it as fork", GW_FMT(s),
		began ? " from 8.6 on" : "");
	snprintf(p->suggestion, sizeof p->suggestion, "write thread");
}

static bool parse_enum(const struct gw_option *opt, struct gw_slice s, union config_parsed *ret, struct config_problem *p)
{
	const struct gw_option_word *no = opt->flags & OLD_BOOL ? find_word(opt->words, GW_S("no")) : NULL;
	const struct gw_option_word *w = s.n ? find_word(opt->words, s) : no;

	if (!w)
		return config_problem(p, CONFIG_E_WORD, "is not a word this option knows");
	ret->u = w->value;
	if (opt->flags & GW_OPT_OLD_THREAD)
		compare_process_model(s, w->value, p);
	if (no && w != opt->words) /* the first word is the default, which is no boolean */
		compare_bool(opt, s, w->value != no->value, p);
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
			return config_problem(p, CONFIG_E_WORD, "\"%.*s\" is not a word this option knows",
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
		return config_problem(p, CONFIG_E_PATH, "is longer than %u bytes, the most that a socket's path may have",
			(unsigned)opt->max);
	if (s.n == 0 || s.p[0] == '/' || (opt->flags & GW_OPT_DASH && gw_slice_eq(s, GW_S("-"))))
		return true;
	config_problem(p, CONFIG_W_RELATIVE, "is a relative path: it depends on the directory the daemon runs in");
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
	snprintf(p->suggestion, sizeof p->suggestion, "%s", s.p[0] == '[' ? "leave out the brackets" :
		gw_slice_eq(s, GW_S("*")) ? "leave it empty: that is every address" :
		"host names are not looked up; write the number");
	return config_problem(p, CONFIG_E_LISTENER, "is not a numeric IP address");
}

/* http://host[:port]/..., https the same, both with jmap+ in front, file:///path, default:, local:/path. */
static bool parse_url(struct gw_slice s, struct config_problem *p)
{
	static const struct {
		struct gw_slice scheme;
		bool path; /* an absolute path must follow, else a host */
	} forms[] = { { { "local:", 6 }, true }, { { "file://", 7 }, true }, { { "http://", 7 }, false },
		{ { "https://", 8 }, false }, { { "jmap+http://", 12 }, false }, { { "jmap+https://", 13 }, false } };

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
		return config_problem(p, CONFIG_E_URL, forms[i].path ? "needs an absolute path" : "names no host");
	}
	return config_problem(p, CONFIG_E_URL, "is not a place for mail");
}

/* Things that look as if the administrator meant something else. */
static void suspect_text(struct gw_slice s, struct config_problem *p)
{
	if (p->code)
		return;
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0]) {
		config_problem(p, CONFIG_W_COMMENT, "the quotes are part of the value");
		snprintf(p->suggestion, sizeof p->suggestion, "leave them out");
		return;
	}
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '#' && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t')) {
			config_problem(p, CONFIG_W_COMMENT, "the text from # on is part of the value");
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
	case GW_OPT_MODE:
	case GW_OPT_SIZE:
	case GW_OPT_SECONDS:
		return config_parse_number(opt, s, arena, ret, p);
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
		if (!p->suggestion[0])
			memcpy(p->suggestion, why.code ? why.suggestion : p->hint, sizeof p->suggestion);
		return false;
	}
	if (is_text(opt->type)) {
		ret->s = gw_arena_str(arena, s);
		suspect_text(s, p);
	}
	return true;
}
