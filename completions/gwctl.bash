# bash completion of gwctl(8)

_gwctl()
{
	local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} words=() cur verb= flag= value= operand= flags= lead= long= i piece
	local asked= ended= breaks=${COMP_WORDBREAKS//[^=:]/}
	COMPREPLY=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		piece=${COMP_WORDS[i]}
		if ((i == 0)) || [[ $line == [[:blank:]]* ]]; then
			line=${line#"${line%%[![:blank:]]*}"}
			words+=('')
		fi
		((i < COMP_CWORD)) || piece=$line
		words[-1]+=$piece
		line=${line#"$piece"}
	done
	cur=${words[-1]#[\"\']}
	cur=${cur//\\/}
	unset 'words[-1]'
	local lines=() word files=
	mapfile -t lines < <(timeout 2 "${1:-gwctl}" --complete -- "${words[@]:1}" "$cur" 2>/dev/null)
	for i in "${lines[@]}"; do
		word=${i%%$'\t'*}
		if [[ -n $word ]]; then
			COMPREPLY+=("$(printf %q "$word")")
		else
			files=${i#$'\t'}
		fi
	done
	if [[ -n $files ]]; then
		lead=
		[[ $cur != *=* ]] || lead=${cur%%=*}=
		compopt -o filenames 2>/dev/null
		[[ $files == directories ]] && files=-d || files=-f
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen "$files" -P "$lead" -- "${cur#"$lead"}")
	fi
	piece=
	[[ -z $breaks ]] || piece=${cur%"${cur##*[$breaks]}"}
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${COMPREPLY[i]#"$piece"}
	done
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}
complete -F _gwctl gwctl
