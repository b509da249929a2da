/* help.c - the rows of the orders and of the flags as help (see help.h) */
#include "gwctl/help.h"

#include "gwctl/output.h"
#include "gwctl/verbs.h"

#define NAME_COLUMN 22

/* ---- one ---- */

static void put_upper(const char *s, struct gw_buf *out)
{
	for (; *s; s++)
		gw_buf_add_char(out, gw_upper(*s));
}

/* "imap|pop3" or "NUMBER" */
static void put_meta(const struct gw_ctl_param *p, struct gw_buf *out)
{
	if (p->flags & GW_CTL_POSITION) {
		put_upper(p->name, out);
	} else if (!p->words || p->type == GW_CTL_WORDS) {
		put_upper(gw_ctl_type_name(p->type), out);
	} else {
		for (const char *w = p->words; *w; w++)
			gw_buf_add_char(out, *w == ' ' ? '|' : *w);
	}
}

static void put_param(const struct gw_ctl_param *p, struct gw_buf *out)
{
	bool required = p->flags & GW_CTL_REQUIRED;

	if (p->type == GW_CTL_SECRET)
		return; /* asked for, not given */
	gw_buf_printf(out, required ? " " : " [");
	if (!(p->flags & GW_CTL_POSITION))
		gw_buf_printf(out, "--%s%s", p->name, p->type == GW_CTL_BOOL ? "" : " ");
	if (!(p->type == GW_CTL_BOOL && !(p->flags & GW_CTL_POSITION)))
		put_meta(p, out);
	if (!required)
		gw_buf_add_char(out, ']');
}

void help_put_usage(const struct gw_ctl_verb *v, struct gw_buf *out)
{
	const struct local *l = verb_local(v);

	gw_buf_printf(out, "gwctl %s", v->name);
	for (size_t i = 0; i < param_count(v); i++)
		if (!(v->params[i].flags & GW_CTL_MADE))
			put_param(&v->params[i], out);
	if (l && l->rest)
		gw_buf_printf(out, l->rest == REST_MUST ? " COMMAND ..." : " [COMMAND]");
}

void help_put_type(const struct gw_ctl_param *p, struct gw_buf *out)
{
	if (p->type == GW_CTL_SECRET)
		gw_buf_printf(out, "asked for, or read from standard input");
	else if (p->type == GW_CTL_FD)
		gw_buf_printf(out, "a file, - for standard input");
	else
		gw_ctl_put_expected(p, out);
}

void help_put_verb(const struct gw_ctl_verb *v, struct gw_buf *out)
{
	gw_buf_printf(out, "usage: ");
	help_put_usage(v, out);
	gw_buf_printf(out, "\n\n%c%s.\n", gw_upper(v->brief[0]), v->brief + 1);
	gw_cli_put_wrapped(out, v->doc, 0);
	if (param_count(v))
		gw_buf_add_char(out, '\n');
	for (size_t i = 0; i < param_count(v); i++) {
		if (v->params[i].flags & GW_CTL_MADE)
			continue;
		gw_buf_printf(out, "  %-*s %s (", NAME_COLUMN - 3, v->params[i].name, v->params[i].brief);
		help_put_type(&v->params[i], out);
		gw_buf_printf(out, ")\n");
	}
	if (!verb_local(v))
		gw_buf_printf(out, "\nNeeds the rights of %s.\n", gw_ctl_level_name(v->level));
}

/* ---- all ---- */

static void put_rows(struct gw_slice first, struct gw_buf *out)
{
	const struct gw_ctl_verb *v;

	for (size_t i = 0; (v = verb_at(i)); i++)
		if (first.n == 0 || gw_slice_eqi(verb_word(v, 0), first))
			gw_buf_printf(out, "  %-*s %s\n", NAME_COLUMN - 3, v->name, v->brief);
}

void help_put_all(struct gw_buf *out)
{
	const char *name, *brief;

	gw_buf_printf(out, "usage: gwctl [FLAGS] COMMAND [VALUE ...] [--NAME VALUE ...]\n"
		"       gwctl [FLAGS]            a prompt\n       gwctl [FLAGS] -f FILE    a script\n\nCommands:\n");
	put_rows(gw_slice("", 0), out);
	gw_buf_printf(out, "\nFlags:\n");
	put_flags(out);
	gw_buf_printf(out, "\nFilters, at the prompt and in scripts (COMMAND | FILTER ...):\n");
	for (size_t i = 0; (name = filter_name(i, &brief)); i++)
		gw_buf_printf(out, "  %-*s %s\n", NAME_COLUMN - 3, name, brief);
	gw_buf_printf(out, "\nCommands and names may be shortened: `gwctl ses l'. `gwctl help COMMAND' says more of one, gwctl(8) of "
		"all.\n");
}

static int show(struct gw_buf *text, const struct options *o)
{
	struct output *out = output_open(o, false);
	struct gw_slice rest = gw_buf_slice(text);

	while (rest.n) {
		struct gw_slice line = gw_slice_take(&rest, gw_slice_find(rest, '\n'));

		((char *)line.p)[line.n] = '\0'; /* the line's end, or the NUL of the buffer */
		output_line(out, line.p, NULL, false);
		if (rest.n)
			gw_slice_take(&rest, 1);
	}
	output_close(out);
	gw_buf_done(text);
	return EXIT_FINE;
}

int help_show_verb(const struct gw_ctl_verb *v, const struct options *o)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	help_put_verb(v, &text);
	gw_buf_str(&text);
	return show(&text, o);
}

int help_show_all(const struct options *o)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	help_put_all(&text);
	gw_buf_str(&text);
	return show(&text, o);
}

static int show_group(struct gw_slice first, const struct options *o)
{
	struct gw_buf text;

	gw_buf_init(&text, 0);
	put_rows(first, &text);
	gw_buf_str(&text);
	return show(&text, o);
}

/* For programs the daemon tells, who also knows what the caller may do. */
static int show_json(const struct options *o)
{
	struct request r = { .verb = gw_ctl_verb_named(GW_S("help")) };
	struct gw_control c;
	int code = client_open(&c, o);

	if (code != EXIT_FINE)
		return code;
	code = run_exchange(&c, &r, o);
	gw_control_close(&c);
	return code;
}

int help_run(const struct request *r, const struct options *o)
{
	const struct gw_ctl_verb *v;
	struct gw_err err = { .text = "" };
	size_t used;

	if (o->json)
		return show_json(o);
	if (r->n_rest == 0)
		return help_show_all(o);
	v = verb_find(r->rest, r->n_rest, &used, &err);
	if (v)
		return help_show_verb(v, o);
	for (size_t i = 0; r->n_rest == 1 && (v = verb_at(i)); i++)
		if (gw_slice_eqi(verb_word(v, 0), gw_slice_str(r->rest[0])))
			return show_group(gw_slice_str(r->rest[0]), o);
	complain("%s", err.text);
	return EXIT_USAGE;
}
