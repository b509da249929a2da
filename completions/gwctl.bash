# bash completion of gwctl(8), generated from the table of its commands
_gwctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word words=() i
	COMPREPLY=()
	case $prev in
	-s | --socket | -c | --config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "--json --quiet --yes --socket --config --hash --no-password --help --version" -- "$cur"))
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-s | --socket | -c | --config) ((i++)) ;;
		-* | help) ;;
		*) words+=("$word") ;;
		esac
	done
	case "${words[0]} ${words[1]}" in
	' ') COMPREPLY=($(compgen -W "help status session user store config reload stop log ping version" -- "$cur")) ;;
	'session ') COMPREPLY=($(compgen -W "list kick" -- "$cur")) ;;
	'user ') COMPREPLY=($(compgen -W "add passwd list show enable disable features quota rename delete" -- "$cur")) ;;
	'store ') COMPREPLY=($(compgen -W "check repair backup vacuum" -- "$cur")) ;;
	'config ') COMPREPLY=($(compgen -W "show" -- "$cur")) ;;
	'log ') COMPREPLY=($(compgen -W "reopen" -- "$cur")) ;;
	'session list') COMPREPLY=($(compgen -W "user= service= max=" -- "$cur")); compopt -o nospace ;;
	'session kick') COMPREPLY=($(compgen -W "id= user=" -- "$cur")); compopt -o nospace ;;
	'user add') COMPREPLY=($(compgen -W "name= disabled= storage= messages=" -- "$cur")); compopt -o nospace ;;
	'user passwd') COMPREPLY=($(compgen -W "name=" -- "$cur")); compopt -o nospace ;;
	'user list') COMPREPLY=($(compgen -W "after= max=" -- "$cur")); compopt -o nospace ;;
	'user show') COMPREPLY=($(compgen -W "name=" -- "$cur")); compopt -o nospace ;;
	'user enable') COMPREPLY=($(compgen -W "name=" -- "$cur")); compopt -o nospace ;;
	'user disable') COMPREPLY=($(compgen -W "name=" -- "$cur")); compopt -o nospace ;;
	'user features') COMPREPLY=($(compgen -W "name= disabled=" -- "$cur")); compopt -o nospace ;;
	'user quota') COMPREPLY=($(compgen -W "name= storage= messages=" -- "$cur")); compopt -o nospace ;;
	'user rename') COMPREPLY=($(compgen -W "name= to=" -- "$cur")); compopt -o nospace ;;
	'user delete') COMPREPLY=($(compgen -W "name= confirm=" -- "$cur")); compopt -o nospace ;;
	'store check') COMPREPLY=($(compgen -W "user=" -- "$cur")); compopt -o nospace ;;
	'store repair') COMPREPLY=($(compgen -W "user=" -- "$cur")); compopt -o nospace ;;
	'store backup') COMPREPLY=($(compgen -W "dir= user=" -- "$cur")); compopt -o nospace ;;
	'store vacuum') COMPREPLY=($(compgen -W "user=" -- "$cur")); compopt -o nospace ;;
	'config show') COMPREPLY=($(compgen -W "changed= secrets=" -- "$cur")); compopt -o nospace ;;
	'reload '*) COMPREPLY=($(compgen -W "check=" -- "$cur")); compopt -o nospace ;;
	'stop '*) COMPREPLY=($(compgen -W "now=" -- "$cur")); compopt -o nospace ;;
	esac
}
complete -F _gwctl gwctl
