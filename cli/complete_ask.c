/* complete_ask.c - completions of a program that knows itself what could stand there (see cli.h)
 *
 * It is asked quietly and with a time limit, so that a shell never hangs. */
#include "cli/complete.h"

#include <string.h>

static const char bash_ask[] =
	"\tlocal lines=() word files=\n"
	"\tmapfile -t lines < <(timeout 2 \"${1:-~}\" --complete -- \"${words[@]:1}\" \"$cur\" 2>/dev/null)\n"
	"\tfor i in \"${lines[@]}\"; do\n"
	"\t\tword=${i%%$'\\t'*}\n"
	"\t\tif [[ -n $word ]]; then\n"
	"\t\t\tCOMPREPLY+=(\"$(printf %q \"$word\")\")\n"
	"\t\telse\n"
	"\t\t\tfiles=${i#$'\\t'}\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif [[ -n $files ]]; then\n"
	"\t\tlead=\n"
	"\t\t[[ $cur != *=* ]] || lead=${cur%%=*}=\n"
	"\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\t[[ $files == directories ]] && files=-d || files=-f\n"
	"\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen \"$files\" -P \"$lead\" -- \"${cur#\"$lead\"}\")\n"
	"\tfi\n"
	"\tpiece=\n"
	"\t[[ -z $breaks ]] || piece=${cur%\"${cur##*[$breaks]}\"}\n"
	"\tfor i in \"${!COMPREPLY[@]}\"; do\n"
	"\t\tCOMPREPLY[i]=${COMPREPLY[i]#\"$piece\"}\n"
	"\tdone\n"
	"\t[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
	"}\n"
	"complete -F _~ ~\n";

static const char zsh_ask[] =
	"_~()\n{\n"
	"\tlocal line word files= lead=\n"
	"\tlocal -a plain open about_plain about_open\n"
	"\tfor line in \"${(@f)$(timeout 2 \"${(Q)words[1]}\" --complete -- \"${(@Q)words[2,CURRENT-1]}\" \"${(Q)PREFIX}\" 2>/dev/null)}\"; do\n"
	"\t\tword=${line%%$'\\t'*}\n"
	"\t\tif [[ -z $word ]]; then\n"
	"\t\t\tfiles=${line#$'\\t'}\n"
	"\t\telif [[ $word == *= ]]; then\n"
	"\t\t\topen+=(\"$word\") about_open+=(\"${line/$'\\t'/  -- }\")\n"
	"\t\telse\n"
	"\t\t\tplain+=(\"$word\") about_plain+=(\"${line/$'\\t'/  -- }\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t(( $#plain )) && compadd -l -d about_plain -a plain\n"
	"\t(( $#open )) && compadd -l -S '' -d about_open -a open\n"
	"\tif [[ -n $files ]]; then\n"
	"\t\tcompset -P '*='\n"
	"\t\t[[ $files == directories ]] && _files -/ || _files\n"
	"\tfi\n"
	"}\n\n"
	"_~ \"$@\"\n";

static const char fish_ask[] =
	"function __~_words\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l cur (commandline -ct)\n"
	"\tset -l program $words[1]\n"
	"\tset -e words[1]\n"
	"\tfor line in (timeout 2 $program --complete -- $words $cur 2>/dev/null)\n"
	"\t\tswitch $line\n"
	"\t\t\tcase \\t'*'\n"
	"\t\t\t\tset -l lead (string match -r '^[^=]*=' -- $cur; or echo)\n"
	"\t\t\t\tfor f in (__fish_complete_path (string replace -r '^[^=]*=' '' -- $cur))\n"
	"\t\t\t\t\tstring match -q '*files' -- $line; or string match -q '*/*' -- $f; or continue\n"
	"\t\t\t\t\techo -- $lead$f\n"
	"\t\t\t\tend\n"
	"\t\t\tcase '*'\n"
	"\t\t\t\techo -- $line\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"complete -c ~ -f -a '(__~_words)'\n";

bool gw_cli_put_asking_completion(const struct gw_cli *cli, const char *shell, struct gw_buf *out)
{
	if (strcmp(shell, "bash") == 0) {
		gw_buf_printf(out, "# bash completion of %s\n\n", cli->manual);
		put_fixed(cli, bash_assemble, out);
		put_fixed(cli, bash_ask, out);
	} else if (strcmp(shell, "zsh") == 0) {
		gw_buf_printf(out, "#compdef %s\n# zsh completion of %s\n\n", cli->program, cli->manual);
		put_fixed(cli, zsh_ask, out);
	} else if (strcmp(shell, "fish") == 0) {
		gw_buf_printf(out, "# fish completion of %s\n\n", cli->manual);
		put_fixed(cli, fish_ask, out);
	} else {
		return false;
	}
	return true;
}
