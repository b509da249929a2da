/* emit_comp.c - shell completion of gwcfg from the rows
 *
 * The verbs and their flags are in gwcfg/; here are their words once more, as the shells want them. A test of the tool
 * compares the two. */
#include "config/config.h"

#include "util/buf.h"

static const struct {
	const char *verb, *brief, *flags;
} verbs[] = {
	{ "check", "find what is wrong in configuration files", "--format --ignore-unknown --live --override --quiet -W" },
	{ "expand", "print the files as one, includes in place", "" },
	{ "dump", "print every option with its value", "--changed --json --override" },
	{ "explain", "describe an option or a finding", "--file" },
	{ "list", "list all options", "--json" },
	{ "schema", "print what is generated from the options", "--man --sample --completion" },
	{ "help", "say how to use it", "" },
};
#define VERBS (sizeof verbs / sizeof *verbs)

/* Of the words behind it, options are more likely than files: it stands apart in each shell. */
static bool takes_options(size_t verb)
{
	return strcmp(verbs[verb].verb, "explain") == 0;
}

static void put_verbs(struct gw_buf *out, const char *between)
{
	for (size_t i = 0; i < VERBS; i++)
		gw_buf_printf(out, "%s%s", i ? between : "", verbs[i].verb);
}

static void put_options(struct gw_buf *out, const char *between)
{
	for (size_t i = 0; i < gw_option_count(); i++)
		gw_buf_printf(out, "%s%s", i ? between : "", gw_option_at(i)->name);
}

static void put_bash(struct gw_buf *out)
{
	gw_buf_printf(out, "# bash completion of gwcfg(1), generated from the option table\n"
			   "_gwcfg()\n{\n"
			   "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
			   "\tCOMPREPLY=()\n"
			   "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	put_verbs(out, " ");
	gw_buf_printf(out, "\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
			   "\tcase $prev in\n"
			   "\t--format) COMPREPLY=($(compgen -W \"text json\" -- \"$cur\")); return ;;\n"
			   "\t--completion) COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$cur\")); return ;;\n"
			   "\t-W) COMPREPLY=($(compgen -W \"error\" -- \"$cur\")); return ;;\n"
			   "\tesac\n"
			   "\tcase $verb in\n");
	for (size_t i = 0; i < VERBS; i++)
		if (*verbs[i].flags && !takes_options(i))
			gw_buf_printf(out, "\t%s) [[ $cur == -* ]] && COMPREPLY=($(compgen -W \"%s\" -- \"$cur\")) ;;\n",
				verbs[i].verb, verbs[i].flags);
	gw_buf_printf(out, "\texplain) COMPREPLY=($(compgen -W \"--file ");
	put_options(out, " ");
	gw_buf_printf(out, "\" -- \"$cur\")); return ;;\n\tesac\n"
			   "\t[ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
			   "}\ncomplete -o filenames -F _gwcfg gwcfg\n");
}

/* Single quotes of the shells: ' becomes '\''. */
static void put_quoted(struct gw_buf *out, const char *s, const char *escape)
{
	for (; *s; s++)
		if (*s == '\'')
			gw_buf_printf(out, "%s", escape);
		else
			gw_buf_add_char(out, *s);
}

static void put_zsh(struct gw_buf *out)
{
	gw_buf_printf(out, "#compdef gwcfg\n# zsh completion of gwcfg(1), generated from the option table\n"
			   "_gwcfg()\n{\n\tlocal -a verbs options\n\tverbs=(\n");
	for (size_t i = 0; i < VERBS; i++)
		gw_buf_printf(out, "\t\t'%s:%s'\n", verbs[i].verb, verbs[i].brief);
	gw_buf_printf(out, "\t)\n\toptions=(\n");
	for (size_t i = 0; i < gw_option_count(); i++) {
		gw_buf_printf(out, "\t\t'%s:", gw_option_at(i)->name);
		put_quoted(out, gw_option_at(i)->brief, "'\\''");
		gw_buf_printf(out, "'\n");
	}
	gw_buf_printf(out, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n"
			   "\tcase $words[CURRENT-1] in\n"
			   "\t--format) compadd text json; return ;;\n"
			   "\t--completion) compadd bash zsh fish; return ;;\n"
			   "\t-W) compadd error; return ;;\n"
			   "\tesac\n\tcase $words[2] in\n"
			   "\texplain) [[ $PREFIX == -* ]] && compadd -- --file || _describe option options; return ;;\n");
	for (size_t i = 0; i < VERBS; i++)
		if (*verbs[i].flags && !takes_options(i))
			gw_buf_printf(out, "\t%s) [[ $PREFIX == -* ]] && compadd -- %s ;;\n", verbs[i].verb, verbs[i].flags);
	gw_buf_printf(out, "\tesac\n\t_files\n}\n_gwcfg \"$@\"\n");
}

static void put_fish_flags(struct gw_buf *out, const char *verb, const char *flags)
{
	for (const char *p = flags; *p;) {
		size_t n = strcspn(p, " ");

		gw_buf_printf(out, "complete -c gwcfg -n '__fish_seen_subcommand_from %s' %s %.*s%s\n", verb,
			p[1] == '-' ? "-l" : "-s", (int)(n - (p[1] == '-' ? 2 : 1)), p + (p[1] == '-' ? 2 : 1),
			strncmp(p, "--format", n) == 0	    ? " -x -a 'text json'" :
			strncmp(p, "--completion", n) == 0 ? " -x -a 'bash zsh fish'" :
			strncmp(p, "-W", n) == 0	    ? " -x -a error" :
							      "");
		p += n + (p[n] == ' ');
	}
}

static void put_fish(struct gw_buf *out)
{
	gw_buf_printf(out, "# fish completion of gwcfg(1), generated from the option table\n");
	for (size_t i = 0; i < VERBS; i++) {
		gw_buf_printf(out, "complete -c gwcfg -n __fish_use_subcommand -f -a %s -d '%s'\n", verbs[i].verb, verbs[i].brief);
		put_fish_flags(out, verbs[i].verb, verbs[i].flags);
	}
	for (size_t i = 0; i < gw_option_count(); i++) {
		gw_buf_printf(out, "complete -c gwcfg -n '__fish_seen_subcommand_from explain' -f -a %s -d '",
			gw_option_at(i)->name);
		put_quoted(out, gw_option_at(i)->brief, "\\'");
		gw_buf_printf(out, "'\n");
	}
}

bool gw_schema_completion(const char *shell, struct gw_buf *out)
{
	static const struct {
		const char *name;
		void (*put)(struct gw_buf *out);
	} shells[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish } };

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shell, shells[i].name) == 0) {
			shells[i].put(out);
			return true;
		}
	}
	return false;
}
