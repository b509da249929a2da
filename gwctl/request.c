/* request.c - the words of a command as a request
 *
 * The first words name the order. Behind it a word is a value for the next parameter that may go without its name, or names
 * one: name=value, --name=value, --name value; --name alone is yes. A name that the order does not have is one of the
 * flags of gwctl, which may stand before the order too. Behind "--" all are values. Values are checked here already, so
 * that mistakes are told without a daemon. */
#include "gwctl/gwctl.h"

#include "gwctl/near.h"
#include "gwctl/verbs.h"
#include "util/num.h"

#include <string.h>
#include <unistd.h>

#define SHOWN 60 /* bytes of a word that are repeated in a sentence */

/* ---- parameters ---- */

size_t param_count(const struct gw_ctl_verb *v)
{
	size_t n = 0;

	while (n < GW_CTL_PARAMS_MAX && v->params[n].name)
		n++;
	return n;
}

int param_find(const struct gw_ctl_verb *v, struct gw_slice name, bool *ret_many)
{
	int found = -1, many = 0;

	for (size_t i = 0; name.n && i < param_count(v); i++) {
		struct gw_slice own = gw_slice_str(v->params[i].name);

		if (gw_slice_eqi(own, name))
			return (int)i;
		if (gw_slice_startsi(own, name)) {
			found = (int)i;
			many++;
		}
	}
	if (ret_many)
		*ret_many = many > 1;
	return many == 1 ? found : -1;
}

static int param_named(const struct gw_ctl_verb *v, const char *name)
{
	for (size_t i = 0; i < param_count(v); i++)
		if (strcmp(v->params[i].name, name) == 0)
			return (int)i;
	return -1;
}

int request_param(const struct request *r, const char *name)
{
	return param_named(r->verb, name);
}

static int next_position(const struct request *r)
{
	for (size_t i = 0; i < param_count(r->verb); i++)
		if ((r->verb->params[i].flags & GW_CTL_POSITION) && !r->given[i])
			return (int)i;
	return -1;
}

/* ---- values ---- */

static int no_secret(const struct request *r, const struct gw_ctl_param *p, struct gw_err *err)
{
	return gw_fail(err, GW_EINVAL,
		"%s: others could read a %s from the command line; it is asked for, or read from standard input%s", r->verb->name,
		p->name, strcmp(p->name, "hash") == 0 ? " with --hash" : "");
}

static int wrong_value(const struct request *r, const struct gw_ctl_param *p, struct gw_slice value, struct gw_err *err)
{
	struct near near = near_begin(value);
	struct gw_slice words = gw_slice_str(p->words), word;
	struct gw_buf expected;
	int rc;

	while (gw_slice_word(&words, " ", &word))
		near_offer(&near, word);
	gw_buf_init(&expected, 0);
	gw_ctl_put_expected(p, &expected);
	rc = gw_fail(err, GW_EINVAL, "%s: %s is to be %s, not \"%.*s\"%s%.*s%s", r->verb->name, p->name, gw_buf_str(&expected),
		value.n < SHOWN ? (int)value.n : SHOWN, value.p, near.best ? "; did you mean \"" : "", (int)near.best_n,
		near.best ? near.best : "", near.best ? "\"?" : "");
	gw_buf_done(&expected);
	return rc;
}

/* A path is for the daemon, which works in another directory. */
static struct gw_slice absolute(struct request *r, struct gw_slice path)
{
	char cwd[4096];
	struct gw_buf b;

	if (path.n == 0 || path.p[0] == '/' || !getcwd(cwd, sizeof cwd))
		return path;
	gw_buf_init(&b, 0);
	gw_buf_printf(&b, "%s/%.*s", strcmp(cwd, "/") == 0 ? "" : cwd, GW_FMT(path));
	path = gw_arena_dup(&r->arena, gw_buf_slice(&b));
	gw_buf_done(&b);
	return path;
}

/* Words with blanks between may also come one after the other. */
static bool goes_on(const struct request *r, int *ret)
{
	int last = -1;

	for (size_t i = 0; i < param_count(r->verb); i++)
		if ((r->verb->params[i].flags & GW_CTL_POSITION) && r->given[i])
			last = (int)i;
	if (last < 0 || r->verb->params[last].type != GW_CTL_WORDS)
		return false;
	*ret = last;
	return true;
}

static struct gw_slice joined(struct request *r, struct gw_slice a, struct gw_slice b)
{
	char *text = gw_arena_alloc(&r->arena, a.n + b.n + 1);

	memcpy(text, a.p, a.n);
	text[a.n] = ' ';
	memcpy(text + a.n + 1, b.p, b.n);
	return gw_slice(text, a.n + b.n + 1);
}

static int take(struct request *r, int i, struct gw_slice value, struct gw_err *err)
{
	const struct gw_ctl_param *p = &r->verb->params[i];

	if (p->flags & GW_CTL_MADE)
		return gw_fail(err, GW_EINVAL, "%s: %s is nothing to give, gwctl makes it", r->verb->name, p->name);
	if (r->given[i])
		return gw_fail(err, GW_EINVAL, "%s: %s is given twice", r->verb->name, p->name);
	if (p->type == GW_CTL_SECRET)
		return no_secret(r, p, err);
	if (p->type == GW_CTL_PATH)
		value = absolute(r, value);
	if (p->type == GW_CTL_FD ? value.n == 0 : !gw_ctl_value_ok(p, value, NULL))
		return wrong_value(r, p, value, err);
	r->value[i] = value;
	r->given[i] = true;
	return 0;
}

static int take_position(struct request *r, struct gw_slice value, struct gw_err *err)
{
	int i = next_position(r);

	if (i >= 0)
		return take(r, i, value, err);
	if (!goes_on(r, &i))
		return gw_fail(err, GW_EINVAL, "%s: \"%.60s\" is one argument too many", r->verb->name, value.p);
	value = joined(r, r->value[i], value);
	r->given[i] = false;
	return take(r, i, value, err);
}

/* ---- words ---- */

struct words {
	char *const *word;
	size_t n, i;
	bool ended; /* "--" was there */
};

static int unknown_name(const struct request *r, struct gw_slice name, bool many, struct gw_err *err)
{
	struct near near = near_begin(name);

	for (size_t i = 0; i < param_count(r->verb); i++)
		near_offer(&near, gw_slice_str(r->verb->params[i].name));
	for (size_t i = 0; flag_row(i); i++)
		near_offer(&near, gw_slice_str(flag_row(i)->name));
	return gw_fail(err, GW_EINVAL, "%s: %s \"%.*s\"%s%.*s%s", r->verb->name,
		many ? "several parameters begin with" : "there is no parameter", name.n < SHOWN ? (int)name.n : SHOWN, name.p,
		near.best ? "; did you mean \"" : "", (int)near.best_n, near.best ? near.best : "", near.best ? "\"?" : "");
}

/* --name VALUE of a parameter. */
static int take_long(struct request *r, int i, struct words *w, struct gw_err *err)
{
	const char *eq = strchr(w->word[w->i], '=');
	const struct gw_ctl_param *p = &r->verb->params[i];

	if (eq)
		return take(r, i, gw_slice_str(eq + 1), err);
	if (p->type == GW_CTL_BOOL)
		return take(r, i, GW_S("yes"), err);
	if (p->type == GW_CTL_SECRET)
		return no_secret(r, p, err);
	if (w->i + 1 == w->n)
		return gw_fail(err, GW_EINVAL, "%s: --%s needs a value", r->verb->name, p->name);
	return take(r, i, gw_slice_str(w->word[++w->i]), err);
}

/* A word that begins with "-": a parameter or a flag, whole names first. */
static int read_dashed(struct request *r, struct words *w, struct options *o, struct gw_err *err)
{
	const char *word = w->word[w->i];
	struct gw_slice name = gw_slice(word + 2, word[1] == '-' ? strcspn(word + 2, "=") : 0);
	bool many = false;
	int i, rc;

	i = param_find(r->verb, name, &many);
	if (i >= 0 && r->verb->params[i].type == GW_CTL_SECRET && gw_slice_eq(name, GW_S("hash")) && !strchr(word, '='))
		i = -1; /* the flag: it has no value */
	if (i >= 0 && strlen(r->verb->params[i].name) == name.n)
		return take_long(r, i, w, err);
	rc = flag_read(w->word, w->n, &w->i, o, err);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	return i >= 0 ? take_long(r, i, w, err) : unknown_name(r, name, many, err);
}

static int read_plain(struct request *r, struct words *w, struct gw_err *err)
{
	const char *word = w->word[w->i], *eq = w->ended ? NULL : strchr(word, '=');
	bool many = false;
	int i = eq ? param_find(r->verb, gw_slice(word, (size_t)(eq - word)), &many) : -1;

	if (i >= 0)
		return take(r, i, gw_slice_str(eq + 1), err);
	if (eq && next_position(r) < 0 && !goes_on(r, &i))
		return unknown_name(r, gw_slice(word, (size_t)(eq - word)), many, err);
	return take_position(r, gw_slice_str(word), err);
}

static int read_word(struct request *r, struct words *w, struct options *o, struct gw_err *err)
{
	const char *word = w->word[w->i];

	if (!w->ended && strcmp(word, "--") == 0) {
		w->ended = true;
		return 0;
	}
	return !w->ended && word[0] == '-' && word[1] ? read_dashed(r, w, o, err) : read_plain(r, w, err);
}

/* ---- the whole ---- */

/* The words that can be those of a name, where each stands; flags between them are passed over. */
static size_t gather(char *const *words, size_t n, char *name[GW_CTL_WORDS_MAX], size_t at[GW_CTL_WORDS_MAX])
{
	size_t found = 0;

	for (size_t i = 0; i < n && found < GW_CTL_WORDS_MAX;) {
		bool dashed = words[i][0] == '-' && words[i][1];

		if (dashed && flag_words(words, n, i) == 0)
			break;
		if (dashed) {
			i += flag_words(words, n, i);
			continue;
		}
		at[found] = i;
		name[found++] = words[i++];
	}
	return found;
}

/* Flags before the last word of the name. */
static int read_flags(char *const *words, size_t end, struct options *o, struct gw_err *err)
{
	for (size_t i = 0; i < end; i++)
		if (words[i][0] == '-' && words[i][1]) {
			int rc = flag_read(words, end, &i, o, err);

			if (rc < 0)
				return rc;
			if (rc == 0)
				return gw_fail(err, GW_EINVAL, "there is no flag %.60s", words[i]);
		}
	return 0;
}

/* Is it something that is asked back for? */
static bool is_confirm(const struct gw_ctl_param *p)
{
	return p->type == GW_CTL_BOOL && strcmp(p->name, "confirm") == 0;
}

/* What is required is there; what ask.c will ask for may be missing, and files that are passed are looked at later. */
static int check_required(const struct request *r, struct gw_err *err)
{
	const struct local *l = verb_local(r->verb);

	for (size_t i = 0; i < param_count(r->verb); i++)
		if ((r->verb->params[i].flags & (GW_CTL_REQUIRED | GW_CTL_MADE)) == GW_CTL_REQUIRED && !r->given[i] &&
		    !is_confirm(&r->verb->params[i]))
			return gw_fail(err, GW_EINVAL, "%s: %s is missing (%s)", r->verb->name, r->verb->params[i].name,
				r->verb->params[i].brief);
	if (l && l->rest == REST_MUST && r->n_rest == 0)
		return gw_fail(err, GW_EINVAL, "%s: a command is missing", r->verb->name);
	return 0;
}

/* The first words belong to the order, those behind its positions to the command that it takes. */
static bool is_rest(const struct request *r, const struct words *w)
{
	const struct local *l = verb_local(r->verb);

	return l && l->rest && w->word[w->i][0] != '-' && next_position(r) < 0;
}

int request_read(struct request *r, size_t n, char *const *words, struct options *o, struct gw_err *err)
{
	char *name[GW_CTL_WORDS_MAX];
	size_t at[GW_CTL_WORDS_MAX], used, found;
	struct words w = { words, n, 0, false };
	int rc = 0;

	memset(r, 0, sizeof *r);
	gw_arena_init(&r->arena, 0, 0);
	found = gather(words, n, name, at);
	if (found == 0) {
		rc = read_flags(words, n, o, err);
		return rc < 0 ? rc : gw_fail(err, GW_EINVAL, "a command is missing; `help' shows all");
	}
	r->verb = verb_find(name, found, &used, err);
	if (!r->verb)
		return GW_EINVAL;
	rc = read_flags(words, at[used - 1], o, err);
	for (w.i = at[used - 1] + 1; rc == 0 && w.i < n; w.i++) {
		if (is_rest(r, &w)) {
			r->rest = words + w.i;
			r->n_rest = n - w.i;
			break;
		}
		rc = read_word(r, &w, o, err);
	}
	return rc == 0 && !o->help ? check_required(r, err) : rc;
}

void request_set(struct request *r, const char *name, struct gw_slice value)
{
	int i = request_param(r, name);

	if (i < 0)
		gw_bug("gwctl: no such parameter");
	r->value[i] = value;
	r->given[i] = true;
}

struct gw_slice request_get(const struct request *r, const char *name)
{
	int i = request_param(r, name);

	if (i < 0)
		gw_bug("gwctl: no such parameter");
	return r->given[i] ? r->value[i] : gw_slice("", 0);
}

uint64_t request_number(const struct request *r, const char *name, uint64_t otherwise)
{
	int i = request_param(r, name);
	uint64_t v = otherwise;

	if (i < 0)
		gw_bug("gwctl: no such parameter");
	if (r->given[i])
		gw_ctl_value_ok(&r->verb->params[i], r->value[i], &v);
	return v;
}

bool request_flag(const struct request *r, const char *name)
{
	return request_number(r, name, 0) != 0;
}

bool request_encode(const struct request *r, struct gw_buf *b)
{
	bool ok = gw_ctl_put_verb(b, r->verb);

	for (size_t i = 0; i < param_count(r->verb); i++)
		if (ok && r->given[i] && r->verb->params[i].type != GW_CTL_FD)
			ok = gw_ctl_put_arg(b, r->verb->params[i].name, r->value[i]);
	return ok && gw_ctl_put_end(b);
}

void request_done(struct request *r)
{
	gw_arena_done(&r->arena);
	gw_secret_free(&r->secret);
}
