#compdef gwcfg
# zsh completion of gwcfg(1), generated from the option table
_gwcfg()
{
	local -a verbs options
	verbs=(
		'check:find what is wrong in configuration files'
		'expand:print the files as one, includes in place'
		'dump:print every option with its value'
		'explain:describe an option or a finding'
		'list:list all options'
		'schema:print what is generated from the options'
		'help:say how to use it'
	)
	options=(
		'server_bind:IP address on which the services listen'
		'server_hostname:Name of this server in the greeting'
		'server_hostname_greeting:Tell the server'\''s name in the greeting'
		'pop3_enable:Serve POP3'
		'pop3_port:Port of POP3'
		'pop3s_enable:Serve POP3 inside TLS'
		'pop3s_port:Port of POP3 inside TLS'
		'imap_enable:Serve IMAP'
		'imap_port:Port of IMAP'
		'imaps_enable:Serve IMAP inside TLS'
		'imaps_port:Port of IMAP inside TLS'
		'pop3_listen:Where POP3 listens, in the newer form'
		'pop3s_listen:Where POP3 inside TLS listens, in the newer form'
		'imap_listen:Where IMAP listens, in the newer form'
		'imaps_listen:Where IMAP inside TLS listens, in the newer form'
		'server_socket:Where the mail is'
		'bypass_auth:Let a storage server on a UNIX socket trust this daemon'
		'public_account:Account of the local store whose mailboxes are the public folders'
		'mail_quota:How much mail a new account may hold'
		'mail_quota_messages:How many messages a new account may hold'
		'max_mailboxes:How many mailboxes an account may have'
		'run_as_user:User that the daemon becomes once its sockets are open'
		'run_as_group:Group that the daemon becomes once its sockets are open'
		'pid_file:File for the process id'
		'running_path:Working directory of the daemon'
		'tmp_path:Directory for temporary files'
		'coredump_enabled:Allow core dumps'
		'process_model:How sessions share the machine'
		'worker_threads:Threads that work on the store'
		'loop_threads:Threads that talk to clients'
		'auth_threads:Threads that check passwords'
		'shutdown_timeout:How long running commands may take to finish when the daemon stops'
		'control_socket:UNIX socket on which the daemon takes orders of gwctl(8)'
		'control_socket_mode:Permissions of the control socket'
		'control_socket_group:Group of the control socket'
		'imap_only_mailfolders:Show only folders that hold mail'
		'imap_public_folders:Show the public folders'
		'imap_capability_idle:Let clients wait for news (RFC 2177)'
		'imap_max_messagesize:Largest message a client may store with APPEND'
		'imap_expunge_on_delete:Remove messages as soon as they are marked as deleted'
		'imap_max_fail_commands:Failed commands in a row after which a client is disconnected'
		'imap_ignore_command_idle:Ignore commands that a client sends while it idles'
		'imap_capabilities:Capabilities to switch off'
		'imap_timeout:How long a logged-in IMAP client may be silent'
		'pop3_lock_maildrop:Let only one POP3 session at a time into an inbox'
		'pop3_timeout:How long a logged-in POP3 client may be silent'
		'disable_plaintext_auth:Refuse passwords on connections without TLS'
		'auth_mechanisms:Mechanisms of AUTHENTICATE and AUTH'
		'auth_cache_ttl:How long a verified password is remembered'
		'max_auth_failures:Wrong passwords after which a connection is closed'
		'login_timeout:How long a client may be silent before it has logged in'
		'ssl_private_key_file:Private key for TLS'
		'ssl_certificate_file:Certificate for TLS'
		'ssl_certificates:More certificates, chosen by the name the client asks for (SNI)'
		'ssl_verify_client:Demand a certificate of the client'
		'ssl_verify_file:Authorities for the certificates of clients'
		'ssl_verify_path:Directory of authorities for the certificates of clients'
		'tls_min_proto:Oldest version of TLS that is spoken'
		'ssl_protocols:Versions of TLS, in the older form'
		'ssl_ciphers:Ciphers for TLS 1.2 and older'
		'ssl_curves:Groups for the key exchange'
		'ssl_prefer_server_ciphers:Choose the cipher in our order instead of the client'\''s'
		'max_connections:Connections at the same time'
		'max_connections_per_address:Connections at the same time from one address'
		'max_connections_per_user:Sessions at the same time of one user'
		'max_line_prelogin:Longest command line before login'
		'max_line:Longest command line after login'
		'max_literal_prelogin:Largest literal before login'
		'max_literal:Largest literal after login, except messages'
		'max_session_memory:Memory that the commands of one session may hold'
		'write_timeout:How long a client may leave an answer unread'
		'log_method:Where the log goes'
		'log_file:File for the log'
		'log_format:Form of the lines of the log'
		'log_level:How much is logged'
		'log_timestamp:Begin each line of the log with date and time'
		'log_buffer_size:Bytes of log that may wait before they are written'
		'html_safety_filter:Take scripts out of HTML that is made from messages of a storage server'
		'imap_always_generate:Never had an effect'
		'imap_cache_folders_time_limit:Folder lists are always fresh'
		'imap_generate_utf8:Messages stay as they are'
		'imap_store_rfc822:Messages are always kept'
		'socketspec:Both forms of listeners are always read'
	)
	if (( CURRENT == 2 )); then
		_describe verb verbs
		return
	fi
	case $words[CURRENT-1] in
	--format) compadd text json; return ;;
	--completion) compadd bash zsh fish; return ;;
	-W) compadd error; return ;;
	esac
	case $words[2] in
	explain) [[ $PREFIX == -* ]] && compadd -- --file || _describe option options; return ;;
	check) [[ $PREFIX == -* ]] && compadd -- --format --ignore-unknown --live --override --quiet -W ;;
	dump) [[ $PREFIX == -* ]] && compadd -- --changed --json --override ;;
	list) [[ $PREFIX == -* ]] && compadd -- --json ;;
	schema) [[ $PREFIX == -* ]] && compadd -- --man --sample --completion ;;
	esac
	_files
}
_gwcfg "$@"
