/* secret.c - passwords in configuration texts (see show.h)
 *
 * No option is a secret as a whole: what can be one is the password of a URL, and a value that comes from an
 * environment variable that is named like one. */
#include "config/priv.h"
#include "config/show.h"
#include "util/buf.h"

/* Does s have word somewhere, in any case? */
static bool contains(struct gw_slice s, struct gw_slice word)
{
	for (; s.n >= word.n; gw_slice_take(&s, 1))
		if (gw_slice_startsi(s, word))
			return true;
	return false;
}

bool gw_secret_variable(struct gw_slice name)
{
	static const char *const words[] = { "PASS", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "APIKEY", "API_KEY" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (contains(name, gw_slice_str(words[i])))
			return true;
	return false;
}

static bool ends_url(char c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '<' || c == '>';
}

/* A piece of text between blanks and quotes. What is asked about it once is kept, so that a long text takes linear
 * time. */
struct word {
	size_t end;     /* in the text */
	const char *at; /* the last "@" in it; NULL */
};

static void find_word(struct gw_slice text, size_t i, struct word *w)
{
	w->end = i;
	while (w->end < text.n && !ends_url(text.p[w->end]))
		w->end++;
	w->at = memrchr(text.p + i, '@', w->end - i);
	w->end += w->end == i; /* the blank itself */
}

/* The password in what stands behind "//": from the first colon to the last "@" in front of the path. When there is
 * none in front, a password may hold a slash: no proper URL, but still a secret. */
static bool in_authority(struct gw_slice rest, const char *last_at, struct gw_slice *secret)
{
	struct gw_slice authority = gw_slice(rest.p, 0);
	const char *at, *colon;

	if (!last_at || last_at < rest.p)
		return false;
	while (authority.n < rest.n && !strchr("/?#", rest.p[authority.n]))
		authority.n++;
	at = memrchr(authority.p, '@', authority.n);
	colon = memchr(authority.p, ':', authority.n);
	if (!at)
		at = last_at;
	if (!colon || at <= colon + 1)
		return false;
	*secret = gw_slice(colon + 1, (size_t)(at - colon - 1));
	return true;
}

/* The value of "password=..." in front of "&", ";" and the end. */
static bool in_query(struct gw_slice rest, struct gw_slice *secret)
{
	static const char *const names[] = { "password=", "passwd=", "pass=", "secret=", "token=", "api_key=", "apikey=" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct gw_slice name = gw_slice_str(names[i]), v = rest;

		if (!gw_slice_startsi(v, name))
			continue;
		gw_slice_take(&v, name.n);
		*secret = gw_slice(v.p, 0);
		while (secret->n < v.n && v.p[secret->n] != '&' && v.p[secret->n] != ';')
			secret->n++;
		return secret->n > 0;
	}
	return false;
}

/* Does a secret begin because of what stands at the front of rest? */
static bool begins(struct gw_slice rest, const struct word *w, struct gw_slice *secret)
{
	if (rest.n > 3 && memcmp(rest.p, "://", 3) == 0)
		return in_authority(gw_slice(rest.p + 3, rest.n - 3), w->at, secret);
	if (*rest.p != '?' && *rest.p != '&' && *rest.p != ';')
		return false;
	return in_query(gw_slice(rest.p + 1, rest.n - 1), secret);
}

bool gw_secret_next(struct gw_slice *text, struct gw_slice *before, struct gw_slice *secret)
{
	struct word w = { 0, NULL };

	for (size_t i = 0; i < text->n; i++) {
		if (i >= w.end)
			find_word(*text, i, &w);
		if (!begins(gw_slice(text->p + i, w.end - i), &w, secret))
			continue;
		*before = gw_slice_take(text, (size_t)(secret->p - text->p));
		gw_slice_take(text, secret->n);
		return true;
	}
	*before = gw_slice_take(text, text->n);
	return false;
}

void gw_secret_put_masked(struct gw_slice text, struct gw_buf *out)
{
	struct gw_slice before, secret;

	while (gw_secret_next(&text, &before, &secret)) {
		gw_buf_add_slice(out, before);
		gw_buf_printf(out, GW_MASK);
	}
	gw_buf_add_slice(out, before);
}

/* A line that is no option of ours, but is named like a secret: db_password = ... Names of options are no hint:
 * bypass_auth. */
static bool by_name(struct gw_slice line, struct gw_slice *secret)
{
	size_t equals = gw_slice_find(line, '=');
	struct gw_slice name = gw_slice(line.p, equals);

	if (equals == line.n || *line.p == '-') /* an argument of the command line is seen by everybody anyway */
		return false;
	while (name.n && strchr("# \t", *name.p))
		gw_slice_take(&name, 1);
	name = gw_slice_trim(name);
	*secret = gw_slice_trim(gw_slice(line.p + equals + 1, line.n - equals - 1));
	return secret->n && *secret->p != '$' && gw_slice_find(name, ' ') == name.n && !gw_option_find(name) &&
		gw_secret_variable(name);
}

bool gw_secret_in_line(struct gw_slice line, struct gw_slice *secret)
{
	struct gw_slice rest = line, before;

	return by_name(line, secret) || gw_secret_next(&rest, &before, secret);
}

void gw_secret_put_line(struct gw_slice line, struct gw_buf *out)
{
	struct gw_slice secret;

	if (!by_name(line, &secret)) {
		gw_secret_put_masked(line, out);
		return;
	}
	gw_buf_add(out, line.p, (size_t)(secret.p - line.p));
	gw_buf_printf(out, GW_MASK);
	gw_buf_add(out, secret.p + secret.n, line.n - (size_t)(secret.p - line.p) - secret.n);
}

const char *config_source(struct gw_arena *arena, struct gw_slice line)
{
	char *copy = gw_arena_str(arena, line);
	struct gw_slice rest = gw_slice(copy, line.n), before, secret;

	if (by_name(rest, &secret))
		memset(copy + (secret.p - copy), '*', secret.n);
	while (gw_secret_next(&rest, &before, &secret))
		memset(copy + (secret.p - copy), '*', secret.n);
	if (line.n > CONFIG_SOURCE_MAX)
		copy[CONFIG_SOURCE_MAX] = '\0';
	return copy;
}

const char *config_mask(struct gw_arena *arena, struct gw_slice text)
{
	struct gw_buf b;
	const char *ret;

	gw_buf_init(&b, 0);
	gw_secret_put_masked(text, &b);
	ret = gw_arena_str(arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return ret;
}

static bool is_secret_as_a_whole(const struct gw_config *cfg, const struct gw_option *opt)
{
	struct gw_config_origin o;

	return gw_config_origin(cfg, opt, &o) && o.env && gw_secret_variable(gw_slice_str(o.env));
}

bool gw_config_has_secret(const struct gw_config *cfg, const struct gw_option *opt)
{
	struct gw_slice text = gw_slice_str(gw_config_text(cfg, opt)), before, secret;

	return is_secret_as_a_whole(cfg, opt) || gw_secret_next(&text, &before, &secret);
}

void gw_config_put_masked(const struct gw_config *cfg, const struct gw_option *opt, struct gw_buf *out)
{
	if (is_secret_as_a_whole(cfg, opt))
		gw_buf_printf(out, GW_MASK);
	else
		gw_secret_put_masked(gw_slice_str(gw_config_text(cfg, opt)), out);
}
