# bash completion of gatewayd(8), generated from its rows by `make gen'

_gatewayd_words()
{
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$cur")
	COMPREPLY=("${COMPREPLY[@]// /\\ }")
}

_gatewayd_files() # -f or -d, and what stands before the name
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -P "$2" -- "${cur#"$2"}")
}

_gatewayd_behind() # the values of a setting
{
	mapfile -t COMPREPLY < <(compgen -P "${cur%%=*}=" -W "$1" -- "${cur#*=}")
}

_gatewayd_propose() # what an argument can be
{
	case $1 in
	file) _gatewayd_files -f '' ;;
	directory) _gatewayd_files -d '' ;;
	files)
		case $cur in
		*=*) _gatewayd_files -f "${cur%%=*}=" ;;
		*) _gatewayd_files -f '' ;;
		esac ;;
	of_completion) _gatewayd_words 'bash zsh fish' ;;
	of_events) _gatewayd_words 'schema man' ;;
	in_operands)
		case $cur in
		--server-hostname-greeting=* | --pop3-enable=* | --pop3s-enable=* | --imap-enable=* | --imaps-enable=* | --bypass-auth=* | --mirror-offline=* | --jmap-push=* | --imap-only-mailfolders=* | --imap-public-folders=* | --imap-shared-accounts=* | --imap-capability-idle=* | --imap-expunge-on-delete=* | --imap-ignore-command-idle=* | --imap-utf8-only=* | --pop3-lock-maildrop=* | --pop3-set-seen=* | --pop3-implementation-early=* | --disable-plaintext-auth=* | --ssl-verify-client=* | --ssl-prefer-server-ciphers=* | --log-timestamp=*) _gatewayd_behind 'yes no' ;;
		--preferred-language=*) _gatewayd_behind 'i-default en de es fr nl' ;;
		--mirror-path=* | --running-path=* | --tmp-path=* | --ssl-verify-path=*) _gatewayd_files -d "${cur%%=*}=" ;;
		--backend-ca-file=* | --backend-certificate-file=* | --backend-private-key-file=* | --backend-unix-socket=* | --backend-password-file=* | --pid-file=* | --control-socket=* | --ssl-private-key-file=* | --ssl-certificate-file=* | --ssl-verify-file=* | --log-file=*) _gatewayd_files -f "${cur%%=*}=" ;;
		--backend-impersonate=*) _gatewayd_behind 'none authorize-as login' ;;
		--jmap-search=*) _gatewayd_behind 'mirror server' ;;
		--jmap-expunge=*) _gatewayd_behind 'destroy trash' ;;
		--coredump-enabled=*) _gatewayd_behind 'systemdefault no yes' ;;
		--process-model=*) _gatewayd_behind 'thread fork' ;;
		--pop3-uidl-format=*) _gatewayd_behind 'gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano' ;;
		--pop3-delete=*) _gatewayd_behind 'expunge flag trash' ;;
		--pop3-client-workarounds=*) _gatewayd_behind 'outlook-no-nuls oe-ns-eoh' ;;
		--auth-mechanisms=*) _gatewayd_behind 'PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2' ;;
		--tls-min-proto=*) _gatewayd_behind 'ssl3 tls1.0 tls1.1 tls1.2 tls1.3' ;;
		--log-method=*) _gatewayd_behind 'file syslog auto' ;;
		--log-format=*) _gatewayd_behind 'text json' ;;
		--html-safety-filter=*) _gatewayd_behind 'no yes' ;;
		*=*) ;;
		*) _gatewayd_words '--server-bind= --server-hostname= --server-hostname-greeting= --preferred-language= --pop3-enable= --pop3-port= --pop3s-enable= --pop3s-port= --imap-enable= --imap-port= --imaps-enable= --imaps-port= --pop3-listen= --pop3s-listen= --imap-listen= --imaps-listen= --server-socket= --bypass-auth= --public-account= --mail-quota= --mail-quota-messages= --mail-quota-warning= --max-mailboxes= --mirror-path= --mirror-cache-size= --mirror-offline= --state-database= --backend-timeout= --backend-connect-timeout= --backend-connections= --backend-ca-file= --backend-certificate-file= --backend-private-key-file= --backend-pin= --backend-proxy= --backend-unix-socket= --backend-user= --backend-password-file= --backend-impersonate= --backend-impersonate-login= --jmap-push= --jmap-poll-interval= --jmap-poll-interval-quiet= --jmap-access-url= --jmap-search= --jmap-expunge= --run-as-user= --run-as-group= --pid-file= --running-path= --tmp-path= --coredump-enabled= --process-model= --worker-threads= --loop-threads= --auth-threads= --shutdown-timeout= --control-socket= --control-socket-mode= --control-socket-group= --metrics-listen= --control-admins= --control-operators= --imap-only-mailfolders= --imap-public-folders= --imap-shared-accounts= --imap-capability-idle= --imap-max-messagesize= --imap-message-limit= --imap-save-limit= --imap-expunge-on-delete= --imap-max-fail-commands= --imap-ignore-command-idle= --imap-admins= --imap-utf8-only= --imap-capabilities= --imap-timeout= --pop3-lock-maildrop= --pop3-uidl-format= --pop3-delete= --pop3-set-seen= --pop3-client-workarounds= --pop3-login-delay= --pop3-login-burst= --pop3-expire= --pop3-implementation-early= --pop3-timeout= --disable-plaintext-auth= --auth-mechanisms= --auth-cache-ttl= --max-auth-failures= --auth-delay-after= --auth-delay-max= --auth-forget= --ban-after= --ban-time= --trusted-networks= --login-timeout= --ssl-private-key-file= --ssl-certificate-file= --ssl-certificates= --ssl-verify-client= --ssl-verify-file= --ssl-verify-path= --tls-min-proto= --ssl-protocols= --ssl-ciphers= --ssl-curves= --ssl-prefer-server-ciphers= --max-connections= --max-connections-per-address= --max-connections-per-user= --max-line-prelogin= --max-line= --max-literal-prelogin= --max-literal= --max-session-memory= --imap-sort-memory= --write-timeout= --log-method= --log-file= --log-format= --log-level= --slow-command-time= --log-timestamp= --log-buffer-size= --html-safety-filter=' ;;
		esac ;;
	esac
}

_gatewayd()
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
	flag=${words[-1]}
	if [[ $cur == --*=* ]]; then
		flag=${cur%%=*}
		lead=$flag=
	elif [[ $flag == -[!-]* ]]; then
		flag=-${flag: -1}
	fi
	case $verb in
	'')
		flags='-c --config -h --host -F --foreground --ignore-unknown-config-options --dump-config --completion --events -V --version --help'
		operand=in_operands long=yes
		case $flag in
		-c | --config) value=file ;;
		-h | --host) value=any ;;
		--completion) value=of_completion ;;
		--events) value=of_events ;;
		esac ;;
	esac
	if [[ -n $value && -z $ended ]]; then
		cur=${cur#"$lead"}
		_gatewayd_propose "$value"
	else
		lead=
		if [[ $cur == -* && -z $ended ]]; then
			_gatewayd_words "$flags"
			[[ -z $long ]] || _gatewayd_propose "$operand"
		elif [[ -z $long ]]; then
			_gatewayd_propose "$operand"
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
complete -F _gatewayd gatewayd
