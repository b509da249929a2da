/* request.c - reading requests: one line into a verb and its arguments
 *
 * The rows of verbs.c say what may stand there; nothing here knows a verb by name. A value is decoded into the arena,
 * checked against its type and put at the place its parameter has in the row. */
#include "ctl/ctl.h"
#include "util/mem.h"
#include "util/num.h"
#include "util/utf8.h"

#define SHOW_MAX 40 /* bytes of a client's word that are repeated in an error */

static int show_n(struct gw_slice s)
{
	return (int)(s.n < SHOW_MAX ? s.n : SHOW_MAX);
}

/* ---- values ---- */

static bool parse_bool(struct gw_slice t, uint64_t *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = { { "yes", true }, { "no", false }, { "true", true }, { "false", false },
		      { "on", true },  { "off", false }, { "1", true },    { "0", false } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (gw_slice_eqi(t, gw_slice_str(words[i].word))) {
			*ret = words[i].value;
			return true;
		}
	return false;
}

/* digits with K, M, G or T behind them */
static bool parse_size(struct gw_slice t, uint64_t *ret)
{
	static const char units[] = "KMGT";
	const char *unit = t.n ? memchr(units, gw_upper(t.p[t.n - 1]), sizeof units - 1) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	uint64_t v;

	if (unit)
		t.n--;
	if (!gw_parse_u64(t, &v) || v > UINT64_MAX >> shift)
		return false;
	*ret = v << shift;
	return true;
}

/* UTF-8 on one line. */
static bool is_text(struct gw_slice t)
{
	uint32_t cp;

	while (t.n)
		if (!gw_utf8_next(&t, &cp) || cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			return false;
	return true;
}

/* "90", "90s", "1h30m": seconds */
static bool parse_span(struct gw_slice t, uint64_t *ret)
{
	static const struct {
		char unit;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	uint64_t sum = 0, v;

	if (t.n == 0 || gw_parse_u64(t, ret))
		return t.n > 0;
	while (t.n) {
		size_t digits = 0, u = 0;

		while (digits < t.n && t.p[digits] >= '0' && t.p[digits] <= '9')
			digits++;
		if (!gw_parse_u64(gw_slice_take(&t, digits), &v) || t.n == 0)
			return false;
		while (u < sizeof units / sizeof *units && units[u].unit != gw_lower(t.p[0]))
			u++;
		if (u == sizeof units / sizeof *units || __builtin_mul_overflow(v, units[u].seconds, &v) ||
		    __builtin_add_overflow(sum, v, &sum))
			return false;
		gw_slice_take(&t, 1);
	}
	*ret = sum;
	return true;
}

static bool only(struct gw_slice t, const char *punctuation)
{
	for (size_t i = 0; i < t.n; i++) {
		char c = gw_lower(t.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && (!c || !strchr(punctuation, c)))
			return false;
	}
	return t.n > 0;
}

static bool is_in(struct gw_slice word, const char *words)
{
	struct gw_slice all = gw_slice_str(words);

	while (all.n) {
		if (gw_slice_eqi(gw_slice_take(&all, gw_slice_find(all, ' ')), word))
			return true;
		if (all.n)
			gw_slice_take(&all, 1);
	}
	return false;
}

/* Are all words of t among those? */
static bool are_in(struct gw_slice t, const char *words)
{
	while (t.n) {
		struct gw_slice word = gw_slice_take(&t, gw_slice_find(t, ' '));

		if (word.n && !is_in(word, words))
			return false;
		if (t.n)
			gw_slice_take(&t, 1);
	}
	return true;
}

static bool type_ok(enum gw_ctl_type type, struct gw_slice t, uint64_t *number)
{
	switch (type) {
	case GW_CTL_BOOL:
		return parse_bool(t, number);
	case GW_CTL_UINT:
		return gw_parse_u64(t, number);
	case GW_CTL_SESSION:
		return gw_parse_u64(t, number) && *number > 0;
	case GW_CTL_SIZE:
		return parse_size(t, number);
	case GW_CTL_SPAN:
		return parse_span(t, number);
	case GW_CTL_SECRET:
		return true;
	case GW_CTL_FD:
		return false;
	case GW_CTL_USER:
	case GW_CTL_MAILBOX:
		return t.n > 0 && is_text(t);
	case GW_CTL_PATH:
		return t.n > 0 && t.p[0] == '/' && is_text(t);
	case GW_CTL_ADDRESS:
		return only(t, ".:/%[]");
	case GW_CTL_OPTION:
		return only(t, "_");
	case GW_CTL_STRING:
	case GW_CTL_WORDS:
		break;
	}
	return is_text(t);
}

bool gw_ctl_value_ok(const struct gw_ctl_param *p, struct gw_slice text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (!type_ok(p->type, text, &number) ||
	    (p->words && !(p->type == GW_CTL_WORDS ? are_in(text, p->words) : is_in(text, p->words))))
		return false;
	if (ret_number)
		*ret_number = number;
	return true;
}

void gw_ctl_put_expected(const struct gw_ctl_param *p, struct gw_buf *out)
{
	if (p->words)
		gw_buf_printf(out, p->type == GW_CTL_WORDS ? "words of: %s" : "one of: %s", p->words);
	else if (p->type == GW_CTL_BOOL)
		gw_buf_printf(out, "yes or no");
	else if (p->type == GW_CTL_SPAN)
		gw_buf_printf(out, "a time span such as 90s, 10m or 2h");
	else if (p->type == GW_CTL_SIZE)
		gw_buf_printf(out, "a size such as 500K, 100M or 2G");
	else if (p->type == GW_CTL_PATH)
		gw_buf_printf(out, "an absolute path");
	else
		gw_buf_printf(out, "%s %s", strchr("aeio", gw_ctl_type_name(p->type)[0]) ? "an" : "a",
			      gw_ctl_type_name(p->type));
}

/* ---- tokens ---- */

static void skip_blanks(struct gw_slice *in)
{
	while (in->n && (in->p[0] == ' ' || in->p[0] == '\t'))
		gw_slice_take(in, 1);
}

/* A word of a verb or the name of an argument. */
static bool get_word(struct gw_slice *in, struct gw_slice *ret)
{
	size_t n = 0;

	while (n < in->n && ((in->p[n] >= 'a' && in->p[n] <= 'z') || (in->p[n] >= 'A' && in->p[n] <= 'Z') ||
			     (n && (in->p[n] == '-' || in->p[n] == '_' || (in->p[n] >= '0' && in->p[n] <= '9')))))
		n++;
	if (n == 0)
		return false;
	*ret = gw_slice_take(in, n);
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = gw_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands behind a backslash. */
static bool get_escape(struct gw_slice *in, char *ret)
{
	static const char from[] = "\"\\nrt", to[] = "\"\\\n\r\t";
	const char *at = in->n ? memchr(from, in->p[0], sizeof from - 1) : NULL;

	if (at) {
		gw_slice_take(in, 1);
		*ret = to[at - from];
		return true;
	}
	if (in->n < 3 || in->p[0] != 'x' || hex(in->p[1]) < 0 || hex(in->p[2]) < 0)
		return false;
	*ret = (char)(hex(in->p[1]) << 4 | hex(in->p[2]));
	gw_slice_take(in, 3);
	return true;
}

/* *ret is what could be read, also on failure: the caller may have to wipe it. */
static bool get_quoted(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	char *out, *at;
	bool ok = true;

	gw_slice_take(in, 1);
	out = at = gw_arena_alloc(arena, in->n + 1);
	while (ok && in->n && in->p[0] != '"') {
		char c = *gw_slice_take(in, 1).p;

		ok = (unsigned char)c >= 0x20 && (c != '\\' || get_escape(in, &c));
		if (ok)
			*at++ = c;
	}
	*ret = gw_slice(out, (size_t)(at - out));
	if (!ok || in->n == 0)
		return false;
	gw_slice_take(in, 1);
	return true;
}

static bool is_bare(char c)
{
	return c > 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static bool get_value(struct gw_slice *in, struct gw_arena *arena, struct gw_slice *ret)
{
	size_t n = 0;

	if (in->n && in->p[0] == '"')
		return get_quoted(in, arena, ret);
	while (n < in->n && is_bare(in->p[n]))
		n++;
	*ret = gw_arena_dup(arena, gw_slice_take(in, n));
	return true;
}

/* ---- requests ---- */

static int param_of(const struct gw_ctl_verb *v, struct gw_slice name)
{
	for (int i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++)
		if (gw_slice_eqi(name, gw_slice_str(v->params[i].name)))
			return i;
	return -1;
}

static int unknown_verb(struct gw_slice line, struct gw_slice end, struct gw_err *err)
{
	struct gw_slice text = gw_slice(line.p, (size_t)(end.p - line.p));
	const char *near = gw_ctl_verb_near(gw_slice_trim(text));

	if (near)
		return gw_fail(err, GW_EINVAL, "there is no \"%.*s\"; did you mean \"%s\"?", show_n(text), text.p, near);
	return gw_fail(err, GW_EINVAL, "there is no \"%.*s\"; \"help\" shows what there is", show_n(text), text.p);
}

/* The words at the beginning that are not arguments; the longest verb that they name is meant. */
static int get_verb(struct gw_slice *in, const struct gw_ctl_verb **ret, struct gw_err *err)
{
	struct gw_slice line = *in, look = line, words[GW_CTL_WORDS_MAX], behind[GW_CTL_WORDS_MAX];
	size_t n = 0, used;

	while (n < GW_CTL_WORDS_MAX && get_word(&look, &words[n]) && (look.n == 0 || look.p[0] != '=')) {
		behind[n++] = look;
		skip_blanks(&look);
	}
	if (n == 0)
		return gw_fail(err, GW_EINVAL, "a request begins with a word");
	*ret = gw_ctl_verb_find(words, n, &used);
	if (!*ret)
		return unknown_verb(line, behind[n - 1], err);
	*in = behind[used - 1];
	return 0;
}

static int wrong_value(const struct gw_ctl_request *r, const struct gw_ctl_param *p, struct gw_err *err)
{
	struct gw_buf expected;
	int rc;

	gw_buf_init(&expected, 0);
	gw_ctl_put_expected(p, &expected);
	rc = gw_fail(err, GW_EINVAL, p->type == GW_CTL_FD ? "%s: %s is not written, it is passed beside the request (%s)" :
							    "%s: the value of %s is to be %s",
		     r->verb->name, p->name, gw_buf_str(&expected));
	gw_buf_done(&expected);
	return rc;
}

static int get_arg(struct gw_slice *in, struct gw_arena *arena, struct gw_ctl_request *r, struct gw_err *err)
{
	struct gw_slice name;
	bool ok;
	int i;

	if (!get_word(in, &name) || in->n == 0 || in->p[0] != '=')
		return gw_fail(err, GW_EINVAL, "%s: arguments are written name=value", r->verb->name);
	gw_slice_take(in, 1);
	i = param_of(r->verb, name);
	if (i < 0)
		return gw_fail(err, GW_EINVAL, "%s: there is no argument \"%.*s\"", r->verb->name, show_n(name), name.p);
	if (r->given[i])
		return gw_fail(err, GW_EINVAL, "%s: %s is given twice", r->verb->name, r->verb->params[i].name);
	ok = get_value(in, arena, &r->value[i]);
	r->given[i] = true; /* also when it is wrong, so that gw_ctl_request_wipe() finds it */
	if (!ok || (in->n && in->p[0] != ' ' && in->p[0] != '\t'))
		return gw_fail(err, GW_EINVAL, "%s: the value of %s is not well-formed", r->verb->name,
			       r->verb->params[i].name);
	if (!gw_ctl_value_ok(&r->verb->params[i], r->value[i], &r->number[i]))
		return wrong_value(r, &r->verb->params[i], err);
	return 0;
}

static int check_required(const struct gw_ctl_request *r, struct gw_err *err)
{
	for (int i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if ((r->verb->params[i].flags & GW_CTL_REQUIRED) && r->verb->params[i].type != GW_CTL_FD && !r->given[i])
			return gw_fail(err, GW_EINVAL, "%s: %s is missing", r->verb->name, r->verb->params[i].name);
	return 0;
}

bool gw_ctl_is_cancel(struct gw_slice line)
{
	return gw_slice_eqi(gw_slice_trim(line), GW_S("cancel"));
}

int gw_ctl_parse(struct gw_slice line, enum gw_ctl_level level, struct gw_arena *arena, struct gw_ctl_request *ret,
		 struct gw_err *err)
{
	struct gw_ctl_request r = { 0 };
	int rc;

	if (line.n > GW_CTL_LINE_MAX)
		return gw_fail(err, GW_EINVAL, "the request is longer than %u bytes", GW_CTL_LINE_MAX);
	skip_blanks(&line);
	if (line.n == 0 || line.p[0] == '#')
		return gw_fail(err, GW_ENOENT, "nothing is asked");
	rc = get_verb(&line, &r.verb, err);
	if (rc < 0)
		return rc;
	if (level < r.verb->level) {
		*ret = r;
		return gw_fail(err, GW_EACCES, "\"%s\" needs the rights of %s; yours are those of %s", r.verb->name,
			       gw_ctl_level_name(r.verb->level), gw_ctl_level_name(level));
	}
	for (skip_blanks(&line); rc == 0 && line.n; skip_blanks(&line))
		rc = get_arg(&line, arena, &r, err);
	if (rc == 0)
		rc = check_required(&r, err);
	if (rc < 0)
		gw_ctl_request_wipe(&r);
	else
		*ret = r;
	return rc;
}

/* ---- asking for values ---- */

static size_t index_of(const struct gw_ctl_request *r, const char *name)
{
	int i = param_of(r->verb, gw_slice_str(name));

	if (i < 0)
		gw_bug("ctl: this verb has no such parameter");
	return (size_t)i;
}

bool gw_ctl_given(const struct gw_ctl_request *r, const char *name)
{
	return r->given[index_of(r, name)];
}

struct gw_slice gw_ctl_slice(const struct gw_ctl_request *r, const char *name)
{
	size_t i = index_of(r, name);

	return r->given[i] ? r->value[i] : gw_slice("", 0);
}

uint64_t gw_ctl_number(const struct gw_ctl_request *r, const char *name, uint64_t otherwise)
{
	size_t i = index_of(r, name);

	return r->given[i] ? r->number[i] : otherwise;
}

bool gw_ctl_flag(const struct gw_ctl_request *r, const char *name)
{
	return gw_ctl_number(r, name, 0) != 0;
}

void gw_ctl_redacted(const struct gw_ctl_request *r, struct gw_buf *out)
{
	gw_buf_add_slice(out, gw_slice_str(r->verb->name));
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++) {
		bool secret = r->verb->params[i].type == GW_CTL_SECRET;

		if (r->given[i])
			gw_ctl_put_arg(out, r->verb->params[i].name, secret ? GW_S("***") : r->value[i]);
	}
}

void gw_ctl_request_wipe(struct gw_ctl_request *r)
{
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && r->verb && r->verb->params[i].name; i++)
		if (r->given[i] && r->verb->params[i].type == GW_CTL_SECRET && r->value[i].n)
			gw_wipe((char *)r->value[i].p, r->value[i].n);
}
