# bash completion of gwctl(8), generated from its rows by `make gen'

_gwctl_words()
{
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$cur")
	COMPREPLY=("${COMPREPLY[@]// /\\ }")
}

_gwctl_files() # -f or -d, and what stands before the name
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -P "$2" -- "${cur#"$2"}")
}

_gwctl_behind() # the values of a setting
{
	mapfile -t COMPREPLY < <(compgen -P "${cur%%=*}=" -W "$1" -- "${cur#*=}")
}

_gwctl_propose() # what an argument can be
{
	case $1 in
	file) _gwctl_files -f '' ;;
	directory) _gwctl_files -d '' ;;
	files)
		case $cur in
		*=*) _gwctl_files -f "${cur%%=*}=" ;;
		*) _gwctl_files -f '' ;;
		esac ;;
	verbs) _gwctl_words 'status config reload confirm undo stop tls log ping version help session who user stats hist metrics tail why trace mailbox quota store' ;;
	verbs_config) _gwctl_words 'show get diff' ;;
	verbs_tls) _gwctl_words 'reload' ;;
	verbs_log) _gwctl_words 'reopen tail level' ;;
	verbs_session) _gwctl_words 'list show kick trace' ;;
	verbs_user) _gwctl_words 'kick add passwd list show enable disable features quota rename delete' ;;
	verbs_trace) _gwctl_words 'user address session' ;;
	verbs_mailbox) _gwctl_words 'list status create delete rename subscribe unsubscribe' ;;
	verbs_quota) _gwctl_words 'show set recalculate' ;;
	verbs_store) _gwctl_words 'check repair backup vacuum' ;;
	of_color) _gwctl_words 'auto always never' ;;
	of_completion) _gwctl_words 'bash zsh fish' ;;
	in_config_show)
		case $cur in
		changed=* | secrets=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'changed= secrets=' ;;
		esac ;;
	in_config_get)
		case $cur in
		secrets=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'name= secrets=' ;;
		esac ;;
	in_config_diff)
		case $cur in
		previous=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'previous=' ;;
		esac ;;
	in_reload)
		case $cur in
		file=*) _gwctl_files -d "${cur%%=*}=" ;;
		plan=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'file= plan= confirm=' ;;
		esac ;;
	in_stop)
		case $cur in
		now=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'now=' ;;
		esac ;;
	in_tls_reload)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'confirm=' ;;
		esac ;;
	in_session_list)
		case $cur in
		service=*) _gwctl_behind 'imap imaps pop3 pop3s' ;;
		protocol=*) _gwctl_behind 'imap pop3' ;;
		state=*) _gwctl_behind 'login authenticated selected idle logout' ;;
		tls=* | full=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'user= address= service= protocol= state= mailbox= client= command= tls= older= younger= idle= max= full=' ;;
		esac ;;
	in_session_show)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'id=' ;;
		esac ;;
	in_session_kick)
		case $cur in
		service=*) _gwctl_behind 'imap imaps pop3 pop3s' ;;
		protocol=*) _gwctl_behind 'imap pop3' ;;
		state=*) _gwctl_behind 'login authenticated selected idle logout' ;;
		tls=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'id= user= address= service= protocol= state= mailbox= client= command= tls= older= younger= idle= reason=' ;;
		esac ;;
	in_who)
		case $cur in
		service=*) _gwctl_behind 'imap imaps pop3 pop3s' ;;
		protocol=*) _gwctl_behind 'imap pop3' ;;
		state=*) _gwctl_behind 'login authenticated selected idle logout' ;;
		tls=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'user= address= service= protocol= state= mailbox= client= command= tls= older= younger= idle=' ;;
		esac ;;
	in_user_kick)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'name= reason=' ;;
		esac ;;
	in_stats)
		case $cur in
		all=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'metric= since= all=' ;;
		esac ;;
	in_stats_mark)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'name=' ;;
		esac ;;
	in_hist)
		case $cur in
		fine=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'name= since= fine=' ;;
		esac ;;
	in_tail)
		case $cur in
		service=*) _gwctl_behind 'imap imaps pop3 pop3s' ;;
		module=*) _gwctl_behind 'service config net tls auth imap pop3 store control' ;;
		level=*) _gwctl_behind 'crit error warning notice info debug' ;;
		*=*) ;;
		*) _gwctl_words 'event= user= address= session= service= module= level= max=' ;;
		esac ;;
	in_log_tail)
		case $cur in
		module=*) _gwctl_behind 'service config net tls auth imap pop3 store control' ;;
		level=*) _gwctl_behind 'crit error warning notice info debug' ;;
		*=*) ;;
		*) _gwctl_words 'match= module= level= max=' ;;
		esac ;;
	in_log_level)
		case $cur in
		module=*) _gwctl_behind 'all service config net tls auth imap pop3 store control' ;;
		level=*) _gwctl_behind 'none crit error warning notice info debug default' ;;
		*=*) ;;
		*) _gwctl_words 'module= level= for=' ;;
		esac ;;
	in_why)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user= address=' ;;
		esac ;;
	in_trace_user)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user= for=' ;;
		esac ;;
	in_trace_address)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'address= for=' ;;
		esac ;;
	in_trace_session)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'id= for=' ;;
		esac ;;
	in_user_add)
		case $cur in
		disabled=*) _gwctl_behind 'imap pop3' ;;
		*=*) ;;
		*) _gwctl_words 'name= disabled= storage= messages=' ;;
		esac ;;
	in_user_passwd)
		case $cur in
		kick=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'name= kick=' ;;
		esac ;;
	in_user_list)
		case $cur in
		enabled=* | over=* | never=* | usage=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'match= enabled= over= never= inactive= usage= after= max=' ;;
		esac ;;
	in_user_features)
		case $cur in
		disabled=*) _gwctl_behind 'imap pop3' ;;
		*=*) ;;
		*) _gwctl_words 'name= disabled=' ;;
		esac ;;
	in_user_quota)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'name= storage= messages=' ;;
		esac ;;
	in_user_rename)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'name= to=' ;;
		esac ;;
	in_user_delete)
		case $cur in
		confirm=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'name= confirm=' ;;
		esac ;;
	in_mailbox_list)
		case $cur in
		subscribed=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'user= match= subscribed=' ;;
		esac ;;
	in_mailbox_status)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user= name=' ;;
		esac ;;
	in_mailbox_create)
		case $cur in
		special=*) _gwctl_behind 'sent drafts junk trash archive all flagged important' ;;
		subscribe=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'user= name= special= subscribe=' ;;
		esac ;;
	in_mailbox_delete)
		case $cur in
		recursive=* | confirm=*) _gwctl_behind 'yes no' ;;
		*=*) ;;
		*) _gwctl_words 'user= name= recursive= confirm=' ;;
		esac ;;
	in_mailbox_rename)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user= name= to=' ;;
		esac ;;
	in_quota_show)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user=' ;;
		esac ;;
	in_quota_set)
		case $cur in
		*=*) ;;
		*) _gwctl_words 'user= storage= messages=' ;;
		esac ;;
	in_store_backup)
		case $cur in
		dir=*) _gwctl_files -d "${cur%%=*}=" ;;
		*=*) ;;
		*) _gwctl_words 'dir= user=' ;;
		esac ;;
	esac
}

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
	for ((i = 1; i < ${#words[@]}; i++)); do
		case ${words[i]} in
		--columns) ((i++)) ;;
		--sort) ((i++)) ;;
		--limit) ((i++)) ;;
		--color) ((i++)) ;;
		-f | --file) ((i++)) ;;
		-H | --host) ((i++)) ;;
		-s | --socket) ((i++)) ;;
		-c | --config) ((i++)) ;;
		--completion) ((i++)) ;;
		--) ended=yes ;;
		-*) ;;
		help) [[ -n $verb ]] || asked=yes ;;
		*)
			case $verb in
			config) verb+=" ${words[i]}" ;;
			tls) verb+=" ${words[i]}" ;;
			log) verb+=" ${words[i]}" ;;
			session) verb+=" ${words[i]}" ;;
			user) verb+=" ${words[i]}" ;;
			trace) verb+=" ${words[i]}" ;;
			mailbox) verb+=" ${words[i]}" ;;
			quota) verb+=" ${words[i]}" ;;
			store) verb+=" ${words[i]}" ;;
			'') verb=${words[i]} ;;
			esac ;;
		esac
	done
	flag=${words[-1]}
	if [[ $cur == --*=* ]]; then
		flag=${cur%%=*}
		lead=$flag=
	elif [[ $flag == -[!-]* ]]; then
		flag=-${flag: -1}
	fi
	case $verb in
	'')
		operand=verbs
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	config) operand=verbs_config ;;
	tls) operand=verbs_tls ;;
	log) operand=verbs_log ;;
	session) operand=verbs_session ;;
	user) operand=verbs_user ;;
	trace) operand=verbs_trace ;;
	mailbox) operand=verbs_mailbox ;;
	quota) operand=verbs_quota ;;
	store) operand=verbs_store ;;
	'status')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'config show')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_config_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'config get')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_config_get
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'config diff')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_config_diff
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'reload')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_reload
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'confirm')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'undo')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'stop')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_stop
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'tls reload')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_tls_reload
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'log reopen')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'ping')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'version')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'help')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'session list')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_session_list
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'session show')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_session_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'session kick')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_session_kick
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'who')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_who
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user kick')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_kick
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'stats')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_stats
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'stats reset')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'stats mark')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_stats_mark
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'hist')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_hist
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'metrics')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'tail')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_tail
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'log tail')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_log_tail
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'log level')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_log_level
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'why')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_why
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'trace user')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_trace_user
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'trace address')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_trace_address
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'trace session')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_trace_session
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'session trace')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_trace_session
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user add')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_add
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user passwd')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_passwd
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user list')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_list
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user show')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_stats_mark
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user enable')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_stats_mark
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user disable')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_passwd
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user features')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_features
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user quota')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_quota
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user rename')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_rename
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'user delete')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_user_delete
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox list')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_list
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox status')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_status
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox create')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_create
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox delete')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_delete
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox rename')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_rename
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox subscribe')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_status
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'mailbox unsubscribe')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_mailbox_status
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'quota show')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'quota set')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_set
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'quota recalculate')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'store check')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'store repair')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'store backup')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_store_backup
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	'store vacuum')
		flags='-j --json --csv --columns --sort --limit --no-header --color -q --quiet -y --yes --hash --no-password -f --file -k --keep-going -H --host -s --socket -c --config --completion --complete -V --version -h --help'
		operand=in_quota_show
		case $flag in
		--columns) value=any ;;
		--sort) value=any ;;
		--limit) value=any ;;
		--color) value=of_color ;;
		-f | --file) value=file ;;
		-H | --host) value=any ;;
		-s | --socket) value=file ;;
		-c | --config) value=file ;;
		--completion) value=of_completion ;;
		esac ;;
	esac
	[[ -z $asked ]] || { flags= value=; [[ $operand == verbs* ]] || operand=; }
	if [[ -n $value && -z $ended ]]; then
		cur=${cur#"$lead"}
		_gwctl_propose "$value"
	else
		lead=
		if [[ $cur == -* && -z $ended ]]; then
			_gwctl_words "$flags"
			[[ -z $long ]] || _gwctl_propose "$operand"
		elif [[ -z $long ]]; then
			_gwctl_propose "$operand"
		fi
	fi
	piece=$lead$cur
	if [[ -n $breaks ]]; then
		piece=${piece%"${piece##*[$breaks]}"}
	else
		piece=
	fi
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$lead${COMPREPLY[i]}
		COMPREPLY[i]=${COMPREPLY[i]#"$piece"}
	done
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}
complete -F _gwctl gwctl
