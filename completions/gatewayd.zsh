#compdef gatewayd
# zsh completion of gatewayd(8), generated from its rows by `make gen'

_gatewayd_of_completion()
{
	local -a list
	list=(
		'bash'
		'zsh'
		'fish'
	)
	_describe -t words 'SHELL' list
}

_gatewayd_of_events()
{
	local -a list
	list=(
		'schema:as a JSON Schema'
		'man:as gateway-events(7)'
	)
	_describe -t words 'FORM' list
}

_gatewayd_verb()
{
	_arguments -s -S : \
		'*'{-c+,--config=}'[read this configuration (default /etc/gateway/gateway.cfg)]:FILE:_files' \
		'*'{-h+,--host=}'[the storage server, instead of server_socket]:URL: ' \
		'(-F --foreground)'{-F,--foreground}'[do not go to the background]' \
		'--ignore-unknown-config-options[start in spite of wrong names and values]' \
		'--dump-config[print all options with their values and exit]' \
		'*--completion=[print what completes command lines in a shell]:SHELL:_gatewayd_of_completion' \
		'*--events=[print the catalogue of events\: as a JSON schema, or as the manual page]:FORM:_gatewayd_of_events' \
		'(-V --version)'{-V,--version}'[print the version and exit]' \
		'--help[print this text and exit]' \
		'*--server-bind=-[IP address on which the services listen]:VALUE: ' \
		'*--server-hostname=-[Name of this server in the greeting]:VALUE: ' \
		'*--server-hostname-greeting=-[Tell the server'\''s name in the greeting]:VALUE:(yes no)' \
		'*--preferred-language=-[Language that clients get who leave the choice to the server]:VALUE:(i-default en de es fr nl)' \
		'*--pop3-enable=-[Serve POP3]:VALUE:(yes no)' \
		'*--pop3-port=-[Port of POP3]:VALUE: ' \
		'*--pop3s-enable=-[Serve POP3 inside TLS]:VALUE:(yes no)' \
		'*--pop3s-port=-[Port of POP3 inside TLS]:VALUE: ' \
		'*--imap-enable=-[Serve IMAP]:VALUE:(yes no)' \
		'*--imap-port=-[Port of IMAP]:VALUE: ' \
		'*--imaps-enable=-[Serve IMAP inside TLS]:VALUE:(yes no)' \
		'*--imaps-port=-[Port of IMAP inside TLS]:VALUE: ' \
		'*--pop3-listen=-[Where POP3 listens, in the newer form]:VALUE: ' \
		'*--pop3s-listen=-[Where POP3 inside TLS listens, in the newer form]:VALUE: ' \
		'*--imap-listen=-[Where IMAP listens, in the newer form]:VALUE: ' \
		'*--imaps-listen=-[Where IMAP inside TLS listens, in the newer form]:VALUE: ' \
		'*--server-socket=-[Where the mail is]:VALUE: ' \
		'*--bypass-auth=-[Let a storage server on a UNIX socket trust this daemon]:VALUE:(yes no)' \
		'*--public-account=-[Account of the local store whose mailboxes are the public folders]:VALUE: ' \
		'*--mail-quota=-[How much mail a new account may hold]:VALUE: ' \
		'*--mail-quota-messages=-[How many messages a new account may hold]:VALUE: ' \
		'*--mail-quota-warning=-[How much of a limit is used, in percent, before IMAP clients are warned]:VALUE: ' \
		'*--max-mailboxes=-[How many mailboxes an account may have]:VALUE: ' \
		'*--mirror-path=-[Where the mirrors of accounts on a storage server are kept]:VALUE:_files -/' \
		'*--mirror-cache-size=-[How many octets of messages a mirror keeps]:VALUE: ' \
		'*--mirror-offline=-[Let signed-on clients read from the mirror while the storage server is away]:VALUE:(yes no)' \
		'*--state-database=-[A PostgreSQL database in which several gateways share the numbers of messages]:VALUE: ' \
		'*--backend-timeout=-[How long a request to the storage server may take]:VALUE: ' \
		'*--backend-connect-timeout=-[How long connecting to the storage server may take]:VALUE: ' \
		'*--backend-connections=-[How many connections to the storage server a process has at most]:VALUE: ' \
		'*--backend-ca-file=-[Certificates that the storage server'\''s certificate is checked with]:VALUE:_files' \
		'*--backend-certificate-file=-[Certificate that this daemon shows to the storage server]:VALUE:_files' \
		'*--backend-private-key-file=-[Private key of backend_certificate_file]:VALUE:_files' \
		'*--backend-pin=-[Public key that the storage server must have]:VALUE: ' \
		'*--backend-proxy=-[HTTP proxy on the way to the storage server]:VALUE: ' \
		'*--backend-unix-socket=-[UNIX socket on which the storage server is reached]:VALUE:_files' \
		'*--backend-user=-[Service account on the storage server that may speak for users]:VALUE: ' \
		'*--backend-password-file=-[File whose first line is the password of backend_user]:VALUE:_files' \
		'*--backend-impersonate=-[How the service account speaks for a user]:VALUE:(none authorize-as login)' \
		'*--backend-impersonate-login=-[The name with which the service account signs on for a user]:VALUE: ' \
		'*--jmap-push=-[Hear of changes from the JMAP server at once where it has an event source]:VALUE:(yes no)' \
		'*--jmap-poll-interval=-[How often a JMAP server without an event source is asked while a client idles]:VALUE: ' \
		'*--jmap-poll-interval-quiet=-[The same while clients are signed on that do not idle]:VALUE: ' \
		'*--jmap-access-url=-[Where mail clients find the JMAP server themselves (RFC 9698)]:VALUE: ' \
		'*--jmap-search=-[Who searches the text of messages on a JMAP server]:VALUE:(mirror server)' \
		'*--jmap-expunge=-[What EXPUNGE does on a JMAP server with a message that is in no other mailbox]:VALUE:(destroy trash)' \
		'*--run-as-user=-[User that the daemon becomes once its sockets are open]:VALUE: ' \
		'*--run-as-group=-[Group that the daemon becomes once its sockets are open]:VALUE: ' \
		'*--pid-file=-[File for the process id]:VALUE:_files' \
		'*--running-path=-[Working directory of the daemon]:VALUE:_files -/' \
		'*--tmp-path=-[Directory for temporary files]:VALUE:_files -/' \
		'*--coredump-enabled=-[Allow core dumps]:VALUE:(systemdefault no yes)' \
		'*--process-model=-[How sessions share the machine]:VALUE:(thread fork)' \
		'*--worker-threads=-[Threads that work on the store]:VALUE: ' \
		'*--loop-threads=-[Threads that talk to clients]:VALUE: ' \
		'*--auth-threads=-[Threads that check passwords]:VALUE: ' \
		'*--shutdown-timeout=-[How long running commands may take to finish when the daemon stops]:VALUE: ' \
		'*--control-socket=-[UNIX socket on which the daemon takes orders of gwctl(8)]:VALUE:_files' \
		'*--control-socket-mode=-[Permissions of the control socket]:VALUE: ' \
		'*--control-socket-group=-[Group of the control socket]:VALUE: ' \
		'*--metrics-listen=-[Where metrics are served over HTTP]:VALUE: ' \
		'*--control-admins=-[Who may order everything on the control socket]:VALUE: ' \
		'*--control-operators=-[Who may keep the service running with orders on the control socket]:VALUE: ' \
		'*--imap-only-mailfolders=-[Show only folders that hold mail]:VALUE:(yes no)' \
		'*--imap-public-folders=-[Show the public folders]:VALUE:(yes no)' \
		'*--imap-shared-accounts=-[Show what other users share]:VALUE:(yes no)' \
		'*--imap-capability-idle=-[Let clients wait for news (RFC 2177)]:VALUE:(yes no)' \
		'*--imap-max-messagesize=-[Largest message a client may store with APPEND]:VALUE: ' \
		'*--imap-message-limit=-[Messages that one command may process (RFC 9738)]:VALUE: ' \
		'*--imap-save-limit=-[Messages that one COPY or APPEND may save (RFC 9738)]:VALUE: ' \
		'*--imap-expunge-on-delete=-[Remove messages as soon as they are marked as deleted]:VALUE:(yes no)' \
		'*--imap-max-fail-commands=-[Failed commands in a row after which a client is disconnected]:VALUE: ' \
		'*--imap-ignore-command-idle=-[Ignore commands that a client sends while it idles]:VALUE:(yes no)' \
		'*--imap-admins=-[Who may set the limits of other users over IMAP]:VALUE: ' \
		'*--imap-utf8-only=-[Serve only clients that take UTF-8 as it is]:VALUE:(yes no)' \
		'*--imap-capabilities=-[Capabilities to switch off, or on]:VALUE: ' \
		'*--imap-timeout=-[How long a logged-in IMAP client may be silent]:VALUE: ' \
		'*--pop3-lock-maildrop=-[Let only one POP3 session at a time into an inbox]:VALUE:(yes no)' \
		'*--pop3-uidl-format=-[How POP3 names messages, so that clients know them again after a migration]:VALUE:(gateway dovecot cyrus uidonly courier courier-old cyrus-courier kopano)' \
		'*--pop3-delete=-[What becomes of messages that a POP3 client deletes]:VALUE:(expunge flag trash)' \
		'*--pop3-set-seen=-[Mark messages as read that a POP3 client fetched]:VALUE:(yes no)' \
		'*--pop3-client-workarounds=-[Faults of old POP3 clients to be kind to]:VALUE:(outlook-no-nuls oe-ns-eoh)' \
		'*--pop3-login-delay=-[How long a POP3 client must wait between two logins of a user]:VALUE: ' \
		'*--pop3-login-burst=-[How many logins a POP3 user has saved up after a while]:VALUE: ' \
		'*--pop3-expire=-[After how many days mail may vanish from an inbox without the client'\''s doing]:VALUE: ' \
		'*--pop3-implementation-early=-[Tell POP3 clients before login which program this is]:VALUE:(yes no)' \
		'*--pop3-timeout=-[How long a logged-in POP3 client may be silent]:VALUE: ' \
		'*--disable-plaintext-auth=-[Refuse passwords on connections without TLS]:VALUE:(yes no)' \
		'*--auth-mechanisms=-[Mechanisms of AUTHENTICATE and AUTH]:VALUE:(PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS EXTERNAL OAUTHBEARER XOAUTH2)' \
		'*--auth-cache-ttl=-[How long a verified password is remembered]:VALUE: ' \
		'*--max-auth-failures=-[Wrong passwords after which a connection is closed]:VALUE: ' \
		'*--auth-delay-after=-[Failed logins from an address that are answered at once]:VALUE: ' \
		'*--auth-delay-max=-[Longest delay of the answer to a login]:VALUE: ' \
		'*--auth-forget=-[Time in which half of the failed logins of an address is forgotten]:VALUE: ' \
		'*--ban-after=-[Failed logins after which an address is shut out for `ban_time`]:VALUE: ' \
		'*--ban-time=-[How long an address is shut out by `ban_after`]:VALUE: ' \
		'*--trusted-networks=-[Networks whose failed logins bring neither delays nor bans]:VALUE: ' \
		'*--login-timeout=-[How long a client may be silent before it has logged in]:VALUE: ' \
		'*--ssl-private-key-file=-[Private key for TLS]:VALUE:_files' \
		'*--ssl-certificate-file=-[Certificate for TLS]:VALUE:_files' \
		'*--ssl-certificates=-[More certificates, chosen by the name the client asks for (SNI)]:VALUE: ' \
		'*--ssl-verify-client=-[Demand a certificate of the client]:VALUE:(yes no)' \
		'*--ssl-verify-file=-[Authorities for the certificates of clients]:VALUE:_files' \
		'*--ssl-verify-path=-[Directory of authorities for the certificates of clients]:VALUE:_files -/' \
		'*--tls-min-proto=-[Oldest version of TLS that is spoken]:VALUE:(ssl3 tls1.0 tls1.1 tls1.2 tls1.3)' \
		'*--ssl-protocols=-[Versions of TLS, in the older form]:VALUE: ' \
		'*--ssl-ciphers=-[Ciphers for TLS 1.2 and older]:VALUE: ' \
		'*--ssl-curves=-[Groups for the key exchange]:VALUE: ' \
		'*--ssl-prefer-server-ciphers=-[Choose the cipher in our order instead of the client'\''s]:VALUE:(yes no)' \
		'*--max-connections=-[Connections at the same time]:VALUE: ' \
		'*--max-connections-per-address=-[Connections at the same time from one address]:VALUE: ' \
		'*--max-connections-per-user=-[Sessions at the same time of one user]:VALUE: ' \
		'*--max-line-prelogin=-[Longest command line before login]:VALUE: ' \
		'*--max-line=-[Longest command line after login]:VALUE: ' \
		'*--max-literal-prelogin=-[Largest literal before login]:VALUE: ' \
		'*--max-literal=-[Largest literal after login, except messages]:VALUE: ' \
		'*--max-session-memory=-[Memory that the commands of one session may hold]:VALUE: ' \
		'*--imap-sort-memory=-[Memory that SORT and THREAD of one session may take while they work]:VALUE: ' \
		'*--write-timeout=-[How long a client may leave an answer unread]:VALUE: ' \
		'*--log-method=-[Where the log goes]:VALUE:(file syslog auto)' \
		'*--log-file=-[File for the log]:VALUE:_files' \
		'*--log-format=-[Form of the lines of the log]:VALUE:(text json)' \
		'*--log-level=-[How much is logged]:VALUE: ' \
		'*--slow-command-time=-[Commands that take longer are logged as warnings]:VALUE: ' \
		'*--log-timestamp=-[Begin each line of the log with date and time]:VALUE:(yes no)' \
		'*--log-buffer-size=-[Bytes of log that may wait before they are written]:VALUE: ' \
		'*--html-safety-filter=-[Take scripts out of HTML that is made from messages of a storage server]:VALUE:(no yes)'
}

_gatewayd()
{
	_gatewayd_verb
}

_gatewayd "$@"
