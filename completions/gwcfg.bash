# bash completion of gwcfg(1), generated from its rows by `make gen'

_gwcfg_words()
{
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "$1" -- "$cur")
	COMPREPLY=("${COMPREPLY[@]// /\\ }")
}

_gwcfg_files() # -f or -d, and what stands before the name
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -P "$2" -- "${cur#"$2"}")
}

_gwcfg_behind() # the values of a setting
{
	mapfile -t COMPREPLY < <(compgen -P "${cur%%=*}=" -W "$1" -- "${cur#*=}")
}

_gwcfg_propose() # what an argument can be
{
	case $1 in
	file) _gwcfg_files -f '' ;;
	directory) _gwcfg_files -d '' ;;
	files)
		case $cur in
		*=*) _gwcfg_files -f "${cur%%=*}=" ;;
		*) _gwcfg_files -f '' ;;
		esac ;;
	verbs) _gwcfg_words 'help check expand dump get explain since list diff plan schema convert set unset fix fmt lint-secrets' ;;
	of_format) _gwcfg_words 'text json sarif junit' ;;
	of_warn) _gwcfg_words 'error' ;;
	of_override)
		case $cur in
		server_hostname_greeting=* | pop3_enable=* | pop3s_enable=* | imap_enable=* | imaps_enable=* | bypass_auth=* | mirror_offline=* | jmap_push=* | imap_only_mailfolders=* | imap_public_folders=* | imap_shared_accounts=* | imap_capability_idle=* | imap_expunge_on_delete=* | imap_ignore_command_idle=* | imap_utf8_only=* | pop3_lock_maildrop=* | pop3_set_seen=* | pop3_implementation_early=* | disable_plaintext_auth=* | ssl_verify_client=* | ssl_prefer_server_ciphers=* | log_timestamp=*) _gwcfg_behind 'yes no' ;;
		preferred_language=*) _gwcfg_behind 'i-default en de es fr nl' ;;
		mirror_path=* | running_path=* | tmp_path=* | ssl_verify_path=*) _gwcfg_files -d "${cur%%=*}=" ;;
		backend_ca_file=* | backend_certificate_file=* | backend_private_key_file=* | backend_unix_socket=* | backend_password_file=* | pid_file=* | control_socket=* | ssl_private_key_file=* | ssl_certificate_file=* | ssl_verify_file=* | log_file=*) _gwcfg_files -f "${cur%%=*}=" ;;
		backend_impersonate=*) _gwcfg_behind 'none authorize-as login' ;;
		jmap_search=*) _gwcfg_behind 'mirror server' ;;
		jmap_expunge=*) _gwcfg_behind 'destroy trash' ;;
		coredump_enabled=*) _gwcfg_behind 'systemdefault no yes' ;;
		process_model=*) _gwcfg_behind 'thread fork' ;;
		pop3_uidl_format=*) _gwcfg_behind 'gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano' ;;
		pop3_delete=*) _gwcfg_behind 'expunge flag trash' ;;
		pop3_client_workarounds=*) _gwcfg_behind 'outlook-no-nuls oe-ns-eoh' ;;
		auth_mechanisms=*) _gwcfg_behind 'PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2' ;;
		tls_min_proto=*) _gwcfg_behind 'ssl3 tls1.0 tls1.1 tls1.2 tls1.3' ;;
		log_method=*) _gwcfg_behind 'file syslog auto' ;;
		log_format=*) _gwcfg_behind 'text json' ;;
		html_safety_filter=*) _gwcfg_behind 'no yes' ;;
		*=*) ;;
		*) _gwcfg_words 'server_bind= server_hostname= server_hostname_greeting= preferred_language= pop3_enable= pop3_port= pop3s_enable= pop3s_port= imap_enable= imap_port= imaps_enable= imaps_port= pop3_listen= pop3s_listen= imap_listen= imaps_listen= server_socket= bypass_auth= public_account= mail_quota= mail_quota_messages= mail_quota_warning= max_mailboxes= mirror_path= mirror_cache_size= mirror_offline= state_database= backend_timeout= backend_connect_timeout= backend_connections= backend_ca_file= backend_certificate_file= backend_private_key_file= backend_pin= backend_proxy= backend_unix_socket= backend_user= backend_password_file= backend_impersonate= backend_impersonate_login= jmap_push= jmap_poll_interval= jmap_poll_interval_quiet= jmap_access_url= jmap_search= jmap_expunge= run_as_user= run_as_group= pid_file= running_path= tmp_path= coredump_enabled= process_model= worker_threads= loop_threads= auth_threads= shutdown_timeout= control_socket= control_socket_mode= control_socket_group= metrics_listen= control_admins= control_operators= imap_only_mailfolders= imap_public_folders= imap_shared_accounts= imap_capability_idle= imap_max_messagesize= imap_message_limit= imap_save_limit= imap_expunge_on_delete= imap_max_fail_commands= imap_ignore_command_idle= imap_admins= imap_utf8_only= imap_capabilities= imap_timeout= pop3_lock_maildrop= pop3_uidl_format= pop3_delete= pop3_set_seen= pop3_client_workarounds= pop3_login_delay= pop3_login_burst= pop3_expire= pop3_implementation_early= pop3_timeout= disable_plaintext_auth= auth_mechanisms= auth_cache_ttl= max_auth_failures= auth_delay_after= auth_delay_max= auth_forget= ban_after= ban_time= trusted_networks= login_timeout= ssl_private_key_file= ssl_certificate_file= ssl_certificates= ssl_verify_client= ssl_verify_file= ssl_verify_path= tls_min_proto= ssl_protocols= ssl_ciphers= ssl_curves= ssl_prefer_server_ciphers= max_connections= max_connections_per_address= max_connections_per_user= max_line_prelogin= max_line= max_literal_prelogin= max_literal= max_session_memory= imap_sort_memory= write_timeout= log_method= log_file= log_format= log_level= slow_command_time= log_timestamp= log_buffer_size= html_safety_filter= imap_always_generate= imap_cache_folders_time_limit= imap_generate_utf8= imap_store_rfc822= socketspec=' ;;
		esac ;;
	of_sizes) _gwcfg_words 'human bytes' ;;
	of_env) _gwcfg_words 'safe all keep' ;;
	of_for)
		case $cur in
		listener=*) _gwcfg_behind 'imap imaps pop3 pop3s' ;;
		tls=* | certificate=*) _gwcfg_behind 'yes no' ;;
		*=*) ;;
		*) _gwcfg_words 'listener= address= user= tls= certificate=' ;;
		esac ;;
	in_get) _gwcfg_words 'server_bind server_hostname server_hostname_greeting preferred_language pop3_enable pop3_port pop3s_enable pop3s_port imap_enable imap_port imaps_enable imaps_port pop3_listen pop3s_listen imap_listen imaps_listen server_socket bypass_auth public_account mail_quota mail_quota_messages mail_quota_warning max_mailboxes mirror_path mirror_cache_size mirror_offline state_database backend_timeout backend_connect_timeout backend_connections backend_ca_file backend_certificate_file backend_private_key_file backend_pin backend_proxy backend_unix_socket backend_user backend_password_file backend_impersonate backend_impersonate_login jmap_push jmap_poll_interval jmap_poll_interval_quiet jmap_access_url jmap_search jmap_expunge run_as_user run_as_group pid_file running_path tmp_path coredump_enabled process_model worker_threads loop_threads auth_threads shutdown_timeout control_socket control_socket_mode control_socket_group metrics_listen control_admins control_operators imap_only_mailfolders imap_public_folders imap_shared_accounts imap_capability_idle imap_max_messagesize imap_message_limit imap_save_limit imap_expunge_on_delete imap_max_fail_commands imap_ignore_command_idle imap_admins imap_utf8_only imap_capabilities imap_timeout pop3_lock_maildrop pop3_uidl_format pop3_delete pop3_set_seen pop3_client_workarounds pop3_login_delay pop3_login_burst pop3_expire pop3_implementation_early pop3_timeout disable_plaintext_auth auth_mechanisms auth_cache_ttl max_auth_failures auth_delay_after auth_delay_max auth_forget ban_after ban_time trusted_networks login_timeout ssl_private_key_file ssl_certificate_file ssl_certificates ssl_verify_client ssl_verify_file ssl_verify_path tls_min_proto ssl_protocols ssl_ciphers ssl_curves ssl_prefer_server_ciphers max_connections max_connections_per_address max_connections_per_user max_line_prelogin max_line max_literal_prelogin max_literal max_session_memory imap_sort_memory write_timeout log_method log_file log_format log_level slow_command_time log_timestamp log_buffer_size html_safety_filter imap_always_generate imap_cache_folders_time_limit imap_generate_utf8 imap_store_rfc822 socketspec services pop3.listen pop3s.listen imap.listen imaps.listen metrics.listen tls.min tls.max tls.certificates' ;;
	in_explain) _gwcfg_words 'server_bind server_hostname server_hostname_greeting preferred_language pop3_enable pop3_port pop3s_enable pop3s_port imap_enable imap_port imaps_enable imaps_port pop3_listen pop3s_listen imap_listen imaps_listen server_socket bypass_auth public_account mail_quota mail_quota_messages mail_quota_warning max_mailboxes mirror_path mirror_cache_size mirror_offline state_database backend_timeout backend_connect_timeout backend_connections backend_ca_file backend_certificate_file backend_private_key_file backend_pin backend_proxy backend_unix_socket backend_user backend_password_file backend_impersonate backend_impersonate_login jmap_push jmap_poll_interval jmap_poll_interval_quiet jmap_access_url jmap_search jmap_expunge run_as_user run_as_group pid_file running_path tmp_path coredump_enabled process_model worker_threads loop_threads auth_threads shutdown_timeout control_socket control_socket_mode control_socket_group metrics_listen control_admins control_operators imap_only_mailfolders imap_public_folders imap_shared_accounts imap_capability_idle imap_max_messagesize imap_message_limit imap_save_limit imap_expunge_on_delete imap_max_fail_commands imap_ignore_command_idle imap_admins imap_utf8_only imap_capabilities imap_timeout pop3_lock_maildrop pop3_uidl_format pop3_delete pop3_set_seen pop3_client_workarounds pop3_login_delay pop3_login_burst pop3_expire pop3_implementation_early pop3_timeout disable_plaintext_auth auth_mechanisms auth_cache_ttl max_auth_failures auth_delay_after auth_delay_max auth_forget ban_after ban_time trusted_networks login_timeout ssl_private_key_file ssl_certificate_file ssl_certificates ssl_verify_client ssl_verify_file ssl_verify_path tls_min_proto ssl_protocols ssl_ciphers ssl_curves ssl_prefer_server_ciphers max_connections max_connections_per_address max_connections_per_user max_line_prelogin max_line max_literal_prelogin max_literal max_session_memory imap_sort_memory write_timeout log_method log_file log_format log_level slow_command_time log_timestamp log_buffer_size html_safety_filter imap_always_generate imap_cache_folders_time_limit imap_generate_utf8 imap_store_rfc822 socketspec services pop3.listen pop3s.listen imap.listen imaps.listen metrics.listen tls.min tls.max tls.certificates GW1001 GW1002 GW1003 GW1004 GW1005 GW1006 GW1007 GW1008 GW1009 GW1010 GW1011 GW1012 GW1013 GW1014 GW1015 GW1016 GW1017 GW1018 GW1019 GW1020 GW1021 GW1022 GW1023 GW1101 GW1102 GW1103 GW1104 GW1105 GW1106 GW1107 GW1108 GW1109 GW1110 GW1111 GW1112 GW1113 GW1114 GW1115 GW1116 GW1117 GW1150 GW1151 GW1152 GW1401 GW2001 GW2002 GW2003 GW2004 GW2005 GW2006 GW2007 GW2008 GW2009 GW2010 GW2011 GW2012 GW2013 GW2014 GW2015 GW2016 GW2018 GW2019 GW2020 GW2021 GW2022 GW2101 GW2102 GW2103 GW2104 GW2105 GW2106 GW2107 GW2108 GW2109 GW2110 GW2111 GW2112 GW2113 GW2114 GW2115 GW2116 GW2117 GW2118 GW2119 GW2150 GW2151 GW2152 GW3001 GW3002 GW3003 GW3004 GW3005 GW3006 GW3007 GW3008 GW3101 GW3102 GW3103 GW3104 GW4001 GW4002 GW4003 GW4501' ;;
	in_since) _gwcfg_words '8.0 8.3 8.4 8.5 8.6 8.7 9.0 10.0 11.0 gateway\ 0.1' ;;
	of_group) _gwcfg_words 'services store process control imap pop3 login tls limits log old' ;;
	of_type) _gwcfg_words 'address text boolean word port listeners URL size number path time permissions list retired' ;;
	of_reload) _gwcfg_words 'live next restart' ;;
	in_list) _gwcfg_words 'server_bind server_hostname server_hostname_greeting preferred_language pop3_enable pop3_port pop3s_enable pop3s_port imap_enable imap_port imaps_enable imaps_port pop3_listen pop3s_listen imap_listen imaps_listen server_socket bypass_auth public_account mail_quota mail_quota_messages mail_quota_warning max_mailboxes mirror_path mirror_cache_size mirror_offline state_database backend_timeout backend_connect_timeout backend_connections backend_ca_file backend_certificate_file backend_private_key_file backend_pin backend_proxy backend_unix_socket backend_user backend_password_file backend_impersonate backend_impersonate_login jmap_push jmap_poll_interval jmap_poll_interval_quiet jmap_access_url jmap_search jmap_expunge run_as_user run_as_group pid_file running_path tmp_path coredump_enabled process_model worker_threads loop_threads auth_threads shutdown_timeout control_socket control_socket_mode control_socket_group metrics_listen control_admins control_operators imap_only_mailfolders imap_public_folders imap_shared_accounts imap_capability_idle imap_max_messagesize imap_message_limit imap_save_limit imap_expunge_on_delete imap_max_fail_commands imap_ignore_command_idle imap_admins imap_utf8_only imap_capabilities imap_timeout pop3_lock_maildrop pop3_uidl_format pop3_delete pop3_set_seen pop3_client_workarounds pop3_login_delay pop3_login_burst pop3_expire pop3_implementation_early pop3_timeout disable_plaintext_auth auth_mechanisms auth_cache_ttl max_auth_failures auth_delay_after auth_delay_max auth_forget ban_after ban_time trusted_networks login_timeout ssl_private_key_file ssl_certificate_file ssl_certificates ssl_verify_client ssl_verify_file ssl_verify_path tls_min_proto ssl_protocols ssl_ciphers ssl_curves ssl_prefer_server_ciphers max_connections max_connections_per_address max_connections_per_user max_line_prelogin max_line max_literal_prelogin max_literal max_session_memory imap_sort_memory write_timeout log_method log_file log_format log_level slow_command_time log_timestamp log_buffer_size html_safety_filter imap_always_generate imap_cache_folders_time_limit imap_generate_utf8 imap_store_rfc822 socketspec' ;;
	of_completion) _gwcfg_words 'bash zsh fish' ;;
	of_from) _gwcfg_words 'kopano dovecot courier cyrus' ;;
	esac
}

_gwcfg()
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
		--) ended=yes ;;
		-*) ;;
		help) [[ -n $verb ]] || asked=yes ;;
		*)
			case $verb in
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
		flags='--help --version'
		;;
	'check')
		flags='-f --format -W --warn -q --quiet -l --live -i --ignore-unknown -o --override --as --replace --root --help'
		operand=file
		case $flag in
		-f | --format) value=of_format ;;
		-W | --warn) value=of_warn ;;
		-o | --override) value=of_override ;;
		--as) value=file ;;
		--replace) value=files ;;
		--root) value=directory ;;
		esac ;;
	'expand')
		flags='-s --sizes -e --env -c --changed -n --no-comments -m --mask -j --json -o --override -i --ignore-unknown --as --replace --root --help'
		operand=file
		case $flag in
		-s | --sizes) value=of_sizes ;;
		-e | --env) value=of_env ;;
		-o | --override) value=of_override ;;
		--as) value=file ;;
		--replace) value=files ;;
		--root) value=directory ;;
		esac ;;
	'dump')
		flags='-a --all -c --changed -d --defaults -r --reloadable --origin -m --mask -j --json -o --override -i --ignore-unknown --as --replace --root --help'
		operand=file
		case $flag in
		-o | --override) value=of_override ;;
		--as) value=file ;;
		--replace) value=files ;;
		--root) value=directory ;;
		esac ;;
	'get')
		flags='-f --for -w --why -v --verbose -m --mask -j --json -c --config -o --override -i --ignore-unknown --as --replace --root --help'
		operand=in_get
		case $flag in
		-f | --for) value=of_for ;;
		-c | --config) value=file ;;
		-o | --override) value=of_override ;;
		--as) value=file ;;
		--replace) value=files ;;
		--root) value=directory ;;
		esac ;;
	'explain')
		flags='-c --config -o --override -i --ignore-unknown --codes -j --json --help'
		operand=in_explain
		case $flag in
		-c | --config) value=file ;;
		-o | --override) value=of_override ;;
		esac ;;
	'since')
		flags='-j --json --help'
		operand=in_since
		;;
	'list')
		flags='-g --group -t --type -r --reload -s --since --changed -c --config -o --override -i --ignore-unknown --retired -j --json --help'
		operand=in_list
		case $flag in
		-g | --group) value=of_group ;;
		-t | --type) value=of_type ;;
		-r | --reload) value=of_reload ;;
		-s | --since) value=in_since ;;
		-c | --config) value=file ;;
		-o | --override) value=of_override ;;
		esac ;;
	'diff')
		flags='--running -s --socket -e --exit-code -j --json -o --override -i --ignore-unknown --help'
		operand=file
		case $flag in
		-s | --socket) value=file ;;
		-o | --override) value=of_override ;;
		esac ;;
	'plan')
		flags='--against -s --socket -j --json --help'
		operand=file
		case $flag in
		--against) value=file ;;
		-s | --socket) value=file ;;
		esac ;;
	'schema')
		flags='--json-schema --man --vim --augeas --markdown --sample --completion --help'
		case $flag in
		--completion) value=of_completion ;;
		esac ;;
	'convert')
		flags='-f --from -r --report -j --json --as --root --help'
		operand=file
		case $flag in
		-f | --from) value=of_from ;;
		-r | --report) value=file ;;
		--as) value=file ;;
		--root) value=directory ;;
		esac ;;
	'set')
		flags='-c --config -f --file -n --dry-run -d --diff -j --json --help'
		operand=of_override
		case $flag in
		-c | --config) value=file ;;
		-f | --file) value=file ;;
		esac ;;
	'unset')
		flags='-c --config -f --file -n --dry-run -d --diff -j --json --help'
		operand=in_list
		case $flag in
		-c | --config) value=file ;;
		-f | --file) value=file ;;
		esac ;;
	'fix')
		flags='-d --diff -w --write -m --meant -l --listen -j --json --help'
		operand=file
		;;
	'fmt')
		flags='-d --diff -w --write -j --json --help'
		operand=file
		;;
	'lint-secrets')
		flags='-W --warn -j --json --help'
		operand=file
		case $flag in
		-W | --warn) value=of_warn ;;
		esac ;;
	esac
	[[ -z $asked ]] || { flags= value=; [[ $operand == verbs* ]] || operand=; }
	if [[ -n $value && -z $ended ]]; then
		cur=${cur#"$lead"}
		_gwcfg_propose "$value"
	else
		lead=
		if [[ $cur == -* && -z $ended ]]; then
			_gwcfg_words "$flags"
			[[ -z $long ]] || _gwcfg_propose "$operand"
		elif [[ -z $long ]]; then
			_gwcfg_propose "$operand"
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
complete -F _gwcfg gwcfg
