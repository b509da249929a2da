# fish completion of gwctl(8), generated from its rows by `make gen'

function __gwctl_token # the argument at the cursor, without its flag
    string replace -r '^--[^=]*=' '' -- (commandline -ct)
end

function __gwctl_values # of a setting
    set -l name (string replace -r '=.*' '=' -- (__gwctl_token))
    for value in $argv
        echo $name$value
    end
end

function __gwctl_behind # what the command says of the text behind the first "="
    set -l name (string replace -r '=.*' '=' -- (__gwctl_token))
    $argv (string replace -r '^[^=]*=' '' -- (__gwctl_token)) | string replace -r -- '^' $name
end

function __gwctl_of_color
    printf '%s\t%s\n' \
        'auto' '' \
        'always' '' \
        'never' ''
end

function __gwctl_of_completion
    printf '%s\t%s\n' \
        'bash' '' \
        'zsh' '' \
        'fish' ''
end

function __gwctl_in_config_show
    switch (__gwctl_token)
        case 'changed=*' 'secrets=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'changed=' 'yes: leave out what has its default' \
        'secrets=' 'yes: passwords inside values too, to an admin'
    end
end

function __gwctl_in_config_get
    switch (__gwctl_token)
        case 'secrets=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the option' \
        'secrets=' 'yes: passwords inside its value too, to an admin'
    end
end

function __gwctl_in_config_diff
    switch (__gwctl_token)
        case 'previous=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'previous=' 'yes: beside the configuration that undo brings back'
    end
end

function __gwctl_in_reload
    switch (__gwctl_token)
        case 'file=*'
            __gwctl_behind __fish_complete_directories
        case 'plan=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'file=' 'another main file for this time; of an admin' \
        'plan=' 'yes: only say what would change' \
        'confirm=' 'time to confirm in; after it the configuration before comes back'
    end
end

function __gwctl_in_stop
    switch (__gwctl_token)
        case 'now=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'now=' 'yes: do not wait for sessions'
    end
end

function __gwctl_in_tls_reload
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'confirm=' 'time to confirm in, as of reload'
    end
end

function __gwctl_in_session_list
    switch (__gwctl_token)
        case 'service=*'
            __gwctl_values imap imaps pop3 pop3s
        case 'protocol=*'
            __gwctl_values imap pop3
        case 'state=*'
            __gwctl_values login authenticated selected idle logout
        case 'tls=*' 'full=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'only of this user; * and ? stand for other letters' \
        'address=' 'only from this IP address or network' \
        'service=' 'only of this service' \
        'protocol=' 'only of this protocol, inside TLS or not' \
        'state=' 'only in this state' \
        'mailbox=' 'only with this mailbox selected; * and ? stand for other letters' \
        'client=' 'only of clients with this in their name' \
        'command=' 'only while this command runs' \
        'tls=' 'only inside TLS, or only outside' \
        'older=' 'only connected for at least so long' \
        'younger=' 'only connected for at most so long' \
        'idle=' 'only silent for at least so long' \
        'max=' 'at most so many rows' \
        'full=' 'yes: with all that session show says'
    end
end

function __gwctl_in_session_show
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'id=' 'the session with this id'
    end
end

function __gwctl_in_session_kick
    switch (__gwctl_token)
        case 'service=*'
            __gwctl_values imap imaps pop3 pop3s
        case 'protocol=*'
            __gwctl_values imap pop3
        case 'state=*'
            __gwctl_values login authenticated selected idle logout
        case 'tls=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'id=' 'the session with this id' \
        'user=' 'all sessions of this user; * and ? stand for other letters' \
        'address=' 'only from this IP address or network' \
        'service=' 'only of this service' \
        'protocol=' 'only of this protocol, inside TLS or not' \
        'state=' 'only in this state' \
        'mailbox=' 'only with this mailbox selected; * and ? stand for other letters' \
        'client=' 'only of clients with this in their name' \
        'command=' 'only while this command runs' \
        'tls=' 'only inside TLS, or only outside' \
        'older=' 'only connected for at least so long' \
        'younger=' 'only connected for at most so long' \
        'idle=' 'only silent for at least so long' \
        'reason=' 'what the client is told, in ASCII'
    end
end

function __gwctl_in_who
    switch (__gwctl_token)
        case 'service=*'
            __gwctl_values imap imaps pop3 pop3s
        case 'protocol=*'
            __gwctl_values imap pop3
        case 'state=*'
            __gwctl_values login authenticated selected idle logout
        case 'tls=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'only this user; * and ? stand for other letters' \
        'address=' 'only from this IP address or network' \
        'service=' 'only of this service' \
        'protocol=' 'only of this protocol, inside TLS or not' \
        'state=' 'only in this state' \
        'mailbox=' 'only with this mailbox selected; * and ? stand for other letters' \
        'client=' 'only of clients with this in their name' \
        'command=' 'only while this command runs' \
        'tls=' 'only inside TLS, or only outside' \
        'older=' 'only connected for at least so long' \
        'younger=' 'only connected for at most so long' \
        'idle=' 'only silent for at least so long'
    end
end

function __gwctl_in_user_kick
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'reason=' 'what the client is told, in ASCII'
    end
end

function __gwctl_in_stats
    switch (__gwctl_token)
        case 'all=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'metric=' 'only metrics whose name begins with this' \
        'since=' 'a time span, start, reset, or a mark: count from there' \
        'all=' 'yes: what is zero too'
    end
end

function __gwctl_in_stats_mark
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'what to call this moment'
    end
end

function __gwctl_in_hist
    switch (__gwctl_token)
        case 'fine=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'a command (FETCH, pop3 RETR) or a store call (append_commit)' \
        'since=' 'a time span, start, reset, or a mark: count from there' \
        'fine=' 'yes: as finely as it was measured'
    end
end

function __gwctl_in_tail
    switch (__gwctl_token)
        case 'service=*'
            __gwctl_values imap imaps pop3 pop3s
        case 'module=*'
            __gwctl_values service config net tls auth imap pop3 store control
        case 'level=*'
            __gwctl_values crit error warning notice info debug
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'event=' 'only this event, a name of gateway-events(7)' \
        'user=' 'only of this user' \
        'address=' 'only of clients of this address or network' \
        'session=' 'only of this session' \
        'service=' 'only of this service' \
        'module=' 'only of this part of the program' \
        'level=' 'not less grave than this (info)' \
        'max=' 'end after so many rows'
    end
end

function __gwctl_in_log_tail
    switch (__gwctl_token)
        case 'module=*'
            __gwctl_values service config net tls auth imap pop3 store control
        case 'level=*'
            __gwctl_values crit error warning notice info debug
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'match=' 'only lines with this text in them' \
        'module=' 'only of this part of the program' \
        'level=' 'up to this level, though the log may have less' \
        'max=' 'end after so many rows'
    end
end

function __gwctl_in_log_level
    switch (__gwctl_token)
        case 'module=*'
            __gwctl_values all service config net tls auth imap pop3 store control
        case 'level=*'
            __gwctl_values none crit error warning notice info debug default
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'module=' 'part of the program, or all' \
        'level=' 'what it logs; default: as log_level says' \
        'for=' 'time after which log_level counts again'
    end
end

function __gwctl_in_why
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'the name that was tried' \
        'address=' 'or: the address that was refused'
    end
end

function __gwctl_in_trace_user
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose sessions' \
        'for=' 'time until it ends by itself (10m)'
    end
end

function __gwctl_in_trace_address
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'address=' 'address or network of the clients' \
        'for=' 'time until it ends by itself (10m)'
    end
end

function __gwctl_in_trace_session
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'id=' 'id of session list' \
        'for=' 'time until it ends by itself (10m)'
    end
end

function __gwctl_in_user_add
    switch (__gwctl_token)
        case 'disabled=*'
            __gwctl_values imap pop3
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the new user\'s name' \
        'disabled=' 'services the user may not use' \
        'storage=' 'most bytes of mail, 0 for no limit' \
        'messages=' 'most messages, 0 for no limit'
    end
end

function __gwctl_in_user_passwd
    switch (__gwctl_token)
        case 'kick=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'kick=' 'yes: end the sessions of the user'
    end
end

function __gwctl_in_user_list
    switch (__gwctl_token)
        case 'enabled=*' 'over=*' 'never=*' 'usage=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'match=' 'only names that fit this pattern of * ? and [a-z]' \
        'enabled=' 'yes: only accounts that may sign on, no: only those that may not' \
        'over=' 'yes: only accounts over their quota' \
        'never=' 'yes: only accounts that never signed on' \
        'inactive=' 'only accounts that did not sign on for so long' \
        'usage=' 'yes: with sizes and counts' \
        'after=' 'begin behind this name' \
        'max=' 'at most so many rows'
    end
end

function __gwctl_in_user_features
    switch (__gwctl_token)
        case 'disabled=*'
            __gwctl_values imap pop3
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'disabled=' 'services the user may not use, or empty'
    end
end

function __gwctl_in_user_quota
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'storage=' 'most bytes of mail, 0 for no limit' \
        'messages=' 'most messages, 0 for no limit'
    end
end

function __gwctl_in_user_rename
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'to=' 'the new name'
    end
end

function __gwctl_in_user_delete
    switch (__gwctl_token)
        case 'confirm=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'name=' 'the user' \
        'confirm=' 'must be yes: the mail goes too'
    end
end

function __gwctl_in_mailbox_list
    switch (__gwctl_token)
        case 'subscribed=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'match=' 'only names that fit this pattern of * ? and [a-z]' \
        'subscribed=' 'yes: only those the user has subscribed to'
    end
end

function __gwctl_in_mailbox_status
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'name=' 'the mailbox'
    end
end

function __gwctl_in_mailbox_create
    switch (__gwctl_token)
        case 'special=*'
            __gwctl_values sent drafts junk trash archive all flagged important
        case 'subscribe=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'name=' 'the new mailbox, / between levels' \
        'special=' 'what it is for' \
        'subscribe=' 'yes: subscribe the user to it'
    end
end

function __gwctl_in_mailbox_delete
    switch (__gwctl_token)
        case 'recursive=*' 'confirm=*'
            __gwctl_values yes no
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'name=' 'the mailbox' \
        'recursive=' 'yes: those below it, too' \
        'confirm=' 'must be yes: its messages go'
    end
end

function __gwctl_in_mailbox_rename
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'name=' 'the mailbox' \
        'to=' 'its new name'
    end
end

function __gwctl_in_quota_show
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'only this account'
    end
end

function __gwctl_in_quota_set
    switch (__gwctl_token)
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'user=' 'whose' \
        'storage=' 'most bytes of mail, 0 for the configuration\'s limit' \
        'messages=' 'most messages, 0 for the configuration\'s limit'
    end
end

function __gwctl_in_store_backup
    switch (__gwctl_token)
        case 'dir=*'
            __gwctl_behind __fish_complete_directories
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
        'dir=' 'where to, an absolute path on the machine of the daemon' \
        'user=' 'only this account'
    end
end

function __gwctl_verb # the verb before the cursor; nothing when help is asked for it
    set -l verb
    set -l help 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case -- --columns
                set skip 1
            case -- --sort
                set skip 1
            case -- --limit
                set skip 1
            case -- --color
                set skip 1
            case -f --file
                set skip 1
            case -H --host
                set skip 1
            case -s --socket
                set skip 1
            case -c --config
                set skip 1
            case -- --completion
                set skip 1
            case '-*'
            case '*'
                if test $word = help -a -z "$verb"
                    set help 1
                else if test -z "$verb"; or contains -- "$verb" config tls log session user trace mailbox quota store
                    set -a verb $word
                end
        end
    end
    if test $help = 1 -a -n "$verb"; and not contains -- "$verb" config tls log session user trace mailbox quota store
        echo help
    else
        echo "$verb"
    end
end

function __gwctl_at # is this the verb?
    set -l verb (__gwctl_verb)
    test "$verb" = "$argv"
end

complete -c gwctl -f
complete -c gwctl -n '__gwctl_at' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at' -a status -d 'show how the service is doing'
complete -c gwctl -n '__gwctl_at' -a config -d 'several verbs'
complete -c gwctl -n '__gwctl_at config' -a show -d 'show the configuration in force'
complete -c gwctl -n '__gwctl_at config' -a get -d 'show one option that is in force'
complete -c gwctl -n '__gwctl_at config' -a diff -d 'show where the configuration in force differs from its files'
complete -c gwctl -n '__gwctl_at' -a reload -d 'read the configuration again'
complete -c gwctl -n '__gwctl_at' -a confirm -d 'keep what reload --confirm put on trial'
complete -c gwctl -n '__gwctl_at' -a undo -d 'go back to the configuration before the last reload'
complete -c gwctl -n '__gwctl_at' -a stop -d 'end the service'
complete -c gwctl -n '__gwctl_at' -a tls -d 'several verbs'
complete -c gwctl -n '__gwctl_at tls' -a reload -d 'read the certificates again'
complete -c gwctl -n '__gwctl_at' -a log -d 'several verbs'
complete -c gwctl -n '__gwctl_at log' -a reopen -d 'open the log file anew'
complete -c gwctl -n '__gwctl_at' -a ping -d 'ask whether the service answers'
complete -c gwctl -n '__gwctl_at' -a version -d 'show the version of the service'
complete -c gwctl -n '__gwctl_at' -a help -d 'show what may be asked'
complete -c gwctl -n '__gwctl_at' -a session -d 'several verbs'
complete -c gwctl -n '__gwctl_at session' -a list -d 'show who is connected'
complete -c gwctl -n '__gwctl_at session' -a show -d 'show all that is known of one session'
complete -c gwctl -n '__gwctl_at session' -a kick -d 'end sessions'
complete -c gwctl -n '__gwctl_at' -a who -d 'show who is signed on, one row a user'
complete -c gwctl -n '__gwctl_at' -a user -d 'several verbs'
complete -c gwctl -n '__gwctl_at user' -a kick -d 'end all sessions of a user'
complete -c gwctl -n '__gwctl_at' -a stats -d 'show what was counted and how long it took'
complete -c gwctl -n '__gwctl_at stats' -a reset -d 'count from now on'
complete -c gwctl -n '__gwctl_at stats' -a mark -d 'give this moment a name for stats --since'
complete -c gwctl -n '__gwctl_at' -a hist -d 'show how long a command or store call takes, as a histogram'
complete -c gwctl -n '__gwctl_at' -a metrics -d 'print all metrics in the OpenMetrics format'
complete -c gwctl -n '__gwctl_at' -a tail -d 'show events as they happen'
complete -c gwctl -n '__gwctl_at log' -a tail -d 'show the lines of the log as they are written'
complete -c gwctl -n '__gwctl_at log' -a level -d 'show or set how much a part of the program logs'
complete -c gwctl -n '__gwctl_at' -a why -d 'show why a user or an address was refused'
complete -c gwctl -n '__gwctl_at' -a trace -d 'several verbs'
complete -c gwctl -n '__gwctl_at trace' -a user -d 'show the dialogue of a user\'s sessions'
complete -c gwctl -n '__gwctl_at trace' -a address -d 'show the dialogue with an address'
complete -c gwctl -n '__gwctl_at trace' -a session -d 'show the dialogue of a session'
complete -c gwctl -n '__gwctl_at session' -a trace -d 'show the dialogue of a session'
complete -c gwctl -n '__gwctl_at user' -a add -d 'make an account'
complete -c gwctl -n '__gwctl_at user' -a passwd -d 'set another password'
complete -c gwctl -n '__gwctl_at user' -a list -d 'show accounts'
complete -c gwctl -n '__gwctl_at user' -a show -d 'show one account'
complete -c gwctl -n '__gwctl_at user' -a enable -d 'let a user sign on again'
complete -c gwctl -n '__gwctl_at user' -a disable -d 'let a user sign on no more'
complete -c gwctl -n '__gwctl_at user' -a features -d 'say which services a user may not use'
complete -c gwctl -n '__gwctl_at user' -a quota -d 'limit the mail of a user'
complete -c gwctl -n '__gwctl_at user' -a rename -d 'give an account another name'
complete -c gwctl -n '__gwctl_at user' -a delete -d 'remove an account with all its mail'
complete -c gwctl -n '__gwctl_at' -a mailbox -d 'several verbs'
complete -c gwctl -n '__gwctl_at mailbox' -a list -d 'show the mailboxes of a user'
complete -c gwctl -n '__gwctl_at mailbox' -a status -d 'show one mailbox of a user'
complete -c gwctl -n '__gwctl_at mailbox' -a create -d 'make a mailbox for a user'
complete -c gwctl -n '__gwctl_at mailbox' -a delete -d 'remove a mailbox of a user with its messages'
complete -c gwctl -n '__gwctl_at mailbox' -a rename -d 'give a mailbox of a user another name'
complete -c gwctl -n '__gwctl_at mailbox' -a subscribe -d 'subscribe a user to a mailbox'
complete -c gwctl -n '__gwctl_at mailbox' -a unsubscribe -d 'end a subscription of a user'
complete -c gwctl -n '__gwctl_at' -a quota -d 'several verbs'
complete -c gwctl -n '__gwctl_at quota' -a show -d 'show what is used of limits'
complete -c gwctl -n '__gwctl_at quota' -a set -d 'limit the mail of a user'
complete -c gwctl -n '__gwctl_at quota' -a recalculate -d 'count the mail of accounts anew'
complete -c gwctl -n '__gwctl_at' -a store -d 'several verbs'
complete -c gwctl -n '__gwctl_at store' -a check -d 'look for damage and change nothing'
complete -c gwctl -n '__gwctl_at store' -a repair -d 'put right what store check finds'
complete -c gwctl -n '__gwctl_at store' -a backup -d 'copy the store while it works'
complete -c gwctl -n '__gwctl_at store' -a vacuum -d 'give free space back to the file system'
complete -c gwctl -n '__gwctl_at status' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at status' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at status' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at status' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at status' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at status' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at status' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at status' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at status' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at status' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at status' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at status' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at status' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at status' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at status' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at status' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at status' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at status' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at status' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at status' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at config show' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at config show' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at config show' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at config show' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at config show' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at config show' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at config show' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at config show' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at config show' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at config show' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at config show' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at config show' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at config show' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at config show' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at config show' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at config show' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at config show' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at config show' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at config show' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at config show' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at config show' -a '(__gwctl_in_config_show)'
complete -c gwctl -n '__gwctl_at config get' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at config get' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at config get' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at config get' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at config get' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at config get' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at config get' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at config get' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at config get' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at config get' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at config get' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at config get' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at config get' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at config get' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at config get' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at config get' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at config get' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at config get' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at config get' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at config get' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at config get' -a '(__gwctl_in_config_get)'
complete -c gwctl -n '__gwctl_at config diff' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at config diff' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at config diff' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at config diff' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at config diff' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at config diff' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at config diff' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at config diff' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at config diff' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at config diff' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at config diff' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at config diff' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at config diff' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at config diff' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at config diff' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at config diff' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at config diff' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at config diff' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at config diff' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at config diff' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at config diff' -a '(__gwctl_in_config_diff)'
complete -c gwctl -n '__gwctl_at reload' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at reload' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at reload' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at reload' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at reload' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at reload' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at reload' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at reload' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at reload' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at reload' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at reload' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at reload' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at reload' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at reload' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at reload' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at reload' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at reload' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at reload' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at reload' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at reload' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at reload' -a '(__gwctl_in_reload)'
complete -c gwctl -n '__gwctl_at confirm' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at confirm' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at confirm' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at confirm' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at confirm' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at confirm' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at confirm' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at confirm' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at confirm' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at confirm' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at confirm' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at confirm' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at confirm' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at confirm' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at confirm' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at confirm' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at confirm' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at confirm' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at confirm' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at confirm' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at undo' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at undo' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at undo' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at undo' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at undo' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at undo' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at undo' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at undo' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at undo' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at undo' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at undo' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at undo' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at undo' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at undo' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at undo' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at undo' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at undo' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at undo' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at undo' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at undo' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at stop' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at stop' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at stop' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at stop' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at stop' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at stop' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at stop' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at stop' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at stop' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at stop' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at stop' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at stop' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at stop' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at stop' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at stop' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at stop' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at stop' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at stop' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at stop' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at stop' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at stop' -a '(__gwctl_in_stop)'
complete -c gwctl -n '__gwctl_at tls reload' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at tls reload' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at tls reload' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at tls reload' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at tls reload' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at tls reload' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at tls reload' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at tls reload' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at tls reload' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at tls reload' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at tls reload' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at tls reload' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at tls reload' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at tls reload' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at tls reload' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at tls reload' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at tls reload' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at tls reload' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at tls reload' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at tls reload' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at tls reload' -a '(__gwctl_in_tls_reload)'
complete -c gwctl -n '__gwctl_at log reopen' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at log reopen' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at log reopen' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at log reopen' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at log reopen' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at log reopen' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at log reopen' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at log reopen' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at log reopen' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at log reopen' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at log reopen' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at log reopen' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at log reopen' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at log reopen' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at log reopen' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at log reopen' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at log reopen' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at log reopen' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at log reopen' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at log reopen' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at ping' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at ping' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at ping' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at ping' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at ping' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at ping' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at ping' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at ping' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at ping' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at ping' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at ping' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at ping' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at ping' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at ping' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at ping' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at ping' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at ping' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at ping' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at ping' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at ping' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at version' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at version' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at version' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at version' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at version' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at version' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at version' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at version' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at version' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at version' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at version' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at version' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at version' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at version' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at version' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at version' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at version' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at version' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at version' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at version' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at help' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at help' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at help' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at help' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at help' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at help' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at help' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at help' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at help' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at help' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at help' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at help' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at help' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at help' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at help' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at help' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at help' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at help' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at help' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at help' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at session list' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at session list' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at session list' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at session list' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at session list' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at session list' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at session list' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at session list' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at session list' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at session list' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at session list' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at session list' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at session list' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at session list' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at session list' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at session list' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at session list' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at session list' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at session list' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at session list' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at session list' -a '(__gwctl_in_session_list)'
complete -c gwctl -n '__gwctl_at session show' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at session show' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at session show' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at session show' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at session show' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at session show' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at session show' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at session show' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at session show' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at session show' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at session show' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at session show' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at session show' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at session show' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at session show' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at session show' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at session show' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at session show' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at session show' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at session show' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at session show' -a '(__gwctl_in_session_show)'
complete -c gwctl -n '__gwctl_at session kick' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at session kick' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at session kick' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at session kick' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at session kick' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at session kick' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at session kick' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at session kick' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at session kick' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at session kick' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at session kick' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at session kick' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at session kick' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at session kick' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at session kick' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at session kick' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at session kick' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at session kick' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at session kick' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at session kick' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at session kick' -a '(__gwctl_in_session_kick)'
complete -c gwctl -n '__gwctl_at who' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at who' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at who' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at who' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at who' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at who' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at who' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at who' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at who' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at who' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at who' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at who' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at who' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at who' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at who' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at who' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at who' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at who' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at who' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at who' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at who' -a '(__gwctl_in_who)'
complete -c gwctl -n '__gwctl_at user kick' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user kick' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user kick' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user kick' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user kick' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user kick' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user kick' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user kick' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user kick' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user kick' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user kick' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user kick' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user kick' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user kick' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user kick' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user kick' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user kick' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user kick' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user kick' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user kick' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user kick' -a '(__gwctl_in_user_kick)'
complete -c gwctl -n '__gwctl_at stats' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at stats' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at stats' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at stats' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at stats' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at stats' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at stats' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at stats' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at stats' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at stats' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at stats' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at stats' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at stats' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at stats' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at stats' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at stats' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at stats' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at stats' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at stats' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at stats' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at stats' -a '(__gwctl_in_stats)'
complete -c gwctl -n '__gwctl_at stats reset' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at stats reset' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at stats reset' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at stats reset' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at stats reset' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at stats reset' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at stats reset' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at stats reset' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at stats reset' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at stats reset' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at stats reset' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at stats reset' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at stats reset' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at stats reset' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at stats reset' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at stats reset' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at stats reset' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at stats reset' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at stats reset' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at stats reset' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at stats mark' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at stats mark' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at stats mark' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at stats mark' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at stats mark' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at stats mark' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at stats mark' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at stats mark' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at stats mark' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at stats mark' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at stats mark' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at stats mark' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at stats mark' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at stats mark' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at stats mark' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at stats mark' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at stats mark' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at stats mark' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at stats mark' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at stats mark' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at stats mark' -a '(__gwctl_in_stats_mark)'
complete -c gwctl -n '__gwctl_at hist' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at hist' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at hist' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at hist' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at hist' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at hist' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at hist' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at hist' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at hist' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at hist' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at hist' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at hist' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at hist' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at hist' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at hist' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at hist' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at hist' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at hist' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at hist' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at hist' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at hist' -a '(__gwctl_in_hist)'
complete -c gwctl -n '__gwctl_at metrics' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at metrics' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at metrics' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at metrics' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at metrics' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at metrics' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at metrics' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at metrics' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at metrics' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at metrics' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at metrics' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at metrics' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at metrics' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at metrics' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at metrics' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at metrics' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at metrics' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at metrics' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at metrics' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at metrics' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at tail' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at tail' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at tail' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at tail' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at tail' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at tail' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at tail' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at tail' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at tail' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at tail' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at tail' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at tail' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at tail' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at tail' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at tail' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at tail' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at tail' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at tail' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at tail' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at tail' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at tail' -a '(__gwctl_in_tail)'
complete -c gwctl -n '__gwctl_at log tail' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at log tail' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at log tail' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at log tail' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at log tail' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at log tail' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at log tail' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at log tail' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at log tail' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at log tail' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at log tail' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at log tail' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at log tail' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at log tail' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at log tail' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at log tail' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at log tail' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at log tail' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at log tail' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at log tail' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at log tail' -a '(__gwctl_in_log_tail)'
complete -c gwctl -n '__gwctl_at log level' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at log level' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at log level' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at log level' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at log level' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at log level' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at log level' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at log level' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at log level' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at log level' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at log level' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at log level' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at log level' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at log level' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at log level' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at log level' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at log level' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at log level' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at log level' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at log level' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at log level' -a '(__gwctl_in_log_level)'
complete -c gwctl -n '__gwctl_at why' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at why' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at why' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at why' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at why' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at why' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at why' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at why' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at why' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at why' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at why' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at why' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at why' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at why' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at why' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at why' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at why' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at why' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at why' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at why' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at why' -a '(__gwctl_in_why)'
complete -c gwctl -n '__gwctl_at trace user' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at trace user' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at trace user' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at trace user' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at trace user' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at trace user' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at trace user' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at trace user' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at trace user' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at trace user' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at trace user' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at trace user' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at trace user' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at trace user' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at trace user' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at trace user' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at trace user' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at trace user' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at trace user' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at trace user' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at trace user' -a '(__gwctl_in_trace_user)'
complete -c gwctl -n '__gwctl_at trace address' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at trace address' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at trace address' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at trace address' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at trace address' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at trace address' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at trace address' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at trace address' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at trace address' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at trace address' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at trace address' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at trace address' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at trace address' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at trace address' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at trace address' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at trace address' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at trace address' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at trace address' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at trace address' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at trace address' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at trace address' -a '(__gwctl_in_trace_address)'
complete -c gwctl -n '__gwctl_at trace session' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at trace session' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at trace session' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at trace session' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at trace session' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at trace session' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at trace session' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at trace session' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at trace session' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at trace session' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at trace session' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at trace session' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at trace session' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at trace session' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at trace session' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at trace session' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at trace session' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at trace session' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at trace session' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at trace session' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at trace session' -a '(__gwctl_in_trace_session)'
complete -c gwctl -n '__gwctl_at session trace' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at session trace' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at session trace' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at session trace' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at session trace' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at session trace' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at session trace' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at session trace' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at session trace' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at session trace' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at session trace' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at session trace' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at session trace' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at session trace' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at session trace' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at session trace' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at session trace' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at session trace' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at session trace' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at session trace' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at session trace' -a '(__gwctl_in_trace_session)'
complete -c gwctl -n '__gwctl_at user add' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user add' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user add' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user add' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user add' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user add' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user add' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user add' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user add' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user add' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user add' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user add' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user add' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user add' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user add' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user add' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user add' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user add' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user add' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user add' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user add' -a '(__gwctl_in_user_add)'
complete -c gwctl -n '__gwctl_at user passwd' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user passwd' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user passwd' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user passwd' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user passwd' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user passwd' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user passwd' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user passwd' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user passwd' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user passwd' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user passwd' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user passwd' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user passwd' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user passwd' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user passwd' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user passwd' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user passwd' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user passwd' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user passwd' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user passwd' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user passwd' -a '(__gwctl_in_user_passwd)'
complete -c gwctl -n '__gwctl_at user list' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user list' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user list' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user list' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user list' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user list' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user list' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user list' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user list' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user list' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user list' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user list' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user list' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user list' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user list' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user list' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user list' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user list' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user list' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user list' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user list' -a '(__gwctl_in_user_list)'
complete -c gwctl -n '__gwctl_at user show' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user show' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user show' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user show' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user show' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user show' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user show' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user show' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user show' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user show' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user show' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user show' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user show' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user show' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user show' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user show' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user show' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user show' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user show' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user show' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user show' -a '(__gwctl_in_stats_mark)'
complete -c gwctl -n '__gwctl_at user enable' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user enable' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user enable' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user enable' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user enable' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user enable' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user enable' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user enable' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user enable' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user enable' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user enable' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user enable' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user enable' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user enable' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user enable' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user enable' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user enable' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user enable' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user enable' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user enable' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user enable' -a '(__gwctl_in_stats_mark)'
complete -c gwctl -n '__gwctl_at user disable' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user disable' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user disable' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user disable' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user disable' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user disable' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user disable' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user disable' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user disable' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user disable' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user disable' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user disable' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user disable' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user disable' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user disable' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user disable' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user disable' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user disable' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user disable' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user disable' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user disable' -a '(__gwctl_in_user_passwd)'
complete -c gwctl -n '__gwctl_at user features' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user features' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user features' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user features' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user features' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user features' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user features' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user features' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user features' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user features' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user features' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user features' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user features' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user features' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user features' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user features' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user features' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user features' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user features' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user features' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user features' -a '(__gwctl_in_user_features)'
complete -c gwctl -n '__gwctl_at user quota' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user quota' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user quota' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user quota' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user quota' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user quota' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user quota' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user quota' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user quota' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user quota' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user quota' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user quota' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user quota' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user quota' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user quota' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user quota' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user quota' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user quota' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user quota' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user quota' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user quota' -a '(__gwctl_in_user_quota)'
complete -c gwctl -n '__gwctl_at user rename' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user rename' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user rename' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user rename' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user rename' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user rename' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user rename' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user rename' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user rename' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user rename' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user rename' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user rename' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user rename' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user rename' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user rename' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user rename' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user rename' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user rename' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user rename' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user rename' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user rename' -a '(__gwctl_in_user_rename)'
complete -c gwctl -n '__gwctl_at user delete' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at user delete' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at user delete' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at user delete' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at user delete' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at user delete' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at user delete' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at user delete' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at user delete' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at user delete' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at user delete' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at user delete' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at user delete' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at user delete' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at user delete' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at user delete' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at user delete' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at user delete' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at user delete' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at user delete' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at user delete' -a '(__gwctl_in_user_delete)'
complete -c gwctl -n '__gwctl_at mailbox list' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox list' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox list' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox list' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox list' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox list' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox list' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox list' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox list' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox list' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox list' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox list' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox list' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox list' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox list' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox list' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox list' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox list' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox list' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox list' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox list' -a '(__gwctl_in_mailbox_list)'
complete -c gwctl -n '__gwctl_at mailbox status' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox status' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox status' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox status' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox status' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox status' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox status' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox status' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox status' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox status' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox status' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox status' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox status' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox status' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox status' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox status' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox status' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox status' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox status' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox status' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox status' -a '(__gwctl_in_mailbox_status)'
complete -c gwctl -n '__gwctl_at mailbox create' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox create' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox create' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox create' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox create' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox create' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox create' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox create' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox create' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox create' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox create' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox create' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox create' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox create' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox create' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox create' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox create' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox create' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox create' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox create' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox create' -a '(__gwctl_in_mailbox_create)'
complete -c gwctl -n '__gwctl_at mailbox delete' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox delete' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox delete' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox delete' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox delete' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox delete' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox delete' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox delete' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox delete' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox delete' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox delete' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox delete' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox delete' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox delete' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox delete' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox delete' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox delete' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox delete' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox delete' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox delete' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox delete' -a '(__gwctl_in_mailbox_delete)'
complete -c gwctl -n '__gwctl_at mailbox rename' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox rename' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox rename' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox rename' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox rename' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox rename' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox rename' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox rename' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox rename' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox rename' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox rename' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox rename' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox rename' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox rename' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox rename' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox rename' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox rename' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox rename' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox rename' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox rename' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox rename' -a '(__gwctl_in_mailbox_rename)'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox subscribe' -a '(__gwctl_in_mailbox_status)'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at mailbox unsubscribe' -a '(__gwctl_in_mailbox_status)'
complete -c gwctl -n '__gwctl_at quota show' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at quota show' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at quota show' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at quota show' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at quota show' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at quota show' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at quota show' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at quota show' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at quota show' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at quota show' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at quota show' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at quota show' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at quota show' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at quota show' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at quota show' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at quota show' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at quota show' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at quota show' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at quota show' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at quota show' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at quota show' -a '(__gwctl_in_quota_show)'
complete -c gwctl -n '__gwctl_at quota set' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at quota set' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at quota set' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at quota set' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at quota set' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at quota set' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at quota set' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at quota set' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at quota set' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at quota set' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at quota set' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at quota set' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at quota set' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at quota set' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at quota set' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at quota set' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at quota set' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at quota set' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at quota set' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at quota set' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at quota set' -a '(__gwctl_in_quota_set)'
complete -c gwctl -n '__gwctl_at quota recalculate' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at quota recalculate' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at quota recalculate' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at quota recalculate' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at quota recalculate' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at quota recalculate' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at quota recalculate' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at quota recalculate' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at quota recalculate' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at quota recalculate' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at quota recalculate' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at quota recalculate' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at quota recalculate' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at quota recalculate' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at quota recalculate' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at quota recalculate' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at quota recalculate' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at quota recalculate' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at quota recalculate' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at quota recalculate' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at quota recalculate' -a '(__gwctl_in_quota_show)'
complete -c gwctl -n '__gwctl_at store check' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at store check' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at store check' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at store check' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at store check' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at store check' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at store check' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at store check' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at store check' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at store check' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at store check' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at store check' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at store check' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at store check' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at store check' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at store check' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at store check' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at store check' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at store check' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at store check' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at store check' -a '(__gwctl_in_quota_show)'
complete -c gwctl -n '__gwctl_at store repair' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at store repair' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at store repair' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at store repair' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at store repair' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at store repair' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at store repair' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at store repair' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at store repair' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at store repair' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at store repair' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at store repair' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at store repair' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at store repair' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at store repair' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at store repair' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at store repair' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at store repair' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at store repair' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at store repair' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at store repair' -a '(__gwctl_in_quota_show)'
complete -c gwctl -n '__gwctl_at store backup' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at store backup' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at store backup' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at store backup' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at store backup' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at store backup' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at store backup' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at store backup' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at store backup' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at store backup' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at store backup' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at store backup' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at store backup' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at store backup' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at store backup' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at store backup' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at store backup' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at store backup' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at store backup' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at store backup' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at store backup' -a '(__gwctl_in_store_backup)'
complete -c gwctl -n '__gwctl_at store vacuum' -s j -l json -d 'print the answer as JSON, one object a line'
complete -c gwctl -n '__gwctl_at store vacuum' -l csv -d 'print tables as comma-separated values (RFC 4180)'
complete -c gwctl -n '__gwctl_at store vacuum' -l columns -d 'show these columns of a table, in this order' -x
complete -c gwctl -n '__gwctl_at store vacuum' -l sort -d 'sort a table by a column, with "-" the biggest first' -x
complete -c gwctl -n '__gwctl_at store vacuum' -l limit -d 'show the first N rows of a table' -x
complete -c gwctl -n '__gwctl_at store vacuum' -l no-header -d 'print tables without their head'
complete -c gwctl -n '__gwctl_at store vacuum' -l color -d 'colours: auto (on a terminal), always, never' -x -a '(__gwctl_of_color)'
complete -c gwctl -n '__gwctl_at store vacuum' -s q -l quiet -d 'print nothing when all is well'
complete -c gwctl -n '__gwctl_at store vacuum' -s y -l yes -d 'do not ask back'
complete -c gwctl -n '__gwctl_at store vacuum' -l hash -d 'take a crypt(3) hash instead of a password'
complete -c gwctl -n '__gwctl_at store vacuum' -l no-password -d 'make an account nobody can sign on to yet'
complete -c gwctl -n '__gwctl_at store vacuum' -s f -l file -d 'run the commands of a file, - for standard input' -r -F
complete -c gwctl -n '__gwctl_at store vacuum' -s k -l keep-going -d 'go on with a script after a command that failed'
complete -c gwctl -n '__gwctl_at store vacuum' -s H -l host -d 'run on another machine, by ssh' -x
complete -c gwctl -n '__gwctl_at store vacuum' -s s -l socket -d 'the control socket of the daemon' -r -F
complete -c gwctl -n '__gwctl_at store vacuum' -s c -l config -d 'the configuration that names it' -r -F
complete -c gwctl -n '__gwctl_at store vacuum' -l completion -d 'print what completes commands in a shell' -x -a '(__gwctl_of_completion)'
complete -c gwctl -n '__gwctl_at store vacuum' -l complete -d 'print what the last word could be'
complete -c gwctl -n '__gwctl_at store vacuum' -s V -l version -d 'print the version'
complete -c gwctl -n '__gwctl_at store vacuum' -s h -l help -d 'say more about a command'
complete -c gwctl -n '__gwctl_at store vacuum' -a '(__gwctl_in_quota_show)'
