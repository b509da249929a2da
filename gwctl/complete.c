/* complete.c - completions of bash, zsh and fish from the rows of the verbs
 *
 * Written into the tree by `make gen` and installed from there. */
#include "gwctl/gwctl.h"

#include <string.h>

#define FLAGS "--json --quiet --yes --socket --config --hash --no-password --help --version"

static struct gw_slice first_word(const char *name)
{
	return gw_slice(name, strcspn(name, " "));
}

static const char *second_word(const char *name)
{
	const char *blank = strchr(name, ' ');

	return blank ? blank + 1 : NULL;
}

/* Is verb i the first with its first word? */
static bool begins_group(size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (gw_slice_eq(first_word(gw_ctl_verb_at(j)->name), first_word(gw_ctl_verb_at(i)->name)))
			return false;
	return true;
}

static void put_first_words(struct gw_buf *out)
{
	gw_buf_printf(out, "help");
	for (size_t i = 0; i < GW_CTL_VERBS; i++)
		if (begins_group(i) && strcmp(gw_ctl_verb_at(i)->name, "help") != 0)
			gw_buf_printf(out, " %.*s", GW_FMT(first_word(gw_ctl_verb_at(i)->name)));
}

static void put_second_words(struct gw_buf *out, size_t first)
{
	bool any = false;

	for (size_t i = first; i < GW_CTL_VERBS; i++) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(i);

		if (!gw_slice_eq(first_word(v->name), first_word(gw_ctl_verb_at(first)->name)))
			continue;
		gw_buf_printf(out, "%s%s", any ? " " : "", second_word(v->name));
		any = true;
	}
}

static void put_params(struct gw_buf *out, const struct gw_ctl_verb *v)
{
	bool any = false;

	for (size_t i = 0; i < GW_CTL_PARAMS_MAX && v->params[i].name; i++) {
		if (v->params[i].type == GW_CTL_SECRET)
			continue;
		gw_buf_printf(out, "%s%s=", any ? " " : "", v->params[i].name);
		any = true;
	}
}

static bool has_params(const struct gw_ctl_verb *v)
{
	return v->params[0].name && v->params[0].type != GW_CTL_SECRET;
}

static void put_bash(struct gw_buf *out)
{
	gw_buf_printf(out, "# bash completion of gwctl(8), generated from the table of its commands\n"
			   "_gwctl()\n{\n"
			   "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word words=() i\n"
			   "\tCOMPREPLY=()\n"
			   "\tcase $prev in\n"
			   "\t-s | --socket | -c | --config) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
			   "\tesac\n"
			   "\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"" FLAGS "\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
			   "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			   "\t\tword=${COMP_WORDS[i]}\n"
			   "\t\tcase $word in\n"
			   "\t\t-s | --socket | -c | --config) ((i++)) ;;\n\t\t-* | help) ;;\n\t\t*) words+=(\"$word\") ;;\n"
			   "\t\tesac\n\tdone\n"
			   "\tcase \"${words[0]} ${words[1]}\" in\n"
			   "\t' ') COMPREPLY=($(compgen -W \"");
	put_first_words(out);
	gw_buf_printf(out, "\" -- \"$cur\")) ;;\n");
	for (size_t i = 0; i < GW_CTL_VERBS; i++)
		if (begins_group(i) && second_word(gw_ctl_verb_at(i)->name)) {
			gw_buf_printf(out, "\t'%.*s ') COMPREPLY=($(compgen -W \"", GW_FMT(first_word(gw_ctl_verb_at(i)->name)));
			put_second_words(out, i);
			gw_buf_printf(out, "\" -- \"$cur\")) ;;\n");
		}
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(i);

		if (!has_params(v))
			continue;
		gw_buf_printf(out, "\t'%s%s'%s) COMPREPLY=($(compgen -W \"", v->name, second_word(v->name) ? "" : " ",
			      second_word(v->name) ? "" : "*");
		put_params(out, v);
		gw_buf_printf(out, "\" -- \"$cur\")); compopt -o nospace ;;\n");
	}
	gw_buf_printf(out, "\tesac\n}\ncomplete -F _gwctl gwctl\n");
}

/* Briefs hold no quotes; a colon would end a description of zsh. */
static void put_zsh(struct gw_buf *out)
{
	gw_buf_printf(out, "#compdef gwctl\n# zsh completion of gwctl(8), generated from the table of its commands\n"
			   "_gwctl()\n{\n\tlocal -a words_left commands\n"
			   "\tcase $words[CURRENT-1] in\n\t-s | --socket | -c | --config) _files; return ;;\n\tesac\n"
			   "\tif [[ $PREFIX == -* ]]; then\n\t\tcompadd -- " FLAGS "\n\t\treturn\n\tfi\n"
			   "\twords_left=(${words[2,CURRENT-1]:#-*})\n"
			   "\tcase \"$words_left[1] $words_left[2]\" in\n\t' ')\n\t\tcommands=(\n");
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(i);

		if (begins_group(i))
			gw_buf_printf(out, "\t\t\t'%.*s:%s'\n", GW_FMT(first_word(v->name)),
				      second_word(v->name) ? "commands of this group" : v->brief);
	}
	gw_buf_printf(out, "\t\t)\n\t\t_describe command commands ;;\n");
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		struct gw_slice word = first_word(gw_ctl_verb_at(i)->name);

		if (!begins_group(i) || !second_word(gw_ctl_verb_at(i)->name))
			continue;
		gw_buf_printf(out, "\t'%.*s ')\n\t\tcommands=(\n", GW_FMT(word));
		for (size_t j = i; j < GW_CTL_VERBS; j++)
			if (gw_slice_eq(first_word(gw_ctl_verb_at(j)->name), word))
				gw_buf_printf(out, "\t\t\t'%s:%s'\n", second_word(gw_ctl_verb_at(j)->name),
					      gw_ctl_verb_at(j)->brief);
		gw_buf_printf(out, "\t\t)\n\t\t_describe command commands ;;\n");
	}
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(i);

		if (!has_params(v))
			continue;
		gw_buf_printf(out, "\t'%s%s'%s) compadd -S '' -- ", v->name, second_word(v->name) ? "" : " ",
			      second_word(v->name) ? "" : "*");
		put_params(out, v);
		gw_buf_printf(out, " ;;\n");
	}
	gw_buf_printf(out, "\tesac\n}\n_gwctl \"$@\"\n");
}

static void put_fish(struct gw_buf *out)
{
	static const char *const flags[][2] = {
		{ "-s j -l json", "print the answer as JSON" },
		{ "-s q -l quiet", "print nothing when all is well" },
		{ "-s y -l yes", "do not ask back" },
		{ "-s s -l socket -r", "the control socket of the daemon" },
		{ "-s c -l config -r", "the configuration that names it" },
		{ "-l hash", "take a crypt(3) hash instead of a password" },
		{ "-l no-password", "make an account nobody can sign on to yet" },
	};

	gw_buf_printf(out, "# fish completion of gwctl(8), generated from the table of its commands\ncomplete -c gwctl -f\n");
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		gw_buf_printf(out, "complete -c gwctl %s -d '%s'\n", flags[i][0], flags[i][1]);
	for (size_t i = 0; i < GW_CTL_VERBS; i++) {
		const struct gw_ctl_verb *v = gw_ctl_verb_at(i);
		struct gw_slice word = first_word(v->name);
		const char *second = second_word(v->name);

		if (begins_group(i))
			gw_buf_printf(out, "complete -c gwctl -n __fish_use_subcommand -a %.*s -d '%s'\n", GW_FMT(word),
				      second ? "commands of this group" : v->brief);
		if (second)
			gw_buf_printf(out, "complete -c gwctl -n '__fish_seen_subcommand_from %.*s' -a %s -d '%s'\n",
				      GW_FMT(word), second, v->brief);
		for (size_t j = 0; j < GW_CTL_PARAMS_MAX && v->params[j].name; j++)
			if (v->params[j].type != GW_CTL_SECRET)
				gw_buf_printf(out, "complete -c gwctl -n '__fish_seen_subcommand_from %.*s%s%s' -a %s= -d '%s'\n",
					      GW_FMT(word), second ? "; and __fish_seen_subcommand_from " : "",
					      second ? second : "", v->params[j].name, v->params[j].brief);
	}
}

bool put_completion(const char *shell_name, struct gw_buf *out)
{
	static const struct {
		const char *name;
		void (*put)(struct gw_buf *out);
	} shells[] = { { "bash", put_bash }, { "zsh", put_zsh }, { "fish", put_fish } };

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shell_name, shells[i].name) == 0) {
			shells[i].put(out);
			return true;
		}
	return false;
}
