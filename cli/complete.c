/* complete.c - completions from the rows: what is the same for all shells (see complete.h) */
#include "cli/complete.h"

#include <stdio.h>
#include <string.h>

/* ---- flags ---- */

static bool has_flag(const struct gw_cli_flag *const *flags, const char *name)
{
	for (size_t i = 0; flags && flags[i]; i++)
		if (flags[i]->name && strcmp(flags[i]->name, name) == 0)
			return true;
	return false;
}

const struct gw_cli_flag *flag_at(const struct gw_cli *cli, const struct gw_cli_verb *verb, size_t i)
{
	static const struct gw_cli_flag help = { 0, "help", NULL, "say more about this" };
	static const struct gw_cli_flag version = { 0, "version", NULL, "print the version" };
	const struct gw_cli_flag *const lists[] = { &help, &version };
	const struct gw_cli_flag *const *own = verb ? verb->flags : NULL;

	for (; own && *own; own++)
		if (i-- == 0)
			return *own;
	for (own = cli->flags; own && *own; own++)
		if (i-- == 0)
			return *own;
	for (size_t k = 0; k < (verb ? 1 : 2); k++)
		if (!has_flag(cli->flags, lists[k]->name) && !(verb && has_flag(verb->flags, lists[k]->name)) && i-- == 0)
			return lists[k];
	return NULL;
}

/* ---- places ---- */

struct place place_of_flag(const struct gw_cli *cli, const struct gw_cli_verb *verb, const struct gw_cli_flag *flag)
{
	return (struct place){ cli, verb, flag, flag->value };
}

struct place place_of_operand(const struct gw_cli *cli, const struct gw_cli_verb *verb)
{
	return (struct place){ cli, verb, NULL, verb->operand };
}

static bool place_of_verb(const struct gw_cli *cli, const struct gw_cli_verb *verb, size_t *k, struct place *ret)
{
	const struct gw_cli_flag *const *flags = verb ? verb->flags : cli->flags;

	for (; flags && *flags; flags++)
		if ((*flags)->value && (*k)-- == 0) {
			*ret = place_of_flag(cli, verb, *flags);
			return true;
		}
	if (!verb || !verb->operand || (*k)-- != 0)
		return false;
	*ret = place_of_operand(cli, verb);
	return true;
}

bool place_at(const struct gw_cli *cli, size_t k, struct place *ret)
{
	if (place_of_verb(cli, NULL, &k, ret))
		return true;
	for (size_t i = 0; i < cli->n; i++)
		if (place_of_verb(cli, cli->verbs[i], &k, ret))
			return true;
	return false;
}

bool place_has_words(const struct place *p)
{
	return p->value && (p->value->how == GW_CLI_WORDS || p->value->how == GW_CLI_NAMES || p->value->how == GW_CLI_SETTINGS);
}

bool place_word(const struct place *p, size_t i, struct gw_cli_word *ret)
{
	if (p->value->word)
		return p->value->word(i, ret);
	return p->cli->operand_word && p->verb && p->cli->operand_word(p->verb, i, ret);
}

bool place_is_long(const struct place *p)
{
	struct gw_cli_word w;

	return place_has_words(p) && p->value->how == GW_CLI_SETTINGS && place_word(p, 0, &w) && strncmp(w.word, "--", 2) == 0;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Have both the same list? */
static bool same_words(const struct place *a, const struct place *b)
{
	struct gw_cli_word v, w;
	bool more = true, same = place_has_words(a) && place_has_words(b) && a->value->how == b->value->how;

	if (same && a->value->word && a->value->word == b->value->word)
		return true;
	for (size_t i = 0; same && more; i++) {
		more = place_word(a, i, &v);
		same = more == place_word(b, i, &w) && (!more || (same_text(v.word, w.word) && same_text(v.values, w.values)));
	}
	return same;
}

bool place_is_first(const struct place *p, size_t k)
{
	struct place q;

	for (size_t i = 0; i < k; i++)
		if (place_at(p->cli, i, &q) && same_words(&q, p))
			return false;
	return place_has_words(p);
}

const char *place_next_values(const struct place *p, size_t *i)
{
	struct gw_cli_word w, before;

	for (; place_word(p, *i, &w); ++*i) {
		bool seen = w.values == NULL;

		for (size_t k = 0; !seen && k < *i && place_word(p, k, &before); k++)
			seen = before.values && strcmp(before.values, w.values) == 0;
		if (!seen)
			return ++*i, w.values;
	}
	return NULL;
}

void place_put_settings(const struct place *p, const char *values, const char *behind, const char *between,
	struct gw_buf *out)
{
	struct gw_cli_word w;
	bool any = false;

	for (size_t i = 0; place_word(p, i, &w); i++) {
		if (!w.values || strcmp(w.values, values) != 0)
			continue;
		gw_buf_printf(out, "%s%s%s", any ? between : "", w.word, behind);
		any = true;
	}
}

static void put_name(const char *name, struct gw_buf *out)
{
	for (; *name; name++)
		gw_buf_add_char(out, *name == ' ' || *name == '-' ? '_' : *name);
}

/* The first place with the list, and whether another list before it stands behind a flag of the same name. */
static bool is_ambiguous(const struct place *p, struct place *first)
{
	bool ambiguous = false;

	for (size_t k = 0; place_at(p->cli, k, first) && !same_words(first, p); k++)
		ambiguous |= p->flag && first->flag && place_has_words(first) && same_text(first->flag->name, p->flag->name);
	return ambiguous;
}

void put_list_name(const struct place *p, struct gw_buf *out)
{
	struct place q = *p;
	bool ambiguous = is_ambiguous(p, &q);

	gw_buf_printf(out, q.flag ? "of_" : "in_");
	if ((!q.flag || ambiguous) && q.verb)
		put_name(q.verb->name ? q.verb->name : "operands", out);
	if (q.flag) {
		gw_buf_printf(out, ambiguous ? "_" : "");
		put_name(q.flag->name, out);
	}
}

/* ---- verbs ---- */

struct gw_slice verb_first(const struct gw_cli_verb *verb)
{
	return gw_slice(verb->name, strcspn(verb->name, " "));
}

const char *verb_second(const struct gw_cli_verb *verb)
{
	const char *blank = strchr(verb->name, ' ');

	return blank ? blank + 1 : NULL;
}

bool verb_is_in(const struct gw_cli_verb *verb, const struct gw_cli_verb *first)
{
	return gw_slice_eq(verb_first(verb), verb_first(first));
}

bool verb_begins(const struct gw_cli *cli, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (verb_is_in(cli->verbs[k], cli->verbs[i]))
			return false;
	return true;
}

bool has_verbs(const struct gw_cli *cli)
{
	return cli->n && cli->verbs[0]->name;
}

bool needs_help(const struct gw_cli *cli)
{
	for (size_t i = 0; i < cli->n; i++)
		if (!cli->verbs[i]->name || strcmp(cli->verbs[i]->name, "help") == 0)
			return false;
	return true;
}

/* ---- text ---- */

void put_quoted(struct gw_buf *out, const char *s, const char *more)
{
	for (; *s; s++) {
		if (strchr(more, *s))
			gw_buf_add_char(out, '\\');
		if (*s == '\'')
			gw_buf_printf(out, "'\\''");
		else
			gw_buf_add_char(out, *s);
	}
}

void put_fish_quoted(struct gw_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			gw_buf_add_char(out, '\\');
		gw_buf_add_char(out, *s);
	}
}

void put_fixed(const struct gw_cli *cli, const char *text, struct gw_buf *out)
{
	for (; *text; text++)
		if (*text == '~')
			gw_buf_printf(out, "%s", cli->program);
		else
			gw_buf_add_char(out, *text);
}

static const struct {
	const char *name;
	void (*put)(const struct gw_cli *cli, struct gw_buf *out);
} shells[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish } };
#define SHELLS (sizeof shells / sizeof *shells)

static bool shell_word(size_t i, struct gw_cli_word *ret)
{
	if (i >= SHELLS)
		return false;
	*ret = (struct gw_cli_word){ .word = shells[i].name };
	return true;
}

const struct gw_cli_value gw_cli_shell = { "SHELL", GW_CLI_WORDS, shell_word };

bool gw_cli_put_completion(const struct gw_cli *cli, const char *shell, struct gw_buf *out)
{
	for (size_t i = 0; i < SHELLS; i++)
		if (strcmp(shell, shells[i].name) == 0) {
			shells[i].put(cli, out);
			return true;
		}
	return false;
}
