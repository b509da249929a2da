/* mend.c - today's form of a value
 *
 * Values are judged by the reader's own parser: what it takes is only spelled anew, what it refuses is mended when the
 * value without quotes or without the text behind it is one that it takes. */
#include "config/cut.h"
#include "config/priv.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool parses(const struct gw_option *opt, struct gw_slice value, struct gw_arena *arena, union config_parsed *v,
	struct config_problem *p)
{
	*p = (struct config_problem){ 0 };
	if (value.n == 0 && opt->flags & GW_OPT_NOT_EMPTY) {
		p->code = CONFIG_E_EMPTY;
		return false;
	}
	return config_parse(opt, value, arena, v, p);
}

/* ---- quotes and text behind a value ---- */

/* '"value" # comment': the text between quotes when nothing but a comment follows. */
static bool peel_quotes(struct gw_slice s, struct gw_slice *inner, struct gw_slice *comment)
{
	const char *close = s.n > 1 ? memchr(s.p + 1, s.p[0], s.n - 1) : NULL;
	struct gw_slice rest, text;

	if (!close)
		return false;
	rest = gw_slice(close + 1, s.n - (size_t)(close + 1 - s.p));
	text = gw_slice_trim(rest);
	if (text.n && !(text.p[0] == '#' && text.p != rest.p))
		return false;
	*comment = text;
	*inner = gw_slice_trim(gw_slice(s.p + 1, (size_t)(close - s.p - 1)));
	return true;
}

/* The value without quotes and without a comment behind it; false when it has neither. */
static bool peel(struct gw_slice s, struct gw_slice *inner, struct gw_slice *comment)
{
	if (s.n && (s.p[0] == '"' || s.p[0] == '\''))
		return peel_quotes(s, inner, comment);
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] != '#' || !blank(s.p[i - 1]))
			continue;
		*inner = gw_slice_trim(gw_slice(s.p, i));
		*comment = gw_slice(s.p + i, s.n - i);
		return true;
	}
	return false;
}

/* Take quotes and comment off when what is left is a value that cannot be mistaken again. */
static void try_peel(const struct gw_option *opt, struct gw_slice value, unsigned code, struct gw_arena *arena,
	struct config_mend *ret)
{
	struct gw_slice inner, comment, again, unused;
	struct config_problem p;
	union config_parsed v;

	if (!peel(value, &inner, &comment) || peel(inner, &again, &unused) || (inner.n && inner.p[0] == '$') ||
	    !parses(opt, inner, arena, &v, &p))
		return;
	/* words in quotes or with a # are refused later, when they are looked at together */
	ret->meant = ret->valid && opt->type != GW_OPT_WORDS;
	ret->valid = true;
	ret->value = inner;
	ret->comment = comment;
	ret->code = code ? code : CONFIG_W_COMMENT;
	ret->why = comment.n ? "what stood behind the value is a comment on a line of its own" : "the value has no quotes";
}

/* ---- spelling ---- */

/* "10 mb" is 10M, "1.5M" is 1536K; one letter behind a whole number stays as it is. */
static const char *spell_size(struct gw_slice value, uint64_t v, struct gw_arena *arena)
{
	size_t digits = 0;
	struct gw_slice unit;
	char letter;

	if (gw_slice_find(value, '.') < value.n)
		return config_size_text(v, arena);
	while (digits < value.n && value.p[digits] >= '0' && value.p[digits] <= '9')
		digits++;
	unit = gw_slice_trim(gw_slice(value.p + digits, value.n - digits));
	letter = unit.n ? gw_upper(unit.p[0]) : '\0';
	if (!strchr("KMGT", letter) && letter != 'B')
		return NULL;
	if (unit.n == value.n - digits && unit.n < 2 && letter != 'B')
		return NULL;
	return gw_arena_printf(arena, "%.*s%.*s", (int)digits, value.p, letter != 'B' && letter ? 1 : 0, &letter);
}

static const char *spell_word(const struct gw_option *opt, uint64_t v)
{
	for (const struct gw_option_word *w = opt->words; w->word; w++)
		if (w->value == v)
			return w->word;
	return NULL;
}

/* Today's spelling of a value that parses; NULL when it may stay. */
static const char *spell(const struct gw_option *opt, struct gw_slice value, const union config_parsed *v,
	struct gw_arena *arena)
{
	switch (opt->type) {
	case GW_OPT_BOOL:
		return v->b ? "yes" : "no";
	case GW_OPT_UINT:
	case GW_OPT_PORT:
		return opt->flags & GW_OPT_MINUS && v->u == 0 ? "-1" : gw_arena_printf(arena, "%llu", (unsigned long long)v->u);
	case GW_OPT_SIZE:
		return spell_size(value, v->u, arena);
	case GW_OPT_ENUM:
		return spell_word(opt, v->u);
	default:
		return NULL;
	}
}

static void try_spell(const struct gw_option *opt, struct gw_arena *arena, struct config_mend *ret)
{
	struct config_problem p;
	union config_parsed v;
	const char *text;

	if (!parses(opt, ret->value, arena, &v, &p))
		return;
	text = spell(opt, ret->value, &v, arena);
	if (!text || gw_slice_eq(gw_slice_str(text), ret->value))
		return;
	ret->value = gw_slice_str(text);
	if (ret->why)
		return;
	ret->code = p.code ? p.code : opt->flags & GW_OPT_MINUS && v.u == 0 ? CONFIG_W_DIFFERENT : 0;
	ret->why = "the value is spelled in today's form";
}

void config_mend(const struct gw_option *opt, struct gw_slice value, struct gw_arena *arena, struct config_mend *ret)
{
	struct config_problem p;
	union config_parsed v;

	*ret = (struct config_mend){ .value = value, .comment = { "", 0 } };
	if (value.n && value.p[0] == '$')
		return; /* what the environment has is not known here */
	ret->valid = parses(opt, value, arena, &v, &p);
	try_peel(opt, value, ret->valid ? 0 : p.code, arena, ret);
	if (!ret->meant)
		try_spell(opt, arena, ret);
}
