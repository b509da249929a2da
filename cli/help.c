/* help.c - what --help shows, from the rows (see cli.h) */
#include "cli/cli.h"

#include <stdio.h>

#define TEXT_WIDTH 78
#define FLAG_COLUMN 24 /* where the briefs of flags begin */

static void put_blanks(struct gw_buf *out, size_t n)
{
	gw_buf_printf(out, "%*s", (int)n, "");
}

void gw_cli_put_wrapped(struct gw_buf *out, const char *s, size_t indent)
{
	size_t column = 0;

	while (*s) {
		size_t n = strcspn(s, " \n");

		if (column && n && column + 1 + n > TEXT_WIDTH) {
			gw_buf_add_char(out, '\n');
			column = 0;
		}
		if (n) {
			put_blanks(out, column ? 1 : indent);
			column += n + (column ? 1 : indent);
		}
		for (size_t i = 0; i < n; i++)
			if (s[i] != '`')
				gw_buf_add_char(out, s[i]);
		s += n;
		if (s[0] == '\n' && s[1] == '\n') {
			gw_buf_printf(out, s[2] ? "\n\n" : "");
			column = 0;
			s++;
		}
		s += *s != '\0';
	}
	gw_buf_add_char(out, '\n');
}

static void put_flag_synopsis(const struct gw_cli_flag *f, struct gw_buf *out)
{
	gw_buf_printf(out, " [--%s%s%s]", f->name, f->value ? " " : "", f->value ? f->value->meta : "");
}

/* The letters of switches stand together: [-iq]. */
void gw_cli_put_synopsis(const struct gw_cli *cli, const struct gw_cli_verb *v, struct gw_buf *out)
{
	bool letters = false;

	gw_buf_printf(out, "%s%s%s", cli->program, v->name ? " " : "", v->name ? v->name : "");
	for (size_t i = 0; v->flags && v->flags[i]; i++)
		if (v->flags[i]->letter && !v->flags[i]->value) {
			gw_buf_printf(out, "%s%c", letters ? "" : " [-", v->flags[i]->letter);
			letters = true;
		}
	if (letters)
		gw_buf_add_char(out, ']');
	for (size_t i = 0; v->flags && v->flags[i]; i++)
		if (!v->flags[i]->letter || v->flags[i]->value)
			put_flag_synopsis(v->flags[i], out);
	if (v->operand)
		gw_buf_printf(out, " %s%s%s%s", v->min ? "" : "[", v->operand->meta, v->max > v->min + (v->min ? 0 : 1) ? " ..." : "",
			v->min ? "" : "]");
}

static void put_flag(const struct gw_cli_flag *f, struct gw_buf *out)
{
	size_t begin = out->n, used;

	if (f->letter)
		gw_buf_printf(out, "  -%c, --%s", f->letter, f->name);
	else
		gw_buf_printf(out, "      --%s", f->name);
	if (f->value)
		gw_buf_printf(out, "=%s", f->value->meta);
	used = out->n - begin;
	if (used + 2 > FLAG_COLUMN) {
		gw_buf_add_char(out, '\n');
		used = 0;
	}
	put_blanks(out, FLAG_COLUMN - used);
	gw_buf_printf(out, "%s\n", f->brief);
}

/* The words a flag takes, when they are few and fixed. */
static void put_flag_words(const struct gw_cli_flag *f, struct gw_buf *out)
{
	struct gw_cli_word w;

	if (!f->value || f->value->how != GW_CLI_WORDS)
		return;
	for (size_t i = 0; f->value->word(i, &w); i++) {
		if (!w.brief)
			continue;
		put_blanks(out, FLAG_COLUMN);
		gw_buf_printf(out, "%-10s %s\n", w.word, w.brief);
	}
}

void gw_cli_put_flags(const struct gw_cli_flag *const *flags, struct gw_buf *out)
{
	for (; *flags; flags++) {
		put_flag(*flags, out);
		put_flag_words(*flags, out);
	}
}

void gw_cli_put_help(const struct gw_cli *cli, const struct gw_cli_verb *v, struct gw_buf *out)
{
	gw_buf_printf(out, "usage: ");
	gw_cli_put_synopsis(cli, v, out);
	gw_buf_printf(out, "\n\n%c%s.\n", v->brief[0] & ~0x20, v->brief + 1);
	if (v->doc) {
		gw_buf_add_char(out, '\n');
		gw_cli_put_wrapped(out, v->doc, 0);
	}
	if (v->flags && v->flags[0]) {
		gw_buf_add_char(out, '\n');
		gw_cli_put_flags(v->flags, out);
	}
	if (v->examples)
		gw_buf_printf(out, "\nExamples:\n%s", v->examples);
}

void gw_cli_put_overview(const struct gw_cli *cli, struct gw_buf *out)
{
	gw_buf_printf(out, "usage: %s VERB ...\n\n%c%s.\n\n", cli->program, cli->brief[0] & ~0x20, cli->brief + 1);
	for (size_t i = 0; i < cli->n; i++)
		gw_buf_printf(out, "  %-14s %s\n", cli->verbs[i]->name, cli->verbs[i]->brief);
	gw_buf_printf(out, "\n`%s VERB --help' says more of one, %s of all. `%s --version' tells the version.\n", cli->program,
		cli->manual, cli->program);
}
