/* complete_zsh.c - completion of zsh: one function a list, one a verb, both for _arguments (see complete.h)
 *
 * Texts stand between single quotes; in them a colon, a bracket or a backslash means something to _arguments and
 * _describe. */
#include "cli/complete.h"

#include <string.h>

#define IN_SPEC ":[]\\"

static void put_list(const struct place *p, const char *indent, struct gw_buf *out)
{
	struct gw_cli_word w;

	gw_buf_printf(out, "%slist=(\n", indent);
	for (size_t i = 0; place_word(p, i, &w); i++) {
		gw_buf_printf(out, "%s\t'", indent);
		put_quoted(out, w.word, ":\\");
		if (w.brief) {
			gw_buf_add_char(out, ':');
			put_quoted(out, w.brief, "\\");
		}
		gw_buf_printf(out, "'\n");
	}
	gw_buf_printf(out, "%s)\n", indent);
}

static void put_setting_values(const struct place *p, struct gw_buf *out)
{
	const char *values;

	gw_buf_printf(out, "\tcase ${${IPREFIX%%=}##*=} in\n");
	for (size_t i = 0; (values = place_next_values(p, &i));) {
		gw_buf_printf(out, "\t");
		place_put_settings(p, values, "", "|", out);
		if (strcmp(values, GW_CLI_A_FILE) == 0)
			gw_buf_printf(out, ") _files ;;\n");
		else if (strcmp(values, GW_CLI_A_DIRECTORY) == 0)
			gw_buf_printf(out, ") _files -/ ;;\n");
		else
			gw_buf_printf(out, ") compadd - %s ;;\n", values);
	}
	gw_buf_printf(out, "\t*) _message value ;;\n\tesac\n");
}

static void put_words_function(const struct place *p, struct gw_buf *out)
{
	gw_buf_printf(out, "_%s_", p->cli->program);
	put_list_name(p, out);
	gw_buf_printf(out, "()\n{\n\tlocal -a list\n");
	if (p->value->how == GW_CLI_SETTINGS) {
		gw_buf_printf(out, "\tif ! compset -P 1 '*='; then\n");
		put_list(p, "\t\t", out);
		gw_buf_printf(out, "\t\t_describe -t names '");
		put_quoted(out, p->value->meta, "");
		gw_buf_printf(out, "' list -q -S =\n\t\treturn\n\tfi\n");
		put_setting_values(p, out);
	} else {
		put_list(p, "\t", out);
		gw_buf_printf(out, "\t_describe -t words '");
		put_quoted(out, p->value->meta, "");
		gw_buf_printf(out, "' list\n");
	}
	gw_buf_printf(out, "}\n\n");
}

static void put_words_functions(const struct gw_cli *cli, struct gw_buf *out)
{
	struct place p;

	for (size_t k = 0; place_at(cli, k, &p); k++)
		if (place_is_first(&p, k) && !place_is_long(&p))
			put_words_function(&p, out);
}

/* ---- verbs ---- */

/* ":FILE:_files" */
static void put_action(const struct place *p, struct gw_buf *out)
{
	static const char *const actions[] = { [GW_CLI_ANY] = " ", [GW_CLI_FILES] = "_files",
		[GW_CLI_DIRECTORIES] = "_files -/" };

	gw_buf_add_char(out, ':');
	put_quoted(out, p->value->meta, IN_SPEC);
	gw_buf_add_char(out, ':');
	if (place_has_words(p)) {
		gw_buf_printf(out, "_%s_", p->cli->program);
		put_list_name(p, out);
	} else {
		if (p->value->how == GW_CLI_WORD_FILE)
			gw_buf_printf(out, "_%s_files", p->cli->program);
		else
			gw_buf_printf(out, "%s", actions[p->value->how]);
	}
}

/* What takes a value may be given again; a switch may not. */
static void put_flag(const struct place *p, struct gw_buf *out)
{
	const struct gw_cli_flag *f = p->flag;
	bool both = f->letter && f->name;

	gw_buf_printf(out, " \\\n\t\t");
	if (both && !f->value)
		gw_buf_printf(out, "'(-%c --%s)'{-%c,--%s}'[", f->letter, f->name, f->letter, f->name);
	else if (both)
		gw_buf_printf(out, "'*'{-%c+,--%s=}'[", f->letter, f->name);
	else if (f->letter)
		gw_buf_printf(out, "'-%c%s[", f->letter, f->value ? "+" : "");
	else
		gw_buf_printf(out, "'%s--%s%s[", f->value ? "*" : "", f->name, f->value ? "=" : "");
	put_quoted(out, f->brief, IN_SPEC);
	gw_buf_add_char(out, ']');
	if (f->value)
		put_action(p, out);
	gw_buf_add_char(out, '\'');
}

/* '--imap-port=-[...]:VALUE:...' */
static void put_long_setting(const struct place *p, const struct gw_cli_word *w, struct gw_buf *out)
{
	gw_buf_printf(out, " \\\n\t\t'*%s=-[", w->word);
	put_quoted(out, w->brief, IN_SPEC);
	gw_buf_printf(out, "]:");
	put_quoted(out, p->value->meta, IN_SPEC);
	if (!w->values)
		gw_buf_printf(out, ": '");
	else if (strcmp(w->values, GW_CLI_A_FILE) == 0)
		gw_buf_printf(out, ":_files'");
	else if (strcmp(w->values, GW_CLI_A_DIRECTORY) == 0)
		gw_buf_printf(out, ":_files -/'");
	else
		gw_buf_printf(out, ":(%s)'", w->values);
}

static void put_operand(const struct place *p, struct gw_buf *out)
{
	struct gw_cli_word w;

	if (place_is_long(p)) {
		for (size_t i = 0; place_word(p, i, &w); i++)
			put_long_setting(p, &w, out);
		return;
	}
	gw_buf_printf(out, p->verb->max > 1 ? " \\\n\t\t'*" : " \\\n\t\t'");
	put_action(p, out);
	gw_buf_add_char(out, '\'');
}

static void put_verb_function_name(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	gw_buf_printf(out, "_%s_verb", cli->program);
	for (const char *s = verb->name ? verb->name : ""; *s; s++)
		gw_buf_printf(out, "%s%c", s == verb->name ? "_" : "", *s == ' ' ? '_' : *s);
}

static void put_flags(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	gw_buf_printf(out, "_arguments -s -S :");
	for (size_t i = 0; (f = flag_at(cli, verb, i)); i++) {
		struct place p = place_of_flag(cli, verb, f);

		put_flag(&p, out);
	}
}

static void put_verb_function(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	struct place p = place_of_operand(cli, verb);

	put_verb_function_name(cli, verb, out);
	gw_buf_printf(out, "()\n{\n\t");
	put_flags(cli, verb, out);
	if (p.value)
		put_operand(&p, out);
	gw_buf_printf(out, "\n}\n\n");
}

/* ---- which verb it is ---- */

static void put_first_words(const struct gw_cli *cli, struct gw_buf *out)
{
	put_fixed(cli, "_~_first()\n{\n\tlocal -a list\n\tlist=(\n", out);
	if (needs_help(cli))
		gw_buf_printf(out, "\t\t'help:say more about a verb'\n");
	for (size_t i = 0; i < cli->n; i++) {
		const struct gw_cli_verb *v = cli->verbs[i];

		if (!verb_begins(cli, i))
			continue;
		gw_buf_printf(out, "\t\t'%.*s:", GW_FMT(verb_first(v)));
		put_quoted(out, verb_second(v) ? "several verbs" : v->brief, "\\");
		gw_buf_printf(out, "'\n");
	}
	gw_buf_printf(out, "\t)\n\t_describe -t verbs verb list\n}\n\n");
}

static void put_second_words(const struct gw_cli *cli, size_t first, struct gw_buf *out)
{
	gw_buf_printf(out, "\t%.*s)\n\t\tlist=(\n", GW_FMT(verb_first(cli->verbs[first])));
	for (size_t i = first; i < cli->n; i++) {
		if (!verb_is_in(cli->verbs[i], cli->verbs[first]))
			continue;
		gw_buf_printf(out, "\t\t\t'%s:", verb_second(cli->verbs[i]));
		put_quoted(out, cli->verbs[i]->brief, "\\");
		gw_buf_printf(out, "'\n");
	}
	gw_buf_printf(out, "\t\t) ;;\n");
}

static void put_second(const struct gw_cli *cli, struct gw_buf *out)
{
	put_fixed(cli, "# The second words of a verb; false when it has one only.\n"
		"_~_second()\n{\n\tlist=()\n\tcase $1 in\n", out);
	for (size_t i = 0; i < cli->n; i++)
		if (verb_begins(cli, i) && verb_second(cli->verbs[i]))
			put_second_words(cli, i, out);
	gw_buf_printf(out, "\tesac\n\t(( $#list ))\n}\n\n");
}

/* The flags before the verb are passed over, then it is as if the line began with the verb. */
static void put_dispatch(const struct gw_cli *cli, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	put_fixed(cli, "_~()\n{\n\tlocal -a list\n\tlocal -i i=2 help=0\n\tlocal verb\n"
		"\twhile (( i < CURRENT )); do\n\t\tcase $words[i] in\n", out);
	for (size_t i = 0; (f = flag_at(cli, NULL, i)); i++)
		if (f->value)
			gw_buf_printf(out, "\t\t-%c|--%s) (( i++ )) ;;\n", f->letter ? f->letter : '-', f->name);
	gw_buf_printf(out, "\t\t-*) ;;\n\t\thelp) help=1 ;;\n\t\t*) break ;;\n\t\tesac\n\t\t(( i++ ))\n\tdone\n"
		"\tif (( i >= CURRENT )); then\n\t\t");
	put_flags(cli, NULL, out);
	put_fixed(cli, " \\\n\t\t\t'*:verb:_~_first'\n\t\treturn\n\tfi\n"
		"\tverb=$words[i]\n"
		"\tif _~_second $verb; then\n"
		"\t\tif (( i + 1 == CURRENT )); then\n\t\t\t_describe -t verbs verb list\n\t\t\treturn\n\t\tfi\n"
		"\t\tverb=${verb}_$words[++i]\n"
		"\tfi\n"
		"\twords=(\"${(@)words[i,-1]}\")\n\t(( CURRENT -= i - 1 ))\n"
		"\tif (( ! help && $+functions[_~_verb_$verb] )); then\n\t\t_~_verb_$verb\n\tfi\n}\n\n_~ \"$@\"\n", out);
}

static bool has_word_file(const struct gw_cli *cli)
{
	struct place p;

	for (size_t k = 0; place_at(cli, k, &p); k++)
		if (p.value->how == GW_CLI_WORD_FILE)
			return true;
	return false;
}

void put_zsh(const struct gw_cli *cli, struct gw_buf *out)
{
	gw_buf_printf(out, "#compdef %s\n# zsh completion of %s, generated from its rows by `make gen'\n\n", cli->program,
		cli->manual);
	if (has_word_file(cli))
		put_fixed(cli, "_~_files() # PATH=FILE\n{\n\tif compset -P 1 '*='; then\n\t\t_files\n\telse\n"
			"\t\t_files -q -S =\n\tfi\n}\n\n", out);
	put_words_functions(cli, out);
	for (size_t i = 0; i < cli->n; i++)
		put_verb_function(cli, cli->verbs[i], out);
	if (!has_verbs(cli)) {
		gw_buf_printf(out, "_%s()\n{\n\t", cli->program);
		put_verb_function_name(cli, cli->verbs[0], out);
		put_fixed(cli, "\n}\n\n_~ \"$@\"\n", out);
		return;
	}
	put_first_words(cli, out);
	put_second(cli, out);
	put_dispatch(cli, out);
}
