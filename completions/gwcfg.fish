# fish completion of gwcfg(1), generated from its rows by `make gen'

function __gwcfg_token # the argument at the cursor, without its flag
    string replace -r '^--[^=]*=' '' -- (commandline -ct)
end

function __gwcfg_values # of a setting
    set -l name (string replace -r '=.*' '=' -- (__gwcfg_token))
    for value in $argv
        echo $name$value
    end
end

function __gwcfg_behind # what the command says of the text behind the first "="
    set -l name (string replace -r '=.*' '=' -- (__gwcfg_token))
    $argv (string replace -r '^[^=]*=' '' -- (__gwcfg_token)) | string replace -r -- '^' $name
end

function __gwcfg_of_format
    printf '%s\t%s\n' \
        'text' 'for people' \
        'json' 'one object a file' \
        'sarif' 'SARIF 2.1.0, for code scanning' \
        'junit' 'JUnit XML, for build servers'
end

function __gwcfg_of_warn
    printf '%s\t%s\n' \
        'error' ''
end

function __gwcfg_of_override
    switch (__gwcfg_token)
        case 'server_hostname_greeting=*' 'pop3_enable=*' 'pop3s_enable=*' 'imap_enable=*' 'imaps_enable=*' 'bypass_auth=*' 'mirror_offline=*' 'jmap_push=*' 'imap_only_mailfolders=*' 'imap_public_folders=*' 'imap_shared_accounts=*' 'imap_capability_idle=*' 'imap_expunge_on_delete=*' 'imap_ignore_command_idle=*' 'imap_utf8_only=*' 'pop3_lock_maildrop=*' 'pop3_set_seen=*' 'pop3_implementation_early=*' 'disable_plaintext_auth=*' 'ssl_verify_client=*' 'ssl_prefer_server_ciphers=*' 'log_timestamp=*'
            __gwcfg_values yes no
        case 'preferred_language=*'
            __gwcfg_values i-default en de es fr nl
        case 'mirror_path=*' 'running_path=*' 'tmp_path=*' 'ssl_verify_path=*'
            __gwcfg_behind __fish_complete_directories
        case 'backend_ca_file=*' 'backend_certificate_file=*' 'backend_private_key_file=*' 'backend_unix_socket=*' 'backend_password_file=*' 'pid_file=*' 'control_socket=*' 'ssl_private_key_file=*' 'ssl_certificate_file=*' 'ssl_verify_file=*' 'log_file=*'
            __gwcfg_behind __fish_complete_path
        case 'backend_impersonate=*'
            __gwcfg_values none authorize-as login
        case 'jmap_search=*'
            __gwcfg_values mirror server
        case 'jmap_expunge=*'
            __gwcfg_values destroy trash
        case 'coredump_enabled=*'
            __gwcfg_values systemdefault no yes
        case 'process_model=*'
            __gwcfg_values thread fork
        case 'pop3_uidl_format=*'
            __gwcfg_values gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano
        case 'pop3_delete=*'
            __gwcfg_values expunge flag trash
        case 'pop3_client_workarounds=*'
            __gwcfg_values outlook-no-nuls oe-ns-eoh
        case 'auth_mechanisms=*'
            __gwcfg_values PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2
        case 'tls_min_proto=*'
            __gwcfg_values ssl3 tls1.0 tls1.1 tls1.2 tls1.3
        case 'log_method=*'
            __gwcfg_values file syslog auto
        case 'log_format=*'
            __gwcfg_values text json
        case 'html_safety_filter=*'
            __gwcfg_values no yes
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'server_bind=' 'IP address on which the services listen' \
        'server_hostname=' 'Name of this server in the greeting' \
        'server_hostname_greeting=' 'Tell the server\'s name in the greeting' \
        'preferred_language=' 'Language that clients get who leave the choice to the server' \
        'pop3_enable=' 'Serve POP3' \
        'pop3_port=' 'Port of POP3' \
        'pop3s_enable=' 'Serve POP3 inside TLS' \
        'pop3s_port=' 'Port of POP3 inside TLS' \
        'imap_enable=' 'Serve IMAP' \
        'imap_port=' 'Port of IMAP' \
        'imaps_enable=' 'Serve IMAP inside TLS' \
        'imaps_port=' 'Port of IMAP inside TLS' \
        'pop3_listen=' 'Where POP3 listens, in the newer form' \
        'pop3s_listen=' 'Where POP3 inside TLS listens, in the newer form' \
        'imap_listen=' 'Where IMAP listens, in the newer form' \
        'imaps_listen=' 'Where IMAP inside TLS listens, in the newer form' \
        'server_socket=' 'Where the mail is' \
        'bypass_auth=' 'Let a storage server on a UNIX socket trust this daemon' \
        'public_account=' 'Account of the local store whose mailboxes are the public folders' \
        'mail_quota=' 'How much mail a new account may hold' \
        'mail_quota_messages=' 'How many messages a new account may hold' \
        'mail_quota_warning=' 'How much of a limit is used, in percent, before IMAP clients are warned' \
        'max_mailboxes=' 'How many mailboxes an account may have' \
        'mirror_path=' 'Where the mirrors of accounts on a storage server are kept' \
        'mirror_cache_size=' 'How many octets of messages a mirror keeps' \
        'mirror_offline=' 'Let signed-on clients read from the mirror while the storage server is away' \
        'state_database=' 'A PostgreSQL database in which several gateways share the numbers of messages' \
        'backend_timeout=' 'How long a request to the storage server may take' \
        'backend_connect_timeout=' 'How long connecting to the storage server may take' \
        'backend_connections=' 'How many connections to the storage server a process has at most' \
        'backend_ca_file=' 'Certificates that the storage server\'s certificate is checked with' \
        'backend_certificate_file=' 'Certificate that this daemon shows to the storage server' \
        'backend_private_key_file=' 'Private key of backend_certificate_file' \
        'backend_pin=' 'Public key that the storage server must have' \
        'backend_proxy=' 'HTTP proxy on the way to the storage server' \
        'backend_unix_socket=' 'UNIX socket on which the storage server is reached' \
        'backend_user=' 'Service account on the storage server that may speak for users' \
        'backend_password_file=' 'File whose first line is the password of backend_user' \
        'backend_impersonate=' 'How the service account speaks for a user' \
        'backend_impersonate_login=' 'The name with which the service account signs on for a user' \
        'jmap_push=' 'Hear of changes from the JMAP server at once where it has an event source' \
        'jmap_poll_interval=' 'How often a JMAP server without an event source is asked while a client idles' \
        'jmap_poll_interval_quiet=' 'The same while clients are signed on that do not idle' \
        'jmap_access_url=' 'Where mail clients find the JMAP server themselves (RFC 9698)' \
        'jmap_search=' 'Who searches the text of messages on a JMAP server' \
        'jmap_expunge=' 'What EXPUNGE does on a JMAP server with a message that is in no other mailbox' \
        'run_as_user=' 'User that the daemon becomes once its sockets are open' \
        'run_as_group=' 'Group that the daemon becomes once its sockets are open' \
        'pid_file=' 'File for the process id' \
        'running_path=' 'Working directory of the daemon' \
        'tmp_path=' 'Directory for temporary files' \
        'coredump_enabled=' 'Allow core dumps' \
        'process_model=' 'How sessions share the machine' \
        'worker_threads=' 'Threads that work on the store' \
        'loop_threads=' 'Threads that talk to clients' \
        'auth_threads=' 'Threads that check passwords' \
        'shutdown_timeout=' 'How long running commands may take to finish when the daemon stops' \
        'control_socket=' 'UNIX socket on which the daemon takes orders of gwctl(8)' \
        'control_socket_mode=' 'Permissions of the control socket' \
        'control_socket_group=' 'Group of the control socket' \
        'metrics_listen=' 'Where metrics are served over HTTP' \
        'control_admins=' 'Who may order everything on the control socket' \
        'control_operators=' 'Who may keep the service running with orders on the control socket' \
        'imap_only_mailfolders=' 'Show only folders that hold mail' \
        'imap_public_folders=' 'Show the public folders' \
        'imap_shared_accounts=' 'Show what other users share' \
        'imap_capability_idle=' 'Let clients wait for news (RFC 2177)' \
        'imap_max_messagesize=' 'Largest message a client may store with APPEND' \
        'imap_message_limit=' 'Messages that one command may process (RFC 9738)' \
        'imap_save_limit=' 'Messages that one COPY or APPEND may save (RFC 9738)' \
        'imap_expunge_on_delete=' 'Remove messages as soon as they are marked as deleted' \
        'imap_max_fail_commands=' 'Failed commands in a row after which a client is disconnected' \
        'imap_ignore_command_idle=' 'Ignore commands that a client sends while it idles' \
        'imap_admins=' 'Who may set the limits of other users over IMAP' \
        'imap_utf8_only=' 'Serve only clients that take UTF-8 as it is' \
        'imap_capabilities=' 'Capabilities to switch off, or on' \
        'imap_timeout=' 'How long a logged-in IMAP client may be silent' \
        'pop3_lock_maildrop=' 'Let only one POP3 session at a time into an inbox' \
        'pop3_uidl_format=' 'How POP3 names messages, so that clients know them again after a migration' \
        'pop3_delete=' 'What becomes of messages that a POP3 client deletes' \
        'pop3_set_seen=' 'Mark messages as read that a POP3 client fetched' \
        'pop3_client_workarounds=' 'Faults of old POP3 clients to be kind to' \
        'pop3_login_delay=' 'How long a POP3 client must wait between two logins of a user' \
        'pop3_login_burst=' 'How many logins a POP3 user has saved up after a while' \
        'pop3_expire=' 'After how many days mail may vanish from an inbox without the client\'s doing' \
        'pop3_implementation_early=' 'Tell POP3 clients before login which program this is' \
        'pop3_timeout=' 'How long a logged-in POP3 client may be silent' \
        'disable_plaintext_auth=' 'Refuse passwords on connections without TLS' \
        'auth_mechanisms=' 'Mechanisms of AUTHENTICATE and AUTH' \
        'auth_cache_ttl=' 'How long a verified password is remembered' \
        'max_auth_failures=' 'Wrong passwords after which a connection is closed' \
        'auth_delay_after=' 'Failed logins from an address that are answered at once' \
        'auth_delay_max=' 'Longest delay of the answer to a login' \
        'auth_forget=' 'Time in which half of the failed logins of an address is forgotten' \
        'ban_after=' 'Failed logins after which an address is shut out for `ban_time`' \
        'ban_time=' 'How long an address is shut out by `ban_after`' \
        'trusted_networks=' 'Networks whose failed logins bring neither delays nor bans' \
        'login_timeout=' 'How long a client may be silent before it has logged in' \
        'ssl_private_key_file=' 'Private key for TLS' \
        'ssl_certificate_file=' 'Certificate for TLS' \
        'ssl_certificates=' 'More certificates, chosen by the name the client asks for (SNI)' \
        'ssl_verify_client=' 'Demand a certificate of the client' \
        'ssl_verify_file=' 'Authorities for the certificates of clients' \
        'ssl_verify_path=' 'Directory of authorities for the certificates of clients' \
        'tls_min_proto=' 'Oldest version of TLS that is spoken' \
        'ssl_protocols=' 'Versions of TLS, in the older form' \
        'ssl_ciphers=' 'Ciphers for TLS 1.2 and older' \
        'ssl_curves=' 'Groups for the key exchange' \
        'ssl_prefer_server_ciphers=' 'Choose the cipher in our order instead of the client\'s' \
        'max_connections=' 'Connections at the same time' \
        'max_connections_per_address=' 'Connections at the same time from one address' \
        'max_connections_per_user=' 'Sessions at the same time of one user' \
        'max_line_prelogin=' 'Longest command line before login' \
        'max_line=' 'Longest command line after login' \
        'max_literal_prelogin=' 'Largest literal before login' \
        'max_literal=' 'Largest literal after login, except messages' \
        'max_session_memory=' 'Memory that the commands of one session may hold' \
        'imap_sort_memory=' 'Memory that SORT and THREAD of one session may take while they work' \
        'write_timeout=' 'How long a client may leave an answer unread' \
        'log_method=' 'Where the log goes' \
        'log_file=' 'File for the log' \
        'log_format=' 'Form of the lines of the log' \
        'log_level=' 'How much is logged' \
        'slow_command_time=' 'Commands that take longer are logged as warnings' \
        'log_timestamp=' 'Begin each line of the log with date and time' \
        'log_buffer_size=' 'Bytes of log that may wait before they are written' \
        'html_safety_filter=' 'Take scripts out of HTML that is made from messages of a storage server' \
        'imap_always_generate=' 'Never had an effect' \
        'imap_cache_folders_time_limit=' 'Folder lists are always fresh' \
        'imap_generate_utf8=' 'Messages stay as they are' \
        'imap_store_rfc822=' 'Messages are always kept' \
        'socketspec=' 'Both forms of listeners are always read'
    end
end

function __gwcfg_of_sizes
    printf '%s\t%s\n' \
        'human' '128M and 30m' \
        'bytes' '134217728 and 1800'
end

function __gwcfg_of_env
    printf '%s\t%s\n' \
        'safe' 'values, but not of variables that are secret' \
        'all' 'values' \
        'keep' 'the names of the variables'
end

function __gwcfg_of_for
    switch (__gwcfg_token)
        case 'listener=*'
            __gwcfg_values imap imaps pop3 pop3s
        case 'tls=*' 'certificate=*'
            __gwcfg_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'listener=' 'the service it speaks to' \
        'address=' 'where it comes from' \
        'user=' 'who has logged in; empty: nobody yet' \
        'tls=' 'whether STARTTLS was done' \
        'certificate=' 'whether it has shown a certificate'
    end
end

function __gwcfg_in_get
    printf '%s\t%s\n' \
        'server_bind' 'IP address on which the services listen' \
        'server_hostname' 'Name of this server in the greeting' \
        'server_hostname_greeting' 'Tell the server\'s name in the greeting' \
        'preferred_language' 'Language that clients get who leave the choice to the server' \
        'pop3_enable' 'Serve POP3' \
        'pop3_port' 'Port of POP3' \
        'pop3s_enable' 'Serve POP3 inside TLS' \
        'pop3s_port' 'Port of POP3 inside TLS' \
        'imap_enable' 'Serve IMAP' \
        'imap_port' 'Port of IMAP' \
        'imaps_enable' 'Serve IMAP inside TLS' \
        'imaps_port' 'Port of IMAP inside TLS' \
        'pop3_listen' 'Where POP3 listens, in the newer form' \
        'pop3s_listen' 'Where POP3 inside TLS listens, in the newer form' \
        'imap_listen' 'Where IMAP listens, in the newer form' \
        'imaps_listen' 'Where IMAP inside TLS listens, in the newer form' \
        'server_socket' 'Where the mail is' \
        'bypass_auth' 'Let a storage server on a UNIX socket trust this daemon' \
        'public_account' 'Account of the local store whose mailboxes are the public folders' \
        'mail_quota' 'How much mail a new account may hold' \
        'mail_quota_messages' 'How many messages a new account may hold' \
        'mail_quota_warning' 'How much of a limit is used, in percent, before IMAP clients are warned' \
        'max_mailboxes' 'How many mailboxes an account may have' \
        'mirror_path' 'Where the mirrors of accounts on a storage server are kept' \
        'mirror_cache_size' 'How many octets of messages a mirror keeps' \
        'mirror_offline' 'Let signed-on clients read from the mirror while the storage server is away' \
        'state_database' 'A PostgreSQL database in which several gateways share the numbers of messages' \
        'backend_timeout' 'How long a request to the storage server may take' \
        'backend_connect_timeout' 'How long connecting to the storage server may take' \
        'backend_connections' 'How many connections to the storage server a process has at most' \
        'backend_ca_file' 'Certificates that the storage server\'s certificate is checked with' \
        'backend_certificate_file' 'Certificate that this daemon shows to the storage server' \
        'backend_private_key_file' 'Private key of backend_certificate_file' \
        'backend_pin' 'Public key that the storage server must have' \
        'backend_proxy' 'HTTP proxy on the way to the storage server' \
        'backend_unix_socket' 'UNIX socket on which the storage server is reached' \
        'backend_user' 'Service account on the storage server that may speak for users' \
        'backend_password_file' 'File whose first line is the password of backend_user' \
        'backend_impersonate' 'How the service account speaks for a user' \
        'backend_impersonate_login' 'The name with which the service account signs on for a user' \
        'jmap_push' 'Hear of changes from the JMAP server at once where it has an event source' \
        'jmap_poll_interval' 'How often a JMAP server without an event source is asked while a client idles' \
        'jmap_poll_interval_quiet' 'The same while clients are signed on that do not idle' \
        'jmap_access_url' 'Where mail clients find the JMAP server themselves (RFC 9698)' \
        'jmap_search' 'Who searches the text of messages on a JMAP server' \
        'jmap_expunge' 'What EXPUNGE does on a JMAP server with a message that is in no other mailbox' \
        'run_as_user' 'User that the daemon becomes once its sockets are open' \
        'run_as_group' 'Group that the daemon becomes once its sockets are open' \
        'pid_file' 'File for the process id' \
        'running_path' 'Working directory of the daemon' \
        'tmp_path' 'Directory for temporary files' \
        'coredump_enabled' 'Allow core dumps' \
        'process_model' 'How sessions share the machine' \
        'worker_threads' 'Threads that work on the store' \
        'loop_threads' 'Threads that talk to clients' \
        'auth_threads' 'Threads that check passwords' \
        'shutdown_timeout' 'How long running commands may take to finish when the daemon stops' \
        'control_socket' 'UNIX socket on which the daemon takes orders of gwctl(8)' \
        'control_socket_mode' 'Permissions of the control socket' \
        'control_socket_group' 'Group of the control socket' \
        'metrics_listen' 'Where metrics are served over HTTP' \
        'control_admins' 'Who may order everything on the control socket' \
        'control_operators' 'Who may keep the service running with orders on the control socket' \
        'imap_only_mailfolders' 'Show only folders that hold mail' \
        'imap_public_folders' 'Show the public folders' \
        'imap_shared_accounts' 'Show what other users share' \
        'imap_capability_idle' 'Let clients wait for news (RFC 2177)' \
        'imap_max_messagesize' 'Largest message a client may store with APPEND' \
        'imap_message_limit' 'Messages that one command may process (RFC 9738)' \
        'imap_save_limit' 'Messages that one COPY or APPEND may save (RFC 9738)' \
        'imap_expunge_on_delete' 'Remove messages as soon as they are marked as deleted' \
        'imap_max_fail_commands' 'Failed commands in a row after which a client is disconnected' \
        'imap_ignore_command_idle' 'Ignore commands that a client sends while it idles' \
        'imap_admins' 'Who may set the limits of other users over IMAP' \
        'imap_utf8_only' 'Serve only clients that take UTF-8 as it is' \
        'imap_capabilities' 'Capabilities to switch off, or on' \
        'imap_timeout' 'How long a logged-in IMAP client may be silent' \
        'pop3_lock_maildrop' 'Let only one POP3 session at a time into an inbox' \
        'pop3_uidl_format' 'How POP3 names messages, so that clients know them again after a migration' \
        'pop3_delete' 'What becomes of messages that a POP3 client deletes' \
        'pop3_set_seen' 'Mark messages as read that a POP3 client fetched' \
        'pop3_client_workarounds' 'Faults of old POP3 clients to be kind to' \
        'pop3_login_delay' 'How long a POP3 client must wait between two logins of a user' \
        'pop3_login_burst' 'How many logins a POP3 user has saved up after a while' \
        'pop3_expire' 'After how many days mail may vanish from an inbox without the client\'s doing' \
        'pop3_implementation_early' 'Tell POP3 clients before login which program this is' \
        'pop3_timeout' 'How long a logged-in POP3 client may be silent' \
        'disable_plaintext_auth' 'Refuse passwords on connections without TLS' \
        'auth_mechanisms' 'Mechanisms of AUTHENTICATE and AUTH' \
        'auth_cache_ttl' 'How long a verified password is remembered' \
        'max_auth_failures' 'Wrong passwords after which a connection is closed' \
        'auth_delay_after' 'Failed logins from an address that are answered at once' \
        'auth_delay_max' 'Longest delay of the answer to a login' \
        'auth_forget' 'Time in which half of the failed logins of an address is forgotten' \
        'ban_after' 'Failed logins after which an address is shut out for `ban_time`' \
        'ban_time' 'How long an address is shut out by `ban_after`' \
        'trusted_networks' 'Networks whose failed logins bring neither delays nor bans' \
        'login_timeout' 'How long a client may be silent before it has logged in' \
        'ssl_private_key_file' 'Private key for TLS' \
        'ssl_certificate_file' 'Certificate for TLS' \
        'ssl_certificates' 'More certificates, chosen by the name the client asks for (SNI)' \
        'ssl_verify_client' 'Demand a certificate of the client' \
        'ssl_verify_file' 'Authorities for the certificates of clients' \
        'ssl_verify_path' 'Directory of authorities for the certificates of clients' \
        'tls_min_proto' 'Oldest version of TLS that is spoken' \
        'ssl_protocols' 'Versions of TLS, in the older form' \
        'ssl_ciphers' 'Ciphers for TLS 1.2 and older' \
        'ssl_curves' 'Groups for the key exchange' \
        'ssl_prefer_server_ciphers' 'Choose the cipher in our order instead of the client\'s' \
        'max_connections' 'Connections at the same time' \
        'max_connections_per_address' 'Connections at the same time from one address' \
        'max_connections_per_user' 'Sessions at the same time of one user' \
        'max_line_prelogin' 'Longest command line before login' \
        'max_line' 'Longest command line after login' \
        'max_literal_prelogin' 'Largest literal before login' \
        'max_literal' 'Largest literal after login, except messages' \
        'max_session_memory' 'Memory that the commands of one session may hold' \
        'imap_sort_memory' 'Memory that SORT and THREAD of one session may take while they work' \
        'write_timeout' 'How long a client may leave an answer unread' \
        'log_method' 'Where the log goes' \
        'log_file' 'File for the log' \
        'log_format' 'Form of the lines of the log' \
        'log_level' 'How much is logged' \
        'slow_command_time' 'Commands that take longer are logged as warnings' \
        'log_timestamp' 'Begin each line of the log with date and time' \
        'log_buffer_size' 'Bytes of log that may wait before they are written' \
        'html_safety_filter' 'Take scripts out of HTML that is made from messages of a storage server' \
        'imap_always_generate' 'Never had an effect' \
        'imap_cache_folders_time_limit' 'Folder lists are always fresh' \
        'imap_generate_utf8' 'Messages stay as they are' \
        'imap_store_rfc822' 'Messages are always kept' \
        'socketspec' 'Both forms of listeners are always read' \
        'services' 'the services that are on' \
        'pop3.listen' 'where POP3 listens; empty when it is off' \
        'pop3s.listen' 'where POP3 inside TLS listens; empty when it is off' \
        'imap.listen' 'where IMAP listens; empty when it is off' \
        'imaps.listen' 'where IMAP inside TLS listens; empty when it is off' \
        'metrics.listen' 'where metrics are served; empty when they are not' \
        'tls.min' 'the oldest version of TLS that is spoken' \
        'tls.max' 'the newest version of TLS that is spoken' \
        'tls.certificates' 'all pairs cert.pem:key.pem, the one for unknown names first'
end

function __gwcfg_in_explain
    printf '%s\t%s\n' \
        'server_bind' 'IP address on which the services listen' \
        'server_hostname' 'Name of this server in the greeting' \
        'server_hostname_greeting' 'Tell the server\'s name in the greeting' \
        'preferred_language' 'Language that clients get who leave the choice to the server' \
        'pop3_enable' 'Serve POP3' \
        'pop3_port' 'Port of POP3' \
        'pop3s_enable' 'Serve POP3 inside TLS' \
        'pop3s_port' 'Port of POP3 inside TLS' \
        'imap_enable' 'Serve IMAP' \
        'imap_port' 'Port of IMAP' \
        'imaps_enable' 'Serve IMAP inside TLS' \
        'imaps_port' 'Port of IMAP inside TLS' \
        'pop3_listen' 'Where POP3 listens, in the newer form' \
        'pop3s_listen' 'Where POP3 inside TLS listens, in the newer form' \
        'imap_listen' 'Where IMAP listens, in the newer form' \
        'imaps_listen' 'Where IMAP inside TLS listens, in the newer form' \
        'server_socket' 'Where the mail is' \
        'bypass_auth' 'Let a storage server on a UNIX socket trust this daemon' \
        'public_account' 'Account of the local store whose mailboxes are the public folders' \
        'mail_quota' 'How much mail a new account may hold' \
        'mail_quota_messages' 'How many messages a new account may hold' \
        'mail_quota_warning' 'How much of a limit is used, in percent, before IMAP clients are warned' \
        'max_mailboxes' 'How many mailboxes an account may have' \
        'mirror_path' 'Where the mirrors of accounts on a storage server are kept' \
        'mirror_cache_size' 'How many octets of messages a mirror keeps' \
        'mirror_offline' 'Let signed-on clients read from the mirror while the storage server is away' \
        'state_database' 'A PostgreSQL database in which several gateways share the numbers of messages' \
        'backend_timeout' 'How long a request to the storage server may take' \
        'backend_connect_timeout' 'How long connecting to the storage server may take' \
        'backend_connections' 'How many connections to the storage server a process has at most' \
        'backend_ca_file' 'Certificates that the storage server\'s certificate is checked with' \
        'backend_certificate_file' 'Certificate that this daemon shows to the storage server' \
        'backend_private_key_file' 'Private key of backend_certificate_file' \
        'backend_pin' 'Public key that the storage server must have' \
        'backend_proxy' 'HTTP proxy on the way to the storage server' \
        'backend_unix_socket' 'UNIX socket on which the storage server is reached' \
        'backend_user' 'Service account on the storage server that may speak for users' \
        'backend_password_file' 'File whose first line is the password of backend_user' \
        'backend_impersonate' 'How the service account speaks for a user' \
        'backend_impersonate_login' 'The name with which the service account signs on for a user' \
        'jmap_push' 'Hear of changes from the JMAP server at once where it has an event source' \
        'jmap_poll_interval' 'How often a JMAP server without an event source is asked while a client idles' \
        'jmap_poll_interval_quiet' 'The same while clients are signed on that do not idle' \
        'jmap_access_url' 'Where mail clients find the JMAP server themselves (RFC 9698)' \
        'jmap_search' 'Who searches the text of messages on a JMAP server' \
        'jmap_expunge' 'What EXPUNGE does on a JMAP server with a message that is in no other mailbox' \
        'run_as_user' 'User that the daemon becomes once its sockets are open' \
        'run_as_group' 'Group that the daemon becomes once its sockets are open' \
        'pid_file' 'File for the process id' \
        'running_path' 'Working directory of the daemon' \
        'tmp_path' 'Directory for temporary files' \
        'coredump_enabled' 'Allow core dumps' \
        'process_model' 'How sessions share the machine' \
        'worker_threads' 'Threads that work on the store' \
        'loop_threads' 'Threads that talk to clients' \
        'auth_threads' 'Threads that check passwords' \
        'shutdown_timeout' 'How long running commands may take to finish when the daemon stops' \
        'control_socket' 'UNIX socket on which the daemon takes orders of gwctl(8)' \
        'control_socket_mode' 'Permissions of the control socket' \
        'control_socket_group' 'Group of the control socket' \
        'metrics_listen' 'Where metrics are served over HTTP' \
        'control_admins' 'Who may order everything on the control socket' \
        'control_operators' 'Who may keep the service running with orders on the control socket' \
        'imap_only_mailfolders' 'Show only folders that hold mail' \
        'imap_public_folders' 'Show the public folders' \
        'imap_shared_accounts' 'Show what other users share' \
        'imap_capability_idle' 'Let clients wait for news (RFC 2177)' \
        'imap_max_messagesize' 'Largest message a client may store with APPEND' \
        'imap_message_limit' 'Messages that one command may process (RFC 9738)' \
        'imap_save_limit' 'Messages that one COPY or APPEND may save (RFC 9738)' \
        'imap_expunge_on_delete' 'Remove messages as soon as they are marked as deleted' \
        'imap_max_fail_commands' 'Failed commands in a row after which a client is disconnected' \
        'imap_ignore_command_idle' 'Ignore commands that a client sends while it idles' \
        'imap_admins' 'Who may set the limits of other users over IMAP' \
        'imap_utf8_only' 'Serve only clients that take UTF-8 as it is' \
        'imap_capabilities' 'Capabilities to switch off, or on' \
        'imap_timeout' 'How long a logged-in IMAP client may be silent' \
        'pop3_lock_maildrop' 'Let only one POP3 session at a time into an inbox' \
        'pop3_uidl_format' 'How POP3 names messages, so that clients know them again after a migration' \
        'pop3_delete' 'What becomes of messages that a POP3 client deletes' \
        'pop3_set_seen' 'Mark messages as read that a POP3 client fetched' \
        'pop3_client_workarounds' 'Faults of old POP3 clients to be kind to' \
        'pop3_login_delay' 'How long a POP3 client must wait between two logins of a user' \
        'pop3_login_burst' 'How many logins a POP3 user has saved up after a while' \
        'pop3_expire' 'After how many days mail may vanish from an inbox without the client\'s doing' \
        'pop3_implementation_early' 'Tell POP3 clients before login which program this is' \
        'pop3_timeout' 'How long a logged-in POP3 client may be silent' \
        'disable_plaintext_auth' 'Refuse passwords on connections without TLS' \
        'auth_mechanisms' 'Mechanisms of AUTHENTICATE and AUTH' \
        'auth_cache_ttl' 'How long a verified password is remembered' \
        'max_auth_failures' 'Wrong passwords after which a connection is closed' \
        'auth_delay_after' 'Failed logins from an address that are answered at once' \
        'auth_delay_max' 'Longest delay of the answer to a login' \
        'auth_forget' 'Time in which half of the failed logins of an address is forgotten' \
        'ban_after' 'Failed logins after which an address is shut out for `ban_time`' \
        'ban_time' 'How long an address is shut out by `ban_after`' \
        'trusted_networks' 'Networks whose failed logins bring neither delays nor bans' \
        'login_timeout' 'How long a client may be silent before it has logged in' \
        'ssl_private_key_file' 'Private key for TLS' \
        'ssl_certificate_file' 'Certificate for TLS' \
        'ssl_certificates' 'More certificates, chosen by the name the client asks for (SNI)' \
        'ssl_verify_client' 'Demand a certificate of the client' \
        'ssl_verify_file' 'Authorities for the certificates of clients' \
        'ssl_verify_path' 'Directory of authorities for the certificates of clients' \
        'tls_min_proto' 'Oldest version of TLS that is spoken' \
        'ssl_protocols' 'Versions of TLS, in the older form' \
        'ssl_ciphers' 'Ciphers for TLS 1.2 and older' \
        'ssl_curves' 'Groups for the key exchange' \
        'ssl_prefer_server_ciphers' 'Choose the cipher in our order instead of the client\'s' \
        'max_connections' 'Connections at the same time' \
        'max_connections_per_address' 'Connections at the same time from one address' \
        'max_connections_per_user' 'Sessions at the same time of one user' \
        'max_line_prelogin' 'Longest command line before login' \
        'max_line' 'Longest command line after login' \
        'max_literal_prelogin' 'Largest literal before login' \
        'max_literal' 'Largest literal after login, except messages' \
        'max_session_memory' 'Memory that the commands of one session may hold' \
        'imap_sort_memory' 'Memory that SORT and THREAD of one session may take while they work' \
        'write_timeout' 'How long a client may leave an answer unread' \
        'log_method' 'Where the log goes' \
        'log_file' 'File for the log' \
        'log_format' 'Form of the lines of the log' \
        'log_level' 'How much is logged' \
        'slow_command_time' 'Commands that take longer are logged as warnings' \
        'log_timestamp' 'Begin each line of the log with date and time' \
        'log_buffer_size' 'Bytes of log that may wait before they are written' \
        'html_safety_filter' 'Take scripts out of HTML that is made from messages of a storage server' \
        'imap_always_generate' 'Never had an effect' \
        'imap_cache_folders_time_limit' 'Folder lists are always fresh' \
        'imap_generate_utf8' 'Messages stay as they are' \
        'imap_store_rfc822' 'Messages are always kept' \
        'socketspec' 'Both forms of listeners are always read' \
        'services' 'the services that are on' \
        'pop3.listen' 'where POP3 listens; empty when it is off' \
        'pop3s.listen' 'where POP3 inside TLS listens; empty when it is off' \
        'imap.listen' 'where IMAP listens; empty when it is off' \
        'imaps.listen' 'where IMAP inside TLS listens; empty when it is off' \
        'metrics.listen' 'where metrics are served; empty when they are not' \
        'tls.min' 'the oldest version of TLS that is spoken' \
        'tls.max' 'the newest version of TLS that is spoken' \
        'tls.certificates' 'all pairs cert.pem:key.pem, the one for unknown names first' \
        'GW1001' 'The configuration file cannot be read.' \
        'GW1002' 'An included file cannot be read. It must exist and be a regular file.' \
        'GW1003' 'There is no option of this name. Names are lower case and a comment begins in the first column.' \
        'GW1004' 'This option needs a value.' \
        'GW1005' 'The value is not of the kind this option takes.' \
        'GW1006' 'The number is smaller or larger than this option allows.' \
        'GW1007' 'The word is none of those this option knows.' \
        'GW1008' 'The line has a NUL byte; kopano-gateway read only up to it.' \
        'GW1009' 'The line is longer than any line may be.' \
        'GW1010' 'Too many files are included, or too many large ones inside each other.' \
        'GW1011' 'An argument is not of the form --option-name=value.' \
        'GW1012' 'An address or listener cannot be understood. Addresses are numeric.' \
        'GW1013' 'Two services would listen on the same address and port.' \
        'GW1014' 'No service is on, so there is nothing to do.' \
        'GW1015' 'The place of the mail cannot be understood.' \
        'GW1016' 'This program has no driver for such a store.' \
        'GW1017' 'The path is too long for a socket.' \
        'GW1018' 'A certificate needs its key: cert.pem:key.pem.' \
        'GW1019' 'No version of TLS is left.' \
        'GW1020' 'Two limits contradict each other.' \
        'GW1021' 'The files of the configuration are larger together than they may be.' \
        'GW1022' 'The file was changed while it was read. Nothing of this reading counts; read again.' \
        'GW1023' 'The option needs another one, which is not set.' \
        'GW1101' 'The user or group does not exist on this machine.' \
        'GW1102' 'The TLS library of this machine has no cipher of the list, so there would be no TLS.' \
        'GW1103' 'The TLS library of this machine does not know a group of the list, so there would be no TLS.' \
        'GW1104' 'The certificate cannot be used.' \
        'GW1105' 'The private key cannot be used, or belongs to another certificate.' \
        'GW1106' 'The certificate has expired, or is not valid yet.' \
        'GW1107' 'The authorities for the certificates of clients cannot be loaded.' \
        'GW1108' 'The user of the daemon may not read or write what it needs.' \
        'GW1109' 'Another program has the address of a service.' \
        'GW1110' 'The address or the interface of a service is not one of this machine.' \
        'GW1111' 'The control socket cannot be made where it should be.' \
        'GW1112' 'The directory of the mail cannot be used.' \
        'GW1113' 'TLS with the storage server fails, or its certificate is not accepted.' \
        'GW1114' 'What answers where the storage server should be is no JMAP server for mail.' \
        'GW1115' 'The storage server does not let the service account in.' \
        'GW1116' 'The database in which gateways share the numbers of messages cannot be used.' \
        'GW1117' 'A file with a password cannot be used.' \
        'GW1150' 'Everybody on this machine can read or replace a private key.' \
        'GW1151' 'A password stands in the configuration, and everybody on this machine can read the file.' \
        'GW1152' 'Everybody on this machine may give orders to the daemon through its control socket.' \
        'GW1401' 'The file is not in the form of the server that it is said to be of.' \
        'GW2001' 'The line has no effect: it is neither a comment nor "name = value".' \
        'GW2002' 'The directive is not known; only !include is, in the first column.' \
        'GW2003' 'Everything behind the = is the value, also what looks like a comment or quotes.' \
        'GW2004' 'The environment variable is not set, so the text itself is the value.' \
        'GW2005' 'kopano-gateway read this value in another way.' \
        'GW2006' 'The option no longer does anything.' \
        'GW2007' 'A service is described in the older and in the newer form; the newer counts.' \
        'GW2008' 'The file begins with a byte order mark, which kopano-gateway took for a part of the first name.' \
        'GW2009' 'kopano-gateway cut lines at 4095 bytes and values at 1023.' \
        'GW2010' 'The option has no effect together with the others.' \
        'GW2011' 'The setting makes the server less safe.' \
        'GW2012' 'Certificates of clients are demanded, but no authority for them is named.' \
        'GW2013' 'TLS is wanted, but there is no pair of certificate and key.' \
        'GW2014' 'The time is shorter than the protocol\'s standard asks for.' \
        'GW2015' 'A relative path depends on the directory the daemon is started in.' \
        'GW2016' 'Versions of TLS below a gap are off.' \
        'GW2018' 'A number with a leading 0 is octal.' \
        'GW2019' 'The port is known as that of another protocol.' \
        'GW2020' 'There is no TLS, so passwords cross the network as they are.' \
        'GW2021' 'Two things that do not get along lie in one directory.' \
        'GW2022' 'The URL of the database does not say which database of the server it is.' \
        'GW2101' 'A file or directory that is named does not exist on this machine, or is something else.' \
        'GW2102' 'A file that should be replaced is no part of the configuration, so nothing of it was checked.' \
        'GW2103' 'Others than the daemon and root may read the private key.' \
        'GW2104' 'The TLS library of this machine has no cipher of this name, so the word does not count.' \
        'GW2105' 'The TLS library of this machine does not speak a version of TLS that is allowed.' \
        'GW2106' 'The certificate expires soon.' \
        'GW2107' 'The key or the signature of the certificate is weak; clients may refuse it.' \
        'GW2108' 'The name of the server is none of those in the certificate.' \
        'GW2109' 'The certificates in the file do not lead from the server\'s to an authority.' \
        'GW2110' 'The storage server does not answer.' \
        'GW2111' 'There is no system log on this machine.' \
        'GW2112' 'Fewer files may be open than all connections together can need.' \
        'GW2113' 'Everybody may write where only the daemon should.' \
        'GW2114' 'The daemon starts, but its user may not write where it will want to later.' \
        'GW2115' 'The session object of the service account is not what mail can be served with.' \
        'GW2116' 'The database in which gateways share the numbers of messages does not answer.' \
        'GW2117' 'A file with a password is open to others, or holds more than the password.' \
        'GW2118' 'The file system of a directory does not suit what is kept there.' \
        'GW2119' 'Less space is free than a mirror may take.' \
        'GW2150' 'A password stands in the configuration.' \
        'GW2151' 'Others than the owner can change a file of the configuration.' \
        'GW2152' 'Everybody on this machine can look into a directory of mail or core dumps.' \
        'GW3001' 'The option is set again in the same file; the last one counts.' \
        'GW3002' 'The file has been read already and is not read again.' \
        'GW3003' 'The service is not mentioned; as in kopano-gateway 9 it serves this machine only.' \
        'GW3004' 'No file matches what is included.' \
        'GW3005' 'Clients may log in without TLS, so that their passwords cross the network as they are.' \
        'GW3006' 'The log tells nothing at all, or everything that is said.' \
        'GW3007' 'The option is for another kind of store than the one that is set.' \
        'GW3008' 'The service account of the storage server signs on, but speaks for no user.' \
        'GW3101' 'Something could not be looked at.' \
        'GW3102' 'The certificate leads to no authority that this machine knows.' \
        'GW3103' 'The storage server answers, but whether it lets anybody in was not tried.' \
        'GW3104' 'What the storage server or the database said when it was looked at; it is as it should be.' \
        'GW4001' 'A setting of the other server has no counterpart here, or its value has none.' \
        'GW4002' 'A setting of the other server is carried, but does not mean quite the same.' \
        'GW4003' 'The conversion does not know this setting, so it is not carried.' \
        'GW4501' 'A setting of the other server needs no counterpart; nothing is lost.'
end

function __gwcfg_in_since
    printf '%s\t%s\n' \
        '8.0' '' \
        '8.3' '' \
        '8.4' '' \
        '8.5' '' \
        '8.6' '' \
        '8.7' '' \
        '9.0' '' \
        '10.0' '' \
        '11.0' '' \
        'gateway 0.1' ''
end

function __gwcfg_of_group
    printf '%s\t%s\n' \
        'services' 'Services' \
        'store' 'Mail store' \
        'process' 'Process' \
        'control' 'Control socket' \
        'imap' 'IMAP' \
        'pop3' 'POP3' \
        'login' 'Logging in' \
        'tls' 'TLS' \
        'limits' 'Limits' \
        'log' 'Log' \
        'old' 'Kept for old files'
end

function __gwcfg_of_type
    printf '%s\t%s\n' \
        'address' '' \
        'text' '' \
        'boolean' '' \
        'word' '' \
        'port' '' \
        'listeners' '' \
        'URL' '' \
        'size' '' \
        'number' '' \
        'path' '' \
        'time' '' \
        'permissions' '' \
        'list' '' \
        'retired' ''
end

function __gwcfg_of_reload
    printf '%s\t%s\n' \
        'live' 'at once' \
        'next' 'for new sessions' \
        'restart' 'after a restart'
end

function __gwcfg_in_list
    printf '%s\t%s\n' \
        'server_bind' 'IP address on which the services listen' \
        'server_hostname' 'Name of this server in the greeting' \
        'server_hostname_greeting' 'Tell the server\'s name in the greeting' \
        'preferred_language' 'Language that clients get who leave the choice to the server' \
        'pop3_enable' 'Serve POP3' \
        'pop3_port' 'Port of POP3' \
        'pop3s_enable' 'Serve POP3 inside TLS' \
        'pop3s_port' 'Port of POP3 inside TLS' \
        'imap_enable' 'Serve IMAP' \
        'imap_port' 'Port of IMAP' \
        'imaps_enable' 'Serve IMAP inside TLS' \
        'imaps_port' 'Port of IMAP inside TLS' \
        'pop3_listen' 'Where POP3 listens, in the newer form' \
        'pop3s_listen' 'Where POP3 inside TLS listens, in the newer form' \
        'imap_listen' 'Where IMAP listens, in the newer form' \
        'imaps_listen' 'Where IMAP inside TLS listens, in the newer form' \
        'server_socket' 'Where the mail is' \
        'bypass_auth' 'Let a storage server on a UNIX socket trust this daemon' \
        'public_account' 'Account of the local store whose mailboxes are the public folders' \
        'mail_quota' 'How much mail a new account may hold' \
        'mail_quota_messages' 'How many messages a new account may hold' \
        'mail_quota_warning' 'How much of a limit is used, in percent, before IMAP clients are warned' \
        'max_mailboxes' 'How many mailboxes an account may have' \
        'mirror_path' 'Where the mirrors of accounts on a storage server are kept' \
        'mirror_cache_size' 'How many octets of messages a mirror keeps' \
        'mirror_offline' 'Let signed-on clients read from the mirror while the storage server is away' \
        'state_database' 'A PostgreSQL database in which several gateways share the numbers of messages' \
        'backend_timeout' 'How long a request to the storage server may take' \
        'backend_connect_timeout' 'How long connecting to the storage server may take' \
        'backend_connections' 'How many connections to the storage server a process has at most' \
        'backend_ca_file' 'Certificates that the storage server\'s certificate is checked with' \
        'backend_certificate_file' 'Certificate that this daemon shows to the storage server' \
        'backend_private_key_file' 'Private key of backend_certificate_file' \
        'backend_pin' 'Public key that the storage server must have' \
        'backend_proxy' 'HTTP proxy on the way to the storage server' \
        'backend_unix_socket' 'UNIX socket on which the storage server is reached' \
        'backend_user' 'Service account on the storage server that may speak for users' \
        'backend_password_file' 'File whose first line is the password of backend_user' \
        'backend_impersonate' 'How the service account speaks for a user' \
        'backend_impersonate_login' 'The name with which the service account signs on for a user' \
        'jmap_push' 'Hear of changes from the JMAP server at once where it has an event source' \
        'jmap_poll_interval' 'How often a JMAP server without an event source is asked while a client idles' \
        'jmap_poll_interval_quiet' 'The same while clients are signed on that do not idle' \
        'jmap_access_url' 'Where mail clients find the JMAP server themselves (RFC 9698)' \
        'jmap_search' 'Who searches the text of messages on a JMAP server' \
        'jmap_expunge' 'What EXPUNGE does on a JMAP server with a message that is in no other mailbox' \
        'run_as_user' 'User that the daemon becomes once its sockets are open' \
        'run_as_group' 'Group that the daemon becomes once its sockets are open' \
        'pid_file' 'File for the process id' \
        'running_path' 'Working directory of the daemon' \
        'tmp_path' 'Directory for temporary files' \
        'coredump_enabled' 'Allow core dumps' \
        'process_model' 'How sessions share the machine' \
        'worker_threads' 'Threads that work on the store' \
        'loop_threads' 'Threads that talk to clients' \
        'auth_threads' 'Threads that check passwords' \
        'shutdown_timeout' 'How long running commands may take to finish when the daemon stops' \
        'control_socket' 'UNIX socket on which the daemon takes orders of gwctl(8)' \
        'control_socket_mode' 'Permissions of the control socket' \
        'control_socket_group' 'Group of the control socket' \
        'metrics_listen' 'Where metrics are served over HTTP' \
        'control_admins' 'Who may order everything on the control socket' \
        'control_operators' 'Who may keep the service running with orders on the control socket' \
        'imap_only_mailfolders' 'Show only folders that hold mail' \
        'imap_public_folders' 'Show the public folders' \
        'imap_shared_accounts' 'Show what other users share' \
        'imap_capability_idle' 'Let clients wait for news (RFC 2177)' \
        'imap_max_messagesize' 'Largest message a client may store with APPEND' \
        'imap_message_limit' 'Messages that one command may process (RFC 9738)' \
        'imap_save_limit' 'Messages that one COPY or APPEND may save (RFC 9738)' \
        'imap_expunge_on_delete' 'Remove messages as soon as they are marked as deleted' \
        'imap_max_fail_commands' 'Failed commands in a row after which a client is disconnected' \
        'imap_ignore_command_idle' 'Ignore commands that a client sends while it idles' \
        'imap_admins' 'Who may set the limits of other users over IMAP' \
        'imap_utf8_only' 'Serve only clients that take UTF-8 as it is' \
        'imap_capabilities' 'Capabilities to switch off, or on' \
        'imap_timeout' 'How long a logged-in IMAP client may be silent' \
        'pop3_lock_maildrop' 'Let only one POP3 session at a time into an inbox' \
        'pop3_uidl_format' 'How POP3 names messages, so that clients know them again after a migration' \
        'pop3_delete' 'What becomes of messages that a POP3 client deletes' \
        'pop3_set_seen' 'Mark messages as read that a POP3 client fetched' \
        'pop3_client_workarounds' 'Faults of old POP3 clients to be kind to' \
        'pop3_login_delay' 'How long a POP3 client must wait between two logins of a user' \
        'pop3_login_burst' 'How many logins a POP3 user has saved up after a while' \
        'pop3_expire' 'After how many days mail may vanish from an inbox without the client\'s doing' \
        'pop3_implementation_early' 'Tell POP3 clients before login which program this is' \
        'pop3_timeout' 'How long a logged-in POP3 client may be silent' \
        'disable_plaintext_auth' 'Refuse passwords on connections without TLS' \
        'auth_mechanisms' 'Mechanisms of AUTHENTICATE and AUTH' \
        'auth_cache_ttl' 'How long a verified password is remembered' \
        'max_auth_failures' 'Wrong passwords after which a connection is closed' \
        'auth_delay_after' 'Failed logins from an address that are answered at once' \
        'auth_delay_max' 'Longest delay of the answer to a login' \
        'auth_forget' 'Time in which half of the failed logins of an address is forgotten' \
        'ban_after' 'Failed logins after which an address is shut out for `ban_time`' \
        'ban_time' 'How long an address is shut out by `ban_after`' \
        'trusted_networks' 'Networks whose failed logins bring neither delays nor bans' \
        'login_timeout' 'How long a client may be silent before it has logged in' \
        'ssl_private_key_file' 'Private key for TLS' \
        'ssl_certificate_file' 'Certificate for TLS' \
        'ssl_certificates' 'More certificates, chosen by the name the client asks for (SNI)' \
        'ssl_verify_client' 'Demand a certificate of the client' \
        'ssl_verify_file' 'Authorities for the certificates of clients' \
        'ssl_verify_path' 'Directory of authorities for the certificates of clients' \
        'tls_min_proto' 'Oldest version of TLS that is spoken' \
        'ssl_protocols' 'Versions of TLS, in the older form' \
        'ssl_ciphers' 'Ciphers for TLS 1.2 and older' \
        'ssl_curves' 'Groups for the key exchange' \
        'ssl_prefer_server_ciphers' 'Choose the cipher in our order instead of the client\'s' \
        'max_connections' 'Connections at the same time' \
        'max_connections_per_address' 'Connections at the same time from one address' \
        'max_connections_per_user' 'Sessions at the same time of one user' \
        'max_line_prelogin' 'Longest command line before login' \
        'max_line' 'Longest command line after login' \
        'max_literal_prelogin' 'Largest literal before login' \
        'max_literal' 'Largest literal after login, except messages' \
        'max_session_memory' 'Memory that the commands of one session may hold' \
        'imap_sort_memory' 'Memory that SORT and THREAD of one session may take while they work' \
        'write_timeout' 'How long a client may leave an answer unread' \
        'log_method' 'Where the log goes' \
        'log_file' 'File for the log' \
        'log_format' 'Form of the lines of the log' \
        'log_level' 'How much is logged' \
        'slow_command_time' 'Commands that take longer are logged as warnings' \
        'log_timestamp' 'Begin each line of the log with date and time' \
        'log_buffer_size' 'Bytes of log that may wait before they are written' \
        'html_safety_filter' 'Take scripts out of HTML that is made from messages of a storage server' \
        'imap_always_generate' 'Never had an effect' \
        'imap_cache_folders_time_limit' 'Folder lists are always fresh' \
        'imap_generate_utf8' 'Messages stay as they are' \
        'imap_store_rfc822' 'Messages are always kept' \
        'socketspec' 'Both forms of listeners are always read'
end

function __gwcfg_of_completion
    printf '%s\t%s\n' \
        'bash' '' \
        'zsh' '' \
        'fish' ''
end

function __gwcfg_of_from
    printf '%s\t%s\n' \
        'kopano' 'gateway.cfg of kopano-gateway, in today\'s form' \
        'dovecot' 'dovecot.conf, 2.2 to 2.4' \
        'courier' 'imapd, imapd-ssl and the like, or their directory' \
        'cyrus' 'imapd.conf, with cyrus.conf beside it'
end

function __gwcfg_files # PATH=FILE
    if string match -q '*=*' -- (__gwcfg_token)
        __gwcfg_behind __fish_complete_path
    else
        __fish_complete_path (__gwcfg_token)
    end
end

function __gwcfg_verb # the verb before the cursor; nothing when help is asked for it
    set -l verb
    set -l help 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case '-*'
            case '*'
                if test $word = help -a -z "$verb"
                    set help 1
                else if test -z "$verb"; or contains -- "$verb"
                    set -a verb $word
                end
        end
    end
    if test $help = 1 -a -n "$verb"; and not contains -- "$verb"
        echo help
    else
        echo "$verb"
    end
end

function __gwcfg_at # is this the verb?
    set -l verb (__gwcfg_verb)
    test "$verb" = "$argv"
end

complete -c gwcfg -f
complete -c gwcfg -n '__gwcfg_at' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at' -l version -d 'print the version'
complete -c gwcfg -n '__gwcfg_at' -a help -d 'say more about a verb'
complete -c gwcfg -n '__gwcfg_at' -a check -d 'find what is wrong'
complete -c gwcfg -n '__gwcfg_at' -a expand -d 'print the files as one, includes in place'
complete -c gwcfg -n '__gwcfg_at' -a dump -d 'print every option with its value'
complete -c gwcfg -n '__gwcfg_at' -a get -d 'print single values, also as one client would meet them'
complete -c gwcfg -n '__gwcfg_at' -a explain -d 'describe options, or findings such as GW1003'
complete -c gwcfg -n '__gwcfg_at' -a since -d 'list what changed in a version and after it'
complete -c gwcfg -n '__gwcfg_at' -a list -d 'list options'
complete -c gwcfg -n '__gwcfg_at' -a diff -d 'compare two configurations by meaning'
complete -c gwcfg -n '__gwcfg_at' -a plan -d 'say what a reload would change, before it does'
complete -c gwcfg -n '__gwcfg_at' -a schema -d 'print what is made from the option table'
complete -c gwcfg -n '__gwcfg_at' -a convert -d 'make a configuration from that of another server'
complete -c gwcfg -n '__gwcfg_at' -a set -d 'give options a value, in the file that decides them'
complete -c gwcfg -n '__gwcfg_at' -a unset -d 'take out the lines that set options'
complete -c gwcfg -n '__gwcfg_at' -a fix -d 'bring old and trap-ridden lines into today\'s form'
complete -c gwcfg -n '__gwcfg_at' -a fmt -d 'write files in the canonical layout'
complete -c gwcfg -n '__gwcfg_at' -a lint-secrets -d 'find keys and passwords that others can read'
complete -c gwcfg -n '__gwcfg_at check' -s f -l format -d 'how findings are printed' -x -a '(__gwcfg_of_format)'
complete -c gwcfg -n '__gwcfg_at check' -s W -l warn -d 'exit with 2 when there are only warnings' -x -a '(__gwcfg_of_warn)'
complete -c gwcfg -n '__gwcfg_at check' -s q -l quiet -d 'no notes and no last line'
complete -c gwcfg -n '__gwcfg_at check' -s l -l live -d 'look at this machine: users, files, ports, servers'
complete -c gwcfg -n '__gwcfg_at check' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at check' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at check' -l as -d 'the file lies there, for its includes and findings' -r -F
complete -c gwcfg -n '__gwcfg_at check' -l replace -d 'read FILE where the configuration names PATH' -x -a '(__gwcfg_files)'
complete -c gwcfg -n '__gwcfg_at check' -l root -d 'paths are below DIR: the tree of another machine' -x -a '(__fish_complete_directories (__gwcfg_token))'
complete -c gwcfg -n '__gwcfg_at check' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at check' -F
complete -c gwcfg -n '__gwcfg_at expand' -s s -l sizes -d 'write sizes and times in this form' -x -a '(__gwcfg_of_sizes)'
complete -c gwcfg -n '__gwcfg_at expand' -s e -l env -d 'what stands for values from the environment' -x -a '(__gwcfg_of_env)'
complete -c gwcfg -n '__gwcfg_at expand' -s c -l changed -d 'only the lines that count and are no default'
complete -c gwcfg -n '__gwcfg_at expand' -s n -l no-comments -d 'only options, as they are read'
complete -c gwcfg -n '__gwcfg_at expand' -s m -l mask -d 'hide secrets'
complete -c gwcfg -n '__gwcfg_at expand' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at expand' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at expand' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at expand' -l as -d 'the file lies there, for its includes and findings' -r -F
complete -c gwcfg -n '__gwcfg_at expand' -l replace -d 'read FILE where the configuration names PATH' -x -a '(__gwcfg_files)'
complete -c gwcfg -n '__gwcfg_at expand' -l root -d 'paths are below DIR: the tree of another machine' -x -a '(__fish_complete_directories (__gwcfg_token))'
complete -c gwcfg -n '__gwcfg_at expand' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at expand' -F
complete -c gwcfg -n '__gwcfg_at dump' -s a -l all -d 'every option: what is done without these three'
complete -c gwcfg -n '__gwcfg_at dump' -s c -l changed -d 'leave out what has its default'
complete -c gwcfg -n '__gwcfg_at dump' -s d -l defaults -d 'only what has its default'
complete -c gwcfg -n '__gwcfg_at dump' -s r -l reloadable -d 'only what a reload can change'
complete -c gwcfg -n '__gwcfg_at dump' -l origin -d 'a table: where each value is from, what it overrode'
complete -c gwcfg -n '__gwcfg_at dump' -s m -l mask -d 'hide secrets'
complete -c gwcfg -n '__gwcfg_at dump' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at dump' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at dump' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at dump' -l as -d 'the file lies there, for its includes and findings' -r -F
complete -c gwcfg -n '__gwcfg_at dump' -l replace -d 'read FILE where the configuration names PATH' -x -a '(__gwcfg_files)'
complete -c gwcfg -n '__gwcfg_at dump' -l root -d 'paths are below DIR: the tree of another machine' -x -a '(__fish_complete_directories (__gwcfg_token))'
complete -c gwcfg -n '__gwcfg_at dump' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at dump' -F
complete -c gwcfg -n '__gwcfg_at get' -s f -l for -d 'as such a client would meet it' -x -a '(__gwcfg_of_for)'
complete -c gwcfg -n '__gwcfg_at get' -s w -l why -d 'say why it is another value for that client'
complete -c gwcfg -n '__gwcfg_at get' -s v -l verbose -d 'name = value, also for one name'
complete -c gwcfg -n '__gwcfg_at get' -s m -l mask -d 'hide secrets'
complete -c gwcfg -n '__gwcfg_at get' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at get' -s c -l config -d 'the configuration, instead of the usual one' -r -F
complete -c gwcfg -n '__gwcfg_at get' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at get' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at get' -l as -d 'the file lies there, for its includes and findings' -r -F
complete -c gwcfg -n '__gwcfg_at get' -l replace -d 'read FILE where the configuration names PATH' -x -a '(__gwcfg_files)'
complete -c gwcfg -n '__gwcfg_at get' -l root -d 'paths are below DIR: the tree of another machine' -x -a '(__fish_complete_directories (__gwcfg_token))'
complete -c gwcfg -n '__gwcfg_at get' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at get' -a '(__gwcfg_in_get)'
complete -c gwcfg -n '__gwcfg_at explain' -s c -l config -d 'the configuration, instead of the usual one' -r -F
complete -c gwcfg -n '__gwcfg_at explain' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at explain' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at explain' -l codes -d 'every code, each with its meaning'
complete -c gwcfg -n '__gwcfg_at explain' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at explain' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at explain' -a '(__gwcfg_in_explain)'
complete -c gwcfg -n '__gwcfg_at since' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at since' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at since' -a '(__gwcfg_in_since)'
complete -c gwcfg -n '__gwcfg_at list' -s g -l group -d 'of this group' -x -a '(__gwcfg_of_group)'
complete -c gwcfg -n '__gwcfg_at list' -s t -l type -d 'of this type' -x -a '(__gwcfg_of_type)'
complete -c gwcfg -n '__gwcfg_at list' -s r -l reload -d 'whose change counts then' -x -a '(__gwcfg_of_reload)'
complete -c gwcfg -n '__gwcfg_at list' -s s -l since -d 'that came with this version or later' -x -a '(__gwcfg_in_since)'
complete -c gwcfg -n '__gwcfg_at list' -l changed -d 'whose value here is not the default'
complete -c gwcfg -n '__gwcfg_at list' -s c -l config -d 'the configuration, instead of the usual one' -r -F
complete -c gwcfg -n '__gwcfg_at list' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at list' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at list' -l retired -d 'that no longer do anything'
complete -c gwcfg -n '__gwcfg_at list' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at list' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at list' -a '(__gwcfg_in_list)'
complete -c gwcfg -n '__gwcfg_at diff' -l running -d 'compare what the daemon has in force with the file'
complete -c gwcfg -n '__gwcfg_at diff' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwcfg -n '__gwcfg_at diff' -s e -l exit-code -d 'exit with 1 when they differ'
complete -c gwcfg -n '__gwcfg_at diff' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at diff' -s o -l override -d 'set an option, as on the command line of the daemon' -x -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at diff' -s i -l ignore-unknown -d 'wrong names and values are only warnings'
complete -c gwcfg -n '__gwcfg_at diff' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at diff' -F
complete -c gwcfg -n '__gwcfg_at plan' -l against -d 'ask no daemon: FILE is what is in force' -r -F
complete -c gwcfg -n '__gwcfg_at plan' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwcfg -n '__gwcfg_at plan' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at plan' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at plan' -F
complete -c gwcfg -n '__gwcfg_at schema' -l json-schema -d 'JSON Schema of a configuration as an object'
complete -c gwcfg -n '__gwcfg_at schema' -l man -d 'gateway.cfg(5)'
complete -c gwcfg -n '__gwcfg_at schema' -l vim -d 'syntax file of vim'
complete -c gwcfg -n '__gwcfg_at schema' -l augeas -d 'lens of Augeas'
complete -c gwcfg -n '__gwcfg_at schema' -l markdown -d 'reference of the options in Markdown'
complete -c gwcfg -n '__gwcfg_at schema' -l sample -d 'gateway.cfg with all options and comments'
complete -c gwcfg -n '__gwcfg_at schema' -l completion -d 'completion of this program for a shell' -x -a '(__gwcfg_of_completion)'
complete -c gwcfg -n '__gwcfg_at schema' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at convert' -s f -l from -d 'the server that the file is of' -x -a '(__gwcfg_of_from)'
complete -c gwcfg -n '__gwcfg_at convert' -s r -l report -d 'write there what could not be carried' -r -F
complete -c gwcfg -n '__gwcfg_at convert' -s j -l json -d 'the report as JSON'
complete -c gwcfg -n '__gwcfg_at convert' -l as -d 'the file lies there, for its includes and findings' -r -F
complete -c gwcfg -n '__gwcfg_at convert' -l root -d 'paths are below DIR: the tree of another machine' -x -a '(__fish_complete_directories (__gwcfg_token))'
complete -c gwcfg -n '__gwcfg_at convert' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at convert' -F
complete -c gwcfg -n '__gwcfg_at set' -s c -l config -d 'the configuration, instead of the usual one' -r -F
complete -c gwcfg -n '__gwcfg_at set' -s f -l file -d 'change this file of the configuration, no other' -r -F
complete -c gwcfg -n '__gwcfg_at set' -s n -l dry-run -d 'write nothing, print the difference'
complete -c gwcfg -n '__gwcfg_at set' -s d -l diff -d 'the same; exit with 1 when there is a difference'
complete -c gwcfg -n '__gwcfg_at set' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at set' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at set' -a '(__gwcfg_of_override)'
complete -c gwcfg -n '__gwcfg_at unset' -s c -l config -d 'the configuration, instead of the usual one' -r -F
complete -c gwcfg -n '__gwcfg_at unset' -s f -l file -d 'change this file of the configuration, no other' -r -F
complete -c gwcfg -n '__gwcfg_at unset' -s n -l dry-run -d 'write nothing, print the difference'
complete -c gwcfg -n '__gwcfg_at unset' -s d -l diff -d 'the same; exit with 1 when there is a difference'
complete -c gwcfg -n '__gwcfg_at unset' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at unset' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at unset' -a '(__gwcfg_in_list)'
complete -c gwcfg -n '__gwcfg_at fix' -s d -l diff -d 'print the difference; exit with 1 when there is one'
complete -c gwcfg -n '__gwcfg_at fix' -s w -l write -d 'write the files'
complete -c gwcfg -n '__gwcfg_at fix' -s m -l meant -d 'also change what is ignored or read literally, by mistake'
complete -c gwcfg -n '__gwcfg_at fix' -s l -l listen -d 'write the listeners in the newer form, NAME_listen'
complete -c gwcfg -n '__gwcfg_at fix' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at fix' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at fix' -F
complete -c gwcfg -n '__gwcfg_at fmt' -s d -l diff -d 'print the difference; exit with 1 when there is one'
complete -c gwcfg -n '__gwcfg_at fmt' -s w -l write -d 'write the files'
complete -c gwcfg -n '__gwcfg_at fmt' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at fmt' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at fmt' -F
complete -c gwcfg -n '__gwcfg_at lint-secrets' -s W -l warn -d 'exit with 2 when there are only warnings' -x -a '(__gwcfg_of_warn)'
complete -c gwcfg -n '__gwcfg_at lint-secrets' -s j -l json -d 'print JSON'
complete -c gwcfg -n '__gwcfg_at lint-secrets' -l help -d 'say more about this'
complete -c gwcfg -n '__gwcfg_at lint-secrets' -F
