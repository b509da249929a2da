/* parse.c - a command line by the rows of its verb (see cli.h) */
#include "cli/cli.h"

#include "util/mem.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define FLAGS_MAX 32
#define LONG_ONLY 256 /* getopt's value of flag i is its letter, or this and i */
#define HELP 1000

static size_t count_flags(const struct gw_cli_verb *verb)
{
	size_t n = 0;

	while (verb->flags && verb->flags[n])
		n++;
	return n;
}

static const struct gw_cli_flag *flag_of(const struct gw_cli_verb *verb, int c)
{
	if (c >= LONG_ONLY)
		return verb->flags[c - LONG_ONLY];
	for (size_t i = 0; i < count_flags(verb); i++)
		if (verb->flags[i]->letter == c)
			return verb->flags[i];
	return NULL;
}

/* The rows in the form of getopt_long(3), and --help unless it is a row. */
static void describe(const struct gw_cli_verb *verb, struct option *longs, char *shorts)
{
	size_t n = count_flags(verb);
	bool has_help = false;

	*shorts++ = ':'; /* tells a missing value from an unknown flag */
	for (size_t i = 0; i < n; i++) {
		const struct gw_cli_flag *f = verb->flags[i];

		longs[i] = (struct option){ f->name, f->value ? required_argument : no_argument, NULL, LONG_ONLY + (int)i };
		has_help |= strcmp(f->name, "help") == 0;
		if (f->letter)
			*shorts++ = f->letter;
		if (f->letter && f->value)
			*shorts++ = ':';
	}
	*shorts = '\0';
	if (!has_help)
		longs[n] = (struct option){ "help", no_argument, NULL, HELP };
}

static void put_words(const struct gw_cli_value *v, struct gw_buf *out)
{
	struct gw_cli_word w, next;

	for (size_t i = 0; v->word(i, &w); i++)
		gw_buf_printf(out, "%s%s", i == 0 ? "" : v->word(i + 1, &next) ? ", " : " or ", w.word);
}

static int check_word(const struct gw_cli_flag *f, const char *value, struct gw_err *err)
{
	struct gw_cli_word w;
	struct gw_buf b;
	int rc;

	if (f->value->how == GW_CLI_WORD_FILE && (value[0] == '=' || !strchr(value, '=') || value[strlen(value) - 1] == '='))
		return gw_fail(err, GW_EINVAL, "--%s takes %s, not \"%.60s\"", f->name, f->value->meta, value);
	if (f->value->how != GW_CLI_WORDS)
		return 0;
	for (size_t i = 0; f->value->word(i, &w); i++)
		if (strcmp(w.word, value) == 0)
			return 0;
	gw_buf_init(&b, 0);
	put_words(f->value, &b);
	rc = gw_fail(err, GW_EINVAL, "--%s takes %s, not \"%.60s\"", f->name, gw_buf_str(&b), value);
	gw_buf_done(&b);
	return rc;
}

static int keep(struct gw_cli_args *a, const struct gw_cli_flag *f, const char *value, struct gw_err *err)
{
	a->given = gw_xrealloc(a->given, a->n_given + 1, sizeof *a->given);
	a->given[a->n_given].flag = f;
	a->given[a->n_given++].value = f->value ? value : "";
	return f->value ? check_word(f, value, err) : 0;
}

static int check_operands(const struct gw_cli_args *a, struct gw_err *err)
{
	const struct gw_cli_verb *v = a->verb;

	if (a->n < v->min)
		return gw_fail(err, GW_EINVAL, "%s is missing", v->operand->meta);
	if (a->n > v->max)
		return v->max ? gw_fail(err, GW_EINVAL, "\"%.60s\" is one argument too many", a->operands[v->max]) :
				gw_fail(err, GW_EINVAL, "it takes no arguments, but there is \"%.60s\"", a->operands[0]);
	return 0;
}

static int take_flags(struct gw_cli_args *a, int argc, char **argv, struct gw_err *err)
{
	struct option longs[FLAGS_MAX + 2] = { { 0 } };
	char shorts[2 * FLAGS_MAX + 2];
	int c, rc = 0;

	if (count_flags(a->verb) > FLAGS_MAX)
		gw_bug("a verb with too many flags");
	describe(a->verb, longs, shorts);
	opterr = 0;
	optind = 0;
	while (rc == 0 && !a->help && (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == ':')
			return gw_fail(err, GW_EINVAL, "%.60s needs a value", argv[optind - 1]);
		if (c == '?' && optopt > 0 && optopt < LONG_ONLY)
			return gw_fail(err, GW_EINVAL, "there is no flag -%c", optopt);
		if (c == '?')
			return gw_fail(err, GW_EINVAL, "there is no flag %.60s, or it takes no value", argv[optind - 1]);
		if (c == HELP)
			a->help = true;
		else
			rc = keep(a, flag_of(a->verb, c), optarg, err);
	}
	return rc;
}

int gw_cli_parse(const struct gw_cli *cli, const struct gw_cli_verb *verb, int argc, char **argv, struct gw_cli_args *ret,
	struct gw_err *err)
{
	int rc;

	*ret = (struct gw_cli_args){ .cli = cli, .verb = verb };
	rc = take_flags(ret, argc, argv, err);
	ret->operands = argv + optind;
	ret->n = (size_t)(argc - optind);
	if (rc == 0 && !ret->help)
		rc = check_operands(ret, err);
	if (rc < 0)
		gw_cli_args_done(ret);
	return rc;
}

void gw_cli_args_done(struct gw_cli_args *a)
{
	free(a->given);
	*a = (struct gw_cli_args){ 0 };
}

const char *gw_cli_each(const struct gw_cli_args *a, const char *flag, size_t *i)
{
	for (; *i < a->n_given; (*i)++)
		if (strcmp(a->given[*i].flag->name, flag) == 0)
			return a->given[(*i)++].value;
	return NULL;
}

const char *gw_cli_value(const struct gw_cli_args *a, const char *flag)
{
	const char *last = NULL, *v;

	for (size_t i = 0; (v = gw_cli_each(a, flag, &i));)
		last = v;
	return last;
}

bool gw_cli_has(const struct gw_cli_args *a, const char *flag)
{
	return gw_cli_value(a, flag) != NULL;
}

/* ---- verbs ---- */

const struct gw_cli_verb *gw_cli_find(const struct gw_cli *cli, size_t n, char *const *words)
{
	for (size_t i = 0; n && i < cli->n; i++) {
		const char *name = cli->verbs[i]->name, *blank = strchr(name, ' ');
		size_t first = strcspn(name, " ");

		if (strlen(words[0]) == first && memcmp(words[0], name, first) == 0 &&
		    (!blank || (n > 1 && strcmp(words[1], blank + 1) == 0)))
			return cli->verbs[i];
	}
	return NULL;
}

/* How many letters differ in front and behind of the part that is equal: small words need no more. */
static size_t unlike(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), front = 0, back = 0;

	while (a[front] && a[front] == b[front])
		front++;
	while (back < n - front && back < m - front && a[n - 1 - back] == b[m - 1 - back])
		back++;
	return (n > m ? n : m) - front - back;
}

const struct gw_cli_verb *gw_cli_nearest(const struct gw_cli *cli, const char *word)
{
	const struct gw_cli_verb *best = NULL;
	size_t least = 3;

	for (size_t i = 0; i < cli->n; i++) {
		size_t d = unlike(word, cli->verbs[i]->name);

		if (d < least && d < strlen(cli->verbs[i]->name)) {
			best = cli->verbs[i];
			least = d;
		}
	}
	return best;
}
