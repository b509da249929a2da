/* complete_fish.c - completion of fish 3: a line a flag, a function a list (see complete.h) */
#include "cli/complete.h"

#include <string.h>

static const char token[] =
	"function __~_token # the argument at the cursor, without its flag\n"
	"    string replace -r '^--[^=]*=' '' -- (commandline -ct)\n"
	"end\n\n";

/* Of a program without verbs, whose settings look like flags. fish would put a blank between a flag of its own and the value, so they are
 * arguments for it. */
static const char token_long[] =
	"function __~_token # the argument at the cursor\n"
	"    commandline -ct\n"
	"end\n\n";

static const char helpers[] =
	"function __~_values # of a setting\n"
	"    set -l name (string replace -r '=.*' '=' -- (__~_token))\n"
	"    for value in $argv\n        echo $name$value\n    end\n"
	"end\n\n"
	"function __~_behind # what the command says of the text behind the first \"=\"\n"
	"    set -l name (string replace -r '=.*' '=' -- (__~_token))\n"
	"    $argv (string replace -r '^[^=]*=' '' -- (__~_token)) | string replace -r -- '^' $name\n"
	"end\n\n";

static const char files[] =
	"function __~_files # PATH=FILE\n"
	"    if string match -q '*=*' -- (__~_token)\n        __~_behind __fish_complete_path\n"
	"    else\n        __fish_complete_path (__~_token)\n    end\n"
	"end\n\n";

static const char at[] =
	"function __~_at # is this the verb?\n"
	"    set -l verb (__~_verb)\n"
	"    test \"$verb\" = \"$argv\"\n"
	"end\n\n";

/* ---- lists ---- */

static void put_items(const struct place *p, const char *behind, struct gw_buf *out)
{
	struct gw_cli_word w;

	gw_buf_printf(out, "printf '%%s\\t%%s\\n'");
	for (size_t i = 0; place_word(p, i, &w); i++) {
		gw_buf_printf(out, " \\\n        '");
		put_fish_quoted(out, w.word);
		gw_buf_printf(out, "%s' '", behind);
		put_fish_quoted(out, w.brief ? w.brief : "");
		gw_buf_add_char(out, '\'');
	}
	gw_buf_add_char(out, '\n');
}

/* 'a=*' 'b=*' of those settings that have these values. */
static void put_patterns(const struct place *p, const char *values, struct gw_buf *out)
{
	struct gw_cli_word w;

	gw_buf_printf(out, "        case");
	for (size_t i = 0; place_word(p, i, &w); i++)
		if (w.values && strcmp(w.values, values) == 0)
			gw_buf_printf(out, " '%s=*'", w.word);
	gw_buf_add_char(out, '\n');
}

static void put_settings(const struct place *p, struct gw_buf *out)
{
	const char *values;

	put_fixed(p->cli, "    switch (__~_token)\n", out);
	for (size_t i = 0; (values = place_next_values(p, &i));) {
		put_patterns(p, values, out);
		if (strcmp(values, GW_CLI_A_FILE) == 0)
			put_fixed(p->cli, "            __~_behind __fish_complete_path\n", out);
		else if (strcmp(values, GW_CLI_A_DIRECTORY) == 0)
			put_fixed(p->cli, "            __~_behind __fish_complete_directories\n", out);
		else
			gw_buf_printf(out, "            __%s_values %s\n", p->cli->program, values);
	}
	gw_buf_printf(out, "        case '*=*'\n        case '*'\n            ");
	put_items(p, "=", out);
	gw_buf_printf(out, "    end\n");
}

static void put_functions(const struct gw_cli *cli, struct gw_buf *out)
{
	struct place p;
	bool pairs = false;

	for (size_t k = 0; place_at(cli, k, &p); k++) {
		pairs |= p.value->how == GW_CLI_WORD_FILE;
		if (!place_is_first(&p, k))
			continue;
		gw_buf_printf(out, "function __%s_", cli->program);
		put_list_name(&p, out);
		gw_buf_add_char(out, '\n');
		if (p.value->how == GW_CLI_SETTINGS) {
			put_settings(&p, out);
		} else {
			gw_buf_printf(out, "    ");
			put_items(&p, "", out);
		}
		gw_buf_printf(out, "end\n\n");
	}
	if (pairs)
		put_fixed(cli, files, out);
}

/* ---- which verb it is ---- */

static void put_groups(const struct gw_cli *cli, struct gw_buf *out)
{
	for (size_t i = 0; i < cli->n; i++)
		if (verb_begins(cli, i) && verb_second(cli->verbs[i]))
			gw_buf_printf(out, " %.*s", GW_FMT(verb_first(cli->verbs[i])));
}

static void put_find_verb(const struct gw_cli *cli, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	put_fixed(cli, "function __~_verb # the verb before the cursor; nothing when help is asked for it\n"
		"    set -l verb\n    set -l help 0\n    set -l skip 0\n"
		"    for word in (commandline -opc)[2..-1]\n"
		"        if test $skip = 1\n            set skip 0\n            continue\n        end\n"
		"        switch $word\n", out);
	for (size_t i = 0; (f = flag_at(cli, NULL, i)); i++)
		if (f->value)
			gw_buf_printf(out, "            case -%c --%s\n                set skip 1\n",
				f->letter ? f->letter : '-', f->name);
	gw_buf_printf(out, "            case '-*'\n"
		"            case '*'\n"
		"                if test $word = help -a -z \"$verb\"\n                    set help 1\n"
		"                else if test -z \"$verb\"; or contains -- \"$verb\"");
	put_groups(cli, out);
	gw_buf_printf(out, "\n                    set -a verb $word\n                end\n        end\n    end\n"
		"    if test $help = 1 -a -n \"$verb\"; and not contains -- \"$verb\"");
	put_groups(cli, out);
	gw_buf_printf(out, "\n        echo help\n    else\n        echo \"$verb\"\n    end\nend\n\n");
}

/* ---- lines ---- */

/* "complete -c gwcfg -n '__gwcfg_at check'" */
static void put_begin(const struct gw_cli *cli, const char *verb, size_t n, struct gw_buf *out)
{
	gw_buf_printf(out, "complete -c %s", cli->program);
	if (has_verbs(cli))
		gw_buf_printf(out, " -n '__%s_at%s%.*s'", cli->program, n ? " " : "", (int)n, verb);
}

static void put_argument(const struct place *p, struct gw_buf *out)
{
	if (place_has_words(p)) {
		gw_buf_printf(out, " -a '(__%s_", p->cli->program);
		put_list_name(p, out);
		gw_buf_printf(out, ")'");
	} else if (p->value->how == GW_CLI_WORD_FILE) {
		gw_buf_printf(out, " -a '(__%s_files)'", p->cli->program);
	} else if (p->value->how == GW_CLI_DIRECTORIES) {
		gw_buf_printf(out, " -a '(__fish_complete_directories (__%s_token))'", p->cli->program);
	}
}

static void put_flag(const struct place *p, struct gw_buf *out)
{
	const struct gw_cli_flag *f = p->flag;
	const char *verb = p->verb && p->verb->name ? p->verb->name : "";

	put_begin(p->cli, verb, strlen(verb), out);
	if (f->letter)
		gw_buf_printf(out, " -s %c", f->letter);
	if (f->name)
		gw_buf_printf(out, " -l %s", f->name);
	gw_buf_printf(out, " -d '");
	put_fish_quoted(out, f->brief);
	gw_buf_add_char(out, '\'');
	if (f->value) {
		gw_buf_printf(out, p->value->how == GW_CLI_FILES ? " -r -F" : " -x");
		put_argument(p, out);
	}
	gw_buf_add_char(out, '\n');
}

static void put_verb(const struct gw_cli *cli, const struct gw_cli_verb *verb, struct gw_buf *out)
{
	struct place p = place_of_operand(cli, verb);
	const struct gw_cli_flag *f;

	for (size_t i = 0; (f = flag_at(cli, verb, i)); i++) {
		struct place q = place_of_flag(cli, verb, f);

		put_flag(&q, out);
	}
	if (!p.value || p.value->how == GW_CLI_ANY)
		return;
	put_begin(cli, verb->name, verb->name ? strlen(verb->name) : 0, out);
	gw_buf_printf(out, p.value->how == GW_CLI_FILES ? " -F" : "");
	put_argument(&p, out);
	gw_buf_add_char(out, '\n');
}

static void put_word(const struct gw_cli *cli, struct gw_slice before, struct gw_slice word, const char *brief, struct gw_buf *out)
{
	put_begin(cli, before.p, before.n, out);
	gw_buf_printf(out, " -a %.*s -d '", GW_FMT(word));
	put_fish_quoted(out, brief);
	gw_buf_printf(out, "'\n");
}

static void put_verb_words(const struct gw_cli *cli, struct gw_buf *out)
{
	if (needs_help(cli))
		put_word(cli, GW_S(""), GW_S("help"), "say more about a verb", out);
	for (size_t i = 0; i < cli->n; i++) {
		const struct gw_cli_verb *v = cli->verbs[i];
		const char *second = verb_second(v);

		if (verb_begins(cli, i))
			put_word(cli, GW_S(""), verb_first(v), second ? "several verbs" : v->brief, out);
		if (second)
			put_word(cli, verb_first(v), gw_slice_str(second), v->brief, out);
	}
}

void put_fish(const struct gw_cli *cli, struct gw_buf *out)
{
	const struct gw_cli_flag *f;

	gw_buf_printf(out, "# fish completion of %s, generated from its rows by `make gen'\n\n", cli->manual);
	put_fixed(cli, has_verbs(cli) ? token : token_long, out);
	put_fixed(cli, helpers, out);
	put_functions(cli, out);
	if (has_verbs(cli)) {
		put_find_verb(cli, out);
		put_fixed(cli, at, out);
	}
	put_fixed(cli, "complete -c ~ -f\n", out);
	for (size_t i = 0; has_verbs(cli) && (f = flag_at(cli, NULL, i)); i++) {
		struct place p = place_of_flag(cli, NULL, f);

		put_flag(&p, out);
	}
	if (has_verbs(cli))
		put_verb_words(cli, out);
	for (size_t i = 0; i < cli->n; i++)
		put_verb(cli, cli->verbs[i], out);
}
