#compdef gwctl
# zsh completion of gwctl(8), generated from its rows by `make gen'

_gwctl_of_color()
{
	local -a list
	list=(
		'auto'
		'always'
		'never'
	)
	_describe -t words 'WHEN' list
}

_gwctl_of_completion()
{
	local -a list
	list=(
		'bash'
		'zsh'
		'fish'
	)
	_describe -t words 'SHELL' list
}

_gwctl_in_config_show()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'changed:yes: leave out what has its default'
			'secrets:yes: passwords inside values too, to an admin'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	changed|secrets) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_config_get()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the option'
			'secrets:yes: passwords inside its value too, to an admin'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	secrets) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_config_diff()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'previous:yes: beside the configuration that undo brings back'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	previous) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_reload()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'file:another main file for this time; of an admin'
			'plan:yes: only say what would change'
			'confirm:time to confirm in; after it the configuration before comes back'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	file) _files -/ ;;
	plan) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_stop()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'now:yes: do not wait for sessions'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	now) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_tls_reload()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'confirm:time to confirm in, as of reload'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_session_list()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:only of this user; * and ? stand for other letters'
			'address:only from this IP address or network'
			'service:only of this service'
			'protocol:only of this protocol, inside TLS or not'
			'state:only in this state'
			'mailbox:only with this mailbox selected; * and ? stand for other letters'
			'client:only of clients with this in their name'
			'command:only while this command runs'
			'tls:only inside TLS, or only outside'
			'older:only connected for at least so long'
			'younger:only connected for at most so long'
			'idle:only silent for at least so long'
			'max:at most so many rows'
			'full:yes: with all that session show says'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	service) compadd - imap imaps pop3 pop3s ;;
	protocol) compadd - imap pop3 ;;
	state) compadd - login authenticated selected idle logout ;;
	tls|full) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_session_show()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'id:the session with this id'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_session_kick()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'id:the session with this id'
			'user:all sessions of this user; * and ? stand for other letters'
			'address:only from this IP address or network'
			'service:only of this service'
			'protocol:only of this protocol, inside TLS or not'
			'state:only in this state'
			'mailbox:only with this mailbox selected; * and ? stand for other letters'
			'client:only of clients with this in their name'
			'command:only while this command runs'
			'tls:only inside TLS, or only outside'
			'older:only connected for at least so long'
			'younger:only connected for at most so long'
			'idle:only silent for at least so long'
			'reason:what the client is told, in ASCII'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	service) compadd - imap imaps pop3 pop3s ;;
	protocol) compadd - imap pop3 ;;
	state) compadd - login authenticated selected idle logout ;;
	tls) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_who()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:only this user; * and ? stand for other letters'
			'address:only from this IP address or network'
			'service:only of this service'
			'protocol:only of this protocol, inside TLS or not'
			'state:only in this state'
			'mailbox:only with this mailbox selected; * and ? stand for other letters'
			'client:only of clients with this in their name'
			'command:only while this command runs'
			'tls:only inside TLS, or only outside'
			'older:only connected for at least so long'
			'younger:only connected for at most so long'
			'idle:only silent for at least so long'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	service) compadd - imap imaps pop3 pop3s ;;
	protocol) compadd - imap pop3 ;;
	state) compadd - login authenticated selected idle logout ;;
	tls) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_user_kick()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'reason:what the client is told, in ASCII'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_stats()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'metric:only metrics whose name begins with this'
			'since:a time span, start, reset, or a mark: count from there'
			'all:yes: what is zero too'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	all) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_stats_mark()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:what to call this moment'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_hist()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:a command (FETCH, pop3 RETR) or a store call (append_commit)'
			'since:a time span, start, reset, or a mark: count from there'
			'fine:yes: as finely as it was measured'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	fine) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_tail()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'event:only this event, a name of gateway-events(7)'
			'user:only of this user'
			'address:only of clients of this address or network'
			'session:only of this session'
			'service:only of this service'
			'module:only of this part of the program'
			'level:not less grave than this (info)'
			'max:end after so many rows'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	service) compadd - imap imaps pop3 pop3s ;;
	module) compadd - service config net tls auth imap pop3 store control ;;
	level) compadd - crit error warning notice info debug ;;
	*) _message value ;;
	esac
}

_gwctl_in_log_tail()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'match:only lines with this text in them'
			'module:only of this part of the program'
			'level:up to this level, though the log may have less'
			'max:end after so many rows'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	module) compadd - service config net tls auth imap pop3 store control ;;
	level) compadd - crit error warning notice info debug ;;
	*) _message value ;;
	esac
}

_gwctl_in_log_level()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'module:part of the program, or all'
			'level:what it logs; default: as log_level says'
			'for:time after which log_level counts again'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	module) compadd - all service config net tls auth imap pop3 store control ;;
	level) compadd - none crit error warning notice info debug default ;;
	*) _message value ;;
	esac
}

_gwctl_in_why()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:the name that was tried'
			'address:or: the address that was refused'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_trace_user()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose sessions'
			'for:time until it ends by itself (10m)'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_trace_address()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'address:address or network of the clients'
			'for:time until it ends by itself (10m)'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_trace_session()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'id:id of session list'
			'for:time until it ends by itself (10m)'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_user_add()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the new user'\''s name'
			'disabled:services the user may not use'
			'storage:most bytes of mail, 0 for no limit'
			'messages:most messages, 0 for no limit'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	disabled) compadd - imap pop3 ;;
	*) _message value ;;
	esac
}

_gwctl_in_user_passwd()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'kick:yes: end the sessions of the user'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	kick) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_user_list()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'match:only names that fit this pattern of * ? and [a-z]'
			'enabled:yes: only accounts that may sign on, no: only those that may not'
			'over:yes: only accounts over their quota'
			'never:yes: only accounts that never signed on'
			'inactive:only accounts that did not sign on for so long'
			'usage:yes: with sizes and counts'
			'after:begin behind this name'
			'max:at most so many rows'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	enabled|over|never|usage) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_user_features()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'disabled:services the user may not use, or empty'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	disabled) compadd - imap pop3 ;;
	*) _message value ;;
	esac
}

_gwctl_in_user_quota()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'storage:most bytes of mail, 0 for no limit'
			'messages:most messages, 0 for no limit'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_user_rename()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'to:the new name'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_user_delete()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'name:the user'
			'confirm:must be yes: the mail goes too'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	confirm) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_mailbox_list()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'match:only names that fit this pattern of * ? and [a-z]'
			'subscribed:yes: only those the user has subscribed to'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	subscribed) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_mailbox_status()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'name:the mailbox'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_mailbox_create()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'name:the new mailbox, / between levels'
			'special:what it is for'
			'subscribe:yes: subscribe the user to it'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	special) compadd - sent drafts junk trash archive all flagged important ;;
	subscribe) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_mailbox_delete()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'name:the mailbox'
			'recursive:yes: those below it, too'
			'confirm:must be yes: its messages go'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	recursive|confirm) compadd - yes no ;;
	*) _message value ;;
	esac
}

_gwctl_in_mailbox_rename()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'name:the mailbox'
			'to:its new name'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_quota_show()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:only this account'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_quota_set()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'user:whose'
			'storage:most bytes of mail, 0 for the configuration'\''s limit'
			'messages:most messages, 0 for the configuration'\''s limit'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	*) _message value ;;
	esac
}

_gwctl_in_store_backup()
{
	local -a list
	if ! compset -P 1 '*='; then
		list=(
			'dir:where to, an absolute path on the machine of the daemon'
			'user:only this account'
		)
		_describe -t names 'NAME=VALUE' list -q -S =
		return
	fi
	case ${${IPREFIX%=}##*=} in
	dir) _files -/ ;;
	*) _message value ;;
	esac
}

_gwctl_verb_status()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_config_show()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_config_show'
}

_gwctl_verb_config_get()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_config_get'
}

_gwctl_verb_config_diff()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_config_diff'
}

_gwctl_verb_reload()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_reload'
}

_gwctl_verb_confirm()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_undo()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_stop()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_stop'
}

_gwctl_verb_tls_reload()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_tls_reload'
}

_gwctl_verb_log_reopen()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_ping()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_version()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_help()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_session_list()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_session_list'
}

_gwctl_verb_session_show()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_session_show'
}

_gwctl_verb_session_kick()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_session_kick'
}

_gwctl_verb_who()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_who'
}

_gwctl_verb_user_kick()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_kick'
}

_gwctl_verb_stats()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_stats'
}

_gwctl_verb_stats_reset()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_stats_mark()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_stats_mark'
}

_gwctl_verb_hist()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_hist'
}

_gwctl_verb_metrics()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]'
}

_gwctl_verb_tail()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_tail'
}

_gwctl_verb_log_tail()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_log_tail'
}

_gwctl_verb_log_level()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_log_level'
}

_gwctl_verb_why()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_why'
}

_gwctl_verb_trace_user()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_trace_user'
}

_gwctl_verb_trace_address()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_trace_address'
}

_gwctl_verb_trace_session()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_trace_session'
}

_gwctl_verb_session_trace()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_trace_session'
}

_gwctl_verb_user_add()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_add'
}

_gwctl_verb_user_passwd()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_passwd'
}

_gwctl_verb_user_list()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_list'
}

_gwctl_verb_user_show()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_stats_mark'
}

_gwctl_verb_user_enable()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_stats_mark'
}

_gwctl_verb_user_disable()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_passwd'
}

_gwctl_verb_user_features()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_features'
}

_gwctl_verb_user_quota()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_quota'
}

_gwctl_verb_user_rename()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_rename'
}

_gwctl_verb_user_delete()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_user_delete'
}

_gwctl_verb_mailbox_list()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_list'
}

_gwctl_verb_mailbox_status()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_status'
}

_gwctl_verb_mailbox_create()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_create'
}

_gwctl_verb_mailbox_delete()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_delete'
}

_gwctl_verb_mailbox_rename()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_rename'
}

_gwctl_verb_mailbox_subscribe()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_status'
}

_gwctl_verb_mailbox_unsubscribe()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_mailbox_status'
}

_gwctl_verb_quota_show()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_show'
}

_gwctl_verb_quota_set()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_set'
}

_gwctl_verb_quota_recalculate()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_show'
}

_gwctl_verb_store_check()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_show'
}

_gwctl_verb_store_repair()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_show'
}

_gwctl_verb_store_backup()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_store_backup'
}

_gwctl_verb_store_vacuum()
{
	_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
		'*:NAME=VALUE:_gwctl_in_quota_show'
}

_gwctl_first()
{
	local -a list
	list=(
		'status:show how the service is doing'
		'config:several verbs'
		'reload:read the configuration again'
		'confirm:keep what reload --confirm put on trial'
		'undo:go back to the configuration before the last reload'
		'stop:end the service'
		'tls:several verbs'
		'log:several verbs'
		'ping:ask whether the service answers'
		'version:show the version of the service'
		'help:show what may be asked'
		'session:several verbs'
		'who:show who is signed on, one row a user'
		'user:several verbs'
		'stats:show what was counted and how long it took'
		'hist:show how long a command or store call takes, as a histogram'
		'metrics:print all metrics in the OpenMetrics format'
		'tail:show events as they happen'
		'why:show why a user or an address was refused'
		'trace:several verbs'
		'mailbox:several verbs'
		'quota:several verbs'
		'store:several verbs'
	)
	_describe -t verbs verb list
}

# The second words of a verb; false when it has one only.
_gwctl_second()
{
	list=()
	case $1 in
	config)
		list=(
			'show:show the configuration in force'
			'get:show one option that is in force'
			'diff:show where the configuration in force differs from its files'
		) ;;
	tls)
		list=(
			'reload:read the certificates again'
		) ;;
	log)
		list=(
			'reopen:open the log file anew'
			'tail:show the lines of the log as they are written'
			'level:show or set how much a part of the program logs'
		) ;;
	session)
		list=(
			'list:show who is connected'
			'show:show all that is known of one session'
			'kick:end sessions'
			'trace:show the dialogue of a session'
		) ;;
	user)
		list=(
			'kick:end all sessions of a user'
			'add:make an account'
			'passwd:set another password'
			'list:show accounts'
			'show:show one account'
			'enable:let a user sign on again'
			'disable:let a user sign on no more'
			'features:say which services a user may not use'
			'quota:limit the mail of a user'
			'rename:give an account another name'
			'delete:remove an account with all its mail'
		) ;;
	trace)
		list=(
			'user:show the dialogue of a user'\''s sessions'
			'address:show the dialogue with an address'
			'session:show the dialogue of a session'
		) ;;
	mailbox)
		list=(
			'list:show the mailboxes of a user'
			'status:show one mailbox of a user'
			'create:make a mailbox for a user'
			'delete:remove a mailbox of a user with its messages'
			'rename:give a mailbox of a user another name'
			'subscribe:subscribe a user to a mailbox'
			'unsubscribe:end a subscription of a user'
		) ;;
	quota)
		list=(
			'show:show what is used of limits'
			'set:limit the mail of a user'
			'recalculate:count the mail of accounts anew'
		) ;;
	store)
		list=(
			'check:look for damage and change nothing'
			'repair:put right what store check finds'
			'backup:copy the store while it works'
			'vacuum:give free space back to the file system'
		) ;;
	esac
	(( $#list ))
}

_gwctl()
{
	local -a list
	local -i i=2 help=0
	local verb
	while (( i < CURRENT )); do
		case $words[i] in
		--|--columns) (( i++ )) ;;
		--|--sort) (( i++ )) ;;
		--|--limit) (( i++ )) ;;
		--|--color) (( i++ )) ;;
		-f|--file) (( i++ )) ;;
		-H|--host) (( i++ )) ;;
		-s|--socket) (( i++ )) ;;
		-c|--config) (( i++ )) ;;
		--|--completion) (( i++ )) ;;
		-*) ;;
		help) help=1 ;;
		*) break ;;
		esac
		(( i++ ))
	done
	if (( i >= CURRENT )); then
		_arguments -s -S : \
		'(-j --json)'{-j,--json}'[print the answer as JSON, one object a line]' \
		'--csv[print tables as comma-separated values (RFC 4180)]' \
		'*--columns=[show these columns of a table, in this order]:NAME,...: ' \
		'*--sort=[sort a table by a column, with "-" the biggest first]:\[-\]NAME: ' \
		'*--limit=[show the first N rows of a table]:N: ' \
		'--no-header[print tables without their head]' \
		'*--color=[colours\: auto (on a terminal), always, never]:WHEN:_gwctl_of_color' \
		'(-q --quiet)'{-q,--quiet}'[print nothing when all is well]' \
		'(-y --yes)'{-y,--yes}'[do not ask back]' \
		'--hash[take a crypt(3) hash instead of a password]' \
		'--no-password[make an account nobody can sign on to yet]' \
		'*'{-f+,--file=}'[run the commands of a file, - for standard input]:FILE:_files' \
		'(-k --keep-going)'{-k,--keep-going}'[go on with a script after a command that failed]' \
		'*'{-H+,--host=}'[run on another machine, by ssh]:\[USER@\]HOST: ' \
		'*'{-s+,--socket=}'[the control socket of the daemon]:SOCKET:_files' \
		'*'{-c+,--config=}'[the configuration that names it]:FILE:_files' \
		'*--completion=[print what completes commands in a shell]:SHELL:_gwctl_of_completion' \
		'--complete[print what the last word could be]' \
		'(-V --version)'{-V,--version}'[print the version]' \
		'(-h --help)'{-h,--help}'[say more about a command]' \
			'*:verb:_gwctl_first'
		return
	fi
	verb=$words[i]
	if _gwctl_second $verb; then
		if (( i + 1 == CURRENT )); then
			_describe -t verbs verb list
			return
		fi
		verb=${verb}_$words[++i]
	fi
	words=("${(@)words[i,-1]}")
	(( CURRENT -= i - 1 ))
	if (( ! help && $+functions[_gwctl_verb_$verb] )); then
		_gwctl_verb_$verb
	fi
}

_gwctl "$@"
