/* complete_bash.c - completion of bash 4.3 or newer; the package bash-completion is not needed (see complete.h)
 *
 * readline cuts words at "=" and ":" too. The fixed part puts them together again, so that the rows speak of whole words,
 * and takes from the proposals what readline does not replace. */
#include "cli/complete.h"

#include <string.h>

static const char helpers[] =
	"_~_words()\n{\n"
	"\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
	"\tCOMPREPLY=(\"${COMPREPLY[@]// /\\\\ }\")\n"
	"}\n\n"
	"_~_files() # -f or -d, and what stands before the name\n{\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen \"$1\" -P \"$2\" -- \"${cur#\"$2\"}\")\n"
	"}\n\n"
	"_~_behind() # the values of a setting\n{\n"
	"\tmapfile -t COMPREPLY < <(compgen -P \"${cur%%=*}=\" -W \"$1\" -- \"${cur#*=}\")\n"
	"}\n\n";

/* Words end at blanks; cur is the one at the cursor, without quotes, which readline puts back. */
const char bash_assemble[] =
	"_~()\n{\n"
	"\tlocal IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT} words=() cur verb= flag= value= operand= flags= lead= long= i piece\n"
	"\tlocal asked= ended= breaks=${COMP_WORDBREAKS//[^=:]/}\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tpiece=${COMP_WORDS[i]}\n"
	"\t\tif ((i == 0)) || [[ $line == [[:blank:]]* ]]; then\n"
	"\t\t\tline=${line#\"${line%%[![:blank:]]*}\"}\n"
	"\t\t\twords+=('')\n"
	"\t\tfi\n"
	"\t\t((i < COMP_CWORD)) || piece=$line\n"
	"\t\twords[-1]+=$piece\n"
	"\t\tline=${line#\"$piece\"}\n"
	"\tdone\n"
	"\tcur=${words[-1]#[\\\"\\']}\n"
	"\tcur=${cur//\\\\/}\n"
	"\tunset 'words[-1]'\n";

static const char find_flag[] =
	"\tflag=${words[-1]}\n"
	"\tif [[ $cur == --*=* ]]; then\n"
	"\t\tflag=${cur%%=*}\n"
	"\t\tlead=$flag=\n"
	"\telif [[ $flag == -[!-]* ]]; then\n"
	"\t\tflag=-${flag: -1}\n"
	"\tfi\n";

static const char propose[] =
	"\tif [[ -n $value && -z $ended ]]; then\n"
	"\t\tcur=${cur#\"$lead\"}\n"
	"\t\t_~_propose \"$value\"\n"
	"\telse\n"
	"\t\tlead=\n"
	"\t\tif [[ $cur == -* && -z $ended ]]; then\n"
	"\t\t\t_~_words \"$flags\"\n"
	"\t\t\t[[ -z $long ]] || _~_propose \"$operand\"\n"
	"\t\telif [[ -z $long ]]; then\n"
	"\t\t\t_~_propose \"$operand\"\n"
	"\t\tfi\n"
	"\tfi\n"
	"\tpiece=$lead$cur\n"
	"\tif [[ -n $breaks ]]; then\n"
	"\t\tpiece=${piece%\"${piece##*[$breaks]}\"}\n"
	"\telse\n"
	"\t\tpiece=\n"
	"\tfi\n"
	"\tfor i in \"${!COMPREPLY[@]}\"; do\n"
	"\t\tCOMPREPLY[i]=$lead${COMPREPLY[i]}\n"
	"\t\tCOMPREPLY[i]=${COMPREPLY[i]#\"$piece\"}\n"
	"\tdone\n"
	"\t[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
	"}\n"
	"complete -F _~ ~\n";

/* ---- what an argument can be ---- */

static void put_names(const struct place *p, const char *behind, struct gw_buf *out)
{
	struct gw_cli_word w;

	gw_buf_printf(out, "_%s_words '", p->cli->program);
	for (size_t i = 0; place_word(p, i, &w); i++) {
		gw_buf_printf(out, i ? " " : "");
		put_quoted(out, w.word, " ");
		gw_buf_printf(out, "%s", behind);
	}
	gw_buf_printf(out, "' ;;\n");
}

static void put_settings(const struct place *p, struct gw_buf *out)
{
	const char *values;

	gw_buf_printf(out, "\n\t\tcase $cur in\n");
	for (size_t i = 0; (values = place_next_values(p, &i));) {
		gw_buf_printf(out, "\t\t");
		place_put_settings(p, values, "=*", " | ", out);
		if (strcmp(values, GW_CLI_A_FILE) == 0 || strcmp(values, GW_CLI_A_DIRECTORY) == 0) {
			gw_buf_printf(out, ") _%s_files -%c \"${cur%%%%=*}=\" ;;\n", p->cli->program, *values == 'F' ? 'f' : 'd');
			continue;
		}
		gw_buf_printf(out, ") _%s_behind '", p->cli->program);
		put_quoted(out, values, "");
		gw_buf_printf(out, "' ;;\n");
	}
	gw_buf_printf(out, "\t\t*=*) ;;\n\t\t*) ");
	put_names(p, "=", out);
	gw_buf_printf(out, "\t\tesac ;;\n");
}

static void put_first_words(const struct gw_cli *cli, struct gw_buf *out)
{
	gw_buf_printf(out, "\tverbs) _%s_words '%s", cli->program, needs_help(cli) ? "help" : "");
	for (size_t i = 0; i < cli->n; i++)
		if (verb_begins(cli, i))
			gw_buf_printf(out, "%s%.*s", i || needs_help(cli) ? " " : "", GW_FMT(verb_first(cli->verbs[i])));
	gw_buf_printf(out, "' ;;\n");
}

static void put_second_words(const struct gw_cli *cli, size_t first, struct gw_buf *out)
{
	bool any = false;

	gw_buf_printf(out, "\tverbs_%.*s) _%s_words '", GW_FMT(verb_first(cli->verbs[first])), cli->program);
	for (size_t i = first; i < cli->n; i++)
		if (verb_is_in(cli->verbs[i], cli->verbs[first])) {
			gw_buf_printf(out, "%s%s", any ? " " : "", verb_second(cli->verbs[i]));
			any = true;
		}
	gw_buf_printf(out, "' ;;\n");
}

/* Is verb i the first of those of two words with this first word? */
static bool begins_group(const struct gw_cli *cli, size_t i)
{
	return has_verbs(cli) && verb_begins(cli, i) && verb_second(cli->verbs[i]);
}

static void put_verbs(const struct gw_cli *cli, struct gw_buf *out)
{
	if (has_verbs(cli))
		put_first_words(cli, out);
	for (size_t i = 0; i < cli->n; i++)
		if (begins_group(cli, i))
			put_second_words(cli, i, out);
}

static void put_propose(const struct gw_cli *cli, struct gw_buf *out)
{
	struct place p;

	put_fixed(cli, "_~_propose() # what an argument can be\n{\n\tcase $1 in\n"
		"\tfile) _~_files -f '' ;;\n"
		"\tdirectory) _~_files -d '' ;;\n", out);
	put_fixed(cli, "\tfiles)\n\t\tcase $cur in\n"
		"\t\t*=*) _~_files -f \"${cur%%=*}=\" ;;\n"
		"\t\t*) _~_files -f '' ;;\n\t\tesac ;;\n", out);
	put_verbs(cli, out);
	for (size_t k = 0; place_at(cli, k, &p); k++) {
		if (!place_is_first(&p, k))
			continue;
		gw_buf_add_char(out, '\t');
		put_list_name(&p, out);
		gw_buf_printf(out, p.value->how == GW_CLI_SETTINGS ? ")" : ") ");
		if (p.value->how == GW_CLI_SETTINGS)
			put_settings(&p, out);
		else
			put_names(&p, "", out);
	}
	gw_buf_printf(out, "\tesac\n}\n\n");
}

/* ---- what a verb has ---- */

static void put_kind(const struct place *p, struct gw_buf *out)
{
	static const char *const names[] = { [GW_CLI_ANY] = "any", [GW_CLI_FILES] = "file",
		[GW_CLI_DIRECTORIES] = "directory", [GW_CLI_WORD_FILE] = "files" };

	if (place_has_words(p))
		put_list_name(p, out);
	else
		gw_buf_printf(out, "%s", names[p->value->how]);
}

static void put_flags(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	gw_buf_printf(out, "flags='");
	for (size_t i = 0; (f = flag_at(cli, verb, i)); i++) {
		if (f->letter)
			gw_buf_printf(out, "%s-%c", i ? " " : "", f->letter);
		if (f->name)
			gw_buf_printf(out, "%s--%s", i || f->letter ? " " : "", f->name);
	}
	gw_buf_printf(out, "'\n");
}

/* "-c | --config" */
static void put_flag_names(const struct gw_cli_flag *f, struct gw_buf *out)
{
	if (f->letter)
		gw_buf_printf(out, "-%c%s", f->letter, f->name ? " | " : "");
	if (f->name)
		gw_buf_printf(out, "--%s", f->name);
}

static void put_flag_values(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	const struct gw_cli_flag *f;
	bool any = false;

	for (size_t i = 0; (f = flag_at(cli, verb, i)); i++) {
		struct place p = place_of_flag(cli, verb, f);

		if (!f->value)
			continue;
		gw_buf_printf(out, any ? "" : "\t\tcase $flag in\n");
		any = true;
		gw_buf_printf(out, "\t\t");
		put_flag_names(f, out);
		gw_buf_printf(out, ") value=");
		put_kind(&p, out);
		gw_buf_printf(out, " ;;\n");
	}
	gw_buf_printf(out, any ? "\t\tesac ;;\n" : "\t\t;;\n");
}

static void put_verb(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	struct place p = place_of_operand(cli, verb);

	gw_buf_printf(out, "\t'%s')\n\t\t", verb->name ? verb->name : "");
	put_flags(cli, verb, out);
	if (p.value) {
		gw_buf_printf(out, "\t\toperand=");
		put_kind(&p, out);
		gw_buf_printf(out, place_is_long(&p) ? " long=yes\n" : "\n");
	}
	put_flag_values(cli, verb, out);
}

/* ---- which verb it is ---- */

static void put_find_verb(const struct gw_cli *cli, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	gw_buf_printf(out, "\tfor ((i = 1; i < ${#words[@]}; i++)); do\n\t\tcase ${words[i]} in\n");
	for (size_t i = 0; (f = flag_at(cli, NULL, i)); i++)
		if (f->value) {
			gw_buf_printf(out, "\t\t");
			put_flag_names(f, out);
			gw_buf_printf(out, ") ((i++)) ;;\n");
		}
	gw_buf_printf(out, "\t\t--) ended=yes ;;\n\t\t-*) ;;\n\t\thelp) [[ -n $verb ]] || asked=yes ;;\n\t\t*)\n\t\t\tcase $verb in\n");
	for (size_t i = 0; i < cli->n; i++)
		if (begins_group(cli, i))
			gw_buf_printf(out, "\t\t\t%.*s) verb+=\" ${words[i]}\" ;;\n", GW_FMT(verb_first(cli->verbs[i])));
	gw_buf_printf(out, "\t\t\t'') verb=${words[i]} ;;\n\t\t\tesac ;;\n\t\tesac\n\tdone\n");
}

static void put_cases(const struct gw_cli *cli, struct gw_buf *out)
{
	gw_buf_printf(out, "\tcase $verb in\n");
	if (has_verbs(cli)) {
		gw_buf_printf(out, "\t'')\n\t\toperand=verbs\n\t\t");
		put_flags(cli, NULL, out);
		put_flag_values(cli, NULL, out);
	}
	for (size_t i = 0; i < cli->n; i++)
		if (begins_group(cli, i))
			gw_buf_printf(out, "\t%.*s) operand=verbs_%.*s ;;\n", GW_FMT(verb_first(cli->verbs[i])),
				GW_FMT(verb_first(cli->verbs[i])));
	for (size_t i = 0; i < cli->n; i++)
		put_verb(cli, cli->verbs[i], out);
	gw_buf_printf(out, "\tesac\n");
	if (has_verbs(cli))
		gw_buf_printf(out, "\t[[ -z $asked ]] || { flags= value=; [[ $operand == verbs* ]] || operand=; }\n");
}

void put_bash(const struct gw_cli *cli, struct gw_buf *out)
{
	gw_buf_printf(out, "# bash completion of %s, generated from its rows by `make gen'\n\n", cli->manual);
	put_fixed(cli, helpers, out);
	put_propose(cli, out);
	put_fixed(cli, bash_assemble, out);
	if (has_verbs(cli))
		put_find_verb(cli, out);
	gw_buf_printf(out, "%s", find_flag);
	put_cases(cli, out);
	put_fixed(cli, propose, out);
}
