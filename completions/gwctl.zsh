#compdef gwctl
# zsh completion of gwctl(8)

_gwctl()
{
	local line word files= lead=
	local -a plain open about_plain about_open
	for line in "${(@f)$(timeout 2 "${(Q)words[1]}" --complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
		word=${line%%$'\t'*}
		if [[ -z $word ]]; then
			files=${line#$'\t'}
		elif [[ $word == *= ]]; then
			open+=("$word") about_open+=("${line/$'\t'/  -- }")
		else
			plain+=("$word") about_plain+=("${line/$'\t'/  -- }")
		fi
	done
	(( $#plain )) && compadd -l -d about_plain -a plain
	(( $#open )) && compadd -l -S '' -d about_open -a open
	if [[ -n $files ]]; then
		compset -P '*='
		[[ $files == directories ]] && _files -/ || _files
	fi
}

_gwctl "$@"
