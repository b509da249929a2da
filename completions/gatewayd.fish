# fish completion of gatewayd(8), generated from its rows by `make gen'

function __gatewayd_token # the argument at the cursor
    commandline -ct
end

function __gatewayd_values # of a setting
    set -l name (string replace -r '=.*' '=' -- (__gatewayd_token))
    for value in $argv
        echo $name$value
    end
end

function __gatewayd_behind # what the command says of the text behind the first "="
    set -l name (string replace -r '=.*' '=' -- (__gatewayd_token))
    $argv (string replace -r '^[^=]*=' '' -- (__gatewayd_token)) | string replace -r -- '^' $name
end

function __gatewayd_of_completion
    printf '%s\t%s\n' \
        'bash' '' \
        'zsh' '' \
        'fish' ''
end

function __gatewayd_of_events
    printf '%s\t%s\n' \
        'schema' 'as a JSON Schema' \
        'man' 'as gateway-events(7)'
end

function __gatewayd_in_operands
    switch (__gatewayd_token)
        case '--server-hostname-greeting=*' '--pop3-enable=*' '--pop3s-enable=*' '--imap-enable=*' '--imaps-enable=*' '--bypass-auth=*' '--mirror-offline=*' '--jmap-push=*' '--imap-only-mailfolders=*' '--imap-public-folders=*' '--imap-shared-accounts=*' '--imap-capability-idle=*' '--imap-expunge-on-delete=*' '--imap-ignore-command-idle=*' '--imap-utf8-only=*' '--pop3-lock-maildrop=*' '--pop3-set-seen=*' '--pop3-implementation-early=*' '--disable-plaintext-auth=*' '--ssl-verify-client=*' '--ssl-prefer-server-ciphers=*' '--log-timestamp=*'
            __gatewayd_values yes no
        case '--preferred-language=*'
            __gatewayd_values i-default en de es fr nl
        case '--mirror-path=*' '--running-path=*' '--tmp-path=*' '--ssl-verify-path=*'
            __gatewayd_behind __fish_complete_directories
        case '--backend-ca-file=*' '--backend-certificate-file=*' '--backend-private-key-file=*' '--backend-unix-socket=*' '--backend-password-file=*' '--pid-file=*' '--control-socket=*' '--ssl-private-key-file=*' '--ssl-certificate-file=*' '--ssl-verify-file=*' '--log-file=*'
            __gatewayd_behind __fish_complete_path
        case '--backend-impersonate=*'
            __gatewayd_values none authorize-as login
        case '--jmap-search=*'
            __gatewayd_values mirror server
        case '--jmap-expunge=*'
            __gatewayd_values destroy trash
        case '--coredump-enabled=*'
            __gatewayd_values systemdefault no yes
        case '--process-model=*'
            __gatewayd_values thread fork
        case '--pop3-uidl-format=*'
            __gatewayd_values gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano
        case '--pop3-delete=*'
            __gatewayd_values expunge flag trash
        case '--pop3-client-workarounds=*'
            __gatewayd_values outlook-no-nuls oe-ns-eoh
        case '--auth-mechanisms=*'
            __gatewayd_values PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2
        case '--tls-min-proto=*'
            __gatewayd_values ssl3 tls1.0 tls1.1 tls1.2 tls1.3
        case '--log-method=*'
            __gatewayd_values file syslog auto
        case '--log-format=*'
            __gatewayd_values text json
        case '--html-safety-filter=*'
            __gatewayd_values no yes
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        '--server-bind=' 'IP address on which the services listen' \
        '--server-hostname=' 'Name of this server in the greeting' \
        '--server-hostname-greeting=' 'Tell the server\'s name in the greeting' \
        '--preferred-language=' 'Language that clients get who leave the choice to the server' \
        '--pop3-enable=' 'Serve POP3' \
        '--pop3-port=' 'Port of POP3' \
        '--pop3s-enable=' 'Serve POP3 inside TLS' \
        '--pop3s-port=' 'Port of POP3 inside TLS' \
        '--imap-enable=' 'Serve IMAP' \
        '--imap-port=' 'Port of IMAP' \
        '--imaps-enable=' 'Serve IMAP inside TLS' \
        '--imaps-port=' 'Port of IMAP inside TLS' \
        '--pop3-listen=' 'Where POP3 listens, in the newer form' \
        '--pop3s-listen=' 'Where POP3 inside TLS listens, in the newer form' \
        '--imap-listen=' 'Where IMAP listens, in the newer form' \
        '--imaps-listen=' 'Where IMAP inside TLS listens, in the newer form' \
        '--server-socket=' 'Where the mail is' \
        '--bypass-auth=' 'Let a storage server on a UNIX socket trust this daemon' \
        '--public-account=' 'Account of the local store whose mailboxes are the public folders' \
        '--mail-quota=' 'How much mail a new account may hold' \
        '--mail-quota-messages=' 'How many messages a new account may hold' \
        '--mail-quota-warning=' 'How much of a limit is used, in percent, before IMAP clients are warned' \
        '--max-mailboxes=' 'How many mailboxes an account may have' \
        '--mirror-path=' 'Where the mirrors of accounts on a storage server are kept' \
        '--mirror-cache-size=' 'How many octets of messages a mirror keeps' \
        '--mirror-offline=' 'Let signed-on clients read from the mirror while the storage server is away' \
        '--state-database=' 'A PostgreSQL database in which several gateways share the numbers of messages' \
        '--backend-timeout=' 'How long a request to the storage server may take' \
        '--backend-connect-timeout=' 'How long connecting to the storage server may take' \
        '--backend-connections=' 'How many connections to the storage server a process has at most' \
        '--backend-ca-file=' 'Certificates that the storage server\'s certificate is checked with' \
        '--backend-certificate-file=' 'Certificate that this daemon shows to the storage server' \
        '--backend-private-key-file=' 'Private key of backend_certificate_file' \
        '--backend-pin=' 'Public key that the storage server must have' \
        '--backend-proxy=' 'HTTP proxy on the way to the storage server' \
        '--backend-unix-socket=' 'UNIX socket on which the storage server is reached' \
        '--backend-user=' 'Service account on the storage server that may speak for users' \
        '--backend-password-file=' 'File whose first line is the password of backend_user' \
        '--backend-impersonate=' 'How the service account speaks for a user' \
        '--backend-impersonate-login=' 'The name with which the service account signs on for a user' \
        '--jmap-push=' 'Hear of changes from the JMAP server at once where it has an event source' \
        '--jmap-poll-interval=' 'How often a JMAP server without an event source is asked while a client idles' \
        '--jmap-poll-interval-quiet=' 'The same while clients are signed on that do not idle' \
        '--jmap-access-url=' 'Where mail clients find the JMAP server themselves (RFC 9698)' \
        '--jmap-search=' 'Who searches the text of messages on a JMAP server' \
        '--jmap-expunge=' 'What EXPUNGE does on a JMAP server with a message that is in no other mailbox' \
        '--run-as-user=' 'User that the daemon becomes once its sockets are open' \
        '--run-as-group=' 'Group that the daemon becomes once its sockets are open' \
        '--pid-file=' 'File for the process id' \
        '--running-path=' 'Working directory of the daemon' \
        '--tmp-path=' 'Directory for temporary files' \
        '--coredump-enabled=' 'Allow core dumps' \
        '--process-model=' 'How sessions share the machine' \
        '--worker-threads=' 'Threads that work on the store' \
        '--loop-threads=' 'Threads that talk to clients' \
        '--auth-threads=' 'Threads that check passwords' \
        '--shutdown-timeout=' 'How long running commands may take to finish when the daemon stops' \
        '--control-socket=' 'UNIX socket on which the daemon takes orders of gwctl(8)' \
        '--control-socket-mode=' 'Permissions of the control socket' \
        '--control-socket-group=' 'Group of the control socket' \
        '--metrics-listen=' 'Where metrics are served over HTTP' \
        '--control-admins=' 'Who may order everything on the control socket' \
        '--control-operators=' 'Who may keep the service running with orders on the control socket' \
        '--imap-only-mailfolders=' 'Show only folders that hold mail' \
        '--imap-public-folders=' 'Show the public folders' \
        '--imap-shared-accounts=' 'Show what other users share' \
        '--imap-capability-idle=' 'Let clients wait for news (RFC 2177)' \
        '--imap-max-messagesize=' 'Largest message a client may store with APPEND' \
        '--imap-message-limit=' 'Messages that one command may process (RFC 9738)' \
        '--imap-save-limit=' 'Messages that one COPY or APPEND may save (RFC 9738)' \
        '--imap-expunge-on-delete=' 'Remove messages as soon as they are marked as deleted' \
        '--imap-max-fail-commands=' 'Failed commands in a row after which a client is disconnected' \
        '--imap-ignore-command-idle=' 'Ignore commands that a client sends while it idles' \
        '--imap-admins=' 'Who may set the limits of other users over IMAP' \
        '--imap-utf8-only=' 'Serve only clients that take UTF-8 as it is' \
        '--imap-capabilities=' 'Capabilities to switch off, or on' \
        '--imap-timeout=' 'How long a logged-in IMAP client may be silent' \
        '--pop3-lock-maildrop=' 'Let only one POP3 session at a time into an inbox' \
        '--pop3-uidl-format=' 'How POP3 names messages, so that clients know them again after a migration' \
        '--pop3-delete=' 'What becomes of messages that a POP3 client deletes' \
        '--pop3-set-seen=' 'Mark messages as read that a POP3 client fetched' \
        '--pop3-client-workarounds=' 'Faults of old POP3 clients to be kind to' \
        '--pop3-login-delay=' 'How long a POP3 client must wait between two logins of a user' \
        '--pop3-login-burst=' 'How many logins a POP3 user has saved up after a while' \
        '--pop3-expire=' 'After how many days mail may vanish from an inbox without the client\'s doing' \
        '--pop3-implementation-early=' 'Tell POP3 clients before login which program this is' \
        '--pop3-timeout=' 'How long a logged-in POP3 client may be silent' \
        '--disable-plaintext-auth=' 'Refuse passwords on connections without TLS' \
        '--auth-mechanisms=' 'Mechanisms of AUTHENTICATE and AUTH' \
        '--auth-cache-ttl=' 'How long a verified password is remembered' \
        '--max-auth-failures=' 'Wrong passwords after which a connection is closed' \
        '--auth-delay-after=' 'Failed logins from an address that are answered at once' \
        '--auth-delay-max=' 'Longest delay of the answer to a login' \
        '--auth-forget=' 'Time in which half of the failed logins of an address is forgotten' \
        '--ban-after=' 'Failed logins after which an address is shut out for `ban_time`' \
        '--ban-time=' 'How long an address is shut out by `ban_after`' \
        '--trusted-networks=' 'Networks whose failed logins bring neither delays nor bans' \
        '--login-timeout=' 'How long a client may be silent before it has logged in' \
        '--ssl-private-key-file=' 'Private key for TLS' \
        '--ssl-certificate-file=' 'Certificate for TLS' \
        '--ssl-certificates=' 'More certificates, chosen by the name the client asks for (SNI)' \
        '--ssl-verify-client=' 'Demand a certificate of the client' \
        '--ssl-verify-file=' 'Authorities for the certificates of clients' \
        '--ssl-verify-path=' 'Directory of authorities for the certificates of clients' \
        '--tls-min-proto=' 'Oldest version of TLS that is spoken' \
        '--ssl-protocols=' 'Versions of TLS, in the older form' \
        '--ssl-ciphers=' 'Ciphers for TLS 1.2 and older' \
        '--ssl-curves=' 'Groups for the key exchange' \
        '--ssl-prefer-server-ciphers=' 'Choose the cipher in our order instead of the client\'s' \
        '--max-connections=' 'Connections at the same time' \
        '--max-connections-per-address=' 'Connections at the same time from one address' \
        '--max-connections-per-user=' 'Sessions at the same time of one user' \
        '--max-line-prelogin=' 'Longest command line before login' \
        '--max-line=' 'Longest command line after login' \
        '--max-literal-prelogin=' 'Largest literal before login' \
        '--max-literal=' 'Largest literal after login, except messages' \
        '--max-session-memory=' 'Memory that the commands of one session may hold' \
        '--imap-sort-memory=' 'Memory that SORT and THREAD of one session may take while they work' \
        '--write-timeout=' 'How long a client may leave an answer unread' \
        '--log-method=' 'Where the log goes' \
        '--log-file=' 'File for the log' \
        '--log-format=' 'Form of the lines of the log' \
        '--log-level=' 'How much is logged' \
        '--slow-command-time=' 'Commands that take longer are logged as warnings' \
        '--log-timestamp=' 'Begin each line of the log with date and time' \
        '--log-buffer-size=' 'Bytes of log that may wait before they are written' \
        '--html-safety-filter=' 'Take scripts out of HTML that is made from messages of a storage server'
    end
end

complete -c gatewayd -f
complete -c gatewayd -s c -l config -d 'read this configuration (default /etc/gateway/gateway.cfg)' -r -F
complete -c gatewayd -s h -l host -d 'the storage server, instead of server_socket' -x
complete -c gatewayd -s F -l foreground -d 'do not go to the background'
complete -c gatewayd -l ignore-unknown-config-options -d 'start in spite of wrong names and values'
complete -c gatewayd -l dump-config -d 'print all options with their values and exit'
complete -c gatewayd -l completion -d 'print what completes command lines in a shell' -x -a '(__gatewayd_of_completion)'
complete -c gatewayd -l events -d 'print the catalogue of events: as a JSON schema, or as the manual page' -x -a '(__gatewayd_of_events)'
complete -c gatewayd -s V -l version -d 'print the version and exit'
complete -c gatewayd -l help -d 'print this text and exit'
complete -c gatewayd -a '(__gatewayd_in_operands)'
