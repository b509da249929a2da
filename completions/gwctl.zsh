#compdef gwctl
# zsh completion of gwctl(8), generated from the table of its commands
_gwctl()
{
	local -a words_left commands
	case $words[CURRENT-1] in
	-s | --socket | -c | --config) _files; return ;;
	esac
	if [[ $PREFIX == -* ]]; then
		compadd -- --json --quiet --yes --socket --config --hash --no-password --help --version
		return
	fi
	words_left=(${words[2,CURRENT-1]:#-*})
	case "$words_left[1] $words_left[2]" in
	' ')
		commands=(
			'status:show how the service is doing'
			'session:commands of this group'
			'user:commands of this group'
			'store:commands of this group'
			'config:commands of this group'
			'reload:read the configuration again'
			'stop:end the service'
			'log:commands of this group'
			'ping:ask whether the service answers'
			'version:show the version of the service'
			'help:show what may be asked'
		)
		_describe command commands ;;
	'session ')
		commands=(
			'list:show who is connected'
			'kick:end sessions'
		)
		_describe command commands ;;
	'user ')
		commands=(
			'add:make an account'
			'passwd:set another password'
			'list:show all accounts'
			'show:show one account'
			'enable:let a user sign on again'
			'disable:let a user sign on no more'
			'features:say which services a user may not use'
			'quota:limit the mail of a user'
			'rename:give an account another name'
			'delete:remove an account with all its mail'
		)
		_describe command commands ;;
	'store ')
		commands=(
			'check:look for damage and change nothing'
			'repair:put right what store check finds'
			'backup:copy the store while it works'
			'vacuum:give free space back to the file system'
		)
		_describe command commands ;;
	'config ')
		commands=(
			'show:show the configuration in force'
		)
		_describe command commands ;;
	'log ')
		commands=(
			'reopen:open the log file anew'
		)
		_describe command commands ;;
	'session list') compadd -S '' -- user= service= max= ;;
	'session kick') compadd -S '' -- id= user= ;;
	'user add') compadd -S '' -- name= disabled= storage= messages= ;;
	'user passwd') compadd -S '' -- name= ;;
	'user list') compadd -S '' -- after= max= ;;
	'user show') compadd -S '' -- name= ;;
	'user enable') compadd -S '' -- name= ;;
	'user disable') compadd -S '' -- name= ;;
	'user features') compadd -S '' -- name= disabled= ;;
	'user quota') compadd -S '' -- name= storage= messages= ;;
	'user rename') compadd -S '' -- name= to= ;;
	'user delete') compadd -S '' -- name= confirm= ;;
	'store check') compadd -S '' -- user= ;;
	'store repair') compadd -S '' -- user= ;;
	'store backup') compadd -S '' -- dir= user= ;;
	'store vacuum') compadd -S '' -- user= ;;
	'config show') compadd -S '' -- changed= secrets= ;;
	'reload '*) compadd -S '' -- check= ;;
	'stop '*) compadd -S '' -- now= ;;
	esac
}
_gwctl "$@"
