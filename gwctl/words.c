/* words.c - the words of a command as a request
 *
 * The first word or two name the verb. Each word after them is name=value, or stands for the next parameter that may go
 * without its name. Values are checked here already, so that mistakes are told without a daemon. */
#include "gwctl/gwctl.h"

#include <string.h>

/* ---- usage ---- */

static void put_param(FILE *f, const struct gw_ctl_param *p)
{
	bool required = p->flags & GW_CTL_REQUIRED, position = p->flags & GW_CTL_POSITION;

	if (p->type == GW_CTL_SECRET)
		return; /* asked for, not given */
	fprintf(f, required ? " " : " [");
	if (position)
		fprintf(f, "%s", p->name);
	else
		fprintf(f, "%s=%s", p->name, gw_ctl_type_name(p->type));
	if (!required)
		fprintf(f, "]");
}

void print_verb_usage(FILE *f, const struct gw_ctl_verb *v)
{
	fprintf(f, "usage: gwctl %s", v->name);
	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++)
		put_param(f, &v->params[i]);
	fprintf(f, "\n");
}

/* ---- reading ---- */

static int unknown(size_t n, char *const *words)
{
	struct gw_buf all;
	const char *near;

	gw_buf_init(&all, 256);
	put_safe(&all, gw_slice_str(words[0]));
	if (n > 1) {
		gw_buf_add_char(&all, ' ');
		put_safe(&all, gw_slice_str(words[1]));
	}
	near = gw_ctl_verb_near(gw_buf_slice(&all));
	if (!near)
		near = gw_ctl_verb_near(gw_slice_str(words[0]));
	if (near)
		complain("there is no command \"%s\"; did you mean \"%s\"?", gw_buf_str(&all), near);
	else
		complain("there is no command \"%s\"; `gwctl help' shows all", gw_buf_str(&all));
	gw_buf_done(&all);
	return EXIT_USAGE;
}

int request_param(const struct request *r, const char *name)
{
	for (int i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if (strcmp(r->verb->params[i].name, name) == 0)
			return i;
	return -1;
}

/* name=value of a parameter of the verb: its index, *ret the value. */
static int named(const struct request *r, const char *word, struct gw_slice *ret)
{
	const char *eq = strchr(word, '=');

	for (int i = 0; eq && i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if (gw_slice_eqi(gw_slice(word, (size_t)(eq - word)), gw_slice_str(r->verb->params[i].name))) {
			*ret = gw_slice_str(eq + 1);
			return i;
		}
	return -1;
}

static int next_position(const struct request *r)
{
	for (int i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if ((r->verb->params[i].flags & GW_CTL_POSITION) && !r->given[i])
			return i;
	return -1;
}

static int wrong(const struct request *r, const char *what, const char *name)
{
	complain("%s: %s%s", r->verb->name, what, name);
	print_verb_usage(stderr, r->verb);
	return EXIT_USAGE;
}

static int read_word(struct request *r, const char *word)
{
	struct gw_slice value = gw_slice_str(word);
	int i = named(r, word, &value);

	if (i < 0)
		i = next_position(r);
	if (i < 0)
		return wrong(r, "too many arguments", "");
	if (r->given[i])
		return wrong(r, "given twice: ", r->verb->params[i].name);
	if (r->verb->params[i].type == GW_CTL_SECRET) {
		complain("%s: others could read a %s from the command line; it is asked for, or read from standard input%s",
			 r->verb->name, r->verb->params[i].name,
			 strcmp(r->verb->params[i].name, "hash") == 0 ? " with --hash" : "");
		return EXIT_USAGE;
	}
	if (!gw_ctl_value_ok(&r->verb->params[i], value, NULL)) {
		struct gw_buf expected;

		gw_buf_init(&expected, 0);
		gw_ctl_put_expected(&r->verb->params[i], &expected);
		complain("%s: %s is to be %s", r->verb->name, r->verb->params[i].name, gw_buf_str(&expected));
		gw_buf_done(&expected);
		return EXIT_USAGE;
	}
	r->value[i] = value;
	r->given[i] = true;
	return EXIT_FINE;
}

/* What is required is there; what ask.c will ask for may be missing. */
static int check_required(const struct request *r)
{
	for (int i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if ((r->verb->params[i].flags & GW_CTL_REQUIRED) && !r->given[i] &&
		    strcmp(r->verb->params[i].name, "confirm") != 0)
			return wrong(r, "missing: ", r->verb->params[i].name);
	return EXIT_FINE;
}

const struct gw_ctl_verb *find_verb(size_t n, char *const *words, size_t *ret_used)
{
	struct gw_slice w[GW_CTL_WORDS_MAX];

	n = n < GW_CTL_WORDS_MAX ? n : GW_CTL_WORDS_MAX;
	for (size_t i = 0; i < n; i++)
		w[i] = gw_slice_str(words[i]);
	return gw_ctl_verb_find(w, n, ret_used);
}

int request_read(struct request *r, size_t n, char *const *words)
{
	size_t used;
	int code = EXIT_FINE;

	memset(r, 0, sizeof *r);
	r->verb = find_verb(n, words, &used);
	if (!r->verb)
		return unknown(n, words);
	for (size_t i = used; i < n && code == EXIT_FINE; i++)
		code = read_word(r, words[i]);
	return code == EXIT_FINE ? check_required(r) : code;
}

void request_set(struct request *r, const char *name, struct gw_slice value)
{
	int i = request_param(r, name);

	if (i < 0)
		gw_bug("gwctl: no such parameter");
	r->value[i] = value;
	r->given[i] = true;
}

bool request_encode(const struct request *r, struct gw_buf *b)
{
	bool ok = gw_ctl_put_verb(b, r->verb);

	for (int i = 0; i < GW_CTL_PARAMS_MAX && r->verb->params[i].name; i++)
		if (ok && r->given[i])
			ok = gw_ctl_put_arg(b, r->verb->params[i].name, r->value[i]);
	return ok && gw_ctl_put_end(b);
}

void request_done(struct request *r)
{
	gw_secret_free(&r->secret);
}
