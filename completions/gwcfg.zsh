#compdef gwcfg
# zsh completion of gwcfg(1), generated from its rows by `make gen'

_gwcfg_files() # PATH=FILE
{
	if compset -P 1 '*='; then
		_files
	else
		_files -q -S =
	fi
}

_gwcfg_of_format()
{
	local -a list
	list=(
		'text:for people'
		'json:one object a file'
		'sarif:SARIF 2.1.0, for code scanning'
		'junit:JUnit XML, for build servers'
	)
	_describe -t words 'FORMAT' list
}

_gwcfg_of_warn()
{
	local -a list
	list=(
		'error'
	)
	_describe -t words 'error' list
}

_gwcfg_of_override()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'server_bind:IP address on which the services listen'
			'server_hostname:Name of this server in the greeting'
			'server_hostname_greeting:Tell the server'\''s name in the greeting'
			'preferred_language:Language that clients get who leave the choice to the server'
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
			'mail_quota_warning:How much of a limit is used, in percent, before IMAP clients are warned'
			'max_mailboxes:How many mailboxes an account may have'
			'mirror_path:Where the mirrors of accounts on a storage server are kept'
			'mirror_cache_size:How many octets of messages a mirror keeps'
			'mirror_offline:Let signed-on clients read from the mirror while the storage server is away'
			'state_database:A PostgreSQL database in which several gateways share the numbers of messages'
			'backend_timeout:How long a request to the storage server may take'
			'backend_connect_timeout:How long connecting to the storage server may take'
			'backend_connections:How many connections to the storage server a process has at most'
			'backend_ca_file:Certificates that the storage server'\''s certificate is checked with'
			'backend_certificate_file:Certificate that this daemon shows to the storage server'
			'backend_private_key_file:Private key of backend_certificate_file'
			'backend_pin:Public key that the storage server must have'
			'backend_proxy:HTTP proxy on the way to the storage server'
			'backend_unix_socket:UNIX socket on which the storage server is reached'
			'backend_user:Service account on the storage server that may speak for users'
			'backend_password_file:File whose first line is the password of backend_user'
			'backend_impersonate:How the service account speaks for a user'
			'backend_impersonate_login:The name with which the service account signs on for a user'
			'jmap_push:Hear of changes from the JMAP server at once where it has an event source'
			'jmap_poll_interval:How often a JMAP server without an event source is asked while a client idles'
			'jmap_poll_interval_quiet:The same while clients are signed on that do not idle'
			'jmap_access_url:Where mail clients find the JMAP server themselves (RFC 9698)'
			'jmap_search:Who searches the text of messages on a JMAP server'
			'jmap_expunge:What EXPUNGE does on a JMAP server with a message that is in no other mailbox'
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
			'metrics_listen:Where metrics are served over HTTP'
			'control_admins:Who may order everything on the control socket'
			'control_operators:Who may keep the service running with orders on the control socket'
			'imap_only_mailfolders:Show only folders that hold mail'
			'imap_public_folders:Show the public folders'
			'imap_shared_accounts:Show what other users share'
			'imap_capability_idle:Let clients wait for news (RFC 2177)'
			'imap_max_messagesize:Largest message a client may store with APPEND'
			'imap_message_limit:Messages that one command may process (RFC 9738)'
			'imap_save_limit:Messages that one COPY or APPEND may save (RFC 9738)'
			'imap_expunge_on_delete:Remove messages as soon as they are marked as deleted'
			'imap_max_fail_commands:Failed commands in a row after which a client is disconnected'
			'imap_ignore_command_idle:Ignore commands that a client sends while it idles'
			'imap_admins:Who may set the limits of other users over IMAP'
			'imap_utf8_only:Serve only clients that take UTF-8 as it is'
			'imap_capabilities:Capabilities to switch off, or on'
			'imap_timeout:How long a logged-in IMAP client may be silent'
			'pop3_lock_maildrop:Let only one POP3 session at a time into an inbox'
			'pop3_uidl_format:How POP3 names messages, so that clients know them again after a migration'
			'pop3_delete:What becomes of messages that a POP3 client deletes'
			'pop3_set_seen:Mark messages as read that a POP3 client fetched'
			'pop3_client_workarounds:Faults of old POP3 clients to be kind to'
			'pop3_login_delay:How long a POP3 client must wait between two logins of a user'
			'pop3_login_burst:How many logins a POP3 user has saved up after a while'
			'pop3_expire:After how many days mail may vanish from an inbox without the client'\''s doing'
			'pop3_implementation_early:Tell POP3 clients before login which program this is'
			'pop3_timeout:How long a logged-in POP3 client may be silent'
			'disable_plaintext_auth:Refuse passwords on connections without TLS'
			'auth_mechanisms:Mechanisms of AUTHENTICATE and AUTH'
			'auth_cache_ttl:How long a verified password is remembered'
			'max_auth_failures:Wrong passwords after which a connection is closed'
			'auth_delay_after:Failed logins from an address that are answered at once'
			'auth_delay_max:Longest delay of the answer to a login'
			'auth_forget:Time in which half of the failed logins of an address is forgotten'
			'ban_after:Failed logins after which an address is shut out for `ban_time`'
			'ban_time:How long an address is shut out by `ban_after`'
			'trusted_networks:Networks whose failed logins bring neither delays nor bans'
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
			'imap_sort_memory:Memory that SORT and THREAD of one session may take while they work'
			'write_timeout:How long a client may leave an answer unread'
			'log_method:Where the log goes'
			'log_file:File for the log'
			'log_format:Form of the lines of the log'
			'log_level:How much is logged'
			'slow_command_time:Commands that take longer are logged as warnings'
			'log_timestamp:Begin each line of the log with date and time'
			'log_buffer_size:Bytes of log that may wait before they are written'
			'html_safety_filter:Take scripts out of HTML that is made from messages of a storage server'
			'imap_always_generate:Never had an effect'
			'imap_cache_folders_time_limit:Folder lists are always fresh'
			'imap_generate_utf8:Messages stay as they are'
			'imap_store_rfc822:Messages are always kept'
			'socketspec:Both forms of listeners are always read'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	server_hostname_greeting|pop3_enable|pop3s_enable|imap_enable|imaps_enable|bypass_auth|mirror_offline|jmap_push|imap_only_mailfolders|imap_public_folders|imap_shared_accounts|imap_capability_idle|imap_expunge_on_delete|imap_ignore_command_idle|imap_utf8_only|pop3_lock_maildrop|pop3_set_seen|pop3_implementation_early|disable_plaintext_auth|ssl_verify_client|ssl_prefer_server_ciphers|log_timestamp) compadd - yes no ;;
	preferred_language) compadd - i-default en de es fr nl ;;
	mirror_path|running_path|tmp_path|ssl_verify_path) _files -/ ;;
	backend_ca_file|backend_certificate_file|backend_private_key_file|backend_unix_socket|backend_password_file|pid_file|control_socket|ssl_private_key_file|ssl_certificate_file|ssl_verify_file|log_file) _files ;;
	backend_impersonate) compadd - none authorize-as login ;;
	jmap_search) compadd - mirror server ;;
	jmap_expunge) compadd - destroy trash ;;
	coredump_enabled) compadd - systemdefault no yes ;;
	process_model) compadd - thread fork ;;
	pop3_uidl_format) compadd - gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano ;;
	pop3_delete) compadd - expunge flag trash ;;
	pop3_client_workarounds) compadd - outlook-no-nuls oe-ns-eoh ;;
	auth_mechanisms) compadd - PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2 ;;
	tls_min_proto) compadd - ssl3 tls1.0 tls1.1 tls1.2 tls1.3 ;;
	log_method) compadd - file syslog auto ;;
	log_format) compadd - text json ;;
	html_safety_filter) compadd - no yes ;;
	*) _message value ;;
	esac
}

_gwcfg_of_sizes()
{
	local -a list
	list=(
		'human:128M and 30m'
		'bytes:134217728 and 1800'
	)
	_describe -t words 'FORM' list
}

_gwcfg_of_env()
{
	local -a list
	list=(
		'safe:values, but not of variables that are secret'
		'all:values'
		'keep:the names of the variables'
	)
	_describe -t words 'WHAT' list
}

_gwcfg_of_for()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'listener:the service it speaks to'
			'address:where it comes from'
			'user:who has logged in; empty: nobody yet'
			'tls:whether STARTTLS was done'
			'certificate:whether it has shown a certificate'
		)
		_describe -t names 'FACT=VALUE,...' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	listener) compadd - imap imaps pop3 pop3s ;;
	tls|certificate) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwcfg_in_get()
{
	local -a list
	list=(
		'server_bind:IP address on which the services listen'
		'server_hostname:Name of this server in the greeting'
		'server_hostname_greeting:Tell the server'\''s name in the greeting'
		'preferred_language:Language that clients get who leave the choice to the server'
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
		'mail_quota_warning:How much of a limit is used, in percent, before IMAP clients are warned'
		'max_mailboxes:How many mailboxes an account may have'
		'mirror_path:Where the mirrors of accounts on a storage server are kept'
		'mirror_cache_size:How many octets of messages a mirror keeps'
		'mirror_offline:Let signed-on clients read from the mirror while the storage server is away'
		'state_database:A PostgreSQL database in which several gateways share the numbers of messages'
		'backend_timeout:How long a request to the storage server may take'
		'backend_connect_timeout:How long connecting to the storage server may take'
		'backend_connections:How many connections to the storage server a process has at most'
		'backend_ca_file:Certificates that the storage server'\''s certificate is checked with'
		'backend_certificate_file:Certificate that this daemon shows to the storage server'
		'backend_private_key_file:Private key of backend_certificate_file'
		'backend_pin:Public key that the storage server must have'
		'backend_proxy:HTTP proxy on the way to the storage server'
		'backend_unix_socket:UNIX socket on which the storage server is reached'
		'backend_user:Service account on the storage server that may speak for users'
		'backend_password_file:File whose first line is the password of backend_user'
		'backend_impersonate:How the service account speaks for a user'
		'backend_impersonate_login:The name with which the service account signs on for a user'
		'jmap_push:Hear of changes from the JMAP server at once where it has an event source'
		'jmap_poll_interval:How often a JMAP server without an event source is asked while a client idles'
		'jmap_poll_interval_quiet:The same while clients are signed on that do not idle'
		'jmap_access_url:Where mail clients find the JMAP server themselves (RFC 9698)'
		'jmap_search:Who searches the text of messages on a JMAP server'
		'jmap_expunge:What EXPUNGE does on a JMAP server with a message that is in no other mailbox'
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
		'metrics_listen:Where metrics are served over HTTP'
		'control_admins:Who may order everything on the control socket'
		'control_operators:Who may keep the service running with orders on the control socket'
		'imap_only_mailfolders:Show only folders that hold mail'
		'imap_public_folders:Show the public folders'
		'imap_shared_accounts:Show what other users share'
		'imap_capability_idle:Let clients wait for news (RFC 2177)'
		'imap_max_messagesize:Largest message a client may store with APPEND'
		'imap_message_limit:Messages that one command may process (RFC 9738)'
		'imap_save_limit:Messages that one COPY or APPEND may save (RFC 9738)'
		'imap_expunge_on_delete:Remove messages as soon as they are marked as deleted'
		'imap_max_fail_commands:Failed commands in a row after which a client is disconnected'
		'imap_ignore_command_idle:Ignore commands that a client sends while it idles'
		'imap_admins:Who may set the limits of other users over IMAP'
		'imap_utf8_only:Serve only clients that take UTF-8 as it is'
		'imap_capabilities:Capabilities to switch off, or on'
		'imap_timeout:How long a logged-in IMAP client may be silent'
		'pop3_lock_maildrop:Let only one POP3 session at a time into an inbox'
		'pop3_uidl_format:How POP3 names messages, so that clients know them again after a migration'
		'pop3_delete:What becomes of messages that a POP3 client deletes'
		'pop3_set_seen:Mark messages as read that a POP3 client fetched'
		'pop3_client_workarounds:Faults of old POP3 clients to be kind to'
		'pop3_login_delay:How long a POP3 client must wait between two logins of a user'
		'pop3_login_burst:How many logins a POP3 user has saved up after a while'
		'pop3_expire:After how many days mail may vanish from an inbox without the client'\''s doing'
		'pop3_implementation_early:Tell POP3 clients before login which program this is'
		'pop3_timeout:How long a logged-in POP3 client may be silent'
		'disable_plaintext_auth:Refuse passwords on connections without TLS'
		'auth_mechanisms:Mechanisms of AUTHENTICATE and AUTH'
		'auth_cache_ttl:How long a verified password is remembered'
		'max_auth_failures:Wrong passwords after which a connection is closed'
		'auth_delay_after:Failed logins from an address that are answered at once'
		'auth_delay_max:Longest delay of the answer to a login'
		'auth_forget:Time in which half of the failed logins of an address is forgotten'
		'ban_after:Failed logins after which an address is shut out for `ban_time`'
		'ban_time:How long an address is shut out by `ban_after`'
		'trusted_networks:Networks whose failed logins bring neither delays nor bans'
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
		'imap_sort_memory:Memory that SORT and THREAD of one session may take while they work'
		'write_timeout:How long a client may leave an answer unread'
		'log_method:Where the log goes'
		'log_file:File for the log'
		'log_format:Form of the lines of the log'
		'log_level:How much is logged'
		'slow_command_time:Commands that take longer are logged as warnings'
		'log_timestamp:Begin each line of the log with date and time'
		'log_buffer_size:Bytes of log that may wait before they are written'
		'html_safety_filter:Take scripts out of HTML that is made from messages of a storage server'
		'imap_always_generate:Never had an effect'
		'imap_cache_folders_time_limit:Folder lists are always fresh'
		'imap_generate_utf8:Messages stay as they are'
		'imap_store_rfc822:Messages are always kept'
		'socketspec:Both forms of listeners are always read'
		'services:the services that are on'
		'pop3.listen:where POP3 listens; empty when it is off'
		'pop3s.listen:where POP3 inside TLS listens; empty when it is off'
		'imap.listen:where IMAP listens; empty when it is off'
		'imaps.listen:where IMAP inside TLS listens; empty when it is off'
		'metrics.listen:where metrics are served; empty when they are not'
		'tls.min:the oldest version of TLS that is spoken'
		'tls.max:the newest version of TLS that is spoken'
		'tls.certificates:all pairs cert.pem:key.pem, the one for unknown names first'
	)
	_describe -t words 'NAME' list
}

_gwcfg_in_explain()
{
	local -a list
	list=(
		'server_bind:IP address on which the services listen'
		'server_hostname:Name of this server in the greeting'
		'server_hostname_greeting:Tell the server'\''s name in the greeting'
		'preferred_language:Language that clients get who leave the choice to the server'
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
		'mail_quota_warning:How much of a limit is used, in percent, before IMAP clients are warned'
		'max_mailboxes:How many mailboxes an account may have'
		'mirror_path:Where the mirrors of accounts on a storage server are kept'
		'mirror_cache_size:How many octets of messages a mirror keeps'
		'mirror_offline:Let signed-on clients read from the mirror while the storage server is away'
		'state_database:A PostgreSQL database in which several gateways share the numbers of messages'
		'backend_timeout:How long a request to the storage server may take'
		'backend_connect_timeout:How long connecting to the storage server may take'
		'backend_connections:How many connections to the storage server a process has at most'
		'backend_ca_file:Certificates that the storage server'\''s certificate is checked with'
		'backend_certificate_file:Certificate that this daemon shows to the storage server'
		'backend_private_key_file:Private key of backend_certificate_file'
		'backend_pin:Public key that the storage server must have'
		'backend_proxy:HTTP proxy on the way to the storage server'
		'backend_unix_socket:UNIX socket on which the storage server is reached'
		'backend_user:Service account on the storage server that may speak for users'
		'backend_password_file:File whose first line is the password of backend_user'
		'backend_impersonate:How the service account speaks for a user'
		'backend_impersonate_login:The name with which the service account signs on for a user'
		'jmap_push:Hear of changes from the JMAP server at once where it has an event source'
		'jmap_poll_interval:How often a JMAP server without an event source is asked while a client idles'
		'jmap_poll_interval_quiet:The same while clients are signed on that do not idle'
		'jmap_access_url:Where mail clients find the JMAP server themselves (RFC 9698)'
		'jmap_search:Who searches the text of messages on a JMAP server'
		'jmap_expunge:What EXPUNGE does on a JMAP server with a message that is in no other mailbox'
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
		'metrics_listen:Where metrics are served over HTTP'
		'control_admins:Who may order everything on the control socket'
		'control_operators:Who may keep the service running with orders on the control socket'
		'imap_only_mailfolders:Show only folders that hold mail'
		'imap_public_folders:Show the public folders'
		'imap_shared_accounts:Show what other users share'
		'imap_capability_idle:Let clients wait for news (RFC 2177)'
		'imap_max_messagesize:Largest message a client may store with APPEND'
		'imap_message_limit:Messages that one command may process (RFC 9738)'
		'imap_save_limit:Messages that one COPY or APPEND may save (RFC 9738)'
		'imap_expunge_on_delete:Remove messages as soon as they are marked as deleted'
		'imap_max_fail_commands:Failed commands in a row after which a client is disconnected'
		'imap_ignore_command_idle:Ignore commands that a client sends while it idles'
		'imap_admins:Who may set the limits of other users over IMAP'
		'imap_utf8_only:Serve only clients that take UTF-8 as it is'
		'imap_capabilities:Capabilities to switch off, or on'
		'imap_timeout:How long a logged-in IMAP client may be silent'
		'pop3_lock_maildrop:Let only one POP3 session at a time into an inbox'
		'pop3_uidl_format:How POP3 names messages, so that clients know them again after a migration'
		'pop3_delete:What becomes of messages that a POP3 client deletes'
		'pop3_set_seen:Mark messages as read that a POP3 client fetched'
		'pop3_client_workarounds:Faults of old POP3 clients to be kind to'
		'pop3_login_delay:How long a POP3 client must wait between two logins of a user'
		'pop3_login_burst:How many logins a POP3 user has saved up after a while'
		'pop3_expire:After how many days mail may vanish from an inbox without the client'\''s doing'
		'pop3_implementation_early:Tell POP3 clients before login which program this is'
		'pop3_timeout:How long a logged-in POP3 client may be silent'
		'disable_plaintext_auth:Refuse passwords on connections without TLS'
		'auth_mechanisms:Mechanisms of AUTHENTICATE and AUTH'
		'auth_cache_ttl:How long a verified password is remembered'
		'max_auth_failures:Wrong passwords after which a connection is closed'
		'auth_delay_after:Failed logins from an address that are answered at once'
		'auth_delay_max:Longest delay of the answer to a login'
		'auth_forget:Time in which half of the failed logins of an address is forgotten'
		'ban_after:Failed logins after which an address is shut out for `ban_time`'
		'ban_time:How long an address is shut out by `ban_after`'
		'trusted_networks:Networks whose failed logins bring neither delays nor bans'
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
		'imap_sort_memory:Memory that SORT and THREAD of one session may take while they work'
		'write_timeout:How long a client may leave an answer unread'
		'log_method:Where the log goes'
		'log_file:File for the log'
		'log_format:Form of the lines of the log'
		'log_level:How much is logged'
		'slow_command_time:Commands that take longer are logged as warnings'
		'log_timestamp:Begin each line of the log with date and time'
		'log_buffer_size:Bytes of log that may wait before they are written'
		'html_safety_filter:Take scripts out of HTML that is made from messages of a storage server'
		'imap_always_generate:Never had an effect'
		'imap_cache_folders_time_limit:Folder lists are always fresh'
		'imap_generate_utf8:Messages stay as they are'
		'imap_store_rfc822:Messages are always kept'
		'socketspec:Both forms of listeners are always read'
		'services:the services that are on'
		'pop3.listen:where POP3 listens; empty when it is off'
		'pop3s.listen:where POP3 inside TLS listens; empty when it is off'
		'imap.listen:where IMAP listens; empty when it is off'
		'imaps.listen:where IMAP inside TLS listens; empty when it is off'
		'metrics.listen:where metrics are served; empty when they are not'
		'tls.min:the oldest version of TLS that is spoken'
		'tls.max:the newest version of TLS that is spoken'
		'tls.certificates:all pairs cert.pem:key.pem, the one for unknown names first'
		'GW1001:The configuration file cannot be read.'
		'GW1002:An included file cannot be read. It must exist and be a regular file.'
		'GW1003:There is no option of this name. Names are lower case and a comment begins in the first column.'
		'GW1004:This option needs a value.'
		'GW1005:The value is not of the kind this option takes.'
		'GW1006:The number is smaller or larger than this option allows.'
		'GW1007:The word is none of those this option knows.'
		'GW1008:The line has a NUL byte; kopano-gateway read only up to it.'
		'GW1009:The line is longer than any line may be.'
		'GW1010:Too many files are included, or too many large ones inside each other.'
		'GW1011:An argument is not of the form --option-name=value.'
		'GW1012:An address or listener cannot be understood. Addresses are numeric.'
		'GW1013:Two services would listen on the same address and port.'
		'GW1014:No service is on, so there is nothing to do.'
		'GW1015:The place of the mail cannot be understood.'
		'GW1016:This program has no driver for such a store.'
		'GW1017:The path is too long for a socket.'
		'GW1018:A certificate needs its key: cert.pem:key.pem.'
		'GW1019:No version of TLS is left.'
		'GW1020:Two limits contradict each other.'
		'GW1021:The files of the configuration are larger together than they may be.'
		'GW1022:The file was changed while it was read. Nothing of this reading counts; read again.'
		'GW1023:The option needs another one, which is not set.'
		'GW1101:The user or group does not exist on this machine.'
		'GW1102:The TLS library of this machine has no cipher of the list, so there would be no TLS.'
		'GW1103:The TLS library of this machine does not know a group of the list, so there would be no TLS.'
		'GW1104:The certificate cannot be used.'
		'GW1105:The private key cannot be used, or belongs to another certificate.'
		'GW1106:The certificate has expired, or is not valid yet.'
		'GW1107:The authorities for the certificates of clients cannot be loaded.'
		'GW1108:The user of the daemon may not read or write what it needs.'
		'GW1109:Another program has the address of a service.'
		'GW1110:The address or the interface of a service is not one of this machine.'
		'GW1111:The control socket cannot be made where it should be.'
		'GW1112:The directory of the mail cannot be used.'
		'GW1113:TLS with the storage server fails, or its certificate is not accepted.'
		'GW1114:What answers where the storage server should be is no JMAP server for mail.'
		'GW1115:The storage server does not let the service account in.'
		'GW1116:The database in which gateways share the numbers of messages cannot be used.'
		'GW1117:A file with a password cannot be used.'
		'GW1150:Everybody on this machine can read or replace a private key.'
		'GW1151:A password stands in the configuration, and everybody on this machine can read the file.'
		'GW1152:Everybody on this machine may give orders to the daemon through its control socket.'
		'GW1401:The file is not in the form of the server that it is said to be of.'
		'GW2001:The line has no effect: it is neither a comment nor "name = value".'
		'GW2002:The directive is not known; only !include is, in the first column.'
		'GW2003:Everything behind the = is the value, also what looks like a comment or quotes.'
		'GW2004:The environment variable is not set, so the text itself is the value.'
		'GW2005:kopano-gateway read this value in another way.'
		'GW2006:The option no longer does anything.'
		'GW2007:A service is described in the older and in the newer form; the newer counts.'
		'GW2008:The file begins with a byte order mark, which kopano-gateway took for a part of the first name.'
		'GW2009:kopano-gateway cut lines at 4095 bytes and values at 1023.'
		'GW2010:The option has no effect together with the others.'
		'GW2011:The setting makes the server less safe.'
		'GW2012:Certificates of clients are demanded, but no authority for them is named.'
		'GW2013:TLS is wanted, but there is no pair of certificate and key.'
		'GW2014:The time is shorter than the protocol'\''s standard asks for.'
		'GW2015:A relative path depends on the directory the daemon is started in.'
		'GW2016:Versions of TLS below a gap are off.'
		'GW2018:A number with a leading 0 is octal.'
		'GW2019:The port is known as that of another protocol.'
		'GW2020:There is no TLS, so passwords cross the network as they are.'
		'GW2021:Two things that do not get along lie in one directory.'
		'GW2022:The URL of the database does not say which database of the server it is.'
		'GW2101:A file or directory that is named does not exist on this machine, or is something else.'
		'GW2102:A file that should be replaced is no part of the configuration, so nothing of it was checked.'
		'GW2103:Others than the daemon and root may read the private key.'
		'GW2104:The TLS library of this machine has no cipher of this name, so the word does not count.'
		'GW2105:The TLS library of this machine does not speak a version of TLS that is allowed.'
		'GW2106:The certificate expires soon.'
		'GW2107:The key or the signature of the certificate is weak; clients may refuse it.'
		'GW2108:The name of the server is none of those in the certificate.'
		'GW2109:The certificates in the file do not lead from the server'\''s to an authority.'
		'GW2110:The storage server does not answer.'
		'GW2111:There is no system log on this machine.'
		'GW2112:Fewer files may be open than all connections together can need.'
		'GW2113:Everybody may write where only the daemon should.'
		'GW2114:The daemon starts, but its user may not write where it will want to later.'
		'GW2115:The session object of the service account is not what mail can be served with.'
		'GW2116:The database in which gateways share the numbers of messages does not answer.'
		'GW2117:A file with a password is open to others, or holds more than the password.'
		'GW2118:The file system of a directory does not suit what is kept there.'
		'GW2119:Less space is free than a mirror may take.'
		'GW2150:A password stands in the configuration.'
		'GW2151:Others than the owner can change a file of the configuration.'
		'GW2152:Everybody on this machine can look into a directory of mail or core dumps.'
		'GW3001:The option is set again in the same file; the last one counts.'
		'GW3002:The file has been read already and is not read again.'
		'GW3003:The service is not mentioned; as in kopano-gateway 9 it serves this machine only.'
		'GW3004:No file matches what is included.'
		'GW3005:Clients may log in without TLS, so that their passwords cross the network as they are.'
		'GW3006:The log tells nothing at all, or everything that is said.'
		'GW3007:The option is for another kind of store than the one that is set.'
		'GW3008:The service account of the storage server signs on, but speaks for no user.'
		'GW3101:Something could not be looked at.'
		'GW3102:The certificate leads to no authority that this machine knows.'
		'GW3103:The storage server answers, but whether it lets anybody in was not tried.'
		'GW3104:What the storage server or the database said when it was looked at; it is as it should be.'
		'GW4001:A setting of the other server has no counterpart here, or its value has none.'
		'GW4002:A setting of the other server is carried, but does not mean quite the same.'
		'GW4003:The conversion does not know this setting, so it is not carried.'
		'GW4501:A setting of the other server needs no counterpart; nothing is lost.'
	)
	_describe -t words 'NAME|CODE' list
}

_gwcfg_in_since()
{
	local -a list
	list=(
		'8.0'
		'8.3'
		'8.4'
		'8.5'
		'8.6'
		'8.7'
		'9.0'
		'10.0'
		'11.0'
		'gateway 0.1'
	)
	_describe -t words 'VERSION' list
}

_gwcfg_of_group()
{
	local -a list
	list=(
		'services:Services'
		'store:Mail store'
		'process:Process'
		'control:Control socket'
		'imap:IMAP'
		'pop3:POP3'
		'login:Logging in'
		'tls:TLS'
		'limits:Limits'
		'log:Log'
		'old:Kept for old files'
	)
	_describe -t words 'GROUP' list
}

_gwcfg_of_type()
{
	local -a list
	list=(
		'address'
		'text'
		'boolean'
		'word'
		'port'
		'listeners'
		'URL'
		'size'
		'number'
		'path'
		'time'
		'permissions'
		'list'
		'retired'
	)
	_describe -t words 'TYPE' list
}

_gwcfg_of_reload()
{
	local -a list
	list=(
		'live:at once'
		'next:for new sessions'
		'restart:after a restart'
	)
	_describe -t words 'WHEN' list
}

_gwcfg_in_list()
{
	local -a list
	list=(
		'server_bind:IP address on which the services listen'
		'server_hostname:Name of this server in the greeting'
		'server_hostname_greeting:Tell the server'\''s name in the greeting'
		'preferred_language:Language that clients get who leave the choice to the server'
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
		'mail_quota_warning:How much of a limit is used, in percent, before IMAP clients are warned'
		'max_mailboxes:How many mailboxes an account may have'
		'mirror_path:Where the mirrors of accounts on a storage server are kept'
		'mirror_cache_size:How many octets of messages a mirror keeps'
		'mirror_offline:Let signed-on clients read from the mirror while the storage server is away'
		'state_database:A PostgreSQL database in which several gateways share the numbers of messages'
		'backend_timeout:How long a request to the storage server may take'
		'backend_connect_timeout:How long connecting to the storage server may take'
		'backend_connections:How many connections to the storage server a process has at most'
		'backend_ca_file:Certificates that the storage server'\''s certificate is checked with'
		'backend_certificate_file:Certificate that this daemon shows to the storage server'
		'backend_private_key_file:Private key of backend_certificate_file'
		'backend_pin:Public key that the storage server must have'
		'backend_proxy:HTTP proxy on the way to the storage server'
		'backend_unix_socket:UNIX socket on which the storage server is reached'
		'backend_user:Service account on the storage server that may speak for users'
		'backend_password_file:File whose first line is the password of backend_user'
		'backend_impersonate:How the service account speaks for a user'
		'backend_impersonate_login:The name with which the service account signs on for a user'
		'jmap_push:Hear of changes from the JMAP server at once where it has an event source'
		'jmap_poll_interval:How often a JMAP server without an event source is asked while a client idles'
		'jmap_poll_interval_quiet:The same while clients are signed on that do not idle'
		'jmap_access_url:Where mail clients find the JMAP server themselves (RFC 9698)'
		'jmap_search:Who searches the text of messages on a JMAP server'
		'jmap_expunge:What EXPUNGE does on a JMAP server with a message that is in no other mailbox'
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
		'metrics_listen:Where metrics are served over HTTP'
		'control_admins:Who may order everything on the control socket'
		'control_operators:Who may keep the service running with orders on the control socket'
		'imap_only_mailfolders:Show only folders that hold mail'
		'imap_public_folders:Show the public folders'
		'imap_shared_accounts:Show what other users share'
		'imap_capability_idle:Let clients wait for news (RFC 2177)'
		'imap_max_messagesize:Largest message a client may store with APPEND'
		'imap_message_limit:Messages that one command may process (RFC 9738)'
		'imap_save_limit:Messages that one COPY or APPEND may save (RFC 9738)'
		'imap_expunge_on_delete:Remove messages as soon as they are marked as deleted'
		'imap_max_fail_commands:Failed commands in a row after which a client is disconnected'
		'imap_ignore_command_idle:Ignore commands that a client sends while it idles'
		'imap_admins:Who may set the limits of other users over IMAP'
		'imap_utf8_only:Serve only clients that take UTF-8 as it is'
		'imap_capabilities:Capabilities to switch off, or on'
		'imap_timeout:How long a logged-in IMAP client may be silent'
		'pop3_lock_maildrop:Let only one POP3 session at a time into an inbox'
		'pop3_uidl_format:How POP3 names messages, so that clients know them again after a migration'
		'pop3_delete:What becomes of messages that a POP3 client deletes'
		'pop3_set_seen:Mark messages as read that a POP3 client fetched'
		'pop3_client_workarounds:Faults of old POP3 clients to be kind to'
		'pop3_login_delay:How long a POP3 client must wait between two logins of a user'
		'pop3_login_burst:How many logins a POP3 user has saved up after a while'
		'pop3_expire:After how many days mail may vanish from an inbox without the client'\''s doing'
		'pop3_implementation_early:Tell POP3 clients before login which program this is'
		'pop3_timeout:How long a logged-in POP3 client may be silent'
		'disable_plaintext_auth:Refuse passwords on connections without TLS'
		'auth_mechanisms:Mechanisms of AUTHENTICATE and AUTH'
		'auth_cache_ttl:How long a verified password is remembered'
		'max_auth_failures:Wrong passwords after which a connection is closed'
		'auth_delay_after:Failed logins from an address that are answered at once'
		'auth_delay_max:Longest delay of the answer to a login'
		'auth_forget:Time in which half of the failed logins of an address is forgotten'
		'ban_after:Failed logins after which an address is shut out for `ban_time`'
		'ban_time:How long an address is shut out by `ban_after`'
		'trusted_networks:Networks whose failed logins bring neither delays nor bans'
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
		'imap_sort_memory:Memory that SORT and THREAD of one session may take while they work'
		'write_timeout:How long a client may leave an answer unread'
		'log_method:Where the log goes'
		'log_file:File for the log'
		'log_format:Form of the lines of the log'
		'log_level:How much is logged'
		'slow_command_time:Commands that take longer are logged as warnings'
		'log_timestamp:Begin each line of the log with date and time'
		'log_buffer_size:Bytes of log that may wait before they are written'
		'html_safety_filter:Take scripts out of HTML that is made from messages of a storage server'
		'imap_always_generate:Never had an effect'
		'imap_cache_folders_time_limit:Folder lists are always fresh'
		'imap_generate_utf8:Messages stay as they are'
		'imap_store_rfc822:Messages are always kept'
		'socketspec:Both forms of listeners are always read'
	)
	_describe -t words 'PATTERN' list
}

_gwcfg_of_completion()
{
	local -a list
	list=(
		'bash'
		'zsh'
		'fish'
	)
	_describe -t words 'SHELL' list
}

_gwcfg_of_from()
{
	local -a list
	list=(
		'kopano:gateway.cfg of kopano-gateway, in today'\''s form'
		'dovecot:dovecot.conf, 2.2 to 2.4'
		'courier:imapd, imapd-ssl and the like, or their directory'
		'cyrus:imapd.conf, with cyrus.conf beside it'
	)
	_describe -t words 'SERVER' list
}

_gwcfg_verb_check()
{
	_arguments -s -S : \
		'*'{-f+,--format=}'[how findings are printed]:FORMAT:_gwcfg_of_format' \
		'*'{-W+,--warn=}'[exit with 2 when there are only warnings]:error:_gwcfg_of_warn' \
		'(-q --quiet)'{-q,--quiet}'[no notes and no last line]' \
		'(-l --live)'{-l,--live}'[look at this machine\: users, files, ports, servers]' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'*--as=[the file lies there, for its includes and findings]:FILE:_files' \
		'*--replace=[read FILE where the configuration names PATH]:PATH=FILE:_gwcfg_files' \
		'*--root=[paths are below DIR\: the tree of another machine]:DIR:_files -/' \
		'--help[say more about this]' \
		'*:FILE|-:_files'
}

_gwcfg_verb_expand()
{
	_arguments -s -S : \
		'*'{-s+,--sizes=}'[write sizes and times in this form]:FORM:_gwcfg_of_sizes' \
		'*'{-e+,--env=}'[what stands for values from the environment]:WHAT:_gwcfg_of_env' \
		'(-c --changed)'{-c,--changed}'[only the lines that count and are no default]' \
		'(-n --no-comments)'{-n,--no-comments}'[only options, as they are read]' \
		'(-m --mask)'{-m,--mask}'[hide secrets]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'*--as=[the file lies there, for its includes and findings]:FILE:_files' \
		'*--replace=[read FILE where the configuration names PATH]:PATH=FILE:_gwcfg_files' \
		'*--root=[paths are below DIR\: the tree of another machine]:DIR:_files -/' \
		'--help[say more about this]' \
		':FILE:_files'
}

_gwcfg_verb_dump()
{
	_arguments -s -S : \
		'(-a --all)'{-a,--all}'[every option\: what is done without these three]' \
		'(-c --changed)'{-c,--changed}'[leave out what has its default]' \
		'(-d --defaults)'{-d,--defaults}'[only what has its default]' \
		'(-r --reloadable)'{-r,--reloadable}'[only what a reload can change]' \
		'--origin[a table\: where each value is from, what it overrode]' \
		'(-m --mask)'{-m,--mask}'[hide secrets]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'*--as=[the file lies there, for its includes and findings]:FILE:_files' \
		'*--replace=[read FILE where the configuration names PATH]:PATH=FILE:_gwcfg_files' \
		'*--root=[paths are below DIR\: the tree of another machine]:DIR:_files -/' \
		'--help[say more about this]' \
		':FILE:_files'
}

_gwcfg_verb_get()
{
	_arguments -s -S : \
		'*'{-f+,--for=}'[as such a client would meet it]:FACT=VALUE,...:_gwcfg_of_for' \
		'(-w --why)'{-w,--why}'[say why it is another value for that client]' \
		'(-v --verbose)'{-v,--verbose}'[name = value, also for one name]' \
		'(-m --mask)'{-m,--mask}'[hide secrets]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'*'{-c+,--config=}'[the configuration, instead of the usual one]:FILE:_files' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'*--as=[the file lies there, for its includes and findings]:FILE:_files' \
		'*--replace=[read FILE where the configuration names PATH]:PATH=FILE:_gwcfg_files' \
		'*--root=[paths are below DIR\: the tree of another machine]:DIR:_files -/' \
		'--help[say more about this]' \
		'*:NAME:_gwcfg_in_get'
}

_gwcfg_verb_explain()
{
	_arguments -s -S : \
		'*'{-c+,--config=}'[the configuration, instead of the usual one]:FILE:_files' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'--codes[every code, each with its meaning]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:NAME|CODE:_gwcfg_in_explain'
}

_gwcfg_verb_since()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:VERSION:_gwcfg_in_since'
}

_gwcfg_verb_list()
{
	_arguments -s -S : \
		'*'{-g+,--group=}'[of this group]:GROUP:_gwcfg_of_group' \
		'*'{-t+,--type=}'[of this type]:TYPE:_gwcfg_of_type' \
		'*'{-r+,--reload=}'[whose change counts then]:WHEN:_gwcfg_of_reload' \
		'*'{-s+,--since=}'[that came with this version or later]:VERSION:_gwcfg_in_since' \
		'--changed[whose value here is not the default]' \
		'*'{-c+,--config=}'[the configuration, instead of the usual one]:FILE:_files' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'--retired[that no longer do anything]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:PATTERN:_gwcfg_in_list'
}

_gwcfg_verb_diff()
{
	_arguments -s -S : \
		'--running[compare what the daemon has in force with the file]' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:FILE:_files' \
		'(-e --exit-code)'{-e,--exit-code}'[exit with 1 when they differ]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'*'{-o+,--override=}'[set an option, as on the command line of the daemon]:NAME=VALUE:_gwcfg_of_override' \
		'(-i --ignore-unknown)'{-i,--ignore-unknown}'[wrong names and values are only warnings]' \
		'--help[say more about this]' \
		'*:FILE:_files'
}

_gwcfg_verb_plan()
{
	_arguments -s -S : \
		'*--against=[ask no daemon\: FILE is what is in force]:FILE:_files' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:FILE:_files' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		':FILE:_files'
}

_gwcfg_verb_schema()
{
	_arguments -s -S : \
		'--json-schema[JSON Schema of a configuration as an object]' \
		'--man[gateway.cfg(5)]' \
		'--vim[syntax file of vim]' \
		'--augeas[lens of Augeas]' \
		'--markdown[reference of the options in Markdown]' \
		'--sample[gateway.cfg with all options and comments]' \
		'*--completion=[completion of this program for a shell]:SHELL:_gwcfg_of_completion' \
		'--help[say more about this]'
}

_gwcfg_verb_convert()
{
	_arguments -s -S : \
		'*'{-f+,--from=}'[the server that the file is of]:SERVER:_gwcfg_of_from' \
		'*'{-r+,--report=}'[write there what could not be carried]:FILE:_files' \
		'(-j --json)'{-j,--json}'[the report as JSON]' \
		'*--as=[the file lies there, for its includes and findings]:FILE:_files' \
		'*--root=[paths are below DIR\: the tree of another machine]:DIR:_files -/' \
		'--help[say more about this]' \
		':FILE|-:_files'
}

_gwcfg_verb_set()
{
	_arguments -s -S : \
		'*'{-c+,--config=}'[the configuration, instead of the usual one]:FILE:_files' \
		'*'{-f+,--file=}'[change this file of the configuration, no other]:FILE:_files' \
		'(-n --dry-run)'{-n,--dry-run}'[write nothing, print the difference]' \
		'(-d --diff)'{-d,--diff}'[the same; exit with 1 when there is a difference]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:NAME=VALUE:_gwcfg_of_override'
}

_gwcfg_verb_unset()
{
	_arguments -s -S : \
		'*'{-c+,--config=}'[the configuration, instead of the usual one]:FILE:_files' \
		'*'{-f+,--file=}'[change this file of the configuration, no other]:FILE:_files' \
		'(-n --dry-run)'{-n,--dry-run}'[write nothing, print the difference]' \
		'(-d --diff)'{-d,--diff}'[the same; exit with 1 when there is a difference]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:NAME:_gwcfg_in_list'
}

_gwcfg_verb_fix()
{
	_arguments -s -S : \
		'(-d --diff)'{-d,--diff}'[print the difference; exit with 1 when there is one]' \
		'(-w --write)'{-w,--write}'[write the files]' \
		'(-m --meant)'{-m,--meant}'[also change what is ignored or read literally, by mistake]' \
		'(-l --listen)'{-l,--listen}'[write the listeners in the newer form, NAME_listen]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:FILE|-:_files'
}

_gwcfg_verb_fmt()
{
	_arguments -s -S : \
		'(-d --diff)'{-d,--diff}'[print the difference; exit with 1 when there is one]' \
		'(-w --write)'{-w,--write}'[write the files]' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		'*:FILE|-:_files'
}

_gwcfg_verb_lint-secrets()
{
	_arguments -s -S : \
		'*'{-W+,--warn=}'[exit with 2 when there are only warnings]:error:_gwcfg_of_warn' \
		'(-j --json)'{-j,--json}'[print JSON]' \
		'--help[say more about this]' \
		':FILE:_files'
}

_gwcfg_first()
{
	local -a list
	list=(
		'help:say more about a verb'
		'check:find what is wrong'
		'expand:print the files as one, includes in place'
		'dump:print every option with its value'
		'get:print single values, also as one client would meet them'
		'explain:describe options, or findings such as GW1003'
		'since:list what changed in a version and after it'
		'list:list options'
		'diff:compare two configurations by meaning'
		'plan:say what a reload would change, before it does'
		'schema:print what is made from the option table'
		'convert:make a configuration from that of another server'
		'set:give options a value, in the file that decides them'
		'unset:take out the lines that set options'
		'fix:bring old and trap-ridden lines into today'\''s form'
		'fmt:write files in the canonical layout'
		'lint-secrets:find keys and passwords that others can read'
	)
	_describe -t verbs verb list
}

# The second words of a verb; false when it has one only.
_gwcfg_second()
{
	list=()
	case $1 in
	esac
	(( $#list ))
}

_gwcfg()
{
	local -a list
	local -i i=2 help=0
	local verb
	while (( i < CURRENT )); do
		case $words[i] in
		-*) ;;
		help) help=1 ;;
		*) break ;;
		esac
		(( i++ ))
	done
	if (( i >= CURRENT )); then
		_arguments -s -S : \
		'--help[say more about this]' \
		'--version[print the version]' \
			'*:verb:_gwcfg_first'
		return
	fi
	verb=$words[i]
	if _gwcfg_second $verb; then
		if (( i + 1 == CURRENT )); then
			_describe -t verbs verb list
			return
		fi
		verb=${verb}_$words[++i]
	fi
	words=("${(@)words[i,-1]}")
	(( CURRENT -= i - 1 ))
	if (( ! help && $+functions[_gwcfg_verb_$verb] )); then
		_gwcfg_verb_$verb
	fi
}

_gwcfg "$@"
